// common/base/log: lines are JSON whatever they are given.
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "vekha/base/log.h"
#include "vekha/base/text.h"

// Standard error as a pipe, so that what is written can be read back.
static int ends[2];
static int saved_standard_error;

static int
capture(void **state)
{
    (void)state;
    saved_standard_error = dup(STDERR_FILENO);
    return pipe(ends) != 0 || dup2(ends[1], STDERR_FILENO) < 0;
}

static int
restore(void **state)
{
    (void)state;
    (void)dup2(saved_standard_error, STDERR_FILENO);
    (void)close(saved_standard_error);
    (void)close(ends[0]);
    (void)close(ends[1]);
    return 0;
}

static char line[8192];

static const char *
read_line(void)
{
    ssize_t size = read(ends[0], line, sizeof line - 1);
    assert_true(size > 0);
    line[size] = '\0';
    return line;
}

static void
a_line_has_time_level_process_message_and_pairs(void **state)
{
    (void)state;
    log_open("auth", LOG_INFO);
    log_write(LOG_INFO, "worker ready", "lane", "auth/hash", "threads", "2", NULL);
    const char *text = read_line();
    assert_memory_equal(text, "{\"time\":\"20", 11);
    assert_non_null(strstr(text, "Z\",\"level\":\"info\",\"process\":\"auth\",\"message\":\"worker ready\","
                                 "\"lane\":\"auth/hash\",\"threads\":\"2\"}\n"));
    log_write(LOG_DEBUG, "not shown", NULL);
    log_write(LOG_ERROR, "shown", NULL);
    assert_non_null(strstr(read_line(), "\"level\":\"error\",\"process\":\"auth\",\"message\":\"shown\"}\n"));
}

static void
values_cannot_break_out_of_their_quotes(void **state)
{
    (void)state;
    static const struct {
        const char *value, *written;
    } rows[] = {
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"\r\n\t\x1b[31m\x7f", "\"\\u000d\\u000a\\u0009\\u001b[31m\\u007f\""},
        {"\xc2\x9b"
         "31m",
         "\"\\u009b31m\""}, // the one-byte terminal command introducer
        {"\xe2\x80\xa8", "\"\\u2028\""},
        {"школа \xc2\xa0", "\"школа \xc2\xa0\""},
        {"a\xff\xc0"
         "b",
         "\"a\xef\xbf\xbd\xef\xbf\xbd"
         "b\""},
        {"\xd0", "\"\xef\xbf\xbd\""},
        {"", "\"\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        log_write(LOG_INFO, "m", "key", rows[i].value, NULL);
        char *value = strstr(read_line(), "\"key\":");
        assert_non_null(value);
        size_t size = strlen(rows[i].written);
        if (strncmp(value + 6, rows[i].written, size) != 0 || strcmp(value + 6 + size, "}\n") != 0)
            fail_msg("row %zu: %s", i, value);
    }
    log_write(LOG_INFO, "m", "key", (char *)NULL, "next", "x", NULL);
    assert_non_null(strstr(read_line(), "\"key\":\"\",\"next\":\"x\"}\n"));
}

static void
long_values_are_cut_and_the_line_stays_whole(void **state)
{
    (void)state;
    static char value[10000];
    static const char *const pieces[] = {"x", "\n", "ш", "\""};
    for (size_t i = 0; i < sizeof pieces / sizeof *pieces; i++) {
        value[0] = '\0';
        for (size_t used = 0; used + 3 < sizeof value; used += strlen(pieces[i]))
            memcpy(value + used, pieces[i], strlen(pieces[i]) + 1);
        log_write(LOG_INFO, "m", "first", value, "second", value, "third", "x", NULL);
        const char *text = read_line();
        size_t size = strlen(text);
        assert_true(size > 4000 && size <= 4096);
        assert_true(text_is_utf8(text, size));
        assert_string_equal(text + size - 3, "\"}\n");
        assert_null(strstr(text, "third"));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_has_time_level_process_message_and_pairs, capture, restore),
        cmocka_unit_test_setup_teardown(values_cannot_break_out_of_their_quotes, capture, restore),
        cmocka_unit_test_setup_teardown(long_values_are_cut_and_the_line_stays_whole, capture, restore),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
