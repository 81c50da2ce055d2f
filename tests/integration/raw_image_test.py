#!/usr/bin/env python3
"""The raw image of a file system on which a register, then a whole city's state lived and was erased.

Goal: nothing of a resident is in any block, freed ones included (R33, R38, R51). Method: an ext4
image of our own, mounted; the unit tests RawScan* write, erase and remove a register there; on
another one lies all that a running city keeps (`state_dir`: ledger, checkpoints, register, spool,
accounts, evidence) while somebody's certificate is issued, the household moves, is deleted and is
erased, and the overwriting counts as on a machine that serves (no `any_file_system`).
Then every byte of the image is searched, in five encodings, hexadecimal and base64, before the
erasure (sealed data alone) and after. Positive control: a file with the same texts, written and
removed on such an image, is found.
Needs root and a loop device; without them it is skipped (exit code 77).
Usage: raw_image_test.py FOLDER_WITH_registry_test FOLDER_OF_PROGRAMS
"""
import base64
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).parent))
sys.argv, ARGUMENTS = [sys.argv[0], sys.argv[2]], sys.argv
from residue_test import Resident, Residue  # noqa: E402
from relay_processes_test import Relay, kiosk  # noqa: E402

# As in tests/unit/registry/raw_scan_test.cpp.
TEXTS = ["秘匿見本　花子", "ヒトクミホン　ハナコ", "土佐みなと市秘密町八丁目９番地見本", "1987-06-05", "000000000310"]
SERIAL = bytes([1]) + (31).to_bytes(8, "big")
ENCODINGS = ["utf-8", "utf-16-le", "utf-16-be", "cp932", "euc_jp"]
IMAGE_BYTES = 64 * 1024 * 1024


def forms(data):
    yield data
    yield data.hex().encode()
    yield data.hex().upper().encode()
    for shift in range(3):
        padded = bytes(shift) + data
        text = base64.b64encode(padded[:len(padded) // 3 * 3])
        yield text[4 if shift else 0:]


def needles():
    for text in TEXTS:
        for encoding in ENCODINGS:
            for form in forms(text.encode(encoding)):
                yield f"{encoding} of {text}", form
    for form in forms(SERIAL):
        yield "serial", form


def skip(why):
    print("skipped:", why)
    sys.exit(77)


def run(*command, **more):
    return subprocess.run([str(part) for part in command], text=True, capture_output=True, **more)


class Image:
    """An ext4 file system in a file, mounted while the block runs."""

    def __init__(self, folder, name):
        self.file = folder / (name + ".img")
        self.mount = folder / name
        self.mount.mkdir()
        with open(self.file, "wb") as file:
            file.truncate(IMAGE_BYTES)
        made = run("mkfs.ext4", "-q", "-O", "^has_journal" if "bare" in name else "has_journal",
                   self.file)
        if made.returncode != 0:
            skip("mkfs.ext4: " + made.stderr)

    def __enter__(self):
        # Without discard: freed blocks keep what was in them.
        mounted = run("mount", "-o", "loop,nodiscard", self.file, self.mount)
        if mounted.returncode != 0:
            skip("mount: " + mounted.stderr)
        return self.mount

    def __exit__(self, *_):
        done = run("umount", self.mount)
        assert done.returncode == 0, done.stderr

    def found(self):
        data = self.file.read_bytes()
        return [what for what, form in needles() if form in data]


class CityOnAnImage(Residue):
    """A city whose state_dir lies on the image. Its steps are run by main(), not by unittest."""

    def __init__(self, mount):
        super().__init__("runTest")
        self.mount = mount

    def runTest(self):
        pass

    def prepare(self):
        """The state as `city create` left it, moved; the path that helpers know leads there."""
        state = self.city / "state"
        run("cp", "-a", state, self.mount / "state")
        shutil.rmtree(state)
        state.symlink_to(self.mount / "state")
        config = self.city / "certrelay.toml"
        text = config.read_text(encoding="utf-8")
        for old, new in (('state_dir = "state"', f'state_dir = "{self.mount / "state"}"'),
                         ("any_file_system = true", "any_file_system = false")):
            assert old in text, old
            text = text.replace(old, new)
        config.write_text(text, encoding="utf-8")

    def live(self):
        """Issued, and moved: a record of each member lies in the overlay."""
        assert self.issue().returncode == 0
        for what in ("--close", "--reopen"):
            done = kiosk("source", "change", "--city", self.city, what, self.person.id)
            assert done.returncode == 0, done.stdout + done.stderr
        assert self.issue().returncode == 0

    def erase(self):
        deleted = kiosk("source", "change", "--city", self.city, "--delete", self.person.id)
        assert deleted.returncode == 0, deleted.stdout + deleted.stderr
        erased = self.propose_and_approve("erase", "due")
        assert erased.returncode == 0, erased.stdout + erased.stderr
        assert self.issue().returncode == 1
        assert self.issue("large4").returncode == 0


def scan(image, city, when):
    """With the file system settled: what an examiner of the device would read."""
    os.sync()
    data = image.file.read_bytes()
    assert b"SQLite format 3" in data, "the state never was on this image"
    found = city.person.found_in(data)
    assert not found, f"in the raw image {when}: {found}"


def whole_state(folder):
    image = Image(folder, "state")
    with image as mount:
        city = CityOnAnImage(mount)
        city.setUp()
        try:
            held = {path.name for path in (mount / "state").iterdir()}
            assert {"ledger", "register", "checkpoints", "spool"} <= held, held
            city.live()
            scan(image, city, "before the erasure")
            city.erase()
            assert city.relay.stop() == 0
            city.relay = Relay(city.city)  # a start ends what an erasure left to be removed
            assert city.issue("large4").returncode == 0
            assert city.relay.stop() == 0
        finally:
            city.doCleanups()
    scan(image, city, "after the erasure")


def main():
    program = pathlib.Path(ARGUMENTS[1]) / "registry_test"
    if os.geteuid() != 0:
        skip("needs root")
    with tempfile.TemporaryDirectory(prefix="certrelay-image-") as name:
        folder = pathlib.Path(name)
        control = Image(folder, "control")
        with control as mount:
            for number, (_, form) in enumerate(needles()):
                leak = mount / f"leak{number}"
                leak.write_bytes(b"..." + form + b"...")
            os.sync()
            for leak in mount.glob("leak*"):
                leak.unlink()
            os.sync()
        missed = {what for what, _ in needles()} - set(control.found())
        assert not missed, f"the scan does not find what was leaked: {missed}"
        image = Image(folder, "register")
        with image as mount:
            done = run(program, "--gtest_filter=RawScan*.FindsNothing*",
                       env={**os.environ, "TMPDIR": str(mount)})
            assert done.returncode == 0, done.stdout + done.stderr
            os.sync()
        data = image.file.read_bytes()
        assert b"CRBASE01" in data, "the register never was on this image"
        found = image.found()
        assert not found, f"in the raw image: {found}"
        whole_state(folder)
    print("nothing found; the control was found whole")


main()
