"""The feed for regional dashboards over ZeroMQ: keys of a territory, resumption by number, revocation (I1, S2.49, S2.51)."""
import collections
import json
import os
import pathlib
import subprocess
import sys

import pytest
import zmq

from builders import item
from feed import Subscriber, make_messages, messages, new_pair
from vekha_client import Problem
from waiting import eventually


@pytest.fixture(scope="module")
def scene(world):
    """Two municipalities with a school each that may send."""
    world.stack.configure("--feed")
    region = world.region(municipalities=2, schools=1)
    round_ = world.open_round(region, [item(f"i{number}") for number in range(7)], organisations=2)
    world.wait_until_heard("reporting", "auth")
    return region, round_, [world.respondent(code) for code in region.schools]


@pytest.fixture(scope="module")
def door(world, scene):
    return world.administrator.get("/api/v1/feed/keys")


def issue(world, territory, name="Витрина"):
    pair = new_pair()
    key = world.administrator.post("/api/v1/feed/keys", {"name": name, "territory": territory,
                                                         "publicKey": pair[0].decode()})
    return pair, key


def send(world, scene, school, item_code):
    _, round_, respondents = scene
    return world.send(respondents[school], world.assignment(respondents[school], item_code, round_["roundId"]), "1")


def audited(world, act):
    records = world.administrator.get("/api/v1/audit", query={"act": act})["records"]
    return [(record["detail"], record["organisationId"]) for record in records]


def told(events):
    return [(event.state, event.organisation_path) for event in events]


def test_a_key_reads_its_territory_and_no_other(world, scene, door):
    """A topic is no right: what is foreign is refused, and nothing of it is ever in an answer."""
    region = scene[0]
    mine, foreign = region.schools
    pair, key = issue(world, region.municipalities[0].code)
    assert (key["territory"], key["territoryName"]) == (region.municipalities[0].code, region.municipalities[0].name)
    whole, _ = issue(world, region.code)
    with Subscriber(door, pair) as own, Subscriber(door, whole) as all_of_it:
        start = all_of_it.read(from_now=True).after
        assert own.read(from_now=True).after >= start
        send(world, scene, 1, "i0")
        sent = send(world, scene, 0, "i0")
        everything, after = all_of_it.collect(4, start)
        assert sorted(told(everything)) == sorted((state, path) for path in (mine, foreign)
                                                  for state in ("draft", "in_review"))
        numbers = [event.number for event in everything]
        assert numbers == sorted(set(numbers)) and numbers[-1] <= after
        ours, _ = own.collect(2, start)
        assert told(ours) == [("draft", mine), ("in_review", mine)]
        assert ours[-1].assignment_id == sent["assignmentId"]
        assert {field.name for field, _ in ours[0].ListFields()} == {
            "number", "assignment_id", "organisation_id", "organisation_path", "round_id", "item_id", "state", "at"}
        for territory in (foreign, region.municipalities[1].code, region.code, "*", region.municipalities[0].code[:-1]):
            refused = own.read(start, territory=territory)
            assert refused.refusal == messages.REFUSAL_TERRITORY and not refused.events
        part, _ = all_of_it.collect(2, start, territory=region.municipalities[1].code)
        assert told(part) == [("draft", foreign), ("in_review", foreign)]
    seen = eventually(lambda: [one for one in world.administrator.get("/api/v1/feed/keys")["keys"]
                               if one["feedKeyId"] == key["feedKeyId"]][0].get("lastSeenAt"), what="the key was seen")
    assert seen.startswith(str(world.stack.now().year))


def test_a_key_opens_the_door_as_soon_as_it_is_issued(world, scene, door):
    """Before anybody has told the door of it: libzmq never tries again with a socket that was refused."""
    for _ in range(10):
        pair, _ = issue(world, scene[0].code)
        with Subscriber(door, pair) as subscriber:
            assert subscriber.read(from_now=True) is not None


def test_who_has_no_key_gets_no_further_than_the_handshake(world, scene, door):
    """CURVE alone lets every key in: here the door's keeper refuses, and a socket without CURVE gets nothing."""
    with Subscriber(door, new_pair()) as stranger:
        stranger.ask()
        assert stranger.is_refused(zmq.EVENT_HANDSHAKE_FAILED_AUTH)
        assert stranger.answer(0.3) is None
    with Subscriber(door, None) as bare:
        bare.ask()
        assert bare.is_refused(zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL)
        assert bare.answer(0.3) is None
    # A service's own key is no subscriber's.
    keys = world.stack.folder / "keys"
    public = (keys / "public" / "review.pub").read_text().split()[-1].encode()
    secret = (keys / "review.key").read_text().split()[-1].encode()
    with Subscriber(door, (public, secret)) as service:
        service.ask()
        assert service.is_refused(zmq.EVENT_HANDSHAKE_FAILED_AUTH)


def test_a_revoked_key_gets_nothing_more(world, scene, door):
    region = scene[0]
    pair, key = issue(world, region.code, "Отзываемая")
    other, _ = issue(world, region.code)
    with Subscriber(door, pair) as revoked, Subscriber(door, other) as holder:
        start = holder.read(from_now=True).after
        revoked.ask(start)
        gone = world.administrator.delete("/api/v1/feed/keys/{id}", id=key["feedKeyId"])
        assert gone["revokedAt"]
        assert world.administrator.delete("/api/v1/feed/keys/{id}", id=key["feedKeyId"])["revokedAt"] == gone["revokedAt"]
        last = revoked.answer()
        assert last.refusal == messages.REFUSAL_REVOKED and not last.events
        send(world, scene, 0, "i1")
        holder.collect(2, start)
        # The connection stands, and is of no use.
        again = revoked.read(0)
        assert again.refusal == messages.REFUSAL_REVOKED and not again.events and not again.after
    with Subscriber(door, pair) as returned:
        returned.ask()
        assert returned.is_refused(zmq.EVENT_HANDSHAKE_FAILED_AUTH)
    with pytest.raises(Problem) as problem:
        world.administrator.post("/api/v1/feed/keys", {"name": "Снова", "territory": region.code,
                                                       "publicKey": pair[0].decode()})
    assert (problem.value.status, problem.value.code) == (409, "known_key")
    for act in ("feed_key_issued", "feed_key_revoked"):
        eventually(lambda of=act: ("Отзываемая", region.ids[region.code]) in audited(world, of), what=f"audit of {act}")


def test_what_is_no_key_and_no_territory_is_refused(world, scene):
    region = scene[0]
    good = new_pair()[0].decode()
    for body, field in (({"territory": "nowhere", "publicKey": good}, "territory"),
                        ({"territory": region.schools[0], "publicKey": good}, "territory"),
                        ({"territory": region.code, "publicKey": "~" * 40}, "publicKey"),
                        ({"territory": region.code, "publicKey": "0" * 40}, "publicKey"),
                        ({"territory": region.code, "publicKey": good[:-1]}, "publicKey")):
        with pytest.raises(Problem) as problem:
            world.administrator.post("/api/v1/feed/keys", {"name": "Витрина", **body})
        assert field in problem.value.fields, body


def test_nothing_is_missing_or_told_twice_when_the_process_dies(world, scene, door):
    """kill -9 between two answers: the number goes on where it was, at the other replica or at the one that is back."""
    region = scene[0]
    stack = world.stack
    pair, _ = issue(world, region.code)
    stack.configure("--feed", "--replicas", "reporting=2")
    try:
        second = world.administrator.get("/api/v1/feed/keys")["serverKey"]
        assert second == door["serverKey"]
        addresses = [f"tcp://127.0.0.1:{stack.port + 7}", f"tcp://127.0.0.1:{stack.port + 8}"]
        with Subscriber(door, pair) as one:
            after = one.read(from_now=True).after
        heard = []

        def hear(address, count):
            nonlocal after
            with Subscriber(door, pair, address) as subscriber:
                events, after = subscriber.collect(count, after)
                heard.extend(events)
        send(world, scene, 0, "i2")
        hear(addresses[0], 1)
        stack.kill("reporting")
        send(world, scene, 1, "i2")
        hear(addresses[1], 4 - len(heard))
        stack.start("reporting")
        send(world, scene, 0, "i3")
        stack.kill("reporting.2")
        hear(addresses[0], 6 - len(heard))
    finally:
        stack.configure("--replicas", "reporting=1")
    assert sorted(told(heard)) == sorted((state, region.schools[school]) for school in (0, 1, 0)
                                         for state in ("draft", "in_review"))
    numbers = [event.number for event in heard]
    assert numbers == sorted(set(numbers))
    # From the beginning it is the same.
    with Subscriber(door, pair) as again:
        events, _ = again.collect(len(heard), numbers[0] - 1, limit=2)
    assert [event.number for event in events] == numbers


def resident_kib(world):
    status = (pathlib.Path("/proc") / str(world.stack.pid("reporting")) / "status").read_text()
    return int(status.split("VmRSS:")[1].split()[0])


def growth_limit_kib(world):
    # AddressSanitizer keeps what was freed.
    maps = (pathlib.Path("/proc") / str(world.stack.pid("reporting")) / "maps").read_text()
    return (512 if "libasan" in maps else 24) * 1024


def test_who_asks_without_reading_takes_neither_time_nor_memory(world, scene, door):
    """What such a subscriber is sent is limited; another one hears everything, and it goes on where it was when it reads."""
    pair, _ = issue(world, "*")
    with Subscriber(door, pair) as stuck, Subscriber(door, pair) as other:
        start = other.read(from_now=True).after
        recent = max(0, start - 2000)  # the door has it at hand
        before = resident_kib(world)
        # Far more answers than the sockets of both sides hold, were each of them given.
        for _ in range(100000):
            stuck.ask(recent)
        sent = send(world, scene, 0, "i5")
        heard, _ = other.collect(2, start)
        assert [event.assignment_id for event in heard] == [sent["assignmentId"]] * 2
        assert resident_kib(world) - before < growth_limit_kib(world)
        assert stuck.answer().events


def test_what_is_no_longer_in_memory_comes_from_the_rows(world, scene, door):
    """A page at a time, whose number moves on even when nothing of it is the subscriber's."""
    region = scene[0]
    foreign, mine = region.schools
    pair, _ = issue(world, region.municipalities[1].code)
    whole, _ = issue(world, region.code)
    send(world, scene, 1, "i3")
    send(world, scene, 0, "i4")
    with Subscriber(door, whole) as subscriber:
        known, _ = subscriber.collect(4, 0)
        while known[-1].organisation_path != foreign or known[-1].state != "in_review":
            known += subscriber.collect(1, known[-1].number)[0]
    world.stack.configure("--set", "reporting.feed_begin_events=1")
    try:
        with Subscriber(door, pair) as subscriber:
            events, after = [], 0
            while after < known[-1].number:
                batch = subscriber.read(after, limit=2, wait_ms=100)
                assert after < batch.after <= after + 2 or batch.after >= known[-1].number
                events, after = events + list(batch.events), batch.after
    finally:
        world.stack.configure("--set", "reporting.feed_begin_events=4096")
    assert told(events) == [one for one in told(known) if one[1] == mine]
    assert len(events) >= 2


STATES = ["empty", "draft", "in_review", "accepted", "rejected"]
EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "deploy" / "feed"


def counted_by_python(path):
    known = json.loads(path.read_text())
    return known["after"], [known["counters"].get(state, 0) for state in STATES]


def counted_by_c(path):
    after, *counters = map(int, path.read_text().split())
    return after, counters


def test_the_examples_count_everything_once_however_often_they_die(world, scene, door, tmp_path):
    """deploy/feed as it is handed to subscribers, in Python and in C: killed, started again, told that the key is revoked."""
    make_messages(tmp_path)
    pair, key = issue(world, scene[0].code)
    keys = tmp_path / "keys"
    keys.write_bytes(b"\n".join(pair) + b"\n")
    build = pathlib.Path(world.stack.settings["build"])
    address = door["addresses"][0]
    commands = [
        ([sys.executable, EXAMPLES / "watch.py", "--memory", tmp_path / "of-python", keys, door["serverKey"], address],
         tmp_path / "of-python", counted_by_python),
        ([build / "bin" / "vekha-feed-watch", keys, door["serverKey"], address, tmp_path / "of-c"],
         tmp_path / "of-c", counted_by_c)]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONDONTWRITEBYTECODE": "1"}

    def start():
        return [subprocess.Popen([str(part) for part in command], env=environment, stdout=subprocess.DEVNULL,
                                 stderr=subprocess.PIPE, text=True) for command, _, _ in commands]

    def wait_for_all(least=0):
        with Subscriber(door, pair) as subscriber:
            head = subscriber.read(from_now=True).after
            events, after = [], 0
            while after < head or len(events) < least:
                batch = subscriber.read(after, wait_ms=100)
                events, after = events + list(batch.events), batch.after
        counts = collections.Counter(event.state for event in events)
        expected = [counts[state] for state in STATES]
        for _, path, read in commands:
            def has_counted(of=path, how=read):
                assert of.exists() and how(of)[1] == expected, of.exists() and how(of)
                return True
            eventually(has_counted, 15, what=f"{path.name} has counted {expected} up to {head}")
        return sum(expected)
    running = start()
    try:
        before = wait_for_all()
        for process in running:
            process.kill()
            process.communicate()
        world.reject(world.operator(scene[0].code), send(world, scene, 0, "i6"))
        running = start()
        assert wait_for_all(before + 3) == before + 3
        world.administrator.delete("/api/v1/feed/keys/{id}", id=key["feedKeyId"])
        assert [process.wait(20) for process in running] == [1, 1]
    finally:
        for process in running:
            process.kill()
            process.communicate()
