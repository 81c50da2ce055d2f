#!/usr/bin/env python3
"""Another answer key, with overlap (docs/integrators.md, "When the key changes").

Goal: while both keys are pinned nobody notices; whoever pins the old one alone takes no answer of
the new one; a file that does not open changes nothing; the ledger says which key came when.
Method: a small fictional city; its kiosk pins what kiosk.json names.
Usage: key_rotation_test.py FOLDER_OF_PROGRAMS
"""
import base64
import hashlib
import json
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from relay_processes_test import BIN, Relay, entries, kiosk, run  # noqa: E402

KIND_LOADED, ARTIFACT = 180, 0x0022
OLD, NEW = "keys/answer.pub.pem", "keys/answer-next.pub.pem"


class KeyRotation(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.city = self.folder / "city"
        made = kiosk("city", "create", self.city, "--residents", 150, "--seed", 51)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        self.relay = Relay(self.city)
        self.addCleanup(lambda: self.relay.stop())
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", self.city)
        self.assertEqual(pushed.returncode, 0, pushed.stdout + pushed.stderr)

    def openssl(self, *command):
        done = subprocess.run(["openssl", *map(str, command)], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def make_next_key(self):
        password = (self.city / "keys/password").read_text().strip()
        plain, sealed = self.folder / "plain.pem", self.folder / "next.pem"
        self.openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256",
                     "-out", plain)
        self.openssl("pkcs8", "-topk8", "-v2", "aes-256-cbc", "-in", plain, "-out", sealed,
                     "-passout", f"pass:{password}")
        pem = self.openssl("pkey", "-in", plain, "-pubout")
        (self.city / NEW).write_text(pem)
        return sealed, base64.b64decode("".join(pem.strip().splitlines()[1:-1]))

    def issue(self, *pinned):
        site = json.loads((self.city / "kiosk.json").read_text())
        site["center"]["answer_keys"] = list(pinned)
        (self.city / "kiosk.json").write_text(json.dumps(site, ensure_ascii=False))
        return kiosk("issue", "--city", self.city).returncode

    def reload(self, said):
        self.relay.process.send_signal(signal.SIGHUP)
        self.relay.await_line(said)

    def test_two_keys_overlap_and_the_ledger_says_which_came_when(self):
        sealed, public = self.make_next_key()
        self.assertEqual(self.issue(OLD, NEW), 0)
        (self.city / "keys/answer.pem").write_text(sealed.read_text())
        self.reload("reload: keys.answer_key is in force")
        self.assertEqual(self.issue(OLD, NEW), 0)
        self.assertEqual(self.issue(NEW), 0)
        self.assertNotEqual(self.issue(OLD), 0)

        (self.city / "keys/answer.pem").write_text("no key\n")
        self.reload("reload: the answer keys stay as they were")
        self.assertEqual(self.issue(NEW), 0)
        (self.city / "keys/answer.pem").write_text(sealed.read_text())

        self.assertEqual(self.relay.stop(), 0)
        loaded = [fields for kind, _, fields in entries(self.city) if kind == KIND_LOADED]
        self.assertEqual([fields[ARTIFACT][0] for fields in loaded],
                         [hashlib.sha256(public).digest()])
        self.relay = Relay(self.city)
        self.assertEqual(self.issue(NEW), 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)
