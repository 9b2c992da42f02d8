// The calendar of rounds: one follows the other without a gap.
#include <stdio.h>
#include <string.h>

#include "rules.h"
#include "vekha/base/text.h"

enum { SHORTEST_MONTH_DAYS = 28 };

struct day {
    int year, month, number;
};

static bool
is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in_month(int year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : DAYS[month - 1];
}

static bool
day_read(const char *text, struct day *ret_day)
{
    return text_is_date(text) && sscanf(text, "%4d-%2d-%2d", &ret_day->year, &ret_day->month, &ret_day->number) == 3;
}

static void
day_write(struct day day, char out[DATE_BYTES])
{
    snprintf(out, DATE_BYTES, "%04u-%02u-%02u", (unsigned)day.year % 10000, (unsigned)day.month % 100,
             (unsigned)day.number % 100);
}

static struct day
day_after(struct day day)
{
    if (++day.number <= days_in_month(day.year, day.month))
        return day;
    day.number = 1;
    if (++day.month > 12) {
        day.month = 1;
        day.year++;
    }
    return day;
}

static struct day
day_plus(struct day day, int count)
{
    while (count-- > 0)
        day = day_after(day);
    return day;
}

static int
months_of(struct day day)
{
    return day.year * 12 + day.month - 1;
}

// The last day of a month stays the last day: 30.09 -> 31.10.
static struct day
day_plus_months(struct day day, int months)
{
    bool is_last = day.number == days_in_month(day.year, day.month);
    int total = months_of(day) + months;
    struct day moved = {total / 12, total % 12 + 1, day.number};
    int last = days_in_month(moved.year, moved.month);
    if (is_last || moved.number > last)
        moved.number = last;
    return moved;
}

static bool
is_before(struct day a, struct day b)
{
    return months_of(a) < months_of(b) || (months_of(a) == months_of(b) && a.number < b.number);
}

static int
days_between(struct day from, struct day to)
{
    int count = 0;
    while (is_before(from, to)) {
        from = day_after(from);
        count++;
    }
    return count;
}

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
    int months = months_of(next_opens) - months_of(opens);
    struct day next_due = day_plus_months(due, months);
    struct day next_until = day_plus_months(until, months);
    bool is_within_weeks = months_of(until) > months_of(opens) && days_between(opens, next_opens) < SHORTEST_MONTH_DAYS;
    bool is_monthly = months > 0 && !is_within_weeks && !is_before(next_due, next_opens);
    if (!is_monthly) {
        next_due = day_plus(next_opens, days_between(opens, due));
        next_until = day_plus(next_opens, days_between(opens, until));
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
