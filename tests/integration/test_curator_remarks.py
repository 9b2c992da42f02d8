"""The talk about an answer (S1.20, S1.22, S1.39): pinned to a version that was sent, kept for good, seen by the same people
as the answer."""
from types import SimpleNamespace

import pytest

from builders import item
from waiting import eventually

ITEMS = [item(f"number-{number}") for number in range(8)]


@pytest.fixture(scope="module")
def place(world):
    region = world.region(municipalities=2, schools=2)
    curated = world.curated_round(region, ITEMS)
    judged = world.open_round(region, ITEMS, organisations=4)
    first, second = region.municipalities[0].schools
    return SimpleNamespace(region=region, curated=curated["roundId"], judged=judged["roundId"], first=first,
                           author=world.respondent(first), neighbour=world.respondent(second),
                           curator=world.curator(region.code, [first]), other=world.curator(second, [second]),
                           operator=world.operator(region.code), coordinator=world.coordinator(region.authorities[0]),
                           federal=world.coordinator(region.code), elsewhere=world.coordinator(region.authorities[1]))


def unused(world, author, round_id):
    def free():
        return [one for one in world.assignments(author, round_id=round_id) if one["state"] == "empty"]
    return eventually(free, 15, what="something to answer")[0]


def say(client, assignment, text, **options):
    return client.ask("POST", "/api/v1/assignments/{id}/remarks", {"text": text, **options},
                      id=assignment["assignmentId"])


def heard(client, assignment, **query):
    reply = client.ask("GET", "/api/v1/assignments/{id}/remarks", query=query, id=assignment["assignmentId"])
    return reply.document if reply.status == 200 else reply.status


def talk(client, assignment):
    document = heard(client, assignment)
    return document if isinstance(document, int) else [
        (one["version"], one["authorRole"], one["text"]) for one in document["remarks"]]


def test_a_talk_from_remark_to_answer_to_the_next_version(world, place):
    """S1.20, S1.22, S1.39: one and the same history for school, curator and every coordinator; none of it is lost."""
    first = world.send(place.author, unused(world, place.author, place.curated), "10")
    world.entry(place.curator, first)
    asked = say(place.curator, first, "Где приказ?")
    assert asked.status == 200
    assert {name: asked.document[name] for name in ("version", "authorRole", "mine", "text")} == {
        "version": first["version"], "authorRole": "curator", "mine": True, "text": "Где приказ?"}
    answered = say(place.author, first, "Приложим завтра.\nСпасибо")
    assert answered.document["authorRole"] == "respondent"
    world.reject(place.curator, first, "Жду приказ")
    second = world.send(place.author, world.wait_state(place.author, first, "rejected"), "11")
    world.entry(place.curator, second)
    assert say(place.curator, second, "Теперь всё на месте").document["version"] == second["version"]
    # About an earlier version, by name.
    assert say(place.author, second, "А там была опечатка", version=first["version"]).document[
        "version"] == first["version"]
    world.accept(place.curator, second)
    expected = [(first["version"], "curator", "Где приказ?"),
                (first["version"], "respondent", "Приложим завтра.\nСпасибо"),
                (second["version"], "curator", "Теперь всё на месте"),
                (first["version"], "respondent", "А там была опечатка")]
    for client in (place.author, place.curator, place.coordinator, place.federal):
        assert talk(client, second) == expected
    seen = heard(place.author, second)
    assert seen["versions"] == [first["version"], second["version"]]
    assert [one["mine"] for one in seen["remarks"]] == [False, True, False, True]
    assert len(heard(place.author, second, version=first["version"])["remarks"]) == 3
    page = heard(place.author, second, limit=3)["remarks"]
    rest = heard(place.author, second, after_at=page[-1]["at"], after_remark_id=page[-1]["remarkId"])["remarks"]
    assert [one["text"] for one in page + rest] == [text for _, _, text in expected]


def test_operators_talk_about_what_they_judge(world, place):
    sent = world.send(place.author, unused(world, place.author, place.judged), "5")
    world.entry(place.operator, sent)
    assert say(place.operator, sent, "Проверьте значение").document["authorRole"] == "operator"
    assert talk(place.author, sent) == [(sent["version"], "operator", "Проверьте значение")]
    # Not theirs to judge, not theirs to read.
    assert say(place.curator, sent, "Вмешаюсь").status == heard(place.curator, sent) == 404
    curated = world.send(place.author, unused(world, place.author, place.curated), "5")
    world.entry(place.curator, curated)
    assert say(place.operator, curated, "Вмешаюсь").status == heard(place.operator, curated) == 404


def test_nobody_else_hears_or_says_anything(world, place):
    """S1.6: other schools, other curators and other municipalities find nothing; a coordinator reads and does not write."""
    sent = world.send(place.author, unused(world, place.author, place.curated), "7")
    world.entry(place.curator, sent)
    say(place.curator, sent, "Между нами")
    for client in (place.neighbour, place.other):
        reply = say(client, sent, "И я")
        assert (reply.status, reply.document["code"]) == (404, "assignment_not_found")
        assert heard(client, sent) == 404
    assert heard(place.elsewhere, sent) == 404
    assert say(place.coordinator, sent, "Поторопитесь").status == 403
    assert talk(place.coordinator, sent) == [(sent["version"], "curator", "Между нами")]


def test_the_talk_begins_when_the_answer_is_sent(world, place):
    """Of a draft nobody else learns; its author is told what to do first. What was taken back was sent all the same."""
    draft = world.save(place.author, unused(world, place.author, place.curated), "7")
    for client in (place.curator, place.neighbour, place.coordinator):
        assert heard(client, draft) == 404
    assert say(place.curator, draft, "Уже видно?").status == 404
    refused = say(place.author, draft, "Черновик")
    assert (refused.status, refused.document["code"]) == (409, "not_sent_yet")
    assert "отправьте" in refused.document["detail"]
    sent = world.submit(place.author, draft)
    # At once, though review hears of it only now.
    assert say(place.author, sent, "Отправлено").status == 200
    place.author.post("/api/v1/assignments/{id}:withdraw", id=sent["assignmentId"], version=sent["version"])
    back = world.save(place.author, world.wait_state(place.author, sent, "ready"), "8")
    assert say(place.author, back, "Исправляю").document["version"] == sent["version"]
    assert talk(place.curator, sent) == [(sent["version"], "respondent", "Отправлено"),
                                         (sent["version"], "respondent", "Исправляю")]
    # A version that was saved but never sent is nothing to speak of.
    wrong = say(place.author, back, "О черновике", version=back["version"])
    assert (wrong.status, wrong.document["violations"][0]["field"]) == (422, "version")


def test_limits_of_a_remark(world, place):
    sent = world.send(place.author, unused(world, place.author, place.curated), "7")
    world.entry(place.curator, sent)
    for text in ("", " \u00a0\n", "я" * 4001):
        reply = say(place.curator, sent, text)
        assert (reply.status, reply.document["violations"][0]["field"]) == (422, "text"), text[:5]
    assert say(place.curator, sent, "я" * 4000).status == 200
    assert len(heard(place.author, sent)["remarks"]) == 1
    # The same command again says it once.
    path, body = "/api/v1/assignments/{id}/remarks", {"text": "Ещё раз"}
    for _ in range(2):
        reply = place.curator.ask("POST", path, body, id=sent["assignmentId"],
                                  key="8d0f2f5e-2a5e-4a51-8f0e-7f6d0a2c9b31")
        assert reply.status == 200
    assert len(heard(place.author, sent)["remarks"]) == 2


def test_row_security_is_a_second_wall(world, place):
    sent = world.send(place.author, unused(world, place.author, place.curated), "7")
    world.entry(place.curator, sent)
    say(place.curator, sent, "Замечание")
    with world.stack.as_service("review") as connection, connection.cursor() as cursor:
        for scope, expected in (("", 0), (place.region.municipalities[1].code, 0), (place.first, 1), ("*", 1)):
            cursor.execute("SELECT set_config('vekha.scope', %s, false)", (scope,))
            cursor.execute("SELECT count(*) FROM remark WHERE assignment_id = %s", (sent["assignmentId"],))
            assert cursor.fetchone() == (expected,), scope
    connection.close()
