"""The table of notices that the rules of programmes demand, from the rules alone: nothing of the service is used here."""
import datetime
import zoneinfo
from dataclasses import dataclass, field

DAY = datetime.timedelta(days=1)
NINE = datetime.time(9)
# Non-working holidays of the Labour Code, article 112: (month, day).
HOLIDAYS = [(1, day) for day in range(1, 9)] + [(2, 23), (3, 8), (5, 1), (5, 9), (6, 12), (11, 4)]


class Calendar:
    """Days of 2026: weekends, holidays, those of them that move to Monday, and what the government moved."""

    def __init__(self):
        self.other = {datetime.date(2026, 1, 9): False, datetime.date(2026, 12, 31): False}
        for month, day in HOLIDAYS:
            held = datetime.date(2026, month, day)
            if month != 1 and held.weekday() > 4:
                while held.weekday() != 0:
                    held += DAY
            self.other[held] = False

    def is_working(self, day):
        return self.other.get(day, day.weekday() < 5 and (day.month, day.day) not in HOLIDAYS)

    def day_of(self, base, step, moves):
        """So many days, or working days, before or after; on a day off moved away from the due day."""
        sign, count, day = (1 if step.offset > 0 else -1), abs(step.offset), base
        while count:
            day += DAY * sign
            count -= self.is_working(day) if step.in_working_days else 1
        while moves and not self.is_working(day):
            day += DAY * sign
        return day


@dataclass(frozen=True)
class Step:
    to: str
    offset: int = 0
    in_working_days: bool = False

    def as_json(self):
        made = {"to": self.to, "inWorkingDays": self.in_working_days}
        if self.offset:
            made["daysBefore" if self.offset < 0 else "daysAfter"] = abs(self.offset)
        return made


@dataclass
class Rules:
    steps: list
    quiet: tuple = (21, 8)
    moves: bool = False

    def as_json(self):
        return {"steps": [step.as_json() for step in self.steps], "quietFrom": self.quiet[0], "quietUntil": self.quiet[1],
                "onDayOff": "move" if self.moves else "keep"}

    def is_quiet(self, hour):
        start, end = self.quiet
        within = start <= hour < end if start <= end else hour >= start or hour < end
        return within or hour < NINE.hour


@dataclass
class Due:
    """What one school owes by one day."""
    items: set
    day: datetime.date
    asked: datetime.date
    timers: dict = field(default_factory=dict)  # step -> moment that has not come


@dataclass
class Reader:
    """Somebody who is told: an account, or a school without one."""
    name: str
    level: str
    last_day: datetime.date = None
    words: dict = field(default_factory=dict)  # (school, due day) -> moments


@dataclass(frozen=True)
class Notice:
    """A letter as it must be. at: the moment that it is about; late: days it should have come, by due day."""
    reader: str
    day: datetime.date
    at: datetime.datetime
    kind: str
    items: int
    dues: tuple


class Region:
    """One region with its round, as the rules see it."""

    def __init__(self, zone, rules, calendar):
        self.zone, self.rules, self.calendar = zoneinfo.ZoneInfo(zone), rules, calendar
        self.schools, self.readers, self.notices = {}, [], []

    def moment(self, due, step):
        base = max(due.day, due.asked) if step.offset > 0 else due.day
        day = self.calendar.day_of(base, step, self.rules.moves)
        return datetime.datetime.combine(day, NINE, self.zone).astimezone(datetime.timezone.utc)

    def ask(self, school, dues, now):
        """dues: day -> items. Whoever is asked too late hears of it a minute later."""
        self.schools[school] = []
        for day, items in dues.items():
            due = Due(set(items), day, now.astimezone(self.zone).date())
            moments = {step: self.moment(due, step) for step in self.rules.steps}
            due.timers = {step: at for step, at in moments.items() if at > now}
            missed = [(at, step.offset, step) for step, at in moments.items()
                      if at <= now and step.to == "respondent" and step.offset <= 0]
            if missed:
                due.timers[max(missed, key=lambda one: one[:2])[2]] = now + datetime.timedelta(minutes=1)
            self.schools[school].append(due)

    def sent(self, school, item):
        for due in self.schools[school]:
            due.items.discard(item)

    def move(self, old, new, now):
        for dues in self.schools.values():
            for due in [one for one in dues if one.day == old]:
                due.day, due.asked = new, due.asked
                due.timers = {step: at for step in self.rules.steps if (at := self.moment(due, step)) > now}

    def follow_calendar(self, now):
        for due in [due for dues in self.schools.values() for due in dues]:
            due.timers = {step: max(self.moment(due, step), now) if at > now else at for step, at in due.timers.items()}

    def tell(self, now):
        """All that is due at this moment: what the service has to have said when it is through."""
        for school, dues in self.schools.items():
            for due in dues:
                for step in [step for step, at in due.timers.items() if at <= now]:
                    at = due.timers.pop(step)
                    for reader in self.readers:
                        if reader.level == step.to and reader.name in (school, step.to):
                            reader.words.setdefault((school, due.day), []).append(at)
        here = now.astimezone(self.zone)
        for reader in self.readers:
            if reader.words and not self.rules.is_quiet(here.hour) and reader.last_day != here.date():
                self.write(reader, here.date())

    def write(self, reader, today):
        lines, at, total = {}, None, 0
        for (school, day), moments in sorted(reader.words.items(), key=lambda one: one[0][1]):
            items = sum(len(due.items) for due in self.schools[school] if due.day == day)
            if items:
                total += items
                at = max([*moments, *([at] if at else [])])
                late = {moment.astimezone(self.zone).date() for moment in moments} - {today}
                lines[day] = lines.get(day, set()) | late
        reader.words = {}
        if lines:
            first = min(lines)
            kind = "due_soon" if first > today else "due_today" if first == today else "overdue"
            reader.last_day = today
            self.notices.append(Notice(reader.name, today, at, "overdue_below" if reader.level != "respondent" else kind,
                                       total, tuple((day, tuple(sorted(late))) for day, late in sorted(lines.items()))))
