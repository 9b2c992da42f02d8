#!/usr/bin/python3
"""Thousands of clients that hang up at every stage of a request, and what they leave behind. scripts/hang-ups calls it.

Writes <reports>/hang-ups.json and prints two tables; fails when anything was left, when an ordinary request was not
answered afterwards, or when a command whose client was gone was done twice or by halves.
"""
import argparse
import itertools
import json
import pathlib
import random
import secrets
import signal
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "hangups")]

import stages  # noqa: E402
from residue import NOTHING_OF, Residue, Round  # noqa: E402
from scene import Scene, cut  # noqa: E402
from slow import SlowOnes  # noqa: E402
from stack import PROCESSES  # noqa: E402
from vekha_client import Problem  # noqa: E402

CLIENTS = 6400
ROUNDS = 8
AT_ONCE = 24
PEOPLE = 24
SLOW_SECONDS = 25
GROWTH_KIB = 1024  # the allocator's own ups and downs
STREAMS_OF_ACCOUNT = 8
TROUBLE = (OSError, Problem)


class Run:
    def __init__(self, scene, options):
        self.scene = scene
        self.options = options
        self.random = random.Random(options.seed)
        self.cuts = Counter()   # (stage, way, how) -> clients
        self.refused = Counter()
        self.rounds = []
        self.findings = []
        self.done, self.halves = [], []  # commands whose client was gone before the answer, before the end
        self.residue = Residue(scene.stack, scene.proxy, [name for name in PROCESSES if name != "gateway"])

    def find(self, text):
        self.findings.append(text)

    # ---- a round

    def plan(self, count):
        """Each stage on each way with FIN and with RST equally often, mixed."""
        kinds = list(itertools.product(stages.QUICK, self.scene.ways, (False, True)))
        planned = [kinds[number % len(kinds)] for number in range(count)]
        self.random.shuffle(planned)
        return planned

    def hang_up(self, number, stage, way, with_reset):
        person = self.scene.people[number % len(self.scene.people)]
        label = (stage.__name__, way.name, "RST" if with_reset else "FIN")
        connection = None
        try:
            connection = way.connect()
            stage(self.scene, connection, person)
        except TROUBLE:
            self.refused[label] += 1
        finally:
            if connection:
                cut(connection, with_reset)
            self.cuts[label] += 1

    def play(self, number, count):
        row = Round(number)
        refused = self.refused.total()
        slow = SlowOnes(self.scene, self.options.slow, number)
        with ThreadPoolExecutor(AT_ONCE) as pool:
            for done in [pool.submit(self.hang_up, i, *what) for i, what in enumerate(self.plan(count))]:
                done.result()
        slow.end(self.options.slow_seconds)
        for label, clients in slow.clients.items():
            self.cuts[label] += clients
        row.clients = count + slow.clients.total()
        row.refused = self.refused.total() - refused
        # The first two rounds are the measure: what is made once and kept is there then.
        least = self.rounds[1] if len(self.rounds) > 1 else None
        self.residue.settle(row, least)
        self.scene.end_uploads()
        self.ask_ordinary(row)
        self.ask_again()
        self.rounds.append(row)
        self.judge(row, least)

    def ask_ordinary(self, row):
        """What people ask all day; the gateway answers 504 itself when a service is over its deadline."""
        questions = [("/api/v1/session", None), ("/api/v1/assignments", {"limit": 500}),
                     ("/api/v1/notifications", None)]
        for way in self.scene.ways:
            for person, (path, query) in itertools.product([*self.scene.people[:4], self.scene.operator], questions):
                if person is self.scene.operator and path.endswith("assignments"):
                    path = "/api/v1/queue"
                self.ask_one(row, person, way, path, query)

    def ask_one(self, row, person, way, path, query):
        started = time.monotonic()
        with person.clone() as client:
            client.go_to(f"http://127.0.0.1:{way.port}", None)
            if way.context:
                client.go_to(self.scene.proxy.address, way.context, way.source())
            try:
                status = client.ask("GET", path, query=query).status
            except OSError as error:
                status = repr(error)
        row.asked += 1
        row.slowest_ms = max(row.slowest_ms, round((time.monotonic() - started) * 1000))
        if status != 200:
            row.not_answered += 1
            self.find(f"round {row.number}: {path} through {way.name} was answered {status}")

    def ask_again(self):
        """Half of the commands that were cut off are asked for again; the other half stays as it is."""
        taken, self.scene.perhaps = self.scene.perhaps, []
        for number, save in enumerate(taken):
            save.is_asked_again = number % 2 == 0
            if save.is_asked_again:
                try:
                    steps = self.scene.ask_again(save)
                    if steps != 1:
                        self.find(f"save {save.key}, asked for again, made {steps} versions")
                    self.scene.put_back(save, steps)
                except Problem as problem:
                    self.find(f"save {save.key}, asked for again, was answered {problem}")
        self.done += taken
        for save in self.scene.never:
            self.scene.put_back(save, 0)
        self.halves += self.scene.never
        self.scene.never = []

    # ---- what it has come to

    def judge(self, row, least):
        for name in ("left_connections", *NOTHING_OF):
            if getattr(row, name) > 0:
                self.find(f"round {row.number} left {getattr(row, name)} {name.replace('_', ' ')}")
        if least and row.own_descriptors > least.own_descriptors:
            self.find(f"round {row.number} left {row.own_descriptors} descriptors in the gateway, round {least.number}"
                      f" {least.own_descriptors}")

    def judge_memory(self):
        """Later rounds against earlier ones; the first fills what is kept for the next request."""
        if len(self.rounds) < 5:
            return
        middle = len(self.rounds) // 2
        before = max(row.gateway_kib for row in self.rounds[1:middle + 1])
        after = min(row.gateway_kib for row in self.rounds[middle + 1:])
        if after > before + GROWTH_KIB:
            self.find(f"the gateway has grown from {before} to {after} KiB")

    def judge_commands(self):
        rows = self.scene.stack.rows("submissions", "SELECT comment, count(*) AS count FROM history"
                                     " WHERE act = 'saved' GROUP BY comment")
        counts = {row["comment"]: row["count"] for row in rows}
        for save in self.done:
            count = counts.pop(save.key, 0)
            if count > 1 or (save.is_asked_again and count != 1):
                self.find(f"save {save.key} was carried out {count} times"
                          f"{' and asked for again' if save.is_asked_again else ''}")
        for save in self.halves:
            if counts.pop(save.key, 0):
                self.find(f"save {save.key} was carried out though it never came whole")
        for comment in counts:
            self.find(f"save {comment} was carried out and nobody asked for it")

    def judge_streams(self):
        """Closed streams of an account take nobody's place: all are opened again at once."""
        if self.scene.streams["429"]:
            self.find(f"{self.scene.streams['429']} streams were too many, though no account had eight")
        person = self.scene.people[0].clone()
        for number in range(20):
            streams = []
            try:
                for _ in range(STREAMS_OF_ACCOUNT):
                    streams.append(person.watch(0))
            except Problem as problem:
                self.find(f"time {number + 1}, stream {len(streams) + 1} of an account that had closed all: {problem}")
                return
            finally:
                for stream in streams:
                    cut(stream.connection.sock, number % 2 == 1)
                    stream.close()

    def execute(self):
        started = time.monotonic()
        share = -(-self.options.clients // self.options.rounds)
        for number in range(1, self.options.rounds + 1):
            self.play(number, share)
            row = self.rounds[-1]
            print(f"round {number}: {row.clients} clients, {row.refused} not brought so far, quiet after"
                  f" {row.quiet_ms} ms, gateway {row.gateway_kib} KiB, {time.monotonic() - started:.0f} s", flush=True)
        self.judge_streams()
        self.judge_memory()
        self.judge_commands()
        self.findings += [f"a sanitizer wrote: {line}" for line in self.scene.stack.trouble()]
        endings = Counter(f"{status} {ending}" for status, ending in self.scene.proxy.endings())
        return {"seed": self.options.seed, "seconds": round(time.monotonic() - started),
                "clients": sum(row.clients for row in self.rounds), "commands_cut": len(self.done),
                "never_whole": len(self.halves), "cuts": [[*label, count] for label, count in sorted(self.cuts.items())],
                "proxy": dict(endings), "rounds": [asdict(row) for row in self.rounds],
                "findings": self.findings[:200]}


def print_table(heads, rows):
    texts = [[str(cell) for cell in row] for row in [heads, *rows]]
    widths = [max(len(row[i]) for row in texts) for i in range(len(heads))]
    for row in texts:
        print("  ".join(text.ljust(width) if i == 0 else text.rjust(width)
                        for i, (text, width) in enumerate(zip(row, widths))).rstrip())
    print()


def print_report(report):
    columns = [(way, how) for way in ("gateway", "HAProxy") for how in ("FIN", "RST")]
    cuts = {tuple(label): count for *label, count in report["cuts"]}
    names = [stage.__name__ for stage in stages.QUICK + stages.SLOW]
    print_table(["hung up", *(" ".join(column) for column in columns)],
                [[name.replace("_", " "), *(cuts.get((name, *column), 0) for column in columns)] for name in names])
    fields = [name for name in asdict(Round()) if name != "number"]
    print_table(["after round", *(name.replace("_", " ") for name in fields)],
                [[row["number"], *(row[name] for name in fields)] for row in report["rounds"]])
    print(f"{report['clients']} clients, {report['commands_cut']} commands cut off before their answer,"
          f" {report['never_whole']} in their middle; {report['seconds']} s, seed {report['seed']}")
    for finding in report["findings"][:30]:
        print(finding)
    print(f"{len(report['findings'])} findings")


def parse():
    parser = argparse.ArgumentParser(prog="scripts/hang-ups", description=__doc__.splitlines()[0])
    parser.add_argument("--clients", type=int, default=CLIENTS, help="beside the slow ones (default %(default)s)")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="memory is compared from five on (default %(default)s)")
    parser.add_argument("--slow", type=int, default=40, help="slow clients a round and way (default %(default)s)")
    parser.add_argument("--slow-seconds", type=float, default=SLOW_SECONDS, help="how long at most (default %(default)s)")
    parser.add_argument("--people", type=int, default=PEOPLE, help="a school each (default %(default)s)")
    parser.add_argument("--seed", default=secrets.token_hex(4))
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    parser.add_argument("--report", type=pathlib.Path, default=ROOT / "build" / "reports" / "hang-ups.json")
    return parser.parse_args()


def main():
    options = parse()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    with tempfile.TemporaryDirectory(prefix="vekha-hang-ups-") as folder:
        pathlib.Path(folder).chmod(0o711)
        scene = Scene(folder, options.build.resolve(), options.people)
        try:
            report = Run(scene.open(), options).execute()
        finally:
            scene.close()
    print_report(report)
    options.report.parent.mkdir(parents=True, exist_ok=True)
    options.report.write_text(json.dumps(report, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    sys.exit(1 if report["findings"] else 0)


if __name__ == "__main__":
    main()
