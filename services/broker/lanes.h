// Queues, credit and deadlines: which request goes to which worker, and which must be given up. No sockets, no
// clock of its own: a test drives it with any time. Every table has a fixed size.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vekha/base/status.h"

enum {
    LANES_MAX = 64,
    LANE_NAME_CHARS = 63,
    WORKERS_MAX = 512,
    REQUESTS_MAX = 16384,
    ROUTING_ID_MAX = 32,
    MAX_WORKER_CREDIT = 1024,
    QUEUED_BYTES_MAX = 64 * 1024 * 1024, // of all lanes together
    UNSERVED_WAIT_MS = 2000,             // how long a request waits for a first worker
    WORKER_SILENCE_MS = 2000,
    WORKER_SILENCE_MAX_MS = 60000,
    ABANDONED_MS = 30000, // a worker that lives and has not answered so long after the deadline
};
#define NOTHING UINT32_MAX

struct routing_id {
    uint8_t size;
    uint8_t bytes[ROUTING_ID_MAX];
};

enum request_state { REQUEST_FREE, REQUEST_QUEUED, REQUEST_IN_FLIGHT, REQUEST_FAILED };

// A request from its arrival to its answer: in one list at a time.
struct request {
    uint64_t ticket;
    uint64_t message_id;
    int64_t arrived_ms, deadline_ms;
    uint32_t size_bytes;
    uint32_t previous, next;
    uint32_t lane, worker;
    uint16_t caller; // number of the certificate
    uint8_t state;
    uint8_t failure; // enum status of a failed one
    bool is_unserved;
    struct routing_id client;
};

struct request_list {
    uint32_t first, last, count;
};

struct worker {
    bool is_used, is_draining;
    struct routing_id id;
    uint16_t certificate;
    uint32_t lane, credit;
    int64_t heard_ms;
    int64_t silence_ms;   // dead after so long without a word
    uint64_t last_served; // to take turns among equals
    struct request_list in_flight;
    uint32_t next_of_lane, next_of_hash;
};

struct lane {
    char name[LANE_NAME_CHARS + 1];
    struct request_list queue;
    uint32_t first_worker;
    unsigned workers_live; // that take requests
    int64_t deserted_ms;   // since when nobody serves it
    int64_t next_look_ms;  // no request of the queue expires before
};

struct lanes;

struct lanes *lanes_new(unsigned queue_limit, int64_t now_ms);
void lanes_free(struct lanes **lanes);

// Finds it or makes it; NOTHING when there are too many.
uint32_t lanes_find(struct lanes *lanes, const char *name);
size_t lanes_count(const struct lanes *lanes);
const struct lane *lanes_at(const struct lanes *lanes, uint32_t lane);
uint32_t lanes_in_flight(const struct lanes *lanes);
// Nobody waits for an answer.
bool lanes_are_idle(const struct lanes *lanes);

// -- workers

// A worker says it serves the lane. Known: its credit is set anew. NOTHING: too many workers, or its id is another's.
uint32_t lanes_worker_ready(struct lanes *lanes, const struct routing_id *id, uint16_t certificate, uint32_t lane,
                            uint32_t credit, int64_t now_ms);
// It serves a slow lane and may be busy for so long.
void lanes_worker_allow_silence(struct lanes *lanes, uint32_t worker, uint32_t silence_ms);
// NOTHING: unknown, or known under another certificate.
uint32_t lanes_worker_find(const struct lanes *lanes, const struct routing_id *id, uint16_t certificate);
const struct worker *lanes_worker_at(const struct lanes *lanes, uint32_t worker);
void lanes_worker_heard(struct lanes *lanes, uint32_t worker, int64_t now_ms);
void lanes_worker_drain(struct lanes *lanes, uint32_t worker, int64_t now_ms);
// Dead or parted: what it had in hand has an unknown outcome.
void lanes_worker_gone(struct lanes *lanes, uint32_t worker, int64_t now_ms);

// -- requests

// Queues it. BUSY: the queue, the bytes or the table are full; TIMEOUT: no time left. *ret_request is its number.
MUST_CHECK enum status lanes_request_add(struct lanes *lanes, const struct request *request, int64_t now_ms,
                                         uint32_t *ret_request);
struct request *lanes_request_at(struct lanes *lanes, uint32_t request);
// The next request of the lane goes to the worker with most free credit. False: nothing to do.
bool lanes_assign(struct lanes *lanes, uint32_t lane, int64_t now_ms, uint32_t *ret_request);
// A worker's answer. NOTHING: not (or no longer) this worker's. The request stays until lanes_request_free().
uint32_t lanes_request_answered(const struct lanes *lanes, uint32_t worker, uint64_t ticket);
// Could not be handed over: give it up with this status.
void lanes_request_fail(struct lanes *lanes, uint32_t request, enum status status, bool is_unserved);
void lanes_request_free(struct lanes *lanes, uint32_t request);

// -- time

// Gives up what is too late and workers that are silent.
void lanes_tick(struct lanes *lanes, int64_t now_ms);
// The process itself stood still: nobody is silent because of that.
void lanes_forgive(struct lanes *lanes, int64_t now_ms);
// Gives up everything that is queued; nothing is taken any more.
void lanes_close(struct lanes *lanes);
// Next request the broker itself must answer with request->failure; free it afterwards. NOTHING: none.
uint32_t lanes_failed(const struct lanes *lanes);
