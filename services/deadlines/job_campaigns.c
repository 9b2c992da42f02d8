// Mailings that come again with each round of a programme: prepared once for each, and sent by themselves where asked.
#include "campaign_letter.h"
#include "handlers.h"
#include "notice.h"
#include "rules_campaign.h"
#include "store_campaigns.h"

static enum status
tell_author(struct call *call, const struct db_rows *due, const char *campaign_id)
{
    const struct notice_facts facts = {
        .kind = NOTICE_CAMPAIGN_READY,
        .round_name = db_text_at(due, 0, DUE_CAMPAIGN_ROUND_NAME),
        .due_day = db_text_at(due, 0, DUE_CAMPAIGN_DUE_ON),
        .words = db_text_at(due, 0, DUE_CAMPAIGN_SENDS_WORDS),
        .zone_words = rules_zone_words(call->arena, db_text_at(due, 0, DUE_CAMPAIGN_ZONE),
                                       (int)db_integer_at(due, 0, DUE_CAMPAIGN_ZONE_MINUTES)),
    };
    const struct notice notice = {
        .cause = arena_format(call->arena, "campaign_ready:%s", campaign_id),
        .round_id = db_text_at(due, 0, DUE_CAMPAIGN_ROUND_ID),
        .path = db_text_at(due, 0, DUE_CAMPAIGN_PATH),
        .at = call->now,
        .accounts = db_text_at(due, 0, DUE_CAMPAIGN_ACCOUNTS),
        .addresses = db_text_at(due, 0, DUE_CAMPAIGN_ADDRESSES),
    };
    return give_notice(call, &facts, notice);
}

static enum status
prepare(struct call *call, const struct db_rows *due)
{
    const char *campaign_id = "";
    const char *subject = rules_campaign_subject(call->arena, db_text_at(due, 0, DUE_CAMPAIGN_ROUND_NAME),
                                                 db_text_at(due, 0, DUE_CAMPAIGN_DUE_ON));
    if (!subject)
        return STATUS_TOO_LARGE;
    enum status status = store_prepare_campaign(call, due, subject, &campaign_id);
    return status == STATUS_OK && *campaign_id ? tell_author(call, due, campaign_id) : status;
}

// The draft stays locked until the transaction ends, so that nobody changes it meanwhile.
static enum status
send_ripe(struct call *call, const struct db_rows *ripe)
{
    const char *campaign_id = db_text_at(ripe, 0, RIPE_CAMPAIGN_ID);
    if (!db_boolean_at(ripe, 0, RIPE_CAMPAIGN_MAY_GO))
        return store_put_off_campaign(call, campaign_id, false);
    struct db_rows audience;
    enum status status = store_count_campaign_audience(call, campaign_id, &audience);
    if (status != STATUS_OK)
        return status;
    if (db_integer_at(&audience, 0, 0) == 0)
        return store_put_off_campaign(call, campaign_id, true);
    Deadlines__Campaign draft = DEADLINES__CAMPAIGN__INIT;
    bool done;
    int64_t letters;
    status = campaign_get(call, campaign_id, &draft);
    return status == STATUS_OK ? campaign_send(call, &draft, draft.version, &done, &letters) : status;
}

enum status
job_repeat_campaigns(struct call *call, bool *ret_again)
{
    struct db_rows rows;
    enum status status = store_find_due_campaign(call, &rows);
    if (status == STATUS_OK && rows.count > 0) {
        *ret_again = true;
        return prepare(call, &rows);
    }
    if (status == STATUS_OK)
        status = store_find_ripe_campaign(call, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    *ret_again = true;
    return send_ripe(call, &rows);
}
