"""An operator who opened an item and went away holds nobody up for longer than half an hour."""
from builders import item
from waiting import eventually


def act(client, verb, assignment):
    return client.ask("POST", "/api/v1/queue/{id}:" + verb, id=assignment["assignmentId"],
                      version=assignment["version"])


def later(stack, clients, **delta):
    """Moves the clock; sessions end with time, so everybody logs in again."""
    stack.advance(**delta)
    for client in clients:
        client.login(client.login_name, client.password)


def test_an_opening_is_taken_over_after_half_an_hour(own_world, own_stack):
    world = own_world
    region = world.region(schools=1)
    world.open_round(region, [item("one"), item("two")], organisations=1)
    author = world.respondent(region.schools[0])
    items = eventually(lambda: world.assignments(author) or None, 15)
    first, second = (world.send(author, one, "5") for one in items)
    away, present = world.operator(region.code), world.operator(region.municipalities[0].code)
    for assignment in (first, second):
        world.entry(away, assignment)
        assert act(away, "open", assignment).status == 200
    people = (away, present, author)
    later(own_stack, people, minutes=25)
    assert act(present, "accept", first).document["code"] == "taken"
    later(own_stack, people, minutes=6)
    waiting = present.get("/api/v1/queue/{id}", id=first["assignmentId"])
    assert waiting["waitingHours"] == 0 and waiting["state"] == "opened"
    assert act(present, "accept", first).status == 200
    assert act(present, "open", second).status == 200
    assert act(away, "accept", second).document["code"] == "taken"
    # The author stays bound by the first opening (F7).
    reply = author.ask("POST", "/api/v1/assignments/{id}:withdraw", id=second["assignmentId"],
                       version=second["version"])
    assert reply.document["code"] == "already_opened"
    later(own_stack, people, hours=3)
    assert present.get("/api/v1/queue/{id}", id=second["assignmentId"])["waitingHours"] == 3
    oldest = present.get("/api/v1/queue", query={"waiting_at_least_hours": 3})["entries"]
    assert [one["assignmentId"] for one in oldest] == [second["assignmentId"]]
