"""Operators judge what was sent: accept, reject with a reason, many at once; never twice, never the wrong version."""
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import psycopg2
import pytest

from builders import item, with_evidence
from pdf import pdf
from vekha_client import Problem
from waiting import eventually

ITEMS = [item(f"number-{number}") for number in range(24)] + [with_evidence("number-evidence")]


@pytest.fixture(scope="module")
def place(world):
    """A region with an open round, two operators, and a respondent each at two schools of different municipalities."""
    region = world.region(municipalities=2, schools=1)
    round_ = world.open_round(region, ITEMS, organisations=2)
    first, second = (world.respondent(code) for code in region.schools)
    return SimpleNamespace(region=region, round=round_, author=first, neighbour=second,
                           operator=world.operator(region.code), coordinator=world.coordinator(region.code),
                           colleague=world.operator(region.municipalities[0].code))


@pytest.fixture
def sent(world, place):
    """A function: the next unused item of the first school, sent for review."""
    def send(value="10", respondent=None):
        respondent = respondent or place.author
        free = eventually(lambda: [one for one in world.assignments(respondent) if one["state"] == "empty"], 15)
        return world.send(respondent, free[0], value)
    return send


def act(client, verb, assignment, body=None, version=None):
    return client.ask("POST", "/api/v1/queue/{id}:" + verb, body, id=assignment["assignmentId"],
                      version=assignment["version"] if version is None else version)


def withdraw(client, assignment, version=None):
    return client.ask("POST", "/api/v1/assignments/{id}:withdraw", id=assignment["assignmentId"],
                      version=assignment["version"] if version is None else version)


def verdicts_in_database(world, assignment):
    return world.stack.rows("review", "SELECT * FROM verdict WHERE assignment_id = %s", assignment["assignmentId"])


def test_accepted_value_reaches_its_author(world, place, sent):
    """S2.39, S2.43: accepting closes the item for its author until the next round."""
    assignment = sent("123")
    entry = world.entry(place.operator, assignment)
    assert (entry["state"], entry["value"], entry["openedByMe"]) == ("waiting", "123", False)
    assert entry["organisationName"].startswith("МБОУ «СОШ № 1»")
    assert entry["municipalityName"].startswith("Район 1")
    verdict = world.accept(place.operator, assignment)
    assert verdict["accepted"] and verdict["version"] == assignment["version"]
    seen = world.wait_state(place.author, assignment, "accepted")
    assert seen["acceptedValue"] == "123" and seen["inputClosed"]


def test_rejection_needs_a_reason_and_shows_it(world, place, sent):
    """S2.39, S2.40: «Резолюция» is mandatory; the author reads it and may send again."""
    assignment = sent("1233")
    world.entry(place.operator, assignment)
    for resolution in ["", "  ", "\u00a0\u00a0\u00a0"]:
        reply = act(place.operator, "reject", assignment, {"resolution": resolution})
        assert reply.status == 422 and reply.document["violations"][0]["field"] == "resolution", resolution
    world.reject(place.operator, assignment, "Уточните информацию")
    seen = world.wait_state(place.author, assignment, "rejected")
    assert (seen["resolution"], seen["rejectedValue"]) == ("Уточните информацию", "1233")
    again = world.send(place.author, seen, "1234")
    entry = world.entry(place.operator, again)
    assert (entry["state"], entry["value"], entry["version"]) == ("waiting", "1234", again["version"])
    world.accept(place.operator, again)
    world.wait_state(place.author, again, "accepted")


def test_a_verdict_judges_the_version_it_names(world, place, sent):
    """S2.39: what was decided about an older version is refused as stale; without a version nothing is decided."""
    first = sent("5")
    world.entry(place.operator, first)
    assert withdraw(place.author, first).status == 200
    second = world.send(place.author, world.wait_state(place.author, first, "ready"), "6")
    world.entry(place.operator, second)
    for verb in ("accept", "reject", "open"):
        reply = act(place.operator, verb, first, {"resolution": "Причина"} if verb == "reject" else None)
        assert (reply.status, reply.document["code"]) == (412, "stale_version"), verb
    reply = place.operator.ask("POST", "/api/v1/queue/{id}:accept", id=second["assignmentId"])
    assert reply.status == 428
    assert world.fresh(place.author, second)["state"] == "in_review"
    assert verdicts_in_database(world, second) == []


def test_what_is_decided_stays_decided(world, place, sent):
    accepted, rejected = sent("7"), sent("8")
    world.accept(place.operator, accepted)
    world.reject(place.operator, rejected)
    for assignment, code in ((accepted, "already_accepted"), (rejected, "already_rejected")):
        for verb in ("accept", "reject", "open"):
            reply = act(place.colleague, verb, assignment, {"resolution": "Причина"} if verb == "reject" else None)
            assert (reply.status, reply.document["code"]) == (409, code), verb
        assert len(verdicts_in_database(world, assignment)) == 1
        assert withdraw(place.author, assignment).document["code"] == code


def test_an_opened_item_belongs_to_its_operator(world, place, sent):
    assignment = sent("9")
    world.entry(place.operator, assignment)
    opened = act(place.operator, "open", assignment)
    assert opened.status == 200 and opened.document["openedByMe"] and opened.document["state"] == "opened"
    assert act(place.operator, "open", assignment).status == 200
    for verb in ("open", "accept", "reject"):
        reply = act(place.colleague, verb, assignment, {"resolution": "Причина"} if verb == "reject" else None)
        assert (reply.status, reply.document["code"]) == (409, "taken"), verb
    seen = place.colleague.get("/api/v1/queue/{id}", id=assignment["assignmentId"])
    assert seen["state"] == "opened" and not seen["openedByMe"]
    assert act(place.operator, "accept", assignment).status == 200


def test_the_author_withdraws_until_it_is_opened(world, place, sent):
    """S2.42, F7: withdrawn before an operator looked; afterwards the verdict must be waited for."""
    free, opened = sent("11"), sent("12")
    world.entry(place.operator, free)
    world.entry(place.operator, opened)
    assert act(place.operator, "open", opened).status == 200
    reply = withdraw(place.author, opened)
    assert (reply.status, reply.document["code"]) == (409, "already_opened")
    assert withdraw(place.author, free).status == 200
    assert world.wait_state(place.author, free, "ready")["value"] == "11"
    assert act(place.operator, "accept", free).document["code"] == "already_withdrawn"
    assert world.fresh(place.author, opened)["state"] == "in_review"


def test_withdrawing_at_once_waits_for_the_queue(world, place, sent):
    """Submissions answers before review has heard of it: the withdrawal does not fail for that."""
    for _ in range(3):
        assignment = sent("13")
        assert withdraw(place.author, assignment).status == 200
        seen = world.wait_state(place.author, assignment, "ready")
        world.accept(place.operator, world.submit(place.author, seen))


def test_two_operators_never_both_win(world, place):
    """Sixteen verdicts at once on each of ten items: one of them counts, the others are told what it was."""
    region = world.region(schools=1)
    world.open_round(region, ITEMS, organisations=1)
    author = world.respondent(region.schools[0])
    operators = [world.operator(region.code), world.operator(region.municipalities[0].code)]
    items = eventually(lambda: world.assignments(author) or None, 15)[:10]
    waiting = [world.send(author, one, "5") for one in items]
    clients = [operators[number % 2].clone() for number in range(16)]
    for assignment in waiting:
        world.entry(operators[0], assignment)

        def judge(number, assignment=assignment):
            verb = "accept" if number % 4 < 2 else "reject"
            return act(clients[number], verb, assignment, {"resolution": "Причина"} if verb == "reject" else None)
        with ThreadPoolExecutor(16) as pool:
            replies = list(pool.map(judge, range(16)))
        assert sorted(reply.status for reply in replies) == [200] + [409] * 15
        won = next(reply.document for reply in replies if reply.status == 200)
        told = {reply.document["code"] for reply in replies if reply.status == 409}
        assert told == {"already_accepted" if won["accepted"] else "already_rejected"}
        [stored] = verdicts_in_database(world, assignment)
        assert stored["accepted"] == won["accepted"]
        world.wait_state(author, assignment, "accepted" if won["accepted"] else "rejected")
    for client in clients:
        client.close()


def test_many_are_accepted_at_once(world, place):
    """Each item is answered for itself; only the right ones are accepted."""
    region = world.region(schools=1)
    world.open_round(region, ITEMS, organisations=1)
    author, operator, other = world.respondent(region.schools[0]), world.operator(region.code), place.operator
    items = eventually(lambda: world.assignments(author) or None, 15)
    waiting = [world.send(author, one, "5") for one in items[:6]]
    for assignment in waiting:
        world.entry(operator, assignment)
    world.accept(operator, waiting[3])
    colleague = world.operator(region.municipalities[0].code)
    assert act(colleague, "open", waiting[4]).status == 200
    named = [{"assignmentId": one["assignmentId"], "version": one["version"]} for one in waiting]
    named[5]["version"] -= 1
    named.append({"assignmentId": items[7]["assignmentId"], "version": 1})
    reply = operator.post("/api/v1/queue:accept", {"items": named})
    assert reply["accepted"] == 3
    assert [one["assignmentId"] for one in reply["results"]] == [one["assignmentId"] for one in named]
    assert [one["refusedBecause"] for one in reply["results"]] == ["", "", "", "decided", "taken", "stale", "not_found"]
    for assignment in waiting[:3]:
        world.wait_state(author, assignment, "accepted")
    assert world.fresh(author, waiting[5])["state"] == "in_review"
    # Somebody else's territory: not even named.
    foreign = other.post("/api/v1/queue:accept", {"items": named[4:6]})
    assert {one["refusedBecause"] for one in foreign["results"]} == {"not_found"}
    with pytest.raises(Problem) as twice:
        operator.post("/api/v1/queue:accept", {"items": [named[5], named[5]]})
    assert twice.value.status == 422 and twice.value.fields == ["items[1].assignment_id"]


def test_the_queue_is_filtered_and_paged(world):
    region = world.region(municipalities=2, schools=2)
    programme_code = None
    round_ = world.open_round(region, ITEMS[:3], organisations=4)
    programme_code = round_["programmeCode"]
    operator = world.operator(region.code)
    waiting = []
    for code in region.schools:
        author = world.respondent(code)
        items = eventually(lambda who=author: world.assignments(who) or None, 15)
        waiting += [world.send(author, one, "5") for one in items]
    for assignment in waiting:
        world.entry(operator, assignment)

    def queue(**query):
        return operator.get("/api/v1/queue", query=query)
    page, seen = queue(limit=5), []
    assert (page["waiting"], page["opened"]) == (12, 0)
    while page["entries"]:
        seen += [one["assignmentId"] for one in page["entries"]]
        last = page["entries"][-1]
        page = queue(limit=5, after_sent_at=last["sentAt"], after_assignment_id=last["assignmentId"])
    assert seen == [one["assignmentId"] for one in sorted(queue(limit=500)["entries"],
                                                          key=lambda one: (one["sentAt"], one["assignmentId"]))]
    assert len(seen) == 12
    municipality = region.ids[region.municipalities[1].code]
    assert len(queue(municipality_id=municipality)["entries"]) == 6
    assert {one["municipalityName"] for one in queue(municipality_id=municipality)["entries"]} == {
        region.municipalities[1].name}
    assert len(queue(programme_code=programme_code)["entries"]) == 12
    assert queue(programme_code="p-none")["entries"] == []
    assert len(queue(round_id=round_["roundId"])["entries"]) == 12
    assert queue(waiting_at_least_hours=1)["entries"] == []
    assert act(operator, "open", waiting[0]).status == 200
    world.accept(operator, waiting[1])
    assert [one["assignmentId"] for one in queue(state="opened")["entries"]] == [waiting[0]["assignmentId"]]
    assert [one["assignmentId"] for one in queue(state="accepted")["entries"]] == [waiting[1]["assignmentId"]]
    counted = queue(limit=1)
    assert (counted["waiting"], counted["opened"]) == (10, 1)
    reply = operator.ask("GET", "/api/v1/queue", query={"state": "lost"})
    assert reply.status == 422 and reply.document["violations"][0]["field"] == "state"


def test_verdicts_are_listed_and_operators_stay_unnamed(world, place, sent):
    """S2.40: the author reads what was decided and why, but not by whom."""
    assignment = sent("20")
    world.reject(place.operator, assignment, "Первая причина")
    again = world.send(place.author, world.wait_state(place.author, assignment, "rejected"), "21")
    world.accept(place.operator, again)

    def verdicts(client):
        return client.get("/api/v1/assignments/{id}/verdicts", id=assignment["assignmentId"])["verdicts"]
    for client, sees in ((place.author, False), (place.operator, True)):
        listed = verdicts(client)
        assert [(one["version"], one["accepted"], one["resolution"]) for one in listed] == [
            (again["version"], True, ""), (assignment["version"], False, "Первая причина")]
        assert {one["operatorAccountId"] for one in listed} == {place.operator.account_id if sees else ""}


def test_verdicts_come_with_the_documents_that_were_sent(world, place):
    """S2.60: whoever reads the values reads what proves them; what was withdrawn is its author's alone again."""
    assignment = world.assignment(place.author, "number-evidence")
    attached = world.attach(place.author, world.save(place.author, assignment, "5"), pdf(), "Приказ.pdf")

    def documents():
        reply = place.coordinator.ask("GET", "/api/v1/assignments/{id}/verdicts", id=assignment["assignmentId"])
        return [one["fileName"] for one in reply.document["documents"]] if reply.status == 200 else None
    sent = world.submit(place.author, attached)
    eventually(lambda: documents() == ["Приказ.pdf"], 15, what="the document is listed")
    withdraw(place.author, sent)
    eventually(lambda: documents() == [], 15, what="the document is the author's alone")


def test_rights(world, place, sent):
    """S2.48: a coordinator has no operator functions; other territories are not there at all."""
    assignment = sent("22")
    world.entry(place.operator, assignment)
    elsewhere = world.region(schools=1)
    stranger = world.operator(elsewhere.code)
    municipal = world.operator(place.region.municipalities[1].code)
    for outsider in (stranger, municipal):
        assert outsider.ask("GET", "/api/v1/queue/{id}", id=assignment["assignmentId"]).status == 404
        assert act(outsider, "accept", assignment).status == 404
        assert act(outsider, "open", assignment).status == 404
        assert assignment["assignmentId"] not in [one["assignmentId"] for one in
                                                  outsider.get("/api/v1/queue")["entries"]]
    for verb in ("accept", "reject", "open"):
        for client in (place.coordinator, place.author):
            assert act(client, verb, assignment, {"resolution": "Причина"}).status == 403
    assert withdraw(place.neighbour, assignment).status == 404
    assert withdraw(place.operator, assignment).status == 403
    listed = place.neighbour.ask("GET", "/api/v1/assignments/{id}/verdicts", id=assignment["assignmentId"])
    assert listed.status == 404
    assert world.fresh(place.author, assignment)["state"] == "in_review"


def test_opening_while_a_newer_version_arrives(world, place, sent):
    """S2.39: whoever opens what is just being put into the queue gets it; the version decided before does not matter."""
    assignment = sent("24")
    world.reject(place.operator, assignment)
    world.wait_state(place.author, assignment, "rejected")
    id_, newer = assignment["assignmentId"], assignment["version"] + 2
    settings = world.stack.settings
    event = psycopg2.connect(host=settings["socket"], user="postgres", dbname="review")
    with event, event.cursor() as cursor, ThreadPoolExecutor(1) as pool:
        # What the event of the newer version does, not committed yet.
        cursor.execute("UPDATE entry SET version = %s, state = 'waiting', closed_at = NULL WHERE assignment_id = %s",
                       (newer, id_))
        opening = pool.submit(act, place.operator, "open", assignment, None, newer)
        eventually(lambda: world.stack.value("review", "SELECT count(*) FROM pg_locks WHERE NOT granted"), 10,
                   what="the opening waits for the event")
        event.commit()
        reply = opening.result()
    event.close()
    assert reply.status == 200, reply.document
    assert (reply.document["state"], reply.document["version"]) == ("opened", newer)


def test_row_security_is_a_second_wall(world, place, sent):
    """The service's own role sees nothing without a territory, and nothing of another one."""
    assignment = sent("23")
    world.entry(place.operator, assignment)
    with world.stack.as_service("review") as connection, connection.cursor() as cursor:
        for scope, expected in (("", 0), ("74.99", 0), (place.region.code, 1), ("*", 1)):
            cursor.execute("SELECT set_config('vekha.scope', %s, false)", (scope,))
            cursor.execute("SELECT count(*) FROM entry WHERE assignment_id = %s", (assignment["assignmentId"],))
            assert cursor.fetchone() == (expected,), scope
    connection.close()
