#!/usr/bin/env python3
"""Figures of the center's listener that are no tests: they want an idle machine.

    center_bench.py FOLDER_OF_PROGRAMS window [--tries N]    whether times tell why the counter is named
    center_bench.py FOLDER_OF_PROGRAMS overload              503 past capacity, and what stays afterwards

window: unknown card, 支援措置, 転出, 消除 in random order over TLS connections of their own; the time
from the inquiry's last byte to the answer's last. For each pair of causes the two-sample
Kolmogorov-Smirnov statistic with its p-value, and the difference of the medians with its standard
error (bootstrap). Equal bytes are asserted: ids, `created` and the signature apart.
overload: opens transactions past `transactions_live_max` and connections past the peer's number, then
waits until they have expired; descriptors and resident memory before and after.
"""
import argparse
import concurrent.futures
import itertools
import json
import math
import pathlib
import random
import shutil
import ssl
import statistics
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).parents[2]
sys.path += [str(ROOT / "tests/integration"), str(ROOT / "tests/support")]
from center_line import Line, inquiry_body, open_body  # noqa: E402
from relay_processes_test import BIN, Relay, kiosk, run  # noqa: E402

CAUSES = {"unknown": "unknown card", "suppressed": "支援措置", "moving": "転出", "deleted": "消除"}


def ks(a, b):
    """Two-sample Kolmogorov-Smirnov: D and the asymptotic p-value."""
    a, b = sorted(a), sorted(b)
    i = j = 0
    d = 0.0
    while i < len(a) and j < len(b):
        x = min(a[i], b[j])
        while i < len(a) and a[i] <= x:
            i += 1
        while j < len(b) and b[j] <= x:
            j += 1
        d = max(d, abs(i / len(a) - j / len(b)))
    n = math.sqrt(len(a) * len(b) / (len(a) + len(b)))
    z = (n + 0.12 + 0.11 / n) * d
    p = 2 * sum((-1) ** (k - 1) * math.exp(-2 * k * k * z * z) for k in range(1, 101))
    return d, min(max(p, 0.0), 1.0)


def median_difference(a, b, rounds=400):
    draw = random.Random(1)
    found = [statistics.median(draw.choices(a, k=len(a))) -
             statistics.median(draw.choices(b, k=len(b))) for _ in range(rounds)]
    return statistics.median(a) - statistics.median(b), statistics.stdev(found)


def window(city, relay, folder, tries):
    cast = {one["role"]: one for one in json.loads((city / "cast.json").read_text())}
    cards = {}
    for role in CAUSES:
        assert cast[role]["expected"] == "window_only"
        card = json.loads((city / cast[role]["card"]).read_text())
        key = folder / f"{role}.key"
        key.write_text(card["private_key"])
        cards[role] = (card, key)
    order = [role for role in CAUSES for _ in range(tries)]
    random.Random(7).shuffle(order)
    lines, bodies, times = 8, set(), {role: [] for role in CAUSES}

    def client(number):
        line, out = Line(city, relay.addresses["center"]), []
        for role in order[number::lines]:
            number_, body = open_body()
            status, _, data, _ = line.post("/v1/transactions", body)
            assert status == 201, data
            card, key = cards[role]
            body = inquiry_body(card, key, data)
            status, headers, data, took = line.post(f"/v1/transactions/{number_}/inquiry", body)
            assert status == 403 and b"window_only" in data, data
            shape = tuple(sorted((name, len(value)) for name, value in headers.items()))
            out.append((role, took * 1000, data.replace(number_.encode(), b"-"), shape))
        return out

    with concurrent.futures.ThreadPoolExecutor(lines) as pool:
        for result in pool.map(client, range(lines)):
            for role, took, data, shape in result:
                times[role].append(took)
                bodies.add((data, shape))
    print(f"{tries} tries a cause, {len(bodies)} different answer(s) but for ids and signature")
    for role, name in CAUSES.items():
        all_ = sorted(times[role])
        print(f"  {name:<14} min {all_[0]:.2f}  median {statistics.median(all_):.2f}  "
              f"p99 {all_[int(len(all_) * .99)]:.2f}  max {all_[-1]:.2f} ms")
    for one, other in itertools.combinations(CAUSES, 2):
        d, p = ks(times[one], times[other])
        shift, error = median_difference(times[one], times[other])
        print(f"  {CAUSES[one]} / {CAUSES[other]}: KS D {d:.4f} p {p:.3f}; "
              f"medians differ by {shift * 1000:+.1f} us, standard error {error * 1000:.1f} us")
    assert len(bodies) == 1


def size_of(process):
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    memory = int(next(line for line in status.splitlines() if line.startswith("VmRSS")).split()[1])
    return len(list(pathlib.Path(f"/proc/{process}/fd").iterdir())), memory


def overload(city, relay):
    processes = {role: relay.child(role) for role in ("vault", "center")}
    # What a first use allocates once is no leak: warm up, let it expire, then measure.
    assert kiosk("storm", "--city", city, "--clients", 100, "--count", 2).returncode == 0
    time.sleep(125)
    idle = {role: size_of(process) for role, process in processes.items()}
    address = relay.addresses["center"]
    lines, refused = [], 0
    for _ in range(300):
        try:
            line = Line(city, address)
            line.post("/v1/transactions", b"{}")
            lines.append(line)
        except (ConnectionError, ssl.SSLError, OSError):
            refused += 1
    print(f"connections: {len(lines)} served, {refused} past the peer's number closed")
    answers = {}

    def flood(line):
        out = {}
        for _ in range(20):
            status, headers, data, _ = line.post("/v1/transactions", open_body()[1])
            key = (status, json.loads(data).get("code"), headers.get("retry-after"))
            out[key] = out.get(key, 0) + 1
        return out

    with concurrent.futures.ThreadPoolExecutor(64) as pool:
        for result in pool.map(flood, lines):
            for key, count in result.items():
                answers[key] = answers.get(key, 0) + count
    for (status, code, wait), count in sorted(answers.items(), key=str):
        print(f"  {count:>5} x {status} {code or ''} {'Retry-After ' + wait if wait else ''}")
    peak = {role: size_of(process) for role, process in processes.items()}
    for line in lines:
        line.tls.close()
    time.sleep(130)  # the challenges run out
    assert kiosk("issue", "--city", city).returncode == 0  # and a good client is served
    end = time.monotonic() + 10  # the good client's own connection may still be closing
    while any(size_of(process)[0] > idle[role][0] for role, process in processes.items()):
        if time.monotonic() > end:
            break
        time.sleep(0.1)
    after = {role: size_of(process) for role, process in processes.items()}
    grown = []
    for role in processes:
        if after[role][0] > idle[role][0] or after[role][1] > idle[role][1] * 1.05:
            grown.append(role)
        print(f"  {role:<7} descriptors {idle[role][0]} -> {peak[role][0]} -> {after[role][0]}; "
              f"resident {idle[role][1]} -> {peak[role][1]} -> {after[role][1]} KiB "
              f"({(after[role][1] / idle[role][1] - 1) * 100:+.1f} %)")
    assert not grown, f"more than idle and 5 %: {grown}"
    assert (503, "overloaded", "2") in answers, "nobody was shed"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("what", choices=["window", "overload"])
    parser.add_argument("--tries", type=int, default=1000)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-bench-"))
    city = folder / "city"
    assert kiosk("city", "create", city, "--residents", 3000, "--seed", 5).returncode == 0
    relay = Relay(city)
    try:
        assert run(BIN / "certrelayctl", "extract", "push", "--city", city).returncode == 0
        if options.what == "window":
            window(city, relay, folder, options.tries)
        else:
            overload(city, relay)
    finally:
        relay.stop()
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
