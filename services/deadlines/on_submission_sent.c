// Sent: nothing to remind of; it waits for a verdict, and the school's curators have something to judge.
#include "notice.h"
#include "outstanding.h"

// In the cabinet each answer by itself; as letters one a day and school, whatever number it sends.
static enum status
tell_curators(struct call *call, const Events__SubmissionSent *event)
{
    const struct told_about about = {event->round_id, event->organisation_id, event->organisation_path,
                                     event->question};
    struct db_rows rows;
    enum status status = store_get_told(call, &about, NOTICE_SENT, AUDIENCE_CURATORS, &rows);
    if (status != STATUS_OK)
        return status;
    const struct notice_facts facts = told_facts(call, NOTICE_SENT, &rows);
    struct notice notice = told_notice(&rows, event->at);
    notice.addresses = "{}";
    notice.cause = arena_format(call->arena, "sent:%s:%u", event->assignment_id, event->version);
    status = give_notice(call, &facts, notice);
    if (status != STATUS_OK)
        return status;
    notice.accounts = "{}";
    notice.addresses = db_text_at(&rows, 0, TOLD_ADDRESSES);
    notice.cause = arena_format(call->arena, "sent:%s:%s", event->organisation_id, db_text_at(&rows, 0, TOLD_DAY));
    return give_notice(call, &facts, notice);
}

static enum status
on_submission_sent(struct call *call, const Events__SubmissionSent *event)
{
    enum status status = note_sent(call, event);
    if (status == STATUS_OK && rules_is_for_curators(event->reviewer))
        status = tell_curators(call, event);
    return status;
}

NOTING_EVENT_HANDLER(on_submission_sent, "submissions", Events__SubmissionSent, events__submission_sent__descriptor,
                     settle_outstanding)
