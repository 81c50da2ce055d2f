#!/usr/bin/env python3
"""How long the resident-record system waits for an acknowledgement: no test, it wants an idle machine.

    source_bench.py FOLDER_OF_PROGRAMS [--residents N] [--changes N]

A fictional city, its relay as separate processes, one connection of the source system: each change
(a household sent whole) is signed, sealed, sent through the registry's front, made durable in overlay
and ledger, acknowledged and the signed answer verified. `certrelay-kiosk source change --times` tells
the median.
"""
import argparse
import json
import pathlib
import shutil
import sys
import tempfile

ROOT = pathlib.Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests/integration"))
from relay_processes_test import BIN, Relay, kiosk, run  # noqa: E402


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("programs")
    parser.add_argument("--residents", type=int, default=3000)
    parser.add_argument("--changes", type=int, default=1000)
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="certrelay-bench-"))
    try:
        city = folder / "city"
        made = kiosk("city", "create", city, "--residents", options.residents, "--seed", 7)
        assert made.returncode == 0, made.stdout + made.stderr
        relay = Relay(city)
        pushed = run(BIN / "certrelayctl", "extract", "push", "--city", city, timeout=1200)
        assert pushed.returncode == 0, pushed.stdout + pushed.stderr
        cast = {one["role"]: one for one in json.loads((city / "cast.json").read_text())}
        done = run(BIN / "certrelay-kiosk", "source", "change", "--city", city, "--close",
                   cast["ordinary"]["person_id"], "--times", options.changes, timeout=1200)
        print(done.stdout, done.stderr, sep="", end="")
        relay.stop()
        return done.returncode
    finally:
        shutil.rmtree(folder)


sys.exit(main())
