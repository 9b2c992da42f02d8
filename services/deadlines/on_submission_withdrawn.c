// Taken back by its author: outstanding again.
#include "outstanding.h"

static enum status
on_submission_withdrawn(struct call *call, const Events__SubmissionWithdrawn *event)
{
    return note_outstanding(call, event->assignment_id, true);
}

NOTING_EVENT_HANDLER(on_submission_withdrawn, "submissions", Events__SubmissionWithdrawn,
                     events__submission_withdrawn__descriptor, settle_outstanding)
