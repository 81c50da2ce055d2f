"""What service_test.py and attack_test.py begin with: an image's disk that machines are started from.

Usage of both: TEST.py PROGRAMS IMAGE_FOLDER UPDATES_FOLDER [TEST ...]
UPDATES_FOLDER holds what make_updates.py made. The tests of a class run in the order of their names on
one disk; where one failed, the next ones fail at once.
"""
import os
import pathlib
import shutil
import signal
import sys
import tempfile
import unittest

import demo_site
from commands import succeed
from machine import Machine

PROGRAMS, IMAGE, UPDATES = (pathlib.Path(argument).resolve() for argument in (sys.argv[1:4] + [""] * 3)[:3])
# Of one start; a quiet machine takes a tenth, one that many share may need more.
START_SECONDS = int(os.environ.get("CERTRELAY_START_SECONDS", "900"))


class OnADisk(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-boot-", dir=IMAGE.parent))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.disk = cls.folder / "disk.img"
        succeed("cp", "--sparse=always", IMAGE / "disk.img", cls.disk)
        cls.failed_before = None

    def setUp(self):
        if self.failed_before:
            self.fail(f"not tried: {self.failed_before} failed on this disk")
        type(self).failed_before = self.id()
        self.done = False

    def tearDown(self):
        if self.done:
            type(self).failed_before = None

    def machine(self, name, **options):
        return Machine(self.folder / name, self.disk, **options)

    def issue(self, machine, city, name):
        """A certificate over mutual TLS by certrelay-kiosk on this host; its number."""
        demo_site.point_at(city, machine.port)
        out = self.folder / f"{name}.pdf"
        said = succeed(PROGRAMS / "certrelay-kiosk", "issue", "--city", city, "--out", out)
        self.assertTrue(out.read_bytes().startswith(b"%PDF"), said)
        lines = [line for line in said.splitlines() if line.startswith(("issuance", "check", "event"))]
        print("\n".join(f"kiosk of {machine.folder.name}: {line}" for line in lines), flush=True)
        return lines[0].split()[2]


def main():
    # Who ends the test ends its machine: the with-statements close.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    unittest.main(argv=[sys.argv[0], *sys.argv[4:]], verbosity=2)
