"""A service's arena gives nothing at its n-th request, for every n that a command or a query comes to: the answer is
"busy" or the right one, nothing is half done, and the process lives."""
import os
import pathlib
import struct
import sys
import uuid

import pytest

from builders import item
from pdf import pdf
from waiting import eventually

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "tests" / "fault"))

import crash_points  # noqa: E402

PROCESSES = ["submissions", "files", "review", "reporting"]
POINT = "arena:take"
MOST = 1500
HITS_LEFT_AT = 4
TOO_MUCH = (503, 504)


def answered(reply):
    return reply if reply.status not in TOO_MUCH else None


@pytest.fixture(scope="module")
def place(own_world, own_stack):
    if not crash_points.are_in(pathlib.Path(own_stack.settings["build"])):
        pytest.skip("this build has no failure points: use the presets asan or fault")
    crash_points.prepare(own_stack, PROCESSES)
    own_stack.restart(*PROCESSES)
    return Place(own_world)


class Place:
    def __init__(self, world):
        self.world, self.stack = world, world.stack
        region = world.region(schools=1)
        round_ = world.open_round(region, [item("number"), item("paper", evidence="Приказ")], organisations=1)
        self.author = world.respondent(region.schools[0])
        self.operator = world.operator(region.code)
        self.number, self.paper = (world.assignment(self.author, code, round_["roundId"])
                                   for code in ("number", "paper"))
        self.content = pdf()

    def refresh(self):
        self.number = self.world.fresh(self.author, self.number)

    def hits_left(self, process):
        file = os.open(self.stack.folder / "crash" / process, os.O_RDONLY)
        try:
            return struct.unpack("=i", os.pread(file, 4, HITS_LEFT_AT))[0]
        finally:
            os.close(file)

    def starve(self, process, ask, prepare=lambda: None):
        """ask(prepared, key) with the n-th request for memory refused, until it needs no n-th. Busy how often, of how many."""
        pid, busy = self.stack.pid(process), 0
        for n in range(1, MOST):
            prepared, key = prepare(), str(uuid.uuid4())
            crash_points.arm(self.stack, process, POINT, n, 0)
            reply = ask(prepared, key)
            left = self.hits_left(process)
            crash_points.disarm(self.stack, process)
            if reply.status == 503:
                assert reply.document["code"] == "busy", (n, reply.document)
                busy += 1
            if reply.status in TOO_MUCH:
                reply = eventually(lambda: answered(ask(prepared, key)), 30)
            assert reply.status in (200, 201, 204), (n, reply.status, reply.document)
            if left > 0:
                assert self.stack.pid(process) == pid and self.stack.is_ready(process)
                return busy, n
        raise AssertionError(f"{process} asked for memory {MOST} times")


def test_saving(place):
    def save(assignment, key):
        return place.author.ask("PUT", "/api/v1/assignments/{id}/value", {"value": "5"}, key=key,
                                id=assignment["assignmentId"], version=assignment["version"])

    def fresh():
        place.refresh()
        return place.number
    begun = int(place.world.fresh(place.author, place.number)["version"])
    busy, commands = place.starve("submissions", save, fresh)
    assert busy > 10
    # Each command once, whether it was busy before or not.
    kept = place.stack.value("submissions", "SELECT version FROM assignment WHERE assignment_id = %s",
                             place.number["assignmentId"])
    assert kept == begun + commands


def test_sending(place):
    def send(assignment, key):
        return place.author.ask("POST", "/api/v1/assignments/{id}:submit", key=key, id=assignment["assignmentId"],
                                version=assignment["version"])

    def draft():
        place.refresh()
        if place.number["state"] == "in_review":
            place.world.entry(place.operator, place.number)
            place.author.post("/api/v1/assignments/{id}:withdraw", id=place.number["assignmentId"],
                              version=place.number["version"])
            place.number = place.world.wait_state(place.author, place.number, "ready")
        return place.number
    place.world.save(place.author, draft(), "7")
    assert place.starve("submissions", send, draft)[0] > 10


def test_reading(place):
    assert place.starve("submissions", lambda _, key: place.author.ask("GET", "/api/v1/assignments"))[0] > 10
    assert place.starve("review", lambda _, key: place.operator.ask("GET", "/api/v1/queue"))[0] > 3
    assert place.starve("reporting", lambda _, key: place.operator.ask("GET", "/api/v1/reports/rounds"))[0] > 3


def test_uploading(place):
    def begin(_, key):
        body = {"assignmentId": place.paper["assignmentId"], "fileName": "Приказ.pdf",
                "sizeBytes": str(len(place.content))}
        return place.author.ask("POST", "/api/v1/uploads", body, key=key)

    def begun():
        return begin(None, str(uuid.uuid4())).document["uploadId"]

    def append(upload, key):
        return place.author.ask("PATCH", "/api/v1/uploads/{id}", place.content, id=upload, key=key,
                                headers={"Upload-Offset": "0"})

    def appended():
        upload = begun()
        assert append(upload, str(uuid.uuid4())).status == 200
        return upload

    def complete(upload, key):
        return place.author.ask("POST", "/api/v1/uploads/{id}:complete", {"sha256": ""}, id=upload, key=key)
    assert place.starve("files", begin)[0] > 10
    assert place.starve("files", append, begun)[0] > 3
    assert place.starve("files", complete, appended)[0] > 10


def test_listeners_lose_nothing(place):
    """What was told meanwhile, with the memory of sequencers and inboxes refused too, is heard everywhere."""
    for teller, listeners in (("submissions", ["review", "files", "reporting", "deadlines"]), ("files", ["submissions"])):
        eventually(lambda: place.stack.value(teller, "SELECT count(*) FROM outbox") == 0, what=f"{teller} has told all")
        head = place.stack.value(teller, "SELECT coalesce(max(first_number + event_count - 1), 0) FROM stream")
        for listener in listeners:
            eventually(lambda: place.stack.value(
                listener, "SELECT number FROM inbox_position WHERE stream = %s", teller) >= head,
                what=f"{listener} has heard all of {teller}")
