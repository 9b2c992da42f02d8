// The service's own stream as this process hears it: over the bus, and out of the rows what the bus has not brought.
#include <string.h>

#include "feed_private.h"
#include "vekha/base/log.h"
#include "vekha/base/time.h"
#include "vekha/bus/message.h"

enum {
    PAGES_A_TURN = 8,
    ROWS_A_PAGE = 1000,
    SILENCE_MS = 1000, // publishers tell the head four times as often
};

// False: it was not taken, so nothing after it may be.
static bool
take_event(struct feed *feed, const Bus__Event *event, struct arena *arena)
{
    if (!feed_ring_add(&feed->ring, event, arena))
        return false;
    // What follows in the stream is told by the keys as they are then.
    if (strcmp(event->type, "FeedKeyChanged") == 0)
        feed->keys_have_changed = true;
    feed->has_news = true;
    return true;
}

static void
take_batch(struct feed *feed, const Bus__EventBatch *batch, struct arena *arena)
{
    for (size_t i = 0; i < batch->n_events; i++) {
        uint64_t number = batch->first_number + i;
        if (number == feed->ring.last + 1 && !take_event(feed, batch->events[i], arena))
            break;
    }
    uint64_t newest = batch->n_events > 0 ? batch->first_number + batch->n_events - 1 : 0;
    if (batch->head > newest)
        newest = batch->head;
    feed->is_behind = feed->is_behind || newest > feed->ring.last;
}

void
feed_hear(struct feed *feed, struct call *call)
{
    const char *topic;
    const uint8_t *data;
    size_t size;
    ProtobufCAllocator allocator = message_allocator(call->arena);
    while ((size = bus_subscriber_receive(feed->subscriber, 0, &topic, &data)) > 0) {
        const Bus__EventBatch *batch = bus__event_batch__unpack(&allocator, size, data);
        feed->heard_ms = clock_monotonic_ms();
        if (batch == NULL)
            feed->is_behind = true;
        else if (feed->is_ring_filled)
            take_batch(feed, batch, call->arena);
    }
    if (clock_monotonic_ms() - feed->heard_ms >= SILENCE_MS) {
        feed->heard_ms = clock_monotonic_ms();
        feed->is_behind = true;
    }
}

static enum status
read_page(struct feed *feed, struct call *call, uint64_t *ret_head)
{
    Bus__Event **events;
    size_t count;
    enum status status = stream_read(call, feed->ring.last, ROWS_A_PAGE, &events, &count, ret_head);
    for (size_t i = 0; status == STATUS_OK && i < count; i++)
        if (events[i]->number == feed->ring.last + 1 && !take_event(feed, events[i], call->arena))
            status = STATUS_BUSY;
    return status;
}

// The last events before this process, so that whoever comes back after a restart finds them here.
static enum status
begin(struct feed *feed, struct call *call)
{
    Bus__Event **events;
    size_t count;
    uint64_t head = 0;
    enum status status = stream_read(call, INT64_MAX - 1, 1, &events, &count, &head);
    if (status != STATUS_OK)
        return status;
    uint64_t kept = (uint64_t)config_number(call->config, "feed_begin_events");
    if (kept > FEED_RING_EVENTS)
        kept = FEED_RING_EVENTS;
    feed_ring_reset(&feed->ring, head > kept ? head - kept : 0);
    feed->is_behind = true;
    feed->is_ring_filled = true;
    return STATUS_OK;
}

void
feed_catch_up(struct feed *feed, struct call *call)
{
    feed->pages_left = PAGES_A_TURN;
    enum status status = feed->is_ring_filled ? STATUS_OK : begin(feed, call);
    uint64_t head = 0;
    while (status == STATUS_OK && feed->is_behind && feed->pages_left > 0) {
        feed->pages_left--;
        uint64_t before = feed->ring.last;
        status = read_page(feed, call, &head);
        feed->is_behind = status == STATUS_OK && feed->ring.last < head && feed->ring.last > before;
    }
    if (status == STATUS_OK && (feed->keys_have_changed || !feed->keys.is_loaded)) {
        status = feed_keys_load(&feed->keys, call);
        feed->keys_have_changed = status != STATUS_OK;
        if (status == STATUS_OK)
            feed_dismiss(feed);
    }
    // The bus or the next look tells again of what is missing.
    if (status != STATUS_OK)
        log_write(LOG_WARNING, "the feed cannot read its events", "status", status_code(status), NULL);
}
