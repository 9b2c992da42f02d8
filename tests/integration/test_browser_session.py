"""A session in a browser: cookies that no script reads and no other site uses."""
import http.cookies

import pytest

from waiting import eventually

OWN = {"Sec-Fetch-Site": "same-origin"}
ACCESS, REFRESH = "__Host-vekha_access", "__Host-vekha_refresh"


def cookies_of(reply):
    jar = http.cookies.SimpleCookie()
    for line in reply.headers.get_all("Set-Cookie") or []:
        jar.load(line)
    return jar


def as_header(jar):
    return "; ".join(f"{name}={morsel.value}" for name, morsel in jar.items() if morsel.value)


@pytest.fixture(scope="module")
def person(world):
    region = world.region(municipalities=1, schools=1)
    return world.respondent(region.schools[0])


class Browser:
    """A client that keeps cookies instead of tokens."""

    def __init__(self, world, person):
        self.client = world.client()
        self.login = {"login": person.login_name, "password": person.password}
        self.jar = http.cookies.SimpleCookie()

    def ask(self, verb, path, body=None, headers=None):
        extra = {"Cookie": as_header(self.jar), **(OWN if headers is None else headers)}
        reply = self.client.ask(verb, path, body, headers={name: value for name, value in extra.items() if value})
        self.jar.update(cookies_of(reply))
        return reply

    def log_in(self):
        reply = self.ask("POST", "/api/v1/session", self.login)
        assert reply.status == 200, reply.body
        return reply


@pytest.fixture
def browser(world, person):
    return Browser(world, person)


def test_a_browser_gets_cookies_and_no_tokens(browser):
    reply = browser.log_in()
    assert reply.document["accessToken"] == reply.document["refreshToken"] == ""
    assert set(cookies_of(reply)) == {ACCESS, REFRESH}
    for line in reply.headers.get_all("Set-Cookie"):
        attributes = {part.strip().lower() for part in line.split(";")[1:]}
        assert {"path=/", "secure", "httponly", "samesite=strict"} <= attributes
        assert any(part.startswith("max-age=") for part in attributes)
        assert not any(part.startswith("domain") for part in attributes)
    assert browser.ask("GET", "/api/v1/session").document["login"] == browser.login["login"]


def test_a_program_gets_tokens(world, person):
    reply = world.client().ask("POST", "/api/v1/session",
                               {"login": person.login_name, "password": person.password})
    assert len(reply.document["accessToken"]) > 100 and len(reply.document["refreshToken"]) > 40


@pytest.mark.parametrize("headers,status", [
    ({}, 403),
    ({"Sec-Fetch-Site": "cross-site"}, 403),
    ({"Sec-Fetch-Site": "same-site"}, 403),
    ({"Origin": "https://evil.example"}, 403),
    ({"Origin": "null"}, 403),
    ({"Sec-Fetch-Site": "cross-site", "Origin": "own"}, 403),
    ({"Sec-Fetch-Site": "same-origin"}, 200),
    ({"Sec-Fetch-Site": "none"}, 200),
    ({"Origin": "own"}, 200),
])
def test_other_sites_change_nothing(browser, person, headers, status):
    browser.log_in()
    if headers.get("Origin") == "own":
        headers = {**headers, "Origin": person.address}
    profile = {"familyName": "Ли", "givenName": "Ян", "position": "директор", "phone": "+7 351 000-00-00",
               "email": "li@example.org"}
    reply = browser.ask("PUT", "/api/v1/profile", profile, headers)
    assert reply.status == status, reply.body
    if status == 403:
        assert reply.document["code"] == "cross_site"


def test_other_sites_do_not_log_anybody_in(browser):
    reply = browser.ask("POST", "/api/v1/session", browser.login, {"Sec-Fetch-Site": "cross-site"})
    assert reply.status == 403
    assert not cookies_of(reply)


def test_reading_needs_no_origin(browser):
    browser.log_in()
    assert browser.ask("GET", "/api/v1/profile", headers={}).status == 200


def test_a_refresh_takes_the_token_from_its_cookie(browser):
    browser.log_in()
    before = browser.jar[REFRESH].value
    del browser.jar[ACCESS]
    assert browser.ask("GET", "/api/v1/session").status == 401
    reply = browser.ask("POST", "/api/v1/session:refresh", {})
    assert reply.status == 200, reply.body
    assert reply.document["refreshToken"] == ""
    assert browser.jar[REFRESH].value not in ("", before)
    assert browser.ask("GET", "/api/v1/session").status == 200
    assert browser.ask("POST", "/api/v1/session:refresh", {}, {}).status == 403


def test_logging_out_leaves_nothing_in_the_browser(browser):
    browser.log_in()
    old = as_header(browser.jar)
    reply = browser.ask("DELETE", "/api/v1/session")
    assert reply.status == 200 and reply.document == {"providerLogoutAddress": ""}
    assert all(morsel.value == "" and morsel["max-age"] == "0" for morsel in cookies_of(reply).values())
    assert set(cookies_of(reply)) == {ACCESS, REFRESH}
    assert '"cookies"' in reply.headers["Clear-Site-Data"]
    eventually(lambda: browser.client.ask("GET", "/api/v1/session", headers={"Cookie": old}).status == 401, 2)


def test_a_cookie_given_twice_is_none(browser):
    browser.log_in()
    doubled = as_header(browser.jar) + "; " + as_header(browser.jar)
    assert browser.client.ask("GET", "/api/v1/session", headers={"Cookie": doubled}).status == 401


def test_every_answer_carries_the_security_headers(browser):
    browser.log_in()
    for verb, path in [("GET", "/api/v1/session"), ("GET", "/api/v1/nothing"), ("POST", "/api/v1/mail"), ("GET", "/"),
                       ("GET", "/api/v1/openapi.json")]:
        headers = browser.ask(verb, path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        # The cabinet's page says nothing of anybody, and may be kept to be asked about.
        assert headers["Cache-Control"] == "no-store" or (path == "/" and headers["Cache-Control"] == "no-cache")
        assert headers["X-Request-Id"]
        assert "Access-Control-Allow-Origin" not in headers
        assert "Server" not in headers
