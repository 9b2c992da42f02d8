// Follows Vekha's status feed over ZeroMQ and counts what happens; goes on where it stopped. As watch.py beside it.
//
//     watch KEYS SERVER_KEY ADDRESS [MEMORY]     KEYS: public and secret key, a line each; MEMORY: feed.txt
//
// Needs libzmq, libprotobuf-c, and feed.pb-c.[ch]: protoc-c --c_out=. feed.proto
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <zmq.h>

#include "feed.pb-c.h"

enum { KEY_CHARS = 40, WAIT_MS = 10000, SILENCE_MS = WAIT_MS + 2000, STATES = 5 };

static const char *const STATE_NAMES[STATES] = {"empty", "draft", "in_review", "accepted", "rejected"};

// The number, and what was made of everything up to it: kept together, so both are old or both are new.
struct memory {
    const char *path;
    uint64_t after;
    uint64_t counters[STATES];
};

struct feed {
    void *context, *socket;
    const char *address, *server_key;
    char public_key[KEY_CHARS + 1], secret_key[KEY_CHARS + 1];
};

static void
recall(struct memory *memory)
{
    FILE *file = fopen(memory->path, "r");
    if (file == NULL)
        return;
    bool is_whole = fscanf(file, "%" SCNu64, &memory->after) == 1;
    for (int i = 0; is_whole && i < STATES; i++)
        is_whole = fscanf(file, "%" SCNu64, &memory->counters[i]) == 1;
    if (!is_whole)
        memset(&memory->after, 0, sizeof *memory - offsetof(struct memory, after));
    fclose(file);
}

static bool
keep(const struct memory *memory)
{
    char new_path[4096];
    int size = snprintf(new_path, sizeof new_path, "%s.new", memory->path);
    FILE *file = size > 0 && (size_t)size < sizeof new_path ? fopen(new_path, "w") : NULL;
    if (file == NULL)
        return false;
    fprintf(file, "%" PRIu64, memory->after);
    for (int i = 0; i < STATES; i++)
        fprintf(file, " %" PRIu64, memory->counters[i]);
    bool is_kept = fflush(file) == 0 && fsync(fileno(file)) == 0;
    is_kept = fclose(file) == 0 && is_kept;
    return is_kept && rename(new_path, memory->path) == 0;
}

static bool
read_keys(struct feed *feed, const char *path)
{
    FILE *file = fopen(path, "r");
    if (file == NULL)
        return false;
    bool is_read = fscanf(file, "%40s %40s", feed->public_key, feed->secret_key) == 2;
    fclose(file);
    return is_read;
}

// Always a new socket: one whose key was refused never tries again.
static bool
connect_anew(struct feed *feed)
{
    const int none = 0, heartbeat_ms = 5000;
    if (feed->socket != NULL)
        zmq_close(feed->socket);
    feed->socket = zmq_socket(feed->context, ZMQ_DEALER);
    return feed->socket != NULL && zmq_setsockopt(feed->socket, ZMQ_LINGER, &none, sizeof none) == 0 &&
           zmq_setsockopt(feed->socket, ZMQ_HEARTBEAT_IVL, &heartbeat_ms, sizeof heartbeat_ms) == 0 &&
           zmq_setsockopt(feed->socket, ZMQ_HEARTBEAT_TIMEOUT, &heartbeat_ms, sizeof heartbeat_ms) == 0 &&
           zmq_setsockopt(feed->socket, ZMQ_CURVE_SERVERKEY, feed->server_key, KEY_CHARS + 1) == 0 &&
           zmq_setsockopt(feed->socket, ZMQ_CURVE_PUBLICKEY, feed->public_key, KEY_CHARS + 1) == 0 &&
           zmq_setsockopt(feed->socket, ZMQ_CURVE_SECRETKEY, feed->secret_key, KEY_CHARS + 1) == 0 &&
           zmq_connect(feed->socket, feed->address) == 0;
}

// NULL: nobody answers; free with vekha__feed__batch__free_unpacked().
static Vekha__Feed__Batch *
ask(struct feed *feed, uint64_t after)
{
    uint8_t packed[64];
    Vekha__Feed__Ask question = VEKHA__FEED__ASK__INIT;
    question.after = after;
    question.wait_ms = WAIT_MS;
    size_t size = vekha__feed__ask__pack(&question, packed);
    zmq_pollitem_t item = {.socket = feed->socket, .events = ZMQ_POLLIN};
    if (zmq_send(feed->socket, packed, size, ZMQ_DONTWAIT) < 0 || zmq_poll(&item, 1, SILENCE_MS) <= 0)
        return NULL;
    zmq_msg_t answer;
    zmq_msg_init(&answer);
    Vekha__Feed__Batch *batch = NULL;
    if (zmq_msg_recv(&answer, feed->socket, ZMQ_DONTWAIT) >= 0)
        batch = vekha__feed__batch__unpack(NULL, zmq_msg_size(&answer), zmq_msg_data(&answer));
    zmq_msg_close(&answer);
    return batch;
}

static void
count(struct memory *memory, const Vekha__Feed__Batch *batch)
{
    for (size_t i = 0; i < batch->n_events; i++)
        for (int state = 0; state < STATES; state++)
            memory->counters[state] += strcmp(batch->events[i]->state, STATE_NAMES[state]) == 0;
    memory->after = batch->after;
    if (batch->n_events == 0)
        return;
    printf("after %" PRIu64 ":", memory->after);
    for (int state = 0; state < STATES; state++)
        printf(" %s %" PRIu64, STATE_NAMES[state], memory->counters[state]);
    printf("\n");
    fflush(stdout);
}

static int
follow(struct feed *feed, struct memory *memory)
{
    const struct timespec pause = {.tv_sec = 1};
    bool is_connected = connect_anew(feed);
    for (;;) {
        Vekha__Feed__Batch *batch = is_connected ? ask(feed, memory->after) : NULL;
        if (batch == NULL) {
            fprintf(stderr, "nobody answers: is the key issued, the address right?\n");
            if (!is_connected)
                nanosleep(&pause, NULL);
            is_connected = connect_anew(feed);
            continue;
        }
        Vekha__Feed__Refusal refusal = batch->refusal;
        if (refusal == VEKHA__FEED__REFUSAL__REFUSAL_NONE)
            count(memory, batch);
        vekha__feed__batch__free_unpacked(batch, NULL);
        if (refusal == VEKHA__FEED__REFUSAL__REFUSAL_BUSY)
            nanosleep(&pause, NULL);
        else if (refusal != VEKHA__FEED__REFUSAL__REFUSAL_NONE)
            return (int)refusal;
        else if (!keep(memory))
            return fprintf(stderr, "%s: %s\n", memory->path, strerror(errno));
    }
}

int
main(int argc, char **argv)
{
    if (argc < 4 || strlen(argv[2]) != KEY_CHARS) {
        fprintf(stderr, "use: watch KEYS SERVER_KEY ADDRESS [MEMORY]\n");
        return 2;
    }
    struct feed feed = {.context = zmq_ctx_new(), .server_key = argv[2], .address = argv[3]};
    struct memory memory = {.path = argc > 4 ? argv[4] : "feed.txt"};
    if (!read_keys(&feed, argv[1])) {
        fprintf(stderr, "%s: no pair of keys\n", argv[1]);
        return 2;
    }
    recall(&memory);
    int refusal = follow(&feed, &memory);
    fprintf(stderr, "refused: %d (enum Refusal in feed.proto)\n", refusal);
    return 1;
}
