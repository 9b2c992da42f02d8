// The open event streams (server-sent events) and what wakes them.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "envelope.pb-c.h"
#include "event_ring.h"

enum { HUB_MAX_TOPICS = 16, HUB_MAX_STREAMS = 2000, HUB_MAX_STREAMS_PER_ACCOUNT = 8 };

struct event_stream;

struct hub_topic {
    const char *name;                     // of a service whose stream is watched
    uint64_t head;                        // newest number heard of
    const struct contract_method *method; // that shows it
    struct event_ring *ring;
};

// event_line.h
struct event_line {
    struct event_stream *first, *last;
    unsigned asking;
};

struct event_hub {
    struct event_stream *first;
    size_t count;
    struct event_line line; // those that wait for their turn to ask
    struct hub_topic topics[HUB_MAX_TOPICS];
    size_t topic_count;
};

// Topics: every service with a BODY_EVENTS method.
bool event_hub_open(struct event_hub *hub);
void event_hub_close(struct event_hub *hub);
// Serves the streams of this topic when the batch tells of something new.
void event_hub_take_batch(struct event_hub *hub, const Bus__EventBatch *batch, struct arena *arena);
struct hub_topic *event_hub_topic(struct event_hub *hub, const char *service);
// Ends the streams of a session that was ended, or all with NULL.
void event_hub_end_session(struct event_hub *hub, const char *session_id);
