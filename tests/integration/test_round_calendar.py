"""Months pass: rounds open, run late, close, and the next one opens by itself, in the region's own days."""
from types import SimpleNamespace

import pytest

from builders import item
from waiting import eventually, never

# The Chelyabinsk campaign: UTC+5 without summer time.
ZONE = "Asia/Yekaterinburg"


@pytest.fixture(scope="module")
def place(own_world):
    own_world.stack.set_clock("2020-09-09T12:00:00+05:00")
    # Sessions issued at another time are of no use now.
    own_world.administrator = own_world.client_of_administrator()
    region = own_world.region(municipalities=1, schools=2, zone=ZONE)
    own_world.wait_for_organisations(region)
    programme = own_world.programme(region, [item("one"), item("two"), item("three")])
    body = {"programmeCode": programme, "name": "Сентябрь 2020", "opensOn": "2020-09-10", "dueOn": "2020-09-25",
            "closedUntil": "2020-09-30", "repeats": True}
    made = own_world.administrator.post("/api/v1/rounds", body)
    authors = [own_world.respondent(code) for code in region.schools]
    return SimpleNamespace(region=region, round=made, authors=authors, operator=own_world.operator(region.code))


def at(world, moment):
    world.stack.set_clock(moment)
    world.administrator = world.client_of_administrator()


def login(client):
    """Days later the session is over."""
    client.login(client.login_name, client.password)
    return client


def state_of(world, made):
    return world.administrator.get("/api/v1/rounds/{id}", id=made["roundId"])["state"]


def test_a_month_of_the_campaign(own_world, place):
    """S2.3, S2.4, S2.44, F13: opens at midnight there, overdue after the 25th, closed after the 30th, then October."""
    world, made, author, operator = own_world, place.round, place.authors[0], place.operator
    at(world, "2020-09-09T23:59:50+05:00")
    assert state_of(world, made) == "planned"
    at(world, "2020-09-10T00:00:01+05:00")
    world.wait_open(made["roundId"], 2)
    login(author)
    first = world.send(author, world.assignment(author, "one"), "123")
    login(operator)
    world.accept(operator, first)
    world.wait_state(author, first, "accepted")

    at(world, "2020-09-25T23:59:50+05:00")
    login(author)
    assert not world.assignment(author, "two")["overdue"]
    at(world, "2020-09-26T00:00:00+05:00")
    seen = world.assignment(author, "two")
    assert seen["overdue"] and not seen["inputClosed"]
    assert not world.assignment(author, "one")["overdue"]
    late = world.send(author, seen, "7")
    assert late["state"] == "in_review"

    at(world, "2020-09-30T23:59:30+05:00")
    login(author)
    third = world.save(author, world.assignment(author, "three"), "9")
    at(world, "2020-10-01T00:00:00+05:00")
    reply = author.ask("PUT", "/api/v1/assignments/{id}/value", {"value": "6"}, id=third["assignmentId"],
                       version=third["version"])
    assert (reply.status, reply.document["code"]) == (409, "round_closed") and "30.09.2020" in reply.document["detail"]

    eventually(lambda: state_of(world, made) == "closed", 15)
    rounds = world.administrator.get("/api/v1/rounds", query={"programme_code": made["programmeCode"]})["rounds"]
    october = rounds[0]
    assert [october[name] for name in ("name", "opensOn", "dueOn", "closedUntil", "repeats")] == [
        "Октябрь 2020", "2020-10-01", "2020-10-25", "2020-10-31", True]
    world.wait_open(october["roundId"], 2)
    again = world.assignment(author, "one", october["roundId"])
    assert (again["state"], again["acceptedValue"], again["version"]) == ("empty", "123", 0)
    assert not again["inputClosed"]
    # What still waits for a verdict keeps its place beside the new round.
    waiting = author.get("/api/v1/assignments", query={"tab": "in_review"})["assignments"]
    assert [(one["itemCode"], one["roundId"]) for one in waiting] == [("two", made["roundId"])]
    assert author.get("/api/v1/assignments")["counters"]["inWork"] == 3
    # And a verdict after the round's end still counts.
    login(operator)
    world.accept(operator, late)
    world.wait_state(author, late, "accepted")
    assert world.assignment(author, "two", october["roundId"])["acceptedValue"] == "7"
    # S2.58: what was accepted in September is known in October's report of that day.
    report = operator.get("/api/v1/reports/provided", query={"round_id": october["roundId"], "as_of": "2020-10-01"})
    assert [(row["filled"], row["total"]) for row in report["rows"]] == [(1, 3), (0, 3)]


def test_previous_value_goes_to_the_operator(own_world, place):
    """S2.44: the operator compares with what was accepted last time."""
    world, made, operator = own_world, place.round, login(place.operator)
    author = login(place.authors[1])
    rounds = world.administrator.get("/api/v1/rounds", query={"programme_code": made["programmeCode"]})["rounds"]
    sent = world.send(author, world.assignment(author, "one", rounds[0]["roundId"]), "100")
    entry = world.entry(operator, sent)
    assert entry["previousValue"] == ""
    world.accept(operator, sent)
    world.wait_state(author, sent, "accepted")
    at(world, "2020-11-01T00:00:05+05:00")
    login(author)

    def november():
        newest = world.administrator.get("/api/v1/rounds", query={"programme_code": made["programmeCode"]})["rounds"][0]
        return newest if newest["name"] == "Ноябрь 2020" and newest["organisations"] == 2 else None
    newest = eventually(november, 15)
    sent = world.send(author, world.assignment(author, "one", newest["roundId"]), "101")
    login(operator)
    assert world.entry(operator, sent)["previousValue"] == "100"


def test_months_without_power_leave_no_rows_of_rounds(own_world, place):
    """Rounds that would have passed unseen are not made up afterwards; the next one starts with its own month."""
    world, made = own_world, place.round
    at(world, "2021-03-05T12:00:00+05:00")

    def march():
        newest = world.administrator.get("/api/v1/rounds", query={"programme_code": made["programmeCode"]})["rounds"]
        return newest if newest[0]["name"] == "Март 2021" else None
    rounds = eventually(march, 15)
    assert [one["name"] for one in rounds] == ["Март 2021", "Ноябрь 2020", "Октябрь 2020", "Сентябрь 2020"]
    assert [one["state"] for one in rounds[1:]] == ["closed"] * 3


def test_a_round_that_does_not_repeat_is_the_last(own_world, place):
    """S2.44: nothing follows by itself unless it was asked for; the answers stay in sight."""
    world, author = own_world, login(place.authors[0])
    world.administrator = world.client_of_administrator()
    programme = world.programme(place.region, [item("single")])
    made = world.round(programme, place.region, due_in=1, closed_in=2)
    world.wait_open(made["roundId"], 2)
    sent = world.send(author, world.assignment(author, "single"), "5")
    at(world, f"{made['closedUntil']}T12:00:00+05:00")
    world.stack.advance(days=1)
    world.administrator = world.client_of_administrator()
    eventually(lambda: state_of(world, made) == "closed", 15)
    never(lambda: len(world.administrator.get("/api/v1/rounds", query={"programme_code": programme})["rounds"]) > 1, 1.5)
    login(author)
    assert world.fresh(author, sent)["state"] == "in_review"
    assert world.assignment(author, "single")["inputClosed"]
