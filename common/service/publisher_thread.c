// The sequencer: gives committed outbox rows gapless numbers and publishes them; a heartbeat carries the head number
// so that consumers notice what they missed. Runs in every replica; the database lets one number at a time.
#include <string.h>
#include <time.h>

#include "runtime.h"

enum {
    POLL_MS = 100,
    // Under load several commits are numbered together: one such transaction costs as much as five sendings.
    PAUSE_MS = 3,
    HEAD_EVERY_MS = 250,
    FORGET_EVERY_MS = 60 * 1000,
    // Whoever repeats a command does so within minutes; a browser that slept over a holiday may do it late.
    REPLIES_KEPT_DAYS = 30,
};

struct publisher {
    struct runtime *runtime;
    struct bus_publisher *bus;
    struct db *db;
    struct arena arena;
    uint64_t head;
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

// *ret_some: there was something. True when more waits: what was committed since has woken us.
static bool
number_and_publish(struct publisher *publisher, bool *ret_some)
{
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
    int published = 0;
    if (status == STATUS_OK)
        for (; published < rows.count; published++) {
            crash_point("publisher:before_publish");
            uint64_t first = (uint64_t)db_integer_at(&rows, published, 0);
            publisher->head = first + (uint64_t)db_integer_at(&rows, published, 1) - 1;
            size_t size;
            const void *batch = db_bytes_at(&rows, published, 2, &publisher->arena, &size);
            if (batch)
                publish(publisher, first, batch, size);
        }
    if (published > 0)
        crash_point("publisher:published");
    *ret_some = published > 0;
    db_release_rows(publisher->db);
    arena_reset(&publisher->arena);
    return status == STATUS_OK && published == NUMBERED_AT_ONCE;
}

static void
publish_head(struct publisher *publisher)
{
    uint64_t head;
    enum status status = runtime_stream_head(publisher->db, &head);
    atomic_store(&publisher->runtime->has_database, status == STATUS_OK);
    if (status == STATUS_OK) {
        publisher->head = head;
        atomic_store(&publisher->runtime->presence.head, head);
        publish(publisher, 0, NULL, 0);
    }
    db_release_rows(publisher->db);
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

static void
pause_for_company(void)
{
    struct timespec pause = {0, PAUSE_MS * 1000000L};
    nanosleep(&pause, NULL);
}

void *
publisher_thread_run(void *argument)
{
    struct runtime *runtime = argument;
    struct publisher publisher = {.runtime = runtime};
    arena_init(&publisher.arena, ARENA_LIMIT_BYTES);
    publisher.db = runtime_open_db(runtime, "sequencer", 0, 0);
    publisher.bus = bus_publisher_new(&runtime->bus);
    if (!publisher.db || !publisher.bus) {
        log_write(LOG_ERROR, "sequencer could not start", NULL);
        atomic_store(&runtime->threads_failed, true);
    } else {
        db_set_scope(publisher.db, "*");
        int64_t head_due_ms = 0, forget_due_ms = clock_monotonic_ms() + POLL_MS;
        // One more round after the workers have stopped: what they committed last goes out, too.
        for (bool last = false; !last;) {
            bool some = false;
            last = atomic_load(&runtime->stopping) && atomic_load(&runtime->workers_total) == 0;
            while (number_and_publish(&publisher, &some))
                ;
            if (clock_monotonic_ms() >= head_due_ms || last) {
                publish_head(&publisher);
                head_due_ms = clock_monotonic_ms() + HEAD_EVERY_MS;
            }
            if (clock_monotonic_ms() >= forget_due_ms && !last)
                forget_due_ms = forget_old_replies(&publisher);
            if (some && !last)
                pause_for_company();
            if (!last)
                wake_wait(&runtime->publish, POLL_MS);
        }
    }
    bus_publisher_free(&publisher.bus);
    db_free(&publisher.db);
    arena_done(&publisher.arena);
    return NULL;
}
