"""The letter to the Leningrad municipalities, day by day: slice of 31.03, letter of 01.04, consultation of 02.04.2021
(S1.5, S1.34-S1.37)."""
import datetime
import zoneinfo
from types import SimpleNamespace

import pytest
from waiting import eventually

from stack import ROOT

MOSCOW = zoneinfo.ZoneInfo("Europe/Moscow")
MUNICIPALITY, AUTHORITY, SCHOOL = "47.01", "47.01.0001", "47.01.0002"
WAY = {"link": "https://conference.example/j/83445161203", "conferenceId": "834 4516 1203", "accessCode": "490-сектор"}


@pytest.fixture(scope="module")
def days(own_stack, own_world):
    world = own_world
    own_stack.set_clock(datetime.datetime(2021, 3, 31, 10, tzinfo=MOSCOW))
    world.administrator.login(world.administrator.account["login"], world.administrator.password)
    rows = (ROOT / "programmes" / "leningrad-organisations.csv").read_text()
    assert world.administrator.post("/api/v1/organisations:import", rows,
                                    headers={"Content-Type": "text/csv; charset=utf-8"})["applied"]
    people = SimpleNamespace(
        committee=world.coordinator("47", {"familyName": "Председателева"}),
        municipal=world.coordinator(AUTHORITY, {"familyName": "Районова", "email": "rayon@demo.example"}),
        authority=world.respondent(AUTHORITY, {"email": "mouo@demo.example"}),
        curator=world.curator("47", [SCHOOL], {"email": "kurator@demo.example"}),
        head=world.respondent(SCHOOL, {"email": "direktor@demo.example"}))
    world.wait_until_heard("deadlines", "auth")

    def move_to(*moment):
        own_stack.set_clock(datetime.datetime(*moment, tzinfo=MOSCOW))
        for person in (world.administrator, *vars(people).values()):
            person.login(person.account["login"], person.password)
    return SimpleNamespace(stack=own_stack, move_to=move_to, **vars(people))


def send(author, **content):
    made = author.post("/api/v1/messages", {"content": content})
    return author.post("/api/v1/messages/{id}:send", id=made["messageId"], version=made["version"])


def notices(reader, message, kind="message"):
    return [one for one in reader.get("/api/v1/notifications")["notifications"]
            if (one["kind"], one["messageId"]) == (kind, message["messageId"])]


def test_slice_letter_consultation(days):
    days.move_to(2021, 4, 1, 11)
    letter = send(
        days.committee, kind="letter", subject="О мероприятиях по реализации проекта «500+»", number="19-9105/2021",
        text="По состоянию на 31.03.2021 активированы не все направления рискового профиля.\n"
             "Прошу довести данную информацию до муниципальных координаторов, кураторов школ и руководителей "
             "образовательных организаций.",
        levels=["municipality", "authority"], asksAcknowledgement=True,
        signatoryName="С. В. Тарасов", signatoryPosition="Председатель комитета",
        links=[{"title": "Базовый отчёт на 31.03.2021", "address": "/reports/roadmaps?asOf=2021-03-31"}])
    assert (letter["content"]["number"], letter["content"]["datedOn"]) == ("19-9105/2021", "2021-04-01")
    told = eventually(lambda: notices(days.municipal, letter), 15, what="the municipal coordinator is told")[0]
    assert told["title"] == "Письмо от 01.04.2021 № 19-9105/2021: О мероприятиях по реализации проекта «500+»"
    eventually(lambda: notices(days.authority, letter), 15, what="the head of the authority is told")
    # The link goes to the slice of the day before, whoever follows it and whenever.
    assert days.municipal.get("/api/v1/messages/{id}", id=letter["messageId"])["content"]["links"] == \
        letter["content"]["links"]
    consultation = send(
        days.committee, kind="consultation", subject="Консультация по заполнению ИС МЭДК", text="Участие обязательно.",
        levels=["municipality"], startsOn="2021-04-02", startsTime="16:30", durationMinutes=90, connection=WAY)
    assert (consultation["zone"], consultation["startsAt"]) == ("Europe/Moscow", "2021-04-02T13:30:00.000Z")
    for message in (letter, consultation):
        days.municipal.post("/api/v1/messages/{id}:passOn", {"words": "К исполнению"}, id=message["messageId"])
    for reader in (days.curator, days.head):
        eventually(lambda who=reader: notices(who, letter) and notices(who, consultation), 15, what="all levels know")
        seen = reader.get("/api/v1/messages/{id}", id=consultation["messageId"])
        assert seen["content"]["connection"] == WAY and seen["passedWords"] == "К исполнению"
    tree = days.committee.get("/api/v1/messages/{id}/receipts", id=letter["messageId"])
    assert {one["level"]: one["addressed"] for one in tree["levels"]} == {
        "municipality": 1, "curator": 1, "authority": 1, "school": 1}

    check_reminders(days, consultation)


def check_reminders(days, consultation):
    """The day before and the hour before, each once; no e-mail has the way in."""
    assert not notices(days.head, consultation, "consultation_soon")
    days.move_to(2021, 4, 1, 16, 31)
    told = eventually(lambda: notices(days.head, consultation, "consultation_soon"), 15, what="the day before")
    assert [one["title"] for one in told] == ["Консультация завтра в 16:30: Консультация по заполнению ИС МЭДК"]
    assert "Начало: 02.04.2021 в 16:30 по московскому времени (UTC+3)." in told[0]["text"]
    days.move_to(2021, 4, 2, 15, 31)
    told = eventually(lambda: (lambda all_of: len(all_of) == 2 and all_of)(
        notices(days.head, consultation, "consultation_soon")), 15, what="the hour before")
    assert told[0]["title"] == "Консультация через час: Консультация по заполнению ИС МЭДК"
    days.move_to(2021, 4, 2, 16, 0)
    assert days.stack.value("deadlines", "SELECT count(*) FROM message_timer") == 0
    mails = eventually(lambda: (lambda all_of: len(all_of) == 2 and all_of)(days.stack.rows(
        "deadlines", "SELECT subject, body FROM mail WHERE address = 'direktor@demo.example' AND cause LIKE %s",
        f"message:{consultation['messageId']}:%before")), 15, what="two letters")
    for mail in days.stack.rows("deadlines", "SELECT subject, body FROM mail"):
        for secret in WAY.values():
            assert secret not in mail["subject"] + mail["body"]
    assert len(mails) == 2


def test_a_reminder_that_comes_too_late_says_nothing(days):
    """The system stood still over both moments: after the beginning nobody is reminded; between them only once."""
    consultation = send(
        days.committee, kind="consultation", subject="Ещё одна", text="Повтор.", levels=["municipality"],
        startsOn="2021-04-09", startsTime="10:00", durationMinutes=30, connection=WAY)
    late = send(
        days.committee, kind="consultation", subject="Другая", text="Повтор.", levels=["municipality"],
        startsOn="2021-04-09", startsTime="12:00", durationMinutes=30, connection=WAY)
    eventually(lambda: notices(days.municipal, late), 15, what="the invitation")
    days.stack.stop("deadlines")
    days.move_to(2021, 4, 9, 11, 30)
    days.stack.start("deadlines")
    told = eventually(lambda: notices(days.municipal, late, "consultation_soon"), 20, what="the one to come")
    assert [one["title"] for one in told] == ["Консультация через час: Другая"]
    assert not notices(days.municipal, consultation, "consultation_soon")
