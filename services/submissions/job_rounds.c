// Rounds open on their day, are assigned in slices, and make room for the next one (S2.3, S2.44).
#include "job_rounds.h"

#include <stdio.h>
#include <string.h>

#include "assign.h"
#include "present.h"
#include "rules_due.h"

// Small enough for a short transaction, large enough for a region in a dozen runs.
enum { SLICE_ORGANISATIONS = 200 };

// The days of an item, one due for each; those without a day get one that says so.
static enum status
resolve_due(struct call *call, const struct db_rows *rows, int row, struct item_due *dues, size_t *count)
{
    struct due due = {
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
    char days[DUE_DAYS_MAX][DATE_BYTES];
    size_t found = rules_due_days(&due, present_text(rows, row, "opens_on"), present_text(rows, row, "due_on"),
                                  present_text(rows, row, "closed_until"), days);
    for (size_t i = 0; i < (found > 0 ? found : 1); i++) {
        const char *day = found > 0 ? arena_copy(call->arena, days[i]) : "";
        if (!day)
            return STATUS_TOO_LARGE;
        dues[(*count)++] = (struct item_due){
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

static enum status
resolve_dues(struct call *call, const char *round_id)
{
    struct db_rows rows;
    enum status status = store_list_dues(call, round_id, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    size_t most = 0;
    for (int row = 0; row < rows.count; row++)
        most += rules_due_kind_named(present_text(&rows, row, "kind")) == DUE_RECURRING ? DUE_DAYS_MAX : 1;
    struct item_due *dues = arena_take(call->arena, most * sizeof(*dues));
    if (!dues)
        return STATUS_TOO_LARGE;
    size_t count = 0;
    for (int row = 0; status == STATUS_OK && row < rows.count; row++)
        status = resolve_due(call, &rows, row, dues, &count);
    return status == STATUS_OK ? store_put_dues(call, dues, count) : status;
}

static enum status
open_round(struct call *call, const char *round_id)
{
    struct db_rows rows;
    enum status status = store_open_round(call, round_id, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    status = resolve_dues(call, round_id);
    if (status != STATUS_OK)
        return status;
    Events__RoundOpened event = EVENTS__ROUND_OPENED__INIT;
    fill_message(&event.base, &rows, 0, call->arena);
    return emit(call, &event.base);
}

static enum status
assign_slice(struct call *call, const char *round_id)
{
    struct db_rows rows;
    enum status status = store_assign_slice(call, round_id, SLICE_ORGANISATIONS, &rows);
    if (status == STATUS_OK && rows.count == 0)
        return store_refresh_plans(call);
    return status == STATUS_OK ? assign_tell(call, &rows) : status;
}

// Rounds that would have ended while nothing was running are left out: nobody could have answered them.
static enum status
follow(struct call *call, const struct db_rows *round)
{
    struct round_days days, next;
    char name[ROUND_NAME_BYTES];
    const char *today = present_text(round, 0, "today");
    snprintf(days.opens_on, DATE_BYTES, "%s", present_text(round, 0, "opens_on"));
    snprintf(days.due_on, DATE_BYTES, "%s", present_text(round, 0, "due_on"));
    snprintf(days.closed_until, DATE_BYTES, "%s", present_text(round, 0, "closed_until"));
    do {
        if (rules_next_round(&days, &next, name) != STATUS_OK)
            return STATUS_INTERNAL;
        days = next;
    } while (strcmp(days.closed_until, today) < 0);
    return store_follow_round(call, present_text(round, 0, "round_id"), &days, name);
}

static enum status
end_round(struct call *call, const struct db_rows *round)
{
    struct db_rows rows;
    enum status status = store_end_round(call, present_text(round, 0, "round_id"), &rows);
    if (status == STATUS_OK && present_flag(round, 0, "repeats"))
        status = follow(call, round);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    Events__RoundChanged event = EVENTS__ROUND_CHANGED__INIT;
    fill_message(&event.base, &rows, 0, call->arena);
    return emit(call, &event.base);
}

enum status
job_rounds(struct call *call, bool *ret_again)
{
    struct db_rows rows;
    enum status status = store_pick_round(call, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    *ret_again = true;
    const char *round_id = present_text(&rows, 0, "round_id");
    const char *what = present_text(&rows, 0, "what");
    if (strcmp(what, "opens") == 0)
        return open_round(call, round_id);
    if (strcmp(what, "assigns") == 0)
        return assign_slice(call, round_id);
    return end_round(call, &rows);
}
