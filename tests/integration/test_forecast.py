"""The forecast of missed dates: what it says, why, to whom, and how good it was in a simulated year (I4). scripts/forecast-year
plays larger ones."""
import csv
import datetime
import io
import math
import pathlib
import sys

import pytest

from builders import item
from test_report_files import file_of
from waiting import eventually

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "year"))

from forecast_year import CASES_MIN, POINTS, ForecastYear, show  # noqa: E402

SEED = "schools of 2026"
TODAY = 14
PROVED = ("rate", "programme_id, unit, days, stands"), ("quality", "programme_id, days, tenth"), (
    "made", "round_id, due_at, assignment_id, days")


@pytest.fixture(scope="module")
def year(own_stack):
    """Twelve months are over, the thirteenth is under way."""
    print(f"seed: {SEED}")
    played = ForecastYear(own_stack, SEED, schools=3, items=2)
    played.play()
    played.month(13, TODAY)
    played.stack.set_clock(played.moment(13, TODAY, 12))
    played.enter(played.world.administrator)
    played.municipal = played.world.coordinator(played.region.authorities[2])
    played.wait_counted()
    yield played
    played.close()


def ask(year, who=None, what="", **query):
    who = year.enter(who or year.coordinator)
    return who.get("/api/v1/reports/forecast" + what, query={"round_id": year.round_id, **query})


def expected(year):
    """path -> {item: percent} of the unfinished, from the acts alone"""
    now = year.stack.now()
    left = math.ceil((year.due_at - now) / datetime.timedelta(days=1))
    days = max(one for one in POINTS if one <= left)
    found = {}
    for path, code, _, stands, chance, _ in year.oracle.forecast(year.asked, now, days):
        if stands != "accepted":
            found.setdefault(path, {})[code] = min(99, max(1, int(chance * 100 + chance.__class__("0.5"))))
    return found, days


def test_better_than_the_usual_share(year):
    """Brier score and skill, as the acts of the year alone give them; whom forecasts doubted more was late more often."""
    quality = ask(year, what="/quality")
    show(quality)
    assert [row["days"] for row in quality["rows"]] == [0, 1, 2, 3, 5, 7, 10, 14]
    for row in quality["rows"]:
        count, missed, ours, usual = year.oracle.brier(row["days"] or None)
        assert (row["forecasts"], row["missed"], row["brier"], row["usualBrier"]) == (count, missed, ours, usual)
        assert float(ours) < float(usual)
        assert int(row["skillPercent"]) == pytest.approx(100 - 100 * float(ours) / float(usual), abs=1)
    assert sum(tenth["forecasts"] for tenth in quality["tenths"]) == quality["rows"][0]["forecasts"] > 1000
    below = [one for one in quality["tenths"] if one["toPercent"] <= 50]
    above = [one for one in quality["tenths"] if one["fromPercent"] >= 50]

    def share(tenths):
        return sum(float(one["missedPercent"]) * one["forecasts"] for one in tenths) / sum(one["forecasts"] for one in tenths)
    assert share(below) < 25 and share(above) > 55


def test_the_same_however_late_it_is_made(year):
    """The year worked on at once, months later, gives every rate and every forecast that it gave day by day."""
    def all_of(name, order):
        return year.stack.rows("reporting", f"SELECT * FROM forecast_{name} ORDER BY {order}")
    before = [all_of(*one) for one in PROVED]
    assert all(before)
    year.stack.rows("reporting", "BEGIN; LOCK forecast_round; TRUNCATE forecast_made, forecast_rate, forecast_quality,"
                    " forecast_round; COMMIT")
    year.wait_counted()
    assert [all_of(*one) for one in PROVED] == before


def test_whom_to_call_first(year):
    """Organisations by the chance of their most doubtful answer; who has sent everything is doubted little or not at all."""
    found, _ = expected(year)
    reply = ask(year)
    rows = {row["path"]: row for row in reply["rows"]}
    assert {path: row["percent"] for path, row in rows.items()} == {path: max(of.values()) for path, of in found.items()}
    percents = [row["percent"] for row in reply["rows"]]
    assert percents == sorted(percents, reverse=True) and percents[0] >= 60
    counted = {name: sum(row["outlook"] == name for row in reply["rows"]) for name in ("late", "doubtful", "in_time")}
    assert counted == {"late": reply["late"], "doubtful": reply["doubtful"], "in_time": reply["inTime"]}
    assert reply["cases"] >= reply["casesNeeded"] == CASES_MIN and reply["without"] == 0
    for path, row in rows.items():
        assert row["unfinished"] == len(found[path])
        assert row["atRisk"] == sum(percent >= 50 for percent in found[path].values())
        assert row["contact"]["phone"] and row["daysLeft"] == 8
    # Page by page, and from a chance on.
    pages, after = [], ""
    while True:
        page = ask(year, limit=5, after=after)
        assert (page["late"], page["inTime"]) == (reply["late"], reply["inTime"])
        pages += page["rows"]
        after = page.get("nextAfter")
        if not after:
            break
    assert pages == reply["rows"]
    assert ask(year, at_least_percent=60)["rows"] == [row for row in reply["rows"] if row["percent"] >= 60]


def test_reasons_in_words(year):
    """Where it stands, the shares it rests on, and what else is known; Russian or English."""
    _, days = expected(year)
    rows = ask(year)["rows"]
    worst = next(row for row in rows if row["reasons"][0]["code"] == "nothing_sent")
    missed, cases = year.oracle.of(worst["path"], days, "idle")
    near_missed, near_cases = year.oracle.of(worst["path"].rsplit(".", 1)[0], days, "idle")
    reasons = {one["code"]: one for one in worst["reasons"]}
    assert reasons["nothing_sent"]["of"] == 2
    assert reasons["nothing_sent"]["text"] == "Не отправлено ничего из 2 к этому сроку"
    assert (reasons["own_share"]["count"], reasons["own_share"]["of"], reasons["own_share"]["days"]) == (missed, cases, days)
    assert reasons["own_share"]["text"] == (f"Эта организация: за {days} дней до срока в таком же положении не успели в"
                                            f" {missed} из {cases} случаев")
    if cases < 10:
        assert (reasons["municipality_share"]["count"], reasons["municipality_share"]["of"]) == (near_missed, near_cases)
    seen = year.stack.value("reporting", "SELECT last_login_at FROM organisation WHERE path = %s", worst["path"])
    away = (year.stack.now() - seen).days
    assert ("not_seen" in reasons) == (away >= 3)
    if away >= 3:
        assert reasons["not_seen"]["days"] == away
    waiting = next(row for row in rows if row["reasons"][0]["code"] == "under_review")
    assert waiting["outlook"] == "in_time"
    assert any(one["code"] == "review_days" and one["days"] == 2 for one in waiting["reasons"])
    english = year.world.client("en")
    english.login(year.coordinator.login_name, year.coordinator.password)
    reply = english.get("/api/v1/reports/forecast", query={"round_id": year.round_id})
    texts = [reason["text"] for row in reply["rows"] for reason in row["reasons"]]
    assert "Nothing of the 2 due then is sent" in texts
    assert [row["percent"] for row in reply["rows"]] == [row["percent"] for row in rows]


def test_to_each_their_own(year):
    """A municipality sees its schools, a school its own answers with the reason, strangers nothing."""
    found, _ = expected(year)
    own = year.region.municipalities[2]
    municipal = ask(year, year.municipal)
    assert {row["path"] for row in municipal["rows"]} == {path for path in found if path in own.schools}
    whole = [row for row in ask(year)["rows"] if row["path"] in own.schools]
    assert [(row["path"], row["percent"]) for row in whole] == [(row["path"], row["percent"]) for row in municipal["rows"]]
    units = ask(year, municipality_id=year.region.ids[own.code])["rows"]
    assert [row["path"] for row in units] == [row["path"] for row in whole]

    path = max(found, key=lambda one: max(found[one].values()))
    items = ask(year, year.people[path], "/items")["items"]
    assert {(one["path"], one["itemCode"]): one["percent"] for one in items} == {
        (path, code): percent for code, percent in found[path].items()}
    assert all(one["reasons"] and one["dueAt"] for one in items)
    others = ask(year, what="/items", organisation_id=year.region.ids[path])["items"]
    assert [one["percent"] for one in others] == [one["percent"] for one in items]
    everything = ask(year, what="/items", limit=500)["items"]
    assert len(everything) == sum(len(of) for of in found.values())
    foreign = year.region.ids[year.schools[0].code]
    assert ask(year, year.people[path], "/items", organisation_id=foreign)["items"] == []
    for what in ("", "/quality"):
        assert year.people[path].ask("GET", "/api/v1/reports/forecast" + what,
                                     query={"round_id": year.round_id}).status == 403


def test_as_a_file_and_in_the_audit(year):
    reply = ask(year, at_least_percent=30)
    content = file_of(year.coordinator, year, "forecast", "csv", atLeastPercent=30).bytes
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))
    head = lines[0]
    assert [line[head.index("Не успеет, %")] for line in lines[1:]] == [str(row["percent"]) for row in reply["rows"]]
    assert [line[head.index("Почему")] for line in lines[1:]] == [
        ", ".join(reason["text"] for reason in row["reasons"]) for row in reply["rows"]]

    def told():
        year.enter(year.world.administrator)
        return year.world.administrator.get("/api/v1/audit", query={"act": "forecast_report_read"})["records"]
    eventually(told, 15, what="the audit knows who was shown contacts")


def test_nothing_is_said_from_too_little(year):
    """Another programme has no past of its own."""
    year.enter(year.world.administrator)
    made = year.world.open_round(year.region, [item("fresh")], organisations=len(year.schools))
    year.settle()
    reply = year.enter(year.coordinator).get("/api/v1/reports/forecast", query={"round_id": made["roundId"]})
    assert reply.get("rows", []) == [] and reply["cases"] == 0
    assert reply["without"] == len(year.schools)


def test_what_is_over_is_no_forecast(year):
    """Last: the clock goes behind the date."""
    year.stack.set_clock(year.due_at + datetime.timedelta(hours=1))
    reply = ask(year)
    assert reply.get("rows", []) == [] and reply["late"] == reply["doubtful"] == reply["inTime"] == reply["without"] == 0
