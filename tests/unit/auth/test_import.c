// The import of organisations, row by row (S2.64, S2.65): what is refused, what changes.
// Before cmocka, which has a macro fail().
#include "import.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support_arena.h"

#define ID_ROOT "00000000-0000-7000-8000-000000000001"
#define ID_REGION "00000000-0000-7000-8000-000000000002"
#define ID_TOWN "00000000-0000-7000-8000-000000000003"
static const struct known_version KNOWN[] = {
    {ID_ROOT, "*", {"1991-12-25", "", "federation", "Россия", "", "", "", "", "Europe/Moscow"}},
    {ID_REGION, "74", {"2019-01-01", "", "region", "Область", "", "", "", "", "Asia/Yekaterinburg"}},
    {ID_TOWN, "74.12", {"2019-01-01", "", "municipality", "Город", "", "", "", "", ""}},
};

static struct import
imported(const char *csv)
{
    struct import import = {.arena = &arena, .today = "2020-09-10", .scope = "*"};
    size_t count;
    assert_true(import_read(&import, csv, strlen(csv)));
    assert_non_null(import_zones(&import, &count));
    import_check_zones(&import, "|Nowhere/Land|");
    assert_non_null(import_paths(&import, &count));
    assert_true(import_apply(&import, KNOWN, sizeof(KNOWN) / sizeof(KNOWN[0])));
    return import;
}

// "2 inn bad_inn; 3 code bad_code"
static const char *
errors_of(const char *csv)
{
    struct import import = imported(csv);
    char out[2000] = "";
    size_t used = 0;
    for (size_t i = 0; i < import.error_count; i++)
        used += (size_t)snprintf(out + used, sizeof(out) - used, "%s%u %s %s", i ? "; " : "", import.errors[i].row,
                                 import.errors[i].column, import.errors[i].message->code);
    return arena_copy(&arena, out);
}

#define HEAD "code,parent_code,kind,short_name,inn,phone,email,attributes,zone,valid_from,valid_to\n"
#define GOOD "74.12.0001,74.12,school,Школа\n"

static void
tells_every_wrong_cell(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {HEAD GOOD, ""},
        {HEAD, ""},
        {"", "1  file_empty"},
        {HEAD "\"", "2  quote_not_closed"},
        {"code,kind\n", "1 short_name column_missing"},
        {"code,kind,short_name,colour\n", "1 colour unknown_column"},
        {"code,kind,short_name,kind\n", "1 kind double_column"},
        {HEAD "74.12.0001,,school,Школа,,,,,,,,extra\n", "2  extra_cells"},
        {HEAD ",,,\nx,,school,Школа\n", "3 kind wrong_place"},
        {HEAD "74.12.0001,,,\n", "2 kind required; 2 short_name required"},
        {HEAD "74.12.Ж,,school,Школа\n", "2 code bad_code"},
        {HEAD "74.12.0001,74.13,school,Школа\n", "2 parent_code not_below_parent"},
        {HEAD "74.13.0001,,school,Школа\n", "2 parent_code parent_unknown"},
        {HEAD "74.12.0001,,kiosk,Школа\n", "2 kind unknown_kind"},
        {HEAD "74.0001,,municipality,Район\n74.0001.1,,region,Область\n", "3 kind wrong_place"},
        {HEAD "74.12.0001,,school,Школа,7401000019\n", "2 inn bad_inn"},
        {HEAD "74.12.0001,,school,Школа,,позвоните\n", "2 phone not_phone"},
        {HEAD "74.12.0001,,school,Школа,,,a@\n", "2 email not_email"},
        {HEAD "74.12.0001,,school,Школа,,,,Кванториум\n", "2 attributes bad_attribute"},
        {HEAD "74.12.0001,,school,Школа,,,,,MSK+3\n", "2 zone bad_zone"},
        {HEAD "74.12.0001,,school,Школа,,,,,Nowhere/Land\n", "2 zone bad_zone"},
        {HEAD "74.12.0001,,school,Школа,,,,,,2020-02-30\n", "2 valid_from not_date"},
        {HEAD "74.12.0001,,school,Школа,,,,,,,01.02.2020\n", "2 valid_to not_date"},
        {HEAD "74.12.0001,,school,Школа,,,,,,,2020-09-10\n", "2 valid_to ends_before"},
        {HEAD GOOD "74.12.0001,,school,Лицей\n", "3 valid_from period_twice"},
        {HEAD "74.12.0001,,school,\"a\nb\"\n", "2 short_name bad_character"},
        {HEAD "74.12.0001,,school,Школа,7401000019,x\n" GOOD "bad,,kiosk,\n",
         "2 inn bad_inn; 2 phone not_phone; 4 short_name required; 4 kind unknown_kind; 3 valid_from period_twice"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        assert_string_equal(errors_of(CASES[i][0]), CASES[i][1]);
}

static void
formula_looking_cells_are_data(void **state)
{
    (void)state;
    struct import import = imported(HEAD "74.12.0001,,school,=HYPERLINK(1)\n74.12.0002,,school,@SUM\n");
    assert_int_equal(import.error_count, 0);
    assert_string_equal(import.rows[0].version.short_name, "=HYPERLINK(1)");
    assert_string_equal(import.rows[1].version.short_name, "@SUM");
}

static void
parents_may_come_later_in_the_file(void **state)
{
    (void)state;
    struct import import =
        imported(HEAD "54.01.0001,54.01,school,Школа\n54.01,54,municipality,Город\n54,,region,Край\n");
    assert_int_equal(import.error_count, 0);
    assert_int_equal(import.created_count, 3);
    assert_string_equal(import.created[0].path, "54");
    assert_string_equal(import.created[0].parent_id, ID_ROOT);
    assert_string_equal(import.created[1].parent_id, import.created[0].organisation_id);
    assert_string_equal(import.created[2].parent_id, import.created[1].organisation_id);
    assert_string_equal(import.versions[0].version.valid_from, "2020-09-10");
}

static void
cells_are_normalised(void **state)
{
    (void)state;
    struct import import = imported("kind;short_name;code;attributes\n"
                                    " school ;\xc2\xa0Школа № 1 ;74.12.0001; it-cube| kvantorium|it-cube\n");
    assert_int_equal(import.error_count, 0);
    assert_string_equal(import.rows[0].version.short_name, "Школа № 1");
    assert_string_equal(import.rows[0].version.attributes, "it-cube|kvantorium");
}

static void
unchanged_rows_produce_nothing(void **state)
{
    (void)state;
    struct import import = imported(HEAD "74,,region,Область,,,,,Asia/Yekaterinburg,2019-01-01\n"
                                         "74.12,74,municipality,Город\n");
    assert_int_equal(import.error_count, 0);
    assert_int_equal(import.period_count + import.version_count + import.created_count, 0);
    assert_int_equal(import.rows[0].outcome, IMPORT_UNCHANGED);
    assert_int_equal(import.rows[1].outcome, IMPORT_UNCHANGED);
}

static void
a_renamed_unit_keeps_its_past(void **state)
{
    (void)state;
    struct import import = imported(HEAD "74.12,74,municipality,Округ,,,,,,2025-03-01\n");
    assert_int_equal(import.rows[0].outcome, IMPORT_CHANGED);
    assert_int_equal(import.created_count, 0);
    assert_int_equal(import.version_count, 2);
    assert_string_equal(import.versions[0].organisation_id, ID_TOWN);
    assert_string_equal(import.versions[0].version.valid_to, "2025-03-01");
    assert_string_equal(import.versions[1].version.short_name, "Округ");
    assert_int_equal(import.period_count, 1);
    assert_true(import.periods[0].touches_units_below);
    // A new telephone of the unit is nothing to the units below.
    import = imported(HEAD "74.12,74,municipality,Город,,+7 351 200-00-00\n");
    assert_int_equal(import.period_count, 1);
    assert_false(import.periods[0].touches_units_below);
}

static void
one_file_may_hold_a_history(void **state)
{
    (void)state;
    struct import import = imported(HEAD "74.12.0001,,school,Лицей,,,,,,2020-01-01\n"
                                         "74.12.0001,,school,Школа,,,,,,2015-01-01\n");
    assert_int_equal(import.error_count, 0);
    assert_int_equal(import.created_count, 1);
    assert_int_equal(import.version_count, 2);
    assert_string_equal(import.versions[0].version.short_name, "Школа");
    assert_string_equal(import.versions[0].version.valid_to, "2020-01-01");
    assert_string_equal(import.versions[1].version.valid_to, "");
    assert_int_equal(import.period_count, 2);
    assert_int_equal(import.rows[0].outcome, IMPORT_CREATED);
    assert_int_equal(import.rows[1].outcome, IMPORT_CREATED);
}

static void
errors_have_a_limit(void **state)
{
    (void)state;
    char *csv = arena_take(&arena, 100000);
    size_t used = (size_t)snprintf(csv, 100000, "code,kind,short_name\n");
    for (size_t i = 0; i < IMPORT_MAX_ERRORS; i++)
        used += (size_t)snprintf(csv + used, 100000 - used, "?,?,x\n");
    assert_int_equal(imported(csv).error_count, IMPORT_MAX_ERRORS);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(tells_every_wrong_cell, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(formula_looking_cells_are_data, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(parents_may_come_later_in_the_file, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(cells_are_normalised, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(unchanged_rows_produce_nothing, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(a_renamed_unit_keeps_its_past, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(one_file_may_hold_a_history, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(errors_have_a_limit, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
