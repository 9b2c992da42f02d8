"""The example of deploy/bi loads the BI tables into a workbook; afterwards only what has changed travels."""
import csv
import datetime
import os
import re
import shutil
import subprocess

import openpyxl
import pytest

from builders import item
from stack import ROOT
from test_bi import TABLES, whole

LOADER = ROOT / "deploy" / "bi" / "load.py"


@pytest.fixture(scope="module")
def scene(world):
    region = world.region(municipalities=1, schools=2)
    items = [item("count", decimals=2), item("share", "percent"), item("agreed", "yes_no"), item("rest")]
    round_ = world.open_round(region, items, organisations=2)
    people = [world.respondent(code) for code in region.schools]
    return region, round_, people, world.operator(region.code), world.coordinator(region.code)


def heard(world):
    world.wait_until_heard("submissions", "review")
    world.wait_until_heard("reporting", "auth", "submissions")


def load(coordinator, file, *options, password=None, expect=0):
    """How many rows of each table were read, and how many there are."""
    done = subprocess.run(["/usr/bin/python3", LOADER, "--address", coordinator.address, "--login", coordinator.login_name,
                           "--zone", "Asia/Yekaterinburg", *options, file], capture_output=True, text=True, timeout=120,
                          env={**os.environ, "VEKHA_PASSWORD": password or coordinator.password}, check=False)
    assert done.returncode == expect, done.stdout + done.stderr
    if expect:
        return done.stderr
    lines = re.findall(r"^(\w+): (\d+) read, (\d+) altogether$", done.stdout, re.M)
    return {table: (int(read), int(kept)) for table, read, kept in lines}


def sheets(file):
    book = openpyxl.load_workbook(file)
    tables = {}
    for table in TABLES:
        rows = [[cell.value for cell in row] for row in book[table].iter_rows()]
        tables[table] = [dict(zip(rows[0], row)) for row in rows[1:]]
        assert book[table].freeze_panes == "A2"
    return book, tables


def as_answered(content):
    """A cell as the API writes it; moments are the workbook's own and compared apart."""
    return "" if content is None else content if isinstance(content, bool) else str(content)


def differing(world, coordinator, tables):
    found = []
    for table, keys in TABLES.items():
        expected = whole(coordinator, table)
        shown = {tuple(as_answered(row[key]) for key in keys): row for row in tables[table]}
        assert len(shown) == len(tables[table])
        for key in expected.keys() | shown.keys():
            here, there = shown.get(key), expected.get(key)
            if here is None or there is None:
                found.append((table, key))
                continue
            assert here.keys() == there.keys(), table
            for name, content in there.items():
                if isinstance(here[name], datetime.datetime) and "T" in content:
                    moment = datetime.datetime.fromisoformat(content.replace("Z", "+00:00"))
                    same = abs(here[name] - datetime.timedelta(hours=5) - moment.replace(tzinfo=None)).total_seconds() < 1
                elif isinstance(here[name], datetime.datetime):
                    same = str(here[name].date()) == content
                elif isinstance(here[name], (int, float)) and not isinstance(here[name], bool):
                    same = float(content) == here[name]
                else:
                    same = as_answered(here[name]) == (content if isinstance(content, bool) else str(content))
                if not same:
                    found.append((table, key, name, here[name], content))
    return found


def test_a_workbook_that_is_loaded_and_then_kept_up(world, scene, tmp_path):
    _, round_, people, operator, coordinator = scene
    file = tmp_path / "vekha.xlsx"

    def one(person, code):
        return world.assignment(person, code, round_["roundId"])

    for number, person in enumerate(people):
        world.accept(operator, world.send(person, one(person, "count"), f"{number + 1},25"))
        world.send(person, one(person, "share"), "1", "3")
    world.send(people[0], one(people[0], "agreed"), "yes")
    heard(world)
    first = load(coordinator, file)
    assert all(read == kept for read, kept in first.values()) and set(first) == set(TABLES)
    assert first["assignments"] == (8, 8)
    book, tables = sheets(file)
    assert differing(world, coordinator, tables) == []
    codes = {row["itemId"]: row["code"] for row in tables["items"]}
    values = {(codes[row["itemId"]], row["value"], row["percent"]) for row in tables["assignments"]}
    assert {("count", 1.25, None), ("share", 1, 33.33), ("agreed", "yes", None)} <= values
    sent = [row["sentAt"] for row in tables["assignments"] if row["sentAt"]]
    assert sent and all(isinstance(moment, datetime.datetime) for moment in sent)
    assert book["rounds"]["G2"].value == round_["zone"]

    # Nothing has happened: nothing travels, and the file says the same.
    assert {table: read for table, (read, _) in load(coordinator, file).items()} == dict.fromkeys(TABLES, 0)
    assert sheets(file)[1] == tables

    world.reject(operator, world.fresh(people[1], one(people[1], "share")))
    world.save(people[1], one(people[1], "rest"), "7")
    heard(world)
    second = load(coordinator, file)
    assert {table: read for table, (read, _) in second.items() if read} == {"assignments": 2, "changes": 2}
    assert second["assignments"] == (2, 8)
    _, now = sheets(file)
    assert differing(world, coordinator, now) == []
    moved = [row["assignmentId"] for row, before in zip(now["assignments"], tables["assignments"]) if row != before]
    assert len(moved) == 2


def test_a_text_that_looks_like_a_formula_stays_a_text(world, scene, tmp_path):
    region, _, _, _, coordinator = scene
    name = '=HYPERLINK("http://evil.example","x")'
    changed = {"code": region.schools[1], "parent_code": region.municipalities[0].code, "kind": "school",
               "short_name": name, "valid_from": "2019-06-01"}
    assert world.import_organisations([changed])["applied"]
    heard(world)
    file = tmp_path / "vekha.xlsx"
    for _ in range(2):
        load(coordinator, file)
        cells = [cell for row in openpyxl.load_workbook(file)["organisations"].iter_rows() for cell in row
                 if cell.value == name]
        assert [cell.data_type for cell in cells] == ["s"]


def test_another_account_finds_nothing_of_the_first_one(world, scene, tmp_path):
    region, _, _, _, coordinator = scene
    file = tmp_path / "vekha.xlsx"
    load(coordinator, file)
    municipal = world.coordinator(region.authorities[0])
    counts = load(municipal, file)
    assert counts["organisations"][0] == counts["organisations"][1] == 4
    # Wrong password: the file stays as it was.
    before = file.read_bytes()
    assert "401" in load(municipal, file, password="wrong-password-1", expect=1)
    assert file.read_bytes() == before
    # A session that the loader began is not left behind.
    municipal.login(municipal.login_name, municipal.password)
    others = [one for one in municipal.get("/api/v1/sessions")["sessions"] if not one["current"]]
    assert len(others) <= 1


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not installed (libreoffice-calc-nogui)")
def test_libreoffice_reads_every_row(world, scene, tmp_path):
    file = tmp_path / "vekha.xlsx"
    load(scene[4], file)
    for number, table in enumerate(openpyxl.load_workbook(file).sheetnames, start=1):
        subprocess.run(["soffice", f"-env:UserInstallation=file://{tmp_path}/office", "--headless", "--convert-to",
                        f"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,{number}",
                        "--outdir", tmp_path / table, file], check=True, capture_output=True, timeout=120)
        written, = (tmp_path / table).glob("*.csv")
        with written.open(encoding="utf-8", newline="") as lines:
            assert len(list(csv.reader(lines))) == openpyxl.load_workbook(file)[table].max_row
