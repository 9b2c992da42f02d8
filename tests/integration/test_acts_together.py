"""Sendings and verdicts that wait are carried out by one statement: each is judged by itself, as if it had come alone."""
from builders import item, with_evidence
from heap import send_as_one_heap
from pdf import pdf


def command(client, path, target, version, body=None):
    def ask():
        with client.clone() as own:
            return own.ask("POST", path, body, id=target, version=version)
    return ask


def test_each_of_many_waiting_sendings_is_judged_by_itself(world, stack):
    region = world.region(schools=3)
    round_ = world.open_round(region, [item("a"), with_evidence("b"), item("c")], organisations=3)
    operator = world.operator(region.code)
    schools = [world.respondent(code) for code in region.schools]
    cells = {(index, code): world.assignment(school, code, round_["roundId"])
             for index, school in enumerate(schools) for code in "abc"}
    for (index, code), cell in cells.items():
        if (index, code) != (2, "c"):
            cells[index, code] = world.save(schools[index], cell, str(100 * index + ord(code)))
    proven = [world.attach(schools[0], cells[0, "b"], pdf(), "0.pdf"),
              world.attach(schools[1], world.attach(schools[1], cells[1, "b"], pdf(), "1.pdf"), pdf(2), "2.pdf")]

    def submit(school, cell, version=None):
        return command(schools[school], "/api/v1/assignments/{id}:submit", cell["assignmentId"],
                       cell["version"] if version is None else version)

    requests = {f"good {index}": submit(index, cells[index, "a"]) for index in range(3)}
    requests |= {
        "proven 0": submit(0, proven[0]), "proven 1": submit(1, proven[1]),
        "not proven": submit(2, cells[2, "b"]), "empty": submit(2, cells[2, "c"]),
        "foreign": submit(2, cells[0, "c"]), "stale": submit(0, cells[0, "c"], version=9),
    }
    requests |= {f"{number} of three": submit(1, cells[1, "c"]) for number in range(3)}
    replies, commands, batches = send_as_one_heap(stack, "submissions", requests)

    status = {name: reply.status for name, reply in replies.items()}
    good = [replies[f"good {index}"].document for index in range(3)]
    assert [one["value"] for one in good] == [str(100 * index + ord("a")) for index in range(3)], status
    assert [one["assignmentId"] for one in good] == [cells[index, "a"]["assignmentId"] for index in range(3)]
    names = [[document["fileName"] for document in replies[f"proven {index}"].document["documents"]]
             for index in range(2)]
    assert names == [["0.pdf"], ["1.pdf", "2.pdf"]]
    assert (status["not proven"], status["empty"]) == (409, 409)
    assert (status["foreign"], status["stale"]) == (404, 412)
    of_three = sorted(status[f"{number} of three"] for number in range(3))
    assert of_three[0] == 200 and all(one in (409, 412) for one in of_three[1:]), of_three
    for index, one in enumerate(good):
        assert world.entry(operator, one)["value"] == str(100 * index + ord("a"))
    assert [document["pages"] for document in world.entry(operator, replies["proven 1"].document)["documents"]] == [1, 2]
    assert commands >= len(requests) and batches < commands, "they were not carried out together"


def test_each_of_many_waiting_verdicts_is_judged_by_itself(world, stack):
    region = world.region(municipalities=2, schools=1)
    round_ = world.open_round(region, [item(code) for code in "abcde"], organisations=2)
    operators = [world.operator(region.code), world.operator(region.municipalities[1].code)]
    local = world.operator(region.municipalities[0].code)
    schools = [world.respondent(code) for code in region.schools]
    sent = {(index, code): world.send(school, world.assignment(school, code, round_["roundId"]), "1")
            for index, school in enumerate(schools) for code in "abcde"}
    for one in sent.values():
        world.entry(operators[0], one)
    local.post("/api/v1/queue/{id}:open", id=sent[0, "e"]["assignmentId"], version=sent[0, "e"]["version"])

    def accept(operator, one, version=None):
        return command(operator, "/api/v1/queue/{id}:accept", one["assignmentId"],
                       one["version"] if version is None else version)

    def reject(operator, one, resolution):
        return command(operator, "/api/v1/queue/{id}:reject", one["assignmentId"], one["version"],
                       {"resolution": resolution})

    requests = {
        "first": accept(operators[0], sent[0, "a"]), "of another": accept(operators[1], sent[1, "a"]),
        "local": accept(local, sent[0, "b"]), "foreign": accept(local, sent[1, "b"]),
        "stale": accept(operators[0], sent[0, "c"], version=9), "taken": accept(operators[0], sent[0, "e"]),
    }
    requests |= {f"{number} of four": accept(operators[number % 2], sent[1, "c"]) for number in range(4)}
    requests |= {
        "too large": reject(operators[0], sent[0, "d"], "Слишком много"),
        "too small": reject(operators[1], sent[1, "d"], "Слишком мало"),
        "no reason": reject(operators[1], sent[1, "e"], " "),
    }
    replies, commands, batches = send_as_one_heap(stack, "review", requests)

    status = {name: reply.status for name, reply in replies.items()}
    assert [status[name] for name in ("first", "of another", "local", "too large", "too small")] == [200] * 5, status
    assert replies["of another"].document["operatorAccountId"] == operators[1].account_id
    assert [replies[name].document["resolution"] for name in ("too large", "too small")] == [
        "Слишком много", "Слишком мало"]
    assert (status["foreign"], status["stale"], status["taken"], status["no reason"]) == (404, 412, 409, 422)
    assert sorted(status[f"{number} of four"] for number in range(4)) == [200, 409, 409, 409]
    given = stack.rows("review", """
        SELECT assignment_id::text AS id, operator_account_id::text AS operator, coalesce(resolution, '') AS reason
        FROM verdict v JOIN entry e USING (assignment_id) WHERE e.round_id = %s::uuid""", round_["roundId"])
    by = {row["id"]: (row["operator"], row["reason"]) for row in given}
    assert len(given) == len(by) == 6
    assert by[sent[0, "a"]["assignmentId"]] == (operators[0].account_id, "")
    assert by[sent[1, "d"]["assignmentId"]] == (operators[1].account_id, "Слишком мало")
    rejected = world.wait_state(schools[1], sent[1, "d"], "rejected")
    assert rejected["resolution"] == "Слишком мало"
    # A reason that is missing is refused before.
    assert commands >= len(requests) - 1 and batches < commands, "they were not carried out together"
