#!/usr/bin/env python3
"""Changes over the wire, with the shipped programs as separate processes.

Goal: what the resident-record system was told is in force is in force: after the acknowledgement
every try and every repeat is refused; a gap stops the city and its change mends it.
Method: a small fictional city, certrelayd, `certrelay-kiosk source` as the resident-record system.
Usage: source_changes_test.py FOLDER_OF_PROGRAMS
"""
import csv
import json
import pathlib
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from relay_processes_test import BIN, Relay, entries, kiosk, run  # noqa: E402

KIND_ACKNOWLEDGED, KIND_GAP, KIND_QUARANTINED = 103, 106, 105


class Changes(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.city = self.folder / "city"
        made = kiosk("city", "create", self.city, "--residents", 150, "--seed", 21)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.relay = Relay(self.city)
        self.addCleanup(self.relay.stop)
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", self.city)
        self.assertEqual(pushed.returncode, 0, pushed.stdout + pushed.stderr)
        cast = {one["role"]: one for one in json.loads((self.city / "cast.json").read_text())}
        self.person = cast["ordinary"]["person_id"]

    def source(self, *arguments, code=0):
        command, *rest = arguments
        done = kiosk("source", command, "--city", self.city, *rest)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def issue(self):
        return kiosk("issue", "--city", self.city, "--as", "ordinary")

    def refused(self, code):
        done = self.issue()
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertIn(code, done.stdout + done.stderr)

    def test_a_changed_household_is_refused_from_the_acknowledgement_on(self):  # INV-6
        self.assertEqual(self.issue().returncode, 0)
        self.assertIn("1.1 in force", self.source("change", "--close", self.person))
        for _ in range(10):
            self.refused("window_only")
        self.relay.kill("vault")
        self.source("heartbeat")
        self.refused("window_only")
        self.assertIn("1.2 in force", self.source("change", "--reopen", self.person))
        self.assertEqual(self.issue().returncode, 0)
        self.assertIn("0 of 64 blocks differ", self.source("reconcile"))
        self.source("change", "--delete", self.person)
        self.refused("window_only")
        self.assertIn("differs", self.source("reconcile", code=1))
        self.assertEqual(self.relay.stop(), 0)
        kinds = [kind for kind, _, _ in entries(self.city)]
        self.assertGreaterEqual(kinds.count(KIND_ACKNOWLEDGED), 3)
        verified = run(BIN / "certrelayctl", "ledger", "verify", "--state", self.city / "state",
                       "--key", self.city / "keys/checkpoint.vkey")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def test_a_gap_stops_the_city_and_the_missing_change_mends_it(self):
        said = self.source("change", "--sequence", 2, code=1)
        self.assertIn("sequence_gap", said)
        self.assertIn("番号は1", said)
        self.assertIn("gap", self.source("status"))
        self.relay.kill("vault")
        self.assertIn("gap", self.source("status"))  # nobody forgets it
        self.source("change", "--sequence", 1)
        self.source("change", "--sequence", 2)
        self.assertIn("ready", self.source("heartbeat"))
        self.assertEqual(self.issue().returncode, 0)

    def test_what_cannot_be_applied_closes_its_household_alone(self):
        with open(self.city / "extract/cards.csv", encoding="utf-8", newline="") as file:
            card = next(row for row in csv.DictReader(file) if row["person_id"] != self.person)
        manifest = json.loads((self.city / "extract/manifest.json").read_text())
        body = {"issuers": manifest["issuers"], "households": [], "deleted": [], "deceased": [],
                "cards_added": [dict(card, person_id=self.person)], "cards_removed": [],
                "images": []}
        path = self.folder / "change.json"
        path.write_text(json.dumps(body, separators=(",", ":")))
        said = self.source("change", "--file", path, code=1)
        self.assertIn("card-of-another", said)
        self.refused("window_only")
        self.assertIn("1 household(s) quarantined", self.source("status"))
        self.source("change", "--reopen", self.person)
        self.assertEqual(self.issue().returncode, 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
