"""Random moves: what somebody of a group tries next, right or wrong. Chosen from the seed and the model alone."""
import datetime
from dataclasses import dataclass, field

from model import OPEN_TO_AUTHOR, Person

NOBODY = Person("nobody", "nobody", is_here=False)
VALUE, SUBMIT = "/api/v1/assignments/{id}/value", "/api/v1/assignments/{id}:submit"
WITHDRAW, DOCUMENT = "/api/v1/assignments/{id}:withdraw", "/api/v1/assignments/{id}/documents/{document}"
OPEN, ACCEPT, REJECT = "/api/v1/queue/{id}:open", "/api/v1/queue/{id}:accept", "/api/v1/queue/{id}:reject"
ROUND = "/api/v1/rounds/{id}"
RESOLUTIONS = ["Уточните информацию", "Приказ не подписан", "Проверьте второе значение"]
# As typed: value, second value, whether confirmed.
GOOD = {"number": [("0", ""), ("7", ""), ("007", ""), ("1 234", ""), ("15\u00a0000", ""), ("999999999999999", ""),
                   ("12,00", ""), ("-0", "")],
        "decimal": [("28,33", ""), ("0.5", ""), ("3", ""), ("0", ""), ("100.10", "")],
        "yes_no": [("yes", ""), ("no", "")],
        "percent": [("10", "40"), ("1", "3"), ("2", "3"), ("1", "800"), ("0", "40"), ("40", "40"), ("1,5", "3")]}
WRONG = [("", "", False), ("   ", "", False), ("-5", "", False), ("сто", "", False), ("1,2,3", "", False),
         ("1e5", "", False), ("1234567890123456", "", False), ("1", "0", False), ("41", "40", False),
         ("41", "40", True), ("0", "0", False), ("5", "-1", False), ("5", "x", False), ("28,333", "", False),
         ("yes", "", False), ("maybe", "", False), ("7", "", False), ("2", "5", False), ("1 2", "", False)]


@dataclass
class Move:
    kind: str
    person: Person
    rule: str          # of the model; "" for what the driver itself judges
    arguments: tuple   # of the rule, after the person
    verb: str
    path: str
    body: dict = None
    version: int = None
    parts: dict = field(default_factory=dict)

    @property
    def about(self):
        first = self.arguments[0] if self.arguments else None
        return first if hasattr(first, "item") else None

    def __str__(self):
        shown = {name: value for name, value in (self.body or {}).items() if value not in ("", False)}
        where = self.about
        where = f"{where.round.name} · school {where.school} · {where.item.code}" if where else ""
        version = "" if self.version is None else f'If-Match "{self.version}"'
        return " ".join(part for part in (self.kind, "by", self.person.name, where, version, str(shown or "")) if part)


class Moves:
    """people: name -> Person. A group's own rest on the names in the code below."""

    def __init__(self, random, model, people):
        self.random = random
        self.model = model
        self.people = people
        self.counter = 0
        table = [(30, self.save), (3, self.save_wrong_value), (3, self.save_stale), (3, self.save_anywhere),
                 (14, self.submit), (2, self.submit_anyhow), (0.2, self.submit_without_evidence), (2, self.detach),
                 (1.5, self.upload), (0.3, self.upload_and_submit), (4, self.withdraw), (1, self.withdraw_anyhow),
                 (6, self.open), (2, self.accept), (9, self.reject), (0.7, self.accept_many), (5, self.judge_anyhow),
                 (4, self.trespass), (2, self.read_assignment), (2, self.read_entry), (2, self.read_document),
                 (2, self.read_verdicts), (0.4, self.change_round), (0.3, self.create_round), (0.7, self.no_version),
                 (2, self.repeat), (0.5, self.reuse_key), (1, self.save_at_once), (0.5, self.judge_at_once),
                 (1.5, self.save_form)]
        self.weights, self.kinds = zip(*table)

    def next(self):
        while True:
            kind = self.random.choices(self.kinds, self.weights)[0]
            made = kind()
            if made:
                made.kind = made.kind or kind.__name__
                return made

    # ---- choosing

    def pick(self, fits=lambda a: True):
        """Mostly of a round that takes answers."""
        fitting = [a for a in self.model.assignments if fits(a)]
        current = [a for a in fitting if a.round.takes_answers(self.model.now)]
        fitting = current if current and self.random.random() < 0.9 else fitting
        return self.random.choice(fitting) if fitting else None

    def author(self, a):
        """A school without a person is worked for by nobody."""
        return self.people.get(f"respondent {a.school}")

    def pick_own(self, *states):
        """An assignment in one of the states, with its author."""
        a = self.pick(lambda one: one.state in states and self.author(one))
        return (a, self.author(a)) if a else (None, None)

    def operator(self):
        return self.people[self.random.choice(["operator", "operator of the region"])]

    def anybody(self):
        return self.random.choice([NOBODY, *self.people.values()])

    def good_value(self, item):
        kind = "decimal" if item.kind == "number" and item.decimals else item.kind
        value, second = self.random.choice(GOOD[kind])
        if kind == "percent" and not item.decimals:
            value = value.split(",")[0]
        return value, second, False

    def comment(self):
        self.counter += 1
        return f"по журналу {self.counter}" if self.random.random() < 0.2 else ""

    def near(self, version):
        """A version somebody may have seen, or never was."""
        return max(0, self.random.choice([version - 2, version - 1, version + 1, version, version]))

    # ---- the author

    def saving(self, person, a, version, typed, comment=""):
        value, second, confirmed = typed
        body = {"value": value, "secondValue": second, "confirmPartOverWhole": confirmed, "comment": comment}
        return Move("", person, "save", (a, version, *typed, comment), "PUT", VALUE, body, version, {"id": a.id})

    def save(self):
        a, author = self.pick_own(*OPEN_TO_AUTHOR)
        return a and self.saving(author, a, a.version, self.good_value(a.item), self.comment())

    def save_wrong_value(self):
        a, author = self.pick_own(*OPEN_TO_AUTHOR)
        return a and self.saving(author, a, a.version, self.random.choice(WRONG))

    def save_stale(self):
        a, author = self.pick_own(*OPEN_TO_AUTHOR)
        return a and self.saving(author, a, self.near(a.version), self.good_value(a.item))

    def save_anywhere(self):
        """Whatever its state: under review, accepted, in a round that is over."""
        a, author = self.pick_own("empty", "draft", "ready", "rejected", "in_review", "accepted", "in_review")
        return a and self.saving(author, a, a.version, self.good_value(a.item))

    def save_form(self):
        """Several at once, all of them or none; some forms have a row that is refused."""
        a, author = self.pick_own(*OPEN_TO_AUTHOR)
        if not a:
            return None
        others = [one for one in self.model.assignments if one is not a and one.round is a.round and
                  (one.school == a.school or self.random.random() < 0.01)]
        rows = [a, *self.random.sample(others, min(len(others), self.random.randint(0, 3)))]
        if self.random.random() < 0.7:
            rows = [one for one in rows if one.school == a.school and one.state in OPEN_TO_AUTHOR]
        is_wrong, is_stale = self.random.random() < 0.15, self.random.random() < 0.1
        saves = [self.saving(author, one, self.near(one.version) if is_stale else one.version,
                             self.random.choice(WRONG) if is_wrong and self.random.random() < 0.5
                             else self.good_value(one.item), self.comment()) for one in rows]
        body = {"values": [{"assignmentId": save.about.id, "expectedVersion": save.version, **save.body}
                           for save in saves]}
        return Move("", author, "", (saves,), "POST", "/api/v1/assignments:save", body)

    def submitting(self, person, a, version):
        return Move("", person, "submit", (a, version), "POST", SUBMIT, {}, version, {"id": a.id})

    def submit(self):
        a, author = self.pick_own("ready")
        return a and self.submitting(author, a, a.version)

    def submit_anyhow(self):
        a, author = self.pick_own("empty", "ready", "rejected", "in_review", "accepted")
        return a and self.submitting(author, a, self.near(a.version))

    def submit_without_evidence(self):
        """Rare: the answer waits a second for a document that may be on its way."""
        a, author = self.pick_own("draft")
        return a and self.submitting(author, a, a.version)

    def detach(self):
        a = self.pick(lambda one: one.documents and self.author(one))
        if not a:
            return None
        document = self.random.choice(a.documents)
        return Move("", self.author(a), "detach", (a, document), "DELETE", DOCUMENT,
                    parts={"id": a.id, "document": document})

    def upload(self):
        """Mostly where it is asked for; sometimes where it may not be attached, or for somebody else's assignment."""
        chance = self.random.random()
        a = self.pick(lambda one: self.author(one) and (one.item.needs_evidence or chance > 0.8))
        if not a:
            return None
        person = self.people["respondent elsewhere"] if chance < 0.05 else self.author(a)
        return Move("", person, "upload", (a,), "POST", "")

    def upload_and_submit(self):
        """Without waiting in between: who sends need not know that the document's event is on its way."""
        a = self.pick(lambda one: one.state == "draft" and one.missing() == "evidence_missing"
                      and one.round.takes_answers(self.model.now))
        return a and Move("", self.author(a), "", (a,), "POST", "")

    def withdrawing(self, person, a, version):
        return Move("", person, "withdraw", (a, version), "POST", WITHDRAW, {}, version, {"id": a.id})

    def withdraw(self):
        a = self.pick(lambda one: one.entry and one.entry.state in ("waiting", "opened") and self.author(one))
        return a and self.withdrawing(self.author(a), a, a.entry.version)

    def withdraw_anyhow(self):
        a = self.pick(lambda one: one.entry and self.author(one))
        if not a:
            return None
        # A version that review has not heard of makes it wait a second: rare.
        ahead = self.random.random() < 0.05
        return self.withdrawing(self.author(a), a, a.entry.version + (1 if ahead else -self.random.choice([0, 0, 1])))

    # ---- operators

    def judging(self, verb, person, a, version, resolution=None):
        path = {"open": OPEN, "accept": ACCEPT, "reject": REJECT}[verb]
        body, more = ({"resolution": resolution}, (resolution,)) if verb == "reject" else ({}, ())
        return Move("", person, verb, (a, version, *more), "POST", path, body, version, {"id": a.id})

    def waiting(self):
        return self.pick(lambda a: a.entry and a.entry.state in ("waiting", "opened"))

    def open(self):
        a = self.waiting()
        return a and self.judging("open", self.operator(), a, a.entry.version)

    def accept(self):
        a = self.waiting()
        return a and self.judging("accept", self.operator(), a, a.entry.version)

    def reject(self):
        a = self.waiting()
        resolution = self.random.choice(RESOLUTIONS)
        return a and self.judging("reject", self.operator(), a, a.entry.version, resolution)

    def judge_anyhow(self):
        """Any verb on any version of anything that was ever sent."""
        a = self.pick(lambda one: one.entry)
        verb = self.random.choice(["open", "accept", "reject"])
        resolution = self.random.choice(["", "  ", "да", *RESOLUTIONS])
        return a and self.judging(verb, self.operator(), a, self.near(a.entry.version), resolution)

    def accept_many(self):
        known = [a for a in self.model.assignments if a.entry]
        if not known:
            return None
        chosen = self.random.sample(known, min(len(known), self.random.randint(1, 3)))
        pairs = [(a, self.near(a.entry.version)) for a in chosen]
        body = {"items": [{"assignmentId": a.id, "version": version} for a, version in pairs]}
        return Move("", self.operator(), "accept_many", (pairs,), "POST", "/api/v1/queue:accept", body)

    # ---- those who may not

    def trespass(self):
        """Anybody tries anything on an assignment: other roles, other schools, other territories, no session."""
        a = self.pick(lambda one: one.entry)
        person = self.anybody()
        if not a or person == self.author(a):
            return None
        version = a.entry.version
        tries = [self.saving(person, a, a.version, self.good_value(a.item)), self.submitting(person, a, a.version),
                 self.withdrawing(person, a, version), self.judging("open", person, a, version),
                 self.judging("accept", person, a, version),
                 self.judging("reject", person, a, version, RESOLUTIONS[0])]
        if a.documents:
            tries.append(Move("", person, "detach", (a, a.documents[0]), "DELETE", DOCUMENT,
                              parts={"id": a.id, "document": a.documents[0]}))
        chosen = self.random.choice(tries)
        # Operators of the place do what they may only where they would be refused, too: their own moves do the rest.
        is_judge = chosen.rule in ("open", "accept", "reject") and person.role == "operator" and person.is_here
        return None if is_judge else chosen

    def no_version(self):
        a = self.pick(self.author)
        return a and Move("", self.author(a), "", (a,), "POST", SUBMIT, {}, None, {"id": a.id})

    # ---- reading

    def read_assignment(self):
        a, person = self.pick(), self.anybody()
        return a and Move("", person, "read", (a,), "GET", "/api/v1/assignments/{id}", parts={"id": a.id})

    def read_entry(self):
        a, person = self.pick(lambda one: one.entry), self.anybody()
        return a and Move("", person, "read_entry", (a,), "GET", "/api/v1/queue/{id}", parts={"id": a.id})

    def read_document(self):
        a, person = self.pick(lambda one: one.documents), self.anybody()
        if not a:
            return None
        document = self.random.choice(a.documents)
        return Move("", person, "read_document", (a, document), "GET", "/api/v1/documents/{document}",
                    parts={"document": document})

    def read_verdicts(self):
        a, person = self.pick(lambda one: one.entry), self.anybody()
        return a and Move("", person, "read_verdicts", (a,), "GET", "/api/v1/assignments/{id}/verdicts",
                          parts={"id": a.id})

    # ---- rounds

    def change_round(self):
        """Days moved, also wrongly, also into the past; now and then closed by hand."""
        rounds = [one for one in self.model.rounds if one.state != "closed" or self.random.random() < 0.1]
        if not rounds:
            return None
        round_ = self.random.choice(rounds)
        person = self.anybody() if self.random.random() < 0.2 else self.people["administrator"]
        shift = [None, None, *(datetime.timedelta(days=count) for count in (-1, 1, 2, 4))]
        moved = [None if by is None else day + by
                 for day, by in ((round_.due, self.random.choice(shift)), (round_.until, self.random.choice(shift)))]
        closes = self.random.random() < 0.1
        version = round_.version if self.random.random() < 0.9 else self.near(round_.version)
        body = {"dueOn": str(moved[0] or ""), "closedUntil": str(moved[1] or ""), "close": closes}
        return Move("", person, "change_round", (round_, version, *moved, closes), "PATCH", ROUND, body, version,
                    {"id": round_.id})

    def create_round(self):
        """When none is there to work on; otherwise mostly a wrong one."""
        opens = self.model.today() + datetime.timedelta(days=self.random.choice([0, 0, 0, 1]))
        due, until = opens, opens
        due += datetime.timedelta(days=self.random.randint(0, 3))
        until = due + datetime.timedelta(days=self.random.randint(0, 3))
        if any(one.state != "closed" for one in self.model.rounds):
            due, until = self.random.choice([(opens - datetime.timedelta(days=1), until),
                                             (due, due - datetime.timedelta(days=1))])
        repeats = self.random.random() < 0.8
        person = self.anybody() if self.random.random() < 0.2 else self.people["administrator"]
        body = {"programmeCode": self.model.programme, "name": "Период сбора", "opensOn": str(opens),
                "dueOn": str(due), "closedUntil": str(until), "repeats": repeats}
        return Move("", person, "create_round", (opens, due, until, repeats), "POST", "/api/v1/rounds", body)

    # ---- what only the driver can judge

    def repeat(self):
        """The last command once more under its key."""
        return Move("", NOBODY, "", (), "", "")

    def reuse_key(self):
        """Another command under the last one's key."""
        return Move("", NOBODY, "", (), "", "")

    def save_at_once(self):
        """The same save from two windows: one of them wins."""
        a, author = self.pick_own(*OPEN_TO_AUTHOR)
        if not a or not a.round.takes_answers(self.model.now):
            return None
        return self.saving(author, a, a.version, self.good_value(a.item))

    def judge_at_once(self):
        """Two operators, one version: one of them wins."""
        a = self.pick(lambda one: one.entry and one.entry.state == "waiting")
        if not a:
            return None
        return self.judging(self.random.choice(["accept", "reject"]), self.people["operator"], a, a.entry.version,
                            RESOLUTIONS[0])
