"""Wordings that an operator keeps for the next rejection (S2.39, S2.40)."""
import pytest

from builders import item
from vekha_client import Problem


@pytest.fixture(scope="module")
def operators(world):
    region = world.region(schools=1)
    return world.operator(region.code), world.operator(region.municipalities[0].code)


def texts(operator):
    return [one["text"] for one in operator.get("/api/v1/resolutions")["resolutions"]]


def keep(operator, text):
    return operator.post("/api/v1/resolutions", {"text": text})


def test_kept_once_newest_first_and_each_operator_for_himself(operators):
    operator, colleague = operators
    first = keep(operator, "Уточните информацию")
    keep(operator, "Приложите приказ\nс подписью")
    assert keep(operator, "Уточните информацию")["resolutionId"] == first["resolutionId"]
    assert texts(operator) == ["Приложите приказ\nс подписью", "Уточните информацию"]
    assert texts(colleague) == []
    with pytest.raises(Problem) as refused:
        colleague.delete("/api/v1/resolutions/{id}", id=first["resolutionId"])
    assert refused.value.status == 404
    operator.delete("/api/v1/resolutions/{id}", id=first["resolutionId"])
    assert texts(operator) == ["Приложите приказ\nс подписью"]
    with pytest.raises(Problem) as refused:
        operator.delete("/api/v1/resolutions/{id}", id=first["resolutionId"])
    assert refused.value.status == 404


def test_blank_and_too_long_are_refused(operators):
    for text in ["", "  \n ", "x" * 2001]:
        with pytest.raises(Problem) as refused:
            keep(operators[0], text)
        assert refused.value.fields == ["text"], text


def test_at_most_a_hundred(world):
    operator = world.operator(world.region(schools=1).code)
    made = [keep(operator, f"Формулировка {number}") for number in range(100)]
    with pytest.raises(Problem) as refused:
        keep(operator, "Формулировка 100")
    assert (refused.value.status, refused.value.code) == (409, "too_many_resolutions")
    # What is kept already may be kept again, and a place that became free is free.
    assert keep(operator, "Формулировка 7")["resolutionId"] == made[7]["resolutionId"]
    operator.delete("/api/v1/resolutions/{id}", id=made[0]["resolutionId"])
    keep(operator, "Формулировка 100")


def test_queue_names_the_municipality(world):
    region = world.region(schools=1)
    world.open_round(region, [item("one")], organisations=1)
    respondent = world.respondent(region.schools[0])
    sent = world.send(respondent, world.assignment(respondent, "one"), "5")
    entry = world.entry(world.operator(region.code), sent)
    assert entry["municipalityId"] == region.ids[region.municipalities[0].code]
