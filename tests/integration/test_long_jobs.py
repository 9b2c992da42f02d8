"""Work that may take minutes: one replica at a time does it, a stop ends it at once, and it is done once after all (I4)."""
import datetime

import psycopg2
import pytest
from waiting import eventually

from builders import item

REPLICAS = ("reporting", "reporting.2")
SCHOOLS, ITEMS = 3, 2


def sessions(stack):
    return stack.rows("postgres", "SELECT pid, state, wait_event_type AS waits_for, query_start FROM pg_stat_activity"
                                  " WHERE application_name = 'forecast' AND datname = 'reporting'")


def kept_waiting(stack):
    return [one for one in sessions(stack) if one["waits_for"] == "Lock"]


@pytest.fixture(scope="module")
def place(own_world):
    own_world.stack.configure("--replicas", "reporting=2")
    region = own_world.region(municipalities=1, schools=SCHOOLS)
    opened = own_world.open_round(region, [item(f"item-{number}") for number in range(ITEMS)], organisations=SCHOOLS)
    own_world.wait_until_heard("reporting", "submissions")
    own_world.due_at = own_world.stack.value("reporting", "SELECT due_at FROM round WHERE round_id = %s",
                                               opened["roundId"])
    return own_world


@pytest.fixture
def held(place):
    """Somebody holds what outcomes are written to."""
    connection = psycopg2.connect(host=place.stack.settings["socket"], user="postgres", dbname="reporting")
    connection.cursor().execute("LOCK TABLE forecast_rate IN EXCLUSIVE MODE")
    yield connection
    connection.close()


def test_one_at_a_time_ended_by_a_stop_and_done_once(place, held):
    stack = place.stack
    stack.set_clock(place.due_at + datetime.timedelta(minutes=5))
    [first] = eventually(lambda: kept_waiting(stack), 30, what="a run that has to wait")

    def other_went_by():
        return [one for one in sessions(stack) if one["pid"] != first["pid"] and one["state"] == "idle"
                and one["query_start"] > first["query_start"] + datetime.timedelta(seconds=2)]
    eventually(other_went_by, 30, what="runs of the other replica, with nothing to do")
    assert [one["pid"] for one in kept_waiting(stack)] == [first["pid"]]

    # Whichever of them it was: the one that is left goes on with it, and the last one leaves nothing that waits.
    stack.stop(REPLICAS[0])
    eventually(lambda: len(kept_waiting(stack)) == 1, 30, what="the replica that is left takes it")
    stack.stop(REPLICAS[1])
    eventually(lambda: not sessions(stack), 30, what="no statement that nobody waits for")
    assert stack.value("reporting", "SELECT count(*) FROM forecast_rate") == 0

    held.rollback()
    stack.start(*REPLICAS)
    eventually(lambda: stack.value("reporting", "SELECT bool_and(done_to = %s) FROM forecast_round", place.due_at), 60,
               what="all moments of the round")
    cases = stack.rows("reporting", "SELECT days, sum(cases) AS cases FROM forecast_rate WHERE unit = '' GROUP BY days")
    assert cases and {one["cases"] for one in cases} == {SCHOOLS * ITEMS}
    assert not [name for name in REPLICAS if "job failed" in stack.log(name)]
