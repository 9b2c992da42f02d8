// Changes of cells: many are stored in one statement with their counters and history, then told to the public feed.
#include "change.h"

enum status
note_change(struct call *call, struct cell_change change)
{
    struct cell_change *kept = arena_take(call->arena, sizeof(*kept));
    if (!kept)
        return STATUS_TOO_LARGE;
    *kept = change;
    return note(call, kept->assignment_id, kept);
}

enum status
change_cells(struct call *call, const void *const *changes, size_t count)
{
    struct db_rows rows;
    enum status status = store_change_cells(call, (const struct cell_change *const *)changes, count, &rows);
    for (int row = 0; status == STATUS_OK && row < rows.count; row++) {
        const struct cell_change *change = changes[db_integer_at(&rows, row, CHANGED_PLACE) - 1];
        Events__StatusChanged event = EVENTS__STATUS_CHANGED__INIT;
        fill_message(&event.base, &rows, row, call->arena);
        event.state = rules_state_name(change->state);
        event.at = change->at;
        status = emit(call, &event.base);
    }
    return status;
}
