#!/usr/bin/env python3
"""The image's Debian packages: which ones, and their very bytes.

    lock.py resolve FOLDER    writes packages.lock from packages.list and the machine's own mirror
    lock.py fetch FOLDER      every package of packages.lock into FOLDER/debs, or says which is not to be had
    lock.py verify FOLDER     whether FOLDER/debs holds exactly what packages.lock says

A line of packages.lock is NAME VERSION SHA256. A mirror keeps the newest version only, so a build of an
older lock needs the kept FOLDER/debs, or a mirror of that day in the machine's apt sources.
"""
import hashlib
import pathlib
import re
import subprocess
import sys
import urllib.parse

HERE = pathlib.Path(__file__).resolve().parent
LOCK = HERE / "packages.lock"
SOURCES = "/etc/apt/sources.list.d/debian.sources"


def apt_options(folder):
    """apt as if nothing were installed, from Debian's sources alone, in a folder of its own."""
    for part in ("lists/partial", "cache/archives/partial"):
        (folder / "apt" / part).mkdir(parents=True, exist_ok=True)
    state = folder / "apt"
    return ["-o", f"Dir::Etc::sourcelist={SOURCES}", "-o", "Dir::Etc::sourceparts=-",
            "-o", f"Dir::State={state}", "-o", f"Dir::State::lists={state / 'lists'}",
            "-o", "Dir::State::status=/dev/null", "-o", f"Dir::Cache={state / 'cache'}",
            "-o", "APT::Install-Recommends=false", "-o", "APT::Sandbox::User=root"]


def apt(folder, *words, **options):
    return subprocess.run(["apt-get", "-qq", *apt_options(folder), *words], check=True, text=True,
                          stdout=subprocess.PIPE, **options).stdout


def listed(file):
    lines = (line.split("#")[0].strip() for line in file.read_text().splitlines())
    return [line for line in lines if line]


def locked():
    return [tuple(line.split()) for line in listed(LOCK)]


def resolve(folder):
    apt(folder, "update")
    uris = apt(folder, "--print-uris", "install", *listed(HERE / "packages.list"))
    rows = []
    for line in uris.splitlines():
        uri, file = re.match(r"'([^']+)' (\S+)", line).groups()
        name, version, _ = urllib.parse.unquote(file).removesuffix(".deb").split("_")
        rows.append((name, version))
    fetch_versions(folder, rows)
    have = {deb_identity(deb): digest(deb) for deb in (folder / "debs").glob("*.deb")}
    head = "# Made by scripts/image --lock. NAME VERSION SHA256 of each Debian package of the image.\n"
    LOCK.write_text(head + "".join(f"{name} {version} {have[name, version]}\n"
                                   for name, version in sorted(rows)))


def deb_identity(deb):
    """(name, version) of a file that apt named."""
    name, version, _ = urllib.parse.unquote(deb.name).removesuffix(".deb").split("_")
    return name, version


def digest(file):
    return hashlib.sha256(file.read_bytes()).hexdigest()


def fetch_versions(folder, rows):
    debs = folder / "debs"
    debs.mkdir(parents=True, exist_ok=True)
    have = {deb_identity(deb) for deb in debs.glob("*.deb")}
    missing = [f"{name}={version}" for name, version in rows if (name, version) not in have]
    if missing:
        apt(folder, "download", *missing, cwd=debs, stderr=subprocess.DEVNULL)


def fetch(folder):
    rows = [(name, version) for name, version, _ in locked()]
    have = {deb_identity(deb) for deb in (folder / "debs").glob("*.deb")}
    if not set(rows) <= have:
        apt(folder, "update")
    try:
        fetch_versions(folder, rows)
    except subprocess.CalledProcessError:
        sys.exit("image: the mirror no longer has a version of packages.lock: take new ones with "
                 "scripts/image --lock, or point apt at a mirror of that day")
    verify(folder)


def verify(folder):
    debs = {deb_identity(deb): deb for deb in (folder / "debs").glob("*.deb")}
    for name, version, sha256 in locked():
        deb = debs.pop((name, version), None)
        if deb is None or digest(deb) != sha256:
            sys.exit(f"image: {name} {version} is not the package that packages.lock names")
    for deb in debs.values():  # of an earlier lock
        deb.unlink()


if __name__ == "__main__":
    {"resolve": resolve, "fetch": fetch, "verify": verify}[sys.argv[1]](pathlib.Path(sys.argv[2]).resolve())
