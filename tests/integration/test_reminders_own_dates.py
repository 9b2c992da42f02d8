"""Reminders count from the day an organisation has set itself, and follow when it moves (500+)."""

from builders import item
from waiting import eventually

SECTIONS = [{"code": "direction", "title": "Направление", "byChoice": True, "due": {"kind": "by_executor"},
             "items": [item("measure"), item("template", due={"kind": "by_executor"})]},
            {"code": "common", "title": "Общий", "items": [item("common")]}]


def test_reminders_follow_the_planned_day(own_world):
    """S1.12, S1.13: before an own date is set nothing fires for it; then around it; after a move around the new one."""
    world, stack = own_world, own_world.stack
    stack.set_clock("2021-03-01T10:00:00+05:00")
    world.administrator = world.client_of_administrator()
    region = world.region(municipalities=1, schools=1)
    world.wait_for_organisations(region)
    code = world.programme(region, sections=SECTIONS)
    made = world.administrator.post("/api/v1/rounds", {
        "programmeCode": code, "name": "2021 год", "opensOn": "2021-03-01", "dueOn": "2021-12-10",
        "closedUntil": "2021-12-31"})
    round_id = world.wait_open(made["roundId"], 1)["roundId"]
    school = world.respondent(region.schools[0])

    def days():
        found = stack.rows("deadlines", "SELECT DISTINCT due_on FROM timer WHERE round_id = %s AND state = 'waiting'"
                           " AND organisation_id IS NOT NULL ORDER BY due_on", round_id)
        return [str(row["due_on"]) for row in found]

    def plan(day, previous="", reason=""):
        school.post("/api/v1/rounds/{id}/sections/direction:plan",
                    {"plannedOn": day, "previousOn": previous, "reason": reason}, id=round_id)
    eventually(lambda: days() == ["2021-12-10"], 15, what="reminders of the round's own day")
    school.post("/api/v1/rounds/{id}/sections/direction:choose", {}, id=round_id)
    plan("2021-04-15")
    eventually(lambda: days() == ["2021-04-15", "2021-12-10"], 15, what="reminders of the planned day")
    plan("2021-05-20", "2021-04-15", "Карантин")
    eventually(lambda: "2021-05-20" in days(), 15, what="reminders of the new day")

    def notices(kind):
        school.login(school.login_name, school.password)
        listed = school.get("/api/v1/notifications", query={"limit": 200})["notifications"]
        return [(one["kind"], one["items"]) for one in listed if one.get("roundId") == round_id and one["kind"] == kind]

    def quiet():
        return stack.value("deadlines", "SELECT count(*) FROM timer WHERE state = 'waiting' AND fires_at <= %s",
                           stack.now()) == 0
    stack.set_clock("2021-04-15T12:00:00+05:00")
    eventually(quiet, 20, what="timers of the day that no longer counts")
    assert notices("due_today") == []
    stack.set_clock("2021-05-20T12:00:00+05:00")
    eventually(lambda: notices("due_today"), 20, what="the reminder of the day")
    # The template waits for a day of its own, so it is not among what is due.
    assert notices("due_today") == [("due_today", 1)]
