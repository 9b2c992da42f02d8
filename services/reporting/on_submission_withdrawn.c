// The author took the answer back: a draft again (F7).
#include "change.h"
#include "moment.h"

static enum status
on_submission_withdrawn(struct call *call, const Events__SubmissionWithdrawn *event)
{
    return note_change(call,
                       (struct cell_change){event->assignment_id, CELL_DRAFT, event->at, NULL, event_number(call)});
}

NOTING_EVENT_HANDLER(on_submission_withdrawn, "submissions", Events__SubmissionWithdrawn,
                     events__submission_withdrawn__descriptor, change_cells)
