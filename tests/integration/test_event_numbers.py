"""Events whose number or publication goes astray: none is skipped, whoever commits late and whatever the network drops."""
import pytest

from builders import item
from waiting import eventually

LISTENERS = ["review", "files", "reporting", "deadlines"]
# A draft that is there already: told once more, it changes nothing but the position.
ONE_MORE = """INSERT INTO {} SELECT {} event_count, batch {} FROM stream
    WHERE event_count = 1 AND position('DraftSaved'::bytea IN batch) > 0 ORDER BY first_number DESC LIMIT 1"""


@pytest.fixture(scope="module")
def saver(world):
    """Saves a value; returns when its event has a number."""
    region = world.region(schools=1)
    round_ = world.open_round(region, [item(f"item-{n}") for n in range(5)], organisations=1)
    respondent = world.respondent(region.schools[0])
    assignments = iter([world.assignment(respondent, f"item-{n}", round_["roundId"]) for n in range(5)])

    def save_and_number():
        before = head(world.stack)
        save_and_number.save()
        eventually(lambda: head(world.stack) > before and not waiting(world.stack), what="the event has its number")
    save_and_number.save = lambda: world.save(respondent, next(assignments), "5")
    return save_and_number


def head(stack):
    return stack.value("submissions", "SELECT coalesce(max(first_number + event_count - 1), 0) FROM stream")


def waiting(stack):
    return stack.value("submissions", "SELECT count(*) FROM outbox")


def wait_heard(stack, number):
    for listener in LISTENERS:
        eventually(lambda: stack.value(listener, "SELECT number FROM inbox_position WHERE stream = 'submissions'")
                   >= number, what=f"{listener} has heard number {number}")


def assert_whole(stack):
    expected = 1
    for row in stack.rows("submissions", "SELECT first_number, event_count FROM stream ORDER BY first_number"):
        assert row["first_number"] == expected
        expected += row["event_count"]


def test_what_commits_late_is_not_passed_over(stack, saver):
    """Positions are given when a transaction writes, events are seen when it commits."""
    saver()
    late = stack.as_service("submissions")
    late.autocommit = False
    try:
        late.cursor().execute(ONE_MORE.format("outbox (event_count, batch)", "", ""))
        saver()
        before = head(stack)
        wait_heard(stack, before)
        late.commit()
    finally:
        late.close()
    eventually(lambda: head(stack) == before + 1, what="the late event has its number")
    assert waiting(stack) == 0
    wait_heard(stack, before + 1)
    assert_whole(stack)


def test_what_is_stored_while_another_numbers_follows(stack, saver):
    """The transaction that stores an event numbers it, but never waits for whoever is numbering."""
    saver()
    before = head(stack)
    other = stack.as_service("submissions")
    other.autocommit = False
    try:
        other.cursor().execute("SELECT pg_advisory_xact_lock(7401001)")
        saver.save()
        assert (waiting(stack), head(stack)) == (1, before)
        other.commit()
    finally:
        other.close()
    eventually(lambda: head(stack) == before + 1, what="the event has its number")
    assert waiting(stack) == 0
    wait_heard(stack, before + 1)
    assert_whole(stack)


def test_what_nobody_published_is_read_all_the_same(stack, saver):
    """Numbered by a sequencer that died before it told anybody: the next heartbeat says how far the numbers go."""
    saver()
    before = head(stack)
    wait_heard(stack, before)
    stack.rows("submissions", ONE_MORE.format(
        "stream (first_number, event_count, batch, numbered_at)",
        "(SELECT max(first_number + event_count) FROM stream),", ", numbered_at"))
    assert head(stack) == before + 1
    wait_heard(stack, before + 1)
