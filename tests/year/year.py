#!/usr/bin/python3
"""A year of due dates in up to eleven zones, played on a running system with its clock in hand. scripts/year calls it.

Two replicas remind; days of the calendar are moved, a due date is moved, answers are sent, one replica is killed, both are
away for a week. Every notice and letter is then compared with the table that rules_of_year.py makes from the rules.
"""
import argparse
import datetime
import pathlib
import random
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "tests" / folder) for folder in ("support", "year")]

from builders import World, item  # noqa: E402
from rules_of_year import NINE, Calendar, Reader, Region, Rules, Step  # noqa: E402
from stack import Stack  # noqa: E402
from waiting import eventually  # noqa: E402

ZONES = ["Europe/Kaliningrad", "Europe/Moscow", "Europe/Samara", "Asia/Yekaterinburg", "Asia/Omsk", "Asia/Krasnoyarsk",
         "Asia/Irkutsk", "Asia/Yakutsk", "Asia/Vladivostok", "Asia/Magadan", "Asia/Kamchatka"]
RULES = [
    Rules([Step("respondent", -3), Step("respondent", -1), Step("respondent"), Step("respondent", 1), Step("municipality", 1)]),
    Rules([Step("respondent", -5, True), Step("respondent", -1, True), Step("respondent"), Step("respondent", 1, True),
           Step("municipality", 1, True), Step("region", 3, True)], moves=True),
    Rules([Step("respondent", -7), Step("respondent"), Step("municipality"), Step("municipality", 2),
           Step("region", 5, True)], quiet=(21, 10)),
]
ROUND_DUE, MOVED_DUE = datetime.date(2026, 9, 25), datetime.date(2026, 10, 5)
# Past when asked, near, on holidays, around them, while nobody reminds.
DUES = ["01-09", "01-14", "02-23", "03-08", "05-04", "05-11", "06-15", "11-05", "12-13"]
MOVED_DAYS = [("06-01", "06-15", "day_off"), ("06-01", "06-20", "working"), ("10-20", "11-03", "holiday"),
              ("10-21", "11-07", "working")]
DAY = datetime.timedelta(days=1)
WHOLE = "12-24"


def utc(day, hour, minute=0, second=0):
    return datetime.datetime(2026, int(day[:2]), int(day[3:]), hour, minute, second, tzinfo=datetime.timezone.utc)


class Place:
    """One region with its people in the system, beside the same region as the rules see it."""

    def __init__(self, world, zone, rules, dues, calendar):
        self.zone, self.dues = zone, dues
        self.made = world.region(municipalities=1, schools=2, zone=zone)
        self.model = Region(zone, rules, calendar)
        first, second = self.made.schools
        unique = self.made.code
        self.school = world.respondent(first, {"email": f"school-{unique}@demo.example"})
        near = world.coordinator(self.made.authorities[0], {"email": f"near-{unique}@demo.example"})
        above = world.coordinator(self.made.code, {"email": f"above-{unique}@demo.example"})
        self.accounts = {self.school.account_id: first, near.account_id: "municipality", above.account_id: "region"}
        self.model.readers = [Reader(first, "respondent"), Reader(second, "respondent"),
                              Reader("municipality", "municipality"), Reader("region", "region")]
        sections = [{"code": "usual", "title": "Обычный", "items": [item("usual")]}]
        sections += [{"code": f"due-{day}", "title": day, "due": {"kind": "exact", "on": f"2026-{day}"},
                      "items": [item(f"item-{day}")]} for day in dues]
        world.wait_for_organisations(self.made)
        world.wait_until_heard("deadlines", "auth")
        self.programme = world.programme(self.made, sections=sections, reminders=rules.as_json())

    def open(self, world):
        made = world.administrator.post("/api/v1/rounds", {
            "programmeCode": self.programme, "name": "2026 год", "opensOn": "2026-01-12", "dueOn": str(ROUND_DUE),
            "closedUntil": "2026-12-31"})
        self.round_id = world.wait_open(made["roundId"], 2)["roundId"]
        dues = {ROUND_DUE: {"usual"}, **{datetime.date.fromisoformat(f"2026-{day}"): {f"item-{day}"} for day in self.dues}}
        for school in self.made.schools:
            self.model.ask(school, dues, world.stack.now())


class Year:
    def __init__(self, stack, zones, seed, last=WHOLE):
        self.stack, self.random, self.last = stack, random.Random(seed), last
        self.stack.configure("--replicas", "deadlines=2")
        self.stack.set_clock(utc("01-12", 5, 0))
        self.world = World(stack)
        self.calendar, self.is_down, self.steps = Calendar(), False, 0
        self.places = []
        for number, zone in enumerate(zones):
            dues = sorted(self.random.sample(DUES[2:], 5) + DUES[:2]) if last == WHOLE else DUES[:3]
            self.places.append(Place(self.world, zone, RULES[number % len(RULES)], dues, self.calendar))
        for place in self.places:
            place.open(self.world)
        self.world.wait_until_heard("deadlines", "submissions")
        self.stack.advance(minutes=2)
        self.tell()

    def close(self):
        self.world.close()

    # ---- what happens

    def enter(self):
        known = self.world.administrator
        known.login(known.account["login"], known.password)

    def wait_quiet(self):
        def is_quiet():
            now = self.stack.now()
            return self.stack.value(
                "deadlines", "SELECT (SELECT count(*) FROM timer WHERE state = 'waiting' AND fires_at <= %s)"
                " + (SELECT count(*) FROM reminder_word WHERE look_at <= %s) + (SELECT count(*) FROM calendar_unplanned)",
                now, now) == 0
        eventually(is_quiet, 60, what="everything due is said")

    def tell(self):
        """The system is waited for; then the rules tell what it must have said by now."""
        if self.is_down:
            return
        self.wait_quiet()
        for place in self.places:
            place.model.tell(self.stack.now())
        self.steps += 1

    def look(self):
        """Nothing happens but that the clock stands here."""

    def send(self, place):
        left = [code for dues in place.model.schools[place.made.schools[0]] for code in dues.items]
        if left:
            code = self.random.choice(sorted(left))
            place.school.login(place.school.login_name, place.school.password)
            self.world.send(place.school, self.world.assignment(place.school, code, place.round_id), "5")
            self.world.wait_until_heard("deadlines", "submissions")
            place.model.sent(place.made.schools[0], code)

    def move_round(self, place):
        self.enter()
        known = self.world.administrator.get("/api/v1/rounds/{id}", id=place.round_id)
        self.world.administrator.patch("/api/v1/rounds/{id}", {"dueOn": str(MOVED_DUE)}, id=place.round_id,
                                       version=known["version"])
        self.world.wait_until_heard("deadlines", "submissions")
        place.model.move(ROUND_DUE, MOVED_DUE, self.stack.now())

    def change_day(self, day, kind):
        self.enter()
        self.world.administrator.put("/api/v1/calendarDays/{day}", {"kind": kind, "note": "Перенос"}, day=f"2026-{day}")
        self.calendar.other[datetime.date.fromisoformat(f"2026-{day}")] = kind == "working"
        self.wait_quiet()
        for place in self.places:
            place.model.follow_calendar(self.stack.now())

    def stop(self):
        self.stack.stop("deadlines", "deadlines.2")
        self.is_down = True

    def start(self):
        self.stack.start("deadlines", "deadlines.2")
        self.is_down = False
        for service in ("submissions", "auth"):
            self.world.wait_until_heard("deadlines", service)
        self.tell()

    def kill_one(self):
        self.stack.kill("deadlines")
        self.stack.start("deadlines")

    def events(self):
        """(moment, what): acts of the year, and the hours at which the clock stands still to look."""
        acts = [(utc(at, 3), lambda day=day, kind=kind: self.change_day(day, kind)) for at, day, kind in MOVED_DAYS]
        acts += [(utc("09-20", 3), lambda place=place: self.move_round(place)) for place in self.places[::2]]
        acts += [(utc("05-04", 3), self.stop), (utc("05-11", 9), self.start), (utc("03-08", 3), self.kill_one),
                 (utc("11-06", 3), self.kill_one)]
        if self.last != WHOLE:
            acts = [(utc("01-15", 3), self.stop), (utc("01-22", 9), self.start), (utc("01-13", 3), self.kill_one),
                    (utc("01-14", 3), lambda: self.change_day("02-24", "day_off"))]
        for place in self.places:
            acts += [(utc(self.random.choice(["01-14", "02-20", "03-06", "05-02", "06-10", "11-02"]), 3),
                      lambda place=place: self.send(place)) for _ in range(2)]
        days = self.days()
        looks = [(utc(day, 8, 10), self.look) for day in days]
        # On some days zone by zone: nobody before nine, everybody after it.
        for day in days[::6] if self.last == WHOLE else days[3:4]:
            for place in self.places:
                nine = datetime.datetime.combine(utc(day, 0).date(), NINE, place.model.zone)
                looks += [(nine + datetime.timedelta(minutes=minute), self.look) for minute in (-1, 1)]
        return sorted([one for one in acts + looks if one[0] < utc(self.last, 12)], key=lambda one: one[0])

    def days(self):
        """On and around each due date; on all others the system is looked at as soon as the next of these comes."""
        dues = [datetime.date.fromisoformat(f"2026-{day}") for day in {day for place in self.places for day in place.dues}]
        near = {due + DAY * shift for due in [*dues, ROUND_DUE, MOVED_DUE] for shift in (-7, -5, -3, -1, 0, 1, 2, 3, 5, 9)}
        return [f"{day:%m-%d}" for day in sorted(near) if datetime.date(2026, 1, 12) < day < datetime.date(2026, 12, 30)]

    def play(self):
        for moment, act in self.events():
            self.stack.set_clock(moment)
            # Whatever happens then: first is said what was due before it.
            self.tell()
            act()

    # ---- what was said

    def said(self, place):
        """(reader, day) -> all notices and letters."""
        found = {}
        rows = self.stack.rows("deadlines", "SELECT account_id::text, cause, kind, items, at, title, text FROM notification"
                               " WHERE round_id = %s AND cause LIKE 'due:%%' AND account_id::text = ANY (%s)",
                               place.round_id, list(place.accounts))
        for row in rows:
            found.setdefault((place.accounts[row["account_id"]], row["cause"][-10:]), []).append(row)
        letters = self.stack.rows("deadlines", "SELECT address, cause, subject AS title, body AS text FROM mail"
                                  " WHERE cause LIKE %s", f"due:{place.made.code}%")
        readers = {f"school-{place.made.code}@demo.example": place.made.schools[0], "school@demo.example": place.made.schools[1],
                   f"near-{place.made.code}@demo.example": "municipality", f"above-{place.made.code}@demo.example": "region"}
        for row in letters:
            found.setdefault((readers[row["address"]], row["cause"][-10:]), []).append(row)
        return found

    def compare(self):
        """(how many notices the table has, everything that is not as it says)."""
        count, wrong = 0, []
        for place in self.places:
            said = self.said(place)
            for notice in place.model.notices:
                count += 1
                wrong += compare_one(place, notice, said.pop((notice.reader, str(notice.day)), []))
            wrong += [f"{place.zone}: {reader} {day} was told what no rule asks for: {[row['title'] for row in rows]}"
                      for (reader, day), rows in said.items()]
        return count, wrong


def compare_one(place, notice, rows):
    """One notice in the cabinet, for who has one, and one letter that says the same."""
    what = f"{place.zone}: {notice.reader} {notice.day}"
    cabinet = [row for row in rows if "account_id" in row]
    letters = [row for row in rows if "address" in row]
    wrong = []
    if len(letters) != 1 or len(cabinet) != (notice.reader != place.made.schools[1]):
        return [f"{what}: {len(cabinet)} notices and {len(letters)} letters"]
    for row in cabinet:
        # What was asked too late is told when it is asked: to the minute, not to the millisecond.
        if (row["kind"], row["items"]) != (notice.kind, notice.items) or abs(row["at"] - notice.at) > datetime.timedelta(minutes=2):
            wrong.append(f"{what}: {row['kind']}, {row['items']} items, of {row['at']}; not {notice.kind}, {notice.items},"
                         f" of {notice.at}")
    for row in rows:
        days = {f"{day:%d.%m.%Y}" for day, _ in notice.dues}
        late = [", ".join(f"{day:%d.%m.%Y}" for day in days) for _, days in notice.dues if days]
        text = row["text"]
        named = set(part.rstrip(".") for part in text.replace(",", " ").replace(".\n", " ").replace(": ", " ").split() if is_day(part))
        said_late = [part.split(".\n")[0].rstrip(".") for part in text.split("Напоминание за ")[1:]]
        if late != said_late or not days <= named or not named <= days | {day for one in late for day in one.split(", ")}:
            wrong.append(f"{what}: names {sorted(named)}, late {said_late}; not {sorted(days)}, late {late}")
    return wrong


def is_day(text):
    return len(text.rstrip(".")) == 10 and text[2] == text[5] == "."


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--zones", type=int, default=len(ZONES))
    parser.add_argument("--seed", default="2026")
    parser.add_argument("--port", type=int, default=8674)
    parser.add_argument("--build", default=str(ROOT / "build" / "release"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vekha-year-") as folder:
        stack = Stack.create(pathlib.Path(folder) / "stack", arguments.port, arguments.build)
        try:
            year = Year(stack, ZONES[:arguments.zones], arguments.seed)
            year.play()
            count, wrong = year.compare()
            print(f"{'zone':<20} {'notices':>8} {'late':>6} {'respondents':>12} {'coordinators':>13}")
            for place in year.places:
                notices = place.model.notices
                late = sum(any(days for _, days in notice.dues) for notice in notices)
                above = sum(notice.kind == "overdue_below" for notice in notices)
                print(f"{place.zone:<20} {len(notices):>8} {late:>6} {len(notices) - above:>12} {above:>13}")
            print(f"{count} notices in the table, the clock stopped {year.steps} times, {len(wrong)} not as it says")
            print("\n".join(wrong[:40]))
            year.close()
        finally:
            stack.remove()
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
