// A draft exists (its value stays in the cabinet, S2.37), or is gone with its only document. Further saves change
// nothing here and come by the thousand.
#include "change.h"
#include "moment.h"

static enum status
on_draft_saved(struct call *call, const Events__DraftSaved *event)
{
    if (!event->first && !event->empty)
        return STATUS_OK;
    enum cell_state state = event->empty ? CELL_EMPTY : CELL_DRAFT;
    return note_change(call, (struct cell_change){event->assignment_id, state, event->at, NULL, event_number(call)});
}

NOTING_EVENT_HANDLER(on_draft_saved, "submissions", Events__DraftSaved, events__draft_saved__descriptor, change_cells)
