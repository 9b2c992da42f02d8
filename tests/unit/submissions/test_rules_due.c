// S1.12, S1.13, S2.44, S3.6-S3.14, B18, B19, B21, B24: days out of the words of a document.
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "rules_due.h"

static struct due
due_of(const char *kind)
{
    return (struct due){.kind = kind, .on = "", .from = "", .until = "", .owner = "", .every = ""};
}

// Of a round of 2024.
static size_t
days_of(const struct due *due, char days[DUE_DAYS_MAX][DATE_BYTES])
{
    return rules_due_days(due, "2024-01-10", "2024-11-30", "2024-12-31", days);
}

static void
expect_one(const struct due *due, const char *day)
{
    char days[DUE_DAYS_MAX][DATE_BYTES];
    assert_int_equal(days_of(due, days), 1);
    assert_string_equal(days[0], day);
}

static void
test_kinds_have_names(void **context)
{
    (void)context;
    assert_int_equal(rules_due_kind_named(""), DUE_ROUND);
    assert_int_equal(rules_due_kind_named("by_schedule"), DUE_BY_SCHEDULE);
    assert_int_equal(rules_due_kind_named("soon"), DUE_KIND_COUNT);
    for (enum due_kind kind = DUE_ROUND; kind <= DUE_KIND_COUNT; kind++)
        assert_int_equal(rules_due_is_open(kind), kind == DUE_BY_EXECUTOR || kind == DUE_BY_SCHEDULE);
}

static void
test_days_that_a_document_names(void **context)
{
    (void)context;
    struct due due = due_of("not_later");
    due.on = "2023-12-29"; // before its round: late already when it is loaded (S3.20)
    expect_one(&due, "2023-12-29");
    due.kind = "exact";
    expect_one(&due, "2023-12-29");
    due = due_of("period");
    due.on = "2024-03-20";
    due.from = "2024-02-10";
    expect_one(&due, "2024-03-20");
    due = due_of("relative_year");
    due.month = 8;
    due.day = 25;
    due.year_offset = -1;
    expect_one(&due, "2023-08-25");
    due.month = 2;
    due.day = 29;
    expect_one(&due, "2023-02-28");
    due = due_of("quarter");
    due.quarter = 2;
    expect_one(&due, "2024-06-30");
}

static void
test_days_that_are_not_known(void **context)
{
    (void)context;
    static const char *const KINDS[] = {"", "round", "by_executor", "by_schedule", "soon"};
    char days[DUE_DAYS_MAX][DATE_BYTES];
    for (size_t i = 0; i < sizeof(KINDS) / sizeof(KINDS[0]); i++) {
        struct due due = due_of(KINDS[i]);
        due.owner = "Центр проектного сопровождения";
        assert_int_equal(days_of(&due, days), 0);
    }
}

static void
test_days_that_come_again(void **context)
{
    (void)context;
    char days[DUE_DAYS_MAX][DATE_BYTES];
    struct due due = due_of("recurring");
    due.every = "month";
    due.day = 31;
    assert_int_equal(days_of(&due, days), 12);
    assert_string_equal(days[0], "2024-01-31");
    assert_string_equal(days[1], "2024-02-29");
    assert_string_equal(days[11], "2024-12-31");
    due.day = 5; // the 5th of January was before the round
    due.until = "2024-04-05";
    assert_int_equal(days_of(&due, days), 3);
    assert_string_equal(days[0], "2024-02-05");
    assert_string_equal(days[2], "2024-04-05");
    due.every = "quarter";
    due.until = "";
    due.day = 10;
    assert_int_equal(days_of(&due, days), 4);
    assert_string_equal(days[0], "2024-01-10");
    assert_string_equal(days[3], "2024-10-10");
    due.every = "year";
    due.month = 10;
    due.day = 1;
    assert_int_equal(days_of(&due, days), 1);
    assert_string_equal(days[0], "2024-10-01");
    due.every = "month";
    assert_int_equal(rules_due_days(&due, "2000-01-01", "2000-12-31", "2040-12-31", days), DUE_DAYS_MAX);
}

static void
test_what_a_file_gets_wrong(void **context)
{
    (void)context;
    struct due due = due_of("soon");
    assert_int_equal(rules_check_due(&due), DUE_UNKNOWN_KIND);
    due.kind = "exact";
    assert_int_equal(rules_check_due(&due), DUE_ON_MISSING);
    due.kind = "period";
    assert_int_equal(rules_check_due(&due), DUE_ON_MISSING);
    due.on = "2024-01-01";
    assert_int_equal(rules_check_due(&due), DUE_FROM_MISSING);
    due.from = "2024-01-02";
    assert_int_equal(rules_check_due(&due), DUE_FROM_MISSING);
    due.kind = "by_schedule";
    assert_int_equal(rules_check_due(&due), DUE_OWNER_MISSING);
    due.kind = "relative_year";
    due.month = 2;
    due.day = 30;
    assert_int_equal(rules_check_due(&due), DUE_DAY_WRONG);
    due.kind = "quarter";
    due.quarter = 5;
    assert_int_equal(rules_check_due(&due), DUE_QUARTER_WRONG);
    due.kind = "recurring";
    assert_int_equal(rules_check_due(&due), DUE_EVERY_UNKNOWN);
    due.every = "year";
    assert_int_equal(rules_check_due(&due), DUE_DAY_WRONG);
    due.every = "month";
    due.day = 32;
    assert_int_equal(rules_check_due(&due), DUE_DAY_WRONG);
    due.day = 31;
    assert_int_equal(rules_check_due(&due), DUE_GOOD);
}

static enum plan_problem
plan(const char *planned_on, const char *expected, const char *current, const char *reason)
{
    return rules_check_plan(planned_on, expected, current, reason, "2021-03-31", "2021-12-20");
}

static void
test_dates_that_a_school_sets(void **context)
{
    (void)context;
    assert_int_equal(plan("2021-03-31", "", "", ""), PLAN_GOOD);
    assert_int_equal(plan("2021-12-20", "", "", ""), PLAN_GOOD);
    assert_int_equal(plan("2021-03-30", "", "", ""), PLAN_IN_THE_PAST);
    assert_int_equal(plan("2021-12-21", "", "", ""), PLAN_AFTER_THE_ROUND);
    assert_int_equal(plan("2021-06-01", "", "2021-05-01", "болезнь"), PLAN_STALE);
    assert_int_equal(plan("2021-06-01", "2021-05-01", "", "болезнь"), PLAN_STALE);
    assert_int_equal(plan("2021-06-01", "2021-05-01", "2021-05-01", " "), PLAN_NO_REASON);
    assert_int_equal(plan("2021-06-01", "2021-05-01", "2021-05-01", "да"), PLAN_NO_REASON);
    assert_int_equal(plan("2021-05-01", "2021-05-01", "2021-05-01", "болезнь"), PLAN_UNCHANGED);
    assert_int_equal(plan("2021-06-01", "2021-05-01", "2021-05-01", "болезнь"), PLAN_GOOD);
}

// Days off of the production calendar around what article 112 and the government moved: 20.02.2021 was worked.
static const char DAYS_OFF[] =
    "2020-10-31 2020-11-01 2020-11-04 2020-11-07 2020-11-08 2021-02-13 2021-02-14 2021-02-21 "
    "2021-02-22 2021-02-23 2021-12-31 2022-01-01";

static void
expect_moved(enum day_off_rule rule, const char *named, const char *wanted)
{
    char day[DATE_BYTES];
    memcpy(day, named, DATE_BYTES);
    assert_int_equal(rules_move_due(day, rule, DAYS_OFF, "2020-11-01", "2021-12-31"), strcmp(named, wanted) != 0);
    assert_string_equal(day, wanted);
}

static void
test_a_day_off_moves(void **context)
{
    (void)context;
    assert_int_equal(rules_day_off_named(""), DAY_OFF_KEEP);
    assert_int_equal(rules_day_off_named("keep"), DAY_OFF_KEEP);
    assert_int_equal(rules_day_off_named("next_working_day"), DAY_OFF_NEXT);
    assert_int_equal(rules_day_off_named("previous_working_day"), DAY_OFF_PREVIOUS);
    assert_int_equal(rules_day_off_named("move"), DAY_OFF_RULE_COUNT);
    expect_moved(DAY_OFF_KEEP, "2020-11-04", "2020-11-04");
    expect_moved(DAY_OFF_NEXT, "2020-11-04", "2020-11-05");
    expect_moved(DAY_OFF_PREVIOUS, "2020-11-04", "2020-11-03");
    expect_moved(DAY_OFF_NEXT, "2020-11-07", "2020-11-09");
    expect_moved(DAY_OFF_NEXT, "2020-11-05", "2020-11-05");
    // Sunday, the Monday moved from 20.02, the holiday; and that Saturday is worked.
    expect_moved(DAY_OFF_NEXT, "2021-02-21", "2021-02-24");
    expect_moved(DAY_OFF_NEXT, "2021-02-22", "2021-02-24");
    expect_moved(DAY_OFF_PREVIOUS, "2021-02-22", "2021-02-20");
    expect_moved(DAY_OFF_NEXT, "2021-02-20", "2021-02-20");
    expect_moved(DAY_OFF_PREVIOUS, "2021-02-14", "2021-02-12");
}

static void
test_a_day_off_stays_within_its_round(void **context)
{
    (void)context;
    expect_moved(DAY_OFF_NEXT, "2021-12-31", "2021-12-31");
    expect_moved(DAY_OFF_PREVIOUS, "2021-12-31", "2021-12-30");
    expect_moved(DAY_OFF_PREVIOUS, "2020-11-01", "2020-11-01");
    expect_moved(DAY_OFF_NEXT, "2020-11-01", "2020-11-02");
    // What lies outside anyway knows no such border; what lies beyond the calendar is worked.
    expect_moved(DAY_OFF_NEXT, "2022-01-01", "2022-01-02");
    expect_moved(DAY_OFF_PREVIOUS, "2020-10-31", "2020-10-30");
    expect_moved(DAY_OFF_NEXT, "2041-01-01", "2041-01-01");
    char day[DATE_BYTES] = "2021-01-02";
    assert_false(rules_move_due(day, DAY_OFF_NEXT, "", "2020-11-01", "2021-12-31"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_kinds_have_names),        cmocka_unit_test(test_days_that_a_document_names),
        cmocka_unit_test(test_days_that_are_not_known), cmocka_unit_test(test_days_that_come_again),
        cmocka_unit_test(test_what_a_file_gets_wrong),  cmocka_unit_test(test_dates_that_a_school_sets),
        cmocka_unit_test(test_a_day_off_moves),         cmocka_unit_test(test_a_day_off_stays_within_its_round),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
