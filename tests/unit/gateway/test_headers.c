// Request heads: what is refused before anything else, and how single headers are read and written.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "byte_range.h"
#include "disposition.h"
#include "request_head.h"

// After the headers that have a function named fail.
#include <cmocka.h>

static struct request_head
make_head(const char *verb, const char *const *lines, size_t count)
{
    struct request_head head = {.verb = verb, .version = "HTTP/1.1"};
    head.headers[head.header_count++] = (struct header){"Host", "localhost:8080", 4, 14};
    for (size_t i = 0; i < count; i += 2)
        head.headers[head.header_count++] =
            (struct header){lines[i], lines[i + 1], strlen(lines[i]), strlen(lines[i + 1])};
    return head;
}

#define HEAD(verb, ...)                                                                                                \
    make_head(verb, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

static unsigned
refusal_of(struct request_head head)
{
    return head_check(&head).http_code;
}

static void
clean_heads_pass(void **state)
{
    (void)state;
    assert_int_equal(refusal_of(HEAD("GET", "Accept", "*/*")), 0);
    assert_int_equal(refusal_of(HEAD("GET", "Content-Length", "0")), 0);
    assert_int_equal(refusal_of(HEAD("POST", "Content-Length", "5", "X-A", "", "X-A", "1")), 0);
    assert_int_equal(refusal_of(HEAD("PATCH", "transfer-encoding", "Chunked")), 0);
}

static void
smuggling_shapes_are_refused(void **state)
{
    (void)state;
    assert_int_equal(refusal_of(HEAD("POST", "Content-Length", "5", "Transfer-Encoding", "chunked")), 400);
    assert_int_equal(refusal_of(HEAD("POST", "Content-Length", "5", "content-length", "5")), 400);
    assert_int_equal(refusal_of(HEAD("POST", "Content-Length", "+5")), 400);
    assert_int_equal(refusal_of(HEAD("POST", "Content-Length", "0x5")), 400);
    assert_int_equal(refusal_of(HEAD("POST", "Content-Length", "")), 400);
    assert_int_equal(refusal_of(HEAD("POST", "Content-Length", "99999999999999999999")), 400);
    assert_int_equal(refusal_of(HEAD("POST", "Content-Length ", "5")), 400);
    assert_int_equal(refusal_of(HEAD("POST", "Transfer-Encoding", "chunked, identity")), 400);
    assert_int_equal(refusal_of(HEAD("POST", "Transfer-Encoding", "xchunked")), 400);
    assert_int_equal(refusal_of(HEAD("POST", "Transfer-Encoding", "chunked", "Transfer-Encoding", "chunked")), 400);
    assert_int_equal(refusal_of(HEAD("GET", "Host", "evil")), 400);
    assert_int_equal(refusal_of(HEAD("GET", "Content-Length", "5")), 400);
    assert_int_equal(refusal_of(HEAD("DELETE", "Transfer-Encoding", "chunked")), 400);
    assert_int_equal(refusal_of(HEAD("GET", "X\x01", "a")), 400);
    assert_int_equal(refusal_of(HEAD("GET", "X Y", "a")), 400);
    assert_int_equal(refusal_of(HEAD("GET", "", "a")), 400);
    assert_int_equal(refusal_of(HEAD("GET", "X", "a\rb")), 400);
    assert_int_equal(refusal_of(HEAD("GET", "Authorization", "Bearer a", "Authorization", "Bearer b")), 400);
    assert_int_equal(refusal_of(HEAD("FOO", "X", "a")), 405);
    struct request_head head = HEAD("GET", "X", "a");
    head.headers[1].value_size = 2; // "a" and the NUL behind it
    assert_int_equal(head_check(&head).http_code, 400);
    head = HEAD("GET", "X", "a");
    head.version = "HTTP/1.9";
    assert_int_equal(head_check(&head).http_code, 505);
    head = HEAD("GET", "X", "a");
    head.header_count = 0;
    assert_int_equal(head_check(&head).http_code, 400);
    head = HEAD("GET", "X", "a");
    head.headers[0].value = "a b";
    assert_int_equal(head_check(&head).http_code, 400);
}

static void
languages_are_weighed(void **state)
{
    (void)state;
    static const struct {
        const char *list;
        bool english;
    } CASES[] = {{"en", true},
                 {"ru", false},
                 {"en-US,en;q=0.9", true},
                 {"ru-RU,ru;q=0.9,en-US;q=0.8,en;q=0.7", false},
                 {"en;q=0.5, ru;q=0.3", true},
                 {"en;q=0", false},
                 {"fr", false},
                 {"", false},
                 {"energetic", false},
                 {"en;q=abc", false}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct request_head head = HEAD("GET", "Accept-Language", CASES[i].list);
        assert_int_equal(head_wants_english(&head), CASES[i].english);
    }
}

static void
media_types_are_compared(void **state)
{
    (void)state;
    assert_true(media_type_is("application/json", "application/json"));
    assert_true(media_type_is("Application/JSON; charset=UTF-8", "application/json"));
    assert_true(media_type_is("application/json;charset=\"utf-8\"", "application/json"));
    assert_false(media_type_is("application/json; charset=windows-1251", "application/json"));
    assert_false(media_type_is("application/jsonp", "application/json"));
    assert_false(media_type_is("text/plain", "application/json"));
    assert_false(media_type_is(NULL, "application/json"));
}

static void
tags_are_read(void **state)
{
    (void)state;
    uint32_t version = 0;
    assert_true(version_tag_parse("\"7\"", &version));
    assert_int_equal(version, 7);
    assert_true(version_tag_parse("\"4294967295\"", &version));
    static const char *const WRONG[] = {"7",      "\"\"",           "\"7", "W/\"7\"", "*", "\"7\", \"8\"",
                                        "\"-1\"", "\"4294967296\"", ""};
    for (size_t i = 0; i < sizeof WRONG / sizeof WRONG[0]; i++)
        assert_false(version_tag_parse(WRONG[i], &version));
    assert_true(tag_list_has("\"a\", W/\"b\"", "\"b\""));
    assert_true(tag_list_has("*", "\"b\""));
    assert_false(tag_list_has("\"a\"", "\"b\""));
    assert_false(tag_list_has("", "\"b\""));
}

static void
cookies_are_found(void **state)
{
    (void)state;
    size_t size = 0;
    bool twice;
    struct request_head head = HEAD("GET", "Cookie", "a=1; __Host-x=tok; b=2");
    const char *value = head_cookie(&head, "__Host-x", &size, &twice);
    assert_memory_equal(value, "tok", 3);
    assert_int_equal(size, 3);
    assert_false(twice);
    assert_null(head_cookie(&head, "Host-x", &size, &twice));
    head = HEAD("GET", "Cookie", "t=1;t=2");
    (void)head_cookie(&head, "t", &size, &twice);
    assert_true(twice);
    head = HEAD("GET", "X", "t=1");
    assert_null(head_cookie(&head, "t", &size, &twice));
}

static void
ranges_are_read(void **state)
{
    (void)state;
    static const struct {
        const char *header;
        enum range_kind kind;
        uint64_t first, last;
    } CASES[] = {{NULL, RANGE_WHOLE, 0, 0},
                 {"bytes=0-0", RANGE_PART, 0, 0},
                 {"bytes=10-", RANGE_PART, 10, 99},
                 {"bytes=-10", RANGE_PART, 90, 99},
                 {"bytes=-1000", RANGE_PART, 0, 99},
                 {"bytes=90-1000", RANGE_PART, 90, 99},
                 {"bytes=99999999999999999999999-", RANGE_OUTSIDE, 0, 0},
                 {"bytes=100-", RANGE_OUTSIDE, 0, 0},
                 {"bytes=-0", RANGE_OUTSIDE, 0, 0},
                 {"bytes=5-4", RANGE_WHOLE, 0, 0},
                 {"bytes=0-1,5-6", RANGE_WHOLE, 0, 0},
                 {"bytes=-", RANGE_WHOLE, 0, 0},
                 {"bytes=a-b", RANGE_WHOLE, 0, 0},
                 {"lines=0-1", RANGE_WHOLE, 0, 0},
                 {"", RANGE_WHOLE, 0, 0}};
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct byte_range range = byte_range_parse(CASES[i].header, 100);
        assert_int_equal(range.kind, CASES[i].kind);
        assert_true(range.kind != RANGE_PART || (range.first == CASES[i].first && range.last == CASES[i].last));
    }
    assert_int_equal(byte_range_parse("bytes=0-", 0).kind, RANGE_OUTSIDE);
}

static void
assert_disposition(const char *name, const char *header)
{
    struct buffer out;
    buffer_init(&out, 4096);
    disposition_write(&out, "attachment", name);
    assert_string_equal(out.data, header);
    buffer_done(&out);
}

static void
names_travel_whole_and_cannot_break_out(void **state)
{
    (void)state;
    assert_disposition("a.pdf", "attachment; filename=\"a.pdf\"; filename*=UTF-8''a.pdf");
    assert_disposition("Отчёт.pdf", "attachment; filename=\"Otchet.pdf\"; "
                                    "filename*=UTF-8''%D0%9E%D1%82%D1%87%D1%91%D1%82.pdf");
    assert_disposition("щука «1» №5.pdf", "attachment; filename=\"shchuka '1' N5.pdf\"; "
                                          "filename*=UTF-8''%D1%89%D1%83%D0%BA%D0%B0%20%C2%AB1%C2%BB%20%E2%84%965.pdf");
    assert_disposition("\"1\";\r\nX: y.pdf", "attachment; filename=\"_1____X_ y.pdf\"; "
                                             "filename*=UTF-8''_1____X_%20y.pdf");
    assert_disposition("../../etc/x", "attachment; filename=\".._.._etc_x\"; filename*=UTF-8''.._.._etc_x");
    assert_disposition("a\u202efdp.exe", "attachment; filename=\"a_fdp.exe\"; filename*=UTF-8''a_fdp.exe");
    assert_disposition("", "attachment; filename=\"document\"; filename*=UTF-8''document");
    assert_disposition("\xff", "attachment; filename=\"document\"; filename*=UTF-8''document");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(clean_heads_pass),      cmocka_unit_test(smuggling_shapes_are_refused),
        cmocka_unit_test(languages_are_weighed), cmocka_unit_test(media_types_are_compared),
        cmocka_unit_test(tags_are_read),         cmocka_unit_test(cookies_are_found),
        cmocka_unit_test(ranges_are_read),       cmocka_unit_test(names_travel_whole_and_cannot_break_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
