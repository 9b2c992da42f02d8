// The calendar of days: the Gregorian one.
#include "day.h"

#include <stdio.h>

#include "vekha/base/text.h"

static bool
is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int
day_month_length(int year, int month)
{
    static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : DAYS[month - 1];
}

bool
day_read(const char *text, struct day *ret_day)
{
    return text_is_date(text) && sscanf(text, "%4d-%2d-%2d", &ret_day->year, &ret_day->month, &ret_day->number) == 3;
}

void
day_write(struct day day, char out[DATE_BYTES])
{
    snprintf(out, DATE_BYTES, "%04u-%02u-%02u", (unsigned)day.year % 10000, (unsigned)day.month % 100,
             (unsigned)day.number % 100);
}

struct day
day_after(struct day day)
{
    if (++day.number <= day_month_length(day.year, day.month))
        return day;
    day.number = 1;
    if (++day.month > 12) {
        day.month = 1;
        day.year++;
    }
    return day;
}

struct day
day_before(struct day day)
{
    if (--day.number > 0)
        return day;
    if (--day.month < 1) {
        day.month = 12;
        day.year--;
    }
    day.number = day_month_length(day.year, day.month);
    return day;
}

struct day
day_plus(struct day day, int count)
{
    while (count-- > 0)
        day = day_after(day);
    return day;
}

int
day_months(struct day day)
{
    return day.year * 12 + day.month - 1;
}

// The last day of a month stays the last day: 30.09 -> 31.10.
struct day
day_plus_months(struct day day, int months)
{
    bool is_last = day.number == day_month_length(day.year, day.month);
    int total = day_months(day) + months;
    struct day moved = {total / 12, total % 12 + 1, day.number};
    int last = day_month_length(moved.year, moved.month);
    if (is_last || moved.number > last)
        moved.number = last;
    return moved;
}

bool
day_is_before(struct day a, struct day b)
{
    return day_months(a) < day_months(b) || (day_months(a) == day_months(b) && a.number < b.number);
}

int
day_distance(struct day from, struct day to)
{
    int count = 0;
    while (day_is_before(from, to)) {
        from = day_after(from);
        count++;
    }
    return count;
}
