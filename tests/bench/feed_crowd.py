#!/usr/bin/python3
"""A crowd of the feed's subscribers over ZeroMQ beside the streams over HTTP: what reaches them, when, and what it costs.

Three slices of the same sending: streams alone, with the crowd, with the crowd of whom some stand still (SIGSTOP). An
event's age counts from its own moment, as in bench_events.py. scripts/feed-crowd calls it."""
import argparse
import collections
import contextlib
import json
import os
import pathlib
import resource
import signal
import subprocess

import zmq

import bench_events
from bench_acts import acts_of
from harness import ROOT, Bench, last_json, run, say
from usage import memory_kib

PROCESSES, STUCK = 5, 20
REGIONAL = 100  # subscribers of the whole region; the others are municipalities'


def make_keys(bench, count):
    """[(pair, territory)]: each municipality one, the region as many as its share of the subscribers."""
    territories = [one.code for one in bench.region.municipalities]
    per_region = max(1, count // REGIONAL)
    keys = []
    for number in range(max(1, count // per_region)):
        territory = bench.region.code if number == 0 else territories[number % len(territories)]
        pair = [half.decode() for half in zmq.curve_keypair()]
        bench.world.administrator.post("/api/v1/feed/keys", {"name": f"Витрина {number}", "territory": territory,
                                                             "publicKey": pair[0]})
        keys.append((pair, territory))
    return keys


class Crowd:
    def __init__(self, bench, count):
        door = bench.world.administrator.get("/api/v1/feed/keys")
        self.keys = make_keys(bench, count)
        self.count = count
        self.file = bench.folder / "feed-keys"
        self.file.write_text("".join(f"{pair[0]} {pair[1]} {territory}\n" for pair, territory in self.keys))
        self.program = [bench.program("bench_feed_clients"), door["addresses"][0], door["serverKey"], self.file]
        self.shares = [(first, len(range(first, min(first + -(-count // PROCESSES), count))))
                       for first in range(0, count, -(-count // PROCESSES))]

    def start(self, first, count):
        process = subprocess.Popen([str(part) for part in [*self.program, first, count]], stdin=subprocess.PIPE,
                                   stdout=subprocess.PIPE, text=True)
        if process.stdout.readline() != "ready\n":
            raise SystemExit("the subscribers do not begin")
        return process

    @contextlib.contextmanager
    def here(self):
        processes = []
        try:
            for first, count in self.shares:
                processes.append(self.start(first, count))
            yield processes
        finally:
            for process in processes:
                process.kill()
                process.wait()

    def expected(self, paths):
        """Of each process: deliveries of these events."""
        per_territory = {territory: sum(count for path, count in paths.items()
                                        if path == territory or path.startswith(territory + "."))
                         for _, territory in self.keys}
        per_key = [per_territory[territory] for _, territory in self.keys]
        return [sum(per_key[number % len(per_key)] for number in range(first, first + count))
                for first, count in self.shares]


def ask_readers(reader, awaited):
    reader.stdin.write(f"{awaited}\n")
    reader.stdin.flush()


def slice_of(bench, acts, streams, readers, crowd, members, rate):
    acts.bring_to("ready")
    targets = acts.ready_answers()
    acts.settle()
    since = bench.stack.value("reporting", "SELECT coalesce(max(number), 0) FROM history")
    with bench.usage() as used:
        sent = last_json(run(bench.program("bench_paced_submits"), bench.port, rate, rate * bench.seconds, targets))
        acts.settle()
    paths = collections.Counter({row["path"]: row["count"] for row in bench.stack.rows(
        "reporting", "SELECT path, count(*) FROM history WHERE number > %s GROUP BY path", since)})
    ask_readers(readers, bench_events.expected(bench, streams, since))
    results = []
    awaited = crowd.expected(paths) if members else []
    for member, count in zip(members, awaited):
        ask_readers(member, count)
    results = [json.loads(member.stdout.readline()) for member in members]
    sse = json.loads(readers.stdout.readline())
    cpu = {name: round(seconds / bench.seconds, 2) for name, seconds in used.cpu.items()}
    return {"sent": sent, "sse": sse, "feed": results, "feed_expected": sum(awaited), "cpu": cpu,
            "reporting_mib": memory_kib(bench.stack.pid("reporting"))[0] / 1024}


def tell(name, one):
    deliveries = sum(result["deliveries"] for result in one["feed"])
    say(f"{name}: sends p99 {one['sent']['p99_us'] / 1000:.1f} ms, refused {one['sent']['refused']};"
        f" streams p50 {one['sse']['p50_ms']} p99 {one['sse']['p99_ms']} ms, ended {one['sse']['ended']};"
        f" reporting {one['reporting_mib']:.1f} MiB, CPU {one['cpu'].get('reporting')}")
    if one["feed"]:
        worst = {key: max(result[key] for result in one["feed"]) for key in ("p50_ms", "p99_ms", "max_ms")}
        say(f"  feed: {deliveries} of {one['feed_expected']} deliveries, foreign"
            f" {sum(result['foreign'] for result in one['feed'])}, out of order"
            f" {sum(result['disordered'] for result in one['feed'])};"
            f" p50 {worst['p50_ms']} p99 {worst['p99_ms']} max {worst['max_ms']} ms (the slowest process)")


def measure(bench, options):
    acts = acts_of(bench)
    bench_events.STREAMS = options.streams
    streams = bench_events.tokens(bench, acts)
    crowd = Crowd(bench, options.subscribers)
    result = {}
    with bench_events.open_streams(bench, streams) as readers:
        def one(name, members):
            result[name] = slice_of(bench, acts, streams, readers, crowd, members, options.rate)
            tell(name, result[name])
        one("streams alone", [])
        with crowd.here() as members:
            say(f"{options.subscribers} subscribers are connected")
            one("with the crowd", members)
            stuck = crowd.start(0, STUCK)
            stuck.send_signal(signal.SIGSTOP)
            try:
                one(f"{STUCK} of them stand still", members)
            finally:
                stuck.kill()
                stuck.wait()
        return result


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=str(ROOT / "build" / "release"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("VEKHA_PORT", "8074")) + 300)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--subscribers", type=int, default=10000)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--rate", type=int, default=20, help="answers sent a second")
    parser.add_argument("--folder", required=True)
    parser.add_argument("--report", default=str(ROOT / "build" / "reports" / "feed-crowd.json"))
    options = parser.parse_args()
    options.only, options.pairs = "", 1
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    bench = Bench(options)
    try:
        bench.open_stack()
        bench.stack.configure("--feed")
        result = measure(bench, options)
    finally:
        bench.close()
    path = pathlib.Path(options.report)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1) + "\n")


if __name__ == "__main__":
    main()
