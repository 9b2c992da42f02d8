// S2.3, S2.44: rounds follow one another without a gap, month by month.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "rules.h"

static void
test_order_of_days(void **context)
{
    (void)context;
    assert_int_equal(rules_check_days("2020-09-10", "2020-09-25", "2020-09-30"), DAYS_GOOD);
    assert_int_equal(rules_check_days("2020-09-10", "2020-09-10", "2020-09-10"), DAYS_GOOD);
    assert_int_equal(rules_check_days("2020-09-10", "2020-09-09", "2020-09-30"), DAYS_DUE_TOO_EARLY);
    assert_int_equal(rules_check_days("2020-09-10", "2020-09-25", "2020-09-24"), DAYS_CLOSED_TOO_EARLY);
    assert_int_equal(rules_check_days("2020-12-10", "2021-12-25", "2021-12-31"), DAYS_GOOD);
    assert_int_equal(rules_check_days("2020-12-10", "2021-12-25", "2022-01-01"), DAYS_TOO_LONG);
    assert_int_equal(rules_check_days("2020-02-30", "2020-03-25", "2020-03-31"), DAYS_NOT_DATES);
    assert_int_equal(rules_check_days("", "", ""), DAYS_NOT_DATES);
}

static void
test_following_rounds(void **context)
{
    (void)context;
    static const struct {
        struct round_days days, next;
        const char *name;
    } ROWS[] = {
        // The campaign of the letter: due on the 25th again, input closed to the end of the month again.
        {{"2020-09-10", "2020-09-25", "2020-09-30"}, {"2020-10-01", "2020-10-25", "2020-10-31"}, "Октябрь 2020"},
        {{"2020-10-01", "2020-10-25", "2020-10-31"}, {"2020-11-01", "2020-11-25", "2020-11-30"}, "Ноябрь 2020"},
        {{"2020-12-01", "2020-12-25", "2020-12-31"}, {"2021-01-01", "2021-01-25", "2021-01-31"}, "Январь 2021"},
        {{"2021-01-01", "2021-01-31", "2021-01-31"}, {"2021-02-01", "2021-02-28", "2021-02-28"}, "Февраль 2021"},
        {{"2024-01-01", "2024-01-30", "2024-01-31"}, {"2024-02-01", "2024-02-29", "2024-02-29"}, "Февраль 2024"},
        {{"2021-02-01", "2021-02-28", "2021-02-28"}, {"2021-03-01", "2021-03-31", "2021-03-31"}, "Март 2021"},
        // From the middle of a month to the middle of the next.
        {{"2020-09-16", "2020-10-10", "2020-10-15"},
         {"2020-10-16", "2020-11-10", "2020-11-15"},
         "16.10.2020 – 15.11.2020"},
        // A quarter.
        {{"2020-07-01", "2020-09-20", "2020-09-30"},
         {"2020-10-01", "2020-12-20", "2020-12-31"},
         "01.10.2020 – 31.12.2020"},
        // A week.
        {{"2020-09-07", "2020-09-11", "2020-09-13"},
         {"2020-09-14", "2020-09-18", "2020-09-20"},
         "14.09.2020 – 20.09.2020"},
        // The week and the days in which a month ends: no month follows them.
        {{"2020-09-28", "2020-10-02", "2020-10-04"},
         {"2020-10-05", "2020-10-09", "2020-10-11"},
         "05.10.2020 – 11.10.2020"},
        {{"2020-12-31", "2020-12-31", "2021-01-01"},
         {"2021-01-02", "2021-01-02", "2021-01-03"},
         "02.01.2021 – 03.01.2021"},
        // Due early in a round that crosses a month: the day of the month would come before the opening.
        {{"2020-01-15", "2020-01-20", "2020-02-25"},
         {"2020-02-26", "2020-03-02", "2020-04-07"},
         "26.02.2020 – 07.04.2020"},
    };
    for (size_t i = 0; i < sizeof(ROWS) / sizeof(ROWS[0]); i++) {
        struct round_days next;
        char name[ROUND_NAME_BYTES];
        assert_int_equal(rules_next_round(&ROWS[i].days, &next, name), STATUS_OK);
        assert_string_equal(next.opens_on, ROWS[i].next.opens_on);
        assert_string_equal(next.due_on, ROWS[i].next.due_on);
        assert_string_equal(next.closed_until, ROWS[i].next.closed_until);
        assert_string_equal(name, ROWS[i].name);
    }
}

static void
test_ten_years_of_rounds_stay_ordered(void **context)
{
    (void)context;
    struct round_days days = {"2020-09-10", "2020-09-25", "2020-09-30"};
    for (int i = 0; i < 120; i++) {
        struct round_days next;
        char name[ROUND_NAME_BYTES];
        assert_int_equal(rules_next_round(&days, &next, name), STATUS_OK);
        assert_int_equal(rules_check_days(next.opens_on, next.due_on, next.closed_until), DAYS_GOOD);
        assert_true(strcmp(next.opens_on, days.closed_until) > 0);
        assert_string_equal(next.opens_on + 8, "01");
        assert_string_equal(next.due_on + 8, "25");
        days = next;
    }
    assert_string_equal(days.opens_on, "2030-09-01");
}

static void
test_days_that_are_none(void **context)
{
    (void)context;
    struct round_days next;
    char name[ROUND_NAME_BYTES];
    const struct round_days bad = {"2020-09-31", "2020-10-01", "2020-10-02"};
    assert_int_equal(rules_next_round(&bad, &next, name), STATUS_INVALID);
}

// F14
static void
test_dates_for_people(void **context)
{
    (void)context;
    char date[DATE_BYTES];
    rules_russian_date("2020-09-30", date);
    assert_string_equal(date, "30.09.2020");
    rules_russian_date("", date);
    assert_string_equal(date, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order_of_days),
        cmocka_unit_test(test_following_rounds),
        cmocka_unit_test(test_ten_years_of_rounds_stay_ordered),
        cmocka_unit_test(test_days_that_are_none),
        cmocka_unit_test(test_dates_for_people),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
