// A day of the calendar, without a zone.
#pragma once

#include <stdbool.h>

enum { DATE_BYTES = 11 }; // 2020-09-25

struct day {
    int year, month, number;
};

// False for text that is no day that exists.
bool day_read(const char *text, struct day *ret_day);
void day_write(struct day day, char out[DATE_BYTES]);
int day_month_length(int year, int month);
// Months since the year 0.
int day_months(struct day day);
struct day day_after(struct day day);
struct day day_before(struct day day);
struct day day_plus(struct day day, int count);
// The last day of a month stays the last day: 30.09 -> 31.10.
struct day day_plus_months(struct day day, int months);
bool day_is_before(struct day a, struct day b);
// Days from one to the other; 0 when `to` is not later.
int day_distance(struct day from, struct day to);
