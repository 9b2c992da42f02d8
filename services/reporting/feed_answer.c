// Answers to subscribers: out of memory what is new, out of the rows what is old, and nothing of a foreign territory.
#include <string.h>

#include "feed.pb-c.h"
#include "feed_private.h"
#include "vekha/base/time.h"
#include "vekha/bus/header.h"
#include "vekha/bus/message.h"

enum {
    WAIT_MAX_MS = 10000,
    ASKS_A_TURN = 512,
    ASK_BYTES = 256,
    WAITING_PER_KEY = 4000,
    EXPIRY_LOOK_MS = 200,
};

static const struct feed_key *
key_of(const struct feed *feed, const struct feed_ask *ask)
{
    return feed_keys_find(&feed->keys, ask->public_key);
}

// BUSY: the peer has not read what it was sent before.
static enum status
send_to(struct feed *feed, const void *peer, size_t peer_size, const Vekha__Feed__Batch *end)
{
    uint8_t tail[64];
    enum status status = STATUS_LOST;
    if (vekha__feed__batch__get_packed_size(end) > sizeof tail)
        return status;
    buffer_add(&feed->out, tail, vekha__feed__batch__pack(end, tail));
    zmq_msg_t frames[2];
    if (!feed->out.overflowed && zmq_msg_init_size(&frames[0], peer_size) == 0) {
        memcpy(zmq_msg_data(&frames[0]), peer, peer_size);
        if (zmq_msg_init_size(&frames[1], feed->out.size) == 0) {
            memcpy(zmq_msg_data(&frames[1]), feed->out.data, feed->out.size);
            status = bus_send_frames(feed->door, frames, 2);
        } else {
            zmq_msg_close(&frames[0]);
        }
    }
    buffer_reset(&feed->out);
    return status;
}

static void
refuse(struct feed *feed, const zmq_msg_t *peer, Vekha__Feed__Refusal refusal)
{
    Vekha__Feed__Batch end = VEKHA__FEED__BATCH__INIT;
    end.refusal = refusal;
    // Whoever asks without reading is not told why it gets nothing.
    enum status lossy = send_to(feed, zmq_msg_data((zmq_msg_t *)(uintptr_t)peer), zmq_msg_size(peer), &end);
    (void)lossy;
}

static void
forget(struct feed *feed, const struct feed_ask *ask)
{
    struct feed_key *key = feed_keys_find(&feed->keys, ask->public_key);
    if (key != NULL)
        key->waiting--;
    feed_asks_remove(&feed->asks, ask);
}

// With what is in feed->out. Who has no room for it is tried again; who is gone is forgotten.
static void
answer(struct feed *feed, struct feed_ask *ask, uint64_t after)
{
    Vekha__Feed__Batch end = VEKHA__FEED__BATCH__INIT;
    end.after = after;
    end.head = feed->ring.last;
    if (send_to(feed, ask->peer, ask->peer_size, &end) == STATUS_BUSY)
        ask->due_ms = clock_monotonic_ms() + EXPIRY_LOOK_MS;
    else
        forget(feed, ask);
}

// True: there was something, or it is over.
static bool
answer_from_ring(struct feed *feed, struct feed_ask *ask)
{
    uint64_t after = feed_ring_write(&feed->ring, ask->after, ask->territory, ask->limit, &feed->out);
    if (feed->out.size == 0)
        return false;
    answer(feed, ask, after);
    return true;
}

// A page of what is no longer in memory, be it empty: the next question goes on behind it.
static void
answer_from_rows(struct feed *feed, struct call *call, struct feed_ask *ask)
{
    Bus__Event **events;
    size_t count;
    uint64_t head, after = ask->after;
    feed->pages_left--;
    if (stream_read(call, ask->after, ask->limit, &events, &count, &head) != STATUS_OK)
        return; // it waits, and is told at last that nothing was read
    for (size_t i = 0; i < count; i++) {
        const char *path = "";
        size_t size = 0;
        bool has_failed = false;
        const uint8_t *packed = feed_pack_event(events[i], events[i]->number, call->arena, &path, &size, &has_failed);
        if (has_failed)
            break;
        if (packed != NULL && text_in_territory(path, ask->territory)) {
            if (feed->out.size + size > FEED_BATCH_LIMIT_BYTES - ASK_BYTES)
                break;
            buffer_add(&feed->out, packed, size);
        }
        after = events[i]->number;
    }
    answer(feed, ask, after);
}

static void
take_ask(struct feed *feed, struct call *call, const zmq_msg_t *peer, struct feed_key *key, const Vekha__Feed__Ask *ask)
{
    const char *territory = ask->territory[0] != '\0' ? ask->territory : key->territory;
    // Longer than any territory there is.
    if (strlen(territory) > FEED_TERRITORY_CHARS || !text_in_territory(territory, key->territory)) {
        refuse(feed, peer, VEKHA__FEED__REFUSAL__REFUSAL_TERRITORY);
        return;
    }
    bool is_new = false;
    struct feed_ask *kept =
        key->waiting < WAITING_PER_KEY
            ? feed_asks_put(&feed->asks, zmq_msg_data((zmq_msg_t *)(uintptr_t)peer), zmq_msg_size(peer), &is_new)
            : NULL;
    if (kept == NULL) {
        refuse(feed, peer, VEKHA__FEED__REFUSAL__REFUSAL_BUSY);
        return;
    }
    // A peer may come again with another key.
    struct feed_key *before = is_new ? NULL : feed_keys_find(&feed->keys, kept->public_key);
    if (before != NULL)
        before->waiting--;
    key->waiting++;
    memcpy(kept->public_key, key->public_key, sizeof kept->public_key);
    memcpy(kept->territory, territory, strlen(territory) + 1);
    kept->after = ask->from_now ? feed->ring.last : ask->after;
    kept->limit = ask->limit == 0 || ask->limit > FEED_EVENTS_MAX ? FEED_EVENTS_MAX : ask->limit;
    uint32_t wait_ms = ask->wait_ms == 0 || ask->wait_ms > WAIT_MAX_MS ? WAIT_MAX_MS : ask->wait_ms;
    kept->due_ms = clock_monotonic_ms() + wait_ms;
    if (ask->from_now)
        answer(feed, kept, kept->after);
    else if (feed_ring_covers(&feed->ring, kept->after))
        (void)answer_from_ring(feed, kept);
    else
        answer_from_rows(feed, call, kept);
}

static void
take_message(struct feed *feed, struct call *call, zmq_msg_t *frames)
{
    // Frame 0 has no metadata in libzmq 4.3.4.
    struct feed_key *key = feed_keys_find(&feed->keys, zmq_msg_gets(&frames[1], "User-Id"));
    size_t size = zmq_msg_size(&frames[1]);
    ProtobufCAllocator allocator = message_allocator(call->arena);
    const Vekha__Feed__Ask *ask =
        size <= ASK_BYTES ? vekha__feed__ask__unpack(&allocator, size, zmq_msg_data(&frames[1])) : NULL;
    if (key == NULL)
        refuse(feed, &frames[0], VEKHA__FEED__REFUSAL__REFUSAL_REVOKED);
    else if (ask == NULL)
        refuse(feed, &frames[0], VEKHA__FEED__REFUSAL__REFUSAL_MALFORMED);
    else
        take_ask(feed, call, &frames[0], key, ask);
    if (key != NULL)
        feed_keys_see(key);
}

void
feed_take_asks(struct feed *feed, struct call *call)
{
    for (int i = 0; i < ASKS_A_TURN && feed->pages_left > 0; i++) {
        zmq_msg_t frames[2];
        enum status status = bus_receive_frames(feed->door, frames, 2);
        if (status == STATUS_MALFORMED)
            continue;
        if (status != STATUS_OK)
            return;
        take_message(feed, call, frames);
        zmq_msg_close(&frames[0]);
        zmq_msg_close(&frames[1]);
    }
}

void
feed_tell(struct feed *feed)
{
    int64_t started_ms = clock_monotonic_ms();
    if (!feed->has_news || started_ms < feed->next_telling_ms)
        return;
    for (uint32_t place = 1; place < feed->asks.used_end; place++) {
        struct feed_ask *ask = &feed->asks.places[place];
        if (ask->peer_size > 0 && feed_ring_covers(&feed->ring, ask->after))
            (void)answer_from_ring(feed, ask);
    }
    feed->has_news = false;
    // Half of the time is left for questions, however many wait and however much happens.
    int64_t ended_ms = clock_monotonic_ms();
    feed->next_telling_ms = ended_ms + (ended_ms - started_ms);
}

void
feed_expire(struct feed *feed)
{
    int64_t now_ms = clock_monotonic_ms();
    if (now_ms < feed->next_expiry_ms)
        return;
    feed->next_expiry_ms = now_ms + EXPIRY_LOOK_MS;
    for (uint32_t place = 1; place < feed->asks.used_end; place++) {
        struct feed_ask *ask = &feed->asks.places[place];
        if (ask->peer_size == 0 || ask->due_ms > now_ms)
            continue;
        if (!feed_ring_covers(&feed->ring, ask->after))
            answer(feed, ask, ask->after);
        else if (!answer_from_ring(feed, ask))
            answer(feed, ask, ask->after > feed->ring.last ? ask->after : feed->ring.last);
    }
}

void
feed_dismiss(struct feed *feed)
{
    for (uint32_t place = 1; place < feed->asks.used_end; place++) {
        const struct feed_ask *ask = &feed->asks.places[place];
        if (ask->peer_size == 0 || key_of(feed, ask) != NULL)
            continue;
        Vekha__Feed__Batch end = VEKHA__FEED__BATCH__INIT;
        end.refusal = VEKHA__FEED__REFUSAL__REFUSAL_REVOKED;
        enum status lossy = send_to(feed, ask->peer, ask->peer_size, &end);
        (void)lossy;
        feed_asks_remove(&feed->asks, ask);
    }
}
