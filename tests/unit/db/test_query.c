// common/db: statements, parameters, errors and the scope.
#include "database.h"

#include "vekha/base/time.h"

static void
parameters_of_each_kind_arrive(void **state)
{
    struct db *db = database_of(state);
    struct db_rows rows;
    assert_ok(db, db_query(db, &rows, "SELECT $1::text, $2::text, $3::bigint, $4::boolean, $5::text, $6::text",
                           DB_PARAMS(db_text("школа '1'; DROP"), db_text(""), db_integer(INT64_MIN), db_boolean(true),
                                     db_string(""), db_text(NULL))));
    assert_int_equal(rows.count, 1);
    assert_int_equal(rows.columns, 6);
    assert_string_equal(db_text_at(&rows, 0, 0), "школа '1'; DROP");
    assert_true(db_is_null_at(&rows, 0, 1));
    assert_true(db_integer_at(&rows, 0, 2) == INT64_MIN);
    assert_true(db_boolean_at(&rows, 0, 3));
    assert_false(db_is_null_at(&rows, 0, 4));
    assert_true(db_is_null_at(&rows, 0, 5));
    db_release_rows(db);
}

static void
bytes_and_arrays_survive_the_round_trip(void **state)
{
    struct db *db = database_of(state);
    struct db_rows rows;
    struct arena arena;
    unsigned char all[256];
    char quote[] = "\"a\", {b}", back_slash[] = "\\", empty[] = "", *items[] = {quote, back_slash, empty, NULL}, **back;
    size_t size, count;
    arena_init(&arena, 1 << 16);
    for (size_t i = 0; i < sizeof all; i++)
        all[i] = (unsigned char)i;
    assert_ok(db, db_query(db, &rows, "SELECT $1::bytea, $2::bytea, $3::text[], $4::uuid",
                           DB_PARAMS(db_bytes(all, sizeof all), db_bytes(NULL, 0),
                                     db_text(db_text_array(&arena, items, 4)), db_bytes(all, 16))));
    assert_memory_equal(db_bytes_at(&rows, 0, 0, &arena, &size), all, sizeof all);
    assert_int_equal(size, sizeof all);
    assert_false(db_is_null_at(&rows, 0, 1));
    assert_int_equal(db_text_array_at(&rows, 0, 2, &arena, &back, &count), STATUS_OK);
    assert_int_equal(count, 4);
    assert_string_equal(back[0], quote);
    assert_string_equal(back[1], back_slash);
    assert_string_equal(back[3], "");
    assert_string_equal(db_text_at(&rows, 0, 3), "00010203-0405-0607-0809-0a0b0c0d0e0f");
    arena_done(&arena);
}

static void
results_live_until_they_are_released(void **state)
{
    struct db *db = database_of(state);
    struct db_rows rows[200];
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 200; i++)
            assert_ok(db, db_query(db, &rows[i], "SELECT 'row ' || $1::int", DB_PARAMS(db_integer(i))));
        assert_string_equal(db_text_at(&rows[0], 0, 0), "row 0");
        assert_string_equal(db_text_at(&rows[199], 0, 0), "row 199");
        db_release_rows(db);
    }
}

static void
failures_are_told_apart_by_sqlstate(void **state)
{
    struct db *db = database_of(state);
    static const struct {
        const char *sql;
        enum status status;
    } rows[] = {
        {"DO $$ BEGIN RAISE SQLSTATE '23505'; END $$", STATUS_CONFLICT},
        {"DO $$ BEGIN RAISE SQLSTATE '23P01'; END $$", STATUS_CONFLICT},
        {"DO $$ BEGIN RAISE SQLSTATE '23503'; END $$", STATUS_NOT_FOUND},
        {"DO $$ BEGIN RAISE SQLSTATE '22003'; END $$", STATUS_INVALID},
        {"DO $$ BEGIN RAISE SQLSTATE '40001'; END $$", STATUS_BUSY},
        {"DO $$ BEGIN RAISE SQLSTATE '40P01'; END $$", STATUS_BUSY},
        {"DO $$ BEGIN RAISE SQLSTATE '55P03'; END $$", STATUS_BUSY},
        {"DO $$ BEGIN RAISE SQLSTATE '57014'; END $$", STATUS_TIMEOUT},
        {"DO $$ BEGIN RAISE SQLSTATE '53100'; END $$", STATUS_BUSY},
        {"DO $$ BEGIN RAISE SQLSTATE '42501'; END $$", STATUS_FORBIDDEN},
        {"DO $$ BEGIN RAISE SQLSTATE '23514'; END $$", STATUS_INTERNAL},
        {"DO $$ BEGIN RAISE SQLSTATE 'P0001'; END $$", STATUS_INTERNAL},
        {"SELECT 'x'::uuid", STATUS_INVALID},
        {"SELECT 1 / 0", STATUS_INVALID},
        {"SELECT nonsense", STATUS_INTERNAL},
        {"SELEKT", STATUS_INTERNAL},
        {"SELECT 1; SELECT 2", STATUS_INTERNAL}, // one statement at a time
        {"COPY pg_class TO STDOUT", STATUS_LOST},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        for (int round = 0; round < 2; round++) {
            enum status status = db_run(db, rows[i].sql, DB_NO_PARAMS);
            if (status != rows[i].status)
                fail_msg("%s: %s, %s", rows[i].sql, status_code(status), db_last_error(db));
            assert_ok(db, db_ping(db));
        }
    }
}

static void
bad_parameters_are_invalid_and_not_quoted_in_the_log(void **state)
{
    struct db *db = database_of(state);
    struct db_param many[33];
    for (size_t i = 0; i < 33; i++)
        many[i] = db_integer(1);
    assert_int_equal(db_run(db, "SELECT $1::text", DB_PARAMS(db_text("\xc3\x28"))), STATUS_INVALID);
    assert_int_equal(db_run(db, "SELECT $1::uuid", DB_PARAMS(db_text("x"))), STATUS_INVALID);
    assert_int_equal(db_run(db, "SELECT 1", many, 33), STATUS_INTERNAL);
    assert_int_equal(db_run(db, "SELECT $1::int", DB_NO_PARAMS), STATUS_INTERNAL);
    assert_ok(db, db_script(db, "CREATE TEMP TABLE people (email text CONSTRAINT people_email_key UNIQUE)"));
    static const char insert[] = "INSERT INTO people VALUES ($1)";
    assert_ok(db, db_run(db, insert, DB_PARAMS(db_text("ivan@example.ru"))));
    assert_int_equal(db_run(db, insert, DB_PARAMS(db_text("ivan@example.ru"))), STATUS_CONFLICT);
    assert_non_null(strstr(db_last_error(db), "23505"));
    assert_non_null(strstr(db_last_error(db), "people_email_key"));
    assert_null(strstr(db_last_error(db), "ivan"));
}

static void
rows_affected_are_counted(void **state)
{
    struct db *db = database_of(state);
    struct db_rows rows;
    assert_ok(db, db_script(db, "CREATE TEMP TABLE t (a int); INSERT INTO t SELECT generate_series(1, 5)"));
    assert_ok(db, db_query(db, &rows, "UPDATE t SET a = a + 1 WHERE a > $1", DB_PARAMS(db_integer(2))));
    assert_int_equal(rows.affected, 3);
    assert_int_equal(rows.count, 0);
    assert_ok(db, db_query(db, &rows, "DELETE FROM t WHERE a > 100", DB_NO_PARAMS));
    assert_int_equal(rows.affected, 0);
    assert_ok(db, db_query(db, &rows, "DELETE FROM t RETURNING a", DB_NO_PARAMS));
    assert_int_equal(rows.count, 5);
}

static const char scope_sql[] = "SELECT coalesce(current_setting('vekha.scope', true), 'none')";

static void
the_scope_holds_for_the_next_statement(void **state)
{
    struct db *db = database_of(state);
    assert_string_equal(ask(db, scope_sql), "");
    db_set_scope(db, "74.12");
    assert_string_equal(ask(db, scope_sql), "74.12");
    db_set_scope(db, "74.13");
    db_set_scope(db, "*");
    assert_string_equal(ask(db, scope_sql), "*");
    assert_string_equal(ask(db, scope_sql), "*");
    // A failing statement takes the setting that was sent along with it back: it must be sent again.
    db_set_scope(db, "74.14");
    assert_int_equal(db_run(db, "SELECT 1 / $1::int", DB_PARAMS(db_integer(0))), STATUS_INVALID);
    assert_string_equal(ask(db, scope_sql), "74.14");
    db_set_scope(db, "75");
    assert_ok(db, db_script(db, "CREATE TEMP TABLE seen AS SELECT current_setting('vekha.scope') AS scope"));
    assert_string_equal(ask(db, "SELECT scope FROM seen"), "75");
    char long_path[5000];
    memset(long_path, '7', sizeof long_path);
    long_path[sizeof long_path - 1] = '\0';
    db_set_scope(db, long_path);
    assert_string_equal(ask(db, scope_sql), "");
    db_set_scope(db, NULL);
    assert_string_equal(ask(db, scope_sql), "");
}

static void
settings_of_the_session_are_ours(void **state)
{
    struct db *db = database_of(state);
    assert_string_equal(ask(db, "SHOW statement_timeout"), "1500ms");
    assert_string_equal(ask(db, "SHOW lock_timeout"), "1s");
    assert_string_equal(ask(db, "SHOW idle_in_transaction_session_timeout"), "2s");
    assert_string_equal(ask(db, "SHOW timezone"), "UTC");
    assert_string_equal(ask(db, "SHOW client_encoding"), "UTF8");
    assert_string_equal(ask(db, "SHOW search_path"), "public");
    assert_string_equal(ask(db, "SHOW application_name"), "vekha-test");
}

static void
whoever_works_for_seconds_may_keep_a_transaction(void **state)
{
    (void)database_of(state);
    struct db *db = db_new(&(struct db_settings){.dsn = getenv("VEKHA_TEST_DSN"), .longest_pause_ms = 15000});
    assert_string_equal(ask(db, "SHOW idle_in_transaction_session_timeout"), "15s");
    db_free(&db);
}

static void
slow_statements_and_locks_end_in_time(void **state)
{
    struct db *other = database_of(state), *db = open_database(300);
    int64_t begun_ms = clock_monotonic_ms();
    assert_int_equal(db_run(db, "SELECT pg_sleep(5)", DB_NO_PARAMS), STATUS_TIMEOUT);
    assert_true(clock_monotonic_ms() - begun_ms < 1500);
    assert_ok(other, db_begin(other));
    assert_ok(other, db_run(other, "SELECT pg_advisory_xact_lock(7411)", DB_NO_PARAMS));
    assert_int_equal(db_run(db, "SELECT pg_advisory_xact_lock(7411)", DB_NO_PARAMS), STATUS_BUSY);
    db_rollback(other);
    assert_ok(db, db_ping(db));
    db_free(&db);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        database_test(parameters_of_each_kind_arrive),
        database_test(bytes_and_arrays_survive_the_round_trip),
        database_test(results_live_until_they_are_released),
        database_test(failures_are_told_apart_by_sqlstate),
        database_test(bad_parameters_are_invalid_and_not_quoted_in_the_log),
        database_test(rows_affected_are_counted),
        database_test(the_scope_holds_for_the_next_statement),
        database_test(settings_of_the_session_are_ours),
        database_test(whoever_works_for_seconds_may_keep_a_transaction),
        database_test(slow_statements_and_locks_end_in_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
