"""The situations of both Leningrad letters in the reports: 500+ on 31.03.2021, the road map of the order by its days."""
import datetime
import json
import zoneinfo
from types import SimpleNamespace

import pytest

from pdf import pdf
from stack import ROOT

PROGRAMMES = ROOT / "programmes"
MOSCOW = zoneinfo.ZoneInfo("Europe/Moscow")
BUSY, SLOW, IDLE = "47.01.0002", "47.01.0003", "47.02.0002"
COMMITTEE = "47.0001"


class Region:
    """Whoever acts logs in anew when the clock has moved: sessions do not outlive days."""

    def __init__(self, stack, world):
        self.stack, self.world = stack, world
        self.move_to("2021-02-01", world.administrator)
        rows = (PROGRAMMES / "leningrad-organisations.csv").read_text()
        assert world.administrator.post("/api/v1/organisations:import", rows,
                                        headers={"Content-Type": "text/csv; charset=utf-8"})["applied"]
        self.ids = world.organisation_ids("47")
        world.wait_for_organisations(SimpleNamespace(code="47", ids=self.ids))
        self.coordinator = world.coordinator("47")

    def move_to(self, day, *people):
        moment = datetime.datetime.fromisoformat(day).replace(hour=10, tzinfo=MOSCOW)
        self.stack.set_clock(moment)
        for person in people:
            person.login(person.account["login"], person.password)

    def open(self, programme, organisations):
        file = json.loads((PROGRAMMES / f"{programme}.json").read_text())
        assert self.world.administrator.put("/api/v1/programmes/{code}", file, code=programme)["applied"]
        made = self.world.administrator.post("/api/v1/rounds",
                                             json.loads((PROGRAMMES / f"{programme}-round.json").read_text()))
        self.round_id = self.world.wait_open(made["roundId"], organisations)["roundId"]
        return self.round_id

    def plan(self, school, section, day, previous="", reason=""):
        school.post("/api/v1/rounds/{id}/sections/{section}:plan",
                    {"plannedOn": day, "previousOn": previous, "reason": reason}, id=self.round_id, section=section)

    def choose(self, school, section):
        school.post("/api/v1/rounds/{id}/sections/{section}:choose", {}, id=self.round_id, section=section)

    def document(self, author, code):
        """Placed and sent."""
        waiting = self.world.assignment(author, code, self.round_id)
        return self.world.submit(author, self.world.attach(author, waiting, pdf(text=code)))

    def accept(self, judge, author, sent):
        self.world.accept(judge, sent)
        self.world.wait_state(author, sent, "accepted")

    def get(self, report, reader=None, **query):
        self.world.wait_until_heard("reporting", "submissions", "auth")
        reply = (reader or self.coordinator).ask("GET", f"/api/v1/reports/{report}",
                                                 query={"round_id": self.round_id, **query})
        assert reply.status == 200, reply.document
        self.body = reply.body
        return reply.document


@pytest.fixture(scope="module")
def region(own_stack, own_world):
    return Region(own_stack, own_world)


@pytest.fixture(scope="module")
def spring(region, own_world):
    """What led to the letter: one school at work, one that has chosen and named no day, 34 that did nothing."""
    world = own_world
    region.open("500plus-2021", 36)
    busy, slow = (world.respondent(code) for code in (BUSY, SLOW))
    curator = world.curator("47.01", [BUSY, SLOW], {"familyName": "Кураторова"})
    for section in ("equipment", "staff"):
        region.choose(busy, section)
    region.choose(slow, "staff")
    region.choose(slow, "failure-risk")
    slow.post("/api/v1/rounds/{id}/sections/failure-risk:drop", {}, id=region.round_id)
    region.plan(busy, "staff", "2021-03-15")
    region.plan(busy, "equipment", "2021-03-20")
    diagnosis = world.assignment(busy, "staff-diagnosis", region.round_id)
    busy.post("/api/v1/assignments/{id}:plan", {"plannedOn": "2021-05-20"}, id=diagnosis["assignmentId"])
    sent = region.document(busy, "equipment-programme")
    world.reject(curator, sent, "Добавьте сроки")
    world.wait_state(busy, sent, "rejected")
    region.accept(curator, busy, region.document(busy, "staff-programme"))
    region.move_to("2021-03-10", busy)
    region.plan(busy, "staff", "2021-06-01", "2021-03-15", "Педагог выходит в мае")
    region.document(busy, "staff-measures")
    region.move_to("2021-04-01", world.administrator, region.coordinator, busy, slow, curator)
    return SimpleNamespace(busy=busy, slow=slow, curator=curator)


def row_of(report, path, section):
    return next(row for row in report["rows"] if (row["path"], row["sectionCode"]) == (path, section))


def shown(figures, *names):
    return [figures[name] for name in names]


def test_the_base_report_of_31_march(region, spring):
    """S1.8-S1.13, S1.22, S1.23, S1.25, S1.27, S1.31, S1.38: chosen and activated, moved days, templates by themselves,
    what the curator owes and since when, what is overdue by the planned day."""
    report = region.get("roadmaps", as_of="2021-03-31")
    totals = report["totals"]
    # 36 schools owe a day for the common documents; three directions are chosen, two of them activated.
    assert shown(totals, "organisations", "chosen", "activated", "notStarted") == [36, 39, 2, 35]
    assert shown(totals, "templatesTotal", "templatesActivated") == [2, 1]
    assert shown(totals, "placed", "accepted", "returned", "waiting", "waitingDays") == [3, 1, 1, 1, 21]
    assert report["reviewer"] == "curator"
    staff = row_of(report, BUSY, "staff")
    assert staff["curators"] == ["Кураторова Анна Петровна"] and staff["significance"] == "high"
    assert shown(staff["figures"], "state", "plannedOn", "moves", "previousOn", "moveReason") == [
        "activated", "2021-06-01", 1, "2021-03-15", "Педагог выходит в мае"]
    assert shown(staff["figures"], "templatesTotal", "templatesActivated", "measuresTotal", "measuresStarted",
                 "measuresFinished", "waiting", "overdue") == [1, 1, 3, 2, 1, 1, 0]
    assert staff["figures"]["waitingSince"].startswith("2021-03-10")
    # Its day was 20 March: what was returned, and two measures that were not begun; the template has no day yet.
    equipment = row_of(report, BUSY, "equipment")["figures"]
    assert shown(equipment, "state", "returned", "overdue", "templatesActivated") == ["activated", 1, 3, 0]
    assert (totals["overdue"], totals["overdueOrganisations"]) == (3, 1)
    chosen = row_of(report, SLOW, "staff")["figures"]
    assert shown(chosen, "state", "plannedOn", "measuresTotal") == ["chosen", "", 0]
    assert [row["sectionCode"] for row in report["rows"] if row["path"] == SLOW] == ["concept", "staff"]
    assert [(row["sectionCode"], row["figures"]["state"]) for row in report["rows"] if row["path"] == IDLE] == [
        ("concept", "chosen")]


def test_what_moved_since_february(region, spring):
    """S1.13, S1.26: the day before the planned one nothing is overdue; the day was moved in between."""
    report = region.get("roadmaps", as_of="2021-03-31", compare_with="2021-03-09")
    assert shown(report["totalsWere"], "waiting", "overdue", "accepted") == [0, 0, 1]
    staff = row_of(report, BUSY, "staff")
    assert shown(staff["was"], "plannedOn", "moves", "waiting") == ["2021-03-15", 0, 0]
    assert {"planned_on", "moves", "previous_on", "move_reason", "waiting"} <= set(staff["moved"])
    assert row_of(report, IDLE, "concept")["moved"] == []
    # A direction that was chosen and dropped the same day is in neither; before the day everything is new.
    before = region.get("roadmaps", as_of="2021-03-31", compare_with="2021-01-31")
    assert before["totalsWere"]["organisations"] == 0
    assert "state" in row_of(before, SLOW, "staff")["moved"] and "was" not in row_of(before, SLOW, "staff")


def test_measures_of_31_march(region, spring):
    """S1.28, S1.32: of a direction only those schools are asked that have activated it."""
    report = region.get("measures", as_of="2021-03-31", by_municipality="true", section_code="staff")
    rows = {row["itemCode"]: row for row in report["rows"]}
    assert len(rows) == 2 + 13 * 4
    assert shown(rows["staff-programme"]["figures"], "asked", "accepted", "percent") == [1, 1, "100.00"]
    assert shown(rows["staff-measures"]["figures"], "asked", "waiting") == [1, 1]
    assert rows["staff-diagnosis"]["isTemplate"] and not rows["staff-measures"]["isTemplate"]
    assert rows["staff-measures"]["stage"] == "Первый этап подтверждения"
    assert shown(rows["concept-programme"]["figures"], "asked", "notStarted") == [36, 36]
    assert shown(rows["failure-risk-programme"]["figures"], "asked", "percent") == [0, ""]
    assert {row["municipalityName"] for row in report["municipalities"]} == {"Бокситогорский МР"}


def test_the_slice_stays_when_plans_change(region, spring, own_world):
    """S1.13, S1.25: days moved, sections chosen and dropped, curators changed: the slice is byte for byte the same."""
    queries = [("roadmaps", {"compare_with": "2021-03-09"}), ("measures", {"by_municipality": "true"}), ("roadmap", {})]

    def bodies(day):
        found = []
        for report, query in queries:
            region.get(report, as_of=day, **query)
            found.append(region.body)
        return found
    before, today = bodies("2021-03-31"), bodies("2021-04-01")
    busy, slow = spring.busy, spring.slow
    region.plan(busy, "staff", "2021-07-01", "2021-06-01", "Ещё раз")
    region.plan(busy, "equipment", "2021-06-20", "2021-03-20", "Поставка")
    diagnosis = own_world.assignment(busy, "staff-diagnosis", region.round_id)
    busy.post("/api/v1/assignments/{id}:plan",
              {"plannedOn": "2021-06-20", "previousOn": "2021-05-20", "reason": "Отпуск"}, id=diagnosis["assignmentId"])
    slow.post("/api/v1/rounds/{id}/sections/staff:drop", {}, id=region.round_id)
    region.choose(slow, "failure-risk")
    region.plan(slow, "failure-risk", "2021-05-01")
    own_world.bind(spring.curator, [SLOW])
    own_world.curator("47", [BUSY], {"familyName": "Другая"})
    assert bodies("2021-03-31") == before
    assert all(new != old for new, old in zip(bodies("2021-04-01"), today))
    # What is not chosen any more is still seen beside the day when it was.
    gone = row_of(region.get("roadmaps", compare_with="2021-03-31"), SLOW, "staff")
    assert "figures" not in gone and gone["was"]["state"] == "chosen" and "state" in gone["moved"]


@pytest.fixture(scope="module")
def committee(region, own_world, spring):
    del spring
    region.move_to("2023-12-26", own_world.administrator, region.coordinator)
    region.open("cos-2024", 1)
    return own_world.respondent(COMMITTEE)


def states_of(road):
    return {section["code"]: section["state"] for section in road["sections"]}


def test_the_road_map_on_the_day_of_the_order(region, committee):
    """S3.5-S3.10, S3.11-S3.16, S3.17, B22: seven measures with their parties and results, one debt of a schedule, three
    of forms, one series."""
    del committee
    road = region.get("roadmap")
    assert states_of(road) == {**{f"m{n}": "not_begun" for n in (1, 2, 4, 5, 6, 7)}, "m3": "schedule_owed"}
    sections = {section["code"]: section for section in road["sections"]}
    assert [section["number"] for section in road["sections"]] == [f"{number}." for number in range(1, 8)]
    assert [(party["title"], party["organisationCode"], party["isOutside"])
            for party in sections["m3"]["responsible"]] == [
        ("Региональный координатор", COMMITTEE, False), ("Центр проектного сопровождения", "", True)]
    assert shown(sections["m3"], "dueKind", "dueOn", "dueOwner", "dueText") == [
        "by_schedule", "", "Центр проектного сопровождения",
        "Согласно отдельному графику Центра проектного сопровождения"]
    assert shown(sections["m6"], "dueOn", "dueText", "series") == ["2024-08-25", "25 августа 2024 года;", "monitoring"]
    assert [one["itemCode"] for one in sections["m2"]["items"]] == ["m2-1", "m2-2"]
    assert sections["m6"]["items"][0]["question"].startswith("По форме, определяемой Минпросвещения России")
    assert sections["m5"]["items"][1]["figures"]["asked"] == 8
    assert road["series"] == [{"name": "monitoring", "sectionCodes": ["m6", "m7"], "done": 0,
                               "nextDueOn": "2024-08-25"}]
    assert shown(road, "organisations", "done", "late", "scheduleOwed", "atRisk", "formsOwed") == [1, 0, 0, 1, 0, 3]
    assert [(one["itemCode"], one["formOwner"]) for section in road["sections"] for one in section["items"]
            if one["formOwed"]] == [
        ("m4-1", "Центр проектного сопровождения"),
        *((code, "Минпросвещения России или Центр проектного сопровождения") for code in ("m6-1", "m7-1"))]


def test_what_is_late_puts_the_rest_at_risk(region, committee, own_world):
    """S3.14, S3.17-S3.20: done only when every result is; a slip goes on to all that comes after; a schedule that is
    named and a form that is published are no debt any more, and the days before still say that they were."""
    operator = own_world.operator("47")
    region.accept(operator, committee, region.document(committee, "m1-1"))
    region.accept(operator, committee, region.document(committee, "m2-1"))
    region.move_to("2023-12-30", own_world.administrator, region.coordinator, operator, committee)
    road = region.get("roadmap")
    sections = {section["code"]: section for section in road["sections"]}
    assert states_of(road) == {"m1": "done", "m2": "late", "m3": "schedule_owed",
                               **{f"m{n}": "at_risk" for n in (4, 5, 6, 7)}}
    assert all(sections[f"m{n}"]["atRiskFrom"] == ["m2"] for n in (3, 4, 5, 6, 7))
    assert [one["state"] for one in sections["m2"]["items"]] == ["accepted", "not_started"]
    old = region.body
    region.move_to("2024-01-10", own_world.administrator, region.coordinator, operator, committee)
    operator.post("/api/v1/rounds/{id}/sections/m3:schedule",
                  {"dueOn": "2024-01-31", "reason": "График № 1 от 09.01.2024"}, id=region.round_id)
    file = json.loads((PROGRAMMES / "cos-2024.json").read_text())
    file["sections"][3]["items"][0]["form"]["address"] = "https://example.org/reestr"
    own_world.administrator.put("/api/v1/programmes/{code}", file, code="cos-2024")
    region.accept(operator, committee, region.document(committee, "m2-2"))
    road = region.get("roadmap")
    assert road["formsOwed"] == 2
    assert states_of(road) == {"m1": "done", "m2": "done", **{f"m{n}": "not_begun" for n in (3, 4, 5, 6, 7)}}
    assert {section["code"]: section["dueOn"] for section in road["sections"]}["m3"] == "2024-01-31"
    # The monthly table of January is missing since the tenth is over; the purchase itself is not late for that.
    region.move_to("2024-01-11", region.coordinator)
    road = region.get("roadmap")
    fifth = road["sections"][4]
    assert (fifth["state"], fifth["items"][1]["figures"]["overdue"]) == ("not_begun", 1)
    region.get("roadmap", as_of="2023-12-30")
    assert region.body == old


def test_rounds_say_which_reports_they_have(region, committee):
    """S1.27, S3.5: what schools choose has a base report, what the source dates has a road map; nobody knows names."""
    del committee
    rounds = region.coordinator.get("/api/v1/reports/rounds")["rounds"]
    assert {one["programmeCode"]: (one["hasPlans"], one["hasRoadmap"]) for one in rounds} == {
        "500plus-2021": (True, False), "cos-2024": (False, True)}


def test_one_organisation_alone(region, committee):
    """S3.5: of somebody who is not asked there is no road map."""
    del committee
    road = region.get("roadmap", organisation_id=region.ids[COMMITTEE])
    assert road["organisations"] == 1
    reply = region.coordinator.ask("GET", "/api/v1/reports/roadmap",
                                   query={"round_id": region.round_id, "organisation_id": region.ids[BUSY]})
    assert reply.status == 404
