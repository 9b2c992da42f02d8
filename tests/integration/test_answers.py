"""Answers of the three kinds: what is taken, what is refused, what evidence they need, and that versions never mix."""
import secrets
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from pdf import pdf
from builders import item, with_evidence
from vekha_client import Problem
from waiting import eventually

NUMBERS = 40


@pytest.fixture(scope="module")
def place(world):
    items = [item(f"number-{n}") for n in range(NUMBERS)]
    items += [item(f"decimal-{n}", decimals=2) for n in range(3)]
    items += [item(f"yes-no-{n}", "yes_no") for n in range(4)]
    items += [item(f"percent-{n}", "percent", decimals=1) for n in range(12)]
    items += [with_evidence(f"number-evidence-{n}") for n in range(10)]
    items += [with_evidence(f"yes-no-evidence-{n}", "yes_no") for n in range(4)]
    items += [with_evidence(f"percent-evidence-{n}", "percent") for n in range(4)]
    region = world.region(municipalities=1, schools=2)
    made = world.open_round(region, items, organisations=2)
    author, neighbour = (world.respondent(code) for code in region.schools)
    return SimpleNamespace(region=region, round=made, author=author, neighbour=neighbour,
                           operator=world.operator(region.code))


@pytest.fixture
def take(world, place):
    """A function: an untouched assignment whose item code begins so."""
    def take_one(prefix):
        free = [one for one in world.assignments(place.author)
                if one["itemCode"].rsplit("-", 1)[0] == prefix and one["state"] == "empty"]
        return free[0]
    return take_one


def refusal(world, place, assignment, value, second_value="", **options):
    with pytest.raises(Problem) as caught:
        world.save(place.author, assignment, value, second_value, **options)
    return caught.value.status, caught.value.violations[0]["field"], caught.value.violations[0]["code"]


@pytest.mark.parametrize("typed, stored", [
    ("123", "123"), ("0", "0"), ("007", "7"), ("1 234", "1234"), ("1\u202f234", "1234"), ("1\u00a0234", "1234"),
    ("12,00", "12"), ("999999999999999", "999999999999999")])
def test_a_number(world, place, take, typed, stored):
    """S2.22, S2.26, S2.33: one value; a save is acknowledged with the value stored."""
    seen = world.save(place.author, take("number"), typed)
    assert (seen["value"], seen["state"], seen["version"], seen["notReadyBecause"]) == (stored, "ready", 1, "")


def test_comma_and_point_are_the_same(world, place, take):
    """F14: 28,33 and 28.33 are one number; digits after it as many as the item allows."""
    assignment = take("decimal")
    seen = world.save(place.author, assignment, "28,33")
    assert seen["value"] == "28.33"
    assert world.save(place.author, seen, "28.33")["value"] == "28.33"
    assert refusal(world, place, take("decimal"), "28,333") == (422, "value", "too_many_decimals")
    assert refusal(world, place, take("number"), "28,3") == (422, "value", "too_many_decimals")


@pytest.mark.parametrize("typed, code", [
    ("", "required"), ("   ", "required"), ("-5", "negative"), ("сто", "not_decimal"), ("1,2,3", "not_decimal"),
    ("1e5", "not_decimal"), ("NaN", "not_decimal"), ("1234567890123456", "not_decimal"), ("yes", "wrong_kind")])
def test_no_number(world, place, take, typed, code):
    """S2.26: what is no number from zero upwards is refused and changes nothing."""
    assignment = take("number")
    assert refusal(world, place, assignment, typed) == (422, "value", code)
    seen = world.fresh(place.author, assignment)
    assert (seen["version"], seen["state"], seen["value"]) == (0, "empty", "")


def test_yes_or_no(world, place, take):
    """S2.27: «Да» or «Нет» and nothing else."""
    assignment = take("yes-no")
    seen = world.save(place.author, assignment, "yes")
    assert (seen["value"], seen["state"]) == ("yes", "ready")
    assert world.save(place.author, seen, "no")["value"] == "no"
    for typed in ["1", "0"]:
        assert refusal(world, place, take("yes-no"), typed) == (422, "value", "wrong_kind")
    assert refusal(world, place, take("yes-no"), "maybe") == (422, "value", "not_decimal")


@pytest.mark.parametrize("part, whole, percent", [
    ("10", "40", "25.00"), ("1", "3", "33.33"), ("2", "3", "66.67"), ("1", "800", "0.13"), ("0", "40", "0.00"),
    ("40", "40", "100.00"), ("1,5", "3", "50.00")])
def test_a_percentage(world, place, take, part, whole, percent):
    """S2.28, S2.29, F5: (1) / (2) x 100, half up to two decimals, computed here."""
    seen = world.save(place.author, take("percent"), part, whole)
    assert (seen["percent"], seen["state"]) == (percent, "ready")


def test_percentages_with_zero_and_above_hundred(world, place, take):
    """S2.29, F5: 0 of 0 is «—»; something of nothing is refused; more than the whole must be confirmed."""
    assignment = take("percent")
    assert refusal(world, place, assignment, "1", "0") == (422, "secondValue", "part_of_nothing")
    assert refusal(world, place, assignment, "41", "40") == (422, "confirmPartOverWhole", "part_over_whole")
    seen = world.save(place.author, assignment, "41", "40", confirmPartOverWhole=True)
    assert seen["percent"] == "102.50"
    seen = world.save(place.author, seen, "0", "0")
    assert (seen["percent"], seen["state"]) == ("", "ready")
    assert refusal(world, place, take("percent-evidence"), "0", "0") == (422, "secondValue", "zero_whole")
    assert refusal(world, place, seen, "5") == (422, "value", "wrong_kind")
    assert refusal(world, place, seen, "5", "-1") == (422, "secondValue", "negative")


def test_evidence_is_asked_for(world, place, take):
    """S2.30, S2.33, S2.36: saved, the file is missing; with the file it is ready; only then it can be sent."""
    assignment = take("number-evidence")
    assert assignment["evidence"] and assignment["evidenceRequired"]
    seen = world.save(place.author, assignment, "5")
    assert (seen["state"], seen["notReadyBecause"]) == ("draft", "evidence_missing")
    reply = place.author.ask("POST", "/api/v1/assignments/{id}:submit", id=seen["assignmentId"],
                             version=seen["version"])
    assert (reply.status, reply.document["code"]) == (409, "evidence_missing")
    assert "Загрузите подтверждающий документ" in reply.document["detail"]
    seen = world.attach(place.author, seen, pdf(), "Приказ № 1.pdf")
    assert (seen["state"], seen["notReadyBecause"], seen["version"]) == ("ready", "", 1)
    assert [one["fileName"] for one in seen["documents"]] == ["Приказ № 1.pdf"]
    assert world.submit(place.author, seen)["state"] == "in_review"


@pytest.mark.parametrize("prefix, values", [
    ("number-evidence", ("0", "")), ("yes-no-evidence", ("no", "")), ("percent-evidence", ("0", "40"))])
def test_no_evidence_for_nothing(world, place, take, prefix, values):
    """S2.31, S2.32, F6: «Нет», 0, or 0 as the first of two values need no file and go as they are."""
    seen = world.save(place.author, take(prefix), *values)
    assert (seen["state"], seen["notReadyBecause"]) == ("ready", "")
    assert world.submit(place.author, seen)["state"] == "in_review"


def test_the_file_may_come_first(world, place, take):
    """S2.35, S2.67: value before file or file before value."""
    seen = world.attach(place.author, take("number-evidence"), pdf())
    assert (seen["state"], seen["notReadyBecause"], seen["version"]) == ("draft", "value_missing", 0)
    assert world.save(place.author, seen, "5")["state"] == "ready"


def test_a_file_may_be_taken_off(world, place, take):
    """S2.36: without its file the answer is not ready any more; under review nothing comes off."""
    seen = world.save(place.author, take("number-evidence"), "5")
    seen = world.attach(place.author, seen, pdf())
    document = seen["documents"][0]["documentId"]
    path = "/api/v1/assignments/{id}/documents/{document}"
    off = place.author.delete(path, id=seen["assignmentId"], document=document)
    assert (off["state"], off["documents"], off["notReadyBecause"]) == ("draft", [], "evidence_missing")
    reply = place.author.ask("DELETE", path, id=seen["assignmentId"], document=document)
    assert (reply.status, reply.document["code"]) == (404, "document_not_found")
    sent = world.submit(place.author, world.attach(place.author, off, pdf()))
    document = sent["documents"][0]["documentId"]
    reply = place.author.ask("DELETE", path, id=sent["assignmentId"], document=document)
    assert (reply.status, reply.document["code"]) == (409, "in_review")


def test_sending_right_after_the_upload(world, place, take):
    """S2.35: the document's event may still be on its way; the sender need not know."""
    seen = world.save(place.author, take("number-evidence"), "5")
    place.author.upload(seen["assignmentId"], pdf())
    sent = world.submit(place.author, seen)
    assert sent["state"] == "in_review" and len(sent["documents"]) == 1


def test_under_review_it_is_locked(world, place, take):
    """S2.38, S2.42: items are sent one by one; a sent one is locked for its author."""
    first, second = take("number"), None
    sent = world.send(place.author, first, "5")
    reply = place.author.ask("PUT", "/api/v1/assignments/{id}/value", {"value": "6"}, id=sent["assignmentId"],
                             version=sent["version"])
    assert (reply.status, reply.document["code"]) == (409, "in_review")
    second = take("number")
    assert second["assignmentId"] != first["assignmentId"] and second["state"] == "empty"


def test_nothing_to_send(world, place, take):
    """S2.36: without a value there is nothing to send."""
    reply = place.author.ask("POST", "/api/v1/assignments/{id}:submit", id=take("number")["assignmentId"], version=0)
    assert (reply.status, reply.document["code"]) == (409, "value_missing")


def test_versions_never_mix(world, place, take):
    """A save names the version it has seen: of two at once one wins, the other is told the version there is."""
    assignment = take("number")
    reply = place.author.ask("PUT", "/api/v1/assignments/{id}/value", {"value": "1"}, id=assignment["assignmentId"])
    assert reply.status == 428

    def save(value):
        with place.author.clone() as client:
            return client.ask("PUT", "/api/v1/assignments/{id}/value", {"value": str(value)},
                              id=assignment["assignmentId"], version=0)
    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(save, range(1, 17)))
    won = [reply for reply in replies if reply.status == 200]
    assert len(won) == 1 and {reply.status for reply in replies} == {200, 412}
    assert won[0].etag == '"1"'
    lost = next(reply for reply in replies if reply.status == 412)
    assert lost.document["code"] == "stale" and "версия 1" in lost.document["detail"]
    seen = world.fresh(place.author, assignment)
    assert (seen["version"], seen["value"]) == (1, won[0].document["value"])


def test_the_same_save_again_is_the_same_save(world, place, take):
    """A repeated key gets the first answer and no second version."""
    assignment, key = take("number"), "0b5c3a5e-7d52-4d0e-9f3f-0d2c6c5a9e11"
    replies = [place.author.ask("PUT", "/api/v1/assignments/{id}/value", {"value": "5"}, key=key,
                                id=assignment["assignmentId"], version=0) for _ in range(3)]
    assert [reply.status for reply in replies] == [200, 200, 200]
    assert replies[0].document == replies[1].document == replies[2].document
    history = place.author.get("/api/v1/assignments/{id}/versions", id=assignment["assignmentId"])["versions"]
    assert len(history) == 1


def test_the_whole_history(world, place, take):
    """S2.45: every act with its version, time, author, value, documents and resolution, newest first."""
    seen = world.save(place.author, take("number-evidence"), "5", comment="по журналу")
    seen = world.attach(place.author, seen, pdf(), "Приказ.pdf")
    sent = world.submit(place.author, seen)
    world.reject(place.operator, sent, "Уточните информацию")
    seen = world.wait_state(place.author, sent, "rejected")
    assert seen["value"] == "5" and seen["notReadyBecause"] == "unchanged" and len(seen["documents"]) == 1
    reply = place.author.ask("POST", "/api/v1/assignments/{id}:submit", id=seen["assignmentId"],
                             version=seen["version"])
    assert (reply.status, reply.document["code"]) == (409, "unchanged")
    sent = world.submit(place.author, world.save(place.author, seen, "6"))
    world.accept(place.operator, sent)
    world.wait_state(place.author, sent, "accepted")
    history = place.author.get("/api/v1/assignments/{id}/versions", id=sent["assignmentId"])["versions"]
    acts = [(one["version"], one["act"], one["value"]) for one in history]
    assert acts == [(6, "accepted", "6"), (5, "sent", "6"), (4, "saved", "6"), (3, "rejected", "5"), (2, "sent", "5"),
                    (1, "document_attached", "5"), (1, "saved", "5")]
    assert history[3]["resolution"] == "Уточните информацию" and history[6]["comment"] == "по журналу"
    assert history[3]["actorAccountId"] == place.operator.account_id
    assert history[0]["at"] >= history[6]["at"] and history[6]["actorAccountId"] == place.author.account_id
    assert [one["fileName"] for one in history[1]["documents"]] == ["Приказ.pdf"]


def test_others_do_not_even_know_it_exists(world, place, take):
    """S2.37: a cabinet is its organisation's own; nobody else reads, saves, sends or attaches."""
    mine = world.save(place.author, take("number"), "5")
    id_ = mine["assignmentId"]
    for reply in (
            place.neighbour.ask("GET", "/api/v1/assignments/{id}", id=id_),
            place.neighbour.ask("GET", "/api/v1/assignments/{id}/versions", id=id_),
            place.neighbour.ask("PUT", "/api/v1/assignments/{id}/value", {"value": "9"}, id=id_, version=1),
            place.neighbour.ask("POST", "/api/v1/assignments/{id}:submit", id=id_, version=1),
            place.neighbour.ask("DELETE", "/api/v1/assignments/{id}/documents/{document}", id=id_, document=id_)):
        assert reply.status == 404, reply.document
    assert id_ not in [one["assignmentId"] for one in world.assignments(place.neighbour)]
    assert place.operator.ask("GET", "/api/v1/assignments/{id}", id=id_).status == 403
    assert world.fresh(place.author, mine)["value"] == "5"


def test_a_draft_stays_in_its_cabinet(world, place, take):
    """S2.37: until it is sent nobody but the author sees it; events carry no value of it."""
    value = str(10**12 + secrets.randbelow(10**12))
    draft = world.save(place.author, take("number"), value)
    assert place.operator.ask("GET", "/api/v1/queue/{id}", id=draft["assignmentId"]).status == 404
    for service in ("review", "reporting"):
        tables = world.stack.rows(service, "SELECT table_name FROM information_schema.tables WHERE table_schema ="
                                  " 'public' AND table_type = 'BASE TABLE'")
        for table in tables:
            found = world.stack.value(service, f"SELECT count(*) FROM \"{table['table_name']}\" t"
                                      " WHERE t::text LIKE %s", f"%{value}%")
            assert found == 0, (service, table)
    world.submit(place.author, draft)
    eventually(lambda: place.operator.ask("GET", "/api/v1/queue/{id}", id=draft["assignmentId"]).status == 200)


def test_the_database_knows_the_walls_too(world, place):
    """The second wall: with another organisation's territory the service's own role sees no row and changes none."""
    connection = world.stack.as_service("submissions")
    with connection.cursor() as cursor:
        for scope, seen in ((place.region.schools[1], False), (place.region.schools[0], True), ("", False)):
            cursor.execute("SELECT set_config('vekha.scope', %s, false)", (scope,))
            cursor.execute("SELECT count(*) FROM assignment WHERE organisation_path = %s", (place.region.schools[0],))
            assert (cursor.fetchone()[0] > 0) == seen
            cursor.execute("UPDATE assignment SET comment = comment WHERE organisation_path = %s",
                           (place.region.schools[0],))
            assert (cursor.rowcount > 0) == seen
    connection.close()
