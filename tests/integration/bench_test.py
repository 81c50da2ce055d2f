#!/usr/bin/env python3
"""The load that figures are taken with does what it says (scripts/bench rests on it).

Goal: `certrelay-kiosk bench` makes that many whole transactions, each with a card of its own, says
what they took and how large the answers were; what it cannot do it says with a mend.
Method: a small city with its relay. No figure is judged here.
Usage: bench_test.py FOLDER_OF_PROGRAMS
"""
import json
import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from city_case import CityCase  # noqa: E402
from relay_processes_test import kiosk  # noqa: E402


class Bench(CityCase):
    CITY_OPTIONS = ("--cards", 12, "--revoked", 700)

    def bench(self, *more):
        return kiosk("bench", "--city", self.city, *more)

    def test_whole_transactions_with_cards_of_their_own(self):
        done = self.bench("--connections", 3, "--count", 8, "--first", 2)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        report = json.loads(done.stdout)
        self.assertEqual((report["done"], report["failures"]), (8, {}))
        steps = {step["name"]: step for step in report["steps"]}
        self.assertEqual(list(steps), ["open", "inquiry", "issuance", "event"])
        self.assertGreater(steps["issuance"]["mean_bytes"], 20_000)
        self.assertLess(steps["event"]["mean_bytes"], 1_000)

    def test_a_path_that_is_not_there_is_counted_and_fails(self):
        address = (self.city / "run/center.addr").read_text().strip()
        done = self.bench("--connections", 1, "--count", 1, "--at", address,
                          "--get", "/a", "/b", "/c", "/d")
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertEqual(json.loads(done.stdout)["done"], 0)

    def test_fewer_cards_than_asked_for_is_said(self):
        done = self.bench("--count", 5, "--first", 1_000_000)
        self.assertEqual(done.returncode, 2)
        self.assertIn("make the city with more --cards", done.stderr)

    def test_a_list_longer_than_the_numbers_reach_is_refused(self):
        done = kiosk("city", "create", self.folder / "other", "--revoked", 2_000_001)
        self.assertEqual(done.returncode, 2)
        self.assertIn("give a number from 0 to 2000000", done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
