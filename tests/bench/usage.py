"""What a slice cost: CPU of each process from /proc, of the whole machine, and PostgreSQL's WAL."""
import os
import pathlib
import resource
import time

TICKS = os.sysconf("SC_CLK_TCK")


def times_of(pid, with_ended_children):
    """CPU seconds of a process; with those of its children that have ended and were waited for."""
    try:
        fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    own = int(fields[11]) + int(fields[12])
    ended = int(fields[13]) + int(fields[14])
    return (own + (ended if with_ended_children else 0)) / TICKS


def children_of(pid):
    found = []
    for path in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(child) for child in path.read_text().split()]
        except (FileNotFoundError, ProcessLookupError):
            pass
    return found


def family_times(pid):
    return times_of(pid, True) + sum(times_of(child, False) for child in children_of(pid))


def busy_times():
    """Seconds that all processors were at work, steal not counted."""
    fields = [int(field) for field in pathlib.Path("/proc/stat").read_text().splitlines()[0].split()[1:]]
    user, nice, system, _idle, _wait, irq, softirq = fields[:7]
    return (user + nice + system + irq + softirq) / TICKS


class Usage:
    """with bench.usage() as used: …; then used.cpu["gateway"], used.generator_s, used.strangers_share, used.wall_s"""

    def __init__(self, pids, postmaster):
        self.pids = pids
        self.postmaster = postmaster

    def look(self):
        seen = {name: family_times(pid) for name, pid in self.pids.items()}
        seen["postgresql"] = family_times(self.postmaster)
        return seen

    def __enter__(self):
        self.before = self.look()
        self.generator_before = self.generator()
        self.busy_before = busy_times()
        self.started = time.monotonic()
        return self

    def __exit__(self, *_):
        self.wall_s = time.monotonic() - self.started
        busy = busy_times() - self.busy_before
        self.generator_s = self.generator() - self.generator_before
        after = self.look()
        self.cpu = {name: after[name] - self.before[name] for name in after}
        self.total_s = sum(self.cpu.values())
        self.strangers_share = max(0.0, busy - self.total_s - self.generator_s) / (self.wall_s * os.cpu_count())

    @staticmethod
    def generator():
        children = resource.getrusage(resource.RUSAGE_CHILDREN)
        own = resource.getrusage(resource.RUSAGE_SELF)
        return children.ru_utime + children.ru_stime + own.ru_utime + own.ru_stime


def memory_kib(pid):
    """(RSS, PSS)"""
    text = pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text()
    fields = dict(line.split(":", 1) for line in text.splitlines()[1:])
    return int(fields["Rss"].split()[0]), int(fields["Pss"].split()[0])
