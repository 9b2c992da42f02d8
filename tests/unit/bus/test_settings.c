// Where the brokers are, as written in a configuration.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "vekha/bus/bus.h"
#include "vekha/crypto/token.h"

static char folder[] = "/tmp/vekha-settings-XXXXXX";

static int
make_keys(void **state)
{
    (void)state;
    return mkdtemp(folder) == NULL || crypto_open() != STATUS_OK || keys_make(folder, "broker") != STATUS_OK ||
           keys_make(folder, "review") != STATUS_OK;
}

static int
remove_keys(void **state)
{
    static const char *const FILES[] = {"broker.key", "review.key", "public/broker.pub", "public/review.pub"};
    (void)state;
    char path[128];
    for (size_t i = 0; i < sizeof FILES / sizeof FILES[0]; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, FILES[i]);
        unlink(path);
    }
    snprintf(path, sizeof path, "%s/public", folder);
    rmdir(path);
    return rmdir(folder);
}

static void
addresses_become_three_endpoints_each(void **state)
{
    (void)state;
    struct bus_settings settings;
    assert_int_equal(bus_settings_fill(&settings, "review", folder, "127.0.0.1:8075, broker-2.local:8078"), STATUS_OK);
    assert_int_equal(settings.broker_count, 2);
    assert_string_equal(settings.brokers[0].requests, "tcp://127.0.0.1:8075");
    assert_string_equal(settings.brokers[0].events_in, "tcp://127.0.0.1:8076");
    assert_string_equal(settings.brokers[1].events_out, "tcp://broker-2.local:8080");
    assert_int_equal(strlen(settings.broker_key), CURVE_KEY_CHARS);
}

static void
mistakes_are_found(void **state)
{
    (void)state;
    static const char *const WRONG[] = {"",      ",",     "localhost",          ":8075", "a:", "a:0", "a:65534", "a:-1",
                                        "a:80x", "a:1,a", "a:1,a:2,a:3,a:4,a:5"};
    struct bus_settings settings;
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++)
        assert_int_equal(bus_settings_fill(&settings, "review", folder, WRONG[i]), STATUS_INVALID);
    char endless[400];
    memset(endless, 'a', sizeof endless - 1);
    memcpy(endless + sizeof endless - 4, ":80", 4);
    assert_int_equal(bus_settings_fill(&settings, "review", folder, endless), STATUS_INVALID);
    assert_int_not_equal(bus_settings_fill(&settings, "nobody", folder, "127.0.0.1:8075"), STATUS_OK);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_become_three_endpoints_each),
        cmocka_unit_test(mistakes_are_found),
    };
    return cmocka_run_group_tests(tests, make_keys, remove_keys);
}
