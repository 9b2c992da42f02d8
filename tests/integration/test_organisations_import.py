"""The tree of organisations comes from a file, row by row, with its history: S2.63, S2.64, S2.65."""
import pathlib
import subprocess

import pytest

from builders import COLUMNS, inn, to_csv
from vekha_client import Problem
from waiting import eventually

ROOT = pathlib.Path(__file__).resolve().parents[2]


def imported(world, text, dry_run=False, language=None):
    query = {"dry_run": "true"} if dry_run else None
    headers = {"Content-Type": "text/csv; charset=utf-8"}
    if language:
        headers["Accept-Language"] = language
    return world.administrator.post("/api/v1/organisations:import", text, query=query, headers=headers)


def listed(world, path, **query):
    return world.administrator.get("/api/v1/organisations", query={"below_path": path, **query})


@pytest.fixture
def region(world):
    return world.region(municipalities=1, schools=2)


def school(code, **cells):
    return {"code": code, "kind": "school", "short_name": "МБОУ «СОШ № 7»", "valid_from": "2019-01-01", **cells}


def test_s2_64_an_organisation_has_name_inn_kind_municipality_and_contacts(world, region):
    code = region.municipalities[0].code + ".0700"
    row = school(code, inn=inn(700), phone="+7 351 555-07-00", email="school7@demo.example", attributes="it-cube|kvantorium")
    reply = imported(world, to_csv([row]))
    assert (reply["rows"], reply["created"], reply["applied"]) == (1, 1, True)
    found = listed(world, code)["organisations"][0]
    assert found["organisationId"] and found["parentId"] == region.ids[region.municipalities[0].code]
    assert {name: found[name] for name in ["code", "path", "kind", "shortName", "inn", "phone", "email", "attributes"]} == {
        "code": code, "path": code, "kind": "school", "shortName": "МБОУ «СОШ № 7»", "inn": inn(700),
        "phone": "+7 351 555-07-00", "email": "school7@demo.example", "attributes": ["it-cube", "kvantorium"]}
    assert found["municipalityName"] == region.municipalities[0].name
    assert found["zone"] == region.zone and found["validFrom"] == "2019-01-01"
    assert world.administrator.get("/api/v1/organisations/{id}", id=found["organisationId"]) == found


def test_a_dry_run_says_the_same_and_changes_nothing(world, region):
    code = region.municipalities[0].code + ".0700"
    rows = to_csv([school(code), school(region.schools[0], short_name="Новое имя")])
    before = world.stack.value("auth", "SELECT max(first_number + event_count) FROM stream")
    dry = imported(world, rows, dry_run=True)
    assert (dry["created"], dry["changed"], dry["applied"]) == (1, 1, False)
    assert listed(world, code)["total"] == 0
    real = imported(world, rows)
    assert (real["created"], real["changed"], real["applied"]) == (1, 1, True)
    assert listed(world, code)["total"] == 1

    def events_since():
        last = world.stack.value("auth", "SELECT max(first_number + event_count) FROM stream")
        return last >= before + 2
    eventually(events_since, 5, what="an event for each row")


def test_s2_64_errors_come_row_by_row_and_nothing_is_applied(world, region):
    town = region.municipalities[0].code
    rows = [school(town + ".0701"), school(town + ".0702", inn="7401000019"), school(town + ".0703", kind="kiosk"),
            school("none." + "0704"), school(town + ".0705", email="никуда"), school(town + ".0701")]
    reply = imported(world, to_csv(rows))
    assert not reply["applied"] and reply["rows"] == 6
    seen = {(error["row"], error["column"], error["code"]) for error in reply["errors"]}
    assert seen == {(3, "inn", "bad_inn"), (4, "kind", "unknown_kind"), (5, "parent_code", "parent_unknown"),
                    (6, "email", "not_email"), (7, "valid_from", "period_twice")}
    assert all(error["message"] for error in reply["errors"])
    assert listed(world, town + ".0701")["total"] == 0


def test_errors_speak_the_callers_language(world, region):
    rows = to_csv([school(region.schools[0], inn="1")])
    russian = imported(world, rows)["errors"][0]["message"]
    english = imported(world, rows, language="en")["errors"][0]["message"]
    assert "ИНН" in russian and "digits" in english


def test_unchanged_rows_change_nothing(world, region):
    rows = to_csv([school(region.schools[0])])
    imported(world, rows)
    ids = world.stack.rows("auth", "SELECT xmin::text, * FROM organisation_version WHERE path = %s", region.schools[0])
    again = imported(world, rows)
    assert (again["unchanged"], again["changed"], again["created"]) == (1, 0, 0)
    assert world.stack.rows("auth", "SELECT xmin::text, * FROM organisation_version WHERE path = %s",
                            region.schools[0]) == ids


def test_s2_65_a_renamed_municipality_keeps_its_name_of_then(world, region):
    town = region.municipalities[0]
    row = {"code": town.code, "kind": "municipality", "short_name": "Новый округ", "valid_from": "2025-03-01"}
    assert imported(world, to_csv([row]))["changed"] == 1
    then, now = (listed(world, town.code, as_of=day)["organisations"] for day in ("2025-02-28", "2025-03-01"))
    assert (then[0]["shortName"], then[0]["validTo"]) == (town.name, "2025-03-01")
    assert (now[0]["shortName"], now[0].get("validTo", "")) == ("Новый округ", "")
    # The schools below did not change, but what they say of their municipality does.
    assert {one["municipalityName"] for one in then} == {town.name}
    assert {one["municipalityName"] for one in now} == {"Новый округ"}
    assert [one["organisationId"] for one in then] == [one["organisationId"] for one in now]
    names = world.stack.rows("auth", "SELECT path FROM organisation_version WHERE path = %s", region.schools[0])
    assert len(names) == 1


def test_s2_65_history_before_the_systems_start_can_be_imported(world, region):
    code = region.schools[0]
    current = listed(world, code)["organisations"][0]["shortName"]
    row = school(code, short_name="Восьмилетняя школа", valid_from="1987-09-01", valid_to="")
    assert imported(world, to_csv([row]))["changed"] == 1
    assert listed(world, code, as_of="2000-01-01")["organisations"][0]["shortName"] == "Восьмилетняя школа"
    assert listed(world, code, as_of="2019-09-01")["organisations"][0]["shortName"] == current
    assert listed(world, code, as_of="1987-08-31")["total"] == 0


def test_a_closed_school_is_gone_from_that_day_on_but_not_forgotten(world, region):
    code = region.schools[1]
    row = school(code, short_name="МБОУ «СОШ № 2» 1", valid_from="2019-01-01", valid_to="2020-09-01")
    imported(world, to_csv([row]))
    assert listed(world, code, as_of="2020-08-31")["total"] == 1
    assert listed(world, code, as_of="2020-09-01")["total"] == 0
    found = world.administrator.get("/api/v1/organisations/{id}", id=region.ids[code])
    assert found["validTo"] == "2020-09-01"


def test_parents_may_stand_below_their_children_in_the_file(world):
    code = "r" + __import__("secrets").token_hex(4)
    rows = [school(code + ".01.0001"), {"code": code + ".01", "kind": "municipality", "short_name": "Город"},
            {"code": code, "kind": "region", "short_name": "Край", "zone": "Asia/Kamchatka"}]
    assert imported(world, to_csv(rows))["created"] == 3
    found = listed(world, code, as_of="2030-01-01")["organisations"]
    assert [one["path"] for one in found] == [code, code + ".01", code + ".01.0001"]
    assert {one["zone"] for one in found} == {"Asia/Kamchatka"}
    assert found[2]["parentId"] == found[1]["organisationId"]


def test_spreadsheets_dialects_are_understood(world, region):
    code = region.municipalities[0].code + ".0710"
    text = "\ufeffkind;short_name;code\r\nschool;\"МБОУ \"\"СОШ\"\" № 7; корпус 2\";" + code + "\r\n"
    assert imported(world, text)["created"] == 1
    assert listed(world, code)["organisations"][0]["shortName"] == 'МБОУ "СОШ" № 7; корпус 2'


def test_formula_looking_cells_stay_data(world, region):
    code = region.municipalities[0].code + ".0711"
    assert imported(world, to_csv([school(code, short_name="=HYPERLINK(\"http://evil\")")]))["created"] == 1
    assert listed(world, code)["organisations"][0]["shortName"] == '=HYPERLINK("http://evil")'


@pytest.mark.parametrize("text, code", [
    (",\n", "file_empty"),
    ("code,kind\n", "column_missing"),
    ("code,kind,short_name\n\"x", "quote_not_closed"),
    ("code,kind,short_name\n\"x\"y,z,z\n", "text_after_quote"),
    ("code,kind,short_name,colour\n", "unknown_column"),
    ("code,kind,short_name\n1,2,3,4\n", "extra_cells"),
    (",".join(["code"] * 60), "too_many_columns"),
])
def test_files_that_are_none_are_explained(world, text, code):
    reply = imported(world, text)
    assert not reply["applied"] and reply["errors"][0]["code"] == code


def test_a_file_over_a_megabyte_is_refused(world):
    # The gateway answers before it has read everything; a client that only writes sees the connection close.
    with pytest.raises((Problem, BrokenPipeError, ConnectionResetError)) as refused:
        imported(world, "code,kind,short_name\n" + "x" * 1_100_000)
    assert getattr(refused.value, "status", 413) == 413


def test_names_are_searched_whatever_case_and_yo(world, region):
    code = region.municipalities[0].code + ".0712"
    imported(world, to_csv([school(code, short_name="МКОУ «Берёзовская ООШ»", inn=inn(712))]))
    for query in ["берЕЗовская", "БЕРЁЗОВ", inn(712)[:8]]:
        assert [one["code"] for one in listed(world, region.code, query=query)["organisations"]] == [code]
    assert listed(world, region.code, query="100%_")["total"] == 0


def test_pages_follow_the_path(world, region):
    first = listed(world, region.code, limit=2)
    second = listed(world, region.code, limit=1000, after_path=first["organisations"][-1]["path"])
    assert first["total"] == second["total"] == len(region.ids)
    paths = [one["path"] for one in first["organisations"] + second["organisations"]]
    assert paths == sorted(region.ids)


class TestWholeRegion:
    def test_s2_63_a_region_of_2316_organisations_in_one_file(self, own_world):
        text = subprocess.run([ROOT / "scripts" / "make-organisations"], capture_output=True, text=True, check=True).stdout
        assert text.splitlines()[0].split(",") == COLUMNS
        reply = imported(own_world, text)
        assert reply["applied"] and reply["created"] == 1 + 43 + 2316
        counts = {kind: listed(own_world, "74", kind=kind, limit=1)["total"]
                  for kind in ["municipality", "authority", "school", "superior", "other"]}
        assert counts == {"municipality": 43, "authority": 43, "school": 2271, "superior": 1, "other": 1}
        assert imported(own_world, text)["unchanged"] == 1 + 43 + 2316

        def known():
            return own_world.stack.value("submissions", "SELECT count(*) FROM organisation WHERE path LIKE '74%%'") == 2360
        eventually(known, 30, what="every organisation has come to submissions")
