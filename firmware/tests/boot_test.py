#!/usr/bin/env python3
"""The image started in a virtual machine (QEMU, TCG): a first run, a certificate for a kiosk on the host,
a reboot, the attacks on disk and updates, each with the line of the console that shows the refusal.

    firmware/tests/boot_test.py PROGRAMS IMAGE_FOLDER UPDATES_FOLDER [TEST ...]

UPDATES_FOLDER holds what scripts/test-appliance made: newer.raucb, foreign.raucb, corrupted.raucb,
older.raucb, unhealthy.raucb. The tests run in the order of their names on one disk each class.
"""
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest

import demo_site
from image_test import command_line, flip_a_bit
from machine import Machine

PROGRAMS = IMAGE = UPDATES = None
SLOT_A = (1 + 128) << 20  # scripts/image: behind the label and the boot partition
START_SECONDS = 900       # of one start; a quiet machine takes a tenth


class OnADisk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-boot-", dir=IMAGE.parent))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.disk = cls.folder / "disk.img"
        subprocess.run(["cp", "--sparse=always", IMAGE / "disk.img", cls.disk], check=True)

    def machine(self, name, **options):
        return Machine(self.folder / name, self.disk, **options)

    @classmethod
    def make_site(cls):
        cls.signer = demo_site.Signer(cls.folder)
        cls.city = demo_site.make_city(PROGRAMS, cls.folder)
        return demo_site.demo_medium(cls.folder / "medium", cls.signer, cls.city)

    def first_run(self, machine):
        machine.await_line("insert the medium labelled CERTRELAY", START_SECONDS)
        machine.await_line("type the fingerprint", START_SECONDS)
        machine.type(self.signer.fingerprint())
        machine.await_line("a fictional city is taken over", START_SECONDS)
        return machine.await_line("health: good: (.*)", START_SECONDS)

    def issue(self, machine, name):
        demo_site.point_at(self.city, machine.port)
        out = self.folder / f"{name}.pdf"
        said = demo_site.run(PROGRAMS / "certrelay-kiosk", "issue", "--city", self.city, "--out", out)
        self.assertTrue(out.read_bytes().startswith(b"%PDF"), said)
        return said


class FirstRunAndService(OnADisk):
    PROBED = (22, 23, 80, 111, 443, 8445, 9443)

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.medium = cls.make_site()

    def test_1_first_run_refuses_a_wrong_fingerprint_then_serves(self):
        with self.machine("first", media=[self.medium], ports=(8443, 8444, *self.PROBED),
                          record=True) as machine:
            machine.await_line("type the fingerprint", START_SECONDS)
            machine.type("0000 1111 2222 3333 4444 5555 6666 7777")
            machine.await_line("REFUSED: that is not the fingerprint", START_SECONDS)
            health = self.first_run(machine)
            self.assertIn('"demo":true', health[1])
            demo_site.point_at(self.city, machine.port)
            demo_site.run(PROGRAMS / "certrelayctl", "extract", "push", "--city", self.city)
            print(self.issue(machine, "first"))
            self.nobody_answers(machine)
            print({pattern[:40]: round(at, 1) for pattern, at in machine.seconds.items()})
            machine.await_line("bless: version", START_SECONDS)
        self.assertEqual(machine.opened_outside(), [])

    def nobody_answers(self, machine):
        """QEMU's forwarding takes every connection; what the machine drops stays without a byte."""
        for port in self.PROBED:
            with socket.create_connection(("127.0.0.1", machine.port[port]), timeout=3) as probe:
                probe.sendall(b"GET / HTTP/1.0\r\n\r\n")
                try:
                    self.assertEqual(probe.recv(100), b"", port)
                except (TimeoutError, ConnectionResetError):
                    pass

    def test_2_after_a_reboot_all_is_there_and_nobody_is_asked(self):
        with self.machine("second", ports=(8443, 8444)) as machine:
            machine.await_line("health: good", START_SECONDS)
            self.assertNotIn("insert the medium", machine.log())
            print(self.issue(machine, "second"))


class Attacks(OnADisk):
    def refused(self, name, pattern):
        with self.machine(name) as machine:
            print(machine.await_line(pattern, START_SECONDS)[0])
            machine.await_end(START_SECONDS)
            self.assertNotIn("insert the medium", machine.log())

    def test_a_flipped_bit_of_the_root_starts_the_machine_again(self):
        flip_a_bit(self.disk, SLOT_A + 1024 + 40)  # the superblock: read by every start
        self.addCleanup(flip_a_bit, self.disk, SLOT_A + 1024 + 40)
        self.refused("flipped", "verity.*data block 0 is corrupted")

    def test_a_flipped_bit_with_a_rebuilt_hash_tree_is_refused(self):
        options = command_line(IMAGE)
        offset = int(options["appliance.hashoffset"])
        root = self.folder / "root.img"
        shutil.copy(IMAGE / "root.img", root)
        flip_a_bit(root, 1024 + 40)
        subprocess.run(["veritysetup", "format", f"--data-blocks={offset // 4096}",
                        f"--hash-offset={offset}", root, root], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["dd", f"if={root}", f"of={self.disk}", "bs=1M", f"seek={SLOT_A >> 20}",
                        "conv=notrunc", "status=none"], check=True)
        self.refused("rebuilt", "verity.*metadata block|REFUSED: slot a does not have the root hash")


class Updates(OnADisk):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.site = cls.make_site()

    def medium(self, bundle):
        bundle_named = self.folder / "update.raucb"
        shutil.copy(UPDATES / bundle, bundle_named)
        return demo_site.vfat(self.folder / "update.img", "CERTRELAYUP", 320, [bundle_named])

    def update(self, name, bundle, pattern):
        with self.machine(name, media=[self.medium(bundle)]) as machine:
            print(machine.await_line(pattern, START_SECONDS)[0])
            if "REFUSED" not in pattern:
                machine.await_end(START_SECONDS)

    def test_1_a_foreign_keys_bundle_is_refused(self):
        with self.machine("site", media=[self.site]) as machine:
            self.first_run(machine)
            machine.await_line("bless: version 0.1.0 is good", START_SECONDS)
        self.update("foreign", "foreign.raucb", "update: REFUSED: the bundle's signature.*")

    def test_2_a_corrupted_payload_is_refused(self):
        self.update("corrupted", "corrupted.raucb", "update: REFUSED: .* could not be installed.*")

    def test_3_an_older_version_is_refused(self):
        self.update("older", "older.raucb", "update: REFUSED: 0.0.9 is not newer than 0.1.0")

    def test_4_a_version_that_fails_its_health_falls_back_and_is_not_tried_again(self):
        self.update("unhealthy", "unhealthy.raucb", "update: 0.3.0 is installed")
        for attempt in (1, 2):
            with self.machine(f"failing-{attempt}") as machine:
                print(machine.await_line("health: FAILED.*", 2 * START_SECONDS)[0])
                machine.await_end(2 * START_SECONDS)
        self.update("again", "unhealthy.raucb", "update: REFUSED: 0.3.0 was tried on this machine.*")

    def test_5_a_newer_version_is_taken_and_marked_good(self):
        self.update("newer", "newer.raucb", "update: 0.2.0 is installed")
        with self.machine("updated") as machine:
            print(machine.await_line("bless: version 0.2.0 is good.*", START_SECONDS)[0])
            self.assertIn("initrd: slot b verified", machine.log())


if __name__ == "__main__":
    PROGRAMS, IMAGE, UPDATES = (pathlib.Path(sys.argv.pop(1)).resolve() for _ in range(3))
    unittest.main(verbosity=2)
