// Many subscribers of the feed over ZeroMQ in one loop: how long after its moment an event arrives, and whether it was
// theirs. Usage: feed_clients ADDRESS SERVER_KEY KEYS FIRST COUNT; a line of KEYS is "public secret territory",
// subscriber N has that of its number, again from the top. Prints "ready" when all are answered. Then, as often as its
// input says how many deliveries there must be, it waits for the last of them, at most 20 s, prints {"subscribers":…,
// "deliveries":…, "foreign":…, "disordered":…, "p50_ms":…, "p99_ms":…, "max_ms":…} and counts anew.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "feed.pb-c.h"
#include "http_client.h"

enum { KEYS_MAX = 4096, BINS = 20000, WAVE = 100, START_MS = 30000, LAST_MS = 20000, WAIT_MS = 10000, EVENTS = 512 };

struct key {
    char public_key[41], secret_key[41], territory[101];
};

struct subscriber {
    void *socket;
    const struct key *key;
    uint64_t after, last;
    bool has_begun;
};

static struct {
    struct key keys[KEYS_MAX];
    size_t key_count, count, begun, deliveries, foreign, disordered;
    struct subscriber *subscribers;
    uint32_t bins[BINS]; // a millisecond each
    int64_t max_ms;
    int epoll;
    void *context;
} crowd;

static int64_t
age_ms(const char *moment)
{
    struct tm time = {0};
    int milliseconds;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    bench_must(sscanf(moment, "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &time.tm_year, &time.tm_mon, &time.tm_mday, &time.tm_hour,
                      &time.tm_min, &time.tm_sec, &milliseconds) == 7,
               moment);
    time.tm_year -= 1900;
    time.tm_mon -= 1;
    return (int64_t)(now.tv_sec - timegm(&time)) * 1000 + now.tv_nsec / 1000000 - milliseconds;
}

static void
ask(struct subscriber *subscriber)
{
    uint8_t packed[64];
    Vekha__Feed__Ask question = VEKHA__FEED__ASK__INIT;
    question.after = subscriber->after;
    question.from_now = !subscriber->has_begun;
    question.wait_ms = WAIT_MS;
    bench_must(zmq_send(subscriber->socket, packed, vekha__feed__ask__pack(&question, packed), ZMQ_DONTWAIT) >= 0,
               "ask");
}

static void
take_event(struct subscriber *subscriber, const Vekha__Feed__StatusEvent *event)
{
    size_t size = strlen(subscriber->key->territory);
    const char *path = event->organisation_path;
    crowd.foreign += strncmp(path, subscriber->key->territory, size) != 0 || (path[size] != '\0' && path[size] != '.');
    crowd.disordered += event->number <= subscriber->last;
    subscriber->last = event->number;
    int64_t age = age_ms(event->at);
    crowd.max_ms = age > crowd.max_ms ? age : crowd.max_ms;
    crowd.bins[age < 0 ? 0 : age >= BINS ? BINS - 1 : age]++;
    crowd.deliveries++;
}

static void
take_batch(struct subscriber *subscriber, zmq_msg_t *message)
{
    Vekha__Feed__Batch *batch = vekha__feed__batch__unpack(NULL, zmq_msg_size(message), zmq_msg_data(message));
    bench_must(batch != NULL && batch->refusal == VEKHA__FEED__REFUSAL__REFUSAL_NONE, "batch");
    for (size_t i = 0; i < batch->n_events; i++)
        take_event(subscriber, batch->events[i]);
    subscriber->after = batch->after;
    crowd.begun += !subscriber->has_begun;
    subscriber->has_begun = true;
    vekha__feed__batch__free_unpacked(batch, NULL);
}

// Until nothing is there after the last question: only then does the socket's descriptor tell of more.
static void
serve(struct subscriber *subscriber)
{
    zmq_msg_t message;
    zmq_msg_init(&message);
    while (zmq_msg_recv(&message, subscriber->socket, ZMQ_DONTWAIT) >= 0) {
        take_batch(subscriber, &message);
        ask(subscriber);
    }
    zmq_msg_close(&message);
}

static void
turn(int timeout_ms)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(crowd.epoll, events, EVENTS, timeout_ms);
    for (int i = 0; i < count; i++)
        if (events[i].data.ptr != NULL)
            serve(events[i].data.ptr);
}

static void
open_one(struct subscriber *subscriber, const char *address, const char *server_key, size_t number)
{
    const int none = 0;
    int descriptor;
    size_t size = sizeof descriptor;
    subscriber->key = &crowd.keys[number % crowd.key_count];
    subscriber->socket = zmq_socket(crowd.context, ZMQ_DEALER);
    bench_must(subscriber->socket != NULL, "socket");
    zmq_setsockopt(subscriber->socket, ZMQ_LINGER, &none, sizeof none);
    zmq_setsockopt(subscriber->socket, ZMQ_CURVE_SERVERKEY, server_key, 41);
    zmq_setsockopt(subscriber->socket, ZMQ_CURVE_PUBLICKEY, subscriber->key->public_key, 41);
    zmq_setsockopt(subscriber->socket, ZMQ_CURVE_SECRETKEY, subscriber->key->secret_key, 41);
    bench_must(zmq_connect(subscriber->socket, address) == 0, address);
    bench_must(zmq_getsockopt(subscriber->socket, ZMQ_FD, &descriptor, &size) == 0, "descriptor");
    struct epoll_event input = {.events = EPOLLIN, .data.ptr = subscriber};
    bench_must(epoll_ctl(crowd.epoll, EPOLL_CTL_ADD, descriptor, &input) == 0, "epoll");
    ask(subscriber);
    serve(subscriber);
}

// In waves: a handshake that waits for three seconds is begun anew.
static void
open_all(const char *address, const char *server_key, size_t first)
{
    for (size_t opened = 0; opened < crowd.count;) {
        for (size_t i = 0; i < WAVE && opened < crowd.count; i++, opened++)
            open_one(&crowd.subscribers[opened], address, server_key, first + opened);
        int64_t until_us = bench_now_us() + (int64_t)START_MS * 1000;
        while (crowd.begun < opened && bench_now_us() < until_us)
            turn(100);
        bench_must(crowd.begun == opened, "a subscriber is not answered");
    }
}

static long
percentile_ms(double share)
{
    size_t wanted = (size_t)((double)crowd.deliveries * share), seen = 0;
    for (long bin = 0; bin < BINS; bin++)
        if ((seen += crowd.bins[bin]) > wanted)
            return bin;
    return BINS;
}

static void
report_and_reset(void)
{
    printf("{\"subscribers\": %zu, \"deliveries\": %zu, \"foreign\": %zu, \"disordered\": %zu, \"p50_ms\": %ld, "
           "\"p99_ms\": %ld, \"max_ms\": %lld}\n",
           crowd.count, crowd.deliveries, crowd.foreign, crowd.disordered, percentile_ms(0.5), percentile_ms(0.99),
           (long long)crowd.max_ms);
    fflush(stdout);
    memset(crowd.bins, 0, sizeof crowd.bins);
    crowd.deliveries = 0;
    crowd.max_ms = 0;
}

// Serves subscribers until the input has a whole line. False when the input has ended.
static bool
read_number(size_t *ret_number)
{
    char line[32];
    size_t used = 0;
    while (used == 0 || line[used - 1] != '\n') {
        turn(100);
        ssize_t count = read(STDIN_FILENO, line + used, sizeof line - 1 - used);
        if (count == 0)
            return false;
        bench_must(count > 0 || errno == EAGAIN, "input");
        used += count > 0 ? (size_t)count : 0;
    }
    line[used] = '\0';
    *ret_number = strtoul(line, NULL, 10);
    return true;
}

static void
read_keys(const char *path)
{
    FILE *file = fopen(path, "r");
    bench_must(file != NULL, path);
    struct key *key = crowd.keys;
    while (key < crowd.keys + KEYS_MAX &&
           fscanf(file, "%40s %40s %100s", key->public_key, key->secret_key, key->territory) == 3)
        key++;
    crowd.key_count = (size_t)(key - crowd.keys);
    fclose(file);
    bench_must(crowd.key_count > 0, "keys");
}

int
main(int argc, char **argv)
{
    if (argc != 6) {
        fprintf(stderr, "usage: %s ADDRESS SERVER_KEY KEYS FIRST COUNT\n", argv[0]);
        return 2;
    }
    crowd.epoll = epoll_create1(EPOLL_CLOEXEC);
    crowd.context = zmq_ctx_new();
    crowd.count = strtoul(argv[5], NULL, 10);
    crowd.subscribers = calloc(crowd.count, sizeof *crowd.subscribers);
    bench_must(crowd.epoll >= 0 && crowd.context != NULL && crowd.subscribers != NULL, "memory");
    zmq_ctx_set(crowd.context, ZMQ_MAX_SOCKETS, (int)crowd.count + 16);
    read_keys(argv[3]);
    open_all(argv[1], argv[2], strtoul(argv[4], NULL, 10));
    struct epoll_event input = {.events = EPOLLIN};
    bench_must(epoll_ctl(crowd.epoll, EPOLL_CTL_ADD, STDIN_FILENO, &input) == 0, "input must be a pipe");
    bench_must(fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK) == 0, "input");
    puts("ready");
    fflush(stdout);
    size_t awaited;
    while (read_number(&awaited)) {
        int64_t until_us = bench_now_us() + (int64_t)LAST_MS * 1000;
        while (crowd.deliveries < awaited && bench_now_us() < until_us)
            turn(100);
        report_and_reset();
    }
    _exit(0); // thousands of sockets are closed by the system
}
