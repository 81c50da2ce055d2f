#!/usr/bin/env python3
"""Verifies an export of the ledger by protocol/record/FORMAT.md alone, sharing no code.

usage: verify_ledger.py EXPORT [VERIFIER-KEY]
Exit code 0: entries, chain, tree and checkpoint (with a key its signature too) agree; 1: one line
names the first bad entry.
"""
import base64
import hashlib
import json
import sys
from datetime import datetime, timedelta, timezone

# Ed25519 (RFC 8032, 5.1.7), verification only.
P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
def point_add(a, b):
    (x1, y1, z1, t1), (x2, y2, z2, t2) = a, b
    e1, e2 = (y1 - x1) * (y2 - x2) % P, (y1 + x1) * (y2 + x2) % P
    e3, e4 = 2 * t1 * t2 * D % P, 2 * z1 * z2 % P
    e, f, g, h = e2 - e1, e4 - e3, e4 + e3, e2 + e1
    return e * f % P, g * h % P, f * g % P, e * h % P

def point_mul(scalar, point):
    out = (0, 1, 1, 0)
    while scalar:
        if scalar & 1:
            out = point_add(out, point)
        point, scalar = point_add(point, point), scalar >> 1
    return out

def point_from(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    x2 = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(x2, (P + 3) // 8, P)
    if (x * x - x2) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - x2) % P or (x == 0 and sign):
        raise ValueError("not a point")
    x = P - x if x & 1 != sign else x
    return (x, y, 1, x * y % P)

BASE = point_from(bytes.fromhex("58" + "66" * 31))
def ed25519_verifies(key, message, signature):
    if len(signature) != 64:
        return False
    a, r, s = point_from(key), point_from(signature[:32]), int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + message).digest(), "little") % L
    left, right = point_mul(s, BASE), point_add(r, point_mul(h, a))
    return s < L and all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))

def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()
def need(condition, what):
    if not condition:
        raise ValueError(what)
def decode64(text):
    out = base64.b64decode(text, validate=True)
    need(base64.b64encode(out).decode() == text, "base64 is not canonical")
    return out

def root_of(subtrees):
    root = subtrees[-1] if subtrees else sha256()
    for subtree in reversed(subtrees[:-1]):
        root = sha256(b"\1", subtree, root)
    return root
class Ledger:
    """The chain and the tree (RFC 6962) after the last good entry."""
    def __init__(self, head):
        need(head["certrelay_ledger_export"] == 1, "another format")
        self.origin, self.last = head["origin"], head["before"]
        self.chain, tree = decode64(head["chain"]), decode64(head["tree"])
        need(int.from_bytes(tree[:8], "big") == self.last, "the head's tree has another size")
        self.subtrees = [tree[i : i + 32] for i in range(8, len(tree), 32)]
        need(len(tree) == 8 + 32 * bin(self.last).count("1"), "the head's tree is malformed")
        start = sha256(b"certrelay ledger v1\0", self.origin.encode())
        need(self.last or self.chain == start, "the chain does not start at the origin")
        self.promised = head["checkpoint"].split("\n")[:3] if "checkpoint" in head else None
        if "pruning" in head:  # entries 1 to `before` left after their five years
            said = head["pruning"].split("\n\n")[0].split("\n")
            root = base64.b64encode(root_of(self.subtrees)).decode()
            need(said[:5] == [self.origin, str(self.last), root, "pruned-chain " + head["chain"],
                              "pruned-tree " + head["tree"]], "a pruning of other entries")
            young, at = (datetime.fromtimestamp(int(line.split(" ")[1]) / 1000,
                         timezone(timedelta(hours=9))).timetuple()[:3] for line in said[5:7])
            need(self.last % 4096 == 0 < self.last, "a pruning that ends no block")
            need((at[0] - 5, *at[1:]) > young, "pruned before five years were over")

    def take(self, line):
        entry, chain = decode64(line["entry"]), decode64(line["chain"])
        need(22 <= len(entry) <= 4096 and entry[0] == 1, "not an entry of version 1")
        need(int.from_bytes(entry[1:9], "big") == self.last + 1, "not the next number")
        at, previous = 22, 0
        while at < len(entry):
            tag, size = (int.from_bytes(entry[i : i + 2], "big") for i in (at, at + 2))
            need(tag > previous or (tag == previous and tag >= 0x8000), "fields out of order")
            at, previous = at + 4 + size, tag
        need(at == len(entry), "a field is cut off")
        leaf = sha256(b"\0", entry)
        need(chain == sha256(b"\2", self.chain, leaf), "entry and chain disagree")
        size, subtrees = self.last, self.subtrees[:]
        while size & 1:
            leaf, size = sha256(b"\1", subtrees.pop(), leaf), size >> 1
        self.meet(self.last + 1, root_of(subtrees + [leaf]))
        self.chain, self.subtrees, self.last = chain, subtrees + [leaf], self.last + 1
    def meet(self, size, root):
        if self.promised and self.promised[1] == str(size):
            root = base64.b64encode(root).decode()
            need(self.promised == [self.origin, str(size), root], "not the checkpoint's tree")
            self.promised = None

def check_signature(note, origin, verifier_key):
    name, key_id, encoded = verifier_key.split("+", 2)
    key = decode64(encoded)
    need(key[0] == 1 and sha256(name.encode(), b"\n", key)[:4].hex() == key_id, "bad verifier key")
    text, signatures = note.split("\n\n")
    found = [decode64(line[2]) for line in map(str.split, signatures.splitlines())
             if line[:2] == ["\u2014", name] and decode64(line[2])[:4].hex() == key_id]
    need(found and name == origin, "no signature by that key")
    need(ed25519_verifies(key[1:], (text + "\n").encode(), found[0][4:]), "bad signature")

def main(path, verifier_key=None):
    ledger, end = None, None
    try:
        with open(path, encoding="utf-8") as lines:
            for line in map(json.loads, lines):
                need(end is None, "lines after the end")
                if ledger is None:
                    ledger = Ledger(line)
                    for note in ("checkpoint", "pruning") if verifier_key else ():
                        if note == "checkpoint" or note in line:
                            check_signature(line[note], ledger.origin, verifier_key)
                elif "entry" in line:
                    ledger.take(line)
                else:
                    end = line
                    need([end["end"], decode64(end["root"])]
                         == [ledger.last, root_of(ledger.subtrees)], "entries and end disagree")
        need(end is not None and not ledger.promised, "cut off")
    except (ValueError, KeyError, TypeError, IndexError) as error:
        print(f"first bad entry: {ledger.last + 1 if ledger else 0}: {error}")
        return 1
    print(f"ok: {ledger.last} entries of {ledger.origin}, root {root_of(ledger.subtrees).hex()}")
    return 0

if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
