"""What is done to a working system: nothing, more replicas, fewer, each replaced by a new process, one frozen, one slowed down."""
import signal
import threading
import time

from stack import SERVICES
from waiting import eventually

MOST = 4
BROKERS = ["broker-1", "broker-2"]
FROZEN_SECONDS = 4
SLOW_SECONDS = 6
DETECTED_WITHIN_SECONDS = 30


def replicas_of(service, count):
    return [service, *(f"{service}.{number}" for number in range(2, count + 1))]


class Scaling:
    """1 -> 4, each of the four replaced, 4 -> 1, the only one replaced."""

    def __init__(self, service):
        self.name = service
        self.service = service

    def carry_out(self, site):
        site.stack.run("up", "--replicas", f"{self.service}={MOST}")
        site.work()
        for process in replicas_of(self.service, MOST):
            site.replace(process)
        site.stack.run("up", "--replicas", f"{self.service}=1")
        site.work()
        site.replace(self.service)


class Replacing:
    """Each of two in turn, twice; one is always there."""

    def __init__(self, name, processes):
        self.name = name
        self.processes = processes

    def carry_out(self, site):
        for process in self.processes * 2:
            site.replace(process)


class Resting:
    """Nothing: what the machine itself takes."""
    name = "nothing"

    def carry_out(self, site):
        site.work(10)


def workers(site, service):
    """How many workers of this lane each broker gives work to."""
    return [site.stack.metrics(broker)[f'vekha_broker_workers{{lane="{service}"}}'] for broker in BROKERS]


def answered(site, process):
    return sum(value for name, value in site.stack.metrics(process).items() if name.startswith("vekha_answers_total"))


class Freezing:
    """One of three stands still: it is found out, gets nothing more, and is taken back when it wakes up."""

    def __init__(self, service):
        self.name = f"frozen {service}"
        self.service = service

    def carry_out(self, site):
        process = f"{self.service}.2"
        site.stack.run("up", "--replicas", f"{self.service}=3")
        before = eventually(lambda: min(now := workers(site, self.service)) >= 3 and now, 10)
        site.work()
        site.stack.signal(process, signal.SIGSTOP)
        try:
            begun = time.monotonic()
            eventually(lambda: all(now < then for now, then in zip(workers(site, self.service), before)),
                       DETECTED_WITHIN_SECONDS, what=f"both brokers have given {process} up")
            site.note(f"found frozen after {round((time.monotonic() - begun) * 1000)} ms")
            site.work(max(0, FROZEN_SECONDS - (time.monotonic() - begun)))
        finally:
            site.stack.signal(process, signal.SIGCONT)
        eventually(lambda: workers(site, self.service) == before, DETECTED_WITHIN_SECONDS, what=f"{process} is back")
        site.work()
        site.stack.run("up", "--replicas", f"{self.service}=1")


class Slowing:
    """One of three gets a tenth of the time: it is given less to do than the others."""

    def __init__(self, service):
        self.name = f"slow {service}"
        self.service = service

    def carry_out(self, site):
        processes = replicas_of(self.service, 3)
        slow = processes[1]
        site.stack.run("up", "--replicas", f"{self.service}=3")
        eventually(lambda: min(workers(site, self.service)) >= 3, 10)
        over = threading.Event()

        def slow_down():
            while not over.wait(0.02):
                site.stack.signal(slow, signal.SIGSTOP)
                over.wait(0.18)
                site.stack.signal(slow, signal.SIGCONT)
        thread = threading.Thread(target=slow_down, daemon=True)
        before = {process: answered(site, process) for process in processes}
        thread.start()
        try:
            site.work(SLOW_SECONDS)
        finally:
            over.set()
            thread.join()
        shares = {process: answered(site, process) - before[process] for process in processes}
        others = [shares[process] for process in processes if process != slow]
        site.note(f"the slow one did {shares[slow]:.0f}, the others {others[0]:.0f} and {others[1]:.0f}")
        if shares[slow] >= min(others):
            site.find(f"a slow replica of {self.service} gets as much work as the others: {shares}")
        site.stack.run("up", "--replicas", f"{self.service}=1")


def all_moves():
    yield Resting()
    yield from (Scaling(service) for service in SERVICES)
    yield Replacing("brokers", BROKERS)
    yield Replacing("gateways", ["gateway", "gateway.2"])
    yield Freezing("submissions")
    yield Slowing("submissions")
