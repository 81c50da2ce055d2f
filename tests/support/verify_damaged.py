#!/usr/bin/env python3
"""What the independent verifier says of ledgers as they lie on the disk, damaged or not.

usage: verify_damaged.py FOLDER CHECKPOINT VERIFIER-KEY
Reads each *.db in the folder with Python's own SQLite, writes it down as an export whose head has
that checkpoint, verifying nothing but the index column, and has verify_ledger.py judge it. One line a file: its name and
what that said.
"""
import base64
import contextlib
import io
import json
import pathlib
import sqlite3
import sys
import tempfile

sys.dont_write_bytecode = True
import verify_ledger  # noqa: E402


def text64(data):
    return base64.b64encode(data).decode()


def transaction_in(entry):
    """What the row's index column must be: the value of tag 0004."""
    at = 22
    while at < len(entry):
        tag, size = (int.from_bytes(entry[i : i + 2], "big") for i in (at, at + 2))
        if tag == 4:
            return entry[at + 4 : at + 4 + size]
        at += 4 + size
    return None


def export_lines(path, note):
    """As far as it can be read: where reading ends, so does the export."""
    database = sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)
    with contextlib.closing(database):
        origin = note.split("\n")[0]
        start = verify_ledger.sha256(b"certrelay ledger v1\0", origin.encode())
        yield {"certrelay_ledger_export": 1, "origin": origin, "before": 0, "chain": text64(start),
               "tree": text64(bytes(8)), "checkpoint": note}
        for entry, chain, transaction in database.execute(
                "SELECT bytes, chain, transaction_id FROM entry ORDER BY sequence"):
            verify_ledger.need(transaction == transaction_in(entry), "a row's columns disagree")
            yield {"entry": text64(entry), "chain": text64(chain)}
        last, tree = database.execute("SELECT last, tree FROM state").fetchone()
        subtrees = [tree[i : i + 32] for i in range(8, len(tree), 32)]
        yield {"end": last, "root": text64(verify_ledger.root_of(subtrees))}


def judge(path, note, key, scratch):
    with open(scratch, "w", encoding="utf-8") as out:
        try:
            for line in export_lines(path, note):
                out.write(json.dumps(line) + "\n")
        except (sqlite3.Error, TypeError, ValueError):
            pass
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        verify_ledger.main(scratch, key)
    return said.getvalue().strip()


def main(folder, checkpoint, key):
    note = pathlib.Path(checkpoint).read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as scratch:
        for path in sorted(pathlib.Path(folder).glob("*.db")):
            print(path.stem, judge(path, note, key, f"{scratch}/export"))


if __name__ == "__main__":
    main(*sys.argv[1:])
