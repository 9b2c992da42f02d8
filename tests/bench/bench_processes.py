"""A hop through the broker, memory at rest, time to start."""
import re
import statistics
import subprocess
import time

from harness import PROCESSES, last_json, run
from usage import memory_kib

NAME = "processes"
FIGURES = ["rpc_hop", "idle_rss_mib", "idle_pss_mib", "start_ms"]


def rpc_hop(bench):
    out = run(bench.program("bench_rpc_hop"), bench.program("vekha-broker"), bench.port + 60)
    result = last_json(out)
    bench.add("rpc_hop", result["ours_us"], result["limit_us"], "us", "<= 1.5", result["ratio"],
              # Not the target: what a bare process in between costs already.
              forwarded_us=result["forwarded_us"], pipelined_per_second=result["pipelined_per_second"])


def idle_memory(bench):
    """One of each kind: the second broker is a replica."""
    bench.stack.restart(*PROCESSES)
    shown = {process: memory_kib(bench.stack.pid(process)) for process in PROCESSES if process != "broker-2"}
    bench.add("idle_rss_mib", sum(rss for rss, _ in shown.values()) / 1024, None, "MiB", "<= 80",
              rss_mib={process: rss / 1024 for process, (rss, _) in shown.items()})
    bench.add("idle_pss_mib", sum(pss for _, pss in shown.values()) / 1024, None, "MiB", "")


def start_once(bench):
    bench.stack.stop(*PROCESSES)
    started = time.monotonic()
    for process in PROCESSES:
        binary = bench.program("vekha-" + re.sub(r"-\d$", "", process))
        with open(bench.folder / "log" / f"{process}.log", "ab") as log:
            child = subprocess.Popen([binary, bench.folder / "etc" / f"{process}.conf"], stdout=log, stderr=log,
                                     stdin=subprocess.DEVNULL)
        (bench.folder / "pid" / process).write_text(f"{child.pid}\n")
    waiting = list(PROCESSES)
    while waiting:
        if time.monotonic() - started > 30:
            raise SystemExit(f"not ready within 30 s: {', '.join(waiting)}")
        waiting = [process for process in waiting if not bench.stack.is_ready(process)]
    return (time.monotonic() - started) * 1000


def measure(bench):
    if bench.wants(NAME, "rpc_hop"):
        rpc_hop(bench)
    if bench.wants(NAME, "idle_rss_mib", "idle_pss_mib"):
        idle_memory(bench)
    if bench.wants(NAME, "start_ms"):
        times = [start_once(bench) for _ in range(max(3, bench.pairs))]
        bench.add("start_ms", statistics.median(times), None, "ms", "<= 1000")
