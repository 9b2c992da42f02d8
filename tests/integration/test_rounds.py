"""Rounds: who is asked what, when it opens, how it is changed and closed."""
import datetime
from types import SimpleNamespace

import pytest

from builders import item, participants, to_csv, with_evidence
from vekha_client import Problem
from waiting import eventually


@pytest.fixture(scope="module")
def place(world):
    region = world.region(municipalities=2, schools=2, attributes={0: "kvantorium|it-kub"})
    world.wait_for_organisations(region)
    return SimpleNamespace(region=region, schools=[world.respondent(code) for code in region.schools],
                           authority=world.respondent(region.authorities[0]))


def codes_of(world, respondent, made):
    return {one["itemCode"] for one in world.assignments(respondent, round_id=made["roundId"])}


def test_participants_of_every_kind(world, place):
    """S2.6-S2.9: all authorities, all schools, a list, an attribute; each gets what it is asked and no more."""
    schools = place.region.schools
    items = [item("authorities", participants=participants("all_authorities")), item("schools"),
             item("listed", participants=participants("listed", codes=[schools[1], schools[2]])),
             item("attribute", participants=participants("attribute", attribute="kvantorium"))]
    made = world.open_round(place.region, items, organisations=6)
    assert made["assignments"] == 2 + 4 + 2 + 2 and made["items"] == 4
    expected = [{"schools", "attribute"}, {"schools", "listed"}, {"schools", "attribute", "listed"}, {"schools"}]
    assert [codes_of(world, one, made) for one in place.schools] == expected
    assert codes_of(world, place.authority, made) == {"authorities"}


def test_a_round_may_ask_others_than_the_programme(world, place):
    """S2.11, F2: participants, evidence and items belong to the round."""
    programme = world.programme(place.region, [with_evidence("one"), with_evidence("two"), item("three"), item("four")])
    asked = [{"code": "one", "participants": participants("listed", codes=[place.region.schools[3]])},
             {"code": "two", "evidenceRule": "waived"}]
    made = world.wait_open(world.round(programme, place.region, items=asked)["roundId"], 4)
    assert codes_of(world, place.schools[0], made) == {"two"}
    assert codes_of(world, place.schools[3], made) == {"one", "two"}
    waived = world.assignment(place.schools[3], "two", made["roundId"])
    assert not waived["evidenceRequired"]
    assert world.save(place.schools[3], waived, "7")["state"] == "ready"
    strict = world.assignment(place.schools[3], "one", made["roundId"])
    assert world.save(place.schools[3], strict, "7")["notReadyBecause"] == "evidence_missing"


def test_it_opens_on_its_day_only(world, place):
    """S2.3, S2.4: planned until its day; the due day ends at 23:59:59 in the region's zone (F13)."""
    programme = world.programme(place.region)
    made = world.round(programme, place.region, opens_in=1, due_in=2, closed_in=3, name="Сентябрь",
                       letter={"number": "1202/9910", "date": "2020-09-15", "title": "О запуске"})
    assert made["state"] == "planned" and made["letter"]["number"] == "1202/9910"
    assert (made["organisations"], made["assignments"], made["items"]) == (4, 24, 6)
    due = datetime.datetime.fromisoformat(made["dueAt"].replace("Z", "+00:00"))
    local = due.astimezone(datetime.timezone(datetime.timedelta(hours=5)))
    assert (str(local.date()), str(local.time())) == (made["dueOn"], "23:59:59")
    assert codes_of(world, place.schools[0], made) == set()
    moved = change(world, made, {"closedUntil": str(world.today() + datetime.timedelta(days=4))})
    assert (moved["state"], moved["organisations"], moved["assignments"]) == ("planned", 4, 24)


@pytest.mark.parametrize("days, field", [
    (dict(opens_in=3, due_in=2, closed_in=4), "dueOn"),
    (dict(opens_in=1, due_in=5, closed_in=4), "closedUntil"),
    (dict(opens_in=1, due_in=5, closed_in=800), "closedUntil"),
    (dict(opens_in=-9, due_in=-5, closed_in=-1), "closedUntil"),
])
def test_impossible_days(world, place, days, field):
    """S2.4, S2.44: opening, due date and next opening follow one another and are not over."""
    with pytest.raises(Problem) as caught:
        world.round(world.programme(place.region), place.region, **days)
    assert caught.value.status == 422 and caught.value.fields == [field]


def test_items_that_make_no_sense(world, place):
    """S2.9: unknown items, items twice, unknown rules and items for nobody are named."""
    programme = world.programme(place.region, [item("one"), item("nobody", participants=None)])
    for items, field in [([{"code": "missing"}], "items[0].code"), ([{"code": "nobody"}], "items[0].participants"),
                         ([{"code": "one"}, {"code": "one"}], "items[1].code"),
                         ([{"code": "one", "evidenceRule": "maybe"}], "items[0].evidenceRule"),
                         ([{"code": "one", "participants": {"selector": "listed"}}], "items[0].participants.codes")]:
        with pytest.raises(Problem) as caught:
            world.round(programme, place.region, items=items)
        assert caught.value.fields == [field]
    with pytest.raises(Problem) as caught:
        world.round("p-unknown", place.region)
    assert caught.value.fields == ["programmeCode"]


def change(world, made, body, version=None):
    return world.administrator.patch("/api/v1/rounds/{id}", body, id=made["roundId"],
                                     version=made["version"] if version is None else version)


def test_the_due_date_may_move(world, place):
    """S2.11: dates are changed by version; assignments follow."""
    made = world.open_round(place.region, [item("one")], organisations=4)
    later = str(datetime.date.fromisoformat(made["dueOn"]) + datetime.timedelta(days=2))
    moved = change(world, made, {"dueOn": later})
    assert moved["dueOn"] == later and moved["version"] == made["version"] + 1
    assert world.assignment(place.schools[0], "one", made["roundId"])["dueOn"] == later
    with pytest.raises(Problem) as caught:
        change(world, made, {"dueOn": later})
    assert (caught.value.status, caught.value.code) == (412, "stale")
    with pytest.raises(Problem) as caught:
        change(world, moved, {"dueOn": made["opensOn"], "closedUntil": made["opensOn"][:8] + "01"}, moved["version"])
    assert caught.value.status == 422
    reply = world.administrator.ask("PATCH", "/api/v1/rounds/{id}", {"dueOn": later}, id=made["roundId"])
    assert reply.status == 428


def test_a_closed_round_takes_nothing_more(world, place):
    """S2.44: closed by hand, input is locked, drafts stay readable, and it is not followed by another."""
    made = world.open_round(place.region, [item("one"), item("two")], organisations=4, repeats=True)
    draft = world.save(place.schools[0], world.assignment(place.schools[0], "one", made["roundId"]), "5")
    closed = change(world, made, {"close": True})
    assert closed["state"] == "closed" and not closed["repeats"]
    for reply in (
            place.schools[0].ask("PUT", "/api/v1/assignments/{id}/value", {"value": "6"}, id=draft["assignmentId"],
                                 version=draft["version"]),
            place.schools[0].ask("POST", "/api/v1/assignments/{id}:submit", id=draft["assignmentId"],
                                 version=draft["version"])):
        assert (reply.status, reply.document["code"]) == (409, "round_closed")
    seen = world.fresh(place.schools[0], draft)
    assert seen["value"] == "5" and seen["inputClosed"]
    with pytest.raises(Problem) as caught:
        change(world, closed, {"close": True})
    assert (caught.value.status, caught.value.code) == (409, "round_closed")


def test_newcomers_are_asked_too(world, place):
    """S2.9: a school founded, or given the attribute, while a round is open gets its assignments at once."""
    region = world.region(municipalities=1, schools=2)
    made = world.open_round(region, [item("all"), item("kv", participants=participants("attribute", attribute="kv"))],
                            organisations=2)
    newcomer = {"code": f"{region.code}.01.0099", "parent_code": f"{region.code}.01", "kind": "school",
                "short_name": "МБОУ «Новая школа»", "valid_from": "2019-01-01", "attributes": "kv"}
    known = {"code": region.schools[0], "parent_code": f"{region.code}.01", "kind": "school",
             "short_name": "МБОУ «СОШ № 1» 1", "valid_from": "2019-01-01", "attributes": "kv"}
    assert world.import_organisations([newcomer, known])["applied"]
    world.wait_open(made["roundId"], 3)
    assert codes_of(world, world.respondent(newcomer["code"]), made) == {"all", "kv"}
    old = world.respondent(region.schools[0])
    eventually(lambda: codes_of(world, old, made) == {"all", "kv"}, what="the attribute brings its item")
    assert codes_of(world, world.respondent(region.schools[1]), made) == {"all"}
    assert to_csv([newcomer]).startswith("code,")


def test_only_administrators_plan(world, place):
    """S2.48: roles are declared with the method."""
    for client in (place.schools[0], place.authority):
        assert client.ask("POST", "/api/v1/rounds", {}).status == 403
        assert client.ask("PUT", "/api/v1/programmes/{code}", {}, code="x").status == 403
