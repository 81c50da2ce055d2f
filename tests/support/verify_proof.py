#!/usr/bin/env python3
"""Verifies a proof over the ledger's tree by protocol/record/FORMAT.md and RFC 6962 alone.

usage: verify_proof.py PROOF VERIFIER-KEY [OLDER-CHECKPOINT]
Without a third argument PROOF is an entry's (C2SP tlog-proof), else one that the checkpoint in it
continues the older one. Exit code 0: proved; 1: not.
"""
import base64
import sys

from verify_ledger import check_signature, decode64, need, sha256


def checkpoint_in(note, key):
    origin, size, root = note.split("\n")[:3]
    check_signature(note, origin, key)
    return origin, int(size), decode64(root)


def left_size(size):
    """RFC 6962 2.1: the largest power of two below size."""
    return 1 << (size - 1).bit_length() - 1


def root_from_path(leaf, index, size, path):
    """RFC 6962 2.1.1, read backwards: the root that the audit path leads to."""
    if size == 1:
        need(not path, "too many hashes")
        return leaf
    need(path, "too few hashes")
    left = left_size(size)
    if index < left:
        return sha256(b"\1", root_from_path(leaf, index, left, path[:-1]), path[-1])
    return sha256(b"\1", path[-1], root_from_path(leaf, index - left, size - left, path[:-1]))


def roots_from_proof(old, size, old_root, whole, path):
    """RFC 6962 2.1.2, read backwards: the old root and the new one that the proof leads to."""
    if old == size:
        need(len(path) == (0 if whole else 1), "another number of hashes")
        return (old_root, old_root) if whole else (path[0], path[0])
    need(path, "too few hashes")
    left = left_size(size)
    if old <= left:
        before, after = roots_from_proof(old, left, old_root, whole, path[:-1])
        return before, sha256(b"\1", after, path[-1])
    before, after = roots_from_proof(old - left, size - left, old_root, False, path[:-1])
    return sha256(b"\1", path[-1], before), sha256(b"\1", path[-1], after)


def main(path, key, older=None):
    with open(path, encoding="utf-8", newline="") as file:
        head, note = file.read().split("\n\n", 1)
    try:
        lines = head.split("\n")
        _, size, root = checkpoint_in(note, key)
        if older is None:
            need(lines[0] == "c2sp.org/tlog-proof@v1", "not a proof of an entry")
            need(lines[1].startswith("extra ") and lines[2].startswith("index "), "malformed")
            entry, index = decode64(lines[1][6:]), int(lines[2][6:])
            need(lines[2] == f"index {index}" and 0 <= index < size, "no such position")
            need(int.from_bytes(entry[1:9], "big") == index + 1, "another entry's position")
            hashes = [decode64(line) for line in lines[3:]]
            need(root_from_path(sha256(b"\0", entry), index, size, hashes) == root, "another root")
            print(f"ok: entry {index + 1} of {size}")
        else:
            with open(older, encoding="utf-8", newline="") as file:
                old_note = file.read()
            _, old, old_root = checkpoint_in(old_note, key)
            need(lines[0] == f"old {old}" and 0 < old <= size, "not from that checkpoint")
            hashes = [decode64(line) for line in lines[1:]]
            roots = roots_from_proof(old, size, old_root, True, hashes)
            need(roots == (old_root, root), "another root")
            print(f"ok: {size} entries continue {old}")
    except (ValueError, IndexError) as error:
        print(f"not proved: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
