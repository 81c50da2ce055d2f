"""Which files a process makes, by fanotify(7): needs root, asks no tracer, slows nobody down.

Names made, names moved to, and files closed after writing (unnamed ones too), on every file system
that the caller names, with the process that did it.
"""
import ctypes
import os
import struct

LIBC = ctypes.CDLL(None, use_errno=True)
FAN_CREATE, FAN_MOVED_TO, FAN_CLOSE_WRITE = 0x100, 0x80, 0x8
FAN_CLOEXEC, FAN_NONBLOCK, FAN_UNLIMITED_QUEUE, FAN_REPORT_DFID_NAME = 0x1, 0x2, 0x10, 0xC00
FAN_MARK_ADD, FAN_MARK_FILESYSTEM, FAN_Q_OVERFLOW = 0x1, 0x100, 0x4000
INFO_DFID_NAME = 2
AT_FDCWD, O_PATH = -100, 0o10000000


class FileTrace:
    """Raises PermissionError or OSError where the machine does not offer it."""

    def __init__(self, folders):
        flags = FAN_CLOEXEC | FAN_NONBLOCK | FAN_UNLIMITED_QUEUE | FAN_REPORT_DFID_NAME
        self.fd = self._checked(LIBC.fanotify_init(flags, os.O_RDONLY))
        self.mounts = {}  # file system id -> a descriptor within it
        for folder in folders:
            mask = ctypes.c_uint64(FAN_CREATE | FAN_MOVED_TO | FAN_CLOSE_WRITE)
            self._checked(LIBC.fanotify_mark(self.fd, FAN_MARK_ADD | FAN_MARK_FILESYSTEM, mask,
                                             AT_FDCWD, os.fsencode(folder)))
            self.mounts[self._id_of(folder)] = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)

    @staticmethod
    def _checked(result):
        if result < 0:
            number = ctypes.get_errno()
            raise OSError(number, os.strerror(number))
        return result

    @staticmethod
    def _id_of(folder):
        buffer = ctypes.create_string_buffer(256)
        FileTrace._checked(LIBC.statfs(os.fsencode(folder), buffer))
        return buffer.raw[56:64]  # f_fsid (64 bit)

    def take(self):
        """(process id, path) of what happened since, oldest first."""
        out = []
        while True:
            try:
                data = os.read(self.fd, 1 << 16)
            except BlockingIOError:
                return out
            at = 0
            while at < len(data):
                length, _, _, head, mask, _, process = struct.unpack_from("=IBBHQii", data, at)
                assert not mask & FAN_Q_OVERFLOW
                out.append((process, self._path(data[at + head:at + length])))
                at += length

    def _path(self, info):
        kind, _, _ = struct.unpack_from("=BBH", info)
        assert kind == INFO_DFID_NAME, kind
        size, = struct.unpack_from("=I", info, 12)
        handle = ctypes.create_string_buffer(info[12:20 + size])
        name = info[20 + size:].split(b"\0")[0].decode()
        folder = LIBC.open_by_handle_at(self.mounts[info[4:12]], handle, O_PATH)
        if folder < 0:
            return f"(a folder that is gone)/{name}"
        try:
            return f"{os.readlink(f'/proc/self/fd/{folder}')}/{name}"
        finally:
            os.close(folder)

    def close(self):
        for descriptor in [self.fd, *self.mounts.values()]:
            os.close(descriptor)
