"""Guessing passwords is slowed down, and cannot be used to lock a person out."""
import time

import pytest

PASSWORD_OF_NOBODY = "совсем не тот пароль"


@pytest.fixture(scope="module")
def world(own_stack, own_world):
    # Tests play people at many addresses.
    own_stack.configure("--set", "gateway.trust_forwarded_for=1")
    return own_world


@pytest.fixture(scope="module")
def region(world):
    return world.region(municipalities=1, schools=12)


@pytest.fixture(autouse=True)
def administrator(world):
    """Logged in again: tests move the clock."""
    world.administrator.login("admin", world.administrator.password)


@pytest.fixture
def issued(administrator, world, region):
    taken = region.__dict__.setdefault("taken", iter(region.schools))
    return world.issue("respondent", next(taken))


@pytest.fixture
def owner(world, issued):
    """Has a password of their own, set from 198.51.100.10."""
    client = world.client()
    client.login_name = issued["login"]
    reply = attempt(client, issued["login"], issued["oneTimePassword"], "198.51.100.10")
    assert reply.status == 200
    client.take_session(reply.document)
    client.password = issued["oneTimePassword"]
    client.change_password("розовый слон у тихой реки")
    return client


def attempt(client, login, password, address):
    return client.ask("POST", "/api/v1/session", {"login": login, "password": password},
                      headers={"X-Forwarded-For": address, "Authorization": None})


def fail_times(client, login, address, times):
    return [attempt(client, login, f"{PASSWORD_OF_NOBODY} {number}", address).status for number in range(times)]


def fail_up_to(own_stack, client, login, address, delay_s):
    """Fails until the next delay is so long. Shorter ones may be over on a slow machine before they are met."""
    fail_times(client, login, address, 5)
    expected_s = 1
    while expected_s < delay_s:
        if attempt(client, login, PASSWORD_OF_NOBODY, address).status == 429:
            own_stack.advance(seconds=expected_s)
            assert attempt(client, login, PASSWORD_OF_NOBODY, address).status == 401
        expected_s *= 2


def test_delays_double_and_are_told(own_stack, world, owner):
    client, login, address = world.client(), owner.login_name, "203.0.113.1"
    fail_up_to(own_stack, client, login, address, 32)
    waits = []
    for _ in range(4):
        refused = attempt(client, login, owner.password, address)
        assert (refused.status, refused.document["code"]) == (429, "too_many_attempts")
        waits.append(int(refused.headers["Retry-After"]))
        own_stack.advance(seconds=waits[-1])
        assert attempt(client, login, PASSWORD_OF_NOBODY, address).status == 401
    # What is left of the delay when the answer is made.
    assert all(full / 2 < wait <= full for wait, full in zip(waits, [32, 64, 128, 256])), waits
    # The longest delay is a quarter of an hour; then the right password opens.
    own_stack.advance(minutes=15)
    assert attempt(client, login, owner.password, address).status == 200
    assert attempt(client, login, PASSWORD_OF_NOBODY, address).status == 401


def test_failures_stay_though_the_command_failed(own_stack, world, owner):
    client, login, address = world.client(), owner.login_name, "203.0.113.20"
    fail_up_to(own_stack, client, login, address, 256)
    own_stack.restart("auth")
    refused = attempt(client, login, owner.password, address)
    assert (refused.status, refused.document["code"]) == (429, "too_many_attempts")


def test_guessing_from_elsewhere_does_not_lock_the_owner_out(own_stack, world, owner):
    attacker = world.client()
    # From many networks, so that the account's own counter fills.
    for network in range(8):
        fail_times(attacker, owner.login_name, f"203.0.{network}.7", 1)
    assert attempt(attacker, owner.login_name, owner.password, "203.0.99.7").status == 429
    assert attempt(world.client(), owner.login_name, owner.password, "198.51.100.77").status == 200


def test_guessing_does_not_stop_a_first_login_with_a_one_time_password(world, issued):
    attacker = world.client()
    for network in range(8):
        fail_times(attacker, issued["login"], f"203.0.{network}.9", 1)
    assert attempt(world.client(), issued["login"], issued["oneTimePassword"], "192.0.2.44").status == 200


def test_one_network_trying_many_logins_is_slowed_down(own_stack, world, issued):
    attacker = world.client()
    statuses = [attempt(attacker, f"no-such-{number}", PASSWORD_OF_NOBODY, f"2001:db8:7:7::{number:x}").status
                for number in range(1, 22)]
    assert statuses == [401] * 20 + [429]
    assert attempt(attacker, issued["login"], issued["oneTimePassword"], "2001:db8:7:7::99").status == 429
    assert attempt(attacker, issued["login"], issued["oneTimePassword"], "2001:db8:7:8::99").status == 200


def test_a_town_behind_one_address_is_forgiven_its_slips(world, region):
    clients = [world.issue("respondent", code) for code in region.schools[-3:]]
    client = world.client()
    for person in clients:
        for _ in range(8 // 2):
            assert attempt(client, person["login"], PASSWORD_OF_NOBODY, "192.0.2.200").status == 401
        assert attempt(client, person["login"], person["oneTimePassword"], "192.0.2.200").status == 200
    assert fail_times(client, "no-such-one", "192.0.2.200", 4) == [401] * 4


def test_refusals_do_not_tell_logins_apart(own_stack, world, region, owner):
    fresh = world.issue("curator", region.schools[1])
    closed = world.issue("curator", region.schools[0])
    world.administrator.put("/api/v1/accounts/{id}/closed", {"closed": True}, id=closed["accountId"])
    cases = {"wrong password": (owner.login_name, PASSWORD_OF_NOBODY), "unknown": ("no-such", PASSWORD_OF_NOBODY),
             "one-time": (fresh["login"], PASSWORD_OF_NOBODY), "closed": (closed["login"], closed["oneTimePassword"])}
    client, answers, times = world.client(), {}, {name: [] for name in cases}
    for turn in range(9):
        for number, (name, (login, password)) in enumerate(cases.items()):
            began = time.monotonic()
            reply = attempt(client, login, password, f"100.64.{turn * len(cases) + number}.1")
            times[name].append(time.monotonic() - began)
            assert reply.status == 401, (turn, name)
            answers[name] = {key: value for key, value in reply.document.items() if key not in ("instance", "traceId")}
        own_stack.advance(minutes=16)
    assert len({str(answer) for answer in answers.values()}) == 1
    # The fastest of each: what else the machine does only adds.
    fastest = {name: min(taken) for name, taken in times.items()}
    assert max(fastest.values()) - min(fastest.values()) < 0.5 * max(fastest.values()), fastest


def test_guessing_the_current_password_in_a_stolen_session_is_slowed_down(world, owner):
    statuses = []
    for number in range(6):
        body = {"currentPassword": f"{PASSWORD_OF_NOBODY} {number}", "newPassword": "синий кит летит домой"}
        statuses.append(owner.ask("POST", "/api/v1/session:changePassword", body).status)
    assert statuses == [422] * 5 + [429]
