#!/usr/bin/env python3
"""OCSP's way outside, as processes: certrelay-fetch carries bytes and nothing else, and a relay that is
told to ask refuses a card of which nobody says that it is good (R15).

Method: a responder of this script's own, the socket's documented bytes, and a small fictional city whose
configuration gets [ocsp]. Real answers are OpenSSL's, signed with the city's card authority. What a good
answer is in every detail, tests/unit/identity/ocsp_step_test.cpp tells.
Usage: fetch_test.py FOLDER_OF_PROGRAMS
"""
import base64
import http.server
import json
import pathlib
import shutil
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import threading
import unittest

sys.path += [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "support")]
from relay_processes_test import BIN, KIND_REFUSAL, Relay, allow_root, entries, kiosk, run  # noqa: E402
from until import until  # noqa: E402

PATIENT_MS = 8000  # the longest that can be configured: an answer is expected, on a slow machine too
REASON_MALFORMED, REASON_NO_ANSWER = 160, 172
REASON_REVOKED, REASON_ON_HOLD, REASON_STATUS_UNKNOWN, REASON_NONCE = 127, 128, 170, 165


class Responder(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    seen = []
    hold = threading.Event()
    answer = None  # bytes of a question to bytes of an answer, at /ocsp/real

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Responder.seen.append((self.path, self.headers["Content-Type"], self.headers["Host"], body))
        status, kind, answer = 200, "application/ocsp-response", b"answer:" + body
        if self.path == "/elsewhere":
            status = 302
        elif self.path == "/html":
            kind = "text/html"
        elif self.path == "/large":
            answer = b"x" * 16385
        elif self.path == "/largest":
            answer = b"x" * 16384
        elif self.path == "/silent":
            Responder.hold.wait(30)
        elif self.path == "/garbage":
            answer = b"\x30\x00"
        elif self.path == "/ocsp/real":
            answer = Responder.answer(body)
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(answer)))
        self.send_header("Location", "/ocsp")
        self.end_headers()
        try:
            self.wfile.write(answer)
        except BrokenPipeError:  # whoever asked had enough
            pass

    def log_message(self, *_):
        pass


class Fetch:
    def __init__(self, config):
        self.process = subprocess.Popen([BIN / "certrelay-fetch", "--config", config],
                                        stdout=subprocess.PIPE, text=True)
        line = self.process.stdout.readline()
        assert line.startswith("LISTENING fetch "), line
        self.path = line.split(" ", 2)[2].strip()

    def ask(self, address, body, length=None):
        """The answer's body, None for `nothing came`, b"" when the line was closed."""
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(60)
            line.connect(self.path)
            line.sendall(struct.pack(">BI", address, len(body) if length is None else length) + body)
            data = b""
            try:
                while part := line.recv(65536):
                    data += part
            except ConnectionResetError:  # closed before it had read everything
                pass
        if not data:
            return b""
        outcome, size = struct.unpack_from(">BI", data)
        assert len(data) == 5 + size, data[:5]
        return data[5:] if outcome == 0 else None

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        self.process.stdout.close()
        return code


class WithResponder(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        Responder.seen.clear()
        Responder.hold.clear()
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Responder)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()
        self.addCleanup(self.server.server_close)
        self.addCleanup(self.server.shutdown)
        self.addCleanup(Responder.hold.set)
        self.base = f"http://127.0.0.1:{self.server.server_address[1]}"


class FetchAlone(WithResponder):
    def start(self, *paths, timeout_ms=PATIENT_MS):
        (self.folder / "run").mkdir(exist_ok=True)
        urls = ", ".join(f'"{self.base}{path}"' for path in paths)
        config = self.folder / "certrelay.toml"
        config.write_text(f"[ocsp]\nresponders = [{urls}]\ntimeout_ms = {timeout_ms}\n")
        allow_root(config)
        fetch = Fetch(config)
        self.addCleanup(fetch.stop)
        return fetch

    def test_bytes_go_to_the_address_that_is_named_and_come_back(self):
        fetch = self.start("/ocsp", "/other?x=1", "/largest")
        self.assertEqual(fetch.ask(0, b"question"), b"answer:question")
        self.assertEqual(fetch.ask(1, b"\x00\xff"), b"answer:\x00\xff")
        self.assertEqual(len(fetch.ask(2, b"q" * 16384)), 16384)
        self.assertEqual([(path, kind) for path, kind, _, _ in Responder.seen],
                         [(path, "application/ocsp-request")
                          for path in ("/ocsp", "/other?x=1", "/largest")])
        self.assertEqual(Responder.seen[0][2], self.base[len("http://"):])

    def test_nothing_usable_is_no_answer(self):
        fetch = self.start("/elsewhere", "/html", "/large")
        for address in range(3):
            self.assertIsNone(fetch.ask(address, b"q"), address)
        self.assertEqual(len(Responder.seen), 3)  # no redirection was followed

    def test_silence_is_no_answer(self):
        fetch = self.start("/silent", timeout_ms=1000)
        self.assertIsNone(fetch.ask(0, b"q"))
        until(lambda: len(Responder.seen) == 1, "nobody was asked")

    def test_what_is_no_question_is_not_carried(self):
        fetch = self.start("/ocsp")
        self.assertEqual(fetch.ask(1, b"q"), b"")
        self.assertEqual(fetch.ask(0, b""), b"")
        self.assertEqual(fetch.ask(0, b"", length=16385), b"")
        self.assertEqual(Responder.seen, [])
        self.assertEqual(fetch.ask(0, b"q"), b"answer:q")

    def test_the_socket_is_its_owners_alone(self):
        fetch = self.start("/ocsp")
        self.assertEqual(pathlib.Path(fetch.path).stat().st_mode & 0o777, 0o600)

    def test_a_configuration_that_it_cannot_serve_is_refused(self):
        config = self.folder / "certrelay.toml"
        for text in ("[site]\n", "[ocsp]\nresponders = []\n",
                     '[ocsp]\nresponders = ["https://a/"]\n',
                     '[ocsp]\nresponders = ["http://u@a/"]\n',
                     '[ocsp]\nresponders = ["http://a/"]\nrefuse_unknwon = false\n'):
            config.write_text(text)
            done = run(BIN / "certrelay-fetch", "--config", config)
            self.assertEqual(done.returncode, 1, text)
            self.assertIn("ocsp", done.stderr)


class FetchAndRelay(WithResponder):
    def test_a_card_of_which_nobody_says_that_it_is_good_is_refused(self):
        city = self.folder / "city"
        made = kiosk("city", "create", city, "--residents", 150, "--seed", 5)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        config = city / "certrelay.toml"
        text = config.read_text()
        section = (f'\n[ocsp]\nresponders = ["{self.base}/garbage"]\n'
                   f'timeout_ms = {PATIENT_MS}\n')
        config.write_text(text + section)
        checked = run(BIN / "certrelayd", "--config", config, "--check")
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertIn("特定個人情報保護評価書の変更が必要です", checked.stderr)
        self.assertIn(f'responders = ["{self.base}/garbage"]', checked.stderr)
        relay = Relay(city)
        self.addCleanup(lambda: relay.stop())
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", city)
        self.assertEqual(pushed.returncode, 0, pushed.stdout + pushed.stderr)

        def issue(expected):
            done = kiosk("issue", "--city", city, "--as", "ordinary")
            self.assertEqual(done.returncode, expected, done.stdout + done.stderr)
            if expected:
                self.assertIn("card_not_accepted", done.stdout + done.stderr)
        issue(1)  # nobody carries the question
        fetch = Fetch(config)
        issue(1)  # what comes back is no answer
        self.assertEqual(len(Responder.seen), 1)
        relay.stop()
        refused = [reason for kind, reason, _ in entries(city) if reason in (160, 172)]
        self.assertEqual(refused, [REASON_NO_ANSWER, REASON_MALFORMED])
        # Where the configuration says so, the list decides alone.
        config.write_text(text + section + "refuse_unknown = false\n")
        relay = Relay(city)
        issue(0)
        self.assertEqual(fetch.stop(), 0)


class OpensslResponder:
    """What the authority of a city says of its cards: an index as `openssl ca` keeps it."""

    def __init__(self, city, folder):
        self.city, self.folder, self.lines, self.last = city, folder, [], None
        self.cast = {one["role"]: one for one in json.loads((city / "cast.json").read_text())}

    def serial(self, role):
        card = json.loads((self.city / self.cast[role]["card"]).read_text())
        (self.folder / "card.der").write_bytes(base64.b64decode(card["certificate"]))
        return run("openssl", "x509", "-inform", "DER", "-in", self.folder / "card.der", "-noout",
                   "-serial").stdout.strip().split("=")[1]

    def say(self, role, state, when=""):
        self.lines.append(f"{state}\t351231235959Z\t{when}\t{self.serial(role)}\tunknown\t/CN={role}\n")
        (self.folder / "index.txt").write_text("".join(self.lines))

    def __call__(self, question):
        (self.folder / "question.der").write_bytes(question)
        done = run("openssl", "ocsp", "-index", self.folder / "index.txt",
                   "-CA", self.city / "pki/card-root.pem", "-rsigner", self.city / "pki/card-root.pem",
                   "-rkey", self.city / "pki/card-root.key", "-reqin", self.folder / "question.der",
                   "-respout", self.folder / "answer.der", "-nmin", "5")
        assert done.returncode == 0, done.stderr
        self.last = (self.folder / "answer.der").read_bytes()
        return self.last


class RealAnswers(WithResponder):
    def test_good_revoked_on_hold_and_unknown_are_told_apart(self):
        city = self.folder / "city"
        made = kiosk("city", "create", city, "--residents", 150, "--seed", 6)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        authority = OpensslResponder(city, self.folder)
        authority.say("ordinary", "V")
        authority.say("ordinary_phone", "R", "251122100000Z")
        authority.say("ordinary_wife", "R", "251122100000Z,certificateHold")
        Responder.answer = authority
        config = city / "certrelay.toml"
        config.write_text(config.read_text() + f'\n[ocsp]\nresponders = ["{self.base}/ocsp/real"]\n'
                          f'timeout_ms = {PATIENT_MS}\n')
        fetch = Fetch(config)
        relay = Relay(city)
        self.addCleanup(lambda: relay.stop())
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", city)
        self.assertEqual(pushed.returncode, 0, pushed.stdout + pushed.stderr)

        def issue(role, expected):
            done = kiosk("issue", "--city", city, "--as", role)
            self.assertEqual(done.returncode, expected, done.stdout + done.stderr)
            if expected:
                self.assertIn("card_not_accepted", done.stdout + done.stderr)
        issue("ordinary", 0)
        issue("ordinary", 0)
        self.assertEqual(len(Responder.seen), 1)  # asked once, kept until its nextUpdate
        for role in ("ordinary_phone", "ordinary_wife", "foreign"):
            issue(role, 1)
        self.assertEqual(len(Responder.seen), 4)
        # An answer of somebody else's question, whoever signed it.
        stale = authority.last
        Responder.answer = lambda _: stale
        issue("foreign", 1)
        # Nobody is asked about a card that is refused anyway.
        issue("revoked", 1)
        self.assertEqual(len(Responder.seen), 5)
        self.assertEqual(fetch.stop(), 0)
        relay.stop()
        reasons = [reason for kind, reason, _ in entries(city) if kind == KIND_REFUSAL]
        self.assertEqual(reasons, [REASON_REVOKED, REASON_ON_HOLD, REASON_STATUS_UNKNOWN, REASON_NONCE,
                                   REASON_REVOKED])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
