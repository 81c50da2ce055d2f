#!/usr/bin/env python3
"""Somebody sets the date of the machine while the relay runs.

Goal: a date that is wrong by hours or by ten years refuses with a reason, harms nothing that runs, and is
over when the date is right again, without a restart. Method: libfaketime moves the date of the relay's processes alone (the
steady clock stays), by a file that this script rewrites. Usage: clock_steps_test.py FOLDER_OF_PROGRAMS
"""
import base64
import hashlib
import http.client
import json
import os
import pathlib
import socket
import ssl
import sys
import unittest
import urllib.error
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from city_case import CityCase  # noqa: E402
from relay_processes_test import allow, entries  # noqa: E402

REASON_CLOCK_DOUBTED = 313
# Of some, the peer's certificate is in its dates still and the vault answers; of ten years it is not, and
# the front, which looks at the peer's dates with each request, closes without a byte.
ANSWERED, CLOSED = ("+30d", "-12h"), ("+3650d", "-3650d")


class SteppedDate(CityCase):
    def prepare(self):
        library = next(pathlib.Path("/usr/lib").rglob("libfaketime.so.1"), None)
        self.assertIsNotNone(library, "install the package libfaketime")
        self.date = self.folder / "date"
        self.step("+0")
        allow(self.city, "off = true")  # libfaketime reads its file at each look at the date
        # Only the relay is started with these; what asks it has the right date.
        self.fake = {"LD_PRELOAD": str(library), "FAKETIME_TIMESTAMP_FILE": str(self.date),
                     "FAKETIME_NO_CACHE": "1", "FAKETIME_DONT_FAKE_MONOTONIC": "1"}
        os.environ.update(self.fake)

    def step(self, offset):
        fresh = self.date.with_suffix(".new")
        fresh.write_text(offset + "\n")
        fresh.rename(self.date)

    def setUp(self):
        try:
            super().setUp()
        finally:
            for name in getattr(self, "fake", {}):
                os.environ.pop(name, None)


    def center(self):
        """A connection that is there before the date moves."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.city / "pki/center-ca.pem")
        context.check_hostname = False
        context.load_cert_chain(self.city / "pki/jlis-center.pem", self.city / "pki/jlis-center.key",
                                (self.city / "keys/password").read_text().strip())
        host, port = self.relay.addresses["center"]
        line = http.client.HTTPConnection(host, port, timeout=120)
        line.sock = context.wrap_socket(socket.create_connection((host, port), timeout=120),
                                        server_hostname="localhost")
        self.addCleanup(line.close)
        return line

    def open(self, line):
        """(status, code) of a fresh transaction."""
        site = json.loads((self.city / "kiosk.json").read_text())
        body = json.dumps({"transaction_id": str(uuid.uuid4()),
                           "municipality_code": site["municipality"], "kiosk_id": site["kiosks"][0],
                           "certificate_kind": "juminhyo"}).encode()
        digest = base64.b64encode(hashlib.sha256(body).digest()).decode()
        line.request("POST", "/v1/transactions", body,
                     {"Content-Type": "application/json", "Content-Digest": f"sha-256=:{digest}:"})
        answer = line.getresponse()
        said = json.loads(answer.read())
        return answer.status, said.get("code")

    def failing(self):
        """The names of what /readyz finds wrong."""
        try:
            self.relay.ready()
        except urllib.error.HTTPError as refused:
            self.assertEqual(refused.code, 503)
            with refused:
                return refused.read().decode()
        return ""

    def test_ten_years_on_and_back_are_refused_and_over_with_the_right_date(self):
        vault = self.relay.child("vault")
        line = self.center()
        self.assertEqual(self.open(line), (201, None))
        for offset in ANSWERED + CLOSED:
            self.step(offset)
            if offset in ANSWERED:
                self.assertEqual(self.open(line), (503, "overloaded"), offset)
            else:
                # After the head: what the body meets is an end or a reset, and never a byte.
                with self.assertRaises((ConnectionError, ssl.SSLError)):
                    self.open(line)
            self.assertIn('"clock","ok":false', self.failing(), offset)
            self.step("+0")
            line = self.center() if offset in CLOSED else line
            self.assertEqual(self.open(line), (201, None), offset)
            self.assertEqual(self.failing(), "")
            issued = self.issue("ordinary")
            self.assertEqual(issued.returncode, 0, issued.stdout + issued.stderr)
        self.assertEqual(self.relay.child("vault"), vault)
        self.assertEqual(self.relay.stop(), 0)
        self.assertIn(REASON_CLOCK_DOUBTED, [reason for _, reason, _ in entries(self.city)])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
