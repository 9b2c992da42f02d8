"""The matrix: every cell by name, the system it needs, what its clients do most, and its fault."""
import fnmatch
from dataclasses import dataclass, field

import faults
import surroundings
from stack import PROCESSES, SERVICES

# What must be asked for more often than usual, so that a process has enough to die in.
MUCH = {
    "auth": {"change_profile": 30},
    "files": {"attach": 30},
    "review": {"judge": 35, "submit": 30, "withdraw": 15},
    "deadlines": {"judge": 35, "submit": 30, "read_notice": 30},
}
COMMAND_POINTS = ["command:before_effect", "command:before_commit", "command:before_reply", "command:replied"]
PUBLISHER_POINTS = ["publisher:before_commit", "publisher:before_publish", "publisher:published"]
INBOX_POINTS = ["inbox:before_effect", "inbox:before_position", "inbox:before_commit", "inbox:committed"]
FILES_POINTS = ["files:piece_written", "files:before_flush", "files:before_rename", "files:before_record"]
BROKER_POINTS = ["broker:before_handing_over", "broker:before_reply", "broker:before_event"]
GATEWAY_POINTS = ["gateway:request_sent", "gateway:before_answer"]
MAIL_POINTS = ["mail:before_sending", "mail:before_mark"]
# Who has commands under this load, who tells others something, who listens.
COMMANDED = ["auth", "submissions", "review", "files", "deadlines"]
TELLING = ["auth", "submissions", "review", "files", "reporting"]
LISTENING = ["submissions", "review", "files", "reporting", "deadlines"]
FREEZE_POINTS = ["command:before_effect", "command:before_commit", "command:before_reply", "publisher:before_commit",
                 "inbox:before_position", "inbox:before_commit"]
SETTING_ORDER = list(surroundings.ALL)


@dataclass(frozen=True)
class Cell:
    name: str
    setting: str
    fault: faults.Fault
    emphasis: dict = field(default_factory=dict)


def crash(process, point, most_hits):
    return Cell(f"{point}@{process}", "plain", faults.CrashPoint(process, point, most_hits), MUCH.get(process, {}))


def crash_cells():
    for points, processes, most_hits in (
            (COMMAND_POINTS, COMMANDED, 8), (PUBLISHER_POINTS, TELLING, 8), (INBOX_POINTS, LISTENING, 8),
            (FILES_POINTS, ["files"], 6), (MAIL_POINTS, ["deadlines"], 6), (["job:before_commit"], ["deadlines"], 2),
            (BROKER_POINTS, ["broker-1"], 60), (GATEWAY_POINTS, ["gateway"], 60)):
        for process in processes:
            for point in points:
                yield crash(process, point, most_hits)


def plain_cells():
    for process in PROCESSES:
        yield Cell(f"kill@{process}", "plain", faults.Kill(process), MUCH.get(process, {}))
    yield from crash_cells()
    for broker in ("broker-1", "broker-2"):
        yield Cell(f"away@{broker}", "plain", faults.BrokerAway(broker))
    yield Cell("freeze:broker@broker-1", "plain", faults.FreezeBroker("broker-1"))
    for service in SERVICES:
        yield Cell(f"freeze:alone@{service}", "plain", faults.Freeze(service, alone=True), MUCH.get(service, {}))
    yield Cell("stop@postgresql", "plain", faults.DatabaseStop())
    yield Cell("sessions:ended@postgresql", "plain", faults.Backends())
    yield Cell("sessions:frozen@postgresql", "plain", faults.FrozenBackends())
    yield Cell("clock:forward", "plain", faults.ClockStep(+1))
    yield Cell("clock:back", "plain", faults.ClockStep(-1))


def other_cells():
    yield Cell("flush:slow", "flushes", faults.SlowFlush())
    yield Cell("flush:fails", "flushes", faults.FailingFlush())
    yield Cell("storm", "replicas", faults.Storm())
    yield Cell("freeze@submissions", "replicas", faults.Freeze("submissions"))
    for point in FREEZE_POINTS:
        yield Cell(f"freeze:{point}@submissions", "replicas", faults.Freeze("submissions", point))
    for service, point in (("review", "command:before_commit"), ("review", "inbox:before_commit"),
                           ("reporting", "inbox:before_position"), ("files", "files:before_record"),
                           ("deadlines", "inbox:before_commit"), ("deadlines", "mail:before_mark")):
        yield Cell(f"freeze:{point}@{service}", "replicas", faults.Freeze(service, point, 3), MUCH.get(service, {}))
    for disk in ("data", "wal", "blobs"):
        yield Cell(f"disk:{disk}", "disks", faults.DiskFull(disk), MUCH["files"] if disk == "blobs" else {})
    for mode in ("silent", "requests", "answers", "reset", "unplugged"):
        yield Cell(f"cut:{mode}", "network", faults.NetworkCut(mode))


def all_cells():
    return [*plain_cells(), *other_cells()]


def choose(patterns):
    """Cells by name or pattern, each setting's together; unknown patterns as an error."""
    cells = all_cells()
    chosen = []
    for pattern in patterns:
        found = [cell for cell in cells if fnmatch.fnmatchcase(cell.name, pattern) or cell.setting == pattern]
        if not found:
            raise ValueError(f"no cell is called {pattern}")
        chosen += [cell for cell in found if cell not in chosen]
    return sorted(chosen, key=lambda cell: SETTING_ORDER.index(cell.setting))
