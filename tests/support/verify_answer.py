#!/usr/bin/env python3
"""Verifies a signed answer of the relay (protocol/wire/FORMAT.md, "Answer signatures").

Independent of the product's code: Python's standard library, and the openssl command for ECDSA.
A center's developer may start from verify() below.

    verify_answer.py --self-test protocol/wire/FORMAT.md   the worked example and forgeries of it
    verify_answer.py EXCHANGE.json                         one exchange, described by
        {"public_keys": [PEM, one or two], "request": {"method", "path", "body": base64},
         "answer": {"status", "headers": {name: value}, "body": base64}}
Exit code 0: verified; 1: not.
"""
import base64, copy, hashlib, json, pathlib, re, subprocess, sys, tempfile

OWN = ["certrelay-document-id", "certrelay-register-version", "certrelay-sheets",
       "certrelay-fee-yen"]


class Refused(Exception):
    pass


def require(condition, why):
    if not condition:
        raise Refused(why)


def content_digest(body):
    return "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"


def key_id(pem):
    der = base64.b64decode("".join(pem.strip().splitlines()[1:-1]))
    digest = hashlib.sha256(der).digest()[:16]
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


def demanded_headers(request, status):
    """What the call demands; never what the answer offers."""
    if status in (204, 304):
        return []
    issuance = re.fullmatch(r"/v1/transactions/[^/]+/issuance", request["path"])
    document = request["method"] == "POST" and issuance and status == 200
    return ["content-digest", "content-type"] + (OWN if document else [])


def integer_der(raw):
    raw = raw.lstrip(b"\0") or b"\0"
    raw = (b"\0" if raw[0] & 0x80 else b"") + raw
    return b"\x02" + bytes([len(raw)]) + raw


def ecdsa_verifies(pem, message, signature):
    """signature: r then s, 32 bytes each; openssl wants DER."""
    pair = integer_der(signature[:32]) + integer_der(signature[32:])
    with tempfile.TemporaryDirectory() as folder:
        files = {"key": pem.encode(), "sig": b"\x30" + bytes([len(pair)]) + pair, "msg": message}
        for name, content in files.items():
            (pathlib.Path(folder) / name).write_bytes(content)
        command = ["openssl", "dgst", "-sha256", "-verify", "key", "-signature", "sig", "msg"]
        return subprocess.run(command, cwd=folder, capture_output=True).returncode == 0


def verify(public_key_pem, request, answer):
    """Raises Refused, or returns the second at which the answer was signed."""
    headers = answer["headers"]
    require("signature-input" in headers and "signature" in headers, "unsigned")
    names = demanded_headers(request, answer["status"])
    if names:
        require(headers.get("content-digest") == content_digest(answer["body"]), "digest")
    else:
        require(not answer["body"], "a body where none belongs")
    lines = [f'"@status": {answer["status"]}']
    for name in names:
        require(name in headers, "missing " + name)
        lines.append(f'"{name}": {headers[name]}')
    covered = ['"@status"'] + [f'"{name}"' for name in names] + ['"@method";req', '"@path";req']
    lines += [f'"@method";req: {request["method"]}', f'"@path";req: {request["path"]}']
    if request["body"]:
        covered.append('"content-digest";req')
        lines.append(f'"content-digest";req: {content_digest(request["body"])}')
    created = re.search(r"\);created=(0|[1-9][0-9]*);", headers["signature-input"])
    require(created, "created")
    parameters = (f'({" ".join(covered)});created={created[1]};keyid="{key_id(public_key_pem)}"'
                  ';alg="ecdsa-p256-sha256";tag="certrelay-answer"')
    require(headers["signature-input"] == "certrelay=" + parameters, "other coverage or key")
    lines.append(f'"@signature-params": {parameters}')
    match = re.fullmatch(r"certrelay=:([A-Za-z0-9+/]{86}==):", headers["signature"])
    require(match, "signature's form")
    base = "\n".join(lines).encode()
    require(ecdsa_verifies(public_key_pem, base, base64.b64decode(match[1])), "signature")
    return int(created[1])


def verify_any(public_keys_pem, request, answer):
    """While one key replaces another both are pinned: the answer says which one signed it."""
    require(1 <= len(public_keys_pem) <= 2, "one key, or two while one replaces the other")
    named = re.search(r';keyid="([A-Za-z0-9_-]{22})";', answer["headers"].get("signature-input", ""))
    require(named, "unsigned")
    for pem in public_keys_pem:
        if key_id(pem) == named[1]:
            return verify(pem, request, answer)
    raise Refused("signed by no pinned key")


def example(text, name):
    return re.search(rf"Example {name}:\n```\n(.*?)\n```", text, re.S)[1].strip("\n")


def self_test(path):
    text = pathlib.Path(path).read_text(encoding="utf-8")
    pem = example(text, "answer public key") + "\n"
    assert key_id(pem) == example(text, "answer key id")
    good = {
        "request": {"method": "POST",
                    "path": "/v1/transactions/0f9e1c5a-6b1d-4a52-9d0e-3c1f5b7a9e21/issuance",
                    "body": example(text, "issuance request").encode()},
        "answer": {"status": 200, "body": b"%PDF-1.7 (example)\n",
                   "headers": dict(line.split(": ", 1)
                                   for line in example(text, "signed headers").splitlines())}}
    verify(pem, **good)

    def forge(change):
        bad = copy.deepcopy(good)
        change(bad["request"], bad["answer"])
        try:
            verify(pem, **bad)
        except Refused:
            return
        raise SystemExit("a forgery was accepted")

    forgeries = [lambda r, a, n=n: a["headers"].update({n: a["headers"][n] + "1"})
                 for n in good["answer"]["headers"]]
    forgeries += [
        lambda r, a: a.update(status=201),
        lambda r, a: a.update(body=a["body"] + b" "),
        lambda r, a: r.update(method="PUT"),
        lambda r, a: r.update(path=r["path"].replace("0f9e", "1f9e")),
        lambda r, a: r.update(body=r["body"] + b" "),
        lambda r, a: a["headers"].pop("signature"),
    ]
    for change in forgeries:
        forge(change)
    other = "-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(b"another key").decode() + "\n-----"
    assert verify_any([other, pem], **good) == verify(pem, **good)
    try:
        verify_any([other], **good)
        raise SystemExit("a key that is not pinned was accepted")
    except Refused:
        pass
    print(f"the example verifies, {len(forgeries)} forgeries of it do not")


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "--self-test":
        self_test(arguments[1])
        return 0
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    exchange = json.loads(pathlib.Path(arguments[0]).read_text(encoding="utf-8"))
    for part in ("request", "answer"):
        exchange[part]["body"] = base64.b64decode(exchange[part]["body"])
    try:
        created = verify_any(exchange["public_keys"], exchange["request"], exchange["answer"])
    except Refused as refused:
        print(f"refused: {refused}")
        return 1
    print(f"verified; signed at {created}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
