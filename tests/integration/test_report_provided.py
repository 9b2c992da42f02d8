"""«Отчёт по предоставленным данным»: counters, values, reasons (S2.56-S2.61, S2.65, F9, F10)."""
import datetime
import io

import openpyxl
import pytest

from builders import item, participants, with_evidence
from pdf import pdf
from vekha_client import Problem
from waiting import eventually


@pytest.fixture(scope="module")
def scene(world):
    """Five schools, each at another point of the way; see `ways`."""
    region = world.region(municipalities=1, schools=5)
    round_ = world.open_round(region, [item("one", unit="чел."), item("two", "percent")], organisations=5)
    operator = world.operator(region.code)
    coordinator = world.coordinator(region.code)
    people = [world.respondent(code) for code in region.schools[1:]]
    people.insert(0, None)  # the first school never logs in
    # 1 logs in only; 2 has a draft; 3 is rejected; 4 has one sent and one accepted.
    draft = world.assignment(people[2], "one", round_["roundId"])
    world.save(people[2], draft, "17")
    rejected = world.send(people[3], world.assignment(people[3], "one", round_["roundId"]), "1233")
    world.reject(operator, rejected)
    accepted = world.send(people[4], world.assignment(people[4], "one", round_["roundId"]), "123")
    world.accept(operator, accepted)
    world.send(people[4], world.assignment(people[4], "two", round_["roundId"]), "1", "3")
    return region, round_, coordinator


def provided(client, round_, **query):
    return client.get("/api/v1/reports/provided", query={"round_id": round_["roundId"], **query})


def values_of(client, round_, organisation_id, **query):
    return client.get("/api/v1/reports/provided/{id}", id=organisation_id, query={"round_id": round_["roundId"], **query})


def by_path(report):
    return {row["path"]: row for row in report["rows"]}


def settled(scene):
    """As soon as all of the scene's events are in."""
    region, round_, coordinator = scene

    def done():
        new, accepted = provided(coordinator, round_), provided(coordinator, round_, values="accepted")
        rows = by_path(new)
        return (new, accepted) if (rows[region.schools[2]]["drafts"], rows[region.schools[3]]["rejected"],
                                   new["withData"], accepted["withData"]) == (1, 1, 1, 1) else None
    return eventually(done, 15, what="the report has settled")


def test_counters_and_filled_of_total(scene):
    """S2.59: «Данные имеются (1)», «Данные отсутствуют (4)», «N из M»."""
    region, _, _ = scene
    new, accepted = settled(scene)
    for report in (new, accepted):
        assert (report["withData"], report["withoutData"]) == (1, 4)
        row = by_path(report)[region.schools[4]]
        assert (row["filled"], row["total"], row["organisationGroup"]) == (1, 2, "schools")
        assert not row.get("reason")
    assert new["values"] == "new" and accepted["values"] == "accepted"


def test_every_nothing_has_its_reason(scene, world):
    """S2.61, F10: never logged in, not begun, draft not sent, rejected with its date."""
    region, _, _ = scene
    new, accepted = settled(scene)
    expected = ["never_logged_in", "not_begun", "draft_not_sent", "rejected"]
    for report in (new, accepted):
        rows = by_path(report)
        assert [rows[code]["reason"] for code in region.schools[:4]] == expected
        assert rows[region.schools[3]]["reasonAt"][:10] == str(world.today("UTC"))
        assert not rows[region.schools[0]].get("reasonAt")


def test_groups_open_into_rows(scene):
    """S2.59, S2.62: a group's rows alone, with whom to call."""
    region, round_, coordinator = scene
    settled(scene)
    without = provided(coordinator, round_, group="without_data")
    assert [row["path"] for row in without["rows"]] == region.schools[:4]
    assert (without["withData"], without["withoutData"]) == (1, 4)
    assert all(row["contact"]["phone"] for row in without["rows"])
    having = provided(coordinator, round_, group="with_data")
    assert [row["path"] for row in having["rows"]] == region.schools[4:]
    with pytest.raises(Problem) as refused:
        provided(coordinator, round_, group="started")
    assert refused.value.fields == ["group"]


def test_drafts_show_only_that_they_exist(scene):
    """S2.37, S2.57, F9: a draft's value is nowhere in the reports."""
    region, round_, coordinator = scene
    settled(scene)
    organisation_id = region.ids[region.schools[2]]
    reply = coordinator.ask("GET", "/api/v1/reports/provided/{id}", id=organisation_id,
                            query={"round_id": round_["roundId"]})
    value = reply.document["sections"][0]["values"][0]
    assert (value["itemCode"], value["hasData"], value["reason"]) == ("one", False, "draft_not_sent")
    assert not value.get("value") and value["reasonAt"]
    assert '"17"' not in reply.body.decode()


def test_drill_down_shows_question_value_and_date(scene, world):
    """S2.60: group, question, «Значение: 123», its date; percent with its pair."""
    region, round_, coordinator = scene
    settled(scene)
    organisation_id = region.ids[region.schools[4]]
    accepted = values_of(coordinator, round_, organisation_id, values="accepted")
    section = accepted["sections"][0]
    assert (section["title"], section["filled"], section["total"]) == ("Раздел 1", 1, 2)
    one, two = section["values"]
    assert (one["question"], one["value"], one["unit"], one["hasData"]) == ("Вопрос one", "123", "чел.", True)
    assert one["at"][:10] == str(world.today("UTC"))
    assert (two["hasData"], two["reason"]) == (False, "in_review")
    new = values_of(coordinator, round_, organisation_id)["sections"][0]["values"]
    assert (new[0]["hasData"], new[0]["reason"]) == (False, "already_accepted")
    assert (new[1]["value"], new[1]["secondValue"], new[1]["percent"]) == ("1", "3", "33.33")


def test_untouched_items_of_a_working_school_are_not_due_yet(scene):
    """F10: «срок ещё не наступил»."""
    region, round_, coordinator = scene
    settled(scene)
    values = values_of(coordinator, round_, region.ids[region.schools[3]])["sections"][0]["values"]
    assert [value["reason"] for value in values] == ["rejected", "not_due_yet"]
    silent = values_of(coordinator, round_, region.ids[region.schools[0]])["sections"][0]["values"]
    assert [value["reason"] for value in silent] == ["never_logged_in", "never_logged_in"]


def test_a_draft_that_lost_its_only_document_is_none(world):
    """S2.57, S2.61: taken off again, it leaves the item as untouched as before."""
    region = world.region(municipalities=1, schools=1)
    round_ = world.open_round(region, [with_evidence("one")], organisations=1)
    author, coordinator = world.respondent(region.schools[0]), world.coordinator(region.code)
    assignment = world.attach(author, world.assignment(author, "one"), pdf())

    def row_becomes(drafts, reason):
        def look():
            row = provided(coordinator, round_)["rows"][0]
            return (row["drafts"], row["reason"]) == (drafts, reason)
        eventually(look, 15, what=f"{drafts} drafts, {reason}")
    row_becomes(1, "draft_not_sent")
    off = author.delete("/api/v1/assignments/{id}/documents/{document}", id=assignment["assignmentId"],
                        document=assignment["documents"][0]["documentId"])
    assert off["state"] == "empty"
    row_becomes(0, "not_begun")
    tomorrow = str(world.today(region.zone) + datetime.timedelta(days=1))
    assert provided(coordinator, round_, as_of=tomorrow)["rows"][0]["reason"] == "not_begun"
    world.save(author, off, "5")
    row_becomes(1, "draft_not_sent")


def test_as_of_reads_the_history(scene, world):
    """S2.58: values accepted before a day: none before today, today's before tomorrow."""
    region, round_, coordinator = scene
    settled(scene)
    today = world.today(region.zone)
    before = provided(coordinator, round_, values="as_of", as_of=str(today))
    assert (before["withData"], before["withoutData"]) == (0, 5)
    assert {row["reason"] for row in before["rows"]} == {"never_logged_in"}
    after = provided(coordinator, round_, as_of=str(today + datetime.timedelta(days=1)))
    assert (after["withData"], after["withoutData"], after["values"]) == (1, 4, "as_of")
    rows = by_path(after)
    assert [rows[code].get("reason", "") for code in region.schools] == [
        "never_logged_in", "not_begun", "draft_not_sent", "rejected", ""]
    value = values_of(coordinator, round_, region.ids[region.schools[4]],
                      as_of=str(today + datetime.timedelta(days=1)))["sections"][0]["values"][0]
    assert (value["value"], value["hasData"]) == ("123", True)
    with pytest.raises(Problem) as refused:
        provided(coordinator, round_, values="as_of")
    assert refused.value.fields == ["asOf"]
    with pytest.raises(Problem) as refused:
        provided(coordinator, round_, values="yesterday")
    assert refused.value.fields == ["values"]


def test_imported_history_is_older_than_the_system(scene, stack):
    """S2.58, S2.65: a value accepted in 2019 is in «До 01.01.2020», and the list of dates reaches back to it."""
    region, round_, coordinator = scene
    settled(scene)
    stack.rows("reporting", """INSERT INTO history (organisation_id, path, item_id, state, at, value)
        SELECT organisation_id, path, item_id, 'accepted', '2019-08-07T08:10:03Z', '99' FROM cell
         WHERE path = %s AND round_id = %s ORDER BY item_id LIMIT 1""", region.schools[0], round_["roundId"])
    report = provided(coordinator, round_, as_of="2020-01-01")
    assert (report["withData"], by_path(report)[region.schools[0]]["filled"]) == (1, 1)
    assert provided(coordinator, round_, as_of="2019-08-07")["withData"] == 0
    values = values_of(coordinator, round_, region.ids[region.schools[0]], as_of="2020-01-01")["sections"][0]["values"]
    assert [value["value"] for value in values if value["hasData"]] == ["99"]
    dates = coordinator.get("/api/v1/reports/dates", query={"round_id": round_["roundId"]})["dates"]
    assert [date["values"] for date in dates[:3]] == ["new", "accepted", "as_of"]
    assert dates[-1] == {"values": "as_of", "asOf": "2019-09-01", "label": "До 01.09.2019"}
    labels = [date["label"] for date in dates]
    for label in ("Новые значения", "Последние принятые значения", "До 01.01.2020", "До 01.12.2019", "До 01.11.2019",
                  "До 01.10.2019"):
        assert label in labels
    days = [date["asOf"] for date in dates[2:]]
    assert days == sorted(days, reverse=True) and all(day.endswith("-01") for day in days)


def test_dates_are_offered_without_any_data(world):
    """S2.58: at least a year back."""
    region = world.region(municipalities=1, schools=1)
    dates = world.coordinator(region.code).get("/api/v1/reports/dates")["dates"]
    assert len(dates) == 14


def test_pages_and_municipality(world):
    """S2.49, S2.51, S2.63: pages by path; a municipality alone; other territories do not exist."""
    region = world.region(municipalities=2, schools=2)
    round_ = world.open_round(region, [item("one")], organisations=4)
    coordinator = world.coordinator(region.code)
    eventually(lambda: provided(coordinator, round_)["withoutData"] == 4, what="all are assigned")
    first = provided(coordinator, round_, limit=3)
    second = provided(coordinator, round_, limit=3, after_path=first["nextAfterPath"])
    assert [row["path"] for row in first["rows"] + second["rows"]] == region.schools
    assert not second.get("nextAfterPath")
    municipality = region.municipalities[1]
    one = provided(coordinator, round_, municipality_id=region.ids[municipality.code])
    assert (one["withoutData"], [row["path"] for row in one["rows"]]) == (2, municipality.schools)
    municipal = world.coordinator(municipality.authority)
    assert [row["path"] for row in provided(municipal, round_)["rows"]] == municipality.schools
    mine, others = region.ids[municipality.schools[0]], region.ids[region.municipalities[0].schools[0]]
    assert values_of(municipal, round_, mine)["organisationId"] == mine
    reply = municipal.ask("GET", "/api/v1/reports/provided/{id}", id=others, query={"round_id": round_["roundId"]})
    assert reply.status == 404
    rounds = municipal.get("/api/v1/reports/rounds")["rounds"]
    assert [one["roundId"] for one in rounds] == [round_["roundId"]]
    assert rounds[0]["programmeTitle"].startswith("Программа ")
    assert rounds[0]["zone"] == region.zone
    assert (rounds[0]["hasPlans"], rounds[0]["hasRoadmap"]) == (False, False)


def test_counters_of_a_page_are_those_of_the_whole_report(world):
    """S2.59: whoever asks, whatever page of it; the schools', the authorities' and the superior organisation's data."""
    region = world.region(municipalities=2, schools=2)
    asked = [item("one"), item("of-authorities", participants=participants("all_authorities")),
             item("of-superior", participants=participants("listed", codes=[region.superior]))]
    round_ = world.open_round(region, asked, organisations=7)
    operator = world.operator(region.code)
    readers = [world.administrator, operator, world.coordinator(region.code)]
    readers += [world.coordinator(authority) for authority in region.authorities]
    for code, name in ((region.schools[0], "one"), (region.schools[2], "one"), (region.superior, "of-superior")):
        author = world.respondent(code)
        sent = world.send(author, world.assignment(author, name, round_["roundId"]), "5")
        if code != region.schools[2]:
            world.accept(operator, sent)
    eventually(lambda: provided(operator, round_, values="accepted")["withData"] == 2, 15, what="both are accepted")
    names = ("withData", "withoutData", "otherWithData", "superiorWithData")
    tomorrow = str(world.today(region.zone) + datetime.timedelta(days=1))
    seen = []
    for reader in readers:
        for query in ({"values": "new"}, {"values": "accepted"}, {"as_of": tomorrow}):
            for municipality in (None, region.ids[region.municipalities[0].code]):
                query["municipality_id"] = municipality
                whole, page = provided(reader, round_, **query), provided(reader, round_, limit=1, **query)
                counted = [len([row for row in whole["rows"] if bool(row["filled"]) == has_data])
                           for has_data in (True, False)]
                assert [whole[name] for name in names[:2]] == counted
                assert [page[name] for name in names] == [whole[name] for name in names], (reader.login_name, query)
                seen.append([whole[name] for name in names])
    assert [2, 5, 1, 1] in seen and [1, 6, 0, 0] in seen and [1, 2, 0, 0] in seen and [0, 3, 0, 0] in seen
    assert stack_totals(world, round_) == [(region.code, 1, 0, 1)] + [
        (municipality.code, 3, new, 1 - new) for new, municipality in enumerate(region.municipalities)]


def stack_totals(world, round_):
    return [tuple(row.values()) for row in world.stack.rows("reporting", """
        SELECT parent_path, organisations, with_new, with_accepted FROM round_total
         WHERE round_id = %s ORDER BY parent_path""", round_["roundId"])]


def values_table(client, round_, **query):
    """All pages of the report: (columns, rows)."""
    rows, after = [], ""
    while True:
        page = client.get("/api/v1/reports/values", query={"round_id": round_["roundId"], **query, **({"after_path": after} if after else {})})
        rows += page["rows"]
        after = page.get("nextAfterPath", "")
        if not after:
            return page["columns"], rows


def test_all_values_stand_in_one_table(scene, world):
    """S2.60: an organisation a row, a question a column; each value is the one that «Просмотр значений» shows."""
    region, round_, coordinator = scene
    settled(scene)
    for query in ({}, {"values": "accepted"}, {"values": "as_of", "as_of": str(world.today())},
                  {"values": "as_of", "as_of": str(world.today() + datetime.timedelta(days=1))}):
        columns, rows = values_table(coordinator, round_, **query)
        assert [(one["itemCode"], one["valueKind"], one["unit"]) for one in columns] == [("one", "number", "чел."), ("two", "percent", "")]
        assert [row["path"] for row in rows] == region.schools
        for row in rows:
            shown = {one["itemCode"]: one for section in values_of(coordinator, round_, row["organisationId"], **query)["sections"]
                     for one in section["values"]}
            assert row["values"] == [shown["one"]["value"], shown["two"]["percent"]], (query, row)
        assert values_table(coordinator, round_, limit=2, **query) == (columns, rows)
    assert [row["values"] for row in values_table(coordinator, round_, values="accepted")[1]] == [["", ""]] * 4 + [["123", ""]]
    municipal = world.coordinator(region.municipalities[0].code)
    assert len(values_table(municipal, round_)[1]) == 5
    stranger = world.coordinator(world.region(schools=1).code)
    with pytest.raises(Problem) as refused:
        values_table(stranger, round_)
    assert refused.value.status == 404


def test_all_values_go_out_as_numbers(scene):
    """S1.29: numbers are numbers in the file, with their decimals; what nobody said is an empty cell."""
    _, round_, coordinator = scene
    settled(scene)
    export = coordinator.post("/api/v1/exports", {"report": "values", "format": "xlsx", "roundId": round_["roundId"]})
    done = eventually(lambda: (now := coordinator.get("/api/v1/exports/{id}", id=export["exportId"]))["state"] == "done" and now, 20, what="the file")
    content = coordinator.ask("GET", "/api/v1/exports/{id}/content", id=export["exportId"]).body
    sheet = openpyxl.load_workbook(io.BytesIO(content)).worksheets[0]
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    assert rows[0] == ["Муниципалитет", "Организация", "ИНН", "Вопрос one, чел.", "Вопрос two"] and len(rows) == 1 + done["rows"] == 6
    assert rows[5][3:] == [None, 33.33] and rows[1][3:] == [None, None], rows
