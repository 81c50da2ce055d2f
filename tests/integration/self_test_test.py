#!/usr/bin/env python3
"""The start-up self-test of the shipped program (INV-12).

Goal: no resident is served before fictional ones were, each his own document; where that fails the
center's connections are closed without a byte, the alarm is latched, and everybody else is answered.
Method: the very program on a small city, once whole, and once with a glyph cache that lacks one
character of the fictional people's address and no other, well-formed and sealed like a good one.
Usage: self_test_test.py FOLDER_OF_PROGRAMS
"""
import hashlib
import pathlib
import re
import shutil
import socket
import ssl
import struct
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from hostile_front_test import Vault  # noqa: E402
from relay_processes_test import BIN, Relay, entries, kiosk, run  # noqa: E402
from until import until  # noqa: E402

KIND_BOOT, KIND_SELF_TESTED, KIND_OPENED, KIND_ALARM = 2, 11, 20, 81
SELF_TEST_FAILED = 380
COUNT, ARTIFACT, BUILD = 0x0050, 0x0022, 0x0070
NOT_SERVING = b"\0\0\0\2\x42\0"
GLYPHS = BIN.parent / "share/fonts/ipamjm.glyphs"


def without(cache, character):
    """A glyph cache (render/font/FORMAT.md) as if its font had never had that character."""
    at = 8 + 32 + 64 + 14 + 2
    sequences, = struct.unpack_from(">I", cache, at)
    rows = at + 12
    kept = [cache[rows + 12 * i:rows + 12 * i + 12] for i in range(sequences)]
    kept = [row for row in kept if struct.unpack_from(">I", row)[0] != ord(character)]
    assert 0 < sequences - len(kept) < 50
    body = (cache[:at] + struct.pack(">I", len(kept)) + cache[at + 4:rows] + b"".join(kept) +
            cache[rows + 12 * sequences:-32])
    return body + hashlib.sha256(body).digest()


class SelfTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.city = self.folder / "city"
        made = kiosk("city", "create", self.city, "--residents", 150, "--seed", 5)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        self.config = self.city / "certrelay.toml"

    def start(self, serving=True):
        relay = Relay(self.city, serving=serving)
        self.addCleanup(lambda: relay.process.poll() is None and relay.stop())
        return relay

    def test_the_ledger_has_it_before_the_first_transaction(self):
        relay = self.start()
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", self.city)
        self.assertEqual(pushed.returncode, 0, pushed.stdout + pushed.stderr)
        self.assertEqual(kiosk("issue", "--city", self.city).returncode, 0)
        build = relay.health()["build"]
        self.assertRegex(build, r"^certrelay-[0-9.]+\+[0-9a-f]{40}$")
        self.assertEqual(relay.stop(), 0)
        kinds = [kind for kind, _, _ in entries(self.city)]
        self.assertEqual(kinds.count(KIND_SELF_TESTED), 1)
        self.assertLess(kinds.index(KIND_BOOT), kinds.index(KIND_SELF_TESTED))
        self.assertLess(kinds.index(KIND_SELF_TESTED), kinds.index(KIND_OPENED))
        fields = next(fields for kind, _, fields in entries(self.city) if kind == KIND_SELF_TESTED)
        self.assertGreaterEqual(int.from_bytes(fields[COUNT][0], "big"), 16)
        self.assertEqual(fields[ARTIFACT][0], hashlib.sha256(self.config.read_bytes()).digest())
        self.assertEqual(fields[BUILD][0].decode(), build)

    def first_word(self):
        """What a vault that has just started tells the center's front of itself."""
        vault = Vault(self.city)
        try:
            ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
            vault.ends.append(ours)
            ours.settimeout(120)
            vault.link_to("center", theirs)
            return ours.recv(6)
        finally:
            self.assertEqual(vault.stop(), 0)

    def test_while_it_runs_the_center_is_told_to_wait(self):
        # Where the machine is so busy that the test is over before anybody can ask, it asks again.
        until(lambda: self.first_word() == NOT_SERVING, "the center's front was never told to wait")

    def to_the_center(self):
        """Every byte that the center's listener sends."""
        with socket.create_connection(self.relay.addresses["center"], timeout=120) as raw:
            try:
                return raw.recv(1)
            except ConnectionError:
                return b""

    def test_where_it_fails_the_center_is_not_served_and_the_others_are(self):
        whole = self.config.read_text()
        cache = self.folder / "lacking.glyphs"
        cache.write_bytes(without(GLYPHS.read_bytes(), "県"))
        lacking = re.sub(r'(fonts = \[\{[^}]*)\}', rf'\1, glyph_cache = "{cache}" }}', whole, count=1)
        self.assertNotEqual(lacking, whole)
        self.config.write_text(lacking)
        self.relay = self.start(serving=False)
        self.relay.await_check("self_test", "failed: the center is not served")
        self.assertEqual(self.to_the_center(), b"")
        self.relay.await_check("alarm", f"latched, error {SELF_TEST_FAILED}")
        status = run(BIN / "certrelayctl", "extract", "status", "--city", self.city)
        self.assertIn("適用中の登録はありません", status.stdout)  # the registry's listener answers
        self.assertEqual(self.relay.stop(), 0)
        found = entries(self.city)
        self.assertEqual([reason for kind, reason, _ in found if kind == KIND_ALARM],
                         [SELF_TEST_FAILED])
        self.assertNotIn(KIND_SELF_TESTED, [kind for kind, _, _ in found])
        # A later success never clears it (INV-9).
        self.config.write_text(whole)
        self.relay = self.start()
        self.assertFalse(self.relay.check("alarm")["ok"])
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", self.city)
        self.assertEqual(pushed.returncode, 0, pushed.stdout + pushed.stderr)
        refused = kiosk("issue", "--city", self.city)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("issuing_stopped", refused.stdout + refused.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)
