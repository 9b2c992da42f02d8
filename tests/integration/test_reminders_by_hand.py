"""A coordinator reminds an organisation of exactly what it owes, once a day, and sees whether it was read (S2.62, S1.35)."""
import uuid
from types import SimpleNamespace

import pytest

import smtp
from builders import item
from vekha_client import Problem
from waiting import eventually

ITEMS = [item("one"), item("two"), item("three")]


@pytest.fixture(scope="module")
def place(world):
    region = world.region(municipalities=2, schools=2)
    round_ = world.open_round(region, ITEMS, organisations=4, name="Осень 2026")
    address = f"school-{region.code}@demo.example"
    return SimpleNamespace(
        region=region, round_id=round_["roundId"], address=address,
        respondent=world.respondent(region.schools[0], {"email": address}), operator=world.operator(region.code),
        near=world.coordinator(region.authorities[0]), far=world.coordinator(region.authorities[1]),
        above=world.coordinator(region.code))


def missing(place, client, *codes):
    query = {"round_id": place.round_id, "organisation_ids": [place.region.ids[code] for code in codes]}
    return client.get("/api/v1/reports/missing", query=query)["organisations"]


def remind(place, client, code, items, **options):
    return client.post("/api/v1/rounds/{round}/organisations/{organisation}:remind", {"items": items, **options},
                       round=place.round_id, organisation=place.region.ids[code])


def reminders(place, client):
    return client.get("/api/v1/rounds/{id}/reminders", id=place.round_id)["reminders"]


def refusal(act):
    with pytest.raises(Problem) as refused:
        act()
    return refused.value


def test_what_is_missing_is_named_item_by_item(world, place):
    """Begun, returned and untouched; not what is sent or accepted; nothing of another municipality."""
    school, other = place.region.schools[:2]
    world.save(place.respondent, world.assignment(place.respondent, "one", place.round_id), "5")
    sent = world.send(place.respondent, world.assignment(place.respondent, "two", place.round_id), "5")
    world.wait_until_heard("reporting", "submissions")
    first, second = missing(place, place.near, school, other)
    assert [(one["question"], one["state"]) for one in first["items"]] == [
        ("Вопрос one", "in_work"), ("Вопрос three", "not_started")]
    assert len(second["items"]) == 3 and {one["state"] for one in second["items"]} == {"not_started"}
    assert {one["sectionTitle"] for one in first["items"]} == {"Раздел 1"} and first["items"][0]["dueOn"]
    world.reject(place.operator, sent)
    eventually(lambda: [one["state"] for one in missing(place, place.near, school)[0]["items"]]
               == ["in_work", "returned", "not_started"], 15, what="what was returned is missing again")
    assert missing(place, place.far, school) == []
    assert [one["organisationId"] for one in missing(place, place.above, school)] == [place.region.ids[school]]


def test_a_reminder_is_an_announcement_with_the_list(world, stack, place):
    school = place.region.schools[0]
    items = missing(place, place.near, school)[0]["items"]
    sent = remind(place, place.near, school, items)
    assert sent["today"] and not sent.get("readAt")
    message = place.respondent.get("/api/v1/messages/{id}", id=sent["messageId"])
    assert (message["content"]["kind"], message["content"]["subject"]) == ("announcement", "Напоминание: Осень 2026")
    lines = message["content"]["text"].split("\n\n")[1].split("\n")
    for number, code in enumerate(("one", "two", "three"), 1):
        assert lines[number - 1].startswith(f"{number}. Раздел 1 — Вопрос {code}. ")
    assert len(lines) == 3
    assert "Начато, но не отправлено." in lines[0] and "Возвращено на доработку." in lines[1]
    assert message["content"]["links"] == [
        {"title": "Перейти к показателям", "address": f"/indicators?round={place.round_id}"}]
    letter = eventually(lambda: [one for one in stack.mails(place.address) if "Напоминание" in one["Subject"]], 15,
                        what="the letter")[0]
    assert "Напоминание: Осень 2026" in smtp.text_of(letter)
    # It counts among what the coordinator does.
    eventually(lambda: stack.value("reporting", "SELECT count(*) FROM reminder WHERE message_id = %s",
                                   sent["messageId"]) == 1, 15, what="the coordinator's activity")


def test_when_and_whether_it_was_read(place):
    mine, = reminders(place, place.near)
    assert (mine["organisationId"], mine["today"]) == (place.region.ids[place.region.schools[0]], True)
    assert not mine["readAt"]
    place.respondent.post("/api/v1/messages/{id}:read", {}, id=mine["messageId"])
    mine, = reminders(place, place.near)
    assert mine["readAt"]
    # Whoever stands above sees it too; the neighbour does not.
    assert [one["messageId"] for one in reminders(place, place.above)] == [mine["messageId"]]
    assert reminders(place, place.far) == []


def test_not_twice_a_day_without_asking_again(place):
    """Whoever reminded: another coordinator is told so too."""
    school = place.region.schools[0]
    items = [{"question": "Вопрос one", "state": "not_started"}]
    for client in (place.near, place.above):
        refused = refusal(lambda by=client: remind(place, by, school, items))
        assert (refused.status, refused.code) == (409, "reminded_today")
    again = remind(place, place.above, school, items, again=True)
    assert [one["messageId"] for one in reminders(place, place.near)] == [again["messageId"]]


def test_who_may_be_reminded(world, place):
    """Only of the own territory, only whom a message reaches, only of something."""
    items = [{"question": "Вопрос one", "state": "not_started"}]
    school, without_account = place.region.schools[:2]
    assert refusal(lambda: remind(place, place.far, school, items)).status == 404
    refused = refusal(lambda: remind(place, place.near, without_account, items))
    assert (refused.status, refused.code) == (409, "no_account")
    for client in (place.respondent, place.operator, world.administrator):
        assert refusal(lambda by=client: remind(place, by, school, items)).status == 403
        assert refusal(lambda by=client: reminders(place, by)).status == 403
    assert refusal(lambda: remind(place, place.near, school, [])).fields == ["items"]
    refused = refusal(lambda: remind(place, place.near, school, [{"question": "x", "state": "accepted"}]))
    assert refused.fields == ["items[0].state"]
    unknown = SimpleNamespace(region=place.region, round_id=str(uuid.uuid4()))
    assert refusal(lambda: remind(unknown, place.near, school, items)).status == 404
