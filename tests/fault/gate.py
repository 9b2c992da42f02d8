"""Lets all clients work or holds all of them between two acts."""
import threading
import time


class Gate:
    def __init__(self):
        self.changed = threading.Condition()
        self.is_open = False
        self.is_over = False
        self.busy = 0

    def enter(self):
        """Waits until work is wanted; False: never again."""
        with self.changed:
            self.changed.wait_for(lambda: self.is_open or self.is_over)
            self.busy += not self.is_over
            return not self.is_over

    def leave(self):
        with self.changed:
            self.busy -= 1
            self.changed.notify_all()

    def open(self):
        with self.changed:
            self.is_open = True
            self.changed.notify_all()

    def close(self, seconds):
        """Returns when nobody is in the middle of anything; False: somebody still is."""
        with self.changed:
            self.is_open = False
            return self.changed.wait_for(lambda: self.busy == 0, seconds)

    def end(self):
        with self.changed:
            self.is_over = True
            self.changed.notify_all()


def milliseconds_since(moment):
    return round((time.monotonic() - moment) * 1000)
