// BODY_EVENTS: server-sent events. What the bus brings goes straight to the streams that have everything before it, by
// the territory of each (event_ring.c); the others ask the method what came after their number. A client gets more when
// it has taken what it got, so nothing piles up.
#include <stdio.h>
#include <string.h>

#include "event_line.h"
#include "event_stream.h"
#include "exchange.h"
#include "field_value.h"
#include "json_write.h"
#include "peer.h"
#include "texts.h"
#include "vekha/base/time.h"

enum {
    STREAM_BYTES = 1024 * 1024,
    REPLY_BYTES = 4 * 1024 * 1024,
    COMMENT_MS = 10000,
    ASK_GAP_MS = 100, // between two questions of one stream: what happens meanwhile comes in one answer
    RETRY_MS = 1000,
    BLOCK_BYTES = 16 * 1024,
    LIBRARY_BYTES = 1024, // the library keeps as much a stream but writes chunks in the memory of the connection
};

static struct exchange *
exchange_of(struct event_stream *stream)
{
    return (struct exchange *)(void *)((char *)stream - offsetof(struct exchange, stream));
}

static void ask(struct exchange *exchange);
static void on_first_reply(struct exchange *exchange, enum status status, const uint8_t *body, size_t size);

static bool
is_reading(const struct event_stream *stream)
{
    return stream->out.size - stream->sent < BLOCK_BYTES;
}

static void
schedule(struct exchange *exchange)
{
    struct event_stream *stream = &exchange->stream;
    int64_t due_ms = stream->spoke_ms + COMMENT_MS;
    bool has_asked = exchange->bus_handle != 0 || stream->is_in_line;
    if (stream->is_dirty && is_reading(stream) && !has_asked && stream->asked_ms + ASK_GAP_MS < due_ms)
        due_ms = stream->asked_ms + ASK_GAP_MS;
    if (!timer_set(&exchange->gateway->timers, &exchange->timer, due_ms))
        stream->has_ended = true;
}

// From what is at hand, else by a question soon; after an answer, news, and whenever the client has read.
static void
serve(struct exchange *exchange)
{
    struct event_stream *stream = &exchange->stream;
    const struct hub_topic *topic = event_hub_topic(&exchange->gateway->hub, exchange->match.method->service);
    if (stream->has_ended || exchange->bus_handle != 0 || !is_reading(stream))
        return;
    // A curator's schools are no territory: whose events are theirs only the method knows.
    bool is_territory = exchange->caller.principal->role != VEKHA__ROLE__ROLE_CURATOR;
    if (is_territory && event_ring_covers(topic->ring, stream->after)) {
        size_t before = stream->out.size;
        stream->after = event_ring_write(topic->ring, stream->after, exchange->caller.principal->organisation_path,
                                         &stream->out, stream->sent + BLOCK_BYTES);
        stream->has_ended = stream->out.overflowed;
        stream->is_dirty = stream->after < topic->head;
        if (stream->out.size > before || stream->has_ended)
            exchange_wake(exchange);
    }
    // What is left is either kept for a slow client or not at hand.
    if (stream->is_dirty && is_reading(stream) && !stream->has_ended)
        schedule(exchange);
}

static void
on_timer(struct timer *timer)
{
    struct exchange *exchange = (struct exchange *)(void *)((char *)timer - offsetof(struct exchange, timer));
    struct event_stream *stream = &exchange->stream;
    int64_t now_ms = clock_monotonic_ms();
    if (exchange->caller.principal->expires_at_ms <= clock_now_ms())
        stream->has_ended = true;
    if (!stream->has_ended && stream->is_dirty && exchange->bus_handle == 0 && now_ms - stream->asked_ms >= ASK_GAP_MS)
        ask(exchange);
    // A comment finds a peer that has gone.
    if (now_ms - stream->spoke_ms >= COMMENT_MS) {
        stream->spoke_ms = now_ms;
        if (is_reading(stream))
            buffer_add_text(&stream->out, ": \n\n");
    }
    if (!stream->has_ended)
        schedule(exchange);
    exchange_wake(exchange);
}

void
event_stream_notify(struct event_stream *stream, const char *service)
{
    struct exchange *exchange = exchange_of(stream);
    if (strcmp(exchange->match.method->service, service) != 0 || stream->has_ended)
        return;
    stream->is_dirty = true;
    // Before the first answer the stream has not begun; that answer looks at is_dirty.
    if (stream->spoke_ms > 0)
        serve(exchange);
}

void
event_stream_end(struct event_stream *stream, const char *session_id)
{
    struct exchange *exchange = exchange_of(stream);
    if (session_id != NULL && strcmp(exchange->caller.principal->session_id, session_id) != 0)
        return;
    stream->has_ended = true;
    exchange_wake(exchange);
}

static size_t
write_events(struct event_stream *stream, const ProtobufCMessage *reply)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(reply->descriptor, "events");
    size_t count = field_count(reply, field);
    ProtobufCMessage *const *events = *(ProtobufCMessage *const *const *)field_of(reply, field);
    for (size_t i = 0; i < count; i++) {
        uint64_t number = *(const uint64_t *)message_field(events[i], "number");
        event_write(&stream->out, number, events[i]);
    }
    return count;
}

// Returns false when the stream cannot go on.
static bool
take_reply(struct exchange *exchange, const uint8_t *body, size_t size)
{
    struct event_stream *stream = &exchange->stream;
    struct arena arena;
    arena_init(&arena, REPLY_BYTES);
    const ProtobufCMessage *reply = reply_unpack(exchange, &arena, body, size);
    if (reply != NULL) {
        size_t count = write_events(stream, reply);
        uint64_t after = *(const uint64_t *)message_field(reply, "next_after");
        // Until an answer moves no further there may be more.
        stream->is_dirty = stream->is_dirty || count > 0 || after > stream->after;
        stream->after = after > stream->after ? after : stream->after;
    }
    arena_done(&arena);
    return reply != NULL && !stream->out.overflowed;
}

static void
on_later_reply(struct exchange *exchange, enum status status, const uint8_t *body, size_t size)
{
    struct event_stream *stream = &exchange->stream;
    bool is_final = status == STATUS_UNAUTHENTICATED || status == STATUS_FORBIDDEN;
    event_line_answered(&exchange->gateway->hub, stream);
    if (status == STATUS_OK ? !take_reply(exchange, body, size) : is_final)
        stream->has_ended = true;
    else if (status != STATUS_OK)
        stream->is_dirty = true;
    if (status != STATUS_OK)
        stream->asked_ms = clock_monotonic_ms() + RETRY_MS - ASK_GAP_MS;
    if (status == STATUS_OK)
        serve(exchange);
    if (!stream->has_ended)
        schedule(exchange);
}

static void
ask_now(struct exchange *exchange)
{
    struct event_stream *stream = &exchange->stream;
    uint8_t packed[1024];
    stream->is_waiting = false;
    stream->is_dirty = false;
    stream->asked_ms = clock_monotonic_ms();
    *(uint64_t *)(uintptr_t)message_field(exchange->request, "after") = stream->after;
    size_t size = protobuf_c_message_get_packed_size(exchange->request);
    if (size > sizeof packed) {
        stream->has_ended = true;
        exchange_wake(exchange);
        return;
    }
    protobuf_c_message_pack(exchange->request, packed);
    struct question question = {.body = packed, .size = size};
    exchange_ask(exchange, &question, stream->spoke_ms > 0 ? on_later_reply : on_first_reply);
}

// A client that does not read gets no more until it does.
static void
ask(struct exchange *exchange)
{
    if (is_reading(&exchange->stream) && event_line_enter(&exchange->gateway->hub, &exchange->stream))
        ask_now(exchange);
}

void
event_stream_take_turn(struct event_stream *stream)
{
    struct exchange *exchange = exchange_of(stream);
    bool has_begun = stream->spoke_ms > 0;
    // Meanwhile the bus may have brought what it wanted to ask for.
    if (has_begun)
        serve(exchange);
    if (!has_begun || (stream->is_dirty && is_reading(stream) && !stream->has_ended))
        ask_now(exchange);
    else
        event_line_answered(&exchange->gateway->hub, stream);
}

static ssize_t
read_stream(void *context, uint64_t position, char *out, size_t max)
{
    struct exchange *exchange = context;
    struct event_stream *stream = &exchange->stream;
    (void)position;
    size_t left = stream->out.size - stream->sent;
    if (left == 0 && stream->has_ended)
        return MHD_CONTENT_READER_END_OF_STREAM;
    if (left == 0) {
        exchange_suspend(exchange);
        return 0;
    }
    size_t size = left < max ? left : max;
    memcpy(out, stream->out.data + stream->sent, size);
    stream->sent += size;
    if (stream->sent == stream->out.size) {
        buffer_reset(&stream->out);
        stream->sent = 0;
        if (stream->is_dirty)
            serve(exchange);
    }
    return (ssize_t)size;
}

static void
enter_hub(struct exchange *exchange)
{
    struct event_hub *hub = &exchange->gateway->hub;
    struct event_stream *stream = &exchange->stream;
    stream->following = hub->first;
    stream->previous = NULL;
    if (hub->first != NULL)
        hub->first->previous = stream;
    hub->first = stream;
    hub->count++;
    stream->is_open = true;
    atomic_store(&exchange->gateway->metrics->streams, (int)hub->count);
}

static void
gone(struct exchange *exchange)
{
    struct event_hub *hub = &exchange->gateway->hub;
    struct event_stream *stream = &exchange->stream;
    if (!stream->is_open)
        return;
    if (stream->previous != NULL)
        stream->previous->following = stream->following;
    else
        hub->first = stream->following;
    if (stream->following != NULL)
        stream->following->previous = stream->previous;
    hub->count--;
    event_line_leave(hub, stream);
    stream->is_open = stream->is_waiting = false;
    atomic_store(&exchange->gateway->metrics->streams, (int)hub->count);
}

// "From now on" is a place once it has been answered.
static void
forget_from_now(struct exchange *exchange)
{
    protobuf_c_boolean *from_now = (protobuf_c_boolean *)(uintptr_t)message_field(exchange->request, "from_now");
    if (from_now != NULL)
        *from_now = false;
}

static void
hung_up(struct exchange *exchange)
{
    exchange->stream.has_ended = true;
    exchange_cut(exchange);
}

static void
refuse_busy(struct exchange *exchange)
{
    gone(exchange);
    answer_failure(exchange, STATUS_BUSY, NULL, 0);
}

static void on_begin_timer(struct timer *timer);

// For a turn to ask, or for room in the service's queue; not for ever.
static void
wait_to_begin(struct exchange *exchange, int64_t due_ms)
{
    exchange->stream.is_waiting = true;
    exchange->timer.fire = on_begin_timer;
    if (!timer_set(&exchange->gateway->timers, &exchange->timer, due_ms))
        refuse_busy(exchange);
}

static void
ask_first(struct exchange *exchange)
{
    ask(exchange);
    if (exchange->stream.is_in_line)
        wait_to_begin(exchange, exchange->stream.begin_by_ms);
}

static void
on_begin_timer(struct timer *timer)
{
    struct exchange *exchange = (struct exchange *)(void *)((char *)timer - offsetof(struct exchange, timer));
    if (!exchange->stream.is_waiting)
        return;
    if (clock_monotonic_ms() >= exchange->stream.begin_by_ms)
        refuse_busy(exchange);
    else
        ask_first(exchange);
    if (exchange->bus_handle == 0)
        exchange_wake(exchange);
}

// The first answer decides between a stream and a problem.
static void
on_first_reply(struct exchange *exchange, enum status status, const uint8_t *body, size_t size)
{
    struct event_stream *stream = &exchange->stream;
    int64_t again_ms = clock_monotonic_ms() + ASK_GAP_MS;
    event_line_answered(&exchange->gateway->hub, stream);
    if (status == STATUS_BUSY && again_ms < stream->begin_by_ms) {
        wait_to_begin(exchange, again_ms);
        return;
    }
    if (status != STATUS_OK) {
        gone(exchange);
        answer_failure(exchange, status, body, size);
        return;
    }
    buffer_add_format(&stream->out, "retry: %d\n\n", RETRY_MS);
    if (!take_reply(exchange, body, size)) {
        gone(exchange);
        answer_problem(exchange, 500, &TEXT_INTERNAL);
        return;
    }
    forget_from_now(exchange);
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, LIBRARY_BYTES, read_stream, exchange, NULL);
    answer_response(exchange, 200, response);
    answer_header(exchange, "Content-Type", "text/event-stream");
    answer_header(exchange, "Cache-Control", "no-store");
    answer_header(exchange, "X-Accel-Buffering", "no");
    answer_header(exchange, "Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'");
    stream->spoke_ms = clock_monotonic_ms();
    exchange->timer.fire = on_timer;
    serve(exchange);
    schedule(exchange);
}

static size_t
count_streams_of(const struct event_hub *hub, const char *account_id)
{
    size_t count = 0;
    for (struct event_stream *stream = hub->first; stream != NULL; stream = stream->following)
        count += !stream->has_ended && strcmp(exchange_of(stream)->caller.principal->account_id, account_id) == 0;
    return count;
}

static void
begin(struct exchange *exchange)
{
    buffer_init(&exchange->stream.out, STREAM_BYTES);
}

static size_t
take(struct exchange *exchange, const char *data, size_t size)
{
    (void)exchange;
    (void)data;
    return size;
}

static void
finish(struct exchange *exchange)
{
    const struct event_hub *hub = &exchange->gateway->hub;
    // Who closes one and opens another at once may.
    peers_take_hang_ups(exchange->gateway);
    if (hub->count >= HUB_MAX_STREAMS ||
        count_streams_of(hub, exchange->caller.principal->account_id) >= HUB_MAX_STREAMS_PER_ACCOUNT) {
        answer_problem(exchange, 429, &TEXT_TOO_MANY_STREAMS);
        return;
    }
    if (!request_message_make(exchange))
        return;
    struct event_stream *stream = &exchange->stream;
    stream->after = *(const uint64_t *)message_field(exchange->request, "after");
    const char *last = head_value(&exchange->head, "Last-Event-ID");
    if (last != NULL && last[0] != '\0' && !number_parse(last, &stream->after)) {
        answer_problem(exchange, 400, &TEXT_CHECK_QUERY);
        return;
    }
    if (last != NULL && last[0] != '\0')
        forget_from_now(exchange);
    enter_hub(exchange);
    stream->begin_by_ms = clock_monotonic_ms() + exchange->match.method->timeout_ms;
    ask_first(exchange);
}

const struct carrier events_carrier = {
    .begin = begin, .take = take, .finish = finish, .gone = gone, .hung_up = hung_up};
