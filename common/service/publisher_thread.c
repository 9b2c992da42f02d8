// The sequencer: publishes the events that have their numbers, and numbers what was stored without (numbered.c says by
// whom). A heartbeat carries the head number so that consumers notice what they missed. Runs in every replica; the
// database lets one transaction number at a time.
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

enum {
    POLL_MS = 100,
    // Under load several commits are numbered together: one such transaction costs as much as five sendings.
    PAUSE_MS = 3,
    TRIES_MAX = 10, // while somebody else is numbering
    HEAD_EVERY_MS = 250,
    // What has its number is published within a moment: until then the head would make everybody ask for it.
    HEAD_LATER_MS = 20,
    FORGET_EVERY_MS = 60 * 1000,
    // Whoever repeats a command does so within minutes; a browser that slept over a holiday may do it late.
    REPLIES_KEPT_DAYS = 30,
};

struct publisher {
    struct runtime *runtime;
    struct bus_publisher *bus;
    struct db *db;
    struct arena arena;
    uint64_t head;      // published
    uint64_t seen_head; // of the rows
    bool has_seen_head; // it waits to be published
    bool has_waited;    // the outbox, at the last turn
    unsigned tries;
    int64_t poll_due_ms, number_due_ms, head_due_ms, forget_due_ms;
};

static void
publish(struct publisher *publisher, uint64_t first_number, const void *batch, size_t size)
{
    Bus__EventBatch frame = BUS__EVENT_BATCH__INIT;
    const char *stream = publisher->runtime->service->name;
    frame.stream = stream;
    frame.first_number = first_number;
    frame.head = publisher->head;
    uint8_t *message = arena_take(&publisher->arena, size + 128);
    if (!message)
        return; // the heartbeat's head tells consumers to fetch
    // The frame laid behind the stored batch completes it: the last of a field's values wins.
    if (size > 0)
        memcpy(message, batch, size);
    size_t total = size + bus__event_batch__pack(&frame, message + size);
    bus_publisher_send(publisher->bus, stream, message, total);
}

// In the order of their numbers.
static void
publish_numbered(struct publisher *publisher)
{
    struct numbered *numbered = take_numbered(publisher->runtime);
    bool some = numbered != NULL;
    while (numbered) {
        struct numbered *next = numbered->next;
        uint64_t last = numbered->first_number + numbered->event_count - 1;
        crash_point("publisher:before_publish");
        if (last > publisher->head)
            publisher->head = last;
        publish(publisher, numbered->first_number, numbered->batch, numbered->size);
        free(numbered);
        numbered = next;
    }
    if (some)
        crash_point("publisher:published");
    arena_reset(&publisher->arena);
}

// What was stored without numbers, because another transaction was numbering.
static void
number_the_rest(struct publisher *publisher, int64_t now_ms)
{
    struct runtime *runtime = publisher->runtime;
    bool waits = atomic_exchange(&runtime->outbox_waits, false);
    char now[25];
    time_format_utc(clock_now_ms(), now);
    struct db_rows rows = {0};
    enum status status = db_begin(publisher->db);
    if (status == STATUS_OK)
        status = runtime_number_outbox(publisher->db, now, &rows);
    if (status == STATUS_OK && rows.count > 0)
        crash_point("publisher:before_commit");
    if (status == STATUS_OK && rows.count > 0)
        status = db_commit(publisher->db);
    else
        db_rollback(publisher->db);
    if (status == STATUS_OK)
        hand_over_numbered(runtime, &rows, &publisher->arena, NULL);
    bool is_busy = waits && rows.count == 0 && ++publisher->tries < TRIES_MAX;
    if (!is_busy)
        publisher->tries = 0;
    if (status == STATUS_OK && (is_busy || rows.count == NUMBERED_AT_ONCE))
        atomic_store(&runtime->outbox_waits, true);
    publisher->number_due_ms = rows.count == NUMBERED_AT_ONCE ? now_ms : now_ms + PAUSE_MS;
    publisher->poll_due_ms = now_ms + POLL_MS;
    db_release_rows(publisher->db);
    arena_reset(&publisher->arena);
}

static void
look_at_head(struct publisher *publisher, int64_t now_ms)
{
    enum status status = runtime_stream_head(publisher->db, &publisher->seen_head);
    atomic_store(&publisher->runtime->has_database, status == STATUS_OK);
    publisher->has_seen_head = status == STATUS_OK;
    bool is_published = publisher->head >= publisher->seen_head;
    publisher->head_due_ms = now_ms + (status != STATUS_OK ? HEAD_EVERY_MS : is_published ? 0 : HEAD_LATER_MS);
    if (status == STATUS_OK)
        atomic_store(&publisher->runtime->presence.head, publisher->seen_head);
    db_release_rows(publisher->db);
}

static void
publish_head(struct publisher *publisher, int64_t now_ms)
{
    if (publisher->seen_head > publisher->head)
        publisher->head = publisher->seen_head;
    publisher->has_seen_head = false;
    publisher->head_due_ms = now_ms + HEAD_EVERY_MS;
    publish(publisher, 0, NULL, 0);
    arena_reset(&publisher->arena);
}

// Returns when to come again.
static int64_t
forget_old_replies(struct publisher *publisher)
{
    char before[25];
    time_format_utc(clock_now_ms() - REPLIES_KEPT_DAYS * INT64_C(86400000), before);
    bool again = false;
    enum status status = runtime_forget_replies(publisher->db, before, &again);
    return clock_monotonic_ms() + (status == STATUS_OK && again ? POLL_MS : FORGET_EVERY_MS);
}

// Returns for how long there is nothing to do.
static int
take_a_turn(struct publisher *publisher)
{
    const struct runtime *runtime = publisher->runtime;
    publish_numbered(publisher);
    int64_t now_ms = clock_monotonic_ms();
    // The next transaction with events may number them.
    bool waits = atomic_load(&runtime->outbox_waits);
    if (waits && !publisher->has_waited)
        publisher->number_due_ms = now_ms + PAUSE_MS;
    publisher->has_waited = waits;
    if (now_ms >= publisher->poll_due_ms || (waits && now_ms >= publisher->number_due_ms)) {
        number_the_rest(publisher, now_ms);
        publish_numbered(publisher);
    }
    if (now_ms >= publisher->head_due_ms && !publisher->has_seen_head)
        look_at_head(publisher, now_ms);
    if (now_ms >= publisher->head_due_ms && publisher->has_seen_head)
        publish_head(publisher, now_ms);
    if (now_ms >= publisher->forget_due_ms)
        publisher->forget_due_ms = forget_old_replies(publisher);
    int64_t due_ms = atomic_load(&runtime->outbox_waits) ? publisher->number_due_ms : publisher->poll_due_ms;
    if (publisher->head_due_ms < due_ms)
        due_ms = publisher->head_due_ms;
    now_ms = clock_monotonic_ms();
    return due_ms > now_ms ? (int)(due_ms - now_ms) : 0;
}

// What the workers committed last goes out, too.
static void
take_the_last_turn(struct publisher *publisher)
{
    do {
        int64_t now_ms = clock_monotonic_ms();
        number_the_rest(publisher, now_ms);
        publish_numbered(publisher);
        look_at_head(publisher, now_ms);
        if (publisher->has_seen_head)
            publish_head(publisher, now_ms);
    } while (atomic_load(&publisher->runtime->outbox_waits));
}

void *
publisher_thread_run(void *argument)
{
    struct runtime *runtime = argument;
    struct publisher publisher = {.runtime = runtime, .forget_due_ms = clock_monotonic_ms() + POLL_MS};
    arena_init(&publisher.arena, ARENA_LIMIT_BYTES);
    publisher.db = runtime_open_db(runtime, "sequencer", &(struct db_settings){0});
    publisher.bus = bus_publisher_new(&runtime->bus);
    if (!publisher.db || !publisher.bus) {
        log_write(LOG_ERROR, "sequencer could not start", NULL);
        atomic_store(&runtime->threads_failed, true);
    } else {
        db_set_scope(publisher.db, "*");
        while (!atomic_load(&runtime->stopping) || atomic_load(&runtime->workers_total) > 0)
            wake_wait(&runtime->publish, take_a_turn(&publisher));
        take_the_last_turn(&publisher);
    }
    bus_publisher_free(&publisher.bus);
    db_free(&publisher.db);
    arena_done(&publisher.arena);
    return NULL;
}
