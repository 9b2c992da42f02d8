// The public status feed: this service's own stream, filtered by territory.
#include <string.h>

#include "answer.h"
#include "vekha/base/text.h"

enum { WATCH_LIMIT = 500 };

static void *
take_from_arena(void *arena, size_t size)
{
    return arena_take(arena, size);
}

static void
leave_in_arena(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

// NULL: not a status event, or without memory.
static Reporting__StatusEvent *
read_event(struct call *call, const Bus__Event *event)
{
    ProtobufCAllocator allocator = {take_from_arena, leave_in_arena, call->arena};
    if (strcmp(event->type, "StatusChanged") != 0)
        return NULL;
    const Events__StatusChanged *changed =
        events__status_changed__unpack(&allocator, event->payload.len, event->payload.data);
    Reporting__StatusEvent *status_event = arena_take(call->arena, sizeof(*status_event));
    if (!changed || !status_event)
        return NULL;
    reporting__status_event__init(status_event);
    status_event->number = event->number;
    status_event->assignment_id = changed->assignment_id;
    status_event->organisation_id = changed->organisation_id;
    status_event->organisation_path = changed->organisation_path;
    status_event->round_id = changed->round_id;
    status_event->item_id = changed->item_id;
    status_event->state = changed->state;
    status_event->at = changed->at;
    return status_event;
}

// Of a curator's territory only the schools bound (S1.6).
static enum status
keep_bound(struct call *call, Reporting__WatchStatusReply *reply)
{
    struct db_rows rows;
    if (reply->n_events == 0 || call->principal->role != VEKHA__ROLE__ROLE_CURATOR)
        return STATUS_OK;
    enum status status = store_bound_schools(call, &rows);
    size_t kept = 0;
    for (size_t i = 0; status == STATUS_OK && i < reply->n_events; i++) {
        bool is_bound = false;
        for (int row = 0; row < rows.count && !is_bound; row++)
            is_bound = strcmp(db_text_at(&rows, row, 0), reply->events[i]->organisation_id) == 0;
        if (is_bound)
            reply->events[kept++] = reply->events[i];
    }
    reply->n_events = kept;
    return status;
}

enum status
handle_watch_status(struct call *call, const Reporting__WatchStatusRequest *request, Reporting__WatchStatusReply *reply)
{
    Bus__Event **events;
    size_t count;
    uint64_t head;
    enum status status =
        stream_read(call, request->after, request->limit ? request->limit : WATCH_LIMIT, &events, &count, &head);
    if (status != STATUS_OK)
        return status;
    reply->next_after = request->from_now ? head : request->after;
    if (request->from_now)
        return STATUS_OK;
    reply->events = arena_take(call->arena, (count + 1) * sizeof(*reply->events));
    if (!reply->events)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < count; i++) {
        Reporting__StatusEvent *event = read_event(call, events[i]);
        if (event && text_in_territory(event->organisation_path, call_scope(call)))
            reply->events[reply->n_events++] = event;
        reply->next_after = events[i]->number;
    }
    return keep_bound(call, reply);
}
