#!/usr/bin/env python3
"""What operators order of the register, from outside: hold, release, erase (R20, R51, rules.md).

Goal: a held person gets nothing until released; who left the register is erased on the word of two
persons and nobody else is; the ledger names them and never the person.
Method: a small fictional city, the resident-record system deletes somebody, certrelayctl is every
operator; the relay looks each second who is due, else it would be a minute.
Usage: register_orders_test.py FOLDER_OF_PROGRAMS
"""
import datetime
import json
import os
import pathlib
import sys
import unittest
from unittest import mock

sys.path += [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "support")]
from city_case import CityCase  # noqa: E402
from relay_processes_test import BIN, Relay, entries, kiosk, run  # noqa: E402
from until import until  # noqa: E402

KIND_ORDERED, KIND_KEYS_DESTROYED = 110, 111
OPERATOR, APPROVER = 0x0010, 0x0011


class RegisterOrders(CityCase):
    def prepare(self):
        toml = self.city / "certrelay.toml"
        text = toml.read_text()
        self.assertEqual(text.count("\n[register]\n"), 1)
        toml.write_text(text.replace("\n[register]\n", "\n[register]\nerasure_look_seconds = 1\n"))

    def setUp(self):
        super().setUp()
        cast = {one["role"]: one for one in json.loads((self.city / "cast.json").read_text())}
        self.person = cast["ordinary"]["person_id"]
        self.other = cast["large4"]["person_id"]

    def erase_status(self, *more):
        shown = self.ctl("mihon-auditor", "erase", "status", *more)
        self.assertEqual(shown.returncode, 0, shown.stdout + shown.stderr)
        return shown

    def wait_for_status(self, line):
        until(lambda: line in self.erase_status().stdout, f"no “{line}”", pause=0.2)

    def restart_ahead(self, offset):
        """The relay alone takes it to be later; its steady clock stays."""
        library = next(pathlib.Path("/usr/lib").rglob("libfaketime.so.1"), None)
        self.assertIsNotNone(library, "install the package libfaketime")
        self.assertEqual(self.relay.stop(), 0)
        with mock.patch.dict(os.environ, {"LD_PRELOAD": str(library), "FAKETIME": offset,
                                          "FAKETIME_DONT_FAKE_MONOTONIC": "1"}):
            self.relay = Relay(self.city)

    def expect_window_only(self):
        done = self.issue()
        self.assertEqual(done.returncode, 1, done.stdout)
        self.assertIn("window_only", done.stdout + done.stderr)

    def test_a_held_person_gets_nothing_until_released(self):
        held = self.ctl("mihon-clerk", "hold", self.person, "--reason", "見本: 既存住基停止中の届出")
        self.assertEqual(held.returncode, 0, held.stdout + held.stderr)
        self.expect_window_only()
        self.assertEqual(self.issue("large4").returncode, 0)
        self.relay.kill("vault")
        self.assertEqual(kiosk("issue", "--city", self.city, "--as", "large4",
                               "--patience", "60").returncode, 0)
        self.expect_window_only()
        released = self.ctl("mihon-clerk", "release", self.person, "--reason", "見本: 復旧")
        self.assertEqual(released.returncode, 0, released.stdout + released.stderr)
        self.assertEqual(self.issue().returncode, 0)
        refused = self.ctl("mihon-auditor", "hold", self.person, "--reason", "見本")
        self.assertEqual(refused.returncode, 1, refused.stdout)

    def test_two_persons_erase_who_left_and_nobody_else(self):  # R20, R51
        on_register = self.propose_and_approve("erase", "one", self.other)
        self.assertEqual(on_register.returncode, 1, on_register.stdout)
        self.assertIn("消除されていない", on_register.stdout + on_register.stderr)
        deleted = kiosk("source", "change", "--city", self.city, "--delete", self.person)
        self.assertEqual(deleted.returncode, 0, deleted.stdout + deleted.stderr)
        self.assertIn("自動消去: なし", self.erase_status().stdout)
        self.assertNotIn(self.person, self.erase_status("--json").stdout)
        erased = self.propose_and_approve("erase", "due")
        self.assertEqual(erased.returncode, 0, erased.stdout + erased.stderr)
        self.assertIn("4人の鍵を破棄しました", erased.stdout)  # the household of four left
        self.wait_for_status("残存データの除去待ち: 1件")
        self.expect_window_only()
        self.assertEqual(self.issue("large4").returncode, 0)
        self.assertEqual(self.relay.stop(), 0)
        self.relay = Relay(self.city)
        self.expect_window_only()
        self.assertEqual(self.issue("large4").returncode, 0)
        self.assertEqual(self.relay.stop(), 0)
        today = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).date()
        report = run(BIN / "certrelayctl", "erase", "report", "--state", self.city / "state",
                     "--from", today - datetime.timedelta(1), "--until", today)  # R39
        self.assertEqual(report.returncode, 0, report.stderr)
        self.assertIn("鍵を破棄した人数　4人", report.stdout)
        self.assertNotIn(self.person, report.stdout)
        kinds = [kind for kind, _, _ in entries(self.city)]
        self.assertEqual(kinds.count(KIND_KEYS_DESTROYED), 1)
        found = [fields for kind, _, fields in entries(self.city) if kind == KIND_ORDERED]
        self.assertEqual(found[0].get(OPERATOR), [b"mihon-clerk"])
        self.assertEqual(found[0].get(APPROVER), [b"mihon-admin"])
        for _, _, fields in entries(self.city):
            for values in fields.values():
                self.assertFalse(any(self.person.encode() in value for value in values))

    def test_a_standing_order_is_given_and_ended_by_two_persons_and_survives_a_restart(self):  # R20
        """Through the operators' listener."""
        clerk = self.ctl("mihon-clerk", "erase", "standing", "--reason", "見本: 常時指示")
        self.assertEqual(clerk.returncode, 1, clerk.stdout)  # a city administrator's alone
        given = self.propose_and_approve("erase", "standing", by="mihon-admin",
                                         reason="見本: 常時指示")
        self.assertEqual(given.returncode, 0, given.stdout + given.stderr)
        self.wait_for_status("自動消去: あり")
        self.assertEqual(self.relay.stop(), 0)
        self.relay = Relay(self.city)
        self.wait_for_status("自動消去: あり")
        ended = self.propose_and_approve("erase", "standing-end", by="mihon-admin",
                                         reason="見本: 常時指示の終了")
        self.assertEqual(ended.returncode, 0, ended.stdout + ended.stderr)
        self.wait_for_status("自動消去: なし")

    def test_a_standing_order_erases_by_itself_and_removes_what_is_left(self):  # R20, R51, R52
        """Ten minutes after the deletion the keys, an hour later the rest; nobody asks for it again."""
        given = self.propose_and_approve("erase", "standing", by="mihon-admin",
                                         reason="見本: 常時指示")
        self.assertEqual(given.returncode, 0, given.stdout + given.stderr)
        deleted = kiosk("source", "change", "--city", self.city, "--delete", self.person)
        self.assertEqual(deleted.returncode, 0, deleted.stdout + deleted.stderr)
        self.wait_for_status("消去待ち: 4人")
        self.restart_ahead("+11m")
        self.wait_for_status("消去待ち: 0人")
        self.wait_for_status("残存データの除去待ち: 1件")
        self.restart_ahead("+75m")
        self.wait_for_status("残存データの除去待ち: 0件")
        self.assertEqual(self.relay.stop(), 0)
        found = entries(self.city)
        ordered = [fields for kind, _, fields in found if kind == KIND_ORDERED]
        self.assertEqual(len(ordered), 1)
        self.assertEqual(ordered[0].get(OPERATOR), [b"mihon-admin"])
        self.assertEqual(ordered[0].get(APPROVER), [b"mihon-head"])
        self.assertEqual([kind for kind, _, _ in found].count(KIND_KEYS_DESTROYED), 1)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
