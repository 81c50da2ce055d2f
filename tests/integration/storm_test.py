#!/usr/bin/env python3
"""Many applicants at once, compared with the ledger afterwards (INV-1, INV-2, R41).

Goal: every document belongs to its requester; each intent in the ledger is a document that was
delivered, refused or given up, no document is there twice, none was delivered that is not there,
and who was refused got not one byte of one; the same while changes arrive, extracts swap, and the
vault or the center's front is killed again and again.
Method: certrelay-kiosk storm records what each of its clients got; the relay is stopped and its
ledger read by its documented bytes.
Usage: storm_test.py FOLDER_OF_PROGRAMS [--seconds N] [--clients N] [--residents N] [--city FOLDER]
                     [--kill-after SECONDS] [--wall-clock] [--no-extracts] [--slow] [TEST ...]
--slow: programs that need longer than the answers' ten seconds, as a sanitizer's do; who is refused
for that is one of those who got nothing.
scripts/storm runs it against a million residents.
"""
import argparse
import collections
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import urllib.request

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from relay_processes_test import BIN, Relay, entries, kiosk, run  # noqa: E402

KINDS = {20: "opened", 21: "inquiry", 22: "intent", 23: "refusal", 24: "expired", 25: "event",
         26: "delivery_unknown", 27: "result_missing", 28: "abandoned", 80: "incident"}
KIND_ALARM, KIND_ACTIVATED, KIND_CHANGED = 81, 102, 103
TRANSACTION, DOCUMENT, DOCUMENT_SHA256, EVENT = 0x0004, 0x0030, 0x0031, 0x0041
PRINTED, TIMED_OUT = 1, 4
SPARED_FROM = 20_000  # residents: a bigger extract takes longer than a vault lives
OPTIONS = argparse.Namespace(seconds=None, clients=48, residents=3000, city=None, kill_after=1.0,
                             wall_clock=False, no_extracts=False, slow=False)
STILL_ROUNDS, KILLED_S = 4, 15  # unless --seconds says so


def stories(city):
    """transaction id -> [(kind, fields)], and whether an alarm is among the entries."""
    out, alarm = {}, False
    for kind, _, fields in entries(city):
        alarm = alarm or kind == KIND_ALARM
        if kind in KINDS and TRANSACTION in fields:
            number = fields[TRANSACTION][0].hex()
            out.setdefault(number, []).append((KINDS[kind], fields))
    return out, alarm


def files_below(folder):
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


class Killer:
    """Kills one process of the relay after another until it is stopped: --kill-after seconds after
    the relay serves again and once it has issued, however slow the machine is; with --wall-clock
    after so many seconds, whatever lives by then. While the source says so, the center's front alone is killed: a vault
    that starts again has forgotten an extract's import key, and a big one would never arrive.
    `starts` are the seconds from a vault's end until it serves again."""

    def __init__(self, relay, source):
        self.relay, self.source = relay, source
        self.done, self.kills, self.starts, self.lines = threading.Event(), 0, [], []
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.thread = threading.Thread(target=self.run, daemon=True)

    def read(self):
        # The parent must never wait for somebody to take its lines.
        for line in self.relay.process.stdout:
            self.lines.append(line)

    def serves(self):
        try:
            return self.relay.ready()["ready"]
        except (AssertionError, http.client.HTTPException, OSError):
            return False  # it is just being started again

    def issued(self):
        """Whether the vault that lives has made a document: else a slow machine would issue none."""
        host, port = self.relay.addresses["monitoring"]
        try:
            with urllib.request.urlopen(f"http://{host}:{port}/metrics", timeout=60) as answer:
                made = re.search(rb'^certrelay_transactions_total\{outcome="issued"\} (\S+)$',
                                 answer.read(), re.M)
        except (http.client.HTTPException, OSError):
            return False
        return made is not None and float(made[1]) > 0

    def next_role(self):
        if self.source.spared.is_set():
            return "center"
        return ("vault", "center")[self.kills % 2]

    def run(self):
        dead_since = None
        while not self.done.is_set():
            while not OPTIONS.wall_clock and not self.serves():
                if self.done.wait(0.05):
                    return
            if dead_since and not OPTIONS.wall_clock:
                self.starts.append(time.monotonic() - dead_since)
            dead_since = None
            if self.done.wait(OPTIONS.kill_after):
                return
            while not OPTIONS.wall_clock and not self.issued():
                if self.done.wait(0.05):
                    return
            role = self.next_role()
            try:
                os.kill(self.relay.child(role), signal.SIGKILL)
            except (AssertionError, OSError):
                continue  # it is dead as it is
            self.kills += 1
            if role == "vault":
                dead_since = time.monotonic()

    def __enter__(self):
        self.reader.start()
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()


class Source:
    """The resident-record system, at work until it is stopped: a household's gates are closed and
    opened again, and every few changes the next generation of the extract comes. What finds a
    process dead is sent again, as a source system does."""

    def __init__(self, city):
        self.city, self.done, self.spared = city, threading.Event(), threading.Event()
        cast = json.loads((city / "cast.json").read_text())
        self.person = next(one["person_id"] for one in cast if one["role"] == "ordinary")
        self.thread = threading.Thread(target=self.run, daemon=True)

    def status(self):
        said = run(BIN / "certrelayctl", "extract", "status", "--city", self.city, "--json")
        return json.loads(said.stdout) if said.stdout.startswith("{") else None

    def build_next(self):
        """The same people once more; it says that it contains every change so far. False: nobody
        said which generation is in force."""
        status = self.status()
        if status is None:
            return False
        source, out = self.city / "source", self.city / "next"
        head = json.loads((source / "extract.json").read_text())
        head.update(base_generation=status["generation"], generation=status["generation"] + 1,
                    last_change=status["sequence"])
        (source / "extract.json").write_text(json.dumps(head))
        shutil.rmtree(out, ignore_errors=True)
        built = run(BIN / "certrelayctl", "extract", "build", "--csv", source, "--out", out,
                    "--key", self.city / "feeder/feeder.pem",
                    "--password-file", self.city / "feeder/password", timeout=900)
        assert built.returncode == 0, built.stderr
        return True

    def push(self, spared):
        if spared:
            self.spared.set()
        try:
            done = run(BIN / "certrelayctl", "extract", "push", "--city", self.city, "--extract",
                       self.city / "next", timeout=900)
            return done.returncode == 0
        finally:
            self.spared.clear()

    def run(self):
        changes, pushed_at = 0, None
        while not self.done.wait(0.2):
            try:
                if changes % 6 == 0 and changes != pushed_at and not OPTIONS.no_extracts:
                    pushed_at = changes
                    if changes == 0:  # was built before the storm
                        # Again where the killer had chosen the vault just before it was spared.
                        any(self.push(spared=not OPTIONS.wall_clock)
                            for _ in range(1 if OPTIONS.wall_clock else 2))
                    elif self.build_next():
                        self.push(spared=OPTIONS.residents > SPARED_FROM)
                if self.done.is_set():
                    return
                changes += self.change("--close" if changes % 2 == 0 else "--reopen", self.person)
            except subprocess.TimeoutExpired:
                pass  # nobody answered for as long as the program asks

    def change(self, *what):
        return kiosk("source", "change", "--city", self.city, *what).returncode == 0

    def settle(self):
        """A number that was sent and never acknowledged is a gap until it comes."""
        return any(self.change() for _ in range(3))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()


def bytes_below(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


class Storm(unittest.TestCase):
    """Each test has a copy of one city whose register is in force."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-test-"))
        cls.pushed = (OPTIONS.city or cls.folder / "city").resolve()
        if (cls.pushed / "in-force").exists():
            return  # an earlier run's
        begun = time.monotonic()
        made = run(BIN / "certrelay-kiosk", "city", "create", cls.pushed, "--residents",
                   OPTIONS.residents, "--seed", 41, "--force", timeout=3600)
        assert made.returncode == 0, made.stdout + made.stderr
        created = time.monotonic()
        relay = Relay(cls.pushed)
        try:
            pushed = run(BIN / "certrelayctl", "extract", "push", "--city", cls.pushed, timeout=3600)
            assert pushed.returncode == 0, pushed.stdout + pushed.stderr
        finally:
            relay.stop()
        (cls.pushed / "in-force").touch()
        print(f"{made.stdout.strip()}\ncity made in {created - begun:.0f} s, its extract in force "
              f"after {time.monotonic() - created:.0f} s, "
              f"{bytes_below(cls.pushed) / 1e6:.0f} MB", flush=True)

    @classmethod
    def tearDownClass(cls):
        shutil.rmtree(cls.folder)

    def setUp(self):
        self.city = self.folder / self._testMethodName
        self.addCleanup(shutil.rmtree, self.city)
        shutil.copytree(self.pushed, self.city)
        self.record_file = self.folder / f"{self._testMethodName}.jsonl"
        self.relay = Relay(self.city)
        self.addCleanup(lambda: self.relay.process.poll() is None and self.relay.stop())

    def storm(self, how_long, *more):
        """What each client's transactions came to, and the storm's own report."""
        if OPTIONS.seconds:
            how_long = ("--seconds", OPTIONS.seconds)
        if OPTIONS.slow and "--allow-refusals" not in more:
            more = (*more, "--allow-refusals")
        record = self.record_file
        done = run(BIN / "certrelay-kiosk", "storm", "--city", self.city, "--clients",
                   OPTIONS.clients, *how_long, "--barrier", "--retries",
                   "--timeouts", "--slow-readers", "--record", record, *more,
                   timeout=(OPTIONS.seconds or 0) + 500)
        print(done.stdout, done.stderr, sep="", flush=True)
        self.assertEqual(done.returncode, 0)
        return [json.loads(line) for line in record.read_text().splitlines()]

    def compare(self, record):
        found, alarm = stories(self.city)
        self.assertFalse(alarm)
        recorded = {one["transaction"].replace("-", ""): one for one in record if one["transaction"]}
        documents = []
        for number, story in found.items():
            kinds = [kind for kind, _ in story]
            self.assertEqual(kinds[0], "opened")
            self.assertEqual(kinds.count("opened"), 1)
            self.assertLessEqual(kinds.count("intent"), 1, number)
            if "intent" in kinds:
                # Nothing was made for somebody who is not known to have asked.
                self.assertIn(number, recorded)
                documents.append(dict(story)["intent"][DOCUMENT][0])
        self.assertEqual(len(documents), len(set(documents)))
        ends = {}
        for number, one in recorded.items():
            ends[one["end"]] = ends.get(one["end"], 0) + 1
            story = found.get(number)
            self.assertIsNotNone(story, one)
            events = [int.from_bytes(fields[EVENT][0], "big") for kind, fields in story
                      if kind == "event"]
            kinds = {kind for kind, _ in story}
            refused = {"refusal", "expired", "abandoned"} & kinds
            intent = [fields for kind, fields in story if kind == "intent"]
            if one["bytes"]:  # not even a part of a document: its intent is durable, nobody refused
                self.assertTrue(intent, one)
                self.assertFalse(refused, one)
            if one["document"]:  # delivered, so it is there, byte for byte: nothing lost
                self.assertEqual([(fields[DOCUMENT][0].decode(), fields[DOCUMENT_SHA256][0].hex())
                                  for fields in intent], [(one["document"], one["sha256"])])
            if one["end"] == "own":
                self.assertEqual(events, [PRINTED])
            elif one["end"] == "given_up":
                # Recorded and never acknowledged, where a process was killed in between.
                self.assertIn(events, [[TIMED_OUT]] if one["reported"] else [[], [TIMED_OUT]])
            elif not one["document"]:
                # Nothing came, so nothing may be known as handed out.
                self.assertEqual(events, [])
                if intent:
                    self.assertTrue({"refusal", "delivery_unknown"} & kinds, (one, kinds))
        bytes_of = {end: sum(one["bytes"] for one in record if one["end"] == end) for end in ends}
        print("compared with the ledger:", len(found), "transactions,", len(documents),
              "documents;", ends, "; document bytes", bytes_of, "; last entries",
              dict(collections.Counter(story[-1][0] for story in found.values())), flush=True)
        return ends

    def stop_and_verify(self):
        self.assertEqual(self.relay.stop(), 0)
        verified = run(BIN / "certrelayctl", "ledger", "verify", "--state", self.city / "state",
                       "--key", self.city / "keys/checkpoint.vkey", timeout=600)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def test_each_gets_his_own_and_the_ledger_knows_of_each(self):
        before = files_below(self.city)
        record = self.storm(("--count", STILL_ROUNDS))
        self.assertNotIn("wrong", {one["end"] for one in record})
        # INV-1: no document has ever been a file.
        fresh = {name for name in files_below(self.city) - before
                 if not name.startswith("state/checkpoints/")}
        self.assertFalse({name for name in fresh if not name.startswith(("state/ledger/", "run/"))},
                         fresh)
        self.stop_and_verify()
        ends = self.compare(record)
        self.assertGreater(ends.get("own", 0), 0 if OPTIONS.slow else OPTIONS.clients)
        self.assertGreater(ends.get("given_up", 0), 0)

    def test_the_same_while_the_register_changes_and_processes_are_killed(self):
        source = Source(self.city)
        self.assertTrue(OPTIONS.no_extracts or source.build_next())
        with Killer(self.relay, source) as killer, source:
            record = self.storm(("--seconds", KILLED_S), "--allow-refusals", "--patience", 20, "--gather", 0.2,
                                "--pause", max(0.5, OPTIONS.clients / 128))
        starts = sorted(killer.starts)
        print(f"killed {killer.kills} times" + (
            f"; served again after {starts[0]:.1f} s, median {starts[len(starts) // 2]:.1f} s, "
            f"at most {starts[-1]:.1f} s" if starts else ""), flush=True)
        self.relay.stop()  # perhaps a process was just dead
        # One start and one orderly end: what was begun is closed, and the file is whole by itself.
        self.relay = Relay(self.city)
        self.assertTrue(source.settle())
        self.assertEqual(kiosk("inquire", "--city", self.city, "--as", "large4").returncode, 0)
        self.assertGreaterEqual(killer.kills, 1)
        self.stop_and_verify()
        ends = self.compare(record)
        self.assertNotIn("wrong", ends)
        self.assertGreater(ends.get("own", 0), 0)
        kinds = [kind for kind, _, _ in entries(self.city)]
        print(f"changes {kinds.count(KIND_CHANGED)}, generations {kinds.count(KIND_ACTIVATED)}",
              flush=True)
        self.assertGreater(kinds.count(KIND_CHANGED), 0)
        if not OPTIONS.wall_clock and not OPTIONS.no_extracts:
            self.assertGreater(kinds.count(KIND_ACTIVATED), 1)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    for name in ("seconds", "clients", "residents"):
        parser.add_argument(f"--{name}", type=int, default=getattr(OPTIONS, name))
    parser.add_argument("--city", type=pathlib.Path)
    parser.add_argument("--kill-after", type=float, default=OPTIONS.kill_after)
    parser.add_argument("--wall-clock", action="store_true")
    parser.add_argument("--no-extracts", action="store_true")
    parser.add_argument("--slow", action="store_true")
    parser.add_argument("tests", nargs="*")
    parser.parse_intermixed_args(namespace=OPTIONS)
    unittest.main(argv=[sys.argv[0], *OPTIONS.tests], verbosity=2)
