"""Certificates, path by path: what is well-formed, what may issue, what a card of JPKI is.

Each case is (name, valid by the standard, line). VALID_BUT_REFUSED names the valid ones that are refused,
each with the reason that relay/identity/REASONS.md states.
"""
from certificates import (AUTHORITY_ID, BASIC, BEFORE, CARD_POLICY, CLIENT, JPKI, KEYS, OTHER_NAMES, POLICIES,
                          PURPOSES, SIGNING, SIGNING_POLICY, SUBJECT_ID, USAGE, Certificate, World, common,
                          extension, key_id, name, policies)
from der import NULL, SHA384_ECDSA, TRUE, Rsa, bits, number, octets, oid, seq, value

UNKNOWN = "1.3.6.1.4.1.99999.1"
VALID_BUT_REFUSED = {
    "rfc5280 middle without key identifiers": "key_identifier_missing",
    "rfc5280 leaf without authority key identifier": "key_identifier_missing",
    "rfc5280 middle without subject key identifier": "key_identifier_missing",
    "rfc5280 nine in between": "path_too_long",
    "rfc5280 policy mappings": "policy_mapping_unsupported",
    "rfc5280 name constraints that hold": "name_constraints_unsupported",
    "rfc5280 leaf of RSA 1024": "public_key_out_of_bounds",
    "rfc5280 leaf of RSA with exponent 3": "public_key_out_of_bounds",
    "rfc5280 leaf: no extensions": "key_identifier_missing",
    "rfc5280 a critical purpose of another than the issuer's": "card_extended_key_usage",
}


def parts_of_any():
    """(name, valid, change of a certificate): for the leaf and for the middle alike."""
    def put(**parts):
        def change(one):
            for key, part in parts.items():
                setattr(one, key, part)
        return change
    yield "as it is", True, lambda one: None
    yield "version absent", False, put(version=b"")
    yield "version 1 written", False, put(version=value(0xA0, number(0)))
    yield "version 2", False, put(version=value(0xA0, number(1)))
    yield "version 4", False, put(version=value(0xA0, number(3)))
    yield "version -1", False, put(version=value(0xA0, number(-1)))
    yield "version in two octets", False, put(version=value(0xA0, b"\x02\x02\x00\x02"))
    yield "version untagged", False, put(version=number(2))
    yield "version twice", False, put(version=value(0xA0, number(2)) * 2)
    yield "serial zero", False, put(serial=number(0))
    yield "serial negative", False, put(serial=number(-5))
    yield "serial empty", False, put(serial=b"\x02\x00")
    yield "serial with a zero more", False, put(serial=b"\x02\x03\x00\x00\x81")
    yield "serial of 20 octets", True, put(serial=value(0x02, b"\x7f" * 20))
    yield "serial of 21 octets", False, put(serial=value(0x02, b"\x00" + b"\xff" * 20))
    yield "serial of 40 octets", False, put(serial=value(0x02, b"\x11" * 40))
    yield "serial as OCTET STRING", False, put(serial=octets(b"\x11"))
    yield "inner algorithm another", False, put(inner_algorithm=seq(oid("1.2.840.113549.1.1.12"), NULL))
    yield "outer algorithm another", False, put(algorithm=seq(oid("1.2.840.113549.1.1.12"), NULL))
    for what, algorithm in {"SHA-1": seq(oid("1.2.840.113549.1.1.5"), NULL),
                            "MD5": seq(oid("1.2.840.113549.1.1.4"), NULL),
                            "SHA-384": seq(oid("1.2.840.113549.1.1.12"), NULL),
                            "ECDSA": SHA384_ECDSA, "PSS": seq(oid("1.2.840.113549.1.1.10")),
                            "no NULL": seq(oid("1.2.840.113549.1.1.11")),
                            "no signature": seq(oid("1.3.6.1.5.5.7.6.36")),
                            "NULL of an octet": seq(oid("1.2.840.113549.1.1.11"), b"\x05\x01\x00"),
                            "empty": seq()}.items():
        yield f"both algorithms {what}", False, put(algorithm=algorithm, inner_algorithm=algorithm)
    yield "issuer empty", False, put(issuer=seq())
    yield "issuer another", False, put(issuer=common("Somebody"))
    yield "issuer with an empty set", False, put(issuer=seq(value(0x31)))
    for what, time in {"without seconds": b"2501010000Z", "with an offset": b"250101000000+0000",
                       "without Z": b"250101000000", "of month 13": b"251301000000Z",
                       "of 30 February": b"250230000000Z", "of hour 24": b"250101240000Z",
                       "of second 60": b"250101000060Z", "with a fraction": b"250101000000.0Z",
                       "with a letter": b"25010100000OZ", "empty": b"",
                       "of four digits' year": b"20250101000000Z"}.items():
        yield f"UTCTime {what}", False, put(validity=[value(0x17, time), value(0x17, b"301231235959Z")])
    for what, time in {"without seconds": b"202501010000Z", "with a fraction": b"20250101000000.5Z",
                       "with an offset": b"20250101000000+0900", "of two digits' year": b"250101000000Z",
                       "without Z": b"20250101000000"}.items():
        yield (f"GeneralizedTime {what}", False,
               put(validity=[value(0x18, time), value(0x17, b"301231235959Z")]))
    yield "GeneralizedTime of 2025", True, put(validity=[value(0x18, b"20250101000000Z"),
                                                        value(0x17, b"301231235959Z")])
    yield "until 9999", True, put(validity=[BEFORE, value(0x18, b"99991231235959Z")])
    yield "since 1950", True, put(validity=[value(0x17, b"500101000000Z"), value(0x17, b"301231235959Z")])
    yield "ends before it begins", False, put(validity=[value(0x17, b"301231235959Z"), BEFORE])
    yield "ended", False, put(validity=[BEFORE, value(0x17, b"261122095959Z")])
    yield "begins in a second", False, put(validity=[value(0x17, b"261122100001Z"),
                                                     value(0x17, b"301231235959Z")])
    yield "one date", False, put(validity=[BEFORE])
    yield "three dates", False, put(validity=[BEFORE, BEFORE, value(0x17, b"301231235959Z")])
    yield "an octet behind", False, put(after_all=b"\0")
    yield "a certificate behind", False, lambda one: setattr(one, "after_all", one.der())
    yield "a NULL behind the extensions", False, put(after_tbs=NULL)
    yield "no extensions", False, put(extensions={})
    yield "extensions empty", False, put(whole_extensions=value(0xA3, seq()))
    yield "extensions an empty tag", False, put(whole_extensions=value(0xA3))
    yield "extensions untagged", False, lambda one: setattr(
        one, "whole_extensions", seq(*one.extensions.values()))
    yield "signature with unused bits", False, put(change_signature=lambda s: s[:4] + b"\x01" + s[5:])
    yield "signature an octet longer", False, put(change_signature=lambda s: bits(s[5:] + b"\0"))
    yield "signature an octet shorter", False, put(change_signature=lambda s: bits(s[5:-1]))
    yield "signature empty", False, put(change_signature=lambda s: bits(b""))
    yield "signature of no octets", False, put(change_signature=lambda s: value(0x03))
    yield "signature as OCTET STRING", False, put(change_signature=lambda s: octets(s[5:]))
    yield "signature of another key", False, put(signer="other")
    yield "an unknown extension", True, lambda one: one.set(UNKNOWN, NULL)
    yield "an unknown critical extension", False, lambda one: one.set(UNKNOWN, NULL, True)
    yield "an extension of no octets", True, lambda one: one.set(UNKNOWN, b"")

    def whole(dotted, der):
        return lambda one: one.extensions.__setitem__(dotted, der)
    yield "critical written false", True, whole(UNKNOWN, seq(oid(UNKNOWN), b"\x01\x01\x00", octets(NULL)))
    yield "critical written 1", False, whole(UNKNOWN, seq(oid(UNKNOWN), b"\x01\x01\x01", octets(NULL)))
    yield "critical of two octets", False, whole(UNKNOWN, seq(oid(UNKNOWN), b"\x01\x02\xff\xff", octets(NULL)))
    yield "an extension without a value", False, whole(UNKNOWN, seq(oid(UNKNOWN)))
    yield "an extension with two values", False, whole(UNKNOWN, seq(oid(UNKNOWN), octets(NULL), octets(NULL)))
    yield "an extension's value as BIT STRING", False, whole(UNKNOWN, seq(oid(UNKNOWN), bits(NULL)))
    yield "an extension's name cut short", False, whole(UNKNOWN, seq(b"\x06\x02\x2a\x81", octets(NULL)))
    yield "an extension's name empty", False, whole(UNKNOWN, seq(b"\x06\x00", octets(NULL)))
    for what, dotted in {"basic constraints": BASIC, "key usage": USAGE, "subject key identifier": SUBJECT_ID,
                         "authority key identifier": AUTHORITY_ID}.items():
        yield f"{what} twice", False, lambda one, dotted=dotted: one.extensions.__setitem__(
            "again", one.extensions.get(dotted, extension(dotted, seq())) * (1 if dotted in one.extensions else 2))
        yield f"{what} of no octets", False, lambda one, dotted=dotted: one.set(dotted, b"")
        yield f"{what} with an octet behind", False, lambda one, dotted=dotted: one.set(
            dotted, {BASIC: seq(), USAGE: b"\x03\x02\x07\x80", SUBJECT_ID: octets(b"x"),
                     AUTHORITY_ID: seq()}[dotted] + b"\0")
    yield "an unknown extension twice", False, lambda one: one.extensions.update(
        {"a": extension(UNKNOWN, NULL), "b": extension(UNKNOWN, seq())})
    yield "key usage of no bits", False, lambda one: one.set(USAGE, b"\x03\x01\x00", True)
    yield "key usage of zero bits", False, lambda one: one.set(USAGE, b"\x03\x02\x00\x00", True)
    yield "key usage with bad unused bits", False, lambda one: one.set(USAGE, b"\x03\x02\x07\xff", True)
    yield "key usage as INTEGER", False, lambda one: one.set(USAGE, number(6), True)
    yield "subject key identifier critical", False, lambda one: one.set(
        SUBJECT_ID, octets(key_id(KEYS["leaf"])), True)
    yield "authority key identifier critical", False, lambda one: one.extensions.__setitem__(
        AUTHORITY_ID, extension(AUTHORITY_ID, one.extensions[AUTHORITY_ID][-24:], True))
    yield "authority key identifier of another", False, lambda one: one.set(
        AUTHORITY_ID, seq(value(0x80, b"x" * 20)))
    yield "authority serial without its issuer", False, lambda one: one.set(
        AUTHORITY_ID, seq(value(0x80, key_id(KEYS[one.signer])), b"\x82\x01\x01"))
    yield "other names empty", False, lambda one: one.set(OTHER_NAMES, seq())
    yield "other names of an unknown kind", False, lambda one: one.set(OTHER_NAMES, seq(value(0x89, b"x")))
    yield "other names", True, lambda one: one.set(OTHER_NAMES, seq(value(0x82, b"a.example")))
    yield "information access empty", False, lambda one: one.set("1.3.6.1.5.5.7.1.1", seq())
    yield "purposes empty", False, lambda one: one.set(PURPOSES, seq())
    yield "policies empty", False, lambda one: one.set(POLICIES, seq())
    yield "a policy twice", False, lambda one: one.set(POLICIES, policies(CARD_POLICY, CARD_POLICY))
    yield "policies with empty qualifiers", False, lambda one: one.set(
        POLICIES, seq(seq(oid(CARD_POLICY), seq())))
    own = seq(seq(oid(CARD_POLICY), seq(seq(oid("1.2.3.4"), NULL))))
    yield "an unknown qualifier of critical policies", False, lambda one: one.set(POLICIES, own, True)
    pointer = seq(seq(oid(CARD_POLICY), seq(seq(oid("1.3.6.1.5.5.7.2.1"), value(0x16, b"http://mihon/")))))
    yield "a qualifier of critical policies", True, lambda one: one.set(POLICIES, pointer, True)
    yield "name constraints", False, lambda one: one.set("2.5.29.30", seq(), True)
    yield "policy mappings of nothing", False, lambda one: one.set("2.5.29.33", seq(), True)
    yield "policy constraints of nothing", False, lambda one: one.set("2.5.29.36", seq(), True)
    yield "inhibitAnyPolicy negative", False, lambda one: one.set("2.5.29.54", number(-1), True)
    yield "distribution points empty", False, lambda one: one.set("2.5.29.31", seq())
    yield "an empty distribution point", False, lambda one: one.set("2.5.29.31", seq(seq()))
    yield "unused bits in the key", False, lambda one: setattr(
        one, "spki", seq(one.spki[4:19], bits(one.spki[24:], 1)))


def in_between_cases():
    """(name, valid, change of a World): who may issue."""
    def middle(change):
        return lambda world: change(world.middle)
    yield "middle without basic constraints", False, middle(lambda one: one.extensions.pop(BASIC))
    yield "middle with CA false", False, middle(lambda one: one.set(BASIC, seq(), True))
    yield "middle with CA written false", False, middle(lambda one: one.set(BASIC, seq(b"\x01\x01\x00"), True))
    yield "middle with CA of 1", False, middle(lambda one: one.set(BASIC, seq(b"\x01\x01\x01"), True))
    yield "middle with CA not critical", True, middle(lambda one: one.set(BASIC, seq(TRUE)))
    yield "middle with a path length of 0", True, middle(lambda one: one.set(BASIC, seq(TRUE, number(0)), True))
    yield "middle with a path length and CA false", False, middle(
        lambda one: one.set(BASIC, seq(number(0)), True))
    yield "middle with a negative path length", False, middle(
        lambda one: one.set(BASIC, seq(TRUE, number(-1)), True))
    yield "middle with a path length of many octets", False, middle(
        lambda one: one.set(BASIC, seq(TRUE, number(2**100)), True))
    yield "middle with two path lengths", False, middle(
        lambda one: one.set(BASIC, seq(TRUE, number(1), number(1)), True))
    yield "middle without keyCertSign", False, middle(lambda one: one.set(USAGE, b"\x03\x02\x01\x02", True))
    yield "middle without key usage", True, middle(lambda one: one.extensions.pop(USAGE))
    yield "middle without cRLSign", False, middle(lambda one: one.set(USAGE, b"\x03\x02\x02\x04", True))
    yield "leaf with keyCertSign", False, lambda world: world.leaf.set(USAGE, b"\x03\x02\x02\x04", True)
    yield "leaf with a path length", False, lambda world: world.leaf.set(BASIC, seq(number(0)), True)
    yield "leaf with CA false", True, lambda world: world.leaf.set(BASIC, seq(), True)
    yield "leaf with CA written false", True, lambda world: world.leaf.set(BASIC, seq(b"\x01\x01\x00"), True)
    yield "middle without key identifiers", True, lambda world: (
        world.middle.extensions.pop(SUBJECT_ID), world.middle.extensions.pop(AUTHORITY_ID))
    yield "middle without subject key identifier", True, middle(lambda one: one.extensions.pop(SUBJECT_ID))
    yield "leaf without authority key identifier", True, lambda world: world.leaf.extensions.pop(AUTHORITY_ID)
    yield "leaf without subject key identifier", True, lambda world: world.leaf.extensions.pop(SUBJECT_ID)
    yield "policy mappings", True, middle(lambda one: (
        one.set(POLICIES, policies("1.2.3.1")),
        one.set("2.5.29.33", seq(seq(oid("1.2.3.1"), oid("1.2.3.2"))), True)))
    yield "name constraints that hold", True, middle(lambda one: one.set(
        "2.5.29.30", seq(value(0xA0, seq(value(0xA4, name(("C", "JP")))))), True))
    yield "name constraints that do not hold", False, middle(lambda one: one.set(
        "2.5.29.30", seq(value(0xA1, seq(value(0xA4, name(("C", "JP")))))), True))
    yield "leaf of RSA 1024", True, lambda world: setattr(world.leaf, "spki", Rsa("small").spki())
    yield "leaf of RSA with exponent 3", True, lambda world: setattr(
        world.leaf, "spki", Rsa("leaf", 3).spki())
    yield "leaf without a subject", False, lambda world: setattr(world.leaf, "subject", seq())
    yield "leaf without a subject, critical other name", True, lambda world: (
        setattr(world.leaf, "subject", seq()),
        world.leaf.set(OTHER_NAMES, seq(value(0x82, b"a.example")), True))
    yield "a critical purpose of another than the issuer's", True, lambda world: (
        world.middle.set(PURPOSES, seq(oid("1.3.6.1.5.5.7.3.1"))), world.leaf.set(PURPOSES, seq(CLIENT), True))
    yield "unique identifiers", True, lambda world: setattr(world.leaf, "unique_ids", b"\x81\x02\x00\x01")
    yield "unique identifiers of bad bits", False, lambda world: setattr(
        world.leaf, "unique_ids", b"\x81\x02\x08\x01")
    yield "unique identifiers constructed", False, lambda world: setattr(
        world.leaf, "unique_ids", b"\xa1\x04\x03\x02\x00\x01")
    yield "issuer in other letters", True, lambda world: setattr(
        world.leaf, "issuer", name(("C", "JP"), ("CN", " mIDDLE ")))
    yield "issuer in another string type", True, lambda world: setattr(
        world.leaf, "issuer", name(("C", "JP"), ("CN", "Middle", 0x13)))
    yield "issuer with its parts exchanged", False, lambda world: setattr(
        world.leaf, "issuer", name(("CN", "Middle"), ("C", "JP")))
    yield "issuer with a NUL inside", False, lambda world: setattr(
        world.leaf, "issuer", name(("C", "JP"), ("CN", "Middle\0")))
    yield "middle missing", False, lambda world: setattr(world, "middle", None)
    yield "the middle as root", True, lambda world: setattr(world, "root", world.middle)
    yield "the leaf signed by a leaf", False, leaf_under_leaf
    for count in (8, 9):
        yield f"{'eight' if count == 8 else 'nine'} in between", True, lambda world, count=count: lengthen(
            world, count)
    yield "root expired", False, lambda world: setattr(
        world.root, "validity", [BEFORE, value(0x17, b"260101000000Z")])
    yield "root of version 1", False, lambda world: (setattr(world.root, "version", b""),
                                                     setattr(world.root, "extensions", {}))
    yield "root with a bad signature", True, lambda world: setattr(
        world.root, "change_signature", lambda s: bits(b"x" * 256))
    yield "root without constraints", False, lambda world: world.root.extensions.pop(BASIC)
    yield "root with a path length of 0", False, lambda world: world.root.set(
        BASIC, seq(TRUE, number(0)), True)
    yield "another root of that name and key identifier", False, another_root
    for explicit, inhibit, of_middle, of_leaf, valid in (
            (True, False, ["1.2.3.1"], ["1.2.3.1"], True), (True, False, ["1.2.3.1"], ["1.2.3.2"], False),
            (True, False, [], ["1.2.3.1"], False), (True, False, ["2.5.29.32.0"], ["1.2.3.1"], True),
            (True, True, ["2.5.29.32.0"], ["1.2.3.1"], False), (True, False, ["1.2.3.1"], ["2.5.29.32.0"], True),
            (True, True, ["1.2.3.1"], ["2.5.29.32.0"], False), (False, True, [], [], True),
            (True, False, ["2.5.29.32.0"], ["2.5.29.32.0"], True)):
        what = f"policies {of_middle} {of_leaf} explicit {explicit} inhibit {inhibit}"
        yield what, valid, lambda world, values=(explicit, inhibit, of_middle, of_leaf): set_policies(
            world, *values)


def set_policies(world, explicit, inhibit, of_middle, of_leaf):
    world.flags = {"explicit_policy": explicit, "inhibit_any_policy": inhibit}
    if of_middle:
        world.middle.set(POLICIES, policies(*of_middle))
    if of_leaf:
        world.leaf.set(POLICIES, policies(*of_leaf))


def leaf_under_leaf(world):
    first = world.leaf
    world.more_middles = [first]
    world.leaf = Certificate(common("Below"), first.subject, "other", "leaf", serial=9)
    world.flags = {"check_revocation": False}


def lengthen(world, count):
    world.flags = {"check_revocation": False}
    keys = ["middle", "other"]
    previous, signer = world.root.subject, "root"
    chain = []
    for step in range(count):
        key = keys[step % 2]
        chain.append(Certificate(common(f"Step {step}"), previous, key, signer, True, 50 + step))
        previous, signer = common(f"Step {step}"), key
    world.middle, world.more_middles = chain[0], chain[1:]
    world.leaf = Certificate(common("MIHON"), previous, "leaf", signer, serial=9)


def another_root(world):
    good = world.root
    world.root = Certificate(good.subject, good.issuer, "other", "other", True)
    world.root.set(SUBJECT_ID, octets(key_id(KEYS["root"])))


def card_cases():
    """(name, valid, change of a World): the profile of JPKI."""
    def leaf(change):
        return lambda world: change(world.leaf)
    yield "usage and another", False, leaf(lambda one: one.set(USAGE, b"\x03\x02\x06\xc0", True))
    yield "usage of a signing certificate", False, leaf(lambda one: one.set(USAGE, b"\x03\x02\x06\xc0", True))
    yield "usage nonRepudiation alone", False, leaf(lambda one: one.set(USAGE, b"\x03\x02\x06\x40", True))
    yield "usage not critical", False, leaf(lambda one: one.set(USAGE, b"\x03\x02\x07\x80"))
    yield "usage absent", False, leaf(lambda one: one.extensions.pop(USAGE))
    yield "usage decipherOnly", False, leaf(lambda one: one.set(USAGE, b"\x03\x03\x07\x80\x80", True))
    yield "policy absent", False, leaf(lambda one: one.extensions.pop(POLICIES))
    yield "policy not critical", False, leaf(lambda one: one.set(POLICIES, policies(CARD_POLICY)))
    yield "policy another", False, leaf(lambda one: one.set(POLICIES, policies("1.2.3"), True))
    yield "policy any", False, leaf(lambda one: one.set(POLICIES, policies("2.5.29.32.0"), True))
    yield "policy of signing", False, leaf(lambda one: one.set(POLICIES, policies(SIGNING_POLICY), True))
    yield "policies of both purposes", False, leaf(
        lambda one: one.set(POLICIES, policies(CARD_POLICY, SIGNING_POLICY), True))
    yield "policy beside another", True, leaf(lambda one: one.set(POLICIES, policies("1.2.3", CARD_POLICY), True))
    yield "policy one arc longer", False, leaf(lambda one: one.set(POLICIES, policies(CARD_POLICY + ".0"), True))
    yield "purpose absent", True, leaf(lambda one: one.extensions.pop(PURPOSES))
    yield "purpose server", False, leaf(lambda one: one.set(PURPOSES, seq(oid("1.3.6.1.5.5.7.3.1"))))
    yield "purpose any", False, leaf(lambda one: one.set(PURPOSES, seq(oid("2.5.29.37.0"))))
    yield "CA true", False, leaf(lambda one: one.set(BASIC, seq(TRUE), True))
    yield "issuer of signing certificates", False, leaf(lambda one: setattr(one, "issuer", SIGNING))
    yield "issuer in another string type", False, leaf(lambda one: setattr(one, "issuer", name(
        ("C", "JP"), ("O", "JPKI", 0x13), ("OU", "JPKI for user authentication", 0x13),
        ("OU", "Japan Agency for Local Authority Information Systems", 0x13))))
    yield "unique identifiers", False, leaf(lambda one: setattr(one, "unique_ids", b"\x81\x02\x00\x01"))
    yield "points", True, leaf(lambda one: one.set("2.5.29.31", point()))
    yield "points critical", False, leaf(lambda one: one.set("2.5.29.31", point(), True))
    yield "a point with another issuer's list", False, leaf(lambda one: one.set("2.5.29.31", point(
        value(0xA2, value(0xA4, common("Lists"))))))
    yield "a point with its own issuer as the list's", False, leaf(lambda one: one.set("2.5.29.31", point(
        value(0xA2, value(0xA4, JPKI)))))
    yield "a point for some reasons", True, leaf(lambda one: one.set("2.5.29.31", point(b"\x81\x02\x05\x60")))
    yield "RSA 1024", False, leaf(lambda one: setattr(one, "spki", Rsa("small").spki()))
    yield "RSA 2056", False, leaf(lambda one: setattr(one, "spki", Rsa("odd").spki()))
    yield "root of signing certificates", False, lambda world: (
        setattr(world.root, "subject", SIGNING), setattr(world.root, "issuer", SIGNING),
        setattr(world.leaf, "issuer", SIGNING), setattr(world.root_list, "issuer", SIGNING))
    yield "root not self-signed", False, lambda world: setattr(
        world.root, "change_signature", lambda s: bits(b"x" * 256))
    yield "an intermediate", False, under_intermediate


def point(*more):
    return seq(seq(value(0xA0, value(0xA0, value(0x86, b"http://mihon/crl"))), *more))


def under_intermediate(world):
    """A good path over an authority that the root signed: never used for cards."""
    middle = Certificate(common("Middle"), JPKI, "middle", "root", True, 7)
    world.more_middles = [middle]
    world.leaf.issuer, world.leaf.signer = common("Middle"), "middle"
    world.leaf.set(AUTHORITY_ID, seq(value(0x80, key_id(KEYS["middle"]))))


def all_cases():
    for jpki in (False, True):
        profile = "jpki" if jpki else "rfc5280"
        for what, valid, change in parts_of_any():
            for place in ("leaf",) if jpki else ("leaf", "middle"):
                world = World(jpki)
                change(getattr(world, place))
                if place == "middle" and what == "subject key identifier critical":
                    continue  # it would name another key as well
                if jpki and what == "policies with empty qualifiers":
                    world.leaf.set(POLICIES, seq(seq(oid(CARD_POLICY), seq())), True)
                if what == "no extensions":
                    valid = place == "leaf" and not jpki  # no authority, no card
                yield f"{profile} {place}: {what}", valid, world.line(f"{profile} {place}: {what}")
    for jpki, cases in ((False, in_between_cases), (True, card_cases)):
        profile = "jpki" if jpki else "rfc5280"
        for what, valid, change in cases():
            world = World(jpki)
            change(world)
            yield f"{profile} {what}", valid, world.line(f"{profile} {what}")
