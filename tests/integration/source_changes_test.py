#!/usr/bin/env python3
"""Changes over the wire, with the shipped programs as separate processes.

Goal: what the resident-record system was told is in force is in force: after the acknowledgement
every try and every repeat is refused; a gap stops the city and its change mends it.
Method: a small fictional city, certrelayd, `certrelay-kiosk source` as the resident-record system.
Usage: source_changes_test.py FOLDER_OF_PROGRAMS
"""
import csv
import json
import os
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

    def extract_status(self):
        done = run(BIN / "certrelayctl", "extract", "status", "--city", self.city)
        return done.returncode, done.stdout + done.stderr

    def state(self):
        done = run(BIN / "certrelayctl", "state", "--config", self.city / "admin.json", "--as",
                   "mihon-clerk", "--pass-phrase-file",
                   self.city / "operators/mihon-clerk.pass-phrase")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

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
        code, shown = self.extract_status()
        self.assertEqual(code, 1)
        self.assertIn("欠番: 異動通番 1から2まで", shown)
        self.assertIn("警告: 異動の欠番", shown)
        reason = next(one["reason"] for one in self.relay.health()["checks"]
                      if one["name"] == "register")
        self.assertEqual(reason, "not ready: gap, changes 1 to 2 are missing")
        self.assertIn("異常: register: 異動に欠番があります（通番 1から2まで）", self.state())
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
        code, shown = self.extract_status()
        self.assertEqual(code, 1)
        self.assertIn("隔離（反映できなかった異動）: 1世帯の交付を止めています", shown)
        self.assertRegex(shown, r"異動通番 1（.*から）\n    cards.csv:1.* card-of-another → ")
        self.assertIn("quarantine", [one["name"] for one in self.relay.health()["warnings"]])
        self.assertIn("注意: quarantine: 反映できなかった異動により、1世帯の交付を止めています",
                      self.state())
        self.source("change", "--reopen", self.person)
        code, shown = self.extract_status()
        self.assertEqual(code, 0, shown)
        self.assertIn("隔離（反映できなかった異動）: なし", shown)
        self.assertEqual(self.relay.health()["warnings"], [])
        self.assertEqual(self.issue().returncode, 0)


class LongSilence(unittest.TestCase):
    """25 of the demonstration's 30 days without a word: libfaketime gives the second run that date."""

    def test_three_quarters_of_the_registers_time_are_a_warning_and_stop_nothing(self):  # R50
        folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, folder)
        city = folder / "city"
        made = kiosk("city", "create", city, "--residents", 150, "--seed", 21)
        self.assertEqual(made.returncode, 0, made.stderr)
        relay = Relay(city)
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", city)
        self.assertEqual(pushed.returncode, 0, pushed.stdout + pushed.stderr)
        self.assertEqual(relay.health()["warnings"], [])
        self.assertEqual(relay.stop(), 0)
        library = next(pathlib.Path("/usr/lib").rglob("libfaketime.so.1"), None)
        self.assertIsNotNone(library, "install the package libfaketime")
        fake = {"LD_PRELOAD": str(library), "FAKETIME": "+25d", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        os.environ.update(fake)
        try:
            relay = Relay(city, serving=False)  # its timers wait, so the self-test does not end
            self.addCleanup(relay.stop)
            shown = run(BIN / "certrelayctl", "extract", "status", "--city", city)
        finally:
            for name in fake:
                os.environ.pop(name, None)
        health = relay.health()
        self.assertTrue(next(one["ok"] for one in health["checks"] if one["name"] == "register"))
        warned = next(one["reason"] for one in health["warnings"] if one["name"] == "register_age")
        self.assertRegex(warned, r"^75 % of the bound are used up: 216\d{4} of 2592000 s$")
        self.assertEqual(shown.returncode, 1, shown.stdout + shown.stderr)
        self.assertIn("75%を過ぎました", shown.stdout)
        self.assertIn("異動なしの宣言: なし", shown.stdout)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
