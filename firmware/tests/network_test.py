#!/usr/bin/env python3
"""What the site's network.conf opens, and what stays shut: the image's own script, rules and nft, in a
network of their own on this host. Needs root; a namespace stands for the machine.

    firmware/tests/network_test.py IMAGE_FOLDER [TEST ...]      after scripts/image
"""
import os
import pathlib
import re
import socket
import sys
import unittest

from commands import run, succeed

TREE = pathlib.Path(sys.argv[1]).resolve() / "root" if len(sys.argv) > 1 else None
BUSYBOX = "/usr/lib/appliance/busybox"
ADDRESS = "ADDRESS=10.0.2.15/24\nGATEWAY=10.0.2.2\n"
OUT = "TIME=10.0.2.7\nOCSP=10.0.2.8 http://ocsp.example:8080/path\nOCSP=10.0.2.9 http://10.0.2.9/\n"
SITE = "[listen]\ncenter = \"127.0.0.1:0\"\n"


def user(name):
    lines = (line.split(":") for line in (TREE / "etc/passwd").read_text().splitlines())
    return next(int(fields[2]) for fields in lines if fields[0] == name)


class Machine(unittest.TestCase):
    """`apply` in the image's tree with a /run and a /var of its own."""

    @classmethod
    def setUpClass(cls):
        for folder, kind in (("run", "tmpfs"), ("var", "tmpfs"), ("proc", "proc")):
            succeed("mount", "-t", kind, kind, TREE / folder)
            cls.addClassCleanup(succeed, "umount", TREE / folder)
        for scope in ("all", "default"):  # as the image's sysctl has it; neighbours would be looked for
            pathlib.Path(f"/proc/sys/net/ipv6/conf/{scope}/disable_ipv6").write_text("1")
        succeed("ip", "link", "add", "here", "type", "veth", "peer", "name", "there")
        succeed("ip", "address", "add", "10.0.2.15/24", "dev", "here")
        for link in ("lo", "here", "there"):
            succeed("ip", "link", "set", link, "up")

    def apply(self, network, settings=SITE):
        for folder in ("run/appliance", "var/lib/appliance", "var/lib/certrelay"):
            (TREE / folder).mkdir(parents=True, exist_ok=True)
        for file in (TREE / "run/appliance").iterdir():
            file.unlink()
        (TREE / "var/lib/appliance/network.conf").write_text(network)
        (TREE / "var/lib/certrelay/certrelay.toml").write_text(settings)
        succeed("chroot", TREE, "/usr/sbin/nft", "-f", "/etc/nftables.conf")
        return run("chroot", TREE, BUSYBOX, "sh", "/usr/lib/appliance/network", "apply")

    def made(self, name):
        return TREE / "run/appliance" / name

    def leaves(self, who, kind, address, port):
        """Whether a packet of that user's socket passes the firewall's way out."""
        before = self.dropped()
        os.seteuid(user(who))
        try:
            with socket.socket(socket.AF_INET, kind) as out:
                out.setblocking(False)
                out.connect_ex((address, port))
                if kind == socket.SOCK_DGRAM:
                    out.send(b"x")
        except PermissionError:
            pass
        finally:
            os.seteuid(0)
        return self.dropped() == before

    def dropped(self):
        rules = succeed("chroot", TREE, "/usr/sbin/nft", "list", "ruleset")
        return int(re.search(r'counter packets (\d+) bytes \d+ comment "dropped-out"', rules)[1])


class Network(Machine):
    def test_a_site_that_names_nobody_lets_nothing_out(self):
        done = self.apply(ADDRESS + "ALLOW=10.0.2.0/24:8443\n")
        self.assertEqual((done.returncode, done.stdout.splitlines()[-1]),
                         (0, "site: addresses and 1 rules are in force"))
        for who in ("root", "certrelay", "certrelay-fetch", "_chrony"):
            self.assertFalse(self.leaves(who, socket.SOCK_DGRAM, "10.0.2.7", 123), who)
            self.assertFalse(self.leaves(who, socket.SOCK_STREAM, "10.0.2.8", 8080), who)
        for name in ("chrony.conf", "fetch.toml", "hosts"):
            self.assertFalse(self.made(name).exists(), name)
        self.assertNotIn("評価書", done.stdout)
        self.assertEqual((TREE / "var/lib/certrelay/certrelay.toml").read_text(), SITE)

    def test_the_two_that_go_out_reach_what_is_named_and_nobody_else_reaches_it(self):
        done = self.apply(ADDRESS + OUT)
        self.assertEqual(done.returncode, 0, done.stdout)
        flows = [("_chrony", socket.SOCK_DGRAM, "10.0.2.7", 123),
                 ("certrelay-fetch", socket.SOCK_STREAM, "10.0.2.8", 8080),
                 ("certrelay-fetch", socket.SOCK_STREAM, "10.0.2.9", 80)]
        for who, kind, address, port in flows:
            self.assertTrue(self.leaves(who, kind, address, port), (who, address))
            self.assertFalse(self.leaves(who, kind, address, port + 1), (who, address))
            self.assertFalse(self.leaves(who, kind, "10.0.2.77", port), who)
            for other in {"root", "certrelay", "certrelay-fetch", "_chrony"} - {who}:
                self.assertFalse(self.leaves(other, kind, address, port), other)

    def test_each_that_goes_out_is_said_as_a_change_of_the_evaluation_document(self):
        said = self.apply(ADDRESS + OUT).stdout
        for line in OUT.splitlines():
            self.assertIn(f"評価書の変更が必要です（外部への通信）: network.conf {line}\n", said)

    def test_relay_and_fetch_read_the_same_table_and_fetch_knows_where_its_hosts_are(self):
        self.apply(ADDRESS + OUT)
        table = ('\n[ocsp]\nsocket = "/run/certrelay-fetch/fetch.sock"\nresponders = [\n'
                 '  "http://ocsp.example:8080/path",\n  "http://10.0.2.9/",\n]\n')
        self.assertEqual(self.made("fetch.toml").read_text(), table)
        self.assertEqual((TREE / "var/lib/certrelay/certrelay.toml").read_text(), SITE + table)
        self.assertIn("10.0.2.8 ocsp.example\n", self.made("hosts").read_text())
        own = SITE + '[ocsp]\nresponders = ["http://10.0.2.9/"]\n'
        self.apply(ADDRESS + OUT, own)
        self.assertEqual((TREE / "var/lib/certrelay/certrelay.toml").read_text(), own)

    def test_the_clocks_program_takes_the_settings_and_serves_nobody(self):
        self.apply(ADDRESS + OUT)
        settings = self.made("chrony.conf").read_text()
        self.assertIn("server 10.0.2.7 iburst\n", settings)
        said = succeed("chroot", TREE, "/usr/sbin/chronyd", "-p", "-f", "/run/appliance/chrony.conf")
        self.assertEqual(said, settings)

    def test_what_is_no_line_of_it_is_refused_as_a_whole(self):
        for line in ("TIME=ntp.example", "TIME=10.0.2.7:123", "OCSP=10.0.2.8", "ALLOW=10.0.2.0/24",
                     'OCSP=10.0.2.8 http://a/"', "OCSP=10.0.2.8 https://a/", "OCSP=10.0.2.8 http://a/;drop",
                     "ADDRESS=10.0.2.16/24", "GATEWAY=10.0.2.2; add rule", "\n".join(OUT.splitlines()[1:2] * 9)):
            done = self.apply(ADDRESS + line + "\n")
            self.assertEqual((done.returncode, done.stdout), (1, "site: REFUSED: network.conf\n"), line)
        self.assertEqual(self.apply(ADDRESS + "\n".join(OUT.splitlines()[1:2] * 8) + "\n").returncode, 0)


if __name__ == "__main__":
    if "CERTRELAY_NAMESPACE" not in os.environ:
        os.environ["CERTRELAY_NAMESPACE"] = "own"
        os.execvp("unshare", ["unshare", "--net", "--mount", sys.executable, "-B", *sys.argv])
    unittest.main(argv=[sys.argv[0], *sys.argv[2:]], verbosity=2)
