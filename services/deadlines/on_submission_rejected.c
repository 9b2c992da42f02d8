// Rejected: outstanding again, and the respondent is told at once.
#include "notice.h"

static enum status
tell_respondent(struct call *call, const Events__SubmissionRejected *event, const struct db_rows *rows)
{
    struct notice_facts facts = told_facts(call, NOTICE_REJECTED, rows);
    facts.words = event->resolution;
    struct notice notice = told_notice(rows, event->at);
    notice.cause = arena_format(call->arena, "rejected:%s:%u", event->assignment_id, event->version);
    return give_notice(call, &facts, notice);
}

static enum status
on_submission_rejected(struct call *call, const Events__SubmissionRejected *event)
{
    const struct outstanding *outstanding = &(const struct outstanding){event->assignment_id, true, NULL};
    enum status status = store_outstanding(call, &outstanding, 1);
    if (status != STATUS_OK)
        return status;
    struct db_rows rows;
    status = store_get_rejected(call, event->assignment_id, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    return tell_respondent(call, event, &rows);
}

EVENT_HANDLER(on_submission_rejected, "submissions", Events__SubmissionRejected,
              events__submission_rejected__descriptor)
