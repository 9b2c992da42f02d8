// One request through the broker and back (client, broker, worker, broker, client) against a bare ROUTER-ROUTER round
// trip, and beside it one with a bare process in between that only passes frames on: all on TCP with CURVE, one in
// flight, interleaved. Prints {"ours_us":…, "limit_us":…, "forwarded_us":…}: medians of p50.
// Usage: rpc_hop BROKER_PROGRAM PORT [ROUNDS [REQUESTS_PER_ROUND [PIPELINE]]]; takes ports PORT..PORT+4.
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "vekha/base/arena.h"
#include "vekha/base/time.h"
#include "vekha/bus/client.h"
#include "vekha/bus/header.h"
#include "vekha/bus/worker.h"
#include "vekha/crypto/token.h"

enum {
    BODY_BYTES = 256,
    HEADER_BYTES = 80,
    MAX_ROUNDS = 1001,
    MAX_RATES = 3,
    REQUESTS_OF_A_RATE = 20000,
    WORKER_CREDIT = 64,
    BUDGET_MS = 5000
};
static const char ECHO_ID[] = "echo", FORWARDER_ID[] = "forwarder";

struct bench {
    char folder[64];
    char brokers[64], bare_endpoint[64], forwarder_endpoint[64];
    int rounds, requests, pipeline;
    pid_t children[4];
    struct bus_settings settings;
    struct bus_client *client;
    struct arena arena;
    void *bare, *forwarded;
};

static void
must(bool is_true, const char *what)
{
    if (is_true)
        return;
    fprintf(stderr, "rpc_hop: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void
set_number(void *socket, int option, int value)
{
    must(zmq_setsockopt(socket, option, &value, sizeof value) == 0, "socket option");
}

static void *
bind_bare(const struct bench *bench, const char *endpoint)
{
    struct curve_key_pair keys;
    must(keys_load_pair(bench->folder, "broker", &keys) == STATUS_OK, "bare keys");
    void *socket = zmq_socket(bus_context(), ZMQ_ROUTER);
    set_number(socket, ZMQ_CURVE_SERVER, 1);
    must(zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, keys.secret_key, sizeof keys.secret_key) == 0, "bare key");
    must(zmq_bind(socket, endpoint) == 0, "bare port");
    return socket;
}

static void *
connect_bare(const struct bench *bench, const char *endpoint, const char *peer)
{
    const struct bus_settings *settings = &bench->settings;
    void *socket = zmq_socket(bus_context(), ZMQ_ROUTER);
    must(zmq_setsockopt(socket, ZMQ_CURVE_SERVERKEY, settings->broker_key, sizeof settings->broker_key) == 0 &&
             zmq_setsockopt(socket, ZMQ_CURVE_PUBLICKEY, settings->keys.public_key, sizeof settings->keys.public_key) ==
                 0 &&
             zmq_setsockopt(socket, ZMQ_CURVE_SECRETKEY, settings->keys.secret_key, sizeof settings->keys.secret_key) ==
                 0 &&
             zmq_setsockopt(socket, ZMQ_CONNECT_ROUTING_ID, peer, strlen(peer)) == 0,
         "bare socket");
    set_number(socket, ZMQ_LINGER, 0);
    must(zmq_connect(socket, endpoint) == 0, "bare connect");
    struct timespec pause = {0, 300000000};
    nanosleep(&pause, NULL);
    return socket;
}

// A whole message but for its first `skip` frames.
static void
pass_on(void *from, void *to, int skip)
{
    for (int more = 1; more; skip--) {
        zmq_msg_t frame;
        zmq_msg_init(&frame);
        must(zmq_msg_recv(&frame, from, 0) >= 0, "bare receive");
        more = zmq_msg_more(&frame);
        if (skip > 0)
            zmq_msg_close(&frame);
        else
            must(zmq_msg_send(&frame, to, more ? ZMQ_SNDMORE : 0) >= 0, "bare send");
    }
}

// The bare peer: whatever comes goes back.
static void
run_echo(const struct bench *bench)
{
    void *socket = bind_bare(bench, bench->bare_endpoint);
    for (;;)
        pass_on(socket, socket, 0);
}

// What any broker does at least: requests one way, answers the other.
static void
run_forwarder(const struct bench *bench)
{
    void *front = bind_bare(bench, bench->forwarder_endpoint);
    void *back = connect_bare(bench, bench->bare_endpoint, ECHO_ID);
    zmq_pollitem_t items[] = {{front, 0, ZMQ_POLLIN, 0}, {back, 0, ZMQ_POLLIN, 0}};
    for (;;) {
        must(zmq_poll(items, 2, -1) > 0, "bare poll");
        if (items[0].revents) {
            must(zmq_send(back, ECHO_ID, strlen(ECHO_ID), ZMQ_SNDMORE) >= 0, "bare send");
            pass_on(front, back, 0);
        }
        if (items[1].revents)
            pass_on(back, front, 1);
    }
}

static void
run_worker(const struct bench *bench)
{
    struct bus_settings settings;
    must(bus_settings_fill(&settings, "submissions", bench->folder, bench->brokers) == STATUS_OK, "worker's settings");
    struct bus_worker *worker = bus_worker_new(&settings, "submissions", WORKER_CREDIT);
    must(worker != NULL, "worker");
    for (;;) {
        struct bus_request requests[WORKER_CREDIT];
        size_t count = bus_worker_receive(worker, 1000, requests, WORKER_CREDIT);
        for (size_t i = 0; i < count; i++)
            bus_worker_reply(worker, &requests[i], STATUS_OK, requests[i].body, requests[i].body_size);
    }
}

static pid_t
start_child(const struct bench *bench, void (*run)(const struct bench *))
{
    pid_t pid = fork();
    must(pid >= 0, "fork");
    if (pid > 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    run(bench);
    _exit(0);
}

static pid_t
start_broker(const struct bench *bench, const char *program, int port)
{
    char path[128];
    snprintf(path, sizeof path, "%s/broker.conf", bench->folder);
    FILE *file = fopen(path, "w");
    must(file != NULL, path);
    fprintf(file, "keys_folder = %s\nlisten = 127.0.0.1:%d\nlog_level = warning\nqueue_limit = 2000\n", bench->folder,
            port);
    fclose(file);
    pid_t pid = fork();
    must(pid >= 0, "fork");
    if (pid > 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    execl(program, program, path, (char *)NULL);
    fprintf(stderr, "rpc_hop: cannot start %s: %s\n", program, strerror(errno));
    _exit(1);
}

static void
ask_bare(void *socket, const char *peer)
{
    char header[HEADER_BYTES] = {0}, body[BODY_BYTES] = {0}, back[BODY_BYTES];
    must(zmq_send(socket, peer, strlen(peer), ZMQ_SNDMORE) >= 0 &&
             zmq_send(socket, header, sizeof header, ZMQ_SNDMORE) >= 0 && zmq_send(socket, body, sizeof body, 0) >= 0,
         "bare send");
    for (int i = 0; i < 3; i++)
        must(zmq_recv(socket, back, sizeof back, 0) >= 0, "bare receive");
}

static void
bare_round_trip(struct bench *bench)
{
    ask_bare(bench->bare, ECHO_ID);
}

static void
forwarded_round_trip(struct bench *bench)
{
    ask_bare(bench->forwarded, FORWARDER_ID);
}

static void
our_round_trip(struct bench *bench)
{
    static const uint8_t key[16] = "one user action";
    char body[BODY_BYTES] = {0};
    struct bus_call call = {.lane = "submissions",
                            .method = "submissions.SaveValue",
                            .body = body,
                            .body_size = sizeof body,
                            .budget_ms = BUDGET_MS,
                            .idempotency_key = key};
    const uint8_t *answer = NULL;
    size_t size = 0;
    arena_reset(&bench->arena);
    enum status status = bus_client_ask(bench->client, &call, &bench->arena, &answer, &size);
    must(status == STATUS_OK && size == BODY_BYTES, status_code(status));
}

static int
compare_numbers(const void *a, const void *b)
{
    int64_t difference = *(const int64_t *)a - *(const int64_t *)b;
    return (difference > 0) - (difference < 0);
}

static int64_t
median(int64_t *numbers, int count)
{
    qsort(numbers, (size_t)count, sizeof *numbers, compare_numbers);
    return numbers[count / 2];
}

static int64_t
p50_us(struct bench *bench, void (*round_trip)(struct bench *))
{
    int64_t *times = calloc((size_t)bench->requests, sizeof *times);
    must(times != NULL, "memory");
    for (int i = 0; i < bench->requests; i++) {
        int64_t start_us = clock_monotonic_us();
        round_trip(bench);
        times[i] = clock_monotonic_us() - start_us;
    }
    int64_t p50 = median(times, bench->requests);
    free(times);
    return p50;
}

struct pipeline {
    int asked, answered, failed;
};

static void
count_answer(void *context, enum status status, const uint8_t *body, size_t size)
{
    struct pipeline *pipeline = context;
    (void)body;
    pipeline->answered++;
    pipeline->failed += status != STATUS_OK || size != BODY_BYTES;
}

static double
requests_per_second(struct bench *bench, int total)
{
    static const uint8_t key[16] = "one user action";
    char body[BODY_BYTES] = {0};
    struct bus_call call = {.lane = "submissions",
                            .method = "submissions.SaveValue",
                            .body = body,
                            .body_size = sizeof body,
                            .budget_ms = BUDGET_MS,
                            .idempotency_key = key};
    struct pipeline pipeline = {0};
    int64_t start_us = clock_monotonic_us();
    while (pipeline.answered < total) {
        for (; pipeline.asked < total && pipeline.asked - pipeline.answered < bench->pipeline; pipeline.asked++)
            bus_client_call(bench->client, &call, count_answer, &pipeline);
        struct pollfd fds[BUS_CLIENT_DESCRIPTORS];
        size_t count = bus_client_descriptors(bench->client, fds);
        poll(fds, count, (int)bus_client_timeout_ms(bench->client));
        bus_client_process(bench->client);
    }
    must(pipeline.failed == 0, "a pipelined request failed");
    return total * 1e6 / (double)(clock_monotonic_us() - start_us);
}

static void
make_keys(struct bench *bench)
{
    snprintf(bench->folder, sizeof bench->folder, "/tmp/vekha-rpc-hop-XXXXXX");
    must(mkdtemp(bench->folder) != NULL && crypto_open() == STATUS_OK, "folder");
    static const char *const NAMES[] = {"broker", "gateway", "submissions"};
    for (size_t i = 0; i < sizeof NAMES / sizeof NAMES[0]; i++)
        must(keys_make(bench->folder, NAMES[i]) == STATUS_OK, "keys");
}

static void
remove_keys(const struct bench *bench)
{
    static const char *const FILES[] = {"broker.key",        "gateway.key",        "submissions.key",
                                        "public/broker.pub", "public/gateway.pub", "public/submissions.pub",
                                        "broker.conf"};
    char path[128];
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", bench->folder, FILES[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/public", bench->folder);
    rmdir(path);
    rmdir(bench->folder);
}

// Slices are short, so that both see the same moods of the machine; the ratio is the median of the pairs'.
static void
measure(struct bench *bench)
{
    int64_t ours[MAX_ROUNDS], limits[MAX_ROUNDS], forwarded[MAX_ROUNDS], permilles[MAX_ROUNDS], rates[MAX_RATES];
    for (int i = 0; i < bench->requests; i++) {
        our_round_trip(bench);
        bare_round_trip(bench);
        forwarded_round_trip(bench);
    }
    for (int i = 0; i < bench->rounds; i++) {
        limits[i] = p50_us(bench, bare_round_trip);
        ours[i] = p50_us(bench, our_round_trip);
        forwarded[i] = p50_us(bench, forwarded_round_trip);
        permilles[i] = ours[i] * 1000 / limits[i];
    }
    for (int i = 0; i < MAX_RATES; i++)
        rates[i] = (int64_t)requests_per_second(bench, REQUESTS_OF_A_RATE);
    printf("{\"ours_us\": %lld, \"limit_us\": %lld, \"forwarded_us\": %lld, \"ratio\": %.2f, "
           "\"pipelined_per_second\": %lld}\n",
           (long long)median(ours, bench->rounds), (long long)median(limits, bench->rounds),
           (long long)median(forwarded, bench->rounds), (double)median(permilles, bench->rounds) / 1000,
           (long long)median(rates, MAX_RATES));
}

int
main(int argc, char **argv)
{
    if (argc < 3) {
        fprintf(stderr, "usage: %s BROKER_PROGRAM PORT [ROUNDS [REQUESTS_PER_ROUND [PIPELINE]]]\n", argv[0]);
        return 2;
    }
    int port = (int)strtol(argv[2], NULL, 10);
    struct bench bench = {.rounds = argc > 3 ? (int)strtol(argv[3], NULL, 10) : 61,
                          .requests = argc > 4 ? (int)strtol(argv[4], NULL, 10) : 100,
                          .pipeline = argc > 5 ? (int)strtol(argv[5], NULL, 10) : 128};
    must(bench.rounds > 0 && bench.rounds <= MAX_ROUNDS && bench.requests > 0, "numbers");
    snprintf(bench.brokers, sizeof bench.brokers, "127.0.0.1:%d", port);
    snprintf(bench.bare_endpoint, sizeof bench.bare_endpoint, "tcp://127.0.0.1:%d", port + 3);
    snprintf(bench.forwarder_endpoint, sizeof bench.forwarder_endpoint, "tcp://127.0.0.1:%d", port + 4);
    make_keys(&bench);
    must(bus_settings_fill(&bench.settings, "gateway", bench.folder, bench.brokers) == STATUS_OK, "settings");
    bench.children[0] = start_broker(&bench, argv[1], port);
    bench.children[1] = start_child(&bench, run_echo);
    bench.children[2] = start_child(&bench, run_worker);
    bench.children[3] = start_child(&bench, run_forwarder);
    arena_init(&bench.arena, 64 * 1024);
    bench.client = bus_client_new(&bench.settings, 4096);
    bench.bare = connect_bare(&bench, bench.bare_endpoint, ECHO_ID);
    bench.forwarded = connect_bare(&bench, bench.forwarder_endpoint, FORWARDER_ID);
    measure(&bench);
    bus_client_free(&bench.client);
    zmq_close(bench.bare);
    zmq_close(bench.forwarded);
    bus_context_close();
    for (int i = 0; i < 4; i++) {
        kill(bench.children[i], SIGKILL);
        waitpid(bench.children[i], NULL, 0);
    }
    arena_done(&bench.arena);
    remove_keys(&bench);
    return 0;
}
