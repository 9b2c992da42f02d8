// Answers that have waited too long for a verdict: whoever is to know of it has one digest a day (S1.23).
#include <string.h>

#include "handlers.h"
#include "notice.h"
#include "store_unanswered.h"
#include "vekha/base/text.h"

enum { LINES_LIMIT_BYTES = 64 * 1024 };

struct digest {
    struct buffer lines;
    int64_t items;
    const char *oldest_day, *reviewer;
};

// One reviewer for all of it, or "": several kinds of them.
static void
add_up(struct call *call, const struct db_rows *rows, struct digest *digest)
{
    digest->oldest_day = db_text_at(rows, 0, DIGEST_SENT_ON);
    digest->reviewer = db_text_at(rows, 0, DIGEST_REVIEWER);
    for (int row = 0; row < rows->count; row++) {
        const struct unanswered_line line = {
            .organisation_name = db_text_at(rows, row, DIGEST_ORGANISATION_NAME),
            .curators = db_text_at(rows, row, DIGEST_CURATORS),
            .reviewer = db_text_at(rows, row, DIGEST_REVIEWER),
            .sent_on = db_text_at(rows, row, DIGEST_SENT_ON),
            .items = (uint64_t)db_integer_at(rows, row, DIGEST_ITEMS),
            .is_for_reviewer = strcmp(db_text_at(rows, 0, DIGEST_RECIPIENT), "reviewer") == 0,
        };
        const char *text = rules_unanswered_line(call->arena, (uint64_t)row + 1, &line);
        buffer_add_text(&digest->lines, text ? text : "");
        digest->items += db_integer_at(rows, row, DIGEST_ITEMS);
        if (strcmp(line.reviewer, digest->reviewer) != 0)
            digest->reviewer = "";
    }
}

static enum status
give_digest(struct call *call, const struct db_rows *rows)
{
    struct digest digest = {.items = 0};
    buffer_init(&digest.lines, LINES_LIMIT_BYTES);
    add_up(call, rows, &digest);
    const struct notice_facts facts = {
        .kind = NOTICE_UNANSWERED,
        .zone_words = "",
        .items = (uint64_t)digest.items,
        .organisation_lines = digest.lines.data,
        .recipient = db_text_at(rows, 0, DIGEST_RECIPIENT),
        .reviewer = digest.reviewer,
        .working_days = (unsigned)db_integer_at(rows, 0, DIGEST_WORKING_DAYS),
        .oldest_day = digest.oldest_day,
    };
    const struct notice notice = {
        .cause = arena_format(call->arena, "unanswered:%s:%s", db_text_at(rows, 0, DIGEST_ACCOUNT_ID),
                              db_text_at(rows, 0, DIGEST_DAY)),
        .round_id = db_text_at(rows, 0, DIGEST_ROUND_ID),
        .organisation_id = rows->count == 1 ? db_text_at(rows, 0, DIGEST_ORGANISATION_ID) : NULL,
        .path = db_text_at(rows, 0, DIGEST_PATH),
        .at = db_text_at(rows, 0, DIGEST_AT),
        .items = digest.items,
        .accounts = db_text_at(rows, 0, DIGEST_ACCOUNTS),
        .addresses = db_text_at(rows, 0, DIGEST_ADDRESSES),
    };
    enum status status = give_notice(call, &facts, notice);
    buffer_done(&digest.lines);
    return status;
}

enum status
job_tell_unanswered(struct call *call, bool *ret_again)
{
    bool left;
    int64_t taken = 0;
    enum status status = store_take_steps(call, config_number(call->config, "reminder_hour"), &taken);
    // A digest says all of its day: nothing is told while steps are still being taken.
    *ret_again = status == STATUS_OK && taken == UNANSWERED_AT_ONCE;
    if (status != STATUS_OK || *ret_again)
        return status;
    status = store_drop_answered(call, &left);
    if (status != STATUS_OK || !left)
        return status;
    struct db_rows rows;
    status = store_take_digest(call, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    *ret_again = true;
    return give_digest(call, &rows);
}
