// The CSV reader on what spreadsheets and people produce.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../support_arena.h"
#include "csv.h"

// The table as text: cells in [], rows by number.
static const char *
parsed(const char *text, size_t size)
{
    struct csv_table table;
    unsigned row;
    char out[2000];
    size_t used = 0;
    enum csv_fault fault = csv_parse(&arena, text, size, &table, &row);
    if (fault != CSV_FINE)
        return arena_format(&arena, "fault %d in row %u", (int)fault, row);
    out[0] = '\0';
    for (size_t r = 0; r <= table.row_count; r++) {
        const struct csv_row *line = r == 0 ? &table.header : &table.rows[r - 1];
        used += (size_t)snprintf(out + used, sizeof(out) - used, "%u:", line->number);
        for (size_t i = 0; i < line->cell_count; i++)
            used += (size_t)snprintf(out + used, sizeof(out) - used, "[%s]", line->cells[i]);
    }
    return arena_copy(&arena, out);
}

static void
reads_what_spreadsheets_write(void **state)
{
    (void)state;
    static const char *const CASES[][2] = {
        {"a,b\n1,2\n", "1:[a][b]2:[1][2]"},
        {"a,b\r\n1,2\r\n3,4", "1:[a][b]2:[1][2]3:[3][4]"},
        {"a,b\r1,2", "1:[a][b]2:[1][2]"},
        {"\xef\xbb\xbf"
         "a;b\n1;2,5\n",
         "1:[a][b]2:[1][2,5]"},
        {"a\tb\n1\t2\n", "1:[a][b]2:[1][2]"},
        {"\"a;x\",b\n1,2\n", "1:[a;x][b]2:[1][2]"},
        {"a\n\"x \"\"y\"\" z\"\n", "1:[a]2:[x \"y\" z]"},
        {"a,b\n\"two\nlines\",\n", "1:[a][b]2:[two\nlines][]"},
        {"a,b\n\n , \n1,2\n", "1:[a][b]4:[1][2]"},
        {"a,b\n1\n", "1:[a][b]2:[1]"},
        {"a,b\n1,2,3\n", "1:[a][b]2:[1][2][3]"},
        {"a\nМБОУ \"СОШ № 1\"\n", "1:[a]2:[МБОУ \"СОШ № 1\"]"},
        {"a\n=1+1\n@x\n", "1:[a]2:[=1+1]3:[@x]"},
        {"a", "1:[a]"},
        {"a,\n,b\n", "1:[a][]2:[][b]"},
        {"a,b\n\"\",\"\"\n", "1:[a][b]"},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        assert_string_equal(parsed(CASES[i][0], strlen(CASES[i][0])), CASES[i][1]);
}

static void
names_faults_with_their_row(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum csv_fault fault;
        unsigned row;
    } CASES[] = {
        {"", CSV_EMPTY, 1},
        {"\n", CSV_EMPTY, 1},
        {"\xef\xbb\xbf", CSV_EMPTY, 1},
        {"a,b\n1,\"2\n", CSV_QUOTE_NOT_CLOSED, 2},
        {"a,b\n1,2\n\"x\"y,2\n", CSV_TEXT_AFTER_QUOTE, 3},
        {"a\n\xff\n", CSV_NOT_UTF8, 1},
        {"\"", CSV_QUOTE_NOT_CLOSED, 1},
    };
    for (size_t i = 0; i < sizeof(CASES) / sizeof(CASES[0]); i++)
        assert_string_equal(parsed(CASES[i].text, strlen(CASES[i].text)),
                            arena_format(&arena, "fault %d in row %u", (int)CASES[i].fault, CASES[i].row));
    assert_string_equal(parsed("a\0b", 3), arena_format(&arena, "fault %d in row 1", (int)CSV_NOT_UTF8));
}

static void
has_limits(void **state)
{
    (void)state;
    char wide[CSV_MAX_COLUMNS + 2];
    memset(wide, ',', sizeof(wide));
    assert_string_equal(parsed(wide, CSV_MAX_COLUMNS - 1), "fault 1 in row 1");
    assert_string_equal(parsed(wide, CSV_MAX_COLUMNS), arena_format(&arena, "fault %d in row 1", CSV_TOO_MANY_COLUMNS));
    char *tall = arena_take(&arena, 2 * (CSV_MAX_ROWS + 2));
    for (size_t i = 0; i < CSV_MAX_ROWS + 2; i++)
        memcpy(tall + 2 * i, "x\n", 2);
    struct csv_table table;
    unsigned row;
    assert_int_equal(csv_parse(&arena, tall, 2 * (CSV_MAX_ROWS + 1), &table, &row), CSV_FINE);
    assert_int_equal(table.row_count, CSV_MAX_ROWS);
    assert_int_equal(csv_parse(&arena, tall, 2 * (CSV_MAX_ROWS + 2), &table, &row), CSV_TOO_MANY_ROWS);
    struct arena small;
    arena_init(&small, 1000);
    assert_int_equal(csv_parse(&small, tall, 2000, &table, &row), CSV_NO_MEMORY);
    arena_done(&small);
}

// Every prefix and every text of few special characters ends in a table or a fault: the sanitizers watch.
static void
survives_everything(void **state)
{
    (void)state;
    static const char LETTERS[] = "\",;\n\ra";
    enum { LENGTH = 6 };
    struct csv_table table;
    unsigned row;
    size_t total = 1;
    for (size_t i = 0; i < LENGTH; i++)
        total *= sizeof(LETTERS) - 1;
    for (size_t number = 0; number < total; number++) {
        char text[LENGTH];
        size_t rest = number;
        for (size_t i = 0; i < LENGTH; i++, rest /= sizeof(LETTERS) - 1)
            text[i] = LETTERS[rest % (sizeof(LETTERS) - 1)];
        enum csv_fault fault = csv_parse(&arena, text, LENGTH, &table, &row);
        assert_true(fault == CSV_FINE || fault == CSV_EMPTY || fault == CSV_QUOTE_NOT_CLOSED ||
                    fault == CSV_TEXT_AFTER_QUOTE);
        assert_true(row >= 1 && row <= LENGTH + 1);
        arena_reset(&arena);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(reads_what_spreadsheets_write, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(names_faults_with_their_row, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(has_limits, open_arena, close_arena),
        cmocka_unit_test_setup_teardown(survives_everything, open_arena, close_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
