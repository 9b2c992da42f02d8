"""Plays the moves of one group against the running system and compares every answer with the model."""
import copy
import json
import time
import uuid
from collections import Counter, defaultdict, deque

import answers
from answers import Refused
from pdf import pdf

WITHIN_SECONDS = 20
FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 0.005, 0.2
LAST_MOVES = 12
LOOK_AGAIN_STEPS = 5    # between two looks whether a list given from what was kept is the one made anew


class Difference(Exception):
    """The system and the model disagree; about: the assignment, if it is one's."""

    def __init__(self, text, about=None):
        super().__init__(text)
        self.about = about


def difference(expected, actual, where=""):
    """The first place where actual is not what is expected, in words; None when there is none. Of objects only the
    expected members count."""
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return f"{where or 'the answer'} is {actual!r} instead of an object"
        for name, value in expected.items():
            found = difference(value, actual.get(name), f"{where}.{name}" if where else name)
            if found:
                return found
        return None
    if isinstance(expected, list):
        if not isinstance(actual, list) or len(actual) != len(expected):
            count = len(actual) if isinstance(actual, list) else "no"
            return f"{where} has {count} elements instead of {len(expected)}: {actual!r} instead of {expected!r}"
        for index, value in enumerate(expected):
            found = difference(value, actual[index], f"{where}[{index}]")
            if found:
                return found
        return None
    return None if expected == actual else f"{where} is {actual!r} instead of {expected!r}"


class Deadline:
    def __init__(self, seconds=WITHIN_SECONDS):
        self.end = time.monotonic() + seconds
        self.seconds = FIRST_PAUSE_SECONDS

    def is_over(self):
        return time.monotonic() > self.end

    def pause(self):
        """Between two looks at what is on its way, less often the longer it takes."""
        time.sleep(self.seconds)
        self.seconds = min(2 * self.seconds, LONGEST_PAUSE_SECONDS)


class Player:
    def __init__(self, model, moves, clients, stack):
        self.model = model
        self.moves = moves
        self.clients = clients  # name of a person -> [client, client]
        self.stack = stack
        self.early = {}         # id -> the assignment as a service that has not heard the last news sees it
        self.dirty = {}         # id -> assignment, touched since the last comparison
        self.last = None        # the last command that was done, for repetitions
        self.counts = Counter()
        self.log = defaultdict(lambda: deque(maxlen=LAST_MOVES))
        self.step = 0
        self.uploads = 0

    def play(self):
        self.step += 1
        move = self.moves.next()
        self.counts[move.kind] += 1
        about = move.about
        try:
            getattr(self, "do_" + move.kind, self.perform)(move)
        except Difference as found:
            raise Difference(f"{move}: {found}", about) from None
        if about is not None:
            self.dirty[about.id] = about
        if self.step % LOOK_AGAIN_STEPS == 0:
            self.look_again(about)

    # ---- asking

    def client(self, person, window=0):
        return self.clients[person.name][window]

    def ask(self, move, key=None, window=0):
        """A system that is busy is asked again under the same key."""
        key = key or str(uuid.uuid4())
        deadline = Deadline()
        while True:
            reply = self.client(move.person, window).ask(
                move.verb, move.path, move.body, version=move.version, key=key, **move.parts)
            if reply.status != 503 or deadline.is_over():
                return reply
            deadline.pause()

    def note(self, move, text):
        about = move.about
        self.log[about.id if about else ""].append(f"{self.step}: {move} → {text}")

    @staticmethod
    def explain(expected, reply):
        said = f"{reply.status} {reply.body.decode(errors='replace')[:600]}"
        return f"answered {said} instead of {expected}"

    @staticmethod
    def is_refused_so(reply, refusal):
        return reply.status == refusal.status and reply.code == (refusal.code, refusal.field)

    def refusal_before_news(self, move):
        """What a service says that has not heard the last news of the assignment yet."""
        before = self.early.get(move.about.id) if move.about else None
        if before is None or not move.rule:
            return None
        return self.model.refusal(move.rule, move.person, before, *move.arguments[1:])

    def perform(self, move):
        """One command or query: the answer is the model's, or at first that of before the last news arrived."""
        if move.about:
            self.settle_other_rounds(move.about)
        now = self.model.refusal(move.rule, move.person, *move.arguments)
        before = self.refusal_before_news(move)
        deadline = Deadline()
        while True:
            key = str(uuid.uuid4())
            reply = self.ask(move, key)
            found = self.unlike(move, now, reply)
            if found is None:
                break
            is_on_its_way = before and before != now and self.is_refused_so(reply, before)
            if not (is_on_its_way or self.may_be_behind(move)) or deadline.is_over():
                raise Difference(found, move.about)
            deadline.pause()
        if before != now and move.about:
            self.early.pop(move.about.id, None)
        self.note(move, now or "done")
        if not now:
            self.done(move, reply, key)
        return reply

    def unlike(self, move, refusal, reply):
        """What is wrong with the answer, as far as it can be told before a command's effect."""
        if refusal:
            return None if self.is_refused_so(reply, refusal) else self.explain(refusal, reply)
        if reply.status != 200:
            return self.explain(200, reply)
        if move.verb == "GET":
            return difference(getattr(self.model, move.rule)(move.person, *move.arguments), reply.document)
        return None

    def may_be_behind(self, move):
        """Reading what another service tells: the answer may be older than the news. That a document was sent is told
        to its keeper apart from the queue."""
        return move.verb == "GET" and (move.rule == "read_document" or move.about.id in self.early)

    def done(self, move, reply, key):
        expected = getattr(self.model, move.rule)(move.person, *move.arguments)
        found = difference(expected, reply.document)
        tag = reply.headers.get("Etag")
        if tag is not None and tag != f'"{expected.get("version")}"':
            found = f"the ETag is {tag}"
        if found:
            raise Difference(f"{found} in {reply.body.decode()[:600]}", move.about)
        if move.verb != "GET":
            self.last = (move, key, reply)
        self.tell_news(move.about)

    def tell_news(self, *assignments):
        """What one service has to hear from another: from here on the model takes it for heard."""
        for a in assignments:
            if a is not None and a.arriving:
                self.early[a.id] = copy.copy(a)
                self.model.arrive(a)

    # ---- waiting

    def until(self, look, what, about=None):
        """look() tells what differs, or None; news may take its time."""
        deadline = Deadline()
        while True:
            found = look()
            if found is None:
                return
            if deadline.is_over():
                raise Difference(f"{what}: {found}", about)
            deadline.pause()

    def settle(self, a):
        """Until both services have heard all of an assignment."""
        if a.id not in self.early:
            return
        author, operator = self.moves.author(a), self.moves.people["operator"]

        def unheard():
            seen = self.client(author).ask("GET", "/api/v1/assignments/{id}", id=a.id).document
            entry = self.client(operator).ask("GET", "/api/v1/queue/{id}", id=a.id).document
            return difference({"version": a.version, "state": a.state}, seen) \
                or difference({"version": a.entry.version, "state": a.entry.state}, entry)
        self.until(unheard, "news did not arrive", a)
        del self.early[a.id]

    def settle_other_rounds(self, a):
        """An answer shows what was accepted last, in whatever round."""
        for one in self.model.assignments if self.early else ():
            if one is not a and (one.school, one.item) == (a.school, a.item):
                self.settle(one)

    def look_again(self, about):
        """The list of the school that was moved, or of another: read as always and made anew; soon they are the same."""
        authors = [one for name, one in sorted(self.moves.people.items()) if name.startswith("respondent")]
        author = self.moves.author(about) if about is not None else None
        if author is None or self.step % (2 * LOOK_AGAIN_STEPS) == 0:
            author = authors[self.step // LOOK_AGAIN_STEPS % len(authors)]
        client = self.client(author)
        query = {"limit": 500, "round_id": about.round.id if about is not None and self.step % 3 == 0 else None}

        def unlike():
            kept, anew = (client.ask("GET", "/api/v1/assignments", query=query, headers=headers)
                          for headers in ({}, {"Cache-Control": "no-store"}))
            if kept.status != 200 or anew.status != 200:
                return None if 503 in (kept.status, anew.status) else f"answered {kept.status} and {anew.status}"
            return None if kept.body == anew.body else difference(anew.document, kept.document) or "other bytes"
        self.until(unlike, f"the list of {author.name} that was kept", about)

    def wait_document(self, document):
        """Until the cabinet has heard of it, attached or not."""
        def unheard():
            found = self.stack.value("submissions", "SELECT count(*) FROM document WHERE document_id = %s", document)
            return None if found else "the cabinet has not heard of the document"
        self.until(unheard, document)

    # ---- moves of several requests

    def send_document(self, move):
        self.uploads += 1
        content = pdf(text=f"Document {self.uploads}")
        client = self.client(move.person)
        return (client.upload if self.uploads % 2 else client.store)(move.about.id, content)

    def do_upload(self, move):
        a = move.about
        self.settle(a)
        document = self.send_document(move)
        self.wait_document(document["documentId"])
        self.model.upload(move.person, a, document["documentId"])
        self.note(move, document["documentId"])

    def do_upload_and_submit(self, move):
        a = move.about
        self.settle(a)
        document = self.send_document(move)
        self.model.upload(move.person, a, document["documentId"])
        self.note(move, document["documentId"])
        self.perform(self.moves.submitting(move.person, a, a.version))

    def do_accept_many(self, move):
        pairs, = move.arguments
        for a, _ in pairs:
            self.settle(a)
        reply = self.perform(move)
        self.tell_news(*(a for a, _ in pairs))
        for a, _ in pairs:
            self.dirty[a.id] = a
            self.log[a.id].append(f"{self.step}: {move} → {reply.body.decode()}")

    def refusals_of_form(self, saves):
        """Field and code by rows: what cannot be read at all, or else what cannot be saved."""
        refused = {}
        for place, save in enumerate(saves):
            try:
                answers.read(*save.arguments[2:5])
            except Refused as refusal:
                refused[f"values[{place}].{refusal.field}"] = refusal.code
        if refused:
            return refused
        for place, save in enumerate(saves):
            refusal = self.model.refusal("save", save.person, *save.arguments)
            if refusal:
                refused[f"values[{place}].{refusal.field}".rstrip(".")] = refusal.code
        return refused

    def do_save_form(self, move):
        saves, = move.arguments
        for save in saves:
            self.settle(save.about)
            self.settle_other_rounds(save.about)
        expected = self.refusals_of_form(saves)
        reply = self.ask(move)
        if expected:
            found = {one["field"]: one["code"] for one in (reply.document or {}).get("violations", [])}
            if reply.status != 422 or found != expected:
                raise Difference(self.explain(f"422 {expected}", reply))
        elif reply.status != 200:
            raise Difference(self.explain(200, reply))
        else:
            self.done_form(saves, reply)
        self.note(move, expected or "done")
        self.last = None

    def done_form(self, saves, reply):
        for save, value in zip(saves, reply.document["values"], strict=True):
            found = difference(self.model.save(save.person, *save.arguments), value)
            if found:
                raise Difference(f"{found} in {reply.body.decode()[:600]}", save.about)
            self.tell_news(save.about)
            self.dirty[save.about.id] = save.about

    def do_no_version(self, move):
        self.expect(move, self.ask(move), Refused(428, "version_required"))

    def expect(self, move, reply, refusal):
        if not self.is_refused_so(reply, refusal):
            raise Difference(self.explain(refusal, reply), move.about)

    def do_repeat(self, _move):
        if not self.last:
            return
        move, key, first = self.last
        reply = self.ask(move, key)
        if reply.status != 200 or reply.document != first.document:
            raise Difference(f"repeated {move}: " + self.explain(f"200 {first.body.decode()}", reply), move.about)

    def do_reuse_key(self, _move):
        if not self.last:
            return
        move, key, _ = self.last
        other = copy.copy(move)
        other.body = {**(move.body or {}), "comment": "another"} if move.rule == "save" else None
        if other.body:
            self.expect(other, self.ask(other, key), Refused(422, "idempotency_key_reused"))

    def at_once(self, moves):
        """All are sent before any answer is read; the replies."""
        windows = [self.client(move.person, window) for window, move in enumerate(moves)]
        for move, client in zip(moves, windows):
            # A connection anew: one that was closed while it was idle shows it only when the answer is missing.
            client.close()
            path = move.path.replace("{id}", move.parts["id"])
            headers = client.headers(move.verb, None, {"If-Match": f'"{move.version}"',
                                                       "Content-Type": "application/json"})
            client.begin(move.verb, path, json.dumps(move.body).encode(), headers)
        return [client.finish() for client in windows]

    def do_at_once(self, moves, refusal):
        """Exactly one is done, whichever; the others are refused so."""
        a = moves[0].about
        self.settle(a)
        now = [self.model.refusal(move.rule, move.person, *move.arguments) for move in moves]
        replies = self.at_once(moves)
        if now[0]:
            for move, reply in zip(moves, replies):
                self.expect(move, reply, now[0])
            return
        won = [(move, reply) for move, reply in zip(moves, replies) if reply.status == 200]
        lost = [reply for reply in replies if reply.status != 200]
        if len(won) != 1 or not all(self.is_refused_so(reply, refusal) for reply in lost):
            raise Difference(f"at once: {[(reply.status, reply.body.decode()[:200]) for reply in replies]}", a)
        move, reply = won[0]
        self.note(move, "done, first of two")
        self.done(move, reply, None)
        self.last = None

    def do_save_at_once(self, move):
        self.do_at_once([move, move], Refused(412, "stale"))

    def do_judge_at_once(self, move):
        other = copy.copy(move)
        other.person = self.moves.people["operator of the region"]
        self.do_at_once([move, other], Refused(409, {"accept": "already_accepted",
                                                     "reject": "already_rejected"}[move.rule]))

    # ---- rounds

    def do_create_round(self, move):
        self.perform(move)
        self.settle_rounds()

    def do_change_round(self, move):
        self.perform(move)
        self.settle_rounds()

    def settle_rounds(self):
        """Until rounds have opened and ended as the calendar says, and all assignments of the new ones are there."""
        self.model.tick()
        administrator = self.client(self.moves.people["administrator"])

        def unlike():
            page = administrator.get("/api/v1/rounds", query={"programme_code": self.model.programme})["rounds"]
            known = {one.id for one in self.model.rounds}
            new = [one for one in page if one["roundId"] not in known]
            for mine in (one for one in self.model.rounds if not one.id):
                fitting = [one for one in new if not difference(self.shown_in_list(mine), one)]
                if not fitting:
                    return f"no round {self.shown_in_list(mine)} in {page}"
                mine.id = fitting[0]["roundId"]
                new.remove(fitting[0])
            theirs = {one["roundId"]: one for one in page}
            return difference({one.id: self.shown_in_list(one) for one in self.model.rounds}, theirs) \
                or (f"{len(page)} rounds instead of {len(self.model.rounds)}" if new else None)
        self.until(unlike, "rounds")
        self.name_assignments()

    def shown_in_list(self, round_):
        shown = self.model.shown_round(round_)
        if round_.state == "planned":
            # The list says only of rounds that have opened whom they ask.
            shown.update(organisations=0, assignments=0)
        return shown

    def name_assignments(self):
        """Gives new assignments their ids, as their authors see them; of schools without a person from the database."""
        new = [a for a in self.model.assignments if not a.id]
        for round_id in dict.fromkeys(a.round.id for a in new):
            ids = {(row["organisation"], row["code"]): row["id"] for row in self.stack.rows(
                "submissions", "SELECT a.assignment_id::text AS id, a.organisation_id::text AS organisation,"
                " t.item_code AS code FROM assignment a JOIN round_item i USING (round_item_id)"
                " JOIN item_text t USING (item_text_id) WHERE i.round_id = %s", round_id)}
            for a in new:
                if a.round.id == round_id:
                    a.id = ids[self.model.organisations[a.school], a.item.code]
