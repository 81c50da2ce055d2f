#!/usr/bin/env python3
"""The Debian package: what is in it, equal bytes from another folder, time zone and umask, of a program
compiled there too, and (class Installed, which needs root and the Debian mirror) its life in a tree of its
own.

    firmware/tests/package_test.py BUILD CERTRELAY_DEB [TEST ...]

CERTRELAY_DEB: what scripts/package made of BUILD; lintian is part of that.
"""
import os
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

from commands import run, succeed

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = DEB = None
STATE = "var/lib/certrelay"
AS_RELAY = ("setpriv", "--reuid", "certrelay", "--regid", "certrelay", "--clear-groups")


class Folder(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-package-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)


class Package(Folder):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        succeed("dpkg-deb", "-x", DEB, cls.folder / "tree")
        cls.tree = cls.folder / "tree"
        cls.files = {p.relative_to(cls.tree).as_posix(): p for p in cls.tree.rglob("*")
                     if not p.is_dir()}

    def test_holds_the_programs_their_pages_the_completion_the_user_and_the_glyphs(self):
        for name in ("usr/bin/certrelayd", "usr/bin/certrelay-fetch", "usr/bin/certrelayctl",
                     "usr/share/man/man8/certrelayd.8.gz", "usr/share/man/man1/certrelayctl.1.gz",
                     "usr/share/man/man8/certrelay-fetch.8.gz", "usr/lib/sysusers.d/certrelay.conf",
                     "usr/share/bash-completion/completions/certrelayctl",
                     "lib/systemd/system/certrelayd.service"):
            self.assertIn(name, self.files)
        # Where certrelayd looks for it: ../share/fonts from its own folder, links followed.
        program = self.files["usr/bin/certrelayd"].resolve()
        self.assertTrue((program.parent.parent / "share/fonts/ipamjm.glyphs").is_file())

    def test_holds_nothing_of_the_demonstration_and_no_key(self):
        for name, path in self.files.items():
            self.assertNotRegex(name, r"kiosk|manual$|\.pem$|\.key$|\.crt$")
            if path.is_symlink():
                continue
            content = path.read_bytes()
            # Armour with content: the words alone are in every program that reads PEM.
            self.assertNotRegex(content, rb"-----BEGIN [A-Z ]+-----\s+[A-Za-z0-9+/]{40}", name)

    def test_every_file_is_roots_and_none_is_setuid_or_writable_by_others(self):
        listing = succeed("dpkg-deb", "-c", DEB)
        for line in listing.splitlines():
            self.assertRegex(line, r"^(-rw-r--r--|-rwxr-xr-x|drwxr-xr-x|lrwxrwxrwx) root/root ")

    def test_names_no_folder_of_the_machine_that_built_it(self):
        for name, path in self.files.items():
            if not path.is_symlink():
                self.assertNotIn(str(ROOT).encode(), path.read_bytes(), name)

    def test_is_equal_from_another_folder_time_zone_and_umask(self):
        other = self.folder / "another folder" / "tree"
        other.mkdir(parents=True)
        listed = succeed("git", "ls-files", "-z", "--", "scripts", "docs", "firmware", cwd=ROOT)
        succeed("xargs", "-0", "cp", "-P", "--parents", "-t", other, input=listed, cwd=ROOT)
        succeed("git", "init", "-q", other)
        succeed("git", "add", "-A", cwd=other)
        for part in ("bin/certrelayd", "bin/certrelay-fetch", "bin/certrelayctl",
                     "share/fonts/ipamjm.glyphs"):
            (other / "built" / part).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(BUILD / part, other / "built" / part)
        environment = dict(os.environ, TZ="Pacific/Chatham", LC_ALL="C", USER="nobody")
        succeed(other / "scripts/package", "--as-is", other / "built", "--no-lintian", "--out",
                self.folder / "again", env=environment, preexec_fn=lambda: os.umask(0o077))
        again = next((self.folder / "again").glob("certrelay_*.deb"))
        self.assertEqual(again.read_bytes(), DEB.read_bytes())


class Programs(Folder):
    def test_are_equal_from_another_folder_without_a_cache(self):
        """Of certrelay-fetch, the smallest, with every flag and library rule of the others: compiled anew."""
        other = self.folder / "another folder"
        other.mkdir()
        listed = succeed("git", "ls-files", "-z", cwd=ROOT)
        succeed("xargs", "-0", "cp", "-P", "--parents", "-t", other, input=listed, cwd=ROOT)
        environment = dict(os.environ, CCACHE_DISABLE="1", TZ="Pacific/Chatham", LC_ALL="C")
        succeed("cmake", "--preset", "release", cwd=other, env=environment)
        succeed("cmake", "--build", "--preset", "release", "--target", "certrelay-fetch", "--", "--quiet",
                cwd=other, env=environment)
        self.assertEqual((other / "build/release/bin/certrelay-fetch").read_bytes(),
                         (BUILD / "bin/certrelay-fetch").read_bytes())


class Installed(Folder):
    """Install, upgrade from the version before, remove, purge, in a Debian tree of its own."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = DEB
        cls.before = cls.version_before(cls.now)
        # The machine's own mirror, and none of its other sources.
        succeed("mmdebstrap", "--variant=minbase", "--include=systemd",
                "bookworm", cls.folder / "tree", "/etc/apt/sources.list.d/debian.sources")
        cls.tree = cls.folder / "tree"
        succeed("chroot", cls.tree, "apt-get", "-q", "update")

    @classmethod
    def version_before(cls, deb):
        """The same package under a lower version."""
        tree = cls.folder / "unpacked"
        succeed("dpkg-deb", "-R", deb, tree)
        control = tree / "DEBIAN/control"
        control.write_text(re.sub(r"(?m)^Version: .*$", "Version: 0.0.9", control.read_text()))
        succeed("dpkg-deb", "-Zgzip", "-z1", "--root-owner-group", "-b", tree, cls.folder)
        return cls.folder / "certrelay_0.0.9_amd64.deb"

    def inside(self, *command):
        return succeed("chroot", self.tree, "env", "DEBIAN_FRONTEND=noninteractive", *command)

    def install(self, deb):
        shutil.copy(deb, self.tree / "tmp" / deb.name)
        self.inside("apt-get", "install", "-y", "-q", "--no-install-recommends",
                    f"/tmp/{deb.name}")

    def version(self):
        return self.inside("dpkg-query", "-W", "-f", "${Version} ${db:Status-Status}", "certrelay")

    def test_its_life(self):
        self.install(self.before)
        self.assertEqual(self.version(), "0.0.9 installed")
        state = self.tree / STATE
        owner = self.inside("stat", "-c", "%U:%G %a", "/" + STATE).strip()
        self.assertEqual(owner, "certrelay:certrelay 700")
        self.assertIn("/usr/sbin/nologin", self.inside("getent", "passwd", "certrelay"))
        self.assertFalse(list((self.tree / "etc/systemd/system").rglob("certrelayd.service")),
                         "enabled before there is a site")
        self.runs_as_the_relays_user()

        city = self.a_city_moves_in(state)
        first = self.a_certificate_of(city, push=True)
        (state / "ledger-of-the-site").write_text("見本")
        self.install(self.now)
        self.assertEqual(self.version(), f"{self.now.name.split('_')[1]} installed")
        self.assertEqual((state / "ledger-of-the-site").read_text(), "見本")
        self.assertEqual(self.inside("stat", "-c", "%U:%G %a", "/" + STATE).strip(), owner)
        # Register and ledger go on: nothing is pushed again.
        self.assertGreater(self.a_certificate_of(city, push=False), first)

        self.inside("apt-get", "remove", "-y", "-q", "certrelay")
        self.assertFalse((self.tree / "usr/bin/certrelayd").exists())
        self.assertTrue((state / "ledger-of-the-site").exists())
        said = self.inside("apt-get", "purge", "-y", "-q", "certrelay")
        self.assertIn("decommission", said)
        self.assertTrue((state / "ledger-of-the-site").exists())

    def a_city_moves_in(self, state):
        """A fictional city, its relay's half as the site of the tree; kiosk and source system stay here."""
        city = self.folder / "city"
        succeed(BUILD / "bin/certrelay-kiosk", "city", "create", city, "--residents", "150", "--seed", "21")
        shutil.copytree(city, state, dirs_exist_ok=True,
                        ignore=shutil.ignore_patterns("cards", "source", "extract", "run"))
        self.inside("chown", "-R", "certrelay:certrelay", "/" + STATE)
        state.chmod(0o700)
        shutil.rmtree(city / "run", ignore_errors=True)
        (city / "run").symlink_to(state / "run")
        succeed("mount", "-t", "proc", "proc", self.tree / "proc")
        self.addCleanup(succeed, "umount", self.tree / "proc")
        return city

    def a_certificate_of(self, city, push):
        """The number of a certificate that the installed relay issues, as its own user."""
        relay = Relay(city, command=["chroot", self.tree, *AS_RELAY, "certrelayd", "--config",
                                     f"/{STATE}/certrelay.toml"])
        try:
            if push:
                succeed(BUILD / "bin/certrelayctl", "extract", "push", "--city", city)
            said = succeed(BUILD / "bin/certrelay-kiosk", "issue", "--city", city, "--out",
                           self.folder / "certificate.pdf")
            return re.search(r"(?m)^issuance +document (\S+),", said)[1]
        finally:
            self.assertEqual(relay.stop(), 0)

    def runs_as_the_relays_user(self):
        """The shipped programs find their libraries, the font's path and the site's folder."""
        self.inside(*AS_RELAY, "certrelayctl", "init", "plan", "--out",
                    f"/{STATE}/plan.toml")
        self.assertTrue((self.tree / STATE / "plan.toml").is_file())
        for program in ("certrelayd", "certrelay-fetch"):
            missing = run("chroot", self.tree, program, "--config", "/nowhere")
            self.assertEqual(missing.returncode, 1, missing.stdout)
            self.assertIn("/nowhere", missing.stdout)


if __name__ == "__main__":
    BUILD, DEB = (pathlib.Path(argument).resolve() for argument in sys.argv[1:3])
    sys.argv[1] = str(BUILD / "bin")  # where it looks for them
    sys.path.append(str(ROOT / "tests/integration"))
    from relay_processes_test import Relay
    unittest.main(argv=[sys.argv[0], *sys.argv[3:]], verbosity=2)
