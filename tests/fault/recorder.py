"""What clients asked for and what they were told: one JSON line before sending, one after the answer.

The file is only ever appended to; the oracle reads it back after the run and believes nothing else about the clients.
"""
import json
import os
import threading
import time
from dataclasses import dataclass, field


@dataclass
class Command:
    """One idempotency key and what became of it."""
    key: str
    kind: str          # save, submit, withdraw, accept, reject, document, profile, read
    account: str
    cell: str = ""
    assignment: str = ""
    version: int = 0   # the version expected
    value: str = ""    # unique per command: the number saved, the hash uploaded, the position entered
    thread: int = 0
    begun: float = 0.0
    ended: float = 0.0
    status: int = 0    # 0: never answered
    attempts: int = 0
    answer: dict = field(default_factory=dict)
    again: list = field(default_factory=list)  # answers to later repetitions of the same request

    @property
    def is_done(self):
        return 200 <= self.status < 300

    @property
    def is_refused(self):
        return 400 <= self.status < 500

    @property
    def milliseconds(self):
        return (self.ended - self.begun) * 1000


class Recorder:
    def __init__(self, path):
        self.path = path
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        self.lock = threading.Lock()
        self.cell = "warm-up"
        self.acknowledged = {}  # by the cell a command began in
        self.troubles = {}      # answers of 5xx, by cell
        self.last_save_begun = 0.0  # of the saves acknowledged

    def write(self, line):
        # One write of one line: lines of several threads never mix.
        os.write(self.file, (json.dumps(line, ensure_ascii=False) + "\n").encode())

    def begin(self, command):
        command.cell = self.cell
        command.begun = time.monotonic()
        self.write({"line": "begin", "key": command.key, "kind": command.kind, "account": command.account,
                    "cell": command.cell, "assignment": command.assignment, "version": command.version,
                    "value": command.value, "thread": command.thread, "begun": command.begun})

    def end(self, command, status, attempts, answer):
        command.ended = time.monotonic()
        command.status = status
        self.write({"line": "end", "key": command.key, "status": status, "attempts": attempts,
                    "ended": command.ended, "answer": answer})
        if not command.is_done:
            return
        with self.lock:
            self.acknowledged[command.cell] = self.acknowledged.get(command.cell, 0) + 1
            if command.kind == "save":
                self.last_save_begun = max(self.last_save_begun, command.begun)

    def again(self, command, status, answer):
        """The same request was sent once more after its answer."""
        self.write({"line": "again", "key": command.key, "status": status, "answer": answer})

    def right(self, thread, who, what, status, is_violation):
        """Somebody asked for what is not theirs."""
        self.write({"line": "right", "thread": thread, "who": who, "what": what, "status": status,
                    "violation": is_violation, "cell": self.cell})

    def trouble(self, what, reply):
        """An answer of 5xx; has_words: it is a problem document that says something."""
        problem = reply.document if isinstance(reply.document, dict) else {}
        has_words = bool(problem.get("code") and problem.get("detail") and problem.get("title"))
        with self.lock:
            self.troubles[self.cell] = self.troubles.get(self.cell, 0) + 1
        self.write({"line": "trouble", "what": what, "status": reply.status, "code": problem.get("code", ""),
                    "has_words": has_words, "cell": self.cell})

    def troubles_in(self, cell):
        with self.lock:
            return self.troubles.get(cell, 0)

    def acknowledged_in(self, cell):
        with self.lock:
            return self.acknowledged.get(cell, 0)

    def total(self):
        with self.lock:
            return sum(self.acknowledged.values())

    def close(self):
        os.close(self.file)


def read(path):
    """(commands by key, what was asked without a right, answers of 5xx)"""
    commands, rights, troubles = {}, [], []
    with open(path, encoding="utf-8") as file:
        for text in file:
            line = json.loads(text)
            what = line.pop("line")
            if what == "begin":
                commands[line["key"]] = Command(**line)
            elif what == "right":
                rights.append(line)
            elif what == "trouble":
                troubles.append(line)
            elif what == "end":
                command = commands[line["key"]]
                command.status, command.attempts = line["status"], line["attempts"]
                command.ended, command.answer = line["ended"], line["answer"]
            else:
                commands[line["key"]].again.append((line["status"], line["answer"]))
    return commands, rights, troubles
