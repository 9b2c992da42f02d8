// Where the brokers are and who we are: what every socket of a process shares.
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "vekha/base/status.h"
#include "vekha/crypto/keys.h"

enum {
    BUS_PROTOCOL = 1,
    BUS_MAX_BROKERS = 4,
    BUS_MAX_HEADER_BYTES = 4096,
    BUS_MAX_BODY_BYTES = 1024 * 1024,
    BUS_HEARTBEAT_MS = 500,
    BUS_SILENCE_MS = 2000,      // without a word for so long: dead
    BUS_SILENCE_MAX_MS = 60000, // what a worker of a slow lane may ask for
    BUS_STREAMS_MAX = 8,        // that one service hears
    BUS_PROCESS_CHARS = 63,
};

// What a process lets its brokers know of itself: written by its threads, sent with its workers' heartbeats.
struct bus_presence {
    char process[BUS_PROCESS_CHARS + 1];
    atomic_ullong head; // number of the newest event of its own stream
    struct {
        _Atomic(const char *) stream; // NULL: where it stands is not known
        atomic_ullong applied;
    } positions[BUS_STREAMS_MAX];
};

// One broker: requests and replies on one ROUTER, events in (XSUB) and out (XPUB).
struct bus_broker_address {
    char requests[128]; // tcp://127.0.0.1:8075
    char events_in[128];
    char events_out[128];
};

struct bus_settings {
    const char *name; // of the certificate: "submissions"
    struct curve_key_pair keys;
    char broker_key[CURVE_KEY_CHARS + 1]; // pinned
    struct bus_broker_address brokers[BUS_MAX_BROKERS];
    size_t broker_count;
    const struct bus_presence *presence; // NULL: nothing is told
};

// brokers: "127.0.0.1:8075,127.0.0.1:8078": requests on the port given, events in on +1, events out on +2.
MUST_CHECK enum status bus_settings_fill(struct bus_settings *settings, const char *name, const char *keys_folder,
                                         const char *brokers);
// The process's only ZeroMQ context; made at the first call.
void *bus_context(void);
void bus_context_close(void);
// A CURVE client socket with every option set: LINGER 0, heartbeats, MAXMSGSIZE, queues, a random routing id.
void *bus_connect(const struct bus_settings *settings, int socket_type, const char *endpoint);
