#!/usr/bin/env python3
"""Revocation lists are replaced while the relay runs.

Goal: a newer list is in force without a pause, a bad or older one changes nothing, and the highest one
ever used is remembered over a restart (R15). Method: a second card authority made with OpenSSL beside
the city's own, its lists swapped under the running relay, SIGHUP, and the line that the relay then
says. Usage: card_reload_test.py FOLDER_OF_PROGRAMS
"""
import pathlib
import re
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from relay_processes_test import BIN, Relay  # noqa: E402

KIND_CRL_LOADED, REASON_ROLL_BACK = 181, 141

AUTHORITY = """
[req]
distinguished_name = name
x509_extensions = root
prompt = no
[name]
C = JP
O = JPKI
OU = JPKI for user authentication
CN = mihon second generation
[root]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
[ca]
default_ca = lists
[lists]
database = {folder}/index.txt
crlnumber = {folder}/number
default_md = sha256
default_crl_hours = 48
crl_extensions = list
[list]
authorityKeyIdentifier = keyid
"""


def run(*command):
    done = subprocess.run([str(part) for part in command], text=True, capture_output=True,
                          timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done


class SecondAuthority:
    def __init__(self, folder):
        folder.mkdir()
        self.folder = folder
        self.config = folder / "openssl.cnf"
        self.config.write_text(AUTHORITY.format(folder=folder))
        (folder / "index.txt").write_text("")
        self.certificate, self.key = folder / "root.pem", folder / "root.key"
        run("openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", 3650, "-config",
            self.config, "-keyout", self.key, "-out", self.certificate)

    def list(self, number, path):
        (self.folder / "number").write_text(f"{number:04X}\n")
        run("openssl", "ca", "-gencrl", "-config", self.config, "-keyfile", self.key, "-cert",
            self.certificate, "-out", path)


class CardReload(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-reload-"))
        self.city = self.folder / "city"
        run(BIN / "certrelay-kiosk", "city", "create", self.city, "--residents", 150, "--seed", 3)
        self.authority = SecondAuthority(self.folder / "authority")
        shutil.copy(self.authority.certificate, self.city / "pki/second.pem")
        self.crl = self.city / "pki/second.crl"
        self.authority.list(5, self.crl)
        config = self.city / "certrelay.toml"
        text = config.read_text()
        text = text.replace('roots = ["pki/card-root.pem"]',
                            'roots = ["pki/card-root.pem", "pki/second.pem"]')
        text = text.replace('crls = ["pki/card.crl"]', 'crls = ["pki/card.crl", "pki/second.crl"]')
        config.write_text(text)
        self.relay = None

    def tearDown(self):
        if self.relay:
            self.stop()
        shutil.rmtree(self.folder)

    def start(self):
        self.relay = Relay(self.city)

    def stop(self):
        code = self.relay.stop()
        self.relay = None
        return code

    def reload(self):
        """What the relay says about it, in one line among others (that the machine is slow, say)."""
        self.relay.process.send_signal(signal.SIGHUP)
        return self.relay.await_line("reload: card roots and lists")

    def loaded(self):
        """(reason, CRL number) of each entry about a list, in a stopped ledger."""
        database = sqlite3.connect(f"file:{self.city}/state/ledger/ledger.db?mode=ro&immutable=1",
                                   uri=True)
        out = []
        for (data,) in database.execute("SELECT bytes FROM entry ORDER BY sequence"):
            _, _, kind, _, _, reason = struct.unpack_from(">BQHQBH", data)
            if kind != KIND_CRL_LOADED:
                continue
            at, number = 22, None
            while at < len(data):
                tag, length = struct.unpack_from(">HH", data, at)
                if tag == 0x0021:
                    number = int(data[at + 4:at + 4 + length], 16)
                at += 4 + length
            out.append((reason, number))
        database.close()
        return out

    def test_lists_are_replaced_refused_and_remembered(self):
        self.start()
        self.authority.list(6, self.crl)
        self.assertRegex(self.reload(), "in force .1 newer")
        self.assertRegex(self.reload(), "in force .0 newer")
        self.authority.list(4, self.crl)
        self.assertIn("crl_roll_back", self.reload())
        self.crl.write_text("no list")
        self.assertIn("stay as they were", self.reload())
        self.assertIsNone(self.relay.process.poll())
        self.crl.unlink()  # one event, one line: the next one is the next signal's
        self.assertIn("outcome=kept error=129", self.reload())
        self.authority.list(7, self.crl)
        self.assertRegex(self.reload(), "in force .1 newer")
        self.assertEqual(self.stop(), 0)
        loaded = self.loaded()
        self.assertEqual([one for one in loaded if one[1] in (5, 6, 7)],
                         [(0, 5), (0, 6), (0, 7)])
        self.assertIn((REASON_ROLL_BACK, None), loaded)
        # Over a restart: the highest list ever used is in the ledger.
        self.authority.list(6, self.crl)
        refused = subprocess.run([BIN / "certrelayd", "--config", self.city / "certrelay.toml"],
                                 text=True, capture_output=True, timeout=240)
        self.assertEqual(refused.returncode, 1)
        self.assertTrue(re.search("card.crls: a list is older", refused.stderr), refused.stderr)
        self.authority.list(7, self.crl)
        self.start()


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
