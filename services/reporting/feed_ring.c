// Keeps the last status changes in memory; older ones are read from the rows.
#include "feed_ring.h"

#include <stdlib.h>
#include <string.h>

#include "events.pb-c.h"
#include "feed.pb-c.h"
#include "vekha/bus/message.h"

enum { BATCH_BYTES = 256 * 1024 };

static struct feed_event *
event_at(const struct feed_ring *ring, size_t index)
{
    return (struct feed_event *)&ring->events[(ring->oldest + index) % FEED_RING_EVENTS];
}

static void
drop_oldest(struct feed_ring *ring)
{
    struct feed_event *event = event_at(ring, 0);
    ring->first = event->number + 1;
    free(event->path);
    event->path = NULL;
    ring->oldest = (ring->oldest + 1) % FEED_RING_EVENTS;
    ring->count--;
}

void
feed_ring_reset(struct feed_ring *ring, uint64_t last)
{
    while (ring->count > 0)
        drop_oldest(ring);
    ring->first = last + 1;
    ring->last = last;
}

// protobuf-c has no const in messages of files without options; packing only reads.
static char *
lend(const char *text)
{
    return (char *)(uintptr_t)text;
}

const uint8_t *
feed_pack_event(const Bus__Event *event, uint64_t number, struct arena *arena, const char **ret_path, size_t *ret_size,
                bool *ret_failed)
{
    *ret_failed = false;
    if (strcmp(event->type, "StatusChanged") != 0)
        return NULL;
    ProtobufCAllocator allocator = message_allocator(arena);
    const Events__StatusChanged *changed =
        events__status_changed__unpack(&allocator, event->payload.len, event->payload.data);
    *ret_failed = changed == NULL;
    if (changed == NULL)
        return NULL;
    Vekha__Feed__StatusEvent out = VEKHA__FEED__STATUS_EVENT__INIT;
    out.number = number;
    out.assignment_id = lend(changed->assignment_id);
    out.organisation_id = lend(changed->organisation_id);
    out.organisation_path = lend(changed->organisation_path);
    out.round_id = lend(changed->round_id);
    out.item_id = lend(changed->item_id);
    out.state = lend(changed->state);
    out.at = lend(changed->at);
    Vekha__Feed__StatusEvent *events[] = {&out};
    Vekha__Feed__Batch batch = VEKHA__FEED__BATCH__INIT;
    batch.n_events = 1;
    batch.events = events;
    *ret_size = vekha__feed__batch__get_packed_size(&batch);
    uint8_t *packed = arena_take(arena, *ret_size);
    *ret_failed = packed == NULL;
    if (packed != NULL)
        vekha__feed__batch__pack(&batch, packed);
    *ret_path = changed->organisation_path;
    return packed;
}

bool
feed_ring_add(struct feed_ring *ring, const Bus__Event *event, struct arena *arena)
{
    const char *path = NULL;
    size_t size = 0;
    bool has_failed = false;
    const uint8_t *packed = feed_pack_event(event, ring->last + 1, arena, &path, &size, &has_failed);
    if (has_failed)
        return false;
    if (packed != NULL) {
        size_t path_size = strlen(path) + 1;
        char *kept = malloc(path_size + size);
        if (kept == NULL)
            return false;
        memcpy(kept, path, path_size);
        memcpy(kept + path_size, packed, size);
        if (ring->count == FEED_RING_EVENTS)
            drop_oldest(ring);
        *event_at(ring, ring->count++) = (struct feed_event){ring->last + 1, kept, size};
    }
    ring->last++;
    return true;
}

bool
feed_ring_covers(const struct feed_ring *ring, uint64_t after)
{
    return after >= ring->first - 1;
}

// The place of the first event after this number.
static size_t
find_after(const struct feed_ring *ring, uint64_t after)
{
    size_t low = 0, high = ring->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (event_at(ring, middle)->number > after)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

uint64_t
feed_ring_write(const struct feed_ring *ring, uint64_t after, const char *territory, size_t limit, struct buffer *out)
{
    size_t written = 0;
    for (size_t i = find_after(ring, after); i < ring->count; i++) {
        const struct feed_event *event = event_at(ring, i);
        if (!text_in_territory(event->path, territory))
            continue;
        if (written == limit || out->size + event->size > BATCH_BYTES)
            return event->number - 1;
        buffer_add(out, event->path + strlen(event->path) + 1, event->size);
        written++;
    }
    return ring->last > after ? ring->last : after;
}
