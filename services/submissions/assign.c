// Tells the others what organisations were asked.
#include "assign.h"

#include <string.h>

#include "present.h"

// The lists run side by side.
struct added {
    char **ids, **items, **due_ats, **dues_unknown;
    size_t count;
};

static enum status
read_added(struct call *call, const struct db_rows *rows, int row, struct added *ret_added)
{
    const struct {
        const char *name;
        char ***list;
    } LISTS[] = {
        {"assignment_ids", &ret_added->ids},
        {"item_ids", &ret_added->items},
        {"due_ats", &ret_added->due_ats},
        {"dues_unknown", &ret_added->dues_unknown},
    };
    for (size_t i = 0; i < sizeof(LISTS) / sizeof(LISTS[0]); i++) {
        size_t count = 0;
        enum status status = present_list(call, rows, row, LISTS[i].name, LISTS[i].list, &count);
        if (status != STATUS_OK)
            return status;
        if (i > 0 && count != ret_added->count)
            return STATUS_INTERNAL;
        ret_added->count = count;
    }
    return STATUS_OK;
}

static enum status
refer(struct call *call, const struct added *added, Events__OrganisationAssigned *event)
{
    event->assignments = arena_take(call->arena, (added->count + 1) * sizeof(*event->assignments));
    if (!event->assignments)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < added->count; i++) {
        Events__AssignmentReference *reference = arena_take(call->arena, sizeof(*reference));
        if (!reference)
            return STATUS_TOO_LARGE;
        events__assignment_reference__init(reference);
        reference->assignment_id = added->ids[i];
        reference->item_id = added->items[i];
        reference->due_at = added->due_ats[i];
        reference->due_unknown = strcmp(added->dues_unknown[i], "true") == 0;
        event->assignments[event->n_assignments++] = reference;
    }
    return STATUS_OK;
}

enum status
assign_tell(struct call *call, const struct db_rows *rows)
{
    for (int row = 0; row < rows->count; row++) {
        struct added added = {0};
        Events__OrganisationAssigned event = EVENTS__ORGANISATION_ASSIGNED__INIT;
        fill_message(&event.base, rows, row, call->arena);
        enum status status = read_added(call, rows, row, &added);
        if (status == STATUS_OK)
            status = refer(call, &added, &event);
        if (status == STATUS_OK)
            status = emit(call, &event.base);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}
