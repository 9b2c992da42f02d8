// Who gets in, and what those who are in can do to others: nothing.
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "support_raw.h"
#include "vekha/base/time.h"
#include "vekha/bus/header.h"
#include "vekha/bus/worker.h"

static struct installation installation;

static int
setup(void **state)
{
    (void)state;
    installation_make(&installation, 1);
    installation_start_broker(&installation, 0, "");
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    // Whatever a test did to it, the broker is alive and ends in order.
    int code = process_end(&installation.broker[0], SIGTERM);
    installation_remove(&installation);
    return code;
}

static void
an_unknown_key_is_refused(void **state)
{
    (void)state;
    struct bus_settings settings;
    installation_settings(&installation, "gateway", &settings);
    assert_int_equal(zmq_curve_keypair(settings.keys.public_key, settings.keys.secret_key), 0);
    void *stranger = bus_connect(&settings, ZMQ_DEALER, settings.brokers[0].requests);
    assert_int_equal(raw_ask(stranger, "submissions.SaveValue", 1500), -1);
    zmq_close(stranger);
    void *known = raw_open(&installation, "gateway");
    assert_int_not_equal(raw_ask(known, "submissions.SaveValue", 5000), -1);
    zmq_close(known);
}

static void
without_curve_nobody_gets_in(void **state)
{
    (void)state;
    struct bus_settings settings;
    installation_settings(&installation, "gateway", &settings);
    void *plain = zmq_socket(bus_context(), ZMQ_DEALER);
    int none = 0;
    zmq_setsockopt(plain, ZMQ_LINGER, &none, sizeof none);
    assert_int_equal(zmq_connect(plain, settings.brokers[0].requests), 0);
    assert_int_equal(raw_ask(plain, "submissions.SaveValue", 1000), -1);
    zmq_close(plain);
}

static void
a_new_key_gets_in_without_a_restart(void **state)
{
    (void)state;
    usleep(1200 * 1000);
    assert_int_equal(keys_make(installation.folder, "reporting"), STATUS_OK);
    usleep(1200 * 1000);
    void *socket = raw_open(&installation, "reporting");
    assert_int_equal(raw_ask(socket, "submissions.SaveValue", 3000), STATUS_FORBIDDEN);
    zmq_close(socket);
}

static void
a_removed_key_is_refused_on_its_open_connection(void **state)
{
    (void)state;
    char path[128];
    void *socket = raw_open(&installation, "review");
    assert_int_equal(raw_ask(socket, "submissions.SaveValue", 3000), STATUS_FORBIDDEN);
    snprintf(path, sizeof path, "%s/public/review.pub", installation.folder);
    assert_int_equal(unlink(path), 0);
    usleep(1500 * 1000);
    assert_int_equal(raw_ask(socket, "submissions.SaveValue", 1000), -1);
    zmq_close(socket);
}

static void
calls_and_lanes_of_others_are_forbidden(void **state)
{
    (void)state;
    void *review = raw_open(&installation, "review");
    assert_int_equal(raw_ask(review, "submissions.SaveValue", 3000), STATUS_FORBIDDEN);
    assert_int_equal(raw_ask(review, "submissions.Nothing", 3000), STATUS_UNIMPLEMENTED);
    struct bus_header_memory memory;
    Bus__Header answer, ready = raw_header(BUS__ACT__ACT_READY);
    ready.lane = "submissions";
    ready.credit = 10;
    raw_send(review, &ready);
    assert_true(raw_receive(review, 2000, &memory, &answer));
    assert_int_equal(answer.act, BUS__ACT__ACT_HEARTBEAT);
    assert_int_equal(answer.status, STATUS_FORBIDDEN);
    // Nobody serves: its READY had no effect.
    void *gateway = raw_open(&installation, "gateway");
    assert_int_equal(raw_ask(gateway, "submissions.SaveValue", 3000), STATUS_TIMEOUT);
    zmq_close(gateway);
    zmq_close(review);
}

// Same routing id, another valid key: neither its requests nor its answers reach the newcomer.
static void
an_identity_cannot_be_taken_over(void **state)
{
    (void)state;
    struct bus_settings settings;
    void *victim = raw_open(&installation, "submissions");
    struct bus_header_memory memory;
    Bus__Header received, ready = raw_header(BUS__ACT__ACT_READY);
    ready.lane = "submissions";
    ready.credit = 10;
    raw_send(victim, &ready);
    assert_false(raw_receive(victim, 300, &memory, &received));
    uint8_t id[64];
    size_t id_size = sizeof id;
    assert_int_equal(zmq_getsockopt(victim, ZMQ_ROUTING_ID, id, &id_size), 0);
    installation_settings(&installation, "review", &settings);
    void *thief = bus_connect(&settings, ZMQ_DEALER, "tcp://127.0.0.1:9");
    assert_int_equal(zmq_setsockopt(thief, ZMQ_ROUTING_ID, id, id_size), 0);
    assert_int_equal(zmq_connect(thief, settings.brokers[0].requests), 0);
    void *gateway = raw_open(&installation, "gateway");
    Bus__Header request = raw_header(BUS__ACT__ACT_REQUEST);
    request.method = "submissions.SaveValue";
    request.budget_ms = 1000;
    request.caller = "administrator";
    usleep(300 * 1000);
    raw_send(gateway, &request);
    assert_true(raw_receive(victim, 1500, &memory, &received));
    assert_int_equal(received.act, BUS__ACT__ACT_REQUEST);
    assert_string_equal(received.caller, "gateway");
    Bus__Header stolen;
    struct bus_header_memory other_memory;
    assert_false(raw_receive(thief, 200, &other_memory, &stolen));
    zmq_close(gateway);
    zmq_close(thief);
    zmq_close(victim);
}

// A valid key that answers what another worker was asked.
static void
answers_to_others_requests_are_dropped(void **state)
{
    (void)state;
    struct bus_header_memory memory;
    Bus__Header received, ready = raw_header(BUS__ACT__ACT_READY);
    void *worker = raw_open(&installation, "submissions"), *liar = raw_open(&installation, "submissions"),
         *gateway = raw_open(&installation, "gateway");
    ready.lane = "submissions";
    ready.credit = 1;
    raw_send(worker, &ready);
    usleep(300 * 1000);
    ready.credit = 0;
    raw_send(liar, &ready);
    Bus__Header request = raw_header(BUS__ACT__ACT_REQUEST);
    request.method = "submissions.SaveValue";
    request.budget_ms = 1500;
    raw_send(gateway, &request);
    assert_true(raw_receive(worker, 1000, &memory, &received));
    Bus__Header reply = raw_header(BUS__ACT__ACT_REPLY);
    reply.ticket = received.ticket;
    reply.status = STATUS_NOT_FOUND;
    raw_send(liar, &reply);
    assert_false(raw_receive(gateway, 300, &memory, &received));
    reply.status = STATUS_CONFLICT;
    raw_send(worker, &reply);
    assert_true(raw_receive(gateway, 1000, &memory, &received));
    assert_int_equal(received.status, STATUS_CONFLICT);
    zmq_close(gateway);
    zmq_close(liar);
    zmq_close(worker);
}

static void
send_garbage(void *socket, unsigned seed)
{
    uint8_t bytes[300];
    srand(seed);
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (uint8_t)rand();
    // Random fields under a plausible head.
    if (seed % 2 == 0) {
        Bus__Header header = raw_header((Bus__Act)(seed / 2 % 9));
        header.method = "submissions.SaveValue";
        header.lane = "submissions";
        size_t size = bus__header__pack(&header, bytes);
        bytes[(size_t)rand() % size] ^= (uint8_t)(1U << rand() % 8);
    }
    raw_send_bytes(socket, bytes, (size_t)rand() % sizeof bytes, bytes, (size_t)rand() % sizeof bytes);
}

static void
garbage_harms_nobody(void **state)
{
    (void)state;
    static char large[BUS_MAX_HEADER_BYTES + 1];
    void *socket = raw_open(&installation, "submissions");
    for (unsigned seed = 0; seed < 3000; seed++)
        send_garbage(socket, seed);
    assert_true(zmq_send(socket, "one frame", 9, 0) > 0);
    raw_send_bytes(socket, large, sizeof large, "", 0);
    for (int i = 0; i < 1000; i++)
        assert_true(zmq_send(socket, "frame", 5, i < 999 ? ZMQ_SNDMORE : 0) > 0);
    zmq_close(socket);
    void *gateway = raw_open(&installation, "gateway");
    assert_int_equal(raw_ask(gateway, "submissions.Nothing", 5000), STATUS_UNIMPLEMENTED);
    zmq_close(gateway);
}

int
main(int argc, char **argv)
{
    worker_main(argc, argv);
#define WITH_BROKER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_BROKER(an_unknown_key_is_refused),
        WITH_BROKER(without_curve_nobody_gets_in),
        WITH_BROKER(a_new_key_gets_in_without_a_restart),
        WITH_BROKER(a_removed_key_is_refused_on_its_open_connection),
        WITH_BROKER(calls_and_lanes_of_others_are_forbidden),
        WITH_BROKER(an_identity_cannot_be_taken_over),
        WITH_BROKER(answers_to_others_requests_are_dropped),
        WITH_BROKER(garbage_harms_nobody),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    // A failed test leaves sockets open, for which it would wait for ever.
    if (failed == 0)
        bus_context_close();
    return failed;
}
