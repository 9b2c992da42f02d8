"""Which notices come as letters is each account's choice; in the cabinet they are seen all the same (S2.3, S2.40)."""
import pytest

from builders import item
from vekha_client import Problem
from waiting import eventually

# Whatever the role (S1.34, S1.35).
OF_MESSAGES = {"message": True, "consultation_soon": True}


@pytest.fixture(scope="module")
def place(world):
    region = world.region(municipalities=1, schools=4)
    round_ = world.open_round(region, [item(f"item-{number}") for number in range(3)], organisations=4)
    return region, round_, world.operator(region.code)


def settings(client):
    return {one["kind"]: one["byMail"] for one in client.get("/api/v1/notificationSettings")["choices"]}


def choose(client, **kinds):
    choices = [{"kind": kind, "byMail": by_mail} for kind, by_mail in kinds.items()]
    return client.put("/api/v1/notificationSettings", {"choices": choices})


def notices(client):
    return client.get("/api/v1/notifications")


def reject(world, place, respondent, code):
    """Sends and rejects; the notice that comes of it."""
    _, round_, operator = place
    before = len(notices(respondent)["notifications"])
    sent = world.send(respondent, world.assignment(respondent, code, round_["roundId"]), "7")
    world.reject(operator, sent)
    eventually(lambda: len(notices(respondent)["notifications"]) > before, 15, what="the notice")


def letters(stack, address):
    return stack.value("deadlines", "SELECT count(*) FROM mail WHERE address = %s", address)


def test_each_role_chooses_among_what_it_gets(world, place):
    region, _, operator = place
    respondent = world.respondent(region.schools[0])
    assert settings(respondent) == {"due_soon": True, "due_today": True, "overdue": True, "rejected": True,
                                    "remark": True, **OF_MESSAGES}
    choose(respondent, due_soon=False, rejected=False)
    choose(respondent, rejected=True)
    assert settings(respondent) == {"due_soon": False, "due_today": True, "overdue": True, "rejected": True,
                                    "remark": True, **OF_MESSAGES}
    assert settings(world.coordinator(region.authorities[0])) == {"unanswered": True, "overdue_below": True,
                                                                  "campaign_ready": True, **OF_MESSAGES}
    assert settings(operator) == {"unanswered": True, **OF_MESSAGES}
    for client, kind in [(respondent, "overdue_below"), (operator, "rejected"), (respondent, "")]:
        with pytest.raises(Problem) as refused:
            choose(client, **{kind: False})
        assert refused.value.fields == ["choices[0].kind"]


def test_no_letter_of_a_kind_refused(world, stack, place):
    """The notice comes and its letter does not: both are written by one statement."""
    address = f"quiet-{place[0].code}@demo.example"
    respondent = world.respondent(place[0].schools[1], {"email": address})
    choose(respondent, rejected=False)
    reject(world, place, respondent, "item-0")
    assert letters(stack, address) == 0
    choose(respondent, rejected=True)
    reject(world, place, respondent, "item-1")
    eventually(lambda: stack.mails(address), 15, what="the letter wanted again")
    assert letters(stack, address) == 1


def test_all_read_up_to_what_was_seen(world, place):
    region = place[0]
    respondent = world.respondent(region.schools[2])
    reject(world, place, respondent, "item-0")
    reject(world, place, respondent, "item-1")
    seen = notices(respondent)
    assert seen["unread"] == 2
    reject(world, place, respondent, "item-2")
    respondent.post("/api/v1/notifications:read", {"upToNotificationId": seen["notifications"][0]["notificationId"]})
    after = notices(respondent)
    assert after["unread"] == 1
    assert [one["read"] for one in after["notifications"]] == [False, True, True]
    # Another's notice moves nothing.
    other = world.respondent(region.schools[3])
    reject(world, place, other, "item-0")
    other.post("/api/v1/notifications:read", {"upToNotificationId": after["notifications"][0]["notificationId"]})
    assert notices(other)["unread"] == 1
