"""Reports as files: what the page says, typed for a table program; each his own, kept for a week, made anew after a kill."""
import csv
import datetime
import hashlib
import io
import os
import pathlib
import subprocess
import tempfile
from types import SimpleNamespace

import openpyxl
import pytest

from builders import item
from pdf import pdf
from pdf_tags import Tagged
from vekha_client import Problem
from waiting import eventually

BUILD = pathlib.Path(os.environ.get("VEKHA_TEST_BUILD", "build/release")).absolute()
EVIL = "=HYPERLINK(\"http://evil.example\")"
SECTIONS = [{"code": "equipment", "title": "Низкий уровень оснащения школы", "byChoice": True, "significance": "high",
             "due": {"kind": "by_executor"}, "items": [item("plan", "documents", evidence="Приказ"), item("report", "documents", evidence="Приказ")]},
            {"code": "staff", "title": "=1+1 Дефицит кадров", "byChoice": True, "due": {"kind": "by_executor"},
             "items": [item("training", "documents", evidence="Приказ")]}]


@pytest.fixture(scope="module")
def place(own_stack, own_world):
    """Two schools: one has chosen, named a day and sent a document; the other has done nothing."""
    world = own_world
    region = world.region(municipalities=1, schools=2)
    world.wait_for_organisations(region)
    made = world.round(world.programme(region, sections=SECTIONS), region)
    round_id = world.wait_open(made["roundId"], 2)["roundId"]
    busy, idle = (world.respondent(code) for code in region.schools)
    for section in ("equipment", "staff"):
        busy.post("/api/v1/rounds/{id}/sections/{section}:choose", {}, id=round_id, section=section)
    planned = str(world.today() + datetime.timedelta(days=5))
    busy.post("/api/v1/rounds/{id}/sections/equipment:plan", {"plannedOn": planned}, id=round_id)
    sent = world.submit(busy, world.attach(busy, world.assignment(busy, "plan", round_id), pdf()))
    operator = world.operator(region.code)
    world.accept(operator, sent)
    world.wait_state(busy, sent, "accepted")
    world.wait_until_heard("reporting", "submissions", "auth")
    return SimpleNamespace(stack=own_stack, world=world, region=region, round_id=round_id, planned=planned,
                           coordinator=world.coordinator(region.code), respondent=busy, idle=idle, operator=operator)


def ask(client, place, report, file_format="xlsx", **options):
    return client.post("/api/v1/exports", {"report": report, "format": file_format, "roundId": place.round_id, **options})


def paper(lines):
    """The document that vekha-paper makes of lines; None: it refuses."""
    with tempfile.TemporaryDirectory() as folder:
        made = pathlib.Path(folder, "made.pdf")
        ended = subprocess.run([BUILD / "bin/vekha-paper", "pdf", made], input="".join(f"{line}\n" for line in lines).encode(), check=False)
        assert (ended.returncode == 0) == made.exists()
        return made.read_bytes() if made.exists() else None


def finished(client, export):
    def over():
        now = client.get("/api/v1/exports/{id}", id=export["exportId"])
        return now if now["state"] in ("done", "failed") else None
    return eventually(over, 30, what="the file")


def fetch(client, export, **headers):
    return client.ask("GET", "/api/v1/exports/{id}/content", id=export["exportId"], headers=headers)


def file_of(client, place, report, file_format="xlsx", **options):
    export = finished(client, ask(client, place, report, file_format, **options))
    assert export["state"] == "done", export
    reply = fetch(client, export)
    assert reply.status == 200, reply.document
    assert hashlib.sha256(reply.body).hexdigest() == export["sha256"]
    assert len(reply.body) == int(export["sizeBytes"])
    return SimpleNamespace(export=export, reply=reply, bytes=reply.body)


def sheet_of(content, name=None):
    book = openpyxl.load_workbook(io.BytesIO(content))
    sheet = book[name] if name else book.worksheets[0]
    head = [cell.value for cell in sheet[1]]
    return sheet, [dict(zip(head, row)) for row in sheet.iter_rows(min_row=2)]


def test_the_base_report_is_a_table_with_its_types(place):
    """S1.27, S1.29, S1.31: the letter's attachment: its columns, numbers as numbers, days as days, its sums below."""
    made = file_of(place.coordinator, place, "roadmaps")
    assert made.export["fileName"].startswith("Базовый отчет по дорожным картам на ")
    assert made.export["fileName"].endswith(".xlsx") and made.export["rows"] == 3
    assert made.reply.headers["Content-Type"] == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert "filename*=UTF-8''%D0%91%D0%B0%D0%B7" in made.reply.headers["Content-Disposition"]
    sheet, rows = sheet_of(made.bytes)
    assert (sheet.freeze_panes, sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("A2", "landscape", 9)
    assert (sheet.page_setup.fitToHeight, sheet.print_title_rows) == (0, "$1:$1")
    page = place.coordinator.get("/api/v1/reports/roadmaps", query={"round_id": place.round_id})
    shown = [{name: cell.value for name, cell in row.items()} for row in rows]
    assert [one["Школа"] for one in shown[:-1]] == [row["shortName"] for row in page["rows"]]
    equipment, staff, idle, total = shown
    assert equipment["Плановая дата завершения"].date().isoformat() == place.planned
    assert rows[0]["Плановая дата завершения"].number_format == "dd.mm.yyyy"
    assert (equipment["Значимость"], equipment["Выбрано / активировано"]) == ("высокая", "активировано")
    assert (staff["Выбрано / активировано"], idle["Выбрано / активировано"]) == ("выбрано, нет даты", "не выбрано")
    assert (equipment["Мер всего"], equipment["Мер завершено"], equipment["Подтверждено"]) == (2, 1, 1)
    assert rows[0]["Мер всего"].data_type == "n" and isinstance(equipment["Последнее действие"], datetime.datetime)
    assert total["Муниципалитет"] == "Итого" and total["Мер всего"] == page["totals"]["measuresTotal"]


def test_moments_are_of_the_round_s_zone(place):
    """S1.25: what happened at 23:30 in Yekaterinburg stands on that day, not on the day of UTC."""
    _, rows = sheet_of(file_of(place.coordinator, place, "roadmaps").bytes)
    page = place.coordinator.get("/api/v1/reports/roadmaps", query={"round_id": place.round_id})
    act = datetime.datetime.fromisoformat(page["rows"][0]["figures"]["lastActAt"].replace("Z", "+00:00"))
    local = act.astimezone(datetime.timezone(datetime.timedelta(hours=5))).replace(tzinfo=None, second=0, microsecond=0)
    assert rows[0]["Последнее действие"].value == local


def test_measures_come_with_their_municipalities(place):
    """S1.28, S1.29, S1.32."""
    made = file_of(place.coordinator, place, "measures", byMunicipality=True)
    _, rows = sheet_of(made.bytes, "По мерам")
    assert [row["Школ"].value for row in rows] == [1, 1, 0, 2] and rows[0]["Готово, %"].value == 100
    _, places = sheet_of(made.bytes, "По муниципалитетам")
    assert {row["Муниципалитет"].value for row in places} == {place.region.municipalities[0].name}
    assert [row["Мера"].value for row in places] == [row["Мера"].value for row in rows[:2]]


def test_two_days_stand_side_by_side(place):
    """S1.26: with a day to compare with, what compares has a second column."""
    yesterday = str(place.world.today() - datetime.timedelta(days=1))
    _, rows = sheet_of(file_of(place.coordinator, place, "roadmaps", compareWith=yesterday).bytes)
    assert (rows[0]["Мер завершено"].value, rows[0]["Мер завершено (было)"].value) == (1, None)


@pytest.mark.parametrize("report", ["start", "provided", "activity", "roadmap"])
def test_every_report_is_a_file(place, report):
    """S1.29: each report of the pages, in both languages, with as many rows as the page has."""
    made = file_of(place.coordinator, place, report)
    _, rows = sheet_of(made.bytes)
    page = place.coordinator.get(f"/api/v1/reports/{report}", query={"round_id": place.round_id})
    expected = sum(max(1, len(one["items"])) for one in page["sections"]) if report == "roadmap" else len(page["rows"])
    assert len(rows) == expected == made.export["rows"]
    english = place.coordinator.clone()
    english.language = "en"
    export = finished(english, ask(english, place, report))
    sheet, _ = sheet_of(fetch(english, export).body)
    assert sheet["A1"].value in ("Municipality", "No.")


@pytest.mark.parametrize("report", ["start", "provided", "roadmaps", "measures", "roadmap", "activity"])
def test_a_pdf_says_what_the_table_says_to_everybody(place, report):
    """S1.29: tagged for who listens instead of reading; every cell of the first sheet is there, and nothing unmarked."""
    table = ask(place.coordinator, place, report)
    made = file_of(place.coordinator, place, report, "pdf")
    assert made.reply.headers["Content-Type"] == "application/pdf"
    document = Tagged(made.bytes)
    rows = document.check()
    assert (document.language, document.sizes) == ("ru-RU", {(842, 595)})
    assert document.title == made.export["fileName"].removesuffix(".pdf")
    sheet, _ = sheet_of(fetch(place.coordinator, finished(place.coordinator, table)).body)
    wanted = list(sheet.iter_rows())
    first = rows[:len(wanted)]
    assert first[0] == ["TH"] * sheet.max_column and all(row == ["TD"] * sheet.max_column for row in first[1:])
    for row, said in zip(wanted, document.cells()):
        for cell, text in zip(row, said):
            if isinstance(cell.value, str):
                assert text.replace(" ", "") == cell.value.replace(" ", ""), (text, cell.value)
            assert bool(text) == (cell.value is not None)


def test_a_long_pdf_repeats_its_head_for_the_eye_alone():
    """Of 200 rows on several pages: one head in the tree, the repeated ones are artifacts."""
    lines = ["about\tОтчёт\tИванова\ten\tlandscape\t2020-09-16T05:00:00Z", "heading\t1\tОтчёт", "table\t", "column\tШкола\t30\tleft",
             "column\tМер\t10\tright", *(f"row\tШкола № {number}\t{number}" for number in range(200)), "sum\tИтого\t7", "end", "finish"]
    document = Tagged(paper(lines))
    rows = document.check()
    assert len(document.pages) > 3 and document.language == "en-GB"
    assert rows == [["TH", "TH"]] + [["TD", "TD"]] * 201
    assert document.cells()[200] == ["Школа № 199", "199"]


@pytest.mark.parametrize("lines", [[], ["finish"], ["about\tA\tB\tru\tlandscape\t2020-09-16T05:00:00Z"],
                                   ["about\tA\tB\tru\tlandscape\t2020-09-16T05:00:00Z", "table\t", "row\t1", "finish"],
                                   ["about\tA\tB\tru\tlandscape\t2020-09-16T05:00:00Z", "table\t", "column\tA\t3\tleft", "row\t1\t2", "end", "finish"],
                                   ["about\tA\tB\tru\tlandscape\t2020-09-16T05:00:00Z", "\t" * 600, "finish"]])
def test_lines_that_are_no_document_make_none(lines):
    """What was cut off on its way, or is no line, is refused as a whole."""
    assert paper(lines) is None


def test_a_text_is_never_a_formula(place):
    """D8: what a school may write into a text runs in nobody's table program."""
    sheet, rows = sheet_of(file_of(place.coordinator, place, "measures").bytes)
    cell = rows[2]["Направление"]
    assert (cell.value, cell.data_type) == ("=1+1 Дефицит кадров", "s")
    made = file_of(place.coordinator, place, "measures", "csv")
    assert made.bytes.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(made.bytes.decode("utf-8-sig")), delimiter=";"))
    assert lines[3][1] == "'=1+1 Дефицит кадров" and lines[1][-1] == "100,00"
    assert made.reply.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_a_file_is_its_maker_s_alone(place):
    export = finished(place.coordinator, ask(place.coordinator, place, "start"))
    other = place.world.coordinator(place.region.authorities[0])
    for client in (other, place.operator):
        assert fetch(client, export).status == 404
        assert all(one["exportId"] != export["exportId"] for one in client.get("/api/v1/exports")["exports"])
    assert fetch(place.respondent, export).status == 403
    part = fetch(place.coordinator, export, Range="bytes=0-3")
    assert (part.status, part.body) == (206, b"PK\x03\x04")
    place.coordinator.delete("/api/v1/exports/{id}", id=export["exportId"])
    assert fetch(place.coordinator, export).status == 404


def test_what_the_report_refuses_is_refused_at_once(place):
    """A wrong day, report or format names its field; nothing is begun."""
    before = len(place.coordinator.get("/api/v1/exports")["exports"])
    for options, field in (({"report": "nothing"}, "report"), ({"format": "doc"}, "format"), ({"compareWith": "2099-01-01"}, "compareWith"),
                           ({"asOf": "31.03.2021"}, "asOf")):
        body = {"report": "roadmaps", "format": "xlsx", "roundId": place.round_id, **options}
        with pytest.raises(Problem) as refused:
            place.coordinator.post("/api/v1/exports", body)
        assert refused.value.status == 422 or refused.value.status == 400
        assert field in refused.value.fields
    stranger = place.world.coordinator(place.world.region().code)
    with pytest.raises(Problem) as refused:
        ask(stranger, place, "roadmaps")
    assert refused.value.status == 404
    assert len(place.coordinator.get("/api/v1/exports")["exports"]) == before


@pytest.fixture
def stopped_maker(place):
    """The maker of a file stands still before it keeps the second page: a lock of this test is in its way."""
    place.stack.configure("--set", "reporting.export_page_rows=1")
    place.stack.restart("reporting")
    sql = place.stack.rows
    sql("reporting", "CREATE FUNCTION wait_here() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_advisory_xact_lock(7);"
        " RETURN NEW; END $$; CREATE TRIGGER wait_here BEFORE UPDATE ON export FOR EACH ROW WHEN (NEW.parts = 2) EXECUTE FUNCTION"
        " wait_here(); SELECT pg_advisory_lock(7)")
    yield
    place.stack.configure("--set", "reporting.export_page_rows=0")


def let_go(place):
    place.stack.rows("reporting", "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'reporting' AND wait_event = 'advisory'")
    place.stack.rows("reporting", "SELECT pg_advisory_unlock(7)")
    place.stack.rows("reporting", "DROP TRIGGER wait_here ON export; DROP FUNCTION wait_here(); SELECT 1")


def test_a_file_goes_on_where_its_maker_was_killed(place, stopped_maker):
    """What was asked for before the kill is not asked for again; the file says what was true when it was wanted."""
    page = place.coordinator.get("/api/v1/reports/roadmaps", query={"round_id": place.round_id})
    export = ask(place.coordinator, place, "roadmaps")
    kept = eventually(lambda: place.stack.rows("reporting", "SELECT p.body FROM export_part p JOIN pg_stat_activity a ON a.wait_event = 'advisory'"
                                               " WHERE export_id = %s", export["exportId"]), 20, what="the second page before the lock")
    assert len(kept) == 1
    place.stack.kill("reporting")
    let_go(place)
    # Asked for again, it would be as before.
    place.stack.rows("reporting", "UPDATE export_part SET body = convert_to(replace(convert_from(body, 'utf8'), 'СОШ', 'ОСТАЛОСЬ'), 'utf8')"
                     " WHERE export_id = %s RETURNING 1", export["exportId"])
    place.stack.rows("reporting", "UPDATE export SET alive_at = alive_at - interval '5 minutes' WHERE export_id = %s RETURNING 1", export["exportId"])
    place.stack.start("reporting")
    again = finished(place.coordinator, export)
    _, rows = sheet_of(fetch(place.coordinator, again).body)
    names = [row["Школа"].value for row in rows[:-1]]
    assert again["state"] == "done" and again["rows"] == len(names) == len(page["rows"])
    assert [name.replace("ОСТАЛОСЬ", "СОШ") for name in names] == [row["shortName"] for row in page["rows"]]
    assert "ОСТАЛОСЬ" in names[0] and "ОСТАЛОСЬ" not in names[-1]
    assert place.stack.value("reporting", "SELECT count(*) FROM export_part") == 0


def test_too_long_a_report_is_no_pdf(place):
    """It says so, instead of taking the machine's memory; the table has no such limit."""
    export = ask(place.coordinator, place, "start", "pdf")
    finished(place.coordinator, export)
    place.stack.rows("reporting", "UPDATE export SET state = 'waiting', rows = 200000, is_gathered = false WHERE export_id = %s RETURNING 1",
                     export["exportId"])
    again = finished(place.coordinator, export)
    assert again["state"] == "failed" and "XLSX" in again["failure"]
    assert fetch(place.coordinator, again).status == 409


def test_a_file_is_kept_for_a_week(place):
    export = finished(place.coordinator, ask(place.coordinator, place, "start"))
    place.stack.advance(days=8)
    place.coordinator.login(place.coordinator.account["login"], place.coordinator.password)
    assert fetch(place.coordinator, export).status == 404
    place.stack.restart("reporting")
    eventually(lambda: not place.stack.rows("reporting", "SELECT 1 FROM export WHERE export_id = %s", export["exportId"]), 20,
               what="its rows gone")
