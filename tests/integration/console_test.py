#!/usr/bin/env python3
"""The console in a real browser (R17, R30, R31, R35, R37).

Goal: officials log in, suspend a kind, erase and clear an alarm with two people's security keys; what
a role may not do, a forged token, a stale session, a revoked person and the same person twice are
refused, each with its entry in the ledger; no page shows a resident's data.
Method: a small fictional city with issues, a refusal, a person who left and a latched alarm; Debian's
Chromium with a virtual authenticator each (tests/browser/console.mjs); then the stopped ledger, by its
documented bytes, and every page's markup against the register's own texts. The fifteen minutes of an idle
session pass for the relay alone: libfaketime moves its clocks, steady and UTC.
Usage: console_test.py FOLDER_OF_PROGRAMS FOLDER_OF_BROWSER_TESTS [FOLDER_FOR_PICTURES]
"""
import csv
import json
import os
import pathlib
import shutil
import subprocess
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from city_case import CityCase  # noqa: E402
from operators_test import KIND, OPERATOR, APPROVER, REASON, Operators  # noqa: E402
from relay_processes_test import BIN, Relay, allow, entries, kiosk, run  # noqa: E402

BROWSER = pathlib.Path(sys.argv[2]).resolve()
PICTURES = pathlib.Path(sys.argv[3]) if len(sys.argv) > 3 else None
PEOPLE = ("mihon-clerk", "mihon-admin", "mihon-auditor", "gyosha")
MARKERS = 100
# Inner codes of refusals (protocol/base/error.hpp) that the browser's steps must have left.
WRONG_PASSWORD, ROLE, SAME_PERSON, FORGED, UNKNOWN_SESSION, REVOKED, NO_SECOND, REPLAYED, IDLE = (
    765, 745, 751, 779, 773, 743, 768, 769, 774)
SIGNED_OUT = 143


class Console(CityCase):
    latch = Operators.latch
    state = Operators.state

    def prepare(self):
        self.shots = self.folder / "shots"
        self.shots.mkdir()
        library = next(pathlib.Path("/usr/lib").rglob("libfaketime.so.1"), None)
        self.assertIsNotNone(library, "install the package libfaketime")
        self.offset = self.folder / "offset"
        self.offset.write_text("+0\n")
        allow(self.city, "off = true")  # libfaketime reads its file at each look at the date
        self.fake = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(self.offset),
                     "FAKETIME_NO_CACHE": "1"}

    def start(self):
        """The relay alone lives by the offset."""
        os.environ.update(self.fake)
        try:
            return Relay(self.city)
        finally:
            for name in self.fake:
                os.environ.pop(name)

    def happened_after_the_alarm(self):
        """operators_test's latch() has started a relay of its own: again, by the offset."""
        self.assertEqual(self.relay.stop(), 0)
        self.relay = self.start()
        self.next_extract()

    def next_extract(self):
        """The register's next generation, without the household that somebody left."""
        source, out = self.folder / "source", self.folder / "extract"
        shutil.copytree(self.city / "source", source)
        site = json.loads((self.city / "kiosk.json").read_text())

        def rows(table):
            with open(source / table, encoding="utf-8-sig", newline="") as file:
                return list(csv.DictReader(file))

        persons = rows("persons.csv")
        household = next(row["household_id"] for row in persons
                         if row["person_id"] == self.left)
        gone = {row["person_id"] for row in persons if row["household_id"] == household}
        for table, column, left_out in (("households.csv", "household_id", {household}),
                                        ("persons.csv", "household_id", {household}),
                                        ("cards.csv", "person_id", gone)):
            kept = [row for row in rows(table) if row[column] not in left_out]
            with open(source / table, "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, kept[0].keys(), lineterminator="\r\n")
                writer.writeheader()
                writer.writerows(kept)
        head = json.loads((source / "extract.json").read_text())
        head.update(generation=2, base_generation=1, last_change=1)
        (source / "extract.json").write_text(json.dumps(head))
        built = run(BIN / "certrelayctl", "extract", "build", "--csv", source, "--out", out,
                    "--key", self.city / site["feeder_key"],
                    "--password-file", self.city / site["feeder_password"])
        self.assertEqual(built.returncode, 0, built.stdout + built.stderr)
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", self.city,
                     "--extract", out)
        self.assertEqual(pushed.returncode, 0, pushed.stdout + pushed.stderr)

    def markers(self):
        """A hundred texts of residents: names, kana, birth dates, addresses."""
        out = set()
        with open(self.city / "extract/persons.csv", encoding="utf-8-sig", newline="") as file:
            for row in csv.DictReader(file):
                for column, value in row.items():
                    if value and len(value) >= 4 and any(
                            word in column for word in ("name", "kana", "birth", "address")):
                        out.add(value)
        self.assertGreaterEqual(len(out), MARKERS, sorted(out)[:5])
        return sorted(out)

    def happenings(self):
        for _ in range(3):
            self.assertEqual(self.issue().returncode, 0)
        self.assertEqual(self.issue("deleted").returncode, 1)
        self.assertEqual(self.issue("ordinary", "--event", "none").returncode, 0)
        cast = json.loads((self.city / "cast.json").read_text())
        self.left = self.somebody(cast)
        left = kiosk("source", "change", "--city", self.city, "--delete", self.left)
        self.assertEqual(left.returncode, 0, left.stdout + left.stderr)
        self.latch()
        self.happened_after_the_alarm()

    @staticmethod
    def somebody(cast):
        """Of a household whose card nothing else here uses."""
        return next(one["person_id"] for one in cast if one["role"] == "large4")

    def test_officials_work_in_the_browser_and_whoever_forges_is_refused(self):
        self.happenings()
        self.add_vendor()
        for person in PEOPLE:
            phrase = self.folder / f"{person}.password"
            phrase.write_text(f"Mihon no aikotoba {len(person)}\n")
            done = self.ctl(person, "operator", "password", "--password-file", phrase)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        settings = self.folder / "settings.json"
        settings.write_text(json.dumps({
            "origin": f"https://localhost:{self.relay.addresses['admin'][1]}",
            "city": str(self.city), "ctl": str(BIN / "certrelayctl"), "shots": str(self.shots),
            "offset": str(self.offset), "pictures": PICTURES is not None,
            "passwords": {one: f"Mihon no aikotoba {len(one)}" for one in PEOPLE}}))
        done = subprocess.run(["node", str(BROWSER / "console.mjs"), str(settings)], text=True,
                              capture_output=True, timeout=1000, cwd=BROWSER)
        print(done.stdout)
        if PICTURES:
            PICTURES.mkdir(parents=True, exist_ok=True)
            for picture in self.shots.glob("*.png"):
                shutil.copy(picture, PICTURES)
        self.assertEqual(done.returncode, 0, done.stderr[-4000:])
        self.check_pages()
        self.check_ledger()

    def check_pages(self):
        shown = (self.shots / "pages.html").read_text()
        self.assertGreater(len(shown), 100_000)
        found = [one for one in self.markers() if one in shown]
        self.assertEqual(found, [])

    def check_ledger(self):
        self.assertEqual(self.relay.stop(), 0)
        verified = run(BIN / "certrelayctl", "ledger", "verify", "--state", self.city / "state",
                       "--key", self.city / "keys/checkpoint.vkey")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        all_entries = entries(self.city)
        refused = {(reason, fields[OPERATOR][0].decode()) for kind, reason, fields in all_entries
                   if kind == KIND["refused"]}
        for wanted in ((WRONG_PASSWORD, "mihon-clerk"), (NO_SECOND, "mihon-clerk"),
                       (ROLE, "mihon-clerk"), (SAME_PERSON, "mihon-clerk"),
                       (FORGED, "mihon-clerk"), (UNKNOWN_SESSION, "mihon-auditor"),
                       (REVOKED, "mihon-auditor"), (ROLE, "gyosha"), (REPLAYED, "mihon-admin")):
            self.assertIn(wanted, refused)
        ended = {(reason, fields[OPERATOR][0].decode()) for kind, reason, fields in all_entries
                 if kind == SIGNED_OUT}
        self.assertIn((IDLE, "mihon-clerk"), ended)
        cleared = [fields for kind, _, fields in all_entries if kind == KIND["cleared"]]
        self.assertEqual(len(cleared), 1)
        self.assertEqual(cleared[0][OPERATOR], [b"mihon-clerk"])
        self.assertEqual(cleared[0][APPROVER], [b"mihon-admin"])
        suspended = [fields for kind, _, fields in all_entries if kind == KIND["suspended"]]
        self.assertEqual([one[REASON] for one in suspended], [["見本: 用紙の点検".encode()]])


if __name__ == "__main__":
    suite = unittest.defaultTestLoader.loadTestsFromTestCase(Console)
    sys.exit(0 if unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful() else 1)
