// The cells of report files: fields by their paths, what was beside what is, sums, and texts that are no formulas.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "export_file.h"
#include "reporting.pb-c.h"

#include <cmocka.h>

#include "../support_arena.h"

static const struct export_about about = {.title = "", .author = ""};

static const struct export_cell *
cell_of(const struct export_grid *grid, const struct export_shown *shown, size_t row, const char *path, bool is_was)
{
    for (size_t i = 0; i < grid->columns; i++)
        if (strcmp(shown[i].column->title.code, path) == 0 && shown[i].is_was == is_was)
            return &grid->cells[row * grid->columns + i];
    fail_msg("no column %s", path);
    return NULL;
}

static void
a_row_shows_its_fields_and_what_they_were(void **state)
{
    (void)state;
    Reporting__RoadmapFigures now = REPORTING__ROADMAP_FIGURES__INIT, was = REPORTING__ROADMAP_FIGURES__INIT;
    now.state = "activated";
    now.planned_on = "2021-05-31";
    now.measures_total = 7;
    was.measures_total = 5;
    const char *curators[] = {"Иванова А. П.", "Петров Б. В."};
    Reporting__RoadmapRow row = REPORTING__ROADMAP_ROW__INIT, gone = REPORTING__ROADMAP_ROW__INIT;
    row.short_name = "=1+1";
    row.figures = &now;
    row.was = &was;
    row.n_curators = 2;
    row.curators = curators;
    Reporting__RoadmapRow *rows[] = {&row, &gone};
    Reporting__RoadmapTotals totals = REPORTING__ROADMAP_TOTALS__INIT;
    totals.measures_total = 12;
    Reporting__RoadmapsReport reply = REPORTING__ROADMAPS_REPORT__INIT;
    reply.rows = rows;
    reply.n_rows = 2;
    reply.totals = &totals;
    const struct export_report *report = export_report_find("roadmaps");
    const struct export_sheet *sheet = &report->sheets[0];
    size_t count;
    struct export_shown *shown = export_columns_shown(&arena, sheet, true, NULL, &count);
    struct export_grid grid, sums;
    assert_int_equal(export_grid_fill(&arena, report, sheet, shown, count, &reply.base, false, &grid), STATUS_OK);
    assert_int_equal(grid.rows, 2);
    assert_string_equal(cell_of(&grid, shown, 0, "curators", false)->text, "Иванова А. П., Петров Б. В.");
    assert_string_equal(cell_of(&grid, shown, 0, "figures.state", false)->text, "активировано");
    assert_int_equal(cell_of(&grid, shown, 0, "figures.planned_on", false)->shown, CELL_DAY);
    assert_true(cell_of(&grid, shown, 0, "figures.measures_total", false)->number == 7);
    assert_true(cell_of(&grid, shown, 0, "figures.measures_total", true)->number == 5);
    assert_int_equal(cell_of(&grid, shown, 1, "figures.measures_total", false)->shown, CELL_NOTHING);
    assert_int_equal(export_grid_totals(&arena, sheet, shown, count, &reply.base, false, &sums), STATUS_OK);
    assert_true(cell_of(&sums, shown, 0, "figures.measures_total", false)->number == 12);
    assert_int_equal(cell_of(&sums, shown, 0, "figures.measures_total", true)->shown, CELL_NOTHING);
}

static void
each_part_is_a_line(void **state)
{
    (void)state;
    Reporting__RoadmapItem first = REPORTING__ROADMAP_ITEM__INIT, second = REPORTING__ROADMAP_ITEM__INIT;
    first.question = "Приказ";
    second.question = "Отчёт";
    Reporting__RoadmapItem *items[] = {&first, &second};
    Reporting__RoadmapSection with = REPORTING__ROADMAP_SECTION__INIT, without = REPORTING__ROADMAP_SECTION__INIT;
    with.title = "M1";
    with.items = items;
    with.n_items = 2;
    without.title = "M2";
    Reporting__RoadmapSection *sections[] = {&with, &without};
    Reporting__Roadmap reply = REPORTING__ROADMAP__INIT;
    reply.sections = sections;
    reply.n_sections = 2;
    const struct export_report *report = export_report_find("roadmap");
    size_t count;
    struct export_shown *shown = export_columns_shown(&arena, &report->sheets[0], false, NULL, &count);
    struct export_grid grid;
    assert_int_equal(export_grid_fill(&arena, report, &report->sheets[0], shown, count, &reply.base, false, &grid),
                     STATUS_OK);
    assert_int_equal(grid.rows, 3);
    assert_string_equal(cell_of(&grid, shown, 1, "title", false)->text, "M1");
    assert_string_equal(cell_of(&grid, shown, 1, "items.question", false)->text, "Отчёт");
    assert_int_equal(cell_of(&grid, shown, 2, "items.question", false)->shown, CELL_NOTHING);
}

static void
a_part_gives_back_what_it_was_given(void **state)
{
    (void)state;
    const struct export_cell cells[] = {{CELL_TEXT, "a\tb\nc\\d", 0},
                                        {CELL_NOTHING, "", 0},
                                        {CELL_NUMBER, "12", 12},
                                        {CELL_PERCENT, "99.50", 99.5},
                                        {CELL_DAY, "2021-03-31", 0}};
    struct buffer body;
    buffer_init(&body, 1000);
    export_part_add(&body, 0, false, cells, 5);
    export_part_add(&body, 1, true, cells + 2, 1);
    struct export_line line;
    char *at = body.data;
    assert_true(export_part_next(&at, &line));
    assert_int_equal(line.count, 5);
    for (size_t i = 0; i < line.count; i++) {
        assert_int_equal(line.cells[i].shown, cells[i].shown);
        assert_string_equal(line.cells[i].text, cells[i].text);
        assert_true(line.cells[i].number == cells[i].number);
    }
    assert_true(export_part_next(&at, &line) && line.sheet == 1 && line.is_sum && line.cells[0].number == 12);
    assert_false(export_part_next(&at, &line));
    char cut[] = "0r\tta", strange[] = "0r\t?a\n", many[600] = "0r";
    at = cut;
    assert_false(export_part_next(&at, &line));
    at = strange;
    assert_false(export_part_next(&at, &line));
    memset(many + 2, '\t', EXPORT_COLUMNS_MAX + 1);
    many[EXPORT_COLUMNS_MAX + 3] = '\n';
    at = many;
    assert_false(export_part_next(&at, &line));
    buffer_done(&body);
}

static void
a_csv_text_is_no_formula(void **state)
{
    (void)state;
    char path[] = "/tmp/vekha-test-export-XXXXXX", read[200] = "";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    struct export_file *file = export_csv_new(path, &about);
    const struct export_line line = {.count = 4,
                                     .cells = {{CELL_TEXT, "=HYPERLINK(\"x\")", 0},
                                               {CELL_TEXT, "@a;\"b\"", 0},
                                               {CELL_PERCENT, "12.50", 12.5},
                                               {CELL_MOMENT, "2021-03-31 23:59", 0}}};
    assert_int_equal(file->add_row(file, &line), STATUS_OK);
    assert_int_equal(file->close(file, true), STATUS_OK);
    assert_true(pread(descriptor, read, sizeof read - 1, 0) > 0);
    assert_string_equal(read + 3, "\"'=HYPERLINK(\"\"x\"\")\";\"'@a;\"\"b\"\"\";12,50;31.03.2021 23:59\r\n");
    (void)close(descriptor);
    (void)unlink(path);
}

static void
a_full_disk_is_no_file(void **state)
{
    (void)state;
    const struct export_line line = {.count = 1, .cells = {{CELL_TEXT, "x", 0}}};
    struct export_file *file = export_csv_new("/dev/full", &about);
    assert_non_null(file);
    (void)file->add_row(file, &line);
    assert_int_equal(file->close(file, true), STATUS_BUSY);
    assert_null(export_csv_new("/no/such/folder/file", &about));
    assert_null(export_report_find("nothing"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_row_shows_its_fields_and_what_they_were, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(each_part_is_a_line, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(a_part_gives_back_what_it_was_given, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(a_csv_text_is_no_formula, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(a_full_disk_is_no_file, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
