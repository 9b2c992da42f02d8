"""Letters: tried again after trouble, given up in the end, and never lost when the sender dies (S2.3)."""
import datetime

import pytest

import campaigns
from builders import item
from waiting import eventually


@pytest.fixture(scope="module")
def scene(own_stack, own_world):
    """A function that makes one letter to a new address and answers with the address."""
    world = own_world
    region = world.region(municipalities=1, schools=5)
    round_ = world.open_round(region, [item("one")], organisations=5, due_in=200, closed_in=210)
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


def leave_behind(stack, address, handed):
    """What a sender that dies in the middle of a letter leaves behind: before the final dot, or after it."""
    eventually(lambda: stack.mails(address), 15, what="the letter arrives")
    eventually(lambda: letter(stack, address)["state"] == "sent", 15, what="the mark")
    stack.kill("deadlines")
    stack.rows("deadlines", "UPDATE mail SET state = 'sending', sent_at = NULL, lease_until = %s,"
               " handed_at = CASE WHEN %s THEN handed_at END WHERE address = %s",
               stack.now() + datetime.timedelta(minutes=5), handed, address)
    stack.start("deadlines")
    stack.advance(minutes=6)


def test_killed_before_the_letter_was_handed_over(own_stack, scene):
    """The lease ends and the letter goes out again, under the same Message-ID."""
    address = scene()
    leave_behind(own_stack, address, handed=False)
    letters = eventually(lambda: len(found := own_stack.mails(address)) == 2 and found, 15, what="the repetition")
    assert letters[0]["Message-ID"] == letters[1]["Message-ID"]
    assert letter(own_stack, address)["mail_id"] in letters[0]["Message-ID"]


def test_killed_after_the_letter_was_handed_over(own_stack, scene):
    """The server has it: it does not go out again, and is told of as unconfirmed."""
    address = scene()
    leave_behind(own_stack, address, handed=True)
    eventually(lambda: letter(own_stack, address)["state"] == "sent", 15, what="it counts as sent")
    assert own_stack.value("deadlines", "SELECT unconfirmed FROM mail WHERE address = %s", address)
    assert len(own_stack.mails(address)) == 1


def test_two_hundred_addressees_through_a_cut_and_a_kill(own_stack, own_world):
    """Each has exactly one letter (S2.3); scripts/mail-crowd does the same with 5,000."""
    world, mail = own_world, own_stack.folder / "mail"
    world.administrator.login(world.administrator.account["login"], world.administrator.password)
    region = campaigns.region_of(world, 200)
    author = world.coordinator(region.code)
    campaign = campaigns.draft(world, author, region)
    before = campaigns.kept(own_stack.folder)
    (mail / "slow").touch()
    sent = campaigns.send(author, campaign)
    assert sent["progress"]["letters"] == 200

    def kept(count):
        return lambda: campaigns.kept(own_stack.folder) - before >= count
    eventually(kept(40), 15, what="the first letters")
    (mail / "cut").touch()
    eventually(kept(80), 15, what="letters after the cut")
    own_stack.kill("deadlines")
    assert campaigns.kept(own_stack.folder) - before < 200, "the kill came too late to show anything"
    own_stack.start("deadlines")
    own_stack.advance(minutes=6)
    (mail / "slow").unlink()

    def progress():
        author.login(author.account["login"], author.password)
        return author.get("/api/v1/campaigns/{id}", id=campaign["campaignId"])["progress"]
    done = eventually(lambda: (seen := progress())["sent"] + seen["unconfirmed"] == 200 and seen, 20,
                      what="all letters")
    assert done["unconfirmed"] <= 1
    assert campaigns.received(own_stack.folder) == {campaigns.own_address(code): 1 for code in region.schools}
