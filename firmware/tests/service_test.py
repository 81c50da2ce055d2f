#!/usr/bin/env python3
"""One machine's life in a virtual machine (QEMU, TCG): first run, certificates for a kiosk on this host,
a reboot, updates good and bad, each with the line of the console that shows it.

    firmware/tests/service_test.py PROGRAMS IMAGE_FOLDER UPDATES_FOLDER [TEST ...]
"""
import socket

import demo_site
from commands import succeed
from on_a_disk import PROGRAMS, START_SECONDS, UPDATES, OnADisk, main

SERVED = (8443, 8444)
PROBED = (21, 22, 23, 25, 53, 80, 111, 443, 2049, 5355, 8445, 9443)


class City(OnADisk):
    """A disk that becomes a fictional city's machine at its first start."""

    OUT = ""  # lines of network.conf beside those of demo_site

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signer = demo_site.Signer(cls.folder)
        cls.city = demo_site.make_city(PROGRAMS, cls.folder)
        cls.site = demo_site.demo_medium(cls.folder / "medium", cls.signer, cls.city, cls.OUT)

    def bundle(self, name):
        return demo_site.update_medium(self.folder, UPDATES / name)

    def first_run(self, machine):
        machine.await_line("type the fingerprint", START_SECONDS)
        machine.type(self.signer.fingerprint())
        machine.await_line("a fictional city is taken over", START_SECONDS)

    def push(self, machine):
        demo_site.point_at(self.city, machine.port)
        succeed(PROGRAMS / "certrelayctl", "extract", "push", "--city", self.city)


class Service(City):
    def test_1_first_run_then_a_certificate_and_a_foreign_keys_update_is_refused(self):
        media = [self.site, self.bundle("foreign.raucb")]
        with self.machine("first", media=media, ports=(*SERVED, *PROBED), record=True) as machine:
            machine.await_line("type the fingerprint", START_SECONDS)
            machine.type("0000 1111 2222 3333 4444 5555 6666 7777")
            machine.await_line("REFUSED: that is not the fingerprint", START_SECONDS)
            self.first_run(machine)
            machine.await_line("health: .* of memory are free", START_SECONDS)
            health = machine.await_line("health: good: (.*)", START_SECONDS)
            self.assertIn('"demo":true', health[1])
            self.push(machine)
            type(self).number = self.issue(machine, self.city, "first")
            self.nobody_answers(machine)
            machine.await_line("bless: version 0.1.0 is good", START_SECONDS)
            machine.await_line("update: REFUSED: the bundle's signature.*", START_SECONDS)
        self.assertEqual(machine.opened_outside(), set())  # off unless configured
        self.done = True

    def nobody_answers(self, machine):
        """QEMU's forwarding takes every connection; what the machine drops stays without a byte."""
        for port in PROBED:
            with socket.create_connection(("127.0.0.1", machine.port[port]), timeout=2) as probe:
                probe.sendall(b"GET / HTTP/1.0\r\n\r\n")
                try:
                    self.assertEqual(probe.recv(100), b"", port)
                except (TimeoutError, ConnectionResetError):
                    pass
            machine.await_line(f"firewall: refused in: .* DPT={port} ", START_SECONDS)

    def test_2_after_a_reboot_all_is_there_no_site_is_read_and_a_newer_update_is_installed(self):
        another = demo_site.Signer(self.folder / "another")
        media = [demo_site.demo_medium(self.folder / "second", another, self.city),
                 self.bundle("newer.raucb")]
        with self.machine("second", media=media, ports=SERVED) as machine:
            machine.await_line("health: good", START_SECONDS)
            number = self.issue(machine, self.city, "second")
            self.assertGreater(number, self.number, "the ledger goes on")
            type(self).number = number
            machine.await_line("update: 0.2.0 is installed", START_SECONDS)
            machine.await_end(START_SECONDS)
            self.assertNotIn("first run:", machine.log())  # the door is closed
        self.done = True

    def test_3_the_newer_one_serves_what_was_there_is_marked_good_and_takes_no_older_one(self):
        with self.machine("updated", media=[self.bundle("older.raucb")], ports=SERVED) as machine:
            machine.await_line("initrd: slot b verified", START_SECONDS)
            machine.await_line("health: good", START_SECONDS)
            self.assertGreater(self.issue(machine, self.city, "updated"), self.number)
            machine.await_line("bless: version 0.2.0 is good.*", START_SECONDS)
            machine.await_line("update: REFUSED: 0.0.9 is not newer than 0.2.0", START_SECONDS)
        self.done = True


class FailingUpdate(City):
    """Of a city that asks a time server and a responder, neither of which ever answers."""
    OUT = "TIME=10.0.2.2\nOCSP=10.0.2.2 http://ocsp.example:8080/\n"
    NAMED = {"udp 10.0.2.2:123", "tcp 10.0.2.2:8080"}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # A card whose responder does not answer is taken, so that there is a certificate to look for.
        with (cls.city / "certrelay.toml").open("a") as settings:
            settings.write(demo_site.OCSP)
        cls.site = demo_site.demo_medium(cls.folder / "medium", cls.signer, cls.city, cls.OUT)

    def test_1_is_installed(self):
        media = [self.site, self.bundle("unhealthy.raucb")]
        with self.machine("before", media=media, ports=SERVED) as machine:
            self.first_run(machine)
            for line in self.OUT.splitlines():
                machine.await_line(f"評価書の変更が必要です.*{line}", START_SECONDS)
            machine.await_line("health: good", START_SECONDS)
            self.push(machine)
            machine.await_line("update: 0.3.0 is installed", START_SECONDS)
            machine.await_end(START_SECONDS)
        self.done = True

    def test_2_fails_its_health_twice_and_gets_nowhere(self):
        for attempt in (1, 2):
            with self.machine(f"failing-{attempt}", record=True) as machine:
                machine.await_line("initrd: slot b verified", START_SECONDS)
                # Both programs of this version are hostile_relay.cpp.
                for what in ("tcp 10.0.2.2:80", "udp 10.0.2.3:53", "disk /dev/vda"):
                    said = machine.await_line(f"hostile certrelayd: {what}: (.*)", START_SECONDS)
                    self.assertRegex(said[1], "not permitted|unreachable|denied|No such file|not supported")
                    said = machine.await_line(f"hostile certrelay-fetch: {what}: (.*)", START_SECONDS)
                    self.assertNotEqual(said[1], "DONE")
                machine.await_line("firewall: refused out: .* DST=10.0.2.2 .* DPT=80 ", START_SECONDS)
                machine.await_line("health: FAILED.*", 2 * START_SECONDS)
                machine.await_end(2 * START_SECONDS)
            self.assertLessEqual(machine.opened_outside(), self.NAMED)
        self.done = True

    def test_3_the_version_before_serves_and_does_not_take_it_again(self):
        media = [self.bundle("unhealthy.raucb")]
        with self.machine("again", media=media, ports=SERVED, record=True) as machine:
            machine.await_line("initrd: slot a verified", START_SECONDS)
            machine.await_line("health: good", START_SECONDS)
            self.issue(machine, self.city, "again")
            machine.await_line("update: REFUSED: 0.3.0 was tried on this machine.*", START_SECONDS)
        self.assertEqual(machine.opened_outside(), self.NAMED)  # time and responder, nothing else
        self.done = True


if __name__ == "__main__":
    main()
