// When the items of a round are due: by the words of the programme, and off days off where it says so.
#include "round_dues.h"

#include <string.h>

#include "present.h"
#include "rules_due.h"

// The rule of the programme, and what came of it.
struct resolving {
    enum day_off_rule rule;
    const char *days_off;
    struct item_due *dues;
    size_t count;
    const char *told_section; // the last one whose move was told
};

// A section has one day, whatever the number of its items: those with days of their own and repeated ones apart.
static enum status
tell_of_move(struct call *call, struct resolving *resolving, const char *round_id, const struct db_rows *rows, int row,
             const char *named_on, const char *moved_on)
{
    const char *section_code = present_text(rows, row, "section_code");
    bool is_of_section =
        !present_flag(rows, row, "is_own") && rules_due_kind_named(present_text(rows, row, "kind")) != DUE_RECURRING;
    if (!is_of_section || strcmp(section_code, resolving->told_section) == 0)
        return STATUS_OK;
    resolving->told_section = section_code;
    Events__ScheduleSet event = EVENTS__SCHEDULE_SET__INIT;
    event.round_id = round_id;
    event.section_code = section_code;
    event.due_on = moved_on;
    event.previous_on = named_on;
    event.at = call->now;
    return emit(call, &event.base);
}

static struct due
due_at_row(const struct db_rows *rows, int row)
{
    return (struct due){
        .kind = present_text(rows, row, "kind"),
        .on = present_text(rows, row, "on"),
        .from = present_text(rows, row, "from"),
        .until = present_text(rows, row, "until"),
        .owner = present_text(rows, row, "owner"),
        .every = present_text(rows, row, "every"),
        .month = (unsigned)present_number(rows, row, "month"),
        .day = (unsigned)present_number(rows, row, "day"),
        .quarter = (unsigned)present_number(rows, row, "quarter"),
        .year_offset = (int)present_number(rows, row, "year_offset"),
    };
}

// The days of an item, one due for each; those without a day get one that says so.
static enum status
resolve_due(struct call *call, struct resolving *resolving, const char *round_id, const struct db_rows *rows, int row)
{
    struct due due = due_at_row(rows, row);
    const char *opens_on = present_text(rows, row, "opens_on"), *until = present_text(rows, row, "closed_until");
    char days[DUE_DAYS_MAX][DATE_BYTES];
    size_t found = rules_due_days(&due, opens_on, present_text(rows, row, "due_on"), until, days);
    for (size_t i = 0; i < (found > 0 ? found : 1); i++) {
        const char *named = found > 0 ? arena_copy(call->arena, days[i]) : "";
        enum status status = STATUS_OK;
        const char *day = named;
        if (found > 0 && rules_move_due(days[i], resolving->rule, resolving->days_off, opens_on, until)) {
            day = arena_copy(call->arena, days[i]);
            if (named && day)
                status = tell_of_move(call, resolving, round_id, rows, row, named, day);
        }
        if (!named || !day || status != STATUS_OK)
            return status == STATUS_OK ? STATUS_TOO_LARGE : status;
        resolving->dues[resolving->count++] = (struct item_due){
            .round_item_id = present_text(rows, row, "round_item_id"),
            .checkpoint = (unsigned)i + 1,
            .kind = due.kind,
            .is_own = present_flag(rows, row, "is_own"),
            .day = day,
            .text = present_text(rows, row, "text"),
        };
    }
    return STATUS_OK;
}

enum status
round_dues(struct call *call, const char *round_id)
{
    struct db_rows rows, rule;
    enum status status = store_list_dues(call, round_id, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    status = store_find_day_off_rule(call, round_id, &rule);
    if (status != STATUS_OK)
        return status;
    size_t most = 0;
    for (int row = 0; row < rows.count; row++)
        most += rules_due_kind_named(present_text(&rows, row, "kind")) == DUE_RECURRING ? DUE_DAYS_MAX : 1;
    struct resolving resolving = {.rule = rules_day_off_named(present_text(&rule, 0, "rule")),
                                  .days_off = present_text(&rule, 0, "days_off"),
                                  .dues = arena_take(call->arena, most * sizeof(*resolving.dues)),
                                  .told_section = ""};
    if (!resolving.dues)
        return STATUS_TOO_LARGE;
    for (int row = 0; status == STATUS_OK && row < rows.count; row++)
        status = resolve_due(call, &resolving, round_id, &rows, row);
    return status == STATUS_OK ? store_put_dues(call, resolving.dues, resolving.count) : status;
}
