"""Who is reminded of which due date is the programme's rule: in one letter a day, on working days, upwards, each once
(S2.3, S2.4, S3.20)."""
import datetime
import zoneinfo

import pytest

import smtp
from builders import item
from vekha_client import Problem
from waiting import eventually, never

ZONE = zoneinfo.ZoneInfo("Asia/Yekaterinburg")
RULES = {"steps": [{"to": "respondent", "daysBefore": 3, "inWorkingDays": True}, {"to": "respondent"},
                   {"to": "municipality", "daysAfter": 1, "inWorkingDays": True},
                   {"to": "region", "daysAfter": 3, "inWorkingDays": True}],
         "quietFrom": 21, "quietUntil": 8, "onDayOff": "move"}
SECTIONS = [{"code": "usual", "title": "Обычный", "items": [item("usual"), item("second")]},
            {"code": "past", "title": "Уже прошёл", "due": {"kind": "exact", "on": "2026-10-09"}, "items": [item("past")]},
            {"code": "near", "title": "Совсем скоро", "due": {"kind": "exact", "on": "2026-10-20"}, "items": [item("near")]}]


class Scene:
    """Monday, 19.10.2026; the round ends on Sunday, 08.11.2026, in the week of a holiday. Two replicas are at it."""

    def __init__(self, stack, world):
        self.stack, self.world, self.people = stack, world, [world.administrator]
        stack.configure("--replicas", "deadlines=2")
        self.move_to(19, 10, month=10)
        self.region = world.region(municipalities=1, schools=2)
        self.school = self.person("respondent", self.region.schools[0], {"email": "school-one@demo.example"})
        self.near = self.person("coordinator", self.region.authorities[0], {"email": "near@demo.example"})
        self.above = self.person("coordinator", self.region.code, {"email": "above@demo.example"})
        world.wait_for_organisations(self.region)
        world.wait_until_heard("deadlines", "auth")
        self.programme = world.programme(self.region, sections=SECTIONS, reminders=RULES)
        self.round_id = self.open("Осень 2026", 20)

    def open(self, name, due_in):
        made = self.world.round(self.programme, self.region, due_in=due_in, closed_in=60, name=name)
        return self.world.wait_open(made["roundId"], len(self.region.schools))["roundId"]

    def person(self, role, code, profile=None):
        self.people.append(self.world.person(role, code, profile))
        return self.people[-1]

    def move_to(self, day, hour, minute=0, month=11):
        self.stack.set_clock(datetime.datetime(2026, month, day, hour, minute, tzinfo=ZONE))
        for person in self.people:
            person.login(person.account["login"], person.password)

    def told(self, person):
        """Newest first."""
        return person.get("/api/v1/notifications", query={"limit": 200})["notifications"]

    def wait_told(self, person, count):
        return eventually(lambda: len(found := self.told(person)) == count and found, 15, what=f"{count} notices")[0]

    def wait_quiet(self):
        """Every timer whose moment has come has been taken, and every word said or put off."""
        def done():
            now = self.stack.now()
            return not self.stack.value(
                "deadlines", "SELECT (SELECT count(*) FROM timer WHERE state = 'waiting' AND fires_at <= %s)"
                " + (SELECT count(*) FROM reminder_word WHERE look_at <= %s)", now, now)
        eventually(done, 15, what="nothing is left to say")

    def letters(self, address):
        return [row["subject"] for row in self.stack.rows(
            "deadlines", "SELECT subject FROM mail WHERE address = %s AND cause LIKE 'due:%%' ORDER BY written_at, mail_id",
            address)]


@pytest.fixture(scope="module")
def scene(own_stack, own_world):
    return Scene(own_stack, own_world)


def test_asked_too_late_it_is_said_at_once(scene):
    """S3.20: a day that is past when asked, and one whose reminders would have come before, in one notice."""
    scene.move_to(19, 10, 5, month=10)
    notice = scene.wait_told(scene.school, 1)
    assert notice["title"] == "Сроки показателей: просрочено 1, впереди 1" and notice["kind"] == "overdue"
    assert notice["text"] == (
        "МБОУ «СОШ № 1» 1\n— Срок прошёл 09.10.2026: Осень 2026, 1 показатель.\n"
        "— Остался 1 день, срок 20.10.2026: Осень 2026, 1 показатель.\n"
        "Срок дня — до 23:59:59 по екатеринбургскому времени (UTC+5).\nЗаполните показатели и отправьте их на проверку.")
    assert notice["items"] == 2
    letter = eventually(lambda: scene.stack.mails("school@demo.example"), 15, what="the letter of who has no account")
    assert "МБОУ «СОШ № 2» 1" in smtp.text_of(letter[0])


def test_one_letter_a_day(scene):
    """What comes up later in the day is told with what the next morning brings; nobody above yet, but for what was
    past: of that the municipality hears the working day after it was asked."""
    scene.open("Срочно", 2)
    scene.world.wait_until_heard("deadlines", "submissions")
    scene.move_to(19, 10, 30, month=10)
    scene.wait_quiet()
    assert len(scene.told(scene.school)) == 1
    scene.move_to(20, 8, 59, month=10)
    never(lambda: len(scene.told(scene.school)) != 1 or scene.told(scene.near), 1.5, what="a notice before its hour")
    scene.move_to(20, 9, 1, month=10)
    notice = scene.wait_told(scene.school, 2)
    assert notice["title"] == "Сроки показателей: просрочено 1, сегодня 2, впереди 2"
    assert "— Остался 1 день, срок 21.10.2026: Срочно, 2 показателя. Напоминание за 19.10.2026." in notice["text"]
    assert scene.letters("school-one@demo.example") == ["Сроки показателей: просрочено 1, впереди 1", notice["title"]]
    below = scene.wait_told(scene.near, 1)
    assert below["title"] == "Сроки показателей: просрочено 4" and below["kind"] == "overdue_below"
    assert "— МБОУ «СОШ № 1» 1: 1 показатель\n— МБОУ «СОШ № 2» 1: 1 показатель" in below["text"]


def test_working_days_and_days_off(scene):
    """Three working days before a Sunday, past a holiday; what falls on the Sunday itself comes on Friday."""
    scene.move_to(28, 10, month=10)
    scene.wait_quiet()
    for day, hour, title in [(3, 9, "Осталось 5 дней до срока: Осень 2026"), (6, 9, "Осталось 2 дня до срока: Осень 2026")]:
        before = len(scene.told(scene.school))
        scene.move_to(day, hour - 1, 59)
        scene.wait_quiet()
        assert len(scene.told(scene.school)) == before
        scene.move_to(day, hour, 1)
        notice = scene.wait_told(scene.school, before + 1)
        assert notice["title"] == title and notice["at"] == f"2026-11-{day:02d}T04:00:00.000Z"


def test_what_was_sent_meanwhile_is_not_told(scene):
    """One of two is sent before the day after: the municipality reads of what is left."""
    scene.world.send(scene.school, scene.world.assignment(scene.school, "usual", scene.round_id), "5")
    scene.world.wait_until_heard("deadlines", "submissions")
    before = len(scene.told(scene.near))
    scene.move_to(9, 9, 1)
    notice = scene.wait_told(scene.near, before + 1)
    assert notice["title"] == "Срок прошёл, данных нет у 2 организаций: Осень 2026"
    assert "— МБОУ «СОШ № 1» 1: 1 показатель\n— МБОУ «СОШ № 2» 1: 2 показателя" in notice["text"]


def test_down_on_the_day_it_is_told_late_with_its_true_date(scene):
    """The region's coordinator, days later and at night: in the morning, of the municipality as a whole."""
    before = len(scene.told(scene.above))
    scene.stack.stop("deadlines", "deadlines.2")
    scene.move_to(14, 22)
    scene.stack.start("deadlines", "deadlines.2")
    scene.wait_quiet()
    assert len(scene.told(scene.above)) == before
    scene.move_to(15, 9, 1)
    notice = scene.wait_told(scene.above, before + 1)
    assert notice["at"] == "2026-11-11T04:00:00.000Z"
    assert notice["text"].endswith("Напоминание за 11.11.2026.")
    assert f"— Район 1 {scene.region.code}, 2 организации: 3 показателя\n" in notice["text"]
    scene.stack.restart("deadlines", "deadlines.2")
    scene.wait_quiet()
    assert len(scene.told(scene.above)) == before + 1
    assert scene.letters("above@demo.example").count(notice["title"]) == 1


def test_a_day_of_the_calendar_that_changes_moves_what_has_not_come(scene):
    """Both replicas count by the calendar as the administrator has it now; what they changed is on record."""
    administrator = scene.world.administrator
    round_id = scene.open("Декабрь", 30)

    def moments():
        rows = scene.stack.rows("deadlines", "SELECT DISTINCT recipient, fires_at FROM timer WHERE round_id = %s AND due_on ="
                                " '2026-12-15' AND state = 'waiting' ORDER BY fires_at", round_id)
        return [(row["recipient"], row["fires_at"].astimezone(ZONE).strftime("%m-%d %H")) for row in rows]

    def change(day, kind, note=""):
        return administrator.put("/api/v1/calendarDays/{day}", {"kind": kind, "note": note}, day=day)
    usual = [("respondent", "12-10 09"), ("respondent", "12-15 09"), ("municipality", "12-16 09"), ("region", "12-18 09")]
    eventually(lambda: moments() == usual, 15, what="reminders of a Tuesday")
    before = administrator.get("/api/v1/calendar/{year}", year=2026)
    assert (before["workingDays"], len(before["days"]), before["firstYear"], before["lastYear"]) == (247, 365, 2019, 2040)
    assert [day["day"] for day in before["days"] if day["kind"] == "shortened"] == [
        "2026-04-30", "2026-05-08", "2026-06-11", "2026-11-03"]
    assert {"territory": scene.region.code, "name": f"Область {scene.region.code}", "zone": "Asia/Yekaterinburg",
            "minutesAhead": 300} in before["zones"]
    saved = change("2026-12-14", "day_off", "Перенос с 19 декабря")
    assert (saved["kind"], saved["changedBy"]) == ("day_off", "Иванова Анна Петровна")
    change("2026-12-16", "holiday")
    change("2026-12-19", "working", "Перенос на 14 декабря")
    # Friday, Thursday, Wednesday come before the Tuesday now; after it Thursday, Friday and that Saturday.
    moved = [("respondent", "12-09 09"), ("respondent", "12-15 09"), ("municipality", "12-17 09"), ("region", "12-19 09")]
    eventually(lambda: moments() == moved, 15, what="reminders by the new calendar")
    after = administrator.get("/api/v1/calendar/{year}", year=2026)
    assert after["workingDays"] == 246
    assert [(one["day"], one["previousKind"], one["kind"], one["note"]) for one in after["changes"]] == [
        ("2026-12-19", "day_off", "working", "Перенос на 14 декабря"), ("2026-12-16", "working", "holiday", ""),
        ("2026-12-14", "working", "day_off", "Перенос с 19 декабря")]
    record = eventually(lambda: administrator.get("/api/v1/audit", query={"act": "calendar_day_changed"})["records"], 15,
                        what="the audit's record")[-1]
    assert record["detail"] == "2026-12-14: working -> day_off Перенос с 19 декабря"
    assert record["actorAccountId"] == administrator.get("/api/v1/session")["accountId"]
    for day, kind, status in [("2026-12-14", "free", 422), ("2041-01-01", "working", 404), ("14.12.2026", "working", 422)]:
        with pytest.raises(Problem) as refused:
            change(day, kind)
        assert refused.value.status == status
    for day, kind in [("2026-12-14", "working"), ("2026-12-16", "working"), ("2026-12-19", "day_off")]:
        change(day, kind)
    eventually(lambda: moments() == usual, 15, what="reminders as they were")


def test_new_rules_hold_for_what_is_open(scene):
    """A programme loaded anew: reminders that have not come follow its rules, what was said is not said again."""
    later = scene.open("Зима", 40)

    def waiting(*steps):
        scene.world.administrator.put("/api/v1/programmes/{code}", {
            "title": "Программа", "zone": scene.region.zone, "organisationCode": scene.region.code,
            "sections": SECTIONS, "reminders": {"steps": list(steps)}}, code=scene.programme)
        scene.world.wait_until_heard("deadlines", "submissions")
        rows = scene.stack.rows("deadlines", "SELECT DISTINCT recipient, day_offset, fires_at FROM timer WHERE round_id ="
                                " %s AND state = 'waiting' AND due_on > '2026-12-01' ORDER BY fires_at, recipient", later)
        return [(row["recipient"], row["day_offset"], row["fires_at"].astimezone(ZONE).strftime("%m-%d %H"))
                for row in rows]
    # 40 days after the 15th of November: the 25th of December.
    assert waiting({"to": "respondent", "daysBefore": 7}, {"to": "region", "daysAfter": 2}) == [
        ("respondent", -7, "12-18 09"), ("region", 2, "12-27 09")]
    assert waiting({"to": "municipality"}) == [("municipality", 0, "12-25 09")]
    assert waiting() == []
    assert not scene.stack.value("deadlines", "SELECT count(*) FROM timer WHERE round_id = %s AND state = 'waiting'"
                                 " AND fires_at > %s", scene.round_id, scene.stack.now())


@pytest.mark.parametrize("reminders, field", [
    ({"steps": [{"to": "federation"}]}, "reminders.steps[0].to"),
    ({"steps": [{"to": "respondent", "daysBefore": 1, "daysAfter": 1}]}, "reminders.steps[0].daysAfter"),
    ({"steps": [{"to": "respondent", "inWorkingDays": True}]}, "reminders.steps[0].inWorkingDays"),
    ({"steps": [{"to": "region"}, {"to": "region"}]}, "reminders.steps[1].to"),
    ({"steps": [{"to": "region", "daysAfter": 61}]}, "reminders.steps[0].daysAfter"),
    ({"steps": [], "onDayOff": "skip"}, "reminders.onDayOff"),
    ({"steps": [], "quietFrom": 24}, "reminders.quietFrom")])
def test_what_a_programme_may_say(scene, reminders, field):
    with pytest.raises(Problem) as refused:
        scene.world.programme(scene.region, [item("one")], reminders=reminders)
    assert refused.value.fields == [field]
