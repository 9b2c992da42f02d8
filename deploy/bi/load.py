#!/usr/bin/python3
"""Loads Vekha's BI tables into a workbook, a sheet a table; the next time only what has changed since.

    load.py --address https://vekha.example --login LOGIN FILE.xlsx

    --password-file FILE   its first line; without it VEKHA_PASSWORD
    --tables LIST          with commas; organisations,programmes,items,rounds,assignments,plans,changes
    --zone ZONE            of the moments, Asia/Yekaterinburg; UTC
    --anew                 everything, whatever the workbook holds

The numbers up to which the sheets are known stand on the sheet «reading» of the same file: rows and numbers are both old
or both new. Needs Python 3.9 and python3-openpyxl.
"""
import argparse
import datetime
import decimal
import gzip
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import zoneinfo

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

# Columns that tell rows apart, and kinds of columns that are no text. An answer is a number when its item is one.
TEXT, NUMBER, ANSWER, MOMENT, DAY, YES_NO = "text", "number", "answer", "moment", "day", "yes_no"
TABLES = {
    "organisations": (("organisationId",), {
        "organisationId": TEXT, "path": TEXT, "kind": TEXT, "shortName": TEXT, "inn": TEXT, "municipalityId": TEXT,
        "municipalityName": TEXT, "startedAt": MOMENT, "change": NUMBER}),
    "programmes": (("programmeId",), {
        "programmeId": TEXT, "code": TEXT, "title": TEXT, "zone": TEXT, "change": NUMBER}),
    "items": (("itemId",), {
        "itemId": TEXT, "programmeId": TEXT, "programmeVersion": NUMBER, "sectionCode": TEXT, "sectionNumber": TEXT,
        "sectionTitle": TEXT, "byChoice": YES_NO, "code": TEXT, "question": TEXT, "secondQuestion": TEXT,
        "valueKind": TEXT, "unit": TEXT, "position": NUMBER, "change": NUMBER}),
    "rounds": (("roundId",), {
        "roundId": TEXT, "programmeId": TEXT, "name": TEXT, "opensAt": MOMENT, "dueAt": MOMENT, "nextOpensAt": MOMENT,
        "zone": TEXT, "closed": YES_NO, "change": NUMBER}),
    "assignments": (("assignmentId",), {
        "assignmentId": TEXT, "roundId": TEXT, "organisationId": TEXT, "itemId": TEXT, "state": TEXT, "value": ANSWER,
        "secondValue": ANSWER, "percent": NUMBER, "assignedAt": MOMENT, "draftAt": MOMENT, "sentAt": MOMENT,
        "acceptedAt": MOMENT, "rejectedAt": MOMENT, "due": TEXT, "dueAt": MOMENT, "change": NUMBER}),
    "plans": (("roundId", "organisationId", "sectionCode"), {
        "roundId": TEXT, "organisationId": TEXT, "sectionCode": TEXT, "state": TEXT, "plannedOn": DAY,
        "previousOn": DAY, "moves": NUMBER, "at": MOMENT, "change": NUMBER}),
    "changes": (("changeId",), {
        "changeId": NUMBER, "assignmentId": TEXT, "roundId": TEXT, "organisationId": TEXT, "itemId": TEXT,
        "state": TEXT, "at": MOMENT, "value": ANSWER, "secondValue": ANSWER, "percent": NUMBER, "change": NUMBER}),
}
READING = "reading"
SHEET_ROWS_MAX = 1_048_576
FORMATS = {MOMENT: "yyyy-mm-dd hh:mm:ss", DAY: "yyyy-mm-dd"}
ATTEMPTS, LONGEST_WAIT_S, TIMEOUT_S = 10, 30, 60


class Refused(Exception):
    pass


class Api:
    """A session of one account: logged in when it begins, out when it ends."""

    def __init__(self, address, login, password):
        self.address, self.login, self.password = address.rstrip("/"), login, password
        self.token = None

    def __enter__(self):
        self.enter()
        return self

    def __exit__(self, *_):
        self.ask("DELETE", "/api/v1/session")

    def enter(self):
        self.token = None
        document = self.ask("POST", "/api/v1/session", body={"login": self.login, "password": self.password})
        self.token = document["accessToken"]

    def open(self, verb, path, query, body):
        address = self.address + path + ("?" + urllib.parse.urlencode(query) if query else "")
        headers = {"Accept": "application/json", "Accept-Encoding": "gzip", "Content-Type": "application/json"}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        data = json.dumps(body).encode() if body is not None else None
        request = urllib.request.Request(address, data, headers, method=verb)
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as reply:
            content = reply.read()
            if reply.headers.get("Content-Encoding") == "gzip":
                content = gzip.decompress(content)
            return json.loads(content) if content else None

    def ask(self, verb, path, query=None, body=None):
        """Reading may be repeated: a busy system is asked again, an ended session begun anew."""
        for attempt in range(ATTEMPTS):
            try:
                return self.open(verb, path, query, body)
            except urllib.error.HTTPError as error:
                if error.code == 401 and self.token and verb == "GET":
                    self.enter()
                    continue
                if error.code not in (429, 502, 503, 504) or attempt == ATTEMPTS - 1:
                    raise Refused(explain(error)) from None
                wait_s = float(error.headers.get("Retry-After") or 1)
            except (urllib.error.URLError, ConnectionError, TimeoutError) as error:
                if attempt == ATTEMPTS - 1:
                    raise Refused(f"{self.address}: {error}") from None
                wait_s = 1
            time.sleep(min(wait_s, LONGEST_WAIT_S))
        raise Refused(f"{self.address}: no answer")

    def pages(self, table, up_to):
        """Pages of rows that have changed since; at last the number to ask with the next time."""
        after = ""
        while True:
            page = self.ask("GET", f"/api/v1/bi/{table}", {"changedSince": up_to, "after": after})
            yield page["rows"], page["upTo"]
            after = page["next"]
            if not after:
                return


def explain(error):
    try:
        problem = json.loads(error.read())
        fields = "; ".join(one["message"] for one in problem.get("violations", []))
        return f"{error.code}: {problem.get('detail') or problem.get('title')} {fields}".strip()
    except (ValueError, AttributeError):
        return f"{error.code}: {error.reason}"


def number(text):
    exact = decimal.Decimal(text)
    return int(exact) if exact == exact.to_integral_value() else float(exact)


def typed(kind, content, zone, is_number):
    """What a cell holds of a field of JSON."""
    if kind == YES_NO:
        return content
    if content in ("", None):
        return None
    if kind == NUMBER or (kind == ANSWER and is_number):
        return number(str(content))
    if kind == DAY:
        return datetime.datetime.combine(datetime.date.fromisoformat(content), datetime.time())
    if kind == MOMENT:
        moment = datetime.datetime.fromisoformat(content.replace("Z", "+00:00"))
        return moment.astimezone(zone).replace(microsecond=0, tzinfo=None)
    return ILLEGAL_CHARACTERS_RE.sub("", content)


class Copy:
    """What the workbook holds: rows by identifier and the number up to which they are known, a table each."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.rows = {table: {} for table in TABLES}
        self.up_to = {}
        self.account = ""

    def read(self):
        book = openpyxl.load_workbook(self.path, read_only=True)
        known = {row[0]: row[1] for row in book[READING].iter_rows(min_row=2, values_only=True)}
        self.account = known.pop("account", "")
        for table, up_to in known.items():
            keys, columns = TABLES[table]
            lines = book[table].iter_rows(max_col=len(columns), values_only=True)
            if list(next(lines)) != list(columns):
                continue  # written by another version of this program: read anew
            places = [list(columns).index(key) for key in keys]
            self.rows[table] = {tuple(line[place] for place in places): line for line in lines}
            self.up_to[table] = up_to
        book.close()

    def put(self, table, rows, kinds, zone):
        keys, columns = TABLES[table]
        for row in rows:
            is_number = kinds.get(row.get("itemId")) in ("number", "percent")
            line = tuple(typed(kind, row[name], zone, is_number) for name, kind in columns.items())
            self.rows[table][tuple(line[list(columns).index(key)] for key in keys)] = line

    def write(self):
        book = openpyxl.Workbook(write_only=True)
        for table in self.up_to:
            if len(self.rows[table]) >= SHEET_ROWS_MAX:
                raise Refused(f"{table}: a sheet holds no {len(self.rows[table])} rows; leave it out with --tables")
            columns = TABLES[table][1]
            write_sheet(book, table, list(columns), list(columns.values()), self.rows[table].values())
        facts = [("account", self.account), *self.up_to.items()]
        write_sheet(book, READING, ["table", "upTo"], [TEXT, TEXT], facts)
        new = self.path.with_suffix(".new")
        book.save(new)
        with open(new, "rb+") as file:
            os.fsync(file.fileno())
        new.replace(self.path)


def write_sheet(book, title, names, kinds, lines):
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for place, (name, kind) in enumerate(zip(names, kinds), start=1):
        sheet.column_dimensions[get_column_letter(place)].width = 38 if name.endswith("Id") else 20 if kind == MOMENT else 14
    sheet.append([cell_of(sheet, name, TEXT, Font(bold=True)) for name in names])
    for line in lines:
        sheet.append([cell_of(sheet, content, kind) for content, kind in zip(line, kinds)])
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(names))}{len(lines) + 1}"


def cell_of(sheet, content, kind, font=None):
    cell = WriteOnlyCell(sheet, content)
    if isinstance(content, str):
        cell.data_type = "s"  # never a formula, whatever a school has written
    if kind in FORMATS:
        cell.number_format = FORMATS[kind]
    if font:
        cell.font = font
    return cell


def load(api, copy, tables, zone):
    """The items come first: they tell which answers are numbers."""
    kinds = {}
    for table in sorted(tables, key=lambda name: name != "items"):
        travelled = 0
        for rows, up_to in api.pages(table, copy.up_to.get(table, "0")):
            copy.put(table, rows, kinds, zone)
            travelled += len(rows)
        copy.up_to[table] = up_to
        if table == "items":
            columns = list(TABLES["items"][1])
            kinds = {line[0]: line[columns.index("valueKind")] for line in copy.rows["items"].values()}
        print(f"{table}: {travelled} read, {len(copy.rows[table])} altogether", flush=True)


def arguments():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--address", required=True)
    parser.add_argument("--login", required=True)
    parser.add_argument("--password-file")
    parser.add_argument("--tables", default=",".join(TABLES))
    parser.add_argument("--zone", default="UTC")
    parser.add_argument("--anew", action="store_true")
    parser.add_argument("file")
    given = parser.parse_args()
    given.tables = {"items", *given.tables.split(",")}
    if not given.tables <= set(TABLES):
        parser.error("no such table: " + ", ".join(given.tables - set(TABLES)))
    return given


def main():
    given = arguments()
    password = os.environ.get("VEKHA_PASSWORD", "")
    if given.password_file:
        password = pathlib.Path(given.password_file).read_text(encoding="utf-8").splitlines()[0]
    copy = Copy(given.file)
    whose = f"{given.login} {given.address} {given.zone}"
    if copy.path.exists() and not given.anew:
        copy.read()
    if copy.account != whose:
        # Another territory or zone: nothing of what is there holds.
        copy = Copy(given.file)
        copy.account = whose
    with Api(given.address, given.login, password) as api:
        load(api, copy, given.tables, zoneinfo.ZoneInfo(given.zone))
    copy.write()
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Refused as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(1)
