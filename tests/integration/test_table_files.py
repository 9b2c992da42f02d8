"""Road maps out of table files: what `vekha table` understands, what it asks about, and the order's own table replayed."""
import csv
import datetime
import io
import json
import subprocess

import pytest

from stack import ROOT
from waiting import eventually
from xlsx import xlsx

TABLES = ROOT / "tests" / "tables"
HEAD = ["№ п/п", "Наименование мероприятия", "Ответственные исполнители", "Срок", "Результат, вид документа"]
OFFICE = "Региональный координатор"
CENTRE = "Центр проектного сопровождения"


def ran(file, *more):
    return subprocess.run([ROOT / "scripts" / "vekha", "table", file, *more], capture_output=True, text=True, timeout=60,
                          check=False)


def understood(file):
    done = ran(file, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def refused(folder, content, name="table.csv"):
    file = folder / name
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    done = ran(file)
    assert done.returncode == 1, done.stdout
    return done.stderr


def text_of(rows, delimiter=";"):
    whole = io.StringIO()
    csv.writer(whole, delimiter=delimiter).writerows(rows)
    return whole.getvalue()


def measure(number, due, title="Утверждён план", parties=OFFICE, result="Приказ"):
    return [f"{number}.", f"{title} {number}", parties, due, result]


# Words of a due date; what they mean, with the fields that matter; what a person is asked about them.
KINDS = [
    ("Не позднее 29 декабря 2023 года", "not_later", {"on": "2023-12-29"}, []),
    ("не позднее «25» августа 2021 г.", "not_later", {"on": "2021-08-25"}, []),
    ("до 01.09.2024", "not_later", {"on": "2024-09-01"}, []),
    ("15 февраля 2024 года", "exact", {"on": "2024-02-15"}, []),
    ("25 августа 2024 года;", "exact", {"on": "2024-08-25"}, []),
    ("2024-08-25", "exact", {"on": "2024-08-25"}, []),
    ("10 ноября 2020* года", "exact", {"on": "2020-11-10", "footnote": "* срок может быть изменён"}, []),
    ("10 ноября 2020** года", "exact", {"on": "2020-11-10", "footnote": ""}, ["footnote_missing"]),
    ("ежемесячно до 5 числа", "recurring", {"every": "month", "day": 5}, []),
    ("Ежемесячно, до 10-го числа месяца, следующего за отчетным", "recurring", {"every": "month", "day": 10}, []),
    ("ежемесячно до 5 числа до 25 августа 2024 г.", "recurring", {"every": "month", "day": 5, "until": "2024-08-25"}, []),
    ("ежемесячно", "recurring", {"every": "month", "day": 31}, ["no_day"]),
    ("ежеквартально до 10 числа месяца, следующего за отчетным кварталом", "recurring",
     {"every": "quarter", "day": 10, "month": 0}, []),
    ("ежегодно до 1 сентября", "recurring", {"every": "year", "day": 1, "month": 9}, []),
    ("в течение 10 дней со дня поступления оборудования", "by_executor", {}, ["counts_from_event"]),
    ("в течение 5 (пяти) рабочих дней после подписания", "by_executor", {}, ["counts_from_event"]),
    ("согласно отдельному графику", "by_schedule", {"owner": ""}, ["owner_unknown"]),
    ("Согласно отдельному графику Центра проектного сопровождения", "by_schedule", {"owner": CENTRE}, []),
    ("по графику Минпросвещения России", "by_schedule", {"owner": "Минпросвещения России"}, ["owner_unknown"]),
    ("постоянно", "", {}, []),
    ("на постоянной основе", "", {}, []),
    ("IV квартал 2024 года", "quarter", {"quarter": 4, "year": 2024}, []),
    ("2 квартал", "quarter", {"quarter": 2, "year": 0}, []),
    ("I – II кварталы 2024 года", "period", {"from": "2024-01-01", "on": "2024-06-30"}, []),
    ("2024 год", "period", {"from": "2024-01-01", "on": "2024-12-31"}, []),
    ("в течение 2023 – 2024 годов", "period", {"from": "2023-01-01", "on": "2024-12-31"}, []),
    ("до конца 2024 года", "not_later", {"on": "2024-12-31"}, []),
    ("август 2024 года", "period", {"from": "2024-08-01", "on": "2024-08-31"}, []),
    ("сентябрь 2023 - май 2024", "period", {"from": "2023-09-01", "on": "2024-05-31"}, []),
    ("с 1 марта по 25 августа 2024 года", "period", {"from": "2024-03-01", "on": "2024-08-25"}, []),
    ("1–15 марта 2024 г.", "period", {"from": "2024-03-01", "on": "2024-03-15"}, []),
    ("01.03.2024-25.08.2024", "period", {"from": "2024-03-01", "on": "2024-08-25"}, []),
    ("с 25 августа по 1 марта 2024 года", "period", {"from": "2024-08-25", "on": "2024-03-01"}, ["backwards"]),
    ("25 августа X - 1 года", "relative_year", {"day": 25, "month": 8, "yearOffset": -1}, []),
    ("до 25 августа", "relative_year", {"day": 25, "month": 8, "yearOffset": 0}, ["no_year"]),
    ("10 февраля 2021 года – конкурсы. И 20 марта 2021 года – контракты", "exact", {"on": "2021-03-20"}, ["two_dates"]),
    ("03/04/2024", "exact", {"on": "2024-04-03"}, ["ambiguous_date"]),
    ("01.09.24", "exact", {"on": "2024-09-01"}, ["short_year"]),
    ("31 февраля 2024 года", "exact", {"on": ""}, ["impossible_day"]),
    ("25 августа 2024 года, если поступят средства", "exact", {"on": "2024-08-25"}, ["words_left"]),
    ("после поступления средств", "", {}, ["unknown_kind"]),
    ("раз в полугодие", "", {}, ["unknown_kind"]),
    ("", "", {}, ["no_due"]),
]


def test_every_kind_of_due_date(tmp_path):
    """S3.14, B19, B20, B23, B24: each kind with its day and its words; what may mean something else is asked about."""
    rows = [HEAD, *(measure(number, words) for number, (words, *_) in enumerate(KINDS, start=1)),
            measure(99, "постоянно", parties=CENTRE), ["* срок может быть изменён"]]
    file = tmp_path / "kinds.csv"
    file.write_text(text_of(rows), encoding="utf-8")
    found = understood(file)["rows"]
    assert len(found) == len(KINDS) + 1
    for row, (words, kind, fields, doubts) in zip(found, KINDS):
        due = row["due"]
        assert (due["kind"], {name: due[name] for name in fields}) == (kind, fields), words
        assert [one["doubt"] for one in row["doubts"]] == doubts, words
        assert due["text"] == words


@pytest.mark.parametrize("delimiter, encoding", [(";", "windows-1251"), (",", "utf-8-sig"), ("\t", "utf-16"), (";", "utf-8")])
def test_ways_to_write_a_table(tmp_path, delimiter, encoding):
    """S3.5, S3.15, S3.16: any separator and encoding; quotation marks and line ends inside of cells; several parties and
    results, and who is outside the region when the table says so."""
    rows = [["Приложение 1", "", "", "", ""], HEAD, ["1", "2", "3", "4", "5"], ["Раздел I. Подготовка", "", "", "", ""],
            ["1.1.", 'Утверждён "План"; с печатью', f"{OFFICE}, {CENTRE} (по согласованию)", "2024 год",
             "1. Письмо о перечне;\n2. Распоряжение комитета, с приложением"],
            ["", "", "", "", ""],
            ["1.2.", "Проведён мониторинг", "Комитет общего, профессионального образования;\nшколы", "31 мая 2024 г.", "Отчёт"]]
    file = tmp_path / "table.csv"
    file.write_bytes(text_of(rows, delimiter).encode(encoding))
    found = understood(file)
    first, second = found["rows"]
    assert (first["number"], first["title"], first["lines"]) == ("1.1.", 'Утверждён "План"; с печатью', [5])
    assert first["parties"] == [OFFICE, CENTRE]
    assert [one["isSaidOutside"] for one in found["parties"]] == [False, True, False, False]
    assert first["results"] == ["1. Письмо о перечне;", "2. Распоряжение комитета, с приложением"]
    assert second["parties"] == ["Комитет общего, профессионального образования", "школы"] and second["lines"] == [8]
    assert found["skipped"] == [{"line": 4, "text": "Раздел I. Подготовка"}]
    assert not first["doubts"] and not second["doubts"]


def test_a_workbook(tmp_path):
    """S3.14: days that are numbers with a style; merged cells are filled from above and asked about; a measure over
    several rows has several results."""
    rows = [HEAD, measure(1, datetime.date(2024, 8, 25)), measure(2, "IV квартал 2024 года"), measure(3, ""),
            ["4.", "Закуплено оборудование", OFFICE, "1 марта 2024 года", "Договор"], ["", "", "", "", "Акт приёмки"],
            ["Б", "", "", "", ""], ["", "Повышена квалификация", "", "31.05.2024", ""]]
    file = tmp_path / "book.xlsx"
    file.write_bytes(xlsx(rows, ["D4:D5", "A6:A7", "B6:B7", "A8:E8"], first_row=2))
    found = understood(file)
    first, second, third, fourth, fifth = found["rows"]
    assert (first["due"]["on"], first["doubts"], first["lines"]) == ("2024-08-25", [], [3])
    assert not second["doubts"]
    assert third["due"]["quarter"] == 4 and third["doubts"] == [{"doubt": "merged", "field": "due", "column": "D"}]
    assert fourth["results"] == ["Договор", "Акт приёмки"] and fourth["lines"] == [6, 7]
    assert [one["doubt"] for one in fourth["doubts"]] == ["merged"]
    assert found["skipped"] == [{"line": 8, "text": "Б"}]
    assert [one["doubt"] for one in fifth["doubts"]] == ["no_number", "no_responsible", "no_result"]


def test_what_cannot_be_read(tmp_path):
    """S3.21: what is wrong is told with its row and its column, and nothing comes of it."""
    assert "нет столбца (Срок)" in refused(tmp_path, text_of([["№", "Мероприятие", "Ответственный", "Результат"], ["1", "а", "б", "в"]]))
    assert "строка 2 Два столбца" in refused(tmp_path, text_of([["План"], [*HEAD, "Дата исполнения"]]))
    assert "D, F: Дата исполнения" in refused(tmp_path, text_of([["План"], [*HEAD, "Дата исполнения"]]))
    assert "строка 2 Кавычка" in refused(tmp_path, 'Мероприятие;Срок\n"не закрыта;1\n')
    assert "Не найдена строка заголовков" in refused(tmp_path, "просто;текст\nв две;строки\n")
    assert "нет ни одного мероприятия" in refused(tmp_path, text_of([HEAD]))
    assert "до 200 мероприятий" in refused(tmp_path, text_of([HEAD, *(measure(one, "постоянно") for one in range(1, 202))]))
    assert "Файл пуст" in refused(tmp_path, "")
    assert "старого вида" in refused(tmp_path, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "old.xls")
    assert "повреждён" in refused(tmp_path, xlsx([HEAD])[:600], "cut.xlsx")
    assert "Это не таблица" in refused(tmp_path, b"%PDF-1.4", "table.pdf")


ANSWERS = {"title": "Комплекс мер ЦОС", "zone": "Europe/Moscow", "organisationCode": "47",
           "parties": {OFFICE: "47.0001", CENTRE: "outside"}}
SECOND = "2. Распоряжение комитета общего и профессионального образования Ленинградской области (далее - распорядительный акт комитета)"


def programme_of(tmp_path, table, answers):
    file = tmp_path / "answers.json"
    file.write_text(json.dumps({**ANSWERS, **answers}), encoding="utf-8")
    return ran(TABLES / table, "--answers", file)


def test_the_table_of_the_order(tmp_path):
    """S3.5-S3.17, S3.21, F11: the order's table gives seven measures letter for letter, their days, one debt of a
    schedule, the owners of forms, one series: the programme's file as it stands; where a page ended inside of a row, a person is asked."""
    known = json.loads((ROOT / "programmes" / "cos-2024.json").read_text())["sections"]
    whole = programme_of(tmp_path, "cos-2024.xlsx", {})
    assert whole.returncode == 0, whole.stderr
    sections = json.loads(whole.stdout)["sections"]
    assert len(sections) == 7
    for section, expected in zip(sections, known):
        for name in ("code", "number", "title", "responsible", "due"):
            assert section[name] == expected[name], name
        results = [one for one in expected["items"] if one["valueKind"] == "documents"]
        assert [(one["code"], one["question"], one["participants"], one.get("form")) for one in section["items"]] == \
            [(one["code"], one["question"], one["participants"], one.get("form")) for one in results]
    assert [section["due"].get("owner") for section in sections] == [None, None, CENTRE, None, None, None, None]
    assert [section.get("series") for section in sections] == [None] * 5 + ["m6"] * 2
    slots = [one["evidence"] for section in sections for one in section["items"]]
    assert slots == ["Распорядительный акт", "Письмо", "Распорядительный акт", "Письмо", "Распорядительный акт", "Реестр",
                     "Реестр", "Документ по форме", "Документ по форме"]
    # As the order was printed: two measures go on over the page.
    printed = programme_of(tmp_path, "cos-2024.csv", {"confirmed": {"3": True}})
    assert printed.returncode == 1 and printed.stderr.count("\n") == 1 and "строка 9" in printed.stderr
    first = json.loads(whole.stdout)["sections"][1]["items"][0]["question"]
    corrected = programme_of(tmp_path, "cos-2024.csv", {"confirmed": {"3": {"results": [first, SECOND]}, "9": True}})
    assert corrected.returncode == 0, corrected.stderr
    assert json.loads(corrected.stdout) == json.loads(whole.stdout)


# Words of a result; whose form it is to be on, how that is called; what a person is asked about it.
FORMS = [
    ("Реестр извещений (по форме Центра проектного сопровождения)", CENTRE, "Реестр извещений", []),
    ("Отчёт по форме, утверждённой Минпросвещения России", "Минпросвещения России", "Отчёт", []),
    ("По форме, определяемой Минпросвещения России или Центра проектного сопровождения", f"Минпросвещения России или {CENTRE}", "", []),
    ("Отчёт по установленной форме", None, None, ["form_owner_unknown"]),
    ("Отчёт по форме согласно приложению № 2", None, None, ["form_owner_unknown"]),
    ("Справка об изменении форм обучения", None, None, []),
]


def test_whose_form_it_is(tmp_path):
    """S3.17: «по форме …» names the form's owner, a party of the table by its own name; where the words name nobody, a
    person is asked, and without an owner there is no form."""
    rows = [measure(number, "постоянно", parties=f"{OFFICE}; {CENTRE}", result=words)
            for number, (words, *_) in enumerate(FORMS, 1)]
    table = tmp_path / "forms.csv"
    table.write_text(text_of([HEAD, *rows]), encoding="utf-8")
    assert [[one["doubt"] for one in row["doubts"]] for row in understood(table)["rows"]] == [doubts for *_, doubts in FORMS]
    assert ran(table).stdout.count("а чьей, не сказано") == 2
    answers = tmp_path / "answers.json"
    answers.write_text(json.dumps({**ANSWERS, "confirmed": {"5": True, "6": {"results": ["Отчёт по форме комитета"]}}}), encoding="utf-8")
    done = ran(table, "--answers", answers)
    assert done.returncode == 0, done.stderr
    forms = [section["items"][0].get("form") for section in json.loads(done.stdout)["sections"]]
    assert forms == [*({"owner": owner, **({"title": title} if title else {})} for _, owner, title, _ in FORMS[:3]), None,
                     {"owner": "комитета", "title": "Отчёт"}, None]


def test_what_a_measure_waits_for_is_given_by_hand(tmp_path):
    """S3.19: a table says nothing of what comes before what; whoever loads it does, by the numbers of earlier measures."""
    table = tmp_path / "after.csv"
    table.write_text(text_of([HEAD, *(measure(number, "постоянно") for number in (1, 2, 3))]), encoding="utf-8")

    def sections(after):
        answers = tmp_path / "answers.json"
        answers.write_text(json.dumps({**ANSWERS, "confirmed": {"4": {"after": after}}}), encoding="utf-8")
        return ran(table, "--answers", answers)
    done = sections(["1", "2."])
    assert [one.get("dependsOn") for one in json.loads(done.stdout)["sections"]] == [None, None, ["m1", "m2"]]
    assert sections(["3"]).returncode == 1
    assert "строка 4: Выше в таблице нет мероприятия с номером: 7" in sections(["1", "7"]).stderr


def test_who_is_who_is_decided_first(tmp_path):
    """S3.15: no row is loaded before it is said who its parties are; somebody of them is inside."""
    undecided = programme_of(tmp_path, "cos-2024.xlsx", {"parties": {OFFICE: "47.0001"}})
    assert undecided.returncode == 1 and f"строка 4: Не решено, кто это в системе: {CENTRE}" in undecided.stderr
    nobody = programme_of(tmp_path, "cos-2024.xlsx", {"parties": {OFFICE: "outside", CENTRE: "outside"}})
    assert nobody.returncode == 1 and nobody.stderr.count("Все ответственные вне системы") == 7
    mixed = programme_of(tmp_path, "cos-2024.xlsx", {"parties": {OFFICE: "47.0001", CENTRE: "all_schools"}})
    assert mixed.returncode == 1 and mixed.stderr.count("Ответственные разного рода") == 3


def test_the_imported_road_map_at_work(world, tmp_path):
    """S3.13, S3.14, S3.20: loaded into the system as it was read, seven measures are asked, late ones at once, and one
    schedule is owed."""
    region = world.region(municipalities=1, schools=1)
    world.wait_for_organisations(region)
    answers = {"zone": region.zone, "organisationCode": region.code, "parties": {OFFICE: region.schools[0], CENTRE: "outside"}}
    file = json.loads(programme_of(tmp_path, "cos-2024.xlsx", answers).stdout)
    code = f"table-{region.code}"
    reply = world.administrator.put("/api/v1/programmes/{code}", file, code=code)
    assert (reply["sections"], reply["items"]) == (7, 9)
    round_ = world.wait_open(world.round(code, region, due_in=10, closed_in=20)["roundId"], 1)
    committee = world.respondent(region.schools[0])
    asked = world.assignments(committee, round_id=round_["roundId"])
    assert len(asked) == 9
    days = {one["itemCode"]: one["dueOn"] for one in asked if one["dueAt"]}
    assert days["m1-1"] == "2023-12-29" and days["m7-1"] == "2024-11-30" and "m3-1" not in days
    today = str(world.today(region.zone))
    assert {one["itemCode"] for one in asked if one["overdue"]} == {code for code, day in days.items() if day < today}
    coordinator = world.coordinator(region.code)

    def mapped():
        seen = coordinator.get("/api/v1/reports/roadmap", query={"round_id": round_["roundId"]})
        return seen if (len(seen["sections"]), seen["scheduleOwed"], len(seen["series"])) == (7, 1, 1) else None
    map_ = eventually(mapped, 20, what="the road map knows")
    assert map_["series"][0]["sectionCodes"] == ["m6", "m7"]
