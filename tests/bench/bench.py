#!/usr/bin/python3
"""Ours beside the limit, slice by slice in one run; medians of the pairs' ratios. scripts/bench calls it.

Writes <reports>/bench.json: {"figures": {name: {"ours", "limit", "ratio", "unit", "target", …}}} and prints a table.
"""
import argparse
import json
import os
import pathlib
import time

import bench_acts
import bench_events
import bench_processes
import bench_reads
import bench_reports
import bench_saves
import bench_uploads
from harness import ROOT, Bench, say

# Reads come while a respondent has no more than the 40 items they are named for.
FAMILIES = [bench_saves, bench_reads, bench_acts, bench_events, bench_uploads, bench_reports, bench_processes]


def print_table(figures):
    print(f"{'figure':<28}{'ours':>12}{'limit':>12}{'ratio':>9}  {'unit':<12} target")
    for name, figure in figures.items():
        limit = "" if figure["limit"] is None else f"{figure['limit']:.2f}"
        ratio = "" if figure["ratio"] is None else f"{figure['ratio']:.2f}"
        print(f"{name:<28}{figure['ours']:>12.2f}{limit:>12}{ratio:>9}  {figure['unit']:<12} {figure['target']}")


def print_cpu(figures):
    """CPU microseconds per request, process by process."""
    columns = ["gateway", "broker-1", "broker-2", "auth", "submissions", "review", "files", "reporting", "deadlines",
               "postgresql"]
    rows = [(name, figure["cpu_us"]) for name, figure in figures.items() if "cpu_us" in figure]
    if not rows:
        return
    print(f"\n{'CPU µs per request':<28}" + "".join(f"{column:>12}" for column in columns) + f"{'generator':>12}")
    for name, cpu in rows:
        print(f"{name:<28}" + "".join(f"{cpu.get(column, 0):>12.1f}" for column in columns)
              + f"{cpu.get('generator', 0):>12.1f}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=str(ROOT / "build" / "release"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("VEKHA_PORT", "8074")) + 300)
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=6)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--report", default=str(ROOT / "build" / "reports" / "bench.json"))
    parser.add_argument("--only", default="", help="figures or families, separated by commas")
    arguments = parser.parse_args()
    names = {name for family in FAMILIES for name in (family.NAME, *family.FIGURES)}
    bench = Bench(arguments)
    unknown = bench.wanted - names
    if unknown:
        parser.error(f"no such figure: {', '.join(sorted(unknown))}; there are {', '.join(sorted(names))}")
    started = time.monotonic()
    try:
        bench.open_stack()
        for family in FAMILIES:
            if bench.wants(family.NAME, *family.FIGURES):
                family.measure(bench)
                say(f"{family.NAME} done after {time.monotonic() - started:.0f} s")
    finally:
        bench.close()
    path = pathlib.Path(arguments.report)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"figures": bench.figures}, indent=1) + "\n")
    print_table(bench.figures)
    print_cpu(bench.figures)


if __name__ == "__main__":
    main()
