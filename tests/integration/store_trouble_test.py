#!/usr/bin/env python3
"""The disk under a running relay fills up, goes away, and loses its power.

Goal: store trouble is refusal: no byte leaves without a durable intent, /readyz says why within 5 s,
and the relay serves again within 10 s of the end of the trouble, without a restart; whenever the power
goes, the ledger that the disk has verifies and knows every document that anybody holds (R41, R42).
Method: a small fictional city whose state_dir is an ext4 file system of its own, in a file. It is
filled to the last block; its mount is taken away and given back; and it is copied at a random moment
of issuing, while no process of the relay runs, so that only what reached the device is in the copy.
`ledger verify` and `certificate check` judge each copy, which is mounted as after a power cut.
CERTRELAY_CUTS cuts instead of 3. Control: a document that is younger than a copy is unknown there.
Needs root and a loop device; without them it is skipped (77).
Usage: store_trouble_test.py FOLDER_OF_PROGRAMS
"""
import datetime
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from city_case import CityCase  # noqa: E402
from relay_processes_test import BIN, run  # noqa: E402
from until import until  # noqa: E402

IMAGE_BYTES = 64 * 1024 * 1024
SHOWN_S, ENDED_S = 5, 10
CUTS = int(os.environ.get("CERTRELAY_CUTS", "3"))
SKIPPED = 77


def mount(image, folder, *options):
    folder.mkdir(exist_ok=True)
    return run("mount", "-o", ",".join(("loop", *options)), image, folder)


def why_not():
    """What this test needs and the machine lacks, or nothing."""
    if os.geteuid() != 0:
        return "needs root"
    folder = pathlib.Path(subprocess.check_output(["mktemp", "-d"], text=True).strip())
    try:
        image = folder / "image"
        image.write_bytes(bytes(2 * 1024 * 1024))
        for done in (run("mkfs.ext4", "-q", image), mount(image, folder / "mount")):
            if done.returncode != 0:
                return done.stderr.strip()
        run("umount", folder / "mount")
        return ""
    finally:
        shutil.rmtree(folder)


class StoreTrouble(CityCase):
    CITY_OPTIONS = ("--documents",)

    def prepare(self):
        self.image, self.mounted = self.folder / "state.img", self.folder / "state"
        with open(self.image, "wb") as file:
            file.truncate(IMAGE_BYTES)
        made = run("mkfs.ext4", "-q", "-m", "0", self.image)  # root's share too can be filled
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(mount(self.image, self.mounted).returncode, 0)
        self.addCleanup(run, "umount", "--lazy", self.mounted)
        run("cp", "-a", self.city / "state", self.mounted / "state")
        shutil.rmtree(self.city / "state")
        config = self.city / "certrelay.toml"
        text = config.read_text(encoding="utf-8")
        self.assertIn('state_dir = "state"', text)
        config.write_text(text.replace('state_dir = "state"',
                                       f'state_dir = "{self.mounted / "state"}"'), encoding="utf-8")

    def expect_since(self, begun, seconds, good):
        """That the ledger's check changed, by its own word, at most `seconds` after `begun`. On a
        machine whose processes wait for each other it is longer by as much; the exact bound is
        tests/unit/ledger/store_trouble_test.cpp's, in simulated time."""
        seconds *= max(1, os.getloadavg()[0] / os.cpu_count())
        shown = until(lambda: (lambda one: one if one["ok"] is good else None)(
            self.relay.check("ledger")), lambda: self.relay.check("ledger"), seconds=180)
        since = datetime.datetime.fromisoformat(shown["since"]).timestamp()
        self.assertLessEqual(since - begun, seconds, shown)
        return shown

    def expect_refused(self):
        out = self.folder / "never.pdf"
        done = self.issue("ordinary", "--out", out, "--patience", 2)
        self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
        self.assertFalse(out.exists())

    def expect_served(self):
        done = self.issue("ordinary")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def verified(self, state):
        done = run(BIN / "certrelayctl", "ledger", "verify", "--state", state, "--key",
                   self.city / "keys/checkpoint.vkey")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return int(re.search(r"ok, (\d+) entries", done.stdout).group(1))

    @staticmethod
    def fill(path):
        """Takes what space there is; how many bytes that were."""
        taken = 0
        with open(path, "ab", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        taken += file.write(b"x" * size)
                except OSError:
                    pass  # no space for so many bytes
        return taken

    def test_a_full_disk_is_refusal_until_there_is_space(self):
        self.expect_served()
        filler = self.mounted / "filler"
        self.fill(filler)
        begun = time.time()

        def is_shown():
            # The ledger's own probe may have held a block while all others were taken.
            nonlocal begun
            if self.fill(filler) > 0:
                begun = time.time()
            return not self.relay.check("ledger")["ok"]
        until(is_shown, "a full disk is not shown", pause=0.3)
        self.expect_since(begun, SHOWN_S, good=False)
        self.expect_refused()
        ended = time.time()
        filler.unlink()
        self.expect_since(ended, ENDED_S, good=True)
        self.expect_served()
        self.assertEqual(self.relay.stop(), 0)
        self.assertGreater(self.verified(self.mounted / "state"), 8)

    def test_a_lost_mount_is_refusal_until_it_is_back(self):
        self.expect_served()
        device = run("findmnt", "-no", "SOURCE", self.mounted).stdout.strip()
        begun = time.time()
        self.assertEqual(run("umount", "--lazy", self.mounted).returncode, 0)
        self.expect_since(begun, SHOWN_S, good=False)
        self.expect_refused()
        ended = time.time()
        self.assertEqual(run("mount", device, self.mounted).returncode, 0)
        self.expect_since(ended, ENDED_S, good=True)
        self.expect_served()
        self.assertEqual(self.relay.stop(), 0)
        self.assertGreater(self.verified(self.mounted / "state"), 8)

    def issue_for_ever(self, held, ended):
        """Documents one after another; `held` has those that are whole in somebody's hands."""
        number = 0
        while not ended.is_set():
            number += 1
            path = self.folder / f"{threading.get_ident()}-{number}.pdf"
            if self.issue(random.choice(("ordinary", "large4", "foreign")), "--out",
                          path).returncode == 0:
                held.append(path)

    def copy_of_the_device(self, number):
        """What a power cut at this moment would leave. Twice the same: nothing moved meanwhile."""
        copy = self.folder / f"cut{number}.img"
        shutil.copyfile(self.image, copy)
        while (again := self.image.read_bytes()) != copy.read_bytes():
            copy.write_bytes(again)
        return copy

    def judged(self, copy, documents):
        """Of each document what the ledger of that copy says; the ledger must verify."""
        folder = self.folder / "cut"
        self.assertEqual(mount(copy, folder).returncode, 0)
        try:
            self.verified(folder / "state")
            return [run(BIN / "certrelayctl", "certificate", "check", "--certificate",
                        self.city / "pki/documents.pem", "--state", folder / "state", path).stdout
                    for path in documents]
        finally:
            self.assertEqual(run("umount", folder).returncode, 0)

    def test_a_power_cut_loses_no_document(self):
        held, ended = [], threading.Event()
        threads = [threading.Thread(target=self.issue_for_ever, args=(held, ended))
                   for _ in range(2)]
        for thread in threads:
            thread.start()
        try:
            processes = [self.relay.child(role) for role in ("vault", "center")]
            for number in range(CUTS):
                before = len(held)
                # Asked now and then, so that it is any moment of the next issues.
                until(lambda: len(held) > before, "nothing is issued", seconds=180,
                      pause=random.random() / 2)
                for process in processes:
                    os.kill(process, signal.SIGSTOP)
                try:
                    holding = list(held)
                    copy = self.copy_of_the_device(number)
                finally:
                    for process in processes:
                        os.kill(process, signal.SIGCONT)
                for said in self.judged(copy, holding[-6:]):
                    # 結果不明: its event was not acknowledged yet. 無効 would be unknown.
                    self.assertRegex(said, "有効|結果不明")
                    self.assertNotIn("無効", said)
                if number > 0:
                    copy.unlink()
        finally:
            ended.set()
            for thread in threads:
                thread.join()
        self.assertEqual(self.relay.stop(), 0)
        self.assertIn("無効", self.judged(self.folder / "cut0.img", held[-1:])[0])


if __name__ == "__main__":
    if reason := why_not():
        print("skipped:", reason)
        sys.exit(SKIPPED)
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)
