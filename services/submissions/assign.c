// Tells the others what organisations were asked.
#include "assign.h"

#include <string.h>

// `ids` and `items` run side by side.
static enum status
refer(struct call *call, char **ids, char **items, size_t count, Events__OrganisationAssigned *event)
{
    event->assignments = arena_take(call->arena, (count + 1) * sizeof(*event->assignments));
    if (!event->assignments)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < count; i++) {
        Events__AssignmentReference *reference = arena_take(call->arena, sizeof(*reference));
        if (!reference)
            return STATUS_TOO_LARGE;
        events__assignment_reference__init(reference);
        reference->assignment_id = ids[i];
        reference->item_id = items[i];
        event->assignments[event->n_assignments++] = reference;
    }
    return STATUS_OK;
}

static enum status
read_list(struct call *call, const struct db_rows *rows, int row, const char *name, char ***ret_items,
          size_t *ret_count)
{
    for (int column = 0; column < rows->columns; column++)
        if (strcmp(db_column_name(rows, column), name) == 0)
            return db_text_array_at(rows, row, column, call->arena, ret_items, ret_count);
    return STATUS_INTERNAL;
}

enum status
assign_tell(struct call *call, const struct db_rows *rows)
{
    for (int row = 0; row < rows->count; row++) {
        char **ids, **items;
        size_t id_count = 0, item_count = 0;
        Events__OrganisationAssigned event = EVENTS__ORGANISATION_ASSIGNED__INIT;
        fill_message(&event.base, rows, row, call->arena);
        enum status status = read_list(call, rows, row, "assignment_ids", &ids, &id_count);
        if (status == STATUS_OK)
            status = read_list(call, rows, row, "item_ids", &items, &item_count);
        if (status == STATUS_OK)
            status = id_count == item_count ? refer(call, ids, items, id_count, &event) : STATUS_INTERNAL;
        if (status == STATUS_OK)
            status = emit(call, &event.base);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}
