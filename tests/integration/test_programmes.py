"""Programme files: checked, loaded, loaded again; what was asked and answered before keeps its words."""
import copy
import json
import pathlib
import secrets
from types import SimpleNamespace

import pytest

from builders import default_items, item, participants, with_evidence
from vekha_client import Problem

PROGRAMMES = pathlib.Path(__file__).resolve().parents[2] / "programmes"


def file_of(region, items=None, **options):
    return {"title": "Программа", "zone": region.zone, "organisationCode": region.code,
            "sections": [{"code": "first", "title": "Раздел 1", "items": items or default_items()}], **options}


@pytest.fixture(scope="module")
def place(world):
    region = world.region(municipalities=1, schools=1)
    world.wait_for_organisations(region)
    return SimpleNamespace(region=region, respondent=world.respondent(region.schools[0]))


def load(world, body, code=None):
    return world.administrator.put("/api/v1/programmes/{code}", body, code=code or "p-" + secrets.token_hex(4))


def refused(world, body):
    with pytest.raises(Problem) as caught:
        load(world, body)
    assert caught.value.status == 422, caught.value
    return caught.value.fields


def test_a_file_becomes_a_programme(world, place):
    """S2.5, S2.12, S2.21, S2.25: groups with their items in the file's order, unit, evidence, and whom to ask for help."""
    items = [with_evidence("a", unit="чел.", decimals=1), item("b", "percent"), item("c", "yes_no", demo=True)]
    body = file_of(place.region, items, helpContact="Отдел статистики, 8 (351) 217-40-44", shortTitle="Кратко")
    body["sections"].append({"code": "empty", "title": "Пустой раздел"})
    code = "p-" + secrets.token_hex(4)
    reply = load(world, body, code)
    assert (reply["version"], reply["sections"], reply["items"], reply["itemsAdded"]) == (1, 2, 3, 3)
    seen = place.respondent.get("/api/v1/programmes/{code}", code=code)
    assert seen["helpContact"] == body["helpContact"] and seen["shortTitle"] == "Кратко"
    assert [section["code"] for section in seen["sections"]] == ["first", "empty"]
    first = seen["sections"][0]["items"]
    assert [one["code"] for one in first] == ["a", "b", "c"]
    assert first[0]["unit"] == "чел." and first[0]["decimals"] == 1
    assert first[0]["evidence"] == "Загрузите приказ" and first[0]["evidenceRequired"]
    assert first[1]["secondQuestion"] and first[2]["demo"]
    assert first[0]["participants"]["selector"] == "all_schools"
    listed = place.respondent.get("/api/v1/programmes")["programmes"]
    assert code in [one["code"] for one in listed]


def test_a_dry_run_only_counts(world, place):
    """S2.11: what the next version would change is known before anything is changed."""
    code = "p-" + secrets.token_hex(4)
    reply = load(world, file_of(place.region, dryRun=True), code)
    assert (reply["applied"], reply["itemsAdded"], reply["version"]) == (False, 6, 0)
    assert world.administrator.ask("GET", "/api/v1/programmes/{code}", code=code).status == 404


def test_the_same_file_again_is_the_same_version(world, place):
    """S2.11: only a changed file makes a new version, and it says what it changed."""
    code = "p-" + secrets.token_hex(4)
    body = file_of(place.region)
    load(world, body, code)
    again = load(world, body, code)
    assert again["applied"] and again["version"] == 1
    changed = copy.deepcopy(body)
    changed["sections"][0]["items"][0]["question"] = "Другой вопрос"
    changed["sections"][0]["items"].append(item("new"))
    del changed["sections"][0]["items"][1]
    reply = load(world, changed, code)
    assert (reply["version"], reply["itemsAdded"], reply["itemsChanged"], reply["itemsRetired"]) == (2, 1, 1, 1)
    back = load(world, body, code)
    assert (back["version"], back["itemsAdded"], back["itemsChanged"], back["itemsRetired"]) == (3, 1, 1, 1)


def test_what_was_answered_keeps_its_words(world, place):
    """S2.11, S2.45: loading a new version never touches assignments and answers that are there."""
    made = world.open_round(place.region, [item("kept"), item("gone")], organisations=1)
    kept = world.assignment(place.respondent, "kept", made["roundId"])
    world.save(place.respondent, kept, "5")
    load(world, file_of(place.region, [item("kept", question="Совсем другой вопрос", valueKind="yes_no")]),
         made["programmeCode"])
    seen = world.fresh(place.respondent, kept)
    assert (seen["question"], seen["valueKind"], seen["value"]) == ("Вопрос kept", "number", "5")
    assert world.assignment(place.respondent, "gone", made["roundId"])["state"] == "empty"
    assert world.save(place.respondent, seen, "6")["value"] == "6"


def test_every_mistake_is_named_by_its_path(world, place):
    """S2.9, S2.26-S2.30: a file is refused as a whole, with each wrong place."""
    items = [item("kind", "text"), item("percent", "percent", secondQuestion=""), item("number", secondQuestion="Всего"),
             item("yes", "yes_no", decimals=2), item("evidence", evidenceRequired=True),
             item("who", participants=participants("everybody")), item("listed", participants=participants("listed")),
             item("attribute", participants=participants("attribute")), item("kind")]
    fields = refused(world, file_of(place.region, items))
    assert sorted(fields) == sorted([
        "sections[0].items[0].valueKind", "sections[0].items[1].secondQuestion", "sections[0].items[2].secondQuestion",
        "sections[0].items[3].decimals", "sections[0].items[4].evidence",
        "sections[0].items[5].participants.selector", "sections[0].items[6].participants.codes",
        "sections[0].items[7].participants.attribute", "sections[0].items[8].code"])
    assert refused(world, file_of(place.region, [item("Код")])) == ["sections[0].items[0].code"]
    assert refused(world, file_of(place.region, [item("a", question="")])) == ["sections[0].items[0].question"]
    assert refused(world, file_of(place.region, zone="Asia/Chelyabinsk")) == ["zone"]
    twice = file_of(place.region)
    twice["sections"].append({"code": "first", "title": "Ещё раз"})
    assert refused(world, twice) == ["sections[1].code"]


def test_a_region_that_is_not_there_is_waited_for_then_refused(world, place):
    """A programme stands on its region's organisation, which reaches this service as an event."""
    body = file_of(place.region, organisationCode="t-nowhere")
    with pytest.raises(Problem) as caught:
        load(world, body)
    assert (caught.value.status, caught.value.code) == (409, "unknown_organisation")
    assert "t-nowhere" in caught.value.detail


def test_other_regions_do_not_see_it(world, place):
    """S1.7: programmes and rounds stay in their territory."""
    other = world.region(municipalities=1, schools=1)
    stranger = world.respondent(other.schools[0])
    code = world.programme(place.region)
    made = world.round(code, place.region, opens_in=3)
    assert stranger.ask("GET", "/api/v1/programmes/{code}", code=code).status == 404
    assert stranger.ask("GET", "/api/v1/rounds/{id}", id=made["roundId"]).status == 404
    assert code not in [one["code"] for one in stranger.get("/api/v1/programmes")["programmes"]]
    rounds = stranger.get("/api/v1/rounds")["rounds"]
    assert made["roundId"] not in [one["roundId"] for one in rounds]
    assert place.respondent.get("/api/v1/rounds/{id}", id=made["roundId"])["state"] == "planned"


def test_the_campaign_of_the_letter(world, place):
    """S2.5-S2.8, S2.10, S2.66: 14 indicators in three groups for their participants, and two more groups."""
    programme = json.loads((PROGRAMMES / "natproekt-2020.json").read_text())
    letter_round = json.loads((PROGRAMMES / "natproekt-2020-round.json").read_text())
    code = "p-" + secrets.token_hex(4)
    # Sent as it stands; only the region is this test's own.
    programme["organisationCode"] = place.region.code
    reply = load(world, programme, code)
    assert (reply["sections"], reply["items"]) == (5, 16)
    asked = {one["code"] for one in letter_round["items"]}
    table = []
    for section in programme["sections"][:3]:
        counts = {}
        for one in section["items"]:
            if one["code"] in asked:
                selector = one["participants"]["selector"]
                counts[selector] = counts.get(selector, 0) + 1
        table.append(counts)
    assert table == [{"attribute": 5}, {"all_authorities": 1, "all_schools": 7}, {"all_schools": 1}]
    assert sum(sum(counts.values()) for counts in table) == len(asked) == 14
    titles = [section["title"] for section in programme["sections"]]
    assert titles[0].endswith('"Кванториум"') and "«Проектория»" in titles[2]
    assert titles[3].startswith("Создание в каждом субъекте РФ") and titles[4] == "Учитель будущего. Аттестация"
    assert letter_round["letter"] == {"number": "1202/9910", "date": "2020-09-15", "title": (
        "О запуске постоянного мониторинга реализации национального проекта «Образование»")}


def book_of(world, code, version):
    """The file of a version as the page of the reference book sends it back."""
    seen = world.administrator.get("/api/v1/programmes/{code}/versions/{number}", code=code, number=version)
    file = seen["file"]
    assert file.pop("code") == code
    return file


def test_a_book_is_changed_without_a_file(world, place):
    """S1.8, S1.11, S1.15: what was read is sent back changed; each version has its year, its act and who made it."""
    body = json.loads((PROGRAMMES / "500plus-2021.json").read_text()) | {"organisationCode": place.region.code, "year": 2021}
    code = "p-" + secrets.token_hex(4)
    load(world, body, code)
    book = book_of(world, code, 1)
    assert load(world, {**book, "expectedVersion": 1}, code)["version"] == 1, "what was read is what was loaded"
    direction = book["sections"][1]
    direction["title"], direction["significance"] = "Оснащение школы", "high"
    direction["items"][0]["question"], retired = "Впишите факторы риска", direction["items"].pop()
    book["sections"].append({**direction, "code": "buildings", "title": "Ветхие здания", "demo": True, "items": []})
    next_book = {**book, "expectedVersion": 1, "basis": "распоряжение № 7", "year": 2022}
    dry = load(world, {**next_book, "dryRun": True}, code)
    assert (dry["applied"], dry["version"], dry["itemsChanged"], dry["itemsRetired"]) == (False, 1, len(direction["items"]), 1)
    assert load(world, next_book, code)["version"] == 2
    with pytest.raises(Problem) as caught:
        load(world, {**next_book, "basis": "распоряжение № 8"}, code)
    assert (caught.value.status, caught.value.code) == (412, "stale")
    listed = place.respondent.get("/api/v1/programmes/{code}/versions", code=code)["versions"]
    assert [(one["version"], one["basis"], one["year"]) for one in listed] == [
        (2, "распоряжение № 7", 2022), (1, body["basis"], 2021)]
    found = world.administrator.get("/api/v1/accounts", query={"account_id": listed[0]["loadedBy"]})
    assert [one["login"] for one in found["accounts"]] == [world.administrator.login_name] and found["total"] == 1
    codes = [item["code"] for section in book_of(world, code, 2)["sections"] for item in section["items"]]
    assert retired["code"] not in codes
    assert retired["code"] in [item["code"] for section in book_of(world, code, 1)["sections"] for item in section["items"]]


def test_a_round_under_way_keeps_the_book_it_began_with(world, place):
    """S1.11, S2.11: directions and templates of a running round keep their words, also those retired meanwhile."""
    day = {"kind": "by_executor"}
    table = item("template", "table", columns=[{"title": "Факторы риска"}], due=day)
    sections = [{"code": "staff", "title": "Кадры", "byChoice": True, "significance": "high", "due": day, "items": [table]},
                {"code": "plain", "title": "Прочее", "items": [item("one")]}]
    code = world.programme(place.region, sections=sections)
    round_ = world.wait_open(world.round(code, place.region)["roundId"], 1)
    place.respondent.post("/api/v1/rounds/{id}/sections/staff:choose", {}, id=round_["roundId"])
    planned = {"plannedOn": str(world.today(place.region.zone))}
    place.respondent.post("/api/v1/rounds/{id}/sections/staff:plan", planned, id=round_["roundId"])
    sent = world.send(place.respondent, world.assignment(place.respondent, "one", round_["roundId"]), "5")
    book = book_of(world, code, 1)
    del book["sections"][0]
    book["sections"][0]["items"][0]["question"] = "Другой вопрос"
    load(world, {**book, "expectedVersion": 1, "basis": "приказ"}, code)
    plan = place.respondent.get("/api/v1/rounds/{id}/plan", id=round_["roundId"])
    kept = next(one for one in plan["sections"] if one["sectionCode"] == "staff")
    assert (kept["title"], kept["significance"], kept["state"]) == ("Кадры", "high", "activated")
    assert world.assignment(place.respondent, "template", round_["roundId"])["question"] == "Вопрос template"
    seen = world.fresh(place.respondent, sent)
    assert (seen["question"], seen["value"], seen["state"]) == ("Вопрос one", "5", "in_review")
