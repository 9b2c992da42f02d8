// Accept-Encoding: who may be answered compressed.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "encoding.h"

#include <cmocka.h>

static void
names_count(void **state)
{
    (void)state;
    assert_true(encoding_is_accepted("gzip", "gzip"));
    assert_true(encoding_is_accepted("br, GZip", "gzip"));
    assert_true(encoding_is_accepted(" ,deflate,gzip,", "gzip"));
    assert_false(encoding_is_accepted(NULL, "gzip"));
    assert_false(encoding_is_accepted("", "gzip"));
    assert_false(encoding_is_accepted("br", "gzip"));
    assert_false(encoding_is_accepted("gzipped", "gzip"));
    assert_false(encoding_is_accepted("x;gzip", "gzip"));
    assert_false(encoding_is_accepted("identity", "gzip"));
}

static void
weights_count(void **state)
{
    (void)state;
    static const char *const ACCEPTED[] = {"gzip;q=1",
                                           "gzip;q=1.000",
                                           "gzip;q=0.001",
                                           "gzip ; Q=0.5",
                                           "gzip;\tq=0.5 , br",
                                           "gzip;q=1.",
                                           "*",
                                           "br;q=1.0, *;q=0.5",
                                           "gzip;q=0.5, *;q=0",
                                           "gzip;q=1, br",
                                           "identity;q=0, gzip",
                                           "gzip;q=0.5, identity;q=0.5"};
    for (size_t i = 0; i < sizeof ACCEPTED / sizeof ACCEPTED[0]; i++)
        assert_true(encoding_is_accepted(ACCEPTED[i], "gzip"));
    static const char *const REFUSED[] = {"gzip;q=0",
                                          "gzip; q=0.000",
                                          "gzip;q=0.",
                                          "gzip;q=0, *",
                                          "*;q=0",
                                          "br, *;q=0.0",
                                          "gzip;q=0.5, identity",
                                          "gzip;q=0.4, identity;q=0.41",
                                          "identity;q=0.5, *;q=0.1"};
    for (size_t i = 0; i < sizeof REFUSED / sizeof REFUSED[0]; i++)
        assert_false(encoding_is_accepted(REFUSED[i], "gzip"));
}

static void
what_is_no_weight_is_a_refusal(void **state)
{
    (void)state;
    static const char *const WRONG[] = {"gzip;q=",       "gzip;q=2",   "gzip;q=1.001", "gzip;q=-1", "gzip;q=0x1",
                                        "gzip;q=.5",     "gzip;q=1e0", "gzip;q=nan",   "gzip;q=05", "gzip;",
                                        "gzip;q=0.1234", "gzip;a=1",   "gzip q=1",     "gzip;q =1"};
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++)
        assert_false(encoding_is_accepted(WRONG[i], "gzip"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_count),
        cmocka_unit_test(weights_count),
        cmocka_unit_test(what_is_no_weight_is_a_refusal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
