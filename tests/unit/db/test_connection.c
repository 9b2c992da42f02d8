// common/db: connections that break, hang or cannot be had.
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "database.h"

#include "vekha/base/time.h"

static void
after_a_loss_the_next_statement_works(void **state)
{
    struct db *db = database_of(state);
    static const char sql[] = "SELECT current_setting('vekha.scope') || $1::text";
    struct db_rows rows;
    db_set_scope(db, "74");
    assert_ok(db, db_query(db, &rows, sql, DB_PARAMS(db_text("!"))));
    terminate_backend(db);
    // The end of the connection may be noticed before anything is sent on it: then nothing is lost.
    enum status status = db_query(db, &rows, sql, DB_PARAMS(db_text("!")));
    assert_true(status == STATUS_LOST || status == STATUS_OK);
    // A new session: prepared statements and the scope are there again.
    assert_ok(db, db_query(db, &rows, sql, DB_PARAMS(db_text("!"))));
    assert_string_equal(db_text_at(&rows, 0, 0), "74!");
}

static void
a_loss_while_idle_is_not_even_noticed(void **state)
{
    struct db *db = database_of(state);
    assert_ok(db, db_ping(db));
    terminate_backend(db);
    sleep_ms(300);
    assert_ok(db, db_ping(db));
    terminate_backend(db);
    sleep_ms(300);
    assert_ok(db, db_begin(db)); // nothing was sent yet: nothing is lost
    assert_ok(db, db_ping(db));
    assert_ok(db, db_commit(db));
}

static void
a_lost_transaction_stays_lost_until_rollback(void **state)
{
    struct db *db = database_of(state);
    assert_ok(db, db_begin(db));
    assert_ok(db, db_ping(db));
    terminate_backend(db);
    assert_int_equal(db_ping(db), STATUS_LOST);
    assert_int_equal(db_ping(db), STATUS_LOST);
    assert_int_equal(db_script(db, "SELECT 1"), STATUS_LOST);
    assert_true(db_in_transaction(db));
    db_rollback(db);
    assert_false(db_in_transaction(db));
    assert_ok(db, db_ping(db));

    assert_ok(db, db_begin(db));
    assert_ok(db, db_ping(db));
    terminate_backend(db);
    assert_int_equal(db_ping(db), STATUS_LOST);
    assert_int_equal(db_commit(db), STATUS_LOST); // known: it was lost before
    assert_ok(db, db_ping(db));
}

static void
a_loss_during_commit_is_an_unknown_outcome(void **state)
{
    struct db *db = database_of(state);
    assert_ok(db, db_begin(db));
    assert_ok(db, db_ping(db));
    terminate_backend(db);
    assert_int_equal(db_commit(db), STATUS_UNKNOWN_OUTCOME);
    assert_false(db_in_transaction(db));
    assert_ok(db, db_ping(db));
}

static void
a_loss_inside_a_script_is_a_loss(void **state)
{
    struct db *db = database_of(state);
    assert_int_equal(db_script(db, "SELECT 1; SELECT pg_terminate_backend(pg_backend_pid()); SELECT 2"), STATUS_LOST);
    assert_ok(db, db_script(db, "SELECT 1; SELECT 2"));
    assert_int_equal(db_script(db, "COPY pg_class TO STDOUT"), STATUS_LOST);
    assert_ok(db, db_script(db, ""));
    assert_ok(db, db_ping(db));
}

static void
prepared_statements_outlive_changes_of_their_tables(void **state)
{
    struct db *db = database_of(state);
    static const char sql[] = "SELECT * FROM vekha_test_stale";
    struct db_rows rows;
    struct db *other = open_database(0);
    assert_ok(other, db_script(other, "DROP TABLE IF EXISTS vekha_test_stale; CREATE TABLE vekha_test_stale (a int)"));
    assert_ok(db, db_query(db, &rows, sql, DB_NO_PARAMS));
    assert_ok(other, db_script(other, "ALTER TABLE vekha_test_stale ADD b int"));
    assert_int_equal(db_query(db, &rows, sql, DB_NO_PARAMS), STATUS_LOST);
    assert_ok(db, db_query(db, &rows, sql, DB_NO_PARAMS));
    assert_int_equal(rows.columns, 2);
    assert_ok(db, db_run(db, "DEALLOCATE ALL", DB_NO_PARAMS));
    assert_int_equal(db_query(db, &rows, sql, DB_NO_PARAMS), STATUS_LOST);
    assert_ok(db, db_query(db, &rows, sql, DB_NO_PARAMS));
    assert_ok(other, db_script(other, "DROP TABLE vekha_test_stale"));
    db_free(&other);
}

static void
a_server_that_does_not_answer_is_given_up(void **state)
{
    (void)database_of(state);
    struct db *db = open_database(100);
    assert_ok(db, db_run(db, "SET statement_timeout = 0", DB_NO_PARAMS));
    int64_t begun_ms = clock_monotonic_ms();
    assert_int_equal(db_run(db, "SELECT pg_sleep(20)", DB_NO_PARAMS), STATUS_LOST);
    int64_t taken_ms = clock_monotonic_ms() - begun_ms;
    assert_true(taken_ms >= 2000 && taken_ms < 4000);
    assert_non_null(strstr(db_last_error(db), "did not answer in time"));
    assert_ok(db, db_ping(db));
    db_free(&db);
}

// Needs no database: a listener that accepts and never speaks, then nobody at all.
static void
connecting_takes_a_bounded_time(void **state)
{
    (void)state;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 5), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    char dsn[100];
    (void)snprintf(dsn, sizeof dsn, "host=127.0.0.1 port=%d user=x dbname=x", ntohs(address.sin_port));
    struct db *db = db_new(&(struct db_settings){.dsn = dsn, .name = "vekha-test"});

    int64_t begun_ms = clock_monotonic_ms();
    assert_int_equal(db_ping(db), STATUS_LOST);
    assert_true(clock_monotonic_ms() - begun_ms < 5000);
    (void)close(listener);
    begun_ms = clock_monotonic_ms();
    assert_int_equal(db_ping(db), STATUS_LOST);
    assert_true(clock_monotonic_ms() - begun_ms < 1000);
    assert_null(strchr(db_last_error(db), '\n'));
    // Inside a transaction a failed connect loses the transaction.
    assert_int_equal(db_begin(db), STATUS_OK);
    assert_int_equal(db_ping(db), STATUS_LOST);
    assert_int_equal(db_commit(db), STATUS_LOST);
    assert_false(db_in_transaction(db));
    db_free(&db);
    assert_null(db);
    db_free(&db);
}

static void
what_is_cancelled_ends_on_the_server_too(void **state)
{
    struct db *other = database_of(state);
    atomic_bool cancel = false;
    struct db *db = db_new(&(struct db_settings){.dsn = getenv("VEKHA_TEST_DSN"),
                                                 .name = "vekha-test-cancelled",
                                                 .statement_timeout_ms = 600000,
                                                 .cancel = &cancel});
    assert_ok(db, db_ping(db));
    atomic_store(&cancel, true);
    assert_int_equal(db_run(db, "SELECT pg_sleep(500)", DB_NO_PARAMS), STATUS_LOST);
    int64_t deadline_ms = clock_monotonic_ms() + 10000;
    while (strcmp(ask(other, "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'vekha-test-cancelled'"),
                  "0") != 0 &&
           clock_monotonic_ms() < deadline_ms)
        sleep_ms(10);
    assert_true(clock_monotonic_ms() < deadline_ms);
    db_free(&db);
}

static void
large_statements_do_not_block(void **state)
{
    struct db *db = database_of(state);
    enum { SIZE = 4 * 1024 * 1024 };
    char *big = malloc(SIZE + 1);
    assert_non_null(big);
    memset(big, 'x', SIZE);
    big[SIZE] = '\0';
    struct db_rows rows;
    assert_ok(db, db_query(db, &rows, "SELECT $1::text || $1::text", DB_PARAMS(db_text(big))));
    assert_int_equal(strlen(db_text_at(&rows, 0, 0)), 2 * SIZE);
    free(big);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        database_test(after_a_loss_the_next_statement_works),
        database_test(a_loss_while_idle_is_not_even_noticed),
        database_test(a_lost_transaction_stays_lost_until_rollback),
        database_test(a_loss_during_commit_is_an_unknown_outcome),
        database_test(a_loss_inside_a_script_is_a_loss),
        database_test(prepared_statements_outlive_changes_of_their_tables),
        database_test(a_server_that_does_not_answer_is_given_up),
        cmocka_unit_test(connecting_takes_a_bounded_time),
        database_test(what_is_cancelled_ends_on_the_server_too),
        database_test(large_statements_do_not_block),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
