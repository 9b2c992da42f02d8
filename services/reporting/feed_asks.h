// Subscribers that wait for the next event: one question each, answered once. Who does not ask is not known here, so a
// subscriber that stands still costs nothing and slows nobody.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "feed_keys.h"

enum { FEED_ASKS_MAX = 16384, FEED_PEER_ID_BYTES = 32 };

struct feed_ask {
    uint8_t peer[FEED_PEER_ID_BYTES]; // routing id
    uint8_t peer_size;                // 0: a free place
    uint32_t next;                    // of the same bucket, or of the free places
    char public_key[CURVE_KEY_CHARS + 1];
    char territory[FEED_TERRITORY_CHARS + 1];
    uint64_t after;
    uint32_t limit;
    int64_t due_ms; // monotonic; an empty answer then
};

struct feed_asks {
    struct feed_ask *places; // FEED_ASKS_MAX + 1, the first unused
    uint32_t *buckets;
    uint32_t free, used_end; // no place from used_end on was ever taken
    size_t count;
};

MUST_CHECK bool feed_asks_open(struct feed_asks *asks);
void feed_asks_close(struct feed_asks *asks);
// The peer's question, a new one or the one it replaces; NULL: no room, or no peer id that is kept.
struct feed_ask *feed_asks_put(struct feed_asks *asks, const void *peer, size_t peer_size, bool *ret_is_new);
void feed_asks_remove(struct feed_asks *asks, const struct feed_ask *ask);
