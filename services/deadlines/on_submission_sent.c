// Sent: nothing to remind of.
#include "store.h"

static enum status
on_submission_sent(struct call *call, const Events__SubmissionSent *event)
{
    return store_outstanding(call, event->assignment_id, false);
}

EVENT_HANDLER(on_submission_sent, "submissions", Events__SubmissionSent, events__submission_sent__descriptor)
