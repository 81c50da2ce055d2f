#!/usr/bin/env python3
"""A thousand certificates, and every file that the relay makes meanwhile (INV-1, R38).

Goal: no certificate is ever a file: while a thousand are issued, the vault and the fronts make none
outside the folder of the ledger's checkpoints. The ledger's own probe of its disk (an empty name
beside it every two seconds, decision 0040) is the one exception, and it is looked at: it never holds
more than its fixed bytes.
Method: fanotify on every file system that the relay could write to, by process.
Usage: file_trace_test.py FOLDER_OF_PROGRAMS [--clients N] [--count N]; skipped without root
"""
import argparse
import pathlib
import re
import shutil
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).parents[2]
sys.path += [str(pathlib.Path(__file__).parent), str(ROOT / "tests/support")]
from file_trace import FileTrace  # noqa: E402
from relay_processes_test import BIN, Relay, kiosk, run  # noqa: E402

OPTIONS = argparse.Namespace(clients=25, count=40)
ROLES = ("vault", "center", "registry", "admin", "monitoring")
SKIPPED = 77


def open_trace():
    # One a file system: the root's, and where temporary files lie if that is another.
    return FileTrace(["/", "/dev/shm", tempfile.gettempdir()])


class Files(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-")).resolve()
        self.addCleanup(shutil.rmtree, self.folder)
        self.city = self.folder / "city"
        made = kiosk("city", "create", self.city, "--residents", 400, "--seed", 8)
        self.assertEqual(made.returncode, 0, made.stdout + made.stderr)
        self.relay = Relay(self.city)
        self.addCleanup(self.relay.stop)
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", self.city)
        self.assertEqual(pushed.returncode, 0, pushed.stdout + pushed.stderr)

    def test_none_is_made_outside_the_checkpoints(self):
        ours = {self.relay.process.pid, *(self.relay.child(role) for role in ROLES)}
        trace = open_trace()
        self.addCleanup(trace.close)
        done = run(BIN / "certrelay-kiosk", "storm", "--city", self.city, "--clients",
                   OPTIONS.clients, "--count", OPTIONS.count, timeout=600)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        documents = OPTIONS.clients * OPTIONS.count
        self.assertIn(f"{documents} of {documents} documents, each its own", done.stdout)
        made = {}
        for process, path in trace.take():
            if process in ours:
                made[path] = made.get(path, 0) + 1
        state = str(self.city / "state")
        allowed = re.compile(rf"{re.escape(state)}/(checkpoints/[^/]+|ledger/ledger\.db\.probe)")
        print(documents, "documents;", {path.removeprefix(state): n for path, n in made.items()},
              flush=True)
        self.assertEqual([path for path in made if not allowed.fullmatch(path)], [])
        # The trace does see what the relay makes.
        self.assertTrue(made)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    for name in ("clients", "count"):
        parser.add_argument(f"--{name}", type=int, default=getattr(OPTIONS, name))
    parser.parse_args(namespace=OPTIONS)
    try:
        open_trace().close()
    except OSError as error:
        print(f"no fanotify here ({error}): needs root")
        sys.exit(SKIPPED)
    unittest.main(argv=[sys.argv[0]], verbosity=2)
