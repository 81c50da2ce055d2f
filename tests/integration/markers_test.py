#!/usr/bin/env python3
"""A hundred residents with names that nobody has, and where they must not be seen (R16, R33, R37).

Goal: of a hundred seeded names, kana and addresses none is in the log, in /metrics or /readyz, on a page of
the console, in what a core dump would hold, or in the support bundle; no core is written.
Method: every name, kana and address of the extract begins with letters that stand nowhere else. People
with seeded names get their certificates, and are refused; clerk, auditor and vendor look at every page;
then all of it is searched for those beginnings, and for each whole text. Control: the printed page and
this process hold them, and the same search finds one that was put into each kind of thing searched.
Usage: markers_test.py FOLDER_OF_PROGRAMS
"""
import csv
import html
import http.client
import os
import pathlib
import re
import signal
import ssl
import sys
import tarfile
import unittest
import urllib.parse
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from city_case import CityCase  # noqa: E402
from relay_processes_test import BIN, run  # noqa: E402
from residue_test import memory  # noqa: E402

MARKERS = 100
# Six bytes at least in each encoding: four happen to stand in 100 MB of keys once in forty runs.
BEGINNINGS = {"name": "犇鑫麤", "kana": "ヱヰヲヂ", "address": "犇鑫麤町"}
ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le")
KANJI = "山川田中村林森石井木本原島崎野上下北南西東前後池沢谷岡坂橋浜"
KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモ"
PAGES = ("/today", "/service", "/register", "/approvals", "/alarms", "/unresolved", "/erasures",
         "/ledger", "/reports", "/operators", "/certificates", "/account")


def numbered(number, letters, length):
    out = ""
    for _ in range(length):
        number, digit = divmod(number, len(letters))
        out += letters[digit]
    return out


class Browser:
    """One person at the console, without scripts."""

    def __init__(self, city, address, person, certificate=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(city / "pki/admin-ca.pem")
        context.check_hostname = False
        pem, key, phrase = certificate or (
            city / f"operators/{person}.pem", city / f"operators/{person}.key",
            (city / f"operators/{person}.pass-phrase").read_text().strip())
        context.load_cert_chain(pem, key, phrase)
        self.line = http.client.HTTPSConnection(*address, context=context, timeout=120)
        self.cookie = ""

    def ask(self, method, path, fields=None):
        headers = {"Cookie": self.cookie} if self.cookie else {}
        body = None
        if fields is not None:
            body = urllib.parse.urlencode(fields)
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        self.line.request(method, path, body, headers)
        answer = self.line.getresponse()
        text = answer.read().decode()
        for name, value in answer.getheaders():
            if name.lower() == "set-cookie":
                self.cookie = value.split(";")[0]
        return answer.status, text

    def log_in(self, person, password):
        return self.ask("POST", "/login", {"name": person, "password": password, "code": ""})

    def search(self, reason):
        """The ledger's page with what a search of it finds."""
        _, page = self.ask("GET", "/ledger")
        token = re.search(r'<main.*?name="csrf" value="([^"]+)"', page, re.S)
        if not token:
            return page
        return self.ask("POST", "/ledger", {"csrf": html.unescape(token[1]), "reason": reason})[1]


class Markers(CityCase):
    def prepare(self):
        """The register of the fictional city, with names of our own, built and signed anew."""
        source = self.city / "source"
        persons, self.markers, heads, towns = [], set(), {}, {}
        with open(source / "persons.csv", encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = reader.fieldnames
            for number, row in enumerate(reader):
                if len(row["name"]) <= 8 and row["resident_class"] == "J" and not row["name_image"]:
                    row["name"] = BEGINNINGS["name"] + "　" + numbered(number, KANJI, 3)
                    row["kana"] = BEGINNINGS["kana"] + "　" + numbered(number, KANA, 4)
                    heads[row["person_id"]] = row["name"]
                    self.markers |= {row["name"], row["kana"]}
                persons.append(row)
        self.write(source / "persons.csv", columns, persons)
        homes = []
        with open(source / "households.csv", encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file)
            columns = reader.fieldnames
            for number, row in enumerate(reader):
                row["head_name"] = heads.get(row["head_person_id"], row["head_name"])
                if len(row["address"]) < 60:
                    row["address"] = (f"高知県土佐みなと市{BEGINNINGS['address']}"
                                      f"{numbered(number, KANJI, 3)}１番")
                    self.markers.add(row["address"])
                homes.append(row)
        self.write(source / "households.csv", columns, homes)
        self.assertGreaterEqual(len(self.markers), MARKERS)
        for old in (self.city / "extract").iterdir():
            old.unlink()
        (self.city / "extract").rmdir()
        built = run(BIN / "certrelayctl", "extract", "build", "--csv", source, "--out",
                    self.city / "extract", "--key", self.city / "feeder/feeder.pem",
                    "--password-file", self.city / "feeder/password")
        self.assertEqual(built.returncode, 0, built.stdout + built.stderr)

    @staticmethod
    def write(path, columns, rows):
        with open(path, "w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)

    def found_in(self, data):
        """The beginnings first, which one pass finds; then which text it is."""
        out = []
        for what, beginning in BEGINNINGS.items():
            for encoding in ENCODINGS:
                if beginning.encode(encoding) in data:
                    out += [f"{what} in {encoding}"]
                    out += [one for one in self.markers if one.encode(encoding) in data][:3]
        return out

    def happenings(self):
        """Seeded people are asked about, printed and refused; a clerk holds one of them."""
        paper = self.folder / "paper.pdf"
        self.assertEqual(self.issue("ordinary", "--out", paper).returncode, 0)
        self.assertNotEqual(self.found_in(run("pdftotext", paper, "-").stdout.encode()), [])
        self.assertEqual(self.issue("large4").returncode, 0)
        self.assertEqual(self.issue("deleted").returncode, 1)
        self.assertEqual(self.issue("child14").returncode, 1)
        status = run(BIN / "certrelayctl", "extract", "status", "--city", self.city)
        self.assertEqual(self.found_in(status.stdout.encode()), [])
        again = run(BIN / "certrelayctl", "extract", "push", "--city", self.city)
        self.assertIn(again.returncode, (0, 1), again.stdout)  # the same generation once more

    def pages(self):
        """role -> all that its pages say."""
        out = {}
        for person in ("mihon-clerk", "mihon-auditor", "gyosha"):
            secret = self.folder / f"{person}.password"
            secret.write_text("Mihon no aikotoba 9\n")
            done = self.ctl(person, "operator", "password", "--password-file", secret)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
            browser = Browser(self.city, self.relay.addresses["admin"], person)
            status, _ = browser.log_in(person, "Mihon no aikotoba 9")
            self.assertEqual(status, 303)
            shown = {}
            for path in PAGES:
                status, shown[path] = browser.ask("GET", path)
            shown["search"] = browser.search("見本: 検索")
            self.assertIn("今日の状況", shown["/today"])
            out[person] = shown
        return out

    def test_a_hundred_residents_are_seen_nowhere(self):
        self.happenings()
        self.add_vendor()
        pages = self.pages()
        # What the vendor may not see is refused, and what he sees names no transaction (R37).
        for path in ("/approvals", "/alarms", "/unresolved", "/erasures", "/operators"):
            self.assertIn("権限", pages["gyosha"][path], path)
        self.assertIn("証明書の交付", pages["mihon-clerk"]["search"])
        self.assertNotIn("証明書の交付</td>", pages["gyosha"]["search"])
        seen = {f"page of {person}: {path}": text.encode()
                for person, shown in pages.items() for path, text in shown.items()}
        host, port = self.relay.addresses["monitoring"]
        for path in ("/metrics", "/readyz", "/livez"):
            with urllib.request.urlopen(f"http://{host}:{port}{path}", timeout=60) as answer:
                seen[path] = answer.read()
        self.assertIn(b"certrelay_subject_repeats_total", seen["/metrics"])
        bundle = self.folder / "bundle.tar"
        made = run(BIN / "certrelayctl", "support-bundle", "--config", self.city / "certrelay.toml",
                   "--out", bundle)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        with tarfile.open(bundle) as tar:
            self.assertGreaterEqual(len(tar.getnames()), 6)
            self.assertIn(b"certrelay_transactions_total",
                          tar.extractfile("certrelay-support/metrics.txt").read())
        seen["support bundle"] = bundle.read_bytes()
        if os.geteuid() == 0:  # nobody else may read another's memory
            self.await_none_live(refused=2)
            for role in ("vault", "center", "registry", "admin", "monitoring"):
                seen[f"memory of {role}"] = memory(self.relay.child(role))
        os.kill(self.relay.child("vault"), signal.SIGABRT)
        self.relay.process.send_signal(signal.SIGTERM)
        seen["log"] = "".join([*self.relay.unread, self.relay.process.stdout.read()]).encode()
        self.relay.process.wait(timeout=120)
        self.assertIn(b"the vault process ended (signal 6)", seen["log"])
        left = [one for place in (pathlib.Path.cwd(), self.city, self.city / "state")
                for one in place.glob("core*")]
        self.assertEqual(left, [])
        self.assertEqual({where: found for where, data in seen.items()
                          if (found := self.found_in(data))}, {})
        # The control: the search finds one in each kind of thing, and in this process.
        for where, data in seen.items():
            one = sorted(self.markers)[len(where) % len(self.markers)]
            self.assertIn(one, self.found_in(data[:100_000] + one.encode()), where)
        seen.clear()
        self.assertIn(BEGINNINGS["name"].encode(), memory(os.getpid()))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
