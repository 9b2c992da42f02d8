#!/usr/bin/python3
"""The fault matrix: one thing after another goes wrong in a working system, and an oracle counts. scripts/fault calls it.

Writes <reports>/fault.json with a row per cell and prints a table; fails when anything was lost, doubled, invented,
disordered, seen without a right or reported wrongly, when service was not back in time, or when a cell did not run.
"""
import argparse
import json
import os
import pathlib
import secrets
import shutil
import signal
import sys
import time
from collections import Counter
from dataclasses import asdict
from itertools import groupby

import psycopg2

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "fault")]

import cells as cells_of  # noqa: E402
import crash_points  # noqa: E402
import evidence as evidence_of  # noqa: E402
import oracle  # noqa: E402
import recorder as recording  # noqa: E402
import surroundings  # noqa: E402
from client import ANSWER_WITHIN_SECONDS, Client  # noqa: E402
from conductor import Conductor, NotRecovered, Row  # noqa: E402
from gate import Gate  # noqa: E402
from scene import CLIENTS, Scene  # noqa: E402
from stack import StackError  # noqa: E402
from vekha_client import Problem  # noqa: E402
from waiting import NotInTime  # noqa: E402

PER_CELL = 300
SHOWN_FINDINGS = 30
# Columns of the table, by the oracle's kinds.
FIGURES = {"lost": "lost", "doubled": "doubled", "phantom": "phantom", "out_of_order": "out_of_order",
           "rights": "rights_violations", "reports": "reports_differ", "answers": "answers_differ",
           "unexplained": "unexplained", "wordless": "wordless"}
FAILURES = (NotRecovered, NotInTime, StackError, surroundings.CannotRunHere, Problem, OSError, psycopg2.Error)


class Play:
    """Some cells one after the other on one system, each judged before the next begins."""

    def __init__(self, run, setting, todo):
        self.run = run
        self.todo = todo
        self.scene = Scene(surroundings.ALL[setting](), run.build, run.client_count, run.keep)
        self.gate = Gate()
        self.clients = []
        self.conductor = None
        self.recorder = None
        self.known = Counter()
        self.letters_forgiven = 0

    def execute(self):
        """Rows of the cells that ended; what is left over begins anew on a fresh system."""
        try:
            started = time.monotonic()
            self.scene.open()
            self.run.say(f"{self.scene.surroundings.name}: system and {self.run.client_count} schools ready after"
                         f" {time.monotonic() - started:.1f} s")
            self.recorder = recording.Recorder(self.scene.folder / "recording.jsonl")
            self.start_clients()
            while self.todo:
                self.play(self.todo.pop(0))
        except FAILURES:
            if self.scene.stack:
                self.run.keep_logs(self.scene.stack)
            raise
        finally:
            self.end()

    def start_clients(self):
        emphasis = {}
        self.clients = [Client(number, self.scene, self.recorder, self.run.seed, self.gate, emphasis)
                        for number in range(self.run.client_count)]
        self.conductor = Conductor(self.scene, self.recorder, self.clients, self.gate, emphasis, self.run.seed,
                                   self.run.per_cell)
        for client in self.clients:
            client.start()

    def play(self, cell):
        started = time.monotonic()
        row = self.conductor.run(cell)
        self.letters_forgiven += cell.fault.letters_at_risk
        self.judge(cell, row)
        self.run.rows.append(row)
        self.run.say(f"{cell.name}: {row.acknowledged} acknowledged, recovery {row.recovery_ms} ms,"
                     f" {sum(getattr(row, name) for name in FIGURES.values())} findings,"
                     f" {time.monotonic() - started:.1f} s")

    def judge(self, cell, row):
        evidence_of.wait_settled(self.scene.stack)
        commands, rights, troubles = recording.read(self.recorder.path)
        evidence = evidence_of.collect(self.scene.stack, rights)
        evidence.troubles = troubles
        evidence.letters_forgiven = self.letters_forgiven
        evidence.reports = {values: self.scene.report(values) for values in ("new", "accepted")}
        found = oracle.judge(commands, evidence)
        # What an earlier cell has spoilt is counted there.
        fresh = Counter((finding.kind, finding.text) for finding in found) - self.known
        self.known |= Counter((finding.kind, finding.text) for finding in found)
        for (kind, text), count in fresh.items():
            setattr(row, FIGURES[kind], getattr(row, FIGURES[kind]) + count)
            self.run.findings.append({"kind": kind, "cell": cell.name, "text": text})
        mine = [command for command in commands.values() if command.cell == cell.name]
        done = [command for command in mine if command.is_done]
        row.acknowledged = len(done)
        row.repeated = sum(command.attempts > 1 for command in done)
        row.longest_ms = round(max((command.milliseconds for command in done), default=0))
        row.troubles = sum(line["cell"] == cell.name for line in troubles)
        row.letters_repeated = evidence.letters_repeated - self.run.letters_repeated
        self.run.letters_repeated = evidence.letters_repeated

    def end(self):
        self.gate.end()
        for client in self.clients:
            client.join(ANSWER_WITHIN_SECONDS + 30)
        if self.conductor:
            self.conductor.close()
        if self.recorder:
            self.run.commands += self.recorder.total()
            self.recorder.close()
        if self.scene.stack:
            self.run.sanitizers += self.scene.stack.trouble()
        self.scene.close()


class Run:
    def __init__(self, seed, todo, build, per_cell=PER_CELL, client_count=CLIENTS, keep=False, say=print):
        self.seed = seed
        self.todo = todo
        self.build = pathlib.Path(build)
        self.per_cell = per_cell
        self.client_count = client_count
        self.keep = keep
        self.say = say
        self.rows = []
        self.findings = []
        self.sanitizers = []
        self.commands = 0
        self.letters_repeated = 0
        self.logs = ROOT / "build" / "reports" / "fault-logs"

    def execute(self):
        """The report."""
        started = time.monotonic()
        self.say(f"seed {self.seed}")
        for setting, group in groupby(self.todo, key=lambda cell: cell.setting):
            todo = list(group)
            while todo:
                self.letters_repeated = 0
                self.play(Play(self, setting, todo), setting)
        report = {"acknowledged": sum(row.acknowledged for row in self.rows)}
        report |= {name: sum(getattr(row, name) for row in self.rows) for name in FIGURES.values()}
        return report | {"seed": self.seed, "clients": self.client_count, "seconds": round(time.monotonic() - started),
                         "sanitizers": self.sanitizers, "late": [row.cell for row in self.rows if not row.is_in_time],
                         "not_run": [row.cell for row in self.rows if row.not_run],
                         "cells": [asdict(row) for row in self.rows], "findings": self.findings[:200]}

    def play(self, play, setting):
        """A cell that fails spoils its system: the rest goes on with a new one."""
        todo = play.todo
        cell = todo[0]
        ended = len(self.rows)
        left = list(todo)
        try:
            play.execute()
        except FAILURES as error:
            if len(self.rows) - ended == len(left):
                raise
            cell = left[len(self.rows) - ended]
            todo[:] = left[len(self.rows) - ended + 1:]
            self.say(f"{cell.name} ({setting}) did not run to its end: {error}")
            self.rows.append(Row(cell.name, not_run=str(error)))

    def keep_logs(self, stack):
        """Of a cell that failed, before its system is taken away."""
        shutil.rmtree(self.logs, ignore_errors=True)
        shutil.copytree(stack.folder / "log", self.logs)


def is_good(report, in_time=True):
    return all(report[name] == 0 for name in FIGURES.values()) and not report["sanitizers"] \
        and not report["not_run"] and report["cells"] and not (in_time and report["late"])


def table(report):
    columns = [name for name in asdict(Row("")) if name != "not_run"]
    shown = [[str(row[name]) for name in columns] for row in report["cells"] if not row["not_run"]]
    heads = [name.removesuffix("_ms") + (" ms" if name.endswith("_ms") else "") for name in columns]
    widths = [max(len(row[i]) for row in [heads, *shown]) for i in range(len(columns))]
    lines = ["  ".join(text.ljust(width) if i == 0 else text.rjust(width)
                       for i, (text, width) in enumerate(zip(row, widths))) for row in [heads, *shown]]
    totals = ", ".join(f"{name} {report[name]}" for name in ["acknowledged", *FIGURES.values()])
    lines += ["", totals, f"{len(shown)} cells, {report['clients']} clients, {report['seconds']} s, seed {report['seed']}"]
    lines += [f"{one['kind']} [{one['cell']}]: {one['text']}" for one in report["findings"][:SHOWN_FINDINGS]]
    lines += [f"too late: {name}" for name in report["late"]]
    lines += [f"not run: {row['cell']}: {row['not_run']}" for row in report["cells"] if row["not_run"]]
    return "\n".join([*lines, *report["sanitizers"]])


def parse(arguments):
    parser = argparse.ArgumentParser(prog="scripts/fault", description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="*", help="cells, patterns or settings, separated by commas (default: all)")
    parser.add_argument("--list", action="store_true", help="the names of all cells")
    parser.add_argument("--per-cell", type=int, default=PER_CELL, help="acknowledged commands (default %(default)s)")
    parser.add_argument("--clients", type=int, default=CLIENTS, help="a multiple of 8 (default %(default)s)")
    parser.add_argument("--seed", default=None, help="of a run to look at again (default: a new one)")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "fault")
    parser.add_argument("--report", type=pathlib.Path, default=ROOT / "build" / "reports" / "fault.json")
    parser.add_argument("--add", action="store_true", help="keep the report's rows of other cells")
    parser.add_argument("--keep", action="store_true", help="leave the system running afterwards")
    options = parser.parse_args(arguments)
    try:
        options.cells = cells_of.choose(options.only.split(","))
    except ValueError as error:
        parser.error(str(error))
    return options


def enter_namespace():
    """The network's cells cut cables: all of it happens in a namespace that has none to the outside."""
    if os.environ.get("VEKHA_FAULT_NAMESPACE"):
        return
    os.environ["VEKHA_FAULT_NAMESPACE"] = "1"
    script = 'ip link set lo up && exec "$@"'
    line = ["unshare", "-n", "--", "sh", "-c", script, "sh", sys.executable, "-B", *sys.argv]
    os.execvp(line[0], line)


def main():
    options = parse(None)
    if options.list:
        print("\n".join(f"{cell.setting:9} {cell.name}" for cell in options.cells))
        return
    if not crash_points.are_in(options.build):
        raise SystemExit(f"{options.build} has no crash points: cmake --preset fault && cmake --build --preset fault")
    if any(cell.setting == "network" for cell in options.cells) and os.geteuid() == 0:
        enter_namespace()
    # Whoever ends it early gets the machine back as it was.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    seed = options.seed or secrets.token_hex(4)
    report = Run(seed, options.cells, options.build.resolve(), options.per_cell, options.clients, options.keep).execute()
    print(table(report))
    if options.add and options.report.exists():
        report = add(json.loads(options.report.read_text(encoding="utf-8")), report)
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"written to {options.report}")
    sys.exit(0 if is_good(report) else 1)


def add(before, report):
    """One report of two runs: the later row of a cell counts."""
    fresh = {row["cell"] for row in report["cells"]}
    rows = [row for row in before["cells"] if row["cell"] not in fresh] + report["cells"]
    merged = {**report, "cells": rows, "seconds": before["seconds"] + report["seconds"],
              "findings": [one for one in before["findings"] if one["cell"] not in fresh] + report["findings"]}
    for name in ("acknowledged", *FIGURES.values()):
        merged[name] = sum(row[name] for row in rows)
    merged["sanitizers"] = before["sanitizers"] + report["sanitizers"]
    for name in ("late", "not_run"):
        merged[name] = [one for one in before[name] if one not in fresh] + report[name]
    return merged


if __name__ == "__main__":
    main()
