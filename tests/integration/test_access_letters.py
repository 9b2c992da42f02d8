"""Letters with access: the login and a link that works once, never a password; who has got one, what came back (S2.13)."""
import re
from types import SimpleNamespace

import pytest
from campaigns import give_addresses, own_address
from smtp import text_of
from vekha_client import Problem
from waiting import eventually

from builders import PROFILE, new_password


@pytest.fixture(scope="module")
def scene(own_world):
    # A system of its own: passwords that do not open are counted by address.
    world = own_world
    region = world.region(municipalities=1, schools=5)
    unknown, none, *others = region.schools
    give_addresses(world, region, lambda code: {unknown: f"nobody-{own_address(code)}", none: ""}.get(
        code, own_address(code)))
    issued = {code: world.issue("respondent", code) for code in region.schools}
    world.wait_until_heard("deadlines", "auth")
    return SimpleNamespace(world=world, stack=world.stack, issued=issued, unknown=unknown, none=none, others=others)


def entry(scene, code):
    rows = scene.world.administrator.get("/api/v1/accessLetters", query={"query": scene.issued[code]["login"]})["letters"]
    return next(one for one in rows if one["login"] == scene.issued[code]["login"])


def send(scene, *codes):
    """Sends, and waits until what was sent holds."""
    reply = scene.world.administrator.post("/api/v1/accessLetters:send", {
        "accountIds": [scene.issued[code]["accountId"] for code in codes]})
    scene.world.wait_until_heard("auth", "deadlines")
    return reply


def links(scene, code, count=1):
    """What the links in an address's letters say: login and code, oldest first."""
    mails = eventually(lambda: len(found := scene.stack.mails(own_address(code))) >= count and found, 15, what="the letter")
    return [re.search(r"/#entry=([^~\s]+)~([0-9a-f]{32})\n", text_of(mail)).groups() for mail in mails]


def enters(scene, login, password):
    """The person's client, or None when this does not open the account."""
    client = scene.world.client()
    try:
        client.login(login, password)
    except Problem as problem:
        assert problem.status == 401
        return None
    return client


def test_a_link_opens_the_account_once(scene):
    code = scene.others[0]
    issued = scene.issued[code]
    assert entry(scene, code)["state"] == "none"
    assert send(scene, code)["letters"] == 1
    [(login, secret)] = links(scene, code)
    assert login == issued["login"]
    [mail] = scene.stack.mails(own_address(code))
    assert issued["oneTimePassword"] not in text_of(mail) and login in mail["Subject"]
    eventually(lambda: entry(scene, code)["state"] == "sent", 15, what="it is told of")
    # Neither the letter at rest nor what the services tell each other has the link.
    assert scene.stack.value("deadlines", "SELECT count(*) FROM mail WHERE body LIKE %s", f"%{secret}%") == 0
    for database in ("deadlines", "auth"):
        assert scene.stack.value(database, "SELECT count(*) FROM stream WHERE position(%s::bytea IN batch) > 0",
                                 secret.encode()) == 0
    assert enters(scene, login, issued["oneTimePassword"]) is None
    client = enters(scene, login, secret)
    assert client.account["passwordChangeRequired"]
    client.change_password(new_password())
    client.save_profile(PROFILE)
    assert enters(scene, login, secret) is None
    scene.world.wait_until_heard("deadlines", "auth")
    assert entry(scene, code)["state"] == "entered"
    assert send(scene, code)["letters"] == 0
    # Records show when they are sealed.
    acts = eventually(lambda: scene.world.administrator.get("/api/v1/audit", query={"act": "access_mailed",
                                                                                    "login": login})["records"],
                      15, what="the audit tells of the letter")
    assert [one["accountLogin"] for one in acts] == [login]


def test_only_the_last_link_works(scene):
    code = scene.others[1]
    send(scene, code)
    links(scene, code)
    eventually(lambda: entry(scene, code)["state"] == "sent", 15, what="the first letter")
    send(scene, code)
    (login, first), (_, second) = links(scene, code, 2)
    assert first != second and enters(scene, login, first) is None
    assert enters(scene, login, second)


def test_a_password_of_ones_own_stays(scene):
    """Somebody who has set one and not filled in the profile yet may be sent a letter; it changes nothing."""
    code = scene.others[2]
    client = enters(scene, scene.issued[code]["login"], scene.issued[code]["oneTimePassword"])
    own = new_password()
    client.change_password(own)
    assert send(scene, code)["letters"] == 1
    login, secret = links(scene, code)[0]
    assert enters(scene, login, own) and enters(scene, login, secret) is None


def test_what_came_back_and_who_has_no_address(scene):
    assert send(scene, scene.unknown, scene.none)["letters"] == 1
    failed = eventually(lambda: (one := entry(scene, scene.unknown))["state"] == "failed" and one, 15, what="the bounce")
    assert failed["problem"] == "550 5.1.1 no such mailbox"
    assert entry(scene, scene.none)["state"] == "no_address"
    before = scene.world.administrator.get("/api/v1/accessLetters")
    assert before["failed"] >= 1 and before["withoutAddress"] >= 1
    assert send(scene, scene.unknown)["letters"] == 1
