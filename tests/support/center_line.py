"""A center on one kept-alive TLS connection, its requests byte by byte."""
import base64
import hashlib
import json
import socket
import ssl
import subprocess
import time
import uuid


def digest_of(body):
    return f"sha-256=:{base64.b64encode(hashlib.sha256(body).digest()).decode()}:"


class Line:
    """A kept-alive connection of the center."""

    def __init__(self, city, address):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.load_verify_locations(city / "pki/center-ca.pem")
        context.check_hostname = False
        context.load_cert_chain(city / "pki/jlis-center.pem", city / "pki/jlis-center.key",
                                (city / "keys/password").read_text().strip())
        raw = socket.create_connection(address, timeout=120)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.tls = context.wrap_socket(raw, server_hostname="localhost")

    def post(self, path, body):
        """Status, headers, body, and the seconds from the last byte sent to the last received."""
        head = (f"POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
                f"Content-Digest: {digest_of(body)}\r\nContent-Type: application/json\r\n\r\n")
        self.tls.sendall(head.encode() + body)
        begun = time.perf_counter()
        data = b""
        while b"\r\n\r\n" not in data:
            part = self.tls.recv(65536)
            if not part:
                raise ConnectionError("closed")
            data += part
        head, data = data.split(b"\r\n\r\n", 1)
        lines = head.decode().split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines[1:])
        size = int(headers.get("content-length", 0))
        while len(data) < size:
            data += self.tls.recv(65536)
        return int(lines[0].split()[1]), headers, data, time.perf_counter() - begun


def open_body():
    number = str(uuid.uuid4())
    return number, json.dumps({"transaction_id": number, "municipality_code": "392901",
                               "kiosk_id": "TOSAMINATO-0001",
                               "certificate_kind": "juminhyo"}).encode()


def sign(key, payload):
    return subprocess.run(["openssl", "dgst", "-sha256", "-sign", str(key)], input=payload,
                          capture_output=True, check=True).stdout


def inquiry_body(card, key, opened):
    """What the kiosk sends after the open answer `opened`: `card` is a softcard's JSON, `key` a file
    with its private key."""
    signature = sign(key, base64.b64decode(json.loads(opened)["signed_payload"]))
    return json.dumps({"card_certificate": card["certificate"],
                       "signature": base64.b64encode(signature).decode(),
                       "algorithm": card["algorithm"]}).encode()


def choice(inquiry):
    """Every member that may be chosen, no optional entry, of the inquiry's answer."""
    items = json.loads(inquiry)
    return json.dumps({
        "members": [one["handle"] for one in items["members"] if one["issuable"]],
        "purpose": items["purposes"][0]["code"],
        "entries": [{"code": one["code"], "include": False} for one in items["entries"]],
        "individual_number": False, "copies": 1, "inquiry_digest": digest_of(inquiry)}).encode()
