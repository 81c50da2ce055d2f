#!/usr/bin/env python3
"""docs/operators.md and its Japanese text, done as they say.

Goal: a new clerk who types the guide's lines gets what it promises, from the sample city to the first
push, the first suspended kind and an action of two persons, through the daily and monthly work and an
incident to the end of the machine; both languages have the same lines.
Method: the lines of the fences, in one shell, in a folder of their own, beginning behind the build
(ctest has built). A fixed wait becomes a wait for the self-test; where the guide leaves a number to
the reader, it is the one that was shown; where it says that another person approves, one does. The guide's days become this one and the month
before it. Accounts are not made here (operators_test.py does).
Usage: operators_guide_test.py FOLDER_OF_PROGRAMS
"""
import datetime
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest


BIN = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
DOCS = pathlib.Path(__file__).resolve().parents[2] / "docs"
HEADINGS = {"operators.md": ("## First day", "## Daily", "## Is this paper ours?", "## Monthly",
                             "## Incident", "## Keys and certificates", "## Replacing the machine"),
            "operators.ja.md": ("## 初日", "## 毎日", "## 証明書の真偽を確かめる", "## 毎月",
                                "## 事故のとき", "## 鍵と証明書の更新", "## 機器を取り替えるとき")}
PLACES = {"文書番号": "DOCUMENT", "取引番号": "TRANSACTION"}
# Lines that end otherwise than with 0, and how.
ENDS = {"certrelayctl extract push --city minato --dry-run": [4],
        "certrelay-kiosk issue --city minato --out copy.pdf": [1, 0],
        'as mihon-clerk erase due --reason "見本: 消除者の消去"': [4],
        'as mihon-admin ledger take-over --copy last.jsonl --key minato/keys/checkpoint.vkey '
        '--reason "機器の更新"': [4],
        # The ledger began today: of the month before it knows nothing, and says so.
        'as mihon-admin report show monthly 2026-11 --reason "月次確認"': [1],
        'as mihon-admin report sign-off monthly 2026-11 --reason "月次確認"': [1],
        # Nothing is unresolved, and no alarm is latched.
        'as mihon-clerk ledger close TRANSACTION --reason "返金済み"': [1],
        'as mihon-clerk alarm clear --reason "原因と対策を確認した"': [1],
        'as mihon-admin decommission order --reason "機器の更新"': [4]}
RELOADED = "reload: card roots and lists are in force"
TODAY = datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).date()
MONTH = TODAY.replace(day=1) - datetime.timedelta(days=1)
WAIT = ('for i in $(seq 1200); do curl -s "http://$(cat minato/run/monitoring.addr)/readyz" | '
        'grep -q \'"self_test","ok":true\' && break; sleep 0.1; done')


def lines_under(page, heading):
    text = (DOCS / page).read_text(encoding="utf-8")
    section = re.search(rf"^{re.escape(heading)}.*?(?=^## |\Z)", text, re.M | re.S)[0]
    fences = re.findall(r"^```\n(.*?)^```$", section, re.M | re.S)
    lines = [line for fence in fences for line in fence.splitlines()]
    for japanese, english in PLACES.items():
        lines = [line.replace(japanese, english) for line in lines]
    return lines


class Guide(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.document = "none"
        environment = {**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}",
                       "HOME": str(self.folder)}
        self.shell = subprocess.Popen(["bash", "-m"], stdin=subprocess.PIPE, env=environment,
                                      stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(self.end)

    def end(self):
        self.shell.stdin.write("kill %1; wait\nexit 0\n")
        self.shell.stdin.close()
        self.shell.stdout.read()
        self.shell.wait(timeout=120)
        self.shell.stdout.close()

    def type(self, line):
        """(exit code, what was shown)"""
        self.shell.stdin.write(f"{line}\necho \"<end $?>\"\n")
        self.shell.stdin.flush()
        shown = ""
        for said in self.shell.stdout:
            if ended := re.search(r"<end (\d+)>$", said):
                return int(ended[1]), shown + said[:ended.start()]
            shown += said
        self.fail(f"the shell ended at {line}: {shown}")

    def follow(self, lines, approving):
        shown, number, ends = "", "", {line: list(codes) for line, codes in ENDS.items()}
        for line in lines:
            known = line
            line = line.replace("sleep 30", WAIT).replace("DOCUMENT", self.document)
            for day in ("2026-11-30", "2026-11-29", "2026-11-01"):
                line = line.replace(day, TODAY.strftime("%Y-%m-%d"))
            if " monthly " in line:
                line = line.replace("2026-11", MONTH.strftime("%Y-%m"))
            if " report sign-off " in line:
                line += " --yes"  # typed at a terminal
            if line.startswith("as mihon-admin approve "):
                line = f"as mihon-admin approve {number} --yes"
            code, said = self.type(line)
            self.assertEqual(code, ends[known].pop(0) if known in ends else 0, f"{line}\n{said}")
            shown += said
            if issued := re.search(r"document (\d{8}-\d{8}-[0-9A-F]{4})", said):
                self.document = issued[1]
            if code == 4 and (found := re.search(r"申請番号 ([0-9a-f-]{36})", said)):
                number = found[1]
                if approving:
                    code, said = self.type(f"as mihon-head approve {number} --yes")
                    self.assertEqual(code, 0, said)
        return shown

    def test_the_lines_of_both_languages_are_the_same(self):
        english, japanese = (
            [re.sub(r"approve \S+$", "approve N", line) for heading in headings
             for line in lines_under(page, heading)] for page, headings in HEADINGS.items())
        self.assertEqual(english, japanese)
        self.assertGreater(len(english), 30)

    def test_from_the_first_day_to_the_end_of_the_machine(self):
        first, *work, last = HEADINGS["operators.ja.md"]
        day = lines_under("operators.ja.md", first)
        day = day[day.index("mkdir -p ~/renshu"):]
        shown = self.follow(day, approving=False)
        for promise in ("certrelay.toml: ok", "LISTENING monitoring", '"ready":false',
                        "状態: 適用済み", "交付できる状態です。", "休止中: 住民票の写し",
                        "ただいまこの証明書の交付を休止しています。", "0人の鍵を破棄しました。",
                        "ledger verify: ok"):
            self.assertIn(promise, shown)
        start = next(line for line in day if line.startswith("certrelayd") and "--check" not in line)
        lines = [line for heading in work for line in lines_under("operators.ja.md", heading)]
        shown = self.follow([start, "sleep 1", WAIT, *lines], approving=True)
        patience = time.monotonic() + 180
        while RELOADED not in shown and time.monotonic() < patience:
            shown += self.type("cat certrelayd.log")[1]  # it says it when it has done
        for promise in ("未解決のものはありません。", "その期間の記録がありません",
                        "消去者データの消去実施記録", "交付を停止しました。",
                        "証明書の交付（提供）", RELOADED,
                        "証明印は正しい印です。", "有効: この文書は交付されました",
                        "certrelay self-test v1"):
            self.assertIn(promise, shown)
        self.assertEqual(self.type('as mihon-admin issuing resume --reason "対策を終えた"')[0], 0)
        end = lines_under("operators.ja.md", last)
        stop = next(i for i, line in enumerate(end) if "sanitise" in line)
        shown = self.follow([*end[:stop], "kill %1", "wait", *end[stop:]],
                            approving=True)
        for promise in ("NIST SP 800-88", "住民のデータと鍵を破棄しました。", "提供記録を破棄しました。"):
            self.assertIn(promise, shown)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
