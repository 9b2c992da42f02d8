"""The oracle of scripts/fault is only worth something if it can fail: made-up runs, each with one thing wrong."""
import pathlib
import sys
import types
from collections import Counter

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / "support"), str(ROOT / "tests" / "fault")]

import evidence as evidence_of  # noqa: E402
import recorder as recording  # noqa: E402
from evidence import Event, Evidence, StreamRow  # noqa: E402
from messages import Messages  # noqa: E402
from oracle import judge  # noqa: E402
from recorder import Command  # noqa: E402

ITEM, SCHOOL, AUTHOR, OPERATOR = "item-1", "school-1", "author-1", "operator-1"
SHA256 = "ab" * 32


class Story:
    """A run in which everything went well: two answers sent, one rejected, one withdrawn, one accepted."""

    def __init__(self):
        self.commands = {}
        self.evidence = Evidence(attached={"document-1"}, blobs={SHA256}, rights=[], read_notices={"notice-1"},
                                 documents=[{"id": "document-1", "sha256": SHA256}],
                                 profiles={AUTHOR: "Директор"}, mail={"letter-1": "sent"},
                                 letters=Counter({"letter-1": 1}))
        self.told = {"submissions": [], "review": [], "files": [], "auth": []}
        self.version = self.act = 0
        self.answer("k1", "101")
        self.decide("k2", "reject")
        self.answer("k3", "102")
        self.withdraw("k4")
        self.turn("k5", "submit", "sent", "SubmissionSent")
        self.decide("k6", "accept")
        self.ask("k7", "document", value=SHA256)
        self.tell("files", "DocumentStored", document_id="document-1")
        self.ask("k8", "profile", value="Директор")
        self.tell("auth", "ProfileSaved", position="Директор")
        self.ask("k9", "read", value="notice-1")
        self.ask("k99", "save", version=0, value="999", status=412)
        self.evidence.assignments[ITEM] = {"organisation": SCHOOL, "round": "r", "version": self.version,
                                           "acts": self.act, "state": "accepted", "value": "102"}
        self.evidence.reports = {"new": {SCHOOL: {"filled": 0, "total": 1, "drafts": 0, "rejected": 0}},
                                 "accepted": {SCHOOL: {"filled": 1, "total": 1, "drafts": 0, "rejected": 0}}}
        self.evidence.positions = [("review", "submissions", len(self.told["submissions"]))]
        self.evidence.streams = {name: [StreamRow(1, len(events), events)] for name, events in self.told.items()}

    def ask(self, key, kind, account=AUTHOR, status=200, **facts):
        command = Command(key, kind, account, cell="broker-1", status=status, begun=float(key[1:]),
                          **{"assignment": ITEM, **facts})
        self.commands[key] = command
        return command

    def tell(self, service, event_type, **fields):
        events = self.told[service]
        events.append(Event(len(events) + 1, event_type, fields, repr((event_type, fields)).encode(), 1, AUTHOR))

    def add_act(self, act, account, **facts):
        self.version += 1
        self.act += 1
        self.evidence.history.append({"assignment": ITEM, "act_number": self.act, "version": self.version, "act": act,
                                      "value": "", "comment": "", "account": account, **facts})

    def answer(self, key, value):
        self.ask(key, "save", version=self.version, value=value)
        self.add_act("saved", AUTHOR, value=value, comment=key)
        self.tell("submissions", "DraftSaved", assignment_id=ITEM, version=self.version)
        self.turn(key + "0", "submit", "sent", "SubmissionSent")

    def turn(self, key, kind, act, event_type):
        self.ask(key, kind, version=self.version)
        self.add_act(act, AUTHOR)
        self.tell("submissions", event_type, assignment_id=ITEM, version=self.version)

    def decide(self, key, kind):
        accepted = kind == "accept"
        self.ask(key, kind, OPERATOR, version=self.version)
        self.evidence.verdicts.append({"assignment": ITEM, "version": self.version, "accepted": accepted,
                                       "resolution": None if accepted else f"Уточните {key}", "account": OPERATOR})
        self.tell("review", "VerdictGiven", assignment_id=ITEM, version=self.version)
        self.tell("submissions", "SubmissionAccepted" if accepted else "SubmissionRejected", assignment_id=ITEM,
                  version=self.version)
        self.add_act("accepted" if accepted else "rejected", OPERATOR)

    def withdraw(self, key):
        self.ask(key, "withdraw", version=self.version)
        self.tell("review", "ReviewWithdrawn", assignment_id=ITEM, version=self.version, account_id=AUTHOR)
        self.tell("submissions", "SubmissionWithdrawn", assignment_id=ITEM, version=self.version)
        self.add_act("withdrawn", AUTHOR)

    # ---- handles for what goes wrong

    def row_of(self, act, last=False):
        rows = [row for row in self.evidence.history if row["act"] == act]
        return rows[-1 if last else 0]

    def copy_act(self, act):
        row = self.row_of(act)
        self.evidence.history.insert(self.evidence.history.index(row), dict(row))

    def events(self, service):
        return self.evidence.streams[service][0].events

    def drop_event(self, service, event_type):
        events = self.events(service)
        events.remove(next(event for event in events if event.type == event_type))
        self.declare(service)

    def repeat_event(self, service, event_type):
        events = self.events(service)
        event = next(event for event in events if event.type == event_type)
        events.append(event._replace(number=len(events) + 1))
        self.declare(service)

    def declare(self, service):
        events = self.events(service)
        self.evidence.streams[service] = [StreamRow(1, len(events), events)]
        if service == "submissions":
            self.evidence.positions = [("review", "submissions", len(events))]

    def findings(self):
        return judge(self.commands, self.evidence)

    def kinds(self):
        return {finding.kind for finding in self.findings()}


def test_nothing_is_found_where_nothing_is_wrong():
    assert Story().findings() == []


def drop_saved(story):
    story.evidence.history.remove(story.row_of("saved"))


def change_saved(story):
    story.row_of("saved")["value"] = "555"


def drop_sent(story):
    story.evidence.history.remove(story.row_of("sent", last=True))


def drop_verdict(story):
    del story.evidence.verdicts[0]


def drop_withdrawal(story):
    story.drop_event("review", "ReviewWithdrawn")
    story.evidence.history.remove(story.row_of("withdrawn"))
    story.drop_event("submissions", "SubmissionWithdrawn")


def drop_document(story):
    story.evidence.documents.clear()


def acknowledge_submit_twice(story):
    story.ask("k77", "submit", version=story.commands["k10"].version)


LOST = {
    "a save without its version": drop_saved,
    "a save that holds another value": change_saved,
    "a submit without its version": drop_sent,
    "a verdict that is not there": drop_verdict,
    "a withdrawal that left nothing": drop_withdrawal,
    "a second submit of one version": acknowledge_submit_twice,
    "a sending that was never told": lambda story: story.drop_event("submissions", "SubmissionSent"),
    "a verdict that was never told": lambda story: story.drop_event("review", "VerdictGiven"),
    "a verdict that has not reached submissions": lambda story: story.drop_event("submissions", "SubmissionAccepted"),
    "a document without its row": drop_document,
    "a document without its bytes": lambda story: story.evidence.blobs.clear(),
    "a document unknown to submissions": lambda story: story.evidence.attached.clear(),
    "a profile that is another": lambda story: story.evidence.profiles.update({AUTHOR: "Завуч"}),
    "a notification unread again": lambda story: story.evidence.read_notices.clear(),
    "an assignment behind its history": lambda story: story.evidence.assignments[ITEM].update(version=1),
    "a letter that never came": lambda story: story.evidence.letters.clear(),
    "a letter that still waits": lambda story: story.evidence.mail.update({"letter-1": "sending"}),
}
DOUBLED = {
    "one value in two versions": lambda story: story.copy_act("saved"),
    "two sendings of one version": lambda story: story.copy_act("sent"),
    "two verdicts on one version": lambda story: story.evidence.verdicts.append(dict(story.evidence.verdicts[0])),
    "two documents of one upload": lambda story: story.evidence.documents.append({"id": "document-1",
                                                                                  "sha256": SHA256}),
    "a sending told twice": lambda story: story.repeat_event("submissions", "SubmissionSent"),
    "a draft told twice": lambda story: story.repeat_event("submissions", "DraftSaved"),
    "a profile told twice": lambda story: story.repeat_event("auth", "ProfileSaved"),
    "a letter that came twice": lambda story: story.evidence.letters.update(["letter-1"]),
}
PHANTOM = {
    "a version nobody saved": lambda story: story.commands.pop("k1"),
    "a refused save that is there": lambda story: setattr(story.commands["k1"], "status", 412),
    "a sending nobody asked for": lambda story: story.commands.pop("k10"),
    "a refused verdict that is there": lambda story: setattr(story.commands["k6"], "status", 409),
    "a rejection with a refused reason": lambda story: setattr(story.commands["k2"], "status", 409),
    "a withdrawal by somebody else": lambda story: setattr(story.commands["k4"], "account", OPERATOR),
    "a verdict that review never gave": lambda story: story.evidence.verdicts.pop(),
    "a letter that nobody wrote": lambda story: story.evidence.mail.clear(),
}
OUT_OF_ORDER = {
    "a hole in a stream": lambda story: story.evidence.streams.update(
        review=[row._replace(first_number=2) for row in story.evidence.streams["review"]]),
    "fewer events than declared": lambda story: story.evidence.streams.update(
        review=[row._replace(declared=row.declared + 1) for row in story.evidence.streams["review"]]),
    "versions turned round": lambda story: story.events("submissions").reverse(),
    "rows that wait for a number": lambda story: story.evidence.waiting.update(review=1),
    "a consumer that is behind": lambda story: story.evidence.positions.append(("reporting", "submissions", 1)),
    "a hole in a history": drop_saved,
}


def cases(table):
    return pytest.mark.parametrize("spoil", table.values(), ids=table.keys())


@cases(LOST)
def test_lost_is_found(spoil):
    story = Story()
    spoil(story)
    assert "lost" in story.kinds()


@cases(DOUBLED)
def test_doubled_is_found(spoil):
    story = Story()
    spoil(story)
    assert "doubled" in story.kinds()


@cases(PHANTOM)
def test_phantom_is_found(spoil):
    story = Story()
    spoil(story)
    assert "phantom" in story.kinds()


@cases(OUT_OF_ORDER)
def test_out_of_order_is_found(spoil):
    story = Story()
    spoil(story)
    assert "out_of_order" in story.kinds()


def test_a_report_that_differs_is_found():
    story = Story()
    story.evidence.reports["accepted"][SCHOOL]["filled"] = 0
    assert story.kinds() == {"reports"}


def test_an_organisation_missing_from_a_report_is_found():
    story = Story()
    story.evidence.reports["new"].clear()
    assert story.kinds() == {"reports"}


def test_what_was_seen_without_a_right_is_found():
    story = Story()
    line = {"thread": 1, "who": "respondent", "what": "a foreign document", "cell": "files"}
    story.evidence.rights = [{**line, "status": 404, "violation": False}, {**line, "status": 200, "violation": True}]
    assert [(one.kind, one.cell) for one in story.findings()] == [("rights", "files")]


def test_a_command_without_an_answer_is_found_and_may_have_been_carried_out_or_not():
    story = Story()
    story.commands["k1"].status = 0
    assert story.kinds() == {"unexplained"}
    story.ask("k88", "save", version=9, value="777", status=0)
    assert story.kinds() == {"unexplained"}


def test_a_letter_may_come_again_when_its_sender_died():
    story = Story()
    story.evidence.letters.update(["letter-1"])
    story.evidence.letters_forgiven = 1
    assert story.findings() == []


def test_an_answer_without_words_is_found():
    story = Story()
    story.evidence.troubles = [{"what": "PUT x", "status": 502, "has_words": False, "cell": "stop@postgresql"},
                               {"what": "PUT x", "status": 503, "has_words": True, "cell": "stop@postgresql"}]
    assert [(one.kind, one.cell) for one in story.findings()] == [("wordless", "stop@postgresql")]


def test_a_repetition_answered_otherwise_is_found():
    story = Story()
    story.commands["k1"].again = [(200, {}), (200, {"version": 2})]
    assert [one.kind for one in story.findings()] == ["answers"]


def test_a_finding_names_the_cell_of_its_command():
    story = Story()
    drop_saved(story)
    assert {one.cell for one in story.findings() if one.kind == "lost"} == {"broker-1"}


def test_a_recording_comes_back_as_it_was_written(tmp_path):
    recorder = recording.Recorder(tmp_path / "recording.jsonl")
    recorder.cell = "review"
    answered, open_ = (Command(key, "save", AUTHOR, assignment=ITEM, version=3, value=key) for key in ("a", "b"))
    recorder.begin(answered)
    recorder.begin(open_)
    recorder.end(answered, 200, 2, {"version": 4})
    recorder.again(answered, 200, {"version": 5})
    recorder.right(1, "operator", "GET x", 404, False)
    recorder.trouble("PUT x", types.SimpleNamespace(status=503, document={"code": "a", "title": "b", "detail": "c"}))
    recorder.trouble("PUT x", types.SimpleNamespace(status=502, document=None))
    recorder.close()
    commands, rights, troubles = recording.read(tmp_path / "recording.jsonl")
    assert [line["has_words"] for line in troubles] == [True, False]
    assert commands["a"].is_done and commands["a"].attempts == 2 and commands["a"].again == [(200, {"version": 5})]
    assert commands["b"].status == 0 and commands["b"].cell == "review"
    assert len(rights) == 1 and recorder.acknowledged_in("review") == 1


def test_streams_are_decoded_from_the_packed_rows():
    messages = Messages()
    sent = messages.type("vekha.events.SubmissionSent")(assignment_id=ITEM, version=7)
    batch = messages.type("vekha.bus.EventBatch")(stream="submissions")
    for _ in range(2):
        batch.events.add(type="SubmissionSent", payload=sent.SerializeToString(), occurred_at_ms=5,
                         actor_account_id=AUTHOR)

    class Rows:
        @staticmethod
        def rows(_service, _sql):
            return [{"first_number": 41, "event_count": 2, "batch": memoryview(batch.SerializeToString())}]
    (row,) = evidence_of.read_stream(Rows, "submissions", messages)
    assert [event.number for event in row.events] == [41, 42]
    assert row.events[1].fields["version"] == 7 and row.events[1].fields["assignment_id"] == ITEM
    assert evidence_of.Evidence(streams={"submissions": [row]}).head("submissions") == 42
