#!/usr/bin/python3
"""A mailing to thousands through cuts of the mail server and kills of the sender: who got how many letters, and how fast.

Trouble comes at even shares of the letters: twice the mail server dies (kill -9) and comes back, three times the sender
does. The clock is moved on over pauses between attempts, and they are not counted as time. scripts/mail-crowd calls it."""
import argparse
import collections
import os
import pathlib
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

import campaigns  # noqa: E402
from builders import World  # noqa: E402
from stack import Stack  # noqa: E402
from waiting import eventually  # noqa: E402

TROUBLE = ["deadlines", "mail", "deadlines", "mail", "deadlines"]
PATIENCE_S = 300


def say(*words):
    print(*words, flush=True)


class Watch:
    """How many letters the mail server has kept, and while that grew how long it took."""

    def __init__(self, stack, before):
        self.stack, self.before = stack, before
        self.seconds, self.grown = 0.0, 0

    def count(self):
        return campaigns.kept(self.stack.folder) - self.before

    def until(self, wanted, what):
        began, first = time.monotonic(), self.count()
        eventually(lambda: self.count() >= wanted, PATIENCE_S, what=what)
        self.seconds += time.monotonic() - began
        self.grown += self.count() - first


def strike(stack, process, watch):
    stack.kill(process)
    at = watch.count()
    if process == "mail":
        # The sender finds nobody there and waits a minute of its own clock.
        eventually(lambda: stack.value("deadlines", "SELECT count(*) FROM mail WHERE state = 'sending'") == 0, PATIENCE_S,
                   what="the sender has noticed")
        stack.configure()
        stack.advance(minutes=2)
    else:
        stack.start(process)
        stack.advance(minutes=6)  # the lease of what it had in hand
    say(f"  {process} killed after {at:,} letters and started again")


def run(stack, addressees):
    world = World(stack)
    region = campaigns.region_of(world, addressees)
    author = world.coordinator(region.code)
    campaign = campaigns.draft(world, author, region)
    watch = Watch(stack, campaigns.kept(stack.folder))
    began = time.monotonic()
    total = campaigns.send(author, campaign)["progress"]["letters"]
    say(f"{total:,} letters written in {time.monotonic() - began:.1f} s")
    for number, process in enumerate(TROUBLE, 1):
        watch.until(total * number // (len(TROUBLE) + 1), f"share {number}")
        strike(stack, process, watch)
    watch.until(total - len(TROUBLE), "almost all letters")
    stack.advance(minutes=30)

    def progress():
        author.login(author.account["login"], author.password)
        seen = author.get("/api/v1/campaigns/{id}", id=campaign["campaignId"])["progress"]
        return seen if seen["sent"] + seen["unconfirmed"] + seen["failed"] == total else None
    done = eventually(progress, PATIENCE_S, every=0.5, what="all letters")
    received = campaigns.received(stack.folder)
    times = collections.Counter(received[campaigns.own_address(code)] for code in region.schools)
    foreign = set(received) - {campaigns.own_address(code) for code in region.schools}
    say(f"{watch.grown:,} letters in {watch.seconds:.1f} s of sending: {watch.grown / watch.seconds:,.0f} a second")
    say(f"told: {done['sent']:,} sent, {done['unconfirmed']} unconfirmed, {done['failed']} failed")
    say("the mail server's count: " + ", ".join(f"{people:,} addresses {count} times" for count, people in sorted(times.items())))
    world.close()
    return set(times) == {1} and not foreign


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--addressees", type=int, default=5000)
    parser.add_argument("--port", type=int, default=int(os.environ.get("VEKHA_PORT", "8074")) + 300)
    parser.add_argument("--build", default=str(ROOT / "build" / "release"))
    parser.add_argument("--folder", required=True)
    options = parser.parse_args()
    os.environ["VEKHA_TEST_BUILD"] = options.build
    stack = Stack.create(pathlib.Path(options.folder), options.port, options=("--fsync", "on"))
    try:
        is_good = run(stack, options.addressees)
    finally:
        stack.remove()
    say("each address got exactly one letter" if is_good else "NOT each address got exactly one letter")
    return 0 if is_good else 1


if __name__ == "__main__":
    sys.exit(main())
