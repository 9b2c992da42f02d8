// A table of questions by routing id: chains in one array.
#include "feed_asks.h"

#include <stdlib.h>
#include <string.h>

static uint32_t *
bucket_of(const struct feed_asks *asks, const void *peer, size_t size)
{
    uint32_t hash = 2166136261U;
    const uint8_t *bytes = peer;
    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 16777619U;
    return &asks->buckets[(hash ^ hash >> 15U) % FEED_ASKS_MAX];
}

bool
feed_asks_open(struct feed_asks *asks)
{
    *asks = (struct feed_asks){.used_end = 1};
    asks->places = calloc(FEED_ASKS_MAX + 1, sizeof *asks->places);
    asks->buckets = calloc(FEED_ASKS_MAX, sizeof *asks->buckets);
    if (asks->places != NULL && asks->buckets != NULL)
        return true;
    feed_asks_close(asks);
    return false;
}

void
feed_asks_close(struct feed_asks *asks)
{
    free(asks->places);
    free(asks->buckets);
    *asks = (struct feed_asks){0};
}

static uint32_t
take_place(struct feed_asks *asks)
{
    uint32_t place = asks->free;
    if (place != 0)
        asks->free = asks->places[place].next;
    else if (asks->used_end <= FEED_ASKS_MAX)
        place = asks->used_end++;
    return place;
}

struct feed_ask *
feed_asks_put(struct feed_asks *asks, const void *peer, size_t peer_size, bool *ret_is_new)
{
    if (peer_size == 0 || peer_size > FEED_PEER_ID_BYTES)
        return NULL;
    uint32_t *bucket = bucket_of(asks, peer, peer_size);
    *ret_is_new = false;
    for (uint32_t place = *bucket; place != 0; place = asks->places[place].next) {
        struct feed_ask *known = &asks->places[place];
        if (known->peer_size == peer_size && memcmp(known->peer, peer, peer_size) == 0)
            return known;
    }
    uint32_t place = take_place(asks);
    if (place == 0)
        return NULL;
    struct feed_ask *made = &asks->places[place];
    *made = (struct feed_ask){.peer_size = (uint8_t)peer_size, .next = *bucket};
    memcpy(made->peer, peer, peer_size);
    *bucket = place;
    asks->count++;
    *ret_is_new = true;
    return made;
}

void
feed_asks_remove(struct feed_asks *asks, const struct feed_ask *ask)
{
    uint32_t place = (uint32_t)(ask - asks->places);
    uint32_t *link = bucket_of(asks, ask->peer, ask->peer_size);
    while (*link != place)
        link = &asks->places[*link].next;
    struct feed_ask *gone = &asks->places[place];
    *link = gone->next;
    gone->peer_size = 0;
    gone->next = asks->free;
    asks->free = place;
    asks->count--;
}
