// Other services' events: each is applied once, in order, in the transaction that moves the stream's position. Under
// load many share a transaction. A gap, a heartbeat ahead of us or a start makes us read the missing rows from the
// stream's owner.
#include <stdio.h>
#include <string.h>

#include "runtime.h"

enum { STREAMS_MAX = BUS_STREAMS_MAX, APPLY_MAX = 256, RECEIVE_MS = 200, BACKOFF_MAX_MS = 5000 };

struct stream_state {
    const char *name;
    uint64_t position; // last applied
    bool is_known;     // position was read
    bool caught_up;
    // Heard but not yet applied: the events position + 1, + 2, …
    Bus__Event *heard[APPLY_MAX];
    size_t heard_count;
    struct arena heard_arena;
    int64_t due_ms; // no transaction before that: under load events gather
    size_t number;  // among the process's streams
};

struct inbox {
    struct runtime *runtime;
    struct bus_subscriber *subscriber;
    struct bus_client *client;
    struct db *db;
    struct arena arena;       // of a fetched page
    struct arena apply_arena; // of a transaction
    struct stream_state streams[STREAMS_MAX];
    size_t stream_count;
    bool all_caught_up;
    int backoff_ms;
    int64_t retry_at_ms;
};

static const struct event_handler *
find_handler(const struct inbox *inbox, const char *stream, const char *type)
{
    for (const struct event_handler *const *handler = inbox->runtime->service->event_handlers; handler && *handler;
         handler++)
        if (strcmp((*handler)->stream, stream) == 0 && strcmp((*handler)->type->short_name, type) == 0)
            return *handler;
    return NULL;
}

static enum status
apply_one(struct inbox *inbox, const struct stream_state *stream, Bus__Event *event, struct call *call)
{
    const struct event_handler *handler = find_handler(inbox, stream->name, event->type);
    if (!handler)
        return STATUS_OK;
    enum status status = notes_expect(call, handler->settle);
    if (status != STATUS_OK)
        return status;
    ProtobufCAllocator allocator = message_allocator(&inbox->apply_arena);
    ProtobufCMessage *message =
        protobuf_c_message_unpack(handler->type, &allocator, event->payload.len, event->payload.data);
    if (!message)
        return STATUS_INTERNAL;
    call->event = event;
    return handler->handle(call, message);
}

// For the brokers, and through them for whoever wants to know how far behind this service is.
static void
tell_position(struct inbox *inbox, const struct stream_state *stream)
{
    struct bus_presence *presence = &inbox->runtime->presence;
    atomic_store_explicit(&presence->positions[stream->number].applied, stream->position, memory_order_relaxed);
    atomic_store_explicit(&presence->positions[stream->number].stream, stream->name, memory_order_release);
}

// One transaction: lock the position, apply what is still new, store what handlers emitted, move the position.
static enum status
apply_locked(struct inbox *inbox, struct stream_state *stream, uint64_t first, Bus__Event **events, size_t count,
             struct stored_batch *ret_emitted)
{
    uint64_t position;
    enum status status = runtime_lock_position(inbox->db, stream->name, &position);
    if (status != STATUS_OK)
        return status;
    // Another replica may have been faster.
    stream->position = position;
    if (first > position + 1)
        return STATUS_OK;
    char now[25];
    int64_t now_ms = clock_now_ms();
    time_format_utc(now_ms, now);
    struct call call;
    call_prepare(&call, inbox->db, &inbox->apply_arena, inbox->runtime, now, now_ms);
    if (!notes_open(&call))
        return STATUS_BUSY;
    uint64_t last = position;
    crash_point("inbox:before_effect");
    for (size_t i = 0; i < count && status == STATUS_OK; i++) {
        uint64_t number = first + i;
        if (number <= position)
            continue;
        events[i]->number = number;
        status = apply_one(inbox, stream, events[i], &call);
        last = number;
    }
    if (status == STATUS_OK)
        status = notes_settle(&call);
    // A handler that went on without something it asked for has written less than it should.
    if (status == STATUS_OK && inbox->apply_arena.refusals > 0)
        status = STATUS_BUSY;
    struct call *calls[] = {&call};
    crash_point("inbox:before_position");
    if (status == STATUS_OK)
        status =
            runtime_store_events(inbox->db, &inbox->apply_arena, inbox->runtime->service->name, calls, 1, ret_emitted);
    if (status == STATUS_OK && last > position)
        status = runtime_move_position(inbox->db, stream->name, last);
    if (status == STATUS_OK)
        stream->position = last;
    return status;
}

static enum status
apply_slice(struct inbox *inbox, struct stream_state *stream, uint64_t first, Bus__Event **events, size_t count)
{
    struct stored_batch emitted = {0};
    uint64_t before = stream->position;
    db_set_scope(inbox->db, "*");
    enum status status = db_begin(inbox->db);
    if (status == STATUS_OK)
        status = apply_locked(inbox, stream, first, events, count, &emitted);
    crash_point("inbox:before_commit");
    if (status != STATUS_OK)
        db_rollback(inbox->db);
    else
        status = commit_events(inbox->runtime, inbox->db, &inbox->apply_arena, &emitted);
    if (status != STATUS_OK) {
        log_write(LOG_ERROR, "events not applied", "stream", stream->name, "status", status_code(status), "database",
                  db_last_error(inbox->db), NULL);
        atomic_fetch_add(&inbox->runtime->inbox_failures, 1);
        stream->position = before;
        stream->is_known = false;
    } else {
        crash_point("inbox:committed");
        atomic_fetch_add(&inbox->runtime->events_applied, stream->position - before);
        tell_position(inbox, stream);
    }
    db_release_rows(inbox->db);
    arena_reset(&inbox->apply_arena);
    return status;
}

static enum status
apply_batch(struct inbox *inbox, struct stream_state *stream, Bus__EventBatch *batch)
{
    enum status status = STATUS_OK;
    for (size_t from = 0; from < batch->n_events && status == STATUS_OK; from += APPLY_MAX) {
        size_t count = batch->n_events - from < APPLY_MAX ? batch->n_events - from : APPLY_MAX;
        uint64_t first = batch->first_number + from;
        if (first + count <= stream->position + 1)
            continue;
        status = apply_slice(inbox, stream, first, batch->events + from, count);
    }
    return status;
}

// One page from the owner. *ret_more: the owner has events beyond it.
static enum status
fetch_page(struct inbox *inbox, struct stream_state *stream, bool *ret_more)
{
    const struct contract_method *fetch = stream_contract(stream->name);
    if (!fetch)
        return STATUS_UNIMPLEMENTED;
    Bus__FetchEventsRequest request = BUS__FETCH_EVENTS_REQUEST__INIT;
    request.after = stream->position;
    uint8_t packed[32];
    struct bus_call call = {.lane = fetch->lane,
                            .method = fetch->name,
                            .body = packed,
                            .body_size = bus__fetch_events_request__pack(&request, packed),
                            .budget_ms = 3000};
    const uint8_t *body;
    size_t size;
    enum status status = bus_client_ask(inbox->client, &call, &inbox->arena, &body, &size);
    if (status != STATUS_OK)
        return status;
    ProtobufCAllocator allocator = message_allocator(&inbox->arena);
    Bus__EventBatch *batch = bus__event_batch__unpack(&allocator, size, body);
    if (!batch)
        return STATUS_INTERNAL;
    status = apply_batch(inbox, stream, batch);
    *ret_more = stream->position < batch->head && batch->n_events > 0;
    return status;
}

static void
catch_up(struct inbox *inbox, struct stream_state *stream)
{
    if (clock_monotonic_ms() < inbox->retry_at_ms)
        return;
    enum status status = STATUS_OK;
    if (!stream->is_known) {
        status = runtime_read_position(inbox->db, stream->name, &stream->position);
        stream->is_known = status == STATUS_OK;
        if (stream->is_known)
            tell_position(inbox, stream);
    }
    bool more = true;
    while (status == STATUS_OK && more && !atomic_load(&inbox->runtime->stopping)) {
        status = fetch_page(inbox, stream, &more);
        arena_reset(&inbox->arena);
    }
    stream->caught_up = status == STATUS_OK && !more;
    // A failing event blocks its stream rather than being lost; it is tried again, ever more slowly.
    if (status == STATUS_OK) {
        inbox->backoff_ms = 0;
    } else {
        inbox->backoff_ms = inbox->backoff_ms ? inbox->backoff_ms * 2 : 50;
        if (inbox->backoff_ms > BACKOFF_MAX_MS)
            inbox->backoff_ms = BACKOFF_MAX_MS;
        inbox->retry_at_ms = clock_monotonic_ms() + inbox->backoff_ms;
    }
}

static void
apply_heard(struct inbox *inbox, struct stream_state *stream)
{
    size_t count = stream->heard_count;
    if (count == 0)
        return;
    stream->heard_count = 0;
    stream->due_ms = clock_monotonic_ms() + inbox->runtime->service->events_gather_ms;
    if (apply_slice(inbox, stream, stream->position + 1, stream->heard, count) != STATUS_OK)
        stream->caught_up = false;
}

static uint64_t
last_heard(const struct stream_state *stream)
{
    return stream->position + stream->heard_count;
}

// What comes next is kept to be applied; what leaves a gap must be fetched.
static void
hear(struct inbox *inbox, struct stream_state *stream, const Bus__EventBatch *batch)
{
    if (batch->n_events > 0 && batch->first_number > last_heard(stream) + 1) {
        stream->caught_up = false;
        return;
    }
    for (size_t i = 0; i < batch->n_events && stream->is_known; i++) {
        if (batch->first_number + i != last_heard(stream) + 1)
            continue;
        stream->heard[stream->heard_count++] = batch->events[i];
        if (stream->heard_count == APPLY_MAX)
            apply_heard(inbox, stream);
    }
    if (batch->head > last_heard(stream))
        stream->caught_up = false;
}

static void
on_message(struct inbox *inbox, struct stream_state *stream, const uint8_t *data, size_t size)
{
    if (!stream->is_known)
        return;
    ProtobufCAllocator allocator = message_allocator(&stream->heard_arena);
    Bus__EventBatch *batch = bus__event_batch__unpack(&allocator, size, data);
    if (batch)
        hear(inbox, stream, batch);
    else
        stream->caught_up = false;
    if (stream->heard_count == 0)
        arena_reset(&stream->heard_arena);
}

// Applies what is due when nothing more waits at the door; what is not due yet is left. Returns for how long.
static int
apply_due(struct inbox *inbox, int wait_ms)
{
    int64_t now_ms = clock_monotonic_ms();
    for (size_t i = 0; i < inbox->stream_count; i++) {
        struct stream_state *stream = &inbox->streams[i];
        if (stream->heard_count == 0)
            continue;
        if (stream->due_ms <= now_ms) {
            apply_heard(inbox, stream);
            arena_reset(&stream->heard_arena);
        } else if (stream->due_ms - now_ms < wait_ms) {
            wait_ms = (int)(stream->due_ms - now_ms);
        }
    }
    return wait_ms;
}

static void
catch_up_all(struct inbox *inbox)
{
    bool all = true;
    for (size_t i = 0; i < inbox->stream_count; i++) {
        struct stream_state *stream = &inbox->streams[i];
        if (!stream->caught_up) {
            // First what was heard: the gap is behind it.
            apply_heard(inbox, stream);
            arena_reset(&stream->heard_arena);
            catch_up(inbox, stream);
        }
        all = all && stream->caught_up;
    }
    inbox->all_caught_up = all;
    if (all)
        atomic_store(&inbox->runtime->inbox_caught_up, true);
}

static void
listen(struct inbox *inbox)
{
    while (!atomic_load(&inbox->runtime->stopping)) {
        catch_up_all(inbox);
        const char *topic;
        const uint8_t *data;
        size_t size = bus_subscriber_receive(inbox->subscriber, 0, &topic, &data);
        if (size == 0) {
            int wait_ms = apply_due(inbox, inbox->all_caught_up ? RECEIVE_MS : 20);
            size = bus_subscriber_receive(inbox->subscriber, wait_ms, &topic, &data);
        }
        for (size_t i = 0; size > 0 && i < inbox->stream_count; i++)
            if (strcmp(inbox->streams[i].name, topic) == 0)
                on_message(inbox, &inbox->streams[i], data, size);
    }
}

static void
collect_streams(struct inbox *inbox)
{
    for (const struct event_handler *const *handler = inbox->runtime->service->event_handlers; *handler; handler++) {
        bool known = false;
        for (size_t i = 0; i < inbox->stream_count; i++)
            known = known || strcmp(inbox->streams[i].name, (*handler)->stream) == 0;
        if (known || inbox->stream_count == STREAMS_MAX)
            continue;
        struct stream_state *stream = &inbox->streams[inbox->stream_count++];
        stream->name = (*handler)->stream;
        stream->number = inbox->stream_count - 1;
        arena_init(&stream->heard_arena, ARENA_LIMIT_BYTES);
    }
}

void *
inbox_thread_run(void *argument)
{
    struct runtime *runtime = argument;
    struct inbox inbox = {.runtime = runtime};
    arena_init(&inbox.arena, ARENA_LIMIT_BYTES);
    arena_init(&inbox.apply_arena, ARENA_LIMIT_BYTES);
    collect_streams(&inbox);
    const char *topics[STREAMS_MAX];
    for (size_t i = 0; i < inbox.stream_count; i++)
        topics[i] = inbox.streams[i].name;
    inbox.subscriber = bus_subscriber_new(&runtime->bus, topics, inbox.stream_count);
    inbox.client = bus_client_new(&runtime->bus, 4);
    inbox.db = runtime_open_db(runtime, "inbox", &(struct db_settings){0});
    if (inbox.subscriber && inbox.client && inbox.db) {
        listen(&inbox);
    } else {
        log_write(LOG_ERROR, "inbox could not start", NULL);
        atomic_store(&runtime->threads_failed, true);
    }
    bus_subscriber_free(&inbox.subscriber);
    bus_client_free(&inbox.client);
    db_free(&inbox.db);
    for (size_t i = 0; i < inbox.stream_count; i++)
        arena_done(&inbox.streams[i].heard_arena);
    arena_done(&inbox.arena);
    arena_done(&inbox.apply_arena);
    return NULL;
}
