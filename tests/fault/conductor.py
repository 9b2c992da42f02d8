"""Kills one process after another under load, starts it again, and measures until everything answers."""
import random
import signal
import time
from dataclasses import asdict, dataclass

from client import TROUBLE
from stack import PROCESSES
from waiting import eventually

DATABASE = "postgresql"
CELLS = [*PROCESSES, DATABASE]
DATABASE_DOWN_SECONDS = 1.0
RECOVERY_WITHIN_SECONDS = 60
CELL_WITHIN_SECONDS = 90


@dataclass
class Cell:
    process: str
    acknowledged: int = 0
    down_ms: int = 0      # from the kill until its start was begun
    ready_ms: int = 0     # from the kill until it said itself that it is ready (PostgreSQL: recovered from its log)
    recovery_ms: int = 0  # from the kill until every service answered and a save that began after it was acknowledged
    repeated: int = 0     # commands that needed more than one try
    longest_ms: int = 0   # the longest any command took from its first try to its answer
    lost: int = 0
    doubled: int = 0
    phantom: int = 0


class NotRecovered(Exception):
    pass


class Conductor:
    def __init__(self, scene, recorder, clients, seed, per_cell):
        self.stack = scene.stack
        self.scene = scene
        self.recorder = recorder
        self.clients = clients
        self.per_cell = per_cell
        self.random = random.Random(f"{seed}/conductor")
        self.respondent = scene.respondents[0].clone()
        self.operator = scene.operators[0].clone()
        # One question per service: together they show that the whole system answers.
        self.questions = [
            (self.respondent, "/api/v1/session", None), (self.respondent, "/api/v1/assignments", {"limit": 1}),
            (self.operator, "/api/v1/queue", {"limit": 1}),
            (self.respondent, f"/api/v1/documents/{scene.documents[0]}", None),
            (self.operator, "/api/v1/reports/rounds", None), (self.respondent, "/api/v1/notifications", {"limit": 1})]

    def run(self, process, label):
        """One cell: work, kill, start, recover, work."""
        cell = Cell(label)
        self.recorder.cell = label
        self.wait_acknowledged(label, self.per_cell // 3)
        time.sleep(self.random.uniform(0, 0.3))
        killed = time.monotonic()
        self.kill(process)
        time.sleep(DATABASE_DOWN_SECONDS if process == DATABASE else self.random.uniform(0.05, 0.5))
        cell.down_ms = milliseconds_since(killed)
        self.start(process)
        cell.ready_ms = milliseconds_since(killed)
        self.wait_recovered(killed)
        cell.recovery_ms = milliseconds_since(killed)
        since = self.recorder.acknowledged_in(label)
        self.wait_acknowledged(label, max(self.per_cell, since + self.per_cell // 3))
        self.recorder.cell = "between"
        return cell

    def kill(self, process):
        if process == DATABASE:
            self.stack.close()
            self.stack.run("stop-database", "immediate")
        else:
            self.stack.signal(process, signal.SIGKILL)

    def start(self, process):
        if process == DATABASE:
            self.stack.run("start-database")
        else:
            self.stack.start(process)

    def wait_acknowledged(self, label, count):
        def reached():
            dead = [client.failure for client in self.clients if client.failure]
            if dead:
                raise NotRecovered(f"a client failed: {dead[0]!r}")
            return self.recorder.acknowledged_in(label) >= count
        eventually(reached, CELL_WITHIN_SECONDS, what=f"{count} acknowledged commands in the cell {label}")

    def answers(self, client, path, query):
        try:
            return client.ask("GET", path, query=query).status == 200
        except TROUBLE:
            client.close()
            return False

    def wait_recovered(self, killed):
        def recovered():
            return all(self.stack.is_ready(process) for process in PROCESSES) \
                and all(self.answers(*question) for question in self.questions) \
                and self.recorder.last_save_begun > killed
        eventually(recovered, RECOVERY_WITHIN_SECONDS, what="everything answers again")

    def close(self):
        self.respondent.close()
        self.operator.close()


def milliseconds_since(moment):
    return round((time.monotonic() - moment) * 1000)


def fill_in(cells, commands, findings):
    """Adds to each cell what its commands tell, and gives rows for the report."""
    for cell in cells:
        mine = [command for command in commands.values() if command.cell == cell.process]
        done = [command for command in mine if command.is_done]
        cell.acknowledged = len(done)
        cell.repeated = sum(command.attempts > 1 for command in done)
        cell.longest_ms = round(max((command.milliseconds for command in done), default=0))
        for kind in ("lost", "doubled", "phantom"):
            setattr(cell, kind, sum(finding.kind == kind and finding.cell == cell.process for finding in findings))
    return [asdict(cell) for cell in cells]
