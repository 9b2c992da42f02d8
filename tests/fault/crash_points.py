"""Orders for the crash points of running processes: the small files that common/base/crash_point.c maps."""
import os
import signal
import struct

ORDER = struct.Struct("=ii56s")
NAME_AT = 8
MARK = b"VEKHA_CRASH_FILE"  # in every binary that has crash points


def are_in(build):
    """Whether this build obeys orders at all."""
    return MARK in (build / "bin" / "vekha-submissions").read_bytes()


def prepare(stack, processes):
    """Before the processes start: each maps its own file."""
    folder = stack.folder / "crash"
    folder.mkdir(parents=True, exist_ok=True)
    for process in processes:
        (folder / process).write_bytes(bytes(ORDER.size))


def write(stack, process, offset, data):
    # In place: the running process has the file mapped.
    file = os.open(stack.folder / "crash" / process, os.O_WRONLY)
    try:
        os.pwrite(file, data, offset)
    finally:
        os.close(file)


def arm(stack, process, point, hits, number=signal.SIGKILL):
    """The process gets the signal when it passes the point for the hits-th time from now."""
    order = ORDER.pack(number, hits, point.encode())
    write(stack, process, 0, order[:NAME_AT])
    write(stack, process, NAME_AT, order[NAME_AT:])


def disarm(stack, process):
    write(stack, process, NAME_AT, bytes(ORDER.size - NAME_AT))
