"""Forms that another body issues: whose they are, who still owes them, the blank itself for everybody who writes on it."""
import secrets
from types import SimpleNamespace

import pytest

from builders import item
from pdf import pdf
from vekha_client import Problem
from waiting import eventually

OWNER = "Центр проектного сопровождения"


def form_item(code, **form):
    return item(code, "documents", question=f"Реестр {code} (по форме Центра)", evidence="Реестр",
                form={"owner": OWNER, **form})


def body_of(region, *items, **options):
    return {"title": "Дорожная карта", "zone": region.zone, "organisationCode": region.code,
            "sections": [{"code": "m1", "number": "1.", "title": "Объявлены закупки", "items": list(items)}], **options}


def load(place, body, who=None):
    return (who or place.world.administrator).put("/api/v1/programmes/{code}", body, code=place.code)


def upload(person, code, content, name="Форма реестра.pdf"):
    begun = person.post("/api/v1/uploads", {"programmeCode": code, "fileName": name, "sizeBytes": str(len(content))})
    assert begun["programmeCode"] == code
    person.append_upload(begun["uploadId"], 0, content)
    return person.complete_upload(begun["uploadId"])


def road_map(place):
    place.world.wait_until_heard("reporting", "submissions")
    return place.coordinator.get("/api/v1/reports/roadmap", query={"round_id": place.round_id})


@pytest.fixture(scope="module")
def place(world):
    region = world.region(municipalities=1, schools=1)
    world.wait_for_organisations(region)
    made = SimpleNamespace(world=world, region=region, code="p-" + secrets.token_hex(4))
    load(made, body_of(region, form_item("notices"), item("act", "documents", question="Акт", evidence="Акт")))
    made.round_id = world.wait_open(world.round(made.code, region)["roundId"], 1)["roundId"]
    made.respondent, made.coordinator = world.respondent(region.schools[0]), world.coordinator(region.code)
    return made


def test_a_form_is_owed_until_it_is_published(world, place):
    """S3.17: whoever writes on a form sees whose it is and that it is owed; published in the middle of a round, it is
    there in this round, for every role, and the debt is gone."""
    asked = world.assignment(place.respondent, "notices", place.round_id)
    assert (asked["form"]["owner"], asked["form"]["documentId"], asked["form"]["address"]) == (OWNER, "", "")
    assert "form" not in world.assignment(place.respondent, "act", place.round_id)
    seen = road_map(place)
    notices, act = seen["sections"][0]["items"]
    assert (seen["formsOwed"], notices["formOwner"], notices["formOwed"], notices["formOwnerIsOutside"]) == (1, OWNER, True, True)
    assert (act["formOwner"], act["formOwed"]) == ("", False)

    blank = pdf(text="Форма реестра извещений")
    document = upload(world.administrator, place.code, blank)
    assert (document["programmeCode"], document["fileName"]) == (place.code, "Форма реестра.pdf")
    published = form_item("notices", title="Реестр извещений", basis="Письмо от 09.01.2024 № 1", documentId=document["documentId"])
    reply = load(place, body_of(place.region, published, item("act", "documents", question="Акт", evidence="Акт")))
    assert (reply["version"], reply["itemsChanged"]) == (2, 1)
    form = world.fresh(place.respondent, asked)["form"]
    assert form == {"title": "Реестр извещений", "owner": OWNER, "organisationCode": "", "basis": "Письмо от 09.01.2024 № 1",
                    "address": "", "documentId": document["documentId"], "fileName": "Форма реестра.pdf"}
    # The list was read before, and has changed since.
    assert world.assignment(place.respondent, "notices", place.round_id)["form"] == form
    listed = place.respondent.get("/api/v1/programmes/{code}", code=place.code)["sections"][0]["items"][0]["form"]
    assert listed == form
    for person in (place.respondent, place.coordinator, world.operator(place.region.code), world.administrator):
        assert person.download(document["documentId"]).body == blank
    after = road_map(place)
    notices = after["sections"][0]["items"][0]
    assert (after["formsOwed"], notices["formOwed"], notices["formDocumentId"], notices["formFileName"]) == (
        0, False, document["documentId"], "Форма реестра.pdf")
    # It stays with what was sent, and with a version that names it no more it is gone.
    sent = world.submit(place.respondent, world.attach(place.respondent, world.fresh(place.respondent, asked), pdf()))
    assert sent["form"]["documentId"] == document["documentId"]
    load(place, body_of(place.region, {**published, "form": {"owner": OWNER, "address": "https://example.org/form"}}))
    changed = world.fresh(place.respondent, asked)["form"]
    assert (changed["documentId"], changed["address"], changed["title"]) == ("", "https://example.org/form", "")
    eventually(lambda: road_map(place)["formsOwed"] == 0, 10, what="an address is a publication too")
    bare = {key: value for key, value in published.items() if key != "form"}
    load(place, body_of(place.region, bare))
    assert "form" not in world.fresh(place.respondent, asked)


def refused(call, *arguments):
    with pytest.raises(Problem) as caught:
        call(*arguments)
    return caught.value


def test_what_a_form_cannot_be(world, place):
    """S3.17: no form without its owner, no address that is none, no document that was not uploaded for this programme."""
    def fields(**form):
        problem = refused(load, place, body_of(place.region, form_item("notices", **form)))
        assert problem.status == 422
        return problem.fields
    assert fields(owner="") == ["sections[0].items[0].form.owner"]
    assert fields(address="javascript:alert(1)") == ["sections[0].items[0].form.address"]
    assert fields(documentId="no") == ["sections[0].items[0].form.documentId"]
    elsewhere = upload(world.administrator, "another-programme", pdf())
    problem = refused(load, place, body_of(place.region, form_item("notices", documentId=elsewhere["documentId"])))
    assert (problem.status, problem.code) == (409, "unknown_form") and elsewhere["documentId"] in problem.detail


def test_who_may_upload_a_form(world, place):
    """S3.17: administrators alone, one thing at a time, and nobody goes on with another's upload."""
    size = {"fileName": "Форма.pdf", "sizeBytes": "5"}
    for person in (place.respondent, place.coordinator):
        problem = refused(person.post, "/api/v1/uploads", {"programmeCode": place.code, **size})
        assert (problem.status, problem.violations[0]["code"]) == (422, "wrong_owner")
    both = {"programmeCode": place.code, "messageId": "00000000-0000-4000-8000-000000000001", **size}
    assert refused(world.administrator.post, "/api/v1/uploads", both).status == 422
    begun = world.administrator.post("/api/v1/uploads", {"programmeCode": place.code, **size})
    path = "/api/v1/uploads/{id}"
    assert place.respondent.ask("GET", path, id=begun["uploadId"]).status == 404
    assert world.administrator.get(path, id=begun["uploadId"])["programmeCode"] == place.code
    world.administrator.delete(path, id=begun["uploadId"])
