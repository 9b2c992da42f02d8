"""Quick ways to a region with schools, a programme, an open round and people ready to work, all over HTTP.

    region = world.region(municipalities=1, schools=2)
    round_ = world.open_round(region)
    respondent = world.respondent(region.schools[0])
    assignment = world.assignment(respondent, "number")
"""
import csv
import datetime
import fcntl
import io
import json
import secrets
import zoneinfo
from dataclasses import dataclass, field

from vekha_client import Client
from waiting import eventually

COLUMNS = ["code", "parent_code", "kind", "short_name", "inn", "phone", "email", "attributes", "zone", "valid_from",
           "valid_to"]
INN_WEIGHTS = [2, 4, 10, 3, 5, 9, 4, 6, 8]
PROFILE = {"familyName": "Иванова", "givenName": "Анна", "middleName": "Петровна", "position": "Заместитель директора",
           "phone": "+7 351 555-12-34", "email": "ivanova@demo.example"}


def new_password():
    return "Тихий-" + secrets.token_urlsafe(12)


def inn(number):
    digits = f"74{number % 10_000_000:07d}"
    check = sum(weight * int(digit) for weight, digit in zip(INN_WEIGHTS, digits)) % 11 % 10
    return f"{digits}{check}"


def to_csv(rows):
    out = io.StringIO()
    writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@dataclass
class Municipality:
    code: str
    name: str
    authority: str = ""
    schools: list = field(default_factory=list)


@dataclass
class Region:
    code: str
    zone: str
    superior: str = ""
    municipalities: list = field(default_factory=list)
    ids: dict = field(default_factory=dict)  # code -> organisation_id

    @property
    def schools(self):
        return [code for municipality in self.municipalities for code in municipality.schools]

    @property
    def authorities(self):
        return [municipality.authority for municipality in self.municipalities]


def participants(selector="all_schools", **options):
    return {"selector": selector, **options}


def item(code, value_kind="number", **options):
    made = {"code": code, "question": f"Вопрос {code}", "valueKind": value_kind, "participants": participants()}
    if value_kind == "percent":
        made["secondQuestion"] = f"Всего по вопросу {code}"
    made.update(options)
    return made


def with_evidence(code, value_kind="number", **options):
    return item(code, value_kind, evidence="Загрузите приказ", evidenceRequired=True, **options)


def default_items():
    """One of each kind, without and with evidence."""
    return [item("number", unit="чел."), item("yes-no", "yes_no"), item("percent", "percent"),
            with_evidence("number-evidence"), with_evidence("yes-no-evidence", "yes_no"),
            with_evidence("percent-evidence", "percent")]


class World:
    def __init__(self, stack):
        self.stack = stack
        self.clients = []
        self.administrator = self.client_of_administrator()

    def close(self):
        for client in self.clients:
            client.close()

    def client(self, language="ru"):
        """Nobody yet."""
        client = Client(self.stack.address, language)
        client.patience = 30
        self.clients.append(client)
        return client

    # ---- people

    def client_of_administrator(self):
        """The first one makes the bootstrap account ready; later ones find its password in the stack's folder."""
        client = self.client()
        path = self.stack.folder / "secrets" / "test-administrator.json"
        with open(self.stack.folder / "secrets" / "test-administrator.lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if path.exists():
                known = json.loads(path.read_text())
                client.login(known["login"], known["password"])
                return client
            bootstrap = self.stack.folder / "secrets" / "administrator"
            lines = eventually(lambda: self.first_administrator_is_there(bootstrap) and bootstrap.read_text(), 15,
                               what="the first administrator")
            issued = dict(line.split(" = ", 1) for line in lines.splitlines())
            self.make_ready(client, issued["login"], issued["one_time_password"])
            path.write_text(json.dumps({"login": issued["login"], "password": client.password}))
        return client

    def first_administrator_is_there(self, bootstrap):
        # The file is written before the commit that makes its password valid.
        return bootstrap.exists() and self.stack.value("auth", "SELECT count(*) FROM account")

    def make_ready(self, client, login, one_time_password, profile=None):
        """First login, new password, profile: what everybody does before work starts (S2.15, S2.17)."""
        client.login(login, one_time_password)
        client.change_password(new_password())
        client.save_profile({**PROFILE, **(profile or {})})
        client.login_name = login
        return client

    def issue(self, role, code, **options):
        """One account's login and one-time password."""
        body = {"role": f"ROLE_{role.upper()}", "codes": [code], **options}
        return self.administrator.post("/api/v1/accounts:issue", body)["accounts"][0]

    def person(self, role, code, profile=None):
        issued = self.issue(role, code)
        client = self.make_ready(self.client(), issued["login"], issued["oneTimePassword"], profile)
        client.account_id = issued["accountId"]
        return client

    def respondent(self, code, profile=None):
        return self.person("respondent", code, profile)

    def operator(self, code, profile=None):
        return self.person("operator", code, profile)

    def coordinator(self, code, profile=None):
        """Of a municipality through its authority's code, of a region through the region's."""
        return self.person("coordinator", code, profile)

    def curator(self, code, schools, profile=None):
        """Bound to the schools, and every service knows it."""
        client = self.person("curator", code, profile)
        self.bind(client, schools)
        return client

    def bind(self, curator, schools):
        self.administrator.put("/api/v1/accounts/{id}/schools", {"codes": schools}, id=curator.account_id)

        def known(service):
            rows = self.stack.rows(service, "SELECT organisation_path FROM curator_school WHERE account_id = %s",
                                   curator.account_id)
            return {row["organisation_path"] for row in rows} == set(schools)
        for service in ("review", "files", "deadlines"):
            eventually(lambda of=service: known(of), 15, what=f"{service} knows the curator's schools")

    # ---- organisations

    def import_organisations(self, rows, dry_run=False):
        query = {"dry_run": "true"} if dry_run else None
        return self.administrator.post("/api/v1/organisations:import", to_csv(rows), query=query,
                                       headers={"Content-Type": "text/csv; charset=utf-8"})

    def region(self, municipalities=1, schools=2, zone="Asia/Yekaterinburg", attributes=None):
        """A tree of its own with codes nobody else has. attributes: {school's number from 0: "a|b"}"""
        region = Region("t" + secrets.token_hex(4), zone)
        region.superior = f"{region.code}.sup"
        valid = {"valid_from": "2019-01-01"}
        number = secrets.randbelow(9_000_000)
        rows = [{"code": region.code, "kind": "region", "short_name": f"Область {region.code}", "zone": zone, **valid},
                {"code": region.superior, "parent_code": region.code, "kind": "superior",
                 "short_name": "Министерство", "inn": inn(number), **valid}]
        for m in range(1, municipalities + 1):
            made = Municipality(f"{region.code}.{m:02d}", f"Район {m} {region.code}")
            made.authority = f"{made.code}.0001"
            rows.append({"code": made.code, "parent_code": region.code, "kind": "municipality",
                         "short_name": made.name, **valid})
            rows.append({"code": made.authority, "parent_code": made.code, "kind": "authority",
                         "short_name": f"Управление образования {m}", "inn": inn(number + len(rows)), **valid})
            for s in range(schools):
                code = f"{made.code}.{s + 2:04d}"
                made.schools.append(code)
                rows.append({"code": code, "parent_code": made.code, "kind": "school",
                             "short_name": f"МБОУ «СОШ № {s + 1}» {m}", "inn": inn(number + len(rows)),
                             "phone": "+7 351 555-00-01", "email": "school@demo.example",
                             "attributes": (attributes or {}).get(s, ""), **valid})
            region.municipalities.append(made)
        reply = self.import_organisations(rows)
        assert reply["applied"], reply
        region.ids = self.organisation_ids(region.code)
        return region

    def organisation_ids(self, path):
        ids, after = {}, None
        while True:
            page = self.administrator.get("/api/v1/organisations",
                                          query={"below_path": path, "after_path": after, "limit": 1000})
            ids.update({one["code"]: one["organisationId"] for one in page["organisations"]})
            if len(page["organisations"]) < 1000:
                return ids
            after = page["organisations"][-1]["path"]

    # ---- programmes and rounds

    def today(self, zone="Asia/Yekaterinburg"):
        return self.stack.now().astimezone(zoneinfo.ZoneInfo(zone)).date()

    def programme(self, region, items=None, **options):
        """The code of a loaded programme."""
        code = "p-" + secrets.token_hex(4)
        body = {"title": f"Программа {code}", "zone": region.zone, "organisationCode": region.code,
                "sections": [{"code": "section", "title": "Раздел 1", "items": items or default_items()}], **options}
        # The region reaches submissions as an event: soon, not at once.
        reply = self.administrator.put("/api/v1/programmes/{code}", body, code=code)
        assert reply["applied"], reply
        return code

    def round(self, programme, region, opens_in=0, due_in=9, closed_in=14, **options):
        """Plans a round by days from today; it opens by itself when opens_in is 0 or less."""
        day = self.today(region.zone)
        days = {"opensOn": opens_in, "dueOn": due_in, "closedUntil": closed_in}
        body = {"programmeCode": programme, "name": "Период сбора",
                **{name: str(day + datetime.timedelta(days=count)) for name, count in days.items()}, **options}
        return self.administrator.post("/api/v1/rounds", body)

    def open_round(self, region, items=None, **options):
        """A programme with its open round and all assignments made; the round's document."""
        expected = options.pop("organisations", None)
        self.wait_for_organisations(region)
        made = self.round(self.programme(region, items), region, **options)
        return self.wait_open(made["roundId"], expected)

    def curated_round(self, region, items=None, **options):
        """An open round of a programme whose answers the curators judge."""
        self.wait_for_organisations(region)
        made = self.round(self.programme(region, items, reviewer="curator"), region, **options)
        return self.wait_open(made["roundId"], len(region.schools))

    def wait_for_organisations(self, region):
        """Until submissions has heard of the whole region."""
        count = len(region.ids)

        def known():
            return self.stack.value("submissions", "SELECT count(*) FROM organisation WHERE path = %s"
                                    " OR starts_with(path, %s)", region.code, region.code + ".") >= count
        eventually(known, 20, what=f"submissions knows {count} organisations of {region.code}")

    def wait_open(self, round_id, organisations=None):
        def is_open():
            seen = self.administrator.get("/api/v1/rounds/{id}", id=round_id)
            right = organisations is None or seen["organisations"] == organisations
            return seen if seen["state"] == "open" and right else None
        return eventually(is_open, 30, what="the round opens")

    def wait_until_heard(self, consumer, *owners):
        """The consumer has applied all that the owners have told so far."""
        def heard(owner):
            head = self.stack.value(owner, "SELECT coalesce(max(first_number + event_count - 1), 0) FROM stream")
            waiting = self.stack.value(owner, "SELECT count(*) FROM outbox")
            known = self.stack.value(consumer, "SELECT number FROM inbox_position WHERE stream = %s", owner)
            return waiting == 0 and known == head
        for owner in owners:
            eventually(lambda of=owner: heard(of), 20, what=f"{consumer} has heard all of {owner}")

    # ---- filling and judging

    def assignments(self, respondent, **query):
        return respondent.get("/api/v1/assignments", query={"limit": 500, **query})["assignments"]

    def assignment(self, respondent, item_code, round_id=None):
        """As soon as it is there."""
        def find():
            query = {"round_id": round_id} if round_id else {}
            found = [one for one in self.assignments(respondent, **query) if one["itemCode"] == item_code]
            return found[0] if found else None
        return eventually(find, 15, what=f"an assignment of {item_code}")

    def fresh(self, respondent, assignment):
        return respondent.get("/api/v1/assignments/{id}", id=assignment["assignmentId"])

    def wait_state(self, respondent, assignment, state):
        def reached():
            seen = self.fresh(respondent, assignment)
            return seen if seen["state"] == state else None
        return eventually(reached, 15, what=f"state {state}")

    def save(self, respondent, assignment, value, second_value="", **options):
        body = {"value": value, "secondValue": second_value, **options}
        return respondent.put("/api/v1/assignments/{id}/value", body, id=assignment["assignmentId"],
                              version=assignment["version"])

    def attach(self, respondent, assignment, content, file_name="Приказ.pdf"):
        """Uploads and waits until the assignment shows the document; the assignment then."""
        document = respondent.upload(assignment["assignmentId"], content, file_name)

        def attached():
            seen = self.fresh(respondent, assignment)
            return seen if document["documentId"] in [one["documentId"] for one in seen["documents"]] else None
        return eventually(attached, 15, what="the document is attached")

    def submit(self, respondent, assignment):
        return respondent.post("/api/v1/assignments/{id}:submit", id=assignment["assignmentId"],
                               version=assignment["version"])

    def send(self, respondent, assignment, value, second_value="", **options):
        """Saves and sends."""
        return self.submit(respondent, self.save(respondent, assignment, value, second_value, **options))

    def entry(self, operator, assignment):
        """The queue's entry of this version, as soon as it is there."""
        def find():
            reply = operator.ask("GET", "/api/v1/queue/{id}", id=assignment["assignmentId"])
            fits = reply.status == 200 and reply.document["version"] == assignment["version"]
            return reply.document if fits else None
        return eventually(find, 15, what="the entry in the queue")

    def accept(self, operator, assignment):
        entry = self.entry(operator, assignment)
        return operator.post("/api/v1/queue/{id}:accept", id=entry["assignmentId"], version=entry["version"])

    def reject(self, operator, assignment, resolution="Уточните информацию"):
        entry = self.entry(operator, assignment)
        return operator.post("/api/v1/queue/{id}:reject", {"resolution": resolution}, id=entry["assignmentId"],
                             version=entry["version"])
