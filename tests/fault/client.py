"""One of the clients of a run: a school's respondent and an operator of its municipality, working without a pause.

Like a browser it repeats a request with the same idempotency key until the answer is definite.
"""
import hashlib
import http.client
import random
import threading
import time
import uuid
from urllib.parse import urlencode

from pdf import pdf
from recorder import Command
from scene import MAY_BE_ACCEPTED
from vekha_client import Problem

ANSWER_WITHIN_SECONDS = 60
# Not an answer to the command itself: come again.
NOT_DEFINITE = {401, 408, 425, 429}
TROUBLE = (OSError, http.client.HTTPException, ValueError)
# How often each act is chosen; a cell may want more of one.
WEIGHTS = {"save": 60, "save_stale": 3, "submit": 12, "withdraw": 5, "judge": 13, "repeat": 3, "attach": 2,
           "change_profile": 2, "read_notice": 2, "trespass": 5}
KEPT_OF_ANSWER = ["version", "documentId", "accepted"]


class Client(threading.Thread):
    def __init__(self, number, scene, recorder, seed, gate, emphasis):
        super().__init__(name=f"client-{number}", daemon=True)
        self.number = number
        self.scene = scene
        self.recorder = recorder
        self.gate = gate
        self.emphasis = emphasis  # shared by all: act -> weight in the present cell
        self.random = random.Random(f"{seed}/{number}")
        self.respondent = scene.respondents[number].clone()
        self.operator = scene.operator_of(number).clone()
        self.assignments = {one["assignmentId"]: dict(one) for one in scene.assignments[number]}
        self.foreign = set() if scene.sees_the_region(number) else scene.schools_of(1 - scene.municipality_of(number))
        self.counter = 0
        self.failure = None
        self.last = None

    def run(self):
        try:
            while self.gate.enter():
                try:
                    weights = {**WEIGHTS, **self.emphasis}
                    getattr(self, self.random.choices(list(weights), weights.values())[0])()
                finally:
                    self.gate.leave()
        except Exception as error:  # the run fails with it; a dead client must not pass for a quiet one
            self.failure = error
            raise
        finally:
            self.respondent.close()
            self.operator.close()

    # ---- asking

    def pause(self):
        time.sleep(self.random.uniform(0.02, 0.15))

    def command(self, client, kind, verb, path, body=None, **facts):
        """The definite answer, or None when there was none in time."""
        path_id = facts.pop("path_id", None)
        body_of = facts.pop("body_of", None)
        key = str(uuid.UUID(int=self.random.getrandbits(128), version=4))
        version = facts.get("version") if kind not in ("document", "profile", "read") else None
        command = Command(key, kind, client.account["accountId"], thread=self.number, **facts)
        request = (client, verb, path, body_of(key) if body_of else body, version, key, path_id)
        self.recorder.begin(command)
        deadline = command.begun + ANSWER_WITHIN_SECONDS
        attempts = 0
        while time.monotonic() < deadline and not self.gate.is_over:
            attempts += 1
            reply = self.ask(*request)
            if reply is not None and reply.status < 500 and reply.status not in NOT_DEFINITE:
                self.recorder.end(command, reply.status, attempts, kept(reply))
                if command.is_done:
                    self.last = (command, request)
                return reply
            self.pause()
        return None

    def ask(self, client, verb, path, body=None, version=None, key=None, path_id=None, query=None, headers=None):
        """One try; None: no answer."""
        try:
            reply = client.ask(verb, path, body, version=version, key=key, id=path_id, query=query,
                               headers=headers)
            if reply.status == 401:
                log_in_again(client)
        except TROUBLE:
            client.close()
            return None
        if reply.status >= 500:
            self.recorder.trouble(f"{verb} {path}", reply)
        return reply

    def look(self, client, path, path_id=None, query=None):
        """The document, or None when it cannot be had just now."""
        for _ in range(3):
            reply = self.ask(client, "GET", path, path_id=path_id, query=query)
            if reply is not None and reply.status == 200:
                return reply.document
            if reply is not None and reply.status < 500:
                return None
            self.pause()
        return None

    # ---- the respondent

    def pick(self, *states):
        fitting = [one for one in self.assignments.values() if one["state"] in states]
        return self.random.choice(fitting) if fitting else None

    def take(self, assignment, reply):
        """What the cabinet shows next: the answer, or after a refusal the assignment anew."""
        if reply is None:
            return
        document = reply.document if reply.status == 200 and "state" in (reply.document or {}) else None
        document = document or self.look(self.respondent, "/api/v1/assignments/{id}", assignment["assignmentId"])
        if document:
            self.assignments[assignment["assignmentId"]] = document

    def on_assignment(self, kind, verb, path, assignment, version=None, **facts):
        version = assignment.get("version", 0) if version is None else version
        self.take(assignment, self.command(self.respondent, kind, verb, path, path_id=assignment["assignmentId"],
                                           assignment=assignment["assignmentId"], version=version, **facts))

    def save(self, version=None, assignment=None):
        assignment = assignment or self.pick("empty", "draft", "ready", "rejected")
        if not assignment:
            return self.refresh()
        self.counter += 1
        value = f"{self.number + 10}{self.counter:08d}"
        self.on_assignment("save", "PUT", "/api/v1/assignments/{id}/value", assignment, version, value=value,
                           body_of=lambda key: {"value": value, "comment": key})

    def save_stale(self):
        """With a version that another window has already replaced: must be refused."""
        assignment = self.pick("draft", "ready", "rejected")
        if assignment:
            self.save(assignment["version"] - 1, assignment)

    def submit(self):
        assignment = self.pick("ready")
        if assignment:
            self.on_assignment("submit", "POST", "/api/v1/assignments/{id}:submit", assignment)

    def withdraw(self):
        assignment = self.pick("in_review")
        if assignment:
            self.on_assignment("withdraw", "POST", "/api/v1/assignments/{id}:withdraw", assignment)

    def refresh(self):
        page = self.look(self.respondent, "/api/v1/assignments", query={"limit": 500})
        if page:
            self.assignments = {one["assignmentId"]: one for one in page["assignments"]}
        else:
            self.pause()

    def attach(self):
        """A document nobody has uploaded before: in one request, or begun, sent in one piece, completed."""
        assignment = self.scene.assignment_of(self.number)["assignmentId"]
        self.counter += 1
        content = pdf(text=f"Client {self.number} document {self.counter}")
        facts = {"assignment": assignment, "value": hashlib.sha256(content).hexdigest()}
        if self.random.random() < 0.5:
            query = urlencode({"assignmentId": assignment, "fileName": "Приказ.pdf", "sha256": facts["value"]})
            self.command(self.respondent, "document", "POST", f"/api/v1/documents?{query}", content, **facts)
        else:
            self.attach_in_pieces(content, facts)

    def attach_in_pieces(self, content, facts):
        body = {"assignmentId": facts["assignment"], "fileName": "Приказ.pdf", "sizeBytes": str(len(content))}
        made = self.ask(self.respondent, "POST", "/api/v1/uploads", body)
        if made is None or made.status != 200:
            return
        upload_id = made.document["uploadId"]
        piece = self.ask(self.respondent, "PATCH", "/api/v1/uploads/{id}", content, path_id=upload_id,
                         headers={"Upload-Offset": "0"})
        if piece is None or piece.status != 200:  # cut off: a later document is another upload
            return
        self.command(self.respondent, "document", "POST", "/api/v1/uploads/{id}:complete", {"sha256": facts["value"]},
                     path_id=upload_id, **facts)

    def change_profile(self):
        self.counter += 1
        position = f"Должность {self.number}-{self.counter}"
        body = {"familyName": "Иванова", "givenName": "Анна", "position": position, "phone": "+7 351 555-12-34",
                "email": "ivanova@demo.example"}
        self.command(self.respondent, "profile", "PUT", "/api/v1/profile", body, value=position)

    def read_notice(self):
        page = self.look(self.respondent, "/api/v1/notifications", query={"unread_only": "true", "limit": 20})
        if page and page.get("notifications"):
            notice = self.random.choice(page["notifications"])["notificationId"]
            self.command(self.respondent, "read", "POST", "/api/v1/notifications/{id}:read", path_id=notice,
                         value=notice)

    # ---- the operator

    def judge(self):
        page = self.look(self.operator, "/api/v1/queue", query={"limit": 50})
        if not page:
            return
        entries = page.get("entries", [])
        for entry in entries:
            if entry["organisationId"] in self.foreign:
                self.recorder.right(self.number, "operator", "the queue of another municipality", 200, True)
        if not entries:
            return
        entry = self.random.choice(entries)
        facts = {"path_id": entry["assignmentId"], "assignment": entry["assignmentId"], "version": entry["version"]}
        if entry["question"].rsplit(" ", 1)[-1] in MAY_BE_ACCEPTED and self.random.random() < 0.2:
            self.command(self.operator, "accept", "POST", "/api/v1/queue/{id}:accept", **facts)
        else:
            self.command(self.operator, "reject", "POST", "/api/v1/queue/{id}:reject",
                         body_of=lambda key: {"resolution": f"Уточните значение {key}"}, **facts)

    # ---- what must have no effect

    def repeat(self):
        """The last request once more, long after its answer: the same answer, and nothing else happens."""
        if self.last is None:
            return
        command, request = self.last
        reply = self.ask(*request)
        if reply is not None and reply.status < 500 and reply.status not in NOT_DEFINITE:
            self.recorder.again(command, reply.status, kept(reply))

    def trespass(self):
        """Asks for what belongs to a school of the other municipality, or to another role."""
        other = self.random.choice([number for number in range(self.scene.client_count)
                                    if self.scene.municipality_of(number) != self.scene.municipality_of(self.number)])
        assignment = self.scene.assignment_of(other, f"n-{self.random.randrange(20):02d}")["assignmentId"]
        document = self.scene.documents[other]
        organisation = self.scene.organisation_of(other)
        round_ = {"round_id": self.scene.round_id}
        attempts = [
            ("respondent", "GET", "/api/v1/assignments/{id}", assignment, None),
            ("respondent", "GET", "/api/v1/assignments/{id}/versions", assignment, None),
            ("respondent", "PUT", "/api/v1/assignments/{id}/value", assignment, None),
            ("respondent", "POST", "/api/v1/assignments/{id}:submit", assignment, None),
            ("respondent", "POST", "/api/v1/assignments/{id}:withdraw", assignment, None),
            ("respondent", "GET", "/api/v1/documents/{id}", document, None),
            ("respondent", "GET", "/api/v1/documents/{id}/content", document, None),
            ("respondent", "GET", "/api/v1/queue", None, None),
            ("respondent", "POST", "/api/v1/queue/{id}:accept", assignment, None),
            ("respondent", "GET", "/api/v1/reports/provided", None, round_),
            ("operator", "PUT", "/api/v1/assignments/{id}/value", assignment, None),
        ]
        if self.foreign:
            attempts += [
                ("operator", "GET", "/api/v1/queue/{id}", assignment, None),
                ("operator", "POST", "/api/v1/queue/{id}:accept", assignment, None),
                ("operator", "GET", "/api/v1/documents/{id}", document, None),
                ("operator", "GET", "/api/v1/reports/provided/{id}", organisation, round_)]
        who, verb, path, path_id, query = self.random.choice(attempts)
        client = self.respondent if who == "respondent" else self.operator
        body = {"value": "1"} if path.endswith("/value") else None
        version = self.random.randrange(1, 4) if verb != "GET" else None
        reply = self.ask(client, verb, path, body, version=version, path_id=path_id, query=query)
        if reply is not None:
            self.recorder.right(self.number, who, f"{verb} {path}", reply.status, reply.status < 300)


def log_in_again(client):
    """A token's quarter of an hour is over, or the clock was moved."""
    try:
        client.login(client.login_name, client.password)
    except (Problem, *TROUBLE):
        client.close()


def kept(reply):
    """What of an answer the oracle compares and reads."""
    document = reply.document if isinstance(reply.document, dict) else {}
    return {name: document[name] for name in KEPT_OF_ANSWER if name in document}
