#!/usr/bin/python3
"""Services grow and shrink and every process is replaced while 32 clients work through HAProxy. scripts/scale calls it.

Writes <reports>/scale.json and prints a row per service; fails when a user saw an answer of 5xx or a broken
connection, or when the oracle of scripts/fault found anything lost, doubled, invented, disordered or told wrongly.
"""
import argparse
import json
import pathlib
import secrets
import signal
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass, field

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / folder) for folder in ("support", "fault", "scaling")]

import evidence as evidence_of  # noqa: E402
import moves  # noqa: E402
import oracle  # noqa: E402
import recorder as recording  # noqa: E402
from client import ANSWER_WITHIN_SECONDS  # noqa: E402
from gate import Gate  # noqa: E402
from haproxy import HAProxy  # noqa: E402
from listener import Listener, compare  # noqa: E402
from ports import free_port  # noqa: E402
from scene import CLIENTS, Scene  # noqa: E402
from surroundings import Surroundings  # noqa: E402
from waiting import eventually  # noqa: E402
from worker import READING, Tally, Worker  # noqa: E402

LISTENERS = 4
WORK_SECONDS = 2.0
WORK_WITHIN_SECONDS = 60


class TwoGateways(Surroundings):
    name = "two gateways"
    # The notice as deploy/haproxy asks for it.
    options = ("--replicas", "gateway=2", "--set", "gateway.notice_ms=2000")


@dataclass
class Row:
    name: str
    seconds: float = 0
    requests: int = 0
    failed: int = 0      # answers of 5xx and broken connections that came to a user
    commands: int = 0    # acknowledged
    lost: int = 0
    doubled: int = 0
    other: int = 0       # findings of the oracle's other kinds
    longest_ms: int = 0  # that any request took: the longest pause a user saw
    notes: list = field(default_factory=list)


class Site:
    """The working system, for moves."""

    def __init__(self, options):
        self.options = options
        self.scene = Scene(TwoGateways(), options.build.resolve(), options.clients)
        self.gate = Gate()
        self.tally = Tally()
        self.workers, self.listeners, self.rows, self.findings, self.known = [], [], [], [], Counter()
        self.proxy = self.recorder = self.row = None

    @property
    def stack(self):
        return self.scene.stack

    def open(self):
        self.scene.open()
        gateways = [(self.stack.port, self.stack.health_port("gateway")),
                    (self.stack.port + 19, self.stack.health_port("gateway.2"))]
        self.proxy = HAProxy(self.scene.folder / "haproxy", free_port(600), gateways)
        self.recorder = recording.Recorder(self.scene.folder / "recording.jsonl")
        self.workers = [Worker(self.tally, self.proxy, number, self.scene, self.recorder, self.options.seed, self.gate,
                               READING) for number in range(self.options.clients)]
        self.listeners = [
            Listener(self.scene.coordinator, self.tally, (self.proxy.address, self.proxy.context(), f"127.8.9.{number}"))
            for number in range(1, LISTENERS + 1)]
        for one in (*self.workers, *self.listeners):
            one.start()

    # ---- for moves

    def note(self, text):
        self.row.notes.append(text)

    def find(self, text):
        self.row.other += 1
        self.findings.append(f"{self.row.name}: {text}")

    def work(self, seconds=None):
        """Clients go on for a while, and as many commands as they are get done."""
        seconds = self.options.seconds if seconds is None else seconds
        before = self.recorder.total()
        until = time.monotonic() + seconds

        def enough():
            dead = [worker.failure for worker in self.workers if worker.failure]
            assert not dead, f"a client failed: {dead[0]!r}"
            return time.monotonic() >= until and self.recorder.total() >= before + len(self.workers)
        eventually(enough, seconds + WORK_WITHIN_SECONDS, every=0.05, what="clients work")

    def replace(self, process):
        """The old process finishes what it has in hand and stops; a new one takes its place."""
        self.stack.restart(process)
        self.work()

    # ---- a cell

    def play(self, move):
        self.row = Row(move.name)
        self.recorder.cell = move.name
        self.tally.begin()
        started = time.monotonic()
        self.gate.open()
        self.work()
        move.carry_out(self)
        self.work()
        if not self.gate.close(ANSWER_WITHIN_SECONDS + 30):
            self.find("clients do not come to rest")
        self.row.seconds = round(time.monotonic() - started, 1)
        self.judge()
        self.rows.append(self.row)

    def judge(self):
        row = self.row
        evidence_of.wait_settled(self.stack)
        commands, rights, troubles = recording.read(self.recorder.path)
        evidence = evidence_of.collect(self.stack, rights)
        evidence.troubles = troubles
        evidence.reports = {values: self.scene.report(values) for values in ("new", "accepted")}
        found = Counter((one.kind, one.text) for one in oracle.judge(commands, evidence))
        for (kind, text), count in (found - self.known).items():
            name = kind if kind in ("lost", "doubled") else "other"
            setattr(row, name, getattr(row, name) + count)
            self.findings.append(f"{row.name}: {kind}: {text}")
        self.known |= found
        row.requests, row.failed, row.longest_ms = self.tally.requests, self.tally.failed, self.tally.longest_ms
        row.commands = self.recorder.acknowledged_in(row.name)
        self.findings += [f"{row.name}: {text}" for text in self.tally.failures]
        print(f"{row.name}: {row.requests} requests, {row.failed} failed {dict(self.tally.statuses) or ''},"
              f" {row.lost} lost, {row.doubled} doubled, {row.other} other, longest {row.longest_ms} ms,"
              f" {row.seconds} s {'; '.join(row.notes)}", flush=True)

    def compare_streams(self):
        """Once, at the end of all."""
        self.findings += compare(self.listeners, self.scene.coordinator)
        begun = sum(listener.begun for listener in self.listeners)
        print(f"{len(self.listeners)} listeners, {len(self.listeners[0].numbers)} events each, {begun} streams begun")

    def close(self):
        self.gate.end()
        for listener in self.listeners:
            listener.end()
        for worker in self.workers:
            worker.join(ANSWER_WITHIN_SECONDS + 30)
        if self.recorder:
            self.recorder.close()
        if self.proxy:
            self.proxy.close()
        if self.stack:
            self.findings += [f"a sanitizer wrote: {line}" for line in self.stack.trouble()]
        self.scene.close()


def table(rows):
    fields = [name for name in asdict(Row("")) if name != "notes"]
    texts = [[name.replace("_", " ") for name in fields], *([str(row[name]) for name in fields] for row in rows)]
    widths = [max(len(row[i]) for row in texts) for i in range(len(fields))]
    lines = ["  ".join(text.ljust(width) if i == 0 else text.rjust(width)
                       for i, (text, width) in enumerate(zip(row, widths))).rstrip() for row in texts]
    return "\n".join(lines + [f"{row['name']}: {note}" for row in rows for note in row["notes"]])


def parse():
    parser = argparse.ArgumentParser(prog="scripts/scale", description=__doc__.splitlines()[0])
    names = [move.name for move in moves.all_moves()]
    parser.add_argument("--only", default=",".join(names), help="of: " + ", ".join(names))
    parser.add_argument("--clients", type=int, default=CLIENTS, help="a multiple of 8 (default %(default)s)")
    parser.add_argument("--seconds", type=float, default=WORK_SECONDS, help="of work after each step (default %(default)s)")
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--report", type=pathlib.Path, default=ROOT / "build" / "reports" / "scale.json")
    options = parser.parse_args()
    unknown = set(options.only.split(",")) - set(names)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}")
    return options


def main():
    options = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    started = time.monotonic()
    site = Site(options)
    try:
        site.open()
        for move in moves.all_moves():
            if move.name in options.only.split(","):
                site.play(move)
        site.compare_streams()
    finally:
        site.close()
    rows = [asdict(row) for row in site.rows]
    print(table(rows))
    for finding in site.findings[:40]:
        print(finding)
    bad = sum(row["failed"] + row["lost"] + row["doubled"] + row["other"] for row in rows) + len(site.findings)
    print(f"{options.clients} clients, {round(time.monotonic() - started)} s, seed {options.seed}")
    report = {"seed": options.seed, "clients": options.clients, "rows": rows, "findings": site.findings[:200]}
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.exit(1 if bad or not rows else 0)


if __name__ == "__main__":
    main()
