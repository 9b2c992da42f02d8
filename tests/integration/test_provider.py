"""Accounts issued elsewhere (S1.24): logging in by a real OpenID Connect provider, linking, unlinking, logging out."""
import hashlib
import re
import subprocess
import urllib.parse

import oidc
import pytest
from vekha_client import Problem
from waiting import eventually

BEGIN, ENTER = "/api/v1/session:beginProviderEntry", "/api/v1/session:enterByProvider"
LINK = "/api/v1/profile/provider"


@pytest.fixture(scope="module")
def provider(own_stack):
    """Known to auth with a secret of its own."""
    made = oidc.Provider(own_stack.address, oidc.free_port(450), secret="s3cret/ +&u%").start()
    secret_file = own_stack.folder / "secrets" / "provider"
    secret_file.write_text("s3cret/ +&u%\n")
    own_stack.configure(*made.settings(secret_file))
    yield made
    made.stop()


@pytest.fixture(scope="module")
def schools(own_world):
    """One for each person that a test needs."""
    return iter(own_world.region(municipalities=1, schools=30).schools)


class Visitor:
    """Somebody with a browser: comes to us, is sent to the provider, comes back."""

    def __init__(self, world, provider, subject, client=None):
        self.client = client or world.client()
        self.there = oidc.Person(provider, subject)

    def begin(self, path=BEGIN):
        return self.client.post(path)

    def errand(self, path=BEGIN):
        """What the page posts when the provider has sent the browser back."""
        begun = self.begin(path)
        back = self.there.come_back(begun["address"])
        assert "code" in back, back
        return {"code": back["code"], "state": back["state"], "issuer": back.get("iss", ""),
                "browserSecret": begun["browserSecret"]}

    def enter(self):
        return self.finish(self.errand())

    def finish(self, errand):
        """Takes the session that the answer begins."""
        return self.client.take_session(self.client.post(ENTER, errand))

    def link(self):
        return self.client.post(LINK + ":link", self.errand(LINK + ":begin"))


@pytest.fixture
def linked(own_world, provider, schools):
    """A respondent whose account is linked: (the client that has linked it, the subject)."""
    code = next(schools)
    person = own_world.respondent(code)
    visitor = Visitor(own_world, provider, "fis-" + code, person)
    shown = visitor.link()
    assert shown["linked"] and shown["shownName"] == f"fis-{code}@fisoko" and shown["providerName"] == "ФИС ОКО"
    return person, "fis-" + code


def refusal(act, *arguments):
    with pytest.raises(Problem) as caught:
        act(*arguments)
    return caught.value


def audited(world, act, login):
    def found():
        return world.administrator.get("/api/v1/audit", query={"act": act, "login": login})["records"]
    return eventually(found, 10, what=f"{act} of {login} in the audit")


def test_without_a_provider_there_is_none(own_world, own_stack):
    """Before this file's provider is configured: nothing is offered, and nothing breaks."""
    if "extra.auth.oidc_issuer" in own_stack.settings:
        pytest.skip("only as the first test of this file")
    client = own_world.client()
    assert client.get("/api/v1/session/provider")["name"] == ""
    assert refusal(client.post, BEGIN).code == "provider_not_configured"
    assert own_world.administrator.get(LINK) == {"providerName": "", "linked": False, "linkedAt": "", "shownName": ""}


def test_the_button_has_the_name_of_the_system(own_world, provider):
    client = own_world.client()
    assert client.get("/api/v1/session/provider")["name"] == "ФИС ОКО"
    client.language = "en"
    assert client.get("/api/v1/session/provider")["name"] == "FIS OKO"


def test_people_are_sent_with_what_the_code_flow_asks(own_world, provider):
    visitor = Visitor(own_world, provider, "nobody")
    begun = visitor.begin()
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(begun["address"]).query))
    assert begun["address"].startswith(provider.issuer + "/auth?")
    assert asked["response_type"] == "code" and asked["client_id"] == oidc.CLIENT_ID
    assert asked["redirect_uri"] == provider.own_address + "/login/external"
    assert asked["code_challenge_method"] == "S256" and re.fullmatch(r"[\w-]{43}", asked["code_challenge"])
    assert len(asked["state"]) >= 43 and len(asked["nonce"]) >= 43 and asked["scope"] == "openid profile"
    # Nothing that is sent there says what stays here.
    assert begun["browserSecret"] not in begun["address"]
    other = visitor.begin()
    assert other["browserSecret"] != begun["browserSecret"] and other["address"] != begun["address"]


def test_whom_nobody_here_knows_is_told_how_to_link(own_world, provider):
    refused = refusal(Visitor(own_world, provider, "stranger").enter)
    assert refused.status == 403 and refused.code == "provider_not_linked"
    assert "свяжите" in refused.detail


def test_a_linked_account_gets_in_without_a_password(own_world, provider, linked):
    """S1.24: one account shared with another system."""
    person, subject = linked
    visitor = Visitor(own_world, provider, subject)
    reply = visitor.enter()
    assert reply["account"]["accountId"] == person.account["accountId"] and reply["account"]["byProvider"]
    assert visitor.client.get("/api/v1/session")["byProvider"]
    assert not person.get("/api/v1/session")["byProvider"]
    ways = [one["byProvider"] for one in visitor.client.get("/api/v1/sessions")["sessions"]]
    assert sorted(ways) == [False, True]
    assert visitor.client.get("/api/v1/assignments")["assignments"] == []
    visitor.client.refresh()
    assert visitor.client.get("/api/v1/session")["byProvider"]
    login = person.account["login"]
    assert audited(own_world, "provider_linked", login)[0]["detail"] == f"subject={subject}"
    assert audited(own_world, "logged_in_by_provider", login)[0]["actorLogin"] == login


def test_a_one_time_password_is_no_hindrance_to_who_does_not_use_it(own_world, provider, linked):
    person, subject = linked
    own_world.administrator.post("/api/v1/accounts/{id}:resetPassword", id=person.account["accountId"])
    assert not Visitor(own_world, provider, subject).enter()["account"]["passwordChangeRequired"]


def test_logging_out_leads_to_the_providers_logout(own_world, provider, linked):
    person, subject = linked
    visitor = Visitor(own_world, provider, subject)
    visitor.enter()
    address = visitor.client.delete("/api/v1/session")["providerLogoutAddress"]
    asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(address).query))
    assert address.startswith(provider.issuer + "/session/end?") and asked["id_token_hint"].count(".") == 2
    assert asked["post_logout_redirect_uri"] == provider.own_address + "/"
    # The provider knows the hint: it asks whether to log out, and leads back.
    status, _, body = visitor.there.open(address)
    assert status == 200 and "op.logoutForm" in body, body
    confirm = re.search(r'action="([^"]+)".*?name="xsrf" value="([^"]+)"', body, re.S)
    status, location, _ = visitor.there.open(urllib.parse.urljoin(address, confirm.group(1)),
                                             {"xsrf": confirm.group(2), "logout": "yes"})
    assert status == 303 and location == provider.own_address + "/"
    # Whose session it was has to log in there again.
    visitor.there.pages_seen.clear()
    visitor.client.token = None
    visitor.enter()
    assert "login" in visitor.there.pages_seen
    # A session with a password ends here alone.
    assert person.delete("/api/v1/session")["providerLogoutAddress"] == ""


def test_a_locked_account_stays_out(own_world, provider, linked):
    person, subject = linked
    own_world.administrator.put("/api/v1/accounts/{id}/closed", {"closed": True}, id=person.account["accountId"])
    refused = refusal(Visitor(own_world, provider, subject).enter)
    assert refused.status == 403 and refused.code == "account_closed"
    assert audited(own_world, "login_refused", person.account["login"])[0]["detail"] == "provider"
    own_world.administrator.put("/api/v1/accounts/{id}/closed", {"closed": False}, id=person.account["accountId"])
    Visitor(own_world, provider, subject).enter()


def test_an_unlinked_account_stays_out(own_world, provider, linked):
    person, subject = linked
    entered = Visitor(own_world, provider, subject)
    entered.enter()
    assert not person.delete(LINK)["linked"]
    # What the other account has begun is over as well.
    eventually(lambda: entered.client.ask("GET", "/api/v1/session").status == 401, 5)
    assert person.get("/api/v1/session")["accountId"] == person.account["accountId"]
    assert refusal(Visitor(own_world, provider, subject).enter).code == "provider_not_linked"
    assert audited(own_world, "provider_unlinked", person.account["login"])
    assert not person.delete(LINK)["linked"]


def test_one_account_there_is_one_account_here(own_world, provider, linked, schools):
    person, subject = linked
    assert Visitor(own_world, provider, subject, person).link()["linked"]
    assert refusal(Visitor(own_world, provider, "second-" + subject, person).link).code == "provider_linked_before"
    other = own_world.respondent(next(schools))
    assert refusal(Visitor(own_world, provider, subject, other).link).code == "provider_linked_to_another"
    assert not other.get(LINK)["linked"]


def test_an_issued_account_is_linked_by_its_administrator(own_world, provider, schools):
    """S1.24: who was issued an account there needs no password here at all."""
    issued = own_world.issue("respondent", next(schools))
    other = own_world.issue("respondent", next(schools))
    assign = "/api/v1/accounts/{id}/provider"
    administrator = own_world.administrator
    administrator.put(assign, {"subject": "issued-there"}, id=issued["accountId"])
    administrator.put(assign, {"subject": "issued-there"}, id=issued["accountId"])
    with pytest.raises(Problem) as caught:
        administrator.put(assign, {"subject": "issued-there"}, id=other["accountId"])
    assert caught.value.code == "provider_linked_to_another"
    visitor = Visitor(own_world, provider, "issued-there")
    account = visitor.enter()["account"]
    assert account["login"] == issued["login"]
    assert account["profileRequired"] and not account["passwordChangeRequired"]
    assert audited(own_world, "provider_linked", issued["login"])[0]["actorLogin"] == "admin"
    # Who is linked, to whom and since when, is seen in the list.
    listed = administrator.get("/api/v1/accounts", query={"state": "linked", "query": issued["login"]})["accounts"]
    assert [(one["login"], one["linkedName"], one["linkedSince"] != "") for one in listed] == [
        (issued["login"], "issued-there", True)]
    plain = administrator.get("/api/v1/accounts", query={"account_id": other["accountId"]})["accounts"][0]
    assert (plain["linkedName"], plain["linkedSince"]) == ("", "")
    administrator.put(assign, {"subject": ""}, id=issued["accountId"])
    eventually(lambda: visitor.client.ask("GET", "/api/v1/session").status == 401, 5)
    assert refusal(Visitor(own_world, provider, "issued-there").enter).code == "provider_not_linked"
    assert audited(own_world, "provider_unlinked", issued["login"])[0]["actorLogin"] == "admin"
    assert not administrator.get("/api/v1/accounts", query={"state": "linked", "query": issued["login"]})["accounts"]


def test_an_errand_ends_once_and_in_its_own_browser(own_world, own_stack, provider, linked):
    _, subject = linked
    visitor = Visitor(own_world, provider, subject)
    errand = visitor.errand()
    stranger = own_world.client()
    other = visitor.begin()
    # Neither another browser's secret, nor a state nobody gave, nor a link's errand for an entry.
    for wrong in ({"browserSecret": other["browserSecret"]}, {"state": "A" * 43}):
        assert refusal(stranger.post, ENTER, {**errand, **wrong}).code == "provider_errand_over"
    visitor.finish(errand)
    # Nothing of it is left here; the provider's own memory of codes is not what refuses it.
    state_hash = hashlib.sha256(errand["state"].encode()).hexdigest()
    assert own_stack.value("auth", "SELECT count(*) FROM provider_errand WHERE state_hash = %s", state_hash) == 0
    replayed = refusal(own_world.client().post, ENTER, errand)
    assert replayed.status == 409 and replayed.code == "provider_errand_over"


def test_a_code_is_good_for_its_own_errand_only(own_world, provider, linked):
    """A code that was caught is worth nothing with another errand: the code verifier is another."""
    _, subject = linked
    caught = Visitor(own_world, provider, subject).errand()
    thief = Visitor(own_world, provider, "thief")
    errand = thief.errand()
    assert refusal(thief.client.post, ENTER, {**errand, "code": caught["code"]}).code == "provider_errand_over"
    # And the errand is spent by that.
    assert refusal(thief.client.post, ENTER, errand).code == "provider_errand_over"


def test_a_link_is_made_by_who_began_it(own_world, provider, linked, schools):
    person, _ = linked
    victim = own_world.respondent(next(schools))
    errand = Visitor(own_world, provider, "attacker", person).errand(LINK + ":begin")
    assert refusal(victim.post, LINK + ":link", errand).code == "provider_errand_over"
    assert refusal(own_world.client().post, ENTER, errand).code == "provider_errand_over"
    entry = Visitor(own_world, provider, "attacker").errand()
    assert refusal(victim.post, LINK + ":link", entry).code == "provider_errand_over"
    assert not victim.get(LINK)["linked"]


def test_an_errand_is_over_after_ten_minutes(own_world, own_stack, provider, linked):
    _, subject = linked
    errand = Visitor(own_world, provider, subject).errand()
    own_stack.advance(minutes=11)
    assert refusal(own_world.client().post, ENTER, errand).code == "provider_errand_over"


def test_an_answer_of_another_issuer_is_refused(own_world, provider, linked):
    _, subject = linked
    errand = Visitor(own_world, provider, subject).errand()
    refused = refusal(own_world.client().post, ENTER, {**errand, "issuer": "https://another.example"})
    assert refused.code == "provider_answer_wrong"


@pytest.mark.parametrize("kind", ["foreign_key", "unknown_key", "none", "hmac", "changed", "expired", "issued_long_ago",
                                  "from_tomorrow", "nonce", "no_nonce", "issuer", "audience", "party", "no_subject",
                                  "no_token"])
def test_a_bent_token_lets_nobody_in(own_world, provider, bent, kind):
    visitor = Visitor(own_world, provider, bent)
    errand = visitor.errand()
    provider.bend(kind)
    try:
        refused = refusal(visitor.client.post, ENTER, errand)
    finally:
        provider.bend("")
    assert refused.status == 403 and refused.code == "provider_answer_wrong"


@pytest.fixture(scope="module")
def bent(own_world, provider, schools):
    """The subject of a linked account, proved to get in with a token that is signed again and bent in nothing."""
    person = own_world.respondent(next(schools))
    Visitor(own_world, provider, "bent", person).link()
    provider.bend("straight")
    Visitor(own_world, provider, "bent").enter()
    provider.bend("")
    return "bent"


def test_who_came_in_there_long_ago_links_nothing(own_world, provider, schools):
    person = own_world.respondent(next(schools))
    errand = Visitor(own_world, provider, "absent", person).errand(LINK + ":begin")
    provider.bend("old_entry")
    try:
        assert refusal(person.post, LINK + ":link", errand).code == "provider_answer_wrong"
    finally:
        provider.bend("")
    assert not person.get(LINK)["linked"]


def test_new_keys_of_the_provider_are_found(own_world, provider, linked):
    _, subject = linked
    Visitor(own_world, provider, subject).enter()
    provider.stop()
    provider.start()
    Visitor(own_world, provider, subject).enter()


def test_a_provider_that_is_down_is_said_in_words_and_stops_nobody(own_world, provider, linked):
    person, subject = linked
    visitor = Visitor(own_world, provider, subject)
    errand = visitor.errand()
    provider.stop()
    visitor.client.patience = 0
    try:
        refused = refusal(visitor.client.post, ENTER, errand)
        assert refused.status == 503 and refused.code == "provider_unreachable"
        assert "по логину и паролю" in refused.detail
        own_world.client().login(person.account["login"], person.password)
        assert person.get(LINK)["linked"]
    finally:
        provider.start()
    # The errand is not spent: who comes back in time is let in.
    visitor.client.patience = 30


@pytest.mark.parametrize("algorithm,secret,method", [("ES256", "", ""), ("RS256", "a secret", "client_secret_post")])
def test_other_kinds_of_provider(own_world, own_stack, provider, schools, algorithm, secret, method):
    """Elliptic keys and a client without a secret; a secret in the form."""
    other = oidc.Provider(own_stack.address, oidc.free_port(550), secret=secret, method=method, algorithm=algorithm)
    secret_file = own_stack.folder / "secrets" / "other"
    secret_file.write_text(secret)
    other.start()
    try:
        own_stack.configure(*other.settings(secret_file if secret else ""))
        person = own_world.respondent(next(schools))
        assert Visitor(own_world, other, "el-" + algorithm, person).link()["linked"]
        Visitor(own_world, other, "el-" + algorithm).enter()
    finally:
        other.stop()
        own_stack.configure(*provider.settings(own_stack.folder / "secrets" / "provider"))


@pytest.mark.parametrize("key,value", [("oidc_issuer", "http://provider.example"), ("oidc_client_id", ""),
                                       ("oidc_name_ru", ""), ("oidc_scopes", "profile"),
                                       ("oidc_own_address", "http://vekha.example"),
                                       ("oidc_own_address", "https://vekha.example/"),
                                       ("oidc_client_secret_file", "/nowhere")])
def test_a_wrong_configuration_is_refused_at_the_start(own_stack, provider, key, value, tmp_path):
    """In words, before anybody is sent anywhere: auth does not start with it."""
    right = (own_stack.folder / "etc" / "auth.conf").read_text()
    lines = [line for line in right.splitlines() if not line.startswith((key + " ", "health_port"))]
    file = tmp_path / "auth.conf"
    file.write_text("\n".join([*lines, f"{key} = {value}", f"health_port = {oidc.free_port(480)}", ""]))
    done = subprocess.run([own_stack.settings["build"] + "/bin/vekha-auth", str(file)], capture_output=True, text=True,
                          timeout=60, check=False)
    assert done.returncode != 0
    assert key in done.stdout + done.stderr
