// The newest events of one service's stream as the bus brought them, already written as server-sent events: most open
// streams are served from here, without a question to the service.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "envelope.pb-c.h"
#include "vekha/base/arena.h"
#include "vekha/base/text.h"
#include "vekha/bus/contract.h"

enum { RING_EVENTS = 2048 };

struct ring_event {
    uint64_t number;
    char *path; // the territory it belongs to; its text follows in the same allocation
    size_t text_size;
};

struct event_ring {
    // Every number from first to last was looked at; those that the method shows are in `events`. Nothing: last 0.
    uint64_t first, last;
    struct ring_event events[RING_EVENTS];
    size_t oldest, count;
};

// Batches come twice and may come with gaps: after a gap the ring begins anew.
void event_ring_add(struct event_ring *ring, const struct contract_method *method, const Bus__EventBatch *batch,
                    struct arena *arena);
void event_ring_clear(struct event_ring *ring);
// Whether what follows `after` is here, be it nothing.
bool event_ring_covers(const struct event_ring *ring, uint64_t after);
// Appends what follows `after` in this territory until `out` has `enough` bytes; returns up to where it came.
uint64_t event_ring_write(const struct event_ring *ring, uint64_t after, const char *scope, struct buffer *out,
                          size_t enough);

// One server-sent event: "id: 7\nevent: status\ndata: {...}\n\n".
void event_write(struct buffer *out, uint64_t number, const ProtobufCMessage *event);
