"""Waiting for a condition with a deadline; no test proves anything by sleeping."""
import time


class NotInTime(AssertionError):
    pass


def eventually(condition, within=10.0, every=0.02, what=None):
    """Calls condition until it gives something true and returns that. An AssertionError of it means: not yet."""
    deadline = time.monotonic() + within
    last = None
    while True:
        try:
            last = condition()
            if last:
                return last
        except AssertionError as error:
            last = error
        if time.monotonic() >= deadline:
            raise NotInTime(f"{what or 'it'} did not happen within {within} s; last seen: {last!r}")
        time.sleep(every)


def never(condition, during=1.0, every=0.05, what=None):
    """The condition stays false all the time: for what must not happen after everything it depends on has."""
    deadline = time.monotonic() + during
    while time.monotonic() < deadline:
        seen = condition()
        assert not seen, f"{what or 'it'} happened: {seen!r}"
        time.sleep(every)
