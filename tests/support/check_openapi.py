#!/usr/bin/env python3
"""Holds protocol/wire/openapi.yaml to its own rules and to FORMAT.md.

    check_openapi.py protocol/wire/openapi.yaml protocol/wire/FORMAT.md

What it finds: a reference that leads nowhere, a component that nobody uses, an operation without
an answer, a signature or a Content-Digest where one belongs, an example that its schema refuses or
that is not FORMAT.md's (which the unit tests hold to the encoders and decoders, byte for byte), a
schema that accepts an unknown member, a call or a problem code that only one of the two has.
Exit code 0: none of it.
"""
import copy, json, pathlib, re, sys

import jsonschema
import yaml

METHODS = {"get", "head", "post", "patch", "delete"}
SEALED = {"Reconciliation"}  # travels sealed: no operation can refer to it
faults = []


def check(condition, what):
    if not condition:
        faults.append(what)


def walk(node, path="#"):
    yield path, node
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from walk(inner, f"{path}/{str(name).replace('~', '~0').replace('/', '~1')}")
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            yield from walk(inner, f"{path}/{number}")


def resolve(document, reference):
    node = document
    for part in reference.removeprefix("#/").split("/"):
        node = node[part.replace("~1", "/").replace("~0", "~")]
    return node


def followed(document, node):
    while isinstance(node, dict) and "$ref" in node:
        node = resolve(document, node["$ref"])
    return node


def validator(document, schema):
    """The schema with the document's components in reach of its references."""
    whole = {**schema, "components": document["components"]}
    return jsonschema.Draft202012Validator(whole)


def written(value):
    """JSON as the relay's encoders write it."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def format_examples(text):
    out = {}
    for name, body in re.findall(r"Example ([a-z ]+):\n```\n(.*?)\n```", text, re.S):
        if body.startswith("{") and "\n" not in body:
            out[name] = body
    return out


def format_calls(text):
    """(method, path) of each heading of the two listeners."""
    part = text[text.index("\n## Center"):text.index("\n## Operators")]
    calls = set()
    for methods, path in re.findall(r"^### ([A-Z]+(?: and [A-Z]+)?) (/\S+)$", part, re.M):
        calls |= {(method.lower(), path) for method in methods.split(" and ")}
    return calls


def format_problems(text):
    """code -> status, the operators' own left out."""
    part = text[text.index("| code | status | retry |"):]
    out = {}
    for names, status in re.findall(r"^\| (`.*?) \| (\d{3}) \|", part[:part.index("Example")], re.M):
        if "operators" not in names:
            out.update({code: int(status) for code in re.findall(r"`([a-z_]+)`", names)})
    return out


def check_references(document):
    used = set()
    for path, node in walk(document):
        if isinstance(node, dict) and isinstance(node.get("$ref"), str):
            used.add(node["$ref"])
            try:
                resolve(document, node["$ref"])
            except (KeyError, TypeError):
                faults.append(f"{path}: {node['$ref']} leads nowhere")
    for kind in ("schemas", "parameters", "headers", "responses"):
        for name in document["components"][kind]:
            check(f"#/components/{kind}/{name}" in used or name in SEALED, f"{kind}/{name}: unused")


def check_schemas(document):
    for path, node in walk(document["components"]["schemas"]):
        if isinstance(node, dict) and node.get("type") == "object":
            check(node.get("additionalProperties") is False, f"{path}: takes unknown members")
            names = set(node.get("properties", {}))
            check(set(node.get("required", [])) <= names, f"{path}: requires what it lacks")
    for name, schema in document["components"]["schemas"].items():
        jsonschema.Draft202012Validator.check_schema(schema)
        for example in schema.get("examples", []):
            check(validator(document, schema).is_valid(example), f"schemas/{name}: its example")


def check_operation(document, path, shared, method, operation):
    here = f"{method} {path}"
    parameters = [followed(document, one) for one in shared + operation.get("parameters", [])]
    names = {(one["in"], one["name"].lower()) for one in parameters}
    check({name for kind, name in names if kind == "path"} == set(re.findall(r"{(\w+)}", path)),
          f"{here}: its path's parameters")
    has_body = "requestBody" in operation
    check(has_body == (("header", "content-digest") in names), f"{here}: Content-Digest")
    check(has_body == (method in ("post", "patch")), f"{here}: a body")
    check(any(code.startswith("2") for code in operation["responses"]), f"{here}: no good answer")
    for code, answer in operation["responses"].items():
        answer = followed(document, answer)
        headers = set(answer.get("headers", {}))
        check({"Signature", "Signature-Input"} <= headers, f"{here} {code}: unsigned")
        check(("content" in answer) == ("Content-Digest" in headers), f"{here} {code}: digest")
        check((code == "503") == ("Retry-After" in headers), f"{here} {code}: Retry-After")


def check_example(document, path, media, known):
    if "example" not in media:
        return
    schema = media["schema"]
    errors = [error.message for error in validator(document, schema).iter_errors(media["example"])]
    check(not errors, f"{path}: {errors[:1]}")
    check(written(media["example"]) in known, f"{path}: not an example of FORMAT.md")
    # A schema that takes anything would take the example too.
    damaged = copy.deepcopy(media["example"])
    damaged["unknown_member"] = 1
    check(not validator(document, schema).is_valid(damaged), f"{path}: takes an unknown member")


def check_problems(document, text):
    stated = {}
    for name, answer in document["components"]["responses"].items():
        narrowed = answer["content"]["application/problem+json"]["schema"]["allOf"][1]["properties"]
        for code in narrowed["code"]["enum"]:
            stated[code] = narrowed["status"]["const"]
    check(stated == format_problems(text), f"problems differ: {stated} {format_problems(text)}")
    codes = set(document["components"]["schemas"]["Problem"]["properties"]["code"]["enum"])
    check(codes == set(stated), "Problem.code and the answers differ")


def main(openapi, form):
    document = yaml.safe_load(pathlib.Path(openapi).read_text(encoding="utf-8"))
    text = pathlib.Path(form).read_text(encoding="utf-8")
    check(document["openapi"].startswith("3.1."), "not OpenAPI 3.1")
    check_references(document)
    check_schemas(document)
    calls, ids = set(), []
    for path, item in document["paths"].items():
        for method in METHODS & set(item):
            calls.add((method, path))
            ids.append(item[method]["operationId"])
            check_operation(document, path, item.get("parameters", []), method, item[method])
    check(len(ids) == len(set(ids)), "an operationId twice")
    differ = sorted(calls ^ format_calls(text))
    check(not differ, f"calls that only one of the two has: {differ}")
    examples = format_examples(text)
    for path, node in walk(document):
        if isinstance(node, dict) and "schema" in node:
            check_example(document, path, node, set(examples.values()))
    check_problems(document, text)
    print("\n".join(faults) or f"{len(calls)} calls, {len(examples)} examples: no fault")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
