"""Who is told of what a school sends and of what is said about it (S1.18, S1.20, S1.23), in the cabinet and by letter."""
from types import SimpleNamespace

import pytest

import smtp
from builders import item
from waiting import eventually

ITEMS = [item(f"number-{number}") for number in range(6)]


@pytest.fixture(scope="module")
def place(world):
    region = world.region(municipalities=1, schools=2)
    curated = world.curated_round(region, ITEMS)
    judged = world.open_round(region, ITEMS, organisations=2)
    first, second = region.schools
    addresses = {name: f"{name}-{region.code}@demo.example" for name in ("author", "curator", "other")}
    return SimpleNamespace(
        region=region, curated=curated["roundId"], judged=judged["roundId"], addresses=addresses,
        author=world.respondent(first, {"email": addresses["author"]}), neighbour=world.respondent(second),
        curator=world.curator(region.code, [first], {"email": addresses["curator"]}),
        other=world.curator(second, [second], {"email": addresses["other"]}), operator=world.operator(region.code))


def send(world, place, round_id, value="7"):
    def free():
        return [one for one in world.assignments(place.author, round_id=round_id) if one["state"] == "empty"]
    return world.send(place.author, eventually(free, 15, what="something to answer")[0], value)


def say(client, assignment, text):
    return client.post("/api/v1/assignments/{id}/remarks", {"text": text}, id=assignment["assignmentId"])


def notices(client, kind):
    return [one for one in client.get("/api/v1/notifications")["notifications"] if one["kind"] == kind]


def letters(world, address, kind):
    return world.stack.rows("deadlines", "SELECT subject, body FROM mail WHERE address = %s AND cause LIKE %s"
                            " ORDER BY written_at", address, kind + ":%")


def test_the_curator_is_told_what_was_sent(world, stack, place):
    """S1.18, S1.23: each answer in the cabinet, one letter a day about a school; nobody else is told."""
    first = send(world, place, place.curated)
    told = eventually(lambda: notices(place.curator, "sent"), 15, what="the notice")[0]
    assert told["title"] == "На проверку: МБОУ «СОШ № 1» 1"
    assert f"Отправлено: {first['question']}\n" in told["text"] and "в очереди" in told["text"]
    assert (told["organisationId"], told["roundId"]) == (place.region.ids[place.region.schools[0]], place.curated)
    letter = eventually(lambda: stack.mails(place.addresses["curator"]), 15, what="the letter")[0]
    assert "На проверку" in letter["Subject"] and first["question"] in smtp.text_of(letter)
    send(world, place, place.curated)
    operators = send(world, place, place.judged)
    eventually(lambda: len(notices(place.curator, "sent")) == 2, 15, what="the second notice")
    # Operators have heard of theirs by now, and curators have not.
    world.entry(place.operator, operators)
    world.reject(place.operator, operators)
    eventually(lambda: notices(place.author, "rejected"), 15, what="all that came before has been told")
    assert len(notices(place.curator, "sent")) == 2
    assert len(letters(world, place.addresses["curator"], "sent")) == 1
    assert notices(place.other, "sent") == notices(place.author, "sent") == []


def test_a_remark_is_told_to_the_other_side(world, stack, place):
    """S1.20, S1.39: the curator's to the school, the school's to its curators."""
    sent = send(world, place, place.curated)
    world.entry(place.curator, sent)
    before = len(notices(place.curator, "remark"))
    say(place.curator, sent, "Где приказ?")
    told = eventually(lambda: notices(place.author, "remark"), 15, what="the school is told")[0]
    assert told["text"].endswith("\nКуратор: Где приказ?") and sent["question"] in told["text"]
    assert len(notices(place.curator, "remark")) == before
    say(place.author, sent, "Приложим завтра")
    told = eventually(lambda: notices(place.curator, "remark")[before:], 15, what="the curator is told")[0]
    assert told["text"].endswith("\nМБОУ «СОШ № 1» 1: Приложим завтра")
    for name in ("author", "curator"):
        eventually(lambda who=name: letters(world, place.addresses[who], "remark"), 15, what=f"a letter for the {name}")
    assert len(notices(place.author, "remark")) == 1
    assert notices(place.other, "remark") == notices(place.neighbour, "remark") == []


def test_no_word_is_lost_while_other_events_are_on_their_way(world, place):
    """A remark may overtake what deadlines has to hear of its assignment: it is told all the same."""
    sent = send(world, place, place.curated)
    world.entry(place.curator, sent)
    world.stack.value("deadlines", "DELETE FROM assignment WHERE assignment_id = %s RETURNING path",
                      sent["assignmentId"])
    say(place.curator, sent, "Раньше всех")
    eventually(lambda: [one for one in notices(place.author, "remark") if one["text"].endswith("Раньше всех")], 15,
               what="the school is told")


def test_an_operators_remark_reaches_the_school(world, place):
    sent = send(world, place, place.judged)
    world.entry(place.operator, sent)
    known = len(notices(place.author, "remark"))
    curators = len(notices(place.curator, "remark"))
    # The school's answer goes to no curator: this is not theirs to judge. The operator's, after it, tells that it passed.
    say(place.author, sent, "Вопрос")
    say(place.operator, sent, "Ответ")
    told = eventually(lambda: notices(place.author, "remark")[:-known or None], 15, what="the school is told")[0]
    assert told["text"].endswith("\nОператор: Ответ")
    assert len(notices(place.curator, "remark")) == curators


def test_a_letter_refused_is_not_written(world, place):
    """The curator's own choice; in the cabinet the notice appears all the same."""
    def settings(client):
        return {one["kind"]: one["byMail"] for one in client.get("/api/v1/notificationSettings")["choices"]}
    others = {"unanswered": True, "message": True, "consultation_soon": True}
    assert settings(place.curator) == {"sent": True, "remark": True, **others}
    place.curator.put("/api/v1/notificationSettings", {"choices": [{"kind": "remark", "byMail": False}]})
    assert settings(place.curator) == {"sent": True, "remark": False, **others}
    sent = send(world, place, place.curated)
    world.entry(place.curator, sent)
    before = len(letters(world, place.addresses["curator"], "remark"))
    known = len(notices(place.curator, "remark"))
    say(place.author, sent, "Без письма")
    eventually(lambda: len(notices(place.curator, "remark")) > known, 15, what="the notice")
    assert len(letters(world, place.addresses["curator"], "remark")) == before


def test_whoever_is_bound_no_more_is_not_told(world, place):
    """S1.6: word goes to those who answer for the school when it sends."""
    world.bind(place.other, [place.region.schools[1], place.region.schools[0]])
    world.bind(place.curator, [])
    known = len(notices(place.curator, "sent"))
    send(world, place, place.curated)
    eventually(lambda: notices(place.other, "sent"), 15, what="the other curator is told")
    assert len(notices(place.curator, "sent")) == known
    world.bind(place.other, [place.region.schools[1]])
    world.bind(place.curator, [place.region.schools[0]])
