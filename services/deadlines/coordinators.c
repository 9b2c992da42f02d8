// The day after a due day, each municipality's coordinators get one notice with all organisations that are behind.
#include <string.h>

#include "notice.h"
#include "vekha/base/text.h"

enum { LINES_LIMIT_BYTES = 256 * 1024 };

// Rows [first, ...) of one municipality as lines; returns the row after them.
static int
write_lines(struct call *call, const struct db_rows *rows, int first, struct buffer *lines, int64_t *ret_items)
{
    const char *municipality_id = db_text_at(rows, first, BELOW_MUNICIPALITY_ID);
    int row = first;
    *ret_items = 0;
    for (; row < rows->count && strcmp(db_text_at(rows, row, BELOW_MUNICIPALITY_ID), municipality_id) == 0; row++) {
        int64_t items = db_integer_at(rows, row, BELOW_ITEMS);
        const char *line = rules_organisation_line(call->arena, (uint64_t)(row - first + 1),
                                                   db_text_at(rows, row, BELOW_NAME), (uint64_t)items);
        buffer_add_text(lines, line ? line : "");
        *ret_items += items;
    }
    return row;
}

static enum status
tell_municipality(struct call *call, const struct db_rows *timer, const struct db_rows *rows, int first,
                  const char *lines, int organisations, int64_t items)
{
    const char *round_id = db_text_at(timer, 0, DUE_ROUND_ID), *due_day = db_text_at(timer, 0, DUE_DAY);
    const char *municipality_id = db_text_at(rows, first, BELOW_MUNICIPALITY_ID);
    const struct notice_facts facts = {
        .kind = NOTICE_OVERDUE_BELOW,
        .round_name = db_text_at(timer, 0, DUE_ROUND_NAME),
        .due_day = due_day,
        .zone_words = rules_zone_words(call->arena, db_text_at(timer, 0, DUE_ZONE),
                                       (int)db_integer_at(timer, 0, DUE_ZONE_MINUTES)),
        .organisations = (uint64_t)organisations,
        .organisation_lines = lines,
    };
    const struct notice notice = {
        .cause = arena_format(call->arena, "below:%s:%s:%s", round_id, municipality_id, due_day),
        .round_id = round_id,
        .organisation_id = municipality_id,
        .path = db_text_at(rows, first, BELOW_PATH),
        .at = db_text_at(timer, 0, DUE_FIRES_AT),
        .items = items,
        .accounts = db_text_at(rows, first, BELOW_ACCOUNTS),
        .addresses = db_text_at(rows, first, BELOW_ADDRESSES),
    };
    return give_notice(call, &facts, notice);
}

enum status
tell_coordinators(struct call *call, bool *ret_again)
{
    struct db_rows timer, rows;
    enum status status = store_take_coordinators_timer(call, &timer);
    if (status != STATUS_OK || timer.count == 0)
        return status;
    status = store_list_below(call, db_text_at(&timer, 0, DUE_ROUND_ID), db_text_at(&timer, 0, DUE_DAY), &rows);
    if (status != STATUS_OK)
        return status;
    struct buffer lines;
    buffer_init(&lines, LINES_LIMIT_BYTES);
    for (int first = 0, next; status == STATUS_OK && first < rows.count; first = next) {
        int64_t items;
        buffer_reset(&lines);
        next = write_lines(call, &rows, first, &lines, &items);
        status = tell_municipality(call, &timer, &rows, first, lines.data, next - first, items);
    }
    buffer_done(&lines);
    *ret_again = status == STATUS_OK;
    return status;
}
