// common/db: transactions: what commits, what does not, and what is counted.
#include "database.h"

static int
set_up_table(void **state)
{
    int failed = set_up(state);
    if (*state)
        assert_ok(*state, db_script(*state, "CREATE TEMP TABLE t (a int CONSTRAINT a_key UNIQUE DEFERRABLE INITIALLY "
                                            "DEFERRED CHECK (a < 100)); CREATE TEMP TABLE u (a int PRIMARY KEY)"));
    return failed;
}

#define table_test(function) cmocka_unit_test_setup_teardown(function, set_up_table, tear_down)

static enum status
insert(struct db *db, int value)
{
    return db_run(db, "INSERT INTO t VALUES ($1)", DB_PARAMS(db_integer(value)));
}

static const char count_sql[] = "SELECT count(*) FROM t";
static const char transaction_sql[] = "SELECT pg_current_xact_id_if_assigned() IS NOT NULL";

static void
an_empty_transaction_is_nothing(void **state)
{
    struct db *db = database_of(state);
    assert_false(db_in_transaction(db));
    assert_ok(db, db_commit(db));
    assert_ok(db, db_begin(db));
    assert_true(db_in_transaction(db));
    assert_int_equal(db_begin(db), STATUS_INTERNAL);
    assert_ok(db, db_commit(db));
    assert_false(db_in_transaction(db));
    assert_ok(db, db_begin(db));
    db_rollback(db);
    db_rollback(db);
    assert_ok(db, insert(db, 1));
    assert_string_equal(ask(db, count_sql), "1");
}

static void
commit_keeps_and_rollback_forgets(void **state)
{
    struct db *db = database_of(state);
    assert_ok(db, db_begin(db));
    assert_ok(db, insert(db, 1));
    assert_string_equal(ask(db, transaction_sql), "t");
    assert_ok(db, insert(db, 2));
    assert_ok(db, db_commit(db));
    assert_string_equal(ask(db, transaction_sql), "f");
    assert_ok(db, db_begin(db));
    assert_ok(db, insert(db, 3));
    db_rollback(db);
    assert_string_equal(ask(db, count_sql), "2");
}

static void
after_a_failure_only_the_first_reason_is_told(void **state)
{
    struct db *db = database_of(state);
    assert_ok(db, db_begin(db));
    assert_ok(db, insert(db, 1));
    assert_int_equal(db_run(db, "INSERT INTO u VALUES (1), (1)", DB_NO_PARAMS), STATUS_CONFLICT);
    assert_int_equal(insert(db, 2), STATUS_CONFLICT);
    assert_int_equal(db_script(db, "SELECT 1"), STATUS_CONFLICT);
    assert_non_null(strstr(db_last_error(db), "23505"));
    assert_int_equal(db_commit(db), STATUS_CONFLICT);
    assert_false(db_in_transaction(db));
    assert_string_equal(ask(db, count_sql), "0");

    assert_ok(db, db_begin(db));
    assert_int_equal(db_run(db, "SELECT 1 / 0", DB_NO_PARAMS), STATUS_INVALID); // together with BEGIN
    db_rollback(db);
    assert_non_null(strstr(db_last_error(db), "22012"));
    assert_ok(db, insert(db, 1));
    assert_string_equal(ask(db, count_sql), "1");
}

static void
constraints_checked_at_the_end_are_not_missed(void **state)
{
    struct db *db = database_of(state);
    assert_ok(db, insert(db, 1));
    // Outside a transaction the command itself succeeds and its commit fails.
    assert_int_equal(insert(db, 1), STATUS_CONFLICT);
    assert_ok(db, db_begin(db));
    assert_ok(db, insert(db, 1));
    assert_int_equal(db_commit(db), STATUS_CONFLICT);
    assert_false(db_in_transaction(db));
    assert_string_equal(ask(db, count_sql), "1");
}

static void
a_transaction_ended_behind_our_back_is_not_called_committed(void **state)
{
    struct db *db = database_of(state);
    assert_ok(db, db_begin(db));
    assert_ok(db, insert(db, 1));
    assert_int_equal(db_script(db, "SAVEPOINT s; SELECT 1 / 0"), STATUS_INVALID);
    assert_int_equal(db_commit(db), STATUS_INVALID);
    assert_string_equal(ask(db, count_sql), "0");
}

static void
statements_that_changed_rows_are_counted(void **state)
{
    struct db *db = database_of(state);
    static const struct {
        const char *sql;
        unsigned writes;
    } rows[] = {
        {"SELECT count(*) FROM t", 0},
        {"SELECT a AS updated_at, 'x' AS insert_count FROM t", 0},
        {"SELECT a FROM t FOR UPDATE", 0},
        {"SELECT a FROM u FOR NO KEY UPDATE", 0},
        {"INSERT INTO t VALUES (50)", 1},
        {"UPDATE t SET a = a WHERE a = 51", 0},
        {"update t set a = a where a = 50", 1},
        {"DELETE FROM t WHERE a = 51", 0},
        {"INSERT INTO u VALUES (7) ON CONFLICT (a) DO UPDATE SET a = excluded.a", 1},
        {"INSERT INTO u VALUES (7) ON CONFLICT DO NOTHING", 0},
        {"WITH gone AS (DELETE FROM t WHERE a = 50 RETURNING a) SELECT a FROM gone", 1},
        {"WITH gone AS (DELETE FROM t WHERE a = 50 RETURNING a) SELECT a FROM gone", 0},
        {"WITH gone AS (DELETE FROM u RETURNING a) INSERT INTO t SELECT a FROM gone", 1},
        {"SELECT a FROM t -- delete\n WHERE a < 0", 0},
    };
    assert_ok(db, db_begin(db));
    unsigned expected = 0;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_ok(db, db_run(db, rows[i].sql, DB_NO_PARAMS));
        expected += rows[i].writes;
        if (db_writes(db) != expected)
            fail_msg("%s: %u instead of %u", rows[i].sql, db_writes(db), expected);
    }
    assert_ok(db, db_script(db, "TRUNCATE t"));
    assert_int_equal(db_writes(db), expected + 1);
    assert_ok(db, db_commit(db));
    assert_ok(db, db_begin(db));
    assert_int_equal(db_writes(db), 0);
    db_rollback(db);
}

static void
the_scope_follows_the_transaction(void **state)
{
    static const char scope_sql[] = "SELECT current_setting('vekha.scope', true)";
    struct db *db = database_of(state);
    db_set_scope(db, "74");
    assert_string_equal(ask(db, scope_sql), "74");
    assert_ok(db, db_begin(db));
    db_set_scope(db, "74.1");
    assert_string_equal(ask(db, scope_sql), "74.1");
    db_set_scope(db, "74.2");
    assert_string_equal(ask(db, scope_sql), "74.2");
    db_rollback(db); // the server is back at 74
    assert_string_equal(ask(db, scope_sql), "74.2");
    assert_ok(db, db_begin(db));
    db_set_scope(db, "74.3");
    assert_string_equal(ask(db, scope_sql), "74.3");
    assert_ok(db, db_commit(db));
    assert_string_equal(ask(db, scope_sql), "74.3");
    assert_ok(db, db_begin(db));
    assert_int_equal(db_run(db, "SELECT 1 / 0", DB_NO_PARAMS), STATUS_INVALID);
    db_set_scope(db, "74.4"); // pending while the transaction is broken
    db_rollback(db);
    assert_string_equal(ask(db, scope_sql), "74.4");
}

static enum status
defer(struct db *db, int value)
{
    return db_defer(db, "INSERT INTO u VALUES ($1)", DB_PARAMS(db_integer(value)));
}

static void
deferred_statements_share_the_fate_of_the_commit(void **state)
{
    static const char count_u_sql[] = "SELECT count(*) FROM u";
    struct db *db = database_of(state);
    assert_ok(db, db_begin(db));
    for (int i = 1; i <= 12; i++)
        assert_ok(db, defer(db, i));
    assert_ok(db, db_commit(db));
    assert_string_equal(ask(db, count_u_sql), "12");
    assert_ok(db, db_begin(db));
    assert_ok(db, insert(db, 1));
    assert_ok(db, defer(db, 13));
    assert_ok(db, defer(db, 12));
    assert_int_equal(db_commit(db), STATUS_CONFLICT);
    assert_false(db_in_transaction(db));
    assert_string_equal(ask(db, count_sql), "0");
    assert_ok(db, db_begin(db));
    assert_ok(db, defer(db, 14));
    db_rollback(db);
    assert_string_equal(ask(db, count_u_sql), "12");
}

// BEGIN and the scope go with the first statement, also when that is deferred.
static void
the_first_statement_may_be_deferred(void **state)
{
    static const char scope_sql[] = "SELECT current_setting('vekha.scope', true)";
    struct db *db = database_of(state);
    assert_ok(db, db_begin(db));
    assert_ok(db, defer(db, 1)); // makes everything prepared
    db_rollback(db);
    assert_ok(db, db_begin(db));
    db_set_scope(db, "74.5");
    assert_ok(db, defer(db, 15));
    db_set_scope(db, "74.6");
    assert_ok(db, defer(db, 16));
    assert_string_equal(ask(db, scope_sql), "74.6");
    assert_ok(db, db_commit(db));
    assert_ok(db, db_begin(db));
    db_set_scope(db, "74.7");
    assert_ok(db, defer(db, 16));
    assert_int_equal(db_commit(db), STATUS_CONFLICT);
    assert_string_equal(ask(db, scope_sql), "74.7"); // the server had forgotten it
    assert_ok(db, db_begin(db));
    assert_ok(db, defer(db, 17));
    db_rollback(db);
    assert_string_equal(ask(db, "SELECT string_agg(u::text, ' ' ORDER BY u) FROM u"), "(15) (16)");
}

static enum status
commit_with(struct db *db, int value, struct db_rows *ret_rows)
{
    return db_commit_with(db, ret_rows, "INSERT INTO u VALUES ($1) RETURNING a * 10", DB_PARAMS(db_integer(value)));
}

static void
the_last_statement_goes_with_the_commit(void **state)
{
    struct db *db = database_of(state);
    struct db_rows rows;
    assert_ok(db, db_begin(db));
    assert_ok(db, defer(db, 1)); // makes everything prepared
    db_rollback(db);
    for (int i = 1; i <= 3; i++) { // not prepared, and then prepared
        assert_ok(db, db_begin(db));
        assert_ok(db, insert(db, i));
        assert_ok(db, commit_with(db, i, &rows));
        assert_false(db_in_transaction(db));
        assert_int_equal(rows.count, 1);
        assert_int_equal(db_integer_at(&rows, 0, 0), 10 * i);
    }
    assert_ok(db, db_begin(db));
    assert_ok(db, commit_with(db, 4, &rows));
    assert_string_equal(ask(db, "SELECT string_agg(a::text, ' ' ORDER BY a) FROM u"), "1 2 3 4");
    // It fails, what was deferred before it fails, the commit itself fails.
    assert_ok(db, db_begin(db));
    assert_ok(db, insert(db, 5));
    assert_int_equal(commit_with(db, 4, &rows), STATUS_CONFLICT);
    assert_ok(db, db_begin(db));
    assert_ok(db, defer(db, 4));
    assert_int_equal(commit_with(db, 5, &rows), STATUS_CONFLICT);
    assert_ok(db, db_begin(db));
    assert_ok(db, insert(db, 1));
    assert_int_equal(commit_with(db, 5, &rows), STATUS_CONFLICT);
    assert_false(db_in_transaction(db));
    assert_int_equal(rows.count, 0);
    assert_string_equal(ask(db, count_sql), "3");
    assert_string_equal(ask(db, "SELECT count(*) FROM u"), "4");
}

static enum status
send_alone(struct db *db, int value)
{
    return db_send(db, "INSERT INTO sent_alone VALUES ($1)", DB_PARAMS(db_integer(value)));
}

// What was sent is carried out even when its sender is gone before the answer.
static void
a_statement_sent_alone_needs_no_sender(void **state)
{
    static const char values_sql[] = "SELECT string_agg(a::text, ' ' ORDER BY a) FROM sent_alone";
    struct db *db = database_of(state), *other = open_database(0);
    assert_ok(db, db_script(db, "DROP TABLE IF EXISTS sent_alone; CREATE TABLE sent_alone (a int PRIMARY KEY)"));
    assert_ok(db, send_alone(db, 1)); // prepares it
    assert_ok(db, send_alone(db, 2));
    assert_ok(db, db_settle(db));
    assert_ok(db, send_alone(db, 2));
    assert_int_equal(db_settle(db), STATUS_CONFLICT);
    assert_ok(db, db_settle(db));
    assert_ok(db, db_ping(db)); // after a failure the scope is said anew
    assert_ok(db, send_alone(db, 2));
    assert_int_equal(db_run(db, "SELECT 1", DB_NO_PARAMS), STATUS_CONFLICT);
    assert_ok(db, db_begin(db));
    assert_ok(db, insert(db, 1));
    assert_int_equal(send_alone(db, 3), STATUS_INTERNAL);
    db_rollback(db);
    assert_ok(db, db_ping(db));
    assert_ok(db, send_alone(db, 4));
    db_free(&db);
    *state = other;
    for (int i = 0; i < 1000 && strcmp(ask(other, values_sql), "1 2 4") != 0; i++)
        sleep_ms(5);
    assert_string_equal(ask(other, values_sql), "1 2 4");
    assert_ok(other, db_script(other, "DROP TABLE sent_alone"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        table_test(an_empty_transaction_is_nothing),
        table_test(commit_keeps_and_rollback_forgets),
        table_test(after_a_failure_only_the_first_reason_is_told),
        table_test(constraints_checked_at_the_end_are_not_missed),
        table_test(a_transaction_ended_behind_our_back_is_not_called_committed),
        table_test(statements_that_changed_rows_are_counted),
        table_test(the_scope_follows_the_transaction),
        table_test(deferred_statements_share_the_fate_of_the_commit),
        table_test(the_first_statement_may_be_deferred),
        table_test(the_last_statement_goes_with_the_commit),
        table_test(a_statement_sent_alone_needs_no_sender),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
