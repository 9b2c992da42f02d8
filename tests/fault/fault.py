#!/usr/bin/python3
"""Kills every process of a working system in turn and counts what went wrong. scripts/fault calls it.

Writes <reports>/fault.json and prints a table; fails when anything was lost, doubled, invented, disordered, seen
without a right or reported wrongly, or when too little was acknowledged to say so.
"""
import argparse
import json
import pathlib
import secrets
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "fault")]

import evidence as evidence_of  # noqa: E402
import oracle  # noqa: E402
import recorder as recording  # noqa: E402
from client import ANSWER_WITHIN_SECONDS, Client  # noqa: E402
from conductor import CELLS, Conductor, fill_in  # noqa: E402
from scene import CLIENTS, Scene  # noqa: E402

COMMANDS = 2000
PER_CELL = 100
SHOWN_FINDINGS = 20
# Names of the figures in the report, by the oracle's kinds.
FIGURES = {"lost": "lost", "doubled": "doubled", "phantom": "phantom", "out_of_order": "out_of_order",
           "rights": "rights_violations", "reports": "reports_differ", "answers": "answers_differ",
           "unexplained": "unexplained"}


class Run:
    def __init__(self, seed, commands, cells, build, keep=False, say=print):
        self.seed = seed
        self.commands = commands
        self.names = cells
        self.say = say
        self.scene = Scene(build, keep)
        self.cells = []
        self.stop = threading.Event()

    def execute(self):
        """The report, with the findings' texts in it."""
        started = time.monotonic()
        try:
            self.say(f"seed {self.seed}")
            self.scene.open()
            self.say(f"system, {CLIENTS} schools and their people ready after {time.monotonic() - started:.1f} s")
            recorder = recording.Recorder(self.scene.folder / "recording.jsonl")
            self.work(recorder)
            recorder.close()
            settled = evidence_of.wait_settled(self.scene.stack)
            return self.judge(recorder.path, settled, time.monotonic() - started)
        finally:
            self.scene.close()

    def work(self, recorder):
        clients = [Client(number, self.scene, recorder, self.seed, self.stop) for number in range(CLIENTS)]
        per_cell = max(PER_CELL, -(-self.commands // len(self.names)))
        conductor = Conductor(self.scene, recorder, clients, self.seed, per_cell)
        for client in clients:
            client.start()
        try:
            for name, label in self.labelled():
                self.cells.append(conductor.run(name, label))
                self.say(f"{label}: answered again {self.cells[-1].recovery_ms} ms after the kill,"
                         f" {recorder.total()} commands acknowledged so far")
        finally:
            self.stop.set()
            for client in clients:
                client.join(ANSWER_WITHIN_SECONDS + 30)
            conductor.close()
        failed = [client for client in clients if client.failure or client.is_alive()]
        if failed:
            raise SystemExit(f"{failed[0].name} failed: {failed[0].failure!r}")

    def labelled(self):
        """(process, name of its cell): the second time a process comes its cell is called process#2."""
        for index, name in enumerate(self.names):
            turn = self.names[:index + 1].count(name)
            yield name, name if turn == 1 else f"{name}#{turn}"

    def judge(self, path, settled, seconds):
        commands, rights = recording.read(path)
        evidence = evidence_of.collect(self.scene.stack, rights)
        evidence.reports = {values: self.scene.report(values) for values in ("new", "accepted")}
        findings = oracle.judge(commands, evidence)
        report = {"acknowledged": sum(command.is_done for command in commands.values())}
        report |= {name: sum(finding.kind == kind for finding in findings) for kind, name in FIGURES.items()}
        report |= {"seed": self.seed, "refused": sum(command.is_refused for command in commands.values()),
                   "asked_without_right": len(rights), "events": sum(evidence.head(one) for one in evidence.streams),
                   "settled": settled, "sanitizers": self.scene.stack.trouble(), "seconds": round(seconds),
                   "cells": fill_in(self.cells, commands, findings)}
        report["findings"] = [finding._asdict() for finding in findings[:200]]
        return report


def is_good(report, commands=COMMANDS):
    return all(report[name] == 0 for name in FIGURES.values()) and report["acknowledged"] >= commands \
        and not report["sanitizers"] \
        and all(cell["acknowledged"] >= PER_CELL for cell in report["cells"])


def table(report):
    columns = list(report["cells"][0]) if report["cells"] else []
    rows = [columns, *[[str(cell[name]) for name in columns] for cell in report["cells"]]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(columns))]
    lines = ["  ".join(text.ljust(width) if i == 0 else text.rjust(width)
                       for i, (text, width) in enumerate(zip(row, widths))) for row in rows]
    totals = ", ".join(f"{name} {report[name]}" for name in ["acknowledged", *FIGURES.values()])
    lines += ["", totals, f"refused {report['refused']}, asked without a right {report['asked_without_right']},"
              f" events {report['events']}, {report['seconds']} s, seed {report['seed']}"]
    lines += [f"{finding['kind']} [{finding['cell']}]: {finding['text']}"
              for finding in report["findings"][:SHOWN_FINDINGS]]
    lines += report["sanitizers"]
    return "\n".join(lines)


def parse(arguments):
    parser = argparse.ArgumentParser(prog="scripts/fault", description=__doc__.splitlines()[0])
    parser.add_argument("--commands", type=int, default=COMMANDS, help="acknowledged at least (default %(default)s)")
    parser.add_argument("--cells", default=",".join(CELLS), help="which processes, in this order (default: all)")
    parser.add_argument("--rounds", type=int, default=1, help="how often each is killed (default %(default)s)")
    parser.add_argument("--seed", default=None, help="of a run to look at again (default: a new one)")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--report", type=pathlib.Path, default=ROOT / "build" / "reports" / "fault.json")
    parser.add_argument("--keep", action="store_true", help="leave the system running afterwards")
    options = parser.parse_args(arguments)
    options.cells = options.cells.split(",")
    unknown = set(options.cells) - set(CELLS)
    if unknown:
        parser.error(f"unknown cells: {', '.join(sorted(unknown))}; there are {', '.join(CELLS)}")
    return options


def main():
    options = parse(None)
    seed = options.seed or secrets.token_hex(4)
    report = Run(seed, options.commands, options.cells * options.rounds, options.build, options.keep).execute()
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(table(report))
    print(f"written to {options.report}")
    sys.exit(0 if is_good(report, options.commands) else 1)


if __name__ == "__main__":
    main()
