#!/usr/bin/env python3
"""An Approval cannot be forged, copied, ignored, spent un-moved or replaced by one person's order:
each case must fail to compile for its own reason, and the control must compile."""
import re
import subprocess
import sys

PRELUDE = """
#include "relay/operators/action_table.hpp"
namespace certrelay {
Approval give();
void erase(Approval approval);
void f(Approval approval, PersonalOrder order, ApprovedAction facts, ActionTable& table) {
  (void)approval; (void)order; (void)facts; (void)table;
  %s
}
}
"""
CASES = [  # name, body, part of the compiler's message; None: compiles
    ("control", "erase(std::move(approval)); auto a = std::move(order).spend(); (void)a;", None),
    ("forged", "Approval forged;", "no matching function"),
    ("forged from facts", "Approval forged(std::move(facts));", "private"),
    ("copied", "Approval copy = approval;", "deleted"),
    ("un-moved", "auto a = approval.spend(); (void)a;", "rvalue|discards qualifiers"),
    ("un-moved argument", "erase(approval);", "deleted"),
    ("ignored", "give();", "nodiscard|unused"),
    ("one person's order instead", "erase(std::move(order));", "could not convert|no matching"),
]


def main(compiler, root):
    bad = 0
    for name, body, message in CASES:
        command = [compiler, "-std=gnu++20", "-fsyntax-only", "-Werror=unused-result", "-Wall",
                   "-Wno-unused-variable", "-DBOOST_ASIO_SEPARATE_COMPILATION", "-I", root, "-x",
                   "c++", "-"]
        done = subprocess.run(command, input=PRELUDE % body, text=True, capture_output=True)
        said = done.stderr
        fine = done.returncode == 0 if message is None else (
            done.returncode != 0 and re.search(message, said) is not None)
        print(f"{'ok' if fine else 'WRONG'}: {name}")
        if not fine:
            print(said[:2000])
            bad += 1
    return 1 if bad else 0


sys.exit(main(sys.argv[1], sys.argv[2]))
