// Requests through real brokers while workers and brokers die: every one is answered.
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "support_processes.h"
#include "vekha/base/time.h"
#include "vekha/bus/client.h"
#include "vekha/bus/header.h"

enum { WINDOW = 32, BODY_BYTES = 64 };

struct run {
    struct installation installation;
    struct bus_settings settings;
    struct bus_client *client;
    unsigned asked, answered, wrong, by_status[STATUS_COUNT];
};

static void
on_reply(void *context, enum status status, const uint8_t *body, size_t body_size)
{
    struct run *run = context;
    run->answered++;
    run->by_status[status]++;
    if (status == STATUS_OK && (body_size != BODY_BYTES || body[0] != 'x'))
        run->wrong++;
}

static void
ask(struct run *run, uint32_t budget_ms)
{
    char body[BODY_BYTES];
    memset(body, 'x', sizeof body);
    static const uint8_t key[16] = "0123456789abcde";
    struct bus_call call = {.lane = "submissions",
                            .method = "submissions.SaveValue",
                            .body = body,
                            .body_size = sizeof body,
                            .budget_ms = budget_ms,
                            .idempotency_key = key};
    run->asked++;
    bus_client_call(run->client, &call, on_reply, run);
}

static void
step(struct run *run)
{
    struct pollfd fds[BUS_CLIENT_DESCRIPTORS];
    size_t count = bus_client_descriptors(run->client, fds);
    poll(fds, count, (int)bus_client_timeout_ms(run->client));
    bus_client_process(run->client);
}

// Keeps WINDOW requests under way until `count` are answered; calls `event` once when half are.
static void
run_requests(struct run *run, unsigned count, void (*event)(void *), void *context)
{
    bool has_happened = event == NULL;
    int64_t until_ms = clock_monotonic_ms() + 30000;
    while (run->answered < count) {
        while (run->asked < count && run->asked - run->answered < WINDOW)
            ask(run, 10000);
        step(run);
        if (!has_happened && run->answered >= count / 2) {
            event(context);
            has_happened = true;
        }
        assert_true(clock_monotonic_ms() < until_ms);
    }
}

// An installation for so many brokers, none of them started.
static void
make_run(struct run *run, int brokers)
{
    *run = (struct run){0};
    installation_make(&run->installation, brokers);
}

static void
start_brokers(struct run *run, int brokers)
{
    make_run(run, brokers);
    for (int i = 0; i < brokers; i++)
        installation_start_broker(&run->installation, i, "");
}

static pid_t
start_worker(struct run *run, int pause_ms)
{
    return worker_start(&run->installation, "submissions", "submissions", pause_ms);
}

static void
open_client(struct run *run)
{
    installation_settings(&run->installation, "gateway", &run->settings);
    run->client = bus_client_new(&run->settings, 256);
    assert_non_null(run->client);
}

// worker: one that still lives.
static void
finish(struct run *run, pid_t worker)
{
    bus_client_free(&run->client);
    assert_int_equal(process_end(&worker, SIGTERM), 0);
    installation_remove(&run->installation);
}

static void
kill_hard(void *context)
{
    assert_int_equal(process_end(context, SIGKILL), -SIGKILL);
}

static void
a_request_comes_back(void **state)
{
    (void)state;
    struct run run;
    start_brokers(&run, 1);
    pid_t worker = start_worker(&run, 0);
    open_client(&run);
    run_requests(&run, 1000, NULL, NULL);
    assert_int_equal(run.by_status[STATUS_OK], 1000);
    assert_int_equal(run.wrong, 0);
    bus_client_free(&run.client);
    assert_int_equal(process_end(&worker, SIGTERM), 0);
    assert_int_equal(process_end(&run.installation.broker[0], SIGTERM), 0);
    installation_remove(&run.installation);
}

static void
a_killed_worker_loses_nothing(void **state)
{
    (void)state;
    struct run run;
    start_brokers(&run, 1);
    pid_t first = start_worker(&run, 1);
    pid_t second = start_worker(&run, 1);
    open_client(&run);
    run_requests(&run, 1000, kill_hard, &first);
    assert_int_equal(run.by_status[STATUS_OK], 1000);
    assert_int_equal(run.wrong, 0);
    finish(&run, second);
}

static void
a_killed_broker_loses_nothing(void **state)
{
    (void)state;
    struct run run;
    start_brokers(&run, 2);
    pid_t worker = start_worker(&run, 1);
    open_client(&run);
    run_requests(&run, 1000, kill_hard, &run.installation.broker[0]);
    assert_int_equal(run.by_status[STATUS_OK], 1000);
    installation_start_broker(&run.installation, 0, "");
    run_requests(&run, 1200, kill_hard, &run.installation.broker[1]);
    run_requests(&run, 1500, NULL, NULL);
    assert_int_equal(run.by_status[STATUS_OK], 1500);
    finish(&run, worker);
}

static void
stop_process(void *context)
{
    assert_int_equal(kill(*(pid_t *)context, SIGSTOP), 0);
}

static void
a_hung_worker_is_found_by_its_silence(void **state)
{
    (void)state;
    struct run run;
    start_brokers(&run, 1);
    pid_t first = start_worker(&run, 1);
    pid_t second = start_worker(&run, 1);
    open_client(&run);
    run_requests(&run, 200, stop_process, &first);
    assert_int_equal(run.by_status[STATUS_OK], 200);
    // It wakes up, is a stranger to the broker, introduces itself anew and drains in order.
    kill(first, SIGCONT);
    run_requests(&run, 1200, NULL, NULL);
    assert_int_equal(run.by_status[STATUS_OK], 1200);
    bus_client_free(&run.client);
    assert_int_equal(process_end(&first, SIGTERM), 0);
    assert_int_equal(process_end(&second, SIGTERM), 0);
    installation_remove(&run.installation);
}

// Its connection lives and libzmq's threads answer for it: only its own heartbeat can tell.
static void
a_worker_whose_thread_hangs_is_found(void **state)
{
    (void)state;
    struct run run;
    start_brokers(&run, 1);
    pid_t hanging = start_worker(&run, 60000);
    pid_t working = start_worker(&run, 0);
    open_client(&run);
    run_requests(&run, 200, NULL, NULL);
    assert_int_equal(run.by_status[STATUS_OK], 200);
    bus_client_free(&run.client);
    assert_int_equal(process_end(&hanging, SIGKILL), -SIGKILL);
    assert_int_equal(process_end(&working, SIGTERM), 0);
    installation_remove(&run.installation);
}

// What is put into a pipe to nobody waits there; one socket for both brokers would put every second request there.
static void
a_broker_that_is_not_there_is_asked_nothing(void **state)
{
    (void)state;
    struct run run;
    make_run(&run, 2);
    installation_start_broker(&run.installation, 1, "");
    pid_t worker = start_worker(&run, 0);
    open_client(&run);
    run_requests(&run, 200, NULL, NULL);
    assert_int_equal(run.by_status[STATUS_OK], 200);
    finish(&run, worker);
}

static void
a_hung_broker_is_left_for_the_other(void **state)
{
    (void)state;
    struct run run;
    start_brokers(&run, 2);
    pid_t worker = start_worker(&run, 1);
    open_client(&run);
    run_requests(&run, 400, stop_process, &run.installation.broker[0]);
    assert_int_equal(run.by_status[STATUS_OK], 400);
    kill(run.installation.broker[0], SIGCONT);
    run_requests(&run, 800, NULL, NULL);
    assert_int_equal(run.by_status[STATUS_OK], 800);
    finish(&run, worker);
}

static void
end_in_order(void *context)
{
    assert_int_equal(process_end(context, SIGTERM), 0);
}

// Nothing is even asked twice: the broker counts each request once.
static void
a_draining_worker_finishes_what_it_has(void **state)
{
    (void)state;
    struct run run;
    char health[32];
    make_run(&run, 1);
    int health_port = installation_free_port();
    snprintf(health, sizeof health, "health_port = %d\n", health_port);
    installation_start_broker(&run.installation, 0, health);
    pid_t first = start_worker(&run, 1);
    pid_t second = start_worker(&run, 1);
    open_client(&run);
    run_requests(&run, 1000, end_in_order, &first);
    assert_int_equal(run.by_status[STATUS_OK], 1000);
    assert_int_equal(installation_metric(health_port, "vekha_broker_requests_total"), 1000);
    assert_int_equal(installation_metric(health_port, "vekha_broker_unknown_outcomes_total"), 0);
    assert_int_equal(installation_metric(health_port, "vekha_broker_workers{lane=\"submissions\"}"), 1);
    finish(&run, second);
}

static void
a_broker_that_ends_in_order_loses_nothing(void **state)
{
    (void)state;
    struct run run;
    start_brokers(&run, 2);
    pid_t worker = start_worker(&run, 1);
    open_client(&run);
    run_requests(&run, 1000, end_in_order, &run.installation.broker[0]);
    assert_int_equal(run.by_status[STATUS_OK], 1000);
    finish(&run, worker);
}

static void
without_anybody_the_budget_ends_in_busy(void **state)
{
    (void)state;
    struct run run;
    make_run(&run, 1);
    open_client(&run);
    ask(&run, 300);
    while (run.answered < 1)
        step(&run);
    assert_int_equal(run.by_status[STATUS_BUSY], 1);
    // A broker, but no worker: it waits, asks again, and ends with its time.
    installation_start_broker(&run.installation, 0, "");
    int64_t start_ms = clock_monotonic_ms();
    ask(&run, 2500);
    while (run.answered < 2)
        step(&run);
    assert_int_equal(run.by_status[STATUS_BUSY] + run.by_status[STATUS_TIMEOUT], 2);
    assert_in_range(clock_monotonic_ms() - start_ms, 1900, 2700);
    // And one that comes while it waits.
    ask(&run, 8000);
    pid_t worker = start_worker(&run, 0);
    while (run.answered < 3)
        step(&run);
    assert_int_equal(run.by_status[STATUS_OK], 1);
    finish(&run, worker);
}

int
main(int argc, char **argv)
{
    worker_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_request_comes_back),
        cmocka_unit_test(a_killed_worker_loses_nothing),
        cmocka_unit_test(a_killed_broker_loses_nothing),
        cmocka_unit_test(a_hung_worker_is_found_by_its_silence),
        cmocka_unit_test(a_worker_whose_thread_hangs_is_found),
        cmocka_unit_test(a_broker_that_is_not_there_is_asked_nothing),
        cmocka_unit_test(a_hung_broker_is_left_for_the_other),
        cmocka_unit_test(a_draining_worker_finishes_what_it_has),
        cmocka_unit_test(a_broker_that_ends_in_order_loses_nothing),
        cmocka_unit_test(without_anybody_the_budget_ends_in_busy),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    // A failed test leaves sockets open, for which it would wait for ever.
    if (failed == 0)
        bus_context_close();
    return failed;
}
