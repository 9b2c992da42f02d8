"""Sessions: fresh tokens, several of them, ending one or all; what an administrator ends."""
import base64
import hashlib

import pytest

from builders import new_password
from vekha_client import Problem
from waiting import eventually


@pytest.fixture(scope="module")
def region(own_world):
    own_world.administrator.login("admin", own_world.administrator.password)
    return own_world.region(municipalities=1, schools=12)


@pytest.fixture(autouse=True)
def administrator(own_world):
    """Logged in again: tests move the clock."""
    own_world.administrator.login("admin", own_world.administrator.password)
    return own_world.administrator


@pytest.fixture
def person(administrator, own_world, region):
    taken = region.__dict__.setdefault("taken", iter(region.schools))
    return own_world.respondent(next(taken))


def again(world, person):
    """The same person at another place."""
    client = world.client()
    client.login(person.login_name, person.password)
    client.login_name = person.login_name
    return client


def is_alive(client):
    return client.ask("GET", "/api/v1/session").status == 200


def refused_refresh(client, token):
    reply = client.ask("POST", "/api/v1/session:refresh", {"refreshToken": token}, headers={"Authorization": None})
    assert (reply.status, reply.document["code"]) == (401, "session_ended")


def test_a_refresh_rotates_and_a_retry_gets_the_same(own_world, person):
    old = person.refresh_token
    first = person.refresh()
    assert first["refreshToken"] != old and first["account"]["login"] == person.login_name
    person.refresh_token = old
    assert person.refresh()["refreshToken"] == first["refreshToken"]
    assert person.refresh()["refreshToken"] not in (old, first["refreshToken"])
    assert is_alive(person)


def test_a_stolen_refresh_token_ends_the_session(own_stack, own_world, person):
    stolen = person.refresh_token
    person.refresh()
    other = again(own_world, person)
    own_stack.advance(seconds=31)
    refused_refresh(own_world.client(), stolen)
    refused_refresh(own_world.client(), person.refresh_token)
    assert is_alive(other)
    # The gateways hear of it without anybody's help.
    eventually(lambda: person.ask("GET", "/api/v1/assignments").status == 401, 5, what="the access token is refused")


def test_sessions_end_after_twelve_idle_hours_and_after_seven_days(own_stack, own_world, person):
    own_stack.advance(hours=11, minutes=59)
    person.refresh()
    idle = again(own_world, person)
    for _ in range(13):
        own_stack.advance(hours=11, minutes=30)
        person.refresh()
    refused_refresh(own_world.client(), idle.refresh_token)
    own_stack.advance(hours=7)
    refused_refresh(own_world.client(), person.refresh_token)


def test_an_access_token_lives_a_quarter_of_an_hour(own_stack, person):
    assert is_alive(person)
    own_stack.advance(minutes=14)
    assert is_alive(person)
    own_stack.advance(minutes=2)
    assert person.ask("GET", "/api/v1/session").status == 401
    person.refresh()
    assert is_alive(person)


def test_tokens_are_stored_as_hashes_only(own_stack, person):
    assert len(base64.urlsafe_b64decode(person.refresh_token + "=")) == 32
    hashed = hashlib.sha256(person.refresh_token.encode()).hexdigest()
    assert own_stack.value("auth", "SELECT count(*) FROM refresh_token WHERE token_hash = %s", hashed) == 1
    rows = own_stack.rows("auth", "SELECT token_hash || coalesce(encode(sealed_next, 'hex'), '') AS text"
                                  " FROM refresh_token")
    raw = base64.urlsafe_b64decode(person.refresh_token + "=").hex()
    assert not [row for row in rows if person.refresh_token in row["text"] or raw in row["text"]]
    hashes = own_stack.rows("auth", "SELECT DISTINCT split_part(password_hash, '$', 2) || split_part(password_hash, '$', 4)"
                                    " AS kind FROM account WHERE NOT one_time")
    assert [row["kind"] for row in hashes] == ["argon2idm=65536,t=3,p=1"]


def test_a_forged_token_is_nobody(own_world, person):
    packed = bytearray(base64.urlsafe_b64decode(person.token + "=" * (-len(person.token) % 4)))
    for position in [3, len(packed) // 2, len(packed) - 1]:
        forged = bytearray(packed)
        forged[position] ^= 1
        token = base64.urlsafe_b64encode(bytes(forged)).decode().rstrip("=")
        reply = person.ask("GET", "/api/v1/session", headers={"Authorization": "Bearer " + token})
        assert reply.status == 401


def test_sessions_are_listed_and_ended_one_by_one(own_world, person):
    other = again(own_world, person)
    sessions = person.get("/api/v1/sessions")["sessions"]
    assert len(sessions) == 2 and [one for one in sessions if one["current"]][0]["clientAddress"]
    other_id = [one for one in sessions if not one["current"]][0]["sessionId"]
    person.delete("/api/v1/sessions/{id}", id=other_id)
    assert not is_alive(other) and is_alive(person)
    refused_refresh(own_world.client(), other.refresh_token)
    with pytest.raises(Problem) as gone:
        person.delete("/api/v1/sessions/{id}", id=other_id)
    assert gone.value.status == 404


def test_nobody_ends_somebody_elses_session(own_world, region, person):
    stranger = own_world.operator(region.code) if not hasattr(region, "operator") else region.operator
    region.operator = stranger
    session = person.get("/api/v1/sessions")["sessions"][0]["sessionId"]
    with pytest.raises(Problem) as refused:
        stranger.delete("/api/v1/sessions/{id}", id=session)
    assert refused.value.status == 404
    assert is_alive(person)


def test_logout_and_logout_everywhere(own_world, person):
    other, third = again(own_world, person), again(own_world, person)
    token, refresh = third.token, third.refresh_token
    third.logout()
    third.token = token
    assert not is_alive(third)
    refused_refresh(own_world.client(), refresh)
    assert person.post("/api/v1/sessions:revokeAll")["revoked"] == 2
    assert not is_alive(other) and not is_alive(person)


def test_a_password_change_ends_the_other_sessions(own_world, person):
    other = again(own_world, person)
    before = person.refresh_token
    person.change_password(new_password())
    assert is_alive(person) and not is_alive(other)
    refused_refresh(own_world.client(), other.refresh_token)
    refused_refresh(own_world.client(), before)
    person.refresh()
    assert is_alive(person)


def test_a_closed_account_is_out_at_once_and_may_come_back(administrator, own_world, person):
    administrator.put("/api/v1/accounts/{id}/closed", {"closed": True}, id=person.account_id)
    assert not is_alive(person)
    refused_refresh(own_world.client(), person.refresh_token)
    with pytest.raises(Problem) as refused:
        own_world.client().login(person.login_name, person.password)
    assert (refused.value.status, refused.value.code) == (401, "wrong_login_or_password")
    administrator.put("/api/v1/accounts/{id}/closed", {"closed": False}, id=person.account_id)
    assert is_alive(again(own_world, person))


def test_an_administrator_cannot_close_the_own_account(administrator):
    with pytest.raises(Problem) as refused:
        administrator.put("/api/v1/accounts/{id}/closed", {"closed": True}, id=administrator.account["accountId"])
    assert (refused.value.status, refused.value.code) == (409, "own_account")


def test_a_reset_password_ends_all_sessions(administrator, own_world, person):
    administrator.post("/api/v1/accounts/{id}:resetPassword", id=person.account_id)
    assert not is_alive(person)
    refused_refresh(own_world.client(), person.refresh_token)
