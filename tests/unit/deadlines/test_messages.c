// Words and decisions of messages: S1.34-S1.36.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../support_arena.h"
#include "rules_messages.h"
#include "vekha/base/time.h"

static void
addresses_stay_inside(void **state)
{
    (void)state;
    assert_true(rules_is_own_address("/reports/roadmaps?asOf=2021-03-31"));
    static const char *const foreign[] = {"",
                                          "reports",
                                          "//elsewhere.example/",
                                          "https://elsewhere.example/",
                                          "javascript:alert(1)",
                                          "/a b",
                                          "/a\"b",
                                          "/a<b",
                                          "/a\\b",
                                          "/a\n"};
    for (size_t i = 0; i < sizeof foreign / sizeof foreign[0]; i++)
        assert_false(rules_is_own_address(foreign[i]));
    assert_true(rules_is_link("https://conference.example/j/1?pwd=x"));
    static const char *const wrong[] = {"", "https://", "https:///x", "ftp://a", "javascript:alert(1)", "https://a b"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(rules_is_link(wrong[i]));
}

static void
hours_are_of_a_day(void **state)
{
    (void)state;
    assert_true(rules_is_hour("16:30") && rules_is_hour("00:00") && rules_is_hour("23:59"));
    static const char *const wrong[] = {"", "24:00", "16:60", "1:30", "16.30", "16:3", "16:300", "aa:bb"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_false(rules_is_hour(wrong[i]));
}

static struct message_facts
consultation(const char *about)
{
    return (struct message_facts){
        .about = about,
        .kind = "consultation",
        .subject = "Заполнение МЭДК",
        .number = "",
        .dated_on = "2021-04-01",
        .author_name = "Тарасов С. В.",
        .author_organisation = "Комитет",
        .starts_on = "2021-04-02",
        .starts_time = "16:30",
        .zone_words = "по московскому времени (UTC+3)",
        .recall_reason = "Перенесено",
        .passed_by = "Районова А. А.",
        .passed_words = "К исполнению",
    };
}

static void
words_say_what_and_when(void **state)
{
    (void)state;
    struct message_words words;
    struct message_facts facts = consultation("sent");
    assert_true(rules_message_words(&arena, &facts, &words));
    assert_string_equal(words.title, "Консультация: Заполнение МЭДК");
    assert_string_equal(words.text, "Заполнение МЭДК\nКомитет, Тарасов С. В.\n"
                                    "Начало: 02.04.2021 в 16:30 по московскому времени (UTC+3).");
    facts = consultation("passed");
    facts.asks_acknowledgement = true;
    assert_true(rules_message_words(&arena, &facts, &words));
    assert_non_null(strstr(words.text, "\nДо вашего сведения: Районова А. А.\nК исполнению"));
    assert_non_null(strstr(words.text, "«Ознакомлен»"));
    facts = consultation("recalled");
    assert_true(rules_message_words(&arena, &facts, &words));
    assert_string_equal(words.title, "Отозвано. Консультация: Заполнение МЭДК");
    assert_non_null(strstr(words.text, "Автор отозвал: Перенесено"));
    facts = consultation("sent");
    facts.kind = "order";
    facts.number = "7";
    assert_true(rules_message_words(&arena, &facts, &words));
    assert_string_equal(words.title, "Приказ от 01.04.2021 № 7: Заполнение МЭДК");
}

static void
calendar_folds_and_escapes(void **state)
{
    (void)state;
    struct calendar_facts facts = {
        .message_id = "01234567-89ab-cdef-0123-456789abcdef",
        .subject = "Риски; школы, кураторы\nи очень длинная тема консультации по заполнению рискового профиля школы",
        .link = "https://conference.example/j/83445161203",
        .cabinet_address = "https://vekha.example",
        .version = 3,
        .duration_minutes = 90,
    };
    assert_int_equal(time_parse("2021-04-02T13:30:00Z", &facts.starts_ms), 0);
    assert_int_equal(time_parse("2021-04-01T08:00:00Z", &facts.now_ms), 0);
    const char *text = rules_calendar(&arena, &facts);
    assert_non_null(text);
    assert_non_null(strstr(text, "\r\nDTSTART:20210402T133000Z\r\nDTEND:20210402T150000Z\r\n"));
    assert_non_null(strstr(text, "\r\nSEQUENCE:3\r\n"));
    assert_non_null(strstr(text, "SUMMARY:Риски\\; школы\\, кураторы\\nи"));
    assert_non_null(strstr(text, "STATUS:CONFIRMED"));
    for (const char *line = text; *line;) {
        const char *end = strstr(line, "\r\n");
        assert_non_null(end);
        assert_true(end - line <= 75);
        // A folded line never begins within a character.
        assert_true(((unsigned char)line[line[0] == ' ' ? 1 : 0] & 0xC0) != 0x80);
        line = end + 2;
    }
    facts.is_cancelled = true;
    text = rules_calendar(&arena, &facts);
    assert_non_null(strstr(text, "STATUS:CANCELLED"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(addresses_stay_inside),
        cmocka_unit_test(hours_are_of_a_day),
        cmocka_unit_test(words_say_what_and_when),
        cmocka_unit_test(calendar_folds_and_escapes),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
