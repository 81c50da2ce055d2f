#!/usr/bin/env python3
"""One EFI program of systemd's stub, kernel, initrd and command line (Debian 12 has no ukify).

    uki.py STUB OUT NAME=FILE ...    sections in the order in which they are named

The Boot Loader Specification, "Type #2 EFI Unified Kernel Images". The COFF time stamp and the optional
header's checksum are zeroed, so that equal parts give equal bytes.
"""
import pathlib
import struct
import subprocess
import sys


def headers(data):
    """Offset of the COFF header, of the optional header, and the number of sections."""
    coff = struct.unpack_from("<I", data, 0x3C)[0] + 4
    return coff, coff + 20, struct.unpack_from("<H", data, coff + 2)[0]


def end_of_sections(data):
    coff, optional, count = headers(data)
    table = optional + struct.unpack_from("<H", data, coff + 16)[0]
    return max(sum(struct.unpack_from("<II", data, table + 40 * i + 8)) for i in range(count))


def main(stub, out, parts):
    data = stub.read_bytes()
    optional = headers(data)[1]
    base = struct.unpack_from("<Q", data, optional + 24)[0]
    # The stub's own alignment is 512; the kernel is executed where it lies, and takes whole pages.
    alignment = max(4096, struct.unpack_from("<I", data, optional + 32)[0])
    address, words = end_of_sections(data), []
    for name, file in parts:
        address = -(-address // alignment) * alignment
        words += ["--add-section", f"{name}={file}", "--change-section-vma", f"{name}={base + address:#x}"]
        address += file.stat().st_size
    subprocess.run(["objcopy", *words, stub, out], check=True)
    made = bytearray(out.read_bytes())
    coff, optional, _ = headers(made)
    struct.pack_into("<I", made, coff + 4, 0)
    struct.pack_into("<I", made, optional + 64, 0)
    out.write_bytes(made)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]),
         [(name, pathlib.Path(file)) for name, file in (part.split("=", 1) for part in sys.argv[3:])])
