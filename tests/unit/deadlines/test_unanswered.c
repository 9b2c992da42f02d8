// Words of digests about what waits, and of reminders that people send: S1.23, S2.62.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules_reminder.h"

static struct notice_facts
facts_for(const char *recipient, const char *reviewer)
{
    return (struct notice_facts){
        .kind = NOTICE_UNANSWERED,
        .items = 21,
        .organisation_lines = "— МОУ: 21 ответ, с 14.10.2026\n",
        .recipient = recipient,
        .reviewer = reviewer,
        .oldest_day = "2026-10-14",
        .working_days = 5,
    };
}

static void
digests_say_whose_answer_is_missing(void **state)
{
    (void)state;
    static const struct {
        const char *recipient, *reviewer, *title, *next;
    } CASES[] = {
        {"reviewer", "curator", "Ждут вашего решения: 21 ответ", "в очереди."},
        {"reviewer", "", "Ждут вашего решения: 21 ответ", "в очереди."},
        {"municipality", "curator", "Кураторы не проверили: 21 ответ", "в отчёте."},
        {"region", "operator", "Операторы не проверили: 21 ответ", "в отчёте."},
        {"region", "", "Не проверено: 21 ответ", "в отчёте."},
    };
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (size_t i = 0; i < sizeof CASES / sizeof CASES[0]; i++) {
        struct notice_facts facts = facts_for(CASES[i].recipient, CASES[i].reviewer);
        struct notice_words words;
        assert_true(rules_notice_words(&arena, &facts, &words));
        assert_string_equal(words.title, CASES[i].title);
        assert_non_null(strstr(words.text,
                               "больше 5 рабочих дней: 21 ответ. Дольше всех ждёт отправленное 14.10.2026.\n"
                               "— МОУ: 21 ответ, с 14.10.2026\n"));
        assert_non_null(strstr(words.text, CASES[i].next));
    }
    arena_done(&arena);
}

static void
lines_name_the_curator_to_those_above(void **state)
{
    (void)state;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    struct unanswered_line line = {.organisation_name = "МОУ",
                                   .curators = "Иванова А. П.",
                                   .reviewer = "curator",
                                   .sent_on = "2026-10-14",
                                   .items = 2};
    assert_string_equal(rules_unanswered_line(&arena, 1, &line),
                        "— МОУ, куратор Иванова А. П.: 2 ответа, с 14.10.2026\n");
    line.curators = "";
    assert_string_equal(rules_unanswered_line(&arena, 1, &line),
                        "— МОУ, куратор не назначен: 2 ответа, с 14.10.2026\n");
    line.reviewer = "operator";
    assert_string_equal(rules_unanswered_line(&arena, 1, &line), "— МОУ: 2 ответа, с 14.10.2026\n");
    line.is_for_reviewer = true;
    line.reviewer = "curator";
    assert_string_equal(rules_unanswered_line(&arena, 1, &line), "— МОУ: 2 ответа, с 14.10.2026\n");
    assert_non_null(strstr(rules_unanswered_line(&arena, UNANSWERED_LINES_MAX, &line), "и другие"));
    assert_string_equal(rules_unanswered_line(&arena, UNANSWERED_LINES_MAX + 1, &line), "");
    arena_done(&arena);
}

static void
reminders_list_what_is_owed(void **state)
{
    (void)state;
    static const struct reminder_item ITEMS[] = {
        {"Кадры", "Сколько педагогов?", "not_started", "2020-09-25"},
        {"Кадры", "Приложите план", "returned", "2020-09-25"},
        {"Цифровая среда", "Приказ", "in_work", ""},
        {"Низкая мотивация", "", "not_activated", ""},
        {"", "", "not_chosen", ""},
    };
    struct arena arena, small;
    arena_init(&arena, 1 << 20);
    arena_init(&small, 64);
    struct reminder_facts facts = {"Сентябрь 2020", "2020-09-22", "10:15", "по московскому времени (UTC+3)", ITEMS, 5};
    assert_string_equal(rules_reminder_text(&arena, &facts),
                        "Период сбора: Сентябрь 2020. По данным на 22.09.2020, 10:15 по московскому времени (UTC+3), "
                        "ваша организация ещё не отправила:\n\n"
                        "1. Кадры — Сколько педагогов? Срок 25.09.2020.\n"
                        "2. Кадры — Приложите план. Возвращено на доработку. Срок 25.09.2020.\n"
                        "3. Цифровая среда — Приказ. Начато, но не отправлено.\n"
                        "4. Низкая мотивация. Плановая дата не поставлена.\n"
                        "5. Направления ещё не выбраны.\n"
                        "\nЗаполните это и отправьте на проверку.");
    assert_null(rules_reminder_text(&small, &facts));
    assert_true(rules_is_reminder_state("returned"));
    assert_false(rules_is_reminder_state("accepted"));
    arena_done(&arena);
    arena_done(&small);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_say_whose_answer_is_missing),
        cmocka_unit_test(lines_name_the_curator_to_those_above),
        cmocka_unit_test(reminders_list_what_is_owed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
