#!/usr/bin/env python3
"""What the programs and units say of themselves.

Goal: no program is built, and no unit written, with less protection than it had.
Method: readelf over the shipped programs; the compiler's own words, in
compile_commands.json, for what leaves no trace in a program; `systemd-analyze security --offline=true` over
firmware/systemd. Exposure: at most 0.5 for the relay (the vault's bound: fronts and vault are one
unit), 1.2 for certrelay-fetch, which must have the network.
Usage: hardening_test.py FOLDER_OF_PROGRAMS
"""
import json
import pathlib
import re
import subprocess
import sys
import unittest

ROOT = pathlib.Path(__file__).parents[2]
UNITS = ROOT / "firmware/systemd"
BIN = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(".")
PROGRAMS = ("certrelayd", "certrelay-fetch", "certrelayctl", "certrelay-kiosk")
NO_TRACE = ("-D_FORTIFY_SOURCE=3", "-D_GLIBCXX_ASSERTIONS", "-fstack-clash-protection", "-fstack-protector-strong",
            "-fcf-protection=full", "-ftrivial-auto-var-init=zero", "-O2")
EXPOSURE_MAX = {"certrelayd.service": 5, "certrelay-fetch.service": 12}  # tenths


def said(*command):
    return subprocess.run([str(one) for one in command], check=True, text=True,
                          capture_output=True).stdout


class Programs(unittest.TestCase):
    def each(self, *options):
        for name in PROGRAMS:
            with self.subTest(name):
                yield said("readelf", "-W", *options, BIN / name)

    def test_lie_at_an_address_that_nobody_knows(self):
        for text in self.each("-h", "-d"):
            self.assertRegex(text, r"Type:\s+DYN")
            self.assertRegex(text, r"FLAGS_1\).*\bPIE\b")
            self.assertNotIn("TEXTREL", text)

    def test_resolve_all_at_the_start_and_write_protect_it(self):
        for text in self.each("-l", "-d"):
            self.assertIn("GNU_RELRO", text)
            self.assertRegex(text, r"FLAGS_1\).*\bNOW\b")

    def test_have_no_memory_that_is_written_and_run(self):
        for text in self.each("-l"):
            self.assertRegex(text, r"GNU_STACK .* RW +0x")
            self.assertNotRegex(text, r"LOAD .* RWE ")

    def test_load_libraries_from_the_system_alone(self):
        for text in self.each("-d"):
            self.assertNotIn("RPATH", text)
            self.assertNotIn("RUNPATH", text)

    def test_check_their_stack_and_the_sizes_of_what_they_copy(self):
        for text in self.each("--dyn-syms"):
            self.assertIn("__stack_chk_fail", text)
            self.assertRegex(text, r" __mem(cpy|move|set)_chk")

    def test_mark_where_a_jump_may_land(self):
        """-fcf-protection. The note "x86 feature: IBT, SHSTK" cannot be asked for: Debian 12's crt1.o has
        none, and a linker writes it only where every object does."""
        endbr64 = b"\xf3\x0f\x1e\xfa"
        for text, name in zip(self.each("-S"), PROGRAMS):
            place = re.search(r" \.text +PROGBITS +[0-9a-f]+ ([0-9a-f]+) ([0-9a-f]+)", text)
            at, size = (int(part, 16) for part in place.groups())
            # One at the head of each function that is called by address; without the flag, two in all.
            self.assertGreater((BIN / name).read_bytes()[at:at + size].count(endbr64), 1000)

    def test_each_file_is_compiled_with_what_no_program_shows(self):
        """Level 3 of FORTIFY and level 2 call the same functions; probing of the stack and the zero in what
        was never written are instructions like any others."""
        commands = json.loads((BIN.parent / "compile_commands.json").read_text())
        ours = [one["command"] for one in commands if re.search(r"/(protocol|relay|render|firmware)/", one["file"])]
        self.assertGreater(len(ours), 50)
        for command in ours:
            for flag in NO_TRACE:
                self.assertIn(flag, command.split())

    def test_the_relay_wipes_whatever_any_library_frees(self):
        text = said("readelf", "-W", "--dyn-syms", BIN / "certrelayd")
        for name in ("free", "realloc"):
            self.assertRegex(text, rf"FUNC +GLOBAL +DEFAULT +[0-9]+ {name}\b")

    def test_name_themselves_and_no_machine(self):  # INV-8; equal sources give equal bytes
        for text in self.each("-n"):
            self.assertRegex(text, r"Build ID: [0-9a-f]{40}")
        for name in PROGRAMS:
            data = (BIN / name).read_bytes()
            self.assertNotIn(str(ROOT).encode(), data, name)

    def test_the_fronts_and_the_vault_bring_no_library_of_the_service_manager(self):
        for name in ("certrelayd", "certrelay-fetch"):
            self.assertNotRegex(said("readelf", "-d", BIN / name), "libsystemd|liblzma|libgcrypt")


class Units(unittest.TestCase):
    def test_are_not_more_exposed_than_they_may_be(self):
        for unit, tenths in EXPOSURE_MAX.items():
            done = subprocess.run(["systemd-analyze", "security", "--offline=true",
                                   f"--threshold={tenths}", UNITS / unit], text=True,
                                  capture_output=True)
            verdict = re.search(r"Overall exposure level.*", done.stdout)
            self.assertEqual(done.returncode, 0, verdict and verdict[0])

    def test_a_weaker_unit_would_be_found(self):
        weaker = (UNITS / "certrelayd.service").read_text().replace("PrivateNetwork=yes\n", "")
        file = BIN.parent / "weaker.service"
        file.write_text(weaker)
        self.addCleanup(file.unlink)
        done = subprocess.run(["systemd-analyze", "security", "--offline=true", "--threshold=5",
                               file], capture_output=True)
        self.assertNotEqual(done.returncode, 0)

    def test_are_read_without_a_complaint(self):
        for unit in sorted(UNITS.glob("*.*")):
            if unit.suffix not in (".service", ".socket"):
                continue
            done = subprocess.run(["systemd-analyze", "verify", unit], text=True,
                                  capture_output=True)
            # The programs are not installed where this runs.
            lines = [line for line in done.stderr.splitlines() if "is not executable" not in line]
            self.assertEqual([line for line in lines if str(UNITS) in line], [])

    def test_each_listener_is_handed_over_by_the_name_of_its_role(self):
        service = (UNITS / "certrelayd.service").read_text()
        for role in ("center", "registry", "admin", "monitoring"):
            unit = f"certrelayd-{role}.socket"
            self.assertIn(f"FileDescriptorName={role}\n", (UNITS / unit).read_text())
            self.assertIn(unit, service)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)
