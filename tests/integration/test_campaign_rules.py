"""A mailing that comes again with each round: prepared once, sent by itself on a working day, whatever dies meanwhile."""
from collections import Counter
from types import SimpleNamespace

import pytest
from campaigns import give_addresses, own_address, send
from vekha_client import Problem
from waiting import eventually, never

from builders import item

WORDS = "Уважаемые коллеги, просим внести данные."


@pytest.fixture(scope="module")
def place(own_world):
    world = own_world
    # Whatever is done by itself is done by one of two.
    world.stack.configure("--replicas", "deadlines=2")
    world.stack.set_clock("2020-09-10T12:00:00+05:00")
    world.administrator = world.client_of_administrator()
    region = world.region(municipalities=2, schools=2, zone="Asia/Yekaterinburg")
    give_addresses(world, region, own_address)
    world.wait_for_organisations(region)
    code = world.programme(region, [item("one"), item("two")])
    made = world.administrator.post("/api/v1/rounds", {
        "programmeCode": code, "name": "Сентябрь 2020", "opensOn": "2020-09-10", "dueOn": "2020-09-25",
        "closedUntil": "2020-09-30", "repeats": True})
    world.wait_open(made["roundId"], 4)
    world.wait_until_heard("deadlines", "submissions")
    author = world.coordinator(region.code)
    campaign = author.post("/api/v1/campaigns", {"roundId": made["roundId"]})
    unit = region.ids[region.municipalities[0].code]
    campaign = author.put("/api/v1/campaigns/{id}", {"subject": "Сентябрь", "words": WORDS, "organisationIds": [unit]},
                          id=campaign["campaignId"], version=campaign["version"])
    send(author, campaign)
    return SimpleNamespace(world=world, stack=world.stack, region=region, code=code, author=author, first=campaign,
                           addresses={own_address(one) for one in region.municipalities[0].schools})


def at(place, moment):
    place.stack.set_clock(moment)
    place.world.administrator = place.world.client_of_administrator()
    place.author.login(place.author.login_name, place.author.password)


def repeat(place, mode, hour=0, by=None, campaign=None):
    return (by or place.author).put("/api/v1/campaigns/{id}/repeat", {"mode": mode, "hour": hour},
                                    id=(campaign or place.first)["campaignId"])


def of_round(place, name):
    return [one for one in place.author.get("/api/v1/campaigns")["campaigns"] if one["roundName"] == name]


def prepared(place, name):
    """As soon as the draft of that round is there."""
    [found] = eventually(lambda: of_round(place, name), 30, what=f"a mailing about {name}")
    return place.author.get("/api/v1/campaigns/{id}", id=found["campaignId"])


def told(place, name):
    return [one for one in place.author.get("/api/v1/notifications")["notifications"]
            if one["kind"] == "campaign_ready" and name in one["title"]]


def sent_to(place, campaign):
    return Counter(mail["X-Envelope-To"] for mail in place.stack.mails() if mail["Subject"] == campaign["subject"])


def test_who_may_have_it_repeated(place):
    """S2.3: each territory its own; nothing is repeated that nobody asked for."""
    assert place.first["mayRepeat"] and place.first["repeatMode"] == ""
    with pytest.raises(Problem) as wrong:
        repeat(place, "always")
    assert wrong.value.fields == ["mode"]
    with pytest.raises(Problem) as late:
        repeat(place, "send", 21)
    assert late.value.fields == ["hour"]
    municipal = place.world.coordinator(place.region.authorities[0])
    with pytest.raises(Problem) as hidden:
        repeat(place, "prepare", by=municipal)
    assert hidden.value.status == 404
    own = municipal.post("/api/v1/campaigns", {"roundId": place.first["roundId"]})
    with pytest.raises(Problem) as theirs:
        repeat(place, "prepare", campaign=own)
    assert (theirs.value.status, theirs.value.code) == (409, "not_to_repeat")
    municipal.delete("/api/v1/campaigns/{id}", id=own["campaignId"])


def test_the_next_round_has_its_draft_that_waits(place):
    """S2.3, S2.5: the same words and territory, the table and due date of the new round; one notice, no letter."""
    kept = repeat(place, "prepare")
    assert (kept["repeatMode"], kept["repeatAuthorName"]) == ("prepare", kept["authorName"])
    at(place, "2020-10-01T00:10:00+05:00")
    draft = prepared(place, "Октябрь 2020")
    assert (draft["state"], draft["byItself"], draft["sendsAt"], draft["dueOn"]) == ("draft", True, "", "2020-10-25")
    assert draft["words"] == WORDS and draft["organisationIds"] == [place.region.ids[place.region.municipalities[0].code]]
    assert draft["indicators"] == 2 and "25.10.2020" in draft["text"] and "25.10.2020" in draft["subject"]
    [notice] = eventually(lambda: told(place, "Октябрь 2020"), 15, what="the notice")
    assert "ждёт" in notice["text"]
    assert not sent_to(place, draft)
    # One click, by the version that was prepared.
    send(place.author, draft)
    eventually(lambda: sent_to(place, draft) == Counter(dict.fromkeys(place.addresses, 1)), 20, what="a letter each")
    assert len(of_round(place, "Октябрь 2020")) == 1


def test_it_goes_out_by_itself_after_a_downtime(place):
    """S2.3, S2.4, F13: prepared when it was missed, on a working day at its hour, each letter once."""
    repeat(place, "send", 10)
    place.stack.stop("deadlines")
    place.stack.set_clock("2020-11-03T12:00:00+05:00")
    place.world.administrator = place.world.client_of_administrator()
    rounds = eventually(lambda: [one for one in place.world.administrator.get(
        "/api/v1/rounds", query={"programme_code": place.code})["rounds"] if one["state"] == "open"
        and one["name"] == "Ноябрь 2020"], 30, what="November opens")
    place.world.wait_open(rounds[0]["roundId"], 4)
    place.stack.start("deadlines")
    at(place, "2020-11-03T12:01:00+05:00")
    draft = prepared(place, "Ноябрь 2020")
    # The 4th is a holiday.
    assert (draft["state"], draft["sendsAt"]) == ("draft", "2020-11-05T05:00:00.000Z")
    [notice] = eventually(lambda: told(place, "Ноябрь 2020"), 15, what="the notice")
    assert "05.11.2020 в 10:00" in notice["text"]
    at(place, "2020-11-05T09:59:00+05:00")
    never(lambda: sent_to(place, draft), 2.5, what="a letter before its hour")
    # Its evening is too late for it: the next working day.
    place.stack.stop("deadlines")
    place.stack.set_clock("2020-11-05T22:00:00+05:00")
    place.stack.start("deadlines")
    at(place, "2020-11-05T22:00:05+05:00")

    def put_off():
        seen = place.author.get("/api/v1/campaigns/{id}", id=draft["campaignId"])
        return seen["sendsAt"] == "2020-11-06T05:00:00.000Z" and seen["state"] == "draft"
    eventually(put_off, 20, what="put off to the next working day")
    at(place, "2020-11-06T10:00:01+05:00")
    eventually(lambda: sent_to(place, draft) == Counter(dict.fromkeys(place.addresses, 1)), 30, what="a letter each")
    done = place.author.get("/api/v1/campaigns/{id}", id=draft["campaignId"])
    assert (done["state"], done["progress"]["letters"], len(of_round(place, "Ноябрь 2020"))) == ("sending", 2, 1)
    assert len(told(place, "Ноябрь 2020")) == 1


def test_a_draft_that_was_dropped_does_not_come_again(place):
    """S2.3: and what is switched off prepares nothing."""
    at(place, "2020-12-01T00:10:00+05:00")
    draft = prepared(place, "Декабрь 2020")
    assert draft["sendsAt"] == "2020-12-01T05:00:00.000Z"
    place.author.delete("/api/v1/campaigns/{id}", id=draft["campaignId"])
    never(lambda: of_round(place, "Декабрь 2020"), 3, what="the dropped draft again")
    off = repeat(place, "")
    assert off["repeatMode"] == ""
    at(place, "2021-01-01T00:10:00+05:00")
    rounds = eventually(lambda: [one for one in place.world.administrator.get(
        "/api/v1/rounds", query={"programme_code": place.code})["rounds"] if one["state"] == "open"
        and one["name"] == "Январь 2021"], 30, what="January opens")
    place.world.wait_open(rounds[0]["roundId"], 4)
    place.world.wait_until_heard("deadlines", "submissions")
    never(lambda: of_round(place, "Январь 2021"), 3, what="a mailing nobody asked for")
