// Words of a forecast: what is said, of which shares, and when something is not worth saying (I4, D12).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../support_arena.h"
#include "rules_forecast.h"

static const struct forecast_facts usual = {
    .stands = "idle",
    .asked = 7,
    .days = 3,
    .own_cases = 12,
    .own_missed = 9,
    .near_cases = 100,
    .near_missed = 40,
    .all_cases = 1000,
    .all_missed = 300,
    .review_days = 6,
    .seen_days = 12,
};

static struct forecast_reason found[FORECAST_REASONS_MAX];

static const char *
codes_of(const struct forecast_facts *facts)
{
    static char codes[200];
    size_t count = rules_forecast_reasons(&arena, facts, false, found);
    codes[0] = '\0';
    for (size_t i = 0; i < count; i++)
        strcat(strcat(codes, i ? " " : ""), found[i].code);
    return codes;
}

static void
chances_have_words(void **state)
{
    (void)state;
    assert_string_equal(rules_forecast_outlook(99), "late");
    assert_string_equal(rules_forecast_outlook(60), "late");
    assert_string_equal(rules_forecast_outlook(59), "doubtful");
    assert_string_equal(rules_forecast_outlook(30), "doubtful");
    assert_string_equal(rules_forecast_outlook(29), "in_time");
}

static void
an_organisation_with_a_past_is_told_its_own_share(void **state)
{
    (void)state;
    assert_string_equal(codes_of(&usual), "nothing_sent own_share not_seen");
    assert_string_equal(found[0].text, "Не отправлено ничего из 7 к этому сроку");
    assert_string_equal(found[1].text,
                        "Эта организация: за 3 дня до срока в таком же положении не успели в 9 из 12 случаев");
    assert_int_equal(found[1].count, 9);
    assert_int_equal(found[1].of, 12);
    assert_string_equal(found[2].text, "В систему не входили 12 дней");
}

static void
few_cases_name_what_they_are_drawn_to(void **state)
{
    (void)state;
    struct forecast_facts facts = usual;
    facts.own_cases = 4;
    assert_string_equal(codes_of(&facts), "nothing_sent own_share municipality_share not_seen");
    facts.own_cases = 2;
    assert_string_equal(codes_of(&facts), "nothing_sent municipality_share not_seen");
    facts.near_cases = 5;
    assert_string_equal(codes_of(&facts), "nothing_sent municipality_share programme_share not_seen");
    facts.near_cases = facts.all_cases = 0;
    assert_string_equal(codes_of(&facts), "nothing_sent not_seen");
}

static void
each_standing_has_its_words(void **state)
{
    (void)state;
    struct forecast_facts facts = usual;
    facts.sent = 4;
    facts.stands = "in_work";
    assert_string_equal(codes_of(&facts), "some_missing own_share not_seen");
    assert_string_equal(found[0].text, "Не отправлено 3 из 7 к этому сроку");
    facts.stands = "returned";
    facts.returned = 2;
    assert_string_equal(codes_of(&facts), "returned own_share review_days not_seen");
    assert_string_equal(found[0].text, "Возвращено и не отправлено снова: 2 из 7 к этому сроку");
    assert_string_equal(found[2].text, "Проверка обычно занимает 6 дней");
    facts.stands = "waiting";
    assert_string_equal(codes_of(&facts), "under_review own_share review_days");
    facts.review_days = FORECAST_NO_VERDICTS;
    assert_string_equal(codes_of(&facts), "under_review own_share");
}

static void
who_was_seen_lately_is_not_reproached(void **state)
{
    (void)state;
    struct forecast_facts facts = usual;
    facts.seen_days = 2;
    assert_string_equal(codes_of(&facts), "nothing_sent own_share");
    facts.seen_days = FORECAST_SEEN_UNKNOWN;
    assert_string_equal(codes_of(&facts), "nothing_sent own_share");
    facts.seen_days = FORECAST_NEVER_SEEN;
    assert_string_equal(codes_of(&facts), "nothing_sent own_share never_seen");
}

static void
english_forms_agree(void **state)
{
    (void)state;
    struct forecast_facts facts = usual;
    facts.days = 1;
    rules_forecast_reasons(&arena, &facts, true, found);
    assert_string_equal(found[1].text,
                        "This organisation missed the date in 9 of 12 cases that stood like this 1 day before it");
    assert_string_equal(found[2].text, "Nobody has logged in for 12 days");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chances_have_words),
        cmocka_unit_test(an_organisation_with_a_past_is_told_its_own_share),
        cmocka_unit_test(few_cases_name_what_they_are_drawn_to),
        cmocka_unit_test(each_standing_has_its_words),
        cmocka_unit_test(who_was_seen_lately_is_not_reproached),
        cmocka_unit_test(english_forms_agree),
    };
    return cmocka_run_group_tests(tests, open_arena, close_arena);
}
