// The keys that open the feed's door, as they are in the table feed_key.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vekha/crypto/keys.h"
#include "vekha/service/service.h"

enum { FEED_KEYS_MAX = 20000, FEED_TERRITORY_CHARS = 100 };

struct feed_key {
    char public_key[CURVE_KEY_CHARS + 1];
    char id[37];
    char territory[FEED_TERRITORY_CHARS + 1];
    unsigned waiting;        // subscribers with this key that wait for events
    bool is_seen;            // since it was written down last
    int64_t written_down_ms; // monotonic
};

struct feed_keys {
    struct feed_key *table; // sorted by public_key
    size_t count;
    bool is_loaded;
};

// What was known stays known when it fails.
MUST_CHECK enum status feed_keys_load(struct feed_keys *keys, struct call *call);
void feed_keys_free(struct feed_keys *keys);
struct feed_key *feed_keys_find(const struct feed_keys *keys, const char *public_key);
void feed_keys_see(struct feed_key *key);
// Writes down who was seen, each at most once a minute.
MUST_CHECK enum status feed_keys_write_down(struct feed_keys *keys, struct call *call);
