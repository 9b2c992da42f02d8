// Rules of the reports: S2.53, S2.54, S2.56-S2.59, S2.61, F8-F10.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules.h"

static void
values_are_parsed(void **state) // S2.56, S2.58
{
    (void)state;
    assert_int_equal(rules_parse_values("", ""), VALUES_NEW);
    assert_int_equal(rules_parse_values("", "2020-01-01"), VALUES_AS_OF);
    assert_int_equal(rules_parse_values("new", ""), VALUES_NEW);
    assert_int_equal(rules_parse_values("accepted", ""), VALUES_ACCEPTED);
    assert_int_equal(rules_parse_values("as_of", "2020-01-01"), VALUES_AS_OF);
    assert_int_equal(rules_parse_values("drafts", ""), VALUES_UNKNOWN);
    assert_string_equal(rules_values_name(VALUES_ACCEPTED), "accepted");
}

static void
new_values_are_sent_and_unchecked_only(void **state) // S2.57, F9
{
    (void)state;
    assert_int_equal(rules_wanted_state(VALUES_NEW), CELL_IN_REVIEW);
    assert_int_equal(rules_wanted_state(VALUES_ACCEPTED), CELL_ACCEPTED);
}

static struct organisation_facts
facts_of(unsigned bits)
{
    return (struct organisation_facts){
        .has_logged_in = bits & 1, .has_begun = (bits & 2) != 0, .is_due = (bits & 4) != 0};
}

static void
every_item_without_data_has_a_reason(void **state) // S2.61, F10: every state with every combination of facts
{
    (void)state;
    static const enum reason untouched[8] = {
        [0] = REASON_NEVER_LOGGED_IN, [1] = REASON_NOT_BEGUN, [2] = REASON_NOT_DUE_YET, [3] = REASON_NOT_DUE_YET,
        [4] = REASON_NEVER_LOGGED_IN, [5] = REASON_NOT_BEGUN, [6] = REASON_NOT_BEGUN,   [7] = REASON_NOT_BEGUN,
    };
    for (unsigned bits = 0; bits < 8; bits++) {
        struct organisation_facts facts = facts_of(bits);
        assert_int_equal(rules_item_reason(CELL_EMPTY, &facts), untouched[bits]);
        assert_int_equal(rules_item_reason(CELL_DRAFT, &facts), REASON_DRAFT_NOT_SENT);
        assert_int_equal(rules_item_reason(CELL_REJECTED, &facts), REASON_REJECTED);
        assert_int_equal(rules_item_reason(CELL_IN_REVIEW, &facts), REASON_IN_REVIEW);
        assert_int_equal(rules_item_reason(CELL_ACCEPTED, &facts), REASON_ALREADY_ACCEPTED);
    }
}

static void
the_most_pressing_reason_speaks_for_an_organisation(void **state) // F10: every set of states, every combination
{
    (void)state;
    for (unsigned bits = 0; bits < 8; bits++)
        for (unsigned present = 0; present < 1u << CELL_STATE_COUNT; present++) {
            struct organisation_facts facts = facts_of(bits);
            unsigned items[CELL_STATE_COUNT] = {0};
            enum reason expected = REASON_NONE;
            for (int cell = 0; cell < CELL_STATE_COUNT; cell++) {
                items[cell] = (present >> cell & 1) * 3;
                if (items[cell] && rules_item_reason((enum cell_state)cell, &facts) < expected)
                    expected = rules_item_reason((enum cell_state)cell, &facts);
            }
            assert_int_equal(rules_organisation_reason(items, &facts), expected);
            if (items[CELL_REJECTED])
                assert_int_equal(expected, REASON_REJECTED);
            else if (items[CELL_DRAFT])
                assert_int_equal(expected, REASON_DRAFT_NOT_SENT);
            assert_int_equal(expected == REASON_NONE, present == 0);
        }
}

static void
reasons_and_states_have_distinct_names(void **state)
{
    (void)state;
    for (int a = 0; a < REASON_COUNT; a++)
        for (int b = 0; b < a; b++)
            assert_string_not_equal(rules_reason_name((enum reason)a), rules_reason_name((enum reason)b));
    assert_string_equal(rules_reason_name(REASON_NONE), "");
    for (int cell = 0; cell < CELL_STATE_COUNT; cell++)
        assert_int_equal(rules_parse_state(rules_state_name((enum cell_state)cell)), cell);
    assert_int_equal(rules_parse_state("nonsense"), CELL_EMPTY);
}

static void
organisations_fall_into_groups(void **state) // S2.54, S2.59, S2.64
{
    (void)state;
    assert_string_equal(rules_organisation_group("school"), "schools");
    assert_string_equal(rules_organisation_group("authority"), "authorities");
    assert_string_equal(rules_organisation_group("superior"), "superior");
    assert_string_equal(rules_organisation_group("other"), "other");
    assert_string_equal(rules_organisation_group("region"), "other");
    assert_false(rules_is_other("school"));
    assert_false(rules_is_other("authority"));
    assert_true(rules_is_other("superior"));
    assert_true(rules_is_other("other"));
    assert_true(rules_is_start_group("started"));
    assert_true(rules_is_start_group(""));
    assert_false(rules_is_start_group("with_data"));
    assert_true(rules_is_provided_group("without_data"));
    assert_false(rules_is_provided_group("started"));
}

static void
dates_go_back_by_months(void **state) // S2.58, S2.65
{
    (void)state;
    struct report_month months[REPORT_DATES_MAX];
    assert_int_equal(rules_report_months("2020-01-15", "", months), 12);
    assert_int_equal(months[0].year, 2020);
    assert_int_equal(months[0].month, 1);
    assert_int_equal(months[1].year, 2019);
    assert_int_equal(months[1].month, 12);
    assert_int_equal(months[11].month, 2);
    assert_int_equal(rules_report_months("2020-01-15", "2019-08-07", months), 12);
    size_t count = rules_report_months("2020-09-01", "2018-08-07", months);
    assert_int_equal(count, 25);
    assert_int_equal(months[count - 1].year, 2018);
    assert_int_equal(months[count - 1].month, 9);
    assert_int_equal(rules_report_months("2020-09-01", "1900-01-01", months), REPORT_DATES_MAX);
    assert_int_equal(rules_report_months("", "", months), 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_are_parsed),
        cmocka_unit_test(new_values_are_sent_and_unchecked_only),
        cmocka_unit_test(every_item_without_data_has_a_reason),
        cmocka_unit_test(the_most_pressing_reason_speaks_for_an_organisation),
        cmocka_unit_test(reasons_and_states_have_distinct_names),
        cmocka_unit_test(organisations_fall_into_groups),
        cmocka_unit_test(dates_go_back_by_months),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
