#!/usr/bin/env python3
"""What can be told of the appliance from its sources, in a second and without a package of its own: run
by scripts/test. All else is scripts/test-appliance and the suites that it runs.
"""
import pathlib
import re
import subprocess
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
IMAGE = ROOT / "firmware/image"
OVERLAY = IMAGE / "overlay"


def listed(name):
    lines = (line.split("#")[0].strip() for line in (IMAGE / name).read_text().splitlines())
    return [line for line in lines if line]


class ApplianceSources(unittest.TestCase):
    def test_every_package_is_pinned_by_version_and_digest(self):
        locked = {}
        for line in listed("packages.lock"):
            name, version, sha256 = line.split()
            self.assertRegex(sha256, r"^[0-9a-f]{64}$", line)
            locked[name] = version
        self.assertLessEqual(set(listed("packages.list")), set(locked))

    def test_the_package_builds_with_what_this_repository_installs(self):
        control = (ROOT / "firmware/debian/control").read_text()
        wanted = re.search(r"(?s)^Build-Depends:(.*?)\n\S", control, re.MULTILINE).group(1)
        wanted = {name.strip() for name in wanted.split(",")} - {"debhelper-compat (= 13)"}
        installed = (ROOT / "scripts/packages.txt").read_text()
        building = installed.split("# Tests")[0]
        self.assertLessEqual(wanted, set(installed.split()))
        self.assertLessEqual(set(re.findall(r"(?m)^lib\S+-dev$", building)), wanted)

    def test_every_started_unit_is_in_the_image(self):
        files = set(listed("files.list"))
        for line in listed("units.list"):
            target, unit = line.split()
            self.assertRegex(target, r"^[a-z-]+\.target$")
            ours = (OVERLAY / "usr/lib/systemd/system" / unit).exists()
            relay = unit.startswith("certrelay")
            self.assertTrue(ours or relay or f"usr/lib/systemd/system/{unit}" in files, unit)

    def test_machine_and_appliance_have_one_unit_and_it_starts_what_init_makes(self):
        units = [unit for unit in (ROOT / "firmware").rglob("certrelayd.service") if unit.is_file()]
        self.assertEqual(units, [ROOT / "firmware/systemd/certrelayd.service"])
        unit = units[0].read_text()
        site = "/var/lib/certrelay/certrelay.toml"
        self.assertIn(f"ConditionPathExists={site}\n", unit)
        self.assertRegex(unit, rf"(?m)^ExecStart=\S+ --config {site}$")
        self.assertIn("\nStateDirectory=certrelay\n", unit)
        # Its filter refuses the processes' own call (supervisor.cpp).
        self.assertIn("\nCPUSchedulingPolicy=batch\n", unit)
        self.assertIn("/var/lib/certrelay", (ROOT / "firmware/debian/certrelay.postinst").read_text())
        self.assertIn("site=/var/lib/certrelay\n", (OVERLAY / "usr/lib/appliance/site").read_text())

    def test_the_lists_name_no_shell_and_no_login(self):
        for path in listed("files.list"):
            self.assertNotRegex(path, r"/(sh|bash|dash|login|agetty|su|sudo|passwd|sshd|apt|dpkg|perl)$")
            self.assertNotRegex(path, r"getty|emergency|rescue|debug-shell|logind")

    def test_nobody_can_log_in(self):
        for line in (OVERLAY / "etc/passwd").read_text().splitlines():
            fields = line.split(":")
            self.assertEqual((fields[1], fields[6]), ("*", "/usr/sbin/nologin"), line)

    def test_the_firewall_drops_by_default_in_all_directions(self):
        rules = (OVERLAY / "etc/nftables.conf").read_text()
        for chain in ("input", "forward", "output"):
            self.assertRegex(rules, rf"hook {chain} priority 0; policy drop;")
        accepted = sorted(re.findall(r"(?m)^\s*(.*accept)$", rules))
        established = "ct state established,related accept"
        self.assertEqual(accepted, [established, established, "iif lo accept", "oif lo accept"])

    def test_the_unit_of_the_clock_is_not_more_exposed_than_it_may_be(self):
        unit = OVERLAY / "usr/lib/systemd/system/appliance-time.service"
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=20", unit],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout[-200:])

    def test_nothing_that_goes_out_is_started_by_itself(self):
        started = {line.split()[1] for line in listed("units.list")}
        for unit in ("appliance-time.service", "certrelay-fetch.service", "certrelay-fetch.socket"):
            self.assertNotIn(unit, started)

    def test_every_script_is_well_formed_and_names_its_interpreter(self):
        scripts = [path for path in (OVERLAY / "usr/lib/appliance").iterdir() if path.is_file()]
        for script in [*scripts, IMAGE / "bundle-hook"]:
            self.assertTrue(script.read_text().startswith("#!/usr/lib/appliance/busybox sh\n"), script)
        for script in [*scripts, IMAGE / "bundle-hook", IMAGE / "init.sh"]:
            said = subprocess.run(["sh", "-n", script], capture_output=True, text=True)
            self.assertEqual(said.returncode, 0, said.stderr)

    def test_every_applet_that_a_script_calls_has_a_name(self):
        """A script finds its programs by links; one that is missing would be found at a first run only."""
        have = {path.name for path in (OVERLAY / "usr/lib/appliance/bin").iterdir()}
        have |= {path.rsplit("/", 1)[-1] for path in listed("files.list")}
        words = ("cat chmod chown cmp cp cut dd find grep head ls mkdir mount mv nc networkctl nft od "
                 "openssl rauc rm sed sha256sum sleep sort start-stop-daemon stat sync systemctl tail tar tr "
                 "umount wget").split()
        for script in (OVERLAY / "usr/lib/appliance").iterdir():
            if not script.is_file():
                continue
            code = "\n".join(line for line in script.read_text().splitlines()
                             if not line.lstrip().startswith(("#", "say ", "refuse ")))
            for word in words:
                if re.search(rf"(?m)(^|[|(;&!]|do|then|if|until|\$\()\s*{re.escape(word)}\s", code):
                    self.assertIn(word, have, script.name)


if __name__ == "__main__":
    unittest.main(verbosity=2)
