"""The respondent's list: tabs, counters, what is rejected, accepted, under review, and what comes after."""
from types import SimpleNamespace

import pytest

from builders import item
from pdf import pdf


@pytest.fixture(scope="module")
def place(world):
    region = world.region(municipalities=1, schools=1)
    world.wait_for_organisations(region)
    programme = world.programme(region, sections=[
        {"code": "first", "title": "Первая группа", "items": [item(f"a-{n}") for n in range(6)]},
        {"code": "second", "title": "Вторая группа",
         "items": [item("b-file", evidence="Загрузите приказ", evidenceRequired=True), item("b-percent", "percent")]}])
    made = world.wait_open(world.round(programme, region)["roundId"], 1)
    return SimpleNamespace(region=region, round=made, author=world.respondent(region.schools[0]),
                           operator=world.operator(region.code))


def cabinet(place, **query):
    reply = place.author.get("/api/v1/assignments", query=query)
    return [one["itemCode"] for one in reply["assignments"]], reply["counters"]


def test_everything_is_there_in_order(world, place):
    """S2.20, S2.21: «Все индикативы»: groups in the programme's order, each with its items, text and unit."""
    codes, counters = cabinet(place)
    assert codes == [f"a-{n}" for n in range(6)] + ["b-file", "b-percent"]
    assert counters["all"] == 8
    assert cabinet(place, tab="all")[0] == codes
    one = world.assignments(place.author)[0]
    assert (one["sectionCode"], one["sectionTitle"], one["roundName"]) == ("first", "Первая группа", "Период сбора")
    assert one["question"] == "Вопрос a-0" and not one["overdue"] and not one["inputClosed"]


def test_pages_and_groups(world, place):
    """S2.21: one group at a time; long lists page by page without holes or doubles."""
    assert cabinet(place, section_code="second")[0] == ["b-file", "b-percent"]
    assert cabinet(place, section_code="second")[1]["all"] == 2
    seen, after = [], None
    while True:
        page = place.author.get("/api/v1/assignments", query={"limit": 3, "after_assignment_id": after})["assignments"]
        seen += [one["itemCode"] for one in page]
        if len(page) < 3:
            break
        after = page[-1]["assignmentId"]
    assert seen == cabinet(place)[0]
    reply = place.author.ask("GET", "/api/v1/assignments", query={"tab": "everything"})
    assert reply.status in (400, 422) and reply.document["violations"][0]["field"] == "tab"


def test_the_tabs(world, place):
    """S2.20, S2.23, S2.24, S2.40, S2.41, S2.43: each item stands in exactly the tab of its state."""
    sent = [world.send(place.author, world.assignment(place.author, f"a-{n}"), "1233") for n in range(3)]
    world.accept(place.operator, sent[0])
    world.reject(place.operator, sent[1], "Уточните информацию")
    world.wait_state(place.author, sent[0], "accepted")
    world.wait_state(place.author, sent[1], "rejected")
    world.save(place.author, world.assignment(place.author, "a-3"), "5")
    tabs = {tab: cabinet(place, tab=tab)[0] for tab in ("in_work", "rejected", "in_review", "accepted")}
    assert tabs == {"in_work": ["a-3", "a-4", "a-5", "b-file", "b-percent"], "rejected": ["a-1"],
                    "in_review": ["a-2"], "accepted": ["a-0"]}
    counters = cabinet(place)[1]
    assert counters == {"all": 8, "inWork": 5, "rejected": 1, "inReview": 1, "accepted": 1}


def test_a_rejected_answer_shows_why(world, place):
    """S2.40: the value rejected, the resolution, fields open again; it stays among the rejected until sent again."""
    seen = world.assignment(place.author, "a-1")
    assert (seen["rejectedValue"], seen["resolution"]) == ("1233", "Уточните информацию")
    assert seen["rejectedAt"] and not seen["inputClosed"]
    edited = world.save(place.author, seen, "1234")
    assert (edited["state"], world.fresh(place.author, seen)["resolution"]) == ("ready", "Уточните информацию")
    assert cabinet(place, tab="rejected")[0] == ["a-1"]
    world.submit(place.author, edited)
    assert cabinet(place, tab="rejected")[0] == []
    assert cabinet(place, tab="in_review")[0] == ["a-1", "a-2"]


def test_an_answer_under_review_is_shown(world, place):
    """S2.41: value and document can be seen while it waits."""
    seen = world.attach(place.author, world.assignment(place.author, "b-file"), pdf(), "Приказ.pdf")
    sent = world.send(place.author, seen, "7")
    assert (sent["state"], sent["value"], sent["sentAt"] != "") == ("in_review", "7", True)
    assert place.author.download(sent["documents"][0]["documentId"]).body == pdf()


def test_an_accepted_answer_is_closed_until(world, place):
    """S2.43, S2.44: «Последние принятые данные», input closed, new data expected after the round's last day."""
    seen = world.assignment(place.author, "a-0")
    assert (seen["acceptedValue"], seen["inputClosed"]) == ("1233", True)
    assert seen["acceptedAt"] and seen["closedUntil"] == place.round["closedUntil"]
    day = seen["closedUntil"]
    reply = place.author.ask("PUT", "/api/v1/assignments/{id}/value", {"value": "6"}, id=seen["assignmentId"],
                             version=seen["version"])
    assert (reply.status, reply.document["code"]) == (409, "accepted")
    assert f"{day[8:]}.{day[5:7]}.{day[:4]}" in reply.document["detail"]


def test_taken_back_it_is_a_draft_again(world, place):
    """S2.42, F7: withdrawn before an operator opened it, it may be changed and sent again."""
    sent = world.send(place.author, world.assignment(place.author, "a-4"), "5")
    world.entry(place.operator, sent)
    place.author.post("/api/v1/assignments/{id}:withdraw", id=sent["assignmentId"], version=sent["version"])
    seen = world.wait_state(place.author, sent, "ready")
    assert (seen["value"], seen["version"]) == ("5", sent["version"] + 1)
    assert world.send(place.author, seen, "6")["state"] == "in_review"
    acts = [one["act"] for one in place.author.get("/api/v1/assignments/{id}/versions",
                                                   id=sent["assignmentId"])["versions"]]
    assert acts == ["sent", "saved", "withdrawn", "sent", "saved"]


def test_a_percentage_in_one_line(world, place):
    """S2.28, S2.44: both values of what was accepted."""
    sent = world.send(place.author, world.assignment(place.author, "b-percent"), "10", "40")
    world.accept(place.operator, sent)
    assert world.wait_state(place.author, sent, "accepted")["acceptedValue"] == "10 / 40"


def test_a_round_planned_anew_on_the_same_day(world, place):
    """S2.21, S2.44: of two rounds that opened on one day the one planned last is the newest; it alone is shown."""
    region = world.region(municipalities=1, schools=1)
    world.wait_for_organisations(region)
    author, programme = world.respondent(region.schools[0]), world.programme(region, [item(f"a-{n}") for n in range(4)])
    for _ in range(4):
        made = world.wait_open(world.round(programme, region)["roundId"], 1)
        world.administrator.patch("/api/v1/rounds/{id}", {"close": True}, id=made["roundId"], version=made["version"])
        shown = author.get("/api/v1/assignments")["assignments"]
        assert [one["roundId"] for one in shown] == [made["roundId"]] * 4
