#!/usr/bin/env python3
"""The people of the sample city whom the rules of the counter are about (rules.md), one test each.

Goal: each of them gets at the kiosk what the counter would say, and the ledger has the reason that
the kiosk must not show. Method: a small fictional city, the shipped programs, a certificate asked
for with each one's card; then the ledger is asked, in Japanese, as a clerk does.
Usage: cast_roles_test.py FOLDER_OF_PROGRAMS
"""
import json
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from relay_processes_test import BIN, Relay, kiosk, run, today  # noqa: E402

WINDOW = "この端末では交付できません"


class CastRoles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        cls.city = cls.folder / "city"
        cls.made_on = today()
        made = kiosk("city", "create", cls.city, "--residents", 150, "--seed", 5)
        assert made.returncode == 0, made.stdout + made.stderr
        cls.relay = Relay(cls.city)
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", cls.city)
        assert pushed.returncode == 0, pushed.stdout + pushed.stderr

    @classmethod
    def tearDownClass(cls):
        cls.relay.stop()
        shutil.rmtree(cls.folder)

    def query(self, *more):
        done = run(BIN / "certrelayctl", "ledger", "query", *more, "--config",
                   self.city / "admin.json", "--as", "mihon-clerk", "--pass-phrase-file",
                   self.city / "operators/mihon-clerk.pass-phrase", "--reason", "見本: 確認")
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def refused(self, role, reason, words):
        """The window, whatever the reason; the reason and its word in the ledger."""
        done = kiosk("issue", "--city", self.city, "--as", role)
        if role == "card_of_today" and today() != self.made_on:
            self.skipTest("midnight: that card may be used by now")
        said = done.stdout + done.stderr
        self.assertEqual(done.returncode, 1, said)
        self.assertIn("window_only", said)
        self.assertIn(WINDOW, said)
        transaction = re.search(r"[0-9a-f]{8}-[0-9a-f-]{27}", said).group(0)
        rows = [json.loads(line) for line in self.query(
            "--transaction", transaction, "--outcome", "refused", "--format",
            "jsonl").splitlines()]
        self.assertEqual([row["reason"] for row in rows], [str(reason)])
        self.assertIn(f"理由 {words}（{reason}）", self.query("--transaction", transaction))

    def test_move_pending(self):
        self.refused("move_pending", 333, "窓口での案内（世帯）")

    def test_head_undecided(self):
        self.refused("head_undecided", 333, "窓口での案内（世帯）")

    def test_dead(self):
        self.refused("dead", 332, "窓口での案内（申請者）")

    def test_over20(self):
        self.refused("over20", 334, "窓口での案内（世帯員数）")

    def test_text_too_long(self):
        self.refused("text_too_long", 335, "窓口での案内（世帯員）")

    def test_card_of_today(self):
        self.refused("card_of_today", 331, "カードの利用開始日前")

    def test_child14(self):
        self.refused("child14", 330, "15歳未満の方の申請")

    def listed(self, role):
        """The lines of the inquiry's members."""
        done = kiosk("inquire", "--city", self.city, "--as", role)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return done.stdout

    def printed(self, role):
        pdf = self.folder / f"{role}.pdf"
        done = kiosk("issue", "--city", self.city, "--as", role, "--out", pdf)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        text = run("pdftotext", "-layout", pdf, "-")
        self.assertEqual(text.returncode, 0, text.stderr)
        return re.sub(r"\s", "", text.stdout)

    def test_dead_spouse(self):
        """The dead one is listed, closed by code 90; the sheet is a part of the household."""
        members = re.findall(r"^ +\d (\S+\u3000\S+) .*$", self.listed("dead_spouse"), re.M)
        closed = re.findall(r"^ +\d (\S+\u3000\S+) .* 窓口でお尋ねください$",
                            self.listed("dead_spouse"), re.M)
        self.assertEqual(len(closed), 1)
        text = self.printed("dead_spouse")
        self.assertIn("世帯の一部の住民票", text)
        for name in members:
            squeezed = re.sub(r"\s", "", name)
            (self.assertNotIn if name in closed else self.assertIn)(squeezed, text)

    def test_child14_parent(self):
        self.assertIn("世帯全員の住民票", self.printed("child14_parent"))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
