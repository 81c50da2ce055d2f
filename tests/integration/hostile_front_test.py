#!/usr/bin/env python3
"""The vault against fronts that an attacker runs.

Goal: a captured front sees what passes through it and can withhold it, and that is all: it obtains
nothing that a card, the source system or two people's own keys did not sign for.
Method: the test is the parent of the shipped vault and the program at the other end of every front's
socket. It speaks the vault's frames (protocol/wire/FORMAT.md, "Vault frames"), names peers as it
likes and sends what it likes. Honest people's requests, which it would see in passing, are made here
with their real keys; what the attacker makes, with keys of its own. Answers are judged as their
receivers judge them: by tests/support/verify_answer.py, and held to openapi.yaml.
Usage: hostile_front_test.py FOLDER_OF_PROGRAMS
"""
import array
import base64
import copy
import csv
import ctypes
import datetime
import hashlib
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import uuid

import jsonschema
import yaml

ROOT = pathlib.Path(__file__).parents[2]
sys.path += [str(pathlib.Path(__file__).parent), str(ROOT / "tests/support")]
from relay_processes_test import BIN, Relay, entries, kiosk, run  # noqa: E402
from verify_answer import Refused, key_id, verify  # noqa: E402

ROLES = {"center": 1, "registry": 2, "admin": 3, "monitoring": 4}
METHODS = {"GET": 1, "HEAD": 2, "POST": 3, "PATCH": 4, "DELETE": 5}
KIND_INTENT, KIND_ERASURE, KIND_CHANGE, KIND_ALARM = 22, 110, 103, 81
CENTER, FEEDER = "jlis-center", "kizon-juki"


def b64(data):
    return base64.b64encode(data).decode()


def digest_of(body):
    return f"sha-256=:{b64(hashlib.sha256(body).digest())}:"


def text(value):
    return struct.pack(">H", len(value.encode())) + value.encode()


def openssl(*command, data):
    """openssl on files: pkeyutl wants its input seekable."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        done = subprocess.run(["openssl", *map(str, command), "-in", file.name], capture_output=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def new_ed25519(path):
    subprocess.run(["openssl", "genpkey", "-algorithm", "ed25519", "-out", str(path)], check=True)
    return path


def sign_ed25519(key, message, password=""):
    return openssl("pkeyutl", "-sign", "-rawin", "-inkey", key, "-passin", f"pass:{password}",
                   data=message)


def public_pem(key, password=""):
    return subprocess.run(["openssl", "pkey", "-in", str(key), "-passin", f"pass:{password}",
                           "-pubout"], check=True, capture_output=True, text=True).stdout


def sealed(key, clear):
    """A change sealed to the vault's key, as protocol/wire/FORMAT.md has it."""
    out = ctypes.create_string_buffer(len(clear) + 48)
    seal = ctypes.CDLL("libsodium.so.23").crypto_box_seal
    assert seal(out, clear, ctypes.c_ulonglong(len(clear)), key) == 0
    return hashlib.sha256(key).digest()[:8] + out.raw


class Socket:
    """A front's end: frames out, frames in. What the vault says to a closed one is nothing."""

    def __init__(self, role, end):
        self.role, self.end, self.number = role, end, 0
        self.end.settimeout(120)
        while (said := self.read()) != b"\x42\x01":  # serving; the center's waits for the self-test
            assert said, "the vault has closed"

    def read(self):
        prefix = self.exactly(4)
        return self.exactly(struct.unpack(">I", prefix)[0]) if prefix else b""

    def exactly(self, size):
        out = b""
        while len(out) < size:
            try:
                part = self.end.recv(size - len(out))
            except ConnectionError:
                part = b""
            if not part:
                return b""
            out += part
        return out

    def send(self, method, path, body=b"", peer=CENTER, headers=(), role=None, digest=None):
        self.number += 1
        headers = dict(headers)
        if body or method in ("POST", "PATCH"):
            headers.setdefault("content-digest", digest or digest_of(body))
        frame = struct.pack(">BQB", 1, self.number, ROLES[role or self.role]) + text(peer)
        frame += bytes([METHODS[method]]) + text(path) + bytes([len(headers)])
        frame += b"".join(text(name) + text(value) for name, value in headers.items())
        frame += struct.pack(">I", len(body)) + body
        try:
            self.end.sendall(struct.pack(">I", len(frame)) + frame)
        except ConnectionError:
            pass

    def receive(self):
        """(number, answer), or none when the vault has closed."""
        frame = self.read()
        if not frame:
            return None
        kind, number, _, status, count = struct.unpack_from(">BQBHB", frame)
        assert kind == 65
        at, headers = 13, {}
        for _ in range(count):
            pair = []
            for _ in range(2):
                (length,) = struct.unpack_from(">H", frame, at)
                pair.append(frame[at + 2:at + 2 + length].decode())
                at += 2 + length
            headers[pair[0]] = pair[1]
        return number, {"status": status, "headers": headers, "body": frame[at + 4:]}

    def ask(self, method, path, body=b"", **more):
        self.send(method, path, body, **more)
        got = self.receive()
        return got and got[1]


class Vault:
    """The shipped vault with this test as its parent."""

    def __init__(self, city):
        self.ends = []
        self.control, child = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self.control.settimeout(120)
        os.set_inheritable(child.fileno(), True)
        number = child.fileno()
        self.process = subprocess.Popen(
            [BIN / "certrelayd", "--config", city / "certrelay.toml", "--role", "vault"],
            close_fds=False, preexec_fn=lambda: os.dup2(number, 3, inheritable=True))
        child.close()
        assert self.control.recv(16) == b"\x02\x01"  # ready

    def link(self, role):
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        self.link_to(role, theirs)
        self.ends.append(ours)
        return Socket(role, ours)

    def link_to(self, role, end):
        self.control.sendmsg([bytes([1, ROLES[role]])],
                             [(socket.SOL_SOCKET, socket.SCM_RIGHTS,
                               array.array("i", [end.fileno()]))])
        end.close()

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=40)
        for end in [self.control, *self.ends]:
            end.close()
        return code


class Description:
    """openapi.yaml: which schema a status of an operation promises."""

    def __init__(self):
        self.document = yaml.safe_load((ROOT / "protocol/wire/openapi.yaml").read_text("utf-8"))

    def follow(self, node):
        while "$ref" in node:
            at = self.document
            for part in node["$ref"].removeprefix("#/").split("/"):
                at = at[part]
            node = at
        return node

    def check(self, method, path, answer):
        for pattern, item in self.document["paths"].items():
            if re.fullmatch(re.sub(r"{\w+}", "[^/]+", pattern), path) and method.lower() in item:
                break
        else:
            return
        promised = self.follow(item[method.lower()]["responses"][str(answer["status"])])
        for name, header in promised["headers"].items():
            header = self.follow(header)
            value = answer["headers"].get(name.lower())
            assert value is not None or not header.get("required", True), name
            if value is not None:
                jsonschema.Draft202012Validator(header["schema"] | {
                    "components": self.document["components"]}).validate(value)
        kind = answer["headers"].get("content-type")
        content = promised.get("content", {})
        assert (kind is None and not content) or kind in content, kind
        if kind and kind.endswith("json"):
            schema = {**content[kind]["schema"], "components": self.document["components"]}
            jsonschema.Draft202012Validator(schema).validate(json.loads(answer["body"]))


class HostileFront(unittest.TestCase):
    honest_changes = 0

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        cls.city = cls.folder / "city"
        made = kiosk("city", "create", cls.city, "--residents", 150, "--seed", 31)
        assert made.returncode == 0, made.stdout + made.stderr
        relay = Relay(cls.city)
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", cls.city)
        assert pushed.returncode == 0, pushed.stdout + pushed.stderr
        assert relay.stop() == 0
        cls.cast = {one["role"]: one for one in json.loads((cls.city / "cast.json").read_text())}
        cls.answer_key = (cls.city / "keys/answer.pub.pem").read_text()
        cls.registry_key = (cls.city / "keys/registry-answer.pub.pem").read_text()
        cls.admin_key = (cls.city / "keys/admin-answer.pub.pem").read_text()
        cls.description = Description()
        cls.attacker = new_ed25519(cls.folder / "attacker.pem")
        cls.vault = Vault(cls.city)
        cls.center = cls.vault.link("center")

    @classmethod
    def tearDownClass(cls):
        code = cls.vault.stop()
        kinds = [kind for kind, _, _ in entries(cls.city)]
        shutil.rmtree(cls.folder)
        assert code == 0
        # What is durable after all of it: honest documents and changes, no erasure or alarm.
        assert kinds.count(KIND_INTENT) >= 4, kinds
        assert kinds.count(KIND_CHANGE) == cls.honest_changes, kinds
        assert not {KIND_ERASURE, KIND_ALARM} & set(kinds), kinds

    # What an honest center, kiosk and card send.

    def call(self, method, path, body=b"", status=None, peer=CENTER):
        """As the center, judged as the center judges."""
        answer = self.center.ask(method, path, body, peer=peer)
        verify(self.answer_key, {"method": method, "path": path, "body": body}, answer)
        self.description.check(method, path, answer)
        if status:
            self.assertEqual(answer["status"], status, answer["body"])
        return answer

    def problem(self, answer):
        return json.loads(answer["body"])["code"]

    @staticmethod
    def path(number, step=""):
        return f"/v1/transactions/{number}{step}"

    def open(self):
        number = str(uuid.uuid4())
        body = json.dumps({"transaction_id": number, "municipality_code": "392901",
                           "kiosk_id": "TOSAMINATO-0001", "certificate_kind": "juminhyo"}).encode()
        answer = self.call("POST", "/v1/transactions", body, 201)
        return number, base64.b64decode(json.loads(answer["body"])["signed_payload"])

    def card_signs(self, role, payload):
        card = json.loads((self.city / self.cast[role]["card"]).read_text())
        key = self.folder / f"{role}.key"
        if not key.exists():
            key.write_text(card["private_key"])
        signature = openssl("pkeyutl", "-sign", "-inkey", key, "-pkeyopt", "digest:sha256",
                            data=hashlib.sha256(payload).digest())
        return json.dumps({"card_certificate": card["certificate"], "signature": b64(signature),
                           "algorithm": card["algorithm"]}).encode()

    def inquire(self, role):
        number, payload = self.open()
        body = self.card_signs(role, payload)
        return number, self.call("POST", self.path(number, "/inquiry"), body, 200), body

    @staticmethod
    def choice(inquiry):
        items = json.loads(inquiry["body"])
        return json.dumps({
            "members": [one["handle"] for one in items["members"] if one["issuable"]],
            "purpose": items["purposes"][0]["code"],
            "entries": [{"code": one["code"], "include": False} for one in items["entries"]],
            "individual_number": False, "copies": 1,
            "inquiry_digest": digest_of(inquiry["body"])}).encode()

    # The center's front.

    def test_an_honest_transaction_passes_and_is_as_described(self):
        number, inquiry, _ = self.inquire("ordinary")
        body = self.choice(inquiry)
        document = self.call("POST", self.path(number, "/issuance"), body, 200)
        self.assertTrue(document["body"].startswith(b"%PDF"))
        again = self.call("POST", self.path(number, "/issuance"), body, 200)
        self.assertEqual(again, document)
        event = json.dumps({"event_id": str(uuid.uuid4()), "event": "printed",
                            "occurred_at": time.strftime("%Y-%m-%dT%H:%M:%S+09:00",
                                                         time.gmtime(time.time() + 9 * 3600)),
                            "sheets_printed": 1, "paid": True, "amount_yen": 200}).encode()
        self.call("POST", self.path(number, "/events"), event, 204)
        state = self.call("GET", self.path(number), status=200)
        self.assertEqual(json.loads(state["body"])["state"], "printed")
        service = self.call("GET", "/v1/service", status=200)
        self.assertIn("etag", service["headers"])
        today = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 9 * 3600))
        rows = json.loads(self.call("GET", f"/v1/settlements/{today}", status=200)["body"])["rows"]
        self.assertIn("printed", {row["state"] for row in rows})
        incident = json.dumps({"transaction_id": number, "kind": "paper", "text": "用紙"},
                              ensure_ascii=False).encode()
        first = self.call("POST", "/v1/incidents", incident, 201)
        self.assertEqual(self.call("POST", "/v1/incidents", incident, 201)["body"], first["body"])

    def test_it_reaches_no_verb_but_its_own_roles(self):
        for method, path in [("GET", "/v1/register"), ("GET", "/v1/extracts/" + str(uuid.uuid4())),
                             ("POST", "/v1/changes"), ("POST", "/v1/heartbeats"),
                             ("GET", "/metrics"), ("GET", "/readyz"), ("GET", "/v1/state"),
                             ("GET", "/v1/operators"), ("POST", "/v1/actions"),
                             ("POST", "/v1/cards"), ("PATCH", "/v1/cards"), ("GET", "/v1/persons"),
                             ("DELETE", "/v1/transactions/" + str(uuid.uuid4()))]:
            with self.subTest(f"{method} {path}"):
                answer = self.center.ask(method, path, b"{}" if method != "GET" else b"")
                self.assertEqual(answer["status"], 404)
                self.assertEqual(self.problem(answer), "not_found")

    def test_a_frame_of_another_role_ends_its_socket(self):
        for role in ("registry", "admin", "monitoring"):
            with self.subTest(role):
                front = self.vault.link("center")
                self.assertIsNone(front.ask("GET", "/v1/register", role=role))
        for garbage in (b"\xff\xff\xff\xff", struct.pack(">I", 1) + b"\x41", bytes(8)):
            front = self.vault.link("center")
            front.end.sendall(garbage)
            self.assertEqual(front.read(), b"")
        type(self).center = self.vault.link("center")
        self.call("GET", "/v1/service", status=200)

    def test_swapped_answers_verify_for_nobody(self):  # INV-3
        asked = []
        for role in ("ordinary", "large4"):
            number, inquiry, _ = self.inquire(role)
            asked.append((self.path(number, "/issuance"), self.choice(inquiry)))
        for path, body in asked:
            self.center.send("POST", path, body)
        got = dict(self.center.receive() for _ in asked)
        first, second = (got[number] for number in sorted(got))
        requests = [{"method": "POST", "path": path, "body": body} for path, body in asked]
        verify(self.answer_key, requests[0], first)
        verify(self.answer_key, requests[1], second)
        for request, answer in ((requests[0], second), (requests[1], first)):
            with self.assertRaises(Refused):
                verify(self.answer_key, request, answer)
        # Nor a body under the other's headers, nor either signed by somebody else.
        mixed = copy.deepcopy(first)
        mixed["body"] = second["body"]
        with self.assertRaises(Refused):
            verify(self.answer_key, requests[0], mixed)
        with self.assertRaises(Refused):
            verify(self.registry_key, requests[0], first)

    def test_a_replayed_signature_opens_nothing(self):  # INV-10
        number, inquiry, body = self.inquire("ordinary")
        same = self.center.ask("POST", self.path(number, "/inquiry"), body)
        self.assertEqual(same, inquiry)  # what it saw already, and not one byte more
        other = self.center.ask("POST", self.path(number, "/inquiry"), body, peer="another-center")
        self.assertEqual(self.problem(other), "conflict")
        fresh, _ = self.open()
        replayed = self.call("POST", self.path(fresh, "/inquiry"), body)
        self.assertEqual(self.problem(replayed), "card_not_accepted")
        # That was this transaction's one try; even its own card comes too late.
        own = self.call("POST", self.path(fresh, "/inquiry"), body + b" ")
        self.assertEqual(self.problem(own), "conflict")

    def test_it_cannot_make_a_choice_that_the_card_did_not_open(self):
        number, inquiry, _ = self.inquire("large4")
        foreign = json.loads(self.choice(self.inquire("ordinary")[1]))
        chosen = json.loads(self.choice(inquiry))
        chosen["members"] = foreign["members"]
        answer = self.call("POST", self.path(number, "/issuance"), json.dumps(chosen).encode())
        self.assertEqual(self.problem(answer), "selection_invalid")

    def test_a_body_that_is_not_what_its_digest_says_reaches_no_decoder(self):
        number, payload = self.open()
        body = self.card_signs("ordinary", payload)
        answer = self.center.ask("POST", self.path(number, "/inquiry"), body,
                                 digest=digest_of(b"another"))
        self.assertEqual(self.problem(answer), "bad_request")
        self.call("POST", self.path(number, "/inquiry"), body, 200)  # nothing was consumed

    # The registry's front.

    def statement(self, kind, body, generation, sequence, key=None, password="", sent_at=None):
        sent_at = int(time.time() * 1000) if sent_at is None else sent_at
        message = f"certrelay {kind} v1".encode() + b"\0" + b"392901"
        message += struct.pack(">QQQ", generation, sequence, sent_at) + hashlib.sha256(body).digest()
        key = key or self.city / "feeder/feeder.pem"
        signature = sign_ed25519(key, message, password)
        pub = key_id(public_pem(key, password))
        return {"certrelay-statement":
                f'generation={generation}, sequence={sequence}, sent-at={sent_at}, keyid="{pub}", '
                f"signature=:{b64(signature)}:"}

    def feeder(self, *arguments, **more):
        password = (self.city / "feeder/password").read_text().strip()
        return self.statement(*arguments, password=password, **more)

    @staticmethod
    def rising(front):
        """A whole second, in ms, that a source system would send next: after its last, and now."""
        status = json.loads(front.ask("GET", "/v1/register", peer=FEEDER)["body"])
        last = datetime.datetime.fromisoformat(status["last_contact_at"]).timestamp()
        return max(int(last) + 1, int(time.time())) * 1000

    def test_a_registry_front_can_neither_make_nor_alter_nor_replay(self):
        front = self.vault.link("registry")
        ask = lambda *a, **m: front.ask(*a, peer=FEEDER, **m)  # noqa: E731
        status = json.loads(ask("GET", "/v1/register")["body"])
        self.assertLessEqual(set(status), {
            "generation", "sequence", "last_contact_at", "seconds_to_bound", "pending_approvals",
            "near_bound", "reason", "complete_until", "scheduled_at", "quarantined", "announced",
            "put_aside", "change_key"})
        generation, sequence = status["generation"], status["sequence"]
        # Times rise, in whole seconds; and a minute after it was sent nobody takes it any more.
        first = self.rising(front)
        old = self.feeder("heartbeat", b"{}", generation, sequence, sent_at=first)
        self.assertEqual(ask("POST", "/v1/heartbeats", b"{}", headers=old)["status"], 200)
        contact = json.loads(ask("GET", "/v1/register")["body"])["last_contact_at"]
        self.assertEqual(datetime.datetime.fromisoformat(contact).timestamp() * 1000, first)
        # The very last one again is a sender's honest repeat: answered, and no contact.
        again = ask("POST", "/v1/heartbeats", b"{}", headers=old)
        self.assertEqual(json.loads(again["body"])["last_contact_at"], contact)
        good = self.feeder("heartbeat", b"{}", generation, sequence, sent_at=self.rising(front))
        self.assertEqual(ask("POST", "/v1/heartbeats", b"{}", headers=good)["status"], 200)
        promise = b'{"complete_until":"2026-12-01T00:00:00+09:00"}'
        tries = {
            "replayed": (b"{}", old),
            "another body": (promise, good),
            "none": (b"{}", {}),
            "own key": (b"{}", self.statement("heartbeat", b"{}", generation, sequence,
                                              key=self.attacker)),
            "another kind": (b"{}", self.feeder("activate", b"{}", generation, sequence)),
            "old": (b"{}", self.feeder("heartbeat", b"{}", generation, sequence,
                                       sent_at=int(time.time() * 1000) - 61_000)),
        }
        for name, (body, headers) in tries.items():
            with self.subTest(name):
                answer = ask("POST", "/v1/heartbeats", body, headers=headers)
                self.assertGreaterEqual(answer["status"], 400)
                self.assertIn(self.problem(answer), ("statement_refused", "bad_request"))
        with self.subTest("a change of its own"):
            body = secrets.token_bytes(256)
            headers = self.statement("change", body, generation, sequence + 1, key=self.attacker)
            self.assertGreaterEqual(ask("POST", "/v1/changes", body, headers=headers)["status"], 400)
        after = json.loads(ask("GET", "/v1/register")["body"])
        self.assertEqual((after["generation"], after["sequence"], after["reason"]),
                         (generation, sequence, "ready"))
        with self.subTest("an extract of its own"):
            manifest = (self.city / "extract/manifest.json").read_bytes()
            headers = self.statement("manifest", manifest, generation + 1, 0, key=self.attacker)
            answer = ask("POST", "/v1/extracts", manifest, headers=headers)
            self.assertEqual(self.problem(answer), "statement_refused")

    def register(self, front):
        return json.loads(front.ask("GET", "/v1/register", peer=FEEDER)["body"])

    def honest(self, front, path, kind, body, key=None):
        """What the source system sends next and is told, as the front sees both in passing."""
        now = self.register(front)
        number = now["sequence"] + (1 if kind == "change" else 0)
        headers = self.feeder(kind, body, now["generation"], number, sent_at=self.rising(front))
        sent = {"path": path, "body": sealed(key, body) if key else body, "headers": headers}
        answer = self.again(front, sent)
        self.assertEqual(answer["status"], 200, answer["body"])
        return sent, answer

    @staticmethod
    def again(front, sent, **other):
        return front.ask("POST", **{**sent, **other}, peer=FEEDER)

    def honest_change(self, front, **what):
        manifest = json.loads((self.city / "extract/manifest.json").read_text())
        body = {"issuers": manifest["issuers"], "households": [], "deleted": [], "deceased": [],
                "cards_added": [], "cards_removed": [], "images": [], **what}
        seen = self.honest(front, "/v1/changes", "change",
                           json.dumps(body, separators=(",", ":")).encode(),
                           key=base64.b64decode(self.register(front)["change_key"]))
        self.assertEqual(json.loads(seen[1]["body"])["quarantined"], [])
        type(self).honest_changes += 1
        return seen

    def meets(self, role):
        """What a resident's card is answered: nothing is wrong, or which problem."""
        number, payload = self.open()
        answer = self.call("POST", self.path(number, "/inquiry"), self.card_signs(role, payload))
        return None if answer["status"] == 200 else self.problem(answer)

    def state(self, front):
        return {name: value for name, value in self.register(front).items()
                if name != "seconds_to_bound"}

    def test_a_replayed_change_undoes_nothing(self):  # INV-6
        front = self.vault.link("registry")
        person = self.cast["large4"]["person_id"]
        with open(self.city / "extract/cards.csv", encoding="utf-8", newline="") as file:
            cards = [row for row in csv.DictReader(file) if row["person_id"] == person]
        lost = [{name: row[name] for name in ("issuer", "serial")} for row in cards]
        promise = json.dumps({"complete_until": time.strftime(
            "%Y-%m-%dT%H:%M:%S+09:00", time.gmtime(time.time() + 12 * 3600))}).encode()
        seen = [self.honest_change(front, cards_removed=lost),
                self.honest_change(front, cards_added=cards)]
        self.assertIsNone(self.meets("large4"))
        promised = self.honest(front, "/v1/heartbeats", "heartbeat", promise)[0]
        self.assertIn("complete_until", self.register(front))
        seen.append(self.honest_change(front, cards_removed=lost))
        after = self.state(front)
        self.assertNotIn("complete_until", after)  # a change ends a promise
        for sent, answer in seen:  # a repeat, as of a sender whose answer was lost
            self.assertEqual(self.again(front, sent)["body"], answer["body"])
        told = json.loads(self.again(front, promised)["body"])
        self.assertNotIn("complete_until", told)  # nor does it promise anew
        found, known = seen[1][0], after["sequence"]
        statement = found["headers"]["certrelay-statement"]
        renumbered, times = re.subn(r"sequence=\d+, sent-at=\d+",
                                    f"sequence={known + 1}, sent-at={self.rising(front)}", statement)
        self.assertEqual(times, 1)
        lately = seen[2][0]["headers"]
        for name, sent, other in (
                ("as the next one", found, {"headers": {"certrelay-statement": renumbered}}),
                ("under the last one's statement", found, {"headers": lately}),
                ("as a reconciliation", found, {"path": "/v1/reconciliations"}),
                ("the promise under its statement", promised, {"headers": lately})):
            with self.subTest(name):
                answer = self.again(front, sent, **other)
                self.assertIn(self.problem(answer), ("statement_refused", "conflict"))
        self.assertEqual(self.state(front), after)
        self.assertEqual(self.meets("large4"), "window_only")  # the card stays lost
        self.honest_change(front, cards_added=cards)
        self.assertIsNone(self.meets("large4"))

    def test_an_import_key_of_its_own_is_refused_by_the_sender(self):
        front = self.vault.link("registry")
        manifest = (self.city / "extract/manifest.json").read_bytes()
        generation = json.loads(manifest)["generation"] + 1
        manifest = re.sub(rb'"generation":\s*\d+', b'"generation":%d' % generation, manifest)
        request = {"method": "POST", "path": "/v1/extracts", "body": manifest}
        headers = self.feeder("manifest", manifest, generation, 0, sent_at=self.rising(front))
        answer = front.ask("POST", "/v1/extracts", manifest, headers=headers, peer=FEEDER)
        verify(self.registry_key, request, answer)
        self.assertEqual(answer["status"], 201, answer["body"])
        self.description.check("POST", "/v1/extracts", answer)
        offer = json.loads(answer["body"])
        offer["import_key"] = b64(secrets.token_bytes(32))
        answer["body"] = json.dumps(offer, separators=(",", ":")).encode()
        answer["headers"]["content-digest"] = digest_of(answer["body"])
        with self.assertRaises(Refused):
            verify(self.registry_key, request, answer)

    # The admin front, with the live sessions of a clerk and of the city administrator.

    def session(self, person):
        certificate = (self.city / f"operators/{person}.pem").read_text()
        public = subprocess.run(["openssl", "x509", "-pubkey", "-noout"], input=certificate,
                                capture_output=True, text=True, check=True).stdout
        names = subprocess.run(["openssl", "x509", "-ext", "subjectAltName", "-noout"],
                               input=certificate, capture_output=True, text=True, check=True).stdout
        return f"{key_id(public)}@{re.search(r'DNS:(terminal-[0-9]+)', names)[1]}"

    def pass_phrase(self, person):
        return (self.city / f"operators/{person}.pass-phrase").read_text().strip()

    def proposal(self, proposer, action, parameters, key, password=""):
        number, expires = uuid.uuid4(), int(time.time()) + 3600
        reason = "見本: 消去"
        message = b"certrelay operator action v1\0" + b"392901" + number.bytes
        message += struct.pack(">Q", expires * 1000) + text(proposer) + text(action) + text(reason)
        message += bytes([len(parameters)])
        message += b"".join(text(name) + text(value) for name, value in sorted(parameters.items()))
        signed = {"keyid": key_id(public_pem(key, password)),
                  "signature": b64(sign_ed25519(key, message, password))}
        return number, {
            "action_id": str(number), "proposer": proposer, "action": action,
            "parameters": [{"name": n, "value": v} for n, v in sorted(parameters.items())],
            "reason": reason, "expires_at": time.strftime(
                "%Y-%m-%dT%H:%M:%S+09:00", time.gmtime(expires + 9 * 3600)), **signed}

    def test_an_admin_front_with_two_live_sessions_erases_nobody(self):  # R20, R51
        front = self.vault.link("admin")
        clerk, admin = self.session("mihon-clerk"), self.session("mihon-admin")
        victim = {"person": self.cast["large4"]["person_id"]}

        def post(path, message, peer):
            body = json.dumps(message, ensure_ascii=False).encode()
            return front.ask("POST", path, body, peer=peer)

        self.assertEqual(front.ask("GET", "/v1/state", peer=clerk)["status"], 200)
        self.assertEqual(front.ask("GET", "/v1/state", peer=admin)["status"], 200)
        with self.subTest("proposed under a key of its own"):
            for proposer, peer in (("mihon-clerk", clerk), ("mihon-admin", admin)):
                _, message = self.proposal(proposer, "erase.one", victim, self.attacker)
                self.assertEqual(self.problem(post("/v1/actions", message, peer)), "not_allowed")
        # The clerk did sign something: to erase those who have left.
        key, phrase = self.city / "operators/mihon-clerk.approval.pem", self.pass_phrase("mihon-clerk")
        number, good = self.proposal("mihon-clerk", "erase.due", {}, key, phrase)
        with self.subTest("turned to another person"):
            turned = {**good, "action": "erase.one",
                      "parameters": [{"name": "person", "value": victim["person"]}]}
            self.assertEqual(self.problem(post("/v1/actions", turned, clerk)), "not_allowed")
        self.assertEqual(post("/v1/actions", good, clerk)["status"], 202)
        known = {"keyid": good["keyid"], "signature": good["signature"]}
        pending = f"/v1/actions/{number}/approval"
        own = {"keyid": key_id(public_pem(self.attacker)),
               "signature": b64(sign_ed25519(self.attacker, b"x"))}
        admins = {**known, "keyid": key_id(public_pem(
            self.city / "operators/mihon-admin.approval.pem", self.pass_phrase("mihon-admin")))}
        for name, approval, peer in (("the clerk's in his session", known, clerk),
                                     ("the clerk's in the administrator's", known, admin),
                                     ("its own", own, admin), ("under her name", admins, admin)):
            with self.subTest(name):
                refused = post(pending, approval, peer)
                self.assertGreaterEqual(refused["status"], 400)
        listed = front.ask("GET", f"/v1/actions/{number}", peer=clerk)
        self.assertEqual(json.loads(listed["body"])["state"], "pending")
        # Nobody was erased: the resident is served.
        number, inquiry, _ = self.inquire("large4")
        self.call("POST", self.path(number, "/issuance"), self.choice(inquiry), 200)

    def test_a_session_of_nobody_is_nobodys(self):
        front = self.vault.link("admin")
        for peer in ("mihon-admin", CENTER, f"{key_id(public_pem(self.attacker))}@terminal-1"):
            answer = front.ask("GET", "/v1/operators", peer=peer)
            self.assertEqual(self.problem(answer), "not_allowed")


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)
