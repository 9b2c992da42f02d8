// common/base/text: the buffer and its limit.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "vekha/base/text.h"

static void
grows_and_stays_terminated(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 100000);
    assert_null(buffer.data);
    buffer_reset(&buffer);
    for (int i = 0; i < 10000; i++) {
        buffer_add_char(&buffer, 'a');
        buffer_add_text(&buffer, "bc");
        buffer_add_format(&buffer, "%d", i % 10);
    }
    assert_false(buffer.overflowed);
    assert_int_equal(buffer.size, 40000);
    assert_int_equal(strlen(buffer.data), 40000);
    assert_memory_equal(buffer.data + 39996, "abc9", 5);
    buffer_reset(&buffer);
    assert_string_equal(buffer.data, "");
    buffer_add(&buffer, "x\0y", 3);
    assert_memory_equal(buffer.data, "x\0y\0", 4);
    buffer_done(&buffer);
    assert_null(buffer.data);
    buffer_done(&buffer);
}

static void
what_does_not_fit_is_ignored_and_remembered(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 10);
    buffer_add_text(&buffer, "0123456789");
    assert_false(buffer.overflowed);
    buffer_add(&buffer, "", 0);
    assert_false(buffer.overflowed);
    buffer_add_char(&buffer, 'x');
    assert_true(buffer.overflowed);
    assert_string_equal(buffer.data, "0123456789");
    buffer_reset(&buffer);
    assert_false(buffer.overflowed);
    buffer_add_text(&buffer, "01234");
    buffer_add_text(&buffer, "567890");
    assert_true(buffer.overflowed);
    buffer_add_text(&buffer, "5"); // would fit, but something before it is missing
    assert_string_equal(buffer.data, "01234");
    buffer_reset(&buffer);
    buffer_add(&buffer, "x", SIZE_MAX);
    assert_true(buffer.overflowed);
    buffer_done(&buffer);
}

static void
formats_over_the_limit_leave_the_text_whole(void **state)
{
    (void)state;
    struct buffer buffer;
    buffer_init(&buffer, 600);
    buffer_add_text(&buffer, "kept");
    buffer_add_format(&buffer, "%700d", 1);
    assert_true(buffer.overflowed);
    assert_string_equal(buffer.data, "kept");
    buffer_reset(&buffer);
    buffer_add_format(&buffer, "%600d", 1); // more than the first piece of memory
    assert_false(buffer.overflowed);
    assert_int_equal(strlen(buffer.data), 600);
    buffer_done(&buffer);
    buffer_init(&buffer, 0);
    buffer_add_format(&buffer, "%d", 1);
    assert_true(buffer.overflowed);
    buffer_done(&buffer);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(grows_and_stays_terminated),
        cmocka_unit_test(what_does_not_fit_is_ignored_and_remembered),
        cmocka_unit_test(formats_over_the_limit_leave_the_text_whole),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
