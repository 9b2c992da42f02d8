// Keeps the list of open event streams.
#include "event_hub.h"

#include <string.h>

#include "event_stream.h"
#include "exchange.h"
#include "vekha/bus/contract.h"

void
event_hub_open(struct event_hub *hub)
{
    *hub = (struct event_hub){0};
    for (size_t i = 0; i < contract_method_count && hub->topic_count < HUB_MAX_TOPICS; i++) {
        const char *service = contract_methods[i].service;
        bool is_known = false;
        for (size_t k = 0; k < hub->topic_count; k++)
            is_known = is_known || strcmp(hub->topics[k].name, service) == 0;
        if (contract_methods[i].body == VEKHA__BODY__BODY_EVENTS && !is_known)
            hub->topics[hub->topic_count++].name = service;
    }
}

// The batch says more than was known before; each comes once per broker.
static bool
is_news(struct event_hub *hub, const Bus__EventBatch *batch)
{
    uint64_t head = batch->head;
    if (batch->n_events > 0 && batch->first_number + batch->n_events - 1 > head)
        head = batch->first_number + batch->n_events - 1;
    for (size_t i = 0; i < hub->topic_count; i++) {
        if (strcmp(hub->topics[i].name, batch->stream) != 0)
            continue;
        bool is_new = head > hub->topics[i].head;
        hub->topics[i].head = is_new ? head : hub->topics[i].head;
        return is_new;
    }
    return false;
}

void
event_hub_take_batch(struct event_hub *hub, const Bus__EventBatch *batch)
{
    if (!is_news(hub, batch))
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
