// common/db: cells, bytes and arrays, without a server.
#include <libpq-fe.h>

#include "database.h"

// A result of one text column with one row per value; a NULL value is SQL NULL.
static struct db_rows
make_rows(const char *const *values, int count)
{
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    char name[] = "items";
    PGresAttDesc column = {.name = name, .typid = 25, .typlen = -1, .atttypmod = -1};
    assert_non_null(result);
    assert_true(PQsetResultAttrs(result, 1, &column));
    for (int i = 0; i < count; i++) {
        char *value = values[i] ? strdup(values[i]) : NULL;
        assert_true(PQsetvalue(result, i, 0, value, value ? (int)strlen(value) : -1));
        free(value);
    }
    return (struct db_rows){.result = result, .count = count, .columns = 1};
}

static void
cells_never_come_as_null_pointers(void **state)
{
    (void)state;
    static const char *const values[] = {"12", NULL, "t", "-9223372036854775808", "f", ""};
    struct db_rows rows = make_rows(values, 6), none = {0};
    assert_int_equal(db_integer_at(&rows, 0, 0), 12);
    assert_string_equal(db_text_at(&rows, 1, 0), "");
    assert_true(db_is_null_at(&rows, 1, 0));
    assert_int_equal(db_integer_at(&rows, 1, 0), 0);
    assert_false(db_boolean_at(&rows, 1, 0));
    assert_true(db_boolean_at(&rows, 2, 0));
    assert_true(db_integer_at(&rows, 3, 0) == INT64_MIN);
    assert_false(db_boolean_at(&rows, 4, 0));
    assert_false(db_is_null_at(&rows, 5, 0));
    assert_string_equal(db_column_name(&rows, 0), "items");
    static const int outside[][2] = {{6, 0}, {-1, 0}, {0, 1}, {0, -1}};
    for (size_t i = 0; i < 4; i++) {
        assert_string_equal(db_text_at(&rows, outside[i][0], outside[i][1]), "");
        assert_true(db_is_null_at(&rows, outside[i][0], outside[i][1]));
    }
    assert_string_equal(db_column_name(&rows, 1), "");
    assert_string_equal(db_text_at(&none, 0, 0), "");
    assert_string_equal(db_column_name(&none, 0), "");
    PQclear(rows.result);
}

static void
bytes_are_decoded_into_the_arena(void **state)
{
    (void)state;
    static const char *const values[] = {"\\x00ff10", "\\x", NULL, "\\x0g", "\\x0"};
    struct db_rows rows = make_rows(values, 5);
    struct arena arena;
    size_t size = 99;
    arena_init(&arena, 256);
    assert_memory_equal(db_bytes_at(&rows, 0, 0, &arena, &size), "\x00\xff\x10", 3);
    assert_int_equal(size, 3);
    assert_non_null(db_bytes_at(&rows, 1, 0, &arena, &size));
    assert_int_equal(size, 0);
    assert_non_null(db_bytes_at(&rows, 2, 0, &arena, &size));
    assert_int_equal(size, 0);
    size = 99;
    assert_null(db_bytes_at(&rows, 3, 0, &arena, &size));
    assert_null(db_bytes_at(&rows, 4, 0, &arena, &size));
    arena_reset(&arena);
    assert_non_null(arena_take(&arena, 250));
    assert_null(db_bytes_at(&rows, 0, 0, &arena, &size));
    assert_int_equal(size, 99);
    arena_done(&arena);
    PQclear(rows.result);
}

static void
arrays_are_taken_apart(void **state)
{
    (void)state;
    static const struct {
        const char *literal;
        size_t count; // 99: refused
        const char *items[4];
    } rows_of_test[] = {
        {NULL, 0, {0}},
        {"{}", 0, {0}},
        {"{a}", 1, {"a"}},
        {"{a,\"b c\",d}", 3, {"a", "b c", "d"}},
        {"{\"a,b\",\"{c}\"}", 2, {"a,b", "{c}"}},
        {"{\"say \\\"hi\\\"\",\"back\\\\slash\"}", 2, {"say \"hi\"", "back\\slash"}},
        {"{NULL,\"NULL\",null}", 3, {"", "NULL", ""}},
        {"{\"\",\"\"}", 2, {"", ""}},
        {"{школа,\"№ 1\"}", 2, {"школа", "№ 1"}},
        {"{a\\,b}", 1, {"a,b"}},
        {"a", 99, {0}},
        {"{a", 99, {0}},
        {"{a,", 99, {0}},
        {"{a,}", 99, {0}},
        {"{,a}", 99, {0}},
        {"{\"a}", 99, {0}},
        {"{\"a\"b}", 99, {0}},
        {"{a\"b\"}", 99, {0}},
        {"{\"a\\", 99, {0}},
        {"{a}b", 99, {0}},
        {"{{a},{b}}", 99, {0}},
        {"[2:3]={a,b}", 99, {0}},
    };
    struct arena arena;
    arena_init(&arena, 1 << 16);
    for (size_t i = 0; i < sizeof rows_of_test / sizeof *rows_of_test; i++) {
        struct db_rows rows = make_rows(&rows_of_test[i].literal, 1);
        char **items = NULL;
        size_t count = 99;
        enum status status = db_text_array_at(&rows, 0, 0, &arena, &items, &count);
        if (status != (rows_of_test[i].count == 99 ? STATUS_INVALID : STATUS_OK) || count != rows_of_test[i].count)
            fail_msg("%s: %s, %zu items", rows_of_test[i].literal, status_code(status), count);
        for (size_t j = 0; count != 99 && j < count; j++)
            assert_string_equal(items[j], rows_of_test[i].items[j]);
        PQclear(rows.result);
    }
    arena_done(&arena);
}

static void
arrays_are_put_together(void **state)
{
    (void)state;
    char plain[] = "a", quoted[] = "say \"hi\", \\ {x}", empty[] = "", word[] = "NULL";
    char *items[] = {plain, quoted, empty, NULL, word};
    struct arena arena;
    arena_init(&arena, 1 << 12);
    assert_string_equal(db_text_array(&arena, items, 0), "{}");
    assert_string_equal(db_text_array(&arena, items, 5), "{\"a\",\"say \\\"hi\\\", \\\\ {x}\",\"\",NULL,\"NULL\"}");
    arena_done(&arena);
    arena_init(&arena, 8);
    assert_null(db_text_array(&arena, items, 5));
    arena_done(&arena);
}

static void
rows_become_a_parameter_per_column(void **state)
{
    (void)state;
    const char *const rows[2][3] = {{"1", "", "a,b"}, {"2", "x", NULL}};
    struct db_param params[3];
    struct arena arena;
    arena_init(&arena, 1 << 12);
    assert_int_equal(db_text_columns(&arena, rows[0], 2, 3, params), STATUS_OK);
    assert_string_equal(params[0].text, "{\"1\",\"2\"}");
    assert_string_equal(params[1].text, "{NULL,\"x\"}");
    assert_string_equal(params[2].text, "{\"a,b\",NULL}");
    arena_done(&arena);
    arena_init(&arena, 8);
    assert_int_equal(db_text_columns(&arena, rows[0], 2, 3, params), STATUS_BUSY);
    arena_done(&arena);
}

static void
every_array_written_reads_the_same(void **state)
{
    (void)state;
    static const char alphabet[] = "a\",\\{} N\n";
    struct arena arena;
    arena_init(&arena, 1 << 20);
    unsigned random = 1;
    for (int round = 0; round < 2000; round++) {
        char texts[5][8], *items[5], **back;
        size_t count = (size_t)round % 6, back_count;
        for (size_t i = 0; i < count; i++) {
            size_t length = (random = random * 1103515245 + 12345) >> 16 & 7;
            for (size_t j = 0; j < length; j++)
                texts[i][j] = alphabet[((random = random * 1103515245 + 12345) >> 16) % (sizeof alphabet - 1)];
            texts[i][length] = '\0';
            items[i] = texts[i];
        }
        const char *literal = db_text_array(&arena, items, count);
        struct db_rows rows = make_rows(&literal, 1);
        assert_int_equal(db_text_array_at(&rows, 0, 0, &arena, &back, &back_count), STATUS_OK);
        assert_int_equal(back_count, count);
        for (size_t i = 0; i < count; i++)
            assert_string_equal(back[i], items[i]);
        PQclear(rows.result);
        arena_reset(&arena);
    }
    arena_done(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(cells_never_come_as_null_pointers),
        cmocka_unit_test(bytes_are_decoded_into_the_arena),
        cmocka_unit_test(arrays_are_taken_apart),
        cmocka_unit_test(arrays_are_put_together),
        cmocka_unit_test(rows_become_a_parameter_per_column),
        cmocka_unit_test(every_array_written_reads_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
