#!/usr/bin/env python3
"""Published suites fed to `certrelayctl card verify` as a stranger would: no false accept, and no false
refusal but those that relay/identity/REASONS.md states, case by case.

Goal: NIST PKITS (path validation, 2011 edition) and the FIPS 186 RSA signature cases hold. Method: each
case is one line with what names lead to, found by this script's own reading of the names; the expected
verdict is PKITS's own. The data are Debian's python3-cryptography-vectors; without them the test is
skipped. Usage: published_suites_test.py FOLDER_OF_PROGRAMS
"""
import base64
import json
import pathlib
import random
import re
import subprocess
import sys
import unittest

BIN = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else pathlib.Path(".")
VECTORS = pathlib.Path("/usr/lib/python3/dist-packages/cryptography_vectors")
PKITS = VECTORS / "x509/PKITS_data"
NOW = "2015-06-01T00:00:00Z"
# What REASONS.md states: the valid paths that we refuse, each with its reason.
STATED = {
    "public_key_unsupported": ["ValidDSASignaturesTest4EE", "ValidDSAParameterInheritanceTest5EE"],
    "crl_malformed": ["ValidNegativeSerialNumberTest14EE"],
    "policy_mapping_unsupported":
        [f"ValidPolicyMappingTest{n}EE" for n in (1, 3, 5, 6, 9, 11, 12, 13, 14)] +
        ["ValidinhibitPolicyMappingTest2EE", "ValidinhibitPolicyMappingTest4EE",
         "ValidSelfIssuedinhibitPolicyMappingTest7EE"],
    "name_constraints_unsupported":
        [f"ValidDNnameConstraintsTest{n}EE" for n in (1, 4, 5, 6, 11, 14, 18, 19)] +
        [f"ValidRFC822nameConstraintsTest{n}EE" for n in (21, 23, 25)] +
        ["ValidDNandRFC822nameConstraintsTest27EE", "ValidDNSnameConstraintsTest30EE",
         "ValidDNSnameConstraintsTest32EE", "ValidURInameConstraintsTest34EE",
         "ValidURInameConstraintsTest36EE"],
    "crl_indirect":
        [f"ValidIDPwithindirectCRLTest{n}EE" for n in (22, 24, 25)] +
        [f"ValidcRLIssuerTest{n}EE" for n in (28, 29, 30, 33)],
    "crl_delta": [f"ValiddeltaCRLTest{n}EE" for n in (2, 5, 7, 8)],
}
POLICY = "2.16.840.1.101.3.2.1.48."  # NIST-test-policy-n

# PKITS 4.8 and 4.9 ask the same certificate several questions: (file, flags, verdict).
ASKED = [
    ("ValidCertificatePathTest1EE", {"explicit_policy": True}, True),
    ("ValidCertificatePathTest1EE", {"explicit_policy": True, "policy_oids": [1]}, True),
    ("ValidCertificatePathTest1EE", {"explicit_policy": True, "policy_oids": [2]}, False),
    ("ValidCertificatePathTest1EE", {"explicit_policy": True, "policy_oids": [1, 2]}, True),
    ("AllCertificatesNoPoliciesTest2EE", {}, True),
    ("AllCertificatesNoPoliciesTest2EE", {"explicit_policy": True}, False),
    ("DifferentPoliciesTest3EE", {}, True),
    ("DifferentPoliciesTest3EE", {"explicit_policy": True}, False),
    ("DifferentPoliciesTest3EE", {"explicit_policy": True, "policy_oids": [1, 2]}, False),
    ("DifferentPoliciesTest4EE", {}, False),
    ("DifferentPoliciesTest5EE", {}, False),
    ("OverlappingPoliciesTest6EE", {}, True),
    ("OverlappingPoliciesTest6EE", {"policy_oids": [1]}, True),
    ("OverlappingPoliciesTest6EE", {"policy_oids": [2]}, False),
    ("DifferentPoliciesTest7EE", {}, False),
    ("DifferentPoliciesTest8EE", {}, False),
    ("DifferentPoliciesTest9EE", {}, False),
    ("AllCertificatesSamePoliciesTest10EE", {"explicit_policy": True}, True),
    ("AllCertificatesSamePoliciesTest10EE", {"explicit_policy": True, "policy_oids": [1]}, True),
    ("AllCertificatesSamePoliciesTest10EE", {"explicit_policy": True, "policy_oids": [2]}, True),
    ("AllCertificatesanyPolicyTest11EE", {"explicit_policy": True}, True),
    ("AllCertificatesanyPolicyTest11EE", {"explicit_policy": True, "policy_oids": [1]}, True),
    ("DifferentPoliciesTest12EE", {}, False),
    ("AllCertificatesSamePoliciesTest13EE", {"explicit_policy": True, "policy_oids": [1]}, True),
    ("AllCertificatesSamePoliciesTest13EE", {"explicit_policy": True, "policy_oids": [2]}, True),
    ("AllCertificatesSamePoliciesTest13EE", {"explicit_policy": True, "policy_oids": [3]}, True),
    ("AnyPolicyTest14EE", {"explicit_policy": True, "policy_oids": [1]}, True),
    ("AnyPolicyTest14EE", {"explicit_policy": True, "policy_oids": [2]}, False),
    ("UserNoticeQualifierTest15EE", {}, True),
    ("UserNoticeQualifierTest16EE", {}, True),
    ("UserNoticeQualifierTest17EE", {}, True),
    ("UserNoticeQualifierTest18EE", {"policy_oids": [1]}, True),
    ("UserNoticeQualifierTest18EE", {"policy_oids": [2]}, True),
    ("UserNoticeQualifierTest19EE", {}, True),
    ("CPSPointerQualifierTest20EE", {}, True),
    ("inhibitAnyPolicyTest3EE", {}, True),
    ("inhibitAnyPolicyTest3EE", {"explicit_policy": True, "inhibit_any_policy": True}, False),
    # 4.10: each needs a mapping or forbids one; none may be accepted where PKITS refuses.
    ("ValidPolicyMappingTest1EE", {"explicit_policy": True, "policy_oids": [2]}, False),
    ("ValidPolicyMappingTest1EE", {"inhibit_policy_mapping": True, "explicit_policy": True}, False),
    ("ValidPolicyMappingTest5EE", {"explicit_policy": True, "policy_oids": [6]}, False),
    ("ValidPolicyMappingTest6EE", {"explicit_policy": True, "policy_oids": [6]}, False),
]
# Valid by their names only under an initial set that PKITS gives; asked above or refused for a stated
# reason anyway.
OTHER_INITIAL_STATE = {"inhibitAnyPolicyTest3EE"}


def values(der):
    """(tag, content, whole) of each value in a row of DER."""
    at = 0
    while at < len(der):
        begin, tag, length = at, der[at], der[at + 1]
        at += 2
        if length >= 0x80:
            octets = length & 0x7F
            length = int.from_bytes(der[at:at + octets], "big")
            at += octets
        yield tag, der[at:at + length], der[begin:at + length]
        at += length


def name_key(content):
    """A Name so that what RFC 5280 §7.1 calls equal is equal here."""
    out = []
    for _, rdn, _ in values(content):
        for _, pair, _ in values(rdn):
            (_, oid, _), (tag, text, _) = values(pair)
            folded = " ".join(text.decode("utf-8", "replace").lower().split())
            out.append((oid, folded))
    return tuple(out)


class Certificate:
    def __init__(self, path):
        self.name, self.der = path.stem, path.read_bytes()
        signed = list(values(next(values(next(values(self.der))[1]))[1]))
        at = 1 if signed[0][0] == 0xA0 else 0
        self.issuer, self.subject = name_key(signed[at + 2][1]), name_key(signed[at + 4][1])


def list_issuer(path):
    signed = list(values(next(values(next(values(path.read_bytes()))[1]))[1]))
    return name_key(signed[2 if signed[0][0] == 0x02 else 1][1])


def base64_of(der):
    return base64.b64encode(der).decode()


def ask(lines):
    done = subprocess.run([str(BIN / "certrelayctl"), "card", "verify", "--stdin-jsonl"],
                          input="".join(json.dumps(line) + "\n" for line in lines), text=True,
                          capture_output=True, timeout=300)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in answers] == [line["id"] for line in lines], done.stderr
    return answers


@unittest.skipUnless(PKITS.is_dir(), "python3-cryptography-vectors is not installed")
class PublishedPaths(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.all = [Certificate(path) for path in sorted((PKITS / "certs").glob("*.crt"))]
        cls.by_name = {one.name: one for one in cls.all}
        cls.anchor = cls.by_name["TrustAnchorRootCertificate"]
        cls.lists = []
        for path in sorted((PKITS / "crls").glob("*.crl")):
            cls.lists.append((list_issuer(path), path.read_bytes()))

    def line(self, name, flags):
        leaf = self.by_name[name]
        chain, wanted, seen = [], [leaf.issuer], set()
        while wanted:
            issuer = wanted.pop()
            if issuer in seen:
                continue
            seen.add(issuer)
            for one in self.all:
                if one.subject == issuer and one is not self.anchor and not one.name.endswith("EE"):
                    chain.append(one)
                    wanted.append(one.issuer)
        lists = [der for issuer, der in self.lists if issuer in seen | {self.anchor.subject}]
        flags = dict(flags)
        if "policy_oids" in flags:
            flags["policy_oids"] = [POLICY + str(number) for number in flags["policy_oids"]]
        return {"id": f"{name} {sorted(flags)}", "profile": "rfc5280", "now": NOW,
                "trust_anchors": [base64_of(self.anchor.der)],
                "intermediates": [base64_of(one.der) for one in chain],
                "crls": [base64_of(der) for der in lists], "check_revocation": True,
                "certificate": base64_of(leaf.der), **flags}

    def test_no_path_is_accepted_that_should_not_be(self):
        cases = [(one.name, {}, one.name.startswith("Valid")) for one in self.all
                 if re.match("(Valid|Invalid).*EE$", one.name)] + ASKED
        self.assertGreater(len(cases), 230)
        answers = ask([self.line(name, flags) for name, flags, _ in cases])
        false_accepts, refused = [], {}
        for (name, flags, valid), answer in zip(cases, answers):
            if answer["result"] == "accept" and not valid:
                false_accepts.append((name, flags))
            if answer["result"] == "reject" and valid:
                refused.setdefault(answer["reason"], []).append(name)
        print(f"\nPKITS: {len(cases)} cases, of {sum(valid for _, _, valid in cases)} valid ones "
              f"{sum(map(len, refused.values()))} refused for a stated reason")
        self.assertEqual(false_accepts, [])
        self.assertEqual({reason: sorted(names) for reason, names in refused.items()},
                         {reason: sorted(names) for reason, names in STATED.items()})

    def test_what_else_is_given_changes_no_verdict(self):
        """A stranger may give all that there is with every case: 405 certificates, 173 lists."""
        everything = random.Random(5)
        certificates = [base64_of(one.der) for one in self.all]
        lists = [base64_of(der) for _, der in self.lists]
        names = [one.name for one in self.all if re.match("(Valid|Invalid).*EE$", one.name)]
        names = everything.sample(names, 30)
        few = [self.line(name, {}) for name in names]
        many = []
        for line in few:
            everything.shuffle(certificates)
            everything.shuffle(lists)
            many.append({**line, "intermediates": list(certificates), "crls": list(lists)})
        self.assertEqual([one["result"] for one in ask(many)], [one["result"] for one in ask(few)])


@unittest.skipUnless(PKITS.is_dir(), "python3-cryptography-vectors is not installed")
class PublishedSignatures(unittest.TestCase):
    @staticmethod
    def spki(modulus, exponent):
        def value(tag, content):
            length = len(content)
            head = bytes([length]) if length < 0x80 else \
                bytes([0x80 | (length.bit_length() + 7) // 8]) + \
                length.to_bytes((length.bit_length() + 7) // 8, "big")
            return bytes([tag]) + head + content

        def number(n):
            return value(0x02, n.to_bytes(n.bit_length() // 8 + 1, "big"))
        key = value(0x30, number(modulus) + number(exponent))
        return value(0x30, bytes.fromhex("300d06092a864886f70d0101010500") + value(0x03, b"\0" + key))

    def test_rsa_cases_of_fips_186(self):
        cases, modulus, exponent = [], 0, 0
        one = {}
        for text in (VECTORS / "asymmetric/RSA/FIPS_186-2/SigVer15_186-3.rsp").read_text().splitlines():
            found = re.match(r"(n|SHAAlg|e|Msg|S|Result) = (.*)", text)
            if not found:
                continue
            key, rest = found.groups()
            if key == "n":
                modulus = int(rest, 16)
            one[key] = rest
            if key == "Result" and one["SHAAlg"] == "SHA256":
                cases.append((modulus, int(one["e"], 16), one["Msg"], one["S"], rest.startswith("P")))
        self.assertGreater(len(cases), 15)
        lines = [{"id": number, "profile": "rfc5280", "public_key": base64_of(self.spki(n, e)),
                  "message": base64_of(bytes.fromhex(message)),
                  "signature": base64_of(bytes.fromhex(signature)), "algorithm": "rsa-pkcs1-sha256"}
                 for number, (n, e, message, signature, _) in enumerate(cases)]
        answers = ask(lines)
        accepted = 0
        for case, answer in zip(cases, answers):
            if answer["result"] == "accept":
                self.assertTrue(case[4])
                accepted += 1
            elif case[4]:
                self.assertEqual(answer["reason"], "public_key_out_of_bounds")
        print(f"\nFIPS 186 RSA: {len(cases)} cases, {accepted} accepted")


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1], verbosity=2)
