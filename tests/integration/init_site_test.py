#!/usr/bin/env python3
"""From a plain machine to a relay that starts, with a stranger's tool as every authority.

Goal: what `init` makes is what OpenSSL signs and certrelayd takes; two persons and no third; a second
init and a demonstration's authority are refused; doctor tells each state; the support bundle holds
no secret (R30, R33, R37).
Method: the openssl command is the authorities, the peers and the persons' side.
Usage: init_site_test.py FOLDER_OF_PROGRAMS
"""
import json
import pathlib
import random
import re
import shutil
import socket
import sys
import tarfile
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from relay_processes_test import BIN, Relay, allow_root, entries, kiosk, run  # noqa: E402

CNF = """[ca]
default_ca = d
[d]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 30
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[crl]
authorityKeyIdentifier = keyid
"""
JPKI = ("/C=JP/O=JPKI/OU=JPKI for user authentication"
        "/OU=Japan Agency for Local Authority Information Systems")


def free_ports(count):
    """Below those that the kernel gives whoever connects somewhere: they stay free for a while."""
    ports = []
    while len(ports) < count:
        port = random.randrange(20_000, 32_000)
        try:
            socket.create_server(("127.0.0.1", port)).close()
        except OSError:
            continue
        if port not in ports:
            ports.append(port)
    return ports


class InitSite(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.site = self.folder / "site"
        self.given = self.folder / "given"
        self.given.mkdir()
        (self.folder / "openssl.cnf").write_text(CNF)
        (self.folder / "index.txt").write_text("")
        (self.folder / "crlnumber").write_text("01\n")

    def openssl(self, *arguments):
        done = run("openssl", *arguments)
        self.assertEqual(done.returncode, 0, done.stderr)
        return done.stdout

    def ctl(self, *arguments, code=0):
        done = run(BIN / "certrelayctl", *arguments)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def root(self, name, subject, algorithm="EC"):
        option = "ec_paramgen_curve:P-256" if algorithm == "EC" else "rsa_keygen_bits:2048"
        key = self.folder / f"{name}.key"
        self.openssl("genpkey", "-algorithm", algorithm, "-pkeyopt", option, "-out", key)
        self.openssl("req", "-x509", "-new", "-key", key, "-subj", subject, "-days", 3000,
                     "-config", self.folder / "openssl.cnf", "-extensions", "root",
                     "-out", self.given / f"{name}.pem")

    def sign(self, authority, request, out):
        self.openssl("x509", "-req", "-in", request, "-CA", self.given / f"{authority}.pem",
                     "-CAkey", self.folder / f"{authority}.key", "-copy_extensions", "copyall",
                     "-days", 300, "-out", out)

    def client(self, authority, san, name):
        self.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                     "-noenc", "-keyout", self.folder / f"{name}.key", "-subj", f"/CN={name}",
                     "-addext", f"subjectAltName={san}", "-addext", "extendedKeyUsage=clientAuth",
                     "-addext", "keyUsage=critical,digitalSignature",
                     "-out", self.folder / f"{name}.csr")
        self.sign(authority, self.folder / f"{name}.csr", self.given / f"{name}.pem")

    def person(self, file, name, role):
        self.client("admin-ca", "DNS:terminal-1.example.lg.jp", file)
        phrase = self.folder / "phrase"
        phrase.write_text("a person's own\n")
        approval = self.folder / f"{file}.approval.pem"
        self.openssl("genpkey", "-algorithm", "ed25519", "-aes256", "-pass", f"file:{phrase}",
                     "-out", approval)
        admin = self.folder / "admin.json"
        admin.write_text(json.dumps({
            "municipality": "392901", "address": "127.0.0.1:1", "server_name": "x",
            "server_ca": "x", "answer_keys": ["x"], "identities": "."}))
        self.ctl("operator", "apply", "--config", admin, "--name", name, "--affiliation", "staff",
                 "--roles", role, "--certificate", self.given / f"{file}.pem",
                 "--approval-key", approval, "--pass-phrase-file", phrase,
                 "--out", self.given / f"{file}.application.json")

    def make_keys(self):
        plan = self.folder / "plan.toml"
        self.ctl("init", "plan", "--out", plan)
        text = plan.read_text().replace('"000000"', '"392901"').replace("〇〇市", "試験市")
        for port in free_ports(4):
            text = re.sub(r'"[0-9.]+:(8443|8444|8445|9443)"', f'"127.0.0.1:{port}"', text, count=1)
        plan.write_text(text.replace("relay.example.lg.jp", "localhost", 1))
        return self.ctl("init", "keys", "--plan", plan, "--site", self.site)

    def answer(self):
        for role in ("center", "registry", "admin"):
            self.root(f"{role}-ca", f"/CN=Test {role} CA")
            self.sign(f"{role}-ca", self.site / f"to-authorities/{role}-tls.csr",
                      self.given / f"{role}-tls.pem")
        self.client("center-ca", "DNS:center.example.lg.jp", "center-peer")
        self.client("registry-ca", "DNS:juki.example.lg.jp", "registry-peer")
        self.person("center-head", "mihon-ichiro", "center_head")
        self.person("city-administrator", "mihon-hanako", "city_administrator")
        self.openssl("genpkey", "-algorithm", "ed25519", "-out", self.folder / "feeder.key")
        self.openssl("pkey", "-in", self.folder / "feeder.key", "-pubout",
                     "-out", self.given / "feeder.pub.pem")
        self.root("card-root", JPKI, "RSA")
        self.openssl("ca", "-config", self.folder / "openssl.cnf", "-gencrl", "-crlexts", "crl",
                     "-cert", self.given / "card-root.pem", "-keyfile",
                     self.folder / "card-root.key", "-out", self.given / "card.crl")

    def take(self, code=0):
        return self.ctl("init", "take", "--site", self.site, "--from", self.given, code=code)

    def test_from_a_plain_machine_to_a_relay_that_starts(self):
        import os
        os.chdir(self.folder)  # openssl ca finds its files
        said = self.make_keys()
        self.assertIn("center-head.application.json", said)
        self.assertIn("鍵は作成済み", self.ctl(
            "init", "keys", "--plan", self.folder / "plan.toml", "--site", self.site, code=1))
        self.take(code=1)  # nothing has come back
        self.assertFalse((self.site / "certrelay.toml").exists())
        self.answer()

        # A demonstration's authority never fits (its root has the real one's name).
        city = self.folder / "city"
        made = kiosk("city", "create", city, "--residents", 150, "--seed", 5)
        self.assertEqual(made.returncode, 0, made.stderr)
        real = {name: (self.given / name).read_bytes() for name in ("card-root.pem", "card.crl")}
        shutil.copy(city / "pki/card-root.pem", self.given / "card-root.pem")
        shutil.copy(city / "pki/card.crl", self.given / "card.crl")
        shutil.copy(city / "pki/center-ca.pem", self.given / "center-server-ca.pem")
        refused = self.take(code=1)
        self.assertIn("card-root.pem", refused)
        self.assertIn("見本", refused)
        self.assertIn("center-server-ca.pem", refused)
        (self.given / "center-server-ca.pem").unlink()
        for name, content in real.items():
            (self.given / name).write_bytes(content)

        self.assertIn("mihon-ichiro（センター長）、mihon-hanako（市の管理者）", self.take())
        self.assertIn("終わっています", self.take(code=1))
        config = self.site / "certrelay.toml"
        allow_root(config)
        checked = run(BIN / "certrelayd", "--config", config, "--check")
        self.assertEqual(checked.returncode, 0, checked.stderr)
        self.assertIn("応答しません", self.ctl("doctor", "--config", config, code=3))

        relay = Relay(self.site)
        try:
            found = json.loads(self.ctl("doctor", "--config", config, "--json", code=1))
            failed = [one["name"] for one in found["checks"] if one["state"] == "failed"]
            self.assertIn("running.register", failed)  # not pushed yet
            self.assertLessEqual(set(failed), {"running.register", "running.self_test",
                                               "register.freshness"})
            late = self.ctl("doctor", "--config", config, "--until", "2099-01-01T00:00:00+09:00",
                            code=1)
            self.assertIn("サーバ証明書は、指定の時刻より前に期限が切れます", late)
            bundle = self.folder / "bundle.tar"
            self.ctl("support-bundle", "--config", config, "--out", bundle)
        finally:
            relay.stop()
        kinds = [kind for kind, _, _ in entries(self.site)]
        self.assertEqual(kinds[:5], [1, 150, 150, 150, 2])
        with tarfile.open(bundle) as tar:
            names = {pathlib.Path(one.name).name for one in tar.getmembers()}
            content = b"".join(tar.extractfile(one).read() for one in tar.getmembers())
        self.assertEqual(names, {"README.txt", "versions.txt", "configuration.txt", "doctor.json",
                                 "readyz.json", "metrics.txt"})
        self.assertIn(b"certrelay_ready 0", content)
        secret = (self.site / "keys/password").read_bytes().strip()
        for marker in (secret, b"PRIVATE KEY", (self.site / "keys/outer.key").read_bytes(),
                       "試験市".encode(), b"127.0.0.1", b"example.lg.jp", str(self.site).encode()):
            self.assertNotIn(marker, content)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]], verbosity=2)
