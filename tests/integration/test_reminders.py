"""Reminders before and on the due day, overdue notices, in the region's zone, each once (S2.3, S2.4, S2.50, F13)."""
import datetime
import zoneinfo

import pytest

import smtp
from builders import item
from vekha_client import Problem
from waiting import eventually, never

ZONE = zoneinfo.ZoneInfo("Asia/Yekaterinburg")


class Scene:
    """Two municipalities with two schools each; the first school has a respondent, the others only an address."""

    def __init__(self, stack, world):
        self.stack, self.world = stack, world
        self.people = [world.administrator]
        stack.set_clock("2026-09-10T10:00:00+05:00")
        self.log_in()
        self.region = world.region(municipalities=2, schools=2)
        self.coordinators = [world.coordinator(code, {"email": f"mouo{number}@demo.example"})
                             for number, code in enumerate(self.region.authorities)]
        self.respondent = world.respondent(self.region.schools[0], {"email": "first@demo.example"})
        self.round = world.open_round(self.region, [item("one"), item("two")], organisations=4, due_in=15,
                                      closed_in=30, name="Сентябрь 2026")
        self.round_id = self.round["roundId"]
        self.people += [*self.coordinators, self.respondent]

    def log_in(self):
        """Sessions do not outlive days."""
        for person in self.people:
            person.login(person.account["login"], person.password)

    def timers(self, state):
        return self.stack.value("deadlines", "SELECT count(*) FROM timer WHERE round_id = %s AND state = %s",
                                self.round_id, state)

    def at(self, day, hour, minute=0):
        self.move_to(datetime.datetime(2026, 9, day, hour, minute, tzinfo=ZONE))

    def move_to(self, moment):
        self.stack.set_clock(moment)
        self.log_in()

    def notices(self, client, kind):
        listed = client.get("/api/v1/notifications", query={"limit": 200})["notifications"]
        return [one for one in listed if one["kind"] == kind and one.get("roundId") == self.round_id]

    def wait_notice(self, client, kind, count=1):
        def come():
            found = self.notices(client, kind)
            return found if len(found) == count else None
        return eventually(come, 15, what=f"{count} of {kind}")

    def wait_quiet(self):
        """All timers whose moment has come have been looked at."""
        eventually(lambda: self.stack.value(
            "deadlines", "SELECT count(*) FROM timer WHERE state = 'waiting' AND fires_at <= %s", self.stack.now()) == 0,
            15, what="due timers are done")

    def mails(self, to, subject_part):
        return [mail for mail in self.stack.mails(to) if subject_part in mail["Subject"]]


@pytest.fixture(scope="module")
def scene(own_stack, own_world):
    made = Scene(own_stack, own_world)
    # Four organisations with four timers each, and one for their coordinators.
    eventually(lambda: made.timers("waiting") == 20, 15, what="timers are set")
    return made


def test_nothing_before_nine_three_days_before(scene):
    """F13: 09:00 in the region's zone, not in UTC."""
    scene.at(22, 8, 59)
    scene.wait_quiet()
    never(lambda: scene.notices(scene.respondent, "due_soon"), 1.5, what="a reminder before its hour")


def test_three_days_before(scene):
    """S2.4: in the list and by mail, with what is missing and until when."""
    scene.at(22, 9, 1)
    notice = scene.wait_notice(scene.respondent, "due_soon")[0]
    assert notice["title"] == "Осталось 3 дня до срока: Сентябрь 2026"
    assert "Не отправлено 2 показателя. Срок — 25.09.2026, 23:59:59 по екатеринбургскому времени (UTC+5)." \
        in notice["text"]
    assert (notice["at"], notice["items"], notice["read"]) == ("2026-09-22T04:00:00.000Z", 2, False)
    mail = eventually(lambda: scene.mails("first@demo.example", "Осталось 3 дня"), 15, what="the letter")[0]
    assert mail["Subject"] == "Осталось 3 дня до срока: Сентябрь 2026"
    assert "Не отправлено 2 показателя" in smtp.text_of(mail)
    assert mail["Message-ID"].endswith("@localhost.localdomain>") and mail["Auto-Submitted"] == "auto-generated"
    assert mail["From"].addresses[0].display_name == "Мониторинг образования"


def test_without_a_profile_the_organisation_gets_the_letter(scene):
    """S2.13, S2.62: three schools share one address here; each gets a letter of its own."""
    letters = eventually(lambda: len(found := scene.mails("school@demo.example", "Осталось 3 дня")) == 3 and found, 15,
                         what="letters to schools without a respondent")
    schools = scene.stack.rows("deadlines", "SELECT short_name FROM organisation_version WHERE path = ANY (%s)",
                               scene.region.schools[1:])
    for school in schools:
        assert any(school["short_name"] in smtp.text_of(letter) for letter in letters)


def test_sent_once_with_two_replicas_and_a_restart(scene):
    """However many replicas: no second notice, no second letter."""
    scene.stack.configure("--replicas", "deadlines=2")
    scene.stack.restart("deadlines")
    scene.wait_quiet()
    never(lambda: len(scene.notices(scene.respondent, "due_soon")) != 1, 1.5, what="a second notice")
    assert len(scene.mails("first@demo.example", "Осталось 3 дня")) == 1
    assert len({mail["Message-ID"] for mail in scene.stack.mails()}) == len(scene.stack.mails())


def test_nobody_is_told_when_nothing_is_outstanding(scene):
    """What is sent needs no reminder; what was taken back does again."""
    world, respondent = scene.world, scene.respondent
    for code in ("one", "two"):
        world.send(respondent, world.assignment(respondent, code, scene.round_id), "5")
    eventually(lambda: scene.stack.value(
        "deadlines", "SELECT count(*) FROM assignment WHERE round_id = %s AND NOT outstanding", scene.round_id) == 2)
    scene.at(24, 9, 1)
    eventually(lambda: len(scene.mails("school@demo.example", "Остался 1 день")) == 3, 15, what="the others' letters")
    assert len(scene.notices(respondent, "due_soon")) == 1
    assert not scene.mails("first@demo.example", "Остался 1 день")
    entry = world.fresh(respondent, world.assignment(respondent, "one", scene.round_id))
    respondent.post("/api/v1/assignments/{id}:withdraw", id=entry["assignmentId"], version=entry["version"])
    eventually(lambda: scene.stack.value(
        "deadlines", "SELECT count(*) FROM assignment WHERE round_id = %s AND NOT outstanding", scene.round_id) == 1)


def letters_to(scene, address, title):
    """However far they are: the letter is written with its notice."""
    return scene.stack.value("deadlines", "SELECT count(*) FROM mail WHERE address = %s AND starts_with(subject, %s)",
                             address, title)


def refuse_letters(client, kind):
    client.put("/api/v1/notificationSettings", {"choices": [{"kind": kind, "byMail": False}]})


def test_on_the_due_day(scene):
    """The notice comes; its letter does not to who wants none, and the others' letters do."""
    refuse_letters(scene.respondent, "due_today")
    scene.at(25, 9, 1)
    notice = scene.wait_notice(scene.respondent, "due_today")[0]
    assert notice["title"] == "Срок сегодня: Сентябрь 2026" and notice["items"] == 1
    assert "Не отправлен 1 показатель." in notice["text"]
    assert letters_to(scene, "first@demo.example", "Срок сегодня") == 0
    assert letters_to(scene, "school@demo.example", "Срок сегодня") == 3


def test_overdue_reaches_respondent_and_coordinator(scene):
    """S2.50: the day after; one notice per municipality with the list of organisations."""
    refuse_letters(scene.coordinators[1], "overdue_below")
    scene.at(26, 9, 1)
    overdue = scene.wait_notice(scene.respondent, "overdue")[0]
    assert overdue["title"] == "Срок прошёл: Сентябрь 2026" and overdue["at"] == "2026-09-26T04:00:00.000Z"
    first, second = [scene.wait_notice(client, "overdue_below")[0] for client in scene.coordinators]
    assert first["title"] == "Срок прошёл, данных нет у 2 организаций: Сентябрь 2026"
    assert "— МБОУ «СОШ № 1» 1: 1 показатель\n— МБОУ «СОШ № 2» 1: 2 показателя" in first["text"]
    assert "— МБОУ «СОШ № 1» 2: 2 показателя" in second["text"] and "» 1:" not in second["text"]
    assert (first["items"], second["items"]) == (3, 4)
    letter = eventually(lambda: scene.mails("mouo0@demo.example", "Срок прошёл"), 15, what="the coordinator's letter")
    assert len(letter) == 1 and "СОШ № 2" in smtp.text_of(letter[0])
    assert letters_to(scene, "mouo1@demo.example", "Срок прошёл") == 0
    assert letters_to(scene, "first@demo.example", "Срок прошёл") == 1
    never(lambda: len(scene.notices(scene.coordinators[0], "overdue_below")) != 1, 1.0, what="a second notice")


def test_a_moved_due_date_moves_what_has_not_fired(scene):
    """F2: the new date is reminded of; what has been said for the old one is not said again."""
    world = scene.world
    now = world.administrator.get("/api/v1/rounds/{id}", id=scene.round_id)
    world.administrator.patch("/api/v1/rounds/{id}", {"dueOn": "2026-09-30"}, id=scene.round_id,
                              version=now["version"])
    # Three days before the new date is tomorrow, one day, the day itself, and the day after, then also for the coordinators: of four.
    eventually(lambda: scene.timers("waiting") == 20, 15, what="timers follow")
    assert len(scene.notices(scene.respondent, "overdue")) == 1
    scene.at(27, 9, 1)
    notices = scene.wait_notice(scene.respondent, "due_soon", 2)
    assert "30.09.2026" in notices[0]["text"] and "25.09.2026" in notices[1]["text"]
    now = world.administrator.get("/api/v1/rounds/{id}", id=scene.round_id)
    world.administrator.patch("/api/v1/rounds/{id}", {"dueOn": "2026-10-01"}, id=scene.round_id,
                              version=now["version"])
    now = world.administrator.get("/api/v1/rounds/{id}", id=scene.round_id)
    world.administrator.patch("/api/v1/rounds/{id}", {"dueOn": "2026-09-30"}, id=scene.round_id,
                              version=now["version"])
    eventually(lambda: scene.stack.value(
        "deadlines", "SELECT count(*) FROM timer WHERE round_id = %s AND state = 'waiting' AND due_on = '2026-09-30'",
        scene.round_id) == 16, 15, what="timers of the old new date")
    scene.wait_quiet()
    never(lambda: len(scene.notices(scene.respondent, "due_soon")) != 2, 1.0, what="a doubled reminder")


def test_after_downtime_late_once_and_with_the_true_date(scene):
    """Down over three moments: one notice, the last, as of its own moment."""
    scene.stack.stop("deadlines", "deadlines.2")
    scene.move_to(datetime.datetime(2026, 10, 5, 15, 0, tzinfo=ZONE))
    scene.stack.start("deadlines", "deadlines.2")
    overdue = scene.wait_notice(scene.respondent, "overdue", 2)
    assert overdue[0]["at"] == "2026-10-01T04:00:00.000Z"
    assert len(scene.notices(scene.respondent, "due_today")) == 1
    assert len(scene.notices(scene.respondent, "due_soon")) == 2
    assert scene.timers("waiting") == 0


def test_notifications_are_read_by_their_owner(scene):
    """The list is the account's own; others' notifications do not exist."""
    listed = scene.respondent.get("/api/v1/notifications", query={"limit": 1})
    newest = listed["notifications"][0]
    unread = listed["unread"]
    rest = scene.respondent.get("/api/v1/notifications", query={
        "limit": 200, "before_at": newest["at"], "before_notification_id": newest["notificationId"]})["notifications"]
    assert newest["notificationId"] not in [one["notificationId"] for one in rest] and len(rest) == unread - 1
    with pytest.raises(Problem) as refused:
        scene.coordinators[0].post("/api/v1/notifications/{id}:read", id=newest["notificationId"])
    assert refused.value.status == 404
    scene.respondent.post("/api/v1/notifications/{id}:read", id=newest["notificationId"])
    scene.respondent.post("/api/v1/notifications/{id}:read", id=newest["notificationId"])
    after = scene.respondent.get("/api/v1/notifications", query={"unread_only": "true", "limit": 200})
    assert after["unread"] == unread - 1
    assert newest["notificationId"] not in [one["notificationId"] for one in after["notifications"]]
