"""Clients of tests/fault that come through the proxy, count what a user would have seen fail, and read as well."""
import http.client
import threading
import time
from collections import Counter

from client import Client as FaultClient
from vekha_client import Client, Reply

READING = {"report": 6, "download": 3, "refresh": 6}
TROUBLE = (OSError, http.client.HTTPException)
KEPT_FAILURES = 50
KEPT_IDLE_SECONDS = 15  # HAProxy: 30
BREATH_SECONDS = 0.02  # HAProxy lets an address ask 60 times a second; no person is as fast


class Tally:
    """What users saw of the present cell."""

    def __init__(self):
        self.lock = threading.Lock()
        self.begin()

    def begin(self):
        with self.lock:
            self.requests = 0
            self.longest_ms = 0
            self.statuses = Counter()
            self.failures = []

    def took(self, what, status, milliseconds):
        """status: of the answer, or why there was none."""
        with self.lock:
            self.requests += 1
            self.longest_ms = max(self.longest_ms, round(milliseconds))
            if not isinstance(status, int) or status >= 500 or status == 429:
                self.statuses[str(status)[:60]] += 1
                if len(self.failures) < KEPT_FAILURES:
                    self.failures.append(f"{time.strftime('%H:%M:%S')} {what}: {status} after {milliseconds:.0f} ms")

    @property
    def failed(self):
        with self.lock:
            return self.statuses.total()


class Watched(Client):
    """Nothing is smoothed over: also a kept connection that was closed under a request is a failure. Only one that
    was idle for so long that the proxy may have closed it is not used again."""
    tally = None
    spoke = 0.0

    def raw(self, verb, path, body=None, headers=None):
        time.sleep(max(0, self.spoke + BREATH_SECONDS - time.monotonic()))
        started = time.monotonic()
        if started - self.spoke > KEPT_IDLE_SECONDS:
            self.close()
        status = None
        try:
            connection = self.connect()
            connection.request(verb, path, body=body, headers=headers or {})
            response = connection.getresponse()
            reply = Reply(response, response.read())
            status = reply.status
            return reply
        except TROUBLE as error:
            status = repr(error)
            self.close()
            raise
        finally:
            self.spoke = time.monotonic()
            self.tally.took(f"{verb} {path}", status, (time.monotonic() - started) * 1000)


class Worker(FaultClient):
    """proxy: a HAProxy; each of its people has an address of his own, for its limits count by address."""

    def __init__(self, tally, proxy, number, *arguments):
        super().__init__(number, *arguments)
        self.coordinator = self.scene.coordinator.clone()
        context = proxy.context()
        for place, person in enumerate((self.respondent, self.operator, self.coordinator)):
            person.__class__ = Watched
            person.tally = tally
            person.go_to(proxy.address, context, f"127.8.{place + 1}.{number + 1}")

    def report(self):
        self.look(self.coordinator, "/api/v1/reports/provided",
                  query={"round_id": self.scene.round_id, "values": "new", "limit": 100})

    def download(self):
        self.ask(self.respondent, "GET", "/api/v1/documents/{id}/content",
                 path_id=self.scene.documents[self.number])
