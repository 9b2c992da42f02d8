// Columns fill the fields of the same name; everything else is left alone. Rows are real libpq results, made by hand.
#include <libpq-fe.h>
#include <string.h>

#include "auth.pb-c.h"
#include "vekha/service/service.h"

// cmocka defines a macro `fail`: it comes after our headers.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static struct db_rows
make_rows(const char *const *names, const char *const *values, int columns, int rows)
{
    PGresult *result = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc descriptions[16] = {0};
    for (int i = 0; i < columns; i++)
        descriptions[i].name = (char *)(uintptr_t)names[i];
    PQsetResultAttrs(result, columns, descriptions);
    for (int i = 0; i < rows * columns; i++) {
        const char *value = values[i];
        PQsetvalue(result, i / columns, i % columns, (char *)(uintptr_t)value, value ? (int)strlen(value) : -1);
    }
    return (struct db_rows){.result = result, .count = rows, .columns = columns};
}

static void
columns_fill_fields_of_their_name(void **state)
{
    (void)state;
    static const char *const names[] = {"account_id", "role", "password_change_required", "unheard_of", "login"};
    static const char *const values[] = {"a1", "operator", "t", "x", NULL, "a2", "3", "f", "x", "школа"};
    struct db_rows rows = make_rows(names, values, 5, 2);
    struct arena arena;
    arena_init(&arena, 65536);
    size_t count;
    Auth__Account **accounts;
    assert_int_equal(fill_list_of(&arena, &rows, &auth__account__descriptor, &count, (void *)&accounts), STATUS_OK);
    assert_int_equal(count, 2);
    assert_string_equal(accounts[0]->account_id, "a1");
    assert_int_equal(accounts[0]->role, VEKHA__ROLE__ROLE_OPERATOR);
    assert_true(accounts[0]->password_change_required);
    assert_string_equal(accounts[0]->login, "");
    assert_int_equal(accounts[1]->role, VEKHA__ROLE__ROLE_OPERATOR);
    assert_false(accounts[1]->password_change_required);
    assert_string_equal(accounts[1]->login, "школа");
    arena_done(&arena);
    PQclear(rows.result);
}

static void
text_arrays_become_repeated_strings(void **state)
{
    (void)state;
    static const char *const names[] = {"attributes"};
    static const char *const values[] = {"{kvantorium,\"с запятой, и \\\"кавычкой\\\"\"}"};
    struct db_rows rows = make_rows(names, values, 1, 1);
    struct arena arena;
    arena_init(&arena, 65536);
    Auth__Organisation organisation = AUTH__ORGANISATION__INIT;
    fill_message(&organisation.base, &rows, 0, &arena);
    assert_int_equal(organisation.n_attributes, 2);
    assert_string_equal(organisation.attributes[0], "kvantorium");
    assert_string_equal(organisation.attributes[1], "с запятой, и \"кавычкой\"");
    arena_done(&arena);
    PQclear(rows.result);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_fill_fields_of_their_name),
        cmocka_unit_test(text_arrays_become_repeated_strings),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
