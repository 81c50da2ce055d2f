#!/usr/bin/env python3
"""What a clerk reads when an extract is not what it should be (firmware/ctl/PUSH.md).

Goal: nothing is signed or sent that `extract build` did not make, and every refusal says in Japanese
which file, what is wrong with it and how to mend it; people and programs (--json) read the same.
Method: the extract of a small fictional city, one thing spoilt at a time; no relay runs, so whatever
got past the checks would end with 3 (cannot reach).
Usage: extract_clerk_test.py FOLDER_OF_PROGRAMS
"""
import csv
import json
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from relay_processes_test import BIN, kiosk, run  # noqa: E402

DONE, REFUSED, USAGE, CANNOT_REACH = 0, 1, 2, 3


class ExtractClerk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.city = cls.folder / "city"
        made = kiosk("city", "create", cls.city, "--residents", 150, "--seed", 21)
        assert made.returncode == 0, made.stdout + made.stderr
        (cls.city / "run").mkdir(exist_ok=True)
        (cls.city / "run/registry.addr").write_text("127.0.0.1:1\n")  # nobody listens
        cls.site = json.loads((cls.city / "kiosk.json").read_text())

    def setUp(self):
        self.extract = pathlib.Path(tempfile.mkdtemp(dir=self.folder)) / "extract"
        shutil.copytree(self.city / "extract", self.extract)

    def build(self, mend=None, out=None, **head):
        """`extract build` of the city's tables after `mend(folder)`."""
        work = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        shutil.copytree(self.city / "source", work / "source")
        name = work / "source/extract.json"
        name.write_text(json.dumps({**json.loads(name.read_text()), **head}))
        if mend:
            mend(work / "source")
        built = run(BIN / "certrelayctl", "extract", "build", "--csv", work / "source",
                    "--out", out or work / "out", "--key", self.city / self.site["feeder_key"],
                    "--password-file", self.city / self.site["feeder_password"])
        self.assertEqual((work / "out").exists(), built.returncode == DONE)
        return built, work / "out"

    def inspect(self, *more):
        return run(BIN / "certrelayctl", "extract", "inspect", self.extract, "--feeder",
                   self.city / "feeder/feeder.pub.pem", *more)

    def push(self, *more):
        return run(BIN / "certrelayctl", "extract", "push", "--city", self.city,
                   "--extract", self.extract, "--dry-run", *more)

    def say(self, done, code, *words):
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, code, said)
        for word in words:
            self.assertIn(word, said)
        self.assertNotRegex(done.stderr, r"エラー [0-9]+")  # a number mends nothing
        self.assertNotRegex(done.stderr, r": (extract|files|manifest|json|csv)\b[ :]")
        return said

    def both_say(self, *words):
        """inspect and push refuse it with the same words, in text and in JSON."""
        for command in (self.inspect, self.push):
            with self.subTest(command.__name__):
                self.say(command(), REFUSED, *words)
                done = command("--json")
                self.say(done, REFUSED, *words)
                found = json.loads(done.stdout)
                self.assertEqual(found["state"], "invalid")
                self.assertGreater(len(found["rejections"]), 0)
                for finding in found["rejections"]:
                    self.assertEqual(set(finding), {"record", "field", "rule", "mend"})

    def spoil_manifest(self, **members):
        path = self.extract / "manifest.json"
        path.write_text(json.dumps({**json.loads(path.read_text()), **members},
                                   ensure_ascii=False, separators=(",", ":")))

    # F3: who can write the folder cannot have it signed.

    def test_a_whole_extract_is_sound_and_would_be_sent(self):
        self.say(self.inspect(), DONE, "世代 1")
        self.assertEqual(json.loads(self.inspect("--json").stdout)["state"], "valid")
        self.assertEqual(self.push().returncode, CANNOT_REACH)

    def test_a_manifest_changed_after_the_build_is_not_signed_again(self):
        self.spoil_manifest(operator="mihon-02")
        self.both_say("manifest.statement", "署名がmanifest.jsonと合いません", "extract build")

    def test_a_changed_signature_is_refused(self):
        path = self.extract / "manifest.statement"
        text = path.read_text()
        at = len(text) - 20
        path.write_text(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1:])
        self.both_say("manifest.statement", "署名がmanifest.jsonと合いません")

    def test_a_statement_that_is_none_or_is_missing(self):
        path = self.extract / "manifest.statement"
        path.write_text("署名\n")
        self.both_say("manifest.statement", "署名の形式が正しくありません")
        path.unlink()
        self.both_say("manifest.statement", "ファイルがありません")

    def test_an_extract_of_another_key_is_refused(self):
        key = self.folder / "other.pem"
        password = self.city / self.site["feeder_password"]
        made = run("openssl", "genpkey", "-algorithm", "ed25519", "-aes-256-cbc", "-pass",
                   f"file:{password}", "-out", key)
        self.assertEqual(made.returncode, 0, made.stderr)
        shutil.rmtree(self.extract)
        built = run(BIN / "certrelayctl", "extract", "build", "--csv", self.city / "source",
                    "--out", self.extract, "--key", key, "--password-file", password)
        self.assertEqual(built.returncode, DONE, built.stderr)
        self.both_say("manifest.statement", "別の鍵で署名されています")

    def test_a_file_that_the_manifest_does_not_name_is_refused(self):
        (self.extract / "evil.csv").write_text("x")
        (self.extract / "images").mkdir(exist_ok=True)
        (self.extract / "images/evil.png").write_text("x")
        self.both_say("evil.csv", "images/evil.png", "manifest.jsonにないファイルです")

    # F4: which file, what is wrong with it, how to mend it.

    def test_a_file_that_was_cut_or_changed_is_named(self):
        path = self.extract / "persons.csv"
        whole = path.read_bytes()
        path.write_bytes(whole[:len(whole) // 2])
        self.both_say("persons.csv", "manifest.jsonより短いファイルです")
        spoilt = whole.replace("日本人".encode(), "日本入".encode(), 1)
        self.assertNotEqual(spoilt, whole)
        path.write_bytes(spoilt)
        self.both_say("persons.csv", "SHA-256がmanifest.jsonと違います")

    def test_a_missing_file_is_named(self):
        (self.extract / "cards.csv").unlink()
        self.both_say("cards.csv: ファイルがありません")
        (self.extract / "manifest.json").unlink()
        self.both_say("manifest.json: ファイルがありません")

    def test_a_manifest_that_is_wrong_names_its_member(self):
        path = self.extract / "manifest.json"
        files = json.loads(path.read_text())["files"]
        huge = [{**file, "bytes": 107374182400} if file["name"] == "persons.csv" else file
                for file in files]
        for members, words in (
                ({"files": huge}, ("[files]", "persons.csvの大きさ")),
                ({"files": files[1:]}, ("[files]", "ファイルの順序")),
                ({"generation": 2, "base_generation": 2}, ("[base_generation]", "より大きい数")),
                ({"base_generation": 0, "last_change": 7}, ("[last_change]",)),
                ({"operator": ""}, ("[operator]", "64バイト以内")),
                ({"telephone": 1}, ("定義にない項目",))):
            with self.subTest(words):
                shutil.copy(self.city / "extract/manifest.json", path)
                self.spoil_manifest(**members)
                self.both_say("manifest.json", "extract build", *words)
        path.write_bytes(b"\0" * 100)
        self.both_say("manifest.json", "JSONの書き方")

    def test_another_municipality_is_said_before_anything_is_signed(self):
        built, self.extract = self.build(municipality_code="131016")
        self.assertEqual(built.returncode, DONE, built.stderr)
        self.say(self.push(), REFUSED, "[municipality_code]", "131016", self.site["municipality"])

    def test_json_is_printed_too_when_nobody_answers(self):
        done = self.push("--json")
        self.assertEqual(done.returncode, CANNOT_REACH)
        told = json.loads(done.stdout)
        self.assertEqual((told["exit_code"], told["step"]), (CANNOT_REACH, "接続"))
        self.assertIn("応答がありません", told["text"])

    def test_build_names_the_file_and_the_member(self):
        built, _ = self.build(lambda source: (source / "fees.csv").unlink())
        self.say(built, REFUSED, "fees.csv: ファイルがありません", "--csv")
        built, _ = self.build(operator="")
        self.say(built, REFUSED, "extract.json [operator]", "64バイト以内")
        built, _ = self.build(generation=3, base_generation=3)
        self.say(built, REFUSED, "extract.json [base_generation]", "より大きい数")
        built, _ = self.build(telephone=1)
        self.say(built, REFUSED, "extract.json", "定義にない項目")
        built, _ = self.build(lambda source: (source / "extract.json").unlink())
        self.say(built, REFUSED, "extract.json", "ファイルがありません")
        there = pathlib.Path(tempfile.mkdtemp(dir=self.folder))
        built, _ = self.build(out=there)
        self.say(built, USAGE, str(there), "すでにあります")

    # F5: a row that is wrong is named once, and where.

    @staticmethod
    def cells(table, change):
        def spoil(source):
            with open(source / table, encoding="utf-8-sig", newline="") as file:
                rows = list(csv.DictReader(file))
            change(rows)
            with open(source / table, "w", encoding="utf-8", newline="") as file:
                writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\r\n")
                writer.writeheader()
                writer.writerows(rows)
        return spoil

    def test_an_unknown_column_is_named_with_its_place(self):
        def spoil(source):
            path = source / "kinds.csv"
            text = path.read_text(encoding="utf-8-sig")
            path.write_text(text.replace("inquiry", "phone_number", 1), newline="")
        built, _ = self.build(spoil)
        self.say(built, REFUSED, "kinds.csv 1行", "3列目（phone_number）")

    def test_an_id_twice_names_both_lines(self):
        lines = []

        def twice(rows):
            first, second = [row for row in rows if row["relation"] != "HEAD"][:2]
            second["person_id"] = first["person_id"]
            line = 2  # after the header; a cell may have line ends of its own
            for row in rows:
                if row["person_id"] == first["person_id"]:
                    lines.append(line)
                line += 1 + sum(cell.count("\n") for cell in row.values())
        built, _ = self.build(self.cells("persons.csv", twice))
        self.assertEqual(len(lines), 2)
        self.say(built, REFUSED, *(f"persons.csv {line}行 " for line in lines))

    def test_what_follows_from_a_reported_row_is_not_said(self):
        for table, row, column, value in (("persons.csv", 5, "birth_date", "1980-02-31"),
                                          ("cards.csv", 7, "serial", "ZZ")):
            with self.subTest(column):
                def spoil(rows, row=row, column=column, value=value):
                    rows[row][column] = value
                built, _ = self.build(self.cells(table, spoil))
                said = self.say(built, REFUSED, f"{table} ", f"行 [{column}]")
                self.assertEqual(len(re.findall("^誤り ", said, re.MULTILINE)), 1, said)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
