// An answer was sent: from now on its documents may be read by those who review and oversee it.
#include "store.h"

static enum status
on_submission_sent(struct call *call, const Events__SubmissionSent *event)
{
    if (event->n_documents == 0)
        return STATUS_OK;
    return store_share_documents(call, event);
}

EVENT_HANDLER(on_submission_sent, "submissions", Events__SubmissionSent, events__submission_sent__descriptor)
