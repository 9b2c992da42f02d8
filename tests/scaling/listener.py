"""Readers of the event stream through the proxy: when it ends they come again with the last number they have."""
import socket
import threading
import time

from client import log_in_again
from vekha_client import Problem
from waiting import NotInTime, eventually
from worker import TROUBLE

AGAIN_SECONDS = 0.2
WHAT = "GET /api/v1/events"


class Listener(threading.Thread):
    def __init__(self, person, tally, go_to):
        super().__init__(name="listener", daemon=True)
        self.person = person.clone()
        self.person.go_to(*go_to)
        self.tally = tally
        self.numbers = []
        self.is_over = False
        self.stream = None
        self.begun = 0  # streams

    def run(self):
        while not self.is_over:
            started = time.monotonic()
            try:
                self.listen()
            except EOFError:  # ended in order: a gateway that stops
                pass
            except Problem as problem:
                if problem.status == 401:
                    log_in_again(self.person)
                else:
                    self.tally.took(WHAT, problem.status, (time.monotonic() - started) * 1000)
            except TROUBLE as error:
                if not self.is_over:
                    self.tally.took(WHAT, repr(error), (time.monotonic() - started) * 1000)
            time.sleep(AGAIN_SECONDS)

    def listen(self):
        with self.person.watch(self.numbers[-1] if self.numbers else 0) as self.stream:
            self.begun += 1
            while not self.is_over:
                number, _, _ = self.stream.next_message()
                self.numbers.append(int(number))

    def end(self):
        self.is_over = True
        if self.stream and self.stream.connection.sock:
            self.stream.connection.sock.shutdown(socket.SHUT_RDWR)
        self.join(30)


def compare(listeners, person):
    """What listeners have missed, got twice or in disorder: against one who reads it all at the end."""
    last = max((listener.numbers[-1] for listener in listeners if listener.numbers), default=0)
    if not last:
        return ["nobody heard of any event"]
    whole = []
    with person.clone() as reader, reader.watch(0) as stream:
        while not whole or whole[-1] < last:
            whole.append(int(stream.next_message()[0]))
    try:
        eventually(lambda: all(len(one.numbers) >= len(whole) for one in listeners), 15)
    except NotInTime:
        pass
    return [f"listener {number}: {len(set(whole) - set(one.numbers))} events missed,"
            f" {len(one.numbers) - len(set(one.numbers))} twice, of {len(whole)}"
            for number, one in enumerate(listeners, 1) if one.numbers[:len(whole)] != whole]
