#!/usr/bin/env python3
"""Follows Vekha's status feed over ZeroMQ and counts what happens; goes on where it stopped.

    watch.py --new-key KEYS                  makes a key pair; its public half goes to the administrator
    watch.py [options] KEYS SERVER_KEY ADDRESS...
                                             tcp://host:port of each door, as the administrator's page shows them
    --memory FILE       where it remembers how far it is (feed.json)
    --territory CODE    a part of the key's: 74.12
    --events            prints each event as well

Needs python3-zmq, python3-protobuf, and feed_pb2.py: protoc --python_out=. feed.proto
"""
import collections
import getopt
import itertools
import json
import os
import pathlib
import sys
import time

import zmq

WAIT_MS = 10000
SILENCE_MS = WAIT_MS + 2000
PAUSE_S = 1


def new_key(path):
    public, secret = zmq.curve_keypair()
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(public + b"\n" + secret + b"\n")
    print(public.decode())


class Memory:
    """The number and what was made of everything up to it, in one file: both are old or both are new."""

    def __init__(self, path):
        self.path = pathlib.Path(path)
        self.after, self.counters = 0, collections.Counter()
        if self.path.exists():
            known = json.loads(self.path.read_text())
            self.after, self.counters = known["after"], collections.Counter(known["counters"])

    def keep(self):
        new = self.path.with_suffix(".new")
        with open(new, "w", encoding="ascii") as file:
            json.dump({"after": self.after, "counters": self.counters}, file)
            file.flush()
            os.fsync(file.fileno())
        new.replace(self.path)


class Feed:
    """A door at a time: whoever is silent is left for the next one, always with a new socket."""

    def __init__(self, keys, server_key, addresses):
        self.keys, self.server_key = pathlib.Path(keys).read_bytes().split(), server_key.encode()
        self.addresses = itertools.cycle(addresses)
        self.context, self.socket = zmq.Context(), None

    def connect(self):
        self.close()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.linger = 0
        self.socket.curve_serverkey = self.server_key
        self.socket.curve_publickey, self.socket.curve_secretkey = self.keys
        # Finds a path that is gone before the answer is due.
        self.socket.heartbeat_ivl, self.socket.heartbeat_timeout = 5000, 5000
        self.socket.connect(next(self.addresses))

    def close(self):
        if self.socket is not None:
            self.socket.close()
        self.socket = None

    def ask(self, packed):
        """The answer, or None: nobody is there."""
        if self.socket is None:
            self.connect()
        self.socket.send(packed)
        if self.socket.poll(SILENCE_MS):
            return self.socket.recv()
        self.close()
        return None


def follow(feed, options, feed_pb2):
    memory = Memory(options["--memory"])
    while True:
        ask = feed_pb2.Ask(after=memory.after, territory=options["--territory"], wait_ms=WAIT_MS)
        answer = feed.ask(ask.SerializeToString())
        if answer is None:
            print("nobody answers: is the key issued, the address right?", file=sys.stderr)
            continue
        batch = feed_pb2.Batch.FromString(answer)
        if batch.refusal == feed_pb2.REFUSAL_BUSY:
            time.sleep(PAUSE_S)
            continue
        if batch.refusal:
            return feed_pb2.Refusal.Name(batch.refusal)
        for event in batch.events:
            memory.counters[event.state] += 1
            if "--events" in options:
                print(event.number, event.state, event.organisation_path, event.assignment_id, event.at)
        memory.after = batch.after
        memory.keep()
        if batch.events:
            print(f"after {batch.after}:", ", ".join(f"{state} {memory.counters[state]}" for state in sorted(memory.counters)))
        sys.stdout.flush()


def main():
    # Not argparse: a server's key may begin with a hyphen.
    given, positional = getopt.getopt(sys.argv[1:], "", ["new-key=", "memory=", "territory=", "events"])
    options = {"--memory": "feed.json", "--territory": "", **dict(given)}
    if "--new-key" in options:
        new_key(options["--new-key"])
        return 0
    if len(positional) < 3:
        print(__doc__, file=sys.stderr)
        return 2
    import feed_pb2  # made by protoc, beside this file or on PYTHONPATH
    keys, server_key, *addresses = positional
    refusal = follow(Feed(keys, server_key, addresses), options, feed_pb2)
    print(refusal, file=sys.stderr)
    return 1


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(0)
