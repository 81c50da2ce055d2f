#!/usr/bin/env python3
"""What the relay's exit code says when it is told to stop.

Goal: 0 when everything ended well, also where a process was only just starting; 1, and a line about
it, when one had to be killed, for that one has left something undone.
Method: a small city; the vault is looked for in /proc and, where it must hang, stopped by a signal
that it cannot take (SIGSTOP): the parent's own time for it, twenty seconds, is waited for once.
Usage: stop_test.py FOLDER_OF_PROGRAMS
"""
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path += [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "support")]
from relay_processes_test import BIN, Relay, kiosk  # noqa: E402
from until import until  # noqa: E402


class Stop(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        cls.city = cls.folder / "city"
        made = kiosk("city", "create", cls.city, "--residents", 150, "--seed", 31)
        assert made.returncode == 0, made.stdout + made.stderr

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def said_at_the_end(self, process):
        said, _ = process.communicate(timeout=60)
        return process.returncode, said

    def test_while_its_processes_start(self):
        relay = Relay.__new__(Relay)  # nothing is read of it: it never listens
        relay.process = subprocess.Popen(
            [BIN / "certrelayd", "--config", self.city / "certrelay.toml"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

        def vault_is_there():
            try:
                return relay.child("vault")
            except AssertionError:
                return None
        until(vault_is_there, "no vault was started")
        relay.process.send_signal(signal.SIGTERM)
        code, said = self.said_at_the_end(relay.process)
        self.assertEqual((code, said), (0, ""))

    def test_with_everything_at_rest(self):
        relay = Relay(self.city)
        relay.process.send_signal(signal.SIGTERM)
        code, said = self.said_at_the_end(relay.process)
        self.assertNotIn("told to stop", said)
        self.assertEqual(code, 0)

    def test_with_a_vault_that_hangs(self):
        relay = Relay(self.city)
        os.kill(relay.child("vault"), signal.SIGSTOP)
        relay.process.send_signal(signal.SIGTERM)
        code, said = self.said_at_the_end(relay.process)
        self.assertIn("certrelayd: the vault process ended (signal 9); it was told to stop", said)
        self.assertEqual(code, 1)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)
