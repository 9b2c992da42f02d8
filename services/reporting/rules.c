// Decisions of the reports: no I/O.
#include "rules.h"

#include <stdio.h>
#include <string.h>

static const char *const values_names[] = {
    [VALUES_NEW] = "new", [VALUES_ACCEPTED] = "accepted", [VALUES_AS_OF] = "as_of"};

enum report_values
rules_parse_values(const char *values, const char *as_of)
{
    if (!*values)
        return *as_of ? VALUES_AS_OF : VALUES_NEW;
    for (size_t i = 0; i < VALUES_UNKNOWN; i++)
        if (strcmp(values, values_names[i]) == 0)
            return (enum report_values)i;
    return VALUES_UNKNOWN;
}

const char *
rules_values_name(enum report_values values)
{
    return values < VALUES_UNKNOWN ? values_names[values] : "";
}

static const char *const state_names[CELL_STATE_COUNT] = {
    [CELL_EMPTY] = "empty",       [CELL_DRAFT] = "draft",       [CELL_IN_REVIEW] = "in_review",
    [CELL_ACCEPTED] = "accepted", [CELL_REJECTED] = "rejected",
};

enum cell_state
rules_parse_state(const char *state)
{
    for (size_t i = 0; i < CELL_STATE_COUNT; i++)
        if (strcmp(state, state_names[i]) == 0)
            return (enum cell_state)i;
    return CELL_EMPTY;
}

const char *
rules_state_name(enum cell_state state)
{
    return state < CELL_STATE_COUNT ? state_names[state] : "";
}

static const char *const reason_names[REASON_COUNT] = {
    [REASON_REJECTED] = "rejected",
    [REASON_DRAFT_NOT_SENT] = "draft_not_sent",
    [REASON_NEVER_LOGGED_IN] = "never_logged_in",
    [REASON_NOT_BEGUN] = "not_begun",
    [REASON_NOT_DUE_YET] = "not_due_yet",
    [REASON_IN_REVIEW] = "in_review",
    [REASON_ALREADY_ACCEPTED] = "already_accepted",
};

const char *
rules_reason_name(enum reason reason)
{
    return reason < REASON_COUNT ? reason_names[reason] : "";
}

enum cell_state
rules_wanted_state(enum report_values values)
{
    return values == VALUES_NEW ? CELL_IN_REVIEW : CELL_ACCEPTED;
}

// What has happened to the item speaks first. Of an item that nobody touched: an organisation that was never in the
// system has that to explain before anything else; one that has begun elsewhere in the round may leave an item until
// the due moment; one that has begun nothing has not begun, whatever the date.
enum reason
rules_item_reason(enum cell_state state, const struct organisation_facts *facts)
{
    switch (state) {
    case CELL_REJECTED:
        return REASON_REJECTED;
    case CELL_DRAFT:
        return REASON_DRAFT_NOT_SENT;
    case CELL_IN_REVIEW:
        return REASON_IN_REVIEW;
    case CELL_ACCEPTED:
        return REASON_ALREADY_ACCEPTED;
    case CELL_EMPTY:
    case CELL_STATE_COUNT:
        break;
    }
    if (!facts->has_logged_in && !facts->has_begun)
        return REASON_NEVER_LOGGED_IN;
    return facts->has_begun && !facts->is_due ? REASON_NOT_DUE_YET : REASON_NOT_BEGUN;
}

enum reason
rules_organisation_reason(const unsigned items[CELL_STATE_COUNT], const struct organisation_facts *facts)
{
    enum reason pressing = REASON_NONE;
    for (int state = 0; state < CELL_STATE_COUNT; state++) {
        if (!items[state])
            continue;
        enum reason reason = rules_item_reason((enum cell_state)state, facts);
        if (reason < pressing)
            pressing = reason;
    }
    return pressing;
}

bool
rules_is_other(const char *kind)
{
    return strcmp(kind, "school") != 0 && strcmp(kind, "authority") != 0;
}

const char *
rules_organisation_group(const char *kind)
{
    if (strcmp(kind, "school") == 0)
        return "schools";
    if (strcmp(kind, "authority") == 0)
        return "authorities";
    return strcmp(kind, "superior") == 0 ? "superior" : "other";
}

bool
rules_is_start_group(const char *group)
{
    return !*group || strcmp(group, "not_started") == 0 || strcmp(group, "started") == 0 || strcmp(group, "other") == 0;
}

bool
rules_is_provided_group(const char *group)
{
    return !*group || strcmp(group, "with_data") == 0 || strcmp(group, "without_data") == 0;
}

static bool
read_month(const char *day, struct report_month *ret_month)
{
    return sscanf(day, "%4d-%2d", &ret_month->year, &ret_month->month) == 2;
}

size_t
rules_report_months(const char *today, const char *earliest, struct report_month out[REPORT_DATES_MAX])
{
    struct report_month month, first = {0, 0};
    if (!read_month(today, &month))
        return 0;
    bool has_data = read_month(earliest, &first);
    size_t count = 0;
    while (count < REPORT_DATES_MAX) {
        bool is_after_data =
            has_data && (month.year > first.year || (month.year == first.year && month.month > first.month));
        if (count >= REPORT_DATES_MIN && !is_after_data)
            break;
        out[count++] = month;
        if (--month.month == 0)
            month = (struct report_month){month.year - 1, 12};
    }
    return count;
}
