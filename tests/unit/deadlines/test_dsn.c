// Delivery status notifications: which letter, whether for good, and in whose words.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "dsn.h"

#define MAIL_ID "0b7e9a52-9c0e-4f6b-9a55-1f6c1d1e0a01"
#define HEADER                                                                                                         \
    "From: MAILER-DAEMON@mx.example\nContent-Type: multipart/report;\n\tboundary=b\nMessage-Id: <r1@mx.example>\n\n"
#define HUMAN "--b\nContent-Type: text/plain\n\nAction: failed\nStatus: 9.9.9\nSorry!\n"
#define STATUS(fields) "--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example\n\n" fields "\n"
#define LETTER(type, id) "--b\nContent-Type: " type "\n\nSubject: x\nMessage-ID: <" id ">\n\n--b--\n"
#define FAILED "Final-Recipient: rfc822; a@b.example\nAction: failed\nStatus: 5.1.1\n"

static struct dsn dsn;

static bool
read_text(const char *text)
{
    return dsn_read(text, strlen(text), "@demo.example", &dsn);
}

static void
a_letter_that_failed(void **state)
{
    (void)state;
    assert_true(read_text(HEADER HUMAN STATUS(FAILED "Diagnostic-Code: smtp; 550 5.1.1\n   No such user\n")
                              LETTER("message/rfc822", MAIL_ID "@demo.example")));
    assert_true(dsn.is_final);
    assert_string_equal(dsn.mail_id, MAIL_ID);
    assert_string_equal(dsn.report_id, "r1@mx.example");
    assert_string_equal(dsn.problem, "550 5.1.1   No such user");
}

static void
only_headers_come_back_and_no_words(void **state)
{
    (void)state;
    assert_true(read_text(HEADER STATUS(FAILED) LETTER("text/rfc822-headers", MAIL_ID "@DEMO.example")));
    assert_string_equal(dsn.problem, "5.1.1");
    // RFC 6533, of addresses in UTF-8.
    assert_true(read_text(HEADER "--b\nContent-Type: message/global-delivery-status\n\n" FAILED
                                 "--b\nContent-Type: message/global-headers\n\nMessage-ID: <" MAIL_ID
                                 "@demo.example>\n"));
}

static void
what_is_still_tried_is_not_final(void **state)
{
    (void)state;
    assert_true(
        read_text(HEADER STATUS("Action: delayed\nStatus: 4.4.1\n") LETTER("message/rfc822", MAIL_ID "@demo.example")));
    assert_false(dsn.is_final);
    assert_true(read_text(HEADER STATUS("Action: delivered\nStatus: 2.0.0\n")
                              LETTER("message/rfc822", MAIL_ID "@demo.example")));
    assert_false(dsn.is_final);
}

static void
what_is_no_report_on_our_letters(void **state)
{
    (void)state;
    static const char *const others[] = {
        "",
        HEADER HUMAN,
        HEADER STATUS(FAILED),
        HEADER HUMAN LETTER("message/rfc822", MAIL_ID "@demo.example"),
        HEADER STATUS(FAILED) LETTER("message/rfc822", MAIL_ID "@other.example"),
        HEADER STATUS(FAILED) LETTER("message/rfc822", MAIL_ID "x@demo.example"),
        HEADER STATUS(FAILED) LETTER("message/rfc822", "not-a-number-of-ours@demo.example"),
        HEADER STATUS(FAILED) LETTER("text/plain", MAIL_ID "@demo.example"),
        // An answer of a person who quotes it all.
        "Subject: Re: x\n\n> Action: failed\n> Status: 5.1.1\n> Message-ID: <" MAIL_ID "@demo.example>\n",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        assert_false(read_text(others[i]));
}

static void
words_of_any_length_are_cut_between_characters(void **state)
{
    (void)state;
    char text[4000], words[2001] = "";
    for (size_t i = 0; i + 2 < sizeof words; i += 2)
        memcpy(words + i, "ё", 3);
    snprintf(text, sizeof text,
             HEADER STATUS(FAILED "Diagnostic-Code: smtp;%s\n") LETTER("message/rfc822", MAIL_ID "@demo.example"),
             words);
    assert_true(read_text(text));
    assert_int_equal(strlen(dsn.problem), DSN_PROBLEM_BYTES - 2);
    // Bytes that are no text are not passed on.
    assert_true(read_text(HEADER STATUS(FAILED "Diagnostic-Code: smtp; \xE9\xF2\n")
                              LETTER("message/rfc822", MAIL_ID "@demo.example")));
    assert_string_equal(dsn.problem, "5.1.1");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_that_failed),
        cmocka_unit_test(only_headers_come_back_and_no_words),
        cmocka_unit_test(what_is_still_tried_is_not_final),
        cmocka_unit_test(what_is_no_report_on_our_letters),
        cmocka_unit_test(words_of_any_length_are_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
