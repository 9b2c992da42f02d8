"""Slices of the other reports: data provided by organisation, and each value accepted; kept, made anew byte for byte."""
import csv
import datetime
import hashlib
import io
import zoneinfo
from types import SimpleNamespace

import pytest

from builders import item
from vekha_client import Problem
from waiting import eventually

ZONE = zoneinfo.ZoneInfo("Asia/Yekaterinburg")
REPORTS = ("provided", "values")


def move_to(scene, day, hour=10):
    scene.world.stack.set_clock(datetime.datetime(2020, 9, day, hour, tzinfo=ZONE))
    for person in (scene.world.administrator, scene.coordinator, scene.municipal, scene.operator, *scene.respondents):
        person.login(person.login_name, person.password)


def settle(scene):
    scene.world.wait_until_heard("reporting", "submissions", "auth")


def made(who, slice_id):
    def over():
        now = who.get("/api/v1/slices/{id}", id=slice_id)
        return now if now["state"] == "made" and now["verification"] != "waiting" else None
    return eventually(over, 20, what="the slice is made")


def take(scene, report, who=None, **body):
    who = who or scene.coordinator
    return made(who, who.post("/api/v1/slices", {"roundId": scene.round_id, "report": report, **body})["sliceId"])


def verify(scene, slice_):
    scene.coordinator.post("/api/v1/slices/{id}:verify", id=slice_["sliceId"])
    return made(scene.coordinator, slice_["sliceId"])


def content(scene, slice_):
    return scene.coordinator.ask("GET", "/api/v1/slices/{id}/content", id=slice_["sliceId"]).body


def lines(body):
    return list(csv.DictReader(io.StringIO(body.decode()), delimiter=";"))


def table(scene, slice_, who=None, **query):
    return (who or scene.coordinator).get("/api/v1/slices/{id}/table", id=slice_["sliceId"], query=query)


def decide(scene, school, code, value, accepted=True):
    """Sent by a school and judged."""
    author = scene.respondents[school]
    sent = scene.world.send(author, scene.world.assignment(author, code, scene.round_id), value)
    (scene.world.accept if accepted else scene.world.reject)(scene.operator, sent)
    scene.world.wait_state(author, sent, "accepted" if accepted else "rejected")


@pytest.fixture(scope="module")
def scene(own_stack, own_world):
    world = own_world
    own_stack.set_clock(datetime.datetime(2020, 9, 16, 10, tzinfo=ZONE))
    world.administrator = world.client_of_administrator()
    region = world.region(municipalities=2, schools=2)
    world.wait_for_organisations(region)
    items = [item("pupils"), item("has-lab", "yes_no"), item("share", "percent")]
    opened = world.wait_open(world.round(world.programme(region, items), region, due_in=40, closed_in=60)["roundId"], 4)
    found = SimpleNamespace(world=world, stack=own_stack, region=region, round_id=opened["roundId"],
                            coordinator=world.coordinator(region.code), operator=world.operator(region.code),
                            municipal=world.coordinator(region.authorities[1]),
                            respondents=[world.respondent(code) for code in region.schools[:3]])
    decide(found, 0, "pupils", "25")
    decide(found, 1, "has-lab", "yes", accepted=False)
    settle(found)
    move_to(found, 17)
    found.first = {report: take(found, report) for report in REPORTS}
    return found


def test_a_slice_of_each_report(scene):
    """S1.25, S2.58: rows by path, the file is what the SHA-256 is of, and says the report that it is of."""
    for report, slice_ in scene.first.items():
        body = content(scene, slice_)
        assert (slice_["report"], hashlib.sha256(body).hexdigest()) == (report, slice_["sha256"])
    provided = lines(content(scene, scene.first["provided"]))
    assert [row["path"] for row in provided] == scene.region.schools
    figures = {name: [int(row[name]) for row in provided]
               for name in ("total", "with_data", "without_data", "empty", "accepted", "rejected")}
    assert figures == {"total": [3] * 4, "with_data": [1, 0, 0, 0], "without_data": [2, 3, 3, 3],
                       "empty": [2, 2, 3, 3], "accepted": [1, 0, 0, 0], "rejected": [0, 1, 0, 0]}
    [value] = lines(content(scene, scene.first["values"]))
    assert (value["path"], value["key"], value["value"], value["value_kind"]) == (
        scene.region.schools[0], "pupils", "25", "number")
    for name, slice_ in scene.first.items():
        seen = table(scene, slice_)
        assert [[row["path"], row["key"], *row["cells"]] for row in seen["rows"]] == [
            list(row.values()) for row in lines(content(scene, slice_))]
        assert seen["columns"][0] == "organisation" and seen["report"] == name and not seen["hasMore"]


def test_it_says_what_the_report_of_that_day_says(scene):
    """S2.58: «на дату» counts what was accepted before that day began, so the end of the 16th is as of the 17th."""
    query = {"round_id": scene.round_id, "as_of": "2020-09-17"}
    report = scene.operator.get("/api/v1/reports/provided", query=query)
    past = take(scene, "provided", asOf="2020-09-16")
    rows = table(scene, past)
    with_data = rows["columns"].index("with_data")
    assert {row["path"]: int(row["cells"][with_data]) for row in rows["rows"]} == {
        row["path"]: row["filled"] for row in report["rows"]}
    empty = take(scene, "values", asOf="2020-09-15")
    assert empty["rows"] == 0 and content(scene, empty).count(b"\n") == 1


def test_what_is_told_later_changes_nothing(scene):
    """S1.25: later answers, other values, another name, another wording: made anew byte for byte."""
    before = {report: content(scene, slice_) for report, slice_ in scene.first.items()}
    # The clock goes back behind the slices' moment: what is told now happened before it.
    move_to(scene, 17, hour=9)
    decide(scene, 1, "pupils", "40")
    assert scene.world.import_organisations([
        {"code": scene.region.schools[0], "parent_code": scene.region.municipalities[0].code, "kind": "school",
         "short_name": "МБОУ «Лицей»", "valid_from": "2019-01-01"}])["applied"]
    settle(scene)
    move_to(scene, 18)
    for report, slice_ in scene.first.items():
        checked = verify(scene, slice_)
        assert (checked["verification"], checked["verifiedSha256"]) == ("same", slice_["sha256"])
        assert content(scene, slice_) == before[report]
    # A slice of the same moment that is taken now knows of it.
    again = take(scene, "values", asOf="2020-09-17")
    assert [(row["path"], row["value"]) for row in lines(content(scene, again))] == [
        (scene.region.schools[0], "25"), (scene.region.schools[1], "40")]
    assert "МБОУ «Лицей»" in content(scene, again).decode()


def test_a_verification_says_what_differs(scene):
    """A kept row, the file or the history that somebody has changed is found, each line with what it should be."""
    slice_id = scene.first["values"]["sliceId"]
    scene.stack.rows("reporting", "UPDATE slice_entry SET cells[6] = '26' WHERE slice_id = %s", slice_id)
    found = verify(scene, scene.first["values"])
    assert found["verification"] == "differs" and found["keptSha256"] != found["sha256"]
    [difference] = found["differences"]
    assert (difference["kept"].split(";")[7], difference["made"].split(";")[7]) == ("26", "25")
    scene.stack.rows("reporting", "UPDATE slice_entry SET cells[6] = '25' WHERE slice_id = %s", slice_id)
    history = "UPDATE history SET at = at %s interval '1 year' WHERE round_id = %%s AND path = %%s"
    scene.stack.rows("reporting", history % "+", scene.round_id, scene.region.schools[0])
    for slice_ in scene.first.values():
        assert verify(scene, slice_)["verification"] == "differs"
    scene.stack.rows("reporting", history % "-", scene.round_id, scene.region.schools[0])
    for slice_ in scene.first.values():
        assert verify(scene, slice_)["verification"] == "same"


def test_two_slices_side_by_side(scene):
    """S1.26: what moved, what came, page by page; reports are not mixed."""
    decide(scene, 0, "has-lab", "yes")
    settle(scene)
    move_to(scene, 19)
    now = {report: take(scene, report) for report in REPORTS}
    moved = table(scene, now["provided"], compare_slice_id=scene.first["provided"]["sliceId"], only_moved="true")
    at = moved["columns"].index("with_data")
    assert {row["path"]: (row["was"][at], row["cells"][at], row["change"]) for row in moved["rows"]} == {
        scene.region.schools[0]: ("1", "2", "moved"), scene.region.schools[1]: ("0", "1", "moved")}
    query = {"compare_slice_id": scene.first["values"]["sliceId"], "limit": 1}
    page, seen = {"hasMore": True}, []
    while page["hasMore"]:
        last = {"after_path": seen[-1]["path"], "after_key": seen[-1]["key"]} if seen else {}
        page = table(scene, now["values"], **query, **last)
        seen += page["rows"]
    # The name of the first school has changed meanwhile, so its value is told as moved.
    assert [(row["path"], row["key"], row["change"], len(row["was"]) > 0) for row in seen] == [
        (scene.region.schools[0], "has-lab", "added", False), (scene.region.schools[0], "pupils", "moved", True),
        (scene.region.schools[1], "pupils", "added", False)]
    for other in (scene.first["provided"], take(scene, "roadmaps")):
        with pytest.raises(Problem) as mixed:
            table(scene, now["values"], compare_slice_id=other["sliceId"])
        assert mixed.value.fields == ["compareSliceId"]
    with pytest.raises(Problem) as another:
        scene.coordinator.get("/api/v1/slices/{id}/report", id=now["values"]["sliceId"])
    assert (another.value.status, another.value.code) == (409, "another_report")
    with pytest.raises(Problem) as unknown:
        take(scene, "plans")
    assert unknown.value.fields == ["report"]


def test_each_in_their_territory_and_by_its_own_schedule(scene):
    """S1.25, S1.26: a municipality's slice has its schools; each report takes itself on days of its own."""
    own = take(scene, "provided", scene.municipal)
    assert [row["path"] for row in table(scene, own, scene.municipal)["rows"]] == scene.region.schools[2:]
    reply = scene.municipal.ask("GET", "/api/v1/slices/{id}/table", id=scene.first["provided"]["sliceId"])
    assert reply.status == 404

    def schedule(report, day):
        return scene.coordinator.put("/api/v1/slice-schedules/{id}", {
            "kind": "days", "days": [day], "hour": 18, "report": report}, id=scene.round_id, version=0)
    assert schedule("values", "2020-09-21")["report"] == "values"
    schedule("provided", "2020-09-22")
    assert scene.coordinator.get("/api/v1/slice-schedules/{id}", id=scene.round_id)["version"] == 0
    move_to(scene, 23)

    def taken():
        found = [one for one in scene.coordinator.get("/api/v1/slices", query={"round_id": scene.round_id})["slices"]
                 if one["bySchedule"] and one["state"] == "made"]
        return sorted((one["report"], one["asOf"]) for one in found) == [
            ("provided", "2020-09-22"), ("values", "2020-09-21")]
    eventually(taken, 20, what="both take themselves")
