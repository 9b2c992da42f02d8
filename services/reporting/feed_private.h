// Private to feed_*.c: the door's whole state, of one thread.
#pragma once

#include "feed_asks.h"
#include "feed_door.h"
#include "feed_keys.h"
#include "feed_ring.h"
#include "vekha/bus/events.h"

enum { FEED_BATCH_LIMIT_BYTES = 300 * 1024 };

struct feed {
    bool is_open;
    struct bus_settings settings;
    void *keeper; // REP: answers who may come in
    void *door;   // ROUTER
    struct bus_subscriber *subscriber;
    struct feed_ring ring;
    struct feed_keys keys;
    struct feed_asks asks;
    struct buffer out;      // the answer being made
    bool is_ring_filled;    // with what was there before this process
    bool has_news;          // not told to those who wait
    bool is_behind;         // the rows have more than the bus brought
    bool keys_have_changed; // as the stream says
    int64_t heard_ms;       // of the stream, over the bus
    int64_t next_telling_ms, next_expiry_ms, next_writing_ms;
    unsigned pages_left; // of rows, in this turn
};

// --- feed_stream.c: what happened
// What the bus has brought; the rest out of the rows.
void feed_hear(struct feed *feed, struct call *call);
void feed_catch_up(struct feed *feed, struct call *call);

// --- feed_answer.c: what is told
// At once, or it waits.
void feed_take_asks(struct feed *feed, struct call *call);
// To everybody who waits and for whom there is something.
void feed_tell(struct feed *feed);
// Empty answers to those who have waited long enough, and a last one to those whose key holds no more.
void feed_expire(struct feed *feed);
void feed_dismiss(struct feed *feed);
