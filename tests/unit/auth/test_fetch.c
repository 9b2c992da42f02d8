// Addresses that we or a browser are sent to.
#include <setjmp.h> // cmocka.h needs it
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fetch.h"

static void
only_tls_and_this_machine_are_safe(void **state)
{
    (void)state;
    static const char *const always[] = {"https://provider.example", "https://provider.example:8443/a?b=c",
                                         "https://[2001:db8::1]/"};
    static const char *const loopback[] = {"http://127.0.0.1:3000/", "http://localhost", "http://[::1]:3000/x",
                                           "http://127.0.0.1?x"};
    static const char *const never[] = {"",
                                        "https://",
                                        "https:///path",
                                        "http://provider.example/",
                                        "http://127.0.0.1.evil.example/",
                                        "http://127.0.0.1@evil.example/",
                                        "http://127.0.0.1:80@evil.example/",
                                        "https://user@provider.example/",
                                        "http://localhost.evil.example/",
                                        "javascript:alert(1)",
                                        "file:///etc/passwd",
                                        "//provider.example/",
                                        "https://a b/",
                                        "https://a\r\nHost: b/",
                                        "HTTPS://a/",
                                        "https://a\\@b/",
                                        "ftp://127.0.0.1/"};
    for (size_t i = 0; i < sizeof always / sizeof always[0]; i++)
        assert_true(fetch_address_is_safe(always[i], false) && fetch_address_is_safe(always[i], true));
    for (size_t i = 0; i < sizeof loopback / sizeof loopback[0]; i++)
        assert_true(!fetch_address_is_safe(loopback[i], false) && fetch_address_is_safe(loopback[i], true));
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++)
        if (fetch_address_is_safe(never[i], true))
            fail_msg("%s is taken for safe", never[i]);
    char endless[FETCH_ADDRESS_MAX + 100] = "https://a/";
    memset(endless + 10, 'a', FETCH_ADDRESS_MAX);
    assert_false(fetch_address_is_safe(endless, false));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(only_tls_and_this_machine_are_safe)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
