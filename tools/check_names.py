#!/usr/bin/env python3
"""Fails when two headers define a type of one name: the namespace is flat, so that would be two
definitions of one thing (the linker would take either). Fails too when two files of one folder have
a constant of one name: they are compiled as one (decision 0053), and the nearer would be taken."""
import collections, pathlib, re, sys

DEFINES = re.compile(r"^(?:class|struct|enum class|union)\s+(?:\[\[\w+\]\]\s+)?(\w+)[^;]*\{", re.M)
CONSTANT = re.compile(r"^(?:inline |static )?const(?:expr)?\b[^=({;\n]*\b(k[A-Z]\w*)\b", re.M)
ALIAS = re.compile(r"^using\s+(\w+)\s*=", re.M)


def shared_constants(root):
    homes = collections.defaultdict(set)
    for room in ("protocol", "render", "relay", "firmware", "tests"):
        for source in sorted((root / room).rglob("*.[ch]pp")):
            where = source.relative_to(root)
            for name in CONSTANT.findall(source.read_text(encoding="utf-8")):
                homes[where.parent.as_posix(), name].add(where.as_posix())
    return {name: where for (_, name), where in homes.items() if len(where) > 1}


def main(root):
    homes = collections.defaultdict(set)
    for room in ("protocol", "render", "relay", "firmware"):
        for header in sorted((root / room).rglob("*.hpp")):
            text = header.read_text(encoding="utf-8")
            for name in DEFINES.findall(text) + ALIAS.findall(text):
                homes[name].add(header.relative_to(root).as_posix())
    bad = {name: where for name, where in homes.items() if len(where) > 1}
    bad.update(shared_constants(root))
    for name, where in sorted(bad.items()):
        print(f"{name}: defined in {', '.join(sorted(where))}")
    return 1 if bad else 0


sys.exit(main(pathlib.Path(sys.argv[1])))
