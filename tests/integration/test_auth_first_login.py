"""From an issued login to an account that may work: S2.13, S2.14, S2.15, S2.16, S2.17, F3, F4."""
import datetime

import pytest

from builders import PROFILE, new_password
from vekha_client import Problem


@pytest.fixture(scope="module")
def region(world):
    return world.region(municipalities=1, schools=8)


@pytest.fixture
def issued(world, region, request):
    """An account nobody has used: each test takes another school."""
    taken = region.__dict__.setdefault("taken", iter(region.schools))
    return world.issue("respondent", next(taken))


def test_s2_13_accounts_are_issued_in_bulk_and_once(world):
    region = world.region(municipalities=1, schools=3)
    body = {"role": "ROLE_RESPONDENT", "kinds": ["school"], "belowPath": region.code, "limit": 2}
    first = world.administrator.post("/api/v1/accounts:issue", body)
    assert len(first["accounts"]) == 2 and first["remaining"] == 1
    second = world.administrator.post("/api/v1/accounts:issue", body)
    assert len(second["accounts"]) == 1 and second["remaining"] == 0
    assert world.administrator.post("/api/v1/accounts:issue", body).get("accounts", []) == []
    everybody = first["accounts"] + second["accounts"]
    assert [one["login"] for one in everybody] == [code.replace(".", "-") + "-r" for code in region.schools]
    assert len({one["oneTimePassword"] for one in everybody}) == 3
    assert all(len(one["oneTimePassword"]) == 16 for one in everybody)
    assert {one["organisationId"] for one in everybody} == {region.ids[code] for code in region.schools}


def test_a_repeated_issue_with_the_same_key_gives_the_same_passwords(world):
    region = world.region(municipalities=1, schools=1)
    body = {"role": "ROLE_RESPONDENT", "codes": region.schools}
    key = "5b0d6f2e-62ab-4bb4-9ad8-" + region.code[1:9] + "0000"
    first = world.administrator.post("/api/v1/accounts:issue", body, key=key)
    assert world.administrator.post("/api/v1/accounts:issue", body, key=key) == first


def test_an_issue_for_unknown_codes_or_unsuitable_kinds_is_refused(world, region):
    for body, word in [({"role": "ROLE_RESPONDENT", "codes": ["x.unknown"]}, "unknown_codes"),
                       ({"role": "ROLE_ADMINISTRATOR", "kinds": ["school"]}, "invalid"),
                       ({"role": "ROLE_RESPONDENT", "kinds": ["kiosk"]}, "invalid"),
                       ({"role": "ROLE_ANYONE", "kinds": ["school"]}, "invalid"),
                       ({"kinds": ["school"]}, "invalid")]:
        with pytest.raises(Problem) as refused:
            world.administrator.post("/api/v1/accounts:issue", body)
        assert (refused.value.status, refused.value.code) == (422, word), body


def test_s2_14_s2_15_s2_17_the_first_login_leads_through_password_and_profile(world, issued):
    client = world.client()
    session = client.login(issued["login"].upper() + " ", issued["oneTimePassword"])
    account = session["account"]
    assert account["passwordChangeRequired"] and account["profileRequired"]
    assert account["displayName"] == account["organisationName"]
    # Nothing else is open yet.
    for verb, path in [("GET", "/api/v1/assignments"), ("GET", "/api/v1/sessions")]:
        reply = client.ask(verb, path)
        assert (reply.status, reply.document["code"]) == (403, "entry_unfinished")
    assert client.get("/api/v1/profile").get("familyName", "") == ""

    after_change = client.change_password(new_password())["account"]
    assert not after_change["passwordChangeRequired"] and after_change["profileRequired"]
    assert client.ask("GET", "/api/v1/assignments").status == 403

    after_profile = client.save_profile(PROFILE)["account"]
    assert not after_profile["profileRequired"]
    assert after_profile["displayName"] == "Иванова Анна Петровна"
    assert client.ask("GET", "/api/v1/assignments").status == 200
    assert client.get("/api/v1/profile") == PROFILE
    assert client.get("/api/v1/session")["displayName"] == "Иванова Анна Петровна"


def test_s2_17_every_field_of_the_profile_is_checked(world, issued):
    client = world.client()
    client.login(issued["login"], issued["oneTimePassword"])
    for field in ["familyName", "givenName", "position", "phone", "email"]:
        with pytest.raises(Problem) as refused:
            client.save_profile({**PROFILE, field: " "})
        assert refused.value.status == 422 and field in refused.value.fields
    for field, value in [("phone", "позвоните"), ("email", "ivanova"), ("familyName", "И" * 101)]:
        with pytest.raises(Problem) as refused:
            client.save_profile({**PROFILE, field: value})
        assert refused.value.fields == [field]
    client.save_profile({**PROFILE, "middleName": ""})


def test_s2_15_new_passwords_are_judged(world, issued):
    client = world.client()
    client.login(issued["login"], issued["oneTimePassword"])
    cases = [("1234567", "too_short"), ("12345678", "password_common"), ("Пароль2026!", "password_common"),
             ("Школа2026", "password_guessable"), (issued["login"] + "!", "password_guessable"),
             ("п" * 257, "too_long"), (issued["oneTimePassword"], "password_not_new")]
    for password, code in cases:
        with pytest.raises(Problem) as refused:
            client.change_password(password)
        assert refused.value.fields == ["newPassword"], password
        assert refused.value.violations[0]["code"] == code, password
    # Long, Cyrillic, with spaces, without kinds of characters: all fine, nothing is cut off.
    long = "тихо тихо ползи улитка по склону вверх до самых высот " * 4
    client.change_password(long)
    with pytest.raises(Problem):
        world.client().login(issued["login"], long[:72])
    world.client().login(issued["login"], long)


def test_s2_15_the_current_password_is_needed(world, issued):
    client = world.client()
    client.login(issued["login"], issued["oneTimePassword"])
    client.password = "не тот пароль"
    with pytest.raises(Problem) as refused:
        client.change_password(new_password())
    assert refused.value.fields == ["currentPassword"]


def test_a_one_time_password_is_dead_after_the_change(world, issued):
    client = world.client()
    client.login(issued["login"], issued["oneTimePassword"])
    client.change_password(new_password())
    with pytest.raises(Problem) as refused:
        world.client().login(issued["login"], issued["oneTimePassword"])
    assert (refused.value.status, refused.value.code) == (401, "wrong_login_or_password")


def test_f3_a_later_change_is_allowed_and_a_reset_gives_a_new_one_time_password(world, issued):
    client = world.client()
    world.make_ready(client, issued["login"], issued["oneTimePassword"])
    client.change_password(new_password())
    reset = world.administrator.post("/api/v1/accounts/{id}:resetPassword", id=issued["accountId"])
    assert reset["login"] == issued["login"] and reset["oneTimePassword"] != issued["oneTimePassword"]
    with pytest.raises(Problem):
        world.client().login(issued["login"], client.password)
    again = world.client()
    account = again.login(issued["login"], reset["oneTimePassword"])["account"]
    assert account["passwordChangeRequired"] and not account["profileRequired"]


class TestOwnSystem:
    """What needs another setting or another date."""

    def test_f3_the_switch_forbids_later_changes(self, own_stack, own_world):
        region = own_world.region(municipalities=1, schools=1)
        issued = own_world.issue("respondent", region.schools[0])
        own_stack.configure("--set", "auth.later_password_change=forbidden")
        try:
            client = own_world.client()
            own_world.make_ready(client, issued["login"], issued["oneTimePassword"])
            with pytest.raises(Problem) as refused:
                client.change_password(new_password())
            assert (refused.value.status, refused.value.code) == (403, "password_change_forbidden")
        finally:
            own_stack.configure("--set", "auth.later_password_change=allowed")

    def test_a_one_time_password_lives_thirty_days(self, own_stack, own_world):
        region = own_world.region(municipalities=1, schools=1)
        issued = own_world.issue("respondent", region.schools[0])
        expires = datetime.datetime.fromisoformat(issued["expiresAt"].replace("Z", "+00:00"))
        assert abs(expires - own_stack.now() - datetime.timedelta(days=30)) < datetime.timedelta(minutes=5)
        own_stack.set_clock(expires - datetime.timedelta(minutes=1))
        own_world.client().login(issued["login"], issued["oneTimePassword"])
        own_stack.set_clock(expires + datetime.timedelta(seconds=1))
        with pytest.raises(Problem) as refused:
            own_world.client().login(issued["login"], issued["oneTimePassword"])
        assert (refused.value.status, refused.value.code) == (401, "wrong_login_or_password")

    def test_the_first_administrator_has_no_default_password(self, own_stack, own_world):
        bootstrap = own_stack.folder / "secrets" / "administrator"
        assert bootstrap.stat().st_mode & 0o777 == 0o600
        assert len(bootstrap.read_text().splitlines()) == 3
        for password in ["admin", "", "password", "administrator"]:
            with pytest.raises(Problem):
                own_world.client().login("admin", password)
