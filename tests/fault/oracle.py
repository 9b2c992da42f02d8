"""Judges a run from two things only: what clients recorded, and what the databases hold (reliability.md F.1).

lost          acknowledged, and its effect is not there
doubled       one key with two effects, or an event twice in a stream
phantom       an effect that nobody asked for, or that was refused
out_of_order  numbers or versions with a hole or turned round, a consumer not at the head of its stream
rights        somebody saw or did what is not theirs
reports       a report that differs from the recount of submissions' own rows
answers       the same request, repeated after its answer, was answered otherwise
unexplained   a command that never got a definite answer
wordless      an answer of 5xx that is no problem document with words
Letters: one that is marked as sent and never came is lost; one that came twice is doubled, but for one letter each
time its sender, or the database with its mark, died: SMTP knows no transaction with ours.
"""
from collections import Counter, defaultdict, namedtuple

Finding = namedtuple("Finding", "kind text cell")

# Acts of an assignment's history -> what reports call the state after it.
REPORT_STATES = {"saved": "draft", "sent": "in_review", "withdrawn": "draft", "accepted": "accepted",
                 "rejected": "rejected", "document_attached": "draft", "document_detached": "draft"}
# After a sending comes one of these, in submissions' stream under the version that was sent.
ENDINGS = ["SubmissionAccepted", "SubmissionRejected", "SubmissionWithdrawn"]
VERSIONED = ["SubmissionSent", "VerdictGiven", "ReviewOpened", "ReviewWithdrawn", *ENDINGS]


class Oracle:
    def __init__(self, commands, evidence):
        self.commands = commands  # by key
        self.evidence = evidence
        self.findings = []

    def find(self, kind, text, command=None):
        self.findings.append(Finding(kind, text, command.cell if command else ""))

    def of_kind(self, kind):
        return [command for command in self.commands.values() if command.kind == kind]

    def judge(self):
        self.judge_answers()
        self.judge_saves()
        self.judge_submits()
        self.judge_withdrawals()
        self.judge_verdicts()
        self.judge_documents()
        self.judge_profiles()
        self.judge_reading()
        self.judge_events()
        self.judge_streams()
        self.judge_histories()
        self.judge_positions()
        self.judge_rights()
        self.judge_reports()
        self.judge_letters()
        self.judge_troubles()
        return self.findings

    # ---- commands and their effects

    def judge_answers(self):
        for command in self.commands.values():
            if command.status == 0:
                self.find("unexplained", f"{command.kind} {command.key} was never answered", command)
            for status, answer in command.again:
                if status != command.status or answer != command.answer:
                    self.find("answers", f"{command.kind} {command.key}, repeated, was answered {status} {answer}"
                              f" instead of {command.status} {command.answer}", command)

    def judge_count(self, command, count, what):
        """The rule for an effect that carries its command's key."""
        if count > 1:
            self.find("doubled", f"{what}: {count} times", command)
        elif count == 0 and command.is_done:
            self.find("lost", f"{what}: not there", command)
        elif count == 1 and command.is_refused:
            self.find("phantom", f"{what}: there, though it was refused with {command.status}", command)

    def judge_saves(self):
        rows = defaultdict(list)
        values = Counter()
        for row in self.evidence.history:
            if row["act"] != "saved":
                continue
            rows[row["comment"]].append(row)
            values[row["value"]] += 1
            if row["comment"] not in self.commands:
                self.find("phantom", f"version {row['version']} of {row['assignment']} with {row['value']}"
                          " that nobody saved")
        for command in self.of_kind("save"):
            found = rows[command.key]
            self.judge_count(command, len(found), f"save {command.value} of {command.assignment}")
            wanted = (command.assignment, command.version + 1, command.value, command.account)
            for row in found:
                held = (row["assignment"], row["version"], row["value"], row["account"])
                if held != wanted:
                    self.find("lost", f"save {command.key} asked for {wanted} and left {held}", command)
        for value, count in values.items():
            if count > 1:
                self.find("doubled", f"the value {value} stands in {count} versions")

    def judge_turns(self, kind, effects):
        """Commands that are told apart by (assignment, version) alone; effects: that and the account, as often as
        they are there. Of several commands for one version only one can have been carried out."""
        asked = defaultdict(list)
        for command in self.of_kind(kind):
            asked[(command.assignment, command.version)].append(command)
        counts = Counter((assignment, version) for assignment, version, _ in effects)
        for place, commands in asked.items():
            done = [command for command in commands if command.is_done]
            what = f"{kind} of {place[0]} version {place[1]}"
            if counts[place] > 1:
                self.find("doubled", f"{what}: {counts[place]} times", (done or commands)[0])
            for command in done[counts[place]:]:
                self.find("lost", f"{what}: acknowledged {len(done)} times, there {counts[place]} times", command)
        for assignment, version, account in effects:
            able = [command for command in asked[(assignment, version)]
                    if not command.is_refused and command.account == account]
            if not able:
                self.find("phantom", f"{kind} of {assignment} version {version} by {account}"
                          " that nobody asked for or that was refused")

    def judge_submits(self):
        sent = [(row["assignment"], row["version"] - 1, row["account"]) for row in self.evidence.history
                if row["act"] == "sent"]
        self.judge_turns("submit", sent)
        self.compare("lost", "doubled", "SubmissionSent", [(one, version + 1) for one, version, _ in sent],
                     self.event_places("submissions", "SubmissionSent"))

    def judge_withdrawals(self):
        events = self.evidence.events("review", "ReviewWithdrawn")
        self.judge_turns("withdraw", [(event.fields["assignment_id"], event.fields["version"],
                                       event.fields["account_id"]) for event in events])
        places = [(event.fields["assignment_id"], event.fields["version"]) for event in events]
        self.compare("lost", "doubled", "history of a withdrawal", places, self.acts("withdrawn"))
        self.compare("lost", "doubled", "SubmissionWithdrawn", places,
                     self.event_places("submissions", "SubmissionWithdrawn"))

    def judge_verdicts(self):
        for kind, accepted, act, event in (("accept", True, "accepted", "SubmissionAccepted"),
                                           ("reject", False, "rejected", "SubmissionRejected")):
            given = [row for row in self.evidence.verdicts if row["accepted"] == accepted]
            self.judge_turns(kind, [(row["assignment"], row["version"], row["account"]) for row in given])
            places = [(row["assignment"], row["version"]) for row in given]
            self.compare("lost", "doubled", f"history of {act}", places, self.acts(act))
            self.compare("lost", "doubled", event, places, self.event_places("submissions", event))
        for place, count in Counter((row["assignment"], row["version"]) for row in self.evidence.verdicts).items():
            if count > 1:
                self.find("doubled", f"{count} verdicts on {place[0]} version {place[1]}")
        self.compare("lost", "doubled", "VerdictGiven",
                     [(row["assignment"], row["version"]) for row in self.evidence.verdicts],
                     self.event_places("review", "VerdictGiven"))
        # The reason names its command: two operators of one account cannot be told apart otherwise.
        for row in self.evidence.verdicts:
            command = self.commands.get((row["resolution"] or "").rsplit(" ", 1)[-1])
            if not row["accepted"] and (command is None or command.is_refused):
                self.find("phantom", f"a rejection of {row['assignment']} version {row['version']} with the reason"
                          f" {row['resolution']!r} that was refused or never given", command)

    def judge_documents(self):
        stored = defaultdict(list)
        for row in self.evidence.documents:
            stored[row["sha256"]].append(row["id"])
        told = Counter(event.fields["document_id"] for event in self.evidence.events("files", "DocumentStored"))
        for command in self.of_kind("document"):
            ids = stored[command.value]
            self.judge_count(command, len(ids), f"document {command.value[:12]} for {command.assignment}")
            if ids and command.value not in self.evidence.blobs:
                self.find("lost", f"the bytes of document {command.value[:12]}", command)
            for one in ids:
                self.judge_count(command, told[one], f"DocumentStored of {one}")
                if one not in self.evidence.attached:
                    self.find("lost", f"document {one} has not reached submissions", command)

    def judge_profiles(self):
        told = Counter(event.fields["position"] for event in self.evidence.events("auth", "ProfileSaved"))
        last = {}
        for command in sorted(self.of_kind("profile"), key=lambda one: one.begun):
            self.judge_count(command, told[command.value], f"profile with {command.value}")
            if not command.is_refused:
                last[command.account] = command
        for account, command in last.items():
            if command.is_done and self.evidence.profiles.get(account) != command.value:
                self.find("lost", f"profile of {account} has {self.evidence.profiles.get(account)!r} instead of"
                          f" {command.value!r}", command)

    def judge_reading(self):
        for command in self.of_kind("read"):
            if command.is_done and command.value not in self.evidence.read_notices:
                self.find("lost", f"notification {command.value} is unread again", command)

    def acts(self, act):
        """Places as review numbers them: a verdict and a withdrawal make the version after the one they concern."""
        return [(row["assignment"], row["version"] - 1) for row in self.evidence.history if row["act"] == act]

    def event_places(self, service, event_type):
        return [(event.fields["assignment_id"], event.fields["version"])
                for event in self.evidence.events(service, event_type)]

    def compare(self, missing, surplus, what, wanted, found):
        """What follows from an effect follows once."""
        wanted, found = Counter(wanted), Counter(found)
        for place in wanted.keys() | found.keys():
            if found[place] < wanted[place]:
                self.find(missing, f"{what} of {place[0]} version {place[1]} is missing")
            elif found[place] > wanted[place]:
                kind = surplus if wanted[place] else "phantom"
                self.find(kind, f"{what} of {place[0]} version {place[1]}: {found[place]} times,"
                          f" {wanted[place]} expected")

    # ---- streams and order

    def judge_events(self):
        """No event twice: neither the same bytes nor, where versions count, the same version."""
        for service in self.evidence.streams:
            seen = Counter()
            for event in self.evidence.events(service):
                if event.type in VERSIONED:
                    seen[(event.type, event.fields["assignment_id"], event.fields["version"])] += 1
                else:
                    seen[(event.type, event.payload, event.occurred_at_ms, event.actor)] += 1
            for identity, count in seen.items():
                if count > 1:
                    self.find("doubled", f"{identity[0]} {count} times in the stream of {service}: {identity[1:3]}")

    def judge_streams(self):
        for service, rows in self.evidence.streams.items():
            expected = 1
            for row in rows:
                if row.first_number != expected:
                    self.find("out_of_order", f"stream of {service}: {row.first_number} follows {expected - 1}")
                if row.declared != len(row.events):
                    self.find("out_of_order", f"stream of {service}: {row.declared} events declared at"
                              f" {row.first_number}, {len(row.events)} there")
                expected = row.first_number + row.declared
            if self.evidence.waiting.get(service):
                self.find("out_of_order", f"{self.evidence.waiting[service]} rows of {service} were never numbered")
            self.judge_versions(service)

    def judge_versions(self, service):
        """Events of one assignment come in the order of its versions, an ending after its sending."""
        last = {}
        for event in self.evidence.events(service):
            if event.type not in VERSIONED and event.type != "DraftSaved":
                continue
            place = (event.fields["version"], event.type in ENDINGS)
            before = last.get(event.fields["assignment_id"], (0, False))
            if place < before:
                self.find("out_of_order", f"stream of {service}: {event.type} version {place[0]} of"
                          f" {event.fields['assignment_id']} comes after version {before[0]}")
            last[event.fields["assignment_id"]] = max(place, before)

    def judge_histories(self):
        """Acts are numbered without holes, versions never go back, and the assignment shows its last one."""
        last = {}
        for row in self.evidence.history:
            act, version = last.get(row["assignment"], (0, 0))
            step = 0 if row["act"].startswith("document") else 1
            if row["act_number"] != act + 1 or row["version"] != version + step:
                self.find("out_of_order", f"{row['assignment']}: act {row['act_number']} ({row['act']}) version"
                          f" {row['version']} follows act {act} version {version}")
            last[row["assignment"]] = (row["act_number"], row["version"])
        for assignment, row in self.evidence.assignments.items():
            if (row["acts"], row["version"]) != last.get(assignment, (0, 0)):
                self.find("lost", f"{assignment} shows act {row['acts']} version {row['version']}, its history ends"
                          f" at {last.get(assignment)}")

    def judge_positions(self):
        for consumer, stream, number in self.evidence.positions:
            if number != self.evidence.head(stream):
                self.find("out_of_order", f"{consumer} stands at {number} of {self.evidence.head(stream)} in the"
                          f" stream of {stream}")

    # ---- rights and reports

    def judge_rights(self):
        for line in self.evidence.rights:
            if line["violation"]:
                self.findings.append(Finding("rights", f"{line['who']} got {line['status']} for {line['what']}",
                                             line["cell"]))

    def recount(self):
        """organisation -> states of its assignments, from the last act of each history."""
        last = {row["assignment"]: REPORT_STATES[row["act"]] for row in self.evidence.history}
        counts = defaultdict(Counter)
        for assignment, row in self.evidence.assignments.items():
            counts[row["organisation"]][last.get(assignment, "empty")] += 1
            counts[row["organisation"]]["total"] += 1
        return counts

    def judge_reports(self):
        counts = self.recount()
        for values, wanted in (("new", "in_review"), ("accepted", "accepted")):
            told = self.evidence.reports.get(values)
            if told is None:
                continue
            for organisation in counts.keys() | told.keys():
                mine = counts[organisation]
                recounted = {"filled": mine[wanted], "total": mine["total"], "drafts": mine["draft"],
                             "rejected": mine["rejected"]}
                if told.get(organisation) != recounted:
                    self.find("reports", f"report of {values} values, {organisation}: {told.get(organisation)} told,"
                              f" {recounted} counted")

    # ---- letters and words

    def judge_letters(self):
        for letter, state in self.evidence.mail.items():
            if state != "sent" or not self.evidence.letters[letter]:
                self.find("lost", f"letter {letter} is {state} and came {self.evidence.letters[letter]} times")
        for letter in self.evidence.letters.keys() - self.evidence.mail.keys():
            self.find("phantom", f"letter {letter} came and nobody has written it")
        repeated = self.evidence.letters_repeated
        if repeated > self.evidence.letters_forgiven:
            self.find("doubled", f"{repeated} letters came again, {self.evidence.letters_forgiven} senders died")

    def judge_troubles(self):
        for line in self.evidence.troubles:
            if not line["has_words"]:
                self.findings.append(Finding("wordless", f"{line['what']} was answered {line['status']} without words",
                                             line["cell"]))


def judge(commands, evidence):
    return Oracle(commands, evidence).judge()
