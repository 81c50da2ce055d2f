#!/usr/bin/env python3
"""Fails when an alert, the dashboard or docs/metrics.md names a metric, check, outcome or report that
the relay does not show, or the document leaves out one that it does."""
import json, pathlib, re, sys


def first_texts(pattern, text):
    return {match[1] for match in re.finditer(pattern, text)}


def main(root):
    read = lambda path: (root / path).read_text(encoding="utf-8")
    source = read("firmware/daemon/metrics.cpp")
    shown = {f"certrelay_{name}" for name in first_texts(r'\b(?:single|family)\("(\w+)"', source)}
    values = {"outcome": first_texts(r'add\("(\w+)"', source),
              "check": first_texts(r'check\("(\w+)"', read("firmware/daemon/vault_health.cpp")),
              "report": {"monthly", "quarterly", "access", "annual"}}
    assert len(shown) > 10 and all(len(one) > 3 for one in values.values()), "metrics.cpp was not understood"
    bad = []

    def held(where, text):
        for name in sorted(set(re.findall(r"\bcertrelay_\w+", text)) - shown):
            bad.append(f"{where}: no metric {name}")
        for label, value in re.findall(r'\b(outcome|check|report)(?:=|!=|=~|!~)\\?"([^"\\]+)', text):
            for one in value.split("|"):
                if one not in values[label]:
                    bad.append(f"{where}: no {label} {one}")

    folder = root / "firmware/monitoring"
    for path in sorted(folder.glob("*.yml")):
        held(path.name, path.read_text(encoding="utf-8"))
    dashboard = json.loads(read("firmware/monitoring/dashboard.json"))
    targets = [one["expr"] for panel in dashboard["panels"] for one in panel["targets"]]
    for expression in targets:
        held("dashboard.json", expression)
    if len({panel["id"] for panel in dashboard["panels"]}) != len(dashboard["panels"]):
        bad.append("dashboard.json: two panels of one id")
    document = read("docs/metrics.md")
    held("docs/metrics.md", document)
    named = set(re.findall(r"\bcertrelay_\w+", document))
    bad += [f"docs/metrics.md leaves out {name}" for name in sorted(shown - named)]
    bad += [f"docs/metrics.md leaves out the {label} {one}" for label, ones in values.items()
            for one in sorted(ones) if not re.search(rf"\b{one}\b", document)]
    bad += [f"dashboard.json leaves out {name}" for name in sorted(shown)
            if not any(re.search(rf"\b{name}\b", one) for one in targets)]
    rules = read("firmware/monitoring/certrelay.rules.yml")
    tests = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.test.yml"))
    for alert in re.findall(r"- alert: (\w+)", rules):
        if not re.search(rf"\b{alert}\b|Certrelay(Register|Ledger)\.\*", tests):
            bad.append(f"certrelay.rules.yml: no test of {alert}")
    print("\n".join(bad))
    return 1 if bad else 0


sys.exit(main(pathlib.Path(sys.argv[1])))
