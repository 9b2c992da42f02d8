// Clocks and RFC 3339, with the proleptic Gregorian calendar done here: libc's would bring time zones in.
#include "vekha/base/time.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { MS_PER_SECOND = 1000, SECONDS_PER_DAY = 24 * 60 * 60, MS_PER_DAY = SECONDS_PER_DAY * MS_PER_SECOND };

// 0001-01-01T00:00:00.000Z and 9999-12-31T23:59:59.999Z.
static const int64_t first_ms = INT64_C(-62135596800000);
static const int64_t last_ms = INT64_C(253402300799999);

// Process-lifetime: set once by clock_use_offset_file() before threads start; NULL outside demos and tests.
static const int64_t *offset_ms;

static struct timespec
read_clock(clockid_t clock)
{
    struct timespec now = {0};
    (void)clock_gettime(clock, &now);
    return now;
}

int64_t
clock_unmoved_ms(void)
{
    struct timespec now = read_clock(CLOCK_REALTIME);
    return (int64_t)now.tv_sec * MS_PER_SECOND + now.tv_nsec / 1000000;
}

int64_t
clock_now_ms(void)
{
    int64_t moved = offset_ms ? __atomic_load_n(offset_ms, __ATOMIC_RELAXED) : 0;
    return clock_unmoved_ms() + moved;
}

int64_t
clock_monotonic_ms(void)
{
    struct timespec now = read_clock(CLOCK_MONOTONIC);
    return (int64_t)now.tv_sec * MS_PER_SECOND + now.tv_nsec / 1000000;
}

int64_t
clock_monotonic_us(void)
{
    struct timespec now = read_clock(CLOCK_MONOTONIC);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

enum status
clock_use_offset_file(const char *path)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0)
        return errno == ENOENT ? STATUS_NOT_FOUND : STATUS_FORBIDDEN;
    struct stat facts;
    void *mapped = MAP_FAILED;
    if (fstat(file, &facts) == 0 && facts.st_size >= (off_t)sizeof(int64_t))
        mapped = mmap(NULL, sizeof(int64_t), PROT_READ, MAP_SHARED, file, 0);
    (void)close(file);
    if (mapped == MAP_FAILED)
        return STATUS_INVALID;
    if (offset_ms) {
        union {
            const int64_t *read;
            void *mapped;
        } old = {.read = offset_ms};
        (void)munmap(old.mapped, sizeof(int64_t));
    }
    offset_ms = mapped;
    return STATUS_OK;
}

static bool
is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int
days_in_month(int year, int month)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

// Days since 1970-01-01. Years begin in March here, so that the leap day is the last one.
static int64_t
days_from_date(int year, int month, int day)
{
    int64_t y = month <= 2 ? year - 1 : year;
    int64_t era = (y >= 0 ? y : y - 399) / 400;
    int64_t year_of_era = y - era * 400;
    int64_t day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

static void
date_from_days(int64_t days, int *ret_year, int *ret_month, int *ret_day)
{
    days += 719468;
    int64_t era = (days >= 0 ? days : days - 146096) / 146097;
    int64_t day_of_era = days - era * 146097;
    int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t month = (5 * day_of_year + 2) / 153;
    *ret_day = (int)(day_of_year - (153 * month + 2) / 5 + 1);
    *ret_month = (int)(month < 10 ? month + 3 : month - 9);
    *ret_year = (int)(year_of_era + era * 400 + (*ret_month <= 2));
}

static void
write_digits(char *out, int width, int value)
{
    for (int i = width - 1; i >= 0; i--, value /= 10)
        out[i] = (char)('0' + value % 10);
}

void
time_format_utc(int64_t ms, char out[25])
{
    if (ms < first_ms)
        ms = first_ms;
    if (ms > last_ms)
        ms = last_ms;
    int64_t days = ms / MS_PER_DAY - (ms % MS_PER_DAY < 0);
    int rest = (int)(ms - days * MS_PER_DAY);
    int year, month, day;
    date_from_days(days, &year, &month, &day);
    memcpy(out, "0000-00-00T00:00:00.000Z", 25);
    write_digits(out, 4, year);
    write_digits(out + 5, 2, month);
    write_digits(out + 8, 2, day);
    write_digits(out + 11, 2, rest / 3600000);
    write_digits(out + 14, 2, rest / 60000 % 60);
    write_digits(out + 17, 2, rest / 1000 % 60);
    write_digits(out + 20, 3, rest % 1000);
}

// `width` digits at *text, which moves on; -1 when there are fewer.
static int
read_digits(const char **text, int width)
{
    int value = 0;
    for (int i = 0; i < width; i++, (*text)++) {
        if (**text < '0' || **text > '9')
            return -1;
        value = value * 10 + (**text - '0');
    }
    return value;
}

static bool
skip(const char **text, char expected)
{
    if (**text != expected)
        return false;
    (*text)++;
    return true;
}

static bool
read_date(const char **text, int64_t *ret_days)
{
    int year = read_digits(text, 4);
    if (year < 1 || !skip(text, '-'))
        return false;
    int month = read_digits(text, 2);
    if (month < 1 || month > 12 || !skip(text, '-'))
        return false;
    int day = read_digits(text, 2);
    if (day < 1 || day > days_in_month(year, month))
        return false;
    *ret_days = days_from_date(year, month, day);
    return true;
}

// HH:MM:SS with an optional fraction, of which milliseconds are kept. Leap seconds are refused: no clock here has them.
static bool
read_time_of_day(const char **text, int *ret_ms)
{
    int hour = read_digits(text, 2);
    if (hour < 0 || hour > 23 || !skip(text, ':'))
        return false;
    int minute = read_digits(text, 2);
    if (minute < 0 || minute > 59 || !skip(text, ':'))
        return false;
    int second = read_digits(text, 2);
    if (second < 0 || second > 59)
        return false;
    int fraction = 0;
    if (skip(text, '.')) {
        int unit = 100;
        if (**text < '0' || **text > '9')
            return false;
        for (; **text >= '0' && **text <= '9'; (*text)++, unit /= 10)
            fraction += (**text - '0') * unit;
    }
    *ret_ms = ((hour * 60 + minute) * 60 + second) * MS_PER_SECOND + fraction;
    return true;
}

static bool
read_zone(const char **text, int *ret_offset_ms)
{
    if (skip(text, 'Z') || skip(text, 'z')) {
        *ret_offset_ms = 0;
        return true;
    }
    bool is_west = **text == '-';
    if (!skip(text, '+') && !skip(text, '-'))
        return false;
    int hours = read_digits(text, 2);
    if (hours < 0 || hours > 23 || !skip(text, ':'))
        return false;
    int minutes = read_digits(text, 2);
    if (minutes < 0 || minutes > 59)
        return false;
    *ret_offset_ms = (hours * 60 + minutes) * 60 * MS_PER_SECOND * (is_west ? -1 : 1);
    return true;
}

enum status
time_parse(const char *text, int64_t *ret_ms)
{
    int64_t days;
    int of_day_ms, zone_ms;
    if (!text || !read_date(&text, &days) || (!skip(&text, 'T') && !skip(&text, 't')))
        return STATUS_INVALID;
    if (!read_time_of_day(&text, &of_day_ms) || !read_zone(&text, &zone_ms) || *text != '\0')
        return STATUS_INVALID;
    int64_t ms = days * MS_PER_DAY + of_day_ms - zone_ms;
    if (ms < first_ms || ms > last_ms)
        return STATUS_INVALID;
    *ret_ms = ms;
    return STATUS_OK;
}
