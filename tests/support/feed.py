"""A subscriber of the status feed over ZeroMQ, and the message types as protoc makes them from proto/feed.proto."""
import importlib
import pathlib
import subprocess
import sys
import tempfile

import zmq
from zmq.utils.monitor import recv_monitor_message

ROOT = pathlib.Path(__file__).resolve().parents[2]


def make_messages(folder):
    """feed_pb2.py in this folder."""
    subprocess.run(["protoc", f"-I{ROOT / 'proto'}", f"--python_out={folder}", "feed.proto"], check=True)


def load_messages():
    with tempfile.TemporaryDirectory() as folder:
        make_messages(folder)
        sys.path.insert(0, folder)
        try:
            return importlib.import_module("feed_pb2")
        finally:
            sys.path.remove(folder)


messages = load_messages()


class Subscriber:
    """One connection with one key; ask() sends, answer() takes, so that a test may leave one of them out."""

    def __init__(self, door, pair, address=None):
        self.context = zmq.Context.instance()
        self.socket = self.context.socket(zmq.DEALER)
        self.socket.linger = 0
        if pair is not None:
            self.socket.curve_serverkey = door["serverKey"].encode()
            self.socket.curve_publickey, self.socket.curve_secretkey = pair
        self.monitor = self.socket.get_monitor_socket()
        self.socket.connect(address or door["addresses"][0])

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.disable_monitor()
        self.monitor.close()
        self.socket.close()

    def ask(self, after=0, **fields):
        self.socket.send(messages.Ask(after=after, **fields).SerializeToString())

    def answer(self, within=15.0):
        """The next Batch; None: none came."""
        return messages.Batch.FromString(self.socket.recv()) if self.socket.poll(within * 1000) else None

    def read(self, after=0, **fields):
        self.ask(after, **fields)
        return self.answer()

    def collect(self, count, after=0, **fields):
        """At least so many events, and up to where that is."""
        events = []
        while len(events) < count:
            batch = self.read(after, **fields)
            assert batch is not None and not batch.refusal, batch
            events += batch.events
            after = batch.after
        return events, after

    def is_refused(self, how, within=15.0):
        """True when the socket's monitor tells this of the handshake, False when that has succeeded."""
        while self.monitor.poll(within * 1000):
            event = recv_monitor_message(self.monitor)["event"]
            if event in (how, zmq.EVENT_HANDSHAKE_SUCCEEDED):
                return event == how
        return False


def new_pair():
    return zmq.curve_keypair()
