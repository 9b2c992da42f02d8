"""The system that is hung up on: its people, their assignments and documents, and the two ways to it."""
import itertools
import pathlib
import queue
import socket
import ssl
import struct
import threading
from collections import Counter

import stages
from builders import World, item
from haproxy import HAProxy
from pdf import pdf
from ports import free_port
from stack import Stack

MUNICIPALITIES = 1
ITEMS = 60
GATEWAY_CONNECTIONS = 1000
# HAProxy allows each address 100 connections and 600 requests in ten seconds: there are many addresses.
ADDRESSES = 60


class Way:
    """How a client comes: straight to the gateway, or through the proxy with TLS."""

    def __init__(self, name, port, context=None):
        self.name = name
        self.port = port
        self.context = context
        self.counter = itertools.count()

    def source(self):
        number = next(self.counter) % ADDRESSES
        return f"127.9.{number // 250}.{number % 250 + 1}"

    def connect(self):
        connection = socket.socket()
        try:
            stages.small_window(connection)
            connection.settimeout(stages.ANSWER_WITHIN_SECONDS)
            connection.bind((self.source(), 0))
            connection.connect(("127.0.0.1", self.port))
            if self.context:
                connection = self.context.wrap_socket(connection, server_hostname="localhost")
            return connection
        except OSError:
            connection.close()
            raise


def cut(connection, with_reset):
    """FIN, or RST: at once, without a word of TLS."""
    if with_reset:
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


class Scene:
    def __init__(self, folder, build, schools):
        self.folder = pathlib.Path(folder)
        self.build = build
        self.schools = schools
        self.stack = self.world = self.proxy = None
        self.lock = threading.Lock()
        self.numbers = itertools.count(1000)
        self.streams = Counter()  # status of the answer -> how many asked for one
        self.never, self.perhaps, self.uploads = [], [], []

    def open(self):
        port = free_port(300)
        self.stack = Stack.create(self.folder / "stack", port, self.build)
        self.world = World(self.stack)
        region = self.world.region(municipalities=MUNICIPALITIES, schools=self.schools)
        items = [item(f"n-{number:02d}") for number in range(ITEMS)]
        items.append(item("document", evidence="Загрузите приказ"))
        self.world.open_round(region, items, organisations=self.schools)
        self.people = [self.world.respondent(code) for code in region.schools]
        self.operator = self.world.operator(region.municipalities[0].code)
        self.assignments, self.documents, self.places = {}, {}, {}
        for person in self.people:
            found = self.world.assignments(person)
            place = next(one for one in found if one["itemCode"] == "document")
            content = pdf(text=person.login_name, padding_bytes=stages.DOWNLOAD_BYTES)
            self.places[person] = place["assignmentId"]
            self.documents[person] = person.upload(place["assignmentId"], content)["documentId"]
            self.assignments[person] = queue.SimpleQueue()
            for one in found:
                if one is not place:
                    self.assignments[person].put({"version": 0, **one})
        self.proxy = HAProxy(self.folder / "haproxy", free_port(900), [(port, self.stack.health_port("gateway"))])
        context = self.proxy.context()
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        for client in self.world.clients:
            client.close()
        self.ways = [Way("gateway", port), Way("HAProxy", self.proxy.port, context)]
        return self

    def next_number(self):
        return next(self.numbers)

    def count_stream(self, status):
        with self.lock:
            self.streams[status] += 1

    def document_of(self, person):
        return self.documents[person]

    def take_assignment(self, person):
        """One that nobody else is at; it comes back when its outcome is known."""
        return self.assignments[person].get(timeout=1)

    def take_upload(self, person, size_bytes):
        with person.clone() as client:
            upload = client.begin_upload(self.places[person], "Приказ.pdf", size_bytes)
        self.uploads.append((person, upload["uploadId"]))
        return upload["uploadId"]

    # ---- afterwards

    def ask_again(self, save):
        """The same command under the same key: its answer, whether it is carried out now or was before."""
        with save.person.clone() as client:
            client.patience = 30
            reply = client.put("/api/v1/assignments/{id}/value", save.body, id=save.assignment["assignmentId"],
                               version=save.assignment["version"], key=save.key,
                               headers={"Content-Type": "application/json"})
        return reply["version"] - save.assignment["version"]

    def put_back(self, save, steps):
        assignment = {**save.assignment, "version": save.assignment["version"] + steps}
        self.assignments[save.person].put(assignment)

    def end_uploads(self):
        while self.uploads:
            person, upload_id = self.uploads.pop()
            with person.clone() as client:
                client.patience = 30
                client.delete("/api/v1/uploads/{id}", id=upload_id)

    def close(self):
        if self.proxy:
            self.proxy.close()
        if self.world:
            self.world.close()
        if self.stack:
            self.stack.remove()
