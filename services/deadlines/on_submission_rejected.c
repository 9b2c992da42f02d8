// Rejected: outstanding again, and the respondent is told at once.
#include "notice.h"

static enum status
tell_respondent(struct call *call, const Events__SubmissionRejected *event, const struct db_rows *rows)
{
    const struct notice_facts facts = {
        .kind = NOTICE_REJECTED,
        .organisation_name = db_text_at(rows, 0, REJECTED_ORGANISATION_NAME),
        .round_name = db_text_at(rows, 0, REJECTED_ROUND_NAME),
        .due_day = db_text_at(rows, 0, REJECTED_DUE_DAY),
        .zone_words = rules_zone_words(call->arena, db_text_at(rows, 0, REJECTED_ZONE),
                                       (int)db_integer_at(rows, 0, REJECTED_ZONE_MINUTES)),
        .question = db_text_at(rows, 0, REJECTED_QUESTION),
        .resolution = event->resolution,
    };
    const struct notice notice = {
        .cause = arena_format(call->arena, "rejected:%s:%u", event->assignment_id, event->version),
        .round_id = db_text_at(rows, 0, REJECTED_ROUND_ID),
        .organisation_id = db_text_at(rows, 0, REJECTED_ORGANISATION_ID),
        .path = db_text_at(rows, 0, REJECTED_PATH),
        .at = event->at,
        .items = 1,
        .accounts = db_text_at(rows, 0, REJECTED_ACCOUNTS),
        .addresses = db_text_at(rows, 0, REJECTED_ADDRESSES),
    };
    return give_notice(call, &facts, notice);
}

static enum status
on_submission_rejected(struct call *call, const Events__SubmissionRejected *event)
{
    const struct outstanding *outstanding = &(const struct outstanding){event->assignment_id, true};
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
