#!/usr/bin/env python3
"""How many instructions the stages of an issuance take, held against a table that changes on purpose.

Goal: a stage that became dearer is seen in the change that made it so, on any machine and beside any
load. callgrind counts what count_bench does between its marks; two counts a stage, of the program's
own code and of all code, and each may be its TOLERANCE off the table: the libraries' more, for they may
still look at the processor. A stage that became cheaper fails too: the table then says less than what
is there.
Method: what picks its code by the processor (OpenSSL, the C library) is told which one to take, so
that the counts are those of any x86-64.
Usage: instructions.py FOLDER_OF_COUNT_BENCH [--write]     --write: puts the counts into the table
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

TABLE = pathlib.Path(__file__).parent / "instructions.tsv"
TOLERANCE = {"own": 0.04, "all": 0.10}
# As on a processor with SSSE3 and nothing newer, which every x86-64 of today has.
PINNED = {"OPENSSL_ia32cap": "0x20007808000:0",
          "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-AVX2,-AVX,-AVX512F,-AVX512VL,-AVX512BW,-ERMS,-FSRM,"
                            "-SSE4_2,-SSE4_1,-BMI1,-BMI2,-LZCNT,-MOVBE,-RTM"}


def counts_of(dump, program):
    """{stage: (own, all)} of callgrind's combined dumps."""
    out, stage, objects, inside, skip = {}, None, {}, False, False
    for line in dump.splitlines():
        if line.startswith("desc: Trigger: Client Request: "):
            stage = line.removeprefix("desc: Trigger: Client Request: ")
            out[stage] = [0, 0]
        elif line.startswith(("ob=", "cob=")):  # a callee's object may be named first
            key, _, value = line.partition("=")
            number, _, name = value.partition(" ")
            if name:
                objects[number] = pathlib.Path(name).name
            if key == "ob":
                inside = objects[number] == program
        elif line.startswith("calls="):
            skip = True  # the next line is the callee's, which has lines of its own
        elif stage and re.match(r"[+\-*\d]", line):
            if not skip:
                cost = int(line.split()[1])
                out[stage][1] += cost
                out[stage][0] += cost if inside else 0
            skip = False
    return {stage: tuple(pair) for stage, pair in out.items() if stage and pair[1]}


def measure(bench):
    with tempfile.TemporaryDirectory(prefix="certrelay-count-") as folder:
        subprocess.run([bench, "make", folder], check=True)
        out = pathlib.Path(folder) / "counts"
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--instr-atstart=no", "--combine-dumps=yes",
             f"--callgrind-out-file={out}", bench, "count", folder],
            env={**os.environ, **PINNED}, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"instructions: {done.stderr}")
        return counts_of(out.read_text(), bench.name)


def read_table():
    rows = [line.split("\t") for line in TABLE.read_text().splitlines() if not line.startswith("#")]
    return {row[0]: (int(row[1]), int(row[2])) for row in rows}


def write_table(counts):
    lines = ["# stage\tinstructions of our own code\tof all code (verification: eight cards)"]
    lines += [f"{stage}\t{own}\t{whole}" for stage, (own, whole) in counts.items()]
    TABLE.write_text("\n".join(lines) + "\n")


def faults_of(counts, table):
    """What differs from the table, a line each."""
    out = [f"{stage}: only in the table" for stage in table.keys() - counts.keys()]
    for stage, pair in counts.items():
        if stage not in table:
            out.append(f"{stage}: not in the table")
            continue
        for what, found, known in zip(("own", "all"), pair, table[stage]):
            if abs(found - known) > TOLERANCE[what] * known:
                out.append(f"{stage}, {what}: {found:,} instead of {known:,} ({found / known - 1:+.1%})")
    return out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("programs", type=pathlib.Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    if shutil.which("valgrind") is None or os.uname().machine != "x86_64":
        print("skipped: needs valgrind on x86-64")
        sys.exit(77)
    counts = measure((options.programs / "count_bench").resolve())
    for stage, (own, whole) in counts.items():
        print(f"{stage:<20} {own:>12,} own {whole:>12,} all")
    if options.write:
        return write_table(counts)
    faults = faults_of(counts, read_table())
    if faults:
        sys.exit("instructions: " + "\n  ".join(faults) +
                 "\nIf that is meant, say why in the change and run instructions.py --write.")
    return None


if __name__ == "__main__":
    main()
