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
import unittest
import urllib.request

sys.path += [str(pathlib.Path(__file__).parent), str(pathlib.Path(__file__).parents[1] / "support")]
from center_line import Line, open_body  # noqa: E402
from city_case import CityCase  # noqa: E402
from relay_processes_test import entries  # noqa: E402
from until import until  # noqa: E402

LIVE_MAX, CONNECTIONS_MAX, CALLERS, OPENS, CROWDS = 64, 24, 60, 40, 5
KIND_GATE, COUNT = 60, 0x0050
GROWTH_MAX = 1.05


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

    def await_none_live(self):
        """Also what was printed is in memory until the vault's next look at ended transactions."""
        host, port = self.relay.addresses["monitoring"]

        def none_is_live():
            with urllib.request.urlopen(f"http://{host}:{port}/metrics", timeout=10) as answer:
                return b"certrelay_transactions_live 0\n" in answer.read()
        until(none_is_live, "transactions live on", seconds=30, pause=0.1)

    def settled(self):
        """Sizes once the front has seen the last connections end."""
        sizes = [None]

        def unchanged():
            sizes.append({role: size_of(self.relay.child(role)) for role in ("vault", "center")})
            return sizes[-2] and all(sizes[-1][role][0] == sizes[-2][role][0] for role in sizes[-1])
        until(unchanged, "descriptors go on changing", seconds=10, pause=0.3)
        return sizes[-1]

    def serve_one(self):
        done = self.issue()
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.await_none_live()

    def test_it_sheds_and_gives_back_what_the_crowd_took(self):
        self.crowd()
        self.end_all_transactions()
        self.serve_one()
        idle = self.settled()
        for _ in range(CROWDS):
            answers, served = self.crowd()
            self.assertEqual(served, CONNECTIONS_MAX)
            self.assertEqual(answers, {(201, None, None): LIVE_MAX,
                                       (503, "overloaded", "2"): served * OPENS - LIVE_MAX})
            self.end_all_transactions()
        self.serve_one()
        after = self.settled()
        for role, (descriptors, memory) in idle.items():
            print(f"{role}: descriptors {descriptors} -> {after[role][0]}, "
                  f"resident {memory} -> {after[role][1]} KiB", flush=True)
            self.assertLessEqual(after[role][0], descriptors, role)
            self.assertLessEqual(after[role][1], memory * GROWTH_MAX, role)
        self.assertEqual(self.relay.stop(), 0)
        counts = [int.from_bytes(fields[COUNT][0], "big")
                  for kind, _, fields in entries(self.city) if kind == KIND_GATE]
        self.assertLessEqual(len(counts), 16, counts)
        self.assertGreaterEqual(sum(counts), CROWDS * (CONNECTIONS_MAX * OPENS - LIVE_MAX))


if __name__ == "__main__":
    unittest.main(argv=[sys.argv[0]] + sys.argv[2:], verbosity=2)
