// A draft exists (its value stays in the cabinet, S2.37). Further saves change nothing here and come by the thousand.
#include "change.h"

static enum status
on_draft_saved(struct call *call, const Events__DraftSaved *event)
{
    if (!event->first)
        return STATUS_OK;
    return change_cell(call, &(struct cell_change){event->assignment_id, CELL_DRAFT, event->at, NULL});
}

EVENT_HANDLER(on_draft_saved, "submissions", Events__DraftSaved, events__draft_saved__descriptor)
