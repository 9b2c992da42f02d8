// S2.26-S2.29, S2.31, S2.32, F5, F6, F14: what a text means as an answer, and the percent to the last digit.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "rules.h"

struct expectation {
    const char *value, *second_value;
    bool confirmed;
    enum answer_problem problem;
    enum kind kind;
    const char *stored, *second_stored, *percent;
    unsigned decimals;
    bool answers_none, is_undefined;
};

static const struct expectation NUMBERS[] = {
    {"123", "", false, ANSWER_GOOD, KIND_NUMBER, "123", "", "", 0, false, false},
    {"0", "", false, ANSWER_GOOD, KIND_NUMBER, "0", "", "", 0, true, false},
    {"0,00", "", false, ANSWER_GOOD, KIND_NUMBER, "0", "", "", 0, true, false},
    {"-0", "", false, ANSWER_GOOD, KIND_NUMBER, "0", "", "", 0, true, false},
    {"007", "", false, ANSWER_GOOD, KIND_NUMBER, "7", "", "", 0, false, false},
    {"28,33", "", false, ANSWER_GOOD, KIND_NUMBER, "28.33", "", "", 2, false, false},
    {"28.330", "", false, ANSWER_GOOD, KIND_NUMBER, "28.33", "", "", 2, false, false},
    {"12,00", "", false, ANSWER_GOOD, KIND_NUMBER, "12", "", "", 0, false, false},
    {"1 234,5", "", false, ANSWER_GOOD, KIND_NUMBER, "1234.5", "", "", 1, false, false},
    {"1\xE2\x80\xAF"
     "234",
     "", false, ANSWER_GOOD, KIND_NUMBER, "1234", "", "", 0, false, false},
    {"999999999999999", "", false, ANSWER_GOOD, KIND_NUMBER, "999999999999999", "", "", 0, false, false},
    {"yes", "", false, ANSWER_GOOD, KIND_YES_NO, "yes", "", "", 0, false, false},
    {"no", "", false, ANSWER_GOOD, KIND_YES_NO, "no", "", "", 0, true, false},
    {"", "", false, ANSWER_EMPTY, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"  ", "", false, ANSWER_EMPTY, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"", "5", false, ANSWER_EMPTY, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"-5", "", false, ANSWER_NEGATIVE, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"-0,1", "", false, ANSWER_NEGATIVE, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"five", "", false, ANSWER_NOT_A_NUMBER, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"Да", "", false, ANSWER_NOT_A_NUMBER, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"1,2,3", "", false, ANSWER_NOT_A_NUMBER, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"1e5", "", false, ANSWER_NOT_A_NUMBER, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"0x10", "", false, ANSWER_NOT_A_NUMBER, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"NaN", "", false, ANSWER_NOT_A_NUMBER, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"1234567890123456", "", false, ANSWER_NOT_A_NUMBER, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"0,1234567", "", false, ANSWER_NOT_A_NUMBER, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
};

static const struct expectation PERCENTS[] = {
    {"10", "40", false, ANSWER_GOOD, KIND_PERCENT, "10", "40", "25.00", 0, false, false},
    {"1", "3", false, ANSWER_GOOD, KIND_PERCENT, "1", "3", "33.33", 0, false, false},
    {"2", "3", false, ANSWER_GOOD, KIND_PERCENT, "2", "3", "66.67", 0, false, false},
    // Half up: 0.125 % and 0.375 % have no nearer neighbour.
    {"1", "800", false, ANSWER_GOOD, KIND_PERCENT, "1", "800", "0.13", 0, false, false},
    {"3", "800", false, ANSWER_GOOD, KIND_PERCENT, "3", "800", "0.38", 0, false, false},
    {"1", "20000", false, ANSWER_GOOD, KIND_PERCENT, "1", "20000", "0.01", 0, false, false},
    {"1", "20001", false, ANSWER_GOOD, KIND_PERCENT, "1", "20001", "0.00", 0, false, false},
    {"99,995", "100", false, ANSWER_GOOD, KIND_PERCENT, "99.995", "100", "100.00", 3, false, false},
    {"0", "40", false, ANSWER_GOOD, KIND_PERCENT, "0", "40", "0.00", 0, true, false},
    {"40", "40", false, ANSWER_GOOD, KIND_PERCENT, "40", "40", "100.00", 0, false, false},
    {"1,5", "3", false, ANSWER_GOOD, KIND_PERCENT, "1.5", "3", "50.00", 1, false, false},
    {"1", "3,25", false, ANSWER_GOOD, KIND_PERCENT, "1", "3.25", "30.77", 2, false, false},
    {"0", "0", false, ANSWER_GOOD, KIND_PERCENT, "0", "0", "", 0, true, true},
    {"1", "0", false, ANSWER_PART_OF_NOTHING, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"1", "0", true, ANSWER_PART_OF_NOTHING, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"41", "40", false, ANSWER_PART_OVER_WHOLE, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"41", "40", true, ANSWER_GOOD, KIND_PERCENT, "41", "40", "102.50", 0, false, false},
    {"10", "-4", false, ANSWER_WHOLE_NEGATIVE, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"-1", "4", false, ANSWER_NEGATIVE, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"1", "four", false, ANSWER_WHOLE_NOT_A_NUMBER, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"yes", "4", false, ANSWER_NOT_A_NUMBER, KIND_COUNT, NULL, NULL, NULL, 0, false, false},
    {"999999999999999", "0,000001", true, ANSWER_GOOD, KIND_PERCENT, "999999999999999", "0.000001",
     "99999999999999900000000.00", 6, false, false},
    {"999999999999999", "999999999999999", false, ANSWER_GOOD, KIND_PERCENT, "999999999999999", "999999999999999",
     "100.00", 0, false, false},
};

static void
check(const struct expectation *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct expectation *row = &rows[i];
        struct arena arena;
        arena_init(&arena, 65536);
        struct answer answer = {.kind = KIND_COUNT};
        enum answer_problem problem = rules_read_answer(&arena, row->value, row->second_value, row->confirmed, &answer);
        if (problem != row->problem)
            fail_msg("\"%s\" and \"%s\": problem %d, not %d", row->value, row->second_value, problem, row->problem);
        assert_int_equal(answer.kind, row->kind);
        if (problem == ANSWER_GOOD) {
            assert_string_equal(answer.value, row->stored);
            assert_string_equal(answer.second_value, row->second_stored);
            assert_string_equal(answer.percent, row->percent);
            assert_int_equal(answer.decimals, row->decimals);
            assert_int_equal(answer.answers_none, row->answers_none);
            assert_int_equal(answer.is_undefined, row->is_undefined);
            assert_int_equal(rules_answers_none(answer.value), row->answers_none);
        }
        arena_done(&arena);
    }
}

static void
test_numbers_and_yes_or_no(void **context)
{
    (void)context;
    check(NUMBERS, sizeof(NUMBERS) / sizeof(NUMBERS[0]));
}

static void
test_percents(void **context)
{
    (void)context;
    check(PERCENTS, sizeof(PERCENTS) / sizeof(PERCENTS[0]));
}

// Against the definition itself: the nearest hundredth, the upper of two.
static void
test_percent_is_the_nearest_hundredth(void **context)
{
    (void)context;
    struct arena arena;
    arena_init(&arena, 1 << 20);
    for (unsigned whole = 1; whole <= 60; whole++) {
        for (unsigned part = 0; part <= whole; part++) {
            arena_reset(&arena);
            struct answer answer;
            const char *left = arena_format(&arena, "%u", part), *right = arena_format(&arena, "%u", whole);
            assert_int_equal(rules_read_answer(&arena, left, right, false, &answer), ANSWER_GOOD);
            unsigned hundredths = 0;
            for (const char *c = answer.percent; *c; c++)
                hundredths = *c == '.' ? hundredths : hundredths * 10 + (unsigned)(*c - '0');
            // |hundredths / 10000 - part / whole| <= 1 / 20000, and never below by exactly that.
            long difference = (long)hundredths * (long)whole - 10000L * (long)part;
            assert_true(2 * difference > -(long)whole && 2 * difference <= (long)whole);
        }
    }
    arena_done(&arena);
}

static void
test_kinds_have_names(void **context)
{
    (void)context;
    for (enum kind kind = KIND_NUMBER; kind < KIND_COUNT; kind++)
        assert_int_equal(rules_kind_named(rules_kind_name(kind)), kind);
    assert_int_equal(rules_kind_named("text"), KIND_COUNT);
    assert_string_equal(rules_kind_name(KIND_COUNT), "");
}

static void
test_an_exhausted_arena_is_no_answer(void **context)
{
    (void)context;
    struct arena arena;
    arena_init(&arena, 0);
    struct answer answer;
    assert_int_not_equal(rules_read_answer(&arena, "10", "40", false, &answer), ANSWER_GOOD);
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_and_yes_or_no),
        cmocka_unit_test(test_percents),
        cmocka_unit_test(test_percent_is_the_nearest_hundredth),
        cmocka_unit_test(test_kinds_have_names),
        cmocka_unit_test(test_an_exhausted_arena_is_no_answer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
