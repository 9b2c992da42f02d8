"""Announcements, letters and consultations: who gets them, who passes them on, who may see what (S1.5, S1.34-S1.36)."""
import datetime
import io
import re
import secrets
import zipfile
from types import SimpleNamespace
from urllib.parse import quote

import pytest
from odf import opendocument, teletype
from odf import text as parts
from pdf import pdf
from pdf_tags import Tagged
from vekha_client import Problem
from waiting import eventually

ALL_BELOW = ["municipality", "curator", "authority", "school", "operator"]


@pytest.fixture(scope="module")
def place(world):
    region = world.region(municipalities=2, schools=2)
    first, second = region.municipalities
    address = f"head-{region.code}@demo.example"
    people = SimpleNamespace(
        region=region, address=address,
        author=world.coordinator(region.code, {"familyName": "Тарасова"}),
        colleague=second_coordinator(world, region.code),
        municipal=world.coordinator(first.authority, {"familyName": "Муниципалова", "phone": "+7 351 555-77-77"}),
        other_municipal=world.coordinator(second.authority),
        curator=world.curator(region.code, [first.schools[0]], {"familyName": "Кураторова"}),
        head=world.respondent(first.schools[0], {"email": address}), neighbour=world.respondent(first.schools[1]),
        distant=world.respondent(second.schools[0]), authority=world.respondent(first.authority),
        operator=world.operator(region.code),
        foreigner=world.coordinator(world.region(schools=1).code))
    world.wait_until_heard("deadlines", "auth")
    return people


def second_coordinator(world, code):
    issued = world.issue("coordinator", code, perOrganisation=2)
    return world.make_ready(world.client(), issued["login"], issued["oneTimePassword"], {"familyName": "Коллегина"})


def content(kind="announcement", levels=("municipality",), **options):
    made = {"kind": kind, "subject": f"О мероприятиях {secrets.token_hex(3)}", "text": "Прошу обеспечить внесение данных.",
            "levels": list(levels), **options}
    if kind in ("letter", "order"):
        made = {"signatoryName": "Иванов И. И.", "signatoryPosition": "Заместитель председателя", **made}
    if kind == "consultation":
        made = {"durationMinutes": 60, **made}
    return made


def draft(author, **options):
    return author.post("/api/v1/messages", {"content": content(**options)})


def post(author, made):
    return author.post("/api/v1/messages/{id}:send", id=made["messageId"], version=made["version"])


def send(author, **options):
    return post(author, draft(author, **options))


def see(reader, message):
    return reader.get("/api/v1/messages/{id}", id=message["messageId"])


def read(reader, message, **options):
    return reader.post("/api/v1/messages/{id}:read", options, id=message["messageId"])


def status_of(reader, message, verb="GET", path="", body=None, **options):
    return reader.ask(verb, "/api/v1/messages/{id}" + path, body, id=message["messageId"], **options).status


def box(reader, name="received"):
    reply = reader.get("/api/v1/messages", query={"box": name, "limit": 200})
    return {one["messageId"]: one for one in reply["messages"]}


def levels(document):
    return {one["level"]: one.get("accounts", one.get("addressed")) for one in document["levels"]}


def receipts(reader, message):
    return reader.get("/api/v1/messages/{id}/receipts", id=message["messageId"])


def addressees(reader, message, **query):
    return reader.get("/api/v1/messages/{id}/addressees", id=message["messageId"], query=query)["addressees"]


def notices(reader, message):
    return [one for one in reader.get("/api/v1/notifications")["notifications"]
            if one["messageId"] == message["messageId"]]


def pass_on(reader, message, **options):
    return reader.post("/api/v1/messages/{id}:passOn", options, id=message["messageId"])


def refused(call, *arguments, **options):
    with pytest.raises(Problem) as caught:
        call(*arguments, **options)
    return caught.value


def test_a_draft_is_its_authors_alone(place):
    made = draft(place.author, levels=ALL_BELOW)
    assert made["state"] == "draft" and made["mine"]
    for reader in (place.colleague, place.municipal, place.head, place.foreigner):
        assert status_of(reader, made) == 404
    assert status_of(place.colleague, made, "POST", ":send", version=made["version"]) == 404
    assert status_of(place.colleague, made, "DELETE") == 404
    assert made["messageId"] in box(place.author, "drafts") and made["messageId"] not in box(place.colleague, "territory")
    changed = place.author.put("/api/v1/messages/{id}", {"content": content(subject="Иначе", levels=["school"])},
                               id=made["messageId"], version=made["version"])
    assert changed["content"]["subject"] == "Иначе" and changed["content"]["levels"] == ["school"]
    assert refused(post, place.author, made).status == 412
    place.author.delete("/api/v1/messages/{id}", id=made["messageId"])
    assert status_of(place.author, made) == 404


def test_who_gets_it_is_known_before_it_goes(place):
    """By level, and the schools that nobody can reach because they have no account."""
    made = draft(place.author, levels=ALL_BELOW)
    audience = place.author.get("/api/v1/messages/{id}/audience", id=made["messageId"])
    assert levels(audience) == {"municipality": 2, "operator": 1, "curator": 1, "authority": 1, "school": 3}
    # One school and one authority of the second municipality.
    assert audience["organisationsWithoutAccount"] == 2
    second = place.region.municipalities[1]
    made = draft(place.author, levels=ALL_BELOW, organisationIds=[place.region.ids[second.code]])
    audience = place.author.get("/api/v1/messages/{id}/audience", id=made["messageId"])
    assert levels(audience) == {"municipality": 1, "school": 1}
    assert made["organisationNames"] == [second.name]


def test_nothing_goes_beyond_the_authors_territory(place):
    elsewhere = place.region.ids[place.region.municipalities[1].code]
    problem = refused(draft, place.municipal, levels=["school"], organisationIds=[elsewhere])
    assert (problem.status, problem.fields) == (422, ["content.organisationIds"])
    sent = send(place.municipal, levels=ALL_BELOW)
    assert sent["messageId"] in box(place.head) and sent["messageId"] not in box(place.distant)
    assert status_of(place.distant, sent) == 404 and status_of(place.other_municipal, sent) == 404
    # The curator of one of its schools belongs to the region, and is reached all the same.
    assert sent["messageId"] in box(place.curator)
    # Those above see it, another region does not.
    assert sent["messageId"] in box(place.author, "territory")
    assert see(place.author, sent)["content"]["text"] == sent["content"]["text"]
    assert status_of(place.foreigner, sent) == 404


def test_what_is_incomplete_is_not_sent(place):
    problem = refused(send, place.author, kind="letter", subject="", signatoryName="", levels=[])
    assert set(problem.fields) == {"content.subject", "content.signatoryName", "content.levels"}
    problem = refused(send, place.author, kind="consultation")
    assert set(problem.fields) == {"content.startsOn", "content.startsTime", "content.connection.link"}
    problem = refused(draft, place.author, links=[{"title": "Отчёт", "address": "https://elsewhere.example/"}])
    assert problem.fields == ["content.links[0].address"]
    assert refused(draft, place.author, connection={"link": "javascript:alert(1)"}).fields == ["content.connection.link"]
    assert refused(draft, place.author, kind="poem").fields == ["content.kind"]
    made = draft(place.author, levels=["region"], organisationIds=[place.region.ids[place.region.schools[0]]])
    assert refused(post, place.author, made).fields == ["content.levels"]


def test_what_was_sent_stays_as_it_is(place):
    sent = send(place.author)
    assert sent["state"] == "sent" and sent["sentAt"]
    problem = refused(place.author.put, "/api/v1/messages/{id}", {"content": content()}, id=sent["messageId"],
                      version=sent["version"])
    assert (problem.status, problem.code) == (409, "already_sent")
    assert refused(place.author.delete, "/api/v1/messages/{id}", id=sent["messageId"]).status == 409
    assert refused(post, place.author, sent).status == 409


def test_a_number_is_an_organisations_once_a_year(place):
    """S1.36: given by the author or counted on; the date is the day of sending."""
    first, second = send(place.author, kind="letter"), send(place.author, kind="order")
    assert int(second["content"]["number"]) == int(first["content"]["number"]) + 1
    assert first["content"]["datedOn"] == first["content"]["datedOn"][:4] + first["content"]["datedOn"][4:]
    own = send(place.author, kind="letter", number="19-1234/2021")
    assert own["content"]["number"] == "19-1234/2021"
    problem = refused(send, place.author, kind="letter", number="19-1234/2021")
    assert (problem.status, problem.fields) == (422, ["content.number"])
    # Of another year, and of another organisation.
    assert send(place.author, kind="letter", number="19-1234/2021", datedOn="2019-04-01")["state"] == "sent"
    assert send(place.municipal, kind="letter", number="19-1234/2021", levels=["school"])["state"] == "sent"


def test_it_is_read_and_taken_note_of(world, place):
    """S1.35: opening is one thing, «Ознакомлен» another; the notice is read with it; the letter says nothing secret."""
    sent = send(place.author, levels=["school"], asksAcknowledgement=True)
    told = eventually(lambda: notices(place.head, sent), 15, what="the notice")[0]
    assert told["kind"] == "message" and sent["content"]["subject"] in told["title"] and "Ознакомлен" in told["text"]
    mail = eventually(lambda: world.stack.rows("deadlines", "SELECT subject, body FROM mail WHERE address = %s"
                                               " AND cause = %s", place.address,
                                               f"message:{sent['messageId']}:sent"), 15, what="the letter")[0]
    assert sent["content"]["subject"] in mail["subject"]
    assert mail["body"].endswith(f"{world.stack.address}/messages/{sent['messageId']}")
    unread = place.head.get("/api/v1/messages")["unread"]
    seen = read(place.head, sent)
    assert seen["readAt"] and not seen["acknowledgedAt"]
    assert place.head.get("/api/v1/messages")["unread"] == unread - 1
    assert all(one["read"] for one in notices(place.head, sent))
    again = read(place.head, sent, acknowledge=True)
    assert again["readAt"] == seen["readAt"] and again["acknowledgedAt"]
    level = receipts(place.author, sent)["levels"][0]
    assert (level["level"], level["addressed"], level["read"], level["acknowledged"]) == ("school", 3, 1, 1)
    plain = send(place.author, levels=["school"])
    assert refused(read, place.head, plain, acknowledge=True).code == "no_acknowledgement_asked"
    assert refused(read, place.author, plain).code == "not_addressed"


def test_it_goes_down_level_by_level(world, place):
    """S1.35: «довести до муниципальных координаторов, кураторов школ и руководителей образовательных организаций»."""
    sent = send(place.author, levels=["municipality"])
    assert status_of(place.head, sent) == 404
    audience = place.municipal.get("/api/v1/messages/{id}/passingAudience", id=sent["messageId"])
    assert levels(audience) == {"curator": 1, "authority": 1, "school": 2}
    # The operator of the region is not the municipality's to address.
    passed = pass_on(place.municipal, sent, words="Срок — до пятницы")
    assert passed["passedOnAt"] and passed["readAt"]
    seen = see(place.head, sent)
    assert seen["received"] and seen["passedWords"] == "Срок — до пятницы"
    assert seen["passedByName"].startswith("Муниципалова")
    told = eventually(lambda: notices(place.head, sent), 15, what="the school is told")[0]
    assert "Муниципалова" in told["text"] and "Срок — до пятницы" in told["text"]
    assert status_of(place.distant, sent) == 404
    assert refused(pass_on, place.municipal, sent).code == "all_have_it"
    assert refused(pass_on, place.author, sent).code == "not_to_pass_on"
    read(place.head, sent)
    tree = receipts(place.author, sent)
    assert levels(tree) == {"municipality": 2, "curator": 1, "authority": 1, "school": 2}
    by_name = {one["municipalityName"]: one for one in tree["branches"]}
    first, second = (by_name[one.name] for one in place.region.municipalities)
    assert first["coordinatorPassedOnAt"] and first["coordinatorReadAt"] and not second["coordinatorPassedOnAt"]
    # The curator belongs to the region and stands apart.
    assert (first["addressed"], first["reachedByPassingOn"], second["addressed"]) == (4, 3, 1)


def test_who_has_not_read_is_known_with_contacts(world, place):
    """Those above see whom to call, as in the reports, and the audit says that they looked (D4)."""
    sent = send(place.author, levels=["municipality", "school"], subject=f"Кому звонить {secrets.token_hex(4)}")
    read(place.head, sent)
    unread = addressees(place.author, sent, unread_only="true")
    assert {one["level"] for one in unread} == {"municipality", "school"} and len(unread) == 4
    coordinator = next(one for one in unread if one["personName"].startswith("Муниципалова"))
    assert coordinator["phone"] == "+7 351 555-77-77" and not coordinator["readAt"]
    assert len(addressees(place.author, sent)) == 5
    page = addressees(place.author, sent, limit="2")
    rest = addressees(place.author, sent, after_account_id=page[-1]["accountId"])
    assert len({one["accountId"] for one in page + rest}) == 5
    # A municipality sees its own branch.
    own = addressees(place.municipal, sent)
    assert {one["municipalityName"] for one in own} == {place.region.municipalities[0].name} and len(own) == 3
    assert status_of(place.head, sent, path="/addressees") == 403
    assert status_of(place.foreigner, sent, path="/addressees") == 404
    assert status_of(place.curator, sent, path="/addressees") == 404

    def audited():
        records = world.administrator.get("/api/v1/audit", query={"act": "message_addressees_read"})["records"]
        return [one for one in records if one["detail"] == sent["content"]["subject"]]
    assert len(eventually(lambda: len(audited()) == 2 and audited(), 20, what="two readers in the audit")) == 2


def test_the_way_in_is_told_to_addressees_only(place, world):
    """S1.34: link, identifier and code; those above see the event without them, and no e-mail has the code."""
    day = str(world.today() + datetime.timedelta(days=30))
    way = {"link": "https://conference.example/j/1", "conferenceId": "834 4516 1203", "accessCode": "сектор-490"}
    sent = send(place.municipal, kind="consultation", levels=["school"], startsOn=day, startsTime="16:30", connection=way)
    assert sent["zone"] == "Asia/Yekaterinburg" and sent["startsAt"] == f"{day}T11:30:00.000Z"
    assert see(place.head, sent)["content"]["connection"] == way
    above = place.author.ask("GET", "/api/v1/messages/{id}", id=sent["messageId"])
    assert above.document["connectionHidden"] and above.document["content"]["subject"] == sent["content"]["subject"]
    for secret in way.values():
        assert secret not in above.body.decode()
    assert status_of(place.author, sent, path="/calendar") == 404
    reply = place.head.ask("GET", "/api/v1/messages/{id}/calendar", id=sent["messageId"], headers={"Accept": "*/*"})
    text = reply.body.decode()
    assert reply.headers["Content-Type"].startswith("text/calendar") and "consultation.ics" in \
        reply.headers["Content-Disposition"]
    assert f"DTSTART:{day.replace('-', '')}T113000Z\r\n" in text and f"DTEND:{day.replace('-', '')}T123000Z\r\n" in text
    assert way["accessCode"] not in text and all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    eventually(lambda: notices(place.head, sent), 15, what="the notice")
    for row in world.stack.rows("deadlines", "SELECT subject, body FROM mail WHERE cause = %s",
                                f"message:{sent['messageId']}:sent"):
        assert "16:30" in row["body"] and way["accessCode"] not in row["body"] + row["subject"]
    # Recalled, nobody but its author is told the way in any more.
    place.municipal.post("/api/v1/messages/{id}:recall", {"reason": "Перенесено"}, id=sent["messageId"])
    assert "connection" not in see(place.head, sent)["content"] or not see(place.head, sent)["content"]["connection"]


def test_recalled_and_replaced(place):
    sent = send(place.author, levels=["school"])
    assert refused(place.colleague.post, "/api/v1/messages/{id}:recall", {"reason": "Ошибка"},
                   id=sent["messageId"]).status == 409
    recalled = place.author.post("/api/v1/messages/{id}:recall", {"reason": "Ошибка в сроках"}, id=sent["messageId"])
    assert recalled["state"] == "recalled"
    eventually(lambda: [one for one in notices(place.head, sent) if "Ошибка в сроках" in one["text"]], 15,
               what="addressees are told why")
    assert see(place.head, sent)["recallReason"] == "Ошибка в сроках"
    old = send(place.author, levels=["school"])
    new = send(place.author, levels=["school"], supersedesId=old["messageId"])
    seen = see(place.head, old)
    assert (seen["state"], seen["supersededById"]) == ("superseded", new["messageId"])


def test_attachments_are_for_addressees(place, world):
    """S1.36: uploaded for the draft, read by its author until it is sent and by its addressees from then on."""
    made = draft(place.author, kind="letter", levels=["municipality"])
    document = upload(place.author, made, pdf(text="приложение"))
    for reader in (place.municipal, place.colleague, place.head, place.foreigner):
        assert refused(reader.download, document["documentId"]).status == 404
    assert place.author.download(document["documentId"]).body.startswith(b"%PDF")
    made = place.author.put("/api/v1/messages/{id}", {"content": content("letter", documentIds=[document["documentId"]])},
                            id=made["messageId"], version=made["version"])
    sent = eventually(lambda: sent_or_none(place.author, made), 15, what="the attachment is known")
    assert [one["fileName"] for one in sent["attachments"]] == ["Приложение.pdf"]

    def open_for(reader):
        return reader.ask("GET", "/api/v1/documents/{id}", id=document["documentId"]).status == 200
    eventually(lambda: open_for(place.municipal), 15, what="the addressee may read it")
    assert not open_for(place.colleague) and not open_for(place.head) and not open_for(place.foreigner)
    pass_on(place.municipal, sent, levels=["school"])
    eventually(lambda: open_for(place.head), 15, what="whom it was passed on to may read it")
    assert not open_for(place.distant) and not open_for(place.colleague)
    # Nobody attaches anything to another's draft.
    other = draft(place.author)
    stolen = upload(place.colleague, other, pdf())
    place.author.put("/api/v1/messages/{id}", {"content": content(documentIds=[stolen["documentId"]])},
                     id=other["messageId"], version=other["version"])
    world.wait_until_heard("deadlines", "files")
    assert see(place.author, other)["attachments"] == []


def sent_or_none(author, made):
    reply = author.ask("POST", "/api/v1/messages/{id}:send", id=made["messageId"], version=made["version"])
    assert reply.status in (200, 409), reply.document
    return reply.document if reply.status == 200 else None


def upload(author, made, data, file_name="Приложение.pdf"):
    begun = author.post("/api/v1/uploads", {"messageId": made["messageId"], "fileName": file_name,
                                            "sizeBytes": str(len(data))})
    author.append_upload(begun["uploadId"], 0, data)
    return author.complete_upload(begun["uploadId"])


def test_a_curator_writes_to_the_schools_bound(place):
    sent = send(place.curator, levels=["school", "municipality", "operator"])
    assert levels(receipts(place.curator, sent)) == {"school": 1}
    assert sent["messageId"] in box(place.head) and sent["messageId"] not in box(place.neighbour)
    for role in (place.head, place.operator):
        assert role.ask("POST", "/api/v1/messages", {"content": content()}).status == 403


def test_a_curator_passes_it_on_to_the_schools_bound(place):
    sent = send(place.author, levels=["curator"])
    pass_on(place.curator, sent)
    assert sent["messageId"] in box(place.head) and sent["messageId"] not in box(place.neighbour)
    assert {one["level"] for one in addressees(place.curator, sent)} == {"school"}


def test_the_administrator_writes_to_everybody(place, world):
    region = place.region.ids[place.region.code]
    sent = send(world.administrator, levels=["region", *ALL_BELOW], organisationIds=[region])
    assert levels(receipts(world.administrator, sent)) == {"region": 2, "municipality": 2, "operator": 1, "curator": 1,
                                                           "authority": 1, "school": 3}
    assert sent["messageId"] in box(place.distant) and sent["messageId"] not in box(place.foreigner)


def document(client, message, file_format=None):
    return client.ask("GET", "/api/v1/messages/{id}/document", id=message["messageId"], query={"format": file_format}, headers={"Accept": "*/*"})


def test_a_letter_is_a_document_to_sign(place, world):
    """I10, S1.35, S1.36: number, date, addressees, text, signatory and attachments, for whoever may read it; always the same bytes."""
    letter = content("letter", ["municipality", "school"], subject="О сроках & <отчётах>", number="19-9105/2", datedOn="2021-04-01",
                     text="Прошу внести данные.\n\n" + "До 31 марта разместите документы. " * 200,
                     links=[{"title": "Базовый отчёт", "address": "/reports/roadmaps?as_of=2021-03-31"}])
    made = place.author.post("/api/v1/messages", {"content": letter})
    order = upload(place.author, made, pdf(text="приказ"), "Приказ № 12.pdf")
    made = place.author.put("/api/v1/messages/{id}", {"content": {**letter, "documentIds": [order["documentId"]]}}, id=made["messageId"],
                            version=made["version"])
    sent = eventually(lambda: sent_or_none(place.author, made), 15, what="the attachment is known")
    tagged = Tagged(document(place.author, sent).body)
    tagged.check()
    assert (tagged.language, tagged.title, tagged.sizes) == ("ru-RU", "О сроках & <отчётах>", {(595, 842)}) and len(tagged.pages) > 1
    said = " ".join(re.findall(r'"(.*)"', tagged.text))
    book = opendocument.load(io.BytesIO(document(place.author, sent, "odt").body))
    written = " ".join(teletype.extractText(one) for kind in (parts.P, parts.H) for one in book.getElementsByType(kind))
    for words in ("от 01.04.2021 № 19-9105/2", "муниципальным координаторам", "руководителям школ", "О сроках & <отчётах>", "Прошу внести данные.",
                  "Заместитель председателя", "Иванов И. И.", "Приказ № 12.pdf", "Базовый отчёт", "/reports/roadmaps?as_of=2021-03-31"):
        assert words.replace(" ", "") in said.replace(" ", "") and words in written, words
    assert written.count("разместите документы") == said.count("разместите") == 200
    with zipfile.ZipFile(io.BytesIO(document(place.head, sent, "odt").body)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, archive.read(first)) == ("mimetype", zipfile.ZIP_STORED, b"application/vnd.oasis.opendocument.text")
    for file_format in ("pdf", "odt"):
        reply = document(place.head, sent, file_format)
        assert reply.status == 200 and reply.body == document(place.head, sent, file_format).body
        assert quote(f"Письмо от 01.04.2021 № 19-9105/2.{file_format}".replace("/", "_"), safe="") in reply.headers["Content-Disposition"].replace("%2F", "_")
    assert document(place.foreigner, sent).status == 404
    assert document(place.author, sent, "doc").status == 422
    part = place.head.ask("GET", "/api/v1/messages/{id}/document", id=sent["messageId"], headers={"Accept": "*/*", "Range": "bytes=0-4"})
    assert (part.status, part.body) == (206, b"%PDF-")


def test_a_document_keeps_the_way_in_to_itself(place, world):
    """S1.34: of a consultation it says when, never the code."""
    day = str(world.today() + datetime.timedelta(days=30))
    sent = send(place.municipal, kind="consultation", levels=["school"], startsOn=day, startsTime="16:30",
                connection={"link": "https://conference.example/j/1", "accessCode": "сектор-491"})
    said = Tagged(document(place.head, sent).body).text
    assert "16:30" in said and "491" not in said and "conference" not in said
