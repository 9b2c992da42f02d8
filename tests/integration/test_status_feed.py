"""The public status feed: each change once, in order, scoped by territory, resumed by number (S2.49)."""
import pytest

from builders import item
from waiting import eventually


@pytest.fixture(scope="module")
def scene(world):
    region = world.region(municipalities=2, schools=1)
    round_ = world.open_round(region, [item("one")], organisations=2)
    return region, round_, world.operator(region.code)


def states_after(client, after=None, count=1):
    """The next `count` events as (state, path), and the last number."""
    with client.watch(after) as stream:
        events = [stream.next(lambda document: "state" in document) for _ in range(count)]
    return [(event["state"], event["organisationPath"]) for event in events], int(events[-1]["number"])


def test_changes_arrive_in_order_and_resume(world, scene):
    region, round_, operator = scene
    coordinator = world.coordinator(region.code)
    respondent = world.respondent(region.schools[0])
    with coordinator.watch(0) as stream:
        sent = world.send(respondent, world.assignment(respondent, "one", round_["roundId"]), "5")
        world.reject(operator, sent)
        mine = [stream.next(lambda document: document.get("assignmentId") == sent["assignmentId"]) for _ in range(3)]
    assert [event["state"] for event in mine] == ["draft", "in_review", "rejected"]
    numbers = [int(event["number"]) for event in mine]
    assert numbers == sorted(numbers)
    assert set(mine[0]) == {"number", "assignmentId", "organisationId", "organisationPath", "roundId", "itemId",
                            "state", "at"}
    resumed, last = states_after(coordinator, after=numbers[0], count=2)
    assert resumed == [("in_review", region.schools[0]), ("rejected", region.schools[0])]
    assert last == numbers[-1]


def test_territory_is_respected(world, scene):
    """S2.51: a municipality's coordinator sees nothing of the next one, a school only itself."""
    region, round_, _ = scene
    other = world.coordinator(region.authorities[1])
    neighbour = world.respondent(region.schools[1])
    sent = world.send(neighbour, world.assignment(neighbour, "one", round_["roundId"]), "6")
    states, last = states_after(other, after=0, count=2)
    assert states == [("draft", region.schools[1]), ("in_review", region.schools[1])]
    own, _ = states_after(neighbour, after=0, count=2)
    assert own == states
    assert sent["state"] == "in_review" and last > 0


def test_numbers_are_the_streams(stack, scene, world):
    """The feed's numbers are those of the numbered stream: no gaps in it, every event in it once."""
    del scene, world

    def is_whole():
        rows = stack.rows("reporting", """SELECT first_number, event_count,
            regexp_count(encode(batch, 'escape'), 'StatusChanged') AS changes FROM stream ORDER BY first_number""")
        expected = 1
        for row in rows:
            assert row["first_number"] == expected
            expected += row["event_count"]
        # Who was shown contacts is told in the same stream.
        changes = sum(row["changes"] for row in rows)
        return changes == stack.value("reporting", "SELECT count(*) FROM history WHERE assignment_id IS NOT NULL")
    eventually(is_whole, what="every change has its number")


def test_a_curator_hears_of_the_schools_bound_alone(world):
    """S1.6, S1.23: the queue of a curator changes while it is open; other schools of the territory stay silent."""
    region = world.region(municipalities=1, schools=2)
    round_ = world.curated_round(region, [item("one")])
    mine, foreign = (world.respondent(code) for code in region.schools)
    curator = world.curator(region.code, region.schools[:1])
    world.wait_until_heard("reporting", "auth")
    with curator.watch() as stream:
        unheard = world.send(foreign, world.assignment(foreign, "one", round_["roundId"]), "1")
        sent = world.send(mine, world.assignment(mine, "one", round_["roundId"]), "2")
        heard = [stream.next(lambda document: "state" in document) for _ in range(2)]
    assert [(one["assignmentId"], one["state"]) for one in heard] == [
        (sent["assignmentId"], "draft"), (sent["assignmentId"], "in_review")]
    # What came before the stream was open is asked for in the same way.
    world.bind(curator, region.schools[1:])
    world.wait_until_heard("reporting", "auth")
    earlier = []
    with curator.watch(0) as stream:
        stream.next(lambda document: earlier.append(document) or document.get("state") == "in_review")
    assert [one["assignmentId"] for one in earlier if "state" in one] == [unheard["assignmentId"]] * 2
