"""DER by hand, and the two signatures that cards make, in a few lines that share nothing with the product:
so that every octet of a case can be wrong in exactly one place.

The keys (keys.json) belong to these cases and to nobody.
"""
import hashlib
import json
import pathlib

KEYS = json.loads((pathlib.Path(__file__).parent / "keys.json").read_text())
E = 65537


def length(size):
    if size < 0x80:
        return bytes([size])
    octets = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes([0x80 | len(octets)]) + octets


def value(tag, *parts):
    content = b"".join(parts)
    return bytes([tag]) + length(len(content)) + content


def seq(*parts):
    return value(0x30, *parts)


def octets(content):
    return value(0x04, content)


def bits(content, unused=0):
    return value(0x03, bytes([unused]) + content)


def number(n):
    return value(0x02, n.to_bytes(n.bit_length() // 8 + 1, "big", signed=True)) if n >= 0 else \
        value(0x02, n.to_bytes((n + 1).bit_length() // 8 + 1, "big", signed=True))


def oid(dotted):
    arcs = [int(arc) for arc in dotted.split(".")]
    out = b""
    for arc in [arcs[0] * 40 + arcs[1]] + arcs[2:]:
        group = [arc & 0x7F]
        while arc > 0x7F:
            arc >>= 7
            group.insert(0, 0x80 | arc & 0x7F)
        out += bytes(group)
    return value(0x06, out)


def text(tag, characters):
    return value(tag, characters.encode())


NULL = b"\x05\x00"
TRUE = b"\x01\x01\xff"
SHA256_RSA = seq(oid("1.2.840.113549.1.1.11"), NULL)
SHA384_ECDSA = seq(oid("1.2.840.10045.4.3.3"))
RSA_KEY = seq(oid("1.2.840.113549.1.1.1"), NULL)


class Rsa:
    def __init__(self, name, e=E):
        self.p, self.q = (int(KEYS[name][part], 16) for part in "pq")
        self.n, self.e = self.p * self.q, e
        self.d = pow(e, -1, (self.p - 1) * (self.q - 1)) if e == E else None
        self.size = (self.n.bit_length() + 7) // 8
        self.made = {}  # signatures: most certificates of a case are the good ones

    def public_key(self):
        return seq(number(self.n), number(self.e))

    def spki(self):
        return seq(RSA_KEY, bits(self.public_key()))

    def raw(self, encoded):
        """The private operation on whatever stands where EMSA-PKCS1-v1_5 should."""
        m = int.from_bytes(encoded, "big")
        sp, sq = pow(m, self.d % (self.p - 1), self.p), pow(m, self.d % (self.q - 1), self.q)
        s = sq + self.q * ((sp - sq) * pow(self.q, -1, self.p) % self.p)
        return s.to_bytes(self.size, "big")

    def encoded(self, info):
        return b"\x00\x01" + b"\xff" * (self.size - 3 - len(info)) + b"\x00" + info

    def sign(self, message):
        if message not in self.made:
            self.made[message] = self.raw(self.encoded(digest_info(message)))
        return self.made[message]


def digest_info(message, name="sha256", identifier="2.16.840.1.101.3.4.2.1", parameters=NULL):
    return seq(seq(oid(identifier), parameters), octets(hashlib.new(name, message).digest()))


class P384:
    """NIST P-384 (FIPS 186-4 D.1.2.4), affine and slow."""
    p = 2**384 - 2**128 - 2**96 + 2**32 - 1
    n = 0xffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973
    b = 0xb3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef
    g = (0xaa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7,
         0x3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f)

    @classmethod
    def add(cls, a, b):
        if a is None or b is None:
            return a or b
        if a[0] == b[0]:
            if (a[1] + b[1]) % cls.p == 0:
                return None
            slope = (3 * a[0] * a[0] - 3) * pow(2 * a[1], -1, cls.p)
        else:
            slope = (b[1] - a[1]) * pow(b[0] - a[0], -1, cls.p)
        x = (slope * slope - a[0] - b[0]) % cls.p
        return x, (slope * (a[0] - x) - a[1]) % cls.p

    @classmethod
    def times(cls, k, point):
        out = None
        while k:
            if k & 1:
                out = cls.add(out, point)
            point = cls.add(point, point)
            k >>= 1
        return out

    def __init__(self, secret):
        self.d = secret
        self.point = self.times(secret, self.g)

    def spki(self, point=None, curve="1.3.132.0.34"):
        point = point if point is not None else self.octets()
        return seq(seq(oid("1.2.840.10045.2.1"), oid(curve)), bits(point))

    def octets(self):
        return b"\x04" + self.point[0].to_bytes(48, "big") + self.point[1].to_bytes(48, "big")

    def sign_numbers(self, message, name="sha384"):
        z = int.from_bytes(hashlib.new(name, message).digest()[:48], "big")
        k = int.from_bytes(hashlib.sha384(b"k" + self.d.to_bytes(48, "big") + message).digest(), "big") % self.n
        r = self.times(k, self.g)[0] % self.n
        return r, pow(k, -1, self.n) * (z + r * self.d) % self.n

    def sign(self, message, name="sha384"):
        r, s = self.sign_numbers(message, name)
        return seq(number(r), number(s))
