"""What is in the databases after the run, read as their superuser past every service."""
import datetime
import hashlib
import re
from collections import Counter, namedtuple
from dataclasses import dataclass, field

from messages import Messages
from stack import SERVICES
from waiting import NotInTime, eventually

# fields: of the event's own message, by name.
Event = namedtuple("Event", "number type fields payload occurred_at_ms actor")
# declared: the event_count beside the batch.
StreamRow = namedtuple("StreamRow", "first_number declared events")
LETTER_ID = re.compile(rb"^Message-ID: <([^@>]*)@", re.MULTILINE | re.IGNORECASE)


@dataclass
class Evidence:
    history: list = field(default_factory=list)      # submissions: every act on an assignment
    assignments: dict = field(default_factory=dict)  # submissions: id -> row
    verdicts: list = field(default_factory=list)     # review
    documents: list = field(default_factory=list)    # files
    attached: set = field(default_factory=set)       # submissions: ids of documents it has heard of
    blobs: set = field(default_factory=set)          # hashes of the files that are really there, computed anew
    profiles: dict = field(default_factory=dict)     # auth: account -> position
    read_notices: set = field(default_factory=set)   # deadlines: ids
    streams: dict = field(default_factory=dict)      # service -> [StreamRow]
    waiting: dict = field(default_factory=dict)      # service -> outbox rows without a number
    positions: list = field(default_factory=list)    # (consumer, stream, number)
    rights: list = field(default_factory=list)
    reports: dict = field(default_factory=dict)      # values -> {organisation: counts}, as HTTP told them
    troubles: list = field(default_factory=list)     # answers of 5xx
    mail: dict = field(default_factory=dict)         # deadlines: id of a letter -> its state
    letters: Counter = field(default_factory=Counter)  # id of a letter -> how often the mail server got it
    letters_forgiven: int = 0                        # how often it died between a letter and the mark that it was sent

    @property
    def letters_repeated(self):
        return sum(count - 1 for count in self.letters.values())

    def events(self, service, *types):
        return [event for row in self.streams.get(service, []) for event in row.events
                if not types or event.type in types]

    def head(self, service):
        rows = self.streams.get(service, [])
        return rows[-1].first_number + len(rows[-1].events) - 1 if rows else 0


def release_letters(stack):
    """What waits for a moment, a letter of a sender that died for the end of its lease: the clock goes there."""
    unsent = "SELECT count(*) FROM mail WHERE state IN ('waiting', 'sending')"
    try:
        eventually(lambda: not stack.value("deadlines", unsent), 3, what="all letters sent")
    except NotInTime:
        then = stack.value("deadlines", "SELECT max(coalesce(lease_until, next_at)) FROM mail"
                           " WHERE state IN ('waiting', 'sending')")
        if then and then > stack.now():
            stack.set_clock(then + datetime.timedelta(seconds=1))


def is_settled(stack):
    """Nothing waits for a number, every consumer stands at the head of what it reads, every letter is sent."""
    if stack.value("deadlines", "SELECT count(*) FROM mail WHERE state IN ('waiting', 'sending')"):
        return False
    heads = {}
    for service in SERVICES:
        if stack.value(service, "SELECT count(*) FROM outbox"):
            return False
        heads[service] = stack.value(service, "SELECT coalesce(max(first_number + event_count - 1), 0) FROM stream")
    return all(row["number"] == heads[row["stream"]] for service in SERVICES
               for row in stack.rows(service, "SELECT stream, number FROM inbox_position"))


def wait_settled(stack, seconds=30):
    """Consumers have this long to catch up; what they miss after it is the oracle's to find."""
    try:
        release_letters(stack)
        eventually(lambda: is_settled(stack), seconds, every=0.1, what="all consumers at the head of their streams")
        return True
    except NotInTime:
        return False


def read_stream(stack, service, messages):
    rows = []
    for row in stack.rows(service, "SELECT first_number, event_count, batch FROM stream ORDER BY first_number"):
        events = []
        for offset, event in enumerate(messages.batch(row["batch"]).events):
            message = messages.event(event)
            fields = {one.name: getattr(message, one.name) for one in message.DESCRIPTOR.fields
                      if one.label != one.LABEL_REPEATED}
            events.append(Event(row["first_number"] + offset, event.type, fields, event.payload,
                                event.occurred_at_ms, event.actor_account_id))
        rows.append(StreamRow(row["first_number"], row["event_count"], events))
    return rows


def read_submissions(stack, evidence):
    evidence.history = stack.rows(
        "submissions", "SELECT assignment_id::text AS assignment, act_number, version, act, value, comment,"
        " actor_account_id::text AS account FROM history ORDER BY assignment_id, act_number")
    evidence.assignments = {row["assignment"]: row for row in stack.rows(
        "submissions", "SELECT assignment_id::text AS assignment, organisation_id::text AS organisation,"
        " round_id::text AS round, version, acts, state, value FROM assignment JOIN round_item USING (round_item_id)")}
    evidence.attached = {row["id"] for row in stack.rows("submissions", "SELECT document_id::text AS id FROM document")}


def read_blobs(folder):
    return {hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.rglob("*") if path.is_file()}


def read_letters(folder):
    """Message-ID: <id@host>; a letter is repeated under the same one."""
    found = (LETTER_ID.search(path.read_bytes()) for path in folder.glob("*.eml"))
    return Counter(match[1].decode() for match in found if match)


def collect(stack, rights):
    evidence = Evidence(rights=rights)
    read_submissions(stack, evidence)
    evidence.verdicts = stack.rows(
        "review", "SELECT assignment_id::text AS assignment, version, accepted, resolution,"
        " operator_account_id::text AS account FROM verdict ORDER BY verdict_id")
    evidence.documents = stack.rows("files", "SELECT document_id::text AS id, sha256 FROM document")
    evidence.blobs = read_blobs(stack.folder / "blobs")
    evidence.profiles = {row["account"]: row["position"] for row in stack.rows(
        "auth", "SELECT account_id::text AS account, position FROM profile")}
    evidence.read_notices = {row["id"] for row in stack.rows(
        "deadlines", "SELECT notification_id::text AS id FROM notification WHERE read_at IS NOT NULL")}
    evidence.mail = {row["id"]: row["state"] for row in stack.rows(
        "deadlines", "SELECT mail_id::text AS id, state FROM mail")}
    evidence.letters = read_letters(stack.folder / "mail")
    messages = Messages()
    for service in SERVICES:
        evidence.streams[service] = read_stream(stack, service, messages)
        evidence.waiting[service] = stack.value(service, "SELECT count(*) FROM outbox")
        evidence.positions += [(service, row["stream"], row["number"]) for row in stack.rows(
            service, "SELECT stream, number FROM inbox_position")]
    return evidence
