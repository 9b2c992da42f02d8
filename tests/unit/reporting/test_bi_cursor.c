// Where a reading of a BI table goes on: what was written is read again, anything else is refused.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "bi_cursor.h"

#define FIRST "00000000-0000-0000-0000-000000000001"
#define SECOND "0198c0de-0000-7000-8000-00000000beef"

#define TWO_KEYS "7_" FIRST "_" FIRST
#define NO_UUID "7_" FIRST "_" FIRST "_x"
#define EMPTY_KEY "7_" FIRST "__" FIRST

static int
open_arena(void **state)
{
    static struct arena arena;
    *state = &arena;
    arena_init(&arena, 64 * 1024);
    return 0;
}

static int
close_arena(void **state)
{
    arena_done(*state);
    return 0;
}

static void
what_was_written_is_read_again(void **state)
{
    static const char *const texts[] = {"7_5_17", "7_5_" FIRST, "900_" FIRST "_" SECOND "_" FIRST, "0_0_0"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        struct bi_cursor cursor;
        assert_true(bi_cursor_parse(*state, texts[i], &cursor));
        assert_string_equal(bi_cursor_format(*state, &cursor), texts[i]);
    }
    struct bi_cursor cursor;
    assert_true(bi_cursor_parse(*state, texts[1], &cursor));
    assert_int_equal(cursor.up_to, 7);
    assert_int_equal(cursor.change, 5);
    assert_false(bi_is_walk(&cursor));
    assert_true(bi_cursor_parse(*state, texts[2], &cursor));
    assert_int_equal(cursor.up_to, 900);
    assert_string_equal(cursor.keys[1], SECOND);
    assert_true(bi_is_walk(&cursor));
}

static void
anything_else_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "_",
        "7",
        "7_5",
        "7_5_",
        "7_5_x",
        "-7_5_17",
        "7_-5_17",
        "7_5_1x",
        " 7_5_17",
        "7_5_17_",
        "7_5_17_1_1",
        "7__17",
        "x_5_17",
        TWO_KEYS,
        NO_UUID,
        EMPTY_KEY,
        "1234567890123456789_5_17",
        "7_5_1234567890123456789",
    };
    struct bi_cursor cursor;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        assert_false(bi_cursor_parse(*state, texts[i], &cursor));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_written_is_read_again, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(anything_else_is_refused, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
