"""A virtual machine of the appliance: QEMU's own emulation (TCG), a firmware with fresh variables, the
serial console as a file and a socket, one process a start, ended by its process id."""
import os
import pathlib
import re
import resource
import shutil
import socket
import struct
import subprocess
import time

FIRMWARE = pathlib.Path("/usr/share/OVMF")
# What a hypervisor hands in on a real machine: the key of /var. This one is for tests only.
DATA_KEY = "mihon-data-key-of-a-test-machine"


def free_ports(count):
    """All different: each is held until the last is chosen."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


class Machine:
    """A start of `disk` (changed by it). `media`: raw images, attached as further disks; `ports`: those of
    the machine that the host may reach, in `port` afterwards. The machine itself reaches nothing."""

    def __init__(self, folder, disk, media=(), ports=(), memory_mib=1024, record=False):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.console_socket = self.folder / "console"
        self.log_file = self.folder / "serial.log"
        variables = self.folder / "OVMF_VARS.fd"
        if not variables.exists():
            shutil.copy(FIRMWARE / "OVMF_VARS_4M.fd", variables)
        self.port = dict(zip(ports, free_ports(len(ports))))
        forwards = "".join(f",hostfwd=tcp:127.0.0.1:{here}-10.0.2.15:{there}"
                           for there, here in self.port.items())
        self.command = [
            "qemu-system-x86_64", "-nodefaults", "-machine", "q35",
            "-accel", "tcg,thread=multi,tb-size=512", "-cpu", "max,la57=off",
            "-smp", "1", "-m", str(memory_mib), "-display", "none", "-no-reboot",
            "-drive", f"if=pflash,format=raw,readonly=on,file={FIRMWARE / 'OVMF_CODE_4M.fd'}",
            "-drive", f"if=pflash,format=raw,file={variables}",
            "-drive", f"file={disk},if=virtio,format=raw,cache=unsafe",
            "-netdev", f"user,id=net,restrict=on{forwards}",
            "-device", "virtio-net-pci,netdev=net,romfile=", "-device", "virtio-rng-pci",
            "-fw_cfg", f"name=opt/io.systemd.credentials/datakey,string={DATA_KEY}",
            "-chardev", f"socket,id=serial,path={self.console_socket},server=on,wait=off,"
                        f"logfile={self.log_file},logappend=off",
            "-serial", "chardev:serial"]
        self.packets = self.folder / "packets.pcap"
        if record:
            self.command += ["-object", f"filter-dump,id=dump,netdev=net,file={self.packets}"]
        for medium in media:
            self.command += ["-drive", f"file={medium},if=virtio,format=raw,cache=unsafe"]
        self.process = None
        self.seconds = {}  # pattern -> when it was seen, since the start
        self.cpu_seconds = None  # of the host's processors, once it has ended

    def __enter__(self):
        self.log_file.write_bytes(b"")
        self.began = time.monotonic()
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.children_before = children.ru_utime + children.ru_stime
        # Never before the work of those who share this machine.
        nice = lambda: os.setpriority(os.PRIO_PROCESS, 0, max(5, os.getpriority(os.PRIO_PROCESS, 0)))
        with (self.folder / "qemu.out").open("w") as said:
            self.process = subprocess.Popen(self.command, stdin=subprocess.DEVNULL, preexec_fn=nice,
                                            stdout=said, stderr=subprocess.STDOUT)
        return self

    def __exit__(self, *_):
        self.power_off()

    def power_off(self):
        """As when the plug is pulled."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu_seconds = children.ru_utime + children.ru_stime - self.children_before
        self.say_figures()

    def say_figures(self):
        seen = ", ".join(f"{pattern[:40]!r} at {at:.0f} s" for pattern, at in self.seconds.items())
        print(f"machine {self.folder.name}: {seen}; {self.cpu_seconds:.0f} s of processor time",
              flush=True)

    def log(self):
        return self.log_file.read_text(encoding="utf-8", errors="replace").replace("\r", "")

    def await_line(self, pattern, seconds):
        """The match in the console's log; AssertionError with its end when it does not come. One that
        takes the rest of a line waits for the line's end: the log is read while it is written."""
        to_the_end = pattern.endswith((".*", ".*)"))
        while True:
            log = self.log()
            found = re.search(pattern, log)
            if found and (found.end() < len(log) or not to_the_end):
                self.seconds[pattern] = time.monotonic() - self.began
                print(f"console of {self.folder.name}: {self.line_of(found)}", flush=True)
                return found
            if self.process.poll() is not None:
                found = re.search(pattern, self.log())
                if found:
                    return found
                raise AssertionError(f"the machine ended before: {pattern}\n{self.tail()}")
            if time.monotonic() - self.began > seconds:
                raise AssertionError(f"not within {seconds} s: {pattern}\n{self.tail()}")
            time.sleep(0.25)

    def line_of(self, found):
        """The whole line of a match, which is the evidence."""
        text = found.string
        end = text.find("\n", found.end())
        return text[text.rfind("\n", 0, found.start()) + 1:end if end >= 0 else None]

    def await_end(self, seconds):
        """Until the machine starts again (which ends the process) or is off."""
        try:
            self.process.wait(timeout=max(1, seconds - (time.monotonic() - self.began)))
        except subprocess.TimeoutExpired:
            raise AssertionError(f"still running after {seconds} s\n{self.tail()}") from None

    def opened_outside(self):
        """"udp ADDRESS:PORT" and the like: where the machine sent a packet that begins something, each once;
        needs record."""
        data, out, at = self.packets.read_bytes(), set(), 24
        while at + 16 <= len(data):
            length = struct.unpack_from("<I", data, at + 8)[0]
            frame = data[at + 16:at + 16 + length]
            at += 16 + length
            if frame[12:14] != b"\x08\x00" or frame[26:30] != bytes((10, 0, 2, 15)):
                continue
            protocol, there = frame[23], ".".join(str(byte) for byte in frame[30:34])
            head = frame[14 + 4 * (frame[14] & 15):]
            if protocol == 6 and head[13] & 0x12 != 0x02:  # not a SYN without ACK
                continue
            kind = {6: "tcp", 17: "udp"}.get(protocol, str(protocol))
            port = f":{struct.unpack_from('>H', head, 2)[0]}" if protocol in (6, 17) else ""
            out.add(f"{kind} {there}{port}")
        return out

    def type(self, line):
        with socket.socket(socket.AF_UNIX) as console:
            console.connect(str(self.console_socket))
            console.sendall(line.encode() + b"\n")
            time.sleep(1)

    def tail(self):
        said = self.folder / "qemu.out"
        return self.log()[-3000:] + said.read_text()
