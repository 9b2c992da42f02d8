// Connections of the database tests. They need a database of their own in VEKHA_TEST_DSN and are skipped without.
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "vekha/db/db.h"

#define assert_ok(db, status_expression)                                                                               \
    do {                                                                                                               \
        enum status assert_ok_status = (status_expression);                                                            \
        if (assert_ok_status != STATUS_OK)                                                                             \
            fail_msg("%s: %s", status_code(assert_ok_status), db_last_error(db));                                      \
    } while (0)

static inline struct db *
open_database(int statement_timeout_ms)
{
    const char *dsn = getenv("VEKHA_TEST_DSN");
    struct db *db = db_new(&(struct db_settings){
        .dsn = dsn ? dsn : "", .name = "vekha-test", .statement_timeout_ms = statement_timeout_ms});
    assert_non_null(db);
    return db;
}

// A test's state is its connection.
static inline int
set_up(void **state)
{
    *state = getenv("VEKHA_TEST_DSN") ? open_database(0) : NULL;
    return 0;
}

static inline int
tear_down(void **state)
{
    struct db *db = *state;
    db_free(&db);
    return 0;
}

static inline struct db *
database_of(void **state)
{
    if (!*state)
        skip();
    return *state;
}

#define database_test(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

// The only cell of a query's only row; valid until rows are released.
static inline const char *
ask(struct db *db, const char *sql)
{
    struct db_rows rows;
    assert_ok(db, db_query(db, &rows, sql, DB_NO_PARAMS));
    assert_int_equal(rows.count, 1);
    return db_text_at(&rows, 0, 0);
}

// Ends the server process of `victim` from another connection and waits until it is gone.
static inline void
terminate_backend(struct db *victim)
{
    struct db *killer = open_database(0);
    struct db_rows rows;
    int64_t pid = strtoll(ask(victim, "SELECT pg_backend_pid()"), NULL, 10);
    assert_ok(killer, db_query(killer, &rows, "SELECT pg_terminate_backend($1, 5000)", DB_PARAMS(db_integer(pid))));
    assert_true(db_boolean_at(&rows, 0, 0));
    db_free(&killer);
}

static inline void
sleep_ms(long ms)
{
    (void)nanosleep(&(struct timespec){.tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000}, NULL);
}
