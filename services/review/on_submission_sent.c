// An answer was sent: it waits in the queue, in place of an older version of itself.
#include "store.h"

static enum status
queue_submissions(struct call *call, const void *const *events, size_t count)
{
    return store_submissions(call, (const Events__SubmissionSent *const *)events, count);
}

static enum status
on_submission_sent(struct call *call, const Events__SubmissionSent *event)
{
    return note(call, event->assignment_id, event);
}

NOTING_EVENT_HANDLER(on_submission_sent, "submissions", Events__SubmissionSent, events__submission_sent__descriptor,
                     queue_submissions)
