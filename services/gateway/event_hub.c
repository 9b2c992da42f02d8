// Keeps the list of open event streams.
#include "event_hub.h"

#include <stdlib.h>
#include <string.h>

#include "event_stream.h"
#include "exchange.h"
#include "vekha/bus/contract.h"

struct hub_topic *
event_hub_topic(struct event_hub *hub, const char *service)
{
    for (size_t i = 0; i < hub->topic_count; i++)
        if (strcmp(hub->topics[i].name, service) == 0)
            return &hub->topics[i];
    return NULL;
}

bool
event_hub_open(struct event_hub *hub)
{
    *hub = (struct event_hub){0};
    for (size_t i = 0; i < contract_method_count && hub->topic_count < HUB_MAX_TOPICS; i++) {
        const struct contract_method *method = &contract_methods[i];
        if (method->body != VEKHA__BODY__BODY_EVENTS || event_hub_topic(hub, method->service) != NULL)
            continue;
        struct event_ring *ring = calloc(1, sizeof *ring);
        if (ring == NULL)
            return false;
        hub->topics[hub->topic_count++] = (struct hub_topic){.name = method->service, .method = method, .ring = ring};
    }
    return true;
}

void
event_hub_close(struct event_hub *hub)
{
    for (size_t i = 0; i < hub->topic_count; i++) {
        event_ring_clear(hub->topics[i].ring);
        free(hub->topics[i].ring);
    }
    hub->topic_count = 0;
}

// The batch says more than was known before; each comes once per broker.
static bool
is_news(struct hub_topic *topic, const Bus__EventBatch *batch)
{
    uint64_t head = batch->head;
    if (batch->n_events > 0 && batch->first_number + batch->n_events - 1 > head)
        head = batch->first_number + batch->n_events - 1;
    bool is_new = head > topic->head;
    topic->head = is_new ? head : topic->head;
    return is_new;
}

void
event_hub_take_batch(struct event_hub *hub, const Bus__EventBatch *batch, struct arena *arena)
{
    struct hub_topic *topic = event_hub_topic(hub, batch->stream);
    if (topic == NULL)
        return;
    uint64_t last = topic->ring->last;
    // Without a reader nothing is kept.
    if (hub->first == NULL)
        event_ring_clear(topic->ring);
    else
        event_ring_add(topic->ring, topic->method, batch, arena);
    if (!is_news(topic, batch) && topic->ring->last == last)
        return;
    for (struct event_stream *stream = hub->first, *next; stream != NULL; stream = next) {
        next = stream->following;
        event_stream_notify(stream, batch->stream);
    }
}

void
event_hub_end_session(struct event_hub *hub, const char *session_id)
{
    for (struct event_stream *stream = hub->first, *next; stream != NULL; stream = next) {
        next = stream->following;
        event_stream_end(stream, session_id);
    }
}
