#!/usr/bin/env python3
"""Disks that somebody changed, and a site that comes in two insertions and is offered a damaged update, in
a virtual machine (QEMU, TCG).

    firmware/tests/attack_test.py PROGRAMS IMAGE_FOLDER UPDATES_FOLDER [TEST ...]
"""
import os
import pathlib
import re
import shutil
import sys

import demo_site
from commands import succeed
from image_test import command_line, flip_a_bit
from on_a_disk import IMAGE, PROGRAMS, START_SECONDS, UPDATES, OnADisk, main

sys.argv[1] = str(PROGRAMS)  # where it looks for them
sys.path.append(str(pathlib.Path(__file__).resolve().parents[2] / "tests/integration"))
import init_site_test  # noqa: E402  every authority, by openssl

SLOT_A = (1 + 128) << 20  # scripts/image: behind the label and the boot partition


class Attacks(OnADisk):
    def refused(self, name, pattern):
        with self.machine(name) as machine:
            machine.await_line(pattern, START_SECONDS)
            machine.await_end(START_SECONDS)
            self.assertNotIn("systemd[1]:", machine.log())
        self.done = True

    def test_1_a_flipped_bit_of_the_root_starts_the_machine_again(self):
        flip_a_bit(self.disk, SLOT_A + 1024 + 40)  # the superblock: read by every start
        self.addCleanup(flip_a_bit, self.disk, SLOT_A + 1024 + 40)
        self.refused("flipped", "verity.*data block 0 is corrupted")

    def test_2_a_flipped_bit_with_a_rebuilt_hash_tree_is_refused(self):
        offset = int(command_line(IMAGE)["appliance.hashoffset"])
        root = self.folder / "root.img"
        shutil.copy(IMAGE / "root.img", root)
        flip_a_bit(root, 1024 + 40)
        succeed("veritysetup", "format", f"--data-blocks={offset // 4096}", f"--hash-offset={offset}",
                root, root)
        succeed("dd", f"if={root}", f"of={self.disk}", "bs=1M", f"seek={SLOT_A >> 20}", "conv=notrunc")
        self.refused("rebuilt", "verity.*metadata block|REFUSED: slot a does not have the root hash")


class TwoInsertions(OnADisk):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signer = demo_site.Signer(cls.folder)
        cls.authorities = init_site_test.InitSite("test_from_a_plain_machine_to_a_relay_that_starts")
        cls.authorities.setUp()
        cls.addClassCleanup(cls.authorities.doCleanups)

    def plan(self):
        """What the site's own people wrote; the ports are the usual ones."""
        plan = self.folder / "plan.toml"
        succeed(PROGRAMS / "certrelayctl", "init", "plan", "--out", plan)
        return plan.read_text().replace('"000000"', '"392901"').replace("〇〇市", "試験市")

    def test_1_the_machine_makes_its_keys_and_hands_out_requests(self):
        medium = demo_site.medium(self.folder / "plan", self.signer,
                                  {"plan.toml": self.plan(), "network.conf": demo_site.NETWORK})
        with self.machine("keys", media=[medium]) as machine:
            machine.await_line("type the fingerprint", START_SECONDS)
            machine.type(self.signer.fingerprint())
            machine.await_line("keys are made; the requests and fingerprints.txt are on the medium",
                               START_SECONDS)
            self.assertNotIn("PRIVATE KEY", machine.log())
        succeed("mcopy", "-s", "-i", medium, "::to-authorities", self.authorities.folder)
        handed = self.authorities.folder / "to-authorities"
        for file in handed.iterdir():
            self.assertNotIn(b"PRIVATE KEY", file.read_bytes(), file.name)
        self.authorities.site = self.authorities.folder
        self.done = True

    def test_2_the_second_insertion_of_another_key_is_refused_and_of_the_same_taken(self):
        here = pathlib.Path.cwd()
        os.chdir(self.authorities.folder)  # openssl ca finds its files
        self.addCleanup(os.chdir, here)
        self.authorities.answer()
        received = {"received": self.authorities.given}
        another = demo_site.Signer(self.folder / "another")
        with self.machine("foreign", media=[demo_site.medium(self.folder / "foreign-medium", another,
                                                             received)]) as machine:
            machine.await_line("REFUSED: signed by another key than the first medium", START_SECONDS)
        media = [demo_site.medium(self.folder / "received", self.signer, received),
                 demo_site.update_medium(self.folder, UPDATES / "corrupted.raucb")]
        with self.machine("taken", media=media) as machine:
            machine.await_line("the certificates and the first two people are taken", START_SECONDS)
            health = machine.await_line("health: good: (.*)", START_SECONDS)
            self.assertRegex(health[1], '"demo":false')
            asked = re.findall("type the fingerprint", machine.log())
            self.assertEqual(asked, [], "the first medium's key is known")
            machine.await_line("update: REFUSED: 0.2.0 could not be installed.*", START_SECONDS)
        self.done = True


if __name__ == "__main__":
    main()
