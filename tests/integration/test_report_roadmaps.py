"""Reports on road maps as of a day, beside another day: who has done what, who waits for whom, since when.

Everybody's clock is the letter's: the slice of 31.03.2021 (S1.25, S1.37).
"""
import datetime
import zoneinfo

import pytest

from builders import PROFILE, inn, item
from vekha_client import Problem
from waiting import eventually

ZONE = zoneinfo.ZoneInfo("Asia/Yekaterinburg")
SECTIONS = [
    {"code": "equipment", "title": "Низкий уровень оснащения школы", "items": [item("plan"), item("report")]},
    {"code": "staff", "title": "Дефицит педагогических кадров", "items": [item("training")]},
]


class Scene:
    """Two municipalities with two schools each; a curator answers for the first two schools."""

    def __init__(self, stack, world):
        self.stack, self.world = stack, world
        self.move_to(20, 3, world.administrator)
        self.region = world.region(municipalities=2, schools=2)
        self.schools = self.region.schools
        world.wait_for_organisations(self.region)
        self.programme = world.programme(self.region, sections=SECTIONS)
        made = world.round(self.programme, self.region, due_in=20, closed_in=60)
        self.round_id = world.wait_open(made["roundId"], 4)["roundId"]
        self.coordinator = world.coordinator(self.region.code)
        self.municipal = world.coordinator(self.region.authorities[1])
        self.operator = world.operator(self.region.code)
        self.curator = world.curator(self.region.code, self.schools[:2], {"familyName": "Кураторова"})
        self.respondents = [world.respondent(code) for code in self.schools]
        self.everybody = [world.administrator, self.coordinator, self.municipal, self.operator, self.curator,
                          *self.respondents]

    def move_to(self, day, month, *people):
        """Sessions do not outlive days: who has something to do logs in again."""
        self.stack.set_clock(datetime.datetime(2021, month, day, 10, tzinfo=ZONE))
        for person in people:
            person.login(person.account["login"], person.password)

    def send(self, school, code, value="5"):
        respondent = self.respondents[school]
        return self.world.send(respondent, self.world.assignment(respondent, code, self.round_id), value)

    def ask(self, report, reader=None, **query):
        query["round_id"] = self.round_id
        return (reader or self.coordinator).ask("GET", f"/api/v1/reports/{report}", query=query)

    def get(self, report, reader=None, **query):
        reply = self.ask(report, reader, **query)
        if reply.status != 200:
            raise Problem(reply)
        return reply.document

    def settle(self):
        self.world.wait_until_heard("reporting", "submissions", "auth")


@pytest.fixture(scope="module")
def scene(own_stack, own_world):
    made = Scene(own_stack, own_world)
    world = own_world
    first = made.send(0, "plan")
    world.accept(made.operator, first)
    world.wait_state(made.respondents[0], first, "accepted")
    second = made.send(0, "report")
    world.reject(made.operator, second)
    world.wait_state(made.respondents[0], second, "rejected")
    world.save(made.respondents[1], world.assignment(made.respondents[1], "plan", made.round_id), "17")
    made.send(1, "training")
    made.settle()
    made.move_to(31, 3, made.coordinator, made.respondents[2])
    made.send(2, "plan")
    made.settle()
    made.move_to(2, 4, *made.everybody)
    return made


def figures_of(report, place="figures"):
    return {(row["path"], row["sectionCode"]): row[place] for row in report["rows"]}


def shown(figures, *names):
    return [figures[name] for name in names]


def test_rows_tell_how_far_each_school_is(scene):
    """S1.14, S1.17, S1.22, S1.27, S1.31: a row per school and section, with what waits and since when."""
    report = scene.get("roadmaps", as_of="2021-03-31")
    assert [(row["path"], row["sectionCode"]) for row in report["rows"]] == [
        (school, section) for school in scene.schools for section in ("equipment", "staff")]
    first = report["rows"][0]
    assert first["municipalityName"] == scene.region.municipalities[0].name
    assert first["shortName"] == "МБОУ «СОШ № 1» 1" and first["sectionTitle"] == "Низкий уровень оснащения школы"
    assert first["curators"] == ["Кураторова Анна Петровна"] and report["rows"][4]["curators"] == []
    rows = figures_of(report)
    names = ("state", "measuresTotal", "measuresStarted", "measuresFinished", "placed", "accepted", "returned",
             "waiting")
    assert shown(rows[scene.schools[0], "equipment"], *names) == ["asked", 2, 2, 1, 2, 1, 1, 0]
    assert shown(rows[scene.schools[1], "equipment"], *names) == ["asked", 2, 1, 0, 0, 0, 0, 0]
    assert shown(rows[scene.schools[1], "staff"], *names) == ["asked", 1, 1, 0, 1, 0, 0, 1]
    waits = rows[scene.schools[1], "staff"]
    assert waits["waitingSince"].startswith("2021-03-20") and waits["waitingDays"] == 11
    assert waits["lastActAt"] == waits["waitingSince"]
    assert not rows[scene.schools[3], "staff"]["lastActAt"]
    totals = report["totals"]
    assert shown(totals, "organisations", "notStarted", "measuresTotal", "measuresStarted", "measuresFinished",
                 "placed", "waiting", "returned", "waitingDays", "overdue") == [4, 1, 12, 5, 1, 4, 2, 1, 11, 0]
    assert (report["asOf"], report["reviewer"]) == ("2021-03-31", "operator")


def test_an_earlier_day_shows_less(scene):
    """S1.25, S1.37: as of a day, what came later is not there; a day before the round has nobody."""
    before = scene.get("roadmaps", as_of="2021-03-30")
    assert before["totals"]["placed"] == 3 and before["totals"]["notStarted"] == 2
    assert scene.get("roadmaps", as_of="2021-03-19")["rows"] == []
    assert scene.get("roadmap", as_of="2021-03-19")["organisations"] == 0


def test_two_days_side_by_side(scene):
    """S1.26: every figure with what it was, and the names of those that moved."""
    report = scene.get("roadmaps", as_of="2021-03-31", compare_with="2021-03-30")
    moved = [row for row in report["rows"] if row["moved"]]
    assert {(row["path"], row["sectionCode"]): sorted(row["moved"]) for row in moved
            if row["path"] == scene.schools[2]} == {
        (scene.schools[2], "equipment"): ["last_act_at", "measures_started", "placed", "waiting", "waiting_since"]}
    row = next(row for row in report["rows"] if (row["path"], row["sectionCode"]) == (scene.schools[2], "equipment"))
    assert (row["was"]["placed"], row["figures"]["placed"]) == (0, 1)
    # Waiting grows by itself.
    assert figures_of(report, "was")[scene.schools[1], "staff"]["waitingDays"] == 10
    assert report["compareWith"] == "2021-03-30" and report["totalsWere"]["placed"] == 3
    assert "placed" in report["moved"] and "organisations" not in report["moved"]
    for day in ("2021-03-31", "2021-04-01"):
        with pytest.raises(Problem) as refused:
            scene.get("roadmaps", as_of="2021-03-31", compare_with=day)
        assert refused.value.fields == ["compareWith"]


def test_pages_keep_their_totals(scene):
    """S1.27: organisations stay whole; totals are of the whole report on each page."""
    whole = scene.get("roadmaps", as_of="2021-03-31", compare_with="2021-03-20")
    rows, after, pages = [], "", 0
    while True:
        page = scene.get("roadmaps", as_of="2021-03-31", compare_with="2021-03-20", limit=3, after_path=after)
        assert page["totals"] == whole["totals"] and page["totalsWere"] == whole["totalsWere"]
        rows += page["rows"]
        pages += 1
        after = page["nextAfterPath"]
        if not after:
            break
    assert rows == whole["rows"] and pages == 2
    second = scene.get("roadmaps", municipality_id=scene.region.ids[scene.region.municipalities[1].code])
    assert {row["path"] for row in second["rows"]} == set(scene.schools[2:])
    assert second["totals"]["organisations"] == 2


def test_everybody_sees_the_own_territory(scene):
    """S1.6, S1.39: a municipality its schools, a curator the bound ones, an operator all; a respondent nothing."""
    assert {row["path"] for row in scene.get("roadmaps", scene.municipal)["rows"]} == set(scene.schools[2:])
    for report in ("roadmaps", "measures", "roadmap"):
        assert scene.ask(report, scene.respondents[0]).status == 403
    mine = scene.get("roadmaps", scene.curator)
    assert {row["path"] for row in mine["rows"]} == set(scene.schools[:2])
    assert mine["totals"]["organisations"] == 2
    asked = scene.get("measures", scene.curator, by_municipality="true")
    assert asked["totals"]["asked"] == 6
    assert {row["municipalityName"] for row in asked["municipalities"]} == {scene.region.municipalities[0].name}
    road = scene.get("roadmap", scene.curator)
    assert road["organisations"] == 2
    other = scene.ask("roadmap", scene.curator, organisation_id=scene.region.ids[scene.schools[2]])
    assert other.status == 404
    assert scene.get("roadmaps", scene.operator)["totals"]["organisations"] == 4
    stranger = scene.world.coordinator(scene.world.region(municipalities=1, schools=1).code)
    assert scene.ask("roadmaps", stranger).status == 404


def test_levels_add_up(scene):
    """S1.3: a municipality's sums are part of the region's, and those of the federation's; each level sees its own."""
    world = scene.world
    federal = world.coordinator("*")
    names = ("organisations", "measuresTotal", "measuresStarted", "measuresFinished", "placed", "accepted", "returned", "waiting")
    first = scene.get("roadmaps", as_of="2021-03-31", municipality_id=scene.region.ids[scene.region.municipalities[0].code])
    below = [first["totals"], scene.get("roadmaps", scene.municipal, as_of="2021-03-31")["totals"]]
    for reader in (scene.coordinator, federal):
        whole = scene.get("roadmaps", reader, as_of="2021-03-31")["totals"]
        assert shown(whole, *names) == [sum(totals[name] for totals in below) for name in names]
    assert all(totals["organisations"] == 2 for totals in below)
    other = world.region(municipalities=1, schools=1)
    stranger = world.open_round(other, organisations=1)["roundId"]

    def rounds_of(reader):
        return {one["roundId"] for one in reader.get("/api/v1/reports/rounds")["rounds"]}
    eventually(lambda: stranger in rounds_of(federal), 20, what="the other region's round")
    assert stranger not in rounds_of(scene.coordinator)


def test_measures_by_section_and_municipality(scene):
    """S1.16, S1.28, S1.32: section by measure, the states add up; each municipality by itself."""
    report = scene.get("measures", as_of="2021-03-31", by_municipality="true", compare_with="2021-03-30")
    assert [(row["sectionCode"], row["itemCode"]) for row in report["rows"]] == [
        ("equipment", "plan"), ("equipment", "report"), ("staff", "training")]
    names = ("asked", "notStarted", "inWork", "waiting", "accepted", "returned", "percent")
    plan, returned, training = (row["figures"] for row in report["rows"])
    assert shown(plan, *names) == [4, 1, 1, 1, 1, 0, "25.00"]
    assert shown(returned, *names) == [4, 3, 0, 0, 0, 1, "0.00"]
    assert shown(training, *names) == [4, 3, 0, 1, 0, 0, "0.00"]
    assert shown(report["totals"], *names) == [12, 7, 1, 2, 1, 1, "8.33"]
    assert report["rows"][0]["was"]["waiting"] == 0
    assert report["rows"][0]["moved"] == ["not_started", "waiting"] and report["rows"][1]["moved"] == []
    parts = [row for row in report["municipalities"] if row["itemCode"] == "plan"]
    assert [(row["municipalityName"], *shown(row["figures"], "asked", "inWork", "waiting", "accepted"))
            for row in parts] == [(scene.region.municipalities[0].name, 2, 1, 0, 1),
                                  (scene.region.municipalities[1].name, 2, 0, 1, 0)]
    assert parts[1]["moved"] == ["not_started", "waiting"]
    only = scene.get("measures", by_municipality="true", section_code="staff")
    assert {row["itemCode"] for row in only["municipalities"]} == {"training"} and len(only["rows"]) == 3


def test_a_draft_is_only_known_to_exist(scene):
    """S2.37, S2.57: nothing of it but that the work has begun."""
    for report in ("roadmaps", "measures", "roadmap"):
        assert '"17"' not in scene.ask(report).body.decode()


def test_the_slice_of_a_day_never_changes(scene, own_world):
    """S1.25, S1.26, S1.37: asked again after everything has changed, it is byte for byte the same."""
    world = own_world
    asked = [("roadmaps", {"as_of": "2021-03-31"}), ("roadmaps", {"as_of": "2021-03-31", "compare_with": "2021-03-20"}),
             ("measures", {"as_of": "2021-03-31", "by_municipality": "true", "compare_with": "2021-03-30"}),
             ("roadmap", {"as_of": "2021-03-31"}), ("activity", {"to_on": "2021-03-31"})]
    before = [scene.ask(report, **query).body for report, query in asked]
    now = [scene.ask(report, **{name: value for name, value in query.items() if name != "as_of" and name != "to_on"})
           for report, query in asked]
    assert all(len(body) > 500 for body in before)
    change_everything(scene, world)
    assert [scene.ask(report, **query).body for report, query in asked] == before
    # That everything has changed is seen in the reports of today.
    for (report, query), old in zip(asked, now):
        query = {name: value for name, value in query.items() if name not in ("as_of", "to_on")}
        assert scene.ask(report, **query).body != old.body, report


def change_everything(scene, world):
    for school in (1, 2):
        code = "training" if school == 1 else "plan"
        respondent = scene.respondents[school]
        waiting = world.assignment(respondent, code, scene.round_id)
        world.accept(scene.operator, waiting)
        world.wait_state(respondent, waiting, "accepted")
    returned = world.assignment(scene.respondents[0], "report", scene.round_id)
    world.submit(scene.respondents[0], world.save(scene.respondents[0], returned, "8"))
    scene.send(3, "training")
    names = [{"code": code, "parent_code": code.rpartition(".")[0], "kind": "school", "short_name": f"Лицей {number}",
              "inn": inn(500 + number), "valid_from": "2021-04-02"} for number, code in enumerate(scene.schools)]
    assert world.import_organisations(names)["applied"]
    retitled = [{**section, "title": "Новое название: " + section["title"],
                 "items": [{**one, "question": "Новый вопрос"} for one in section["items"]]} for section in SECTIONS]
    body = {"title": "Новое название", "zone": scene.region.zone, "organisationCode": scene.region.code,
            "sections": retitled}
    assert world.administrator.put("/api/v1/programmes/{code}", body, code=scene.programme)["applied"]
    seen = world.administrator.get("/api/v1/rounds/{id}", id=scene.round_id)
    world.administrator.ask("PATCH", "/api/v1/rounds/{id}", {"dueOn": "2021-04-03"}, id=scene.round_id,
                            version=seen.get("version"))
    scene.curator.save_profile({**PROFILE, "familyName": "Новофамильная"})
    scene.coordinator.save_profile({**PROFILE, "familyName": "Переименованная"})
    world.bind(scene.curator, scene.schools[2:3])
    world.curator(scene.region.authorities[0], scene.schools[:1], {"familyName": "Второва"})
    world.coordinator(scene.region.authorities[0])
    scene.settle()


def test_activity_of_those_who_watch(scene):
    """S1.30, S1.23: last visit, visits, looks at reports in the period, how soon curators answer, and what waits."""
    report = scene.get("activity", from_on="2021-03-20", to_on="2021-03-31")
    rows = {row["accountId"]: row for row in report["rows"]}
    region, municipal = rows[scene.coordinator.account_id], rows[scene.municipal.account_id]
    curator = rows[scene.curator.account_id]
    assert (region["role"], region["waiting"], region["waitingDays"]) == ("coordinator", 2, 11)
    assert (municipal["waiting"], municipal["path"]) == (1, scene.region.municipalities[1].code)
    assert (curator["role"], curator["schools"], curator["waiting"]) == ("curator", 2, 1)
    assert curator["name"] == "Кураторова Анна Петровна"
    assert (curator["answered"], region["answered"], municipal["answered"]) == (2, 0, 0)
    assert region["visits"] >= 2 and region["lastVisitAt"].startswith("2021-03-31") and region["reportViews"] == 0
    later = {row["accountId"]: row for row in scene.get("activity", from_on="2021-04-01")["rows"]}
    # Pages and refreshes within a minute are one look at a report.
    assert 3 <= later[scene.coordinator.account_id]["reportViews"] <= 8
    assert later[scene.coordinator.account_id]["lastVisitAt"].startswith("2021-04-02")
    own = [row["accountId"] for row in scene.get("activity", scene.municipal)["rows"]]
    assert scene.coordinator.account_id not in own and scene.municipal.account_id in own
    assert scene.ask("activity", scene.curator).status == 403
    pages = [scene.get("activity", limit=1, role="coordinator")]
    while pages[-1]["nextAfterAccountId"]:
        pages.append(scene.get("activity", limit=1, role="coordinator",
                               after_account_id=pages[-1]["nextAfterAccountId"]))
    whole = scene.get("activity", role="coordinator")["rows"]
    assert [page["rows"][0]["accountId"] for page in pages] == [row["accountId"] for row in whole]
    for query, field in (({"role": "operator"}, "role"), ({"from_on": "2021-04-03"}, "fromOn")):
        with pytest.raises(Problem) as refused:
            scene.get("activity", **query)
        assert refused.value.fields == [field]


def test_readings_of_names_are_in_the_audit(scene):
    """S1.30: whoever is shown names of curators and coordinators is written down."""
    for act in ("roadmaps_report_read", "activity_report_read"):
        records = eventually(lambda wanted=act: scene.world.administrator.get(
            "/api/v1/audit", query={"act": wanted})["records"], 15, what=act)
        assert scene.coordinator.login_name in [record["actorLogin"] for record in records]


def test_reminders_of_those_who_watch(scene):
    """S1.30, S1.35: what a coordinator writes to those below, or passes on to them, is counted in the period."""
    def reminders():
        scene.world.wait_until_heard("reporting", "deadlines")
        rows = scene.get("activity", from_on="2021-04-01")["rows"]
        return [one["reminders"] for who in (scene.coordinator, scene.municipal) for one in rows
                if one["accountId"] == who.account_id]
    assert reminders() == [0, 0]
    made = scene.coordinator.post("/api/v1/messages", {"content": {
        "kind": "announcement", "subject": "Напоминание", "text": "Внесите данные.", "levels": ["municipality"]}})
    sent = scene.coordinator.post("/api/v1/messages/{id}:send", id=made["messageId"], version=made["version"])
    assert reminders() == [1, 0]
    eventually(lambda: scene.municipal.ask("GET", "/api/v1/messages/{id}", id=sent["messageId"]).status == 200, 15)
    scene.municipal.post("/api/v1/messages/{id}:passOn", {"levels": ["school"]}, id=sent["messageId"])
    assert reminders() == [1, 1]
    before = {one["accountId"]: one["reminders"] for one in scene.get("activity", to_on="2021-03-31")["rows"]}
    assert before[scene.coordinator.account_id] == 0


def test_how_soon_curators_answer(scene):
    """S1.23, S1.30: verdicts on what the schools bound have sent, and the usual time from the sending to them."""
    world = scene.world

    def judge(school, assignment):
        world.accept(scene.operator, assignment)
        world.wait_state(scene.respondents[school], assignment, "accepted")

    def answers():
        scene.settle()
        rows = scene.get("activity", from_on="2021-04-02", role="curator")["rows"]
        return {row["name"].split()[0]: (row["answered"], row["medianAnswerHours"]) for row in rows}
    # The third school's plan was sent on 31 March and accepted on 2 April at the same hour.
    assert answers() == {"Новофамильная": (1, 48), "Второва": (0, 0)}
    judge(0, world.assignment(scene.respondents[0], "report", scene.round_id))
    assert answers() == {"Новофамильная": (1, 48), "Второва": (1, 0)}
    judge(2, scene.send(2, "training"))
    assert answers() == {"Новофамильная": (2, 24), "Второва": (1, 0)}
