"""Scenes of the forecast: months must pass for it, so they are on a system of their own beside the one of all tests."""
import pathlib
import sys
import tempfile

from builders import item
from scene_people import person
from stack import Stack

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "year"))

from forecast_year import ForecastYear  # noqa: E402

MONTHS, TODAY, APART = 3, 14, 400


def forecasts(world, options):
    """Three months are over, the fourth is under way; another programme has no past. It is up to the caller to have the
    system removed."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="vekha-forecast-")) / "stack"
    stack = Stack.create(folder, world.stack.port + APART, world.stack.settings["build"])
    year = ForecastYear(stack, "browser", schools=3, items=3, months=MONTHS)
    year.play()
    year.month(MONTHS + 1, TODAY)
    stack.set_clock(year.moment(MONTHS + 1, TODAY, 12))
    year.wait_counted()
    rows = year.enter(year.coordinator).get("/api/v1/reports/forecast", query={"round_id": year.round_id})["rows"]
    year.enter(year.world.administrator)
    fresh = year.world.open_round(year.region, [item("fresh")], organisations=len(year.schools))
    year.settle()
    worst = next(row for row in rows if row["reasons"][0]["code"] == "nothing_sent")
    year.close()
    stack.close()
    return {"folder": str(folder), "address": stack.address, "round": year.round_id, "fresh": fresh["roundId"],
            "coordinator": person(year.coordinator), "respondent": person(year.people[worst["path"]]), "rows": rows, "worst": worst}


def forecasts_over(world, options):
    stack = Stack(options["folder"])
    stack.remove()
    stack.folder.parent.rmdir()
    return {}
