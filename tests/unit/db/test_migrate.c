// common/db: migrations: each once, in order, whoever starts first.
#include <pthread.h>
#include <unistd.h>

#include "database.h"

// Names of this process only, so that several test runs share a database.
struct names {
    char set[32];
    char first[160], second[160], broken[200], check[160], drop[160];
};

static struct names
make_names(const char *test)
{
    struct names names;
    (void)snprintf(names.set, sizeof names.set, "%s_%d", test, (int)getpid());
    (void)snprintf(names.first, sizeof names.first, "CREATE TABLE %s (a int); INSERT INTO %s VALUES (1)", names.set,
                   names.set);
    (void)snprintf(names.second, sizeof names.second, "UPDATE %s SET a = a + 1", names.set);
    (void)snprintf(names.broken, sizeof names.broken, "UPDATE %s SET a = 100; SELECT 1 / 0", names.set);
    (void)snprintf(names.check, sizeof names.check, "SELECT string_agg(a::text, ',') FROM %s", names.set);
    (void)snprintf(names.drop, sizeof names.drop,
                   "DROP TABLE IF EXISTS %s; DELETE FROM migrations WHERE set_name = '%s'", names.set, names.set);
    return names;
}

static void
migrations_run_once_and_in_order(void **state)
{
    struct db *db = database_of(state);
    struct names names = make_names("vekha_test_once");
    const struct migration list[] = {
        {1, "first", names.first}, {2, "second", names.second}, {5, "third", names.second}};
    struct db_rows rows;
    assert_ok(db, db_migrate(db, names.set, list, 1));
    assert_ok(db, db_migrate(db, names.set, list, 3));
    assert_ok(db, db_migrate(db, names.set, list, 3));
    assert_ok(db, db_migrate(db, "vekha_test_empty", NULL, 0));
    assert_string_equal(ask(db, names.check), "3");
    assert_ok(db, db_query(db, &rows,
                           "SELECT string_agg(number || ' ' || name, ', ' ORDER BY number), min(applied_at) > "
                           "'2020-01-01' FROM migrations WHERE set_name = $1",
                           DB_PARAMS(db_text(names.set))));
    assert_string_equal(db_text_at(&rows, 0, 0), "1 first, 2 second, 5 third");
    assert_true(db_boolean_at(&rows, 0, 1));
    assert_ok(db, db_script(db, names.drop));
}

static void
an_older_program_refuses_a_newer_database(void **state)
{
    struct db *db = database_of(state);
    struct names names = make_names("vekha_test_newer");
    const struct migration list[] = {{1, "first", names.first}, {2, "second", names.second}};
    assert_ok(db, db_migrate(db, names.set, list, 2));
    assert_int_equal(db_migrate(db, names.set, list, 1), STATUS_INTERNAL);
    assert_non_null(strstr(db_last_error(db), "has migration 2 of"));
    assert_non_null(strstr(db_last_error(db), "start a newer program"));
    assert_false(db_in_transaction(db));
    assert_ok(db, db_script(db, names.drop));
}

static void
a_failing_migration_leaves_nothing(void **state)
{
    struct db *db = database_of(state);
    struct names names = make_names("vekha_test_broken");
    const struct migration list[] = {{1, "first", names.first}, {2, "broken", names.broken}};
    db_set_scope(db, "74");
    assert_int_equal(db_migrate(db, names.set, list, 2), STATUS_INVALID);
    assert_non_null(strstr(db_last_error(db), names.set));
    assert_non_null(strstr(db_last_error(db), "/2 broken: 22012"));
    assert_string_equal(ask(db, names.check), "1");
    assert_string_equal(ask(db, "SELECT current_setting('vekha.scope')"), "74");
    const struct migration mended[] = {{1, "first", names.first}, {2, "mended", names.second}};
    assert_ok(db, db_migrate(db, names.set, mended, 2));
    assert_string_equal(ask(db, names.check), "2");
    assert_ok(db, db_script(db, names.drop));
}

struct racer {
    pthread_t thread;
    const char *set;
    const struct migration *list;
    enum status status;
};

static void *
race(void *argument)
{
    struct racer *racer = argument;
    struct db *db = open_database(0);
    racer->status = db_migrate(db, racer->set, racer->list, 3);
    db_free(&db);
    return NULL;
}

static void
processes_that_start_together_do_not_collide(void **state)
{
    struct db *db = database_of(state);
    struct names names = make_names("vekha_test_race");
    // Slower than lock_timeout and statement_timeout allow elsewhere.
    const struct migration list[] = {
        {1, "first", names.first}, {2, "slow", "SELECT pg_sleep(1.7)"}, {3, "second", names.second}};
    struct racer racers[4];
    for (size_t i = 0; i < 4; i++) {
        racers[i] = (struct racer){.set = names.set, .list = list, .status = STATUS_INTERNAL};
        assert_int_equal(pthread_create(&racers[i].thread, NULL, race, &racers[i]), 0);
    }
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(pthread_join(racers[i].thread, NULL), 0);
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(racers[i].status, STATUS_OK);
    assert_string_equal(ask(db, names.check), "2");
    assert_ok(db, db_script(db, names.drop));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        database_test(migrations_run_once_and_in_order),
        database_test(an_older_program_refuses_a_newer_database),
        database_test(a_failing_migration_leaves_nothing),
        database_test(processes_that_start_together_do_not_collide),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
