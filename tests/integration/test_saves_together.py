"""Saves that wait are carried out by one statement: each is judged by itself, as if it had come alone (S2.26, S2.37)."""
from builders import item, with_evidence
from heap import send_as_one_heap


def test_each_of_many_waiting_saves_is_judged_by_itself(world, stack):
    region = world.region(schools=3)
    world.open_round(region, [item("whole"), item("flag", "yes_no"), with_evidence("proof")], organisations=3)
    schools = [world.respondent(code) for code in region.schools]
    cells = {(index, code): world.assignment(school, code)["assignmentId"]
             for index, school in enumerate(schools) for code in ("whole", "flag", "proof")}

    def save(school, target, body, version=0):
        def ask():
            with schools[school].clone() as client:
                return client.ask("PUT", "/api/v1/assignments/{id}/value", body, id=target, version=version)
        return ask

    requests = {f"good {index}": save(index, cells[index, "whole"], {"value": str(10 + index)}) for index in range(3)}
    requests |= {
        "evidence": save(0, cells[0, "proof"], {"value": "5"}),
        "no evidence needed": save(1, cells[1, "proof"], {"value": "0"}),
        "unreadable": save(1, cells[1, "flag"], {"value": "perhaps"}),
        "wrong kind": save(2, cells[2, "flag"], {"value": "7"}),
        "foreign": save(2, cells[0, "flag"], {"value": "yes"}),
        "stale": save(2, cells[2, "proof"], {"value": "3"}, version=9),
        "first of two": save(0, cells[0, "flag"], {"value": "yes"}),
        "second of two": save(0, cells[0, "flag"], {"value": "no"}),
    }
    replies, commands, batches = send_as_one_heap(stack, "submissions", requests)

    status = {name: reply.status for name, reply in replies.items()}
    assert [status[f"good {index}"] for index in range(3)] == [200, 200, 200]
    assert [replies[f"good {index}"].document["value"] for index in range(3)] == ["10", "11", "12"]
    assert replies["evidence"].document["state"] == "draft"
    assert replies["evidence"].document["notReadyBecause"] == "evidence_missing"
    assert replies["no evidence needed"].document["state"] == "ready"
    assert (status["unreadable"], status["wrong kind"]) == (422, 422)
    assert (status["foreign"], status["stale"]) == (404, 412)
    assert sorted([status["first of two"], status["second of two"]]) == [200, 412]
    winner = replies["first of two" if status["first of two"] == 200 else "second of two"].document
    now = schools[0].get("/api/v1/assignments/{id}", id=cells[0, "flag"])
    assert (now["value"], now["version"]) == (winner["value"], 1)
    acts = schools[0].get("/api/v1/assignments/{id}/versions", id=cells[0, "flag"])["versions"]
    assert [(act["act"], act["value"]) for act in acts] == [("saved", winner["value"])]

    assert commands >= len(requests) and batches < commands, "they were not carried out together"
