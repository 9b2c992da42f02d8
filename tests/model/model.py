"""The rules of the rounds of one programme, short enough to be read as their specification. No I/O.

Every command has two parts: may_<command> says no by raising Refused, <command> does it and returns what the answer
must say. What one service tells another arrives later: until arrive() the assignment is as the other one still sees it.
"""
import datetime
from dataclasses import dataclass, field

import answers
import calendar_of_rounds as days_of
from answers import Refused

OPEN_TO_AUTHOR = ("empty", "draft", "ready", "rejected")
TAKEOVER = datetime.timedelta(minutes=30)
DOCUMENTS_MAX = 20
DECIDED = {"accepted": "already_accepted", "rejected": "already_rejected", "withdrawn": "already_withdrawn"}


@dataclass(frozen=True)
class Person:
    name: str
    role: str               # respondent, operator, coordinator, administrator; nobody without a session
    is_here: bool = True    # the schools of this programme are in the person's territory
    school: int = -1        # a respondent's own; -1 elsewhere
    account: str = ""


@dataclass(frozen=True)
class Item:
    code: str
    kind: str
    decimals: int = 0
    needs_evidence: bool = False


@dataclass
class Round:
    name: str
    opens: datetime.date
    due: datetime.date
    until: datetime.date
    repeats: bool
    state: str = "planned"
    version: int = 1
    id: str = ""
    has_opened: bool = False

    def takes_answers(self, now):
        return self.state == "open" and now < days_of.begins(self.until + days_of.DAY)

    def is_due(self, now):
        return days_of.ends(self.due) < now


@dataclass
class Entry:
    """What operators see: the version that was sent last."""
    version: int
    answer: answers.Answer
    comment: str
    documents: tuple
    previous: str
    state: str = "waiting"
    opened_by: str = ""
    opened_at: datetime.datetime = None


@dataclass
class Assignment:
    round: Round
    school: int
    item: Item
    id: str = ""
    state: str = "empty"
    version: int = 0
    answer: answers.Answer = answers.NONE
    comment: str = ""
    documents: list = field(default_factory=list)
    rejected: tuple = None       # (value in one line, resolution) until the next verdict
    history: list = field(default_factory=list)   # newest last
    entry: Entry = None
    verdicts: list = field(default_factory=list)  # newest last: (version, accepted, resolution, account)
    days: list = field(default_factory=list)      # (day, sent or accepted or rejected), for statistics
    arriving: tuple = None

    @property
    def cell(self):
        """The state that reports may know: of a draft only that it is there (S2.37, S2.57)."""
        return "draft" if self.state == "ready" else self.state

    def missing(self):
        if not self.answer.value:
            return "value_missing"
        needs = self.item.needs_evidence and not answers.means_nothing(self.answer)
        return "evidence_missing" if needs and not self.documents else ""

    def not_ready_because(self):
        if self.state == "rejected":
            return "unchanged"
        return self.missing() if self.state in OPEN_TO_AUTHOR else ""

    def write(self, act, account, comment="", resolution="", documents=()):
        self.history.append((self.version, act, self.answer.value, self.answer.second, self.answer.percent, comment,
                             resolution, account, tuple(documents)))

    def become_draft(self):
        if not self.answer.value and not self.documents:
            self.state = "empty"
        else:
            self.state = "draft" if self.missing() else "ready"


def allow(person, *roles):
    if person.role == "nobody":
        raise Refused(401, "unauthenticated")
    if person.role not in roles:
        raise Refused(403, "forbidden")


class Model:
    def __init__(self, items, schools, now):
        self.items = items
        self.schools = schools
        self.now = now
        self.rounds = []
        self.assignments = []
        self.accepted = {}        # (school, item) -> value in one line, of the last acceptance in any round (S2.44)
        self.first_accepted = {}  # (school, item) -> moment
        self.programme = ""       # its code
        self.shared = set()       # documents that have been sent with an answer

    # ---- the author (S2.35-S2.42)

    def work_on(self, a):
        if a.state == "in_review":
            raise Refused(409, "in_review")
        if a.state == "accepted":
            raise Refused(409, "accepted")
        if not a.round.takes_answers(self.now):
            raise Refused(409, "round_closed")

    def own(self, person, a):
        allow(person, "respondent")
        if person.school != a.school:
            raise Refused(404, "not_found")

    def may_save(self, person, a, version, typed, second, confirmed, _comment):
        allow(person, "respondent")
        answer = answers.read(typed, second, confirmed)
        self.own(person, a)
        if version != a.version:
            raise Refused(412, "stale")
        self.work_on(a)
        if answer.kind != a.item.kind:
            raise Refused(422, "wrong_kind", "value")
        if answer.decimals > a.item.decimals:
            raise Refused(422, "too_many_decimals", "value")
        if answer.kind == "percent" and not answer.percent and a.item.needs_evidence:
            raise Refused(422, "zero_whole", "secondValue")

    def save(self, person, a, _version, typed, second, confirmed, comment):
        a.answer, a.comment = answers.read(typed, second, confirmed), comment
        a.version += 1
        a.become_draft()
        a.write("saved", person.account, comment)
        return {"assignmentId": a.id, "state": a.state, "version": a.version, "value": a.answer.value,
                "secondValue": a.answer.second, "percent": a.answer.percent, "comment": comment,
                "notReadyBecause": a.missing(), "overdue": a.round.is_due(self.now)}

    def may_submit(self, person, a, version):
        self.own(person, a)
        if version != a.version:
            raise Refused(412, "stale")
        self.work_on(a)
        if a.missing():
            raise Refused(409, a.missing())
        if a.state == "rejected":
            raise Refused(409, "unchanged")

    def submit(self, person, a, _version):
        a.version += 1
        a.state = "in_review"
        a.write("sent", person.account, a.comment, documents=a.documents)
        a.days.append((self.today(), "sent"))
        a.arriving = ("sent", Entry(a.version, a.answer, a.comment, tuple(a.documents), self.accepted_value(a)))
        self.shared.update(a.documents)
        return self.shown(a)

    def may_detach(self, person, a, document):
        self.own(person, a)
        self.work_on(a)
        if document not in a.documents:
            raise Refused(404, "document_not_found")

    def detach(self, person, a, document):
        a.documents.remove(document)
        a.become_draft()
        a.write("document_detached", person.account, documents=[document])
        return self.shown(a)

    def may_upload(self, person, _a, _document):
        allow(person, "respondent")

    def upload(self, person, a, document):
        """Whoever may not attach it here keeps a document that belongs to nothing."""
        takes = person.school == a.school and a.state in OPEN_TO_AUTHOR and a.round.takes_answers(self.now)
        if takes and len(a.documents) < DOCUMENTS_MAX:
            a.documents.append(document)
            a.become_draft()
            a.write("document_attached", person.account, documents=[document])
        return {"documentId": document}

    def may_withdraw(self, person, a, version):
        allow(person, "respondent")
        if a.entry is None:
            raise Refused(409, "not_yet")
        if person.school != a.school:
            raise Refused(404, "entry_not_found")
        if version > a.entry.version:
            raise Refused(409, "not_yet")
        if version < a.entry.version:
            raise Refused(412, "stale_version")
        if a.entry.state != "waiting":
            raise Refused(409, DECIDED.get(a.entry.state, "already_opened"))

    def withdraw(self, person, a, _version):
        a.entry.state = "withdrawn"
        a.arriving = ("withdrawn", person)
        return {"assignmentId": a.id}

    # ---- operators (S2.39-S2.44, F7)

    def is_held_off(self, person, entry):
        return entry.state == "opened" and entry.opened_by != person.account and self.now < entry.opened_at + TAKEOVER

    def may_decide(self, person, a, version):
        allow(person, "operator")
        if a.entry is None or not person.is_here:
            raise Refused(404, "entry_not_found")
        if version != a.entry.version:
            raise Refused(412, "stale_version")
        if a.entry.state in DECIDED:
            raise Refused(409, DECIDED[a.entry.state])
        if self.is_held_off(person, a.entry):
            raise Refused(409, "taken")

    may_open = may_accept = may_decide

    def may_reject(self, person, a, version, resolution):
        allow(person, "operator")
        if len(resolution.strip()) < 3:
            raise Refused(422, "too_short" if resolution.strip() else "required", "resolution")
        self.may_decide(person, a, version)

    def open(self, person, a, _version):
        if a.entry.opened_by != person.account or a.entry.state != "opened":
            a.entry.state, a.entry.opened_by, a.entry.opened_at = "opened", person.account, self.now
        return self.shown_entry(person, a)

    def decide(self, person, a, state, resolution):
        version = a.entry.version
        a.entry.state = state
        a.verdicts.append((version, state == "accepted", resolution, person.account))
        a.arriving = (state, person, resolution)
        return {"assignmentId": a.id, "version": version, "accepted": state == "accepted", "resolution": resolution,
                "operatorAccountId": person.account}

    def accept(self, person, a, _version):
        return self.decide(person, a, "accepted", "")

    def reject(self, person, a, _version, resolution):
        return self.decide(person, a, "rejected", resolution)

    def may_accept_many(self, person, _pairs):
        allow(person, "operator")

    def accept_many(self, person, pairs):
        words = {404: "not_found", 412: "stale", 409: "decided"}
        results = []
        for a, version in pairs:
            refusal = self.refusal("decide", person, a, version)
            if refusal is None:
                self.accept(person, a, version)
            because = "" if refusal is None else "taken" if refusal.code == "taken" else words[refusal.status]
            results.append({"assignmentId": a.id, "accepted": not because, "refusedBecause": because})
        return {"results": results, "accepted": sum(one["accepted"] for one in results)}

    # ---- reading

    def may_read(self, person, a):
        self.own(person, a)

    def read(self, _person, a):
        return self.shown(a)

    def may_read_entry(self, person, a):
        allow(person, "operator")
        if a.entry is None or not person.is_here:
            raise Refused(404, "entry_not_found")

    def read_entry(self, person, a):
        return self.shown_entry(person, a)

    def may_read_document(self, person, a, document):
        """Its own school always; those who oversee the school once it was sent. Administrators read letters' alone."""
        allow(person, "respondent", "operator", "coordinator", "administrator")
        if person.role == "administrator":
            raise Refused(404, "document_not_found")
        oversees = person.role != "respondent" and person.is_here and document in self.shared
        if person.school != a.school and not oversees:
            raise Refused(404, "document_not_found")

    def read_document(self, _person, a, document):
        return {"documentId": document, "assignmentId": a.id, "pages": 1}

    def may_read_verdicts(self, person, a):
        allow(person, "respondent", "operator", "coordinator")
        oversees = person.role != "respondent" and person.is_here
        if a.entry is None or (person.school != a.school and not oversees):
            raise Refused(404, "assignment_not_found")

    def read_verdicts(self, person, a):
        """Which operator decided is not the author's business."""
        return {"verdicts": [
            {"assignmentId": a.id, "version": version, "accepted": accepted, "resolution": resolution,
             "operatorAccountId": "" if person.role == "respondent" else account}
            for version, accepted, resolution, account in reversed(a.verdicts)]}

    def refusal(self, command, *arguments):
        """What is in the way, or None."""
        try:
            getattr(self, "may_" + command)(*arguments)
        except Refused as refused:
            return refused
        return None

    # ---- what one service tells another

    def arrive(self, a):
        """An answer reaches the queue; a verdict or a withdrawal reaches the cabinet."""
        what, *told = a.arriving
        a.arriving = None
        if what == "sent":
            a.entry = told[0]
            return
        a.version += 1
        if what == "withdrawn":
            a.state = "ready"
            a.write("withdrawn", told[0].account, a.comment)
            return
        person, resolution = told
        a.state = what
        a.rejected = (answers.in_one_line(a.answer), resolution) if what == "rejected" else None
        a.write(what, person.account, a.comment, resolution)
        a.days.append((self.today(), what))
        if what == "accepted":
            self.accepted[a.school, a.item] = answers.in_one_line(a.answer)
            self.first_accepted.setdefault((a.school, a.item), self.now)

    # ---- the administrator and the calendar (S2.3, S2.44, F13)

    def today(self):
        return self.now.astimezone(days_of.ZONE).date()

    def may_create_round(self, person, opens, due, until, _repeats):
        allow(person, "administrator")
        problem = days_of.problem_of_days(opens, due, until)
        if problem is None and until < self.today():
            problem = "round_is_over", "closedUntil"
        if problem:
            raise Refused(422, *problem)

    def create_round(self, _person, opens, due, until, repeats):
        self.rounds.append(Round("Период сбора", opens, due, until, repeats))
        return self.shown_round(self.rounds[-1])

    def may_change_round(self, person, round_, version, due, until, closes):
        allow(person, "administrator")
        if version != round_.version:
            raise Refused(412, "stale")
        if round_.state == "closed":
            raise Refused(409, "round_closed")
        if not (closes or due or until):
            raise Refused(422, "nothing_to_change", "dueOn")
        problem = days_of.problem_of_days(round_.opens, due or round_.due, until or round_.until)
        if problem:
            raise Refused(422, *problem)

    def change_round(self, _person, round_, _version, due, until, closes):
        round_.due, round_.until, round_.version = due or round_.due, until or round_.until, round_.version + 1
        if closes:
            # What was ended on purpose does not come again by itself.
            round_.state, round_.repeats = "closed", False
        return self.shown_round(round_)

    def tick(self):
        """Rounds open on their day, end after their last one, and the next one follows."""
        for round_ in self.rounds:  # grows while it is walked
            if round_.state == "planned" and self.now >= days_of.begins(round_.opens):
                round_.state, round_.version, round_.has_opened = "open", round_.version + 1, True
                self.assignments += [Assignment(round_, school, item) for school in self.schools for item in self.items]
            if round_.state == "open" and not round_.takes_answers(self.now):
                round_.state, round_.version = "closed", round_.version + 1
                if round_.repeats:
                    self.follow(round_)

    def follow(self, round_):
        opens, due, until = round_.opens, round_.due, round_.until
        while until <= round_.until or until < self.today():
            opens, due, until, name = days_of.following(opens, due, until)
        self.rounds.append(Round(name, opens, due, until, True))

    # ---- what is shown

    def accepted_value(self, a):
        return self.accepted.get((a.school, a.item), "")

    def shown(self, a):
        rejected_value, resolution = a.rejected or ("", "")
        return {
            "assignmentId": a.id, "itemCode": a.item.code, "state": a.state, "version": a.version,
            "value": a.answer.value, "secondValue": a.answer.second, "percent": a.answer.percent, "comment": a.comment,
            "documents": [{"documentId": one} for one in a.documents], "evidenceRequired": a.item.needs_evidence,
            "notReadyBecause": a.not_ready_because(), "resolution": resolution, "rejectedValue": rejected_value,
            "acceptedValue": self.accepted_value(a), "closedUntil": str(a.round.until), "dueOn": str(a.round.due),
            "roundName": a.round.name, "overdue": a.round.is_due(self.now) and a.state not in ("in_review", "accepted"),
            "inputClosed": a.state == "accepted" or not a.round.takes_answers(self.now)}

    def shown_entry(self, person, a):
        entry = a.entry
        return {
            "assignmentId": a.id, "version": entry.version, "state": entry.state, "value": entry.answer.value,
            "secondValue": entry.answer.second, "percent": entry.answer.percent, "comment": entry.comment,
            "previousValue": entry.previous, "documents": [{"documentId": one} for one in entry.documents],
            "openedByMe": entry.state == "opened" and entry.opened_by == person.account}

    def shown_round(self, round_):
        # Of a planned one those that would be asked today.
        count = len(self.schools) if round_.has_opened or round_.state == "planned" else 0
        return {"name": round_.name, "state": round_.state, "version": round_.version, "opensOn": str(round_.opens),
                "dueOn": str(round_.due), "closedUntil": str(round_.until), "repeats": round_.repeats,
                "items": len(self.items), "organisations": count, "assignments": count * len(self.items)}
