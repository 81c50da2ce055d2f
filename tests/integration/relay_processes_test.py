#!/usr/bin/env python3
"""The shipped programs as separate processes, seen from outside.

Goal: what a city, a center and an attacker on the wire would see is what the documents promise.
Method: a small fictional city, certrelayd on ports of the kernel's choice, certrelay-kiosk and
certrelayctl as peers, raw sockets for what no honest peer sends. Waiting is reading: the parent says
LISTENING, a killed process says that it is started again, /readyz answers. What its processes say comes
in any order (an alarm, that the machine is slow): whoever waits for a line reads over others.
Usage: relay_processes_test.py FOLDER_OF_PROGRAMS
"""
import csv
import datetime
import hashlib
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import sqlite3
import ssl
import struct
import subprocess
import sys
import tempfile
import tomllib
import unittest
import urllib.error
import urllib.request

sys.path.append(str(pathlib.Path(__file__).parents[1] / "support"))
from until import until  # noqa: E402

BIN = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(".")
RESIDENTS = 250
KIND_REFUSAL, KIND_INTENT = 23, 22


def run(*command, timeout=240):  # the programs themselves give up after two minutes
    return subprocess.run([str(part) for part in command], text=True, capture_output=True,
                          timeout=timeout)


def kiosk(*arguments):
    return run(BIN / "certrelay-kiosk", *arguments)


def today():
    """The day at the relay."""
    return datetime.datetime.now(datetime.timezone(datetime.timedelta(hours=9))).date()


def allow(city, *lines):
    """Lines of [sandbox] of the city's configuration."""
    toml = city / "certrelay.toml"
    text = toml.read_text()
    if "[sandbox]\n" not in text:
        text += "\n[sandbox]\n"
    toml.write_text(text.replace("[sandbox]\n", "[sandbox]\n" + "".join(f"{one}\n" for one in lines)))


def allow_root(config):
    """Where the tests are root's, so are the files, and the relay must stay it too."""
    if os.geteuid() == 0:
        config.write_text(config.read_text() + "\n[sandbox]\nroot = true\n")


class Relay:
    """certrelayd on one city. `command`: that starts it elsewhere, as in a tree of its own."""

    def __init__(self, city, serving=True, command=None):
        self.city = city
        self.process = subprocess.Popen(
            command or [BIN / "certrelayd", "--config", city / "certrelay.toml"],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.unread, self.addresses = [], {}
        self.listen()
        if serving:
            self.await_check("self_test")  # the center's listener takes connections (INV-12)

    def listen(self):
        early = []
        while len(self.addresses) < 4:
            line = self.line()
            if not line:
                raise AssertionError(f"certrelayd ended before it listened: {early}")
            if not line.startswith("LISTENING "):
                early.append(line)  # the vault's, which may be ready long before the last front is
                continue
            _, role, address = line.split()
            host, port = address.rsplit(":", 1)
            self.addresses[role] = (host, int(port))
        self.unread = early

    def line(self):
        """The next line that it says; an empty one at its end."""
        return self.unread.pop(0) if self.unread else self.process.stdout.readline()

    def await_line(self, words):
        """Reads until it has said that, and gives the line."""
        read = []
        while words not in (line := self.line()):
            assert line, f"certrelayd ended and did not say “{words}”: {read}"
            read.append(line)
        return line

    def await_check(self, name, reason=None):
        """Until the check of /readyz is ok, or fails for that reason."""
        def holds():
            # A front that waits in vain for a vault on a busy machine answers without checks.
            checks = self.health().get("checks", [])
            return any(one["name"] == name and one.get("reason") == reason for one in checks)
        until(holds, lambda: self.health())

    def check(self, name):
        return next(one for one in self.health()["checks"] if one["name"] == name)

    def child(self, role):
        """The process id of a role."""
        for folder in pathlib.Path("/proc").iterdir():
            if not folder.name.isdigit():
                continue
            try:
                stat = (folder / "stat").read_text()
                line = (folder / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            parent = int(stat.rsplit(")", 1)[1].split()[1])
            if parent == self.process.pid and role.encode() in line:
                return int(folder.name)
        raise AssertionError(f"no process {role}")

    def kill(self, role):
        os.kill(self.child(role), signal.SIGKILL)
        self.await_line(f"the {role} process ended")

    def ready(self):
        host, port = self.addresses["monitoring"]
        with urllib.request.urlopen(f"http://{host}:{port}/readyz", timeout=60) as answer:
            return json.load(answer)

    def health(self):
        """/readyz whether ready or not."""
        try:
            return self.ready()
        except urllib.error.HTTPError as not_ready:
            return json.load(not_ready)

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=120)  # fronts, then the vault, have 20 s each
        self.process.stdout.close()
        return code


def entries(city):
    """(kind, reason, fields) of each entry of a stopped ledger, by its documented bytes."""
    path = city / "state/ledger/ledger.db"
    database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    out = []
    for (data,) in database.execute("SELECT bytes FROM entry ORDER BY sequence"):
        _, _, kind, _, _, reason = struct.unpack_from(">BQHQBH", data)
        fields, at = {}, 22
        while at < len(data):
            tag, length = struct.unpack_from(">HH", data, at)
            fields.setdefault(tag, []).append(data[at + 4:at + 4 + length])
            at += 4 + length
        out.append((kind, reason, fields))
    database.close()
    return out


class RelayProcesses(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        cls.city, cls.made_on = cls.folder / "city", today()
        made = kiosk("city", "create", cls.city, "--residents", RESIDENTS, "--seed", 11)
        assert made.returncode == 0, made.stdout + made.stderr
        cls.relay = Relay(cls.city)
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", cls.city)
        assert pushed.returncode == 0, pushed.stdout + pushed.stderr
        cls.cast = {one["role"]: one for one in json.loads((cls.city / "cast.json").read_text())}

    @classmethod
    def tearDownClass(cls):
        cls.relay.stop()
        shutil.rmtree(cls.folder)

    def issue(self, role, *more):
        return kiosk("issue", "--city", self.city, "--as", role, *more)

    def test_the_page_says_what_the_register_says_code_point_for_code_point(self):  # R46
        pdf = self.folder / "page.pdf"
        done = self.issue("ordinary", "--entries", "all", "--out", pdf)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertEqual(run("qpdf", "--check", pdf).returncode, 0)
        text = run("pdftotext", "-raw", pdf, "-").stdout
        person = self.cast["ordinary"]["person_id"]
        with open(self.city / "source/persons.csv", encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        household = next(row["household_id"] for row in rows if row["person_id"] == person)
        names = [row["name"] for row in rows if row["household_id"] == household]
        self.assertTrue(any("\U00020BB7" in name for name in names))
        self.assertTrue(any("\U000E0102" in name for name in names))
        # pdftotext writes U+3000 as a space and breaks lines where the page does.
        squeezed = re.sub(r"\s", "", text)
        for name in names:
            self.assertIn(re.sub(r"\s", "", name), squeezed)

    def test_each_of_the_cast_gets_what_the_counter_would_say(self):
        for role, one in self.cast.items():
            if role == "resident":
                continue
            with self.subTest(role=role):
                done = self.issue(role)
                said = done.stdout + done.stderr
                if role == "card_of_today" and today() != self.made_on:
                    continue  # after midnight it may be used
                if one["expected"] == "issued":
                    self.assertEqual(done.returncode, 0, said)
                else:
                    self.assertEqual(done.returncode, 1, said)
                    self.assertIn(one["expected"], said)

    def test_requests_of_one_instant_each_get_their_own_document(self):  # INV-1
        done = kiosk("storm", "--city", self.city, "--clients", 60, "--barrier")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn("60 of 60 documents, each its own", done.stdout)

    def context(self, certificate=None, key=None, authority="center"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(self.city / f"pki/{authority}-ca.pem")
        context.check_hostname = False
        if certificate:
            context.load_cert_chain(self.city / certificate, self.city / key,
                                    (self.city / "keys/password").read_text().strip())
        return context

    def exchange(self, context, request):
        """Every byte that the listener sends back until it closes."""
        out = b""
        with socket.create_connection(self.relay.addresses["center"], timeout=120) as raw:
            try:
                with context.wrap_socket(raw, server_hostname="localhost") as tls:
                    tls.sendall(request)
                    while chunk := tls.recv(65536):
                        out += chunk
            except (ssl.SSLError, ConnectionError):
                pass
        return out

    GET = b"GET /v1/service HTTP/1.1\r\nHost: localhost\r\n\r\n"

    def test_nobody_but_the_configured_peer_gets_one_byte(self):  # R44
        self.assertEqual(self.exchange(self.context(), self.GET), b"")
        stranger = self.context("pki/stranger.pem", "pki/stranger.key")
        self.assertEqual(self.exchange(stranger, self.GET), b"")
        registry = self.context("pki/kizon-juki.pem", "pki/kizon-juki.key")
        self.assertEqual(self.exchange(registry, self.GET), b"")

    def test_the_gate_refuses_what_smugglers_send_and_closes(self):
        center = self.context("pki/jlis-center.pem", "pki/jlis-center.key")
        head = b"POST /v1/transactions HTTP/1.1\r\n"
        host = b"Host: localhost\r\n"
        shapes = {
            "both lengths": head + host + b"Content-Length: 2\r\nTransfer-Encoding: chunked, x\r\n\r\n{}",
            "folded": head + host + b"X-A: b\r\n c\r\nContent-Length: 2\r\n\r\n{}",
            "no host": head + b"Content-Length: 2\r\n\r\n{}",
        }
        for name, request in shapes.items():
            with self.subTest(name):
                # exchange() returns only because the listener closed.
                self.assertTrue(self.exchange(center, request).startswith(b"HTTP/1.1 400 "))

    def test_a_killed_process_is_replaced_and_the_service_goes_on(self):
        for role in ("vault", "center"):
            with self.subTest(role):
                self.relay.kill(role)
                done = self.issue("ordinary", "--patience", "60")
                self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertTrue(self.relay.ready()["ready"])

    def test_a_woken_process_does_not_push_its_sender_aside(self):
        for role in ("vault", "center"):
            self.assertEqual(os.sched_getscheduler(self.relay.child(role)), os.SCHED_BATCH)

    def test_readyz_shows_what_runs(self):  # INV-8
        shown = self.relay.health()
        config = (self.city / "certrelay.toml").read_bytes()
        self.assertEqual(shown["configuration_sha256"], hashlib.sha256(config).hexdigest())
        self.assertEqual(shown["topology"], "single")
        self.assertRegex(shown["build"], r"^certrelay-[0-9.]+\+[0-9a-f]{40}$")
        fonts = tomllib.loads(config.decode())["render"]["fonts"]
        self.assertEqual(shown["font_sha256"], [font["sha256"] for font in fonts])

    def test_a_process_comes_back_on_what_is_in_force_whatever_lies_in_the_file(self):  # INV-8
        path = self.city / "certrelay.toml"
        whole = path.read_bytes()
        in_force = self.relay.health()["configuration_sha256"]
        try:
            for name, other in (("another hour", whole.replace(b"closed = []",
                                                               b'closed = ["01-01..12-31"]')),
                                ("half of it", whole[:len(whole) // 2]), ("none", None)):
                with self.subTest(name):
                    self.assertNotEqual(other, whole)
                    path.unlink() if other is None else path.write_bytes(other)
                    for role in ("vault", "center", "registry"):
                        self.relay.kill(role)
                    done = self.issue("ordinary", "--patience", "60")
                    self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
                    self.assertEqual(self.relay.health()["configuration_sha256"], in_force)
        finally:
            path.write_bytes(whole)


class AfterTheStop(unittest.TestCase):
    def test_the_ledger_verifies_and_names_the_exact_reason(self):  # R41, R42
        folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, folder)
        city = folder / "city"
        self.assertEqual(
            kiosk("city", "create", city, "--residents", RESIDENTS, "--seed", 12).returncode, 0)
        relay = Relay(city)
        self.assertEqual(run(BIN / "certrelayctl", "extract", "push", "--city", city).returncode, 0)
        self.assertEqual(kiosk("issue", "--city", city).returncode, 0)
        self.assertEqual(kiosk("issue", "--city", city, "--as", "deleted").returncode, 1)
        relay.kill("vault")
        self.assertEqual(kiosk("issue", "--city", city, "--patience", "60").returncode, 0)
        self.assertEqual(relay.stop(), 0)
        verified = run(BIN / "certrelayctl", "ledger", "verify", "--state", city / "state",
                       "--key", city / "keys/checkpoint.vkey")
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        found = entries(city)
        refusals = [reason for kind, reason, _ in found if kind == KIND_REFUSAL]
        self.assertEqual(refusals, [241])  # kUnknownCard, which left as window_only
        intents = [fields for kind, _, fields in found if kind == KIND_INTENT]
        self.assertEqual(len(intents), 2)
        self.assertTrue(all(0x0030 in fields and 0x0031 in fields for fields in intents))
        self.assertFalse((city / "run/center.addr").exists())


class BadStarts(unittest.TestCase):
    """One line that says what is wrong and how to mend it, exit code 1, nothing left behind."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        cls.good = cls.folder / "good"
        made = kiosk("city", "create", cls.good, "--residents", 150, "--seed", 13)
        assert made.returncode == 0, made.stdout + made.stderr

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def start(self, spoil, *program):
        city = self.folder / "spoiled"
        shutil.rmtree(city, ignore_errors=True)
        shutil.copytree(self.good, city)
        spoil(city)
        done = run(*program, BIN / "certrelayd", "--config", city / "certrelay.toml", timeout=240)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        said = done.stderr.strip().splitlines()
        self.assertTrue(said and said[0].startswith("certrelayd: "), done.stderr)
        self.assertEqual(list((city / "run").iterdir()), [])
        return said[0]

    @staticmethod
    def edit(city, old, new):
        path = city / "certrelay.toml"
        text = path.read_text()
        assert old in text, old
        path.write_text(text.replace(old, new))

    def test_a_misspelt_key(self):
        said = self.start(lambda city: self.edit(city, "demo = true", "demmo = true"))
        self.assertIn("demmo", said)

    def test_a_wrong_pass_phrase(self):
        said = self.start(lambda city: (city / "keys/password").write_text("wrong"))
        self.assertRegex(said, "password|pass phrase|パス")

    def test_a_missing_font(self):
        said = self.start(lambda city: self.edit(city, "ipamjm.ttf", "no-such.ttf"))
        self.assertIn("no-such.ttf", said)

    def test_another_font_than_the_pinned_one(self):  # INV-13
        def spoil(city):
            text = (city / "certrelay.toml").read_text()
            pinned = tomllib.loads(text)["render"]["fonts"][0]["sha256"]
            self.edit(city, pinned, "00" * 32)
        self.assertIn("is not the pinned font", self.start(spoil))

    def test_a_taken_port(self):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            said = self.start(lambda city: self.edit(
                city, 'center = "127.0.0.1:0"', f'center = "127.0.0.1:{port}"'))
            self.assertIn("taken", said)

    def test_a_configuration_for_a_cluster(self):  # INV-8
        said = self.start(lambda city: self.edit(city, "demo = true",
                                                 'demo = true\ntopology = "cluster"'))
        self.assertIn("topology", said)

    def test_another_build_than_the_one_that_the_site_names(self):  # INV-8
        said = self.start(lambda city: self.edit(city, "demo = true",
                                                 'demo = true\nbuild = "certrelay-0.0.1"'))
        self.assertRegex(said, r"site\.build is certrelay-0\.0\.1, and this program is certrelay-")

    def test_a_second_instance_on_the_same_state(self):  # INV-8
        city = self.folder / "twice"
        shutil.copytree(self.good, city)
        first = Relay(city)
        try:
            second = run(BIN / "certrelayd", "--config", city / "certrelay.toml", timeout=240)
            self.assertEqual(second.returncode, 1)
            self.assertIn("is in use by another certrelayd", second.stderr)
            # A copy of the configuration that names the same state is no other site.
            other = city / "other.toml"
            other.write_text((city / "certrelay.toml").read_text() + "\n")
            second = run(BIN / "certrelayd", "--config", other, timeout=240)
            self.assertIn("is in use by another certrelayd", second.stderr)
            self.assertTrue(first.check("self_test")["ok"])  # and the first goes on
        finally:
            self.assertEqual(first.stop(), 0)

    def share(self, there):
        """Puts a folder behind FUSE, where the kernel does not tell what lies behind: a share of
        another machine as well. Gives what ends it."""
        behind = self.folder / "behind"
        behind.mkdir(mode=0o700, exist_ok=True)
        there.mkdir(mode=0o700, parents=True, exist_ok=True)
        mounted = run("bindfs", behind, there)
        if mounted.returncode != 0:
            self.skipTest("bindfs: " + mounted.stderr)
        return lambda: self.assertEqual(run("umount", "--lazy", there).returncode, 0)

    @unittest.skipUnless(os.geteuid() == 0 and os.path.exists("/dev/fuse"), "needs root and FUSE")
    def test_a_state_on_a_network_file_system(self):  # INV-8
        for part in ("state", "state/ledger"):
            with self.subTest(part):
                city = self.folder / "shared"
                shutil.copytree(self.good, city)
                (city / "state").mkdir(mode=0o700, exist_ok=True)
                end = self.share(city / part)
                try:
                    for more in ((), ("--check",)):
                        done = run(BIN / "certrelayd", "--config", city / "certrelay.toml", *more)
                        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                        self.assertIn(f"{city / part} lies on a network file system (FUSE)",
                                      done.stderr)
                    self.assertEqual(list((self.folder / "behind").iterdir()), [])
                finally:
                    end()
                relay = Relay(city)  # it was that alone
                self.assertEqual(relay.stop(), 0)
                shutil.rmtree(city)

    def test_two_outer_keys(self):
        said = self.start(lambda city: self.edit(
            city, 'outer_key = "keys/outer.key"',
            'outer_key = "keys/outer.key"\nouter_credential = "outer"'))
        self.assertIn("exactly one", said)

    def test_a_credential_that_nobody_passes(self):
        said = self.start(lambda city: self.edit(
            city, 'outer_key = "keys/outer.key"', 'outer_credential = "outer"'))
        self.assertIn("LoadCredentialEncrypted", said)

    def test_a_file_system_that_may_keep_what_was_overwritten(self):  # R21, R51
        with tempfile.TemporaryDirectory(dir="/dev/shm") as state:
            def spoil(city):
                self.edit(city, 'state_dir = "state"', f'state_dir = "{state}/state"')
                self.edit(city, "any_file_system = true", "any_file_system = false")
            self.assertIn("overwritten", self.start(spoil))

    def test_only_a_demonstration_may_lie_anywhere(self):
        said = self.start(lambda city: self.edit(city, "demo = true", "demo = false"))
        self.assertIn("any_file_system", said)

    def test_a_demonstrations_authority_without_demo(self):
        def real(city):
            self.edit(city, "demo = true", "demo = false")
            self.edit(city, "any_file_system = true", "any_file_system = false")
        said = self.start(real)
        self.assertIn("an authority of a demonstration", said)
        self.assertIn("only demo = true", said)

    def test_a_decommissioned_machine(self):  # R19
        def spoil(city, name):
            (city / "state").mkdir(mode=0o700, exist_ok=True)
            (city / "state" / name).write_text("")
        self.assertIn("is decommissioned", self.start(lambda city: spoil(city, "DECOMMISSIONED")))
        said = self.start(lambda city: spoil(city, "decommission.begun"))
        self.assertIn("not finished", said)

    def token(self, city, pin):
        """A SoftHSM2 token of the test's own."""
        (city / "tokens").mkdir()
        conf = city / "softhsm2.conf"
        conf.write_text(f"directories.tokendir = {city / 'tokens'}\nobjectstore.backend = file\n")
        os.environ["SOFTHSM2_CONF"] = str(conf)
        made = run("softhsm2-util", "--init-token", "--free", "--label", "mihon", "--so-pin", "1234",
                   "--pin", "5678")
        assert made.returncode == 0, made.stderr
        (city / "keys/pin").write_text(pin + "\n")
        allow(city, 'read = ["softhsm2.conf"]', 'write = ["tokens"]')  # the module's own
        self.edit(city, "[operators]\n", '[operators]\nkey = "keys/outer.key"\n')
        self.edit(city, 'outer_key = "keys/outer.key"',
                  'outer_token = { module = "/usr/lib/softhsm/libsofthsm2.so", token = "mihon", '
                  'pin_file = "keys/pin" }')

    def test_a_wrong_pin_of_the_token(self):
        self.assertIn("outer_token", self.start(lambda city: self.token(city, "0000")))

    def test_a_token_holds_the_root_over_a_restart(self):
        city = self.folder / "token"
        shutil.copytree(self.good, city)
        self.addCleanup(shutil.rmtree, city)
        self.token(city, "5678")
        relay = Relay(city)
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", city)
        self.assertEqual(pushed.returncode, 0, pushed.stdout + pushed.stderr)
        self.assertEqual(relay.stop(), 0)
        relay = Relay(city)
        self.assertEqual(kiosk("issue", "--city", city).returncode, 0)
        self.assertEqual(relay.stop(), 0)
        shutil.rmtree(city / "tokens")
        done = run(BIN / "certrelayd", "--check", "--config", city / "certrelay.toml")
        self.assertEqual(done.returncode, 1)

    def test_a_damaged_root_of_the_cards(self):
        said = self.start(lambda city: (city / "pki/card-root.pem").write_text("no certificate"))
        self.assertIn("card", said)

    def test_check_finds_the_same_without_starting(self):
        done = run(BIN / "certrelayd", "--check", "--config", self.good / "certrelay.toml")
        self.assertEqual(done.returncode, 0, done.stderr)

    def test_a_clock_before_the_certificates_start(self):
        library = next(pathlib.Path("/usr/lib").rglob("libfaketime.so.1"), None)
        self.assertIsNotNone(library, "install the package libfaketime")
        said = self.start(lambda city: None, "env", f"LD_PRELOAD={library}", "FAKETIME=-400d")
        self.assertRegex(said, "clock|時計|有効")

    def test_a_damaged_extract_is_refused_and_nothing_is_in_force(self):
        city = self.folder / "damaged"
        shutil.copytree(self.good, city)
        self.addCleanup(shutil.rmtree, city)
        persons = city / "extract/persons.csv"
        data = bytearray(persons.read_bytes())
        data[len(data) // 2] ^= 1
        persons.write_bytes(data)
        relay = Relay(city)
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", city)
        self.assertNotEqual(pushed.returncode, 0, pushed.stdout)
        host, port = relay.addresses["monitoring"]
        with self.assertRaises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(f"http://{host}:{port}/readyz", timeout=120)
        self.assertEqual(refused.exception.code, 503)
        refused.exception.close()
        self.assertEqual(relay.stop(), 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
