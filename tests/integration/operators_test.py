#!/usr/bin/env python3
"""Operators and a latched alarm, from outside (INV-9, R30, R31, R35).

Goal: an alarm stops issuing until two persons with keys of their own clear it with a reason; nobody
else changes anything; the ledger names persons, terminals and reason.
Method: a small fictional city. The alarm is latched as a damaged disk would: one byte of each sealed
record is flipped under the running relay, so that the next look-up does not open, and put back once
the alarm is latched. certrelayctl is every operator.
Usage: operators_test.py FOLDER_OF_PROGRAMS
"""
import json
import pathlib
import socket
import ssl
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from city_case import CityCase  # noqa: E402
from relay_processes_test import BIN, Relay, entries, run  # noqa: E402

KIND = {"latched": 81, "cleared": 82, "action": 140, "refused": 141, "approval": 144,
        "stopped": 146, "resumed": 147, "suspended": 148, "changed": 150, "viewed": 152,
        "login_changed": 157}
OPERATOR, APPROVER, TERMINAL, ACTION, REASON = 0x0010, 0x0011, 0x0012, 0x0013, 0x0014


class Operators(CityCase):
    def state(self, person="mihon-auditor"):
        done = self.ctl(person, "state", "--json")
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def latch(self):
        """Spoils the last byte of every person's sealed record for one issue."""
        self.assertEqual(self.relay.stop(), 0)
        self.relay = Relay(self.city)  # nothing of the register is in a cache
        target = next((self.city / "state/register").glob("gen-*.base"))
        good = target.read_bytes()
        with open(target, "r+b") as file:
            file.write(self.spoiled_records(good))
        refused = self.issue()
        self.assertEqual(refused.returncode, 1, refused.stdout)
        with open(target, "r+b") as file:
            file.write(good)
        self.assertIn("alarm", self.state())

    def test_two_persons_clear_an_alarm_and_the_ledger_tells_who_where_and_why(self):
        self.assertEqual(self.issue().returncode, 0)
        self.latch()
        self.assertIn("issuing_stopped", self.issue().stdout + self.issue().stderr)
        asked = self.ctl("mihon-clerk", "alarm", "clear", "--reason", "見本: 帳票を確認した")
        self.assertEqual(asked.returncode, 4, asked.stderr)
        number = self.id_in(asked)
        for person in ("mihon-clerk", "mihon-auditor"):
            alone = self.ctl(person, "approve", number, "--yes")
            self.assertEqual(alone.returncode, 1, alone.stdout)
            self.assertIn("alarm", self.state())
        approved = self.ctl("mihon-admin", "approve", number, "--yes")
        self.assertEqual(approved.returncode, 0, approved.stderr)
        self.assertNotIn("alarm", self.state())
        self.assertEqual(self.relay.stop(), 0)
        self.relay = Relay(self.city)  # cleared stays cleared
        self.assertEqual(self.issue().returncode, 0)
        self.assertEqual(self.relay.stop(), 0)
        verified = run(BIN / "certrelayctl", "ledger", "verify", "--state", self.city / "state",
                       "--key", self.city / "keys/checkpoint.vkey")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        cleared = [fields for kind, _, fields in entries(self.city) if kind == KIND["cleared"]]
        self.assertEqual(len(cleared), 1)
        self.assertEqual(cleared[0][OPERATOR], [b"mihon-clerk"])
        self.assertEqual(cleared[0][APPROVER], [b"mihon-admin"])
        self.assertEqual(cleared[0][TERMINAL], [b"terminal-2"])
        self.assertEqual(cleared[0][REASON], ["見本: 帳票を確認した".encode()])
        refused = [fields for kind, _, fields in entries(self.city) if kind == KIND["refused"]]
        self.assertEqual([one[OPERATOR] for one in refused], [[b"mihon-clerk"], [b"mihon-auditor"]])

    def test_a_stop_and_a_suspension_hold_over_a_restart(self):
        stopped = self.ctl("mihon-clerk", "issuing", "stop", "--reason", "見本: 点検")
        self.assertEqual(stopped.returncode, 0, stopped.stderr)
        suspended = self.ctl("mihon-clerk", "kind", "suspend", "juminhyo", "--reason", "見本: 用紙")
        self.assertEqual(suspended.returncode, 0, suspended.stderr)
        self.assertEqual(self.relay.stop(), 0)
        self.relay = Relay(self.city)
        state = self.state()
        self.assertTrue(state["issuing_stopped"])
        self.assertEqual(state["suspended_kinds"], ["juminhyo"])
        resumed = self.ctl("mihon-clerk", "issuing", "resume", "--reason", "見本")
        self.assertEqual(resumed.returncode, 1)  # a clerk may stop and not resume
        resumed = self.ctl("mihon-admin", "issuing", "resume", "--reason", "見本: 点検終了")
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        self.assertIn("suspended", self.issue().stdout + self.issue().stderr)
        resumed = self.ctl("mihon-admin", "kind", "resume", "juminhyo", "--reason", "見本: 補充")
        self.assertEqual(resumed.returncode, 0, resumed.stderr)
        self.assertEqual(self.issue().returncode, 0)

    def test_a_revoked_operator_is_refused_from_the_very_next_request(self):
        self.assertEqual(self.ctl("mihon-clerk", "state").returncode, 0)
        revoked = self.ctl("mihon-admin", "operator", "revoke", "mihon-clerk", "--reason", "見本: 異動")
        self.assertEqual(revoked.returncode, 0, revoked.stderr)
        refused = self.ctl("mihon-clerk", "state")
        self.assertEqual(refused.returncode, 1)
        self.assertIn("失効", refused.stderr)

    def test_an_auditor_reads_and_changes_nothing(self):
        for command in (("state",), ("approvals", "list"), ("operator", "list")):
            self.assertEqual(self.ctl("mihon-auditor", *command).returncode, 0)
        for command in (("issuing", "stop"), ("kind", "suspend", "juminhyo"),
                        ("operator", "revoke", "mihon-clerk")):
            done = self.ctl("mihon-auditor", *command, "--reason", "見本")
            self.assertEqual(done.returncode, 1, done.stdout)
        self.assertFalse(self.state()["issuing_stopped"])

    def test_a_grant_begins_with_the_application_and_is_approved_by_the_center_head(self):
        # The person's own fresh approval key, and a client certificate that has no account yet.
        phrase = self.city / "operators/fresh.pass-phrase"
        phrase.write_text("mihon\n")
        key = self.city / "operators/fresh.approval.pem"
        made = run("openssl", "genpkey", "-algorithm", "ed25519", "-aes-256-cbc", "-pass",
                   "pass:mihon", "-out", key)
        self.assertEqual(made.returncode, 0, made.stderr)
        application = self.folder / "application.json"
        applied = run(BIN / "certrelayctl", "operator", "apply", "--config",
                      self.city / "admin.json", "--name", "fresh", "--affiliation", "staff",
                      "--roles", "clerk", "--certificate", self.city / "pki/operator-1.pem",
                      "--approval-key", key, "--pass-phrase-file", phrase, "--out", application)
        self.assertEqual(applied.returncode, 0, applied.stderr)
        asked = self.ctl("mihon-clerk", "operator", "add", application, "--reason", "見本: 着任")
        self.assertEqual(asked.returncode, 4, asked.stderr)
        number = self.id_in(asked)
        self.assertEqual(self.ctl("mihon-admin", "approve", number, "--yes").returncode, 1)
        nobody = self.ask("pki/operator-1.pem", "pki/operator-1.key")
        self.assertTrue(nobody.startswith(b"HTTP/1.1 403 "), nobody)
        approved = self.ctl("mihon-head", "approve", number, "--yes")
        self.assertEqual(approved.returncode, 0, approved.stderr)
        somebody = self.ask("pki/operator-1.pem", "pki/operator-1.key")
        self.assertTrue(somebody.startswith(b"HTTP/1.1 200 "), somebody)

    def test_roles_reviews_and_passwords_over_the_wire(self):  # R30, R17
        self.assertEqual(self.ctl("mihon-clerk", "kind", "resume", "juminhyo", "--reason",
                                  "見本: 権限のない再開").returncode, 1)
        asked = self.ctl("mihon-clerk", "operator", "roles", "--roles",
                         "clerk,city_administrator", "--reason", "見本: 昇任")
        self.assertEqual(asked.returncode, 4, asked.stdout + asked.stderr)
        number = self.id_in(asked)
        for person in ("mihon-clerk", "mihon-admin"):
            self.assertEqual(self.ctl(person, "approve", number, "--yes").returncode, 1)
        approved = self.ctl("mihon-head", "approve", number, "--yes")
        self.assertEqual(approved.returncode, 0, approved.stderr)
        self.assertIn("mihon-auditor", approved.stderr)  # with the table before the eyes
        listed = self.ctl("mihon-clerk", "operator", "list")  # an administrator's to read
        self.assertEqual(listed.returncode, 0, listed.stderr)
        self.assertEqual(self.ctl("mihon-head", "operator", "roles", "--roles", "clerk",
                                  "--reason", "見本: 最後のセンター長").returncode, 1)
        for name, code in (("mihon-clerk", 0), ("mihon-head", 1)):
            reviewed = self.ctl("mihon-head", "operator", "review", name, "--reason", "見本: 確認")
            self.assertEqual(reviewed.returncode, code, reviewed.stdout + reviewed.stderr)
        secret = self.folder / "password"
        for text, code in (("short\n", 1), ("Mihon no aikotoba 1\n", 0)):
            secret.write_text(text)
            done = self.ctl("mihon-auditor", "operator", "password", "--password-file", secret)
            self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        self.assertEqual(self.relay.stop(), 0)
        told = {(kind, fields[OPERATOR][0].decode()) for kind, _, fields in entries(self.city)
                if OPERATOR in fields}
        for wanted in ((KIND["changed"], "mihon-clerk"), (KIND["changed"], "mihon-head"),
                       (KIND["login_changed"], "mihon-auditor"), (KIND["refused"], "mihon-clerk"),
                       (KIND["refused"], "mihon-admin"), (KIND["refused"], "mihon-head")):
            self.assertIn(wanted, told)

    def ask(self, certificate, key, phrase=None):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.city / "pki/admin-ca.pem")
        context.check_hostname = False
        context.load_cert_chain(self.city / certificate, self.city / key, phrase)
        out = b""
        with socket.create_connection(self.relay.addresses["admin"], timeout=120) as raw:
            try:
                with context.wrap_socket(raw, server_hostname="localhost") as tls:
                    tls.sendall(b"GET /v1/state HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                    while chunk := tls.recv(65536):
                        out += chunk
            except (ssl.SSLError, ConnectionError):
                pass
        return out

    def test_no_byte_to_a_certificate_of_another_authority_and_a_refusal_to_one_without_account(self):
        self.assertEqual(self.ask("pki/jlis-center.pem", "pki/jlis-center.key"), b"")
        self.assertEqual(self.ask("pki/stranger.pem", "pki/stranger.key"), b"")
        nobody = self.ask("pki/operator-1.pem", "pki/operator-1.key")
        self.assertTrue(nobody.startswith(b"HTTP/1.1 403 "), nobody)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
