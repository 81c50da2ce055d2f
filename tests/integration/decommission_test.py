#!/usr/bin/env python3
"""The end of a machine, from outside (R19).

Goal: on two persons' word the relay serves nobody any more, over restarts too; by hand the residents'
data and keys go, then the ledger, and that only after its copy elsewhere was verified.
Method: a small fictional city; certrelayctl is everybody.
Usage: decommission_test.py FOLDER_OF_PROGRAMS
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from relay_processes_test import BIN, Relay, entries, kiosk, run  # noqa: E402

KIND_ORDERED, KIND_DESTROYED = 116, 117


class Decommission(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.city = self.folder / "city"
        made = kiosk("city", "create", self.city, "--residents", 150, "--seed", 19)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        self.relay = Relay(self.city)
        self.addCleanup(lambda: self.relay.stop())
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", self.city)
        self.assertEqual(pushed.returncode, 0, pushed.stdout + pushed.stderr)
        self.state = self.city / "state"
        self.config = self.city / "certrelay.toml"

    def ctl(self, person, *command):
        return run(BIN / "certrelayctl", *command, "--config", self.city / "admin.json",
                   "--as", person, "--pass-phrase-file",
                   self.city / f"operators/{person}.pass-phrase")

    def by_hand(self, *command):
        done = run(BIN / "certrelayctl", "decommission", *command, "--config", self.config)
        return done.returncode, done.stdout + done.stderr

    def start(self):
        done = subprocess.run([BIN / "certrelayd", "--config", self.config, "--check"],
                              capture_output=True, text=True, timeout=240)
        return done.returncode, done.stderr

    def order(self):
        asked = self.ctl("mihon-admin", "decommission", "order", "--reason", "見本: 機器更新")
        self.assertEqual(asked.returncode, 4, asked.stdout + asked.stderr)
        number = re.search(r"[0-9a-f-]{36}", asked.stdout).group(0)
        by_clerk = self.ctl("mihon-clerk", "approve", number, "--yes")
        self.assertEqual(by_clerk.returncode, 1, by_clerk.stdout)
        done = self.ctl("mihon-head", "approve", number, "--yes")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("廃棄を受け付け", done.stdout)

    def test_from_the_order_to_the_last_file(self):
        refused, said = self.by_hand("sanitise")  # while it runs, and nobody ordered it
        self.assertEqual(refused, 1)
        self.assertIn("stop it first", said)
        self.assertEqual(kiosk("issue", "--city", self.city).returncode, 0)
        self.order()
        self.assertNotEqual(
            kiosk("issue", "--city", self.city, "--patience", "2").returncode, 0)
        state = self.ctl("mihon-auditor", "state")
        self.assertIn("decommission", state.stdout)
        self.assertEqual(self.relay.stop(), 0)

        code, said = self.start()  # a restart does not bring it back
        self.assertEqual(code, 1)
        self.assertIn("certrelayctl decommission sanitise", said)
        code, said = self.by_hand("ledger")
        self.assertEqual(code, 1, said)
        self.assertIn("sanitise first", said)

        code, said = self.by_hand("sanitise")
        self.assertEqual(code, 0, said)
        for word in ("NIST SP 800-88", "mihon-admin", "mihon-head", "見本: 機器更新"):
            self.assertIn(word, said)
        left = [p for p in self.state.rglob("*") if p.is_file() and "ledger" not in p.parts]
        for folder in ("register", "spool"):
            self.assertFalse([p for p in left if folder in p.parts], left)
        self.assertFalse((self.city / "keys/outer.key").exists())
        self.assertEqual(self.by_hand("sanitise")[0], 0)  # again: nothing more, no second entry
        kinds = [kind for kind, _, _ in entries(self.city)]
        self.assertEqual((kinds.count(KIND_ORDERED), kinds.count(KIND_DESTROYED)), (1, 1))

        code, said = self.by_hand("ledger")  # without a copy it stays
        self.assertEqual(code, 1, said)
        copy = self.folder / "successor"
        shutil.copytree(self.state, copy)
        older = self.folder / "older"
        (older / "ledger").mkdir(parents=True)
        self.assertEqual(self.by_hand("ledger", "--copy", older)[0], 1)
        link = self.folder / "link"
        link.symlink_to(self.state)
        for original in (self.state, link):  # it agrees with itself, and is no copy
            code, said = self.by_hand("ledger", "--copy", original)
            self.assertEqual(code, 1, said)
            self.assertIn("not a file of its own", said)
        code, said = self.by_hand("ledger", "--copy", copy)
        self.assertEqual(code, 0, said)
        self.assertEqual([p for p in (self.state / "ledger").iterdir()], [])
        self.assertIn("taken over", (self.state / "DECOMMISSIONED").read_text())
        self.assertEqual(self.by_hand("ledger", "--copy", copy)[0], 1)
        self.assertIn("is decommissioned", self.start()[1])

    def test_one_person_alone_ends_nothing(self):
        asked = self.ctl("mihon-clerk", "decommission", "order", "--reason", "見本: 機器更新")
        self.assertEqual(asked.returncode, 1, asked.stdout)
        self.assertEqual(kiosk("issue", "--city", self.city).returncode, 0)
        self.assertEqual(self.relay.stop(), 0)
        code, said = self.by_hand("sanitise")
        self.assertEqual(code, 1)
        self.assertIn("nobody has ordered", said)
        self.assertEqual(self.start()[0], 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
