// The operator rejected: no data, with its reason (S2.61).
#include "change.h"
#include "moment.h"

static enum status
on_submission_rejected(struct call *call, const Events__SubmissionRejected *event)
{
    return note_change(call,
                       (struct cell_change){event->assignment_id, CELL_REJECTED, event->at, NULL, event_number(call)});
}

NOTING_EVENT_HANDLER(on_submission_rejected, "submissions", Events__SubmissionRejected,
                     events__submission_rejected__descriptor, change_cells)
