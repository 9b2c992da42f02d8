"""Durable saves over HTTP at 1, 8, 32 and 256 connections beside pgbench writing the same rows with as many clients."""
import statistics
import time

from harness import cpu_per_request, each_pair, median_of, say

NAME = "saves"
LEVELS = [1, 8, 32, 256]
FIGURES = [*(f"save_c{level}" for level in LEVELS), "save_c1_latency", "save_c256_p99_ms", "cpu_per_save",
           "wal_flushes_per_save"]
TARGETS = {32: ">= 1.3", 256: "ours >= save_c32's"}
# PostgreSQL 15 keeps a backend's counts for itself until it has been idle for 10 s.
STATISTICS_IDLE_S = 11


def count_acts(bench):
    return bench.stack.value("submissions", "SELECT count(*) FROM history")


def write_every_draft(bench):
    """An item's first save is also an event; what is measured is the everyday one, which changes a draft."""
    while bench.stack.value("submissions", """SELECT count(*) FROM assignment a JOIN round_item i USING (round_item_id)
                            WHERE i.round_id = %s::uuid AND a.state = 'empty'""", bench.round["roundId"]):
        bench.wrk(32, "act.lua", "save", bench.write_answers([bench.round["roundId"]]), seconds=1)


def save_slice(bench, connections):
    path = bench.write_answers([bench.round["roundId"]])
    bench.checkpoint()
    before = count_acts(bench)
    with bench.usage() as used:
        result = bench.wrk(connections, "act.lua", "save", path)
    stored = count_acts(bench) - before
    if result["errors"] or stored < result["requests"]:
        raise SystemExit(f"save slice is not honest: {result}, stored {stored}")
    bench.warn_of_strangers("save", used)
    return {**result, "cpu": {**used.cpu, "generator": used.generator_s}, "servers_s": used.total_s}


def pgbench_slice(bench, clients):
    bench.checkpoint()
    with bench.usage() as used:
        result = bench.pgbench(clients, "limit_save.sql")
    return {**result, "postgresql_us": used.cpu["postgresql"] / result["requests"] * 1e6}


def measure_level(bench, level):
    bench.refresh_tokens()
    write_every_draft(bench)
    pairs, ours, limits = [], [], []
    for _, mine, limit in each_pair(bench, lambda: pgbench_slice(bench, level), lambda: save_slice(bench, level)):
        pairs.append((mine["rate"], limit["rate"]))
        ours.append(mine)
        limits.append(limit)
        say(f"save_c{level} {mine['rate']:.0f} / {limit['rate']:.0f} per s,"
            f" p50 {mine['p50_us']} p99 {mine['p99_us']} us")
    cpu = cpu_per_request(ours)
    bench.add_pairs(f"save_c{level}", pairs, "saves/s", TARGETS.get(level, ""),
                    p50_us=median_of(ours, "p50_us"), p99_us=median_of(ours, "p99_us"),
                    limit_mean_us=median_of(limits, "mean_us"), cpu_us=cpu,
                    limit_cpu_us={"postgresql": median_of(limits, "postgresql_us")})
    if level == 1:
        bench.add_pairs("save_c1_latency",
                        [(mine["mean_us"] / 1000, limit["mean_us"] / 1000) for mine, limit in zip(ours, limits)],
                        "ms", "<= 1.5")
    if level == 32:
        add_cpu(bench, ours, limits)
        add_flushes(bench)
    if level == 256:
        bench.add("save_c256_p99_ms", median_of(ours, "p99_us") / 1000, None, "ms", "<= 40")


def add_cpu(bench, ours, limits):
    """All our processes and PostgreSQL for a save, over PostgreSQL alone for pgbench's transaction."""
    pairs = [(mine["servers_s"] / mine["requests"] * 1e6, limit["postgresql_us"])
             for mine, limit in zip(ours, limits)]
    bench.add_pairs("cpu_per_save", pairs, "CPU us", "<= 2",
                    postgresql_share=statistics.median(mine["cpu"]["postgresql"] / mine["servers_s"] for mine in ours))


def count_flushes(bench):
    return bench.stack.value("postgres", "SELECT wal_sync FROM pg_stat_wal")


def add_flushes(bench):
    """Once: the counts of both slices are complete only after everybody has been idle for a while."""
    flushes = {}
    for name, slice_of in (("limit", pgbench_slice), ("ours", save_slice)):
        time.sleep(STATISTICS_IDLE_S)
        before = count_flushes(bench)
        result = slice_of(bench, 32)
        time.sleep(STATISTICS_IDLE_S)
        flushes[name] = (count_flushes(bench) - before) / result["requests"]
    bench.add("wal_flushes_per_save", flushes["ours"], flushes["limit"], "flushes", "<= 0.25 ours")


def measure(bench):
    extra = {1: ("save_c1_latency",), 32: ("cpu_per_save", "wal_flushes_per_save"), 256: ("save_c256_p99_ms",)}
    for level in LEVELS:
        if bench.wants(NAME, f"save_c{level}", *extra.get(level, ())):
            measure_level(bench, level)
