"""Where a client hangs up: each stage brings a connection so far; cutting it is the caller's.

Whoever stands in a stage is a person of the scene with a token; `connection` is a plain or a TLS socket.
"""
import json
import socket
import uuid

from pdf import pdf

DOWNLOAD_BYTES = 3_000_000
UPLOAD_BYTES = 120_000
ANSWER_WITHIN_SECONDS = 30


def head(person, verb, path, key=None, version=None, length=None, kind="application/json", more=""):
    lines = [f"{verb} {path} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {person.token}"]
    lines += [f"Idempotency-Key: {key}"] if key else []
    lines += [f'If-Match: "{version}"'] if version is not None else []
    lines += [f"Content-Type: {kind}", f"Content-Length: {length}"] if length is not None else []
    return ("\r\n".join(lines) + "\r\n" + more + "\r\n").encode()


def read_head(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(1024)
        if not piece:
            raise ConnectionError("no answer")
        data += piece
    return data


class Save:
    """A save under a key of its own: whether it was carried out is asked afterwards."""

    def __init__(self, scene, person):
        self.person = person
        self.assignment = scene.take_assignment(person)
        self.key = str(uuid.uuid4())
        self.body = json.dumps({"value": str(scene.next_number()), "comment": self.key}).encode()
        self.path = f"/api/v1/assignments/{self.assignment['assignmentId']}/value"
        self.head = head(person, "PUT", self.path, self.key, self.assignment["version"], len(self.body))


def after_connecting(scene, connection, person):
    pass


def in_request_line(scene, connection, person):
    connection.sendall(b"GET /api/v1/assi")


def in_headers(scene, connection, person):
    connection.sendall(head(person, "GET", "/api/v1/session")[:120])


def after_headers(scene, connection, person):
    save = Save(scene, person)
    connection.sendall(save.head)
    scene.never.append(save)


def in_body(scene, connection, person):
    save = Save(scene, person)
    connection.sendall(save.head + save.body[:len(save.body) // 2])
    scene.never.append(save)


def after_body(scene, connection, person):
    """Of a command, before its answer: once or not at all."""
    save = Save(scene, person)
    connection.sendall(save.head + save.body)
    scene.perhaps.append(save)


def after_query(scene, connection, person):
    connection.sendall(head(person, "GET", "/api/v1/assignments?limit=500"))


def in_answer(scene, connection, person):
    connection.sendall(head(person, "GET", "/api/v1/assignments?limit=500"))
    connection.recv(64)


def after_answer(scene, connection, person):
    connection.sendall(head(person, "GET", "/api/v1/session"))
    read_head(connection)


def with_five_requests(scene, connection, person):
    """One after the other without waiting."""
    connection.sendall(head(person, "GET", "/api/v1/assignments?limit=50") * 5)


def before_stream(scene, connection, person):
    connection.sendall(head(person, "GET", "/api/v1/events?after=0"))


def in_stream(scene, connection, person):
    connection.sendall(head(person, "GET", "/api/v1/events?after=0"))
    scene.count_stream(read_head(connection).split()[1].decode())


def in_download(scene, connection, person):
    connection.sendall(head(person, "GET", f"/api/v1/documents/{scene.document_of(person)}/content"))
    read_head(connection)


def before_download(scene, connection, person):
    connection.sendall(head(person, "GET", f"/api/v1/documents/{scene.document_of(person)}/content"))


def in_upload(scene, connection, person):
    upload_id = scene.take_upload(person, UPLOAD_BYTES)
    connection.sendall(head(person, "PATCH", f"/api/v1/uploads/{upload_id}", length=UPLOAD_BYTES,
                            kind="application/octet-stream", more="Upload-Offset: 0\r\n"))
    connection.sendall(pdf(padding_bytes=UPLOAD_BYTES)[:UPLOAD_BYTES * 2 // 3])


QUICK = [after_connecting, in_request_line, in_headers, after_headers, in_body, after_body, after_query, in_answer,
         after_answer, with_five_requests, before_stream, in_stream, before_download, in_download, in_upload]


# ---- slow ones: what they send or read a byte a second

def slow_head(scene, connection, person):
    data = head(person, "GET", "/api/v1/session", more="X-Slow: " + "s" * 1000 + "\r\n")
    return lambda second: connection.send(data[second:second + 1])


def slow_body(scene, connection, person):
    save = Save(scene, person)
    connection.sendall(save.head)
    scene.never.append(save)
    return lambda second: connection.send(save.body[second:second + 1]) if second < len(save.body) - 1 else None


def slow_upload(scene, connection, person):
    upload_id = scene.take_upload(person, UPLOAD_BYTES)
    connection.sendall(head(person, "PATCH", f"/api/v1/uploads/{upload_id}", length=UPLOAD_BYTES,
                            kind="application/octet-stream", more="Upload-Offset: 0\r\n"))
    return lambda second: connection.send(b"%")


def slow_reader(scene, connection, person):
    connection.sendall(head(person, "GET", f"/api/v1/documents/{scene.document_of(person)}/content"))
    return lambda second: connection.recv(1)


def slow_stream(scene, connection, person):
    connection.sendall(head(person, "GET", "/api/v1/events?after=0"))
    return lambda second: connection.recv(1)


SLOW = [slow_head, slow_body, slow_upload, slow_reader, slow_stream]


def small_window(connection):
    """Of a socket not yet connected: answers do not fit into what the kernel holds."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
