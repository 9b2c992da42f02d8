"""Documents of 60 kB through the API (one request, or begin, one piece, complete: checked, flushed, recorded), beside
writing as many bytes, fsync, rename, fsync of the folder on the same file system with as many threads."""
import shutil

import pdf
from harness import cpu_per_request, each_pair, last_json, median_of, run, say

NAME = "uploads"
WAYS = {"upload_60k": "once", "upload_60k_pieces": "pieces"}
FIGURES = list(WAYS)
CLIENTS = 8
BYTES = 60_000
MARK = b"0123456789abcdef"


def document():
    content = bytearray(pdf.pdf(padding_bytes=BYTES - 700))
    start = content.index(b"\0" * 64)
    content[start:start + len(MARK)] = MARK
    return bytes(content)


def limit_slice(bench, size):
    folder = bench.folder / "blobs" / "limit"
    folder.mkdir()
    try:
        result = last_json(run(bench.program("bench_limit_file"), folder, bench.seconds, CLIENTS, size))
    finally:
        shutil.rmtree(folder)
    return {"rate": result["files"] / result["duration_us"] * 1e6}


def upload_slice(bench, name, document_file):
    path = bench.write_answers([bench.round["roundId"]])
    bench.checkpoint()
    count = "SELECT count(*) FROM document"
    before = bench.stack.value("files", count)
    with bench.usage() as used:
        result = last_json(run(bench.program("bench_upload_clients"), WAYS[name], bench.port, bench.seconds, CLIENTS,
                               path, document_file))
    stored = bench.stack.value("files", count) - before
    if stored != result["uploads"]:
        raise SystemExit(f"upload slice is not honest: {result}, stored {stored}")
    bench.warn_of_strangers(name, used)
    return {**result, "requests": stored, "rate": stored / result["duration_us"] * 1e6,
            "cpu": {**used.cpu, "generator": used.generator_s}}


def measure_way(bench, name, content, document_file):
    pairs, ours = [], []
    for _, mine, limit in each_pair(bench, lambda: limit_slice(bench, len(content)),
                                    lambda: upload_slice(bench, name, document_file)):
        pairs.append((mine["rate"], limit["rate"]))
        ours.append(mine)
        say(f"{name} {mine['rate']:.0f} / {limit['rate']:.0f} per s, p99 {mine['p99_us']} us")
    bench.add_pairs(name, pairs, "uploads/s", ">= 0.4", p50_us=median_of(ours, "p50_us"),
                    p99_us=median_of(ours, "p99_us"), cpu_us=cpu_per_request(ours), clients=CLIENTS)


def measure(bench):
    bench.refresh_tokens()
    content = document()
    document_file = bench.folder / "document.pdf"
    document_file.write_bytes(content)
    for name in FIGURES:
        if bench.wants(NAME, name):
            measure_way(bench, name, content, document_file)
