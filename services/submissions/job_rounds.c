// Rounds open on their day, are assigned in slices, and make room for the next one (S2.3, S2.44).
#include "job_rounds.h"

#include <stdio.h>
#include <string.h>

#include "assign.h"
#include "present.h"
#include "round_dues.h"
#include "rules_due.h"

// Small enough for a short transaction, large enough for a region in a dozen runs.
enum { SLICE_ORGANISATIONS = 200 };

static enum status
open_round(struct call *call, const char *round_id)
{
    struct db_rows rows;
    enum status status = store_open_round(call, round_id, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    status = round_dues(call, round_id);
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
    if (status != STATUS_OK || rows.count > 0)
        return status == STATUS_OK ? assign_tell(call, &rows) : status;
    // A slice may ask nobody and yet not be the last.
    bool is_done = false;
    status = store_is_assigned(call, round_id, &is_done);
    if (status != STATUS_OK || !is_done)
        return status;
    Events__RoundAssigned event = EVENTS__ROUND_ASSIGNED__INIT;
    event.round_id = round_id;
    event.at = call->now;
    status = emit(call, &event.base);
    return status == STATUS_OK ? store_refresh_plans(call) : status;
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
    const char *round_id = present_text(round, 0, "round_id");
    char named_on[DATE_BYTES];
    memcpy(named_on, days.due_on, DATE_BYTES);
    struct db_rows rule;
    enum status status = store_find_day_off_rule(call, round_id, &rule);
    if (status != STATUS_OK)
        return status;
    bool has_moved = rules_move_due(days.due_on, rules_day_off_named(present_text(&rule, 0, "rule")),
                                    present_text(&rule, 0, "days_off"), days.opens_on, days.closed_until);
    return store_follow_round(call, round_id, &days, has_moved ? named_on : "", name);
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
