"""The two Leningrad programmes as they stand in programmes/: loaded with their organisations, opened on their days."""
import datetime
import json
from types import SimpleNamespace

import pytest

from pdf import pdf
from stack import ROOT
from waiting import eventually

PROGRAMMES = ROOT / "programmes"
COMMITTEE = "47.0001"
RISK_SCHOOL = "47.01.0002"


def loaded(world, name):
    file = json.loads((PROGRAMMES / f"{name}.json").read_text())
    reply = world.administrator.put("/api/v1/programmes/{code}", file, code=name)
    assert reply["applied"], reply
    made = world.administrator.post("/api/v1/rounds", json.loads((PROGRAMMES / f"{name}-round.json").read_text()))
    return file, reply, made


def at(world, moment):
    world.stack.set_clock(moment)
    world.administrator = world.client_of_administrator()


@pytest.fixture(scope="module")
def region(own_world):
    at(own_world, "2021-02-01T09:00:00+03:00")
    rows = (PROGRAMMES / "leningrad-organisations.csv").read_text()
    reply = own_world.administrator.post("/api/v1/organisations:import", rows,
                                         headers={"Content-Type": "text/csv; charset=utf-8"})
    assert reply["applied"], reply
    found = SimpleNamespace(code="47", zone="Europe/Moscow", ids=own_world.organisation_ids("47"))
    own_world.wait_for_organisations(found)
    return found


def test_the_schools_of_500plus(own_world, region):
    """S1.1, S1.7, S1.8, S1.11, S1.15, S1.16, S1.38, B9, B10, F1: 36 schools choose among 13 directions, each with its
    template of self-diagnosis and its measures; invented names are marked."""
    file, reply, made = loaded(own_world, "500plus-2021")
    assert (reply["sections"], reply["items"]) == (14, 2 + 13 * 4)
    opened = own_world.wait_open(made["roundId"], 36)
    school = own_world.respondent(RISK_SCHOOL)
    plan = school.get("/api/v1/rounds/{id}/plan", id=opened["roundId"])
    directions = [section for section in plan["sections"] if section["byChoice"]]
    assert len(directions) == 13 and {section["state"] for section in directions} == {"offered"}
    real = [section["title"] for section in directions if not section["demo"]]
    assert real == ["Низкий уровень оснащения школы", "Дефицит педагогических кадров",
                    "Высокая доля обучающихся с рисками учебной неуспешности"]
    school.post("/api/v1/rounds/{id}/sections/staff:choose", {}, id=opened["roundId"])
    school.post("/api/v1/rounds/{id}/sections/staff:plan", {"plannedOn": "2021-06-01"}, id=opened["roundId"])
    asked = own_world.assignments(school, round_id=opened["roundId"])
    staff = [one for one in asked if one["sectionCode"] == "staff"]
    assert [one["valueKind"] for one in staff] == ["table", "documents", "documents", "documents"]
    assert staff[0]["columnTitles"] == ["Факторы риска", "Краткое описание мер"]
    other = own_world.respondent("47.01.0004")
    assert not own_world.assignments(other)
    words = {one["key"]: one["russian"] for one in school.get("/api/v1/programmes/500plus-2021")["words"]}
    assert words["reviewer"] == "Куратор" and words["reject"] == "Отправить на доработку"
    assert len(file["sections"]) == 14


@pytest.fixture(scope="module")
def committee_of_the_region(own_world, region):
    at(own_world, "2023-12-26T10:00:00+03:00")
    return own_world.respondent(COMMITTEE)


@pytest.fixture(scope="module")
def operator_of_the_region(own_world, committee_of_the_region):
    return own_world.operator("47")


EXPECTED = [
    ("m1", "2023-12-29", "Не позднее 29 декабря 2023 года", 1), ("m2", "2023-12-29", "Не позднее 29 декабря 2023 года", 2),
    ("m3", None, "Согласно отдельному графику Центра проектного сопровождения", 2),
    ("m4", "2024-02-15", "15 февраля 2024 года", 1), ("m5", "2024-08-25", "25 августа 2024 года", 1),
    ("m6", "2024-08-25", "25 августа 2024 года;", 1), ("m7", "2024-11-30", "30 ноября 2024 года", 1),
]


def test_the_roadmap_of_the_order(own_world, committee_of_the_region):
    """S3.1, S3.3, S3.5-S3.13, S3.15, S3.16, S3.19-S3.21: seven measures letter for letter, their days, one debt of a
    schedule, one series; on the day of the order the first is due in three days."""
    committee = committee_of_the_region
    file, reply, made = loaded(own_world, "cos-2024")
    assert reply["sections"] == 7
    own_world.wait_open(made["roundId"], 1)
    programme = committee.get("/api/v1/programmes/cos-2024")
    assert [section["title"] for section in programme["sections"]] == [section["title"] for section in file["sections"]]
    assert programme["document"]["number"] == "3509-р" and "«___» 26.12.2023" in programme["document"]["approval"]
    assert [section["number"] for section in programme["sections"]] == [f"{n}." for n in range(1, 8)]
    third = programme["sections"][2]
    assert [party["title"] for party in third["responsible"]] == ["Региональный координатор", "Центр проектного сопровождения"]
    assert third["responsible"][1]["organisationCode"] == "" and third["due"]["owner"] == "Центр проектного сопровождения"
    assert [section["series"] for section in programme["sections"]] == [""] * 5 + ["monitoring"] * 2
    asked = own_world.assignments(committee, round_id=made["roundId"])
    for code, day, text, count in EXPECTED:
        results = [one for one in asked if one["sectionCode"] == code and one["valueKind"] == "documents"]
        assert len(results) == count, code
        for one in results:
            assert one["dueText"] == text and not one["overdue"]
            assert (one["dueOn"], bool(one["dueAt"])) == (day or "2024-11-30", day is not None)
    spending = [one["dueOn"] for one in asked if one["itemCode"] == "m5-spending"]
    assert spending == [str(datetime.date(2024, month, 10)) for month in range(1, 9)]


def test_a_roadmap_that_is_late(own_world, committee_of_the_region, operator_of_the_region):
    """S3.14, S3.18, S3.20: a result sent and confirmed in time is done; on the thirtieth what is left is late, but not
    what waits for its schedule."""
    world, committee = own_world, committee_of_the_region
    round_id = world.administrator.get("/api/v1/rounds", query={"programmeCode": "cos-2024"})["rounds"][0]["roundId"]
    first = [one for one in world.assignments(committee, round_id=round_id) if one["itemCode"] == "m1-1"][0]
    sent = world.submit(committee, world.attach(committee, first, pdf(text="3509")))
    world.accept(operator_of_the_region, sent)
    world.wait_state(committee, first, "accepted")
    at(world, "2023-12-30T00:00:01+03:00")
    committee.login(committee.login_name, committee.password)
    late = {one["itemCode"] for one in world.assignments(committee, round_id=round_id) if one["overdue"]}
    assert late == {"m2-1", "m2-2"}


def test_contracting_and_spending_month_by_month(own_world, committee_of_the_region, operator_of_the_region):
    """B22: the monthly table beside M5: its sums by month, of what is sent and not returned; as of a day nothing moves."""
    world, committee = own_world, committee_of_the_region
    round_id = world.administrator.get("/api/v1/rounds", query={"programmeCode": "cos-2024"})["rounds"][0]["roundId"]
    months = [one for one in world.assignments(committee, round_id=round_id) if one["itemCode"] == "m5-spending"]

    def told(assignment, *lots):
        body = {"rows": [{"cells": list(lot)} for lot in lots]}
        committee.put("/api/v1/assignments/{id}/rows", body, id=assignment["assignmentId"], version=assignment["version"])
        return world.submit(committee, world.fresh(committee, assignment))

    def tables(reader, **query):
        return reader.get("/api/v1/reports/roadmap/tables", query={"round_id": round_id, **query})["points"]
    operator, coordinator = operator_of_the_region, world.coordinator("47")
    operator.login(operator.login_name, operator.password)
    told(months[0], ("Ноутбуки", "1000,5", "250", "0"), ("2", "500", "", "10,25"))
    second = told(months[1], ("Ноутбуки", "1000,5", "900", "120"))
    world.reject(operator, second, "Не хватает лота 2")
    world.accept(operator, world.fresh(committee, months[0]))

    def settled():
        seen = tables(coordinator)
        return seen if (seen[0]["accepted"], seen[1]["sent"]) == (1, 0) else None
    first, returned, *rest = eventually(settled, 20, what="the report knows")
    assert len(rest) == 6 and first["dueOn"] == "2024-01-10" and first["itemCode"] == "m5-spending"
    assert first["sums"][1:] == ["1500.5", "250", "10.25"] and (first["asked"], first["sent"]) == (1, 1)
    assert (returned["sums"], returned["asked"]) == ([], 1)
    assert {point["sent"] for point in tables(coordinator, as_of="2023-12-29")} == {0}
    # Another region's coordinator sees nothing of it.
    region = world.region(municipalities=1, schools=1)
    stranger = world.coordinator(region.code)
    assert stranger.ask("GET", "/api/v1/reports/roadmap/tables", query={"round_id": round_id}).status == 404
