#!/usr/bin/env python3
"""Each kind of mismatch in the shipped programs stops everything (INV-9, docs/FAIL_STOP.md).

Goal: whatever contradicts itself (the page, the bytes about to leave, a sealed record, the ledger,
the center's own report) sends nothing, and shows in /readyz, in the metrics, on stderr and in the
ledger; neither a restart nor one person ends it, two persons with a reason do.
Method: a fault put into the running relay from outside (in the vault's memory, a stored record or
entry, the center's report), each in a city of its own and judged by one list of expectations. The
vault's memory is root's alone.
Usage: fail_stop_test.py FOLDER_OF_PROGRAMS
"""
import json
import os
import pathlib
import re
import sqlite3
import sys
import unittest
import urllib.request

sys.path += [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "support")]
from center_line import Line, choice, inquiry_body, open_body  # noqa: E402
from city_case import CityCase  # noqa: E402
from relay_processes_test import Relay, entries  # noqa: E402

KIND_INTENT, KIND_LATCHED, KIND_CLEARED = 22, 81, 82
OPERATOR, APPROVER, REASON = 0x0010, 0x0011, 0x0014
DIGEST, DOCUMENT_NOT_ASKED, CHAIN, READBACK, SEAL = 9, 370, 423, 508, 720
SENTENCE = "の住民票の原本と相違ないことを証明する。"
WHY = "見本: 原因を調べ、帳票を確認した"


def copies_in_memory(process, pattern):
    """Where the bytes begin in a process's own, writable memory."""
    with open(f"/proc/{process}/mem", "rb", buffering=0) as memory:
        for line in pathlib.Path(f"/proc/{process}/maps").read_text().splitlines():
            match = re.match(r"([0-9a-f]+)-([0-9a-f]+) rw-p \S+ \S+ 0\b", line)
            if not match:
                continue
            begin, end = (int(part, 16) for part in match.groups())
            memory.seek(begin)
            try:
                data = memory.read(end - begin)
            except OSError:
                continue  # a guard page
            at = data.find(pattern)
            while at >= 0:
                yield begin + at
                at = data.find(pattern, at + 1)


def write_memory(process, place, data):
    with open(f"/proc/{process}/mem", "r+b", buffering=0) as memory:
        memory.seek(place)
        memory.write(data)


class FailStop(CityCase):
    def restart(self):
        self.assertEqual(self.relay.stop(), 0)
        self.relay = Relay(self.city)

    def transaction(self, role="ordinary"):
        """(line, path of the issuance, its body) of an applicant whose household is listed."""
        line = Line(self.city, self.relay.addresses["center"])
        self.addCleanup(line.tls.close)
        cast = {one["role"]: one for one in json.loads((self.city / "cast.json").read_text())}
        card = json.loads((self.city / cast[role]["card"]).read_text())
        key = self.folder / f"{role}.key"
        key.write_text(card["private_key"])
        number, body = open_body()
        status, _, opened, _ = line.post("/v1/transactions", body)
        self.assertEqual(status, 201, opened)
        status, _, listed, _ = line.post(f"/v1/transactions/{number}/inquiry",
                                         inquiry_body(card, key, opened))
        self.assertEqual(status, 200, listed)
        return line, f"/v1/transactions/{number}/issuance", choice(listed)

    def metrics(self):
        host, port = self.relay.addresses["monitoring"]
        with urllib.request.urlopen(f"http://{host}:{port}/metrics", timeout=60) as answer:
            return answer.read().decode()

    def expect_stopped(self):
        """Nobody is served, and /readyz and the metrics tell why."""
        refused = self.issue()
        self.assertEqual(refused.returncode, 1)
        self.assertIn("issuing_stopped", refused.stdout + refused.stderr)
        health = self.relay.health()
        self.assertFalse(health["ready"])
        self.assertIn('certrelay_check_ok{check="alarm"} 0', self.metrics())
        self.assertIn("certrelay_ready 0", self.metrics())
        return next(one for one in health["checks"] if one["name"] == "alarm")

    def expect_all_stopped_until_two_persons_clear_it(self, error, intents, cured=True):
        said = self.expect_stopped()
        self.assertFalse(said["ok"])
        self.assertIn(str(error), said["reason"])
        # stderr has it within the vault's next tick, and a restart forgets nothing.
        self.assertIn("ALARM", self.relay.await_line(f": error {error};"))
        self.relay.stop()
        self.relay = Relay(self.city)
        self.assertEqual(self.expect_stopped()["reason"], said["reason"])
        # Nor does one person end it, whoever that is, nor anybody without a reason.
        self.assertEqual(self.ctl("mihon-clerk", "alarm", "clear").returncode, 2)
        asked = self.ctl("mihon-clerk", "alarm", "clear", "--reason", WHY)
        self.assertEqual(asked.returncode, 4, asked.stdout + asked.stderr)
        number = self.id_in(asked)
        for alone in ("mihon-clerk", "mihon-auditor"):
            self.assertEqual(self.ctl(alone, "approve", number, "--yes").returncode, 1)
        self.expect_stopped()
        approved = self.ctl("mihon-admin", "approve", number, "--yes")
        self.assertEqual(approved.returncode, 0, approved.stdout + approved.stderr)
        if cured:
            self.assertTrue(self.relay.check("alarm")["ok"])
            self.assertEqual(self.issue().returncode, 0)
        self.assertEqual(self.relay.stop(), 0)
        found = entries(self.city)
        latched = [reason for kind, reason, _ in found if kind == KIND_LATCHED]
        self.assertEqual(latched[:1], [error])
        cleared = [fields for kind, _, fields in found if kind == KIND_CLEARED]
        self.assertEqual([(one[OPERATOR], one[APPROVER], one[REASON]) for one in cleared],
                         [([b"mihon-clerk"], [b"mihon-admin"], [WHY.encode()])])
        before = found[:next(at for at, one in enumerate(found) if one[0] == KIND_CLEARED)]
        self.assertEqual([kind for kind, _, _ in before].count(KIND_INTENT), intents)

    @unittest.skipUnless(os.geteuid() == 0, "the vault's memory is written by root alone")
    def test_a_stored_document_that_changed_in_memory(self):  # digest
        line, path, body = self.transaction()
        status, _, document, _ = line.post(path, body)
        self.assertEqual((status, document[:5]), (200, b"%PDF-"))
        self.assertEqual(line.post(path, body)[2], document)
        vault, at = self.relay.child("vault"), len(document) // 2
        copies = list(copies_in_memory(vault, document))
        self.assertGreaterEqual(len(copies), 1)
        for place in copies:
            write_memory(vault, place + at, bytes([document[at] ^ 1]))
        status, _, problem, _ = line.post(path, body)
        self.assertEqual((status, json.loads(problem)["code"]), (503, "issuing_stopped"))
        self.expect_all_stopped_until_two_persons_clear_it(DIGEST, intents=1)

    @unittest.skipUnless(os.geteuid() == 0, "the vault's memory is written by root alone")
    def test_a_page_that_says_another_thing(self):  # readback
        # The form's own sentence, in the writer's copy or the reader's: whichever is one that a page
        # is made of or held to, and not what is left of reading the configuration.
        vault = self.relay.child("vault")
        for issued, place in enumerate(list(copies_in_memory(vault, SENTENCE.encode()))):
            line, path, body = self.transaction()
            write_memory(vault, place, SENTENCE.replace("相違", "相異").encode())
            status, _, answer, _ = line.post(path, body)
            if status != 200:
                break
            write_memory(vault, place, SENTENCE.encode())
        self.assertEqual((status, json.loads(answer)["code"]), (503, "issuing_stopped"))
        self.expect_all_stopped_until_two_persons_clear_it(READBACK, intents=issued)

    def test_a_record_that_does_not_open(self):  # the register's seal
        self.restart()  # nothing of the register is in a cache
        target = next((self.city / "state/register").glob("gen-*.base"))
        good = target.read_bytes()
        with open(target, "r+b") as file:
            file.write(self.spoiled_records(good))
        self.assertEqual(self.issue().returncode, 1)
        with open(target, "r+b") as file:
            file.write(good)
        self.expect_all_stopped_until_two_persons_clear_it(SEAL, intents=0)

    def test_an_entry_that_was_altered(self):  # ledger
        self.assertEqual(self.relay.stop(), 0)
        database = sqlite3.connect(self.city / "state/ledger/ledger.db")
        database.execute("UPDATE entry SET chain = zeroblob(32) WHERE sequence = 2")
        database.commit()
        database.close()
        self.relay = Relay(self.city)
        self.relay.await_check("alarm", f"latched, error {CHAIN}")
        self.expect_all_stopped_until_two_persons_clear_it(CHAIN, intents=0, cured=False)

    def test_what_the_center_reports(self):
        line, path, body = self.transaction()
        self.assertEqual(line.post(path, body)[0], 200)
        report = {"transaction_id": path.split("/")[3], "kind": "wrong_person", "text": "見本"}
        status, _, said, _ = line.post("/v1/incidents", json.dumps(report).encode())
        self.assertEqual(status, 201, said)
        status, _, problem, _ = line.post(path, body)
        self.assertEqual((status, json.loads(problem)["code"]), (503, "issuing_stopped"))
        self.expect_all_stopped_until_two_persons_clear_it(DOCUMENT_NOT_ASKED, intents=1)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)
