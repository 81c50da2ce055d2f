#!/usr/bin/env python3
"""The ledger as officials and auditors read it, from outside (R32, R36, R45, R48, R56).

Goal: entries are found on the running relay and on the stopped one; a resident's history takes two
persons and names nobody; an export verifies with the stranger's program and states its retention;
a report is text, CSV and PDF, and a named person confirms what was read.
Method: a small fictional city, one certificate, certrelayctl as every operator.
Usage: ledger_reading_test.py FOLDER_OF_PROGRAMS
"""
import csv
import datetime
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from relay_processes_test import BIN, Relay, kiosk, run  # noqa: E402

VERIFIER = pathlib.Path(__file__).parents[1] / "support/verify_ledger.py"
JST = datetime.timezone(datetime.timedelta(hours=9))


def month_before(day):
    return (day.replace(day=1) - datetime.timedelta(days=1)).strftime("%Y-%m")


def five_years_after(day):
    """Of 29 February it is the 28th."""
    try:
        return day.replace(year=day.year + 5)
    except ValueError:
        return day.replace(year=day.year + 5, day=28)


class Reading(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.city = cls.folder / "city"
        made = kiosk("city", "create", cls.city, "--residents", 150, "--seed", 31)
        assert made.returncode == 0, made.stdout + made.stderr
        cls.relay = Relay(cls.city)
        cls.addClassCleanup(lambda: cls.relay.stop())
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", cls.city)
        assert pushed.returncode == 0, pushed.stdout + pushed.stderr
        issued = kiosk("issue", "--city", cls.city)
        assert issued.returncode == 0, issued.stdout + issued.stderr
        cls.today = datetime.datetime.now(JST).date()

    def ctl(self, person, *command, code=0, said=""):
        done = run(BIN / "certrelayctl", *command, "--config", self.city / "admin.json",
                   "--as", person, "--pass-phrase-file",
                   self.city / f"operators/{person}.pass-phrase")
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertIn(said, done.stderr)
        return done.stdout

    def query(self, *criteria, person="mihon-auditor"):
        said = self.ctl(person, "ledger", "query", "--reason", "点検", "--format", "jsonl", *criteria)
        return [json.loads(line) for line in said.splitlines()]

    def test_entries_are_found_by_what_is_known_of_them(self):
        intents = [e for e in self.query("--outcome", "provided") if e["kind"] == "provision_intent"]
        self.assertEqual(len(intents), 1)
        transaction = intents[0]["transaction"]
        story = self.query("--transaction", transaction)
        self.assertEqual([e["kind"] for e in story][:3],
                         ["opened", "provision_inquiry", "provision_intent"])
        self.assertEqual(self.query("--document", intents[0]["document"])[0], intents[0])
        self.assertIn(intents[0], self.query("--kiosk", intents[0]["kiosk"]))
        self.assertEqual(self.query("--from", "2001-01-01", "--until", "2001-12-31"), [])
        # The query itself is an entry, with its reason.
        viewed = [e for e in self.query() if e["kind"] == "operator_viewed"]
        self.assertEqual(viewed[-1]["stated_reason"], "点検")

    def test_a_resident_is_told_by_two_persons(self):
        cast = {one["role"]: one for one in json.loads((self.city / "cast.json").read_text())}
        person = cast["ordinary"]["person_id"]
        asked = self.ctl("mihon-admin", "ledger", "query", "--subject", person,
                         "--reason", "開示請求 第1号", code=4)
        action = re.search(r"[0-9a-f-]{36}", asked).group(0)
        self.ctl("mihon-admin", "ledger", "result", action, code=1)  # nobody approved yet
        self.ctl("mihon-admin", "approve", action, "--yes", code=1)  # not the same person
        self.ctl("mihon-head", "approve", action, "--yes")
        said = self.ctl("mihon-admin", "ledger", "result", action)
        self.assertIn("この方の情報の提供の記録", said)
        self.assertNotIn(person, said)
        self.assertIn("subject_queried", [e["kind"] for e in self.query()])
        self.ctl("mihon-clerk", "ledger", "query", "--subject", person, "--reason", "x", code=1)

    def test_an_export_verifies_and_states_its_retention(self):
        out = self.folder / "month"
        said = self.ctl("mihon-admin", "ledger", "export", "--reason", "監査", "--from", self.today,
                        "--until", self.today, "--out", out)
        last_day = five_years_after(self.today)
        self.assertIn(f"保存期限: {last_day.year}年{last_day.month}月{last_day.day}日", said)
        key = self.city / "keys/checkpoint.vkey"
        verified = subprocess.run([sys.executable, VERIFIER, f"{out}.jsonl", key.read_text().strip()],
                                  capture_output=True, text=True)
        self.assertEqual(verified.returncode, 0, verified.stdout)
        checked = run(BIN / "certrelayctl", "ledger", "verify", f"{out}.jsonl", "--key", key)
        self.assertEqual(checked.returncode, 0, checked.stderr)
        with open(f"{out}.csv", encoding="utf-8-sig", newline="") as table:
            rows = list(csv.DictReader(table))
        about = json.loads(pathlib.Path(f"{out}.json").read_text())
        self.assertEqual([int(row["sequence"]) for row in rows],
                         list(range(about["first"], about["last"] + 1)))
        # Its own entry was written before, with the period.
        own = [e for e in self.query() if e["sequence"] == str(about["entry"])][0]
        self.assertEqual((own["kind"], own["action"]), ("export", "ledger.export"))
        self.ctl("mihon-admin", "ledger", "export", "--reason", "監査", "--from", self.today,
                 "--until", self.today, "--out", out, code=1)  # never over an old file

    def test_an_unknown_transaction_and_a_stranger_are_told_apart_from_a_fault(self):
        self.ctl("mihon-clerk", "ledger", "close", "00000000-0000-4000-8000-000000000000",
                 "--reason", "返金済み", code=1, said="取引番号は記録にありません")
        done = run(BIN / "certrelayctl", "state", "--config", self.city / "admin.json", "--as",
                   "mihon-nobody", "--pass-phrase-file",
                   self.city / "operators/mihon-clerk.pass-phrase")
        self.assertEqual(done.returncode, 2, done.stdout + done.stderr)
        self.assertIn("名前の綴り", done.stderr)

    def test_a_refused_storm_leaves_no_empty_report(self):
        out = self.folder / "storm.json"
        said = self.ctl("mihon-auditor", "selftest", "--storm", "--reason", "x", "--out", out,
                        "--json", code=1)
        self.assertEqual(json.loads(said)["problem"], "not_allowed")
        self.assertFalse(out.exists())

    def test_a_checkpoint_is_handed_out_and_a_refusal_is_an_object_too(self):
        out = self.folder / "checkpoint"
        self.ctl("mihon-clerk", "ledger", "checkpoint", "--reason", "控え", "--out", out)
        origin, size, root, *_ = out.read_text().splitlines()
        self.assertEqual(origin, (self.city / "keys/checkpoint.vkey").read_text().split("+")[0])
        own = [e for e in self.query() if e["kind"] == "checkpoint"][-1]
        self.assertEqual((own["action"], own["operator"]), ("ledger.checkpoint", "mihon-clerk"))
        self.assertGreaterEqual(int(size), int(own["sequence"]))  # its own entry is under it
        # An export of all until now stands under the same tree.
        copy = self.folder / "all"
        self.ctl("mihon-admin", "ledger", "backup", "--reason", "控え", "--out", copy)
        verified = run(BIN / "certrelayctl", "ledger", "verify", f"{copy}.jsonl", "--key",
                       self.city / "keys/checkpoint.vkey", "--checkpoint", out, "--json")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        told = json.loads(verified.stdout)
        self.assertEqual((told["exit_code"], told["first"]), (0, 1))
        self.assertGreaterEqual(told["last"], int(size))
        forged = self.folder / "forged"
        forged.write_text(out.read_text().replace(root, "A" * 43 + "=", 1))
        refused = run(BIN / "certrelayctl", "ledger", "verify", f"{copy}.jsonl", "--key",
                      self.city / "keys/checkpoint.vkey", "--checkpoint", forged, "--json")
        self.assertEqual((refused.returncode, json.loads(refused.stdout)["exit_code"]), (1, 1))
        said = self.ctl("mihon-auditor", "ledger", "checkpoint", "--reason", "x", "--json", code=1)
        self.assertEqual(json.loads(said)["problem"], "not_allowed")

    def test_an_incident_has_what_ran(self):
        out = self.folder / "incident"
        self.ctl("mihon-head", "ledger", "incident", "--reason", "事故対応", "--from", self.today,
                 "--until", self.today, "--out", out)
        about = json.loads(pathlib.Path(f"{out}.json").read_text())
        self.assertTrue(about["configurations"][0]["configuration"])
        self.ctl("mihon-auditor", "ledger", "incident", "--reason", "x", "--from", self.today,
                 "--until", self.today, "--out", self.folder / "no", code=1)

    def test_reports_are_text_table_and_page_and_are_confirmed_by_name(self):
        month = self.today.strftime("%Y-%m")
        text = self.ctl("mihon-clerk", "report", "show", "monthly", month, "--reason", "月次")
        self.assertIn("委託先による提供　0件", text)
        self.assertIn("【見本】", text)
        out = self.folder / "monthly.pdf"
        self.ctl("mihon-clerk", "report", "show", "monthly", month, "--reason", "月次",
                 "--format", "pdf", "--out", out)
        self.assertTrue(out.read_bytes().startswith(b"%PDF-1.7"))
        table = self.ctl("mihon-clerk", "report", "show", "daily", self.today, "--reason", "日次",
                         "--format", "csv")
        self.assertIn("取引番号", table)
        # The month is not over: nobody can confirm it.
        self.ctl("mihon-admin", "report", "sign-off", "monthly", month, "--reason", "月次", "--yes",
                 code=1)
        # Of the month before nobody knows anything: the ledger began today.
        before = month_before(self.today)
        for words in (("show",), ("sign-off", "--yes")):
            self.ctl("mihon-admin", "report", words[0], "monthly", before, "--reason", "月次",
                     *words[1:], code=1, said="その期間の記録がありません")
        self.assertNotIn("report_signed_off", [e["kind"] for e in self.query()])

    def test_zz_a_stopped_ledger_is_read_from_its_folder(self):
        self.assertEqual(self.relay.stop(), 0)
        self.addCleanup(lambda: setattr(type(self), "relay", Relay(self.city)))
        done = run(BIN / "certrelayctl", "ledger", "query", "--state", self.city / "state",
                   "--outcome", "provided", "--format", "csv")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn(",provision_intent,", done.stdout)
        both = run(BIN / "certrelayctl", "ledger", "query", "--state", self.city / "state",
                   "--config", self.city / "admin.json")
        self.assertEqual(both.returncode, 2)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
