// review decides; we mirror it and tell it in our own stream, in order with the sending that it answers.
#include "handlers.h"
#include "present.h"

static enum status
on_verdict_given(struct call *call, const Events__VerdictGiven *event)
{
    struct db_rows rows;
    enum status status = store_apply_verdict(call, event, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    if (event->accepted) {
        Events__SubmissionAccepted accepted = EVENTS__SUBMISSION_ACCEPTED__INIT;
        accepted.assignment_id = event->assignment_id;
        accepted.version = event->version;
        accepted.at = event->at;
        accepted.next_opens_at = present_text(&rows, 0, "next_opens_at");
        return emit(call, &accepted.base);
    }
    Events__SubmissionRejected rejected = EVENTS__SUBMISSION_REJECTED__INIT;
    rejected.assignment_id = event->assignment_id;
    rejected.version = event->version;
    rejected.at = event->at;
    rejected.resolution = event->resolution;
    return emit(call, &rejected.base);
}

EVENT_HANDLER(on_verdict_given, "review", Events__VerdictGiven, events__verdict_given__descriptor)
