"""Saves that wait are carried out by one statement: each is judged by itself, as if it had come alone (S2.26, S2.37)."""
import signal
import threading

from builders import item, with_evidence
from waiting import eventually

OUTSTANDING = "vekha_bus_outstanding"


def freeze_until_all_wait(stack, threads):
    """What is sent while the service stands still reaches its workers as one heap."""
    stack.signal("submissions", signal.SIGSTOP)
    try:
        for thread in threads:
            thread.start()
        eventually(lambda: stack.metrics("gateway")[OUTSTANDING] >= len(threads),
                   what="every request waits")
    finally:
        stack.signal("submissions", signal.SIGCONT)
    for thread in threads:
        thread.join()


def test_each_of_many_waiting_saves_is_judged_by_itself(world, stack):
    region = world.region(schools=3)
    world.open_round(region, [item("whole"), item("flag", "yes_no"), with_evidence("proof")], organisations=3)
    schools = [world.respondent(code) for code in region.schools]
    cells = {(index, code): world.assignment(school, code)["assignmentId"]
             for index, school in enumerate(schools) for code in ("whole", "flag", "proof")}
    replies = {}

    def save(name, school, target, body, version=0):
        def send():
            with schools[school].clone() as client:
                replies[name] = client.ask("PUT", "/api/v1/assignments/{id}/value", body, id=target, version=version)
        return threading.Thread(target=send)

    before = stack.metrics("submissions")
    threads = [save(f"good {index}", index, cells[index, "whole"], {"value": str(10 + index)}) for index in range(3)]
    threads += [
        save("evidence", 0, cells[0, "proof"], {"value": "5"}),
        save("no evidence needed", 1, cells[1, "proof"], {"value": "0"}),
        save("unreadable", 1, cells[1, "flag"], {"value": "perhaps"}),
        save("wrong kind", 2, cells[2, "flag"], {"value": "7"}),
        save("foreign", 2, cells[0, "flag"], {"value": "yes"}),
        save("stale", 2, cells[2, "proof"], {"value": "3"}, version=9),
        save("first of two", 0, cells[0, "flag"], {"value": "yes"}),
        save("second of two", 0, cells[0, "flag"], {"value": "no"}),
    ]
    freeze_until_all_wait(stack, threads)
    after = stack.metrics("submissions")

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

    commands = after["vekha_batched_commands_total"] - before["vekha_batched_commands_total"]
    batches = after["vekha_command_batches_total"] - before["vekha_command_batches_total"]
    assert commands >= len(threads) and batches < commands, "they were not carried out together"
