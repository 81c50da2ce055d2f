#!/usr/bin/env python3
"""What scripts/bench makes of its measurements: costs, ratios, median and range.

Usage: bench_arithmetic_test.py SOURCE_FOLDER
"""
import argparse
import importlib.machinery
import importlib.util
import pathlib
import sys
import unittest

SCRIPT = str(pathlib.Path(sys.argv[1]) / "scripts/bench")
sys.dont_write_bytecode = True
LOADER = importlib.machinery.SourceFileLoader("bench", SCRIPT)
bench = importlib.util.module_from_spec(importlib.util.spec_from_loader("bench", LOADER))
LOADER.exec_module(bench)


def a_round(relay, nginx, card=100, page=200):
    return {"1000": {"us": relay, "with_handshakes_us": relay + 50},
            "nginx": {"us": nginx, "with_handshakes_us": nginx + 50},
            "stages": {"card_us": card, "page_us": page}}


class Arithmetic(unittest.TestCase):
    def test_connecting_is_taken_off_both_runs_first_transaction_with_it(self):
        found = bench.cost(with_connecting_us=1_000_000, done=401, connecting_us=200_000)
        self.assertEqual(found["us"], 2000)
        self.assertAlmostEqual(found["with_handshakes_us"], 1_000_000 / 401)

    def test_a_ratio_is_taken_round_by_round(self):
        rounds = [a_round(2000, 400), a_round(3000, 500), a_round(4000, 1000)]
        self.assertEqual(bench.ratios(rounds, "1000"), [5, 6, 4])
        self.assertEqual(bench.ratios(rounds, "1000", key="with_handshakes_us")[0], 2050 / 450)
        self.assertEqual(bench.ratios_without_stages(rounds, "1000"), [1700 / 400, 5.4, 3.7])

    def test_the_middle_is_the_median_with_its_range(self):
        self.assertEqual(bench.middle([5, 6, 4]), "5.00 (4.00 to 6.00)")
        self.assertEqual(bench.middle([1, 2, 3, 10]), "2.50 (1.00 to 10.00)")
        self.assertEqual(bench.middle([7]), "7.00 (7.00 to 7.00)")

    def test_no_card_is_presented_twice(self):
        options = argparse.Namespace(count=600, rounds=9, also_connections=[1, 256])
        dealt = 600 + 9 * (600 + 1) + 3 * (60 + 1) + 3 * (512 + 1)
        self.assertEqual(bench.cards_needed(options), dealt)
        self.assertLessEqual(dealt, 10_000)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1] + sys.argv[2:])
