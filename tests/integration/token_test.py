#!/usr/bin/env python3
"""A resident whose card is in a PKCS#11 token: the certificate comes from a running relay, and the PIN is
typed at a terminal only.

Method: a softcard of a small fictional city is put into a SoftHSM2 token (softhsm2-util, OpenSC's
pkcs11-tool), certrelay-kiosk runs at a pseudo-terminal of this script's, which types the PIN and keeps
what the terminal shows. Usage: token_test.py FOLDER_OF_PROGRAMS
"""
import base64
import json
import os
import pathlib
import pty
import re
import select
import subprocess
import sys
import termios
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from city_case import BIN, CityCase, run  # noqa: E402

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
OPENSC = "/usr/lib/x86_64-linux-gnu/opensc-pkcs11.so"
PIN = "7391"


class AtATerminal:
    """certrelay-kiosk with a terminal of its own: what it showed, and its exit code."""

    def __init__(self, arguments, typed, prompt=b"PIN ("):
        ours, theirs = pty.openpty()
        self.shown, self.echo_while_asked, asked = b"", None, False
        child = subprocess.Popen([str(part) for part in arguments], stdin=subprocess.DEVNULL,
                                 stdout=theirs, stderr=theirs, start_new_session=True,
                                 preexec_fn=lambda: os.close(os.open(os.ttyname(theirs), os.O_RDWR)))
        os.close(theirs)
        while True:
            if not select.select([ours], [], [], 240)[0]:
                child.kill()
                break
            try:
                part = os.read(ours, 4096)
            except OSError:  # nobody holds the other end any more
                break
            if not part:
                break
            self.shown += part
            if not asked and prompt in self.shown and self.shown.endswith(b": "):
                asked = True
                self.echo_while_asked = bool(termios.tcgetattr(ours)[3] & termios.ECHO)
                os.write(ours, typed)
        self.echo_after = bool(termios.tcgetattr(ours)[3] & termios.ECHO)
        os.close(ours)
        self.code = child.wait(timeout=240)
        self.shown = self.shown.decode()


class CardInAToken(CityCase):
    def prepare(self):
        (self.folder / "tokens").mkdir()
        conf = self.folder / "softhsm2.conf"
        conf.write_text(f"directories.tokendir = {self.folder / 'tokens'}\nobjectstore.backend = file\n")
        os.environ["SOFTHSM2_CONF"] = str(conf)
        self.addCleanup(os.environ.pop, "SOFTHSM2_CONF")
        cast = {one["role"]: one for one in json.loads((self.city / "cast.json").read_text())}
        card = json.loads((self.city / cast["ordinary"]["card"]).read_text())
        (self.folder / "card.der").write_bytes(base64.b64decode(card["certificate"]))
        (self.folder / "card.pem").write_text(card["private_key"])
        for command in (
                ("softhsm2-util", "--init-token", "--free", "--label", "mihon", "--so-pin", "1234",
                 "--pin", PIN),
                ("softhsm2-util", "--import", self.folder / "card.pem", "--token", "mihon", "--pin", PIN,
                 "--label", "key", "--id", "01"),
                ("pkcs11-tool", "--module", MODULE, "--login", "--pin", PIN, "--type", "cert", "--id",
                 "01", "--write-object", self.folder / "card.der")):
            done = run(*command)
            self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def kiosk(self, typed, *more, verb="issue", module=MODULE):
        return AtATerminal([BIN / "certrelay-kiosk", verb, "--city", self.city, "--token", module, *more],
                           typed)

    @staticmethod
    def without_numbers(shown):
        """Without the transaction's, the document's and whatever else is drawn or counted there: the
        PIN's four digits stand in one of them once in some thousand runs."""
        return re.sub(r"[0-9a-fA-F]{8}-[0-9a-fA-F-]{12,}|\b[0-9a-f]{16,}\b", "", shown)

    def test_the_certificate_is_issued_and_the_pin_is_seen_nowhere(self):
        pdf = self.folder / "copy.pdf"
        done = self.kiosk(PIN.encode() + b"\r", "--out", pdf)
        self.assertEqual(done.code, 0, done.shown)
        self.assertIn("PIN (mihon): ", done.shown)
        self.assertIn("token, rsa-pkcs1-sha256", done.shown)
        self.assertNotIn(PIN, self.without_numbers(done.shown))
        self.assertFalse(done.echo_while_asked)
        self.assertTrue(done.echo_after)
        self.assertTrue(pdf.read_bytes().startswith(b"%PDF-"))
        done = self.kiosk(b"x\x7f" + PIN.encode() + b"\n", verb="inquire")  # a slip, taken back
        self.assertEqual(done.code, 0, done.shown)

    def test_without_the_pin_nothing_is_opened(self):
        for typed, said in ((b"0000\r", "four digits"), (b"\r", "none was typed"),
                            (PIN.encode() + b"\x03", "given up"), (b"1" * 65 + b"\r", "longer")):
            done = self.kiosk(typed)
            self.assertEqual(done.code, 1, done.shown)
            self.assertIn("(error 181)", done.shown)
            self.assertIn(said, done.shown)
            self.assertNotIn("transaction", done.shown)
            self.assertTrue(done.echo_after)

    def test_the_pin_is_neither_an_argument_nor_standard_input(self):
        command = ["setsid", BIN / "certrelay-kiosk", "issue", "--city", self.city, "--token", MODULE]
        done = subprocess.run([str(part) for part in command], input=PIN + "\n", text=True,
                              capture_output=True, timeout=240)
        self.assertEqual(done.returncode, 1)
        self.assertIn("at a terminal only", done.stderr)
        self.assertEqual(run(*command, "--pin", PIN).returncode, 2)
        self.assertEqual(run(*command, "--as", "ordinary").returncode, 2)

    def test_no_module_and_no_reader_say_what_to_do(self):
        for module, said in (("/nowhere.so", "opensc-pkcs11"), (OPENSC, "pcscd")):
            done = self.kiosk(b"", module=module)
            self.assertEqual(done.code, 1, done.shown)
            self.assertIn("(error 180)", done.shown)
            self.assertIn(said, done.shown)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
