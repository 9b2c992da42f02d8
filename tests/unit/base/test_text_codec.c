// common/base/text: UUIDs, hex and base64, there and back.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "vekha/base/text.h"
#include "vekha/base/time.h"

static void
made_uuids_are_version_7_and_differ(void **state)
{
    (void)state;
    char first[37], second[37];
    int64_t before = clock_now_ms();
    text_make_uuid(first);
    text_make_uuid(second);
    int64_t after = clock_now_ms();
    assert_true(text_is_uuid(first));
    assert_string_not_equal(first, second);
    assert_int_equal(first[14], '7');
    assert_non_null(strchr("89ab", first[19]));
    char hex[13] = "";
    memcpy(hex, first, 8);
    memcpy(hex + 8, first + 9, 4);
    int64_t stamped = (int64_t)strtoull(hex, NULL, 16);
    assert_true(stamped >= before && stamped <= after);
}

static void
hex_there_and_back(void **state)
{
    (void)state;
    uint8_t all[256], back[256];
    char hex[513];
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (uint8_t)i;
    text_to_hex(all, sizeof all, hex);
    assert_int_equal(strlen(hex), 512);
    assert_true(text_from_hex(hex, back, sizeof back));
    assert_memory_equal(all, back, sizeof all);
    assert_true(text_from_hex("Ff", back, 1));
    assert_int_equal(back[0], 255);
    assert_true(text_from_hex("", back, 0));
    assert_false(text_from_hex("f", back, 1));
    assert_false(text_from_hex("fff", back, 1));
    assert_false(text_from_hex("ffff", back, 1));
    assert_false(text_from_hex("fg", back, 1));
    assert_false(text_from_hex(" f", back, 1));
    assert_false(text_from_hex(NULL, back, 1));
}

static void
base64url_there_and_back(void **state)
{
    (void)state;
    static const struct {
        const char *bytes, *text;
    } rows[] = {
        // RFC 4648 §10, without padding
        {"", ""},           {"f", "Zg"},          {"fo", "Zm8"},          {"foo", "Zm9v"},
        {"foob", "Zm9vYg"}, {"fooba", "Zm9vYmE"}, {"foobar", "Zm9vYmFy"}, {"\xfb\xff\xfe", "-__-"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[32];
        uint8_t bytes[32];
        size_t size = strlen(rows[i].bytes);
        text_to_base64url(rows[i].bytes, size, text);
        assert_string_equal(text, rows[i].text);
        assert_int_equal(strlen(text), (size * 4 + 2) / 3);
        assert_int_equal(text_from_base64url(rows[i].text, bytes, sizeof bytes), size);
        assert_memory_equal(bytes, rows[i].bytes, size);
        assert_int_equal(text_from_base64url(rows[i].text, bytes, size), size);
        if (size)
            assert_int_equal(text_from_base64url(rows[i].text, bytes, size - 1), -1);
    }
}

static void
base64url_refuses_what_it_would_not_write(void **state)
{
    (void)state;
    static const char *const rows[] = {"Z", "Zm9vY", "Zg==", "Zm+v", "Zm/v", "Zm v", "Zh", "Zm9", "\xd0\xb0"};
    uint8_t bytes[32];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (text_from_base64url(rows[i], bytes, sizeof bytes) != -1)
            fail_msg("\"%s\" was accepted", rows[i]);
    assert_int_equal(text_from_base64url(NULL, bytes, sizeof bytes), -1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(made_uuids_are_version_7_and_differ),
        cmocka_unit_test(hex_there_and_back),
        cmocka_unit_test(base64url_there_and_back),
        cmocka_unit_test(base64url_refuses_what_it_would_not_write),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
