"""Scenes of road maps: schools with plans, documents with their measures, tables that come again."""
import datetime
import json
import pathlib

from builders import item
from pdf import pdf
from scene_people import entered, person
from waiting import eventually


WORDS = [{"key": key, "russian": russian, "english": english} for key, russian, english in (
    ("section", "Направление", "Direction"), ("item", "Мера", "Measure"), ("items", "Меры", "Measures"),
    ("reviewer", "Куратор", "Curator"), ("respondent", "Школа", "School"), ("accept", "Подтвердить", "Confirm"),
    ("reject", "Отправить на доработку", "Send back"))]


def plans(world, options):
    """Schools choose directions and set their days. Of two municipalities the first school of the first has activated
    one and sent a table and a document, the second has only chosen; a curator answers for both."""
    region = world.region(municipalities=2, schools=2)
    world.wait_for_organisations(region)
    day = {"kind": "by_executor", "text": "Дата, когда планируется завершить работу"}
    template = item("template", "table", question="Факторы риска и меры", due=day,
                    columns=[{"title": "Факторы риска"}, {"title": "Краткое описание мер"}])
    sections = [
        {"code": "equipment", "title": "Низкий уровень оснащения школы", "byChoice": True, "significance": "high", "due": day,
         "items": [template, item("measure", "documents", question="Антирисковая программа", evidence="Программа, PDF",
                                  stage="Весенний этап")]},
        {"code": "staff", "title": "Дефицит педагогических кадров", "byChoice": True, "due": day,
         "items": [item("staff", "documents", question="План обучения учителей", evidence="План, PDF")]}]
    code = world.programme(region, sections=sections, reviewer="curator", words=WORDS)
    made = world.round(code, region, due_in=100, closed_in=120)
    round_id = world.wait_open(made["roundId"], len(region.schools))["roundId"]
    author, second = (world.respondent(one) for one in region.schools[:2])
    coordinator = world.coordinator(region.code)
    curator = world.curator(region.code, region.schools[:2], {"familyName": "Кураторова"})
    planned_on = str(world.today(region.zone) + datetime.timedelta(days=30))
    for who in (author, second):
        who.post("/api/v1/rounds/{id}/sections/equipment:choose", {}, id=round_id)
    author.post("/api/v1/rounds/{id}/sections/equipment:plan", {"plannedOn": planned_on}, id=round_id)
    table = world.assignment(author, "template", round_id)
    author.post("/api/v1/assignments/{id}:plan", {"plannedOn": planned_on}, id=table["assignmentId"])
    table = world.fresh(author, table)
    lines = [["Нет кабинета физики", "Закупить оборудование"], ["Нет лаборанта", "Принять на работу"]]
    table = author.put("/api/v1/assignments/{id}/rows", {"rows": [{"cells": cells} for cells in lines]},
                       id=table["assignmentId"], version=table["version"])
    world.entry(curator, world.submit(author, table))
    measure = world.attach(author, world.assignment(author, "measure", round_id), pdf(), "Программа.pdf")
    world.entry(curator, world.submit(author, measure))

    def settled():
        totals = coordinator.get("/api/v1/reports/roadmaps", query={"round_id": round_id})["totals"]
        return (totals["waiting"], totals["activated"], totals["templatesActivated"]) == (2, 1, 1)
    eventually(settled, 20, what="the report knows")
    return {"round": round_id, "programme": code, "region": region.code,
            "municipalities": [one.name for one in region.municipalities],
            "schools": region.schools, "today": str(world.today(region.zone)),
            "author": person(author), "curator": {**person(curator), "accountId": curator.account_id},
            "coordinator": person(coordinator), "measure": measure["assignmentId"], "table": table["assignmentId"],
            "administrator": person(world.administrator)}


def waited(world, options):
    """What was sent in a round of `plans` has waited for forty days, and its programme says who is told of that."""
    world.wait_until_heard("deadlines", "submissions")
    world.stack.rows("deadlines", "UPDATE waiting_answer SET sent_at = sent_at - interval '40 days' WHERE round_id = %s",
                     options["round"])
    known = world.administrator.get("/api/v1/programmes/{code}/versions/{number}", code=options["programme"], number=1)
    steps = [{"to": "reviewer", "afterWorkingDays": 3}, {"to": "region", "afterWorkingDays": 5}]
    body = {**{name: value for name, value in known["file"].items() if name != "code"}, "answering": {"steps": steps}}
    world.administrator.put("/api/v1/programmes/{code}", body, code=options["programme"])


def roadmap(world, options):
    """A road map: the first measure done, the second without its schedule, two of a series, one late and one behind it."""
    region = world.region(municipalities=1, schools=1)
    world.wait_for_organisations(region)
    today = world.today(region.zone)
    office = {"title": "Региональный координатор", "organisationCode": region.schools[0]}
    centre = {"title": "Центр проектного сопровождения"}

    def measure(number, title, due, results=1, responsible=(office,), **more):
        items = [item(f"m{number}-{one + 1}", "documents", question=f"Результат {number}.{one + 1}", evidence="Акт, PDF")
                 for one in range(results)]
        return {"code": f"m{number}", "number": f"{number}.", "title": title, "due": due, "items": items,
                "responsible": list(responsible), **more}

    def exact(days, kind="exact"):
        day = today + datetime.timedelta(days=days)
        return {"kind": kind, "on": str(day), "text": f"{day.day}.{day.month}.{day.year}"}
    sections = [
        measure(1, "Утверждено должностное лицо", exact(20, "not_later")),
        measure(2, "Сформирован и утверждён перечень оборудования", {
            "kind": "by_schedule", "owner": "Центр проектного сопровождения", "footnote": "График утверждает центр",
            "text": "Согласно отдельному графику Центра проектного сопровождения"}, 2, (office, centre), dependsOn=["m1"]),
        measure(3, "Объявлены закупки оборудования", exact(90), dependsOn=["m2"]),
        measure(4, "Проведён мониторинг", exact(120), responsible=(office, centre), dependsOn=["m3"], series="monitoring"),
        measure(5, "Проведён мониторинг", exact(150), responsible=(office, centre), dependsOn=["m3"], series="monitoring"),
        measure(6, "Утверждён перечень организаций", exact(-5)), measure(7, "Обучены учителя", exact(100), dependsOn=["m6"])]
    words = [{**one, "russian": "Мероприятие", "english": "Undertaking"} if one["key"] == "section" else one for one in WORDS]
    code = world.programme(region, sections=sections, words=words)
    made = world.round(code, region, due_in=160, closed_in=200)
    round_id = world.wait_open(made["roundId"], 1)["roundId"]
    author, operator, coordinator = world.respondent(region.schools[0]), world.operator(region.code), world.coordinator(region.code)
    sent = world.submit(author, world.attach(author, world.assignment(author, "m1-1", round_id), pdf(), "Распоряжение.pdf"))
    world.accept(operator, sent)

    def settled():
        map_ = coordinator.get("/api/v1/reports/roadmap", query={"round_id": round_id})
        return (map_["done"], map_["scheduleOwed"], map_["late"], map_["atRisk"]) == (1, 1, 1, 1)
    eventually(settled, 20, what="the road map knows")
    return {"round": round_id, "today": str(today), "operator": person(operator), "coordinator": person(coordinator),
            "author": person(author), "administrator": person(world.administrator)}


def form(world, options):
    """A measure whose register is written on another body's form, which nobody has published yet."""
    region = world.region(municipalities=1, schools=1)
    world.wait_for_organisations(region)
    due = {"kind": "exact", "on": str(world.today(region.zone) + datetime.timedelta(days=30)), "text": "к концу месяца"}
    sections = [{"code": "m4", "number": "4.", "title": "Объявлены закупки", "due": due, "items": [
        item("m4-1", "documents", question="Реестр извещений (по форме Центра проектного сопровождения)",
             evidence="Реестр извещений", form={"owner": "Центр проектного сопровождения"})]}]
    code = world.programme(region, sections=sections, words=WORDS)
    round_id = world.wait_open(world.round(code, region, due_in=160, closed_in=170)["roundId"], 1)["roundId"]
    author, coordinator = world.respondent(region.schools[0]), world.coordinator(region.code)
    eventually(lambda: coordinator.get("/api/v1/reports/roadmap", query={"round_id": round_id})["formsOwed"] == 1, 20,
               what="the road map knows")
    return {"programme": code, "round": round_id, "author": person(author), "coordinator": person(coordinator),
            "assignment": world.assignment(author, "m4-1", round_id)["assignmentId"],
            "administrator": person(world.administrator)}


def spending(world, options):
    """A road map whose last measure has a table every month: two lots are told for the first month and accepted."""
    region = world.region(municipalities=1, schools=1)
    world.wait_for_organisations(region)
    columns = [{"title": "Лот"}, *({"title": title, "kind": "number"} for title in ("План, тыс. руб.", "Законтрактовано", "Израсходовано"))]
    monthly = {"kind": "recurring", "every": "month", "day": 10, "text": "ежемесячно"}
    due = {"kind": "exact", "on": str(world.today(region.zone) + datetime.timedelta(days=150)), "text": "к концу"}
    sections = [{"code": "m5", "number": "5.", "title": "Закуплено оборудование", "due": due, "items": [
        item("m5-1", "documents", question="Реестр документов", evidence="Реестр"),
        item("m5-money", "table", question="Контрактация и расходование", columns=columns, due=monthly)]}]
    code = world.programme(region, sections=sections, words=WORDS)
    round_id = world.wait_open(world.round(code, region, due_in=160, closed_in=170)["roundId"], 1)["roundId"]
    author, operator, coordinator = world.respondent(region.schools[0]), world.operator(region.code), world.coordinator(region.code)
    months = [one for one in world.assignments(author, round_id=round_id) if one["itemCode"] == "m5-money"]
    lots = [["Ноутбуки", "1000", "250,5", "100"], ["Проекторы", "3000", "749,5", ""]]
    author.put("/api/v1/assignments/{id}/rows", {"rows": [{"cells": lot} for lot in lots]}, id=months[0]["assignmentId"],
               version=months[0]["version"])
    world.accept(operator, world.submit(author, world.fresh(author, months[0])))

    def settled():
        points = coordinator.get("/api/v1/reports/roadmap/tables", query={"round_id": round_id})["points"]
        return points[0]["accepted"] == 1
    eventually(settled, 20, what="the tables know")
    return {"round": round_id, "coordinator": person(coordinator), "months": [one["dueOn"] for one in months]}


WORKSHOP_WORDS = [{"key": "sections", "russian": "Профиль мастерской", "english": "Workshop profile"},
                  {"key": "reviewer", "russian": "Наставник", "english": "Mentor"}]


def plan(world, options):
    """A programme of which schools choose their part and set its dates, with an open round; `programmes` of them."""
    region = world.region(municipalities=1, schools=2)
    world.wait_for_organisations(region)
    by_executor = {"kind": "by_executor", "text": "Дата, когда планируется завершить работу"}
    rows = item("template", "table", question="Опишите трудности и меры", due=by_executor,
                columns=[{"title": "Трудность"}, {"title": "Мера"}, {"title": "Часов", "kind": "number"}])
    sections = [
        {"code": "tools", "title": "Мало инструмента", "byChoice": True, "significance": "high", "due": by_executor,
         "items": [rows, item("list", "documents", question="Разместите перечень инструмента", evidence="Перечень",
                              stage="Подготовка"),
                   item("acts", "documents", question="Разместите акты приёмки", evidence="Акты",
                        stage="Подтверждение")]},
        {"code": "people", "title": "Не хватает мастеров", "byChoice": True, "significance": "medium",
         "due": by_executor, "items": [item("order", "documents", question="Разместите приказ", evidence="Приказ")]},
        {"code": "rooms", "title": "Тесные помещения", "byChoice": True, "significance": "low", "due": by_executor,
         "items": [item("room", unit="м²")]},
        {"code": "schedule", "title": "Поставка станков", "due": {"kind": "by_schedule", "owner": "Центр снабжения",
                                                                  "text": "Согласно отдельному графику"},
         "items": [item("delivery", "documents", question="Разместите накладную", evidence="Накладная")]},
    ]
    programmes = [("Мастерские", sections), ("Кружки", None)][:options.get("programmes", 1)]
    rounds = []
    for title, parts in programmes:
        more = {"sections": parts, "words": WORKSHOP_WORDS} if parts else {}
        code = world.programme(region, shortTitle=title, **more)
        rounds.append(world.wait_open(world.round(code, region, due_in=200, closed_in=250)["roundId"], 2))
    return {"rounds": rounds, "today": str(world.today(region.zone)), "latest": rounds[0]["closedUntil"],
            "respondent": person(world.respondent(region.schools[0])), "operator": person(world.operator(region.code))}


def moved(world, options):
    """The same person sets another day at another computer: {person, round, section, previous, day}."""
    body = {"plannedOn": options["day"], "previousOn": options["previous"], "reason": "Перенесли на педсовете"}
    return entered(world, options["person"]).post("/api/v1/rounds/{id}/sections/{section}:plan", body,
                                                  id=options["round"], section=options["section"])


def remark(world, options):
    """Somebody says something about an answer that was sent: {person, assignment, text}."""
    client = entered(world, options["person"])

    def said():
        reply = client.ask("POST", "/api/v1/assignments/{id}/remarks", {"text": options["text"]},
                           id=options["assignment"])
        return reply.document if reply.status == 200 else None
    return eventually(said, 15, what="the remark")


def document(world, options):
    """A programme that stands on an act, in two versions, and who may read it."""
    region = world.region(municipalities=1, schools=1)
    world.wait_for_organisations(region)

    def paper(code, question):
        return item(code, "documents", question=question, evidence="Документ")
    act = {"kind": "Распоряжение", "number": "12-р", "date": "2023-12-26", "title": "Об утверждении комплекса мер",
           "issuer": "Комитет по мастерским", "signatory": "Председатель комитета",
           "approval": "УТВЕРЖДЕНО распоряжением комитета от «___» 26.12.2023 года № 12-р (приложение)",
           "paragraphs": ["1. Определить комитет региональным координатором.", "2. Утвердить комплекс мер."],
           "parents": ["федеральный проект «Мастерские»", "национальный проект «Образование»"],
           "controller": "начальник сектора мастерских", "abbreviations": ["далее - распорядительный акт комитета"]}
    centre = {"title": "Центр проектного сопровождения"}
    coordinator = {"title": "Региональный координатор", "organisationCode": region.superior}
    sections = [
        {"code": "m1", "number": "1.", "title": "Утверждён перечень мастерских", "responsible": [coordinator],
         "due": {"kind": "not_later", "on": "2023-12-29", "text": "Не позднее 29 декабря 2023 года"},
         "items": [paper("r1", "1. Письмо с перечнем мастерских;"), paper("r2", "2. Распорядительный акт комитета")]},
        {"code": "m2", "number": "2.", "title": "Закуплены станки", "responsible": [coordinator, centre],
         "dependsOn": ["m1"], "due": {"kind": "by_schedule", "owner": "Центр проектного сопровождения",
                                      "text": "Согласно отдельному графику*",
                                      "footnote": "* график утверждает Центр проектного сопровождения"},
         "items": [paper("r3", "Реестр документов (по форме Центра проектного сопровождения)")]},
        {"code": "m3", "number": "3.", "title": "Проведён мониторинг", "responsible": [centre],
         "due": {"kind": "exact", "on": "2024-08-25", "text": "25 августа 2024 года;"},
         "items": [paper("r4", "По форме, определяемой Центром")]},
    ]
    body = {"title": "Комплекс мер по мастерским", "shortTitle": "Мастерские", "sections": sections, "document": act,
            "basis": "распоряжение 26.12.2023 № 12-р"}
    code = world.programme(region, **body)
    sections[1]["title"] = "Закуплены и налажены станки"
    world.administrator.put("/api/v1/programmes/{code}", {**body, "zone": region.zone, "organisationCode": region.code,
                                                          "basis": "распоряжение 01.03.2024 № 100-р"}, code=code)
    return {"code": code, "respondent": person(world.respondent(region.schools[0])),
            "coordinator": person(world.coordinator(region.code)), "operator": person(world.operator(region.code))}


def named(world, options):
    """A region with programmes as they stand in their files, and a round of the first in which every school is asked."""
    region = world.region(schools=2, attributes={0: options.get("attribute", "")})
    world.wait_for_organisations(region)
    codes = []
    for name in options["files"]:
        file = json.loads((pathlib.Path(__file__).resolve().parents[2] / "programmes" / f"{name}.json").read_text())
        codes.append(f"{name}-{region.code}")
        # The round begins with the region's day.
        file |= {"organisationCode": region.code, "zone": region.zone}
        world.administrator.put("/api/v1/programmes/{code}", file, code=codes[-1])
    made = world.round(codes[0], region)
    world.wait_open(made["roundId"])
    return {"codes": codes, "respondent": person(world.respondent(region.schools[0])), "region": region.code,
            "coordinator": person(world.coordinator(region.code)), "curator": person(world.curator(region.code, region.schools[:1]))}


def reload(world, options):
    """Another administrator changes a programme: {programme, title} of its first section."""
    code = options["programme"]
    newest = world.administrator.get("/api/v1/programmes/{code}/versions", code=code)["versions"][0]["version"]
    file = world.administrator.get("/api/v1/programmes/{code}/versions/{n}", code=code, n=newest)["file"]
    file.pop("code")
    file["sections"][0]["title"] = options["title"]
    return world.administrator.put("/api/v1/programmes/{code}", {**file, "basis": "письмо № 2"}, code=code)
