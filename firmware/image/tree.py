#!/usr/bin/env python3
"""The image's two trees, from the packages and nothing else.

    tree.py CACHE CERTRELAY_DEB OVERLAY OUT

CACHE/debs: the packages of the lock; CACHE/pool: unpacked, no maintainer script run, kept for the next
build. OUT/pool: the same (hard links) and the relay's package. OUT/root: the files of files.list with the
libraries that they need, the modules of modules.list, the overlay. OUT/initrd: busybox, veritysetup, the
modules to find the root, init.sh. OUT/vmlinuz. Owners and times are set where the trees are packed.
"""
import fnmatch
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
LIBRARY_FOLDERS = ("usr/lib/x86_64-linux-gnu", "usr/lib/x86_64-linux-gnu/systemd", "usr/lib/systemd")


def listed(name):
    lines = (line.split("#")[0].strip() for line in (HERE / name).read_text().splitlines())
    return [line for line in lines if line]


def merged_usr_folders(pool):
    for folder in ("bin", "sbin", "lib", "lib64"):  # a merged /usr
        (pool / "usr" / folder).mkdir(parents=True)
        (pool / folder).symlink_to(f"usr/{folder}")


def unpack(debs, pool):
    for deb in debs:
        tar = subprocess.Popen(["dpkg-deb", "--fsys-tarfile", deb], stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x", "-C", pool, "--keep-directory-symlink", "--no-same-owner"],
                       stdin=tar.stdout, check=True)
        if tar.wait() != 0:
            sys.exit(f"image: {deb} cannot be unpacked")


def unpacked_once(cache):
    """The pool of the lock's packages; it is made anew when the lock changed."""
    pool, mark = cache / "pool", cache / "pool.lock"
    lock = (HERE / "packages.lock").read_text()
    if not mark.exists() or mark.read_text() != lock:
        shutil.rmtree(pool, ignore_errors=True)
        merged_usr_folders(pool)
        unpack(sorted((cache / "debs").glob("*.deb")), pool)
        release = next((pool / "usr/lib/modules").iterdir()).name
        subprocess.run(["depmod", "-b", pool, release], check=True)
        mark.write_text(lock)
    return pool


def copy(pool, tree, path):
    """One file or link, `path` relative; links are kept as they are."""
    target = tree / path
    if target.is_symlink() or target.exists():
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy2(pool / path, target, follow_symlinks=False)
    if not target.is_symlink():
        target.chmod(0o755 if os.access(pool / path, os.X_OK) else 0o644)  # no setuid survives


def needed(file):
    """Libraries and the interpreter that an ELF file names; nothing for another file."""
    with file.open("rb") as opened:
        if opened.read(4) != b"\x7fELF":
            return []
    said = subprocess.run(["readelf", "-W", "-d", "-l", file], text=True, check=True,
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    return (re.findall(r"\(NEEDED\).*\[(.+)\]", said) +
            [one.rsplit("/", 1)[-1] for one in re.findall(r"interpreter: (\S+)\]", said)])


def close_over_libraries(pool, tree):
    """Adds what the programs in `tree` need until nothing is missing."""
    todo = [file for file in tree.rglob("*") if file.is_file() and not file.is_symlink()]
    seen = set()
    while todo:
        for name in needed(todo.pop()):
            if name in seen:
                continue
            seen.add(name)
            for folder in LIBRARY_FOLDERS:
                if os.path.lexists(pool / folder / name):
                    break
            else:
                sys.exit(f"image: no package of the lock has {name}")
            path = f"{folder}/{name}"
            copy(pool, tree, path)
            while (pool / path).is_symlink():
                path = os.path.normpath(f"{folder}/{os.readlink(pool / path)}")
                copy(pool, tree, path)
            todo.append(tree / path)


def merged_usr(tree):
    for folder in ("bin", "sbin", "lib", "lib64"):
        (tree / "usr" / folder).mkdir(parents=True, exist_ok=True)
        (tree / folder).symlink_to(f"usr/{folder}")
    loader = tree / "usr/lib64/ld-linux-x86-64.so.2"
    if not os.path.lexists(loader):
        loader.symlink_to("../lib/x86_64-linux-gnu/ld-linux-x86-64.so.2")


def copy_modules(pool, tree, release, wanted):
    base = pathlib.Path("usr/lib/modules") / release
    for module in wanted:
        said = subprocess.run(["modprobe", "-d", pool, "-S", release, "--show-depends", module],
                              text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if said.returncode != 0:
            sys.exit(f"image: kernel module {module}: {said.stderr}")
        for path in re.findall(r"^insmod (\S+)", said.stdout, re.M):
            copy(pool, tree, base / path.split(f"/modules/{release}/")[1])
    for name in ("modules.order", "modules.builtin", "modules.builtin.modinfo"):
        copy(pool, tree, base / name)
    subprocess.run(["depmod", "-b", tree, release], check=True)


def build_root(pool, root, release, modules, overlay):
    everything = [os.path.join(folder, name)[len(str(pool)) + 1:]
                  for folder, _, names in os.walk(pool) for name in names]
    everything += [p.relative_to(pool).as_posix() for p in pool.rglob("*") if p.is_symlink()]
    for pattern in listed("files.list"):
        wanted = re.compile(fnmatch.translate(pattern).replace(".*", "[^/]*"))
        found = [path for path in everything if wanted.match(path)]
        if not found:
            sys.exit(f"image: no package has {pattern}")
        for path in found:
            copy(pool, root, path)
    shutil.copytree(overlay, root, dirs_exist_ok=True, symlinks=True)
    for folder in ("dev", "proc", "sys", "run", "tmp", "var", "efi", "root", "mnt"):
        (root / folder).mkdir(exist_ok=True)
    # The scripts have an interpreter here; no path of a shell, and no applet of busybox, has a name.
    (root / "usr/lib/appliance").mkdir(exist_ok=True)
    shutil.copy2(pool / "usr/bin/busybox", root / "usr/lib/appliance/busybox")
    close_over_libraries(pool, root)
    merged_usr(root)
    copy_modules(pool, root, release, modules)
    for line in listed("units.list"):
        target, unit = line.split()
        link = root / f"usr/lib/systemd/system/{target}.wants/{unit}"
        if not (root / "usr/lib/systemd/system" / unit).exists():
            sys.exit(f"image: units.list names {unit}, which is not there")
        link.parent.mkdir(exist_ok=True)
        link.symlink_to(f"../{unit}")
    (root / "usr/lib/systemd/system/default.target").unlink(missing_ok=True)
    (root / "usr/lib/systemd/system/default.target").symlink_to("multi-user.target")


def build_initrd(pool, initrd, release, modules):
    copy(pool, initrd, "usr/bin/busybox")
    copy(pool, initrd, "usr/sbin/veritysetup")
    close_over_libraries(pool, initrd)
    merged_usr(initrd)
    for applet in ("sh", "mount", "umount", "cat", "sleep", "modprobe", "switch_root", "mkdir", "od",
                   "dd", "tr", "echo", "sed"):
        (initrd / "usr/bin" / applet).symlink_to("busybox")
    copy_modules(pool, initrd, release, modules)
    for folder in ("proc", "sys", "dev", "run", "sysroot", "etc"):
        (initrd / folder).mkdir()
    shutil.copy(HERE / "init.sh", initrd / "init")
    (initrd / "init").chmod(0o755)


def main(cache, certrelay, overlay, out):
    pool, root, initrd = out / "pool", out / "root", out / "initrd"
    for tree in (pool, root, initrd):
        shutil.rmtree(tree, ignore_errors=True)
    root.mkdir(parents=True)
    initrd.mkdir()
    shutil.copytree(unpacked_once(cache), pool, symlinks=True, copy_function=os.link)
    unpack([certrelay], pool)
    release = next((pool / "usr/lib/modules").iterdir()).name
    modules = {"initrd": [], "root": []}
    for line in listed("modules.list"):
        modules[line.split()[0]].append(line.split()[1])
    build_root(pool, root, release, modules["initrd"] + modules["root"], overlay)
    build_initrd(pool, initrd, release, modules["initrd"])
    shutil.copy(pool / f"boot/vmlinuz-{release}", out / "vmlinuz")


if __name__ == "__main__":
    os.umask(0o022)
    main(*(pathlib.Path(argument).resolve() for argument in sys.argv[1:5]))
