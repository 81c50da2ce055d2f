"""The faults that the simulation plants are in no shipped program: no_plants_test.py PROGRAM ..."""
import subprocess
import sys

FORBIDDEN = ("certrelay::planted::", "certrelay::testing::")
EXPECTED = "certrelay::CheckedDocument::render"  # a stripped program would prove nothing


def main() -> int:
    failed = False
    for program in sys.argv[1:]:
        names = subprocess.run(["nm", "-C", program], capture_output=True, text=True, check=True).stdout
        found = [line for line in names.splitlines() if any(word in line for word in FORBIDDEN)]
        if found:
            print(f"{program}: {found[0]}")
            failed = True
        if EXPECTED not in names:
            print(f"{program}: no symbol {EXPECTED}: is it stripped?")
            failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
