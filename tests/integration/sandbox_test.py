#!/usr/bin/env python3
"""From inside the shipped processes: what a captured one would try.

Goal: a front starts no program, makes no socket, opens no file, touches no other process; the vault
makes no socket, opens nothing but its own files; nobody has a privilege left.
Method: certrelayd is started as it is shipped. A debugger with every right stops one thread of a
running process, sets its registers to a system call of the test's choice at a `syscall` instruction of
its own C library, and steps once: what the kernel answers is what code inside the process would be
answered. The same calls in a relay with `sandbox.off` (a demonstration may) are the control: there
each of them succeeds, or fails for its arguments alone.
Usage: sandbox_test.py FOLDER_OF_PROGRAMS
"""
import ctypes
import errno
import http.client
import os
import pathlib
import platform
import shutil
import signal
import struct
import sys
import tempfile
import unittest

sys.path += [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "support")]
from relay_processes_test import BIN, Relay, allow, kiosk, run  # noqa: E402
from until import until  # noqa: E402

LIBC = ctypes.CDLL(None, use_errno=True)
SINGLESTEP, GETREGS, SETREGS, ATTACH, DETACH = 9, 12, 13, 16, 17
WALL = 0x40000000
# The 27 registers of user_regs_struct, of x86-64.
RAX, RDX, RSI, RDI, ORIG_RAX, RIP, RSP = 10, 12, 13, 14, 15, 16, 19
R10, R8, R9 = 7, 9, 8
OPENAT, SOCKET, CONNECT, EXECVE, KILL, PTRACE = 257, 41, 42, 59, 62, 101
PROCESS_VM_READV, CLONE, ACCEPT, MPROTECT, CLOSE, UNLINK, BPF = 310, 56, 43, 10, 3, 87, 321
KILLED = "killed by SIGSYS"
ROLES = ("center", "registry", "admin", "monitoring")


def ptrace(request, thread, data=0):
    LIBC.ptrace.argtypes = [ctypes.c_long] * 2 + [ctypes.c_void_p] * 2
    LIBC.ptrace.restype = ctypes.c_long
    if LIBC.ptrace(request, thread, None, data) < 0:
        raise OSError(ctypes.get_errno(), f"ptrace {request}")


class Inside:
    """A stopped thread of a process of the relay."""

    def __init__(self, pid, thread=None):
        self.pid, self.thread, self.dead = pid, thread or pid, False
        with open(f"/proc/{pid}/maps", encoding="ascii") as maps:
            line = next(one for one in maps if "libc.so" in one and " r-xp " in one)
        begin, end = (int(one, 16) for one in line.split()[0].split("-"))
        self.memory = open(f"/proc/{pid}/mem", "r+b", buffering=0)
        self.memory.seek(begin)
        self.instruction = begin + self.memory.read(end - begin).index(b"\x0f\x05")

    def __enter__(self):
        ptrace(ATTACH, self.thread)
        os.waitpid(self.thread, WALL)
        self.before = self.registers()
        return self

    def __exit__(self, *_):
        self.memory.close()
        if not self.dead:
            self.set_registers(self.before)
            ptrace(DETACH, self.thread)

    def registers(self):
        room = ctypes.create_string_buffer(27 * 8)
        ptrace(GETREGS, self.thread, ctypes.addressof(room))
        return list(struct.unpack("27Q", room.raw))

    def set_registers(self, values):
        room = ctypes.create_string_buffer(struct.pack("27Q", *values), 27 * 8)
        ptrace(SETREGS, self.thread, ctypes.addressof(room))

    def call(self, number, *arguments):
        """What the kernel answers: a negative errno, a result, or KILLED."""
        now = list(self.before)
        room = (now[RSP] - 8192) & ~15
        ready = []
        for one in arguments:
            if isinstance(one, (str, pathlib.Path)):
                data = str(one).encode() + b"\0"
                self.memory.seek(room)
                self.memory.write(data)
                ready.append(room)
                room += len(data)
            else:
                ready.append(one & (2**64 - 1))
        for register, value in zip((RDI, RSI, RDX, R10, R8, R9), ready + [0] * 6):
            now[register] = value
        now[RAX], now[ORIG_RAX], now[RIP] = number, 2**64 - 1, self.instruction
        self.set_registers(now)
        ptrace(SINGLESTEP, self.thread)
        _, status = os.waitpid(self.thread, WALL)
        if os.WIFSIGNALED(status):
            self.dead = True
            return KILLED if os.WTERMSIG(status) == signal.SIGSYS else status
        result = self.registers()[RAX]
        return result - 2**64 if result >> 63 else result


def make_city(folder, *lines):
    made = kiosk("city", "create", folder, "--residents", 150, "--seed", 17)
    assert made.returncode == 0, made.stdout + made.stderr
    if lines:
        allow(folder, *lines)
    return folder


def deadly(pid, city):
    """Calls that only an attacker makes, each with what it would answer where nothing is in its way."""
    return {
        "a program": ((EXECVE, "/nowhere/program", 0, 0), -errno.ENOENT),
        "a debugger": ((PTRACE, ATTACH, 2**22, 0, 0), -errno.ESRCH),
        "another's memory": ((PROCESS_VM_READV, pid, 0, 0, 0, 0, 0), 0),
        "the kernel's programs": ((BPF, 2**20, 0, 0), -errno.EINVAL),
        "an internet socket": ((SOCKET, 2, 1, 0), None),
        "a local socket": ((SOCKET, 1, 1, 0), None),
        "a connection": ((CONNECT, 2**20, 0, 0), -errno.EBADF),
    }


class Confined(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        cls.city = make_city(cls.folder / "city")
        cls.relay = Relay(cls.city)

    @classmethod
    def tearDownClass(cls):
        cls.relay.stop()
        shutil.rmtree(cls.folder)

    @staticmethod
    def status(path):
        lines = (path / "status").read_text().splitlines()
        return dict(line.split(":\t", 1) for line in lines if ":\t" in line)

    def test_no_privilege_is_left_in_any_thread(self):
        for role in ("parent", "vault", *ROLES):
            pid = self.relay.process.pid if role == "parent" else self.relay.child(role)
            threads = list(pathlib.Path(f"/proc/{pid}/task").iterdir())
            self.assertEqual(len(threads) > 1, role == "vault", role)
            for thread in threads:
                status = self.status(thread)
                self.assertEqual(status["NoNewPrivs"], "1", role)
                self.assertEqual(status["Seccomp"], "0" if role == "parent" else "2", role)
                for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"):
                    self.assertEqual(int(status[name], 16), 0, f"{role} {name}")
            limits = pathlib.Path(f"/proc/{pid}/limits").read_text()
            self.assertRegex(limits, r"Max core file size\s+0\s+0\s")

    def test_a_front_opens_nothing_and_signals_nobody(self):
        vault = self.relay.child("vault")
        for role in ROLES:
            with self.subTest(role), Inside(self.relay.child(role)) as front:
                for path in ("/etc/passwd", "/dev/null", self.city / "certrelay.toml",
                             self.city / f"pki/{role}-server.key",
                             self.city / "state/register/CURRENT", f"/proc/{vault}/mem"):
                    self.assertEqual(front.call(OPENAT, -100, path, os.O_RDONLY), -errno.EPERM, path)
                for path in ("/tmp/made", self.city / "state/made"):
                    made = front.call(OPENAT, -100, path, os.O_CREAT | os.O_RDWR, 0o600)
                    self.assertEqual(made, -errno.EPERM)
                self.assertEqual(front.call(UNLINK, self.city / "state/lock"), -errno.EPERM)
                self.assertEqual(front.call(KILL, vault, 0), -errno.EPERM)
                self.assertEqual(front.call(CLONE, signal.SIGCHLD, 0, 0, 0, 0), -errno.EPERM)
                self.assertEqual(front.call(MPROTECT, front.instruction & ~4095, 4096, 7), -errno.EPERM)
        self.assertEqual(self.relay.check("self_test")["ok"], True)  # and they serve on

    def test_any_thread_of_the_vault_opens_its_own_files_alone(self):
        vault = self.relay.child("vault")
        threads = sorted(int(one.name) for one in pathlib.Path(f"/proc/{vault}/task").iterdir())
        for thread in threads:
            with self.subTest(thread - vault), Inside(vault, thread) as inside:
                for path in ("/etc/passwd", "/dev/null", "/tmp", self.city / "certrelay.toml",
                             self.city / "feeder/feeder.pem", self.city / "cast.json",
                             self.city / "pki/../extract/persons.csv"):
                    self.assertEqual(inside.call(OPENAT, -100, path, os.O_RDONLY), -errno.EACCES, path)
                made = inside.call(OPENAT, -100, "/tmp/made", os.O_CREAT | os.O_RDWR, 0o600)
                self.assertEqual(made, -errno.EACCES)
                key = self.city / "keys/answer.pem"
                self.assertEqual(inside.call(OPENAT, -100, key, os.O_RDWR), -errno.EACCES)
                for path in (key, self.city / "state/ledger/ledger.db"):
                    opened = inside.call(OPENAT, -100, path, os.O_RDONLY | os.O_CLOEXEC)
                    self.assertGreater(opened, 2, path)
                    self.assertEqual(inside.call(CLOSE, opened), 0)
                self.assertEqual(inside.call(KILL, self.relay.process.pid, 0), -errno.EPERM)
                self.assertEqual(inside.call(ACCEPT, 3, 0, 0), -errno.EPERM)
                self.assertEqual(inside.call(CLONE, signal.SIGCHLD, 0, 0, 0, 0), -errno.EPERM)
        self.assertEqual(self.relay.check("self_test")["ok"], True)

    def test_an_attackers_call_ends_the_process_and_the_service_goes_on(self):
        for role in ("center", "monitoring", "vault"):
            for name, (call, _) in deadly(self.relay.process.pid, self.city).items():
                with self.subTest(f"{role}: {name}"):
                    with Inside(self.relay.child(role)) as inside:
                        self.assertEqual(inside.call(*call), KILLED)
                    self.relay.await_line(
                        f"the {role} process ended (signal {int(signal.SIGSYS)})")
                    self.await_service(role)

    def await_service(self, role):
        """Until the process is there again and confined, and the vault answers through its fronts."""
        def serves():
            try:
                status = self.status(pathlib.Path(f"/proc/{self.relay.child(role)}"))
                return status["Seccomp"] == "2" and self.relay.check("self_test")["ok"]
            except (AssertionError, KeyError, OSError, ValueError, http.client.HTTPException):
                return False  # no vault or no front yet

        until(serves, f"the {role} process does not serve again", seconds=120)


class Unconfined(unittest.TestCase):
    """The control: the same calls where nothing is in their way."""

    def test_with_the_sandbox_off_each_call_is_made(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, folder)
        city = make_city(folder / "city", "off = true")
        relay = Relay(city)
        self.addCleanup(relay.stop)
        self.assertIn("sandbox", [one["name"] for one in relay.health()["warnings"]])
        for role in ("center", "vault"):
            pid = relay.child(role)
            with Inside(pid) as inside:
                for name, (call, answer) in deadly(pid, city).items():
                    got = inside.call(*call)
                    if answer is None:
                        self.assertGreater(got, 2, f"{role}: {name}")
                        inside.call(CLOSE, got)
                    else:
                        self.assertEqual(got, answer, f"{role}: {name}")
                for path in ("/etc/passwd", city / "certrelay.toml", city / "cast.json"):
                    opened = inside.call(OPENAT, -100, path, os.O_RDONLY | os.O_CLOEXEC)
                    self.assertGreater(opened, 2, f"{role}: {path}")
                    inside.call(CLOSE, opened)
                self.assertEqual(inside.call(KILL, relay.process.pid, 0), 0)


class AnotherUser(unittest.TestCase):
    def test_started_as_root_it_becomes_its_user(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, folder)
        city = make_city(folder / "city")
        toml = city / "certrelay.toml"
        toml.write_text(toml.read_text().replace("root = true", 'user = "nobody"'))
        done = run("chown", "-R", "nobody:nogroup", city)
        self.assertEqual(done.returncode, 0, done.stderr)
        folder.chmod(0o755)
        relay = Relay(city)
        self.addCleanup(relay.stop)
        for role in ("parent", "vault", *ROLES):
            pid = relay.process.pid if role == "parent" else relay.child(role)
            status = Confined.status(pathlib.Path(f"/proc/{pid}"))
            self.assertEqual(set(status["Uid"].split()), {"65534"}, role)
            self.assertEqual(set(status["Groups"].split()), {"65534"}, role)
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", city)
        self.assertEqual(pushed.returncode, 0, pushed.stdout + pushed.stderr)
        self.assertEqual(kiosk("issue", "--city", city, "--as", "ordinary").returncode, 0)

    def test_root_that_nobody_named_is_refused(self):
        folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, folder)
        city = make_city(folder / "city")
        toml = city / "certrelay.toml"
        toml.write_text(toml.read_text().replace("root = true", "root = false"))
        done = run(BIN / "certrelayd", "--config", toml)
        self.assertEqual(done.returncode, 1)
        self.assertIn("started as root", done.stderr)


if __name__ == "__main__":
    if os.geteuid() != 0 or platform.machine() != "x86_64":
        sys.exit(77)  # a debugger of any process is root
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)
