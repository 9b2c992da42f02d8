"""Long lists travel compressed to those who accept it; the same bytes come out, and the connection goes on."""
import gzip
import json
import socket
import zlib

import pytest

from waiting import eventually

SCHOOLS = 400
LIST = "/api/v1/organisations?limit=1000"


@pytest.fixture(scope="module")
def reader(world):
    region = world.region(municipalities=1, schools=SCHOOLS)
    return world.coordinator(region.code)


def read(client, accept, path=LIST, verb="GET"):
    reply = client.raw(verb, path, headers={**client.headers("GET", None, None), "Accept-Encoding": accept})
    assert reply.status == 200
    return reply.headers["Content-Encoding"], reply


def connect(stack, client, accept, path=LIST, verb="GET"):
    connection = socket.create_connection(("127.0.0.1", stack.port), timeout=30)
    connection.sendall(ask(client, accept, path, verb))
    return connection


def ask(client, accept, path=LIST, verb="GET"):
    return (f"{verb} {path} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {client.token}\r\n"
            f"Accept-Encoding: {accept}\r\n\r\n").encode()


def test_the_same_bytes_come_out(reader):
    """Several slices and several chunks."""
    _, plain = read(reader, "identity")
    encoding, packed = read(reader, "gzip, deflate, br")
    assert encoding == "gzip"
    assert packed.headers["Content-Type"] == "application/json"
    assert packed.headers["Vary"] == plain.headers["Vary"] == "Accept-Encoding"
    assert len(plain.body) > 100_000 and len(packed.body) < len(plain.body) / 5
    assert gzip.decompress(packed.body) == plain.body
    assert len(plain.document["organisations"]) >= SCHOOLS


def test_lists_of_every_service_can_be_read(world, reader):
    for path in ["/api/v1/reports/rounds", "/api/v1/rounds", "/api/v1/notifications"]:
        _, plain = read(reader, "identity", path)
        encoding, packed = read(reader, "gzip", path)
        assert (encoding == "gzip") == (len(plain.body) >= 1024)
        assert (gzip.decompress(packed.body) if encoding else packed.body) == plain.body


@pytest.mark.parametrize("accept", ["identity", "br", "gzip;q=0", "gzip;q=0, *", "*;q=0", "gzip;q=0.5, identity", "gzip;q=x", ""])
def test_who_does_not_accept_it_gets_the_bytes_as_they_are(reader, accept):
    encoding, reply = read(reader, accept)
    assert encoding is None
    assert int(reply.headers["Content-Length"]) == len(reply.body)
    assert reply.document["organisations"]


def test_short_answers_and_those_about_sessions_are_not_compressed(reader):
    encoding, reply = read(reader, "gzip", "/api/v1/organisations?limit=1")
    assert (encoding, reply.headers["Vary"]) == (None, "Accept-Encoding")
    for _ in range(8):
        reader.clone().login(reader.login_name, reader.password)
    encoding, reply = read(reader, "gzip", "/api/v1/sessions")
    assert len(reply.body) > 1024
    assert (encoding, reply.headers["Vary"]) == (None, None)


def test_a_head_is_told_of_the_bytes_as_they_are(reader):
    _, plain = read(reader, "identity")
    encoding, reply = read(reader, "gzip", verb="HEAD")
    assert (encoding, reply.headers["Vary"], reply.body) == (None, "Accept-Encoding", b"")
    assert int(reply.headers["Content-Length"]) == len(plain.body)


def test_the_connection_goes_on_after_each(stack, reader):
    """Asked one after the other without waiting: each answer ends where the next begins."""
    _, plain = read(reader, "identity")
    with connect(stack, reader, "gzip") as connection:
        connection.sendall(ask(reader, "gzip", verb="HEAD") + ask(reader, "gzip;q=0") + 2 * ask(reader, "gzip"))
        stream = connection.makefile("rb")
        seen = []
        for verb in ["GET", "HEAD", "GET", "GET", "GET"]:
            headers = read_head(stream)
            body = b"" if verb == "HEAD" else read_body(stream, headers)
            if headers.get("content-encoding") == "gzip":
                body = gzip.decompress(body)
            seen.append((headers.get("content-encoding"), body))
    whole = plain.body
    assert seen == [("gzip", whole), (None, b""), (None, whole), ("gzip", whole), ("gzip", whole)]


def read_head(stream):
    assert stream.readline() == b"HTTP/1.1 200 OK\r\n"
    headers = {}
    while (line := stream.readline()) != b"\r\n":
        name, value = line.decode().split(":", 1)
        headers[name.lower()] = value.strip()
    return headers


def read_body(stream, headers):
    if "content-length" in headers:
        return stream.read(int(headers["content-length"]))
    body = b""
    while size := int(stream.readline(), 16):
        body += stream.read(size)
        assert stream.readline() == b"\r\n"
    assert stream.readline() == b"\r\n"
    return body


def test_an_old_client_gets_no_chunks(stack, reader):
    with socket.create_connection(("127.0.0.1", stack.port), timeout=30) as connection:
        connection.sendall(ask(reader, "gzip").replace(b"HTTP/1.1", b"HTTP/1.0"))
        answer = b"".join(iter(lambda: connection.recv(65536), b""))
    head, body = answer.split(b"\r\n\r\n", 1)
    assert b"Content-Encoding" not in head and b"chunked" not in head
    assert json.loads(body)["organisations"]


def test_a_connection_that_is_to_end_ends_after_the_whole(stack, reader):
    _, plain = read(reader, "identity")
    with socket.create_connection(("127.0.0.1", stack.port), timeout=30) as connection:
        connection.sendall(ask(reader, "gzip").replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
        stream = connection.makefile("rb")
        headers = read_head(stream)
        body = read_body(stream, headers) if "transfer-encoding" in headers else stream.read()
    assert headers["connection"] == "close"
    assert gzip.decompress(body) == plain.body


def test_more_at_once_than_are_compressed(stack, reader):
    """Beyond a number they go as they are; whoever hangs up in the middle gives its place back."""
    _, plain = read(reader, "identity")
    for _ in range(3):
        waiting = [connect(stack, reader, "gzip") for _ in range(30)]
        for connection in waiting[::2]:
            assert connection.recv(100).startswith(b"HTTP/1.1 200")
        for connection in waiting:
            connection.close()
    connections = [connect(stack, reader, "gzip") for _ in range(90)]
    try:
        for connection in connections:
            stream = connection.makefile("rb")
            headers = read_head(stream)
            body = read_body(stream, headers)
            assert (zlib.decompress(body, 31) if "content-encoding" in headers else body) == plain.body
    finally:
        for connection in connections:
            connection.close()
    eventually(lambda: read(reader, "gzip")[0] == "gzip", 15)
