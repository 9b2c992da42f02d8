"""Clients that send or read a byte a second, until they are cut or hang up themselves."""
import itertools
import ssl
import threading
import time
from collections import Counter

import stages
from scene import cut

STEP_SECONDS = 1.0


class SlowOnes:
    """All on one thread: between two bytes nobody waits."""

    def __init__(self, scene, count, round_number):
        self.clients = Counter()  # (stage, way, how) -> clients
        self.open = []
        self.ended = 0
        self.stop = threading.Event()
        self.begun = time.monotonic()
        kinds = itertools.product(range(-(-count // len(stages.SLOW))), stages.SLOW, scene.ways)
        for number, (turn, stage, way) in enumerate(kinds):
            person = scene.people[number % len(scene.people)]
            connection = way.connect()
            with_reset = (turn + round_number) % 2 == 0
            self.clients[(stage.__name__, way.name, "RST" if with_reset else "FIN")] += 1
            try:
                self.open.append((connection, stage(scene, connection, person), with_reset))
            except OSError:
                cut(connection, with_reset)
                continue
            connection.setblocking(False)
        self.thread = threading.Thread(target=self.run, name="slow", daemon=True)
        self.thread.start()

    def run(self):
        for second in itertools.count():
            if self.stop.wait(STEP_SECONDS) or not self.open:
                return
            for one in list(self.open):
                connection, step, with_reset = one
                try:
                    step(second)
                except (BlockingIOError, InterruptedError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
                    continue
                except OSError:
                    # Cut from the other side: what is too slow has an end.
                    self.open.remove(one)
                    self.ended += 1
                    cut(connection, with_reset)

    def end(self, seconds):
        """Lets them go on until `seconds` after their begin; then they hang up."""
        self.thread.join(max(0, seconds - (time.monotonic() - self.begun)))
        self.stop.set()
        self.thread.join()
        for connection, _, with_reset in self.open:
            cut(connection, with_reset)
