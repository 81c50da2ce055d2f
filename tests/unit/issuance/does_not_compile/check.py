#!/usr/bin/env python3
"""Tokens cannot be forged, copied, ignored or used without a move: each case must fail to compile
for its own reason, and the control, which does all of it rightly, must compile."""
import subprocess
import sys

PRELUDE = """
#include "relay/issuance/tokens.hpp"
namespace certrelay {
Result<SelectedCertificate> selection(IdentifiedApplicant applicant, const IssuanceRequest& request,
                                      std::shared_ptr<const RegisterSnapshot> snapshot) {
  StepTrace trace;
  %s
}
void f(OpenedTransaction opened, CheckedDocument checked, CommittedDocument committed) {
  (void)opened; (void)checked; (void)committed;
  %s
}
}
"""
SELECT = "return SelectedCertificate::select(std::move(applicant), request, snapshot, {}, trace);"
CASES = [  # name, selection's body, f's body, part of the compiler's message; None: compiles
    ("control", SELECT, "auto bytes = std::move(committed).release(); (void)bytes;", None),
    ("forged", SELECT, "CommittedDocument forged;", "no matching function|private|deleted"),
    ("forged from parts", SELECT, "CommittedDocument forged(std::move(checked), LedgerSequence(1), Digest{});",
     "private"),
    ("copied", SELECT, "CheckedDocument copy = checked;", "deleted"),
    ("assigned", SELECT, "CheckedDocument other = std::move(checked); other = checked;", "deleted"),
    ("un-moved", SELECT, "auto bytes = committed.release();", "discards qualifiers|rvalue|passing"),
    ("un-moved step", "return SelectedCertificate::select(applicant, request, snapshot, {}, trace);",
     "", "deleted"),
    ("ignored", "SelectedCertificate::select(std::move(applicant), request, snapshot, {}, trace);"
     + SELECT, "", "nodiscard|unused"),
]


def compile_case(compiler, root, select, body):
    command = [compiler, "-std=gnu++20", "-fsyntax-only", "-Werror=unused-result", "-Wall",
               "-Wno-unused-variable", "-DBOOST_ASIO_SEPARATE_COMPILATION", "-I", root, "-x", "c++", "-"]
    done = subprocess.run(command, input=PRELUDE % (select, body), text=True, capture_output=True)
    return done.returncode, done.stderr


def main(compiler, root):
    import re
    bad = 0
    for name, select, body, message in CASES:
        code, said = compile_case(compiler, root, select, body)
        if message is None:
            fine = code == 0
        else:
            fine = code != 0 and re.search(message, said) is not None
        print(f"{'ok' if fine else 'WRONG'}: {name}")
        if not fine:
            print(said[:2000])
            bad += 1
    return 1 if bad else 0


sys.exit(main(sys.argv[1], sys.argv[2]))
