"""What all figures share: the stack and its people, slices of wrk and pgbench, CPU and WAL over a slice, the pairs."""
import json
import pathlib
import re
import resource
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import builders  # noqa: E402
from stack import PROCESSES, Stack  # noqa: E402
from usage import Usage  # noqa: E402

HERE = pathlib.Path(__file__).parent
MUNICIPALITIES = 42
SCHOOLS = 84
ITEMS = 40
DATABASE_CONNECTIONS = 400  # 256 clients of pgbench beside the services' own


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode != 0 or done.stderr:
        print(done.stderr, file=sys.stderr)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} failed")
    return done.stdout


def last_json(text):
    return json.loads(text.strip().splitlines()[-1])


def say(text):
    print(text, file=sys.stderr, flush=True)


class Bench:
    """Opened once; the families of figures get it as their first argument."""

    def __init__(self, arguments):
        self.build = pathlib.Path(arguments.build)
        self.port = arguments.port
        self.pairs = arguments.pairs
        self.seconds = arguments.seconds
        self.folder = pathlib.Path(arguments.folder)
        self.wanted = {name for name in arguments.only.split(",") if name}
        self.figures = {}
        self.coordinators = {}
        self.world = None

    # ---- figures

    def wants(self, *names):
        return not self.wanted or any(name in self.wanted for name in names)

    def add(self, name, ours, limit, unit, target, ratio=None, **more):
        """ratio: the median of the pairs' ratios where there are pairs."""
        ratio = ratio if ratio is not None else (ours / limit if limit else None)

        def rounded(value):
            if isinstance(value, float):
                return round(value, 3)
            if isinstance(value, dict):
                return {key: rounded(part) for key, part in value.items()}
            return value
        self.figures[name] = rounded({"ours": ours, "limit": limit, "ratio": ratio, "unit": unit, "target": target,
                                      **more})

    def add_pairs(self, name, pairs, unit, target, **more):
        """pairs: (ours, limit) of slices that ran side by side."""
        ratios = [ours / limit for ours, limit in pairs]
        self.add(name, statistics.median(ours for ours, _ in pairs), statistics.median(limit for _, limit in pairs),
                 unit, target, statistics.median(ratios), ratios=[min(ratios), max(ratios)], pairs=len(pairs), **more)

    # ---- the stack and its people

    def open_stack(self):
        self.stack = Stack(self.folder)
        started = time.monotonic()
        self.stack.run("up", "--port", self.port, "--build", self.build, "--fsync", "on", "--mail-catcher",
                       "--set", "gateway.max_connections=2000")
        self.socket = self.stack.settings["socket"]
        self.sql("postgres", f"ALTER SYSTEM SET max_connections = {DATABASE_CONNECTIONS}")
        self.stack.close()
        self.stack.run("stop-database")
        self.stack.run("start-database")
        self.prove_durable()
        say(f"stack up after {time.monotonic() - started:.1f} s")
        self.world = builders.World(self.stack)
        self.region = self.world.region(municipalities=MUNICIPALITIES, schools=SCHOOLS // MUNICIPALITIES)
        self.respondents = {code: self.world.respondent(code) for code in self.region.schools}
        self.round = self.open_round(ITEMS, "n")
        self.sql("postgres", "CREATE DATABASE bench_limit")
        run("psql", "-qh", self.socket, "-U", "postgres", "-d", "bench_limit", "-f", HERE / "limit_schema.sql")

    def prove_durable(self):
        for name in ("fsync", "synchronous_commit", "full_page_writes"):
            if self.stack.value("submissions", f"SHOW {name}") != "on":
                raise SystemExit(f"{name} is off: these figures would be worth nothing")

    def open_round(self, item_count, prefix):
        items = [builders.item(f"{prefix}-{number}") for number in range(item_count)]
        opened = self.world.open_round(self.region, items, organisations=SCHOOLS)
        # What autovacuum does within a minute of a round's opening; the limit's tables get the same.
        self.sql("submissions", "VACUUM ANALYZE assignment, round_item, round, item_text")
        return opened

    def coordinator(self, code):
        if code not in self.coordinators:
            self.coordinators[code] = self.world.coordinator(code)
        return self.coordinators[code]

    def refresh_tokens(self):
        for respondent in self.respondents.values():
            respondent.refresh()

    def sql(self, database, text):
        run("psql", "-qh", self.socket, "-U", "postgres", "-d", database, "-v", "ON_ERROR_STOP=1", "-c", text)

    def pids(self):
        return {process: self.stack.pid(process) for process in PROCESSES}

    def program(self, name):
        return self.build / "bin" / name

    def close(self):
        if self.world:
            self.world.close()
        self.stack.remove()

    # ---- slices

    def usage(self):
        cluster = pathlib.Path(self.stack.settings["cluster"])
        return Usage(self.pids(), int((cluster / "postmaster.pid").read_text().split()[0]))

    def checkpoint(self):
        self.sql("postgres", "CHECKPOINT")

    def write_targets(self, rows, token_of):
        """A line "token id version" for each row."""
        path = self.folder / "targets"
        path.write_text("".join(f"{token_of(row)} {row['id']} {row['version']}\n" for row in rows))
        return path

    def write_answers(self, round_ids, state=None):
        """Answers with their respondents; organisations in turn, so that neighbours in time never share a row."""
        rows = self.stack.rows("submissions", """
            SELECT a.assignment_id::text AS id, a.version, a.organisation_path AS path FROM assignment a
            JOIN round_item i USING (round_item_id) WHERE i.round_id = ANY (%s::uuid[]) AND a.state = coalesce(%s, a.state)
            ORDER BY row_number() OVER (PARTITION BY a.organisation_path ORDER BY a.assignment_id),
              a.organisation_path""", round_ids, state)
        return self.write_targets(rows, lambda row: self.respondents[row["path"]].token)

    def wrk(self, connections, script, *arguments, port=None, seconds=None):
        out = run("wrk", "-t1", f"-c{connections}", f"-d{seconds or self.seconds}s", "--timeout", "10s", "-s",
                  HERE / script, f"http://127.0.0.1:{port or self.port}", "--", *arguments)
        result = last_json(out)
        result["rate"] = result["requests"] / result["duration_us"] * 1e6
        return result

    def pgbench(self, clients, script, seconds=None):
        """Transactions per second, and their mean latency."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        out = run("pgbench", "-h", self.socket, "-U", "postgres", "-n", "-M", "prepared", "-c", clients, "-j",
                  min(clients, 2), "-T", seconds or self.seconds, "-f", HERE / script, "bench_limit")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return {"rate": float(re.search(r"tps = ([\d.]+)", out).group(1)),
                "mean_us": float(re.search(r"latency average = ([\d.]+) ms", out).group(1)) * 1000,
                "requests": int(re.search(r"actually processed: (\d+)", out).group(1)),
                "generator_s": after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime}

    def warn_of_strangers(self, name, used):
        if used.strangers_share > 0.15:
            say(f"{name}: {used.strangers_share:.0%} of the machine went to others: take this slice with care")


def each_pair(bench, limit_slice, our_slice):
    """The limit, then ours, again and again: both see the same moods of the machine."""
    for number in range(bench.pairs):
        limit = limit_slice()
        ours = our_slice()
        yield number, ours, limit


def median_of(results, key):
    return statistics.median(result[key] for result in results)


def cpu_per_request(slices):
    """Microseconds of each process per request, medians over slices: {"gateway": 31.0, …}."""
    names = sorted({name for one in slices for name in one["cpu"]})
    return {name: statistics.median(one["cpu"].get(name, 0) / one["requests"] * 1e6 for one in slices)
            for name in names}
