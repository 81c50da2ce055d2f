#!/usr/bin/env python3
"""An extract that a guard rail holds back, from outside (rules.md: 承認待ち; R20, R30).

Goal: an extract that deletes too many waits, and the old register serves on; one person cannot put
it in force, two can, one can deny it; the ledger names them.
Method: a small fictional city whose resident-record system leaves out a part of its households,
certrelayctl as sender and as every operator.
Usage: extract_approval_test.py FOLDER_OF_PROGRAMS
"""
import csv
import json
import pathlib
import re
import shutil
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from city_case import CityCase  # noqa: E402
from relay_processes_test import BIN, entries, run  # noqa: E402

KIND_ACTIVATED = 100
OPERATOR, APPROVER = 0x0010, 0x0011


class ExtractApproval(CityCase):
    def setUp(self):
        super().setUp()
        cast = {one["role"]: one for one in json.loads((self.city / "cast.json").read_text())}
        self.gone = self.household_of(cast["ordinary"]["person_id"])
        self.site = json.loads((self.city / "kiosk.json").read_text())

    def rows(self, table):
        with open(self.city / "source" / table, encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def household_of(self, person):
        return next(row["household_id"] for row in self.rows("persons.csv")
                    if row["person_id"] == person)

    def build_without(self, left_out, generation):
        """The next extract: without these households, their people and their cards."""
        source = self.folder / f"source-{generation}"
        shutil.copytree(self.city / "source", source)
        people = {row["person_id"] for row in self.rows("persons.csv")
                  if row["household_id"] in left_out}
        for table, column, gone in (("households.csv", "household_id", left_out),
                                    ("persons.csv", "household_id", left_out),
                                    ("cards.csv", "person_id", people)):
            rows = self.rows(table)
            with open(source / table, "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\r\n")
                writer.writeheader()
                writer.writerows(row for row in rows if row[column] not in gone)
        head = json.loads((source / "extract.json").read_text())
        head.update(generation=generation, base_generation=1, last_change=0)
        (source / "extract.json").write_text(json.dumps(head))
        out = self.folder / f"extract-{generation}"
        built = run(BIN / "certrelayctl", "extract", "build", "--csv", source, "--out", out,
                    "--key", self.city / self.site["feeder_key"],
                    "--password-file", self.city / self.site["feeder_password"])
        self.assertEqual(built.returncode, 0, built.stdout + built.stderr)
        return out

    def push(self, extract):
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", self.city,
                     "--extract", extract)
        self.assertEqual(pushed.returncode, 4, pushed.stdout + pushed.stderr)  # waits
        self.assertIn("承認待ち", pushed.stdout)
        return re.search(r"[0-9a-f-]{36}", pushed.stdout).group(0)

    def too_many(self, generation):
        """Every fifth household is left out, that of `ordinary` among them."""
        households = [row["household_id"] for row in self.rows("households.csv")]
        return self.build_without({self.gone, *households[::5]}, generation)

    def status(self):
        return run(BIN / "certrelayctl", "extract", "status", "--city", self.city).stdout

    def test_one_person_cannot_two_can(self):
        extract = self.push(self.too_many(2))
        self.assertIn("承認待ち: 1件", self.status())
        self.assertEqual(self.issue().returncode, 0)  # the register in force serves on
        approved = self.propose_and_approve("extract", "approve", extract, by="mihon-admin",
                                            reason="見本: 合併による一括の消除")
        self.assertEqual(approved.returncode, 0, approved.stdout + approved.stderr)
        self.assertIn("世代 2", self.status())
        self.assertIn("承認待ち: 0件", self.status())
        self.assertEqual(self.issue().returncode, 1)  # left the register
        self.assertEqual(self.issue("large4").returncode, 0)
        self.assertEqual(self.relay.stop(), 0)
        named = [fields for kind, _, fields in entries(self.city)
                 if fields.get(OPERATOR) == [b"mihon-admin"] and APPROVER in fields]
        self.assertTrue(named)
        self.assertNotIn([b"mihon-admin"], [fields[APPROVER] for fields in named])

    def test_one_person_denies_it_and_the_same_number_may_come_again(self):
        extract = self.push(self.too_many(2))
        denied = self.ctl("mihon-admin", "extract", "deny", extract, "--reason", "見本: 抽出の誤り")
        self.assertEqual(denied.returncode, 0, denied.stdout + denied.stderr)
        self.assertIn("承認待ち: 0件", self.status())
        self.assertIn("世代 1", self.status())
        self.refused_at_once(extract, "承認待ちの抽出データではありません")
        self.assertEqual(self.issue().returncode, 0)
        alone = next(row["household_id"] for row in self.rows("households.csv")
                     if row["member_count"] == "1" and row["household_id"] != self.gone)
        mended = self.build_without({alone}, 3)
        again = run(BIN / "certrelayctl", "extract", "push", "--city", self.city,
                    "--extract", mended)
        self.assertEqual(again.returncode, 0, again.stdout + again.stderr)
        self.assertIn("世代 3", self.status())
        self.assertEqual(self.issue().returncode, 0)

    def refused_at_once(self, extract, words, waiting="承認待ちの抽出データ: なし"):
        """Nobody is asked to approve it; the clerk reads which ones wait."""
        for word in ("approve", "deny"):
            refused = self.ctl("mihon-clerk", "extract", word, extract, "--reason", "見本")
            self.assertEqual(refused.returncode, 1, refused.stdout + refused.stderr)
            self.assertIn(words, refused.stderr)
            self.assertIn(waiting, refused.stderr)
        pending = self.ctl("mihon-clerk", "approvals", "list")
        self.assertIn("承認待ちの申請はありません", pending.stdout)

    def test_an_extract_that_is_not_there_is_refused_at_once_and_those_that_wait_are_named(self):
        nobody = "00000000-0000-4000-8000-000000000000"
        self.refused_at_once(nobody, "その受付番号の抽出データはありません")
        extract = self.push(self.too_many(2))
        self.refused_at_once(nobody, "その受付番号の抽出データはありません",
                             f"受付番号 {extract}  世代 2")
        state = self.ctl("mihon-clerk", "state").stdout
        self.assertIn(f"受付番号 {extract}  世代 2", state)
        self.assertIn("理由 住民の消除が多い", state)

    def test_an_auditor_decides_nothing(self):
        extract = self.push(self.too_many(2))
        for word in ("approve", "deny"):
            refused = self.ctl("mihon-auditor", "extract", word, extract, "--reason", "見本")
            self.assertEqual(refused.returncode, 1, refused.stdout + refused.stderr)
        self.assertIn("承認待ち: 1件", self.status())


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
