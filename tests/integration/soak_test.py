#!/usr/bin/env python3
"""A long run without anybody: what the relay holds does not grow, and it answers as quickly at the end.

Goal: over as many minutes as wished of certificates, changes, deletions, erasures by two persons and
swaps of the extract, the descriptors and the memory of vault and fronts and the time of an issuance
are in the last third what they were in the middle one (in the first everything is used for the first
time); nobody gets another's certificate; the ledger verifies afterwards.
Method: certrelay-kiosk storm again and again beside a cycle of the source system and two operators;
every few seconds the processes are looked at.
Usage: soak_test.py FOLDER_OF_PROGRAMS [--minutes N] [--residents N] [--clients N]; scripts/soak
"""
import argparse
import pathlib
import re
import signal
import statistics
import sys
import threading
import time
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import storm_test  # noqa: E402
from city_case import CityCase  # noqa: E402
from relay_processes_test import BIN, entries, kiosk, run  # noqa: E402

ROLES = ("vault", "center", "registry", "admin", "monitoring")
LOOK_EVERY_S = 2.0
WINDOW_S = 15  # of one storm
KIND_ACTIVATED, KIND_CHANGED, KIND_KEYS_DESTROYED, KIND_INTENT = 102, 103, 111, 22
MEMORY_GROWTH_MAX, DESCRIPTORS_MORE_MAX, LATENCY_GROWTH_MAX = 1.05, 3, 1.5
MEMORY_MORE_KB = 1024  # which are more than 5 % of a front's 1.5 MB
OPTIONS = argparse.Namespace(minutes=1.0, residents=1000, clients=8)


class Sizes:
    """Descriptors and anonymous memory of each process over the time, looked at by a thread."""

    def __init__(self, relay):
        self.relay, self.done, self.looks = relay, threading.Event(), []
        self.thread = threading.Thread(target=self.run, daemon=True)

    def look(self):
        out = {}
        for role in ROLES:
            process = pathlib.Path(f"/proc/{self.relay.child(role)}")
            anonymous = re.search(r"RssAnon:\s+(\d+)", (process / "status").read_text()).group(1)
            out[role] = (len(list((process / "fd").iterdir())), int(anonymous))
        return out

    def run(self):
        while not self.done.wait(LOOK_EVERY_S):
            self.looks.append((time.monotonic(), self.look()))

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()


class Day:
    """The source system and two operators: a gate closes and opens, a household leaves and is erased,
    the next generation brings it back, for its people are in the extract still."""

    def __init__(self, case):
        self.case, self.done, self.failed, self.cycles = case, threading.Event(), [], 0
        self.source = storm_test.Source(case.city)
        self.thread = threading.Thread(target=self.run, daemon=True)

    def expect(self, done, codes=(0,)):
        if done.returncode not in codes:
            self.failed.append(f"{done.args}: {done.stdout}{done.stderr}")

    def cycle(self):
        person, city = self.source.person, self.case.city
        for change in ("--close", "--reopen", "--delete"):
            self.expect(kiosk("source", "change", "--city", city, change, person))
        self.expect(kiosk("source", "heartbeat", "--city", city))
        self.expect(self.case.propose_and_approve("erase", "due"))
        if not self.source.build_next():
            self.failed.append("no generation in force")
        self.expect(run(BIN / "certrelayctl", "extract", "push", "--city", city, "--extract",
                        city / "next", timeout=900))
        self.cycles += 1

    def run(self):
        while not self.done.is_set() and not self.failed:
            self.cycle()

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.done.set()
        self.thread.join()


def tenths(values):
    """The medians of ten equal parts: whether something levels off or climbs."""
    parts = [values[i * len(values) // 10:(i + 1) * len(values) // 10] for i in range(10)]
    return [statistics.median(part) for part in parts if part]


def thirds(values):
    """The middle and the last third, of at least one value each."""
    count = max(1, len(values) // 3)
    return values[-2 * count:-count], values[-count:]


class Soak(CityCase):
    RESIDENTS = OPTIONS.residents

    def window(self):
        """One storm; its issuance's median in milliseconds."""
        done = run(BIN / "certrelay-kiosk", "storm", "--city", self.city, "--clients",
                   OPTIONS.clients, "--seconds", WINDOW_S, "--allow-refusals", timeout=300)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        return float(re.search(r"issuance\s+p50\s+(\d+)", done.stdout).group(1))

    def test_what_it_holds_stays_what_it_was(self):
        latencies, end = [], time.monotonic() + OPTIONS.minutes * 60
        with Day(self) as day, Sizes(self.relay) as sizes:
            while time.monotonic() < end or len(latencies) < 3:
                latencies.append(self.window())
        self.assertEqual(day.failed, [])
        faults = self.judge(sizes.looks, latencies)
        self.relay.process.send_signal(signal.SIGTERM)
        said, _ = self.relay.process.communicate(timeout=120)
        self.assertEqual(self.relay.process.returncode, 0, said)
        verified = run(BIN / "certrelayctl", "ledger", "verify", "--state", self.city / "state",
                       "--key", self.city / "keys/checkpoint.vkey", timeout=600)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        kinds = [kind for kind, _, _ in entries(self.city)]
        print(f"{len(kinds)} entries: {kinds.count(KIND_INTENT)} documents, "
              f"{kinds.count(KIND_CHANGED)} changes, {kinds.count(KIND_ACTIVATED)} generations, "
              f"{kinds.count(KIND_KEYS_DESTROYED)} erasures", flush=True)
        self.assertGreater(kinds.count(KIND_KEYS_DESTROYED), 0)
        self.assertGreater(kinds.count(KIND_ACTIVATED), 1)
        self.assertEqual(faults, [])

    def judge(self, looks, latencies):
        """Prints both thirds; what has grown, a line each."""
        faults = []
        for role in ROLES:
            middle, last = thirds([look[role] for _, look in looks])
            descriptors = [max(one for one, _ in part) for part in (middle, last)]
            memory = [statistics.median(one for _, one in part) for part in (middle, last)]
            print(f"{role:<10} descriptors at most {descriptors[0]} and {descriptors[1]}, "
                  f"anonymous memory {memory[0] / 1024:.1f} and {memory[1] / 1024:.1f} MB "
                  f"({memory[1] / memory[0] - 1:+.1%})", flush=True)
            curve = tenths([look[role][1] for _, look in looks])
            print(" " * 10, "by tenths", " ".join(f"{one / 1024:.1f}" for one in curve), flush=True)
            if descriptors[1] > descriptors[0] + DESCRIPTORS_MORE_MAX:
                faults.append(f"{role}: descriptors")
            if memory[1] > max(memory[0] * MEMORY_GROWTH_MAX, memory[0] + MEMORY_MORE_KB):
                faults.append(f"{role}: memory")
        middle, last = (statistics.median(part) for part in thirds(latencies))
        print(f"issuance p50 {middle:.0f} and {last:.0f} ms over {len(latencies)} storms of "
              f"{WINDOW_S} s", flush=True)
        if last > middle * LATENCY_GROWTH_MAX:
            faults.append("latency")
        return faults


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("--minutes", type=float, default=OPTIONS.minutes)
    for name in ("residents", "clients"):
        parser.add_argument(f"--{name}", type=int, default=getattr(OPTIONS, name))
    parser.parse_args(namespace=OPTIONS)
    Soak.RESIDENTS = OPTIONS.residents
    unittest.main(argv=sys.argv[:1], verbosity=2)
