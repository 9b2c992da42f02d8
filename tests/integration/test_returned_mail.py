"""Letters of a mailing that come back later: read from the sender's mailbox, told as not delivered, sent again when asked
(S2.3). The reports are what Postfix and Exim wrote, with other numbers in them."""
import pathlib
from types import SimpleNamespace

import campaigns
import pytest
from dovecot import Dovecot
from waiting import eventually

SAMPLES = pathlib.Path(__file__).resolve().parents[1] / "fuzz" / "seeds" / "dsn"
LETTERS = 5


@pytest.fixture(scope="module")
def scene(own_world):
    world, stack = own_world, own_world.stack
    mailbox = Dovecot(stack.port + 50)
    try:
        stack.configure("--set", "deadlines.mail_from=monitoring@demo.example", *mailbox.settings())
        region = campaigns.region_of(world, LETTERS)
        author = world.coordinator(region.code)
        campaign = campaigns.draft(world, author, region)
        campaigns.send(author, campaign)
        made = SimpleNamespace(world=world, stack=stack, mailbox=mailbox, author=author, campaign=campaign, region=region)
        wait_for(made, sent=LETTERS)
        made.letters = {row["address"]: row["letterId"] for row in letters(made)}
        yield made
    finally:
        mailbox.close()


def letters(scene, **query):
    return scene.author.get("/api/v1/campaigns/{id}/letters", query=query, id=scene.campaign["campaignId"])["letters"]


def wait_for(scene, **counts):
    scene.stack.restart("deadlines")  # reads the mailbox first thing, and every minute

    def progress():
        seen = scene.author.get("/api/v1/campaigns/{id}", id=scene.campaign["campaignId"])["progress"]
        return all(seen[name] == count for name, count in counts.items())
    eventually(progress, 40, what=f"letters that stand as {counts}")


def report(scene, sample, address, number):
    """A report on the letter to an address; `number` makes it one of its own."""
    text = (SAMPLES / f"{sample}.eml").read_text()
    before, old = text.rsplit("0b7e9a52-9c0e-4f6b-9a55-1f6c1d1e0a0", 1)
    text = before + scene.letters[address] + old[1:]
    return text.replace("Message-Id: <", f"Message-Id: <{number}.")


def test_letters_come_back(scene):
    """Postfix and Exim, a notice of a delay, and a person's answer that nobody but people reads."""
    first, second, third, *_ = sorted(scene.letters)
    for message in (report(scene, "postfix-delayed", third, 1),
                    "From: director@demo.example\nSubject: Re: question\n\nWrite to my deputy.\n",
                    report(scene, "postfix-failed", first, 2), report(scene, "exim-failed", second, 3)):
        scene.mailbox.deliver(message)
    wait_for(scene, sent=LETTERS - 2, failed=2)
    assert {row["address"]: row["problem"] for row in letters(scene, state="failed")} == {
        first: 'unknown user: "nobody-here"', second: "5.0.0"}
    assert scene.mailbox.count() == 4
    assert not [one for one in scene.mailbox.seen() if "question" in one]


def test_sent_again_and_counted_once(scene):
    """An old report, read once more under new numbers, says nothing of the letter that went out since; a new one does."""
    first, second, *_ = sorted(scene.letters)
    scene.author.post("/api/v1/campaigns/{id}:retry", id=scene.campaign["campaignId"])
    wait_for(scene, sent=LETTERS, failed=0)
    assert [len(scene.stack.mails(address)) for address in (first, second)] == [2, 2]
    before = scene.stack.value("deadlines", "SELECT validity FROM mailbox")
    scene.mailbox.renumber()
    scene.stack.restart("deadlines")
    eventually(lambda: scene.stack.value("deadlines", "SELECT validity <> %s AND number = 4 FROM mailbox", before), 40,
               what="all of the mailbox is read again")
    wait_for(scene, sent=LETTERS, failed=0)
    scene.mailbox.deliver(report(scene, "postfix-failed", second, 4))
    wait_for(scene, sent=LETTERS - 1, failed=1)


def test_nothing_is_missed_while_anything_is_away(scene):
    """The mailbox's server is down, this service is killed: what came meanwhile counts afterwards, once."""
    *_, fourth, fifth = sorted(scene.letters)
    scene.mailbox.deliver(report(scene, "exim-failed", fourth, 5))
    scene.mailbox.stop()
    scene.stack.kill("deadlines")
    scene.stack.start("deadlines")
    eventually(lambda: "returned mail cannot be read" in scene.stack.log("deadlines"), 40, what="word of it in the log")
    scene.mailbox.start()
    scene.mailbox.deliver(report(scene, "postfix-failed", fifth, 6))
    wait_for(scene, sent=LETTERS - 3, failed=3)
    reports = scene.stack.value("deadlines", "SELECT sum(cardinality(reports)) FROM mail")
    assert reports == 5


def test_sent_again_to_the_address_that_is_right_now(scene):
    """A school corrects its address: the letter that came back goes there, and no second one to anybody."""
    second, *_ = [row["address"] for row in letters(scene, state="failed")]
    right = second.replace("@crowd", "@school")
    campaigns.give_addresses(scene.world, scene.region, lambda code: {second: right}.get(
        campaigns.own_address(code), campaigns.own_address(code)))
    before = {address: len(scene.stack.mails(address)) for address in scene.letters}
    scene.author.post("/api/v1/campaigns/{id}:retry", id=scene.campaign["campaignId"])
    wait_for(scene, sent=LETTERS, failed=0)
    assert scene.letters[second] == next(row["letterId"] for row in letters(scene) if row["address"] == right)
    assert len(scene.stack.mails(right)) == 1 and len(scene.stack.mails(second)) == before[second]
