"""«Data provided» with 40 indicators, and how it grows: with rounds of history, and with organisations.

The rows go into reporting's own tables by SQL, as events would have left them. Counters are reporting's own work;
reading them is what a person waits for."""
import gzip
import json
import statistics
import time

from harness import HERE, run, say

NAME = "reports"
FIGURES = ["report_ms", "report_growth_rounds", "report_growth_organisations"]
ORGANISATIONS, MANY_ORGANISATIONS = 2316, 40_000
ROUNDS, MANY_ROUNDS = 12, 60
PAGE = 2500
REPEATS = 15


def psql(bench, script, **variables):
    settings = [part for name, value in variables.items() for part in ("-v", f"{name}={value}")]
    run("psql", "-v", "ON_ERROR_STOP=1", "-qh", bench.socket, "-U", "postgres", "-d", "reporting", *settings,
        "-f", HERE / script)


class Country:
    """A programme with its organisations below a region of the system under test."""

    def __init__(self, bench, programme, organisations):
        self.bench, self.programme, self.organisations = bench, programme, organisations
        self.region = bench.world.region(municipalities=1, schools=1)
        self.coordinator = bench.world.coordinator(self.region.code)
        self.rounds = 0
        self.encoding, self.bytes = "identity", 0
        psql(bench, "report_seed.sql", region=self.region.code, programme=programme, organisations=organisations)

    def grow(self, rounds):
        started = time.monotonic()
        psql(self.bench, "report_rounds.sql", region=self.region.code, programme=self.programme,
             first=self.rounds + 1, last=rounds)
        self.rounds = rounds
        # What an hour of quiet does; else the next figures would pay for this writing.
        self.bench.checkpoint()
        say(f"{self.programme}: {self.organisations} organisations x 40 x {rounds} rounds"
            f" after {time.monotonic() - started:.0f} s")

    def read_page(self, path):
        """(milliseconds to the last byte, the document): reading its JSON is the caller's time."""
        connection = self.coordinator.connect()
        started = time.perf_counter()
        headers = self.coordinator.headers("GET", None, {"Accept-Encoding": self.encoding})
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        body = response.read()
        elapsed_ms = (time.perf_counter() - started) * 1000
        if response.status != 200:
            raise SystemExit(f"the report fails: {response.status} {body[:200]!r}")
        self.bytes += len(body)
        return elapsed_ms, json.loads(gzip.decompress(body) if self.encoding == "gzip" else body)

    def read_report(self, values):
        """Milliseconds of all pages together."""
        round_id = self.bench.stack.value("reporting", "SELECT round_id::text FROM round WHERE name = %s",
                                          f"{self.programme} round {self.rounds}")
        path = f"/api/v1/reports/provided?round_id={round_id}&limit={PAGE}&values={values}"
        if values == "as_of":
            path += "&as_of=2030-01-01"
        after, total_ms, rows = None, 0, 0
        self.bytes = 0
        while after != "":
            elapsed_ms, page = self.read_page(path + (f"&after_path={after}" if after else ""))
            total_ms += elapsed_ms
            rows += len(page["rows"])
            after = page.get("nextAfterPath", "")
        if rows != self.organisations:
            raise SystemExit(f"the report is incomplete: {rows} of {self.organisations}")
        return total_ms

    def median_ms(self, values="accepted"):
        self.coordinator.close()  # idle for too long while the rows were made
        self.coordinator.refresh()
        self.read_report(values)
        repeats = REPEATS if self.organisations < 10_000 else 5
        return statistics.median(self.read_report(values) for _ in range(repeats))


def measure(bench):
    grows = bench.wants(NAME, "report_growth_rounds", "report_growth_organisations")
    country = Country(bench, "bench", ORGANISATIONS)
    country.grow(1)
    first_ms, first_as_of_ms = country.median_ms(), country.median_ms("as_of")
    country.grow(ROUNDS)
    more = {"as_of_ms": country.median_ms("as_of")}
    for country.encoding in ["gzip", "identity"]:
        with bench.usage() as used:
            report_ms = country.median_ms()
        more[country.encoding] = {"ms": report_ms, "bytes": country.bytes,
                                  "gateway_cpu_ms": used.cpu["gateway"] * 1000 / (REPEATS + 1)}
    say(f"report: {more}")
    bench.add("report_ms", report_ms, None, "ms", "<= 25", **more)
    if not grows:
        return
    if bench.wants(NAME, "report_growth_organisations"):
        federation = Country(bench, "large", MANY_ORGANISATIONS)
        federation.grow(1)
        many_ms = federation.median_ms()
        bench.add("report_growth_organisations", many_ms, first_ms, "ms", "<= 20",
                  organisations={"ours": MANY_ORGANISATIONS, "limit": ORGANISATIONS})
    if bench.wants(NAME, "report_growth_rounds"):
        country.grow(MANY_ROUNDS)
        last_ms, last_as_of_ms = country.median_ms(), country.median_ms("as_of")
        bench.add("report_growth_rounds", last_ms, first_ms, "ms", "<= 1.2",
                  rounds={"ours": MANY_ROUNDS, "limit": 1}, as_of_ms={"ours": last_as_of_ms, "limit": first_as_of_ms})
