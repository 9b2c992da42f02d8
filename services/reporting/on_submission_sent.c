// An answer waits for its verdict: a new value (S2.56).
#include "change.h"
#include "moment.h"

static enum status
on_submission_sent(struct call *call, const Events__SubmissionSent *event)
{
    return note_change(
        call, (struct cell_change){event->assignment_id, CELL_IN_REVIEW, event->at, event, event_number(call)});
}

NOTING_EVENT_HANDLER(on_submission_sent, "submissions", Events__SubmissionSent, events__submission_sent__descriptor,
                     change_cells)
