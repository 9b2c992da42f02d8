// Histories of organisations: renamed, closed, known later (S2.65: imported history reaches back before the start).
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "validity.h"

static struct arena arena;

static struct organisation_version
version(const char *from, const char *to, const char *name)
{
    return (struct organisation_version){from, to, "school", name, "", "", "", "", ""};
}

// "2019-01-01..2025-03-01 МР, 2025-03-01.. МО" after laying one row over a history.
static const char *
overlaid(const struct organisation_version *history, size_t count, struct organisation_version row, bool *ret_changed)
{
    char out[1000] = "";
    size_t used = 0, new_count;
    struct organisation_version period;
    struct organisation_version *result =
        validity_overlay(&arena, history, count, &row, &new_count, &period, ret_changed);
    assert_non_null(result);
    assert_string_equal(period.valid_from, row.valid_from);
    for (size_t i = 0; i < new_count; i++) {
        used += (size_t)snprintf(out + used, sizeof(out) - used, "%s%s..%s %s", i ? ", " : "", result[i].valid_from,
                                 result[i].valid_to, result[i].short_name);
        assert_true(!*result[i].valid_to || strcmp(result[i].valid_from, result[i].valid_to) < 0);
        assert_true(i == 0 || strcmp(result[i - 1].valid_to, result[i].valid_from) <= 0);
    }
    return arena_copy(&arena, out);
}

static void
splits_and_joins(void **state)
{
    (void)state;
    const struct organisation_version open[] = {version("2019-01-01", "", "A")};
    const struct organisation_version two[] = {version("2019-01-01", "2025-03-01", "A"),
                                               version("2025-03-01", "", "B")};
    const struct organisation_version gap[] = {version("2019-01-01", "2020-01-01", "A"),
                                               version("2022-01-01", "", "B")};
    const struct {
        const struct organisation_version *history;
        size_t count;
        struct organisation_version row;
        const char *result;
        bool changed;
    } cases[] = {
        {NULL, 0, version("2020-09-10", "", "A"), "2020-09-10.. A", true},
        {open, 1, version("2019-01-01", "", "A"), "2019-01-01.. A", false},
        {open, 1, version("2020-09-10", "", "A"), "2019-01-01.. A", false},
        {open, 1, version("2020-09-10", "", "B"), "2019-01-01..2020-09-10 A, 2020-09-10.. B", true},
        {open, 1, version("2019-01-01", "", "B"), "2019-01-01.. B", true},
        // Closed.
        {open, 1, version("2020-09-10", "2021-01-01", "A"), "2019-01-01..2021-01-01 A", true},
        {open, 1, version("2019-01-01", "2021-01-01", "A"), "2019-01-01..2021-01-01 A", true},
        // Known later: what was before.
        {open, 1, version("2015-01-01", "", "Z"), "2015-01-01..2019-01-01 Z, 2019-01-01.. A", true},
        {open, 1, version("2015-01-01", "", "A"), "2015-01-01.. A", true},
        {open, 1, version("2015-01-01", "2016-01-01", "Z"), "2015-01-01..2016-01-01 Z, 2019-01-01.. A", true},
        {open, 1, version("2015-01-01", "2020-01-01", "Z"), "2015-01-01..2020-01-01 Z", true},
        // A row without end lasts until the next period known.
        {two, 2, version("2019-01-01", "", "A"), "2019-01-01..2025-03-01 A, 2025-03-01.. B", false},
        {two, 2, version("2019-01-01", "", "C"), "2019-01-01..2025-03-01 C, 2025-03-01.. B", true},
        {two, 2, version("2019-01-01", "", "B"), "2019-01-01.. B", true},
        {two, 2, version("2020-01-01", "", "C"), "2019-01-01..2020-01-01 A, 2020-01-01..2025-03-01 C, 2025-03-01.. B",
         true},
        {two, 2, version("2030-01-01", "", "C"), "2019-01-01..2025-03-01 A, 2025-03-01..2030-01-01 B, 2030-01-01.. C",
         true},
        {two, 2, version("2020-01-01", "2030-01-01", "C"), "2019-01-01..2020-01-01 A, 2020-01-01..2030-01-01 C", true},
        // A gap stays one.
        {gap, 2, version("2022-01-01", "", "B"), "2019-01-01..2020-01-01 A, 2022-01-01.. B", false},
        {gap, 2, version("2020-01-01", "2022-01-01", "A"), "2019-01-01..2022-01-01 A, 2022-01-01.. B", true},
        {gap, 2, version("2021-01-01", "", "C"), "2019-01-01..2020-01-01 A, 2021-01-01..2022-01-01 C, 2022-01-01.. B",
         true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        bool changed = !cases[i].changed;
        arena_init(&arena, 100000);
        assert_string_equal(overlaid(cases[i].history, cases[i].count, cases[i].row, &changed), cases[i].result);
        assert_int_equal(changed, cases[i].changed);
        arena_done(&arena);
    }
}

static void
every_field_makes_a_difference(void **state)
{
    (void)state;
    const struct organisation_version base = version("2019-01-01", "", "A");
    struct organisation_version other;
    const char **members[] = {&other.kind,  &other.short_name, &other.inn, &other.phone,
                              &other.email, &other.attributes, &other.zone};
    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++) {
        other = base;
        assert_true(versions_say_the_same(&base, &other));
        *members[i] = "x";
        assert_false(versions_say_the_same(&base, &other));
    }
}

static void
finds_the_version_of_a_day(void **state)
{
    (void)state;
    const struct organisation_version history[] = {version("2019-01-01", "2020-01-01", "A"),
                                                   version("2022-01-01", "", "B")};
    assert_null(version_on(history, 2, "2018-12-31"));
    assert_ptr_equal(version_on(history, 2, "2019-01-01"), &history[0]);
    assert_ptr_equal(version_on(history, 2, "2019-12-31"), &history[0]);
    assert_null(version_on(history, 2, "2020-01-01"));
    assert_ptr_equal(version_on(history, 2, "2099-01-01"), &history[1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_and_joins),
        cmocka_unit_test(every_field_makes_a_difference),
        cmocka_unit_test(finds_the_version_of_a_day),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
