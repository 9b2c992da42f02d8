// common/base/text: what is accepted and what is not, row by row.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "vekha/base/text.h"

#define COUNT(array) (sizeof(array) / sizeof *(array))

static void
utf8_is_checked_strictly(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t size;
        bool is_good;
    } rows[] = {
        {"", 0, true},
        {"abc", 3, true},
        {"школа", 10, true},
        {"\xf0\x9f\x98\x80", 4, true},      // U+1F600
        {"\xf4\x8f\xbf\xbf", 4, true},      // U+10FFFF
        {"\xed\x9f\xbf", 3, true},          // U+D7FF
        {"\xee\x80\x80", 3, true},          // U+E000
        {"a\0b", 3, false},                 // NUL inside
        {"\0", 1, false},                   // NUL alone
        {"\xc0\x80", 2, false},             // overlong NUL
        {"\xc1\xbf", 2, false},             // overlong
        {"\xe0\x9f\xbf", 3, false},         // overlong
        {"\xf0\x8f\xbf\xbf", 4, false},     // overlong
        {"\xed\xa0\x80", 3, false},         // surrogate U+D800
        {"\xed\xbf\xbf", 3, false},         // surrogate U+DFFF
        {"\xf4\x90\x80\x80", 4, false},     // U+110000
        {"\xf5\x80\x80\x80", 4, false},     // beyond
        {"\xf8\x88\x80\x80\x80", 5, false}, // five bytes
        {"\x80", 1, false},                 // continuation alone
        {"\xd0", 1, false},                 // cut
        {"\xe2\x82", 2, false},             // cut
        {"\xf0\x9f\x98", 3, false},         // cut
        {"\xe2\x28\xa1", 3, false},         // second byte wrong
        {"\xe2\x82\x28", 3, false},         // third byte wrong
        {"ok\xff", 3, false},
        {"\xfe", 1, false},
    };
    for (size_t i = 0; i < COUNT(rows); i++)
        if (text_is_utf8(rows[i].bytes, rows[i].size) != rows[i].is_good)
            fail_msg("row %zu", i);
    assert_int_equal(text_count_chars(""), 0);
    assert_int_equal(text_count_chars("школа №1 \xf0\x9f\x98\x80"), 10);
}

typedef bool text_predicate(const char *text);

struct predicate_row {
    const char *text;
    bool is_good;
};

static void
check_rows(text_predicate *predicate, const struct predicate_row *rows, size_t count)
{
    assert_false(predicate(NULL));
    for (size_t i = 0; i < count; i++)
        if (predicate(rows[i].text) != rows[i].is_good)
            fail_msg("row %zu: \"%s\"", i, rows[i].text);
}

static void
blank_text(void **state)
{
    (void)state;
    assert_true(text_is_blank(NULL));
    assert_true(text_is_blank(""));
    assert_true(text_is_blank(" \t\r\n\v\f"));
    assert_true(text_is_blank("\xc2\xa0 \xe2\x80\xaf\xe2\x80\x89\xe2\x80\x8b\xe3\x80\x80\xef\xbb\xbf"));
    assert_false(text_is_blank(" . "));
    assert_false(text_is_blank("\xe2\x80\x94")); // a dash is something
    assert_false(text_is_blank("\xc2\xab"));     // so is a quotation mark
}

static void
uuids(void **state)
{
    (void)state;
    static const struct predicate_row rows[] = {
        {"0190d5a4-7c1e-7abc-8def-0123456789ab", true},   {"0190D5A4-7C1E-7ABC-8DEF-0123456789AB", true},
        {"00000000-0000-0000-0000-000000000000", true},   {"", false},
        {"0190d5a4-7c1e-7abc-8def-0123456789a", false},   {"0190d5a4-7c1e-7abc-8def-0123456789abc", false},
        {"0190d5a47c1e7abc8def0123456789ab", false},      {"0190d5a4-7c1e-7abc-8def-0123456789ag", false},
        {"{0190d5a4-7c1e-7abc-8def-0123456789a}", false}, {"0190d5a4_7c1e-7abc-8def-0123456789ab", false},
    };
    check_rows(text_is_uuid, rows, COUNT(rows));
}

static void
dates(void **state)
{
    (void)state;
    static const struct predicate_row rows[] = {
        {"2020-09-25", true},   {"2020-02-29", true},  {"2000-02-29", true},
        {"2019-02-29", false},  {"1900-02-29", false}, {"2020-04-31", false},
        {"2020-13-01", false},  {"2020-00-10", false}, {"2020-01-00", false},
        {"2020-1-1", false},    {"25.09.2020", false}, {"2020-09-25 ", false},
        {" 2020-09-25", false}, {"2020-09-2a", false}, {"0000-01-01", false},
        {"9999-12-31", true},   {"", false},           {"2020-09-255", false},
        {"-020-09-25", false},
    };
    check_rows(text_is_date, rows, COUNT(rows));
}

static void
emails(void **state)
{
    (void)state;
    static const struct predicate_row rows[] = {
        {"a@b.ru", true},
        {"ivan.petrov+school@mail.edu-74.ru", true},
        {"o'neil@example.com", true},
        {"", false},
        {"a", false},
        {"@b.ru", false},
        {"a@", false},
        {"a@b", false},
        {"a@@b.ru", false},
        {"a@b@c.ru", false},
        {".a@b.ru", false},
        {"a.@b.ru", false},
        {"a..b@c.ru", false},
        {"a@-b.ru", false},
        {"a@b-.ru", false},
        {"a@b..ru", false},
        {"a@.ru", false},
        {"a@b.ru.", false},
        {"a b@c.ru", false},
        {"a@b.ru\r\nBcc: c@d.ru", false},
        {"a\r\n@b.ru", false},
        {"\"a\"@b.ru", false},
        {"<a@b.ru>", false},
        {"иван@школа.рф", false},
    };
    check_rows(text_is_email, rows, COUNT(rows));
    char long_text[300];
    memset(long_text, 'a', sizeof long_text);
    memcpy(long_text + 65, "@b.ru", 6);
    assert_false(text_is_email(long_text));
    assert_true(text_is_email(long_text + 1));
}

static void
phones_and_codes(void **state)
{
    (void)state;
    static const struct predicate_row phones[] = {
        {"+7 (351) 263-28-70", true},
        {"83512632870", true},
        {"12345", true},
        {"1234", false},
        {"+1234567890123456", false},
        {"", false},
        {"+", false},
        {"++7123456", false},
        {"8 800 abc 12 34", false},
        {"(351 26328", false},
        {"351) 26328", false},
        {"((351)) 26328", false},
        {"12345;drop", false},
        {"+7\n9001234567", false},
    };
    check_rows(text_is_phone, phones, COUNT(phones));
    static const struct predicate_row codes[] = {
        {"natproekt-2020", true}, {"a", true},    {"7", true},  {"", false},       {"A", false},
        {"a_b", false},           {"a b", false}, {"а", false}, {"a/../b", false}, {"a\n", false},
    };
    check_rows(text_is_code, codes, COUNT(codes));
}

static const struct {
    const char *text;
    unsigned max_decimals;
    const char *expected; // NULL: refused
} decimals[] = {
    {"0", 0, "0"},
    {"007", 0, "7"},
    {"000", 0, "0"},
    {"0,50", 2, "0.5"},
    {"0.50", 2, "0.5"},
    {"1 234,50", 2, "1234.5"},
    {"1\xc2\xa0"
     "234\xe2\x80\xaf"
     "567\xe2\x80\x89"
     "890",
     0, "1234567890"},
    {" 12 ", 0, "12"},
    {"\xc2\xa0"
     "12",
     0, "12"},
    {"-5", 0, "-5"},
    {"-0,10", 1, "-0.1"},
    {"-0", 0, "0"},
    {"-0,00", 2, "0"},
    {"5,0", 0, "5"},
    {"1,500", 1, "1.5"},
    {"999999999999999", 0, "999999999999999"},
    {"000999999999999999", 0, "999999999999999"},
    {"1000000000000000", 0, NULL},
    {"1,5", 0, NULL},
    {"1,234", 2, NULL},
    {"", 2, NULL},
    {" ", 2, NULL},
    {"-", 2, NULL},
    {",", 2, NULL},
    {",5", 2, NULL},
    {"5,", 2, NULL},
    {"--5", 2, NULL},
    {"+5", 2, NULL},
    {"- 5", 2, NULL},
    {"1 ,5", 2, NULL},
    {"1, 5", 2, NULL},
    {"1,2,3", 4, NULL},
    {"1.234,5", 4, NULL},
    {"1e5", 2, NULL},
    {"0x10", 2, NULL},
    {"NaN", 2, NULL},
    {"inf", 2, NULL},
    {"12%", 2, NULL},
    {"1\t2", 2, NULL},
    {"1\n", 2, NULL},
    {"\xd9\xa1", 2, NULL}, // an Arabic digit
    {"\xe2\x88\x92"
     "5",
     2, NULL}, // a typographic minus
};

static void
decimals_are_normalised(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 16);
    for (size_t i = 0; i < COUNT(decimals); i++) {
        const char *decimal = "untouched";
        enum status status = text_normalise_decimal(&arena, decimals[i].text, decimals[i].max_decimals, &decimal);
        if (status != (decimals[i].expected ? STATUS_OK : STATUS_INVALID))
            fail_msg("row %zu: \"%s\" gave %s", i, decimals[i].text, status_code(status));
        assert_string_equal(decimal, decimals[i].expected ? decimals[i].expected : "untouched");
    }
    const char *decimal;
    assert_int_equal(text_normalise_decimal(&arena, NULL, 2, &decimal), STATUS_INVALID);
    char long_text[1000];
    memset(long_text, '0', sizeof long_text);
    long_text[sizeof long_text - 1] = '\0';
    assert_int_equal(text_normalise_decimal(&arena, long_text, 2, &decimal), STATUS_INVALID);
    arena_done(&arena);
    arena_init(&arena, 1);
    assert_int_equal(text_normalise_decimal(&arena, "12", 2, &decimal), STATUS_TOO_LARGE);
    arena_done(&arena);
}

static void
territory_is_a_prefix_of_whole_parts(void **state) // S2.51
{
    (void)state;
    assert_true(text_in_territory("74.12", "74.12"));
    assert_true(text_in_territory("74.12.0345", "74.12"));
    assert_true(text_in_territory("74.12.0345", "*"));
    assert_false(text_in_territory("74.123", "74.12"));
    assert_false(text_in_territory("74", "74.12"));
    assert_false(text_in_territory("74.12", ""));
    assert_false(text_in_territory("", ""));
}

static const char *
items_form(uint64_t count)
{
    return text_plural(count, "показатель", "показателя", "показателей");
}

static void
plural_forms_are_russian(void **state) // D12
{
    (void)state;
    for (uint64_t hundreds = 0; hundreds < 300; hundreds += 100) {
        for (uint64_t n = 11; n <= 14; n++)
            assert_string_equal(items_form(hundreds + n), "показателей");
        assert_string_equal(items_form(hundreds + 1), "показатель");
        assert_string_equal(items_form(hundreds + 21), "показатель");
        for (uint64_t n = 2; n <= 4; n++) {
            assert_string_equal(items_form(hundreds + n), "показателя");
            assert_string_equal(items_form(hundreds + 90 + n), "показателя");
        }
        for (uint64_t n = 5; n <= 20; n++)
            if (n < 11 || n > 14)
                assert_string_equal(items_form(hundreds + n), "показателей");
    }
    assert_string_equal(items_form(0), "показателей");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plural_forms_are_russian),
        cmocka_unit_test(utf8_is_checked_strictly),
        cmocka_unit_test(blank_text),
        cmocka_unit_test(uuids),
        cmocka_unit_test(dates),
        cmocka_unit_test(emails),
        cmocka_unit_test(phones_and_codes),
        cmocka_unit_test(decimals_are_normalised),
        cmocka_unit_test(territory_is_a_prefix_of_whole_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
