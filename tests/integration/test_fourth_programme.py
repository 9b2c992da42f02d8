"""A programme of which the code knows nothing: a file, the command `vekha`, and a round from choice to acceptance."""
import copy
import json
import os
import subprocess
from types import SimpleNamespace

import jsonschema
import pytest

from pdf import pdf
from stack import ROOT

SCHOOL_REPAIR = json.loads((ROOT / "programmes" / "school-repair.json").read_text())


@pytest.fixture(scope="module")
def place(world, tmp_path_factory):
    """The file stands as it is; only the region is this test's own, and its code is the file's name."""
    region = world.region(municipalities=1, schools=2, attributes={0: "kvantorium"})
    world.wait_for_organisations(region)
    folder = tmp_path_factory.mktemp("programme")
    file = folder / f"repair-{region.code}.json"
    file.write_text(json.dumps({**SCHOOL_REPAIR, "organisationCode": region.code}, ensure_ascii=False))
    return SimpleNamespace(region=region, file=file, code=file.stem)


def vekha(world, *arguments, status=0):
    done = subprocess.run(
        [ROOT / "scripts" / "vekha", "--address", world.stack.address, *map(str, arguments)], capture_output=True,
        text=True, timeout=60, check=False, env={**os.environ, "VEKHA_LOGIN": world.administrator.login_name or
                                                 world.administrator.account["login"],
                                                 "VEKHA_PASSWORD": world.administrator.password})
    assert done.returncode == status, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_files_are_checked_before_they_are_loaded(world, place):
    """S1.1, S2.1, S3.1: every file of programmes/ holds to the schema; a wrong one is told where it is wrong."""
    schema = json.loads(vekha(world, "schema"))
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    files = [one for one in (ROOT / "programmes").glob("*.json") if not one.stem.endswith("-round")]
    assert len(files) >= 4
    for file in files:
        assert not list(validator.iter_errors(json.loads(file.read_text()))), file
    assert "3 sections, 5 items: 5 new" in vekha(world, "check", place.file)
    wrong = copy.deepcopy(SCHOOL_REPAIR)
    wrong["sections"][0]["colour"] = "red"
    bad = place.file.with_name("bad.json")
    bad.write_text(json.dumps(wrong))
    assert "sections[0]" in vekha(world, "check", bad, status=1)
    wrong = {**SCHOOL_REPAIR, "organisationCode": place.region.code, "reviewer": "boss"}
    bad.write_text(json.dumps(wrong))
    assert "reviewer" in vekha(world, "check", bad, status=1)
    assert "not loaded yet" in vekha(world, "diff", place.file, status=1)


def test_a_programme_from_a_file_alone(world, place):
    """S1.9, S1.12, S3.14, S3.18: loaded by the command, forecast, opened, chosen, filled in and accepted."""
    assert "version 1: 5 items new" in vekha(world, "load", place.file)
    assert not vekha(world, "diff", place.file)
    forecast = vekha(world, "forecast", place.code)
    assert "1 organisations, 3 fields, 5 with everything" in forecast and "roof / roof-estimate (by choice)" in forecast
    round_ = world.wait_open(world.round(place.code, place.region, due_in=100, closed_in=150)["roundId"], 1)
    school = world.respondent(place.region.schools[0])
    operator = world.operator(place.region.code)
    for verb, body in (("choose", {}), ("plan", {"plannedOn": round_["dueOn"]})):
        school.post("/api/v1/rounds/{id}/sections/roof:" + verb, body, id=round_["roundId"])
    asked = {one["itemCode"]: one for one in world.assignments(school, round_id=round_["roundId"])}
    assert sorted(asked) == ["roof-acceptance", "roof-estimate", "survey-act", "survey-wear", "warmth-passport"]
    estimate = asked["roof-estimate"]
    school.put("/api/v1/assignments/{id}/rows", {"rows": [{"cells": ["Кровля", "120,5"]}]},
               id=estimate["assignmentId"], version=estimate["version"])
    act = world.attach(school, asked["survey-act"], pdf(text="survey"))
    sent = [world.submit(school, world.fresh(school, estimate)), world.submit(school, act),
            world.send(school, asked["survey-wear"], "35,5")]
    for one in sent:
        world.accept(operator, one)
        world.wait_state(school, one, "accepted")
    # The next version leaves what was submitted as it is.
    changed = json.loads(place.file.read_text())
    changed["sections"][0]["items"][1]["unit"] = "проц."
    place.file.write_text(json.dumps(changed, ensure_ascii=False))
    assert '+          "unit": "проц."' in vekha(world, "diff", place.file)
    assert "version 2: 0 items new, 1 changed" in vekha(world, "load", place.file, "--basis", "Приказ № 13")
    assert "Приказ № 13" in vekha(world, "versions", place.code).splitlines()[0]
    kept = world.fresh(school, asked["survey-wear"])
    assert (kept["unit"], kept["value"], kept["state"]) == ("%", "35.5", "accepted")
