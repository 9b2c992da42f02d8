"""Dashboards that come back all at once, as after a restart: each begins, and nobody else is turned away meanwhile."""
import contextlib
import socket

import pytest

from waiting import eventually

PEOPLE, STREAMS_OF_EACH = 10, 8
# One worker takes 32 questions from each broker; so these are more than find room.
NARROW = ["--set", "broker-1.queue_limit=4", "--set", "broker-2.queue_limit=4", "--set", "reporting.query_threads=1"]


@pytest.fixture(scope="module")
def region(own_stack, own_world):
    own_stack.configure(*NARROW)
    return own_world.region(municipalities=1, schools=PEOPLE)


@pytest.fixture(scope="module")
def people(own_world, region):
    return [own_world.respondent(school) for school in region.schools]


@pytest.fixture(scope="module")
def coordinator(own_world, region):
    return own_world.coordinator(region.code)


def ask(stack, person, path):
    connection = socket.create_connection(("127.0.0.1", stack.port), timeout=30)
    connection.sendall((f"GET {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {person.token}\r\n\r\n").encode())
    return connection


def first_line(connection):
    return connection.makefile("rb").readline().decode().strip()


@contextlib.contextmanager
def standing_still(stack):
    """What comes meanwhile is there before the first answer."""
    stack.pause("reporting")
    try:
        yield
    finally:
        stack.resume("reporting")


def open_streams(stack, people):
    connections = [ask(stack, person, "/api/v1/events?after=0") for person in people for _ in range(STREAMS_OF_EACH)]
    eventually(lambda: stack.metrics("gateway")["vekha_event_streams"] == len(connections), 5, every=0.01)
    return connections


def answers_of(connections):
    try:
        return {first_line(connection) for connection in connections}
    finally:
        for connection in connections:
            connection.close()


def test_many_streams_begin_at_once(own_stack, people):
    with standing_still(own_stack):
        streams = open_streams(own_stack, people)
    assert answers_of(streams) == {"HTTP/1.1 200 OK"}
    eventually(lambda: own_stack.metrics("gateway")["vekha_event_streams"] == 0, 10)


def test_they_leave_room_for_others(own_stack, coordinator, people):
    with standing_still(own_stack):
        streams = open_streams(own_stack, people)
        others = [ask(own_stack, coordinator, "/api/v1/reports/rounds") for _ in range(20)]
    assert answers_of(others) == {"HTTP/1.1 200 OK"}
    assert answers_of(streams) == {"HTTP/1.1 200 OK"}
    eventually(lambda: own_stack.metrics("gateway")["vekha_event_streams"] == 0, 10)


def test_they_wait_while_a_queue_is_full(own_stack, coordinator, people):
    with standing_still(own_stack):
        others = [ask(own_stack, coordinator, "/api/v1/reports/rounds") for _ in range(150)]
        eventually(lambda: own_stack.metrics("gateway")["vekha_bus_outstanding"] >= 64, 5, every=0.01)
        streams = open_streams(own_stack, people)
    assert answers_of(others) == {"HTTP/1.1 200 OK", "HTTP/1.1 503 Service Unavailable"}
    assert answers_of(streams) == {"HTTP/1.1 200 OK"}


def test_those_who_hang_up_in_line_are_forgotten(own_stack, people):
    with standing_still(own_stack):
        for stream in open_streams(own_stack, people):
            stream.close()
        eventually(lambda: own_stack.metrics("gateway")["vekha_event_streams"] == 0, 10)
    with people[0].watch(0) as stream:
        assert stream.response.readline().startswith(b"retry:")
