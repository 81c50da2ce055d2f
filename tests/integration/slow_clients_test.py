#!/usr/bin/env python3
"""Slow, silent and many callers of the center's listener (INV-11, R42).

Goal: while hundreds of connections begin and do not go on, trickle, do not read or are refused, a good
client is served; all of it costs the ledger a few entries, whose counts tell the number.
Method: raw sockets against the shipped programs. Nothing here waits for a deadline of the front: those
are tested in simulated time (tests/unit/front/session_deadline_test.cpp).
Usage: slow_clients_test.py FOLDER_OF_PROGRAMS
"""
import pathlib
import shutil
import signal
import socket
import ssl
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from relay_processes_test import BIN, Relay, entries, kiosk, run  # noqa: E402

KIND_GATE, COUNT = 60, 0x0050
HALF_OPEN, GARBAGE, SMUGGLED, TRICKLERS = 300, 120, 80, 60
GOOD_MS_MAX = 60_000  # behind 300 who begin and do not go on it would be their deadlines', 3,000 s
HEAD = b"POST /v1/transactions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 40\r\n"


class SlowClients(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.city = self.folder / "city"
        made = kiosk("city", "create", self.city, "--residents", 150, "--seed", 61)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        self.relay = Relay(self.city)
        self.addCleanup(lambda: self.relay.process.poll() is None and self.relay.stop())
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", self.city)
        self.assertEqual(pushed.returncode, 0, pushed.stdout + pushed.stderr)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        self.context.load_verify_locations(self.city / "pki/center-ca.pem")
        self.context.check_hostname = False
        self.context.load_cert_chain(self.city / "pki/jlis-center.pem",
                                     self.city / "pki/jlis-center.key",
                                     (self.city / "keys/password").read_text().strip())
        self.held = []
        self.addCleanup(lambda: [one.close() for one in self.held])

    def raw(self):
        one = socket.create_connection(self.relay.addresses["center"], timeout=60)
        self.held.append(one)
        return one

    def tls(self):
        one = self.context.wrap_socket(self.raw(), server_hostname="localhost")
        self.held.append(one)
        return one

    def expect_a_good_client_served(self):
        begun = time.monotonic()
        done = kiosk("issue", "--city", self.city)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertLess((time.monotonic() - begun) * 1000, GOOD_MS_MAX)

    def test_a_good_client_is_served_and_the_ledger_counts_the_others(self):
        begun = time.monotonic()
        for _ in range(HALF_OPEN):  # TCP and silence
            self.raw()
        self.expect_a_good_client_served()
        for _ in range(GARBAGE):  # not TLS
            self.raw().sendall(b"GET / HTTP/1.1\r\n\r\n")
        tricklers = [self.tls() for _ in range(TRICKLERS)]
        for number, one in enumerate(tricklers):
            # A third each: a head that does not end, a body that does not come, nobody who reads.
            one.sendall((HEAD[:20], HEAD + b"\r\n{",
                         b"GET /v1/service HTTP/1.1\r\nHost: localhost\r\n\r\n" * 4)[number % 3])
        self.expect_a_good_client_served()
        for at in range(20, 40):  # one byte of each, in turn
            for one in tricklers[::3]:
                try:
                    one.sendall(HEAD[at:at + 1])
                except OSError:
                    pass  # a head has 10 s, and the good client had to be waited for
        self.expect_a_good_client_served()
        for _ in range(SMUGGLED):
            one = self.tls()
            one.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
            self.assertTrue(one.recv(64).startswith(b"HTTP/1.1 400 "))
        self.expect_a_good_client_served()
        self.assertTrue(self.relay.ready()["ready"])

        self.relay.process.send_signal(signal.SIGTERM)
        said = self.relay.process.stdout.read()  # since it listens
        self.assertEqual(self.relay.stop(), 0)
        self.assertEqual(said, "")  # whatever peers do, no line of a log is theirs to make
        counts = [int.from_bytes(fields[COUNT][0], "big")
                  for kind, _, fields in entries(self.city) if kind == KIND_GATE]
        # A peer, a reason and a minute: whatever the number of callers.
        minutes = (time.monotonic() - begun) // 60
        self.assertLessEqual(len(counts), 16 + 8 * minutes, counts)
        self.assertGreaterEqual(sum(counts), GARBAGE + SMUGGLED)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)
