// Due dates out of the words of a document. Integer arithmetic on days.
#include "rules_due.h"

#include <string.h>

#include "vekha/base/text.h"

static const char *const KIND_NAMES[] = {
    [DUE_ROUND] = "round",         [DUE_BY_EXECUTOR] = "by_executor", [DUE_EXACT] = "exact",
    [DUE_NOT_LATER] = "not_later", [DUE_BY_SCHEDULE] = "by_schedule", [DUE_RELATIVE_YEAR] = "relative_year",
    [DUE_RECURRING] = "recurring", [DUE_QUARTER] = "quarter",         [DUE_PERIOD] = "period",
};
_Static_assert(sizeof(KIND_NAMES) / sizeof(KIND_NAMES[0]) == DUE_KIND_COUNT, "a name per kind");

static const struct {
    const char *name;
    int months;
} EVERY[] = {{"month", 1}, {"quarter", 3}, {"year", 12}};

enum due_kind
rules_due_kind_named(const char *name)
{
    enum due_kind kind = DUE_ROUND;
    if (!*name)
        return kind;
    while (kind < DUE_KIND_COUNT && strcmp(KIND_NAMES[kind], name) != 0)
        kind++;
    return kind;
}

bool
rules_due_is_open(enum due_kind kind)
{
    return kind == DUE_BY_EXECUTOR || kind == DUE_BY_SCHEDULE;
}

// 0 for a word that is none.
static int
months_between(const char *every)
{
    for (size_t i = 0; i < sizeof(EVERY) / sizeof(EVERY[0]); i++)
        if (strcmp(EVERY[i].name, every) == 0)
            return EVERY[i].months;
    return 0;
}

static bool
is_day_of_year(unsigned month, unsigned day)
{
    enum { LEAP_YEAR = 2024 };
    return month >= 1 && month <= 12 && day >= 1 && day <= (unsigned)day_month_length(LEAP_YEAR, (int)month);
}

static enum due_problem
check_recurring(const struct due *due)
{
    if (months_between(due->every) == 0)
        return DUE_EVERY_UNKNOWN;
    if (strcmp(due->every, "month") == 0 || (strcmp(due->every, "quarter") == 0 && due->month == 0))
        return due->day >= 1 && due->day <= 31 ? DUE_GOOD : DUE_DAY_WRONG;
    return is_day_of_year(due->month, due->day) ? DUE_GOOD : DUE_DAY_WRONG;
}

enum due_problem
rules_check_due(const struct due *due)
{
    switch (rules_due_kind_named(due->kind)) {
    case DUE_EXACT:
    case DUE_NOT_LATER:
        return *due->on ? DUE_GOOD : DUE_ON_MISSING;
    case DUE_PERIOD:
        if (!*due->on)
            return DUE_ON_MISSING;
        // ISO dates sort as text.
        return *due->from && strcmp(due->from, due->on) <= 0 ? DUE_GOOD : DUE_FROM_MISSING;
    case DUE_BY_SCHEDULE:
        return text_is_blank(due->owner) ? DUE_OWNER_MISSING : DUE_GOOD;
    case DUE_RELATIVE_YEAR:
        return is_day_of_year(due->month, due->day) ? DUE_GOOD : DUE_DAY_WRONG;
    case DUE_QUARTER:
        return due->quarter >= 1 && due->quarter <= 4 ? DUE_GOOD : DUE_QUARTER_WRONG;
    case DUE_RECURRING:
        return check_recurring(due);
    case DUE_ROUND:
    case DUE_BY_EXECUTOR:
        return DUE_GOOD;
    case DUE_KIND_COUNT:
        break;
    }
    return DUE_UNKNOWN_KIND;
}

static struct day
day_within(int year, int month, int number)
{
    int last = day_month_length(year, month);
    return (struct day){year, month, number < last ? number : last};
}

// From the round's first day on, every so many months. A quarterly date without a month falls into the first month of
// each quarter, the way «до 10 числа месяца, следующего за отчётным кварталом» is meant.
static size_t
recurring_days(const struct due *due, struct day opens, const char *last, char ret_days[DUE_DAYS_MAX][DATE_BYTES])
{
    int step = months_between(due->every);
    int first_month = step == 1 || due->month == 0 ? 1 : (int)due->month;
    // A month of the grid that is not after the first day: whole years back.
    int months = (opens.year - 1) * 12 + first_month - 1;
    size_t count = 0;
    for (; count < DUE_DAYS_MAX; months += step) {
        struct day day = day_within(months / 12, months % 12 + 1, (int)due->day);
        if (day_is_before(day, opens))
            continue;
        day_write(day, ret_days[count]);
        if (strcmp(ret_days[count], last) > 0)
            break;
        count++;
    }
    return count;
}

size_t
rules_due_days(const struct due *due, const char *opens_on, const char *due_on, const char *closed_until,
               char ret_days[DUE_DAYS_MAX][DATE_BYTES])
{
    struct day opens, round_due, day;
    if (rules_check_due(due) != DUE_GOOD || !day_read(opens_on, &opens) || !day_read(due_on, &round_due))
        return 0;
    int year = round_due.year + due->year_offset;
    switch (rules_due_kind_named(due->kind)) {
    case DUE_EXACT:
    case DUE_NOT_LATER:
    case DUE_PERIOD:
        if (!day_read(due->on, &day))
            return 0;
        break;
    case DUE_RELATIVE_YEAR:
        day = day_within(year, (int)due->month, (int)due->day);
        break;
    case DUE_QUARTER:
        day = day_within(year, (int)due->quarter * 3, 31);
        break;
    case DUE_RECURRING:
        return recurring_days(
            due, opens, *due->until && strcmp(due->until, closed_until) < 0 ? due->until : closed_until, ret_days);
    case DUE_ROUND:
    case DUE_BY_EXECUTOR:
    case DUE_BY_SCHEDULE:
    case DUE_KIND_COUNT:
        return 0;
    }
    day_write(day, ret_days[0]);
    return 1;
}

enum day_off_rule
rules_day_off_named(const char *name)
{
    static const char *const NAMES[] = {
        [DAY_OFF_KEEP] = "keep",
        [DAY_OFF_NEXT] = "next_working_day",
        [DAY_OFF_PREVIOUS] = "previous_working_day",
    };
    _Static_assert(sizeof(NAMES) / sizeof(NAMES[0]) == DAY_OFF_RULE_COUNT, "a name per rule");
    enum day_off_rule rule = DAY_OFF_KEEP;
    if (!*name)
        return rule;
    while (rule < DAY_OFF_RULE_COUNT && strcmp(NAMES[rule], name) != 0)
        rule++;
    return rule;
}

static bool
is_day_off(const char *day, const char *days_off)
{
    size_t from = 0, until = (strlen(days_off) + 1) / DATE_BYTES;
    while (from < until) {
        size_t middle = from + (until - from) / 2;
        int order = strncmp(day, days_off + middle * DATE_BYTES, DATE_BYTES - 1);
        if (order == 0)
            return true;
        if (order < 0)
            until = middle;
        else
            from = middle + 1;
    }
    return false;
}

bool
rules_move_due(char day[DATE_BYTES], enum day_off_rule rule, const char *days_off, const char *opens_on,
               const char *closed_until)
{
    struct day moved;
    char text[DATE_BYTES];
    if (rule == DAY_OFF_KEEP || !is_day_off(day, days_off) || !day_read(day, &moved))
        return false;
    do {
        moved = rule == DAY_OFF_NEXT ? day_after(moved) : day_before(moved);
        day_write(moved, text);
    } while (is_day_off(text, days_off));
    bool leaves = rule == DAY_OFF_NEXT ? strcmp(day, closed_until) <= 0 && strcmp(text, closed_until) > 0
                                       : strcmp(day, opens_on) >= 0 && strcmp(text, opens_on) < 0;
    if (!leaves)
        memcpy(day, text, DATE_BYTES);
    return !leaves;
}

enum plan_problem
rules_check_plan(const char *planned_on, const char *expected, const char *current, const char *reason,
                 const char *today, const char *latest_on)
{
    enum { REASON_CHARS_MIN = 3 };
    if (strcmp(expected, current) != 0)
        return PLAN_STALE;
    if (strcmp(planned_on, current) == 0)
        return PLAN_UNCHANGED;
    if (strcmp(planned_on, today) < 0)
        return PLAN_IN_THE_PAST;
    if (strcmp(planned_on, latest_on) > 0)
        return PLAN_AFTER_THE_ROUND;
    if (*current && (text_is_blank(reason) || text_count_chars(reason) < REASON_CHARS_MIN))
        return PLAN_NO_REASON;
    return PLAN_GOOD;
}
