#!/usr/bin/python3
"""Ours beside the limit, slice by slice in one run; medians of the pairs' ratios. scripts/bench calls it.

Writes <reports>/bench.json: {"figures": {name: {"ours", "limit", "ratio", "unit", "target"}}} and prints a table.
"""
import argparse
import json
import os
import pathlib
import re
import statistics
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import builders  # noqa: E402
from stack import PROCESSES, Stack  # noqa: E402

HERE = pathlib.Path(__file__).parent
SCHOOLS = 50
ITEMS = 40


def run(*command):
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if done.returncode != 0 or done.stderr:
        print(done.stderr, file=sys.stderr)
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} failed")
    return done.stdout


class Bench:
    def __init__(self, arguments):
        self.build = arguments.build
        self.port = arguments.port
        self.pairs = arguments.pairs
        self.seconds = arguments.seconds
        self.folder = arguments.folder
        self.figures = {}

    def add(self, name, ours, limit, unit, target, ratio=None):
        ratio = ratio if ratio is not None else (ours / limit if limit else None)
        self.figures[name] = {"ours": round(ours, 3), "limit": round(limit, 3) if limit is not None else None,
                              "ratio": round(ratio, 3) if ratio is not None else None, "unit": unit, "target": target}

    # ---- the stack and its people

    def open_stack(self):
        self.stack = Stack(self.folder)
        started = time.monotonic()
        self.stack.run("up", "--port", self.port, "--build", self.build, "--fsync", "on", "--mail-catcher")
        print(f"stack up after {time.monotonic() - started:.1f} s", file=sys.stderr)
        self.world = builders.World(self.stack)
        self.region = self.world.region(municipalities=5, schools=SCHOOLS // 5)
        items = [builders.item(f"n-{number}") for number in range(ITEMS)]
        self.round = self.world.open_round(self.region, items, organisations=SCHOOLS)
        self.respondents = {code: self.world.respondent(code) for code in self.region.schools}
        self.socket = self.stack.settings["socket"]
        # What autovacuum does within a minute of a round's opening; the limit's tables get the same.
        run("psql", "-qh", self.socket, "-U", "postgres", "-d", "submissions", "-c",
            "VACUUM ANALYZE assignment, round_item, round, item_text")
        run("psql", "-qh", self.socket, "-U", "postgres", "-c", "CREATE DATABASE bench_limit")
        run("psql", "-qh", self.socket, "-U", "postgres", "-d", "bench_limit", "-f", HERE / "limit_schema.sql")

    def write_targets(self):
        """One line per assignment, organisations in turn, so that neighbours in time never share a row."""
        rows = self.stack.rows("submissions", """
            SELECT a.assignment_id::text AS id, a.version, a.organisation_path AS path FROM assignment a
            JOIN round_item i USING (round_item_id) WHERE i.round_id = %s::uuid
            ORDER BY row_number() OVER (PARTITION BY a.organisation_path ORDER BY a.assignment_id),
              a.organisation_path""", self.round["roundId"])
        path = pathlib.Path(self.folder) / "targets"
        path.write_text("".join(f"{self.respondents[row['path']].token} {row['id']} {row['version']}\n"
                                for row in rows))
        return path

    def refresh_tokens(self):
        for respondent in self.respondents.values():
            respondent.refresh()

    # ---- slices

    def wrk(self, connections, script, *arguments):
        out = run("wrk", "-t1", f"-c{connections}", f"-d{self.seconds}s", "-s", HERE / script,
                  f"http://127.0.0.1:{self.port}", "--", *arguments)
        return json.loads(out.strip().splitlines()[-1])

    def save_slice(self, connections):
        run("psql", "-qh", self.socket, "-U", "postgres", "-c", "CHECKPOINT")
        targets = self.write_targets()
        before = self.count_versions()
        result = self.wrk(connections, "save.lua", targets)
        stored = self.count_versions() - before
        done = result["requests"]
        if result["errors"] or stored < done:
            raise SystemExit(f"save slice is not honest: {result}, stored {stored}")
        return result

    def count_versions(self):
        return self.stack.value("submissions", "SELECT count(*) FROM history")

    def pgbench_slice(self, clients):
        run("psql", "-qh", self.socket, "-U", "postgres", "-c", "CHECKPOINT")
        out = run("pgbench", "-h", self.socket, "-U", "postgres", "-n", "-M", "prepared", "-c", clients, "-j",
                  min(clients, 2), "-T", self.seconds, "-f", HERE / "limit_save.sql", "bench_limit")
        rate = float(re.search(r"tps = ([\d.]+)", out).group(1))
        latency_ms = float(re.search(r"latency average = ([\d.]+) ms", out).group(1))
        return rate, latency_ms

    def save_rates(self):
        ratios, ours, limits = [], [], []
        for _ in range(self.pairs):
            limit, _ = self.pgbench_slice(32)
            mine = self.save_slice(32)
            rate = mine["requests"] / mine["duration_us"] * 1e6
            ratios.append(rate / limit)
            ours.append(rate)
            limits.append(limit)
            print(f"save_c32 {rate:.0f} / {limit:.0f} per s, p50 {mine['p50_us']} p99 {mine['p99_us']} us",
                  file=sys.stderr)
        self.add("save_c32", statistics.median(ours), statistics.median(limits), "saves/s", ">= 0.8",
                 statistics.median(ratios))

    def save_latency(self):
        ratios, ours, limits = [], [], []
        self.refresh_tokens()
        for _ in range(self.pairs):
            _, limit_ms = self.pgbench_slice(1)
            mine_ms = self.save_slice(1)["mean_us"] / 1000
            ratios.append(mine_ms / limit_ms)
            ours.append(mine_ms)
            limits.append(limit_ms)
            print(f"save_c1_latency {mine_ms:.3f} / {limit_ms:.3f} ms", file=sys.stderr)
        self.add("save_c1_latency", statistics.median(ours), statistics.median(limits), "ms", "<= 2",
                 statistics.median(ratios))

    def rpc_hop(self):
        out = run(pathlib.Path(self.build) / "bin" / "bench_rpc_hop", pathlib.Path(self.build) / "bin" / "vekha-broker",
                  self.port + 60)
        result = json.loads(out.strip().splitlines()[-1])
        self.add("rpc_hop", result["ours_us"], result["limit_us"], "us", "<= 2",
                 result.get("ratio", result["ours_us"] / result["limit_us"]))

    # ---- memory, start, report

    def idle_memory(self):
        self.stack.restart(*PROCESSES)
        total, shared = 0, 0
        for process in PROCESSES:
            if process == "broker-2":
                continue
            status = pathlib.Path(f"/proc/{self.stack.pid(process)}/smaps_rollup").read_text()
            total += int(re.search(r"^Rss:\s+(\d+)", status, re.M).group(1))
            shared += int(re.search(r"^Pss:\s+(\d+)", status, re.M).group(1))
        self.add("idle_rss_mib", total / 1024, None, "MiB", "<= 80")
        self.add("idle_pss_mib", shared / 1024, None, "MiB", "")

    def start_time(self):
        """From exec of all to /readyz of all."""
        times = []
        for _ in range(3):
            self.stack.stop(*PROCESSES)
            started = time.monotonic()
            children = []
            for process in PROCESSES:
                kind = re.sub(r"-\d$", "", process)
                binary = pathlib.Path(self.build) / "bin" / f"vekha-{kind}"
                with open(pathlib.Path(self.folder) / "log" / f"{process}.log", "ab") as log:
                    child = subprocess.Popen([binary, pathlib.Path(self.folder) / "etc" / f"{process}.conf"],
                                             stdout=log, stderr=log, stdin=subprocess.DEVNULL)
                children.append(child)
                (pathlib.Path(self.folder) / "pid" / process).write_text(f"{child.pid}\n")
            waiting = list(PROCESSES)
            while waiting and time.monotonic() - started < 30:
                waiting = [process for process in waiting if not self.stack.is_ready(process)]
            times.append((time.monotonic() - started) * 1000)
        self.add("start_ms", statistics.median(times), None, "ms", "<= 1000")

    def report(self):
        coordinator = self.world.coordinator(self.region.code)
        seed = HERE / "report_seed.sql"
        run("psql", "-v", "ON_ERROR_STOP=1", "-qh", self.socket, "-U", "postgres", "-d", "reporting", "-v",
            f"region={self.region.code}", "-f", seed)
        round_id = self.stack.value("reporting", "SELECT round_id::text FROM round WHERE name = 'bench round 12'")
        path = f"/api/v1/reports/provided?round_id={round_id}&values=accepted&limit=2500"
        coordinator.close()  # idle for too long while the rows were made
        connection, times = coordinator.connect(), []
        for _ in range(15):
            # To the last byte of the answer; reading its JSON is the client's time.
            started = time.perf_counter()
            connection.request("GET", path, headers=coordinator.headers("GET", None, None))
            response = connection.getresponse()
            body = response.read()
            times.append((time.perf_counter() - started) * 1000)
            if response.status != 200 or len(json.loads(body)["rows"]) < 2316:
                raise SystemExit(f"the report is incomplete: {response.status} {body[:200]!r}")
        self.add("report_ms", statistics.median(times), None, "ms", "<= 25")

    def close(self):
        self.world.close()
        self.stack.remove()


def print_table(figures):
    print(f"{'figure':<20}{'ours':>12}{'limit':>12}{'ratio':>9}  unit      target")
    for name, figure in figures.items():
        limit = "" if figure["limit"] is None else f"{figure['limit']:.2f}"
        ratio = "" if figure["ratio"] is None else f"{figure['ratio']:.2f}"
        print(f"{name:<20}{figure['ours']:>12.2f}{limit:>12}{ratio:>9}  {figure['unit']:<9} {figure['target']}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=str(ROOT / "build" / "release"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("VEKHA_PORT", "8074")) + 300)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--report", default=str(ROOT / "build" / "reports" / "bench.json"))
    parser.add_argument("--only", default="")
    arguments = parser.parse_args()
    bench = Bench(arguments)
    steps = [bench.save_rates, bench.save_latency, bench.report, bench.rpc_hop, bench.idle_memory, bench.start_time]
    wanted = [name for name in arguments.only.split(",") if name]
    bench.open_stack()
    try:
        for step in steps:
            if not wanted or step.__name__ in wanted:
                step()
    finally:
        bench.close()
    path = pathlib.Path(arguments.report)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"figures": bench.figures}, indent=1) + "\n")
    print_table(bench.figures)


if __name__ == "__main__":
    main()
