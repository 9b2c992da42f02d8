"""Prepares what a browser test begins with, over HTTP, and prints it as JSON: scenes.py NAME [JSON options]."""
import datetime
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from builders import World, item, with_evidence  # noqa: E402
from pdf import pdf  # noqa: E402
from stack import ROOT, Stack  # noqa: E402
from waiting import eventually  # noqa: E402


def person(client):
    return {"login": client.login_name, "password": client.password}


def newcomer(world, options):
    """Somebody with a one-time password."""
    region = world.region(schools=1)
    issued = world.issue(options.get("role", "respondent"), region.schools[0])
    return {"login": issued["login"], "password": issued["oneTimePassword"]}


def everybody(world, options):
    """A region with an open round of one indicator of each kind, and one person of each role, or of those in `people`."""
    region = world.region(municipalities=options.get("municipalities", 2), schools=options.get("schools", 2))
    round_ = world.open_round(region, options.get("items"), organisations=len(region.schools))
    makers = {
        "respondent": lambda: world.respondent(region.schools[0]),
        "neighbour": lambda: world.respondent(region.schools[1]),
        "operator": lambda: world.operator(region.code),
        "municipalCoordinator": lambda: world.coordinator(region.authorities[0]),
        "coordinator": lambda: world.coordinator(region.code),
        "administrator": lambda: world.administrator,
    }
    if options.get("twoOperators"):
        makers["secondOperator"] = lambda: world.operator(region.superior)
    people = {name: person(make()) for name, make in makers.items() if name in options.get("people", makers)}
    return {"round": round_, "region": region.code, "schools": region.schools, **people}


def entered(world, who):
    client = world.client()
    client.login(who["login"], who["password"])
    return client


def reports(world, options):
    """Of the first municipality's schools one has sent a value, one has a draft, one was told to correct, one has only
    logged in; all others have never been in the system."""
    region = world.region(municipalities=2, schools=options.get("schools", 30))
    items = [item("one", unit="чел."), item("two", "percent"), with_evidence("three")]
    round_ = world.open_round(region, items, organisations=len(region.schools))
    operator, coordinator = world.operator(region.code), world.coordinator(region.code)
    sender, drafter, corrector, idler = (world.respondent(code) for code in region.schools[:4])
    sent = world.send(sender, world.assignment(sender, "one"), "120")
    proven = world.attach(sender, world.save(sender, world.assignment(sender, "three"), "7"), pdf(), "Приказ.pdf")
    proven = world.submit(sender, proven)
    second = world.send(sender, world.assignment(sender, "two"), "34", "120")
    world.save(drafter, world.assignment(drafter, "one"), "17")
    corrected = world.send(corrector, world.assignment(corrector, "one"), "1233")
    world.reject(operator, corrected, "Число больше, чем учеников в школе")
    world.entry(operator, sent)
    world.entry(operator, proven)
    world.entry(operator, second)

    def settled():
        rows = coordinator.get("/api/v1/reports/provided", query={"round_id": round_["roundId"]})["rows"]
        return [(row["filled"], row["drafts"], row["rejected"]) for row in rows[:3]] == [(3, 0, 0), (0, 1, 0), (0, 0, 1)]
    eventually(settled, 15, what="the reports know")
    municipal = world.coordinator(region.authorities[1])
    curator = world.person("curator", region.schools[0]) if options.get("curator") else None
    if options.get("message"):
        world.wait_until_heard("deadlines", "auth")
    return {
        "round": round_["roundId"],
        "municipalities": [{"name": one.name, "id": region.ids[one.code]} for one in region.municipalities],
        "organisations": [region.ids[code] for code in region.schools],
        "sent": sent["assignmentId"],
        "second": second["assignmentId"],
        "proven": proven["assignmentId"],
        "respondents": [person(one) for one in (sender, drafter, corrector, idler)],
        "operator": person(operator),
        "coordinator": person(coordinator),
        "municipalCoordinator": person(municipal),
        "curator": person(curator) if curator else None,
        "administrator": person(world.administrator),
        "message": invite(world, coordinator) if options.get("message") else None,
    }


def judge(world, options):
    """An operator's verdict: {operator, assignment, resolution}, without a resolution it is accepted."""
    operator = entered(world, options["operator"])

    def waiting():
        reply = operator.ask("GET", "/api/v1/queue/{id}", id=options["assignment"])
        return reply.document if reply.status == 200 and reply.document["state"] in ("waiting", "opened") else None
    entry = eventually(waiting, 15, what="the answer waits for a verdict")
    verb = "reject" if options.get("resolution") else "accept"
    body = {"resolution": options["resolution"]} if verb == "reject" else None
    return operator.post("/api/v1/queue/{id}:" + verb, body, id=entry["assignmentId"], version=entry["version"])


def saved(world, options):
    """The same person saves a value at another computer: {respondent, assignment, value, secondValue}."""
    respondent = entered(world, options["respondent"])
    assignment = world.fresh(respondent, {"assignmentId": options["assignment"]})
    return world.save(respondent, assignment, options["value"], options.get("secondValue", ""))


def revoked(world, options):
    """Every other session of `person` is ended from another computer."""
    client = entered(world, options["person"])
    others = [one for one in client.get("/api/v1/sessions")["sessions"] if not one["current"]]
    for one in others:
        client.delete("/api/v1/sessions/{id}", id=one["sessionId"])
    return {"ended": len(others)}


def launch(world, options):
    """What an administrator begins a launch with: a region of four schools and a programme, nothing asked yet."""
    region = world.region(municipalities=2, schools=options.get("schools", 2))
    world.wait_for_organisations(region)
    code = world.programme(region)
    known = world.administrator.get("/api/v1/programmes/{code}", code=code)
    file = {"title": known["title"], "zone": known["zone"], "organisationCode": region.code, "sections": known["sections"]}
    for section in file["sections"]:
        for item in section["items"]:
            item.pop("itemId")
    return {"administrator": person(world.administrator), "today": str(world.today(region.zone)), "region": region.code,
            "municipality": region.municipalities[0].name, "municipalityCode": region.municipalities[0].code,
            "programme": {"code": code, "title": known["title"], "file": file, "schools": region.schools}}


def repair(world, options):
    """The programme of school repairs as its file stands, but for its region and its title: one of two schools is asked."""
    region = world.region(municipalities=1, schools=2, attributes={0: "kvantorium"})
    world.wait_for_organisations(region)
    file = json.loads((ROOT / "programmes" / "school-repair.json").read_text())
    # Lists show titles: this one is the only one of its name.
    file = {**file, "organisationCode": region.code, "title": f"{file['title']}, {region.code}"}
    return {"file": file, "code": f"repair-{region.code}", "today": str(world.today(region.zone)),
            "administrator": person(world.administrator), "school": person(world.respondent(region.schools[0])),
            "operator": person(world.operator(region.code)), "coordinator": person(world.coordinator(region.code))}


def opened(world, options):
    """Waits until the only round of a programme has opened by itself: {programme, organisations}."""
    rounds = world.administrator.get("/api/v1/rounds", query={"programmeCode": options["programme"]})["rounds"]
    return world.wait_open(rounds[0]["roundId"], options["organisations"])


def drafts(world, options):
    """An open round with one answer begun and not sent."""
    region = world.region(schools=2)
    round_ = world.open_round(region, organisations=len(region.schools))
    respondent = world.respondent(region.schools[0])
    assignment = world.save(respondent, world.assignment(respondent, "number", round_["roundId"]), "12")
    return {"administrator": person(world.administrator), "round": round_, "assignment": assignment["assignmentId"]}


def extend(world, options):
    """Somebody else moves the due date of a round."""
    seen = world.administrator.get("/api/v1/rounds/{id}", id=options["roundId"])
    return world.administrator.ask("PATCH", "/api/v1/rounds/{id}", {"dueOn": options["dueOn"]}, id=seen["roundId"],
                                   version=seen["version"]).document


def process(world, options):
    """{name, act}: stops a process of the system or starts it again."""
    getattr(world.stack, {"stop": "stop", "start": "start"}[options["act"]])(options["name"])
    return {}


def queue(world, options):
    """What waits for two operators: a number, a percent and a number with a PDF of each school; yes or no is not sent."""
    region = world.region(municipalities=2, schools=options.get("schools", 1))
    items = [item("pupils", unit="чел.", question="Сколько детей занимается в кружках технической направленности"),
             item("share", "percent", question="Сколько учителей повысили квалификацию",
                  secondQuestion="Сколько учителей всего"),
             item("plan", "yes_no", question="Утверждён ли план мероприятий"),
             with_evidence("order", question="Сколько договоров о сетевой форме заключено")]
    round_ = world.open_round(region, items, organisations=len(region.schools))
    authors = [world.respondent(code) for code in region.schools]
    for number, author in enumerate(authors):
        world.send(author, world.assignment(author, "pupils"), str(100 + number))
        world.send(author, world.assignment(author, "share"), "34", "120")
        order = world.save(author, world.assignment(author, "order"), str(number + 1))
        content = pdf(pages=2, text=f"Order {number + 1}")
        last = world.submit(author, world.attach(author, order, content, "Приказ.pdf"))
    operator = world.operator(region.code)
    world.entry(operator, last)
    return {"round": round_, "authors": [person(author) for author in authors], "operator": person(operator),
            # Of the first municipality only.
            "colleague": person(world.operator(region.municipalities[0].code))}


def again(world, options):
    """What was accepted in one round is asked for in the next: 100 before, 250 now, waiting for the operator."""
    region = world.region(schools=1)
    world.wait_for_organisations(region)
    programme = world.programme(region, [item("pupils", unit="чел.")])
    author, operator = world.respondent(region.schools[0]), world.operator(region.code)

    def sent(name, value):
        round_ = world.wait_open(world.round(programme, region, name=name)["roundId"], 1)
        return world.send(author, world.assignment(author, "pupils", round_["roundId"]), value)
    before = sent("Первый период", "100")
    world.accept(operator, before)
    world.wait_state(author, before, "accepted")
    world.entry(operator, sent("Второй период", "250"))
    return {"operator": person(operator)}


def send(world, options):
    """Somebody sends a value now; what waits already is taken back first."""
    author = entered(world, options["person"])
    assignment = world.assignment(author, options["item"])
    if assignment["state"] == "in_review":
        author.post("/api/v1/assignments/{id}:withdraw", id=assignment["assignmentId"], version=assignment["version"])
        assignment = world.wait_state(author, assignment, "ready")
    return world.send(author, assignment, options["value"])


def placed(world, options):
    """A school places another document on what was sent back, and sends it: {person, assignment}."""
    author = entered(world, options["person"])
    assignment = world.wait_state(author, {"assignmentId": options["assignment"]}, "rejected")
    return world.submit(author, world.attach(author, assignment, pdf(), "Программа с подписью.pdf"))


def notified(world, options):
    """Waits until somebody has so many notifications."""
    client = entered(world, options["person"])

    def told():
        listed = client.get("/api/v1/notifications")["notifications"]
        return listed if len(listed) >= options["count"] else None
    return eventually(told, 15, what="the notifications")


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
        file["organisationCode"] = region.code
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


def messages(world, options):
    """A region whose coordinator writes to those below."""
    region = world.region(municipalities=2, schools=2)
    first = region.municipalities[0]
    coordinator, municipal = world.coordinator(region.code), world.coordinator(first.authority)
    people = {"coordinator": coordinator, "municipal": municipal, "head": world.respondent(region.schools[0]),
              "operator": world.operator(region.code), "curator": world.curator(region.code, [region.schools[0]])}
    world.wait_until_heard("deadlines", "auth")
    return {"day": str(world.today() + datetime.timedelta(days=5)), **{name: person(client) for name, client in people.items()}}


def invite(world, author):
    """A consultation for everybody below: the message that has the most to show."""
    made = author.post("/api/v1/messages", {"content": {
        "kind": "consultation", "subject": "Заполнение рискового профиля", "text": "Участие обязательно.",
        "levels": ["municipality", "operator", "curator", "authority", "school"], "asksAcknowledgement": True,
        "startsOn": str(world.today() + datetime.timedelta(days=5)), "startsTime": "16:30", "durationMinutes": 60,
        "connection": {"link": "https://conference.example/j/1", "conferenceId": "834 4516 1203", "accessCode": "490"},
        "links": [{"title": "Отчёт о начале", "address": "/reports/start"}]}})
    return author.post("/api/v1/messages/{id}:send", id=made["messageId"], version=made["version"])["messageId"]


SCENES = {scene.__name__: scene for scene in (newcomer, everybody, reports, judge, saved, revoked, launch, drafts,
                                               extend, process, queue, again, send, notified, plans, roadmap,
                                               plan, moved, remark, document, reload, repair, opened,
                                               spending, named, placed, messages)}


def main():
    stack = Stack(os.environ["VEKHA_TEST_STACK"])
    world = World(stack)
    try:
        options = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
        print(json.dumps(SCENES[sys.argv[1]](world, options), default=str))
    finally:
        world.close()
        stack.close()


if __name__ == "__main__":
    main()
