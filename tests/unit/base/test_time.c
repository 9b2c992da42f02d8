// common/base/time: RFC 3339 both ways, and the clock that tests may move.
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "vekha/base/time.h"

static void
timestamps_are_parsed_and_written(void **state)
{
    (void)state;
    static const struct {
        const char *text, *utc;
    } rows[] = {
        {"2020-09-25T18:59:59Z", "2020-09-25T18:59:59.000Z"},
        {"2020-09-25T23:59:59+05:00", "2020-09-25T18:59:59.000Z"},
        {"2020-09-25t18:59:59z", "2020-09-25T18:59:59.000Z"},
        {"2020-12-31T23:30:00-01:00", "2021-01-01T00:30:00.000Z"},
        {"2020-03-01T02:00:00+03:00", "2020-02-29T23:00:00.000Z"},
        {"2019-03-01T02:00:00+03:00", "2019-02-28T23:00:00.000Z"},
        {"2000-02-29T12:00:00.5Z", "2000-02-29T12:00:00.500Z"},
        {"2020-01-01T00:00:00.123456789Z", "2020-01-01T00:00:00.123Z"},
        {"1970-01-01T00:00:00-00:00", "1970-01-01T00:00:00.000Z"},
        {"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
        {"1900-03-01T00:00:00Z", "1900-03-01T00:00:00.000Z"},
        {"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"},
        {"9999-12-31T23:59:59.999Z", "9999-12-31T23:59:59.999Z"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t ms;
        char utc[25];
        if (time_parse(rows[i].text, &ms) != STATUS_OK)
            fail_msg("%s was refused", rows[i].text);
        time_format_utc(ms, utc);
        assert_string_equal(utc, rows[i].utc);
    }
}

static void
other_forms_are_refused(void **state)
{
    (void)state;
    static const char *const rows[] = {
        "",
        "2020-09-25",
        "2020-09-25T18:59:59",
        "2020-09-25 18:59:59Z",
        "2020-09-25T18:59Z",
        "2020-09-25T18:59:59.Z",
        "2020-09-25T18:59:59,5Z",
        "2020-09-25T24:00:00Z",
        "2020-09-25T18:60:00Z",
        "2020-12-31T23:59:60Z",
        "2020-02-30T00:00:00Z",
        "2021-02-29T00:00:00Z",
        "2020-09-25T18:59:59+5:00",
        "2020-09-25T18:59:59+0500",
        "2020-09-25T18:59:59+24:00",
        "2020-09-25T18:59:59+05:60",
        "2020-09-25T18:59:59+05",
        "2020-09-25T18:59:59Zx",
        " 2020-09-25T18:59:59Z",
        "2020-09-25T18:59:59MSK",
        "+020-09-25T18:59:59Z",
        "20200925T185959Z",
        "10000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T23:59:59-00:01",
    };
    int64_t ms = 42;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (time_parse(rows[i], &ms) != STATUS_INVALID)
            fail_msg("\"%s\" was accepted", rows[i]);
    assert_int_equal(time_parse(NULL, &ms), STATUS_INVALID);
    assert_int_equal(ms, 42);
}

static void
every_day_agrees_with_libc(void **state)
{
    (void)state;
    for (int64_t day = -40000; day < 80000; day++) {
        time_t seconds = (time_t)(day * 86400 + 3723);
        struct tm parts;
        char expected[40], actual[25];
        int64_t ms;
        assert_non_null(gmtime_r(&seconds, &parts));
        (void)strftime(expected, sizeof expected, "%Y-%m-%dT%H:%M:%S.004Z", &parts);
        time_format_utc((int64_t)seconds * 1000 + 4, actual);
        assert_string_equal(actual, expected);
        assert_int_equal(time_parse(actual, &ms), STATUS_OK);
        assert_int_equal(ms, (int64_t)seconds * 1000 + 4);
    }
}

static void
times_out_of_range_are_written_as_the_nearest(void **state)
{
    (void)state;
    char text[25];
    time_format_utc(INT64_MIN, text);
    assert_string_equal(text, "0001-01-01T00:00:00.000Z");
    time_format_utc(INT64_MAX, text);
    assert_string_equal(text, "9999-12-31T23:59:59.999Z");
}

static void
clocks_agree_with_the_system(void **state)
{
    (void)state;
    int64_t first_us = clock_monotonic_us();
    assert_true(llabs(clock_now_ms() - (int64_t)time(NULL) * 1000) < 2000);
    assert_true(llabs(clock_monotonic_ms() - first_us / 1000) < 1000);
    assert_true(clock_monotonic_us() >= first_us);
}

static void
the_offset_file_moves_the_clock_at_once(void **state)
{
    (void)state;
    char path[] = "/tmp/vekha-clock-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    int64_t year_ms = INT64_C(365) * 24 * 3600 * 1000, zero = 0;

    assert_int_equal(clock_use_offset_file("/nonexistent/clock"), STATUS_NOT_FOUND);
    assert_int_equal(clock_use_offset_file(path), STATUS_INVALID); // empty
    assert_int_equal(pwrite(file, &year_ms, sizeof year_ms, 0), sizeof year_ms);
    int64_t before = clock_now_ms(), monotonic = clock_monotonic_ms();
    assert_int_equal(clock_use_offset_file(path), STATUS_OK);
    assert_true(llabs(clock_now_ms() - before - year_ms) < 1000);
    assert_true(clock_monotonic_ms() - monotonic < 1000);
    assert_int_equal(pwrite(file, &zero, sizeof zero, 0), sizeof zero);
    assert_true(llabs(clock_now_ms() - before) < 1000);
    assert_int_equal(clock_use_offset_file(path), STATUS_OK); // again: the old mapping is given back
    (void)close(file);
    (void)unlink(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(timestamps_are_parsed_and_written),
        cmocka_unit_test(other_forms_are_refused),
        cmocka_unit_test(every_day_agrees_with_libc),
        cmocka_unit_test(times_out_of_range_are_written_as_the_nearest),
        cmocka_unit_test(clocks_agree_with_the_system),
        cmocka_unit_test(the_offset_file_moves_the_clock_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
