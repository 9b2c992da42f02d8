// What libzmq and CURVE do by themselves: let strangers in, leave the refused mute, lose in silence. Here they must
// not.
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "server_socket.h"
#include "support_raw.h"
#include "vekha/base/time.h"
#include "vekha/bus/client.h"
#include "zap.h"

// After the headers that have a function named fail.
#include <cmocka.h>

struct stage {
    struct installation installation;
    int health_port;
};

static int
setup(void **state)
{
    static struct stage stage;
    char health[32];
    installation_make(&stage.installation, 1);
    stage.health_port = installation_free_port();
    snprintf(health, sizeof health, "health_port = %d\n", stage.health_port);
    *state = &stage;
    installation_start_broker(&stage.installation, 0, health);
    void *first = raw_open(&stage.installation, "operator");
    assert_int_equal(raw_ask(first, "submissions.Nothing", 5000), STATUS_UNIMPLEMENTED); // it is there
    zmq_close(first);
    return 0;
}

static int
teardown(void **state)
{
    struct stage *stage = *state;
    int code = process_end(&stage->installation.broker[0], SIGTERM);
    installation_remove(&stage->installation);
    return code;
}

static long
broker_count(const struct stage *stage, const char *name)
{
    return installation_metric(stage->health_port, name);
}

// False: not within the time.
static bool
wait_for_count(const struct stage *stage, const char *name, long wanted)
{
    int64_t until_ms = clock_monotonic_ms() + 5000;
    while (clock_monotonic_ms() < until_ms)
        if (broker_count(stage, name) >= wanted)
            return true;
    return false;
}

// Says something with a valid key; true when the router hears it.
static bool
is_heard(const struct installation *installation, const struct curve_key_pair *broker_keys, int port, int timeout_ms)
{
    struct bus_settings settings;
    struct listen_address address = {.host = "127.0.0.1", .port = (uint16_t)port};
    char endpoint[64];
    void *router = server_socket_new(ZMQ_ROUTER, broker_keys, &address, 0);
    assert_non_null(router);
    installation_settings(installation, "gateway", &settings);
    snprintf(endpoint, sizeof endpoint, "tcp://127.0.0.1:%d", port);
    void *dealer = bus_connect(&settings, ZMQ_DEALER, endpoint);
    assert_non_null(dealer);
    raw_send_bytes(dealer, "hello", 5, "", 0);
    zmq_pollitem_t item = {.socket = router, .events = ZMQ_POLLIN};
    bus_poll(&item, 1, timeout_ms);
    zmq_close(dealer);
    zmq_close(router);
    return item.revents != 0;
}

// Without one libzmq's CURVE lets everybody in, whatever key they have.
static void
without_a_keeper_of_keys_nobody_gets_in(void **state)
{
    const struct installation *installation = &((struct stage *)*state)->installation;
    struct curve_key_pair keys;
    struct metrics metrics = {0};
    struct zap *zap = NULL;
    assert_int_equal(keys_load_pair(installation->folder, "broker", &keys), STATUS_OK);
    assert_false(is_heard(installation, &keys, installation_free_port(), 1000));
    int stop_fd = eventfd(0, EFD_CLOEXEC);
    assert_int_equal(zap_start(installation->folder, stop_fd, &metrics, &zap), STATUS_OK);
    assert_true(is_heard(installation, &keys, installation_free_port(), 5000));
    assert_int_equal(eventfd_write(stop_fd, 1), 0);
    zap_join(&zap);
    close(stop_fd);
}

static void
keep_status(void *context, enum status status, const uint8_t *body, size_t body_size)
{
    (void)body;
    (void)body_size;
    *(int *)context = (int)status;
}

// A socket that was refused stays silent for ever; the client must take another.
static void
a_refused_client_tries_again(void **state)
{
    struct stage *stage = *state;
    struct bus_settings settings;
    char there[128], away[128];
    int answer = -1;
    snprintf(there, sizeof there, "%s/public/gateway.pub", stage->installation.folder);
    snprintf(away, sizeof away, "%s/gateway.away", stage->installation.folder);
    installation_settings(&stage->installation, "gateway", &settings);
    assert_int_equal(rename(there, away), 0);
    usleep(1200 * 1000); // the broker looks into the folder once per second
    struct bus_client *client = bus_client_new(&settings, 4);
    struct bus_call call = {.lane = "submissions", .method = "submissions.Nothing", .body = "", .budget_ms = 10000};
    bus_client_call(client, &call, keep_status, &answer);
    while (answer < 0 && broker_count(stage, "vekha_broker_handshakes_refused_total") == 0)
        bus_client_process(client);
    assert_int_equal(answer, -1);
    assert_int_equal(rename(away, there), 0);
    while (answer < 0) {
        struct pollfd fds[BUS_CLIENT_DESCRIPTORS];
        size_t count = bus_client_descriptors(client, fds);
        poll(fds, count, (int)bus_client_timeout_ms(client));
        bus_client_process(client);
    }
    assert_int_equal(answer, STATUS_UNIMPLEMENTED);
    bus_client_free(&client);
}

// A router drops what it cannot deliver and calls it sent.
static void
an_answer_nobody_takes_is_noticed(void **state)
{
    struct stage *stage = *state;
    struct bus_header_memory memory;
    Bus__Header received, ready = raw_header(BUS__ACT__ACT_READY), request = raw_header(BUS__ACT__ACT_REQUEST);
    void *worker = raw_open(&stage->installation, "submissions"), *client = raw_open(&stage->installation, "gateway");
    ready.lane = "submissions";
    ready.credit = 1;
    raw_send(worker, &ready);
    request.method = "submissions.SaveValue";
    request.budget_ms = 5000;
    raw_send(client, &request);
    assert_true(raw_receive(worker, 5000, &memory, &received));
    zmq_close(client);
    Bus__Header reply = raw_header(BUS__ACT__ACT_REPLY);
    reply.ticket = received.ticket;
    assert_int_equal(broker_count(stage, "vekha_broker_undeliverable_total"), 0);
    usleep(300 * 1000); // the broker sees it go
    raw_send(worker, &reply);
    assert_true(wait_for_count(stage, "vekha_broker_undeliverable_total", 1));
    zmq_close(worker);
}

// The connection ends before the message is whole: the loop of requests never sees it.
static void
a_frame_over_the_limit_closes_the_connection(void **state)
{
    struct stage *stage = *state;
    static char large[BUS_MAX_BODY_BYTES + BUS_MAX_HEADER_BYTES + 100];
    void *socket = raw_open(&stage->installation, "gateway");
    assert_int_equal(raw_ask(socket, "submissions.Nothing", 5000), STATUS_UNIMPLEMENTED);
    raw_send_bytes(socket, "x", 1, large, sizeof large);
    // What it says right behind may end with the connection; libzmq makes a new one.
    int answer = -1;
    for (int i = 0; i < 20 && answer < 0; i++)
        answer = raw_ask(socket, "submissions.Nothing", 500);
    assert_int_equal(answer, STATUS_UNIMPLEMENTED);
    assert_int_equal(broker_count(stage, "vekha_broker_malformed_total"), 0);
    zmq_close(socket);
}

static long
most_memory_kib(pid_t pid)
{
    char path[32], line[256];
    long most = -1;
    snprintf(path, sizeof path, "/proc/%d/status", (int)pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof line, file) != NULL)
        if (strncmp(line, "VmHWM:", 6) == 0)
            most = strtol(line + 6, NULL, 10);
    fclose(file);
    return most;
}

// No limit counts the frames of one message: whoever is in can fill the memory, so nobody may begin who is a stranger.
static void
endless_frames_of_a_stranger_take_no_memory(void **state)
{
    enum { FRAME_BYTES = 65536, FRAMES = 1024 };
    struct stage *stage = *state;
    static char frame[FRAME_BYTES];
    struct bus_settings settings;
    installation_settings(&stage->installation, "gateway", &settings);
    assert_int_equal(zmq_curve_keypair(settings.keys.public_key, settings.keys.secret_key), 0);
    void *stranger = bus_connect(&settings, ZMQ_DEALER, settings.brokers[0].requests);
    long before = most_memory_kib(stage->installation.broker[0]);
    // Once it is refused its socket takes no more.
    for (int i = 1; i <= FRAMES; i++)
        if (zmq_send(stranger, frame, sizeof frame, i < FRAMES ? ZMQ_SNDMORE : 0) < 0)
            break;
    void *known = raw_open(&stage->installation, "gateway");
    int64_t until_ms = clock_monotonic_ms() + 1500;
    while (clock_monotonic_ms() < until_ms)
        assert_int_equal(raw_ask(known, "submissions.Nothing", 5000), STATUS_UNIMPLEMENTED);
    assert_in_range(most_memory_kib(stage->installation.broker[0]), 0, before + FRAMES * (FRAME_BYTES / 1024) / 4);
    zmq_close(known);
    zmq_close(stranger);
}

int
main(int argc, char **argv)
{
    worker_main(argc, argv);
#define WITH_BROKER(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        WITH_BROKER(without_a_keeper_of_keys_nobody_gets_in),
        WITH_BROKER(a_refused_client_tries_again),
        WITH_BROKER(an_answer_nobody_takes_is_noticed),
        WITH_BROKER(a_frame_over_the_limit_closes_the_connection),
        WITH_BROKER(endless_frames_of_a_stranger_take_no_memory),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    // A failed test leaves sockets open, for which it would wait for ever.
    if (failed == 0)
        bus_context_close();
    return failed;
}
