"""A hundred malformed requests: each gets a 4xx problem document (or a closed connection where HTTP itself is broken),
none a 5xx, nothing crashes, nothing changes."""
import json
import socket
import uuid

import pytest

FOREIGN = "01234567-89ab-4def-8123-456789abcdef"


@pytest.fixture(scope="module")
def desk(world):
    """A respondent with an open number item; the operator of the region."""
    region = world.region(municipalities=1, schools=2)
    world.open_round(region)
    respondent = world.respondent(region.schools[0])
    return Desk(world, respondent, world.operator(region.code), world.assignment(respondent, "number"))


class Desk:
    def __init__(self, world, respondent, operator, assignment):
        self.world, self.respondent, self.operator, self.assignment = world, respondent, operator, assignment
        self.path = f"/api/v1/assignments/{assignment['assignmentId']}/value"

    def state(self):
        """Everything these requests could have changed."""
        stack = self.world.stack
        queries = {"submissions": "SELECT count(*) || ':' || coalesce(sum(version), 0) FROM assignment",
                   "review": "SELECT count(*)::text FROM verdict",
                   "auth": "SELECT (SELECT count(*) FROM account) || ':' || (SELECT count(*) FROM organisation)",
                   "files": "SELECT count(*)::text FROM document"}
        return {database: stack.value(database, sql) for database, sql in queries.items()}

    def send(self, raw):
        """Raw bytes in; status, body and number of good answers out; (0, b"", 0) when the server just closes."""
        answer = b""
        with socket.create_connection(("127.0.0.1", self.world.stack.port), timeout=2) as connection:
            try:
                connection.sendall(raw)
                while piece := connection.recv(65536):
                    answer += piece
            except (ConnectionResetError, BrokenPipeError, socket.timeout):
                # Half a request: the server waits for the rest, and so would we.
                pass
        if not answer:
            return 0, b"", 0
        head, _, body = answer.partition(b"\r\n\r\n")
        return int(head.split(b" ")[1]), body, answer.count(b"HTTP/1.1 2")

    def request(self, verb="PUT", path=None, body=b'{"value":"5"}', headers=(), token=None, version='"0"',
                content_type="application/json", length=None, host="Host: 127.0.0.1"):
        lines = [f"{verb} {path or self.path} HTTP/1.1"]
        if host:
            lines.append(host)
        lines.append(f"Authorization: Bearer {token or self.respondent.token}")
        if version:
            lines.append(f"If-Match: {version}")
        if content_type:
            lines.append(f"Content-Type: {content_type}")
        if length is None and body is not None:
            length = len(body)
        if length is not None:
            lines.append(f"Content-Length: {length}")
        lines += [*headers, "Connection: close", "", ""]
        return "\r\n".join(lines).encode("latin-1") + (body or b"")


def json_cases(desk):
    """Bodies of a command that are no good."""
    yield "empty body", b""
    for text in ["{", "}", "[]", "null", "1", '"text"', "true", '{"value":}', '{"value":"1",}', "{'value':'1'}",
                 '{"value":"1"}{"value":"2"}', '{"value":"1"} x', '{"value":"1","value":"2"}', '{value:"1"}',
                 '{"value":01}', '{"value":+1}', '{"value":NaN}', '{"value":Infinity}', '{"value":1e999}',
                 '{"value":"\\ud800"}', '{"value":"\\u0000"}', '{"value":"\\x41"}', '{"value":"a\nb"}',
                 '{"value":["1"]}', '{"value":{}}', '{"value":true}', '{"unknown":1}', '{"assignmentId":5}',
                 '{"value":"1","roleId":"admin"}', '{"expectedVersion":"x","value":"1"}',
                 '{"expectedVersion":-1,"value":"1"}', '{"expectedVersion":99999999999999999999,"value":"1"}',
                 '{"confirmPartOverWhole":"yes","value":"1"}', '{"confirmPartOverWhole":1,"value":"1"}']:
        yield f"JSON {text}", text.encode()
    yield "deep nesting", b'{"value":' + b"[" * 2000 + b"]" * 2000 + b"}"
    yield "deep objects", b'{"a":' * 500 + b"1" + b"}" * 500
    yield "bad UTF-8", b'{"value":"\xff\xfe"}'
    yield "overlong UTF-8", b'{"value":"\xc0\xaf"}'
    yield "NUL byte", b'{"value":"1\x00"}'
    yield "byte order mark", b'\xef\xbb\xbf{"value":"1"}'
    yield "UTF-16", '{"value":"1"}'.encode("utf-16")
    yield "oversized body", b'{"value":"' + b"1" * 2_000_000 + b'"}'
    yield "long value", json.dumps({"value": "1" * 5000}).encode()
    yield "many members", json.dumps({f"m{n}": n for n in range(3000)}).encode()


def value_cases(desk):
    """Well-formed JSON whose meaning is wrong for a number without decimals."""
    for value in ["-1", "abc", "1.5", "1,5", "1e5", "0x10", "١٢", "", " ", "1 2 3 x", "--1", "9" * 30, "yes", "12,",
                  "NaN", "=1+1", "<script>"]:
        yield f"value {value!r}", {"value": value}
    yield "two values for a number", {"value": "1", "secondValue": "2"}
    yield "comment too long", {"value": "1", "comment": "ж" * 2001}


def head_cases(desk):
    """Requests whose head is wrong; the body would be fine."""
    request = desk.request
    yield "unknown method", request(verb="BREW")
    yield "TRACE", request(verb="TRACE", body=None, content_type=None)
    yield "method not allowed", request(verb="DELETE", body=None, content_type=None)
    yield "no If-Match", request(version=None)
    yield "If-Match without quotes and digits", request(version="abc")
    yield "If-Match of another version", request(version='"77"')
    yield "If-Match huge", request(version='"99999999999999999999"')
    yield "wrong content type", request(content_type="text/plain")
    yield "form", request(content_type="application/x-www-form-urlencoded", body=b"value=1")
    yield "no content type", request(content_type=None)
    yield "bad token", request(token="AAAA")
    yield "token of noise", request(token="x" * 3000)
    yield "token with a bit changed", request(token=flip(desk.respondent.token))
    yield "path unknown", request(path="/api/v1/nothing")
    yield "path id is no id", request(path="/api/v1/assignments/1/value")
    yield "path of a stranger", request(path=f"/api/v1/assignments/{FOREIGN}/value")
    yield "encoded NUL in the path", request(path="/api/v1/assignments/%00/value")
    yield "dot segments", request(path="/api/v1/assignments/../rounds")
    yield "encoded dot segments", request(path="/api/v1/%2e%2e/%2e%2e/etc/passwd")
    yield "bad escape", request(path="/api/v1/assignments/%zz/value")
    yield "long path", request(path="/api/v1/" + "a" * 9000)
    yield "unknown query", request(verb="GET", path="/api/v1/assignments?nothing=1", body=None, content_type=None)
    yield "doubled query", request(verb="GET", path="/api/v1/assignments?tab=all&tab=all", body=None, content_type=None)
    yield "query of a wrong type", request(verb="GET", path="/api/v1/assignments?limit=x", body=None, content_type=None)
    yield "query beyond its limit", request(verb="GET", path="/api/v1/assignments?limit=100000", body=None,
                                            content_type=None)
    yield "query with bad UTF-8", request(verb="GET", path="/api/v1/assignments?tab=%ff", body=None, content_type=None)
    yield "body on GET", request(verb="GET", path="/api/v1/assignments")
    yield "bad idempotency key", request(headers=["Idempotency-Key: short"])
    yield "two idempotency keys", request(headers=[f"Idempotency-Key: {uuid.uuid4()}", f"Idempotency-Key: {uuid.uuid4()}"])


def smuggling_cases(desk):
    """Shapes that two servers in a row may read differently."""
    request = desk.request
    inner = b"GET /api/v1/session HTTP/1.1\r\nHost: x\r\n\r\n"
    yield "length and chunked", request(headers=["Transfer-Encoding: chunked"], body=b"0\r\n\r\n" + inner)
    yield "two lengths", request(headers=["Content-Length: 5"])
    yield "length with a space before the colon", request(headers=["Content-Length : 5"], length=13)
    yield "negative length", request(length=-5)
    yield "length that is no number", request(length="1x")
    yield "chunked twice", request(headers=["Transfer-Encoding: chunked", "Transfer-Encoding: identity"], body=None,
                                   length=None)
    yield "unknown transfer coding", request(headers=["Transfer-Encoding: xchunked"], body=None)
    yield "no host", request(host=None)
    yield "two hosts", request(headers=["Host: evil"])
    yield "folded header", request(headers=["X-Folded: a\r\n b"])
    yield "header name with a space", request(headers=["X Header: a"])
    yield "header without a colon", request(headers=["nonsense"])
    yield "control byte in a header", request(headers=["X-Control: a\x01b"])
    yield "huge header", request(headers=["X-Huge: " + "a" * 70000])
    yield "many headers", request(headers=[f"X-{n}: {n}" for n in range(2000)])
    yield "HTTP/9.9", desk.request().replace(b"HTTP/1.1", b"HTTP/9.9", 1)
    yield "no HTTP at all", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"
    yield "bare line feeds", desk.request().replace(b"\r\n", b"\n")


def flip(token):
    middle = len(token) // 2
    return token[:middle] + ("A" if token[middle] != "A" else "B") + token[middle + 1:]


def all_cases(desk):
    for name, body in json_cases(desk):
        yield name, desk.request(body=body)
    for name, document in value_cases(desk):
        yield name, desk.request(body=json.dumps(document, ensure_ascii=False).encode())
    yield from head_cases(desk)
    yield from smuggling_cases(desk)


def check(name, status, body, answers):
    """What is wrong with an answer, or nothing."""
    if answers > 0:
        return f"{name}: something in it was carried out"
    if status == 0:
        return None
    if status == 505 and name == "HTTP/9.9":
        return None  # libmicrohttpd's own, as RFC 9110 15.6.6 has it
    if not 400 <= status < 500:
        return f"{name}: {status} {body[:200]!r}"
    if not body:
        return None
    document = json.loads(body) if body.lstrip()[:1] == b"{" else None
    if document is not None and not (document.get("status") == status and document.get("title")):
        return f"{name}: not a problem document: {body[:200]!r}"
    return None


def test_a_hundred_malformed_requests(desk):
    before = desk.state()
    wrong, count, problems = [], 0, 0
    for name, raw in all_cases(desk):
        status, body, answers = desk.send(raw)
        count += 1
        problems += body.startswith(b"{")
        fault = check(name, status, body, answers)
        if fault:
            wrong.append(fault)
    assert count >= 100
    assert problems >= 80
    assert not wrong, "\n".join(wrong)
    assert desk.state() == before
    for process in ("gateway", "submissions", "broker-1", "broker-2"):
        assert desk.world.stack.is_ready(process)


def test_the_untouched_request_is_good(desk):
    """Proof that the cases above fail for their own reasons."""
    status, body, answers = desk.send(desk.request(version=f'"{desk.assignment["version"]}"'))
    assert (status, answers) == (200, 1), body


def test_a_violation_names_field_and_remedy(desk):
    """S2.26: in the caller's language, with the field's name."""
    status, body, _ = desk.send(desk.request(body=b'{"value":"abc"}'))
    document = json.loads(body)
    assert status == 422
    assert document["violations"][0]["field"] == "value"
    assert any("а" <= letter <= "я" for letter in document["violations"][0]["message"])
