#!/usr/bin/env python3
"""SIGTERM while applicants are served: no answer is lost (R41).

Goal: whoever's certificate was about to leave gets it, whole and verified; nobody gets one that the
ledger does not name; who asks after the signal is turned away.
Method: certrelay-kiosk storm records what each of its clients got; the signal comes once the relay has
issued some; then the stopped ledger, by its documented bytes.
Usage: drain_test.py FOLDER_OF_PROGRAMS
"""
import json
import pathlib
import re
import signal
import subprocess
import sys
import unittest
import urllib.request

sys.path += [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "support")]
from city_case import CityCase  # noqa: E402
from relay_processes_test import BIN, entries  # noqa: E402
from until import until  # noqa: E402

CLIENTS, ISSUED_FIRST, SECONDS = 16, 12, 20
KIND_INTENT, DOCUMENT = 22, 0x0030


class Drain(CityCase):
    def issued(self):
        host, port = self.relay.addresses["monitoring"]
        with urllib.request.urlopen(f"http://{host}:{port}/metrics", timeout=20) as answer:
            found = re.search(r'certrelay_transactions_total\{outcome="issued"\} (\d+)',
                              answer.read().decode())
        return int(found[1]) if found else 0

    def test_no_answer_is_lost(self):
        record = self.folder / "record.jsonl"
        # What has no answer is asked again for a second: afterwards nobody is there to answer.
        storm = subprocess.Popen(
            [BIN / "certrelay-kiosk", "storm", "--city", self.city, "--clients", str(CLIENTS),
             "--seconds", str(SECONDS), "--patience", "1", "--allow-refusals", "--record", record],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(storm.wait)
        self.addCleanup(storm.kill)
        until(lambda: self.issued() >= ISSUED_FIRST, "nothing is issued", seconds=SECONDS)
        self.relay.process.send_signal(signal.SIGTERM)
        self.assertIsNone(storm.poll())
        self.assertEqual(self.relay.process.wait(timeout=60), 0)
        print(storm.communicate(timeout=SECONDS + 60)[0])
        got = {one["document"] for one in map(json.loads, record.read_text().splitlines())
               if one["document"]}
        intents = {fields[DOCUMENT][0].decode() for kind, _, fields in entries(self.city)
                   if kind == KIND_INTENT}
        self.assertGreaterEqual(len(intents), ISSUED_FIRST)
        self.assertEqual(got, intents)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)
