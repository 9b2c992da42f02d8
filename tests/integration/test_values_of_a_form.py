"""A filled form: many values at once, all of them or none, each refusal by its row (S2.26-S2.28)."""
import uuid

import pytest

from builders import item, with_evidence
from vekha_client import Problem

MANY = 70


@pytest.fixture(scope="module")
def place(world):
    region = world.region(schools=2)
    items = [item("number", decimals=2), item("logical", "yes_no"), item("share", "percent"), with_evidence("evidence"),
             *[item(f"many-{number}") for number in range(MANY)]]
    world.open_round(region, items, organisations=2)
    return [world.respondent(code) for code in region.schools]


def cabinet(client):
    page = client.get("/api/v1/assignments", query={"limit": 500})
    return {one["itemCode"]: one for one in page["assignments"]}


def row(assignment, value, second="", **more):
    return {"assignmentId": assignment["assignmentId"], "expectedVersion": assignment["version"], "value": value,
            "secondValue": second, **more}


def save(client, rows, **options):
    return client.post("/api/v1/assignments:save", {"values": rows}, **options)["values"]


def refusals(client, rows):
    with pytest.raises(Problem) as refused:
        save(client, rows)
    assert refused.value.status == 422
    return {one["field"]: one["code"] for one in refused.value.violations}


def test_all_values_of_a_form_are_saved_as_if_typed(place):
    """S2.26, S2.27, S2.28: each by the rules of its kind, more than one statement takes."""
    author = place[0]
    known, key = cabinet(author), str(uuid.uuid4())
    rows = [row(known["number"], "28,330", comment="из формы"), row(known["logical"], "yes"),
            row(known["share"], "10", "40"), row(known["evidence"], "5"),
            *[row(known[f"many-{number}"], str(number)) for number in range(MANY)]]
    saved = save(author, rows, key=key)
    assert [one["assignmentId"] for one in saved] == [one["assignmentId"] for one in rows]
    assert [one["state"] for one in saved[:4]] == ["ready", "ready", "ready", "draft"]
    now = cabinet(author)
    assert (now["number"]["value"], now["number"]["comment"]) == ("28.33", "из формы")
    assert (now["share"]["percent"], now["share"]["secondValue"]) == ("25.00", "40")
    assert [now[f"many-{number}"]["value"] for number in range(MANY)] == [str(number) for number in range(MANY)]
    assert save(author, rows, key=key) == saved
    assert cabinet(author)["number"]["version"] == now["number"]["version"]


def test_one_refused_row_and_nothing_is_saved(place):
    """Words by the row's number and field: unreadable, stale, another's, in two rows; the others are not saved either."""
    author, neighbour = place
    known, foreign = cabinet(author), cabinet(neighbour)
    good = row(known["many-1"], "1001")
    assert refusals(author, [good, row(known["number"], "много"), row(known["share"], "4", "x"),
                             row(known["logical"], "")]) == {
        "values[1].value": "not_decimal", "values[2].secondValue": "not_decimal", "values[3].value": "required"}
    stale = {**row(known["many-2"], "1002"), "expectedVersion": known["many-2"]["version"] - 1}
    assert refusals(author, [good, stale, row(foreign["many-3"], "7"), row(known["logical"], "12")]) == {
        "values[1]": "stale", "values[2]": "not_found", "values[3].value": "wrong_kind"}
    assert refusals(author, [good, good]) == {"values[1]": "twice"}
    # The row that is refused stands behind those that one statement takes.
    rows = [row(known[f"many-{number}"], str(2000 + number)) for number in range(MANY)]
    rows[-1] = row(foreign["many-4"], "7")
    assert refusals(author, rows) == {f"values[{MANY - 1}]": "not_found"}
    assert cabinet(author) == known
    assert cabinet(neighbour) == foreign
