"""Prepares what a browser test begins with, over HTTP, and prints it as JSON: scenes.py NAME [JSON options]."""
import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))

from builders import World  # noqa: E402
from stack import Stack  # noqa: E402


def person(client):
    return {"login": client.login_name, "password": client.password}


def newcomer(world, options):
    """Somebody with a one-time password."""
    region = world.region(schools=1)
    issued = world.issue(options.get("role", "respondent"), region.schools[0])
    return {"login": issued["login"], "password": issued["oneTimePassword"]}


def everybody(world, options):
    """A region with an open round of one indicator of each kind, and one person of each role."""
    region = world.region(municipalities=options.get("municipalities", 2), schools=options.get("schools", 2))
    round_ = world.open_round(region, options.get("items"), organisations=len(region.schools))
    return {
        "round": round_,
        "region": region.code,
        "schools": region.schools,
        "respondent": person(world.respondent(region.schools[0])),
        "neighbour": person(world.respondent(region.schools[1])),
        "operator": person(world.operator(region.code)),
        "secondOperator": person(world.operator(region.superior)) if options.get("twoOperators") else None,
        "municipalCoordinator": person(world.coordinator(region.authorities[0])),
        "coordinator": person(world.coordinator(region.code)),
        "administrator": person(world.administrator),
    }


SCENES = {scene.__name__: scene for scene in (newcomer, everybody)}


def main():
    stack = Stack(os.environ["VEKHA_TEST_STACK"])
    world = World(stack)
    try:
        options = json.loads(sys.argv[2]) if len(sys.argv) > 2 else {}
        print(json.dumps(SCENES[sys.argv[1]](world, options), default=str))
    finally:
        world.close()
        stack.close()


if __name__ == "__main__":
    main()
