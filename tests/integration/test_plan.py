"""A school's plan: sections it chooses, the days it sets, why they move; what is asked follows (500+)."""
import copy
import datetime
import json
import re
from types import SimpleNamespace

import pytest

from builders import item, participants
from vekha_client import Problem
from pdf import pdf
from waiting import eventually

TEMPLATE = item("template", "table", columns=[{"title": "Факторы риска"}, {"title": "Краткое описание мер"},
                                              {"title": "Часов", "kind": "number"}], due={"kind": "by_executor"})
MEASURE = item("measure", "documents", evidence="Антирисковая программа", stage="Весенний этап")
SECTIONS = [
    {"code": "equipment", "title": "Низкий уровень оснащения школы", "byChoice": True, "significance": "high",
     "due": {"kind": "by_executor", "text": "Дата, когда планируется завершить работу"}, "items": [TEMPLATE, MEASURE]},
    {"code": "staff", "title": "Дефицит педагогических кадров", "byChoice": True, "due": {"kind": "by_executor"},
     "items": [item("staff-measure", "documents", evidence="Приказ")]},
    {"code": "free", "title": "По желанию", "byChoice": True, "items": [item("free-number")]},
    {"code": "common", "title": "Для всех", "due": {"kind": "by_executor"}, "items": [item("common-number")]},
]


@pytest.fixture
def place(world):
    region = world.region(municipalities=1, schools=2)
    world.wait_for_organisations(region)
    code = world.programme(region, sections=copy.deepcopy(SECTIONS))
    round_ = world.wait_open(world.round(code, region, due_in=200, closed_in=250)["roundId"], 2)
    respondent = world.respondent(region.schools[0])
    return SimpleNamespace(region=region, round=round_, respondent=respondent, today=world.today(region.zone))


def plan_of(place, respondent=None):
    plan = (respondent or place.respondent).get("/api/v1/rounds/{id}/plan", id=place.round["roundId"])
    return plan, {section["sectionCode"]: section for section in plan["sections"]}


def act(place, section, verb, body=None):
    return place.respondent.post("/api/v1/rounds/{id}/sections/{section}:" + verb, body or {},
                                 id=place.round["roundId"], section=section)


def plan(place, section, days, previous="", reason=""):
    return act(place, section, "plan", {"plannedOn": str(place.today + datetime.timedelta(days=days)),
                                        "previousOn": previous, "reason": reason})


def refused(call, status, code=None, field=None):
    with pytest.raises(Problem) as caught:
        call()
    assert caught.value.status == status, caught.value
    assert code is None or caught.value.code == code, caught.value
    assert field is None or caught.value.fields == [field], caught.value


def asked(world, place):
    return {one["itemCode"]: one for one in world.assignments(place.respondent, round_id=place.round["roundId"])}


def test_a_school_chooses_and_activates(world, place):
    """S1.8, S1.9, S1.10, S1.12, S1.38: offered, chosen, activated by naming a day; only then its items are asked."""
    seen, sections = plan_of(place)
    assert [section["state"] for section in seen["sections"]] == ["offered", "offered", "offered", "chosen"]
    assert (seen["chosen"], seen["activated"]) == (1, 0)
    assert sections["equipment"]["significance"] == "high" and sections["equipment"]["items"] == 2
    assert list(asked(world, place)) == ["common-number"]
    refused(lambda: plan(place, "equipment", 30), 409, "not_chosen")
    assert act(place, "equipment", "choose")["state"] == "chosen"
    assert act(place, "equipment", "choose")["state"] == "chosen"
    assert list(asked(world, place)) == ["common-number"]
    planned = plan(place, "equipment", 30)
    day = str(place.today + datetime.timedelta(days=30))
    assert (planned["state"], planned["plannedOn"]) == ("activated", day)
    assert [change["act"] for change in planned["changes"]] == ["activated", "chosen"]
    seen = asked(world, place)
    assert sorted(seen) == ["common-number", "measure", "template"]
    assert seen["measure"]["dueOn"] == day and seen["measure"]["stage"] == "Весенний этап"
    assert seen["measure"]["dueAt"] > day and not seen["measure"]["overdue"]
    other, _ = plan_of(place, world.respondent(place.region.schools[1]))
    assert (other["chosen"], other["activated"]) == (1, 0)


def test_the_list_of_rounds_says_where_there_is_a_plan(world, place):
    """S1.8: asked is who may answer or choose; a plan has who may choose or sets dates. Others are told nothing."""
    items = [item("plain")]
    plain = world.wait_open(world.round(world.programme(place.region, items), place.region)["roundId"], 2)

    def told(client):
        rounds = {one["roundId"]: one for one in client.get("/api/v1/rounds")["rounds"]}
        return [(rounds[one["roundId"]]["asksMe"], rounds[one["roundId"]]["hasPlan"]) for one in (place.round, plain)]
    assert told(place.respondent) == [(True, True), (True, False)]
    assert told(world.respondent(place.region.authorities[0])) == [(False, False), (False, False)]
    assert told(world.operator(place.region.code)) == [(False, False), (False, False)]


def test_a_choice_is_taken_back_until_it_is_activated(world, place):
    """S1.10: dropped, chosen again; an activated section stays, and so does one that everybody fills in."""
    act(place, "staff", "choose")
    assert act(place, "staff", "drop")["state"] == "offered"
    assert act(place, "staff", "drop")["state"] == "offered"
    assert act(place, "staff", "choose")["state"] == "chosen"
    planned = plan(place, "staff", 10)
    assert [change["act"] for change in planned["changes"]] == ["activated", "chosen", "dropped", "chosen"]
    refused(lambda: act(place, "staff", "drop"), 409, "activated")
    refused(lambda: act(place, "common", "drop"), 409, "activated")
    refused(lambda: act(place, "common", "choose"), 409, "not_by_choice")
    refused(lambda: act(place, "nothing", "choose"), 404)


def test_a_section_without_a_date_is_asked_at_once(world, place):
    """S1.9: a choice that needs no day is an activation; its items are due with the round."""
    assert act(place, "free", "choose")["state"] == "activated"
    seen = asked(world, place)["free-number"]
    assert seen["dueOn"] == place.round["dueOn"] and not seen["inputClosed"]
    refused(lambda: act(place, "free", "drop"), 409, "activated")
    refused(lambda: plan(place, "free", 10), 409, "no_date_needed")


def test_a_date_moves_with_a_reason(world, place):
    """S1.13: each move keeps where from, why and when; two windows do not overwrite each other."""
    act(place, "staff", "choose")
    first = plan(place, "staff", 10)["plannedOn"]
    refused(lambda: plan(place, "staff", 20, first), 422, field="reason")
    refused(lambda: plan(place, "staff", 20, "", "Болезнь"), 412, "stale")
    refused(lambda: plan(place, "staff", 10, first, "Болезнь"), 422, field="plannedOn")
    refused(lambda: plan(place, "staff", -1, first, "Болезнь"), 422, field="plannedOn")
    refused(lambda: plan(place, "staff", 251, first, "Болезнь"), 422)
    moved = plan(place, "staff", 20, first, "Болезнь методиста")
    change = moved["changes"][0]
    assert (change["act"], change["previousOn"], change["reason"]) == ("moved", first, "Болезнь методиста")
    assert asked(world, place)["staff-measure"]["dueOn"] == moved["plannedOn"]


def test_a_template_is_activated_by_itself(world, place):
    """S1.11, S1.12, B9: closed until its own day is named; then filled in as a table, row by row."""
    act(place, "equipment", "choose")
    section = plan(place, "equipment", 30)
    template = asked(world, place)["template"]
    assert template["needsPlan"] and template["inputClosed"] and not template.get("dueAt")
    rows = [{"cells": ["Мало компьютеров", "Закупить 20", "4,50"]}, {"cells": ["Нет лаборантов", "", ""]}]

    def save(seen, lines=rows):
        return place.respondent.put("/api/v1/assignments/{id}/rows", {"rows": lines}, id=seen["assignmentId"],
                                    version=seen["version"])
    refused(lambda: save(template), 409, "no_date")
    day = str(place.today + datetime.timedelta(days=15))
    planned = place.respondent.post("/api/v1/assignments/{id}:plan", {"plannedOn": day}, id=template["assignmentId"])
    assert section["dated"][0].get("plannedOn", "") == "" and planned["dated"][0]["plannedOn"] == day
    template = asked(world, place)["template"]
    assert template["dueOn"] == day and not template["needsPlan"]
    refused(lambda: save(template, [{"cells": ["a", "b"]}]), 422, field="rows[0]")
    refused(lambda: save(template, [{"cells": ["", " ", ""]}]), 422, field="rows[0]")
    refused(lambda: save(template, [{"cells": ["a", "b", "много"]}]), 422, field="rows[0].cells[2]")
    refused(lambda: world.save(place.respondent, template, "5"), 422, field="value")
    saved = save(template)
    assert saved["state"] == "ready"
    assert json.loads(saved["value"]) == [["Мало компьютеров", "Закупить 20", "4.5"], ["Нет лаборантов", "", ""]]
    sent = world.submit(place.respondent, world.fresh(place.respondent, template))
    assert sent["state"] == "in_review" and sent["value"] == saved["value"]


def test_a_measure_is_answered_by_documents(world, place):
    """S1.18, S1.22: no value is entered; a document makes it ready, without one it is not sent."""
    act(place, "staff", "choose")
    plan(place, "staff", 10)
    measure = asked(world, place)["staff-measure"]
    refused(lambda: world.save(place.respondent, measure, "5"), 422, field="value")
    refused(lambda: world.submit(place.respondent, measure), 409)
    assert measure["notReadyBecause"] == "evidence_missing"
    ready = world.attach(place.respondent, measure, pdf())
    assert ready["state"] == "ready"
    assert world.submit(place.respondent, ready)["state"] == "in_review"
    sections = plan_of(place)[1]
    assert sections["staff"]["inReview"] == 1


def test_what_others_hear(world, place):
    """S1.13, S1.39: every choice and every date is an event with its reason; due dates follow as events of their own."""
    act(place, "staff", "choose")
    first = plan(place, "staff", 10)["plannedOn"]
    plan(place, "staff", 20, first, "Перенос")
    expected = ["SectionPlanned", "OrganisationAssigned", "SectionPlanned", "DueSet", "SectionPlanned"]

    def told():
        """Kinds of the numbered events that name this round, in order; the first is the opening of the round."""
        batches = world.stack.value("submissions", "SELECT string_agg(encode(batch, 'escape'), ' ' ORDER BY first_number)"
                                    " FROM stream WHERE position(convert_to(%s, 'UTF8') IN batch) > 0",
                                    place.round["roundId"])
        return re.findall(r"SectionPlanned|OrganisationAssigned|DueSet", batches or "")[-len(expected):]
    eventually(lambda: told() == expected, 10, what="the events in their order")


def test_the_queue_shows_an_own_date_and_not_the_round_s(world, place):
    """S1.13, S1.23: a round that moves takes along only what has no date of its own; a date that moves is followed."""
    act(place, "free", "choose")
    act(place, "equipment", "choose")
    plan(place, "equipment", 30)
    round_id, operator = place.round["roundId"], world.operator(place.region.code)
    measure = world.attach(place.respondent, world.assignment(place.respondent, "measure", round_id), pdf())
    own = world.entry(operator, world.submit(place.respondent, measure))
    common = world.entry(operator, world.send(place.respondent, world.assignment(place.respondent, "free-number", round_id), "1"))
    assert own["dueAt"] < common["dueAt"]
    later = str(place.today + datetime.timedelta(days=210))
    world.administrator.ask("PATCH", "/api/v1/rounds/{id}", {"dueOn": later}, id=round_id, version=place.round["version"])

    def shown(entry):
        return operator.get("/api/v1/queue/{id}", id=entry["assignmentId"])["dueAt"]
    eventually(lambda: shown(common) > common["dueAt"], 15, what="the round's new date")
    assert shown(own) == own["dueAt"]
    planned_on = str(place.today + datetime.timedelta(days=30))
    plan(place, "equipment", 40, planned_on, "Поставка задерживается")
    eventually(lambda: shown(own) > own["dueAt"], 15, what="the date that was moved")
    assert shown(own) < common["dueAt"]
