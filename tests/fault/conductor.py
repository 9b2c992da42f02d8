"""Plays one cell: clients work, a fault strikes, lasts, is mended, all recovers, clients work on, all settles."""
import random
import time
from dataclasses import dataclass

from client import ANSWER_WITHIN_SECONDS, TROUBLE, log_in_again
from gate import milliseconds_since
from waiting import NotInTime, eventually

RECOVERY_WITHIN_SECONDS = 60
CELL_WITHIN_SECONDS = 90


@dataclass
class Row:
    """What a cell showed. Times in milliseconds; 0 where it has no meaning."""
    cell: str
    acknowledged: int = 0
    lost: int = 0
    doubled: int = 0
    phantom: int = 0
    out_of_order: int = 0
    rights_violations: int = 0
    reports_differ: int = 0
    answers_differ: int = 0
    unexplained: int = 0
    wordless: int = 0         # answers of 5xx that are no problem document
    detection_ms: int = 0     # from the standstill until no broker gives it work any more
    recovery_ms: int = 0      # from when it was put right (a broker of two: from its death) until everything answered
    limit_ms: int = 0         # of recovery_ms, and of detection_ms where there is one
    down_ms: int = 0          # how long it was wrong
    repeated: int = 0         # commands that needed more than one try
    longest_ms: int = 0       # the longest any command took from its first try to its answer
    troubles: int = 0         # answers of 5xx
    letters_repeated: int = 0
    not_run: str = ""         # why there is nothing above

    @property
    def is_in_time(self):
        return max(self.recovery_ms, self.detection_ms) <= self.limit_ms


class NotRecovered(Exception):
    pass


class Conductor:
    def __init__(self, scene, recorder, clients, gate, emphasis, seed, per_cell):
        self.stack = scene.stack
        self.scene = scene
        self.recorder = recorder
        self.clients = clients
        self.gate = gate
        self.emphasis = emphasis
        self.seed = seed
        self.per_cell = per_cell
        self.random = None
        self.respondent = scene.respondents[0].clone()
        self.operator = scene.operators[0].clone()
        # One question per service: together they show that the whole system answers.
        self.questions = [
            (self.respondent, "/api/v1/session", None), (self.respondent, "/api/v1/assignments", {"limit": 1}),
            (self.operator, "/api/v1/queue", {"limit": 1}),
            (self.respondent, f"/api/v1/documents/{scene.documents[0]}", None),
            (self.operator, "/api/v1/reports/rounds", None), (self.respondent, "/api/v1/notifications", {"limit": 1})]

    def run(self, cell):
        """Ends with all clients at rest and nothing on its way."""
        row = Row(cell.name, limit_ms=cell.fault.limit_ms)
        self.random = random.Random(f"{self.seed}/{cell.name}")
        self.recorder.cell = cell.name
        self.emphasis.clear()
        self.emphasis.update(cell.emphasis)
        self.gate.open()
        self.wait_acknowledged(self.per_cell // 3)
        cell.fault.strike(self)
        struck = time.monotonic()
        cell.fault.last(self, row)
        row.down_ms = milliseconds_since(struck)
        back = time.monotonic()
        back = cell.fault.mend(self) or back
        again_ms = self.wait_serving(back)
        row.recovery_ms = max(row.recovery_ms, again_ms) if row.detection_ms else row.recovery_ms or again_ms
        self.wait_acknowledged(max(self.per_cell, self.acknowledged() + self.per_cell // 3))
        if not self.gate.close(ANSWER_WITHIN_SECONDS + 30):
            raise NotRecovered("clients do not come to rest")
        return row

    def acknowledged(self):
        return self.recorder.acknowledged_in(self.recorder.cell)

    def wait_acknowledged(self, count):
        def reached():
            dead = [client.failure for client in self.clients if client.failure]
            if dead:
                raise NotRecovered(f"a client failed: {dead[0]!r}")
            return self.acknowledged() >= count
        eventually(reached, CELL_WITHIN_SECONDS, what=f"{count} acknowledged commands in {self.recorder.cell}")

    # ---- for faults

    def work_for(self, seconds):
        """Clients go on, as well as they can."""
        time.sleep(max(0, seconds))

    def wait_troubles(self, count):
        """Until the fault has been felt by clients."""
        label = self.recorder.cell
        eventually(lambda: self.recorder.troubles_in(label) >= count, RECOVERY_WITHIN_SECONDS,
                   what=f"{count} requests that could not be answered")

    def answers(self, client, path, query):
        try:
            status = client.ask("GET", path, query=query).status
        except TROUBLE:
            client.close()
            return False
        if status == 401:
            log_in_again(client)
        return status == 200

    def wait_serving(self, since, away=()):
        """Milliseconds until every service answers and a save that began after `since` is acknowledged."""
        awake = [process for process in self.scene.surroundings.processes if process not in away]

        def serving():
            return all(self.answers(*question) for question in self.questions) \
                and self.recorder.last_save_begun > since

        def complete():
            return serving() and all(self.stack.is_ready(process) for process in awake)
        try:
            eventually(serving if away else complete, RECOVERY_WITHIN_SECONDS, every=0.01,
                       what="everything answers again")
        except NotInTime as error:
            silent = [process for process in awake if not self.stack.is_ready(process)]
            raise NotRecovered(f"{error}; not ready: {', '.join(silent) or 'none'}") from error
        return milliseconds_since(since)

    def close(self):
        self.respondent.close()
        self.operator.close()
