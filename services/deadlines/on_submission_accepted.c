// Accepted: nothing to remind of.
#include "outstanding.h"

static enum status
on_submission_accepted(struct call *call, const Events__SubmissionAccepted *event)
{
    return note_outstanding(call, event->assignment_id, false);
}

NOTING_EVENT_HANDLER(on_submission_accepted, "submissions", Events__SubmissionAccepted,
                     events__submission_accepted__descriptor, settle_outstanding)
