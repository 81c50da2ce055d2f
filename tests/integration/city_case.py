"""A small fictional city with its relay, its register pushed and its operators: what the tests of
operators' orders begin with. Each test has a city of its own."""
import pathlib
import re
import shutil
import sys
import tempfile
import unittest
import urllib.request

sys.path += [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "support")]
from relay_processes_test import BIN, Relay, kiosk, run  # noqa: E402
from until import until  # noqa: E402


class CityCase(unittest.TestCase):
    CITY_OPTIONS = ()
    RESIDENTS = 150

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.city = self.folder / "city"
        made = kiosk("city", "create", self.city, "--residents", self.RESIDENTS,
                     "--seed", 21, *self.CITY_OPTIONS)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        self.prepare()
        self.relay = Relay(self.city)
        self.addCleanup(lambda: self.relay.stop())
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", self.city)
        self.assertEqual(pushed.returncode, 0, pushed.stdout + pushed.stderr)

    def prepare(self):
        """What a test changes of the city before the relay starts."""

    def ctl(self, person, *command):
        return run(BIN / "certrelayctl", *command, "--config", self.city / "admin.json",
                   "--as", person, "--pass-phrase-file",
                   self.city / f"operators/{person}.pass-phrase")

    def issue(self, role="ordinary", *more):
        return kiosk("issue", "--city", self.city, "--as", role, *more)

    def await_none_live(self, refused=0):
        """Also what was printed is in memory until the vault's next look at ended transactions; who
        was `refused` lives to the end of his time, without anybody's data."""
        host, port = self.relay.addresses["monitoring"]

        def none_is_live():
            with urllib.request.urlopen(f"http://{host}:{port}/metrics", timeout=60) as answer:
                live = re.search(rb"^certrelay_transactions_live (\d+)$", answer.read(), re.M)
                return int(live[1]) <= refused
        until(none_is_live, "transactions live on", pause=0.1)

    @staticmethod
    def spoiled_records(base):
        """A register's base with the last bit of every sealed record another."""
        assert base[-8:] == b"CRBASE01"
        rows = int.from_bytes(base[-16:-8], "big")
        spoiled = bytearray(base)
        for at in range(len(base) - 16 - 24 * rows, len(base) - 16, 24):
            length = int.from_bytes(base[at + 12:at + 16], "big")
            offset = int.from_bytes(base[at + 16:at + 24], "big")
            spoiled[offset + length - 1] ^= 1
        return spoiled

    @staticmethod
    def id_in(done):
        return re.search(r"[0-9a-f-]{36}", done.stdout).group(0)

    def propose_and_approve(self, *command, by="mihon-clerk", reason="見本: 消除者の消去"):
        """A second person approves; the first alone cannot."""
        asked = self.ctl(by, *command, "--reason", reason)
        self.assertEqual(asked.returncode, 4, asked.stdout + asked.stderr)
        number = self.id_in(asked)
        alone = self.ctl(by, "approve", number, "--yes")
        self.assertEqual(alone.returncode, 1, alone.stdout)
        second = "mihon-admin" if by != "mihon-admin" else "mihon-head"
        return self.ctl(second, "approve", number, "--yes")

    def add_vendor(self):
        """The account gyosha of a vendor, as docs/operators.md adds one, with what a browser needs."""
        phrase = self.city / "operators/gyosha.pass-phrase"
        phrase.write_text("mihon\n")
        key = self.city / "operators/gyosha.approval.pem"
        made = run("openssl", "genpkey", "-algorithm", "ed25519", "-aes-256-cbc", "-pass",
                   "pass:mihon", "-out", key)
        self.assertEqual(made.returncode, 0, made.stderr)
        pem, plain = self.city / "pki/operator-1.pem", self.city / "pki/operator-1.key"
        (self.city / "operators/gyosha.pem").write_bytes(pem.read_bytes())
        sealed = run("openssl", "pkcs8", "-topk8", "-v2", "aes-256-cbc", "-in", plain, "-out",
                     self.city / "operators/gyosha.key", "-passout", "pass:mihon")
        self.assertEqual(sealed.returncode, 0, sealed.stderr)
        application = self.folder / "gyosha.json"
        applied = run(BIN / "certrelayctl", "operator", "apply", "--config",
                      self.city / "admin.json", "--name", "gyosha", "--affiliation", "contractor",
                      "--roles", "vendor", "--ends-on", "2030-03-31", "--certificate", pem,
                      "--approval-key", key, "--pass-phrase-file", phrase, "--out", application)
        self.assertEqual(applied.returncode, 0, applied.stderr)
        asked = self.ctl("mihon-clerk", "operator", "add", application, "--reason", "見本: 保守")
        self.assertEqual(asked.returncode, 4, asked.stderr)
        approved = self.ctl("mihon-head", "approve", self.id_in(asked), "--yes")
        self.assertEqual(approved.returncode, 0, approved.stderr)
