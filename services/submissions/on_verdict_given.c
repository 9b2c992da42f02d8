// review decides; we mirror it and tell it in our own stream, in order with the sending that it answers.
#include "handlers.h"
#include "present.h"

static enum status
tell_of_verdict(struct call *call, const Events__VerdictGiven *event, const char *next_opens_at)
{
    if (event->accepted) {
        Events__SubmissionAccepted accepted = EVENTS__SUBMISSION_ACCEPTED__INIT;
        accepted.assignment_id = event->assignment_id;
        accepted.version = event->version;
        accepted.at = event->at;
        accepted.next_opens_at = next_opens_at;
        return emit(call, &accepted.base);
    }
    Events__SubmissionRejected rejected = EVENTS__SUBMISSION_REJECTED__INIT;
    rejected.assignment_id = event->assignment_id;
    rejected.version = event->version;
    rejected.at = event->at;
    rejected.resolution = event->resolution;
    return emit(call, &rejected.base);
}

static enum status
apply_verdicts(struct call *call, const void *const *events, size_t count)
{
    struct db_rows rows;
    enum status status = store_apply_verdicts(call, (const Events__VerdictGiven *const *)events, count, &rows);
    for (int row = 0; status == STATUS_OK && row < rows.count; row++)
        status = tell_of_verdict(call, events[present_number(&rows, row, "place") - 1],
                                 present_text(&rows, row, "next_opens_at"));
    return status;
}

static enum status
on_verdict_given(struct call *call, const Events__VerdictGiven *event)
{
    return note(call, event->assignment_id, event);
}

NOTING_EVENT_HANDLER(on_verdict_given, "review", Events__VerdictGiven, events__verdict_given__descriptor,
                     apply_verdicts)
