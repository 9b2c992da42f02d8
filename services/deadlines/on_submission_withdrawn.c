// Taken back by its author: outstanding again.
#include "store.h"

static enum status
on_submission_withdrawn(struct call *call, const Events__SubmissionWithdrawn *event)
{
    return store_outstanding(call, event->assignment_id, true);
}

EVENT_HANDLER(on_submission_withdrawn, "submissions", Events__SubmissionWithdrawn,
              events__submission_withdrawn__descriptor)
