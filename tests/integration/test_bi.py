"""Flat tables for BI tools: everything of a territory once, then what has changed (I1, S2.37, S2.51, S2.56)."""
import csv
import datetime
import io
import itertools
import threading
import uuid

import pytest

from builders import item
from vekha_client import Problem
from waiting import eventually

TABLES = {
    "organisations": ("organisationId",), "programmes": ("programmeId",), "items": ("itemId",), "rounds": ("roundId",),
    "assignments": ("assignmentId",), "plans": ("roundId", "organisationId", "sectionCode"), "changes": ("changeId",),
}
PERSONAL = {"name", "contact", "phone", "email", "account", "author", "login"}


class Reader:
    """What a loader keeps: rows by identifier, and one number a table."""

    def __init__(self, client, table, limit=None):
        self.client, self.table, self.limit = client, table, limit
        self.rows, self.up_to = {}, "0"

    def read(self, between_pages=lambda: None):
        """How many rows travelled."""
        after, count = "", 0
        while True:
            page = self.client.get(f"/api/v1/bi/{self.table}", query={
                "changedSince": self.up_to, "after": after or None, "limit": self.limit})
            for row in page["rows"]:
                self.rows[tuple(row[name] for name in TABLES[self.table])] = row
            count += len(page["rows"])
            after = page["next"]
            if not after:
                break
            assert page["upTo"] == "0"
            between_pages()
        assert int(page["upTo"]) >= int(self.up_to)
        self.up_to = page["upTo"]
        return count


def whole(client, table):
    reader = Reader(client, table)
    reader.read()
    return reader.rows


@pytest.fixture(scope="module")
def scene(world):
    """Two municipalities of two schools; seven indicators of a round, their respondents, an operator."""
    region = world.region(municipalities=2, schools=2)
    items = [item(f"i{number}", decimals=1) for number in range(5)] + [item("share", "percent"), item("agreed", "yes_no")]
    round_ = world.open_round(region, items, organisations=4)
    world.wait_until_heard("reporting", "auth", "submissions")
    people = {code: world.respondent(code) for code in region.schools}
    return region, round_, people, world.operator(region.code)


@pytest.fixture(scope="module")
def municipal(world, scene):
    """A coordinator of the first municipality."""
    return world.coordinator(scene[0].municipalities[0].authority)


@pytest.fixture(scope="module")
def regional(world, scene):
    return world.coordinator(scene[0].code)


def heard(world):
    world.wait_until_heard("submissions", "review")
    world.wait_until_heard("reporting", "auth", "submissions")


def one(world, scene, school, code):
    return world.assignment(scene[2][school], code, scene[1]["roundId"])


def test_a_territory_reads_its_own_rows_and_no_others(world, scene, municipal, regional):
    region, round_, people, operator = scene
    own, foreign = region.municipalities[0].schools[0], region.municipalities[1].schools[0]
    for school in (own, foreign):
        accepted = world.send(people[school], one(world, scene, school, "i0"), "25")
        world.accept(operator, accepted)
        world.reject(operator, world.send(people[school], one(world, scene, school, "i1"), "12,5"))
        world.send(people[school], one(world, scene, school, "share"), "1", "3")
        world.save(people[school], one(world, scene, school, "i2"), "777")
    world.wait_state(people[foreign], one(world, scene, foreign, "i1"), "rejected")
    heard(world)

    tables = {name: whole(municipal, name) for name in TABLES}
    paths = {row["path"] for row in tables["organisations"].values()}
    assert paths == {path for path in region.ids if (path + ".").startswith(region.municipalities[0].code + ".")}
    assert [row["roundId"] for row in tables["rounds"].values()] == [round_["roundId"]]
    assert {row["code"] for row in tables["items"].values()} >= {"i0", "share", "agreed"}
    assert {row["code"] for row in tables["programmes"].values()} == {round_["programmeCode"]}
    schools = {region.ids[code] for code in region.municipalities[0].schools}
    for name in ("assignments", "changes"):
        assert {row["organisationId"] for row in tables[name].values()} <= schools
        assert {row["itemId"] for row in tables[name].values()} <= {key[0] for key in tables["items"]}
    assert len(tables["assignments"]) == 2 * 7
    started = {row["path"]: row["startedAt"] for row in tables["organisations"].values()}
    assert started[own] and not started[region.municipalities[0].code]

    codes = {key[0]: row["code"] for key, row in tables["items"].items()}
    facts = {codes[row["itemId"]]: row for row in tables["assignments"].values() if row["organisationId"] == region.ids[own]}
    assert (facts["i0"]["state"], facts["i0"]["value"]) == ("accepted", "25")
    assert (facts["i1"]["state"], facts["i1"]["value"]) == ("rejected", "12.5")
    assert (facts["share"]["value"], facts["share"]["secondValue"], facts["share"]["percent"]) == ("1", "3", "33.33")
    # A draft's value is its organisation's own (S2.37).
    assert (facts["i2"]["state"], facts["i2"]["value"]) == ("draft", "") and facts["i2"]["draftAt"]
    assert (facts["i3"]["state"], facts["i3"]["due"], facts["i3"]["dueAt"]) == ("empty", "round", "")
    assert facts["i0"]["sentAt"] <= facts["i0"]["acceptedAt"] and facts["i1"]["rejectedAt"]
    states = [(row["state"], row["value"]) for row in tables["changes"].values()
              if row["assignmentId"] == facts["i0"]["assignmentId"]]
    assert states == [("draft", ""), ("in_review", "25"), ("accepted", "25")]
    # The region sees all of it, the same row for row.
    for name, rows in tables.items():
        theirs = whole(regional, name)
        assert rows.items() <= theirs.items(), name
    assert len(whole(regional, "assignments")) == 4 * 7
    for rows in tables.values():
        for row in rows.values():
            assert not {name for name in row if any(word in name.lower() for word in PERSONAL)} - {"shortName", "municipalityName", "name"}
            assert "555-" not in str(row) and "@" not in str(row)


def test_who_fills_in_and_who_judges_reads_none_of_them(world, scene):
    for person in (scene[2][scene[0].schools[0]], scene[3]):
        for table in TABLES:
            assert person.ask("GET", f"/api/v1/bi/{table}").status == 403
    assert world.client().ask("GET", "/api/v1/bi/assignments").status == 401


def test_only_what_changed_travels_the_next_time(world, scene, regional):
    """Each kind of change: a state, a value sent again, a due date, a round's date, an organisation's name, a programme."""
    region, round_, people, operator = scene
    readers = {name: Reader(regional, name, limit=3) for name in TABLES}
    heard(world)
    for reader in readers.values():
        reader.read()
    assert {name: reader.read() for name, reader in readers.items()} == dict.fromkeys(TABLES, 0)

    school = region.schools[1]
    sent = world.send(people[school], one(world, scene, school, "i4"), "4")
    world.save(people[school], one(world, scene, school, "i3"), "1")
    world.reject(operator, sent)
    heard(world)
    counts = {name: reader.read() for name, reader in readers.items()}
    assert counts == {"organisations": 0, "programmes": 0, "items": 0, "rounds": 0, "assignments": 2, "plans": 0,
                      "changes": 4}
    world.wait_state(people[school], sent, "rejected")
    world.send(people[school], world.fresh(people[school], sent), "5")
    seen = world.administrator.get("/api/v1/rounds/{id}", id=round_["roundId"])
    world.administrator.patch("/api/v1/rounds/{id}", {"dueOn": str(world.today() + datetime.timedelta(days=11))},
                              id=round_["roundId"], version=seen["version"])
    changed = [{"code": region.schools[0], "kind": "school", "short_name": "МБОУ «Лицей»",
                "parent_code": region.municipalities[0].code, "valid_from": "2020-01-01"}]
    assert world.import_organisations(changed)["applied"]
    heard(world)
    counts = {name: reader.read() for name, reader in readers.items()}
    assert counts == {"organisations": 1, "programmes": 0, "items": 0, "rounds": 1, "assignments": 1, "plans": 0,
                      "changes": 2}
    assert readers["assignments"].rows[(sent["assignmentId"],)]["value"] == "5"
    assert readers["organisations"].rows[(region.ids[region.schools[0]],)]["shortName"] == "МБОУ «Лицей»"
    for name, reader in readers.items():
        assert reader.rows == whole(regional, name), name
    assert {name: reader.read() for name, reader in readers.items()} == dict.fromkeys(TABLES, 0)


def test_own_due_dates_and_choices_of_sections(world):
    """500+: a section by choice is a plan's row, and the dates that a school sets come with its assignments."""
    region = world.region(schools=1)
    world.wait_for_organisations(region)
    sections = [{"code": "staff", "title": "Кадры", "byChoice": True, "due": {"kind": "by_executor"},
                 "items": [item("measure")]}]
    code = world.programme(region, sections=sections)
    round_ = world.wait_open(world.round(code, region, due_in=200, closed_in=250)["roundId"], 1)
    respondent, coordinator = world.respondent(region.schools[0]), world.coordinator(region.code)
    heard(world)
    readers = {name: Reader(coordinator, name) for name in ("assignments", "plans", "items")}
    for reader in readers.values():
        reader.read()
    assert [row["byChoice"] for row in readers["items"].rows.values()] == [True]
    before = {key: row["due"] for key, row in readers["assignments"].rows.items()}
    day = str(world.today() + datetime.timedelta(days=30))
    for verb, body in (("choose", {}), ("plan", {"plannedOn": day})):
        respondent.post("/api/v1/rounds/{id}/sections/staff:" + verb, body, id=round_["roundId"])
    heard(world)
    assert readers["plans"].read() == 1 and readers["items"].read() == 0
    assert [(row["state"], row["plannedOn"]) for row in readers["plans"].rows.values()] == [("activated", day)]
    assert readers["assignments"].read() == 1
    row, = readers["assignments"].rows.values()
    assert set(before.values()) <= {"open"} and row["due"] == "own" and row["dueAt"] > day
    assert readers["assignments"].rows == whole(coordinator, "assignments")


def test_a_reader_misses_nothing_of_what_changes_while_it_reads(world, scene, regional):
    """Pages are read while four schools write: afterwards the copy is the whole, row for row."""
    region, round_, people, _ = scene
    heard(world)
    readers = [Reader(regional.clone(), name, limit=20) for name in ("assignments", "assignments", "changes")]
    readers[1].read()
    failures = []

    def write(school):
        person = people[school].clone()
        person.patience = 30
        try:
            for turn, code in itertools.product(range(25), ("i2", "i3", "agreed")):
                assignment = world.assignment(person, code, round_["roundId"])
                if assignment["state"] == "in_review":
                    reply = person.ask("POST", "/api/v1/assignments/{id}:withdraw", id=assignment["assignmentId"],
                                       version=assignment["version"])
                    # The queue may not have heard of it yet, or the cabinet not yet of the queue.
                    assert reply.status in (200, 404, 409, 503), reply.body
                else:
                    world.send(person, assignment, ("yes", "no")[turn % 2] if code == "agreed" else str(turn))
        except Exception as failure:  # shown by the test itself
            failures.append(failure)

    writers = [threading.Thread(target=write, args=(school,)) for school in region.schools]
    for writer in writers:
        writer.start()
    readings = 0
    while any(writer.is_alive() for writer in writers):
        for reader in readers:
            readings += reader.read() > 0
    assert not failures, failures
    assert readings > len(readers)
    heard(world)
    for reader in readers:
        reader.read()
        expected = whole(regional, reader.table)
        differing = [key for key in expected.keys() | reader.rows.keys() if reader.rows.get(key) != expected.get(key)]
        assert differing == []
    assert len(readers[2].rows) >= 4 * 30


def test_pages_of_every_size_are_the_same_table(world, scene, regional):
    heard(world)
    for table in TABLES:
        expected = whole(regional, table)
        for limit in (1, 5, 1000):
            reader = Reader(regional, table, limit)
            # In one walk nobody is met twice while nothing changes.
            assert (reader.read(), reader.rows) == (len(expected), expected)


def as_csv(client, table, **query):
    reply = client.ask("GET", f"/api/v1/bi/{table}", query=query, headers={"Accept": "text/csv, */*;q=0.1"})
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/csv; charset=utf-8; header=present")
    return reply, list(csv.DictReader(io.StringIO(reply.body.decode(), newline="")))


def test_who_accepts_csv_gets_it(world, scene, regional):
    """The same rows under the same names; where to go on stands in headers."""
    name = 'МБОУ «СОШ», "Лицей"; корпус 2'
    changed = {"code": scene[0].schools[3], "kind": "school", "short_name": name,
               "parent_code": scene[0].municipalities[1].code, "valid_from": "2020-02-02"}
    assert world.import_organisations([changed])["applied"]
    heard(world)
    for table in TABLES:
        document = regional.get(f"/api/v1/bi/{table}")
        reply, rows = as_csv(regional, table)
        assert rows == [{field: str(content).lower() if isinstance(content, bool) else str(content)
                         for field, content in row.items()} for row in document["rows"]]
        assert (reply.headers["X-Up-To"], reply.headers.get("X-Next") or "") == (document["upTo"], document["next"])
        assert reply.body.endswith(b"\r\n")
    after, read = None, []
    while after != "":
        reply, rows = as_csv(regional, "organisations", limit=3, **({"after": after} if after else {}))
        read += rows
        after = reply.headers.get("X-Next") or ""
    assert name in {row["shortName"] for row in read} and len(read) == len(whole(regional, "organisations"))
    # What is no table stays JSON, as does what somebody would rather have.
    for path, accept in (("/api/v1/reports/rounds", "text/csv"), ("/api/v1/bi/rounds", "application/json, text/csv")):
        assert regional.ask("GET", path, headers={"Accept": accept}).headers["Content-Type"] == "application/json"


@pytest.mark.parametrize("table, query, field", [
    ("assignments", {"after": "1_2_3"}, "after"), ("assignments", {"after": "x"}, "after"),
    ("assignments", {"after": "5_17"}, "after"), ("changes", {"after": f"5_{uuid.UUID(int=1)}"}, "after"),
    ("rounds", {"after": "_".join(["5"] + [str(uuid.UUID(int=1))] * 3)}, "after"),
    ("changes", {"after": "5_17_"}, "after"), ("rounds", {"changedSince": str(2**62)}, "changedSince"),
    ("organisations", {"changedSince": str(2**64 - 1)}, "changedSince"), ("items", {"limit": "1001"}, "limit"),
])
def test_what_no_page_has_named_is_refused(regional, table, query, field):
    with pytest.raises(Problem) as problem:
        regional.get(f"/api/v1/bi/{table}", query=query)
    assert (problem.value.status, problem.value.fields) == (422, [field])


def test_an_organisation_that_changes_with_the_day_is_told(own_world):
    world = own_world
    region = world.region(schools=1)
    coordinator = world.coordinator(region.code)
    world.wait_until_heard("reporting", "auth")
    reader = Reader(coordinator, "organisations")
    reader.read()
    tomorrow = world.today() + datetime.timedelta(days=1)
    renamed = {"code": region.schools[0], "parent_code": region.municipalities[0].code, "kind": "school",
               "short_name": "МАОУ «Гимназия»", "valid_from": str(tomorrow)}
    assert world.import_organisations([renamed])["applied"]
    world.wait_until_heard("reporting", "auth")
    reader.read()
    key = (region.ids[region.schools[0]],)
    assert reader.rows[key]["shortName"] != "МАОУ «Гимназия»"
    world.stack.advance(days=2)
    world.stack.restart("reporting")
    coordinator.login(coordinator.login_name, coordinator.password)
    eventually(lambda: reader.read() and reader.rows[key]["shortName"] == "МАОУ «Гимназия»", 90,
               what="the name of the new day")
    assert reader.rows == whole(coordinator, "organisations")
