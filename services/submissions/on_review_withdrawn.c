// The author took back what waited for review (F7): it is a draft again.
#include "handlers.h"
#include "store.h"

static enum status
on_review_withdrawn(struct call *call, const Events__ReviewWithdrawn *event)
{
    struct db_rows rows;
    enum status status = store_apply_withdrawal(call, event, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    Events__SubmissionWithdrawn withdrawn = EVENTS__SUBMISSION_WITHDRAWN__INIT;
    withdrawn.assignment_id = event->assignment_id;
    withdrawn.version = event->version;
    withdrawn.at = event->at;
    return emit(call, &withdrawn.base);
}

EVENT_HANDLER(on_review_withdrawn, "review", Events__ReviewWithdrawn, events__review_withdrawn__descriptor)
