// The operator accepted: the last accepted value (S2.58).
#include "change.h"
#include "moment.h"

static enum status
on_submission_accepted(struct call *call, const Events__SubmissionAccepted *event)
{
    return note_change(call,
                       (struct cell_change){event->assignment_id, CELL_ACCEPTED, event->at, NULL, event_number(call)});
}

NOTING_EVENT_HANDLER(on_submission_accepted, "submissions", Events__SubmissionAccepted,
                     events__submission_accepted__descriptor, change_cells)
