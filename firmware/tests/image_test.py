#!/usr/bin/env python3
"""What can be told of a built image without starting it: the policy of its tree, the hash tree, the boot
program, the updates' signatures. Every attack here is an ordinary test.

    firmware/tests/image_test.py IMAGE_FOLDER [TEST ...]      after scripts/image
"""
import os
import pathlib
import re
import shutil
import stat
import sys
import tempfile
import unittest
import uuid

from commands import run, succeed

ROOT = pathlib.Path(__file__).resolve().parents[2]
IMAGE = None


def flip_a_bit(file, offset):
    with open(file, "r+b") as opened:
        opened.seek(offset)
        byte = opened.read(1)[0]
        opened.seek(offset)
        opened.write(bytes([byte ^ 1]))


def command_line(image):
    return dict(word.split("=", 1) for word in (image / "cmdline").read_text().split() if "=" in word)


class Authority:
    """An authority of updates and one key under it, of this run alone."""

    def __init__(self, folder, name):
        folder.mkdir(parents=True, exist_ok=True)
        self.key, self.certificate = folder / f"{name}.key", folder / f"{name}.pem"
        succeed("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                "-nodes", "-keyout", self.key, "-out", self.certificate, "-days", "30",
                "-subj", f"/CN=mihon {name}")


class Policy(unittest.TestCase):
    """Of the tree that becomes the root."""

    @classmethod
    def setUpClass(cls):
        cls.tree = IMAGE / "root"
        cls.paths = {p.relative_to(cls.tree).as_posix(): p for p in cls.tree.rglob("*")}

    def programs(self):
        return {path.rsplit("/", 1)[-1] for path, p in self.paths.items()
                if not p.is_dir() and re.search(r"(^|/)(bin|sbin)/", path)}

    def test_nothing_is_setuid_setgid_or_has_capabilities(self):
        for path, p in self.paths.items():
            if not p.is_symlink():
                self.assertEqual(p.stat().st_mode & (stat.S_ISUID | stat.S_ISGID), 0, path)
                self.assertNotIn("security.capability", os.listxattr(p), path)

    def test_no_shell_no_login_no_package_manager_no_remote_access(self):
        unwanted = {"sh", "bash", "dash", "ash", "login", "agetty", "getty", "su", "sudo", "passwd",
                    "sulogin", "sshd", "ssh", "telnetd", "apt", "apt-get", "dpkg", "perl", "python3",
                    "gdb", "strace", "wget", "curl", "mount.nfs", "gcc", "chsh", "newgrp"}
        self.assertEqual(self.programs() & unwanted, set())
        units = {path.rsplit("/", 1)[-1] for path in self.paths if "/systemd/system/" in path}
        for unit in units:
            self.assertNotRegex(unit, r"getty|ssh|debug-shell|emergency|rescue|logind")
        for line in (self.tree / "etc/passwd").read_text().splitlines():
            fields = line.split(":")
            self.assertEqual((fields[1], fields[6]), ("*", "/usr/sbin/nologin"), line)
        self.assertFalse((self.tree / "etc/shadow").exists())

    def test_busybox_has_no_name_but_its_own_and_the_scripts_applets(self):
        links = {path for path, p in self.paths.items()
                 if p.is_symlink() and os.readlink(p).endswith("busybox")}
        self.assertTrue(links)
        for path in links:
            self.assertRegex(path, r"^usr/lib/appliance/bin/")
            self.assertNotRegex(path, r"/(sh|ash|vi|telnet|wget|ftpget|httpd|tftp)$")
        scripts = [path for path, p in self.paths.items() if p.is_file() and not p.is_symlink()
                   and p.read_bytes()[:2] == b"#!"]
        for path in scripts:
            self.assertRegex(path, r"^usr/lib/appliance/")

    def test_no_private_key_and_no_demonstration(self):
        for path, p in self.paths.items():
            content = p.read_bytes() if p.is_file() and not p.is_symlink() else b""
            if not content.startswith(b"\x7fELF"):  # GnuTLS carries the keys of its own known-answer tests
                self.assertFalse(re.search(rb"BEGIN [A-Z ]*PRIVATE KEY", content), path)
            self.assertNotRegex(path, r"kiosk|\.key$")

    def test_modules_are_those_of_the_list_and_what_they_need(self):
        names = {re.sub(r"\.ko.*", "", path.rsplit("/", 1)[-1]) for path in self.paths if ".ko" in path}
        self.assertLess(len(names), 120)
        for unwanted in ("bluetooth", "cfg80211", "nfs", "cifs", "fuse", "dccp", "sctp", "tipc",
                         "firewire_core", "thunderbolt", "kvm", "overlay", "bridge", "tun"):
            self.assertNotIn(unwanted, names)

    def test_the_firewall_drops_by_default_in_all_directions(self):
        rules = (self.tree / "etc/nftables.conf").read_text()
        for chain in ("input", "forward", "output"):
            self.assertRegex(rules, rf"hook {chain} priority 0; policy drop;")
        accepted = re.findall(r"^\s*(.*accept)$", rules, re.M)
        self.assertEqual(sorted(accepted), sorted(["iif lo accept", "oif lo accept",
                                                   "ct state established,related accept",
                                                   "ct state established,related accept"]))

    def test_every_user_of_the_package_exists(self):
        users = {line.split(":")[0] for line in (self.tree / "etc/passwd").read_text().splitlines()}
        for file in (IMAGE / "pool/usr/lib/sysusers.d").glob("certrelay*.conf"):
            for user in re.findall(r"(?m)^u\s+(\S+)", file.read_text()):
                self.assertIn(user, users)

    def test_every_package_is_the_one_of_the_lock(self):
        succeed("python3", "-B", ROOT / "firmware/image/lock.py", "verify", ROOT / "build/image")


class Chain(unittest.TestCase):
    """Command line, root hash, hash tree."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-image-", dir=IMAGE.parent))
        self.addCleanup(shutil.rmtree, self.folder)
        self.root = self.folder / "root.img"
        shutil.copy(IMAGE / "root.img", self.root)
        self.options = command_line(IMAGE)
        self.offset = int(self.options["appliance.hashoffset"])

    def verify(self):
        return run("veritysetup", "verify", self.root, self.root, self.options["appliance.roothash"],
                   f"--hash-offset={self.offset}")

    def test_the_root_is_the_one_of_the_command_line(self):
        self.assertEqual(self.verify().returncode, 0)
        self.assertIn((IMAGE / "cmdline").read_bytes(), (IMAGE / "certrelay.efi").read_bytes())

    def test_a_flipped_bit_anywhere_is_found(self):
        for offset in (4096, self.offset // 2, self.offset - 1, self.offset + 4096 + 17):
            flip_a_bit(self.root, offset)
            self.assertNotEqual(self.verify().returncode, 0, offset)
            flip_a_bit(self.root, offset)
        self.assertEqual(self.verify().returncode, 0)

    def test_a_flipped_bit_with_a_rebuilt_hash_tree_has_another_root_hash(self):
        flip_a_bit(self.root, self.offset // 2)
        self.rebuild()
        self.assertIn("Verification of root hash failed", self.verify().stdout)

    def rebuild(self):
        same = uuid.UUID(self.options["appliance.uuid"])
        said = succeed("veritysetup", "format", f"--data-blocks={self.offset // 4096}",
                       f"--hash-offset={self.offset}", f"--uuid={same}", self.root, self.root)
        self.assertNotIn(self.options["appliance.roothash"], said)

    def test_the_kernel_is_told_to_refuse_what_is_not_signed_or_verified(self):
        words = (IMAGE / "cmdline").read_text().split()
        for word in ("lockdown=integrity", "module.sig_enforce=1", "systemd.gpt_auto=no", "ro"):
            self.assertIn(word, words)
        self.assertIn("--restart-on-corruption", (IMAGE / "initrd/init").read_text())

    def test_the_boot_loader_has_no_editor(self):
        self.assertIn("editor no", (IMAGE / "loader.conf").read_text())


class Updates(unittest.TestCase):
    """Bundles as the host's RAUC judges them; the machine's own is in service_test.py."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-update-", dir=IMAGE.parent))
        cls.addClassCleanup(shutil.rmtree, cls.folder)
        cls.ours, cls.foreign = (Authority(cls.folder, name) for name in ("ours", "foreign"))
        cls.bundle = cls.make(cls.ours, "ours.raucb")

    @classmethod
    def make(cls, authority, name):
        out = cls.folder / name
        succeed(ROOT / "firmware/image/bundle", IMAGE, authority.key, authority.certificate, out)
        return out

    def extract(self, bundle):
        shutil.rmtree(self.folder / "extracted", ignore_errors=True)
        return run("rauc", f"--keyring={self.ours.certificate}", "extract", bundle,
                   self.folder / "extracted")

    def test_our_bundle_holds_the_very_root_and_boot_program(self):
        self.assertEqual(self.extract(self.bundle).returncode, 0)
        for name in ("root.img", "certrelay.efi"):
            self.assertEqual((self.folder / "extracted" / name).read_bytes(), (IMAGE / name).read_bytes())

    def test_a_foreign_keys_bundle_is_refused(self):
        done = self.extract(self.make(self.foreign, "foreign.raucb"))
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("signature verification failed", done.stdout)

    def test_a_corrupted_payload_is_refused(self):
        corrupted = self.folder / "corrupted.raucb"
        shutil.copy(self.bundle, corrupted)
        flip_a_bit(corrupted, corrupted.stat().st_size // 2)
        self.assertNotEqual(self.extract(corrupted).returncode, 0)


if __name__ == "__main__":
    IMAGE = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main(verbosity=2)
