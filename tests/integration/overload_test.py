#!/usr/bin/env python3
"""Past its capacity the relay sheds, and what it took for the crowd it gives back (INV-11, R42).

Goal: more transactions than it keeps are answered 503 with Retry-After, more connections than a peer
may have are closed; afterwards a good client is served, and descriptors and memory of vault and front
are within 5 % of what they were; the ledger has a few counts, whatever the number of callers.
Method: a city whose limits are small, so that nobody waits for deadlines; one crowd to make the
processes allocate what a first use needs, then crowds that are measured.
tests/bench/center_bench.py has the figures of the shipped limits.
Usage: overload_test.py FOLDER_OF_PROGRAMS
"""
import json
import pathlib
import ssl
import sys
import time
import unittest

sys.path += [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "support")]
from center_line import Line, open_body  # noqa: E402
from city_case import CityCase  # noqa: E402
from relay_processes_test import entries  # noqa: E402
from until import until  # noqa: E402

LIVE_MAX, CONNECTIONS_MAX, CALLERS, OPENS, CROWDS = 64, 24, 60, 40, 5
KIND_GATE, COUNT = 60, 0x0050
GROWTH_MAX, CHALLENGE_S = 1.05, 120


def size_of(process):
    """(descriptors, resident KiB)"""
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    memory = next(line for line in status.splitlines() if line.startswith("VmRSS"))
    return len(list(pathlib.Path(f"/proc/{process}/fd").iterdir())), int(memory.split()[1])


class Overload(CityCase):
    def prepare(self):
        with open(self.city / "certrelay.toml", "a") as config:
            config.write(f"\n[limits]\ntransactions_live_max = {LIVE_MAX}\n"
                         f"connections_per_peer = {CONNECTIONS_MAX}\n")

    def crowd(self):
        """Answers to opens: (status, code, Retry-After) -> how often; and how many callers got in."""
        lines, answers = [], {}
        for _ in range(CALLERS):
            try:
                line = Line(self.city, self.relay.addresses["center"])
                line.post("/v1/transactions", b"{}")
                lines.append(line)
            except (ConnectionError, ssl.SSLError, OSError):
                pass
        for _ in range(OPENS):
            for line in lines:
                status, headers, data, _ = line.post("/v1/transactions", open_body()[1])
                key = (status, json.loads(data).get("code"), headers.get("retry-after"))
                answers[key] = answers.get(key, 0) + 1
        for line in lines:
            line.tls.close()
        return answers, len(lines)

    def end_all_transactions(self):
        """An order to stop ends what waits; without it each would live for two minutes."""
        for order, person in (("stop", "mihon-clerk"), ("resume", "mihon-admin")):
            done = self.ctl(person, "issuing", order, "--reason", "見本: 混雑")
            self.assertEqual(done.returncode, 0, done.stderr)
        self.await_none_live()

    def sizes(self):
        return {role: size_of(self.relay.child(role)) for role in ("vault", "center")}

    def smallest(self):
        """Of ten looks: the vault probes its disk by a file, and the front sees the last connection
        end when it comes to it."""
        looks = []
        until(lambda: looks.append(self.sizes()) or len(looks) == 10, pause=0.3)
        return {role: tuple(min(one[role][i] for one in looks) for i in (0, 1)) for role in looks[0]}

    def given_back(self, idle):
        """The sizes that fit `idle`: what was freed comes back with the front's next minute."""
        looks = []

        def fits():
            looks.append(self.sizes())
            return all(looks[-1][role][0] <= descriptors and looks[-1][role][1] <= memory * GROWTH_MAX
                       for role, (descriptors, memory) in idle.items())
        until(fits, lambda: f"{idle} -> {looks[-1]}", seconds=150, pause=0.3)
        return looks[-1]

    def serve_one(self):
        done = self.issue()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.await_none_live()

    def test_it_sheds_and_gives_back_what_the_crowd_took(self):
        self.crowd()
        self.end_all_transactions()
        self.serve_one()
        begun = time.monotonic()
        idle, shed = self.smallest(), 0
        for _ in range(CROWDS):
            opened = time.monotonic()
            answers, served = self.crowd()
            self.assertEqual(served, CONNECTIONS_MAX)
            self.assertEqual(set(answers), {(201, None, None), (503, "overloaded", "2")})
            self.assertEqual(sum(answers.values()), served * OPENS)
            # Where a crowd takes longer than a transaction waits for its card, others get its place.
            lives = 1 + (time.monotonic() - opened) // CHALLENGE_S
            self.assertGreaterEqual(answers[201, None, None], LIVE_MAX)
            self.assertLessEqual(answers[201, None, None], lives * LIVE_MAX)
            shed += answers[503, "overloaded", "2"]
            self.end_all_transactions()
        self.serve_one()
        after = self.given_back(idle)
        for role, (descriptors, memory) in idle.items():
            print(f"{role}: descriptors {descriptors} -> {after[role][0]}, "
                  f"resident {memory} -> {after[role][1]} KiB", flush=True)
        self.assertEqual(self.relay.stop(), 0)
        counts = [int.from_bytes(fields[COUNT][0], "big")
                  for kind, _, fields in entries(self.city) if kind == KIND_GATE]
        minutes = (time.monotonic() - begun) // 60
        self.assertLessEqual(len(counts), 16 + 4 * minutes, counts)
        self.assertGreaterEqual(sum(counts), shed)


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)
