"""What goes wrong in a cell: each fault strikes, lasts, and is mended; the conductor does the rest."""
import os
import pathlib
import signal
import struct
import subprocess
import time

import psycopg2

import crash_points
from gate import milliseconds_since
from stack import StackError
from surroundings import CannotRunHere, run
from waiting import eventually

BACK_LIMIT_MS = 3000        # a killed process is back: service again
BROKER_LIMIT_MS = 1000      # one broker of two is dead: service all the same
DETECTION_LIMIT_MS = 3000   # a frozen process gets no more work
DOWN_SECONDS = (0.05, 0.5)
LASTS_SECONDS = 5
POINT_WITHIN_SECONDS = 45


class Fault:
    limit_ms = BACK_LIMIT_MS
    letters_at_risk = 0  # those that may come twice: their server has them, the mark that they were sent is gone

    def strike(self, site):
        """Makes it go wrong; returns when it has."""

    def last(self, site, row):
        """While it is wrong."""

    def mend(self, site):
        """Puts right what an operator puts right. The moment from which on recovery counts, if it is not the begin."""


def state_of(pid):
    """R, S, D, T, Z as the kernel has it; Z also for one that is gone."""
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return "Z"


class Kill(Fault):
    """kill -9 at a random moment."""

    def __init__(self, process):
        self.process = process
        self.letters_at_risk = int(process == "deadlines")

    def strike(self, site):
        time.sleep(site.random.uniform(0, 0.3))
        pid = site.stack.pid(self.process)
        site.stack.signal(self.process, signal.SIGKILL)
        eventually(lambda: state_of(pid) == "Z", 10, every=0.005, what=f"{self.process} is dead")

    def last(self, site, row):
        time.sleep(site.random.uniform(*DOWN_SECONDS))

    def mend(self, site):
        site.stack.start(self.process)


class CrashPoint(Kill):
    """The process kills itself at a named point."""

    def __init__(self, process, point, most_hits=6):
        super().__init__(process)
        self.point = point
        self.most_hits = most_hits

    def order(self, site, number):
        self.pid = site.stack.pid(self.process)
        crash_points.arm(site.stack, self.process, self.point, site.random.randint(1, self.most_hits), number)

    def strike(self, site):
        self.order(site, signal.SIGKILL)
        eventually(lambda: state_of(self.pid) == "Z", POINT_WITHIN_SECONDS, every=0.005,
                   what=f"{self.process} comes to {self.point}")
        crash_points.disarm(site.stack, self.process)


class BrokerAway(Kill):
    """One broker of two dies and stays away: the other must do, at once."""
    limit_ms = BROKER_LIMIT_MS

    def last(self, site, row):
        died = time.monotonic()
        row.recovery_ms = site.wait_serving(died, away=(self.process,))
        site.work_for(LASTS_SECONDS)


def supervise_database(site):
    """Starts PostgreSQL, again if need be, until it stays: what systemd does. The moment it was there."""
    def stays():
        try:
            site.stack.close()
            site.stack.run("start-database")
            site.stack.value("postgres", "SELECT 1")
            there = time.monotonic()
            time.sleep(0.3)
            site.stack.value("postgres", "SELECT 1")
            return there
        except (StackError, psycopg2.Error):
            return None
    return eventually(stays, 60, what="PostgreSQL stays")


class DatabaseStop(Fault):
    """pg_ctl stop -m immediate: as after a power cut, all but the disk."""
    letters_at_risk = 1

    def strike(self, site):
        site.stack.close()
        site.stack.run("stop-database", "immediate")

    def last(self, site, row):
        time.sleep(1)

    def mend(self, site):
        return supervise_database(site)


class Backends(Fault):
    """One session of the database after the other is ended from outside, at any moment of its transaction: whether a
    COMMIT on its way was carried out is then unknown to us."""
    every_seconds = 0.03
    statement = "SELECT pid, datname FROM pg_stat_activity WHERE backend_type = 'client backend' AND usename <> 'postgres'"

    def sessions(self, site):
        return [(row["pid"], row["datname"]) for row in site.stack.rows("postgres", self.statement)]

    def last(self, site, row):
        end = time.monotonic() + LASTS_SECONDS
        while time.monotonic() < end:
            pid, database = site.random.choice(self.sessions(site))
            self.letters_at_risk += database == "deadlines"
            site.stack.value("postgres", "SELECT pg_terminate_backend(%s)", pid)
            time.sleep(self.every_seconds)


class FrozenBackends(Backends):
    """Sessions stand still in the middle of a transaction for longer than we wait for them, then go on with it."""
    statement = Backends.statement + " AND state = 'active' AND datname IN ('submissions', 'review', 'files')"
    most = 3

    def strike(self, site):
        self.frozen = []
        eventually(lambda: self.freeze(site), POINT_WITHIN_SECONDS, every=0.001, what="sessions to freeze")

    def freeze(self, site):
        for pid in {pid for pid, _ in self.sessions(site)[:1]} - set(self.frozen):
            os.kill(pid, signal.SIGSTOP)
            self.frozen.append(pid)
        return len(self.frozen) >= self.most

    def last(self, site, row):
        site.work_for(LASTS_SECONDS)

    def mend(self, site):
        for pid in self.frozen:
            os.kill(pid, signal.SIGCONT)


class Storm(Fault):
    """Random processes die one after the other, each comes back while the next dies."""
    deaths = 10

    def last(self, site, row):
        for _ in range(self.deaths):
            process = site.random.choice(site.scene.surroundings.processes)
            self.letters_at_risk += process.startswith("deadlines")
            site.stack.signal(process, signal.SIGKILL)
            time.sleep(site.random.uniform(*DOWN_SECONDS))
            site.stack.start(process)


class SlowFlush(Fault):
    """Every second flush of the database takes 200 ms."""
    order = struct.pack("=ii", 200, 0)

    def write(self, site, order):
        with open(site.stack.folder / "flush", "r+b", buffering=0) as file:
            file.write(order)

    def strike(self, site):
        self.write(site, self.order)

    def last(self, site, row):
        site.work_for(LASTS_SECONDS)

    def mend(self, site):
        self.write(site, bytes(8))


class FailingFlush(SlowFlush):
    """Flushes fail: PostgreSQL gives up rather than go on with pages that may not be there."""
    order = struct.pack("=ii", 0, 1)
    letters_at_risk = 1

    def last(self, site, row):
        site.stack.close()
        site.wait_troubles(20)
        time.sleep(1)

    def mend(self, site):
        super().mend(site)
        return supervise_database(site)


class Freeze(CrashPoint):
    """SIGSTOP for longer than the heartbeat, at a point or at any moment; then awake again with what it had in hand."""
    limit_ms = DETECTION_LIMIT_MS

    def __init__(self, process, point=None, most_hits=6, alone=False):
        super().__init__(process, point, most_hits)
        self.alone = alone
        self.lane = process.partition(".")[0]

    def workers(self, site):
        name = f'vekha_broker_workers{{lane="{self.lane}"}}'
        return [site.stack.metrics(broker).get(name, 0) for broker in ("broker-1", "broker-2")]

    def strike(self, site):
        self.before = self.workers(site)
        if self.point:
            self.order(site, signal.SIGSTOP)
        else:
            self.pid = site.stack.pid(self.process)
            site.stack.pause(self.process)
        eventually(lambda: state_of(self.pid) == "T", POINT_WITHIN_SECONDS, every=0.005,
                   what=f"{self.process} comes to {self.point}")

    def last(self, site, row):
        frozen = time.monotonic()
        eventually(lambda: all(now < before for now, before in zip(self.workers(site), self.before)), 30,
                   what=f"both brokers have given {self.process} up")
        row.detection_ms = milliseconds_since(frozen)
        if not self.alone:
            row.recovery_ms = site.wait_serving(frozen, away=(self.process,))
        site.work_for(LASTS_SECONDS - (time.monotonic() - frozen))

    def mend(self, site):
        if self.point:
            crash_points.disarm(site.stack, self.process)
        site.stack.resume(self.process)


class FreezeBroker(Freeze):
    """Clients and workers hear nothing of it any more and use the other one."""

    def workers(self, site):
        return []

    def last(self, site, row):
        frozen = time.monotonic()
        row.recovery_ms = row.detection_ms = site.wait_serving(frozen, away=(self.process,))
        site.work_for(LASTS_SECONDS)


DROP = ("iifname vekha-a drop", "oifname vekha-a drop")
CUTS = {
    "silent": DROP,
    "requests": DROP[1:],  # what brokers send is lost, what services answer arrives
    "answers": DROP[:1],   # requests arrive and are carried out, their answers are lost
    "reset": ("iifname vekha-a meta l4proto tcp reject with tcp reset",
              "oifname vekha-a meta l4proto tcp reject with tcp reset"),
}


class NetworkCut(Fault):
    """The cable between brokers and services is cut and healed."""

    def __init__(self, mode):
        self.mode = mode

    def strike(self, site):
        if self.mode == "unplugged":
            run("ip", "link", "set", "vekha-a", "down")
            return
        rules = ["table inet vekha {"]
        for hook in ("input", "output"):
            word = "iifname" if hook == "input" else "oifname"
            chosen = "; ".join(rule for rule in CUTS[self.mode] if rule.startswith(word))
            rules.append(f"chain {hook} {{ type filter hook {hook} priority 0; {chosen + ';' if chosen else ''} }}")
        done = subprocess.run(["nft", "-f", "-"], input="\n".join([*rules, "}"]), text=True, capture_output=True,
                              check=False)
        if done.returncode != 0:
            raise CannotRunHere(f"nft: {done.stderr}")

    def last(self, site, row):
        time.sleep(LASTS_SECONDS)

    def mend(self, site):
        if self.mode == "unplugged":
            run("ip", "link", "set", "vekha-a", "up")
        else:
            run("nft", "delete", "table", "inet", "vekha")


class DiskFull(Fault):
    """A disk is filled to its last byte, and freed after a while."""
    SEGMENTS = 32

    def __init__(self, disk):
        self.disk = disk
        self.letters_at_risk = int(disk != "blobs")

    def ballast(self, site):
        return site.scene.surroundings.mounts[self.disk] / "ballast"

    def strike(self, site):
        file = os.open(self.ballast(site), os.O_WRONLY | os.O_CREAT)
        try:
            for size in (1 << 20, 4096, 1):
                try:
                    while True:
                        os.write(file, bytes(size))
                except OSError:
                    pass
        finally:
            os.close(file)

    def use_up_log(self, site):
        """PostgreSQL has segments of its log in reserve."""
        try:
            for _ in range(self.SEGMENTS):
                site.stack.value("postgres", "SELECT pg_switch_wal() FROM pg_logical_emit_message(true, 'fault', 'x')")
        except psycopg2.Error:
            site.stack.close()

    def last(self, site, row):
        if self.disk == "wal":
            self.use_up_log(site)
        # Full must be felt, or the cell shows nothing.
        site.wait_troubles(10)
        time.sleep(LASTS_SECONDS)

    def mend(self, site):
        self.ballast(site).unlink()
        # For want of room for its log PostgreSQL stops.
        return supervise_database(site) if self.disk == "wal" else None


class ClockStep(Fault):
    """The wall clock jumps under running processes. Tokens end, leases end, dates change; deadlines of requests do not.

    The jump is that of clock_offset_file, which every reading of ours passes through. PostgreSQL's own clock stays:
    nothing of ours asks it for the time. libfaketime would move libraries' clocks as well (libzmq and libmicrohttpd
    use the monotonic one; libcurl and libpq none that matters), `date` the whole machine's.
    """

    # Forward, everybody's token has ended: service is back when all have logged in, a tenth of a second of both cores each.
    limit_ms = 20000

    def __init__(self, hours):
        self.hours = hours

    def strike(self, site):
        site.stack.advance(hours=self.hours)
