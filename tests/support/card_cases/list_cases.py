"""Lists: form, dates, numbers, entries, scopes, whose they are, and which of several counts.

Each case is (name, valid by the standard, line). VALID_BUT_REFUSED as in certificate_cases.
"""
from certificates import AUTHORITY_ID, KEYS, List, World, common, extension, key_id
from der import NULL, SHA384_ECDSA, bits, number, octets, oid, seq, value

NUMBER, REASON, HOLDER = "2.5.29.20", "2.5.29.21", "2.5.29.29"
SCOPE, DELTA, UNKNOWN = "2.5.29.28", "2.5.29.27", "1.3.6.1.4.1.99999.2"
VALID_BUT_REFUSED = {
    "rfc5280 list without a number": "crl_number_missing",
    "rfc5280 list of version 1": "crl_number_missing",
    "rfc5280 list with a number of 9 octets": "crl_number_missing",
    "rfc5280 list with a number of 20 octets": "crl_number_missing",
    "rfc5280 list with a serial twice": "crl_serial_twice",
    "rfc5280 list with a negative serial": "crl_malformed",
    "rfc5280 list with the serial zero": "crl_malformed",
    "rfc5280 list of another issuer's entries": "crl_indirect",
    "rfc5280 list that is indirect": "crl_indirect",
    "rfc5280 list and a delta that takes nothing away": "crl_delta",
    "rfc5280 list for all, not critical": "crl_scope",
    "jpki list without a number": "crl_number_missing",
    "jpki list of version 1": "crl_number_missing",
    "jpki list with a number of 9 octets": "crl_number_missing",
    "jpki list with a number of 20 octets": "crl_number_missing",
    "jpki list with a negative serial": "crl_malformed",
    "jpki list with the serial zero": "crl_malformed",
    "jpki list of another issuer's entries": "crl_indirect",
    "jpki list that is indirect": "crl_indirect",
    "jpki list and a delta that takes nothing away": "crl_delta",
    "jpki list for users": "crl_scope",
    "jpki list for all, not critical": "crl_scope",
    "jpki a list of somebody else": "crl_issuer_unknown",
    "jpki a list of somebody else that revokes": "crl_issuer_unknown",
}


def entry(serial, *extensions, date=value(0x17, b"261101000000Z")):
    serial = number(serial) if isinstance(serial, int) else serial
    return seq(serial, date, *([seq(*extensions)] if extensions else []))


def reason(code):
    return extension(REASON, value(0x0A, bytes([code])))


def list_changes(card):
    """(name, valid, change of the list that speaks of the card)."""
    def put(**parts):
        def change(one):
            for key, part in parts.items():
                setattr(one, key, part)
        return change

    def listed(*entries):
        return put(entries=list(entries))

    def said(dotted, content, critical=False):
        return lambda one: one.set(dotted, content, critical)
    yield "as it is", True, lambda one: None
    yield "with the card", False, listed(entry(card))
    yield "with the card and its neighbours", False, listed(entry(card - 1), entry(card), entry(card + 1))
    yield "with the card's neighbours", True, listed(entry(card + 1), entry(card - 1))
    for code, what in enumerate(("unspecified", "keyCompromise", "cACompromise", "affiliationChanged",
                                 "superseded", "cessationOfOperation", "certificateHold", "7", "removeFromCRL",
                                 "privilegeWithdrawn", "aACompromise", "11")):
        yield f"with the card, {what}", False, listed(entry(card, reason(code)))
    yield "with the card, reason critical", False, listed(entry(card, extension(REASON, b"\x0a\x01\x01", True)))
    yield "with the card, reason of two octets", False, listed(entry(card, extension(REASON, b"\x0a\x02\x00\x01")))
    yield "with the card, date ahead", False, listed(entry(card, date=value(0x17, b"401101000000Z")))
    yield "with the card, date no date", False, listed(entry(card, date=value(0x17, b"x")))
    yield "with the card, no date", False, listed(seq(number(card)))
    yield "with the card, extensions empty", False, listed(seq(number(card), value(0x17, b"261101000000Z"), seq()))
    yield "with the card in four octets more", False, listed(entry(value(0x02, bytes(4) + card.to_bytes(2, "big"))))
    yield "with the card as OCTET STRING", False, listed(entry(octets(card.to_bytes(2, "big"))))
    yield "with an unknown critical entry extension", False, listed(
        entry(card + 1, extension(UNKNOWN, NULL, True)))
    yield "with an unknown entry extension", True, listed(entry(card + 1, extension(UNKNOWN, NULL)))
    yield "with the card, an unknown entry extension", False, listed(entry(card, extension(UNKNOWN, NULL)))
    yield "of another issuer's entries", True, listed(
        entry(card + 1, extension(HOLDER, seq(value(0xA4, common("Another"))), True)))
    yield "with a serial twice", True, listed(entry(card + 1), entry(card + 1))
    yield "with a negative serial", True, listed(entry(-7))
    yield "with the serial zero", True, listed(entry(0))
    yield "with a serial of 21 octets", False, listed(entry(value(0x02, b"\x00" + b"\xff" * 20)))
    yield "with an entry that is a number", False, put(entries=[number(card + 1)])
    yield "with an empty row of entries", False, put(whole_entries=seq())
    yield "without a number", True, lambda one: one.extensions.pop(NUMBER)
    yield "with the number 0", True, said(NUMBER, number(0))
    yield "with a negative number", False, said(NUMBER, number(-1))
    yield "with a number of 8 octets", True, said(NUMBER, number(2**63))
    yield "with a number of 9 octets", True, said(NUMBER, number(2**64))
    yield "with a number of 20 octets", True, said(NUMBER, number(2**158))
    yield "with a critical number", False, said(NUMBER, number(7), True)
    yield "with a number of no octets", False, said(NUMBER, b"\x02\x00")
    yield "with a number and an octet behind", False, said(NUMBER, number(7) + b"\0")
    yield "with two numbers", False, lambda one: one.extensions.update(again=one.extensions[NUMBER])
    yield "without extensions", False, put(extensions={})
    yield "of version 1", True, lambda one: (setattr(one, "version", b""), setattr(one, "extensions", {}))
    yield "of version 1 with extensions", False, put(version=b"")
    yield "of version 3", False, put(version=number(2))
    yield "with an unknown critical extension", False, said(UNKNOWN, NULL, True)
    yield "with an unknown extension", True, said(UNKNOWN, NULL)
    yield "with a critical key identifier", False, lambda one: one.extensions.__setitem__(
        AUTHORITY_ID, extension(AUTHORITY_ID, seq(value(0x80, key_id(KEYS[one.signer]))), True))
    yield "with another key identifier", False, said(AUTHORITY_ID, seq(value(0x80, b"x" * 20)))
    yield "without a key identifier", True, lambda one: one.extensions.pop(AUTHORITY_ID)
    yield "that is a delta", False, said(DELTA, number(1), True)
    yield "that is a delta, not critical", False, said(DELTA, number(1))
    yield "that is indirect", True, said(SCOPE, seq(b"\x84\x01\xff"), True)
    yield "for users", True, said(SCOPE, seq(b"\x81\x01\xff"), True)
    yield "for authorities", False, said(SCOPE, seq(b"\x82\x01\xff"), True)
    yield "for attribute certificates", False, said(SCOPE, seq(b"\x85\x01\xff"), True)
    yield "for users and authorities", False, said(SCOPE, seq(b"\x81\x01\xff\x82\x01\xff"), True)
    yield "for nobody", False, said(SCOPE, seq(), True)
    yield "for all, not critical", True, said(SCOPE, seq(b"\x81\x01\xff"))
    yield "for some reasons", False, said(SCOPE, seq(b"\x83\x02\x05\x60"), True)
    yield "for another place", False, said(
        SCOPE, seq(value(0xA0, value(0xA0, value(0x86, b"http://elsewhere/")))), True)
    yield "with a scope of no octets", False, said(SCOPE, b"", True)
    yield "inner algorithm another", False, put(inner_algorithm=seq(oid("1.2.840.113549.1.1.12"), NULL))
    yield "both algorithms SHA-1", False, put(algorithm=seq(oid("1.2.840.113549.1.1.5"), NULL),
                                              inner_algorithm=seq(oid("1.2.840.113549.1.1.5"), NULL))
    yield "both algorithms ECDSA", False, put(algorithm=SHA384_ECDSA, inner_algorithm=SHA384_ECDSA)
    yield "signed by another key", False, put(signer="other")
    yield "signature with unused bits", False, put(change_signature=lambda s: s[:4] + b"\x01" + s[5:])
    yield "signature changed", False, put(change_signature=lambda s: s[:-1] + bytes([s[-1] ^ 1]))
    yield "signature empty", False, put(change_signature=lambda s: bits(b""))
    yield "with an octet behind", False, put(after_all=b"\0")
    yield "with a list behind", False, lambda one: setattr(one, "after_all", one.der())
    dates = {"ended": (b"261101000000Z", b"261122095959Z"), "ends now": (b"261101000000Z", b"261122100000Z"),
             "begins in a second": (b"261122100001Z", b"261201000000Z"),
             "ends before it begins": (b"261121000000Z", b"261101000000Z"),
             "without seconds": (b"2611010000Z", b"261201000000Z"),
             "with an offset": (b"261101000000+0900", b"261201000000Z"),
             "that is no day": (b"261131000000Z", b"261201000000Z")}
    for what, (begin, end) in dates.items():
        yield f"{what}", False, put(dates=[value(0x17, begin), value(0x17, end)])
    yield "begins now", True, put(dates=[value(0x17, b"261122100000Z"), value(0x17, b"261201000000Z")])
    yield "without an end", False, put(dates=[value(0x17, b"261101000000Z")])
    yield "with GeneralizedTime", True, put(dates=[value(0x18, b"20261101000000Z"), value(0x18, b"20501201000000Z")])
    yield "with three dates", False, put(dates=[value(0x17, b"261101000000Z")] * 3)


def several():
    """(name, valid, lists beside the good one, given a World)."""
    def of_issuer(world, number_is=7, entries=(), begin=None):
        one = List(world.leaf.issuer, world.leaf.signer, entries)
        one.set(NUMBER, number(number_is))
        if begin:
            one.dates[0] = value(0x17, begin)
        return one
    card = 0x1234
    yield "no list", False, lambda world: setattr(world, "lists", [])
    yield "list twice", True, lambda world: world.more_lists.append(of_issuer(world))
    yield "a newer list that revokes", False, lambda world: world.more_lists.append(
        of_issuer(world, 8, [card], b"261102000000Z"))
    yield "an older list that revokes", True, lambda world: world.more_lists.append(
        of_issuer(world, 6, [card], b"261031000000Z"))
    yield "another list of that number", False, lambda world: world.more_lists.append(of_issuer(world, 7, [card]))
    yield "an older number and a later date", False, lambda world: world.more_lists.append(
        of_issuer(world, 6, [card], b"261105000000Z"))
    yield "a list of somebody else", True, lambda world: world.more_lists.append(List(common("Else"), "other"))
    yield "a list of somebody else that revokes", True, lambda world: world.more_lists.append(
        List(common("Else"), "other", [card]))
    yield "the issuer's name, somebody else's key, revoking", False, lambda world: setattr(
        world, "lists", [world.root_list, List(world.leaf.issuer, "other", [card])])
    yield "no bytes", False, lambda world: world.more_lists.append(b"")
    yield "an empty sequence", False, lambda world: world.more_lists.append(seq())
    yield "a certificate instead", False, lambda world: world.more_lists.append(world.root.der())

    def delta(world):
        world.more_lists.append(of_issuer(world, 8).set(DELTA, number(7), True))
    yield "list and a delta that takes nothing away", True, delta


def all_cases():
    for jpki in (False, True):
        profile = "jpki" if jpki else "rfc5280"
        for what, valid, change in list_changes(0x1234):
            world = World(jpki)
            change(world.root_list if jpki else world.middle_list)
            name = f"{profile} list {what}"
            yield name, valid, world.line(name)
        for what, valid, change in several():
            world = World(jpki)
            change(world)
            name = f"{profile} {what}"
            yield name, valid, world.line(name)
