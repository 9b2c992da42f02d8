"""«Статистика» (S2.52, F8), and the kept counters against a recount of the rows behind them."""
import pytest

from builders import item
from waiting import eventually


@pytest.fixture(scope="module")
def scene(world):
    region = world.region(municipalities=2, schools=2)
    round_ = world.open_round(region, [item("one"), item("two")], organisations=4)
    operator = world.operator(region.code)
    coordinator = world.coordinator(region.code)
    first, second = (world.respondent(code) for code in region.schools[:2])
    accepted = world.send(first, world.assignment(first, "one", round_["roundId"]), "5")
    world.accept(operator, accepted)
    rejected = world.send(first, world.assignment(first, "two", round_["roundId"]), "6")
    world.reject(operator, rejected)
    world.send(second, world.assignment(second, "one", round_["roundId"]), "7")
    world.save(second, world.assignment(second, "two", round_["roundId"]), "8")
    return region, round_, coordinator


def statistics(scene, **query):
    _, round_, coordinator = scene
    return coordinator.get("/api/v1/reports/statistics", query={"round_id": round_["roundId"], **query})


def settled(scene):
    def done():
        reply = statistics(scene)
        every = reply["all"]
        return reply if [every[state] for state in ("empty", "draft", "inReview", "accepted", "rejected")] == [
            4, 1, 1, 1, 1] else None
    return eventually(done, 15, what="the statistics have settled")


def test_counters_by_municipality_section_and_day(scene, world):
    """S2.52, F8: the same data, counted by municipality, by group, and by day."""
    region, _, _ = scene
    reply = settled(scene)
    assert (reply["all"]["total"], reply["all"]["overdue"]) == (8, 0)
    assert [one["name"] for one in reply["municipalities"]] == [one.name for one in region.municipalities]
    assert [one["total"] for one in reply["municipalities"]] == [4, 4]
    assert [one["accepted"] for one in reply["municipalities"]] == [1, 0]
    assert [(one["name"], one["total"], one["rejected"]) for one in reply["sections"]] == [("Раздел 1", 8, 1)]
    assert reply["days"] == [{"day": str(world.today(region.zone)), "sent": 3, "accepted": 1, "rejected": 1}]
    assert reply["dueAt"]


def test_one_municipality_alone(scene):
    region, _, _ = scene
    settled(scene)
    reply = statistics(scene, municipality_id=region.ids[region.municipalities[1].code])
    assert (reply["all"]["total"], reply["all"]["empty"], reply["days"]) == (4, 4, [])


RECOUNT = """
    SELECT count(*) FROM counter k FULL JOIN (
        SELECT round_id, organisation_id, count(*) AS total, count(*) FILTER (WHERE state = 'empty') AS empty,
               count(*) FILTER (WHERE state = 'draft') AS draft,
               count(*) FILTER (WHERE state = 'in_review') AS in_review,
               count(*) FILTER (WHERE state = 'accepted') AS accepted,
               count(*) FILTER (WHERE state = 'rejected') AS rejected
          FROM cell GROUP BY round_id, organisation_id) c USING (round_id, organisation_id)
     WHERE (k.total, k.empty, k.draft, k.in_review, k.accepted, k.rejected)
        IS DISTINCT FROM (c.total, c.empty, c.draft, c.in_review, c.accepted, c.rejected)
"""
LAST_CHANGES = """
    SELECT count(*) FROM cell c LEFT JOIN LATERAL (
        SELECT h.state FROM history h WHERE h.assignment_id = c.assignment_id
         ORDER BY h.at DESC, h.number DESC LIMIT 1) h ON true
     WHERE c.state <> coalesce(h.state, 'empty')
"""


def test_counters_equal_a_recount(scene, stack):
    """Kept counters are the cells counted, and each cell is its history's last change."""
    settled(scene)
    assert stack.value("reporting", RECOUNT) == 0
    assert stack.value("reporting", LAST_CHANGES) == 0


def test_cells_equal_the_submissions_own_rows(scene, stack):
    """What events carried is what submissions has."""
    _, round_, _ = scene
    settled(scene)
    ours = stack.rows("reporting", "SELECT assignment_id::text, state FROM cell WHERE round_id = %s",
                      round_["roundId"])
    theirs = stack.rows("submissions", "SELECT assignment_id::text, state FROM assignment"
                        " WHERE assignment_id = ANY (%s::uuid[])", [row["assignment_id"] for row in ours])
    known = {row["assignment_id"]: "draft" if row["state"] == "ready" else row["state"] for row in theirs}
    assert {row["assignment_id"]: row["state"] for row in ours} == known and len(known) == 8


TABLES = ("organisation", "organisation_version", "cell", "counter", "history")


def test_row_level_security_stands_behind_the_reports(scene, stack):
    """S2.51, the second wall: the service's own role sees nothing without a territory, and no more than it with one."""
    region, _, _ = scene
    settled(scene)
    municipality = region.municipalities[0].code
    with stack.as_service("reporting").cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            assert cursor.fetchone()[0] == 0, table
        cursor.execute("SELECT set_config('vekha.scope', %s, false)", (municipality,))
        for table in TABLES:
            cursor.execute(f"SELECT count(*), bool_and(path = %s OR starts_with(path, %s)) FROM {table}",
                           (municipality, municipality + "."))
            assert cursor.fetchone()[1] is True, table
