#!/usr/bin/env python3
"""Forms that change while the relay runs, and certificates that are signed and sealed.

Goal: a new era is printed from the next certificate on, without a stop; forms whose two files do not
agree change nothing; what the shipped relay signs and seals is good to strangers' programs and to
`certificate check`; an altered file and an altered seal are not, and a cancelled document is 無効.
Method: a small fictional city with [documents]; SIGHUP; pdftotext, pdfsig, qpdf, mutool, pdffonts,
pdftoppm, zbarimg.
Usage: forms_and_seals_test.py FOLDER_OF_PROGRAMS
"""
import pathlib
import re
import signal
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from city_case import CityCase  # noqa: E402
from relay_processes_test import BIN, entries, kiosk, run, today  # noqa: E402

KIND_LOADED = 180
FORM = 'format = "certrelay form 2"\nbased_on = "household"\n'
RULES = 'format = "certrelay readback 1"\nbased_on = "household"\n'
ERAS = (("明治", "1868-01-25"), ("大正", "1912-07-30"), ("昭和", "1926-12-25"),
        ("平成", "1989-01-08"), ("令和", "2019-05-01"))
FICTIONAL = ("見本", "2020-01-01")


def full_width(number):
    digits = "".join(chr(ord(one) + 0xFEE0) for one in str(number))
    return digits if number > 9 else "　" + digits


class FormsAndSeals(CityCase):
    CITY_OPTIONS = ("--documents",)

    def prepare(self):
        with open(self.city / "certrelay.toml", "a", encoding="utf-8") as config:
            config.write("""
[render.forms]
juminhyo = { template = "form.toml", readback = "rules.toml" }
""")
        (self.city / "form.toml").write_text(FORM)
        (self.city / "rules.toml").write_text(RULES)

    def page(self, name):
        pdf = self.folder / name
        self.day = None
        while self.day != today():  # once more where midnight came meanwhile
            self.day = today()
            done = self.issue("ordinary", "--out", pdf)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return pdf

    def words(self, pdf):
        return re.sub(r"\s", "", run("pdftotext", "-raw", pdf, "-").stdout)

    def today_in(self, era, first_year):
        day = self.day
        parts = zip((day.year - first_year + 1, day.month, day.day), "年月日")
        text = era + "".join(full_width(number) + word for number, word in parts)
        return text.replace("　", "")

    def reload(self, said):
        self.relay.process.send_signal(signal.SIGHUP)
        self.relay.await_line(said)

    def write_eras(self, form, rules):
        def table(eras, day):
            return "".join(f'[[eras]]\nname = "{name}"\n{day(start)}\n' for name, start in eras)
        (self.city / "form.toml").write_text(
            FORM + table(form, lambda start: f'start = "{start}"'))
        (self.city / "rules.toml").write_text(
            RULES + table(rules, lambda start: f"first_day = {start.replace('-', '')}"))

    def test_a_new_era_is_printed_from_the_next_certificate_on(self):
        before = self.words(self.page("before.pdf"))
        old, new = self.today_in("令和", 2019), self.today_in("見本", 2020)
        self.assertIn(old, before)
        # The reader does not know it: a form and rules that do not belong together.
        self.write_eras(ERAS + (FICTIONAL,), ERAS)
        self.reload("reload: the configuration stays as it was")
        refused = self.words(self.page("refused.pdf"))
        self.assertIn(self.today_in("令和", 2019), refused)
        self.write_eras(ERAS + (FICTIONAL,), ERAS + (FICTIONAL,))
        self.reload("reload: the configuration is in force")
        after = self.words(self.page("after.pdf"))
        old, new = self.today_in("令和", 2019), self.today_in("見本", 2020)
        self.assertIn(new, after)
        self.assertNotIn(old, after)
        self.assertEqual(self.relay.stop(), 0)
        loaded = [reason == 0 for kind, reason, _ in entries(self.city) if kind == KIND_LOADED]
        self.assertEqual(loaded, [False, True])

    def check(self, *what):
        return run(BIN / "certrelayctl", "certificate", "check", "--certificate",
                   self.city / "pki/documents.pem", *what)

    def seal_of(self, pdf):
        picture = self.folder / "page"
        drawn = run("pdftoppm", "-r", "300", "-png", "-singlefile", pdf, picture)
        self.assertEqual(drawn.returncode, 0)
        return run("zbarimg", "--raw", "-q", f"{picture}.png").stdout.strip()

    def test_what_the_relay_signs_is_good_to_strangers_and_a_flipped_byte_is_not(self):
        pdf = self.page("signed.pdf")
        checked = run("qpdf", "--check", pdf)
        self.assertEqual(checked.returncode, 0, checked.stdout)
        drawn = run("mutool", "draw", "-q", "-r", 20, "-o", "/dev/null", pdf)
        self.assertEqual(drawn.returncode, 0, drawn.stderr)
        for line in run("pdffonts", pdf).stdout.splitlines()[2:]:
            self.assertEqual(line.split()[-5:-2], ["yes", "yes", "yes"], line)
        said = run("pdfsig", "-nocert", pdf).stdout
        self.assertIn("Signature is Valid", said)
        self.assertIn("Total document signed", said)
        good = self.check(pdf)
        self.assertEqual(good.returncode, 0, good.stdout)
        self.assertIn("署名は正しく", good.stdout)

        data = bytearray(pdf.read_bytes())
        data[data.index(b"/CertrelaySubject <</Tag (") + 30] ^= 1
        flipped = self.folder / "flipped.pdf"
        flipped.write_bytes(data)
        self.assertIn("Digest Mismatch", run("pdfsig", "-nocert", flipped).stdout)
        refused = self.check(flipped)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("無効", refused.stdout)

    def test_a_printed_seal_is_scanned_and_an_altered_one_refused(self):
        pdf = self.page("sealed.pdf")
        seal = self.seal_of(pdf)
        self.assertTrue(seal.startswith("CRS1:"), seal)
        told = self.check("--seal", seal)
        self.assertEqual(told.returncode, 0, told.stdout)
        squeezed = self.words(pdf)
        names = re.findall(r"氏名　(.+)", told.stdout)
        self.assertTrue(names)
        for name in names:
            self.assertIn(re.sub(r"\s", "", name), squeezed)
        other = "A" if seal[20] != "A" else "B"
        self.assertEqual(self.check("--seal", seal[:20] + other + seal[21:]).returncode, 1)

    def test_a_cancelled_document_is_void(self):
        printed = self.page("printed.pdf")
        cancelled = self.folder / "cancelled.pdf"
        done = self.issue("ordinary_phone", "--out", cancelled, "--event", "cancelled")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        seal = self.seal_of(cancelled)
        # An operator asks the running relay, which writes down that it was asked.
        for file, code, word in ((printed, 0, "有効"), (cancelled, 1, "無効")):
            asked = self.ctl("mihon-clerk", "certificate", "check", "--certificate",
                             self.city / "pki/documents.pem", "--reason", "見本: 持参された写し", file)
            self.assertEqual(asked.returncode, code, asked.stdout + asked.stderr)
            self.assertIn(word, asked.stdout)
        self.assertEqual(self.relay.stop(), 0)
        kept = self.check("--state", self.city / "state", printed)
        self.assertEqual(kept.returncode, 0, kept.stdout)
        for what in ((cancelled,), ("--seal", seal)):
            asked = self.check("--state", self.city / "state", *what)
            self.assertEqual(asked.returncode, 1, asked.stdout)
            self.assertIn("正し", asked.stdout)  # and yet
            self.assertIn("無効", asked.stdout)

    def test_a_storm_takes_signed_documents(self):  # INV-1
        done = kiosk("storm", "--city", self.city, "--clients", 40, "--barrier")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("40 of 40 documents, each its own", done.stdout)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)
