#!/usr/bin/env python3
"""certrelayd as its unit starts it: sockets handed over, an empty network namespace, readiness, the
watchdog, credentials.

Goal: it serves on sockets that were made elsewhere, from a namespace without a network; READY=1 comes
with the self-test's verdict and not before; a process that hangs starves the watchdog.
Method: the test does systemd's part by its documented interfaces (sd_listen_fds(3), sd_notify(3)); the
namespace needs root, without it the relay stays in the test's own.
Usage: service_test.py FOLDER_OF_PROGRAMS
"""
import os
import pathlib
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from relay_processes_test import BIN, Relay, kiosk, run  # noqa: E402

ROLES = ("center", "registry", "admin", "monitoring")


class Service(Relay):
    """Started with systemd's variables; says LISTENING as ever."""

    def __init__(self, city, folder):
        self.city, self.addresses, self.unread = city, {}, []
        self.manager = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.manager.bind(str(folder / "notify"))
        self.listeners = []
        for _ in ROLES:
            listener = socket.create_server(("127.0.0.1", 0), backlog=64)
            self.listeners.append(listener)
        environment = {**os.environ, "LISTEN_FDS": "4", "LISTEN_FDNAMES": ":".join(ROLES),
                       "NOTIFY_SOCKET": str(folder / "notify"), "WATCHDOG_USEC": "4000000",
                       "CREDENTIALS_DIRECTORY": str(folder / "credentials")}
        namespace = ["unshare", "--net", "--"] if os.geteuid() == 0 else []
        self.process = subprocess.Popen(
            [*namespace, "sh", "-c", 'export LISTEN_PID=$$; exec "$@"', "sh",
             BIN / "certrelayd", "--config", city / "certrelay.toml"],
            env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            close_fds=False, preexec_fn=self.place)
        for role, listener in zip(ROLES, self.listeners):
            self.addresses[role] = listener.getsockname()

    def place(self):
        """In the child: the listeners as descriptors 3 to 6, and no other."""
        high = [os.dup2(one.fileno(), 100 + i) for i, one in enumerate(self.listeners)]
        for i, one in enumerate(high):
            os.dup2(one, 3 + i, inheritable=True)
        os.closerange(7, 200)

    def heard(self, timeout):
        """The next message; none within that many seconds."""
        if not select.select([self.manager], [], [], timeout)[0]:
            return None
        return self.manager.recv(4096).decode()

    def until(self, wanted, timeout=120):
        seen, end = [], time.monotonic() + timeout
        while time.monotonic() < end:
            message = self.heard(1)
            if message is None:
                continue
            seen.append(message)
            if wanted in message:
                return seen
        raise AssertionError(f"no {wanted}: {seen}")

    def close(self):
        code = self.stop()
        for one in [self.manager, *self.listeners]:
            one.close()
        return code


class AsAService(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        self.addCleanup(shutil.rmtree, self.folder)
        self.city = self.folder / "city"
        made = kiosk("city", "create", self.city, "--residents", 150, "--seed", 17)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        (self.folder / "credentials").mkdir(mode=0o700)
        shutil.move(self.city / "keys/password", self.folder / "credentials/password")
        toml = self.city / "certrelay.toml"
        text = toml.read_text()
        self.assertIn('password_file = "keys/password"', text)
        toml.write_text(text.replace('"keys/password"', '"credential:password"'))
        self.service = Service(self.city, self.folder)
        self.addCleanup(self.service.close)

    def test_ready_when_it_serves_and_watched_while_every_process_answers(self):
        service = self.service
        self.assertEqual([one for one in service.until("READY=1")[:-1] if "READY" in one], [])
        self.assertTrue(service.check("self_test")["ok"])  # through the socket that was handed over
        if os.geteuid() == 0:
            network = pathlib.Path(f"/proc/{service.child('center')}/net/dev").read_text()
            self.assertEqual(network.count(":"), 1, network)  # lo, and it is down
        shutil.copy(self.folder / "credentials/password", self.city / "keys/password")  # the peers'
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", self.city)
        self.assertEqual(pushed.returncode, 0, pushed.stdout + pushed.stderr)
        self.assertEqual(kiosk("issue", "--city", self.city, "--as", "ordinary").returncode, 0)
        service.until("WATCHDOG=1")

        hanging = service.child("registry")
        os.kill(hanging, signal.SIGSTOP)
        end = time.monotonic() + 60
        while service.heard(3) is not None:  # it was to come each second
            self.assertLess(time.monotonic(), end, "the watchdog is fed though a process hangs")
        os.kill(hanging, signal.SIGCONT)
        service.until("WATCHDOG=1")

        service.process.send_signal(signal.SIGTERM)
        service.until("STOPPING=1")
        self.assertEqual(service.process.wait(timeout=120), 0)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)
