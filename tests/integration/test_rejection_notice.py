"""A rejection is told at once, with its resolution (S2.39, S2.40, S2.43)."""
import smtp
from builders import item
from waiting import eventually


def test_the_respondent_is_told_at_once(world, stack):
    region = world.region(municipalities=1, schools=1)
    round_ = world.open_round(region, [item("one")], organisations=1)
    address = f"{region.code}@demo.example"
    respondent = world.respondent(region.schools[0], {"email": address})
    operator = world.operator(region.code)
    sent = world.send(respondent, world.assignment(respondent, "one", round_["roundId"]), "1233")
    world.reject(operator, sent, "Уточните информацию.\r\nBcc: all@demo.example")

    def told():
        return [one for one in respondent.get("/api/v1/notifications")["notifications"] if one["kind"] == "rejected"]
    notice = eventually(told, 15, what="the notification")[0]
    assert notice["title"].startswith("Показатель отклонён: ")
    assert "Показатель: Вопрос one\nРезолюция: Уточните информацию." in notice["text"]
    letter = eventually(lambda: stack.mails(address), 15, what="the letter")[0]
    assert letter["Bcc"] is None and "Резолюция: Уточните информацию." in smtp.text_of(letter)
    again = world.send(respondent, world.wait_state(respondent, sent, "rejected"), "1234")
    world.reject(operator, again)
    assert eventually(lambda: len(told()) == 2, 15, what="the second rejection's notification")
