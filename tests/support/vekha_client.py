"""A caller of the HTTP interface: JSON calls, problems, uploads in pieces, downloads, the event stream."""
import gzip
import http.client
import json
import time
import uuid
from urllib.parse import quote, urlencode, urlsplit

PIECE_BYTES = 65536


class Problem(Exception):
    """An answer of 4xx or 5xx with its problem document (RFC 9457)."""

    def __init__(self, reply):
        self.reply = reply
        self.status = reply.status
        document = reply.document if isinstance(reply.document, dict) else {}
        self.code = document.get("code", "")
        self.detail = document.get("detail", "")
        self.violations = document.get("violations", [])
        super().__init__(f"{reply.status} {self.code} {self.detail} {self.violations or ''}".strip())

    @property
    def fields(self):
        return [violation["field"] for violation in self.violations]


class Reply:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.body = body
        kind = (response.headers.get("Content-Type") or "").split(";")[0]
        text = gzip.decompress(body) if body and response.headers.get("Content-Encoding") == "gzip" else body
        self.document = json.loads(text) if text and kind.endswith("json") else None

    @property
    def etag(self):
        return self.headers.get("ETag")


class Client:
    """One person at one keep-alive connection. Not for several threads at once: use clone()."""

    def __init__(self, address, language="ru", timeout=30):
        self.go_to(address)
        self.language = language
        self.timeout = timeout
        self.token = None
        self.refresh_token = None
        self.account = None
        self.login_name = None
        self.password = None
        # Seconds for which a command or query is repeated after 503: what Retry-After asks of a caller.
        self.patience = 0

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        if self.connection:
            self.connection.close()
            self.connection = None

    def go_to(self, address, tls=None, source=None):
        """tls: what an https address needs, an ssl.SSLContext; source: an address of this machine to come from."""
        parts = urlsplit(address)
        self.address, self.tls, self.source = address, tls, source
        self.host, self.port = parts.hostname, parts.port
        self.connection = None

    def clone(self):
        """The same session on a connection of its own."""
        other = Client(self.address, self.language, self.timeout)
        other.go_to(self.address, self.tls, self.source)
        other.token, other.refresh_token = self.token, self.refresh_token
        other.account, other.patience = self.account, self.patience
        other.login_name, other.password = self.login_name, self.password
        return other

    # ---- requests

    def headers(self, verb, key, extra):
        headers = {"Accept": "application/json", "Accept-Language": self.language}
        if self.token:
            headers["Authorization"] = "Bearer " + self.token
        if verb != "GET":
            headers["Idempotency-Key"] = key or str(uuid.uuid4())
        headers.update(extra or {})
        return {name: value for name, value in headers.items() if value is not None}

    def connect(self):
        if not self.connection:
            self.connection = self.new_connection(self.timeout)
        return self.connection

    def new_connection(self, timeout):
        options = {"timeout": timeout, "source_address": (self.source, 0) if self.source else None}
        if self.tls:
            return http.client.HTTPSConnection(self.host, self.port, context=self.tls, **options)
        return http.client.HTTPConnection(self.host, self.port, **options)

    def raw(self, verb, path, body=None, headers=None):
        """Sends exactly this. A kept connection that the server has closed meanwhile is made anew once."""
        fresh = self.connection is None
        try:
            connection = self.connect()
            connection.request(verb, path, body=body, headers=headers or {})
            response = connection.getresponse()
            return Reply(response, response.read())
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            self.close()
            if fresh:
                raise
            return self.raw(verb, path, body, headers)
        except OSError:
            self.close()
            raise

    def ask(self, verb, path, body=None, *, query=None, version=None, key=None, headers=None, **path_parts):
        """Any answer, refusals too. Path parts in braces are filled from keywords; version becomes If-Match."""
        for name, value in path_parts.items():
            path = path.replace("{" + name + "}", quote(str(value), safe=""))
        if query:
            path += "?" + urlencode({name: value for name, value in query.items() if value is not None}, doseq=True)
        extra = dict(headers or {})
        if version is not None:
            extra["If-Match"] = f'"{version}"'
        data = None
        if isinstance(body, (bytes, str)):
            data = body.encode() if isinstance(body, str) else body
            extra.setdefault("Content-Type", "application/octet-stream")
        elif body is not None or verb in ("POST", "PUT", "PATCH"):
            data = json.dumps(body or {}, ensure_ascii=False).encode()
            extra.setdefault("Content-Type", "application/json")
        return self.raw(verb, path, data, self.headers(verb, key, extra))

    def call(self, verb, path, body=None, **options):
        """The reply's document; raises Problem for 4xx and 5xx. A busy system is asked again with the same key."""
        options["key"] = options.get("key") or str(uuid.uuid4())
        deadline = time.monotonic() + self.patience
        reply = self.ask(verb, path, body, **options)
        while reply.status == 503 and time.monotonic() < deadline:
            time.sleep(min(1, float(reply.headers.get("Retry-After") or 1)))
            reply = self.ask(verb, path, body, **options)
        if reply.status >= 400:
            raise Problem(reply)
        return reply.document if reply.document is not None else reply.body

    def get(self, path, **options):
        return self.call("GET", path, **options)

    def post(self, path, body=None, **options):
        return self.call("POST", path, body, **options)

    def put(self, path, body=None, **options):
        return self.call("PUT", path, body, **options)

    def patch(self, path, body=None, **options):
        return self.call("PATCH", path, body, **options)

    def delete(self, path, **options):
        return self.call("DELETE", path, **options)

    # ---- session

    def take_session(self, reply):
        self.token, self.refresh_token = reply["accessToken"], reply["refreshToken"]
        self.account = reply["account"]
        return reply

    def login(self, login, password):
        self.token = None
        reply = self.take_session(self.post("/api/v1/session", {"login": login, "password": password}))
        self.login_name, self.password = login, password
        return reply

    def refresh(self):
        return self.take_session(self.post("/api/v1/session:refresh", {"refreshToken": self.refresh_token}))

    def change_password(self, new_password):
        body = {"currentPassword": self.password, "newPassword": new_password}
        reply = self.take_session(self.post("/api/v1/session:changePassword", body))
        self.password = new_password
        return reply

    def save_profile(self, profile):
        return self.take_session(self.put("/api/v1/profile", profile))

    def logout(self):
        self.delete("/api/v1/session")
        self.token = self.refresh_token = None

    # ---- documents

    def begin_upload(self, assignment_id, file_name, size_bytes):
        body = {"assignmentId": assignment_id, "fileName": file_name, "sizeBytes": str(size_bytes)}
        return self.post("/api/v1/uploads", body)

    def append_upload(self, upload_id, offset, data, **options):
        headers = {"Upload-Offset": str(offset)}
        return self.patch("/api/v1/uploads/{id}", data, id=upload_id, headers=headers, **options)

    def complete_upload(self, upload_id, sha256="", **options):
        return self.post("/api/v1/uploads/{id}:complete", {"sha256": sha256}, id=upload_id, **options)

    def upload(self, assignment_id, content, file_name="Приказ.pdf", piece_bytes=PIECE_BYTES):
        """The whole way of a document, piece by piece."""
        upload = self.begin_upload(assignment_id, file_name, len(content))
        for offset in range(0, len(content), piece_bytes):
            self.append_upload(upload["uploadId"], offset, content[offset:offset + piece_bytes])
        return self.complete_upload(upload["uploadId"])

    def store(self, assignment_id, content, file_name="Приказ.pdf", sha256="", **options):
        """A small document in one request."""
        query = {"assignmentId": assignment_id, "fileName": file_name, "sha256": sha256}
        return self.post("/api/v1/documents", content, query=query, **options)

    def download(self, document_id, byte_range=None):
        """The reply with the bytes in .body."""
        headers = {"Range": byte_range} if byte_range else {}
        reply = self.ask("GET", "/api/v1/documents/{id}/content", id=document_id,
                         headers={"Accept": "*/*", **headers})
        if reply.status >= 400:
            raise Problem(reply)
        return reply

    # ---- events

    def watch(self, after=None, timeout=20):
        return EventStream(self, after, timeout)


class EventStream:
    """Server-sent events on a connection of their own: with client.watch() as stream: stream.next(...)"""

    def __init__(self, client, after, timeout):
        self.connection = client.new_connection(timeout)
        headers = client.headers("GET", None, {"Accept": "text/event-stream"})
        if after is not None:
            headers["Last-Event-ID"] = str(after)
        self.connection.request("GET", "/api/v1/events", headers=headers)
        self.response = self.connection.getresponse()
        if self.response.status != 200:
            raise Problem(Reply(self.response, self.response.read()))
        self.last_id = after

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.response.close()
        self.connection.close()

    def next_message(self):
        """The next message with data as (id, event name, document); comments are skipped. Times out as OSError."""
        fields = {}
        while True:
            line = self.response.readline()
            if not line:
                raise EOFError("the event stream ended")
            line = line.decode().rstrip("\r\n")
            if not line:
                if "data" in fields:
                    self.last_id = fields.get("id", self.last_id)
                    return fields.get("id"), fields.get("event"), json.loads(fields["data"])
                self.last_id = fields.get("id", self.last_id)
                fields = {}
            elif not line.startswith(":"):
                name, _, value = line.partition(":")
                value = value[1:] if value.startswith(" ") else value
                fields[name] = fields[name] + "\n" + value if name in fields else value

    def next(self, wanted=lambda document: True):
        """The next document the caller wants; others are passed over."""
        while True:
            _, _, document = self.next_message()
            if wanted(document):
                return document
