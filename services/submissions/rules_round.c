// The calendar of rounds: one follows the other without a gap.
#include <stdio.h>
#include <string.h>

#include "day.h"
#include "rules.h"
#include "vekha/base/text.h"

enum { SHORTEST_MONTH_DAYS = 28 };

enum days_problem
rules_check_days(const char *opens_on, const char *due_on, const char *closed_until)
{
    struct day opens, due, until;
    if (!day_read(opens_on, &opens) || !day_read(due_on, &due) || !day_read(closed_until, &until))
        return DAYS_NOT_DATES;
    // ISO dates sort as text.
    if (strcmp(due_on, opens_on) < 0)
        return DAYS_DUE_TOO_EARLY;
    if (strcmp(closed_until, due_on) < 0)
        return DAYS_CLOSED_TOO_EARLY;
    return until.year - opens.year > 1 ? DAYS_TOO_LONG : DAYS_GOOD;
}

static void
name_round(struct day opens, struct day until, bool by_month, char out[ROUND_NAME_BYTES])
{
    static const char *const MONTHS[] = {"Январь", "Февраль", "Март",     "Апрель",  "Май",    "Июнь",
                                         "Июль",   "Август",  "Сентябрь", "Октябрь", "Ноябрь", "Декабрь"};
    if (by_month && opens.year == until.year && opens.month == until.month)
        snprintf(out, ROUND_NAME_BYTES, "%s %d", MONTHS[opens.month - 1], opens.year);
    else
        snprintf(out, ROUND_NAME_BYTES, "%02d.%02d.%04d – %02d.%02d.%04d", opens.number, opens.month, opens.year,
                 until.number, until.month, until.year);
}

enum status
rules_next_round(const struct round_days *days, struct round_days *ret_next, char ret_name[ROUND_NAME_BYTES])
{
    struct day opens, due, until;
    if (rules_check_days(days->opens_on, days->due_on, days->closed_until) != DAYS_GOOD ||
        !day_read(days->opens_on, &opens) || !day_read(days->due_on, &due) || !day_read(days->closed_until, &until))
        return STATUS_INVALID;
    struct day next_opens = day_after(until);
    // A monthly (quarterly) round keeps its day of the month: due on the 25th again. A shorter one keeps its length,
    // also the week in which a month ends.
    int months = day_months(next_opens) - day_months(opens);
    struct day next_due = day_plus_months(due, months);
    struct day next_until = day_plus_months(until, months);
    bool is_within_weeks =
        day_months(until) > day_months(opens) && day_distance(opens, next_opens) < SHORTEST_MONTH_DAYS;
    bool is_monthly = months > 0 && !is_within_weeks && !day_is_before(next_due, next_opens);
    if (!is_monthly) {
        next_due = day_plus(next_opens, day_distance(opens, due));
        next_until = day_plus(next_opens, day_distance(opens, until));
    }
    day_write(next_opens, ret_next->opens_on);
    day_write(next_due, ret_next->due_on);
    day_write(next_until, ret_next->closed_until);
    name_round(next_opens, next_until, is_monthly, ret_name);
    return STATUS_OK;
}

void
rules_russian_date(const char *date, char out[DATE_BYTES])
{
    if (strlen(date) == DATE_BYTES - 1 && date[4] == '-' && date[7] == '-')
        snprintf(out, DATE_BYTES, "%.2s.%.2s.%.4s", date + 8, date + 5, date);
    else
        snprintf(out, DATE_BYTES, "%s", date);
}
