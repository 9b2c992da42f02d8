// common/base/config: what is read, and what the refusals say.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "vekha/base/config.h"

static const struct config_key keys[] = {
    {"dsn", NULL, "libpq connection string"},
    {"workers", "2", "threads"},
    {"log_level", "info", "debug, info, warning or error"},
    {"note", "", NULL},
    {"folder", NULL, NULL},
};
enum { KEY_COUNT = sizeof keys / sizeof *keys };

static enum status
load(const char *text, size_t size, struct config **ret_config, const char **ret_problem)
{
    char path[] = "/tmp/vekha-test-XXXXXX.conf";
    int descriptor = mkstemps(path, 5);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, size, file), size);
    assert_int_equal(fclose(file), 0);
    enum status status = config_load(path, keys, KEY_COUNT, ret_config, ret_problem);
    (void)unlink(path);
    return status;
}

static void
good_files_are_read(void **state)
{
    (void)state;
    static const char text[] = "\xef\xbb\xbf# comment\r\n"
                               "\r\n"
                               "  dsn =  host=/tmp dbname=x password=a#b  \r\n"
                               "\tworkers\t=\t-12\n"
                               "   # indented comment = ignored\n"
                               "note = это = заметка\n"
                               "folder = /x"; // no newline at the end
    struct config *config = NULL;
    const char *problem = NULL;
    assert_int_equal(load(text, sizeof text - 1, &config, &problem), STATUS_OK);
    assert_string_equal(config_text(config, "dsn"), "host=/tmp dbname=x password=a#b");
    assert_int_equal(config_number(config, "workers"), -12);
    assert_string_equal(config_text(config, "note"), "это = заметка");
    assert_string_equal(config_text(config, "log_level"), "info");
    assert_string_equal(config_text(config, "folder"), "/x");
    assert_int_equal(config_number(config, "log_level"), 0);
    config_free(&config);
    assert_null(config);
    config_free(&config);
}

static void
bad_files_are_refused_with_place_and_remedy(void **state)
{
    (void)state;
    static const struct {
        const char *text, *words;
    } rows[] = {
        {"dsn = x\nfolder = y\nworkerz = 3\n", ".conf:3: unknown key \"workerz\""},
        {"dsn = x\nfolder = y\ndsn = z\n", ".conf:3: \"dsn\" was already given in line 1"},
        {"dsn = x\n", "\"folder\" is missing"},
        {"folder = x\n", "\"dsn\" is missing (libpq connection string)"},
        {"", "\"dsn\" is missing"},
        {"dsn\n", ".conf:1: \"dsn\" has no \"=\""},
        {"dsn =\n", ".conf:1: \"dsn\" must not be empty"},
        {"\nfolder =  \n", ".conf:2: \"folder\" must not be empty (mandatory)"},
        {"= x\n", ".conf:1: unknown key \"\""},
        {"workers = 1o\n", ".conf:1: \"workers\" takes a number, not \"1o\""},
        {"workers =\n", "takes a number"},
        {"workers = 99999999999999999999\n", "takes a number"},
        {"DSN = x\n", "unknown key \"DSN\""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct config *config = NULL;
        const char *problem = NULL;
        assert_int_equal(load(rows[i].text, strlen(rows[i].text), &config, &problem), STATUS_INVALID);
        assert_null(config);
        if (!strstr(problem, rows[i].words))
            fail_msg("row %zu says: %s", i, problem);
    }
}

static void
unreadable_files_are_refused(void **state)
{
    (void)state;
    struct config *config = NULL;
    const char *problem = NULL;
    assert_int_equal(config_load("/nonexistent/x.conf", keys, KEY_COUNT, &config, &problem), STATUS_INVALID);
    assert_non_null(strstr(problem, "/nonexistent/x.conf: cannot be opened: No such file"));
    assert_int_equal(config_load("/tmp", keys, KEY_COUNT, &config, &problem), STATUS_INVALID);
    assert_int_equal(load("dsn = a\0b\n", 10, &config, &problem), STATUS_INVALID);
    assert_non_null(strstr(problem, "NUL"));
    char *big = calloc(1, 70000);
    memset(big, '#', 70000);
    assert_int_equal(load(big, 70000, &config, &problem), STATUS_INVALID);
    assert_non_null(strstr(problem, "larger than"));
    free(big);
    assert_null(config);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(good_files_are_read),
        cmocka_unit_test(bad_files_are_refused_with_place_and_remedy),
        cmocka_unit_test(unreadable_files_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
