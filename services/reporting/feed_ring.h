// The newest status changes as they go out through the feed's door: packed once, read by all.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "envelope.pb-c.h"
#include "vekha/base/arena.h"
#include "vekha/base/text.h"

enum { FEED_RING_EVENTS = 4096, FEED_EVENTS_MAX = 500 };

struct feed_event {
    uint64_t number;
    char *path; // its territory; the packed event, as a field of a Batch, follows in the same allocation
    size_t size;
};

struct feed_ring {
    // Every number from `first` to `last` was looked at; what is a status change is in `events`.
    uint64_t first, last;
    struct feed_event events[FEED_RING_EVENTS];
    size_t oldest, count;
};

// Begins anew behind `last`.
void feed_ring_reset(struct feed_ring *ring, uint64_t last);
// Takes the event that has the number after `last`. False without memory.
MUST_CHECK bool feed_ring_add(struct feed_ring *ring, const Bus__Event *event, struct arena *arena);
bool feed_ring_covers(const struct feed_ring *ring, uint64_t after);
// Appends at most `limit` events that follow `after` in this territory; returns up to where it came.
uint64_t feed_ring_write(const struct feed_ring *ring, uint64_t after, const char *territory, size_t limit,
                         struct buffer *out);

// A status change as a field of a packed Batch, with its territory; NULL: none, *ret_failed: without memory.
const uint8_t *feed_pack_event(const Bus__Event *event, uint64_t number, struct arena *arena, const char **ret_path,
                               size_t *ret_size, bool *ret_failed);
