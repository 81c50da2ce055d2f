"""The fictional city as a first-run medium: what only a test puts into a machine."""
import hashlib
import pathlib
import re
import shutil
import subprocess
import tarfile

from commands import succeed

PORTS = {"center": 8443, "registry": 8444, "admin": 8445, "monitoring": 9443}
NETWORK = """ADDRESS=10.0.2.15/24
ALLOW=10.0.2.0/24:8443
ALLOW=10.0.2.0/24:8444
"""


OCSP = """
[ocsp]
socket = "/run/certrelay-fetch/fetch.sock"
responders = ["http://ocsp.example:8080/"]
refuse_unknown = false
"""


def make_city(programs, folder):
    """A city whose relay listens on PORTS; its folder."""
    city = folder / "city"
    succeed(programs / "certrelay-kiosk", "city", "create", city, "--residents", "150", "--seed", "21")
    settings = (city / "certrelay.toml").read_text()
    for role, port in PORTS.items():
        host = "127.0.0.1" if role == "monitoring" else "10.0.2.15"
        settings = re.sub(rf'(?m)^{role} = "127.0.0.1:0"$', f'{role} = "{host}:{port}"', settings)
    (city / "certrelay.toml").write_text(settings)
    return city


def point_at(city, ports):
    """Kiosk and source system find the machine at these ports of the host."""
    (city / "run").mkdir(mode=0o700, exist_ok=True)
    for role in ("center", "registry"):
        (city / "run" / f"{role}.addr").write_text(f"127.0.0.1:{ports[PORTS[role]]}\n")


class Signer:
    def __init__(self, folder):
        folder.mkdir(exist_ok=True)
        self.key, self.public = folder / "site.key", folder / "site.pub"
        succeed("openssl", "genpkey", "-algorithm", "ED25519", "-out", self.key)
        succeed("openssl", "pkey", "-in", self.key, "-pubout", "-out", self.public)

    def fingerprint(self):
        der = subprocess.run(["openssl", "pkey", "-pubin", "-in", self.public, "-outform", "DER"],
                             check=True, stdout=subprocess.PIPE).stdout
        digits = hashlib.sha256(der).hexdigest()[:32]
        return " ".join(digits[i:i + 4] for i in range(0, 32, 4))


def medium(folder, signer, contents):
    """A vfat image labelled CERTRELAY; `contents`: name in site.tar -> folder or text."""
    folder.mkdir(parents=True, exist_ok=True)
    with tarfile.open(folder / "site.tar", "w") as tar:
        for name, what in contents.items():
            if isinstance(what, pathlib.Path):
                tar.add(what, name)
            else:
                (folder / "text").write_text(what)
                tar.add(folder / "text", name)
    succeed("openssl", "pkeyutl", "-sign", "-inkey", signer.key, "-rawin", "-in", folder / "site.tar",
        "-out", folder / "site.sig")
    shutil.copy(signer.public, folder / "site.pub")
    return vfat(folder / "medium.img", "CERTRELAY", 64,
                [folder / name for name in ("site.tar", "site.sig", "site.pub")])


def vfat(image, label, mebibytes, files):
    image.unlink(missing_ok=True)
    with image.open("wb") as opened:
        opened.truncate(mebibytes << 20)
    succeed("mkfs.vfat", "-n", label, image)
    for file in files:
        succeed("mcopy", "-i", image, file, "::")
    return image


def update_medium(folder, bundle):
    """A medium in `folder` with that update."""
    named = folder / "update.raucb"
    shutil.copy(bundle, named)
    return vfat(folder / "update.img", "CERTRELAYUP", 320, [named])


def demo_medium(folder, signer, city, out=""):
    """`out`: further lines of network.conf."""
    slim = folder / "slim"
    shutil.rmtree(slim, ignore_errors=True)
    shutil.copytree(city, slim, ignore=shutil.ignore_patterns("cards", "source", "extract", "run"))
    return medium(folder, signer, {"demo": slim, "network.conf": NETWORK + out})
