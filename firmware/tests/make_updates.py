#!/usr/bin/env python3
"""The bundles that service_test.py offers to a machine of version 0.1.0.

    make_updates.py CERTRELAY_DEB FOLDER      FOLDER holds updates.key, updates.pem; makes FOLDER/updates
"""
import pathlib
import shutil
import sys

from commands import succeed
from image_test import ROOT, Authority, flip_a_bit


def image(deb, folder, version):
    out = folder / version
    succeed(ROOT / "scripts/image", "--version", version, "--keyring", folder / "updates.pem",
            "--certrelay", deb, "--out", out, "--no-disk")
    return out


def with_a_hostile_relay(deb, folder):
    """The same package with hostile_relay.cpp as its relay, which can never be healthy, and as its fetch."""
    tree = folder / "broken"
    shutil.rmtree(tree, ignore_errors=True)
    succeed("dpkg-deb", "-R", deb, tree)
    succeed("g++", "-std=c++20", "-O1", pathlib.Path(__file__).parent / "hostile_relay.cpp", "-o",
            tree / "usr/lib/certrelay/bin/certrelayd")
    shutil.copy(tree / "usr/lib/certrelay/bin/certrelayd", tree / "usr/lib/certrelay/bin/certrelay-fetch")
    succeed("dpkg-deb", "-Zgzip", "-z1", "--root-owner-group", "-b", tree, folder / "broken.deb")
    return folder / "broken.deb"


def named_as(built, out, version):
    """The same under another version: a machine that refuses it by that does not look further."""
    shutil.rmtree(out, ignore_errors=True)
    release = out / "root/usr/lib/os-release"
    release.parent.mkdir(parents=True)
    release.write_text(f"VERSION_ID={version}\n")
    for file in ("root.img", "certrelay.efi"):
        (out / file).hardlink_to(built / file)
    return out


def main(deb, folder):
    updates = folder / "updates"
    updates.mkdir(exist_ok=True)
    bundle = lambda built, authority, name: succeed(
        ROOT / "firmware/image/bundle", built, authority[0], authority[1], updates / name)
    ours = (folder / "updates.key", folder / "updates.pem")
    foreign = Authority(folder, "foreign")
    newer = image(deb, folder, "0.2.0")
    bundle(newer, ours, "newer.raucb")
    bundle(newer, (foreign.key, foreign.certificate), "foreign.raucb")
    shutil.copy(updates / "newer.raucb", updates / "corrupted.raucb")
    flip_a_bit(updates / "corrupted.raucb", (updates / "corrupted.raucb").stat().st_size // 2)
    bundle(named_as(newer, folder / "older", "0.0.9"), ours, "older.raucb")
    broken = image(with_a_hostile_relay(deb, folder), folder, "0.3.0")
    bundle(broken, ours, "unhealthy.raucb")
    shutil.rmtree(broken)
    shutil.rmtree(newer)


if __name__ == "__main__":
    main(*(pathlib.Path(argument).resolve() for argument in sys.argv[1:3]))
