"""Certificates and lists of these cases: good ones, of which a case changes one part."""
import hashlib

from der import SHA256_RSA, TRUE, Rsa, bits, number, octets, oid, seq, text, value

KEYS = {name: Rsa(name) for name in ("root", "middle", "leaf", "other")}
NOW = "2026-11-22T10:00:00Z"
BEFORE, AFTER = value(0x17, b"250101000000Z"), value(0x17, b"301231235959Z")


def name(*parts):
    """("CN", "x"), ("O", "y", 0x13): a Name of one attribute a set."""
    kinds = {"C": "2.5.4.6", "O": "2.5.4.10", "OU": "2.5.4.11", "CN": "2.5.4.3"}
    sets = []
    for kind, words, *tag in parts:
        tag = tag[0] if tag else 0x13 if kind == "C" else 0x0C
        sets.append(value(0x31, seq(oid(kinds[kind]), text(tag, words))))
    return seq(*sets)


def common(words):
    return name(("C", "JP"), ("CN", words))


JPKI = name(("C", "JP"), ("O", "JPKI"), ("OU", "JPKI for user authentication"),
            ("OU", "Japan Agency for Local Authority Information Systems"))
SIGNING = name(("C", "JP"), ("O", "JPKI"), ("OU", "JPKI for digital signature"),
               ("OU", "Japan Agency for Local Authority Information Systems"))


def key_id(key):
    return hashlib.sha1(key.public_key()).digest()


def extension(dotted, content, critical=False):
    return seq(oid(dotted), *([TRUE] if critical else []), octets(content))


BASIC, USAGE, POLICIES, PURPOSES = "2.5.29.19", "2.5.29.15", "2.5.29.32", "2.5.29.37"
SUBJECT_ID, AUTHORITY_ID, OTHER_NAMES = "2.5.29.14", "2.5.29.35", "2.5.29.17"
CLIENT = oid("1.3.6.1.5.5.7.3.2")
CARD_POLICY, SIGNING_POLICY = "1.2.392.200149.8.5.1.3.30", "1.2.392.200149.8.5.1.1.10"


def policies(*dotted):
    return seq(*(seq(oid(one)) for one in dotted))


class Certificate:
    """Parts of a certificate; a case changes any of them. `extensions` is ordered, by dotted name."""

    def __init__(self, subject, issuer, key, signer, ca=False, serial=1):
        self.version = value(0xA0, number(2))
        self.serial = number(serial)
        self.algorithm = self.inner_algorithm = SHA256_RSA
        self.subject, self.issuer = subject, issuer
        self.validity = [BEFORE, AFTER]
        self.spki = KEYS[key].spki()
        self.signer = signer
        self.unique_ids = b""
        self.extensions = {SUBJECT_ID: extension(SUBJECT_ID, octets(key_id(KEYS[key]))),
                           AUTHORITY_ID: extension(AUTHORITY_ID, seq(value(0x80, key_id(KEYS[signer]))))}
        if ca:
            self.extensions[BASIC] = extension(BASIC, seq(TRUE), True)
            self.extensions[USAGE] = extension(USAGE, b"\x03\x02\x01\x06", True)
        else:
            self.extensions[USAGE] = extension(USAGE, b"\x03\x02\x07\x80", True)
        self.after_tbs = self.after_all = b""
        self.change_signature = lambda signature: signature
        self.whole_extensions = None

    def set(self, dotted, content, critical=False):
        self.extensions[dotted] = extension(dotted, content, critical)
        return self

    def tbs(self):
        written = value(0xA3, seq(*self.extensions.values())) if self.extensions else b""
        if self.whole_extensions is not None:
            written = self.whole_extensions
        return seq(self.version, self.serial, self.inner_algorithm, self.issuer, seq(*self.validity),
                   self.subject, self.spki, self.unique_ids, written, self.after_tbs)

    def der(self):
        signed = self.tbs()
        signature = self.change_signature(bits(KEYS[self.signer].sign(signed)))
        return seq(signed, self.algorithm, signature) + self.after_all


class List:
    def __init__(self, issuer, signer, entries=()):
        self.version = number(1)
        self.algorithm = self.inner_algorithm = SHA256_RSA
        self.issuer, self.signer = issuer, signer
        self.dates = [value(0x17, b"261101000000Z"), value(0x17, b"261201000000Z")]
        self.entries = [seq(number(serial), value(0x17, b"261101000000Z")) for serial in entries]
        self.whole_entries = None
        self.extensions = {AUTHORITY_ID: extension(AUTHORITY_ID, seq(value(0x80, key_id(KEYS[signer])))),
                           "2.5.29.20": extension("2.5.29.20", number(7))}
        self.after_all = b""
        self.change_signature = lambda signature: signature

    def set(self, dotted, content, critical=False):
        self.extensions[dotted] = extension(dotted, content, critical)
        return self

    def der(self):
        listed = seq(*self.entries) if self.entries else b""
        if self.whole_entries is not None:
            listed = self.whole_entries
        written = value(0xA0, seq(*self.extensions.values())) if self.extensions else b""
        signed = seq(self.version, self.inner_algorithm, self.issuer, *self.dates, listed, written)
        return seq(signed, self.algorithm,
                   self.change_signature(bits(KEYS[self.signer].sign(signed)))) + self.after_all


class World:
    """root -> middle -> leaf under RFC 5280, or root -> card as JPKI has it, and their lists."""

    def __init__(self, jpki=False):
        self.jpki = jpki
        root_name = JPKI if jpki else common("Root")
        self.root = Certificate(root_name, root_name, "root", "root", ca=True)
        self.middle = None if jpki else Certificate(common("Middle"), root_name, "middle", "root", True, 2)
        self.leaf = Certificate(common("MIHON"), root_name if jpki else common("Middle"), "leaf",
                                "root" if jpki else "middle", serial=0x1234)
        if jpki:
            self.leaf.set(POLICIES, policies(CARD_POLICY), True).set(PURPOSES, seq(CLIENT))
        self.root_list, self.middle_list = List(root_name, "root"), List(common("Middle"), "middle")
        self.flags, self.more_anchors, self.more_middles, self.more_lists = {}, [], [], []
        self.lists = None

    def line(self, identity):
        lists = self.lists
        if lists is None:
            lists = [self.root_list] + ([] if self.jpki else [self.middle_list]) + self.more_lists
        return {"id": identity, "profile": "jpki" if self.jpki else "rfc5280", "now": NOW,
                "check_revocation": True, **self.flags,
                "trust_anchors": [one.der() for one in [self.root] + self.more_anchors],
                "intermediates": [one.der() for one in ([self.middle] if self.middle else []) +
                                  self.more_middles],
                "crls": [one.der() if isinstance(one, List) else one for one in lists],
                "certificate": self.leaf.der()}
