// Sent: nothing to remind of.
#include "outstanding.h"

static enum status
on_submission_sent(struct call *call, const Events__SubmissionSent *event)
{
    return note_outstanding(call, event->assignment_id, false);
}

NOTING_EVENT_HANDLER(on_submission_sent, "submissions", Events__SubmissionSent, events__submission_sent__descriptor,
                     settle_outstanding)
