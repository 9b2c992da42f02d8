// Without memory: a request through a real broker, asked and served in this process, is answered cleanly whichever of
// its pieces could not be had, and the next one goes through. And the broker's own tables.
#include <poll.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../../support/failing_memory.h"
#include "lanes.h"
#include "support_processes.h"
#include "vekha/base/arena.h"
#include "vekha/base/time.h"
#include "vekha/bus/client.h"
#include "vekha/bus/header.h"
#include "vekha/bus/worker.h"

enum { TRIES_MAX = 100, PATIENCE_MS = 20000, BUDGET_MS = 5000, BODY_BYTES = 3000 };

struct run {
    struct bus_client *client;
    struct bus_worker *worker;
    bool is_answered, is_same;
    enum status status;
    unsigned served;
};

static char body[BODY_BYTES];

static void
on_reply(void *context, enum status status, const uint8_t *reply, size_t size)
{
    struct run *run = context;
    assert_false(run->is_answered);
    run->is_answered = true;
    run->status = status;
    run->is_same = size == sizeof body && memcmp(reply, body, size) == 0;
}

// Answers each request with its own body, as a service does once it has committed.
static void
serve(struct run *run)
{
    struct bus_request request;
    if (bus_worker_receive(run->worker, 0, &request, 1) == 1) {
        run->served++;
        bus_worker_reply(run->worker, &request, STATUS_OK, request.body, request.body_size);
    }
}

static void
step(struct run *run)
{
    struct pollfd fds[BUS_CLIENT_DESCRIPTORS];
    poll(fds, bus_client_descriptors(run->client, fds), 1);
    bus_client_process(run->client);
    serve(run);
}

static void
ask(struct run *run)
{
    static const uint8_t key[16] = "0123456789abcde";
    struct bus_call call = {.lane = "submissions",
                            .method = "submissions.SaveValue",
                            .body = body,
                            .body_size = sizeof body,
                            .budget_ms = BUDGET_MS,
                            .idempotency_key = key};
    run->is_answered = false;
    run->served = 0;
    (void)bus_client_call(run->client, &call, on_reply, run);
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (!run->is_answered) {
        step(run);
        assert_true(clock_monotonic_ms() < until_ms);
    }
}

static void
await_ready(struct run *run)
{
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (!bus_client_is_ready(run->client) || !bus_worker_is_ready(run->worker)) {
        step(run);
        assert_true(clock_monotonic_ms() < until_ms);
    }
}

static void
a_request_is_answered_cleanly(void **state)
{
    (void)state;
    struct installation installation;
    struct bus_settings of_client, of_worker;
    memset(body, 'x', sizeof body);
    installation_make(&installation, 1);
    installation_start_broker(&installation, 0, "");
    installation_settings(&installation, "gateway", &of_client);
    installation_settings(&installation, "submissions", &of_worker);
    struct run run = {.client = bus_client_new(&of_client, 8), .worker = bus_worker_new(&of_worker, "submissions", 4)};
    assert_true(run.client && run.worker);
    await_ready(&run);
    bool has_failed = true;
    size_t n = 1;
    for (; has_failed; n++) {
        assert_true(n < TRIES_MAX);
        memory_fail_at(n, false);
        ask(&run);
        has_failed = memory_recover();
        // Refused before it was sent; or sent again, when only its reply was lost on the way.
        assert_true(run.status == STATUS_OK || (has_failed && run.status == STATUS_BUSY && run.served == 0));
        assert_true(run.status != STATUS_OK || run.is_same);
        ask(&run);
        assert_int_equal(run.status, STATUS_OK);
        assert_true(run.is_same);
        assert_int_equal(bus_client_outstanding(run.client), 0);
    }
    assert_true(n > 4);
    bus_worker_free(&run.worker);
    bus_client_free(&run.client);
    assert_int_equal(process_end(&installation.broker[0], SIGTERM), 0);
    installation_remove(&installation);
}

static void
what_cannot_be_opened_is_not_there(void **state)
{
    (void)state;
    struct installation installation;
    struct bus_settings settings;
    installation_make(&installation, 1);
    installation_settings(&installation, "submissions", &settings);
    bool has_failed = true;
    for (size_t n = 1; has_failed; n++) {
        assert_true(n < TRIES_MAX);
        memory_fail_at(n, false);
        struct bus_client *client = bus_client_new(&settings, 8);
        struct bus_worker *worker = bus_worker_new(&settings, "submissions", 4);
        struct lanes *lanes = lanes_new(10, 0);
        has_failed = memory_recover();
        assert_int_equal(!client || !worker || !lanes, has_failed);
        bus_client_free(&client);
        bus_worker_free(&worker);
        lanes_free(&lanes);
    }
    installation_remove(&installation);
}

// Everything after lanes_new() has its place already: nothing is asked for, so nothing can be missing.
static void
lanes_need_no_more_than_they_began_with(void **state)
{
    (void)state;
    struct lanes *lanes = lanes_new(10, 0);
    struct routing_id id = {.size = 4};
    uint32_t number;
    assert_non_null(lanes);
    memory_fail_at(1, true);
    uint32_t lane = lanes_find(lanes, "auth"), worker = lanes_worker_ready(lanes, &id, 1, lane, 5, 0);
    assert_int_not_equal(worker, NOTHING);
    for (int i = 0; i < 1000; i++) {
        struct request request = {.deadline_ms = 100, .lane = lane, .client = id};
        assert_int_equal(lanes_request_add(lanes, &request, 0, &number), STATUS_OK);
        assert_true(lanes_assign(lanes, lane, 0, &number));
        lanes_request_free(lanes, number);
    }
    lanes_worker_gone(lanes, worker, 1);
    lanes_tick(lanes, 5000);
    assert_false(memory_recover());
    lanes_free(&lanes);
}

int
main(int argc, char **argv)
{
    worker_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_is_answered_cleanly),
        cmocka_unit_test(what_cannot_be_opened_is_not_there),
        cmocka_unit_test(lanes_need_no_more_than_they_began_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
