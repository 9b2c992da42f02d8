"""The first weeks of a year in three zones: each notice of the rules once, on its day, late ones with theirs (S2.3, S2.4,
S3.20, D11, F13). scripts/year plays the whole year in eleven."""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "year"))

from year import ZONES, Year  # noqa: E402


def test_each_notice_of_the_rules_once(own_stack):
    """Two replicas, one killed, both away for a week; a day of the calendar moved, answers sent meanwhile."""
    year = Year(own_stack, [ZONES[0], ZONES[3], ZONES[10]], "weeks", last="03-01")
    try:
        year.play()
        count, wrong = year.compare()
    finally:
        year.close()
    assert not wrong, "\n".join(wrong)
    assert count > 40
    assert any(late for place in year.places for notice in place.model.notices for _, late in notice.dues)
