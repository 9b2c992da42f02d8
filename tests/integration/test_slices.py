"""Slices: the base report of a moment as a thing of its own: made anew byte for byte, compared, taken by a schedule."""
import copy
import csv
import datetime
import hashlib
import io
import zoneinfo

import pytest

from builders import item
from test_report_files import file_of, sheet_of
from vekha_client import Problem
from waiting import eventually

ZONE = zoneinfo.ZoneInfo("Asia/Yekaterinburg")
SECTIONS = [{"code": "equipment", "title": "Низкий уровень оснащения школы", "byChoice": True, "significance": "high",
             "due": {"kind": "by_executor"}, "items": [item("plan"), item("report")]},
            {"code": "staff", "title": "Дефицит кадров; учителя", "items": [item("training")]}]


class Scene:
    """Two municipalities with two schools; everybody's clock is the letter's: 31.03.2021 and 14.04.2021 (S1.37)."""

    def __init__(self, stack, world):
        self.stack, self.world = stack, world
        self.move_to(20, 3, world.administrator)
        self.region = world.region(municipalities=2, schools=2)
        world.wait_for_organisations(self.region)
        self.programme = world.programme(self.region, sections=copy.deepcopy(SECTIONS))
        made = world.round(self.programme, self.region, due_in=20, closed_in=90)
        self.round_id = world.wait_open(made["roundId"], 4)["roundId"]
        self.coordinator = world.coordinator(self.region.code)
        self.municipal = world.coordinator(self.region.authorities[1])
        self.operator = world.operator(self.region.code)
        self.respondents = {school: world.respondent(self.region.schools[school]) for school in (0, 2, 3)}

    def move_to(self, day, month, *people, hour=10):
        """Sessions do not outlive days: who has something to do logs in again."""
        self.stack.set_clock(datetime.datetime(2021, month, day, hour, tzinfo=ZONE))
        for person in people:
            person.login(person.account["login"], person.password)

    def choose(self, school, planned):
        for act, body in (("choose", {}), ("plan", {"plannedOn": planned})):
            self.respondents[school].post("/api/v1/rounds/{id}/sections/equipment:" + act, body, id=self.round_id)

    def send(self, school, code):
        respondent = self.respondents[school]
        return self.world.send(respondent, self.world.assignment(respondent, code, self.round_id), "5")

    def settle(self):
        self.world.wait_until_heard("reporting", "submissions", "auth")

    def take(self, who=None, **body):
        who = who or self.coordinator
        return self.made(who, who.post("/api/v1/slices", {"roundId": self.round_id, **body})["sliceId"])

    def made(self, who, slice_id):
        def over():
            now = who.get("/api/v1/slices/{id}", id=slice_id)
            return now if now["state"] == "made" and now["verification"] != "waiting" else None
        return eventually(over, 20, what="the slice is made")

    def verify(self, slice_id, who=None):
        who = who or self.coordinator
        assert who.post("/api/v1/slices/{id}:verify", id=slice_id)["verification"] == "waiting"
        return self.made(who, slice_id)

    def content(self, slice_id, who=None):
        reply = (who or self.coordinator).ask("GET", "/api/v1/slices/{id}/content", id=slice_id)
        assert reply.status == 200, reply.document
        return reply.body

    def report(self, slice_id, who=None, **query):
        return (who or self.coordinator).get("/api/v1/slices/{id}/report", id=slice_id, query=query)

    def schedule(self, who=None, version=0, **body):
        return (who or self.coordinator).put("/api/v1/slice-schedules/{id}", body, id=self.round_id, version=version)

    def slices(self, who=None):
        return (who or self.coordinator).get("/api/v1/slices", query={"round_id": self.round_id})["slices"]


@pytest.fixture(scope="module")
def scene(own_stack, own_world):
    made = Scene(own_stack, own_world)
    made.choose(0, "2021-04-10")
    first = made.send(0, "plan")
    own_world.accept(made.operator, first)
    own_world.wait_state(made.respondents[0], first, "accepted")
    made.settle()
    made.move_to(31, 3, made.coordinator, made.municipal, made.respondents[2])
    made.send(2, "training")
    made.settle()
    made.first = made.take()
    return made


def refused(call, status, code):
    with pytest.raises(Problem) as caught:
        call()
    assert (caught.value.status, caught.value.code) == (status, code), caught.value


def test_a_slice_says_what_it_is_made_of(scene):
    """S1.25: number, moment, who took it, SHA-256 of its file, the programme's version, the last event of each stream."""
    slice_ = scene.first
    assert (slice_["number"], slice_["year"], slice_["asOf"], slice_["territory"]) == (1, 2021, "2021-03-31",
                                                                                     scene.region.code)
    assert slice_["takenBy"] == "Иванова Анна Петровна" and not slice_["bySchedule"] and slice_["format"] == 1
    assert slice_["programmeVersion"] == 1 and slice_["rows"] == 5
    for stream in ("submissions", "auth"):
        assert 0 < int(slice_[f"{stream}Number"]) <= scene.stack.value(
            "reporting", "SELECT number FROM inbox_position WHERE stream = %s", stream)
    content = scene.content(slice_["sliceId"])
    assert hashlib.sha256(content).hexdigest() == slice_["sha256"]
    rows = list(csv.DictReader(io.StringIO(content.decode()), delimiter=";"))
    assert [(row["path"], row["section_code"]) for row in rows] == [
        (scene.region.schools[0], "equipment"), *((school, "staff") for school in scene.region.schools)]
    assert rows[1]["section_title"] == "Дефицит кадров; учителя" and rows[0]["planned_on"] == "2021-04-10"
    assert "Иванова" not in content.decode()


def test_it_is_the_report_of_its_moment(scene):
    """S1.31: row by row and in its sums what the base report says as of that day."""
    expected = scene.coordinator.get("/api/v1/reports/roadmaps", query={"round_id": scene.round_id,
                                                                        "as_of": "2021-03-31"})
    report = scene.report(scene.first["sliceId"])
    assert report["totals"] == expected["totals"] and report["totals"]["organisations"] == 4
    assert [{**row, "curators": []} for row in expected["rows"]] == report["rows"]


def test_what_is_told_later_changes_nothing(scene):
    """S1.25: late answers, moved dates, new names, a new programme: the slice is made anew byte for byte, and the
    answer that was sent before its moment, but told after it, is seen by the next slice of the same moment only."""
    before = scene.content(scene.first["sliceId"])
    scene.move_to(31, 3, scene.world.administrator, scene.respondents[0], scene.respondents[3], hour=9)
    scene.send(3, "training")
    scene.respondents[0].post("/api/v1/rounds/{id}/sections/equipment:plan", {
        "plannedOn": "2021-04-20", "previousOn": "2021-04-10", "reason": "Поставка задержалась"}, id=scene.round_id)
    renamed = [{"code": scene.region.schools[1], "parent_code": scene.region.municipalities[0].code, "kind": "school",
                "short_name": "МБОУ «Лицей»", "valid_from": "2019-01-01"}]
    assert scene.world.import_organisations(renamed)["applied"]
    sections = copy.deepcopy(SECTIONS)
    sections[1]["title"] = "Кадры"
    body = {"title": "Программа", "zone": scene.region.zone, "organisationCode": scene.region.code,
            "sections": sections}
    assert scene.world.administrator.put("/api/v1/programmes/{code}", body, code=scene.programme)["applied"]
    scene.settle()
    scene.move_to(31, 3, scene.coordinator, scene.municipal, hour=11)
    verified = scene.verify(scene.first["sliceId"])
    assert verified["verification"] == "same" and verified["verifiedSha256"] == scene.first["sha256"]
    assert not verified["differences"] and scene.content(scene.first["sliceId"]) == before
    now = scene.take()
    seen = scene.content(now["sliceId"]).decode()
    assert now["number"] == 2 and now["programmeVersion"] == 2
    assert "МБОУ «Лицей»" in seen and "2021-04-20" in seen and "Кадры" in seen
    rows = {row["path"]: row for row in scene.report(now["sliceId"])["rows"] if row["sectionCode"] == "staff"}
    assert rows[scene.region.schools[3]]["figures"]["waiting"] == 1
    late = {row["path"]: row for row in scene.report(scene.first["sliceId"])["rows"] if row["sectionCode"] == "staff"}
    assert late[scene.region.schools[3]]["figures"]["waiting"] == 0


def test_a_verification_says_what_differs(scene):
    """A file, a kept row or the history that somebody has changed is found, each line with what it should be."""
    slice_ = scene.take()
    stack, slice_id = scene.stack, slice_["sliceId"]
    stack.rows("reporting", "UPDATE slice_row SET accepted = 7 WHERE slice_id = %s AND position = 1", slice_id)
    found = scene.verify(slice_id)
    assert found["verification"] == "differs" and found["verifiedSha256"] == slice_["sha256"]
    assert found["keptSha256"] != slice_["sha256"]
    (difference,) = found["differences"]
    assert difference["kept"].split(";")[18] == "7" and difference["made"].split(";")[18] == "1"
    stack.rows("reporting", "UPDATE slice_row SET accepted = 1 WHERE slice_id = %s AND position = 1", slice_id)
    assert scene.verify(slice_id)["verification"] == "same"
    assert not scene.made(scene.coordinator, slice_id)["differences"]
    stack.rows("reporting", "UPDATE slice_file SET body = body || 'x' WHERE slice_id = %s", slice_id)
    assert scene.verify(slice_id)["verification"] == "differs"
    stack.rows("reporting", "UPDATE slice_file SET body = substring(body FOR length(body) - 1) WHERE slice_id = %s",
               slice_id)
    stack.rows("reporting", "UPDATE history SET at = at + interval '1 year' WHERE round_id = %s AND path = %s",
               scene.round_id, scene.region.schools[2])
    found = scene.verify(slice_id)
    assert found["keptSha256"] == slice_["sha256"] and found["verifiedSha256"] != slice_["sha256"]
    assert [scene.region.schools[2] in one["made"] for one in found["differences"]] == [True]
    stack.rows("reporting", "UPDATE history SET at = at - interval '1 year' WHERE round_id = %s AND path = %s",
               scene.round_id, scene.region.schools[2])
    assert scene.verify(slice_id)["verification"] == "same"


def test_two_slices_side_by_side(scene):
    """S1.26: what moved by school and section, the rest left out if wanted, also as a table."""
    now = scene.take()
    report = scene.report(now["sliceId"], compare_slice_id=scene.first["sliceId"], only_moved="true")
    moved = {(row["path"], row["sectionCode"]): row for row in report["rows"]}
    assert set(moved) == {(scene.region.schools[0], "equipment"), (scene.region.schools[3], "staff")}
    row = moved[scene.region.schools[3], "staff"]
    assert (row["was"]["waiting"], row["figures"]["waiting"]) == (0, 1) and "waiting" in row["moved"]
    assert moved[scene.region.schools[0], "equipment"]["was"]["plannedOn"] == "2021-04-10"
    whole = scene.report(now["sliceId"], compare_slice_id=scene.first["sliceId"])
    assert len(whole["rows"]) == 5 and whole["totalsWere"]["waiting"] == 1 and whole["totals"]["waiting"] == 2
    made = file_of(scene.coordinator, scene, "slice", sliceId=now["sliceId"], compareSliceId=scene.first["sliceId"],
                   onlyMoved=True)
    _, rows = sheet_of(made.bytes)
    assert [(one["Ждут проверки"].value, one["Ждут проверки (было)"].value) for one in rows
            if one["Направление"].value == "Кадры"] == [(1, 0)]
    for other, who in ((now["sliceId"], scene.coordinator), (scene.take(scene.municipal)["sliceId"], scene.coordinator)):
        refused(lambda it=other, by=who: scene.report(scene.first["sliceId"], by, compare_slice_id=it), 422, "invalid")


def test_a_slice_is_its_territory_s(scene):
    """S1.25: who answers for a municipality takes slices of it and does not see the region's; the region sees both."""
    own = scene.take(scene.municipal)
    assert own["territory"] == scene.region.municipalities[1].code
    paths = {row["path"] for row in scene.report(own["sliceId"], scene.municipal)["rows"]}
    assert paths == set(scene.region.schools[2:])
    assert {one["territory"] for one in scene.slices(scene.municipal)} == {own["territory"]}
    assert {one["territory"] for one in scene.slices()} == {own["territory"], scene.region.code}
    for path in ("", "/report", "/content"):
        reply = scene.municipal.ask("GET", "/api/v1/slices/{id}" + path, id=scene.first["sliceId"])
        assert reply.status == 404
    refused(lambda: scene.verify(scene.first["sliceId"], scene.municipal), 404, "not_found")
    refused(lambda: scene.take(asOf="2021-04-01"), 422, "invalid")
    past = scene.take(asOf="2021-03-25")
    assert past["asOf"] == "2021-03-25" and past["moment"] == "2021-03-25T19:00:00.000Z"
    first, rest = scene.coordinator.get("/api/v1/slices", query={"limit": 1}), scene.slices()
    assert first["slices"] == rest[:1] and first["nextAfterId"] == rest[0]["sliceId"]
    assert scene.coordinator.get("/api/v1/slices", query={"after_id": first["nextAfterId"]})["slices"][0] == rest[1]


def test_a_schedule_takes_them_by_itself(scene):
    """S1.25, S1.26: every 14 days at an hour of the region; what came due while nobody was there is taken late, each of
    its own moment and once, whoever of the replicas does it; another's change is not overwritten."""
    refused(lambda: scene.schedule(kind="every", everyDays=0, hour=18), 422, "invalid")
    set_ = scene.schedule(kind="every", fromOn="2021-03-31", everyDays=14, hour=18)
    assert (set_["version"], set_["nextAt"], set_["zone"]) == (1, "2021-03-31T13:00:00.000Z", scene.region.zone)
    refused(lambda: scene.schedule(kind="none"), 412, "stale")
    scene.stack.configure("--replicas", "reporting=2")
    scene.stack.stop("reporting", "reporting.2")
    scene.move_to(14, 4, scene.coordinator, hour=19)
    scene.stack.start("reporting", "reporting.2")

    def taken():
        found = [one for one in scene.slices() if one["bySchedule"]]
        return found if len(found) == 2 and all(one["state"] == "made" for one in found) else None
    late, first = eventually(taken, 20, what="the slices of both days")
    assert [one["moment"] for one in (first, late)] == ["2021-03-31T13:00:00.000Z", "2021-04-14T13:00:00.000Z"]
    assert first["takenAt"] > late["moment"] and (first["takenBy"], first["asOf"]) == ("", "2021-03-31")
    assert len({one["number"] for one in scene.slices() if one["territory"] == scene.region.code}) == len(
        [one for one in scene.slices() if one["territory"] == scene.region.code])
    now = scene.coordinator.get("/api/v1/slice-schedules/{id}", id=scene.round_id)
    assert now["nextAt"] == "2021-04-28T13:00:00.000Z" and now["version"] == 1
    assert scene.report(late["sliceId"], compare_slice_id=first["sliceId"])["totals"]["overdue"] > 0
    assert scene.schedule(version=1, kind="monthly", dayOfMonth=31, hour=18)["nextAt"] == "2021-04-30T13:00:00.000Z"
    days = scene.schedule(version=2, kind="days", days=["2021-05-07", "2021-04-20"], hour=9)
    assert days["nextAt"] == "2021-04-20T04:00:00.000Z"
    assert not scene.schedule(version=3, kind="none")["nextAt"]
