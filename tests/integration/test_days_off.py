"""Due dates that fall on a day off: they move as the programme says, those that people name stay (ГК РФ, статья 193)."""
import datetime
from types import SimpleNamespace

import pytest

from builders import item, participants
from vekha_client import Problem
from waiting import eventually

OPENS, LAST = "2020-10-20", "2020-12-31"
# What the file says; the 4th is a holiday, the 1st, the 7th, the 8th and the 14th of November are at a weekend.
DUES = {
    "exact": {"kind": "exact", "on": "2020-11-04"},
    "working": {"kind": "exact", "on": "2020-11-05"},
    "late": {"kind": "not_later", "on": "2020-11-07"},
    "period": {"kind": "period", "from": "2020-10-25", "on": "2020-11-08"},
    "relative": {"kind": "relative_year", "month": 2, "day": 22, "yearOffset": 1},
    "quarter": {"kind": "quarter", "quarter": 2, "yearOffset": -1},
    "monthly": {"kind": "recurring", "every": "month", "day": 31, "until": "2020-11-29"},
    "schedule": {"kind": "by_schedule", "owner": "Центр проектного сопровождения"},
    "own": {"kind": "by_executor"},
    "round": {},
}
NAMED = {"exact": "2020-11-04", "working": "2020-11-05", "late": "2020-11-07", "period": "2020-11-08",
         "relative": "2021-02-22", "quarter": "2019-06-30", "monthly": "2020-10-31", "round": "2020-12-20"}
# 22.02.2021 was off and Saturday 20.02.2021 was worked, by decree; the round's day was named by a person.
NEXT = {"exact": "2020-11-05", "working": "2020-11-05", "late": "2020-11-09", "period": "2020-11-09",
        "relative": "2021-02-24", "quarter": "2019-07-01", "monthly": "2020-11-02", "round": "2020-12-20"}
PREVIOUS = {"exact": "2020-11-03", "working": "2020-11-05", "late": "2020-11-06", "period": "2020-11-06",
            "relative": "2021-02-20", "quarter": "2019-06-28", "monthly": "2020-10-30", "round": "2020-12-20"}


@pytest.fixture(scope="module")
def place(own_world):
    world = own_world
    world.stack.set_clock("2020-10-20T12:00:00+03:00")
    world.administrator = world.client_of_administrator()
    region = world.region(municipalities=1, schools=1, zone="Europe/Moscow")
    world.wait_for_organisations(region)
    return SimpleNamespace(region=region, respondent=world.respondent(region.superior),
                           operator=world.operator(region.code))


def sections(region):
    return [{"code": code, "number": f"{number}.", "title": f"Мероприятие {code}", "due": due,
             "items": [item(code, "documents", evidence="Документ",
                            participants=participants("listed", codes=[region.superior]))]}
            for number, (code, due) in enumerate(DUES.items(), 1)]


def programme(world, region, rule, **options):
    asked = {"onDayOff": rule} if rule else {}
    return world.programme(region, **{"sections": sections(region), **asked, **options})


def opened(world, place, code):
    made = world.administrator.post("/api/v1/rounds", {"programmeCode": code, "name": "Осень", "opensOn": OPENS,
                                                       "dueOn": "2020-12-20", "closedUntil": LAST})
    return world.wait_open(made["roundId"], 1)


def dues_of(world, place, made):
    return {one["itemCode"]: one["dueOn"] for one in world.assignments(place.respondent, round_id=made["roundId"])
            if one["itemCode"] not in ("schedule", "own")}


@pytest.mark.parametrize("rule, wanted", [("", NAMED), ("keep", NAMED), ("next_working_day", NEXT),
                                          ("previous_working_day", PREVIOUS)])
def test_each_kind_moves_as_the_programme_says(own_world, place, rule, wanted):
    """F13, B24: exact, not later, period, a year's day, quarter, each time of a recurring one; the round's own stays."""
    made = opened(own_world, place, programme(own_world, place.region, rule))
    assert dues_of(own_world, place, made) == wanted


def test_the_road_map_tells_what_moved(own_world, place):
    """F13, S3.14: the day that counts, and the one that the document names."""
    code = programme(own_world, place.region, "next_working_day")
    made = opened(own_world, place, code)

    def road():
        found = place.operator.get("/api/v1/reports/roadmap", query={"round_id": made["roundId"]})["sections"]
        return {one["code"]: one for one in found} if found and found[0]["dueOn"] == NEXT["exact"] else None
    found = eventually(road, 20, what="reporting knows the day that counts")
    assert {code: (found[code]["dueOn"], found[code].get("duePreviousOn", "")) for code in ("exact", "working", "late")} == {
        "exact": ("2020-11-05", "2020-11-04"), "working": ("2020-11-05", ""), "late": ("2020-11-09", "2020-11-07")}
    assert found["exact"].get("dueReason", "") == ""


def test_days_that_people_name_stay(own_world, place):
    """S1.12, S3.14: the owner of a schedule and the organisation say the day themselves; the page warns them."""
    made = opened(own_world, place, programme(own_world, place.region, "next_working_day"))
    place.operator.post("/api/v1/rounds/{id}/sections/schedule:schedule",
                        {"dueOn": "2020-11-14", "reason": "График № 5"}, id=made["roundId"])
    place.respondent.post("/api/v1/rounds/{id}/sections/own:plan", {"plannedOn": "2020-11-15"}, id=made["roundId"])
    found = {one["itemCode"]: one["dueOn"] for one in own_world.assignments(place.respondent, round_id=made["roundId"])}
    assert (found["schedule"], found["own"]) == ("2020-11-14", "2020-11-15")
    off = place.respondent.get("/api/v1/daysOff/{year}", year=2020)["days"]
    assert {"2020-11-04", "2020-11-14", "2020-11-15"} <= set(off) and "2020-11-05" not in off
    assert off == sorted(set(off)) and 110 < len(off) < 125
    assert place.respondent.get("/api/v1/daysOff/{year}", year=2099)["days"] == []


def test_a_day_changed_later_moves_nothing_that_is_under_way(own_world, place):
    """F13: what opens afterwards follows the calendar."""
    code = programme(own_world, place.region, "next_working_day")
    before = opened(own_world, place, code)
    assert dues_of(own_world, place, before)["exact"] == "2020-11-05"
    own_world.administrator.put("/api/v1/calendarDays/{day}", {"kind": "day_off", "note": "Указ"}, day="2020-11-05")
    own_world.administrator.put("/api/v1/calendarDays/{day}", {"kind": "working", "note": "Указ"}, day="2020-11-07")
    own_world.wait_until_heard("submissions", "deadlines")
    after = opened(own_world, place, programme(own_world, place.region, "next_working_day"))
    moved = dues_of(own_world, place, after)
    assert (moved["exact"], moved["working"], moved["late"]) == ("2020-11-06", "2020-11-06", "2020-11-07")
    assert dues_of(own_world, place, before) == NEXT
    for day, kind in (("2020-11-05", "working"), ("2020-11-07", "day_off")):
        own_world.administrator.put("/api/v1/calendarDays/{day}", {"kind": kind}, day=day)
    own_world.wait_until_heard("submissions", "deadlines")


def test_what_a_file_gets_wrong(own_world, place):
    """S2.9: the rule is one of three."""
    with pytest.raises(Problem) as caught:
        programme(own_world, place.region, "move")
    assert caught.value.fields == ["onDayOff"]


def test_a_round_that_comes_again_keeps_its_day_of_the_month(own_world, place):
    """S2.44, F13: November's 22nd is a Sunday, so the 23rd; December's is the 22nd again."""
    world = own_world
    code = programme(world, place.region, "next_working_day", sections=sections(place.region)[-1:])
    made = world.administrator.post("/api/v1/rounds", {
        "programmeCode": code, "name": "Октябрь 2020", "opensOn": "2020-10-01", "dueOn": "2020-10-22",
        "closedUntil": "2020-10-31", "repeats": True})
    world.wait_open(made["roundId"], 1)
    days = []
    for moment in ("2020-11-01T09:00:00+03:00", "2020-12-01T09:00:00+03:00"):
        world.stack.set_clock(moment)
        world.administrator = world.client_of_administrator()

        def newest():
            rounds = world.administrator.get("/api/v1/rounds", query={"programme_code": code})["rounds"]
            return rounds[0] if rounds[0]["state"] == "open" and rounds[0]["opensOn"] == moment[:10] else None
        found = eventually(newest, 20, what="the next round opens")
        days.append(found["dueOn"])
        assert datetime.date.fromisoformat(found["dueAt"][:10]) == datetime.date.fromisoformat(found["dueOn"])
    assert days == ["2020-11-23", "2020-12-22"]
