"""A running system for some cells: its region with schools and operators, and what each of them may not see."""
import pathlib
import shutil
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor

from builders import World, item
from pdf import pdf
from ports import free_port
from vekha_client import Client

CLIENTS = 32
MUNICIPALITIES = 2
ITEMS = 20
# Values of the first half are only ever rejected, so that there is always something to fill in.
MAY_BE_ACCEPTED = {f"n-{number:02d}" for number in range(ITEMS // 2, ITEMS)}
WITH_DOCUMENT = "document"


class PatientClient(Client):
    """Sets the scene on a machine that may be busy: repeats what a service could not answer, under the same key."""

    def raw(self, verb, path, body=None, headers=None):
        deadline = time.monotonic() + 60
        while True:
            reply = super().raw(verb, path, body, headers)
            if reply.status < 500 or time.monotonic() > deadline:
                return reply
            time.sleep(0.2)

    def ask(self, verb, path, body=None, **options):
        """Logs in again when a token's quarter of an hour is over."""
        reply = super().ask(verb, path, body, **options)
        if reply.status != 401 or not self.token or path.startswith("/api/v1/session"):
            return reply
        self.login(self.login_name, self.password)
        return super().ask(verb, path, body, **options)


class PatientWorld(World):
    def client(self, language="ru"):
        client = PatientClient(self.stack.address, language)
        self.clients.append(client)
        return client


class Scene:
    def __init__(self, surroundings, build, client_count=CLIENTS, keep=False):
        self.keep = keep
        self.client_count = client_count
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="vekha-fault-"))
        self.folder.chmod(0o711)
        self.surroundings = surroundings
        self.build = build
        self.stack = None
        self.world = None

    def open(self):
        port = free_port(200)
        self.stack = self.surroundings.start(self.folder / "stack", port, self.build)
        self.world = PatientWorld(self.stack)
        self.region = self.world.region(municipalities=MUNICIPALITIES, schools=self.client_count // MUNICIPALITIES)
        items = [item(f"n-{number:02d}") for number in range(ITEMS)]
        items.append(item(WITH_DOCUMENT, evidence="Загрузите приказ"))
        self.round_id = self.world.open_round(self.region, items, organisations=self.client_count)["roundId"]
        self.respondents = self.people("respondent", self.region.schools)
        # One per organisation: the municipalities' own, and the region's beside them for the same entries.
        self.operators = self.people("operator", [one.code for one in self.region.municipalities])
        self.operator_of_region = self.people("operator", [self.region.code])[0]
        self.coordinator = self.world.coordinator(self.region.code)
        self.assignments = [self.world.assignments(respondent) for respondent in self.respondents]
        self.documents = [self.upload(number) for number in range(self.client_count)]
        return self

    def people(self, role, codes):
        """Issued one after the other, made ready at the same time: a password's hash takes a tenth of a second."""
        issued = [self.world.issue(role, code) for code in codes]

        def ready(one):
            return self.world.make_ready(self.world.client(), one["login"], one["oneTimePassword"])
        with ThreadPoolExecutor(2) as pool:
            return list(pool.map(ready, issued))

    def upload(self, number):
        """One document per school, for others to ask for."""
        content = pdf(text=f"School {number}")
        return self.respondents[number].upload(self.assignment_of(number)["assignmentId"], content)["documentId"]

    def assignment_of(self, number, item_code=WITH_DOCUMENT):
        return next(one for one in self.assignments[number] if one["itemCode"] == item_code)

    def municipality_of(self, number):
        """Index of the municipality that the school, and so the client, belongs to."""
        return number * MUNICIPALITIES // self.client_count

    def sees_the_region(self, number):
        return number % 4 == 3

    def operator_of(self, number):
        """Shared by several clients: each takes a connection of its own."""
        return self.operator_of_region if self.sees_the_region(number) else self.operators[self.municipality_of(number)]

    def schools_of(self, municipality):
        return {self.region.ids[code] for code in self.region.municipalities[municipality].schools}

    def organisation_of(self, number):
        return self.region.ids[self.region.schools[number]]

    def report(self, values):
        """{organisation: counts} of «data provided» as the region's coordinator gets it over HTTP."""
        rows, after = {}, None
        while True:
            page = self.coordinator.get("/api/v1/reports/provided", query={
                "round_id": self.round_id, "values": values, "after_path": after, "limit": 2500})
            for row in page["rows"]:
                rows[row["organisationId"]] = {name: row.get(name, 0)
                                               for name in ("filled", "total", "drafts", "rejected")}
            after = page.get("nextAfterPath")
            if not after:
                return rows

    def close(self):
        if self.world:
            self.world.close()
        if self.keep and self.stack:
            self.stack.close()
            print(f"left running: {self.stack.folder}")
            return
        self.surroundings.end(self.folder / "stack")
        shutil.rmtree(self.folder, ignore_errors=True)
