"""What waits too long for a verdict is told to who judges it, then upwards: on working days, in one digest a day (S1.23)."""
import datetime
import zoneinfo

import pytest

import smtp
from builders import item
from vekha_client import Problem
from waiting import eventually, never

ZONE = zoneinfo.ZoneInfo("Asia/Yekaterinburg")
ITEMS = [item(f"item-{number}") for number in range(5)]
ANSWERING = {"steps": [{"to": "reviewer", "afterWorkingDays": 3}, {"to": "municipality", "afterWorkingDays": 5},
                       {"to": "region", "afterWorkingDays": 8}], "quietFrom": 21, "quietUntil": 8}


class Scene:
    """Friday, 30.10.2026, before a Wednesday that is a holiday. Two replicas are at it all the time."""

    def __init__(self, stack, world):
        self.stack, self.world, self.people = stack, world, [world.administrator]
        stack.configure("--replicas", "deadlines=2")
        self.move_to(30, 10, month=10)
        self.region = world.region(municipalities=2, schools=2)
        self.schools = [self.person("respondent", code) for code in self.region.schools]
        self.curator = world.curator(self.region.code, self.region.schools, {"email": "curator@demo.example"})
        self.people.append(self.curator)
        self.near, self.far = [self.person("coordinator", code, {"email": f"mouo{number}@demo.example"})
                               for number, code in enumerate(self.region.authorities)]
        self.above = self.person("coordinator", self.region.code, {"email": "region@demo.example"})
        self.operator = self.person("operator", self.region.code, {"email": "operator@demo.example"})
        world.wait_for_organisations(self.region)
        self.programme = world.programme(self.region, ITEMS, reviewer="curator", answering=ANSWERING)
        self.curated = self.open(self.programme)
        self.judged = self.open(world.programme(self.region, ITEMS, answering={"steps": ANSWERING["steps"][:1]}))

    def open(self, programme):
        made = self.world.round(programme, self.region, due_in=60, closed_in=90, name="Осень 2026")
        return self.world.wait_open(made["roundId"], len(self.schools))["roundId"]

    def person(self, role, code, profile=None):
        self.people.append(self.world.person(role, code, profile))
        return self.people[-1]

    def move_to(self, day, hour, minute=0, month=11):
        self.stack.set_clock(datetime.datetime(2026, month, day, hour, minute, tzinfo=ZONE))
        for person in self.people:
            person.login(person.account["login"], person.password)

    def send(self, school, number, round_id=None):
        return self.world.send(school, self.world.assignment(school, f"item-{number}", round_id or self.curated), "7")

    def told(self, person):
        """Digests, newest first."""
        return [one for one in person.get("/api/v1/notifications", query={"limit": 200})["notifications"]
                if one["kind"] == "unanswered"]

    def wait_told(self, person, count=1):
        def come():
            found = self.told(person)
            return found if len(found) == count else None
        return eventually(come, 15, what=f"{count} digests")

    def wait_heard(self):
        for service in ("submissions", "deadlines"):
            self.world.wait_until_heard(service, "review")
        self.world.wait_until_heard("deadlines", "submissions")

    def wait_taken(self):
        """All steps whose moment has come have been taken."""
        eventually(lambda: self.stack.value("deadlines", "SELECT count(*) FROM waiting_answer WHERE next_at <= %s",
                                            self.stack.now()) == 0, 15, what="steps are taken")

    def letters(self, address):
        """As they are written, however far they are."""
        return self.stack.rows("deadlines", "SELECT subject FROM mail WHERE address = %s AND cause LIKE 'unanswered:%%'",
                               address)


@pytest.fixture(scope="module")
def scene(own_stack, own_world):
    return Scene(own_stack, own_world)


def test_nobody_is_told_before_three_working_days_have_passed(scene):
    """Monday, Tuesday and Thursday count; the weekend and the holiday do not. What got its answer does not wait."""
    first, second = scene.schools[:2]
    for number in (0, 1):
        scene.send(first, number)
    scene.send(second, 0)
    rejected, withdrawn = scene.send(first, 2), scene.send(first, 3)
    scene.world.reject(scene.curator, rejected)
    withdrawn = scene.world.fresh(first, withdrawn)
    first.post("/api/v1/assignments/{id}:withdraw", id=withdrawn["assignmentId"], version=withdrawn["version"])
    scene.send(first, 0, scene.judged)
    scene.wait_heard()
    assert scene.stack.value("deadlines", "SELECT count(*) FROM waiting_answer") == 4
    scene.move_to(2, 15)
    scene.send(scene.schools[2], 0)
    scene.wait_heard()
    scene.move_to(6, 8, 59)
    never(lambda: scene.told(scene.curator), 2.5, what="a digest before its hour")


def test_the_reviewer_is_told_first(scene):
    """One digest for all that came over the step, with the true dates; those above do not hear of it yet."""
    scene.move_to(6, 9, 1)
    digest = scene.wait_told(scene.curator)[0]
    assert digest["title"] == "Ждут вашего решения: 3 ответа"
    assert digest["text"] == (
        "Отправлено и не проверено больше 3 рабочих дней: 3 ответа. Дольше всех ждёт отправленное 30.10.2026.\n"
        "— МБОУ «СОШ № 1» 1: 2 ответа, с 30.10.2026\n— МБОУ «СОШ № 2» 1: 1 ответ, с 30.10.2026\n\n"
        "Подтвердите или верните на доработку: всё, что ждёт вашего решения, — в очереди.")
    assert (digest["at"], digest["items"], digest["roundId"]) == ("2026-11-06T04:00:00.000Z", 3, scene.curated)
    assert scene.wait_told(scene.operator)[0]["title"] == "Ждут вашего решения: 1 ответ"
    letter = eventually(lambda: scene.stack.mails("curator@demo.example")[-1:], 15, what="the letter")[0]
    eventually(lambda: [one for one in scene.stack.mails("curator@demo.example")
                        if one["Subject"] == digest["title"] and "СОШ № 2" in smtp.text_of(one)], 15,
               what=f"the letter with the list, not only {letter['Subject']}")
    assert scene.told(scene.near) == scene.told(scene.above) == []


def test_once_whoever_starts_again(scene):
    scene.stack.restart("deadlines", "deadlines.2")
    scene.wait_taken()
    never(lambda: len(scene.told(scene.curator)) != 1, 2.5, what="a second digest")
    assert len(scene.letters("curator@demo.example")) == 1


def test_one_digest_a_day(scene):
    """What comes over a step later the same day waits for the next one's morning; what is told is not told again."""
    scene.world.administrator.put("/api/v1/programmes/{code}", {
        "title": "Программа", "zone": scene.region.zone, "organisationCode": scene.region.code, "reviewer": "curator",
        "sections": [{"code": "section", "title": "Раздел 1", "items": ITEMS}],
        "answering": {**ANSWERING, "steps": [{"to": "reviewer", "afterWorkingDays": 2}, *ANSWERING["steps"][1:]]},
    }, code=scene.programme)
    # By the new rule the answer of Monday is late since this morning.
    eventually(lambda: scene.stack.value("deadlines", "SELECT count(*) FROM unanswered_word") == 1, 15, what="the word")
    never(lambda: len(scene.told(scene.curator)) != 1, 2.5, what="a second digest of the day")
    scene.move_to(7, 8, 30)
    digest, = [one for one in scene.wait_told(scene.curator, 2) if one["items"] == 1]
    assert digest["title"] == "Ждут вашего решения: 1 ответ"
    assert "— МБОУ «СОШ № 1» 2: 1 ответ, с 02.11.2026" in digest["text"]
    assert digest["at"] == "2026-11-06T04:00:00.000Z"


def test_then_the_coordinator_of_the_municipality_and_not_at_night(scene):
    """Down when it came; begun again late in the evening: told in the morning, of what came then."""
    scene.stack.stop("deadlines", "deadlines.2")
    scene.move_to(10, 22)
    scene.stack.start("deadlines", "deadlines.2")
    scene.wait_taken()
    assert scene.stack.value("deadlines", "SELECT count(*) FROM unanswered_word WHERE recipient = 'municipality'") == 3
    never(lambda: scene.told(scene.near), 2.5, what="a digest at night")
    scene.move_to(11, 8, 1)
    digest = scene.wait_told(scene.near)[0]
    assert digest["title"] == "Кураторы не проверили: 3 ответа" and digest["at"] == "2026-11-10T04:00:00.000Z"
    assert "больше 5 рабочих дней" in digest["text"] and "с 30.10.2026" in digest["text"]
    name = scene.stack.value("deadlines", "SELECT person_name FROM account WHERE account_id = %s",
                             scene.curator.account_id)
    assert f"— МБОУ «СОШ № 1» 1, куратор {name}: 2 ответа" in digest["text"]
    assert scene.told(scene.above) == []


def test_a_week_of_downtime_tells_each_once(scene):
    """The region hears of what nobody judged; a verdict in between keeps an answer out; no letter to who wants none."""
    scene.above.put("/api/v1/notificationSettings", {"choices": [{"kind": "unanswered", "byMail": False}]})
    with pytest.raises(Problem):
        scene.schools[0].put("/api/v1/notificationSettings", {"choices": [{"kind": "unanswered", "byMail": False}]})
    scene.stack.stop("deadlines", "deadlines.2")
    scene.world.accept(scene.curator, scene.world.assignment(scene.schools[1], "item-0", scene.curated))
    scene.move_to(20, 15)
    scene.stack.start("deadlines", "deadlines.2")
    digest = scene.wait_told(scene.above)[0]
    assert digest["title"] == "Кураторы не проверили: 3 ответа" and "СОШ № 2" not in digest["text"]
    # Friday's step came on the 13th, Monday's on the 16th.
    assert digest["at"] == "2026-11-16T04:00:00.000Z"
    assert scene.letters("region@demo.example") == []
    far = scene.wait_told(scene.far)[0]
    assert far["title"] == "Кураторы не проверили: 1 ответ" and far["at"] == "2026-11-11T04:00:00.000Z"
    scene.wait_taken()
    assert len(scene.told(scene.near)) == 1 and len(scene.told(scene.curator)) == 2
    assert len(scene.letters("mouo1@demo.example")) == 1


def test_what_a_programme_may_say(scene):
    def load(steps, **hours):
        scene.world.programme(scene.region, ITEMS, answering={"steps": steps, **hours})

    for steps, field in [
            ([{"to": "federation", "afterWorkingDays": 1}], "answering.steps[0].to"),
            ([{"to": "region", "afterWorkingDays": 1}, {"to": "reviewer", "afterWorkingDays": 2}],
             "answering.steps[1].to"),
            ([{"to": "reviewer", "afterWorkingDays": 3}, {"to": "region", "afterWorkingDays": 3}],
             "answering.steps[1].afterWorkingDays")]:
        with pytest.raises(Problem) as refused:
            load(steps)
        assert refused.value.fields == [field]
    with pytest.raises(Problem) as refused:
        load(ANSWERING["steps"], quietFrom=24)
    assert refused.value.fields == ["answering.quietFrom"]


def test_the_production_calendar(scene):
    """Working days of the years whose transfers the government has named."""
    known = scene.stack.rows("deadlines", "SELECT extract(year FROM day)::integer AS year, count(*) FROM calendar_day"
                             " WHERE is_working AND day BETWEEN '2020-01-01' AND '2026-12-31' GROUP BY 1 ORDER BY 1")
    assert {one["year"]: one["count"] for one in known} == {
        2020: 248, 2021: 247, 2022: 247, 2023: 247, 2024: 248, 2025: 247, 2026: 247}
