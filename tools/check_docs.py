#!/usr/bin/env python3
"""Fails when docs/*.md name what is not there: a file, a linked page, a test, a ctest entry or a
sub-command of certrelayctl; or when docs/auditors.md has no row for a requirement or an invariant.

What counts: Markdown links; in code (backticks and fences) paths that begin with a folder of this
repository, bare file names of sources, `Suite.Test` (a trailing … or ... stands for the rest),
`test_…` of Python, entries of ctest with a known prefix, and words behind `certrelayctl`, behind the
guide's `as PERSON`, or behind one of its groups.
"""
import pathlib, re, sys

FOLDERS = ("cmake", "docs", "firmware", "protocol", "relay", "render", "scripts", "tests", "tools")
SOURCES = (".cpp", ".hpp", ".py", ".cmake", ".sh", ".md")
SETTINGS = {"operators.key"}  # of certrelay.toml, and look like an entry of ctest
CTEST = ("arch", "integration", "alerts", "fuzz", "sim", "issuance", "operators")


class Repository:
    def __init__(self, root):
        self.root = root
        self.files = [p.relative_to(root).as_posix()
                      for folder in FOLDERS for p in (root / folder).rglob("*") if p.is_file()]
        self.names = {path.rsplit("/", 1)[-1] for path in self.files}
        read = lambda path: (root / path).read_text(encoding="utf-8")
        self.tests, self.functions = set(), set()
        for path in self.files:
            if path.startswith("tests/") and path.endswith(".cpp"):
                for suite, test in re.findall(r"\bTEST(?:_F|_P)?\(\s*(\w+),\s*(\w+)", read(path)):
                    self.tests |= {suite, f"{suite}.{test}"}
            elif path.startswith("tests/") and path.endswith(".py"):
                self.functions |= set(re.findall(r"def (test_\w+)", read(path)))
        self.tests |= {f"{one.split('.')[0]}.*" for one in self.tests}
        cmake = "".join(read(path) for path in self.files
                        if path.startswith("tests/") and path.rsplit("/", 1)[-1] == "CMakeLists.txt"
                        or path.startswith("tests/rooms/"))
        self.suites = set(re.findall(r"suite\(\w+ (\w+)", cmake))
        self.entries = set(re.findall(r"add_test\(NAME ([\w.]+)", cmake))
        self.entries |= {f"fuzz.{one}" for one in re.findall(r"fuzz_target\((\w+)", cmake)}
        for names, prefix in re.findall(r"foreach\(\w+ ([^)]*)\)\s*add_test\(NAME (\w+)\.", cmake):
            self.entries |= {f"{prefix}.{one}" for one in names.split()}
        self.entries |= {f"fuzz.{p.split('/')[-1][:-4]}" for p in self.files
                         if p.startswith("tests/fuzz/") and p.endswith("_fuzz.cpp")}
        self.commands, self.groups = commands(
            [read(p) for p in self.files if re.match(r"firmware/ctl/(\w+/)?\w+\.cpp$", p)])


def commands(texts):
    """Top-level words, and group -> words, from the sources' add_subcommand and add…() calls."""
    top, groups, elsewhere = set(), {}, set()
    for text in texts:
        variables = {"root": None, "app": None}  # variable -> its group's word; None: the program
        variables.update(re.findall(
            r'(\w+) = (?:root|app)(?:\.|->)(?:add|get)_subcommand\(\s*"([a-z-]+)"', text))
        found = re.findall(r'(\w+)(?:\.|->)add_subcommand\(\s*"([a-z-]+)"', text)
        found += re.findall(r'\badd\w*\(\s*\*?(\w+),\s*\{?\s*"([a-z-]+)"', text)
        for group, word in re.findall(
                r'get_subcommand\("([a-z-]+)"\)->add_subcommand\(\s*"([a-z-]+)"', text):
            groups.setdefault(group, set()).add(word)
        for on, word in found:
            if on not in variables:
                elsewhere.add((on, word))
            elif variables[on] is None:
                top.add(word)
            else:
                groups.setdefault(variables[on], set()).add(word)
    for on, word in elsewhere:  # a helper's parameter: the group of that name, or any
        for group in [on] if on in top else list(groups):
            groups.setdefault(group, set()).add(word)
    return top, groups


def code_of(text):
    """(line number, code) of fences and backticks."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.startswith("```"):
            fenced = not fenced
        elif fenced:
            yield number, line
        else:
            for span in re.findall(r"`([^`]+)`", line):
                yield number, span


def faults_of_command(repository, words):
    """words behind certrelayctl."""
    said = []
    for word in words:
        if not re.fullmatch(r"[a-z][a-z-]*", word):
            break
        said.append(word)
    if not said:
        return None
    if said[0] not in repository.commands:
        return f"no sub-command {said[0]}"
    group = repository.groups.get(said[0])
    if group and len(said) > 1 and said[1] not in group:
        return f"no sub-command {said[0]} {said[1]}"
    return None


def faults(repository, page, text):
    for number, line in enumerate(text.splitlines(), 1):
        for target in re.findall(r"\]\(([^)#\s]+)", line):
            if not re.match(r"[a-z]+:", target) and not (page.parent / target).exists():
                yield number, f"no page {target}"
    for number, code in code_of(text):
        if code.startswith("cmake --build"):
            continue  # names targets
        for found in re.finditer(r"(?:^|[\s(])(?:certrelayctl|as mihon-[a-z]+)((?: +[^\s;|]+)*)", code):
            fault = faults_of_command(repository, found[1].split())
            if fault:
                yield number, fault
        words = code.split()
        if len(words) > 1 and repository.groups.get(words[0]):  # `erase due`
            if fault := faults_of_command(repository, words):
                yield number, fault
        for token in re.findall(r"[\w./*…-]+", code):
            token = token.rstrip(".")
            if re.match(rf"(?:{'|'.join(FOLDERS)})/", token):
                if not list(repository.root.glob(token.rstrip("/"))):
                    yield number, f"no file {token}"
            elif re.fullmatch(r"\w+\.\w+", token) and token.endswith(SOURCES):
                if token not in repository.names:
                    yield number, f"no file named {token}"
            elif re.fullmatch(r"test_\w+", token) and token not in repository.functions:
                yield number, f"no test {token}"
            elif token.split(".")[0] in CTEST and re.fullmatch(r"\w+\.\w+", token):
                if token not in repository.entries | SETTINGS:
                    yield number, f"no ctest entry {token}"
            elif re.fullmatch(r"[A-Z]\w+\.[A-Z]\w*…?", token):
                there = (any(one.startswith(token[:-1]) for one in repository.tests)
                         if token.endswith("…") else token in repository.tests)
                if not there:
                    yield number, f"no test {token}"
            elif re.fullmatch(r"[a-z_]+_test", token):
                if token not in repository.suites and f"{token}.cpp" not in repository.names:
                    yield number, f"no suite {token}"


def main(root):
    repository = Repository(root)
    assert len(repository.tests) > 500 and len(repository.commands) > 10, "the sources were not understood"
    bad = [f"{page.relative_to(root)}:{number}: {fault}"
           for page in sorted((root / "docs").glob("*.md"))
           for number, fault in faults(repository, page, page.read_text(encoding="utf-8"))]
    rows = (root / "docs/auditors.md").read_text(encoding="utf-8")
    wanted = [f"R{n:02}" for n in range(1, 57)] + [f"INV-{n}" for n in range(1, 14)]
    named = set(re.findall(r"\bR\d\d\b|\bINV-\d+\b", "".join(re.findall(
        r"^\| ([^|]*)\|", rows, re.M))))
    bad += [f"docs/auditors.md: no row for {one}" for one in wanted if one not in named]
    numbers = [page.name[:4] for page in (root / "docs/decisions").glob("[0-9]*.md")]
    bad += [f"docs/decisions: two pages have the number {one}"
            for one in sorted(set(numbers)) if numbers.count(one) > 1]
    print("\n".join(bad))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1])))
