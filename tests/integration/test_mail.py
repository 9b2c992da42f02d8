"""Letters: tried again after trouble, given up in the end, and never lost when the sender dies (S2.3)."""
import datetime

import pytest

from builders import item
from waiting import eventually


@pytest.fixture(scope="module")
def scene(own_stack, own_world):
    """A function that makes one letter to a new address and answers with the address."""
    world = own_world
    region = world.region(municipalities=1, schools=4)
    round_ = world.open_round(region, [item("one")], organisations=4, due_in=200, closed_in=210)
    operator = world.operator(region.code)
    schools = iter(region.schools)

    def make_letter():
        for person in (world.administrator, operator):
            person.login(person.account["login"], person.password)
        code = next(schools)
        address = f"{code.replace('.', '-')}@demo.example"
        respondent = world.respondent(code, {"email": address})
        world.reject(operator, world.send(respondent, world.assignment(respondent, "one", round_["roundId"]), "5"))
        return address
    return make_letter


def status(world):
    administrator = world.administrator
    administrator.login(administrator.account["login"], administrator.password)
    return world.administrator.get("/api/v1/mail")


def letter(stack, address):
    rows = stack.rows("deadlines", "SELECT state, attempts, last_error, mail_id::text FROM mail WHERE address = %s",
                      address)
    return rows[0] if rows else {"state": "", "attempts": 0}


def test_a_refusal_for_now_is_tried_again(own_stack, own_world, scene):
    refuse = own_stack.folder / "mail" / "refuse"
    refuse.touch()
    address = scene()
    tried = eventually(lambda: (one := letter(own_stack, address))["attempts"] == 1 and one["state"] == "waiting"
                       and one, 15, what="the first try")
    assert tried["last_error"]
    seen = status(own_world)
    assert (seen["waiting"], seen["failed"]) == (1, 0) and seen["lastError"]
    refuse.unlink()
    own_stack.advance(minutes=2)
    eventually(lambda: letter(own_stack, address)["state"] == "sent", 15, what="the second try")
    assert len(own_stack.mails(address)) == 1
    assert (status(own_world)["waiting"], status(own_world)["sent"]) == (0, 1)


def test_a_server_that_is_down_costs_no_attempts(own_stack, scene):
    own_stack.kill("mail")
    address = scene()
    eventually(lambda: letter(own_stack, address).get("last_error"), 15, what="the failure is noted")
    assert letter(own_stack, address)["attempts"] == 0
    own_stack.configure()
    own_stack.advance(minutes=2)
    eventually(lambda: own_stack.mails(address), 15, what="the letter arrives")


def test_given_up_after_ten_attempts(own_stack, own_world, scene):
    refuse = own_stack.folder / "mail" / "refuse"
    refuse.touch()
    address = scene()
    try:
        for attempt in range(1, 11):
            eventually(lambda tried=attempt: letter(own_stack, address)["attempts"] == tried
                       and letter(own_stack, address)["state"] != "sending", 15, what=f"attempt {attempt}")
            own_stack.advance(hours=7)
        assert letter(own_stack, address)["state"] == "failed"
        assert status(own_world)["failed"] == 1
    finally:
        refuse.unlink()


def test_killed_between_sending_and_marking(own_stack, scene):
    """The lease ends and the letter goes out again, under the same Message-ID."""
    address = scene()
    eventually(lambda: own_stack.mails(address), 15, what="the letter arrives")
    eventually(lambda: letter(own_stack, address)["state"] == "sent", 15, what="the mark")
    own_stack.kill("deadlines")
    # What a crash after the server's answer and before the mark leaves behind.
    own_stack.rows("deadlines", "UPDATE mail SET state = 'sending', sent_at = NULL, lease_until = %s WHERE address = %s",
                   own_stack.now() + datetime.timedelta(minutes=5), address)
    own_stack.start("deadlines")
    own_stack.advance(minutes=6)
    letters = eventually(lambda: len(found := own_stack.mails(address)) == 2 and found, 15, what="the repetition")
    assert letters[0]["Message-ID"] == letters[1]["Message-ID"]
    assert letter(own_stack, address)["mail_id"] in letters[0]["Message-ID"]
