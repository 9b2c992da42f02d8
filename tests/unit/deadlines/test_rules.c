// Words and decisions of reminders: S2.4, S2.50, S2.62, F13.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../support_arena.h"
#include "rules_digest.h"

static void
kinds_follow_the_day(void **state)
{
    (void)state;
    assert_string_equal(rules_kind_name(rules_kind_of_days(3, false)), "due_soon");
    assert_string_equal(rules_kind_name(rules_kind_of_days(0, false)), "due_today");
    assert_string_equal(rules_kind_name(rules_kind_of_days(-1, false)), "overdue");
    assert_string_equal(rules_kind_name(rules_kind_of_days(-1, true)), "overdue_below");
    assert_string_equal(rules_kind_name(NOTICE_REJECTED), "rejected");
    assert_string_equal(rules_kind_name(NOTICE_SENT), "sent");
    assert_string_equal(rules_kind_name(NOTICE_REMARK), "remark");
}

static void
days_are_written_the_russian_way(void **state) // F14
{
    (void)state;
    assert_string_equal(rules_russian_day(&arena, "2020-09-25"), "25.09.2020");
    assert_string_equal(rules_russian_day(&arena, "soon"), "soon");
    assert_string_equal(rules_russian_day(&arena, ""), "");
}

static void
zones_are_named(void **state) // F13
{
    (void)state;
    assert_string_equal(rules_zone_words(&arena, "Asia/Yekaterinburg", 300), "по екатеринбургскому времени (UTC+5)");
    assert_string_equal(rules_zone_words(&arena, "Europe/Moscow", 180), "по московскому времени (UTC+3)");
    assert_string_equal(rules_zone_words(&arena, "Asia/Kolkata", 330), "по времени Asia/Kolkata (UTC+5:30)");
    assert_string_equal(rules_zone_words(&arena, "America/New_York", -300), "по времени America/New_York (UTC-5)");
}

static struct notice_facts
facts_of(enum notice_kind kind, int offset, uint64_t items)
{
    return (struct notice_facts){
        .kind = kind,
        .day_offset = offset,
        .organisation_name = "МБОУ «СОШ № 1»",
        .round_name = "Сентябрь 2020",
        .due_day = "2020-09-25",
        .zone_words = "по екатеринбургскому времени (UTC+5)",
        .items = items,
        .question = "Укажите количество школьников (чел.)",
        .words = "Уточните информацию",
        .organisations = 2,
        .organisation_lines = "— МБОУ «СОШ № 1»: 5 показателей\n",
    };
}

static void
reminders_say_how_much_and_until_when(void **state) // S2.4, F13
{
    (void)state;
    struct notice_words words;
    struct notice_facts facts = facts_of(NOTICE_DUE_SOON, -3, 5);
    assert_true(rules_notice_words(&arena, &facts, &words));
    assert_string_equal(words.title, "Осталось 3 дня до срока: Сентябрь 2020");
    assert_non_null(strstr(words.text, "Не отправлено 5 показателей. Срок — 25.09.2020, 23:59:59 по "
                                       "екатеринбургскому времени (UTC+5)."));
    facts = facts_of(NOTICE_DUE_SOON, -1, 1);
    assert_true(rules_notice_words(&arena, &facts, &words));
    assert_string_equal(words.title, "Остался 1 день до срока: Сентябрь 2020");
    assert_non_null(strstr(words.text, "Не отправлен 1 показатель."));
    facts = facts_of(NOTICE_DUE_TODAY, 0, 22);
    assert_true(rules_notice_words(&arena, &facts, &words));
    assert_string_equal(words.title, "Срок сегодня: Сентябрь 2020");
    assert_non_null(strstr(words.text, "Не отправлено 22 показателя."));
    facts = facts_of(NOTICE_OVERDUE, 1, 11);
    assert_true(rules_notice_words(&arena, &facts, &words));
    assert_string_equal(words.title, "Срок прошёл: Сентябрь 2020");
    assert_non_null(strstr(words.text, "Не отправлено 11 показателей. Срок был 25.09.2020"));
}

static void
coordinators_get_the_list(void **state) // S2.50, S2.62
{
    (void)state;
    struct notice_words words;
    struct notice_facts facts = facts_of(NOTICE_OVERDUE_BELOW, 1, 0);
    assert_true(rules_notice_words(&arena, &facts, &words));
    assert_string_equal(words.title, "Срок прошёл, данных нет у 2 организаций: Сентябрь 2020");
    assert_non_null(strstr(words.text, "— МБОУ «СОШ № 1»: 5 показателей\n"));
    facts.organisations = 21;
    assert_true(rules_notice_words(&arena, &facts, &words));
    assert_non_null(strstr(words.title, "у 21 организации:"));
    assert_string_equal(rules_organisation_line(&arena, 1, "МОУ", 2), "— МОУ: 2 показателя\n");
    assert_non_null(strstr(rules_organisation_line(&arena, ORGANISATION_LINES_MAX, "МОУ", 2), "полный список"));
    assert_string_equal(rules_organisation_line(&arena, ORGANISATION_LINES_MAX + 1, "МОУ", 2), "");
}

static struct due_line
line_of(const char *round, const char *day, int days_left, uint64_t items)
{
    return (struct due_line){
        .round_id = round,
        .round_name = round,
        .due_day = day,
        .zone_words = "по московскому времени (UTC+3)",
        .organisation_name = "Школа",
        .late = "",
        .days_left = days_left,
        .items = items,
        .organisations = 1,
    };
}

static void
a_day_is_one_letter(void **state) // S2.3, S3.20, D9
{
    (void)state;
    struct digest_words words;
    struct due_line lines[] = {line_of("А", "2020-09-24", -1, 2), line_of("Б", "2020-09-25", 0, 1),
                               line_of("А", "2020-09-28", 3, 5)};
    lines[2].late = "22.09.2020";
    assert_true(rules_digest_words(&arena, "respondent", lines, 1, "", &words));
    assert_string_equal(words.title, "Срок прошёл: А");
    assert_ptr_equal(words.letter, words.text);
    assert_true(rules_digest_words(&arena, "respondent", &lines[2], 1, "", &words));
    assert_string_equal(words.title, "Осталось 3 дня до срока: А");
    assert_non_null(strstr(words.text, "проверку.\nНапоминание за 22.09.2020."));
    assert_true(rules_digest_words(&arena, "respondent", lines, 3, "https://cabinet", &words));
    assert_string_equal(words.title, "Сроки показателей: просрочено 2, сегодня 1, впереди 5");
    assert_int_equal(words.kind, NOTICE_OVERDUE);
    assert_non_null(strstr(words.text,
                           "— Срок сегодня, 25.09.2020: Б, 1 показатель.\n"
                           "— Осталось 3 дня, срок 28.09.2020: А, 5 показателей. Напоминание за 22.09.2020."));
    assert_null(strstr(words.text, "https"));
    // A round is linked once.
    assert_non_null(strstr(words.letter, "\n\nА: https://cabinet/indicators?round=А\n"
                                         "Б: https://cabinet/indicators?round=Б"));
    assert_null(strstr(strstr(words.letter, "Б: https"), "\nА"));
}

static void
coordinators_get_all_of_a_day_at_once(void **state) // S2.62, D9
{
    (void)state;
    struct digest_words words;
    struct due_line lines[] = {line_of("А", "2020-09-24", -1, 2), line_of("А", "2020-09-24", -1, 80),
                               line_of("Б", "2020-09-25", 0, 1)};
    lines[1].organisation_name = "Район";
    lines[1].organisations = 12;
    assert_true(rules_digest_words(&arena, "region", lines, 2, "", &words));
    assert_string_equal(words.title, "Срок прошёл, данных нет у 13 организаций: А");
    assert_non_null(
        strstr(words.text, "— Школа, 1 организация: 2 показателя\n— Район, 12 организаций: 80 показателей\n"));
    assert_true(rules_digest_words(&arena, "municipality", &lines[2], 1, "", &words));
    assert_string_equal(words.title, "Срок 25.09.2020, данных нет у 1 организации: Б");
    assert_true(rules_digest_words(&arena, "municipality", lines, 3, "https://cabinet", &words));
    assert_string_equal(words.title, "Сроки показателей: просрочено 82, сегодня 1");
    assert_int_equal(words.kind, NOTICE_OVERDUE_BELOW);
    assert_non_null(strstr(words.text, "\nСрок прошёл 24.09.2020, 23:59:59 по московскому времени (UTC+3): А.\n"
                                       "— Школа: 2 показателя\n— Район: 80 показателей\n\nСрок сегодня"));
    assert_non_null(strstr(words.letter, "/reports/start?round=Б"));
}

static void
rejections_carry_the_resolution(void **state) // S2.39, S2.40
{
    (void)state;
    struct notice_words words;
    struct notice_facts facts = facts_of(NOTICE_REJECTED, 0, 1);
    assert_true(rules_notice_words(&arena, &facts, &words));
    assert_string_equal(words.title, "Показатель отклонён: Сентябрь 2020");
    assert_non_null(strstr(words.text, "Резолюция: Уточните информацию\n"));
    assert_non_null(strstr(words.text, "Показатель: Укажите количество школьников (чел.)\n"));
}

static void
curators_hear_of_what_was_sent(void **state) // S1.18, S1.23
{
    (void)state;
    struct notice_words words;
    struct notice_facts facts = facts_of(NOTICE_SENT, 0, 1);
    assert_true(rules_notice_words(&arena, &facts, &words));
    assert_string_equal(words.title, "На проверку: МБОУ «СОШ № 1»");
    assert_non_null(strstr(words.text, "Отправлено: Укажите количество школьников (чел.)\n"));
    assert_true(rules_is_for_curators("curator"));
    assert_false(rules_is_for_curators("operator"));
    assert_false(rules_is_for_curators(""));
}

static void
remarks_go_to_the_other_side(void **state) // S1.20, S1.39
{
    (void)state;
    struct notice_words words;
    struct notice_facts facts = facts_of(NOTICE_REMARK, 0, 1);
    facts.author_role = "curator";
    assert_true(rules_notice_words(&arena, &facts, &words));
    assert_non_null(strstr(words.text, "\nКуратор: Уточните информацию"));
    facts.author_role = "operator";
    assert_true(rules_notice_words(&arena, &facts, &words));
    assert_non_null(strstr(words.text, "\nОператор: Уточните информацию"));
    facts.author_role = "respondent";
    assert_true(rules_notice_words(&arena, &facts, &words));
    assert_non_null(strstr(words.text, "\nМБОУ «СОШ № 1»: Уточните информацию"));
    assert_int_equal(rules_audience_of_remark("curator", "curator"), AUDIENCE_RESPONDENTS);
    assert_int_equal(rules_audience_of_remark("operator", "operator"), AUDIENCE_RESPONDENTS);
    assert_int_equal(rules_audience_of_remark("respondent", "curator"), AUDIENCE_CURATORS);
    assert_int_equal(rules_audience_of_remark("respondent", "operator"), AUDIENCE_NOBODY);
}

static void
no_words_without_memory(void **state)
{
    (void)state;
    struct arena small;
    arena_init(&small, 64);
    struct notice_words words;
    struct notice_facts facts = facts_of(NOTICE_OVERDUE, 1, 3);
    assert_false(rules_notice_words(&small, &facts, &words));
    arena_done(&small);
}

static void
tries_grow_rarer_and_end(void **state)
{
    (void)state;
    assert_int_equal(rules_retry_delay_s(1), 60);
    assert_int_equal(rules_retry_delay_s(2), 240);
    assert_int_equal(rules_retry_delay_s(5), 15360);
    assert_int_equal(rules_retry_delay_s(6), 21600);
    assert_int_equal(rules_retry_delay_s(4000000000u), 21600);
    assert_true(rules_is_final_refusal(550));
    assert_false(rules_is_final_refusal(451));
    assert_false(rules_is_final_refusal(0));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(kinds_follow_the_day),
        cmocka_unit_test(days_are_written_the_russian_way),
        cmocka_unit_test(zones_are_named),
        cmocka_unit_test(reminders_say_how_much_and_until_when),
        cmocka_unit_test(coordinators_get_the_list),
        cmocka_unit_test(a_day_is_one_letter),
        cmocka_unit_test(coordinators_get_all_of_a_day_at_once),
        cmocka_unit_test(rejections_carry_the_resolution),
        cmocka_unit_test(curators_hear_of_what_was_sent),
        cmocka_unit_test(remarks_go_to_the_other_side),
        cmocka_unit_test(no_words_without_memory),
        cmocka_unit_test(tries_grow_rarer_and_end),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
