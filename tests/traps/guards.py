#!/usr/bin/python3
"""Shows that the tests of tests/traps/traps.txt can fail: takes one guard after another out of a copy, runs its test.

tests/traps/guards.py [--only NAME,...] [--list]. Fails when a test still passes. Not part of the test run: it takes
minutes. The copy stays under build/traps, so that the next run builds little.
"""
import os
import pathlib
import re
import subprocess
import sys
from dataclasses import dataclass

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "support"))

from ports import free_port  # noqa: E402
from source_copy import choose, copy_source, put_back, take_out  # noqa: E402

COPY = ROOT / "build" / "traps"
BUILD = COPY / "build" / "release"
LONGEST_SECONDS = 90
LONGEST_WITH_SYSTEM_SECONDS = 300
PROCESSES = ["broker", "gateway", "auth", "submissions", "review", "files", "reporting", "deadlines"]


@dataclass(frozen=True)
class Guard:
    trap: int
    name: str
    test: str  # path::name
    edits: tuple  # (file, what stands there, what stands there instead)


SOCKETS = "services/broker/server_socket.c"
ZAP = "services/broker/zap.c"
ADMITTED = "    return number != NOBODY && (!is_events"
ADMIT_ALL = ((ZAP, ADMITTED, "    return true || (!is_events"),
             ("services/broker/router_acts.c", "    if (message.certificate == NOBODY || id_size", "    if (id_size"))
SECURITY = "tests/unit/broker/test_security.c"
TRAPS = "tests/unit/broker/test_traps.c"
FAILOVER = "tests/unit/broker/test_failover.c"
FEED = "tests/integration/test_feed_door.py"
NUMBERS = "tests/integration/test_event_numbers.py"
CONNECTION = "common/db/connection.c"
INBOX = "common/service/inbox_thread.c"
BEYOND_A_GAP = """    if (batch->n_events > 0 && batch->first_number > last_heard(stream) + 1) {
        stream->caught_up = false;
        return;
    }
"""
BEHIND_THE_HEAD = """    if (batch->head > last_heard(stream))
        stream->caught_up = false;
"""


def in_a_store(text):
    """Somebody writes this where nobody may."""
    first = '#include "store.h"\n'
    return (("services/review/store_queue.c", first, first + text),)


GUARDS = [
    Guard(1, "keys-of-the-folder", f"{SECURITY}::an_unknown_key_is_refused", ADMIT_ALL),
    Guard(1, "enforced-domain", f"{TRAPS}::without_a_keeper_of_keys_nobody_gets_in",
          ((SOCKETS, " &&\n           set_number(socket, ZAP_ENFORCE_DOMAIN, 1);", ";"),
           (SOCKETS, "    ZAP_ENFORCE_DOMAIN = 93,\n", ""))),
    Guard(1, "keys-of-the-feed", f"{FEED}::test_who_has_no_key_gets_no_further_than_the_handshake",
          (("services/reporting/feed_door.c", "    if (feed_keys_find(&feed.keys, question->key) != NULL)\n", "    if (true)\n"),)),
    Guard(2, "another-socket", f"{TRAPS}::a_refused_client_tries_again",
          (("common/bus/connection.c", "    return is_refused || is_unopened || is_silent ?",
            "    return (is_refused || is_silent) && is_unopened ?"),)),
    Guard(3, "name-of-a-later-frame", f"{SECURITY}::calls_and_lanes_of_others_are_forbidden",
          (("services/broker/router_acts.c", "zmq_msg_gets(&frames[FRAME_HEADER]", "zmq_msg_gets(&frames[FRAME_ID]"),
           # The loop of today does without a poll, after which frame 0 has lost its metadata; another may not.
           ("services/broker/router.c", "        enum status status = bus_await_frames(",
            "        zmq_pollitem_t item = {.socket = router->socket, .events = ZMQ_POLLIN};\n"
            "        bus_poll(&item, 1, TICK_MS);\n        enum status status = bus_await_frames("))),
    Guard(4, "no-handover", f"{SECURITY}::an_identity_cannot_be_taken_over",
          ((SOCKETS, "ZMQ_ROUTER_HANDOVER, 0", "ZMQ_ROUTER_HANDOVER, 1"),)),
    Guard(5, "size-of-a-frame", f"{TRAPS}::a_frame_over_the_limit_closes_the_connection",
          ((SOCKETS, "BUS_MAX_BODY_BYTES + BUS_MAX_HEADER_BYTES;", "-1;"),)),
    Guard(5, "strangers-send-nothing", f"{TRAPS}::endless_frames_of_a_stranger_take_no_memory", ADMIT_ALL),
    Guard(5, "number-of-frames", "tests/unit/bus/test_header.c::only_whole_messages_are_received",
          (("common/bus/frames.c", "        if (has_more)\n            drop_rest", "        if (has_more && count == 0)\n            drop_rest"),)),
    Guard(6, "no-ipc", "scripts/check-calls::ipc://",
          ((SOCKETS, '"tcp://%s:%u"', '"ipc://%s:%u"'),)),
    Guard(7, "mandatory", f"{TRAPS}::an_answer_nobody_takes_is_noticed",
          ((SOCKETS, "ZMQ_ROUTER_MANDATORY, 1", "ZMQ_ROUTER_MANDATORY, 0"),)),
    Guard(8, "only-brokers-that-are-up", f"{FAILOVER}::a_broker_that_is_not_there_is_asked_nothing",
          (("common/bus/client.c", "        if (!client->connections[i].is_up)\n            continue;\n", ""),)),
    Guard(9, "reads-what-it-missed", f"{NUMBERS}::test_what_nobody_published_is_read_all_the_same",
          ((INBOX, BEYOND_A_GAP, BEYOND_A_GAP.replace("        stream->caught_up = false;\n", "")),
           (INBOX, BEHIND_THE_HEAD, ""))),
    Guard(10, "heartbeats-of-the-loop", f"{FAILOVER}::a_worker_whose_thread_hangs_is_found",
          (("services/broker/lanes.c", "    if (now_ms - worker->heard_ms >= worker->silence_ms) {",
            "    if (now_ms - worker->heard_ms >= 100 * worker->silence_ms) {"),)),
    Guard(11, "no-decoder-of-czmq", "scripts/check-calls::zmsg_decode",
          (("common/bus/frames.c", "    zmq_msg_t frame;\n", "    zmq_msg_t frame;\n    zmsg_decode(NULL);\n"),)),
    Guard(12, "depth", "tests/unit/service/test_wire.c::depth_is_bounded",
          (("common/service/wire.c", "    if (depth > DEPTH_MAX)\n        return false;\n", "    (void)DEPTH_MAX;\n"),)),
    Guard(12, "elements", "tests/unit/service/test_wire.c::a_flood_of_elements_is_refused",
          (("common/service/wire.c", "++*elements > ELEMENTS_MAX", "++*elements == 0"),)),
    Guard(12, "no-recursion", "tests/integration/test_rpcgen.py::contains itself",
          (("proto/rpcgen_check.c", "    if (message->visit == UNDER_WAY)\n        return message->proto->name;\n",
            "    if (message->visit == UNDER_WAY)\n        return NULL;\n"),)),
    Guard(13, "one-length", "tests/unit/gateway/test_headers.c::smuggling_shapes_are_refused",
          (("services/gateway/request_head.c", "(coding != NULL || head_content_length(head) < 0)",
            "head_content_length(head) < 0"),)),
    Guard(13, "heads-are-checked", "tests/integration/test_bad_input.py::test_a_hundred_malformed_requests",
          (("services/gateway/request_head.c", "        if (!is_clean_header(&head->headers[i]))",
            "        if (is_clean_header(&head->headers[i]) && false)"),
           ("services/gateway/request_head.c", "    if (has_doubles(head) || !has_clean_host(head) || !has_clean_length(head))",
            "    if (has_doubles(head) && !has_clean_host(head) && !has_clean_length(head))"))),
    Guard(13, "no-post-processor", "scripts/check-calls::MHD_create_post_processor",
          (("services/gateway/http_daemon.c", "    struct sockaddr_in address;\n    if (!parse_listen",
            "    MHD_create_post_processor(NULL, 0, NULL, NULL);\n    struct sockaddr_in address;\n    if (!parse_listen"),)),
    Guard(14, "slow-heads", "tests/integration/test_http_connections.py::test_what_comes_byte_by_byte_is_cut",
          (("services/gateway/peer.c", "    (void)shutdown(peer->socket, SHUT_RDWR);\n", "    (void)peer;\n"),)),
    Guard(14, "slow-bodies", "tests/integration/test_http_connections.py::test_what_comes_byte_by_byte_is_cut",
          (("services/gateway/http_daemon.c", "    if (is_slow && exchange->bus_handle == 0)",
            "    if (is_slow && exchange->bus_handle != 0)"),)),
    Guard(14, "end-of-the-budget", f"{FAILOVER}::without_anybody_the_budget_ends_in_busy",
          (("common/bus/client.c", "        if (now_ms >= question->deadline_ms)",
            "        if (now_ms >= question->deadline_ms + 600000)"),)),
    Guard(15, "no-cursor", f"{NUMBERS}::test_what_commits_late_is_not_passed_over",
          (("common/service/runtime_store.c", '"  SELECT ctid FROM outbox WHERE " IS_SEQUENCER " ORDER BY',
            '"  SELECT ctid FROM outbox WHERE " IS_SEQUENCER " AND position > (SELECT count(*) FROM stream) ORDER BY'),)),
    Guard(16, "unknown-outcome", "tests/unit/db/test_connection.c::a_loss_during_commit_is_an_unknown_outcome",
          (("common/db/db.c", "        return STATUS_UNKNOWN_OUTCOME;\n", "        return STATUS_LOST;\n"),)),
    Guard(17, "no-notify", "scripts/check-calls::pg_notify",
          in_a_store('static const char wake[] = "SELECT pg_notify(\'review\', $1)";\n')),
    Guard(18, "patience", "tests/unit/db/test_connection.c::a_server_that_does_not_answer_is_given_up",
          ((CONNECTION, "        int64_t rest_ms = deadline_ms - clock_monotonic_ms();",
            "        int64_t rest_ms = deadline_ms + 60000 - clock_monotonic_ms();"),)),
    Guard(19, "memory-of-the-helper", "tests/unit/files/test_pdf_check.c::bombs_only_cost_their_limit",
          (("services/files/pdf_check_main.c", "    MEMORY_BYTES = 512 * 1024 * 1024,", "    MEMORY_BYTES = 1536 * 1024 * 1024,"),)),
    Guard(20, "forced-for-the-owner", "tests/integration/test_databases.py::test_rows_with_a_territory_have_a_second_wall",
          (("services/review/migrations/0001_review.sql", "ALTER TABLE verdict FORCE ROW LEVEL SECURITY;\n", ""),)),
    Guard(20, "scope-of-this-call", "tests/unit/db/test_transaction.c::the_scope_follows_the_transaction",
          (("common/db/pipeline.c", "    return !db->is_scope_known || strcmp(db->scope, db->sent_scope) != 0;",
            "    return !db->is_scope_known;"),)),
    Guard(20, "no-plain-view", "scripts/check-calls::security_invoker",
          (("services/review/migrations/0001_review.sql", "ALTER TABLE verdict FORCE ROW LEVEL SECURITY;\n",
            "ALTER TABLE verdict FORCE ROW LEVEL SECURITY;\nCREATE VIEW verdicts AS SELECT * FROM verdict;\n"),)),
]


def run(line, environment=None, longest_seconds=LONGEST_SECONDS):
    """The exit code (0 is good; None: not in time) and what was said."""
    try:
        done = subprocess.run([str(part) for part in line], cwd=COPY, capture_output=True, text=True, check=False,
                              errors="replace", timeout=longest_seconds, env={**os.environ, **(environment or {})})
        return done.returncode, done.stdout + done.stderr
    except subprocess.TimeoutExpired as late:
        return None, (late.stdout or b"").decode(errors="replace") + (late.stderr or b"").decode(errors="replace")


def build(targets):
    for line in (["cmake", "--preset", "release"], ["cmake", "--build", "--preset", "release", "--target", *targets]):
        done = subprocess.run(line, cwd=COPY, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(done.stdout[-3000:] + done.stderr)


def unit_target(path):
    return f"unit_{path.parent.name}_{path.stem}"


def fails_in_unit(path, name, dsn):
    area = path.parent.name
    build([unit_target(path)] + ([f"vekha-{area}"] if area in PROCESSES else []) + (["vekha-pdf-check"] if area == "files" else []))
    _, said = run([BUILD / "bin" / unit_target(path)], {"VEKHA_TEST_DSN": dsn} if dsn else None)
    # It failed, or nothing came after its beginning.
    return bool(re.search(rf"FAILED +\] {name}$", said, re.M)) or f"RUN      ] {name}" in said.splitlines()[-1]


def fails_in_integration(path, name):
    build(["vekha-keys", "vekha-pdf-check", "rpcgen", *(f"vekha-{process}" for process in PROCESSES)])
    chosen = [f"{path}::{name}"] if name.startswith("test_") else [path]
    code, said = run(["/usr/bin/python3", "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", *chosen],
                     {"VEKHA_TEST_BUILD": str(BUILD)}, LONGEST_WITH_SYSTEM_SECONDS)
    return code == 1 and f"FAILED {path}" in said


def is_seen(guard, dsn):
    take_out(COPY, guard.edits)
    try:
        path, _, name = guard.test.partition("::")
        path = pathlib.Path(path)
        if path.suffix == ".c":
            return fails_in_unit(path, name, dsn)
        if path.suffix == ".py":
            return fails_in_integration(path, name)
        code, said = run([COPY / path])
        return code == 1 and guard.edits[0][0] in said
    finally:
        for file, _, _ in guard.edits:
            put_back(COPY, file)


class Database:
    """What the tests of common/db need: a server of their own, only when one of them is chosen."""

    def __init__(self, is_needed):
        self.folder = COPY / "build" / "stack" if is_needed else None

    def __enter__(self):
        if not self.folder:
            return None
        stack = ROOT / "scripts" / "stack"
        build(["vekha-keys", "vekha-pdf-check", *(f"vekha-{process}" for process in PROCESSES)])
        subprocess.run([stack, "up", self.folder, "--build", BUILD, "--fsync", "off", "--port", str(free_port(400))],
                       check=True, capture_output=True)
        subprocess.run([stack, "sql", self.folder, "postgres", "-c", "CREATE ROLE unit LOGIN", "-c",
                        "CREATE DATABASE unit OWNER unit"], check=True, capture_output=True)
        settings = dict(line.split("=", 1) for line in (self.folder / "settings").read_text().splitlines())
        return f"host='{settings['socket']}' dbname=unit user=unit"

    def __exit__(self, *_):
        if self.folder:
            subprocess.run([ROOT / "scripts" / "stack", "remove", self.folder], check=False)


def main():
    chosen = choose(GUARDS, __doc__.splitlines()[0], lambda guard: f"{guard.trap:2} {guard.name}: {guard.test}")
    if not chosen:
        return
    os.environ.pop("VEKHA_TEST_STACK", None)
    COPY.mkdir(parents=True, exist_ok=True)
    copy_source(COPY)
    unseen = []
    with Database(any("/unit/db/" in guard.test for guard in chosen)) as dsn:
        for guard in chosen:
            seen = is_seen(guard, dsn)
            unseen += [] if seen else [guard.name]
            print(f"{guard.trap:2} without {guard.name}: {guard.test} {'fails' if seen else 'STILL PASSES'}", flush=True)
    sys.exit(1 if unseen else 0)


if __name__ == "__main__":
    main()
