// common/base/status: names and numbers that travel.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "vekha/base/status.h"

static void
each_status_has_code_and_http_code(void **state)
{
    (void)state;
    assert_int_equal(status_http_code(STATUS_OK), 200);
    assert_int_equal(status_http_code(STATUS_STALE), 412);
    assert_int_equal(status_http_code(STATUS_INTERNAL), 500);
    assert_string_equal(status_code(STATUS_NOT_FOUND), "not_found");
    for (int i = 0; i < STATUS_COUNT; i++) {
        assert_non_null(status_code((enum status)i));
        assert_in_range(status_http_code((enum status)i), 200, 599);
    }
}

static void
unknown_numbers_from_the_wire_are_internal(void **state)
{
    (void)state;
    assert_string_equal(status_code((enum status)STATUS_COUNT), "internal");
    assert_int_equal(status_http_code((enum status)1000000), 500);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_status_has_code_and_http_code),
        cmocka_unit_test(unknown_numbers_from_the_wire_are_internal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
