"""What is left when everybody has hung up: connections, streams, questions, descriptors, transactions, memory."""
import pathlib
import time
from dataclasses import dataclass

from waiting import NotInTime, eventually

QUIET_WITHIN_SECONDS = 8  # comments come every 10 s, a head may take 15, an idle connection is closed after 30
# What must be gone altogether.
NOTHING_OF = ["proxy_uses", "streams", "outstanding", "queued", "open_transactions"]


@dataclass
class Round:
    """How a round ended. The figures are of its end, when all is quiet."""
    number: int = 0
    clients: int = 0
    refused: int = 0         # could not be brought so far: told «busy» or «too many», or cut
    quiet_ms: int = 0        # from the last hang-up until nothing was left
    connections: int = 0     # to the gateway, with those that the proxy keeps for its next requests
    proxy_keeps: int = 0
    proxy_uses: int = 0
    streams: int = 0
    outstanding: int = 0
    queued: int = 0          # with the brokers
    open_transactions: int = 0
    descriptors: int = 0     # of the gateway
    other_descriptors: int = 0
    gateway_kib: int = 0
    others_kib: int = 0
    asked: int = 0           # ordinary requests afterwards
    not_answered: int = 0
    slowest_ms: int = 0

    @property
    def left_connections(self):
        return self.connections - self.proxy_keeps

    @property
    def own_descriptors(self):
        """Of the gateway, without those of its connections."""
        return self.descriptors - self.connections


def descriptors(pid):
    return len(list(pathlib.Path(f"/proc/{pid}/fd").iterdir()))


def resident_kib(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise ValueError(f"{pid} has no memory")


class Residue:
    def __init__(self, stack, proxy, processes):
        self.stack = stack
        self.proxy = proxy
        self.processes = processes

    def look(self, row):
        gateway = self.stack.metrics("gateway")
        brokers = [self.stack.metrics(name) for name in ("broker-1", "broker-2")]
        row.proxy_uses, row.proxy_keeps = self.proxy.connections()
        row.connections = int(gateway["vekha_http_connections"])
        row.streams = int(gateway["vekha_event_streams"])
        row.outstanding = int(gateway["vekha_bus_outstanding"])
        row.queued = int(sum(value for broker in brokers for name, value in broker.items()
                             if name.startswith("vekha_broker_queued") or name == "vekha_broker_in_flight"))
        row.open_transactions = self.stack.value(
            "postgres", "SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'"
            " AND (state LIKE 'idle in transaction%' OR (state = 'active' AND usename <> 'postgres'))")
        row.descriptors = descriptors(self.stack.pid("gateway"))
        row.other_descriptors = sum(descriptors(self.stack.pid(name)) for name in self.processes)
        row.other_descriptors += descriptors(self.proxy.process.pid)
        row.gateway_kib = resident_kib(self.stack.pid("gateway"))
        row.others_kib = sum(resident_kib(self.stack.pid(name)) for name in self.processes)
        return row

    def settle(self, row, least):
        """Waits until nothing is left beyond `least`, an earlier row (None: of what has no measure yet)."""
        started = time.monotonic()

        def is_quiet():
            seen = self.look(row)
            return not any(getattr(seen, name) for name in NOTHING_OF) and seen.left_connections <= 0 \
                and (least is None or seen.own_descriptors <= least.own_descriptors)
        try:
            eventually(is_quiet, QUIET_WITHIN_SECONDS, every=0.1)
        except NotInTime:
            pass
        row.quiet_ms = round((time.monotonic() - started) * 1000)
        return row
