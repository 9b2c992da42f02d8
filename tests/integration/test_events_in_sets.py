"""A consumer that was away applies what it missed in sets: of one answer all in their order, of all answers each one."""
from builders import item
from pdf import pdf
from waiting import eventually

LIFE = ["draft", "in_review", "draft", "in_review", "rejected", "draft", "in_review", "accepted"]


def live(world, respondent, operator, assignment):
    """The whole life of one answer, as LIFE tells it."""
    sent = world.send(respondent, assignment, "1")
    world.entry(operator, sent)
    respondent.post("/api/v1/assignments/{id}:withdraw", id=sent["assignmentId"], version=sent["version"])
    sent = world.submit(respondent, world.wait_state(respondent, sent, "ready"))
    world.reject(operator, sent)
    sent = world.send(respondent, world.wait_state(respondent, sent, "rejected"), "2")
    world.accept(operator, sent)
    return world.wait_state(respondent, sent, "accepted")


def test_reports_and_reminders_catch_up_with_whole_lives(stack, world):
    region = world.region(schools=2)
    round_ = world.open_round(region, [item("one"), item("two"), item("three")], organisations=2)
    operator = world.operator(region.code)
    people = [world.respondent(code) for code in region.schools]
    for consumer in ("reporting", "deadlines"):
        world.wait_until_heard(consumer, "submissions")
    stack.stop("reporting", "deadlines")
    try:
        lived = [live(world, person, operator, world.assignment(person, code, round_["roundId"]))
                 for person in people for code in ("one", "two")]
        begun = world.save(people[0], world.assignment(people[0], "three", round_["roundId"]), "3")
    finally:
        stack.start("reporting", "deadlines")
    for consumer in ("reporting", "deadlines"):
        world.wait_until_heard(consumer, "submissions")
    for assignment in lived:
        states = stack.rows("reporting", "SELECT state FROM history WHERE assignment_id = %s::uuid ORDER BY number",
                            assignment["assignmentId"])
        assert [row["state"] for row in states] == LIFE
    counters = stack.rows("reporting", "SELECT total, empty, draft, in_review, accepted, rejected FROM counter"
                          " WHERE round_id = %s::uuid ORDER BY draft", round_["roundId"])
    assert [list(row.values()) for row in counters] == [[3, 1, 0, 0, 2, 0], [3, 0, 1, 0, 2, 0]]
    outstanding = stack.rows("deadlines", "SELECT assignment_id::text AS id FROM assignment WHERE outstanding"
                             " AND round_id = %s::uuid", round_["roundId"])
    assert len(outstanding) == 2 and begun["assignmentId"] in [row["id"] for row in outstanding]


def test_the_queue_catches_up_with_each_answer_and_its_own_documents(stack, world):
    region = world.region(schools=1)
    round_ = world.open_round(region, [item(code) for code in "abc"], organisations=1)
    operator = world.operator(region.code)
    respondent = world.respondent(region.schools[0])
    ready = [world.save(respondent, world.assignment(respondent, code, round_["roundId"]), value)
             for code, value in (("a", "1"), ("b", "2"), ("c", "3"))]
    ready[1] = world.attach(respondent, ready[1], pdf(), "Приказ № 1, {а}.pdf")
    ready[2] = world.attach(respondent, world.attach(respondent, ready[2], pdf(2), "b.pdf"), pdf(3), "c.pdf")
    stack.stop("review")
    try:
        sent = [world.submit(respondent, assignment) for assignment in ready]
    finally:
        stack.start("review")
    entries = [world.entry(operator, assignment) for assignment in sent]
    assert [entry["value"] for entry in entries] == ["1", "2", "3"]
    assert [[(document["fileName"], document["pages"]) for document in entry["documents"]] for entry in entries] == [
        [], [("Приказ № 1, {а}.pdf", 1)], [("b.pdf", 2), ("c.pdf", 3)]]


def test_verdicts_given_meanwhile_reach_each_its_own_answer(stack, world):
    region = world.region(schools=2)
    round_ = world.open_round(region, [item(code) for code in "abc"], organisations=2)
    operator = world.operator(region.code)
    people = [world.respondent(code) for code in region.schools]
    sent = {(index, code): world.send(person, world.assignment(person, code, round_["roundId"]), f"{index + 1}{value}")
            for index, person in enumerate(people) for value, code in enumerate("abc")}
    for one in sent.values():
        world.entry(operator, one)
    stack.stop("submissions")
    try:
        for (index, code), one in sent.items():
            if code == "b":
                world.reject(operator, one, f"Исправьте {index}")
            else:
                world.accept(operator, one)
    finally:
        stack.start("submissions")
    for (index, code), one in sent.items():
        seen = world.wait_state(people[index], one, "rejected" if code == "b" else "accepted")
        expected = ("", f"Исправьте {index}") if code == "b" else (one["value"], "")
        assert (seen["acceptedValue"], seen["resolution"]) == expected
    heard = [(row["assignment_id"], row["state"]) for row in stack.rows("review", """
        SELECT assignment_id::text, CASE WHEN accepted THEN 'accepted' ELSE 'rejected' END AS state FROM verdict
        JOIN entry USING (assignment_id) WHERE entry.round_id = %s::uuid ORDER BY verdict_id""", round_["roundId"])]
    eventually(lambda: [(row["assignment_id"], row["state"]) for row in stack.rows("reporting", """
        SELECT assignment_id::text, state FROM history WHERE round_id = %s::uuid AND state IN ('accepted', 'rejected')
        ORDER BY number""", round_["roundId"])] == heard, 15, what="the feed tells them in the order of the verdicts")
