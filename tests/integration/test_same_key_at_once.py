"""One request that arrives several times at once, as after a broker's death: one effect, and every answer the same."""
import threading

import pytest

from builders import item

COPIES = 8


@pytest.mark.parametrize("threads", [1, 3])
def test_copies_of_a_request_get_the_answer_of_the_one_that_was_carried_out(own_world, own_stack, threads):
    own_stack.configure("--set", f"submissions.command_threads={threads}")
    region = own_world.region(schools=1)
    own_world.open_round(region, [item("one")], organisations=1)
    author = own_world.respondent(region.schools[0])
    assignment = own_world.assignment(author, "one")
    replies = []

    def send():
        with author.clone() as client:
            replies.append(client.ask("PUT", "/api/v1/assignments/{id}/value", {"value": "7"},
                                      id=assignment["assignmentId"], version=0,
                                      key="5a7e0000-0000-4000-8000-00000000abcd"))

    # The row is held until copies have reached every thread: each then looks for the record before it is there.
    holder = own_stack.as_service("submissions")
    holder.autocommit = False
    with holder.cursor() as cursor:
        cursor.execute("SET LOCAL vekha.scope = '*'")
        cursor.execute("SELECT 1 FROM assignment WHERE assignment_id = %s FOR UPDATE", [assignment["assignmentId"]])
        assert cursor.fetchone()
        senders = [threading.Thread(target=send) for _ in range(COPIES)]
        for sender in senders:
            sender.start()
        for sender in senders:
            sender.join(0.1)
        assert not replies
    holder.commit()
    holder.close()
    for sender in senders:
        sender.join()
    assert [(reply.status, reply.document.get("version")) for reply in replies] == [(200, 1)] * COPIES
    acts = author.get("/api/v1/assignments/{id}/versions", id=assignment["assignmentId"])["versions"]
    assert [act["act"] for act in acts] == ["saved"]
