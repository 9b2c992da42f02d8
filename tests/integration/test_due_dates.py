"""Due dates of all the kinds a document knows, each with the source's words; schedules that are named later (ЦОС)."""
import datetime
from types import SimpleNamespace

import pytest

from builders import item, participants
from vekha_client import Problem

OWNER = "Центр проектного сопровождения"


def result(code, region, **options):
    return item(code, "documents", evidence="Документ", participants=participants("listed", codes=[region.superior]),
                **options)


def day(place, count):
    return str(place.today + datetime.timedelta(days=count))


@pytest.fixture(scope="module")
def place(world):
    region = world.region(municipalities=1, schools=1, zone="Europe/Moscow")
    world.wait_for_organisations(region)
    place = SimpleNamespace(region=region, today=world.today(region.zone))
    year = place.today.year
    dues = {
        "exact": {"kind": "exact", "on": day(place, 5), "text": "25 августа;"},
        "late": {"kind": "not_later", "on": day(place, -3), "text": "Не позднее 29 декабря 2023 года"},
        "period": {"kind": "period", "from": day(place, 1), "on": day(place, 20), "text": "февраль – март",
                   "footnote": "* срок может быть уточнён"},
        "relative": {"kind": "relative_year", "month": 8, "day": 25, "yearOffset": -1, "text": "25 августа X - 1 года"},
        "quarter": {"kind": "quarter", "quarter": 2, "text": "II квартал"},
        "monthly": {"kind": "recurring", "every": "month", "day": 31, "text": "ежемесячно"},
        "schedule": {"kind": "by_schedule", "owner": OWNER, "text": "Согласно отдельному графику"},
        "round": {},
    }
    sections = [{"code": code, "title": f"Мероприятие {code}", "number": f"{number}.", "due": due,
                 "responsible": [{"title": "Региональный координатор", "organisationCode": region.superior},
                                 {"title": OWNER}],
                 "items": [result(f"{code}-result", region)]}
                for number, (code, due) in enumerate(dues.items(), 1)]
    sections[0]["items"].append(result("own-date", region, due={"kind": "exact", "on": day(place, 7)}))
    place.code = world.programme(region, sections=sections)
    place.round = world.wait_open(world.round(place.code, region, due_in=60, closed_in=90)["roundId"], 1)
    place.year = datetime.date.fromisoformat(place.round["dueOn"]).year
    place.respondent = world.respondent(region.superior)
    assert year in (place.year, place.year - 1)
    return place


def seen(world, place):
    found = {}
    for one in world.assignments(place.respondent, round_id=place.round["roundId"]):
        found.setdefault(one["itemCode"], []).append(one)
    return found


def test_every_kind_has_its_day(world, place):
    """S3.6, S3.9, S3.14, S3.20, B18, B19, B21, B24: the day counts in the region's zone, the words stay the source's."""
    found = seen(world, place)
    expected = {"exact-result": day(place, 5), "own-date": day(place, 7), "late-result": day(place, -3),
                "period-result": day(place, 20), "relative-result": f"{place.year - 1}-08-25",
                "quarter-result": f"{place.year}-06-30", "round-result": place.round["dueOn"]}
    assert {code: found[code][0]["dueOn"] for code in expected} == expected
    assert found["exact-result"][0]["dueText"] == "25 августа;" and found["exact-result"][0]["dueKind"] == "exact"
    assert found["exact-result"][0]["dueAt"].endswith("T20:59:59.000Z")
    assert found["late-result"][0]["overdue"] and not found["exact-result"][0]["overdue"]
    assert found["round-result"][0]["dueKind"] == ""


def test_a_recurring_date_is_asked_for_each_day(world, place):
    """S3.13, B22, B24, F11: a checkpoint for each month's end that lies in the round."""
    found = seen(world, place)["monthly-result"]
    days = sorted(one["dueOn"] for one in found)
    last = datetime.date.fromisoformat(place.round["closedUntil"])
    assert 2 <= len(days) <= 4 and days == sorted(set(days))
    for one in days:
        named = datetime.date.fromisoformat(one)
        assert (named + datetime.timedelta(days=1)).day == 1 and place.today <= named <= last
    assert sorted(one["checkpoint"] for one in found) == list(range(1, len(days) + 1))


def test_a_schedule_is_a_debt_until_it_is_named(world, place):
    """S3.8, S3.14, I12: no day and never overdue; its owner's day, named with its basis, then counts for everybody."""
    waiting = seen(world, place)["schedule-result"][0]
    assert not waiting.get("dueAt") and not waiting["overdue"] and not waiting["inputClosed"]
    operator = world.operator(place.region.code)

    def name(on, previous="", reason="График ЦПС № 5", by=operator):
        return by.post("/api/v1/rounds/{id}/sections/schedule:schedule",
                       {"dueOn": on, "previousOn": previous, "reason": reason}, id=place.round["roundId"])
    with pytest.raises(Problem) as caught:
        name(day(place, 30), reason="")
    assert caught.value.fields == ["reason"]
    assert name(day(place, 30))["assignments"] == 1
    assert seen(world, place)["schedule-result"][0]["dueOn"] == day(place, 30)
    with pytest.raises(Problem) as caught:
        name(day(place, 40))
    assert caught.value.status == 412
    assert name(day(place, 40), day(place, 30), "Письмо № 7", world.administrator)["dueOn"] == day(place, 40)
    assert seen(world, place)["schedule-result"][0]["dueOn"] == day(place, 40)
    with pytest.raises(Problem) as caught:
        operator.post("/api/v1/rounds/{id}/sections/exact:schedule", {"dueOn": day(place, 1), "reason": "Так"},
                      id=place.round["roundId"])
    assert caught.value.code == "not_by_schedule"
    stranger = world.operator(world.region(municipalities=1, schools=1).code)
    with pytest.raises(Problem) as caught:
        name(day(place, 50), day(place, 40), "Чужой график", stranger)
    assert caught.value.status == 404


def test_a_file_is_kept_word_for_word(world, place):
    """S3.1-S3.4, S3.21, B17: order, approval, parents and abbreviations stand in each version with its basis."""
    document = {"kind": "Распоряжение", "number": "3509-р", "date": "2023-12-26", "title": "Об утверждении Комплекса мер",
                "approval": "УТВЕРЖДЕНО распоряжением комитета от «___» 26.12.2023 года № 3509-р (приложение)",
                "parents": ["федеральный проект «Цифровая образовательная среда»", "нацпроект «Образование»"],
                "paragraphs": ["1. Определить комитет…"], "controller": "начальник сектора цифровой трансформации",
                "abbreviations": ["далее - распорядительный акт комитета"]}
    body = {"title": "Комплекс мер", "zone": place.region.zone, "organisationCode": place.region.code,
            "document": document, "basis": "распоряжение 26.12.2023 № 3509-р", "reviewer": "operator",
            "words": [{"key": "section", "russian": "Мероприятие", "english": "Measure"}],
            "sections": [{"code": "m1", "number": "1.", "title": "Утверждено", "series": "s",
                          "items": [result("r1", place.region)]},
                         {"code": "m2", "number": "2.", "title": "Закуплено", "dependsOn": ["m1"],
                          "items": [result("r2", place.region)]}]}
    code = world.programme(place.region, **body)
    amended = {**body, "basis": "распоряжение 01.03.2024 № 100-р", "title": "Комплекс мер (в ред.)"}
    put = world.administrator.put("/api/v1/programmes/{code}", amended, code=code)
    assert put["version"] == 2 and put["itemsChanged"] == 0
    now = place.respondent.get("/api/v1/programmes/{code}", code=code)
    assert {key: now["document"][key] for key in document} == document
    assert now["words"][0]["russian"] == "Мероприятие" and now["sections"][1]["dependsOn"] == ["m1"]
    listed = {one["code"]: one for one in place.respondent.get("/api/v1/programmes")["programmes"]}
    assert listed[code]["hasDocument"] and not listed[place.code]["hasDocument"]
    versions = place.respondent.get("/api/v1/programmes/{code}/versions", code=code)["versions"]
    assert [(one["version"], one["basis"]) for one in versions] == [(2, amended["basis"]), (1, body["basis"])]
    first = place.respondent.get("/api/v1/programmes/{code}/versions/{number}", code=code, number=1)
    assert first["file"]["title"] == "Комплекс мер" and first["file"]["sections"][0]["series"] == "s"
    assert {key: first["file"]["document"][key] for key in document} == document


WRONG = [
    ({"reviewer": "boss"}, "reviewer"),
    ({"words": [{"key": "colour", "russian": "Цвет", "english": "Colour"}]}, "words[0].key"),
    ({"due": {"kind": "soon"}}, "sections[0].due.kind"),
    ({"due": {"kind": "exact"}}, "sections[0].due.on"),
    ({"due": {"kind": "by_schedule"}}, "sections[0].due.owner"),
    ({"due": {"kind": "period", "on": "2024-01-01", "from": "2024-02-01"}}, "sections[0].due.from"),
    ({"due": {"kind": "recurring", "every": "week", "day": 1}}, "sections[0].due.every"),
    ({"due": {"kind": "relative_year", "month": 2, "day": 30}}, "sections[0].due.day"),
    ({"due": {"kind": "quarter"}}, "sections[0].due.quarter"),
    ({"dependsOn": ["later"]}, "sections[0].dependsOn[0]"),
    ({"significance": "huge"}, "sections[0].significance"),
    ({"item": {"valueKind": "documents"}}, "sections[0].items[0].evidence"),
    ({"item": {"valueKind": "table"}}, "sections[0].items[0].columns"),
    ({"item": {"columns": [{"title": "a"}]}}, "sections[0].items[0].columns"),
    ({"item": {"valueKind": "table", "columns": [{"title": "a", "kind": "date"}]}},
     "sections[0].items[0].columns[0].kind"),
    ({"item": {"due": {"kind": "exact"}}}, "sections[0].items[0].due.on"),
]


@pytest.mark.parametrize("change,field", WRONG, ids=[field for _, field in WRONG])
def test_a_wrong_file_is_refused(world, place, change, field):
    """S3.14: what does not hold is named by its path, and nothing is loaded."""
    section = {"code": "one", "title": "Раздел", "items": [item("a", **change.get("item", {}))]}
    for key in ("due", "dependsOn", "significance"):
        if key in change:
            section[key] = change[key]
    body = {"title": "Программа", "zone": place.region.zone, "organisationCode": place.region.code,
            "sections": [section], **{key: change[key] for key in ("reviewer", "words") if key in change}}
    with pytest.raises(Problem) as caught:
        world.administrator.put("/api/v1/programmes/{code}", body, code="p-wrong")
    assert caught.value.status == 422 and caught.value.fields == [field], caught.value
