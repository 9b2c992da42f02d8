// Replies as CSV: which ones are tables, and how their values stand in cells.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include "csv_write.h"
#include "reporting.pb-c.h"

// After the headers that have a function named fail.
#include <cmocka.h>

static void
a_table_has_rows_of_single_values(void **state)
{
    (void)state;
    assert_non_null(csv_rows_of(&reporting__bi_items__descriptor));
    assert_non_null(csv_rows_of(&reporting__bi_changes__descriptor));
    // No rows; lists or messages in them; more lists than one.
    assert_null(csv_rows_of(&reporting__bi_item__descriptor));
    assert_null(csv_rows_of(&reporting__values_report__descriptor));
    assert_null(csv_rows_of(&reporting__start_report__descriptor));
    assert_null(csv_rows_of(&reporting__roadmap__descriptor));
}

static void
cells_are_quoted_where_they_must(void **state)
{
    (void)state;
    Reporting__BiPlan plan = REPORTING__BI_PLAN__INIT, empty = REPORTING__BI_PLAN__INIT;
    plan.round_id = "a,b";
    plan.organisation_id = "say \"x\"";
    plan.section_code = "two\r\nlines";
    plan.state = "простой; текст";
    plan.moves = UINT32_MAX;
    plan.change = UINT64_MAX;
    Reporting__BiPlan *rows[] = {&plan, &empty};
    Reporting__BiPlans reply = REPORTING__BI_PLANS__INIT;
    reply.n_rows = 2;
    reply.rows = rows;
    struct buffer out;
    buffer_init(&out, 4096);
    csv_write(&out, &reply.base, csv_rows_of(reply.base.descriptor));
    assert_string_equal(
        out.data, "roundId,organisationId,sectionCode,state,plannedOn,previousOn,moves,at,change\r\n"
                  "\"a,b\",\"say \"\"x\"\"\",\"two\r\nlines\",простой; текст,,,4294967295,,18446744073709551615\r\n"
                  ",,,,,,0,,0\r\n");
    buffer_done(&out);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_table_has_rows_of_single_values),
        cmocka_unit_test(cells_are_quoted_where_they_must),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
