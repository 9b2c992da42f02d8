"""A curator judges what the schools bound have sent, and nothing else (S1.6, S1.18-S1.23); an operator judges the rest."""
import json
from types import SimpleNamespace

import pytest

from builders import item, with_evidence
from pdf import pdf
from vekha_client import Problem
from waiting import eventually

ITEMS = [item(f"number-{number}") for number in range(8)] + [
    with_evidence("number-evidence"), item("order", "documents", evidence="Приказ", stage="Весенний этап"),
    item("template", "table", columns=[{"title": "Факторы риска"}, {"title": "Краткое описание мер"}])]


@pytest.fixture(scope="module")
def place(world):
    """Two municipalities of three schools. One curator has the first school of each, another the second of the first."""
    region = world.region(municipalities=2, schools=3)
    curated = world.curated_round(region, ITEMS)
    judged = world.open_round(region, ITEMS, organisations=6)
    first, second, third = region.municipalities[0].schools
    far = region.municipalities[1].schools[0]
    return SimpleNamespace(
        region=region, curated=curated["roundId"], judged=judged["roundId"],
        authors={code: world.respondent(code) for code in (first, second, third, far)}, first=first, second=second,
        third=third, far=far, curator=world.curator(region.code, [first, far]),
        other=world.curator(region.municipalities[0].authority, [second]),
        operator=world.operator(region.code), coordinator=world.coordinator(region.authorities[0]))


def send(world, place, school, round_id, value="10", evidence=False):
    """The next unused item of the school in the round, sent."""
    def free():
        return [one for one in world.assignments(place.authors[school], round_id=round_id)
                if one["state"] == "empty" and one["valueKind"] == "number" and one["evidenceRequired"] == evidence]
    assignment = eventually(free, 15, what="something to answer")[0]
    if evidence:
        assignment = world.attach(place.authors[school], world.save(place.authors[school], assignment, value), pdf())
        return world.submit(place.authors[school], assignment)
    return world.send(place.authors[school], assignment, value)


def act(client, verb, assignment, body=None, version=None):
    return client.ask("POST", "/api/v1/queue/{id}:" + verb, body, id=assignment["assignmentId"],
                      version=version or assignment["version"])


def queue(client, **query):
    return client.get("/api/v1/queue", query={"limit": 500, **query})


def names(reply):
    return {one["assignmentId"] for one in reply["entries"]}


def test_each_sees_what_is_theirs(world, place):
    """S1.6: a curator's queue holds the schools bound and what curators judge; an operator's what operators judge."""
    mine = send(world, place, place.first, place.curated)
    far = send(world, place, place.far, place.curated)
    neighbours = send(world, place, place.second, place.curated)
    nobodys = send(world, place, place.third, place.curated)
    operators = send(world, place, place.first, place.judged)
    world.entry(place.operator, operators)
    assert world.entry(place.curator, mine)["reviewer"] == "curator"
    for client, theirs in ((place.curator, [mine, far]), (place.other, [neighbours]), (place.operator, [operators])):
        eventually(lambda who=client, what=theirs: names(queue(who)) == {one["assignmentId"] for one in what}, 15,
                   what="the queue is complete")
        counted = queue(client)
        assert (counted["waiting"], counted["opened"]) == (len(theirs), 0)
        foreign = [one for one in (mine, far, neighbours, nobodys, operators) if one not in theirs]
        for assignment in foreign:
            assert client.ask("GET", "/api/v1/queue/{id}", id=assignment["assignmentId"]).status == 404
            for verb in ("open", "accept", "reject"):
                reply = act(client, verb, assignment, {"resolution": "Причина"} if verb == "reject" else None)
                assert (reply.status, reply.document["code"]) == (404, "entry_not_found"), verb
        many = client.post("/api/v1/queue:accept", {"items": [
            {"assignmentId": one["assignmentId"], "version": one["version"]} for one in foreign]})
        assert {one["refusedBecause"] for one in many["results"]} == {"not_found"}
    assert names(queue(place.curator, organisation_id=place.region.ids[place.far])) == {far["assignmentId"]}
    assert names(queue(place.curator, organisation_id=place.region.ids[place.second])) == set()
    assert names(queue(place.curator, state="accepted")) == set()


def test_confirm_or_send_back(world, place):
    """S1.19-S1.22: confirmed, or returned with a mandatory comment and placed again; every verdict is kept."""
    sent = send(world, place, place.first, place.curated, evidence=True)
    entry = world.entry(place.curator, sent)
    assert entry["documents"][0]["fileName"] == "Приказ.pdf"
    empty = act(place.curator, "reject", sent, {"resolution": " "})
    assert empty.status == 422 and empty.document["violations"][0]["field"] == "resolution"
    opened = act(place.curator, "open", sent)
    assert opened.status == 200 and opened.document["openedByMe"]
    author = place.authors[place.first]
    assert author.ask("POST", "/api/v1/assignments/{id}:withdraw", id=sent["assignmentId"],
                      version=sent["version"]).document["code"] == "already_opened"
    world.reject(place.curator, sent, "Приложите подписанный приказ")
    seen = world.wait_state(author, sent, "rejected")
    assert seen["resolution"] == "Приложите подписанный приказ"
    again = world.submit(author, world.attach(author, world.save(author, seen, "11"), pdf(text="2"), "Приказ 2.pdf"))
    world.accept(place.curator, again)
    world.wait_state(author, again, "accepted")

    def verdicts(client):
        reply = client.ask("GET", "/api/v1/assignments/{id}/verdicts", id=sent["assignmentId"])
        return [(one["version"], one["accepted"], one["resolution"]) for one in reply.document["verdicts"]
                ] if reply.status == 200 else reply.status
    told = [(again["version"], True, ""), (sent["version"], False, "Приложите подписанный приказ")]
    # S1.39: school, curator and coordinator read the same.
    assert verdicts(author) == verdicts(place.curator) == verdicts(place.coordinator) == told
    assert verdicts(place.other) == verdicts(place.operator) == 404

    def versions(client):
        reply = client.ask("GET", "/api/v1/assignments/{id}/sent", id=sent["assignmentId"])
        return [(one["version"], one["state"], one["value"], one["resolution"], bool(one["closedAt"]),
                 [document["fileName"] for document in one["documents"]]) for one in reply.document["versions"]
                ] if reply.status == 200 else reply.status
    kept = [(again["version"], "accepted", "11", "", True, ["Приказ.pdf", "Приказ 2.pdf"]),
            (sent["version"], "rejected", "10", "Приложите подписанный приказ", True, ["Приказ.pdf"])]
    assert versions(author) == versions(place.curator) == versions(place.coordinator) == kept
    assert versions(place.other) == versions(place.operator) == 404


def test_the_age_of_what_waits(world, place):
    """S1.23: how long each answer has waited, the oldest first, and only the old ones if asked."""
    sent = send(world, place, place.second, place.curated)
    world.entry(place.other, sent)
    world.stack.value("review", "UPDATE entry SET sent_at = sent_at - interval '50 hours' WHERE assignment_id = %s"
                      " RETURNING version", sent["assignmentId"])
    old = queue(place.other, waiting_at_least_hours=48)["entries"]
    assert [(one["assignmentId"], one["waitingHours"]) for one in old] == [(sent["assignmentId"], 50)]
    assert queue(place.other)["entries"][0]["assignmentId"] == sent["assignmentId"]


def test_many_are_confirmed_at_once(world, place):
    waiting = [send(world, place, school, place.curated) for school in (place.far, place.first)]
    for assignment in waiting:
        world.entry(place.curator, assignment)
    reply = place.curator.post("/api/v1/queue:accept", {"items": [
        {"assignmentId": one["assignmentId"], "version": one["version"]} for one in waiting]})
    assert reply["accepted"] == 2
    for assignment, school in zip(waiting, (place.far, place.first)):
        world.wait_state(place.authors[school], assignment, "accepted")
    accepted = names(queue(place.curator, state="accepted"))
    assert {one["assignmentId"] for one in waiting} <= accepted
    assert not accepted & names(queue(place.operator, state="accepted"))


def test_a_school_changes_hands(world, place):
    """S1.6: whoever is bound now has the queue; whoever is no more finds nothing, not even what was opened."""
    sent = send(world, place, place.third, place.curated)
    newcomer = world.curator(place.region.municipalities[0].code, [place.third, place.first])
    entry = world.entry(newcomer, sent)
    assert entry["organisationId"] == place.region.ids[place.third]
    assert act(newcomer, "open", sent).status == 200
    world.bind(newcomer, [])
    assert newcomer.ask("GET", "/api/v1/queue/{id}", id=sent["assignmentId"]).status == 404
    assert act(newcomer, "accept", sent).status == 404
    assert queue(newcomer)["entries"] == []
    world.bind(newcomer, [place.third])
    assert act(newcomer, "accept", sent).status == 200


def test_what_was_taken_back_is_its_authors_alone(world, place):
    """S1.22: that it was sent and withdrawn everybody reads; what it said only the author."""
    author = place.authors[place.first]
    first = send(world, place, place.first, place.curated, "41")
    world.entry(place.curator, first)
    author.post("/api/v1/assignments/{id}:withdraw", id=first["assignmentId"], version=first["version"])
    second = world.send(author, world.wait_state(author, first, "ready"), "42")
    world.entry(place.curator, second)

    def versions(client, **query):
        reply = client.get("/api/v1/assignments/{id}/sent", id=first["assignmentId"], query=query)["versions"]
        return [(one["version"], one["state"], one["value"]) for one in reply]
    told = [(second["version"], "waiting", "42"), (first["version"], "withdrawn", "41")]
    assert versions(author) == told
    assert versions(place.curator) == [told[0], (first["version"], "withdrawn", "")]
    assert versions(author, version=first["version"]) == versions(author, before_version=second["version"]) == told[1:]
    assert versions(author, limit=1) == told[:1]
    with world.stack.as_service("review") as connection, connection.cursor() as cursor:
        for scope, expected in (("", 0), (place.region.municipalities[1].code, 0), (place.first, 1), ("*", 1)):
            cursor.execute("SELECT set_config('vekha.scope', %s, false)", (scope,))
            cursor.execute("SELECT count(*) FROM former_version WHERE assignment_id = %s", (first["assignmentId"],))
            assert cursor.fetchone() == (expected,), scope
    connection.close()


def test_two_curators_of_a_school_never_both_win(world, place):
    """S1.6: what one has opened the other leaves alone."""
    colleague = world.curator(place.third, [place.first])
    sent = send(world, place, place.first, place.curated)
    world.entry(colleague, sent)
    assert act(place.curator, "open", sent).status == 200
    reply = act(colleague, "accept", sent)
    assert (reply.status, reply.document["code"]) == (409, "taken")
    assert act(place.curator, "accept", sent).status == 200
    assert act(colleague, "accept", sent).document["code"] == "already_accepted"


def test_documents_of_the_schools_bound(world, place):
    """S1.18: a curator reads what a school bound has sent; not a draft's documents, not other schools'."""
    author = place.authors[place.first]
    assignment = eventually(lambda: [one for one in world.assignments(author, round_id=place.judged)
                                     if one["itemCode"] == "number-evidence"], 15)[0]
    attached = world.attach(author, world.save(author, assignment, "5"), pdf(text="draft"))
    document = attached["documents"][0]["documentId"]

    def statuses(client):
        return {client.ask("GET", path, id=document).status
                for path in ("/api/v1/documents/{id}", "/api/v1/documents/{id}/content")}
    assert statuses(place.curator) == {404}
    world.submit(author, attached)
    eventually(lambda: statuses(place.curator) == {200}, 15, what="the curator reads it")
    assert place.curator.download(document).body == pdf(text="draft")
    assert statuses(place.other) == {404}
    world.bind(place.other, [place.second, place.first])
    assert statuses(place.other) == {200}
    world.bind(place.other, [place.second])
    assert statuses(place.other) == {404}


def test_documents_and_tables_pass_as_they_are(world, place):
    """S1.11, S1.18: an answer that is documents alone and one that is a table are judged like any other; B9."""
    author, curator = place.authors[place.first], place.curator
    order = world.attach(author, world.assignment(author, "order", place.curated), pdf(text="order"))
    order = world.submit(author, order)
    entry = world.entry(curator, order)
    assert (entry["valueKind"], entry["value"], entry["previousValue"], entry["stage"], entry["sectionCode"]) == (
        "documents", "", "", "Весенний этап", "section")
    assert [one["fileName"] for one in entry["documents"]] == ["Приказ.pdf"]
    rows = [["Мало «компьютеров» " + "и" * 3000, "Закупить 20"], ["Нет лаборантов", ""]] * 20

    def fill(assignment, lines):
        saved = author.put("/api/v1/assignments/{id}/rows", {"rows": [{"cells": cells} for cells in lines]},
                           id=assignment["assignmentId"], version=assignment["version"])
        return world.submit(author, saved)
    first = fill(world.assignment(author, "template", place.curated), rows)
    entry = world.entry(curator, first)
    assert (entry["valueKind"], json.loads(entry["value"])) == ("table", rows)
    listed = {one["assignmentId"]: one for one in queue(curator)["entries"]}
    assert listed[first["assignmentId"]]["value"] == "" and listed[order["assignmentId"]]["stage"] == "Весенний этап"
    world.reject(curator, first, "Опишите меры")
    second = fill(world.wait_state(author, first, "rejected"), rows[:2])
    assert json.loads(world.entry(curator, second)["value"]) == rows[:2]
    path = "/api/v1/assignments/{id}/sent"
    former = curator.get(path, id=first["assignmentId"])["versions"]
    assert [(one["version"], one["value"]) for one in former] == [(second["version"], ""), (first["version"], "")]
    [whole] = curator.get(path, id=first["assignmentId"], query={"version": first["version"]})["versions"]
    assert json.loads(whole["value"]) == rows
    reply = curator.post("/api/v1/queue:accept", {"items": [
        {"assignmentId": one["assignmentId"], "version": one["version"]} for one in (order, second)]})
    assert reply["accepted"] == 2
    for assignment in (order, second):
        world.wait_state(author, assignment, "accepted")


def test_reasons_are_kept_for_curators_too(place):
    kept = place.curator.post("/api/v1/resolutions", {"text": "Приложите подписанный приказ"})
    assert [one["resolutionId"] for one in place.curator.get("/api/v1/resolutions")["resolutions"]] == [
        kept["resolutionId"]]
    assert place.other.get("/api/v1/resolutions")["resolutions"] == []
    with pytest.raises(Problem) as refused:
        place.other.delete("/api/v1/resolutions/{id}", id=kept["resolutionId"])
    assert refused.value.status == 404
