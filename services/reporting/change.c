// One change of a cell: stored with its counter and history, then told to the public feed.
#include "change.h"

enum status
change_cell(struct call *call, const struct cell_change *change)
{
    struct db_rows rows;
    enum status status = store_change_cell(call, change, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    Events__StatusChanged event = EVENTS__STATUS_CHANGED__INIT;
    fill_message(&event.base, &rows, 0, call->arena);
    event.state = rules_state_name(change->state);
    event.at = change->at;
    return emit(call, &event.base);
}
