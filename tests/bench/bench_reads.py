"""A respondent's 40 items through the gateway, beside a bare libmicrohttpd that answers the same bytes from memory."""
import contextlib
import subprocess

from harness import cpu_per_request, each_pair, median_of, say

NAME = "reads"
FIGURES = ["cabinet_read"]
CONNECTIONS = 32
# The library writes these itself.
OWN_HEADERS = {"Date", "Content-Length", "Connection"}


def sample(bench, path):
    """The real answer: its head and body are what the limit answers."""
    reply = next(iter(bench.respondents.values())).ask("GET", path)
    if reply.status != 200 or len(reply.document["assignments"]) != 40:
        raise SystemExit(f"not a respondent's 40 items: {reply.status} {reply.body[:200]!r}")
    head, body = bench.folder / "read.head", bench.folder / "read.body"
    head.write_text("".join(f"{name}: {value}\n" for name, value in reply.headers.items() if name not in OWN_HEADERS))
    body.write_bytes(reply.body)
    return head, body


@contextlib.contextmanager
def limit_server(bench, head, body):
    port = bench.port + 70
    server = subprocess.Popen([bench.program("bench_limit_http"), str(port), head, body], stdin=subprocess.PIPE,
                              stdout=subprocess.PIPE, text=True)
    try:
        if server.stdout.readline() != "ready\n":
            raise SystemExit("bench_limit_http does not start")
        yield port
    finally:
        server.stdin.close()
        server.wait(10)


def read_slice(bench, path, tokens, port=None):
    with bench.usage() as used:
        result = bench.wrk(CONNECTIONS, "read.lua", path, tokens, port=port)
    if result["errors"] or result["requests"] == 0:
        raise SystemExit(f"read slice is not honest: {result}")
    bench.warn_of_strangers("cabinet_read", used)
    return {**result, "bytes_each": result["bytes"] / result["requests"],
            "cpu": {**used.cpu, "generator": used.generator_s}}


def measure(bench):
    bench.refresh_tokens()
    path = f"/api/v1/assignments?round_id={bench.round['roundId']}"
    tokens = bench.folder / "read.tokens"
    tokens.write_text("".join(f"{respondent.token}\n" for respondent in bench.respondents.values()))
    head, body = sample(bench, path)
    pairs, ours, limits = [], [], []
    with limit_server(bench, head, body) as port:
        for _, mine, limit in each_pair(bench, lambda: read_slice(bench, path, tokens, port),
                                        lambda: read_slice(bench, path, tokens)):
            pairs.append((mine["rate"], limit["rate"]))
            ours.append(mine)
            limits.append(limit)
            say(f"cabinet_read {mine['rate']:.0f} / {limit['rate']:.0f} per s of {mine['bytes_each']:.0f} /"
                f" {limit['bytes_each']:.0f} bytes, p99 {mine['p99_us']} us")
    bench.add_pairs("cabinet_read", pairs, "reads/s", ">= 0.25", p50_us=median_of(ours, "p50_us"),
                    p99_us=median_of(ours, "p99_us"), cpu_us=cpu_per_request(ours),
                    bytes={"ours": median_of(ours, "bytes_each"), "limit": median_of(limits, "bytes_each")})
