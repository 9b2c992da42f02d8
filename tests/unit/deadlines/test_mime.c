// Letters: RFC 2047 subjects, base64 bodies, and no way to add a header.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../support_arena.h"
#include "mime.h"
#include "vekha/base/text.h"

static void
base64_is_the_standards(void **state) // RFC 4648, section 10
{
    (void)state;
    assert_string_equal(mime_base64(&arena, ""), "");
    assert_string_equal(mime_base64(&arena, "f"), "Zg==\r\n");
    assert_string_equal(mime_base64(&arena, "fo"), "Zm8=\r\n");
    assert_string_equal(mime_base64(&arena, "foobar"), "Zm9vYmFy\r\n");
    const char *lines = mime_base64(&arena, "0123456789012345678901234567890123456789012345678901234567890123456789");
    assert_int_equal(strcspn(lines, "\r"), 76);
}

static void
plain_subjects_stay(void **state)
{
    (void)state;
    assert_string_equal(mime_header_text(&arena, "Report 2020"), "Report 2020");
    assert_string_equal(mime_header_text(&arena, ""), "");
    // Text that looks like an encoded word must not be taken for one.
    assert_string_equal(mime_header_text(&arena, "=?x"), "=?UTF-8?B?PT94?=");
}

static int
digit_value(char digit)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const char *found = strchr(digits, digit);
    return found && *found ? (int)(found - digits) : -1;
}

// Decodes one encoded word, checks its limits, appends to out; returns what follows it.
static const char *
decode_word(const char *word, char *out)
{
    assert_memory_equal(word, "=?UTF-8?B?", 10);
    const char *end = strstr(word + 10, "?=");
    assert_non_null(end);
    assert_true(end + 2 - word <= 75);
    char part[64] = "";
    size_t size = 0;
    for (const char *c = word + 10; c < end; c += 4) {
        unsigned triple = 0;
        int missing = 0;
        for (int i = 0; i < 4; i++) {
            missing += c[i] == '=';
            triple = triple << 6 | (unsigned)(c[i] == '=' ? 0 : digit_value(c[i]));
        }
        for (int i = 0; i < 3 - missing; i++)
            part[size++] = (char)(triple >> (16 - 8 * i) & 255);
    }
    part[size] = '\0';
    assert_true(text_is_utf8(part, size)); // no character cut in two
    memcpy(out + strlen(out), part, size + 1);
    return end + 2;
}

static void
long_russian_subjects_come_back_whole(void **state) // RFC 2047, every length
{
    (void)state;
    char subject[400] = "";
    for (int length = 0; length < 120; length++) {
        memcpy(subject + strlen(subject), length % 7 ? "ж" : "a", length % 7 ? 3 : 2);
        const char *encoded = mime_header_text(&arena, subject);
        if (*encoded != '=')
            continue;
        char decoded[400] = "";
        for (const char *rest = encoded; *rest;) {
            rest = decode_word(rest, decoded);
            if (*rest) {
                assert_memory_equal(rest, "\r\n ", 3);
                rest += 3;
            }
        }
        assert_string_equal(decoded, subject);
        arena_reset(&arena);
    }
}

static void
nothing_adds_a_header(void **state)
{
    (void)state;
    assert_string_equal(mime_header_text(&arena, "Hello\r\nBcc: all@x.example"), "Hello  Bcc: all@x.example");
    struct letter letter = {
        .id = "0f8fad5b-d9cb-469f-a165-70867728950e",
        .from_address = "monitoring@region.example",
        .from_name = "Мониторинг\r\nBcc: a@b.example",
        .to_address = "school@edu.example",
        .subject = "Срок\r\n\r\nbody",
        .body = "Текст\r\n.\r\nQUIT\r\n",
        .written_ms = 1601006400000,
    };
    const char *text = mime_letter(&arena, &letter);
    assert_non_null(text);
    assert_null(strstr(text, "\nBcc"));
    const char *body = strstr(text, "\r\n\r\n");
    assert_non_null(body);
    assert_null(strstr(body + 4, "\r\n\r\n"));
    assert_null(strstr(text, "QUIT"));
    static const char *const wrong[] = {"a@b.example\r\nBcc: c@d.example",
                                        "a@b.example>",
                                        "<a@b.example",
                                        "a b@c.example",
                                        "a@b.example,c@d.example",
                                        ""};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        letter.to_address = wrong[i];
        assert_null(mime_letter(&arena, &letter));
    }
    letter.to_address = "school@edu.example";
    letter.from_name = "A \" B";
    assert_null(mime_letter(&arena, &letter));
    letter.from_name = "";
    letter.id = "1>\r\nX: y";
    assert_null(mime_letter(&arena, &letter));
}

static void
a_letter_has_its_headers(void **state)
{
    (void)state;
    const struct letter letter = {
        .id = "0f8fad5b-d9cb-469f-a165-70867728950e",
        .from_address = "monitoring@region.example",
        .from_name = "Monitoring",
        .to_address = "school@edu.example",
        .subject = "Due soon",
        .body = "Text",
        .written_ms = 1601006400000,
    };
    assert_string_equal(mime_letter(&arena, &letter),
                        "Date: Fri, 25 Sep 2020 04:00:00 +0000\r\n"
                        "From: \"Monitoring\" <monitoring@region.example>\r\n"
                        "To: <school@edu.example>\r\n"
                        "Message-ID: <0f8fad5b-d9cb-469f-a165-70867728950e@region.example>\r\n"
                        "Subject: Due soon\r\n"
                        "Auto-Submitted: auto-generated\r\n"
                        "MIME-Version: 1.0\r\n"
                        "Content-Type: text/plain; charset=UTF-8\r\n"
                        "Content-Transfer-Encoding: base64\r\n"
                        "\r\nVGV4dA==\r\n");
}

static void
html_stands_beside_the_plain_text(void **state)
{
    (void)state;
    const struct letter letter = {
        .id = "0f8fad5b-d9cb-469f-a165-70867728950e",
        .from_address = "monitoring@region.example",
        .from_name = "",
        .to_address = "school@edu.example",
        .subject = "Due soon",
        .body = "Text",
        .html = "<p>Text",
        .written_ms = 1601006400000,
    };
    assert_string_equal(strstr(mime_letter(&arena, &letter), "Content-Type"),
                        "Content-Type: multipart/alternative; boundary=\"-0f8fad5b-d9cb-469f-a165-70867728950e\"\r\n"
                        "\r\n---0f8fad5b-d9cb-469f-a165-70867728950e\r\n"
                        "Content-Type: text/plain; charset=UTF-8\r\n"
                        "Content-Transfer-Encoding: base64\r\n"
                        "\r\nVGV4dA==\r\n"
                        "---0f8fad5b-d9cb-469f-a165-70867728950e\r\n"
                        "Content-Type: text/html; charset=UTF-8\r\n"
                        "Content-Transfer-Encoding: base64\r\n"
                        "\r\nPHA+VGV4dA==\r\n"
                        "---0f8fad5b-d9cb-469f-a165-70867728950e--\r\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(base64_is_the_standards),
        cmocka_unit_test(plain_subjects_stay),
        cmocka_unit_test(long_russian_subjects_come_back_whole),
        cmocka_unit_test(nothing_adds_a_header),
        cmocka_unit_test(a_letter_has_its_headers),
        cmocka_unit_test(html_stands_beside_the_plain_text),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
