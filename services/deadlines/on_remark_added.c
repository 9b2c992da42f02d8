// Something was said about an answer: the other side is told.
#include "notice.h"

static enum status
on_remark_added(struct call *call, const Events__RemarkAdded *event)
{
    enum audience audience = rules_audience_of_remark(event->author_role, event->reviewer);
    if (audience == AUDIENCE_NOBODY)
        return STATUS_OK;
    const struct told_about about = {event->round_id, event->organisation_id, event->organisation_path,
                                     event->question};
    struct db_rows rows;
    enum status status = store_get_told(call, &about, NOTICE_REMARK, audience, &rows);
    if (status != STATUS_OK)
        return status;
    struct notice_facts facts = told_facts(call, NOTICE_REMARK, &rows);
    facts.words = event->text;
    facts.author_role = event->author_role;
    struct notice notice = told_notice(&rows, event->at);
    notice.cause = arena_format(call->arena, "remark:%s", event->remark_id);
    return give_notice(call, &facts, notice);
}

EVENT_HANDLER(on_remark_added, "review", Events__RemarkAdded, events__remark_added__descriptor)
