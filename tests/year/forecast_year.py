"""A year of monthly rounds that schools of differing punctuality answer, over HTTP; and the forecasts of it computed
again from what was done alone. scripts/forecast-year plays it at any size."""
import argparse
import collections
import datetime
import decimal
import pathlib
import random
import sys
import tempfile
import time
import zoneinfo

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from builders import World, item  # noqa: E402
from stack import Stack  # noqa: E402
from waiting import eventually  # noqa: E402

ZONE = zoneinfo.ZoneInfo("Asia/Yekaterinburg")
POINTS = (1, 2, 3, 5, 7, 10, 14, 21, 30, 60, 90)
PRIOR, USUAL_PRIOR, CASES_MIN = 10, 2, 30
LAST_DAY = 20
MUNICIPALITIES = (0.92, 0.7, 0.4)  # how punctual they are on the whole
FOUR = decimal.Decimal("0.0001")


def rounded(number):
    return number.quantize(FOUR, decimal.ROUND_HALF_UP)


class School:
    """How punctual it is, and on which day of a month it usually works."""

    def __init__(self, code, punctuality, draw):
        self.code = code
        self.punctuality = min(0.98, max(0.05, draw.gauss(punctuality, 0.15)))
        self.usual_day = draw.uniform(4, 17)

    def acts(self, draw, items):
        """(day, kind, items) of one month: everything in time, a part of it, a draft alone, or nothing."""
        day = max(2, min(LAST_DAY, 2 * round(draw.gauss(self.usual_day, 3) / 2)))
        if draw.random() < self.punctuality:
            returned = draw.random() < 0.2 and day + 4 <= LAST_DAY
            mended = draw.random() < self.punctuality
            return [(day, "send", items), *([(day + 2, "return", items[:1])] if returned else []),
                    *([(day + 4, "send", items[:1])] if returned and mended else [])]
        kind = draw.random()
        if kind < 0.3 and len(items) > 1:
            return [(day, "send", items[:-1])]
        return [(day, "draft", items[:1])] if kind < 0.5 else []


class Oracle:
    """The forecasts' rule over again, from acts alone: made of counts, without a database."""

    def __init__(self):
        self.rates = collections.Counter()  # (unit, days, stands, missed or not)
        self.judged = []  # (days, chance, usual, missed)

    def of(self, *key):
        missed = self.rates[(*key, True)]
        return missed, missed + self.rates[(*key, False)]

    def usual(self, days):
        counted = [self.of("", days, stands) for stands in ("idle", "not_started", "in_work", "returned", "waiting")]
        missed, cases = sum(one for one, _ in counted), sum(one for _, one in counted)
        return rounded(decimal.Decimal(missed + 1) / (cases + 2)) if cases >= CASES_MIN else None

    def chance(self, path, days, stands):
        chance = usual = self.usual(days)
        if usual is None:
            return None, None
        for unit, prior in (("", USUAL_PRIOR), (path.rsplit(".", 1)[0], PRIOR), (path, PRIOR)):
            missed, cases = self.of(unit, days, stands)
            chance = (missed + prior * chance) / (cases + prior)
        return rounded(chance), usual

    @staticmethod
    def stands(acts, moment):
        """Of one assignment."""
        state, was_returned = "not_started", False
        for at, kind in acts:
            if at >= moment:
                break
            was_returned = kind == "return" or (was_returned and kind == "draft")
            state = {"send": "waiting", "return": "returned", "draft": "returned" if was_returned else "in_work"}[kind]
        return state

    def forecast(self, asked, moment, days):
        """[(path, item, days, stands, chance, usual)] of what is asked, at a moment"""
        known = {key: self.stands(acts, moment) for key, acts in asked.items()}
        placed = {path for (path, _), stands in known.items() if stands in ("waiting", "returned")}
        made = []
        for (path, code), stands in known.items():
            stands = "idle" if stands == "not_started" and path not in placed else stands
            made.append((path, code, days, stands, *self.chance(path, days, stands)))
        return made

    def learn(self, asked_at, due_at, asked):
        """asked: {(path, item): [(moment, kind)]} of one round whose date is over."""
        day = datetime.timedelta(days=1)
        made = [one for days in POINTS if due_at - days * day > asked_at for one in self.forecast(asked, due_at - days * day, days)]
        for path, code, days, stands, chance, usual in made:
            missed = self.stands(asked[(path, code)], due_at) != "waiting"
            for unit in (path, path.rsplit(".", 1)[0], ""):
                self.rates[(unit, days, stands, missed)] += 1
            if chance is not None:
                self.judged.append((days, chance, usual, missed))

    def brier(self, days=None):
        """(forecasts, missed, ours, the programme's share)"""
        chosen = [one for one in self.judged if days in (None, one[0])]
        ours = sum((chance - missed) ** 2 for _, chance, _, missed in chosen) / len(chosen)
        usual = sum((share - missed) ** 2 for _, _, share, missed in chosen) / len(chosen)
        return len(chosen), sum(missed for *_, missed in chosen), str(rounded(ours)), str(rounded(usual))


class ForecastYear:
    def __init__(self, stack, seed, schools=5, items=2, months=12):
        self.stack, self.draw, self.months = stack, random.Random(seed), months
        self.items = [f"item-{number}" for number in range(1, items + 1)]
        self.oracle = Oracle()
        stack.set_clock(self.moment(1, 1, 9))
        self.world = World(stack)
        self.region = self.world.region(municipalities=len(MUNICIPALITIES), schools=schools)
        self.world.wait_for_organisations(self.region)
        self.programme = self.world.programme(self.region, [item(code) for code in self.items])
        self.coordinator = self.world.coordinator(self.region.code)
        self.operator = self.world.operator(self.region.code)
        self.schools = [School(code, punctuality, self.draw) for municipality, punctuality in
                        zip(self.region.municipalities, MUNICIPALITIES) for code in municipality.schools]
        self.people = {school.code: self.world.respondent(school.code) for school in self.schools}
        self.round_id = None

    def enter(self, who):
        who.login(who.login_name, who.password)
        return who

    def settle(self):
        self.world.wait_until_heard("reporting", "submissions", "auth")

    @staticmethod
    def moment(month, day, hour):
        """The thirteenth month is the next January."""
        return datetime.datetime(2026 + (month - 1) // 12, (month - 1) % 12 + 1, day, hour, tzinfo=ZONE)

    def open(self, month):
        """A round of that month, due in its third week."""
        self.stack.set_clock(self.moment(month, 1, 9))
        self.enter(self.world.administrator)
        made = self.world.round(self.programme, self.region, due_in=LAST_DAY, closed_in=LAST_DAY + 4,
                                name=f"Месяц {month}")
        self.round_id = self.world.wait_open(made["roundId"], len(self.schools))["roundId"]
        self.settle()
        self.asked = {(school.code, code): [] for school in self.schools for code in self.items}
        self.asked_at = self.stack.now()
        self.due_at = self.stack.value("reporting", "SELECT due_at FROM round WHERE round_id = %s", self.round_id)

    def act(self, school, kind, codes):
        if kind == "return":
            operator = self.enter(self.operator)
            for code in codes:
                self.world.reject(operator, self.sent[(school.code, code)])
                self.asked[(school.code, code)].append((self.stack.now(), kind))
            return
        person = self.enter(self.people[school.code])
        found = {one["itemCode"]: one for one in self.world.assignments(person, round_id=self.round_id)}
        for code in codes:
            if kind == "send":
                self.sent[(school.code, code)] = self.world.send(person, found[code], "5")
            else:
                self.world.save(person, found[code], "5")
            self.asked[(school.code, code)].append((self.stack.now(), kind))

    def month(self, month, last_day=LAST_DAY):
        """What schools do up to the end of a day; the round is left as it then is."""
        self.open(month)
        self.sent, acts = {}, []
        for number, school in enumerate(self.schools):
            acts += [(day, number, school, kind, codes) for day, kind, codes in school.acts(self.draw, self.items)]
        today = None
        for day, _, school, kind, codes in sorted(acts, key=lambda one: one[:2]):
            if day > last_day:
                break
            if day != today:
                self.settle()
                self.stack.set_clock(self.moment(month, day, 10))
                today = day
            self.act(school, kind, codes)
        self.settle()
        if last_day == LAST_DAY:
            self.oracle.learn(self.asked_at, self.due_at, self.asked)

    def play(self):
        for month in range(1, self.months + 1):
            self.month(month)
        self.stack.set_clock(self.due_at + datetime.timedelta(days=1))

    def wait_counted(self):
        """Until every moment that is over has been worked on."""
        eventually(lambda: self.stack.value(
            "reporting", "SELECT count(*) FROM round r LEFT JOIN forecast_round f USING (round_id)"
            " WHERE f.round_id IS NULL OR f.next_at <= %s", self.stack.now() - datetime.timedelta(minutes=2)) == 0,
                   120, what="forecasts of all moments that are over")

    def quality(self):
        return self.enter(self.coordinator).get("/api/v1/reports/forecast/quality", query={"round_id": self.round_id})

    def close(self):
        self.world.close()


def show(quality):
    print(f"{'days before':>12} {'forecasts':>10} {'missed':>7} {'Brier':>8} {'share':>8} {'skill':>6}")
    for row in quality["rows"]:
        print(f"{row['days'] or 'all':>12} {row['forecasts']:>10} {row['missed']:>7} {row['brier']:>8}"
              f" {row['usualBrier']:>8} {row['skillPercent']:>5}%")
    print(f"{'chance':>12} {'forecasts':>10} {'expected':>9} {'missed':>7}")
    for row in quality["tenths"]:
        print(f"{row['fromPercent']:>8}-{row['toPercent']:>3} {row['forecasts']:>10} {row['expectedPercent']:>8}%"
              f" {row['missedPercent']:>6}%")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schools", type=int, default=20, help="of each of the three municipalities")
    parser.add_argument("--items", type=int, default=3)
    parser.add_argument("--months", type=int, default=12)
    parser.add_argument("--seed", default="2026")
    parser.add_argument("--port", type=int, default=8674)
    parser.add_argument("--build", default=str(ROOT / "build" / "release"))
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="vekha-forecast-year-") as folder:
        stack = Stack.create(pathlib.Path(folder) / "stack", arguments.port, arguments.build)
        try:
            began = time.monotonic()
            year = ForecastYear(stack, arguments.seed, arguments.schools, arguments.items, arguments.months)
            year.play()
            year.wait_counted()
            print(f"seed {arguments.seed}: {len(year.schools)} schools, {len(year.items)} items,"
                  f" {arguments.months} rounds, played in {time.monotonic() - began:.0f} s")
            quality = year.quality()
            show(quality)
            whole = quality["rows"][0]
            wrong = (whole["forecasts"], whole["missed"], whole["brier"], whole["usualBrier"]) != year.oracle.brier()
            print("computed again from the acts alone:", "different" if wrong else "the same", year.oracle.brier())
            year.close()
        finally:
            stack.remove()
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
