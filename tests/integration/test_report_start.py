"""«Отчёт о начале»: who has started, who has not, whom to call (S2.50, S2.53-S2.55, S2.63)."""
import pytest

from builders import item
from vekha_client import Problem
from waiting import eventually


@pytest.fixture(scope="module")
def scene(world):
    """Three schools and an authority are asked, and the superior organisation; one school starts."""
    region = world.region(municipalities=2, schools=2)
    round_ = world.open_round(region, [
        item("one"),
        item("authorities", participants={"selector": "all_authorities"}),
        item("superior", participants={"selector": "listed", "codes": [region.superior]}),
    ], organisations=7)
    coordinator = world.coordinator(region.code)
    world.respondent(region.schools[0], {"familyName": "Сидоров", "email": "sidorov@demo.example"})
    world.respondent(region.superior)
    return region, round_, coordinator


def start_report(client, round_, **query):
    return client.get("/api/v1/reports/start", query={"round_id": round_["roundId"], **query})


def wait_started(scene):
    _, round_, coordinator = scene

    def seen():
        report = start_report(coordinator, round_)
        return report if (report["started"], report["notStarted"], report["other"]) == (1, 5, 1) else None
    return eventually(seen, what="the start report counts one school")


def test_groups_and_counters(scene):
    """S2.54: not started, started, other organisations; each organisation in one of them."""
    report = wait_started(scene)
    assert len(report["rows"]) == 7
    groups = [row["group"] for row in report["rows"]]
    assert (groups.count("started"), groups.count("not_started"), groups.count("other")) == (1, 5, 1)
    assert [row["path"] for row in report["rows"]] == sorted(row["path"] for row in report["rows"])


def test_rows_say_whom_to_call(scene):
    """S2.53, S2.55, S2.62: short name, INN, the person of the profile, else the organisation's own contact."""
    region, round_, coordinator = scene
    wait_started(scene)
    started = eventually(lambda: [row for row in start_report(coordinator, round_, group="started")["rows"]
                                  if row.get("contact", {}).get("name")], what="the profile arrives")[0]
    assert started["path"] == region.schools[0]
    assert started["contact"]["name"] == "Сидоров Анна Петровна"
    assert started["contact"]["email"] == "sidorov@demo.example"
    assert len(started["inn"]) == 10 and started["firstLoginAt"]
    silent = start_report(coordinator, round_, group="not_started")["rows"]
    school = [row for row in silent if row["path"] == region.schools[1]][0]
    assert school["contact"]["phone"] == "+7 351 555-00-01"
    assert school["contact"]["email"] == "school@demo.example"
    assert not school["contact"].get("name") and not school.get("firstLoginAt")


def test_as_of_a_day_before_nobody_has_started(scene, world):
    """S2.53 on a past day: the first login counts from its day on."""
    region, round_, coordinator = scene
    wait_started(scene)
    day = str(world.today(region.zone).replace(year=world.today().year - 1))
    report = start_report(coordinator, round_, as_of=day)
    assert (report["started"], report["notStarted"], report["other"]) == (0, 6, 1)
    assert report["asOf"] == day


def test_pages_by_path(scene):
    _, round_, coordinator = scene
    wait_started(scene)
    paths, after = [], None
    while True:
        page = start_report(coordinator, round_, limit=2, after_path=after)
        paths += [row["path"] for row in page["rows"]]
        after = page.get("nextAfterPath")
        if not after:
            break
    assert len(paths) == len(set(paths)) == 7 and paths == sorted(paths)


def test_municipal_coordinator_sees_his_municipality(scene, world):
    """S2.49-S2.51: the same cabinet at municipal and regional scope; others' rounds do not exist for him."""
    region, round_, _ = scene
    wait_started(scene)
    municipality = region.municipalities[0]
    coordinator = world.coordinator(municipality.authority)
    report = start_report(coordinator, round_)
    assert {row["path"] for row in report["rows"]} == {*municipality.schools, municipality.authority}
    assert report["started"] + report["notStarted"] + report["other"] == 3
    stranger = world.coordinator(world.region(municipalities=1, schools=1).authorities[0])
    reply = stranger.ask("GET", "/api/v1/reports/start", query={"round_id": round_["roundId"]})
    assert reply.status == 404


def test_filter_by_municipality(scene):
    region, round_, coordinator = scene
    wait_started(scene)
    municipality = region.municipalities[1]
    report = start_report(coordinator, round_, municipality_id=region.ids[municipality.code])
    assert {row["path"] for row in report["rows"]} == {*municipality.schools, municipality.authority}


def test_unknown_group_is_refused(scene):
    _, round_, coordinator = scene
    with pytest.raises(Problem) as refused:
        start_report(coordinator, round_, group="sleeping")
    assert refused.value.status == 422 and refused.value.fields == ["group"]


def test_respondents_have_no_reports(world, scene):
    """S2.48, S2.51: the reports are the coordinator's."""
    region, round_, _ = scene
    respondent = world.respondent(region.schools[2])
    reply = respondent.ask("GET", "/api/v1/reports/start", query={"round_id": round_["roundId"]})
    assert reply.status == 403
