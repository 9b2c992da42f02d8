"""Every method of the contract × every role × own object, another school's, another region's, a deleted one.

The table of methods and roles is the served OpenAPI document (x-roles), so a new method is in the matrix by itself; one
that names an object this file does not know fails the test. Covers S2.37, S2.46-S2.48, S2.51 (roles and territories).
"""
import datetime
import itertools
import uuid

import pdf
import pytest
from feed import new_pair
from vekha_client import Problem
from waiting import eventually

ROLES = ["anonymous", "respondent", "operator", "coordinator", "curator", "administrator"]
PLACES = ["own", "other_school", "other_region", "deleted"]
ENDS_SESSION = {("DELETE", "/api/v1/session"), ("POST", "/api/v1/sessions:revokeAll")}

# Where an object of a place can be seen from: a respondent's own organisation, a coordinator's municipality, an
# operator's region, an administrator's everything.
# A curator of the own school sees an answer there that curators judge: the curator's own object beside the operators'.
VISIBLE = {"respondent": {"own"}, "coordinator": {"own"}, "curator": {"own"}, "operator": {"own", "other_school"},
           "administrator": {"own", "other_school", "other_region"}}
# Objects of a region: everybody in it sees them.
REGIONAL = {"roundId", "code", "sectionCode", "number", "year", "day"}
# Of the whole country.
NATIONAL = {"year", "day"}
# Cells whose answer is another one for a reason.
EXCEPTIONS = {
    # A programme that is not there is loaded by this call.
    ("administrator", "PUT", "/api/v1/programmes/{code}", "deleted"): "through",
    # The queue may not have heard of it yet: it waits a second for the event and says so.
    ("respondent", "POST", "/api/v1/assignments/{assignmentId}:withdraw", "deleted"): "through",
    # The same: what is nobody's cannot be told from an answer of mine that was not sent yet.
    ("respondent", "POST", "/api/v1/assignments/{assignmentId}/remarks", "deleted"): "through",
    # The coordinator, who comes first, has dropped it.
    ("administrator", "DELETE", "/api/v1/campaigns/{campaignId}", "own"): "hidden",
    # Of a message that I received: whom its author meant is the author's, and who has read it is a coordinator's.
    ("coordinator", "GET", "/api/v1/messages/{messageId}/audience", "own"): "hidden",
    ("curator", "GET", "/api/v1/messages/{messageId}/audience", "own"): "hidden",
    ("curator", "GET", "/api/v1/messages/{messageId}/receipts", "own"): "hidden",
    ("curator", "GET", "/api/v1/messages/{messageId}/addressees", "own"): "hidden",
}

ERRAND = {"code": "x", "state": "x", "browserSecret": "x"}
BODIES = {
    ("POST", "/api/v1/session:enterByProvider"): ERRAND,
    ("POST", "/api/v1/profile/provider:link"): ERRAND,
    ("PUT", "/api/v1/profile"): {"familyName": "Иванова", "givenName": "Анна", "position": "Завуч",
                                 "phone": "+7 351 555-12-34", "email": "a@demo.example"},
    ("POST", "/api/v1/session:changePassword"): {"currentPassword": "x", "newPassword": "short"},
    ("PUT", "/api/v1/assignments/{assignmentId}/value"): {"value": "7"},
    ("POST", "/api/v1/queue/{assignmentId}:reject"): {"resolution": "Уточните информацию"},
    ("POST", "/api/v1/accounts:issue"): {"role": "ROLE_RESPONDENT", "codes": ["nowhere"]},
    ("PUT", "/api/v1/accounts/{accountId}/closed"): {"closed": False},
    ("PUT", "/api/v1/accounts/{accountId}/schools"): {"codes": []},
    ("PUT", "/api/v1/accounts/{accountId}/provider"): {"subject": ""},
    ("POST", "/api/v1/assignments/{assignmentId}/remarks"): {"text": "Уточните информацию"},
    ("POST", "/api/v1/exports"): {"report": "start", "format": "pdf"},
    ("POST", "/api/v1/resolutions"): {"text": "Уточните информацию"},
    ("POST", "/api/v1/notifications:read"): {"upToNotificationId": str(uuid.uuid4())},
    ("PUT", "/api/v1/notificationSettings"): {"choices": []},
    ("POST", "/api/v1/messages"): {"content": {"kind": "announcement"}},
    ("PUT", "/api/v1/messages/{messageId}"): {"content": {"kind": "announcement"}},
    ("POST", "/api/v1/messages/{messageId}:recall"): {"reason": "Ошибка"},
    ("POST", "/api/v1/rounds/{roundId}/organisations/{organisationId}:remind"):
        {"items": [{"question": "Вопрос", "state": "not_started"}]},
    ("PUT", "/api/v1/campaigns/{campaignId}"): {"subject": "Сентябрь"},
    ("PUT", "/api/v1/campaigns/{campaignId}/repeat"): {"mode": "prepare"},
    ("POST", "/api/v1/accessLetters:send"): {"accountIds": [str(uuid.uuid4())]},
    ("PUT", "/api/v1/calendarDays/{day}"): {"kind": "working"},
    ("PUT", "/api/v1/slice-schedules/{roundId}"): {"kind": "none"},
    ("PUT", "/api/v1/assignments/{assignmentId}/rows"): {"rows": [{"cells": ["a"]}]},
    ("POST", "/api/v1/assignments/{assignmentId}:plan"): {"plannedOn": "2030-01-31"},
    ("POST", "/api/v1/rounds/{roundId}/sections/{sectionCode}:plan"): {"plannedOn": "2030-01-31"},
    ("POST", "/api/v1/rounds/{roundId}/sections/{sectionCode}:schedule"): {"dueOn": "2030-01-31"},
}


@pytest.fixture(scope="module")
def scene(world):
    """Two regions; in each school one sent answer with a document, an unfinished upload, people of every role."""
    here = world.region(municipalities=2, schools=2)
    there = world.region(municipalities=1, schools=2)
    objects, people, curated = {}, {}, {}
    for place, region, municipality in [("own", here, here.municipalities[0]),
                                        ("other_school", here, here.municipalities[1]),
                                        ("other_region", there, there.municipalities[0])]:
        school, spare = municipality.schools
        if place != "other_school":
            round_, curators_round = world.open_round(region), world.curated_round(region)
        respondent = world.respondent(school)
        people[place] = respondent
        sent, judged = [send_document(world, respondent, one["roundId"]) for one in (round_, curators_round)]
        curated[place] = {"assignmentId": judged["assignmentId"], "version": judged["version"],
                          "documentId": judged["documents"][0]["documentId"]}
        upload = respondent.begin_upload(sent["assignmentId"], "Приказ.pdf", 100)
        world.client().login(respondent.account["login"], respondent.password)
        session = [one for one in respondent.get("/api/v1/sessions")["sessions"] if not one["current"]][0]
        objects[place] = {"assignmentId": sent["assignmentId"], "version": sent["version"],
                          "documentId": sent["documents"][0]["documentId"], "uploadId": upload["uploadId"],
                          "organisationId": region.ids[school], "accountId": world.issue("respondent", spare)["accountId"],
                          "sessionId": session["sessionId"], "roundId": round_["roundId"],
                          "code": round_["programmeCode"], "sectionCode": "section", "number": 1, "year": 2038, "day": "2038-12-01"}
    objects["deleted"] = {name: str(uuid.uuid4()) for name in objects["own"]}
    objects["deleted"].update(version=1, code="no-such-programme", number=1, year=2050, day="2050-12-01")
    actors = {"anonymous": world.client(), "respondent": people["own"], "operator": world.operator(here.code),
              "coordinator": world.coordinator(here.municipalities[0].authority),
              "curator": world.curator(here.schools[0], [here.schools[0]]), "administrator": world.administrator}
    for place, region in [("own", here), ("other_school", here), ("other_region", there)]:
        judge = actors["operator"] if region is here else world.operator(there.code)
        eventually(lambda p=place, j=judge: j.ask("GET", "/api/v1/queue/{id}", id=objects[p]["assignmentId"]).status
                   == 200, 15, what=f"the queue knows the answer of {place}")
    eventually(lambda: actors["curator"].ask("GET", "/api/v1/queue/{id}", id=curated["own"]["assignmentId"]).status
               == 200, 15, what="the curator's queue knows the answer")
    curated["own"]["accountId"] = actors["curator"].account_id
    return Scene(world, here, there.code, actors, objects, people, curated)


def send_document(world, respondent, round_id):
    assignment = world.save(respondent, world.assignment(respondent, "number-evidence", round_id), "5")
    return world.submit(respondent, world.attach(respondent, assignment, pdf.pdf()))


class Scene:
    def __init__(self, world, region, elsewhere, actors, objects, people, curated):
        self.world, self.region, self.actors, self.objects, self.people = world, region, actors, objects, people
        self.elsewhere = elsewhere
        self.curated = curated
        self.contract = world.administrator.get("/api/v1/openapi.json")
        # A notification of the own school's respondent.
        assignment = world.assignment(people["own"], "number", objects["own"]["roundId"])
        world.reject(actors["operator"], world.send(people["own"], assignment, "3"))
        for place, person in people.items():
            objects[place]["notificationId"] = str(uuid.uuid4())
            if place == "own":
                objects[place]["notificationId"] = eventually(
                    lambda who=person: [one["notificationId"] for one in
                                        who.get("/api/v1/notifications")["notifications"]], 15)[0]
        objects["deleted"]["notificationId"] = str(uuid.uuid4())
        # A resolution that the operator keeps, and a report's file.
        for names in objects.values():
            names["resolutionId"], names["exportId"] = str(uuid.uuid4()), str(uuid.uuid4())
        kept = actors["operator"].post("/api/v1/resolutions", {"text": "Приложите приказ"})
        objects["own"]["resolutionId"] = kept["resolutionId"]
        made = actors["operator"].post("/api/v1/exports", {"report": "start", "format": "csv",
                                                           "roundId": objects["own"]["roundId"]})
        objects["own"]["exportId"] = made["exportId"]
        # Keys of the feed for dashboards.
        world.wait_until_heard("reporting", "auth")
        for place, territory in [("own", region.municipalities[0].code), ("other_school", region.municipalities[1].code),
                                 ("other_region", self.elsewhere)]:
            objects[place]["feedKeyId"] = world.administrator.post("/api/v1/feed/keys", {
                "name": "Витрина", "territory": territory, "publicKey": new_pair()[0].decode()})["feedKeyId"]
        objects["deleted"]["feedKeyId"] = str(uuid.uuid4())
        # Slices of each territory.
        world.wait_until_heard("reporting", "submissions")
        takers = {"own": actors["coordinator"], "other_school": world.coordinator(region.municipalities[1].authority),
                  "other_region": world.coordinator(elsewhere)}
        for place, taker in takers.items():
            objects[place]["sliceId"] = self.take(taker, objects[place]["roundId"])
        objects["deleted"]["sliceId"] = str(uuid.uuid4())
        # Messages: to everybody of the own region, to its operators, to another region.
        world.wait_until_heard("deadlines", "auth")
        below = ["municipality", "operator", "curator", "school"]
        for place, unit, levels in [("own", region.code, below), ("other_school", region.code, ["operator"]),
                                    ("other_region", self.elsewhere, below)]:
            objects[place]["messageId"] = self.send(world.organisation_ids(unit)[unit], levels)
        objects["deleted"]["messageId"] = str(uuid.uuid4())
        # Drafts of mailings, each of somebody there.
        world.wait_until_heard("deadlines", "submissions")
        for place, author in takers.items():
            objects[place]["campaignId"] = author.post(
                "/api/v1/campaigns", {"roundId": objects[place]["roundId"]})["campaignId"]
        objects["deleted"]["campaignId"] = str(uuid.uuid4())

    def take(self, coordinator, round_id):
        slice_id = coordinator.post("/api/v1/slices", {"roundId": round_id})["sliceId"]
        eventually(lambda: coordinator.get("/api/v1/slices/{id}", id=slice_id)["state"] == "made", 15,
                   what="the slice is made")
        return slice_id

    def send(self, unit, levels):
        made = self.world.administrator.post("/api/v1/messages", {"content": {
            "kind": "consultation", "subject": "Консультация", "text": "Участие обязательно.", "levels": levels,
            "organisationIds": [unit], "startsOn": str(self.world.today() + datetime.timedelta(days=9)),
            "startsTime": "16:30", "durationMinutes": 60, "connection": {"link": "https://conference.example/1"}}})
        return self.world.administrator.post("/api/v1/messages/{id}:send", id=made["messageId"],
                                             version=made["version"])["messageId"]

    def methods(self):
        for path, operations in self.contract["paths"].items():
            for verb, operation in operations.items():
                if isinstance(operation, dict) and "x-roles" in operation:
                    yield verb.upper(), path, operation

    def actor(self, role, verb, path):
        if (verb, path) not in ENDS_SESSION or role == "anonymous":
            return self.actors[role]
        # A session of its own to lose.
        known = self.actors[role]
        fresh = self.world.client()
        fresh.login(known.account["login"], known.password)
        return fresh

    def log_in_again(self):
        for actor in {*self.actors.values(), *self.people.values()}:
            if actor.account:
                actor.login(actor.account["login"], actor.password)

    def ask(self, role, verb, path, operation, place):
        client = self.actor(role, verb, path)
        objects = {**self.objects[place], **(self.curated.get(place, {}) if role == "curator" else {})}
        names = [one["name"] for one in operation.get("parameters", []) if one["in"] == "path"]
        unknown = [name for name in names if name not in objects]
        assert not unknown, f"{verb} {path} names {unknown}: teach it to this test"
        options = {name: objects[name] for name in names}
        headers = {one["name"]: None for one in operation.get("parameters", []) if one["in"] == "header"}
        if "If-Match" in headers:
            options["version"] = objects["version"]
        query, body, extra = None, BODIES.get((verb, path)), {}
        if path.startswith("/api/v1/reports/"):
            query = {"round_id": objects["roundId"]}
        if path == "/api/v1/uploads":
            body = {"assignmentId": objects["assignmentId"], "fileName": "a.pdf", "sizeBytes": "10"}
        if verb == "PATCH" and "uploads" in path:
            body, extra = b"%PDF-1.4", {"Upload-Offset": "0", "Content-Type": "application/octet-stream"}
        if path == "/api/v1/events":
            return self.watch(client)
        return client.ask(verb, path, body, query=query, headers=extra, **options)

    def watch(self, client):
        try:
            client.watch(timeout=5).close()
            return Answer(200, {})
        except Problem as problem:
            return Answer(problem.status, {})


class Answer:
    def __init__(self, status, document):
        self.status, self.document = status, document


def expected(role, roles, names, place):
    """A set of acceptable outcomes: refused by role, hidden, or let through to the method's own rules."""
    if "ROLE_ANYONE" in roles:
        return "through"
    if role == "anonymous":
        return "unauthenticated"
    if f"ROLE_{role.upper()}" not in roles:
        return "forbidden"
    if not names:
        return "through"
    if place == "deleted":
        return "hidden"
    owned = [name for name in names if name not in REGIONAL]
    if not owned:
        is_national = NATIONAL.issuperset(names)
        return "through" if role == "administrator" or place != "other_region" or is_national else "hidden"
    if owned[0] == "sessionId" or owned[0] == "notificationId":
        return "through" if role == "respondent" and place == "own" else "hidden"
    # Uploads of an assignment are its organisation's; an administrator reads no documents of answers.
    if owned[0] == "uploadId" and role != "respondent" or owned[0] == "documentId" and role == "administrator":
        return "hidden"
    if owned[0] in ("resolutionId", "exportId"):
        return "through" if role == "operator" and place == "own" else "hidden"
    return "through" if place in VISIBLE[role] else "hidden"


def is_empty(document):
    return isinstance(document, dict) and not any(isinstance(value, list) and value for value in document.values())


def judge(outcome, answer):
    if answer.status >= 500:
        return False
    if outcome == "unauthenticated":
        return answer.status == 401
    if outcome == "forbidden":
        return answer.status == 403
    if outcome == "hidden":
        # A list that shows nothing hides as well as "not found".
        return answer.status == 404 or (answer.status == 200 and is_empty(answer.document))
    return answer.status not in (403, 404)


def cells(scene):
    # What deletes comes last, what ends sessions after that.
    methods = sorted(scene.methods(), key=lambda one: ((one[0], one[1]) in ENDS_SESSION, one[0] == "DELETE", one[1]))
    # Foreign and deleted objects first: the own cells change states.
    for place, (verb, path, operation) in itertools.product(reversed(PLACES), methods):
        names = [one["name"] for one in operation.get("parameters", []) if one["in"] == "path"]
        if not names and place != "own":
            continue
        for role in ROLES:
            yield role, verb, path, operation, names, place


def test_rights_of_every_method(scene):
    """S2.48: a coordinator changes nothing and judges nothing; S2.37: nobody else sees a draft's methods."""
    wrong, count = [], 0
    for role, verb, path, operation, names, place in cells(scene):
        outcome = expected(role, operation["x-roles"], names, place)
        outcome = EXCEPTIONS.get((role, verb, path, place), outcome)
        answer = scene.ask(role, verb, path, operation, place)
        count += 1
        # A wrong refresh token or password is "unauthenticated" by the method's own rules.
        through_401 = outcome == "through" and answer.status == 401 and "ROLE_ANYONE" not in operation["x-roles"]
        if not judge(outcome, answer) or through_401:
            wrong.append(f"{role} {verb} {path} {place}: expected {outcome}, got {answer.status}")
    scene.log_in_again()
    assert count > 300
    assert not wrong, f"{len(wrong)} of {count} cells:\n" + "\n".join(wrong)


def test_reports_of_another_region_show_nothing(scene, world):
    """S2.49, S2.51: a coordinator's reports end at the own territory."""
    foreign = scene.objects["other_region"]["roundId"]
    for path in ("start", "provided", "statistics"):
        reply = scene.actors["coordinator"].ask("GET", f"/api/v1/reports/{path}", query={"round_id": foreign})
        assert reply.status in (200, 404)
        if reply.status == 200:
            assert not reply.document.get("rows") and not reply.document.get("municipalities")


def test_a_draft_is_seen_by_its_cabinet_only(scene, world):
    """S2.37: before sending, neither operator nor coordinator finds value or document."""
    respondent = scene.people["own"]
    assignment = world.save(respondent, world.assignment(respondent, "yes-no-evidence",
                                                               scene.objects["own"]["roundId"]), "yes")
    assignment = world.attach(respondent, assignment, pdf.pdf(text="draft"))
    document = assignment["documents"][0]["documentId"]
    for role in ("operator", "coordinator"):
        actor = scene.actors[role]
        assert actor.ask("GET", "/api/v1/documents/{id}", id=document).status == 404
        assert actor.ask("GET", "/api/v1/documents/{id}/content", id=document).status == 404
    assert scene.actors["operator"].ask("GET", "/api/v1/queue/{id}", id=assignment["assignmentId"]).status == 404
