#!/usr/bin/env python3
"""The ledger's loss and return, and its damage, with the shipped programs (R41, R42, INV-9).

Goal: a backup of the running relay verifies and comes back as it was; an older one only with a
second person; proofs convince the stranger's program; an old entry that somebody altered latches
the alarm of a relay that has long started.
Method: a small fictional city; the ledger's file is moved away, or changed with another SQLite.
Usage: ledger_backup_test.py FOLDER_OF_PROGRAMS
"""
import json
import pathlib
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from relay_processes_test import BIN, Relay, entries, kiosk, run  # noqa: E402

SUPPORT = pathlib.Path(__file__).parents[1] / "support"
BACKUP, RESTORED, ALARM_LATCHED = 9, 10, 81


class Backup(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.city = self.folder / "city"
        made = kiosk("city", "create", self.city, "--residents", 150, "--seed", 47)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        self.state = self.city / "state"
        self.key = self.city / "keys/checkpoint.vkey"
        self.relay = None
        self.addCleanup(self.stop)

    def start(self):
        self.relay = Relay(self.city)

    def stop(self):
        if self.relay is not None:
            self.relay.stop()
            self.relay = None

    def ledger(self, *arguments, code=0):
        done = run(BIN / "certrelayctl", "ledger", *arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout

    def newest_checkpoint(self):
        return sorted((self.state / "checkpoints").glob("checkpoint-*"))[-1]

    def back_up(self, name):
        self.ledger("backup", "--config", self.city / "admin.json", "--as", "mihon-admin",
                    "--pass-phrase-file", self.city / "operators/mihon-admin.pass-phrase",
                    "--reason", "定期", "--out", self.folder / name)
        return self.folder / f"{name}.jsonl"

    def lose(self):
        shutil.rmtree(self.state / "ledger")

    def restore(self, backup, *more, code=0):
        return self.ledger("restore", "--state", self.state, "--backup", backup, "--key", self.key,
                           "--as", "mihon-admin", "--reason", "ディスク故障", *more, code=code)

    def test_a_backup_comes_back_and_an_older_one_with_two_persons_only(self):
        self.start()
        backup = self.back_up("first")
        self.assertIn("ok", self.ledger("verify", backup, "--key", self.key))
        stranger = subprocess.run([sys.executable, "-B", SUPPORT / "verify_ledger.py", backup,
                                   self.key.read_text().strip()], capture_output=True, text=True)
        self.assertEqual(stranger.returncode, 0, stranger.stdout)
        self.stop()
        kinds = [kind for kind, _, _ in entries(self.city)]
        self.assertIn(BACKUP, kinds)
        # The backup ends before its own entry, which a checkpoint covers by now.
        self.restore(backup, code=1)  # a ledger is there
        self.lose()
        self.restore(backup, code=1)
        self.restore(backup, "--approved-by", "mihon-admin", code=1)
        self.restore(backup, "--approved-by", "mihon-head")
        last = json.loads(backup.read_text().splitlines()[-1])["end"]
        restored = [kind for kind, _, _ in entries(self.city)]
        self.assertEqual(restored, kinds[:last] + [RESTORED])
        self.start()
        self.stop()
        self.ledger("verify", "--state", self.state, "--key", self.key)

    def test_proofs_convince_whoever_has_the_key_alone(self):
        self.start()
        self.stop()
        older = self.folder / "older"
        shutil.copy(self.newest_checkpoint(), older)
        self.start()
        self.stop()
        newer = self.newest_checkpoint()
        source = ("--state", self.state, "--key", self.key, "--checkpoint", newer)
        entry, growth = self.folder / "entry.tlog-proof", self.folder / "growth"
        entry.write_text(self.ledger("prove", *source, "--entry", 2))
        told = json.loads(self.ledger("prove", *source, "--entry", 2, "--json"))
        self.assertEqual(told["proof"], entry.read_text())  # to the last line feed
        growth.write_text(self.ledger("prove", *source, "--older", older))
        self.ledger("check-proof", entry, "--key", self.key)
        self.ledger("check-proof", growth, "--key", self.key, "--older", older)
        self.ledger("check-proof", growth, "--key", self.key, "--older", newer, code=1)
        for proof, more in ((entry, []), (growth, [older])):
            said = subprocess.run([sys.executable, "-B", SUPPORT / "verify_proof.py", proof,
                                   self.key.read_text().strip(), *more],
                                  capture_output=True, text=True)
            self.assertEqual(said.returncode, 0, said.stdout + said.stderr)
        self.ledger("verify", "--state", self.state, "--key", self.key, "--checkpoint", older,
                    "--checkpoint", newer)

    def test_an_altered_old_entry_latches_the_alarm(self):
        self.start()
        self.stop()
        database = sqlite3.connect(self.state / "ledger/ledger.db")
        database.execute("UPDATE entry SET chain = zeroblob(32) WHERE sequence = 2")
        database.commit()
        database.close()
        self.start()
        # The background's pass, then the vault's next look at it.
        self.relay.await_check("alarm", "latched, error 423")
        ready = self.relay.health()
        self.assertIn(("ledger_check", "first bad entry 2, error 423"),
                      [(one["name"], one["reason"]) for one in ready["warnings"]])
        self.stop()
        latched = [one for one in entries(self.city) if one[0] == ALARM_LATCHED]
        self.assertEqual([(reason, fields[0x53]) for _, reason, fields in latched],
                         [(423, [(2).to_bytes(8, "big")])])


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
