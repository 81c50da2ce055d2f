#!/usr/bin/env python3
"""Whether every decoder of outside bytes is fuzzed, and every seed is aimed at its decoder.

A decoder is a function of protocol/{wire,extract,record,base} that makes a Result of a ByteView or a
string_view and is named decode_... or parse_...; it is fuzzed when a target of tests/fuzz names it.
PARTS are called by such a decoder on what it has taken apart, and by nobody else on outside bytes.
In tests/fuzz/wire_messages_fuzz.cpp the first byte of a seed chooses the decoder: the file's name
says which one it means.
Usage: check_fuzzed.py REPOSITORY
"""
import pathlib
import re
import sys

PARTS = {
    "decode_body", "parse_body", "parse_strict_json",  # within every decoder of JSON
    "decode_utf8", "parse_iso_day", "parse_rfc3339",
    "parse_account_status", "parse_action_state", "parse_affiliation", "parse_card_algorithm",
    "parse_certificate_kind", "parse_entry_outcome", "parse_extract_state", "parse_fee_unit",
    "parse_incident_kind", "parse_operator_role", "parse_print_event", "parse_problem_code",
    "parse_provision_result", "parse_provision_what", "parse_role", "parse_transaction_state",
    "parse_entry_kind", "parse_recorded_event", "parse_http_method", "parse_resident_kind",
}
DECODER = re.compile(r"^Result<[^;{]*?> ((?:decode|parse)_\w+)\((?:ByteView|std::string_view)", re.M)


def main():
    root = pathlib.Path(sys.argv[1])
    faults = []
    fuzzed = "".join(path.read_text() for path in (root / "tests/fuzz").glob("*_fuzz.cpp"))
    found = set()
    for room in ("wire", "extract", "record", "base"):
        for header in sorted((root / "protocol" / room).glob("*.hpp")):
            for name in DECODER.findall(header.read_text()):
                found.add(name)
                if name not in PARTS and not re.search(rf"\b{name}\b", fuzzed):
                    faults.append(f"{header.relative_to(root)}: no target of tests/fuzz has {name}")

    table = (root / "tests/fuzz/wire_messages_fuzz.cpp").read_text()
    table = table[table.index("kTargets{"):]
    aims = [one or other for one, other in re.findall(r"message<decode_(\w+)>|&(\w+)", table)]
    corpus = root / "tests/fuzz/corpus/wire_messages_fuzz"
    for number, aim in enumerate(aims):
        seed = corpus / aim
        if not seed.exists():
            faults.append(f"{seed.relative_to(root)} is missing: a seed for that decoder")
        elif seed.read_bytes()[:1] != bytes([ord("0") + number]):
            faults.append(f"{seed.relative_to(root)} must begin with {chr(ord('0') + number)!r}")
    for seed in sorted(corpus.iterdir()):
        if seed.name.split(".")[0] not in aims:
            faults.append(f"{seed.relative_to(root)}: name it after its decoder")

    print("\n".join(faults) if faults else f"{len(found)} decoders, {len(aims)} seeds: all fuzzed")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
