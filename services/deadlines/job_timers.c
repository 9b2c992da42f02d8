// Timers whose moment has come: notices with their true date, however late, and each once.
#include <string.h>

#include "handlers.h"
#include "notice.h"

static enum status
remind(struct call *call, const struct db_rows *rows, int row)
{
    const char *round_id = db_text_at(rows, row, DUE_ROUND_ID);
    const char *organisation_id = db_text_at(rows, row, DUE_ORGANISATION_ID);
    const char *due_day = db_text_at(rows, row, DUE_DAY);
    int offset = (int)db_integer_at(rows, row, DUE_DAY_OFFSET);
    int64_t items = db_integer_at(rows, row, DUE_ITEMS);
    if (items == 0 || strcmp(db_text_at(rows, row, DUE_STATE), "fired") != 0)
        return STATUS_OK;
    const struct notice_facts facts = {
        .kind = rules_kind_of_offset(offset, false),
        .day_offset = offset,
        .organisation_name = db_text_at(rows, row, DUE_ORGANISATION_NAME),
        .round_name = db_text_at(rows, row, DUE_ROUND_NAME),
        .due_day = due_day,
        .zone_words = rules_zone_words(call->arena, db_text_at(rows, row, DUE_ZONE),
                                       (int)db_integer_at(rows, row, DUE_ZONE_MINUTES)),
        .items = (uint64_t)items,
    };
    const struct notice notice = {
        .cause = arena_format(call->arena, "due:%s:%s:%d:%s", round_id, organisation_id, offset, due_day),
        .round_id = round_id,
        .organisation_id = organisation_id,
        .path = db_text_at(rows, row, DUE_PATH),
        .at = db_text_at(rows, row, DUE_FIRES_AT),
        .items = items,
        .accounts = db_text_at(rows, row, DUE_ACCOUNTS),
        .addresses = db_text_at(rows, row, DUE_ADDRESSES),
    };
    return give_notice(call, &facts, notice);
}

enum status
job_fire_timers(struct call *call, bool *ret_again)
{
    struct db_rows rows;
    enum status status = store_take_timers(call, &rows);
    for (int row = 0; status == STATUS_OK && row < rows.count; row++)
        status = remind(call, &rows, row);
    if (status != STATUS_OK)
        return status;
    if (rows.count < TIMERS_AT_ONCE)
        return tell_coordinators(call, ret_again);
    *ret_again = true;
    return STATUS_OK;
}
