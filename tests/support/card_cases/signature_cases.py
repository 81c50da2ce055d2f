"""Signatures by themselves: PKCS#1 v1.5 as RFC 8017 §8.2.2 checks it (the whole encoded message is made
again and compared, so no other spelling of it passes), ECDSA as X9.62 and SEC 1 §4.1.4 with the two
numbers in DER, and the bounds of both kinds of key.

Each case is (name, valid by the standards, public key, signature, algorithm, message).
"""
import hashlib

from der import E, NULL, P384, RSA_KEY, Rsa, bits, digest_info, number, octets, oid, seq, value

MESSAGE = b"certrelay card case"
RSA = Rsa("leaf")
CURVE = P384(0x0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF0123456789ABCDEF)
SHA256 = "2.16.840.1.101.3.4.2.1"


def rsa_encodings():
    """(name, encoded message) that are not EMSA-PKCS1-v1_5 of the message."""
    size = RSA.size
    digest = hashlib.sha256(MESSAGE).digest()
    info = digest_info(MESSAGE)
    good = RSA.encoded(info)
    pad = size - 3 - len(info)
    algorithm = seq(oid(SHA256), NULL)
    yield "block type 2", b"\x00\x02" + good[2:]
    yield "block type 0", b"\x00\x00" + good[2:]
    yield "first octet 1", b"\x01" + good[1:]
    yield "no separator", good[:2 + pad] + b"\xff" + info
    yield "separator early", good[:10] + b"\x00" + good[11:]
    for at in (2, 3, 50, pad):
        yield f"padding {at} is no FF", good[:at] + b"\xfe" + good[at + 1:]
        yield f"padding {at} is zero", good[:at] + b"\x00" + good[at + 1:]
    for kept in (0, 1, 8, 100):
        tail = b"\x00" * (pad - kept)
        yield f"{kept} octets of padding, zeros behind", b"\x00\x01" + b"\xff" * kept + b"\x00" + info + tail
        tail = b"\xa5" * (pad - kept)
        yield f"{kept} octets of padding, others behind", b"\x00\x01" + b"\xff" * kept + b"\x00" + info + tail
    infos = {
        "no parameters": seq(seq(oid(SHA256)), octets(digest)),
        "parameters are an empty sequence": seq(seq(oid(SHA256), seq()), octets(digest)),
        "parameters are zero": seq(seq(oid(SHA256), number(0)), octets(digest)),
        "NULL of one octet": seq(seq(oid(SHA256), b"\x05\x01\x00"), octets(digest)),
        "NULL in a long form": seq(seq(oid(SHA256), b"\x05\x81\x00"), octets(digest)),
        "parameters twice": seq(seq(oid(SHA256), NULL, NULL), octets(digest)),
        "an octet within the parameters": seq(seq(oid(SHA256), value(0x05, b"x" * 40)), octets(digest)),
        "an element more": seq(algorithm, octets(digest), NULL),
        "an element before": seq(NULL, algorithm, octets(digest)),
        "the digest twice": seq(algorithm, octets(digest), octets(digest)),
        "no digest": seq(algorithm),
        "an empty digest": seq(algorithm, octets(b"")),
        "digest of 31 octets": seq(algorithm, octets(digest[:31])),
        "digest of 33 octets": seq(algorithm, octets(digest + b"\0")),
        "digest of zeros": seq(algorithm, octets(bytes(32))),
        "digest as BIT STRING": seq(algorithm, bits(digest)),
        "digest constructed": seq(algorithm, value(0x24, octets(digest))),
        "digest in a long form": seq(algorithm, b"\x04\x81\x20" + digest),
        "digest in a longer form": seq(algorithm, b"\x04\x82\x00\x20" + digest),
        "outer length in a long form": b"\x30\x81" + info[1:],
        "outer length in a longer form": b"\x30\x82\x00" + info[1:],
        "indefinite length": b"\x30\x80" + info[2:] + b"\0\0",
        "outer SET": value(0x31, algorithm, octets(digest)),
        "algorithm as SET": seq(value(0x31, oid(SHA256), NULL), octets(digest)),
        "identifier with a padded arc": seq(seq(value(0x06, b"\x60\x86\x48\x01\x65\x03\x04\x02\x80\x01"), NULL),
                                            octets(digest)),
        "identifier cut short": seq(seq(value(0x06, b"\x60\x86\x48\x01\x65\x03\x04\x02"), NULL), octets(digest)),
        "identifier of the signature": seq(seq(oid("1.2.840.113549.1.1.11"), NULL), octets(digest)),
        "an octet behind": info + b"\0",
        "the digest alone": digest,
        "the digest in an OCTET STRING": octets(digest),
        "nothing": b"",
        "digest of the digest": digest_info(digest),
        "MD5": digest_info(MESSAGE, "md5", "1.2.840.113549.2.5"),
        "SHA-1": digest_info(MESSAGE, "sha1", "1.3.14.3.2.26"),
        "SHA-224": digest_info(MESSAGE, "sha224", "2.16.840.1.101.3.4.2.4"),
        "SHA-384": digest_info(MESSAGE, "sha384", "2.16.840.1.101.3.4.2.2"),
        "SHA-512": digest_info(MESSAGE, "sha512", "2.16.840.1.101.3.4.2.3"),
        "SHA-512/256": digest_info(MESSAGE, "sha512_256", "2.16.840.1.101.3.4.2.6"),
        "SHA3-256": digest_info(MESSAGE, "sha3_256", "2.16.840.1.101.3.4.2.8"),
        "SHA-256 called SHA-1": digest_info(MESSAGE, "sha256", "1.3.14.3.2.26"),
        "SHA-1 called SHA-256": digest_info(MESSAGE, "sha1"),
        "of another message, encoded": digest_info(MESSAGE + b"."),
        "the empty message": digest_info(b""),
    }
    for name, other in infos.items():
        yield name, RSA.encoded(other)
    yield "PSS", pss(size)
    yield "X9.31", b"\x6b" + b"\xbb" * (size - 36) + b"\xba" + digest + b"\x34\xcc"
    yield "ISO 9796-2", b"\x6a" + bytes(size - 34) + digest + b"\xbc"
    yield "zeros, encoded", bytes(size)
    yield "one, encoded", bytes(size - 1) + b"\x01"
    yield "all FF but the first", b"\x00" + b"\xff" * (size - 1)


def pss(size):
    """EMSA-PSS (RFC 8017 §9.1.1), SHA-256, salt of 32 octets."""
    salt = bytes(range(32))
    inner = hashlib.sha256(bytes(8) + hashlib.sha256(MESSAGE).digest() + salt).digest()
    block = bytes(size - 32 - 1 - 32 - 1) + b"\x01" + salt
    mask = b"".join(hashlib.sha256(inner + n.to_bytes(4, "big")).digest() for n in range(8))[:len(block)]
    masked = bytes(a ^ b for a, b in zip(block, mask))
    return bytes([masked[0] & 0x7F]) + masked[1:] + inner + b"\xbc"


def rsa_cases():
    spki, good = RSA.spki(), RSA.sign(MESSAGE)
    as_number, n = int.from_bytes(good, "big"), RSA.n

    def case(name, signature, valid=False, key=spki, message=MESSAGE, algorithm="rsa-pkcs1-sha256"):
        return f"RSA {name}", valid, key, signature, algorithm, message
    yield case("good", good, True)
    yield case("good, of nothing", RSA.sign(b""), True, message=b"")
    yield case("good, of 64 KiB", RSA.sign(b"x" * 65536), True, message=b"x" * 65536)
    yield case("another message", good, message=MESSAGE + b"\0")
    yield case("a shorter message", good, message=MESSAGE[:-1])
    yield case("no message", good, message=b"")
    yield case("of another key", Rsa("other").sign(MESSAGE))
    yield case("under another key", good, key=Rsa("other").spki())
    for name, encoded in rsa_encodings():
        yield case(name, RSA.raw(encoded))
    numbers = {"zero": 0, "one": 1, "n-1": n - 1, "n": n, "n+1": n + 1, "its negative": n - as_number,
               "its square": as_number * as_number % n, "all ones": 256**RSA.size - 1}
    for name, one in numbers.items():
        yield case(name, one.to_bytes(RSA.size, "big"))
    if as_number + n < 256**RSA.size:
        yield case("plus n", (as_number + n).to_bytes(RSA.size, "big"))
    yield case("plus n, an octet longer", (as_number + n).to_bytes(RSA.size + 1, "big"))
    yield case("empty", b"")
    yield case("a zero octet", b"\0")
    yield case("a zero in front", b"\0" + good)
    yield case("a zero behind", good + b"\0")
    yield case("the first octet missing", good[1:])
    yield case("the last octet missing", good[:-1])
    yield case("reversed", good[::-1])
    yield case("twice", good + good)
    yield case("in an OCTET STRING", octets(good))
    yield case("in a BIT STRING", bits(good))
    yield case("as a number in DER", number(as_number))
    for at in (0, 1, 127, 128, 255):
        for bit in (0x01, 0x80):
            yield case(f"bit {bit} of octet {at}", good[:at] + bytes([good[at] ^ bit]) + good[at + 1:])
    for other in ("rsa-pkcs1-sha1", "rsa-pkcs1-sha512", "RSA-PKCS1-SHA256", "rsa-pss-sha256", "none", "",
                  "ecdsa-p384-sha384"):
        yield case(f"algorithm {other!r}", good, algorithm=other)


def rsa_key_cases():
    good, n, e = RSA.sign(MESSAGE), number(RSA.n), number(E)

    def key_of(content, algorithm=RSA_KEY, unused=0):
        return seq(algorithm, bits(content, unused))
    raw = RSA.n.to_bytes(256, "big")
    keys = {
        "exponent 1": key_of(seq(n, number(1))),
        "exponent 3": key_of(seq(n, number(3))),
        "exponent 17": key_of(seq(n, number(17))),
        "exponent 65535": key_of(seq(n, number(65535))),
        "exponent 65536": key_of(seq(n, number(65536))),
        "exponent 0": key_of(seq(n, number(0))),
        "exponent negative": key_of(seq(n, number(-65537))),
        "exponent 2^32+1": key_of(seq(n, number(2**32 + 1))),
        "exponent of 256 bits": key_of(seq(n, number(2**256 + 1))),
        "exponent plus the group's order": key_of(seq(n, number(E + (RSA.p - 1) * (RSA.q - 1)))),
        "exponent in a long form": key_of(seq(n, b"\x02\x04\x00\x01\x00\x01")),
        "exponent empty": key_of(seq(n, b"\x02\x00")),
        "no exponent": key_of(seq(n)),
        "a third number": key_of(seq(n, e, number(0))),
        "an octet behind": key_of(seq(n, e) + b"\0"),
        "modulus negative": key_of(seq(value(0x02, raw), e)),
        "modulus with two zeros": key_of(seq(value(0x02, b"\0\0" + raw), e)),
        "modulus even": key_of(seq(number(RSA.n - 1), e)),
        "modulus zero": key_of(seq(number(0), e)),
        "modulus one": key_of(seq(number(1), e)),
        "modulus empty": key_of(seq(b"\x02\x00", e)),
        "modulus of 2047 bits": key_of(seq(number(RSA.n >> 1 | 1), e)),
        "modulus of 2049 bits": key_of(seq(number(RSA.n << 1 | 1), e)),
        "modulus of 16384 bits": key_of(seq(number(2**16383 + 1), e)),
        "numbers exchanged": key_of(seq(e, n)),
        "SET instead of SEQUENCE": key_of(value(0x31, n, e)),
        "unused bits": key_of(seq(n, e), unused=1),
        "no NULL": key_of(seq(n, e), seq(oid("1.2.840.113549.1.1.1"))),
        "parameters": key_of(seq(n, e), seq(oid("1.2.840.113549.1.1.1"), seq())),
        "PSS key": key_of(seq(n, e), seq(oid("1.2.840.113549.1.1.10"))),
        "OAEP key": key_of(seq(n, e), seq(oid("1.2.840.113549.1.1.7"))),
        "signature's identifier": key_of(seq(n, e), seq(oid("1.2.840.113549.1.1.11"), NULL)),
        "DSA": key_of(seq(n, e), seq(oid("1.2.840.10040.4.1"), NULL)),
        "the key alone": seq(n, e),
        "an octet behind the whole": RSA.spki() + b"\0",
        "an octet less": RSA.spki()[:-1],
        "empty": b"",
        "an empty sequence": seq(),
        "in a long form": b"\x30\x83\x00" + RSA.spki()[2:],
    }
    for name, key in keys.items():
        yield f"RSA key: {name}", False, key, good, "rsa-pkcs1-sha256", MESSAGE
    for name in ("small", "odd"):
        other = Rsa(name)
        yield (f"RSA key: of {other.n.bit_length()} bits", False, other.spki(), other.sign(MESSAGE),
               "rsa-pkcs1-sha256", MESSAGE)


def ecdsa_cases():
    spki, n = CURVE.spki(), CURVE.n
    r, s = CURVE.sign_numbers(MESSAGE)
    good = seq(number(r), number(s))
    flat = r.to_bytes(48, "big") + s.to_bytes(48, "big")

    def case(name, signature, valid=False, key=spki, message=MESSAGE, algorithm="ecdsa-p384-sha384"):
        return f"ECDSA {name}", valid, key, signature, algorithm, message
    yield case("good", good, True)
    yield case("good, s exchanged for n-s", seq(number(r), number(n - s)), True)
    yield case("good, of nothing", CURVE.sign(b""), True, message=b"")
    yield case("another message", good, message=MESSAGE + b"\0")
    yield case("SHA-256 of it", CURVE.sign(MESSAGE, "sha256"))
    yield case("SHA-512 of it", CURVE.sign(MESSAGE, "sha512"))
    yield case("SHA-1 of it", CURVE.sign(MESSAGE, "sha1"))
    yield case("algorithm of RSA", good, algorithm="rsa-pkcs1-sha256")
    yield case("algorithm of SHA-256", good, algorithm="ecdsa-p384-sha256")
    special = {"0": 0, "1": 1, "-1": -1, "n": n, "n-1": n - 1, "n+1": n + 1, "p": CURVE.p, "2^384": 2**384,
               "2^512": 2**512}
    for name_r, one in special.items():
        for name_s, two in special.items():
            yield case(f"r={name_r}, s={name_s}", seq(number(one), number(two)))
    for name, one in special.items():
        yield case(f"r={name}", seq(number(one), number(s)))
        yield case(f"s={name}", seq(number(r), number(one)))
    yield case("r+n", seq(number(r + n), number(s)))
    yield case("s+n", seq(number(r), number(s + n)))
    yield case("r-n", seq(number(r - n), number(s)))
    yield case("-r", seq(number(-r), number(s)))
    yield case("-s", seq(number(r), number(-s)))
    yield case("r and s exchanged", seq(number(s), number(r)))
    yield case("n-r", seq(number(n - r), number(s)))

    def padded(one, zeros=1):
        return value(0x02, b"\0" * zeros + number(one)[2:])

    def bare(one):
        return value(0x02, one.to_bytes(48, "big"))
    forms = {
        "r with a zero more": seq(padded(r), number(s)),
        "s with a zero more": seq(number(r), padded(s)),
        "s with many zeros": seq(number(r), padded(s, 40)),
        "r in a long form": seq(b"\x02\x81" + number(r)[1:], number(s)),
        "s in a long form": seq(number(r), b"\x02\x81" + number(s)[1:]),
        "s in a longer form": seq(number(r), b"\x02\x82\x00" + number(s)[1:]),
        "outer length in a long form": b"\x30\x81" + good[1:],
        "outer length in a longer form": b"\x30\x82\x00" + good[1:],
        "outer length of eight octets": b"\x30\x88" + bytes(7) + good[1:],
        "indefinite length": b"\x30\x80" + good[2:] + b"\0\0",
        "indefinite length without an end": b"\x30\x80" + good[2:],
        "outer length one more": bytes([0x30, good[1] + 1]) + good[2:],
        "outer length one less": bytes([0x30, good[1] - 1]) + good[2:],
        "an octet behind": good + b"\0",
        "a NULL behind": good + NULL,
        "an end of contents behind": good + b"\0\0",
        "an octet within, behind": seq(number(r), number(s), b"\0"),
        "a NULL within, behind": seq(number(r), number(s), NULL),
        "a NULL within, before": seq(NULL, number(r), number(s)),
        "a third number": seq(number(r), number(s), number(1)),
        "r alone": seq(number(r)),
        "r, and an empty s": seq(number(r), b"\x02\x00"),
        "an empty r": seq(b"\x02\x00", number(s)),
        "both empty": seq(b"\x02\x00", b"\x02\x00"),
        "an empty sequence": seq(),
        "empty": b"",
        "the tag alone": b"\x30",
        "a SET": value(0x31, number(r), number(s)),
        "r as OCTET STRING": seq(octets(number(r)[2:]), number(s)),
        "s as ENUMERATED": seq(number(r), value(0x0A, number(s)[2:])),
        "r constructed": seq(value(0x22, number(r)), number(s)),
        "the numbers side by side": flat,
        "within an OCTET STRING": octets(good),
        "within a sequence": seq(good),
        "twice": good + good,
        "hexadecimal": good.hex().encode(),
    }
    for name, form in forms.items():
        yield case(name, form)
    if r >> 383:
        yield case("r without its zero", seq(bare(r), number(s)))
    if s >> 383:
        yield case("s without its zero", seq(number(r), bare(s)))
    for at in (0, 1, 2, 3, 4, 30, 52, 53, 54, len(good) - 1):
        yield case(f"bit of octet {at}", good[:at] + bytes([good[at] ^ 1]) + good[at + 1:])


def ecdsa_key_cases():
    good, point = CURVE.sign(MESSAGE), CURVE.octets()
    x, y = CURVE.point
    p = CURVE.p

    def with_point(one, two, size=48):
        return CURVE.spki(b"\x04" + one.to_bytes(size, "big") + two.to_bytes(size, "big"))
    curve = oid("1.2.840.10045.2.1")
    explicit = seq(number(1), seq(oid("1.2.840.10045.1.1"), number(p)),
                   seq(octets((p - 3).to_bytes(48, "big")), octets(CURVE.b.to_bytes(48, "big"))),
                   octets(b"\x04" + CURVE.g[0].to_bytes(48, "big") + CURVE.g[1].to_bytes(48, "big")),
                   number(CURVE.n), number(1))
    keys = {
        "off the curve": with_point(x, y ^ 1),
        "the other point of that x": with_point(x, p - y),
        "zero": with_point(0, 0),
        "x zero": with_point(0, y),
        "x of p": with_point(p, y),
        "x plus p" if x + p < 2**384 else "x of all ones":
            with_point(x + p if x + p < 2**384 else 2**384 - 1, y),
        "infinity": CURVE.spki(b"\0"),
        "infinity in full length": CURVE.spki(bytes(97)),
        "compressed": CURVE.spki(bytes([2 + (y & 1)]) + x.to_bytes(48, "big")),
        "compressed, the other": CURVE.spki(bytes([3 - (y & 1)]) + x.to_bytes(48, "big")),
        "hybrid": CURVE.spki(bytes([6 + (y & 1)]) + point[1:]),
        "hybrid, the other": CURVE.spki(bytes([7 - (y & 1)]) + point[1:]),
        "form 5": CURVE.spki(b"\x05" + point[1:]),
        "without its form": CURVE.spki(point[1:]),
        "an octet less": CURVE.spki(point[:-1]),
        "an octet more": CURVE.spki(point + b"\0"),
        "empty": CURVE.spki(b""),
        "called P-256": CURVE.spki(curve="1.2.840.10045.3.1.7"),
        "called P-521": CURVE.spki(curve="1.3.132.0.35"),
        "called secp256k1": CURVE.spki(curve="1.3.132.0.10"),
        "called brainpoolP384r1": CURVE.spki(curve="1.3.36.3.3.2.8.1.1.11"),
        "called Ed25519": seq(seq(oid("1.3.101.112")), bits(point)),
        "explicit parameters": seq(seq(curve, explicit), bits(point)),
        "implicit parameters": seq(seq(curve, NULL), bits(point)),
        "no parameters": seq(seq(curve), bits(point)),
        "parameters twice": seq(seq(curve, oid("1.3.132.0.34"), NULL), bits(point)),
        "ECDH's identifier": seq(seq(oid("1.3.132.1.12"), oid("1.3.132.0.34")), bits(point)),
        "unused bits": seq(seq(curve, oid("1.3.132.0.34")), bits(point[:-1] + b"\0", 1)),
        "point in an OCTET STRING": CURVE.spki(octets(point)),
        "an octet behind": CURVE.spki() + b"\0",
        "another key": P384(7).spki(),
    }
    for name, key in keys.items():
        yield f"ECDSA key: {name}", False, key, good, "ecdsa-p384-sha384", MESSAGE


def all_cases():
    for cases in (rsa_cases, rsa_key_cases, ecdsa_cases, ecdsa_key_cases):
        yield from cases()
