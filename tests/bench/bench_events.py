"""From an answer sent for review to 1,000 readers of the event stream, 500 a second.

Most readers are a school's or a municipality's and see its own events; 24 see all of them. An event's age counts from
its own moment, which is when the service began the command; so commit, numbering, reporting's work and the way out
are all in it."""
import contextlib
import json
import subprocess

from bench_acts import acts_of
from harness import cpu_per_request, last_json, median_of, run, say
from usage import memory_kib

NAME = "events"
FIGURES = ["event_to_sse_p99_ms", "event_to_sse_p50_ms", "sse_gateway_mib"]
STREAMS, STREAMS_OF_ACCOUNT = 1000, 8
RATE = 500


def tokens(bench, acts):
    """(token, path of its territory) of each stream: the region's people first, then municipalities, then schools."""
    region = bench.region
    people = [(bench.coordinator(region.code), region.code), (acts.operator, region.code),
              (bench.world.administrator, "*")]
    people += [(bench.coordinator(one.authority), one.code) for one in region.municipalities]
    people += [(client, code) for code, client in bench.respondents.items()]
    for client, _ in people:
        client.refresh()
    streams = [(client.token, path) for client, path in people for _ in range(STREAMS_OF_ACCOUNT)]
    if len(streams) < STREAMS:
        raise SystemExit(f"only {len(streams)} streams for these people")
    return streams[:STREAMS]


def expected(bench, streams, since):
    """How many events reporting told of since then, summed over the streams that may see them."""
    counts = {row["path"]: row["count"] for row in bench.stack.rows(
        "reporting", "SELECT path, count(*) FROM history WHERE number > %s GROUP BY path", since)}
    return sum(count for _, territory in streams for path, count in counts.items()
               if territory == "*" or path == territory or path.startswith(territory + "."))


@contextlib.contextmanager
def open_streams(bench, streams):
    """Kept open over all slices."""
    head = bench.stack.value("reporting", "SELECT coalesce(max(first_number + event_count - 1), 0) FROM stream")
    file = bench.folder / "streams"
    file.write_text("".join(f"{token}\n" for token, _ in streams))
    readers = subprocess.Popen([bench.program("bench_sse_clients"), str(bench.port), str(head), file],
                               stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        if readers.stdout.readline() != "ready\n":
            raise SystemExit("the streams do not begin")
        yield readers
    finally:
        readers.stdin.close()
        readers.wait(30)


def events_slice(bench, acts, streams, readers):
    acts.bring_to("ready")
    targets = acts.ready_answers()
    acts.settle()
    since = bench.stack.value("reporting", "SELECT coalesce(max(number), 0) FROM history")
    with bench.usage() as used:
        sent = last_json(run(bench.program("bench_paced_submits"), bench.port, RATE, RATE * bench.seconds, targets))
        gateway_kib = memory_kib(bench.stack.pid("gateway"))[0]
        acts.settle()
    awaited = expected(bench, streams, since)
    readers.stdin.write(f"{awaited}\n")
    readers.stdin.flush()
    result = json.loads(readers.stdout.readline())
    bench.warn_of_strangers("event_to_sse", used)
    return {**result, "sent": sent, "requests": sent["answered"], "gateway_mib": gateway_kib / 1024,
            "expected": awaited, "cpu": {**used.cpu, "generator": used.generator_s}}


def measure(bench):
    bench.refresh_tokens()
    acts = acts_of(bench)
    streams = tokens(bench, acts)
    slices = []
    with open_streams(bench, streams) as readers:
        for _ in range(bench.pairs):
            one = events_slice(bench, acts, streams, readers)
            slices.append(one)
            say(f"event_to_sse p50 {one['p50_ms']} p99 {one['p99_ms']} max {one['max_ms']} ms, {one['deliveries']} of"
                f" {one['expected']} deliveries, {one['ended']} ended, gateway {one['gateway_mib']:.1f} MiB;"
                f" sends p99 {one['sent']['p99_us']} us, refused {one['sent']['refused']}")
    more = {"streams": STREAMS, "events_per_second": RATE,
            "deliveries_per_second": median_of(slices, "deliveries") / bench.seconds,
            "missing": max(one["expected"] - one["deliveries"] for one in slices),
            "send_p99_us": max(one["sent"]["p99_us"] for one in slices)}
    bench.add("event_to_sse_p99_ms", median_of(slices, "p99_ms"), None, "ms", "<= 20", **more,
              cpu_us=cpu_per_request(slices))
    bench.add("event_to_sse_p50_ms", median_of(slices, "p50_ms"), None, "ms", "")
    bench.add("sse_gateway_mib", median_of(slices, "gateway_mib"), None, "MiB", "<= 64")
