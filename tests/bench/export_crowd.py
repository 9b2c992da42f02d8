#!/usr/bin/python3
"""All values of 40,000 organisations, 60 columns, into a file: made while its maker is killed, and opened by others.

Seeds reporting's tables as bench_reports.py does; every tenth question is a yes or no, every eleventh a percent.
scripts/export-crowd calls it."""
import argparse
import csv
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import openpyxl

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from builders import World  # noqa: E402
from stack import Stack  # noqa: E402

FIXED = 3  # columns before the values
LIMIT_MIB = 64
PATIENCE_S = 900


def say(text):
    print(text, file=sys.stderr, flush=True)


def psql(stack, *arguments, **variables):
    settings = [part for name, value in variables.items() for part in ("-v", f"{name}={value}")]
    subprocess.run(["psql", "-v", "ON_ERROR_STOP=1", "-qh", stack.settings["socket"], "-U", "postgres", "-d", "reporting",
                    *settings, *map(str, arguments)], check=True, stdout=subprocess.DEVNULL)


def peak_mib(stack):
    lines = pathlib.Path(f"/proc/{stack.pid('reporting')}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


def seed(stack, region, organisations, items):
    started = time.monotonic()
    psql(stack, "-f", HERE / "report_seed.sql", region=region, programme="crowd", organisations=organisations, items=items)
    kinds = "CASE WHEN i.position % 10 = 0 THEN 'yes_no' WHEN i.position % 11 = 0 THEN 'percent' ELSE 'number' END"
    psql(stack, "-c", f"UPDATE item i SET value_kind = {kinds}, unit = nullif(unit, 'чел.') FROM programme p"
         " WHERE p.programme_id = i.programme_id AND p.code = 'crowd'")
    psql(stack, "-f", HERE / "report_rounds.sql", region=region, programme="crowd", first=1, last=1)
    psql(stack, "-c", "UPDATE cell c SET value = CASE i.value_kind WHEN 'yes_no' THEN 'yes' ELSE (i.position * 1.25)::text END,"
         " percent = CASE i.value_kind WHEN 'percent' THEN '12.50' END FROM item i WHERE i.item_id = c.item_id AND c.value IS NOT NULL")
    psql(stack, "-c", "VACUUM ANALYZE cell")
    say(f"{organisations} organisations × {items} questions after {time.monotonic() - started:.0f} s")
    return stack.value("reporting", "SELECT round_id::text FROM round WHERE name = 'crowd round 1'")


class Maker:
    def __init__(self, stack, coordinator, round_id):
        self.stack, self.coordinator, self.round_id = stack, coordinator, round_id

    def ask(self, file_format):
        return self.coordinator.post("/api/v1/exports", {"report": "values", "format": file_format, "roundId": self.round_id,
                                                         "values": "accepted"})["exportId"]

    def until(self, export_id, is_there):
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            now = self.stack.rows("reporting", "SELECT state, rows, parts, is_gathered, failure FROM export WHERE export_id = %s", export_id)[0]
            if is_there(now) or now["state"] in ("done", "failed"):
                return now
            time.sleep(0.02)
        raise SystemExit("the file does not come")

    def fetch(self, export_id, path):
        self.coordinator.refresh()
        reply = self.coordinator.ask("GET", "/api/v1/exports/{id}/content", id=export_id)
        kept = self.coordinator.get("/api/v1/exports/{id}", id=export_id)
        if hashlib.sha256(reply.body).hexdigest() != kept["sha256"]:
            raise SystemExit("the file is another than was made")
        path.write_bytes(reply.body)
        return len(reply.body)

    def killed_and_resumed(self, organisations, path):
        started = time.monotonic()
        export_id = self.ask("xlsx")
        there = self.until(export_id, lambda now: now["rows"] > organisations * 0.4)
        if there["is_gathered"]:
            raise SystemExit("it was over before it could be killed")
        first_mib = peak_mib(self.stack)
        self.stack.kill("reporting")
        kept = self.stack.rows("reporting", "SELECT rows, parts FROM export WHERE export_id = %s", export_id)[0]
        oldest = "SELECT xmin::text || position FROM export_part WHERE export_id = %s AND position < %s ORDER BY position"
        before = self.stack.rows("reporting", oldest, export_id, kept["parts"])
        self.stack.start("reporting")
        self.until(export_id, lambda now: now["is_gathered"])
        same = self.stack.rows("reporting", oldest, export_id, kept["parts"]) == before
        end = self.until(export_id, lambda now: False)
        second_mib = peak_mib(self.stack)
        size = self.fetch(export_id, path)
        return {"state": end["state"], "rows": end["rows"], "killed_at_rows": kept["rows"], "parts_kept": kept["parts"], "parts_untouched": same,
                "peak_mib": {"killed": round(first_mib, 1), "resumed": round(second_mib, 1)}, "bytes": size,
                "seconds_with_the_half_minute_of_silence": round(time.monotonic() - started, 1)}

    def alone(self, file_format, path):
        self.stack.restart("reporting")
        started = time.monotonic()
        export_id = self.ask(file_format)
        end = self.until(export_id, lambda now: False)
        took = time.monotonic() - started
        told = {"state": end["state"], "failure": end["failure"], "seconds": round(took, 1), "peak_mib": round(peak_mib(self.stack), 1)}
        if end["state"] == "done":
            told["bytes"] = self.fetch(export_id, path)
        return told


def wrong_cells(kinds, values):
    """How many values of a row are not of their question's kind. Empty is no value."""
    kind_of = {"yes_no": str, "percent": float, "number": (int, float)}
    return sum(1 for kind, value in zip(kinds, values) if value is not None and not isinstance(value, kind_of[kind]))


def read_workbook(path, kinds, organisations):
    started = time.monotonic()
    sheet = openpyxl.load_workbook(path, read_only=True).worksheets[0]
    rows, wrong, filled = 0, 0, 0
    for number, row in enumerate(sheet.iter_rows(values_only=True)):
        if len(row) != FIXED + len(kinds):
            raise SystemExit(f"row {number} has {len(row)} cells")
        if number == 0:
            continue
        rows += 1
        wrong += wrong_cells(kinds, row[FIXED:]) + (not isinstance(row[1], str))
        filled += sum(value is not None for value in row[FIXED:])
    return {"rows": rows, "columns": FIXED + len(kinds), "values": filled, "of_a_wrong_type": wrong, "complete": rows == organisations,
            "seconds": round(time.monotonic() - started, 1)}


def read_by_libreoffice(path, kinds):
    program = shutil.which("soffice")
    if not program:
        return "LibreOffice is not installed (libreoffice-calc-nogui)"
    started = time.monotonic()
    subprocess.run([program, f"-env:UserInstallation=file://{path.parent}/office", "--headless", "--convert-to",
                    "csv:Text - txt - csv (StarCalc):44,34,76,1", "--outdir",
                    path.parent, path], check=True, capture_output=True, timeout=PATIENCE_S)
    with path.with_suffix(".csv").open(encoding="utf-8", newline="") as file:
        lines = list(csv.reader(file))
    return {"rows": len(lines) - 1, "columns": len(lines[1]), "all_as_wide": len({len(line) for line in lines}) == 1,
            "values": sum(cell != "" for line in lines[1:] for cell in line[FIXED:FIXED + len(kinds)]),
            "seconds": round(time.monotonic() - started, 1)}


def measure(stack, options, folder):
    world = World(stack)
    region = world.region(municipalities=1, schools=1)
    coordinator = world.coordinator(region.code)
    round_id = seed(stack, region.code, options.organisations, options.columns - FIXED)
    maker = Maker(stack, coordinator, round_id)
    book = folder / "crowd.xlsx"
    kinds = [row["value_kind"] for row in stack.rows("reporting", "SELECT value_kind FROM item i JOIN programme p USING (programme_id)"
                                                     " WHERE p.code = 'crowd' ORDER BY i.position, i.code")]
    result = {}
    for name, one in (("xlsx, killed and resumed", lambda: maker.killed_and_resumed(options.organisations, book)),
                      ("openpyxl", lambda: read_workbook(book, kinds, options.organisations)),
                      ("LibreOffice", lambda: read_by_libreoffice(book, kinds)),
                      ("xlsx", lambda: maker.alone("xlsx", book)), ("csv", lambda: maker.alone("csv", folder / "made.csv")),
                      ("pdf", lambda: maker.alone("pdf", folder / "made.pdf"))):
        result[name] = one()
        say(f"{name}: {json.dumps(result[name], ensure_ascii=False)}")
    result["values in the database"] = stack.value(
        "reporting", "SELECT count(*) FROM cell c JOIN item i USING (item_id) WHERE round_id = %s AND state = 'accepted'"
        " AND CASE i.value_kind WHEN 'percent' THEN percent ELSE value END IS NOT NULL", round_id)
    world.close()
    return result


def is_good(result):
    killed, read, other = result["xlsx, killed and resumed"], result["openpyxl"], result["LibreOffice"]
    values = result["values in the database"]
    peaks = [*killed["peak_mib"].values(), result["xlsx"]["peak_mib"], result["csv"]["peak_mib"]]
    return (killed["state"] == "done" and killed["parts_untouched"] and killed["parts_kept"] > 0 and read["complete"]
            and read["of_a_wrong_type"] == 0 and read["values"] == values and max(peaks) < LIMIT_MIB
            and (isinstance(other, str) or (other["rows"], other["values"], other["all_as_wide"]) == (read["rows"], values, True)))


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", default=str(ROOT / "build" / "release"))
    parser.add_argument("--port", type=int, default=int(os.environ.get("VEKHA_PORT", "8074")) + 300)
    parser.add_argument("--organisations", type=int, default=40000)
    parser.add_argument("--columns", type=int, default=60)
    parser.add_argument("--folder", required=True)
    parser.add_argument("--report", default=str(ROOT / "build" / "reports" / "export-crowd.json"))
    options = parser.parse_args()
    folder = pathlib.Path(options.folder)
    folder.mkdir(parents=True, exist_ok=True)
    stack = Stack.create(folder / "stack", options.port, options.build)
    try:
        result = measure(stack, options, folder)
    finally:
        stack.remove()
    path = pathlib.Path(options.report)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n")
    if not is_good(result):
        raise SystemExit("not as it should be")


if __name__ == "__main__":
    main()
