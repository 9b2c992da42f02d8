"""Connections: many at once, kept, cut, slow; and streams that end when their session does."""
import concurrent.futures
import http.client
import json
import socket
import struct
import time

import pytest

from builders import item
from pdf import pdf
from vekha_client import Problem
from waiting import eventually


@pytest.fixture(scope="module")
def region(world):
    return world.region(municipalities=1, schools=3)


@pytest.fixture(scope="module")
def person(world, region):
    return world.respondent(region.schools[0])


@pytest.fixture(scope="module")
def assignment(world, region, person):
    round_ = world.open_round(region, [item("with-document", evidence="Приказ")], organisations=3)
    return world.assignment(person, "with-document", round_["roundId"])


def connect(stack):
    return socket.create_connection(("127.0.0.1", stack.port), timeout=30)


def request(person, path="/api/v1/session", verb="GET", more=""):
    return (f"{verb} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {person.token}\r\n{more}\r\n").encode()


def read_head(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(4096)
        if not piece:
            break
        data += piece
    return data


def gauge(stack, name):
    return stack.metrics("gateway")[name]


@pytest.mark.parametrize("count", [128, 256, 600])
def test_hundreds_of_connections_ask_at_once(stack, person, count):
    """The library's own loop stalls at multiples of 128 ready connections; ours must not. What no queue has room for
    is told at once."""
    connections = [connect(stack) for _ in range(count)]
    answers = []
    try:
        for _ in range(2):
            for connection in connections:
                connection.sendall(request(person))
            answers += [read_head(connection) for connection in connections]
    finally:
        for connection in connections:
            connection.close()
    good = [answer for answer in answers if answer.startswith(b"HTTP/1.1 200")]
    busy = [answer for answer in answers if answer.startswith(b"HTTP/1.1 503") and b"\r\nRetry-After: " in answer]
    assert len(good) + len(busy) == 2 * count
    assert len(good) >= 200
    eventually(lambda: gauge(stack, "vekha_http_connections") < 50, 10)


def test_clients_that_hang_up_leave_nothing_behind(stack, person):
    for _ in range(3):
        for _ in range(100):
            connection = connect(stack)
            connection.sendall(request(person))
            connection.close()
    eventually(lambda: gauge(stack, "vekha_bus_outstanding") == 0, 15)
    eventually(lambda: gauge(stack, "vekha_http_connections") < 20, 15)
    assert person.get("/api/v1/session")["login"]


@pytest.mark.parametrize("begun", [
    "GET /api/v1/assi", "GET /api/v1/session HTTP/1.1\r\nHost: x\r\n",
    "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{",
], ids=["line", "head", "body"])
def test_half_a_request_goes_with_its_client(stack, begun):
    """A FIN that comes with the last bytes is overlooked by the library; the limits for slow ones would end it late."""
    before = gauge(stack, "vekha_http_connections")
    connections = [connect(stack) for _ in range(20)]
    for connection in connections:
        connection.sendall(begun.encode())
        connection.close()
    eventually(lambda: gauge(stack, "vekha_http_connections") <= before, 5)


def test_a_kept_connection_outlives_refusals(stack, person):
    with connect(stack) as connection:
        for verb, path, more, code in [
                ("GET", "/api/v1/nothing", "", b"404"),
                ("PUT", "/api/v1/session", "Content-Length: 0\r\n", b"405"),
                ("POST", "/api/v1/uploads", "Content-Type: text/plain\r\nContent-Length: 5\r\n", b"415"),
                ("GET", "/api/v1/session", "", b"200")]:
            connection.sendall(request(person, path, verb, more) + (b"12345" if "5\r\n" in more else b""))
            head = read_head(connection)
            assert head.startswith(b"HTTP/1.1 " + code), head
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            body = head.split(b"\r\n\r\n", 1)[1]
            while len(body) < length:
                body += connection.recv(4096)


def test_requests_may_follow_one_another_without_waiting(stack, person):
    with connect(stack) as connection:
        connection.sendall(request(person) * 5)
        data = b""
        while data.count(b'"login"') < 5:
            piece = connection.recv(65536)
            assert piece
            data += piece
    assert data.count(b"HTTP/1.1 200") == 5


def test_a_long_refused_body_costs_the_connection(stack, person):
    with connect(stack) as connection:
        connection.sendall(request(person, "/api/v1/nothing", "POST", "Content-Length: 100000000\r\n"))
        assert read_head(connection).startswith(b"HTTP/1.1 404")
        connection.settimeout(5)
        rest = b""
        try:
            while piece := connection.recv(65536):
                rest += piece
        except ConnectionResetError:
            pass
        assert b"HTTP/1.1" not in rest


@pytest.mark.parametrize("head", [
    "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ",
    "POST /api/v1/session HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 5000\r\n\r\n",
], ids=["head", "body"])
def test_what_comes_byte_by_byte_is_cut(stack, head):
    started = time.monotonic()
    with connect(stack) as connection:
        connection.settimeout(0.5)
        data, is_open = head.encode(), True
        while is_open and time.monotonic() - started < 25:
            try:
                connection.sendall(data)
                data = b" "
                is_open = connection.recv(100) != b""
            except socket.timeout:
                continue
            except (ConnectionResetError, BrokenPipeError):
                is_open = False
    assert not is_open
    assert 5 < time.monotonic() - started < 25


def test_a_cut_download_does_not_disturb_others(stack, person, assignment):
    content = pdf(padding_bytes=5_000_000)
    document = person.upload(assignment["assignmentId"], content)
    for _ in range(20):
        with connect(stack) as connection:
            connection.sendall(request(person, f"/api/v1/documents/{document['documentId']}/content"))
            assert read_head(connection).startswith(b"HTTP/1.1 200")
    assert person.download(document["documentId"]).body == content
    eventually(lambda: gauge(stack, "vekha_bus_outstanding") == 0, 15)


def test_an_upload_cut_in_the_middle_goes_on_from_what_arrived(stack, person, assignment):
    content = pdf(padding_bytes=400_000)
    upload = person.begin_upload(assignment["assignmentId"], "Отчёт.pdf", len(content))
    path = f"/api/v1/uploads/{upload['uploadId']}"
    with connect(stack) as connection:
        more = (f"Content-Type: application/octet-stream\r\nUpload-Offset: 0\r\nContent-Length: {len(content)}\r\n")
        connection.sendall(request(person, path, "PATCH", more) + content[:200_000])
        offset = int(eventually(lambda: int(person.get(path)["offset"]) >= 3 * 65536 and person.get(path)["offset"], 10))
    assert offset % 65536 == 0
    assert int(person.append_upload(upload["uploadId"], offset, content[offset:])["offset"]) == len(content)
    document = person.complete_upload(upload["uploadId"])
    assert person.download(document["documentId"]).body == content


def test_streams_of_one_account_have_a_limit(person):
    """Whoever closes them all may open as many at once: what is closed does not count, nor wait for a comment."""
    for _ in range(5):
        streams = [person.watch(0) for _ in range(8)]
        try:
            with pytest.raises(Problem) as refused:
                person.watch(0)
            assert (refused.value.status, refused.value.code) == (429, "too_many_streams")
            assert refused.value.reply.headers["Retry-After"]
        finally:
            for stream in streams:
                stream.close()


@pytest.mark.parametrize("way", ["closed", "half", "reset"])
def test_a_stream_whose_client_hangs_up_is_over_before_its_next_comment(stack, person, way):
    eventually(lambda: gauge(stack, "vekha_event_streams") == 0, 15)
    with person.watch(10**9) as stream:
        assert stream.response.readline().startswith(b"retry:")
        assert gauge(stack, "vekha_event_streams") == 1
        if way == "half":
            stream.connection.sock.shutdown(socket.SHUT_WR)
        elif way == "reset":
            stream.connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        if way != "half":
            stream.close()
        # A comment comes every 10 s.
        eventually(lambda: gauge(stack, "vekha_event_streams") == 0, 5)


def test_a_stream_ends_with_its_session(world, region):
    somebody = world.respondent(region.schools[1])
    with somebody.watch(0) as stream:
        somebody.logout()
        with pytest.raises(EOFError):
            while True:
                stream.next()


def test_a_stream_speaks_when_nothing_happens(world, region):
    somebody = world.respondent(region.schools[2])
    with somebody.watch(10**9) as stream:
        started = time.monotonic()
        line = stream.response.readline()
        while not line.startswith(b":"):
            line = stream.response.readline()
        assert time.monotonic() - started < 15


def test_answers_come_in_the_language_asked_for(person, world):
    for language, title in [("en", "Not found"), ("ru", "Не найдено"), ("de, en;q=0.5", "Not found"), ("", "Не найдено")]:
        reply = person.ask("GET", "/api/v1/nothing", headers={"Accept-Language": language})
        assert reply.document["title"] == title
        assert reply.headers["Content-Language"] == ("en" if title == "Not found" else "ru")
        assert reply.headers["Content-Type"] == "application/problem+json"


def test_the_document_of_the_interface_is_served_and_cached(stack):
    connection = http.client.HTTPConnection("127.0.0.1", stack.port, timeout=10)
    connection.request("GET", "/api/v1/openapi.json")
    reply = connection.getresponse()
    document = json.loads(reply.read())
    assert document["openapi"] == "3.1.0"
    tag = reply.headers["ETag"]
    connection.request("GET", "/api/v1/openapi.json", headers={"If-None-Match": tag})
    again = connection.getresponse()
    assert (again.status, again.read()) == (304, b"")
    connection.request("HEAD", "/api/v1/openapi.json")
    head = connection.getresponse()
    assert (head.status, head.read()) == (200, b"")
    connection.close()


def test_many_different_requests_at_once_are_not_mixed_up(world, region, person):
    """Each of sixteen connections gets its own answers: nobody sees another's."""
    people = [person, world.operator(region.code), world.coordinator(region.authorities[0])]

    def run(number):
        client = people[number % len(people)].clone()
        for _ in range(40):
            assert client.get("/api/v1/session")["login"] == people[number % len(people)].login_name
        client.close()

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(run, range(16)))
