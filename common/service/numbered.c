// Events on their way from the transaction that stored them to the thread that publishes them. Most are numbered in
// that very transaction: the next look of the sequencer and a commit of its own would cost each a few milliseconds.
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

// Without memory the batch is not published: its consumers see the gap, or the head in a heartbeat, and fetch it.
static void
hand_over(struct runtime *runtime, const struct db_rows *rows, int row, const void *batch, size_t size)
{
    struct numbered *numbered = batch ? malloc(sizeof(*numbered) + size) : NULL;
    if (!numbered)
        return;
    *numbered = (struct numbered){.first_number = (uint64_t)db_integer_at(rows, row, 0),
                                  .event_count = (uint64_t)db_integer_at(rows, row, 1),
                                  .size = size};
    memcpy(numbered->batch, batch, size);
    numbered->next = atomic_load(&runtime->numbered);
    while (!atomic_compare_exchange_weak(&runtime->numbered, &numbered->next, numbered))
        ;
}

void
hand_over_numbered(struct runtime *runtime, const struct db_rows *rows, struct arena *arena,
                   const struct stored_batch *last)
{
    for (int row = 0; row < rows->count; row++) {
        if (db_is_null_at(rows, row, 2)) {
            hand_over(runtime, rows, row, last->bytes, last->size);
            continue;
        }
        size_t size;
        const void *batch = db_bytes_at(rows, row, 2, arena, &size);
        hand_over(runtime, rows, row, batch, size);
    }
}

enum status
commit_events(struct runtime *runtime, struct db *db, struct arena *arena, const struct stored_batch *last)
{
    if (last->event_count == 0)
        return db_commit(db);
    char now[25];
    time_format_utc(clock_now_ms(), now);
    struct db_rows rows;
    crash_point("publisher:before_commit");
    // What waits is numbered on this occasion: whoever set this had committed before.
    bool waited = atomic_exchange(&runtime->outbox_waits, false);
    enum status status = runtime_number_and_commit(db, now, last, &rows);
    // None: somebody else was numbering. So many: there may be more.
    if (status == STATUS_OK ? rows.count == 0 || rows.count == NUMBERED_AT_ONCE : waited)
        atomic_store(&runtime->outbox_waits, true);
    if (status != STATUS_OK)
        return status;
    hand_over_numbered(runtime, &rows, arena, last);
    wake_up(&runtime->publish);
    return STATUS_OK;
}

// Threads hand over in any order.
static void
insert_by_number(struct numbered **first, struct numbered *one)
{
    while (*first && (*first)->first_number < one->first_number)
        first = &(*first)->next;
    one->next = *first;
    *first = one;
}

struct numbered *
take_numbered(struct runtime *runtime)
{
    struct numbered *taken = atomic_exchange(&runtime->numbered, NULL);
    struct numbered *ordered = NULL;
    while (taken) {
        struct numbered *next = taken->next;
        insert_by_number(&ordered, taken);
        taken = next;
    }
    return ordered;
}
