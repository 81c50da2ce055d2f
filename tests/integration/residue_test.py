#!/usr/bin/env python3
"""Where a resident can be found: in no file of the relay and in no core of its processes
(R21, R33, R38, R51).

Goal: nothing of a resident in any file of the relay, before an erasure (only sealed data) and after;
none in the memory of vault and fronts once an issuance has ended; no core file is written; after the
erasure no old copy of the register's files serves again, and nobody can test a guess of what a change
told of the erased.
Method: a small fictional city. Name, kana, address, birth date and card serial are searched in every
file of the relay's folders and in all memory that a debugger with every right reads, in six
encodings, hexadecimal and base64. Positive control: each form, deliberately leaked into a file of the
same folder, is found.
Usage: residue_test.py FOLDER_OF_PROGRAMS
"""
import base64
import csv
import hashlib
import json
import os
import pathlib
import shutil
import signal
import sys
import unittest

sys.path += [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "support")]
from city_case import CityCase  # noqa: E402
from relay_processes_test import BIN, Relay, allow, kiosk, run  # noqa: E402
from until import until  # noqa: E402

MODULE = "/usr/lib/softhsm/libsofthsm2.so"
LOOKS = 3
ENCODINGS = ["utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "cp932", "euc_jp"]
# What is the relay's own; source/, extract/ and cards/ are the resident-record system's and people's.
RELAYS = ["state", "run", "keys", "operators", "pki", "certrelay.toml", "admin.json", "kiosk.json"]


def forms(data):
    yield "plain", data
    yield "hex", data.hex().encode()
    yield "HEX", data.hex().upper().encode()
    for shift in range(3):
        # The characters that no neighbour of the data has a part in.
        text = base64.b64encode(bytes(shift) + data)
        first = 0 if shift == 0 else 4
        whole = (shift + len(data)) // 3 * 4
        yield f"base64+{shift}", text[first:whole]


def mappings(pid):
    """All that a debugger with every right reads, mappings that a core leaves out included: of each
    its line in the process's map, where it begins and its bytes."""
    maps = pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines()
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as file:
        for line in maps:
            span, rights = line.split()[:2]
            if not rights.startswith("rw"):
                continue
            begin, end = (int(one, 16) for one in span.split("-"))
            try:
                file.seek(begin)
                yield line, begin, file.read(end - begin)
            except OSError:
                continue  # a guard or a device


def memory(pid):
    return b"".join(data for _, _, data in mappings(pid))


class Resident:
    def __init__(self, city, role):
        cast = {one["role"]: one for one in json.loads((city / "cast.json").read_text())}
        self.id = cast[role]["person_id"]
        person = self.row(city, "persons", "person_id", self.id)
        home = self.row(city, "households", "household_id", person["household_id"])
        self.texts = {"name": person["name"], "kana": person["kana"], "birth": person["birth_date"],
                      "address": next(one for one in home.values() if "土佐みなと市" in one)}
        if person.get("individual_number"):
            self.texts["number"] = person["individual_number"]
        self.serials = [bytes.fromhex(one["serial"]) for one in self.rows(city, "cards")
                        if one["person_id"] == self.id]
        self.digests = []  # of changes that told of the resident
        self.home = home
        self.members = [one for one in self.rows(city, "persons")
                        if one["household_id"] == home["household_id"]]
        self.members.sort(key=lambda one: int(one["member_no"]) if "member_no" in one else 0)

    @staticmethod
    def rows(city, table):
        with open(city / f"extract/{table}.csv", encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))

    def row(self, city, table, column, value):
        return next(one for one in self.rows(city, table) if one[column] == value)

    def needles(self):
        for what, text in self.texts.items():
            for encoding in ENCODINGS:
                try:
                    data = text.encode(encoding)
                except UnicodeEncodeError:
                    continue  # a name beyond JIS X 0208 has no such form
                for form, needle in forms(data):
                    yield f"{what} {encoding} {form}", needle
        for serial in self.serials:
            for form, needle in forms(serial):
                yield f"serial {form}", needle
        for digest in self.digests:
            for form, needle in forms(digest):
                yield f"digest {form}", needle

    def change(self):
        """The household whole, as a change tells it."""
        return json.dumps({"issuers": [], "households": [{"household": self.home,
                                                          "members": self.members}],
                           "deleted": [], "deceased": [], "cards_added": [], "cards_removed": [],
                           "images": []}, ensure_ascii=False).encode()

    def found_in(self, data):
        return sorted({what for what, needle in self.needles() if needle in data})

    def places_in(self, pid):
        """Where each text lies, with what stands around it, for whoever must find out why."""
        stacks = [(task / "syscall").read_text().split()[-2:]
                  for task in pathlib.Path(f"/proc/{pid}/task").iterdir()]
        out = [f"stack and program pointers: {stacks}"]
        for line, begin, data in mappings(pid):
            for what, needle in self.needles():
                at = data.find(needle)
                if at >= 0:
                    around = data[max(0, at - 96):at + len(needle) + 96]
                    out.append(f"{what} at {begin + at:#x} in {line}: {around}")
        return "\n".join(out)


class Residue(CityCase):
    def setUp(self):
        super().setUp()
        self.person = Resident(self.city, "ordinary")

    def files(self):
        for one in RELAYS:
            path = self.city / one
            yield from [path] if path.is_file() else (
                inner for inner in path.rglob("*") if inner.is_file())

    def found_in_files(self):
        out = {}
        for path in self.files():
            try:
                found = self.person.found_in(path.read_bytes())
            except FileNotFoundError:
                continue  # the ledger's probe of its disk comes and goes
            if found:
                out[str(path.relative_to(self.city))] = found
        return out

    def left_in(self, pid, kind=""):
        """What stays in a process that has nothing to do: data in use are not left behind, and a
        busy machine may keep a thread for a moment from giving back what it had."""
        self.await_none_live()
        for _ in range(LOOKS):
            self.wait_until_idle(pid)
            found = [one for one in self.person.found_in(memory(pid)) if one.startswith(kind)]
            if not found:
                return []
            print(self.person.places_in(pid))
        return found

    @staticmethod
    def rests(pid):
        try:
            return all((task / "stat").read_text().rpartition(")")[2].split()[0] == "S"
                       for task in pathlib.Path(f"/proc/{pid}/task").iterdir())
        except FileNotFoundError:
            return False  # a thread that ended meanwhile

    def wait_until_idle(self, pid):
        until(lambda: self.rests(pid), "the process did not come to rest", pause=0.01)

    def test_the_scan_finds_what_was_leaked(self):
        leaks = {}
        for number, (what, needle) in enumerate(self.person.needles()):
            leak = self.city / f"state/spool/leak{number}"
            leak.write_bytes(b"..." + needle + b"...")
            leaks[str(leak.relative_to(self.city))] = what
        found = self.found_in_files()
        for path, what in leaks.items():
            self.assertIn(what, found.get(path, []))

    def test_no_file_names_a_resident_before_an_erasure_and_after(self):
        self.assertEqual(self.issue().returncode, 0)
        self.assertEqual(self.found_in_files(), {})
        kept = self.folder / "kept"
        shutil.copytree(self.city / "state/register", kept)
        deleted = kiosk("source", "change", "--city", self.city, "--delete", self.person.id)
        self.assertEqual(deleted.returncode, 0, deleted.stdout + deleted.stderr)
        self.assertEqual(self.found_in_files(), {})
        erased = self.propose_and_approve("erase", "due")
        self.assertEqual(erased.returncode, 0, erased.stdout + erased.stderr)
        self.assertNotEqual(self.issue().returncode, 0)
        self.assertEqual(self.issue("large4").returncode, 0)
        self.assertEqual(self.found_in_files(), {})
        self.assertEqual(self.relay.stop(), 0)
        self.assertEqual(self.found_in_files(), {})
        # Every old file again, but the root: nothing of it opens.
        for old in kept.iterdir():
            if old.name != "root.slots":
                shutil.copy2(old, self.city / "state/register" / old.name)
        refused = run(BIN / "certrelayd", "--config", self.city / "certrelay.toml", timeout=240)
        self.assertEqual(refused.returncode, 1, refused.stdout + refused.stderr)
        self.assertIn("register does not open", refused.stderr)

    def send(self, body, sequence):
        path = self.folder / "change.json"
        path.write_bytes(body)
        done = kiosk("source", "change", "--city", self.city, "--file", path, "--sequence", sequence)
        return done.returncode, done.stdout + done.stderr

    def test_no_guess_of_a_change_can_be_tested_after_the_erasure(self):
        body, other = self.person.change(), self.person.change() + b" "
        self.person.digests = [hashlib.sha256(body).digest()]
        leak = self.city / "state/spool/leak"
        leak.write_bytes(b"..." + self.person.digests[0] + b"...")  # the control
        self.assertEqual(self.found_in_files(), {"state/spool/leak": ["digest plain"]})
        leak.unlink()
        code, said = self.send(body, 1)
        self.assertEqual((code, "1.1 in force" in said), (0, True), said)
        deleted = kiosk("source", "change", "--city", self.city, "--delete", self.person.id)
        self.assertEqual(deleted.returncode, 0, deleted.stdout + deleted.stderr)
        again, said = self.send(body, 1)
        self.assertEqual((again, "1.1 in force" in said), (0, True), said)
        code, refused = self.send(other, 1)
        self.assertEqual((code, "HTTP 409" in refused), (1, True), refused)
        self.assertIn("別の内容", refused)
        erased = self.propose_and_approve("erase", "due")
        self.assertEqual(erased.returncode, 0, erased.stdout + erased.stderr)
        right, wrong = self.send(body, 1), self.send(other, 1)
        self.assertEqual(right, wrong)
        self.assertEqual((right[0], "HTTP 409" in right[1]), (1, True), right[1])
        self.assertIn("照合はできません", right[1])
        self.assertEqual(self.found_in_files(), {})
        if os.geteuid() == 0:
            self.assertEqual(self.left_in(self.relay.child("vault"), "digest"), [])
        self.assertEqual(self.relay.stop(), 0)
        self.assertEqual(self.found_in_files(), {})

    def test_no_process_keeps_a_resident_in_memory_or_leaves_a_core(self):
        self.assertEqual(self.issue().returncode, 0)
        self.assertEqual(self.issue("large4").returncode, 0)
        # The control: this process holds the texts, and the same search finds them.
        self.assertIn("kana utf-16-le plain", self.person.found_in(memory(os.getpid())))
        found = {}
        for role in ("vault", "center", "registry", "admin"):
            pid = self.relay.child(role)
            limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
            core = next(line for line in limits.splitlines() if line.startswith("Max core file"))
            self.assertEqual(core.split()[4:6], ["0", "0"], core)
            if os.geteuid() != 0:
                continue  # nobody else may read it
            self.assertIn(str(self.city).encode(), memory(pid))  # it is this process, and readable
            if names := self.left_in(pid):
                found[role] = names
            environment = pathlib.Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
            self.assertIn(b"LD_BIND_NOW=1", environment)
            self.assertIn(b"GLIBC_TUNABLES=glibc.malloc.tcache_count=200", environment)
        self.assertEqual(found, {})
        pid = self.relay.child("vault")
        os.kill(pid, signal.SIGABRT)
        self.relay.await_line("the vault process ended (signal 6)")
        left = [one for place in (pathlib.Path.cwd(), self.city, self.city / "state")
                for one in place.glob("core*")]
        self.assertEqual(left, [])


class NumberResidue(Residue):
    """The same in a city that holds individual numbers (R08), and what a death leaves of one (R49)."""
    CITY_OPTIONS = ("--individual-numbers",)

    def test_a_death_leaves_the_number_nowhere(self):
        number = self.person.texts["number"]
        self.person.texts = {"number": number}
        self.person.serials = []
        paper = self.folder / "paper.pdf"
        printed = self.issue("ordinary", "--individual-number", "--out", paper)
        self.assertEqual(printed.returncode, 0, printed.stdout + printed.stderr)
        self.assertIn(number, run("pdftotext", paper, "-").stdout)
        plain = self.issue("ordinary", "--out", self.folder / "plain.pdf")
        self.assertEqual(plain.returncode, 0, plain.stdout + plain.stderr)
        self.assertNotIn(number, run("pdftotext", self.folder / "plain.pdf", "-").stdout)
        self.assertEqual(self.found_in_files(), {})
        kept = self.folder / "kept"
        shutil.copytree(self.city / "state/register", kept)
        died = kiosk("source", "change", "--city", self.city, "--death", self.person.id)
        self.assertEqual(died.returncode, 0, died.stdout + died.stderr)
        evidence = list((self.city / "state/erasure").glob("*-keys.txt"))
        self.assertEqual(len(evidence), 1)
        self.assertIn("individual numbers: 1", evidence[0].read_text())
        self.assertEqual(self.found_in_files(), {})
        if os.geteuid() == 0:
            for role in ("vault", "center", "registry", "admin"):
                self.assertEqual(self.left_in(self.relay.child(role)), [], role)
        self.assertEqual(self.issue("large4", "--individual-number").returncode, 0)
        self.assertEqual(self.relay.stop(), 0)
        self.assertEqual(self.found_in_files(), {})
        # Every old file again, but the root: nothing of it opens.
        for old in kept.iterdir():
            if old.name != "root.slots":
                shutil.copy2(old, self.city / "state/register" / old.name)
        refused = run(BIN / "certrelayd", "--config", self.city / "certrelay.toml", timeout=240)
        self.assertEqual(refused.returncode, 1, refused.stdout + refused.stderr)
        self.assertIn("register does not open", refused.stderr)

    def test_the_configuration_alone_does_not_give_them_up(self):
        self.assertEqual(self.relay.stop(), 0)
        toml = self.city / "certrelay.toml"
        toml.write_text(toml.read_text().replace("hold_individual_number = true\n", ""))
        refused = run(BIN / "certrelayd", "--config", toml, timeout=240)
        self.assertEqual(refused.returncode, 1, refused.stdout + refused.stderr)
        self.assertIn("hold_individual_number", refused.stderr)


class OldCopiesWithAToken(CityCase):
    """A token holds the roots: old copies of every file of the register, the roots' slots included,
    open nothing after an erasure (R21, R51). The ledger's files stay: an old ledger refuses the
    start by itself, and would hide what this is about."""

    def prepare(self):
        (self.folder / "tokens").mkdir()
        conf = self.folder / "softhsm2.conf"
        conf.write_text(f"directories.tokendir = {self.folder / 'tokens'}\nobjectstore.backend = file\n")
        os.environ["SOFTHSM2_CONF"] = str(conf)
        self.addCleanup(os.environ.pop, "SOFTHSM2_CONF")
        made = run("softhsm2-util", "--init-token", "--free", "--label", "roots", "--so-pin", "1234",
                   "--pin", "5678")
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        pin = self.city / "keys/token.pin"
        pin.write_text("5678\n")
        pin.chmod(0o600)
        toml = self.city / "certrelay.toml"
        text = toml.read_text()
        for old, new in (('outer_key = "keys/outer.key"\n',
                          f'outer_token = {{ module = "{MODULE}", token = "roots", '
                          'pin_file = "keys/token.pin" }\n'),
                         ("[operators]\n", '[operators]\nkey = "keys/outer.key"\n'),
                         # With a token nothing rests on overwriting.
                         ("any_file_system = true\n", "")):
            self.assertEqual(text.count(old), 1, old)
            text = text.replace(old, new)
        toml.write_text(text)
        allow(self.city, f'read = ["{conf}"]', f'write = ["{conf.parent / "tokens"}"]')

    def start(self):
        return run(BIN / "certrelayd", "--config", self.city / "certrelay.toml", "--check", timeout=240)

    def test_of_every_file_open_nothing(self):
        person = Resident(self.city, "ordinary").id
        register = self.city / "state/register"
        for what in ("--close", "--reopen"):  # each member has a record in the overlay
            changed = kiosk("source", "change", "--city", self.city, what, person)
            self.assertEqual(changed.returncode, 0, changed.stdout + changed.stderr)
        self.assertEqual(self.relay.stop(), 0)
        kept = self.folder / "kept"
        shutil.copytree(register, kept)
        self.assertTrue(any(one.name.startswith("over-") for one in kept.iterdir()))
        self.assertTrue((kept / "root.slots").exists())
        self.relay = Relay(self.city)
        self.assertEqual(self.issue().returncode, 0)
        deleted = kiosk("source", "change", "--city", self.city, "--delete", person)
        self.assertEqual(deleted.returncode, 0, deleted.stdout + deleted.stderr)
        erased = self.propose_and_approve("erase", "due")
        self.assertEqual(erased.returncode, 0, erased.stdout + erased.stderr)
        self.assertEqual(self.issue("large4").returncode, 0)
        self.assertEqual(self.relay.stop(), 0)
        now = self.folder / "now"
        shutil.copytree(register, now)
        self.assertEqual(self.start().returncode, 0)  # the control: what is in force opens
        for names in (["root.slots"], [one.name for one in kept.iterdir()]):
            shutil.rmtree(register)
            shutil.copytree(kept if len(names) > 1 else now, register)
            for name in names:
                shutil.copy2(kept / name, register / name)
            refused = self.start()
            self.assertEqual(refused.returncode, 1, refused.stdout + refused.stderr)
            self.assertIn("register does not open", refused.stderr)
        # The old overlay's files beside everything of today: whoever was erased stays so.
        shutil.rmtree(register)
        shutil.copytree(now, register)
        for old in kept.glob("over-*"):
            shutil.copy2(old, register / old.name)
        started = self.start()
        if started.returncode == 0:
            self.relay = Relay(self.city)
            self.assertNotEqual(self.issue().returncode, 0)
        else:
            self.assertIn("register does not open", started.stderr)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0], "-v"])
