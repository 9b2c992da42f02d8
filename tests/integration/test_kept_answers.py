"""A list read before is given again only while it still is what would be made anew, whatever it is that changes."""
import copy
import datetime
import secrets
from types import SimpleNamespace

import pytest

import pdf
from builders import item, with_evidence
from vekha_client import Client
from waiting import eventually

LIST = "/api/v1/assignments?limit=500"
SECTIONS = [{"code": "asked", "title": "Для всех", "items": [item("number"), with_evidence("document")]},
            {"code": "dated", "title": "К своему сроку", "due": {"kind": "by_executor"}, "items": [item("dated")]},
            {"code": "later", "title": "По графику", "due": {"kind": "by_schedule", "owner": "Регион"},
             "items": [item("later")]},
            {"code": "chosen", "title": "По выбору", "byChoice": True, "items": [item("chosen")]}]


def read(place, path=LIST, **headers):
    client = place.author
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    reply = client.raw("GET", path, headers=client.headers("GET", None, named))
    assert reply.status in (200, 304), reply.body
    return reply


def read_anew(place, path=LIST):
    """Beside what is kept: neither given from there nor kept instead."""
    return read(place, path, Cache_Control="no-store")


def held(place):
    return place.world.stack.metrics("gateway")['vekha_kept_answers_total{outcome="held"}']


@pytest.fixture
def place(own_world):
    world = own_world
    region = world.region(municipalities=1, schools=2)
    world.wait_for_organisations(region)
    code = world.programme(region, sections=copy.deepcopy(SECTIONS))
    round_ = world.wait_open(world.round(code, region, due_in=20, closed_in=40)["roundId"], 2)
    author = world.respondent(region.schools[0])
    made = SimpleNamespace(world=world, region=region, programme=code, round=round_, author=author,
                           operator=world.operator(region.code), paths=[LIST, f"{LIST}&round_id={round_['roundId']}"])
    eventually(lambda: len(world.assignments(author)) == 4, what="all are asked")
    return made


def assignment(place, code="number"):
    return place.world.assignment(place.author, code)


def shown(place, code="number"):
    """Read by itself, which nothing is kept of."""
    return place.world.fresh(place.author, assignment(place, code))


# ---- what the list shows, changed one by one

def save(place):
    place.world.save(place.author, assignment(place), str(secrets.randbelow(10 ** 9)))


def comment(place):
    place.world.save(place.author, assignment(place), "5", comment="Уточнено " + secrets.token_hex(4))


def send(place):
    place.world.send(place.author, assignment(place), "12")


def withdraw(place):
    sent = place.world.send(place.author, assignment(place), "12")
    place.world.entry(place.operator, sent)
    remember(place)
    place.author.post("/api/v1/assignments/{id}:withdraw", id=sent["assignmentId"], version=sent["version"])
    eventually(lambda: shown(place)["state"] == "ready")


def reject(place):
    sent = place.world.send(place.author, assignment(place), "12")
    place.world.entry(place.operator, sent)
    remember(place)
    place.world.reject(place.operator, sent)
    eventually(lambda: shown(place)["state"] == "rejected")


def accept(place):
    sent = place.world.send(place.author, assignment(place), "12")
    place.world.entry(place.operator, sent)
    remember(place)
    place.world.accept(place.operator, sent)
    eventually(lambda: shown(place)["state"] == "accepted")


def accept_again(place):
    """In the next round, which shows beside it what was accepted last."""
    world = place.world
    world.accept(place.operator, world.send(place.author, assignment(place), "12"))
    eventually(lambda: shown(place)["state"] == "accepted")
    following = world.wait_open(world.round(place.programme, place.region, due_in=30, closed_in=50)["roundId"], 2)
    mine = world.assignment(place.author, "number", following["roundId"])
    sent = world.send(place.author, mine, "13")
    world.entry(place.operator, sent)
    place.paths = place.paths[1:]  # the first round's, in which nothing happens
    remember(place)
    world.accept(place.operator, sent)
    eventually(lambda: shown_in_first(place)["acceptedValue"] == "13")


def shown_in_first(place):
    mine = place.world.assignment(place.author, "number", place.round["roundId"])
    return place.world.fresh(place.author, mine)


def attach(place):
    place.world.attach(place.author, assignment(place, "document"), pdf.pdf())


def detach(place):
    with_document = place.world.attach(place.author, assignment(place, "document"), pdf.pdf())
    remember(place)
    place.author.delete("/api/v1/assignments/{id}/documents/{document}", id=with_document["assignmentId"],
                        document=with_document["documents"][0]["documentId"])


def move_round(place):
    known = place.world.administrator.get("/api/v1/rounds/{id}", id=place.round["roundId"])
    place.world.administrator.patch("/api/v1/rounds/{id}", {"dueOn": next_day(known["dueOn"])}, id=known["roundId"],
                                    version=known["version"])


def close_round(place):
    known = place.world.administrator.get("/api/v1/rounds/{id}", id=place.round["roundId"])
    place.world.administrator.patch("/api/v1/rounds/{id}", {"close": True}, id=known["roundId"],
                                    version=known["version"])


def next_day(day):
    return str(datetime.date.fromisoformat(day) + datetime.timedelta(days=1))


def plan(place):
    place.author.post("/api/v1/rounds/{id}/sections/dated:plan", {"plannedOn": next_day(place.round["opensOn"])},
                      id=place.round["roundId"])


def name_schedule(place):
    place.world.administrator.post("/api/v1/rounds/{id}/sections/later:schedule",
                                   {"dueOn": next_day(place.round["opensOn"]), "reason": "График № 5"},
                                   id=place.round["roundId"])


def choose(place):
    place.author.post("/api/v1/rounds/{id}/sections/chosen:choose", {}, id=place.round["roundId"])


def turn_the_order(place):
    """Of the programme's sections: the next version of its file."""
    body = {"title": "Иначе", "zone": place.region.zone, "organisationCode": place.region.code,
            "sections": list(reversed(SECTIONS))}
    place.world.administrator.put("/api/v1/programmes/{code}", body, code=place.programme)


def open_another(place):
    place.paths = place.paths[:1]
    remember(place)
    world = place.world
    world.wait_open(world.round(place.programme, place.region, due_in=30, closed_in=50)["roundId"], 2)


def pass_the_date(place):
    """Nothing is written: what is overdue is so by the clock."""
    advance(place, 22)


def pass_the_opening(place):
    """From the moment on at which the next round opens nothing is taken, whether or not a job has closed this one."""
    advance(place, 42)


def advance(place, days):
    place.world.stack.advance(days=days)
    for client in (place.author, place.world.administrator):
        client.login(client.login_name, client.password)


CHANGES = [save, comment, send, withdraw, reject, accept, accept_again, attach, detach, move_round, close_round, plan,
           name_schedule, choose, turn_the_order, open_another, pass_the_date, pass_the_opening]


def remember(place):
    """Reads until it is given from what was kept."""
    place.before = {}
    for path in place.paths:
        def is_kept(path=path):
            before, count = read(place, path), held(place)
            again = read(place, path)
            place.before[path] = again
            return held(place) == count + 1 and again.body == before.body
        eventually(is_kept, what="it is kept")


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_whatever_changes_is_seen_at_once(place, change):
    remember(place)
    change(place)
    for path in place.paths:
        def is_as_made_anew(path=path):
            """What jobs and events bring may come between the two."""
            seen, anew = read(place, path), read_anew(place, path)
            return seen if seen.body == anew.body else None
        before, seen = place.before[path], eventually(is_as_made_anew, 5, what="what was kept is given up")
        assert seen.body != before.body, "nothing changed: this shows nothing"
        assert seen.etag != before.etag
        known = read(place, path, If_None_Match=before.etag)
        assert (known.status, known.body) == (200, seen.body)


def test_a_browser_that_has_it_already_is_told_so(place):
    first = read(place)
    assert first.headers["Cache-Control"] == "private, no-cache"
    for reply in (read(place, If_None_Match=first.etag), read(place, If_None_Match=f'"other", {first.etag}'),
                  read(place, If_None_Match=first.etag, Cache_Control="no-cache")):
        assert (reply.status, reply.body, reply.etag) == (304, b"", first.etag)
    compressed = read(place, Accept_Encoding="gzip")
    assert compressed.headers["Content-Encoding"] == "gzip" and compressed.document == first.document
    head = place.author.raw("HEAD", LIST, headers=place.author.headers("GET", None, None))
    assert (head.status, head.etag, head.body) == (200, first.etag, b"")


def test_each_person_gets_their_own(place):
    other = place.world.respondent(place.region.schools[1])
    remember(place)
    theirs = other.raw("GET", LIST, headers=other.headers("GET", None, {"If-None-Match": read(place).etag}))
    assert theirs.status == 200
    mine = {one["assignmentId"] for one in read(place).document["assignments"]}
    assert not mine & {one["assignmentId"] for one in theirs.document["assignments"]}


def test_rights_are_asked_for_each_time(place):
    remember(place)
    path = place.paths[1]
    with Client(place.world.stack.address) as stranger:
        assert stranger.ask("GET", path).status == 401
        stranger.token = place.operator.token
        assert stranger.ask("GET", path).status == 403
    token = place.author.token
    place.author.logout()
    with Client(place.world.stack.address) as late:
        late.token = token
        # Gateways hear of it as an event.
        eventually(lambda: late.ask("GET", path).status == 401)
