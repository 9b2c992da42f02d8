// Queues, credit, deadlines and deaths, with a clock of our own.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "lanes.h"

enum { START_MS = 1000, LIMIT = 5, CERTIFICATE = 3, OTHER_CERTIFICATE = 4 };

static struct routing_id
id_of(unsigned number)
{
    struct routing_id id = {.size = 17};
    memcpy(id.bytes, &number, sizeof number);
    return id;
}

static int
setup(void **state)
{
    *state = lanes_new(LIMIT, START_MS);
    return *state == NULL;
}

static int
teardown(void **state)
{
    struct lanes *lanes = *state;
    lanes_free(&lanes);
    return 0;
}

static uint32_t
add_worker(struct lanes *lanes, unsigned number, uint32_t credit, int64_t now_ms)
{
    struct routing_id id = id_of(number);
    return lanes_worker_ready(lanes, &id, CERTIFICATE, lanes_find(lanes, "auth"), credit, now_ms);
}

static enum status
add_request(struct lanes *lanes, uint64_t message_id, int64_t now_ms, int64_t budget_ms)
{
    struct request request = {.message_id = message_id,
                              .deadline_ms = now_ms + budget_ms,
                              .lane = lanes_find(lanes, "auth"),
                              .client = id_of(1000)};
    uint32_t number;
    return lanes_request_add(lanes, &request, now_ms, &number);
}

static uint64_t
assign(struct lanes *lanes, int64_t now_ms, uint32_t *ret_request)
{
    return lanes_assign(lanes, lanes_find(lanes, "auth"), now_ms, ret_request)
               ? lanes_request_at(lanes, *ret_request)->message_id
               : 0;
}

// The failed request's id; its status must be as expected. 0: none.
static uint64_t
take_failed(struct lanes *lanes, enum status expected)
{
    uint32_t number = lanes_failed(lanes);
    if (number == NOTHING)
        return 0;
    assert_int_equal(lanes_request_at(lanes, number)->failure, expected);
    uint64_t id = lanes_request_at(lanes, number)->message_id;
    lanes_request_free(lanes, number);
    return id;
}

static void
requests_go_in_order_within_credit(void **state)
{
    struct lanes *lanes = *state;
    uint32_t request, worker = add_worker(lanes, 1, 2, START_MS);
    for (uint64_t id = 1; id <= 3; id++)
        assert_int_equal(add_request(lanes, id, START_MS, 1000), STATUS_OK);
    assert_int_equal(assign(lanes, START_MS, &request), 1);
    assert_int_equal(assign(lanes, START_MS, &request), 2);
    uint64_t second_ticket = lanes_request_at(lanes, request)->ticket;
    assert_int_equal(assign(lanes, START_MS, &request), 0);
    uint32_t answered = lanes_request_answered(lanes, worker, second_ticket);
    assert_int_not_equal(answered, NOTHING);
    lanes_request_free(lanes, answered);
    assert_int_equal(lanes_request_answered(lanes, worker, second_ticket), NOTHING);
    assert_int_equal(assign(lanes, START_MS, &request), 3);
    assert_int_equal(lanes_in_flight(lanes), 2);
}

static void
the_freest_worker_is_taken_and_equals_take_turns(void **state)
{
    struct lanes *lanes = *state;
    uint32_t small = add_worker(lanes, 1, 2, START_MS), large = add_worker(lanes, 2, 4, START_MS), request;
    const uint32_t expected[] = {large, large, small, large};
    for (uint64_t id = 1; id <= 4; id++)
        assert_int_equal(add_request(lanes, id, START_MS, 1000), STATUS_OK);
    unsigned of_small = 0;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(assign(lanes, START_MS, &request), i + 1);
        of_small += lanes_request_at(lanes, request)->worker == small;
        if (i < 2)
            assert_int_equal(lanes_request_at(lanes, request)->worker, expected[i]);
    }
    assert_int_equal(of_small, 1);
}

static void
a_full_queue_is_busy_at_once(void **state)
{
    struct lanes *lanes = *state;
    for (uint64_t id = 1; id <= LIMIT; id++)
        assert_int_equal(add_request(lanes, id, START_MS, 1000), STATUS_OK);
    assert_int_equal(add_request(lanes, 99, START_MS, 1000), STATUS_BUSY);
    assert_int_equal(lanes_at(lanes, 0)->queue.count, LIMIT);
}

static void
queued_bytes_have_a_limit(void **state)
{
    struct lanes *lanes = *state;
    struct request request = {.message_id = 7,
                              .deadline_ms = START_MS + 100,
                              .lane = lanes_find(lanes, "files"),
                              .size_bytes = QUEUED_BYTES_MAX / 2 + 1};
    uint32_t number;
    assert_int_equal(lanes_request_add(lanes, &request, START_MS, &number), STATUS_OK);
    assert_int_equal(lanes_request_add(lanes, &request, START_MS, &number), STATUS_BUSY);
    lanes_tick(lanes, START_MS + 100);
    assert_int_equal(take_failed(lanes, STATUS_TIMEOUT), 7);
    request.deadline_ms = START_MS + 1000;
    assert_int_equal(lanes_request_add(lanes, &request, START_MS + 100, &number), STATUS_OK);
}

static void
what_waits_too_long_times_out(void **state)
{
    struct lanes *lanes = *state;
    uint32_t request;
    add_worker(lanes, 1, 1, START_MS);
    assert_int_equal(add_request(lanes, 1, START_MS, 5000), STATUS_OK);
    assert_int_equal(assign(lanes, START_MS, &request), 1);
    assert_int_equal(add_request(lanes, 2, START_MS, 300), STATUS_OK);
    assert_int_equal(add_request(lanes, 3, START_MS, 100), STATUS_OK);
    assert_int_equal(add_request(lanes, 4, START_MS, 0), STATUS_TIMEOUT);
    lanes_tick(lanes, START_MS + 99);
    assert_int_equal(take_failed(lanes, STATUS_TIMEOUT), 0);
    lanes_tick(lanes, START_MS + 100);
    assert_int_equal(take_failed(lanes, STATUS_TIMEOUT), 3);
    lanes_tick(lanes, START_MS + 300);
    assert_int_equal(take_failed(lanes, STATUS_TIMEOUT), 2);
}

static void
without_a_worker_requests_wait_two_seconds(void **state)
{
    struct lanes *lanes = *state;
    assert_int_equal(add_request(lanes, 1, START_MS, 60000), STATUS_OK);
    lanes_tick(lanes, START_MS + UNSERVED_WAIT_MS - 1);
    assert_int_equal(lanes_failed(lanes), NOTHING);
    lanes_tick(lanes, START_MS + UNSERVED_WAIT_MS);
    uint32_t failed = lanes_failed(lanes);
    assert_int_not_equal(failed, NOTHING);
    assert_true(lanes_request_at(lanes, failed)->is_unserved);
    assert_int_equal(take_failed(lanes, STATUS_BUSY), 1);
}

static void
a_worker_that_comes_late_still_serves(void **state)
{
    struct lanes *lanes = *state;
    uint32_t request;
    assert_int_equal(add_request(lanes, 1, START_MS, 60000), STATUS_OK);
    lanes_tick(lanes, START_MS + 1000);
    add_worker(lanes, 1, 1, START_MS + 1500);
    assert_int_equal(assign(lanes, START_MS + 1500, &request), 1);
    assert_int_equal(add_request(lanes, 2, START_MS + 1500, 60000), STATUS_OK);
    lanes_worker_heard(lanes, 0, START_MS + 5000);
    lanes_tick(lanes, START_MS + 6000);
    assert_int_equal(lanes_failed(lanes), NOTHING);
}

static void
a_dead_worker_leaves_unknown_outcomes(void **state)
{
    struct lanes *lanes = *state;
    uint32_t request, worker = add_worker(lanes, 1, 2, START_MS);
    for (uint64_t id = 1; id <= 3; id++)
        assert_int_equal(add_request(lanes, id, START_MS, 60000), STATUS_OK);
    assign(lanes, START_MS, &request);
    assign(lanes, START_MS, &request);
    uint64_t ticket = lanes_request_at(lanes, request)->ticket;
    lanes_tick(lanes, START_MS + WORKER_SILENCE_MS - 1);
    assert_int_equal(lanes_failed(lanes), NOTHING);
    lanes_tick(lanes, START_MS + WORKER_SILENCE_MS);
    assert_int_equal(take_failed(lanes, STATUS_UNKNOWN_OUTCOME), 1);
    assert_int_equal(take_failed(lanes, STATUS_UNKNOWN_OUTCOME), 2);
    assert_int_equal(lanes_request_answered(lanes, worker, ticket), NOTHING);
    assert_int_equal(lanes_in_flight(lanes), 0);
    // The third was never handed over: it waits for another worker.
    assert_int_equal(lanes_at(lanes, 0)->queue.count, 1);
    add_worker(lanes, 2, 1, START_MS + WORKER_SILENCE_MS);
    assert_int_equal(assign(lanes, START_MS + WORKER_SILENCE_MS, &request), 3);
}

static void
a_worker_of_a_slow_lane_may_be_silent_longer(void **state)
{
    struct lanes *lanes = *state;
    uint32_t worker = add_worker(lanes, 1, 1, START_MS);
    lanes_worker_allow_silence(lanes, worker, 30000);
    lanes_tick(lanes, START_MS + 29999);
    assert_int_equal(lanes_at(lanes, 0)->workers_live, 1);
    lanes_tick(lanes, START_MS + 30000);
    assert_int_equal(lanes_at(lanes, 0)->workers_live, 0);
    // Nobody is immortal, whatever it asks for.
    worker = add_worker(lanes, 2, 1, START_MS + 30000);
    lanes_worker_allow_silence(lanes, worker, UINT32_MAX);
    lanes_tick(lanes, START_MS + 30000 + WORKER_SILENCE_MAX_MS);
    assert_int_equal(lanes_at(lanes, 0)->workers_live, 0);
}

static void
our_own_standstill_kills_nobody(void **state)
{
    struct lanes *lanes = *state;
    add_worker(lanes, 1, 1, START_MS);
    lanes_forgive(lanes, START_MS + 10000);
    lanes_tick(lanes, START_MS + 10000);
    assert_int_equal(lanes_at(lanes, 0)->workers_live, 1);
}

static void
a_draining_worker_gets_nothing_more(void **state)
{
    struct lanes *lanes = *state;
    uint32_t request, worker = add_worker(lanes, 1, 2, START_MS);
    assert_int_equal(add_request(lanes, 1, START_MS, 60000), STATUS_OK);
    assign(lanes, START_MS, &request);
    uint64_t ticket = lanes_request_at(lanes, request)->ticket;
    lanes_worker_drain(lanes, worker, START_MS);
    lanes_worker_drain(lanes, worker, START_MS);
    assert_int_equal(lanes_at(lanes, 0)->workers_live, 0);
    assert_int_equal(add_request(lanes, 2, START_MS, 60000), STATUS_OK);
    uint32_t second;
    assert_int_equal(assign(lanes, START_MS, &second), 0);
    assert_int_equal(lanes_request_answered(lanes, worker, ticket), request);
    lanes_request_free(lanes, request);
    lanes_worker_gone(lanes, worker, START_MS);
    lanes_worker_gone(lanes, worker, START_MS);
    assert_int_equal(lanes_failed(lanes), NOTHING);
    assert_int_equal(lanes_at(lanes, 0)->workers_live, 0);
}

static void
workers_answer_only_for_themselves(void **state)
{
    struct lanes *lanes = *state;
    struct routing_id id = id_of(1);
    uint32_t request, first = add_worker(lanes, 1, 1, START_MS), second = add_worker(lanes, 2, 0, START_MS);
    assert_int_equal(add_request(lanes, 1, START_MS, 60000), STATUS_OK);
    assign(lanes, START_MS, &request);
    uint64_t ticket = lanes_request_at(lanes, request)->ticket;
    assert_int_equal(lanes_request_answered(lanes, second, ticket), NOTHING);
    assert_int_equal(lanes_request_answered(lanes, first, ticket + REQUESTS_MAX), NOTHING);
    assert_int_equal(lanes_request_answered(lanes, first, UINT64_MAX), NOTHING);
    assert_int_equal(lanes_worker_find(lanes, &id, OTHER_CERTIFICATE), NOTHING);
    assert_int_equal(lanes_worker_ready(lanes, &id, OTHER_CERTIFICATE, 0, 1, START_MS), NOTHING);
    assert_int_equal(lanes_worker_ready(lanes, &id, CERTIFICATE, lanes_find(lanes, "auth/hash"), 1, START_MS), NOTHING);
    assert_int_equal(lanes_worker_ready(lanes, &id, CERTIFICATE, 0, 5, START_MS), first);
}

static void
tables_have_ends(void **state)
{
    struct lanes *lanes = *state;
    char name[LANE_NAME_CHARS + 2];
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    assert_int_equal(lanes_find(lanes, name), NOTHING);
    assert_int_equal(lanes_find(lanes, ""), NOTHING);
    for (unsigned i = 0; i < WORKERS_MAX; i++)
        assert_int_not_equal(add_worker(lanes, i, 1, START_MS), NOTHING);
    assert_int_equal(add_worker(lanes, WORKERS_MAX, 1, START_MS), NOTHING);
    lanes_worker_gone(lanes, 7, START_MS);
    assert_int_equal(add_worker(lanes, WORKERS_MAX, 1, START_MS), 7);
    for (unsigned i = 1; i < LANES_MAX; i++) {
        snprintf(name, sizeof name, "lane-%u", i);
        assert_int_equal(lanes_find(lanes, name), i);
    }
    assert_int_equal(lanes_find(lanes, "one too many"), NOTHING);
}

static void
a_full_table_of_requests_is_busy(void **state)
{
    struct lanes *lanes = *state;
    uint32_t request;
    for (unsigned i = 0; i < REQUESTS_MAX / MAX_WORKER_CREDIT; i++)
        add_worker(lanes, i, MAX_WORKER_CREDIT + 5, START_MS);
    for (unsigned i = 0; i < REQUESTS_MAX; i++) {
        assert_int_equal(add_request(lanes, i + 1, START_MS, 60000), STATUS_OK);
        assert_int_equal(assign(lanes, START_MS, &request), i + 1);
    }
    assert_int_equal(add_request(lanes, 1, START_MS, 60000), STATUS_BUSY);
    lanes_request_free(lanes, request);
    assert_int_equal(add_request(lanes, 1, START_MS, 60000), STATUS_OK);
}

static void
closing_gives_everything_queued_back(void **state)
{
    struct lanes *lanes = *state;
    assert_int_equal(add_request(lanes, 1, START_MS, 60000), STATUS_OK);
    lanes_close(lanes);
    assert_int_equal(take_failed(lanes, STATUS_BUSY), 1);
    assert_int_equal(add_request(lanes, 2, START_MS, 60000), STATUS_BUSY);
}

// A worker that lives but never answers must not hold its requests for ever.
static void
a_forgotten_request_is_given_up(void **state)
{
    struct lanes *lanes = *state;
    uint32_t request, worker = add_worker(lanes, 1, 1, START_MS);
    assert_int_equal(add_request(lanes, 1, START_MS, 1000), STATUS_OK);
    assign(lanes, START_MS, &request);
    for (int64_t now_ms = START_MS; now_ms <= START_MS + 1000 + ABANDONED_MS + 1000; now_ms += 500) {
        lanes_worker_heard(lanes, worker, now_ms);
        lanes_tick(lanes, now_ms);
    }
    assert_int_equal(take_failed(lanes, STATUS_UNKNOWN_OUTCOME), 1);
    assert_int_equal(lanes_in_flight(lanes), 0);
}

struct walk {
    struct lanes *lanes;
    int64_t now_ms;
    unsigned long added, answered, failed;
    unsigned next_worker;
};

static void
walk_step(struct walk *walk)
{
    struct lanes *lanes = walk->lanes;
    uint32_t request, worker = (uint32_t)(rand() % 8);
    const struct worker *about = lanes_worker_at(lanes, worker);
    switch (rand() % 10) {
    case 0:
        add_worker(lanes, walk->next_worker++, 1 + (uint32_t)(rand() % 4), walk->now_ms);
        break;
    case 1:
        if (about->is_used && rand() % 4 == 0)
            lanes_worker_gone(lanes, worker, walk->now_ms);
        break;
    case 2:
        if (about->is_used && rand() % 4 == 0)
            lanes_worker_drain(lanes, worker, walk->now_ms);
        break;
    case 3:
        walk->now_ms += rand() % 100;
        if (about->is_used)
            lanes_worker_heard(lanes, worker, walk->now_ms);
        lanes_tick(lanes, walk->now_ms);
        break;
    case 4:
    case 5:
        if (about->is_used && about->in_flight.first != NOTHING) {
            lanes_request_free(lanes, about->in_flight.first);
            walk->answered++;
        }
        break;
    default:
        walk->added += add_request(lanes, 1, walk->now_ms, 1 + rand() % 3000) == STATUS_OK;
    }
    while (assign(lanes, walk->now_ms, &request) != 0) {
    }
    for (uint32_t failed = lanes_failed(lanes); failed != NOTHING; failed = lanes_failed(lanes)) {
        lanes_request_free(lanes, failed);
        walk->failed++;
    }
}

// Whatever happens in whatever order, each request is in exactly one place.
static void
no_request_is_lost_or_doubled_in_a_random_walk(void **state)
{
    struct walk walk = {.lanes = *state, .now_ms = START_MS};
    srand(20200925);
    for (int i = 0; i < 300000; i++) {
        walk_step(&walk);
        unsigned long held = lanes_in_flight(walk.lanes) + lanes_at(walk.lanes, 0)->queue.count;
        assert_int_equal(walk.added, walk.answered + walk.failed + held);
        unsigned live = 0;
        for (uint32_t w = 0; w < WORKERS_MAX && i % 50 == 0; w++)
            live += lanes_worker_at(walk.lanes, w)->is_used && !lanes_worker_at(walk.lanes, w)->is_draining;
        if (i % 50 == 0)
            assert_int_equal(live, lanes_at(walk.lanes, 0)->workers_live);
    }
    assert_true(walk.answered > 1000 && walk.failed > 1000);
}

int
main(void)
{
#define WITH_LANES(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_LANES(requests_go_in_order_within_credit),
        WITH_LANES(the_freest_worker_is_taken_and_equals_take_turns),
        WITH_LANES(a_full_queue_is_busy_at_once),
        WITH_LANES(queued_bytes_have_a_limit),
        WITH_LANES(what_waits_too_long_times_out),
        WITH_LANES(without_a_worker_requests_wait_two_seconds),
        WITH_LANES(a_worker_that_comes_late_still_serves),
        WITH_LANES(a_dead_worker_leaves_unknown_outcomes),
        WITH_LANES(a_worker_of_a_slow_lane_may_be_silent_longer),
        WITH_LANES(a_draining_worker_gets_nothing_more),
        WITH_LANES(our_own_standstill_kills_nobody),
        WITH_LANES(a_draining_worker_gets_nothing_more),
        WITH_LANES(workers_answer_only_for_themselves),
        WITH_LANES(tables_have_ends),
        WITH_LANES(a_full_table_of_requests_is_busy),
        WITH_LANES(closing_gives_everything_queued_back),
        WITH_LANES(a_forgotten_request_is_given_up),
        WITH_LANES(no_request_is_lost_or_doubled_in_a_random_walk),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
