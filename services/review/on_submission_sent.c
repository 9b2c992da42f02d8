// An answer was sent: it waits in the queue, in place of an older version of itself.
#include "store.h"

static enum status
on_submission_sent(struct call *call, const Events__SubmissionSent *event)
{
    return store_submission(call, event);
}

EVENT_HANDLER(on_submission_sent, "submissions", Events__SubmissionSent, events__submission_sent__descriptor)
