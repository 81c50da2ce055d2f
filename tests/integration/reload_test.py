#!/usr/bin/env python3
"""SIGHUP: what a running relay takes over, and that it keeps what it has when the new is bad (INV-8).

Goal: hours, limits, peers, forms, fonts' list and TLS certificates are in force without a restart, each
refused whole when it is bad; what cannot be taken over is said; a process that is started again runs on
what is in force; the ledger has each.
Method: a small fictional city; files are changed, the signal is sent, and the next call tells. Waiting is
reading what certrelayd says. Answer keys and lists: key_rotation_test.py, card_reload_test.py.
Usage: reload_test.py FOLDER_OF_PROGRAMS
"""
import hashlib
import json
import os
import pathlib
import re
import signal
import socket
import ssl
import sys
import unittest

sys.path += [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "support")]
from center_line import Line, open_body  # noqa: E402
from city_case import CityCase  # noqa: E402
from relay_processes_test import entries, run  # noqa: E402
from until import until  # noqa: E402

KIND_LOADED, ARTIFACT = 180, 0x0022
IN_FORCE, AS_IT_WAS = "reload: the configuration is in force", "reload: the configuration stays as"
LISTS = "reload: card roots and lists"
CENTER_IN_FORCE = "reload: the center listener is in force"
MALFORMED = 1


class Reload(CityCase):
    def prepare(self):
        self.toml = self.city / "certrelay.toml"
        self.good = self.toml.read_text()

    def signal(self, said):
        """Sends it and reads until that was said and the vault, which always tells of the card's
        lists, has done; gives the line that says so."""
        self.relay.process.send_signal(signal.SIGHUP)
        found = None
        done = False
        while not (found and done):
            line = self.relay.line()
            self.assertTrue(line, f"certrelayd ended and did not say “{said}”")
            done = done or LISTS in line
            if said in line:
                found = line
        return found

    def change(self, old, new, said=IN_FORCE):
        text = self.toml.read_text()
        self.assertEqual(text.count(old), 1, old)
        self.toml.write_text(text.replace(old, new))
        return self.signal(said)

    def configuration(self):
        return self.relay.health()["configuration_sha256"]

    def line(self):
        """A connection of the center that was answered once. Its new front closes without a byte until
        it has heard from the vault that it serves (INV-12), as it does at every start."""
        def answered():
            line = None
            try:
                line = Line(self.city, self.relay.addresses["center"])
                line.post("/v1/transactions", b"{}")
            except OSError:
                if line:
                    line.tls.close()
                return None
            return line
        line = until(answered, "the center's front answers nobody", seconds=120)
        self.addCleanup(line.tls.close)
        return line

    def refused_as(self):
        done = self.issue()
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        return done.stdout + done.stderr

    def certificate(self, role):
        """Of whoever listens; again where a new center's front closes without a byte."""
        return until(lambda: self.handshake(role), f"no handshake with {role}", seconds=120)

    def handshake(self, role):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        try:
            with socket.create_connection(self.relay.addresses[role], timeout=60) as raw:
                with context.wrap_socket(raw) as tls:
                    return tls.getpeercert(binary_form=True)
        except OSError:
            return None

    def test_hours_are_taken_and_a_process_comes_back_on_them(self):  # R04, INV-8
        self.assertEqual(self.issue().returncode, 0)
        before = self.configuration()
        self.change('closed = []', 'closed = ["01-01..12-31"]')
        self.assertIn("closed", self.refused_as())
        self.assertNotEqual(self.configuration(), before)
        self.relay.kill("center")
        self.relay.kill("vault")
        until(lambda: any(one["name"] == "self_test" and one["ok"]
                          for one in self.relay.health().get("checks", [])),
              "no vault came back", seconds=120)
        self.assertIn("closed", self.refused_as())
        self.change('closed = ["01-01..12-31"]', 'closed = []')
        self.assertEqual(self.configuration(), before)
        self.assertEqual(self.issue().returncode, 0)
        self.assertEqual(self.relay.stop(), 0)
        loaded = [(reason, fields[ARTIFACT][0]) for kind, reason, fields in entries(self.city)
                  if kind == KIND_LOADED]
        self.assertEqual(len(loaded), 2, loaded)
        self.assertEqual(loaded[1], (0, hashlib.sha256(self.good.encode()).digest()))

    def starting_vault(self):
        """A vault that was just started and has read its configuration: the state's lock is its own,
        which it takes after that. Stopped in the middle of its start."""
        self.relay.kill("vault")

        def found():
            try:
                vault = self.relay.child("vault")
            except AssertionError:
                return None
            locks = pathlib.Path("/proc/locks").read_text()
            return vault if re.search(rf"FLOCK .* {vault} ", locks) else None
        vault = until(found, "no vault starts", seconds=120, pause=0.005)
        os.kill(vault, signal.SIGSTOP)
        return vault

    def test_a_signal_while_the_vault_starts_is_taken_once_it_has(self):
        vault = self.starting_vault()
        self.toml.write_text(self.good.replace("closed = []", 'closed = ["01-01..12-31"]'))
        self.relay.process.send_signal(signal.SIGHUP)
        os.kill(vault, signal.SIGCONT)
        self.relay.await_line(IN_FORCE)
        self.assertIn("closed", self.refused_as())

    def test_a_file_edited_before_the_vault_dies_waits_for_the_signal(self):  # INV-8
        self.toml.write_text(self.good.replace("closed = []", 'closed = ["01-01..12-31"]'))
        self.relay.kill("vault")
        self.assertEqual(self.issue("ordinary", "--patience", "60").returncode, 0)
        self.relay.process.send_signal(signal.SIGHUP)
        self.relay.await_line(IN_FORCE)
        self.assertIn("closed", self.refused_as())

    def test_a_signal_that_comes_with_a_stop_starts_nobody(self):
        line = Line(self.city, self.relay.addresses["center"])
        self.addCleanup(line.tls.close)
        line.tls.sendall(b"POST /v1/transactions HTTP/1.1\r\n")  # its front waits for the rest
        self.toml.write_text(self.good + "\n[limits]\nconnections_per_peer = 2\n")
        parent = self.relay.process
        for number in (signal.SIGSTOP, signal.SIGHUP, signal.SIGTERM, signal.SIGCONT):
            parent.send_signal(number)  # both are there when it looks
        self.assertEqual(self.relay.stop(), 0)

    def test_a_bad_file_changes_nothing(self):
        before = self.configuration()
        pin = self.good.split('spki_sha256 = ["')[1].split('"')[0]
        for old, new, why in (("[calendar]", "[calender]", "calendar: is missing"),
                              ('open = "00:00"', 'open = "0:00"', "HH:MM"),
                              ("[calendar]", "[limits]\ntransactions_live_max = 0\n[calendar]",
                               "transactions_live_max"),
                              (pin, pin[1:], "spki_sha256"),
                              ("sha256 = \"", "sha256 = \"0", "64 lower-case"),
                              ("sha256 = \"7", "sha256 = \"8", "not the pinned font"),
                              ('name = "土佐みなと市"', 'name = "別の市"', "restart the whole relay"),
                              ('extract_age_max_hours = 720', 'extract_age_max_hours = 719',
                               "restart the whole relay")):
            self.assertIn(why, self.change(old, new, AS_IT_WAS))
            self.assertEqual(self.configuration(), before)
            self.toml.write_text(self.good)
        self.assertEqual(self.issue().returncode, 0)
        self.assertEqual(self.relay.stop(), 0)
        refused = [reason for kind, reason, _ in entries(self.city) if kind == KIND_LOADED]
        self.assertEqual(refused, [MALFORMED])  # the font; the others were no candidates

    def test_a_form_is_taken_once_it_passed_the_self_test(self):  # INV-12
        before, after = self.folder / "before.pdf", self.folder / "after.pdf"
        self.assertEqual(self.issue("large4", "--out", before).returncode, 0)
        self.toml.write_text(self.good + '\n[render.forms]\njuminhyo = { form = "individual" }\n')
        self.signal(IN_FORCE)
        self.assertEqual(self.issue("large4", "--out", after).returncode, 0)
        sheets = [run("pdfinfo", one).stdout.count("Pages:           1\n") for one in (before, after)]
        self.assertNotEqual(sheets[0], sheets[1])
        self.toml.write_text(self.good + '\n[render.forms]\njuminhyo = { form = "household", '
                             'template = "no.toml" }\n')
        self.signal(AS_IT_WAS)
        self.assertEqual(self.issue("large4", "--out", after).returncode, 0)

    def test_limits_are_taken(self):  # INV-11
        self.toml.write_text(self.good + "\n[limits]\ntransactions_live_max = 1\n"
                             "connections_per_peer = 2\n")
        self.signal(CENTER_IN_FORCE)
        first = self.line()
        self.assertEqual(first.post("/v1/transactions", open_body()[1])[0], 201)
        status, _, data, _ = first.post("/v1/transactions", open_body()[1])
        self.assertEqual((status, json.loads(data)["code"]), (503, "overloaded"))
        second = Line(self.city, self.relay.addresses["center"])
        self.addCleanup(second.tls.close)
        second.post("/v1/transactions", b"{}")
        with self.assertRaises(OSError):
            Line(self.city, self.relay.addresses["center"]).post("/v1/transactions", b"{}")
        self.toml.write_text(self.good)
        self.signal(CENTER_IN_FORCE)
        self.assertEqual(first.tls.recv(1), b"")  # its process was replaced
        third = self.line()
        self.assertEqual(third.post("/v1/transactions", open_body()[1])[0], 201)

    @staticmethod
    def waits_for(process, number):
        """Whether that signal is there and not yet taken."""
        status = pathlib.Path(f"/proc/{process}/status").read_text()
        return int(re.search(r"ShdPnd:\s+(\w+)", status)[1], 16) >> (number - 1) & 1

    def test_a_signal_that_meets_a_vault_that_just_died_is_not_lost(self):
        parent = self.relay.process.pid
        os.kill(parent, signal.SIGSTOP)  # it notices nothing of what follows, until all of it is there
        try:
            os.kill(self.relay.child("vault"), signal.SIGKILL)
            until(lambda: self.waits_for(parent, signal.SIGCHLD), "it lives on")  # all of its threads
            os.kill(parent, signal.SIGHUP)
        finally:
            os.kill(parent, signal.SIGCONT)
        # The next vault has read everything; that it was asked to once more is the sign.
        self.assertIn("in force (0 newer)", self.relay.await_line(LISTS))

    def test_a_peer_whose_key_is_pinned_no_more_is_closed(self):  # R44
        line = Line(self.city, self.relay.addresses["center"])
        self.addCleanup(line.tls.close)
        self.assertEqual(line.post("/v1/transactions", open_body()[1])[0], 201)
        pin = self.good.split('spki_sha256 = ["')[1].split('"')[0]
        self.change(pin, "A" * 43 + "=")
        self.assertEqual(line.tls.recv(1), b"")
        self.assertEqual(self.issue("ordinary", "--patience", "2").returncode, 3)
        self.toml.write_text(self.good)
        self.signal(IN_FORCE)
        self.assertEqual(self.issue().returncode, 0)

    def test_a_listeners_certificate_is_taken_and_a_bad_one_is_not(self):
        pki = self.city / "pki"
        names = ("center-server.pem", "center-server.key")
        kept = {name: (pki / name).read_text() for name in names}
        old = self.certificate("center")
        for name in names:
            (pki / name).write_text((pki / name.replace("center", "registry")).read_text())
        self.signal(CENTER_IN_FORCE)
        new = self.certificate("center")
        self.assertNotEqual(new, old)
        self.assertEqual(new, self.certificate("registry"))
        (pki / names[0]).write_text(kept[names[0]])  # with the other's key
        self.signal("reload: the center listener stays as it was")
        self.assertEqual(self.certificate("center"), new)
        (pki / names[1]).write_text(kept[names[1]])
        self.signal(CENTER_IN_FORCE)
        self.assertEqual(self.issue().returncode, 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
