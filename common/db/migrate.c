// Brings a database to the state this binary was built for, however many processes start at once.
#include <stdio.h>
#include <string.h>

#include "internal.h"
#include "vekha/base/time.h"

enum { MIGRATION_TIMEOUT_MS = 60000, MIGRATION_PATIENCE_MS = MIGRATION_TIMEOUT_MS + 5000 };

// The lock is held to the end of the transaction; lock_timeout would cut short the wait for another process's turn.
static const char prepare_sql[] = "SET LOCAL statement_timeout = 60000;"
                                  "SET LOCAL lock_timeout = 0;"
                                  "SELECT pg_advisory_xact_lock(hashtext('vekha.migrations'));"
                                  "CREATE TABLE IF NOT EXISTS migrations ("
                                  " set_name text NOT NULL,"
                                  " number integer NOT NULL,"
                                  " name text NOT NULL,"
                                  " applied_at timestamptz NOT NULL,"
                                  " PRIMARY KEY (set_name, number))";

static enum status
refuse_older_binary(struct db *db, const char *set, int64_t known, unsigned last)
{
    (void)snprintf(db->error, sizeof db->error,
                   "the database has migration %lld of \"%s\", this program ends at %u: start a newer program",
                   (long long)known, set, last);
    return STATUS_INTERNAL;
}

// The first one of the list that the database does not have; NULL when it has all.
static enum status
find_next(struct db *db, const char *set, const struct migration *migrations, size_t count,
          const struct migration **ret_next)
{
    struct db_rows applied;
    enum status status = db_query(db, &applied, "SELECT number FROM migrations WHERE set_name = $1 ORDER BY number",
                                  DB_PARAMS(db_text(set)));
    if (status != STATUS_OK)
        return status;
    unsigned last = count ? migrations[count - 1].number : 0;
    if (applied.count > 0 && db_integer_at(&applied, applied.count - 1, 0) > (int64_t)last)
        return refuse_older_binary(db, set, db_integer_at(&applied, applied.count - 1, 0), last);
    *ret_next = NULL;
    for (size_t i = 0; i < count && !*ret_next; i++) {
        bool is_applied = false;
        for (int row = 0; row < applied.count && !is_applied; row++)
            is_applied = db_integer_at(&applied, row, 0) == (int64_t)migrations[i].number;
        if (!is_applied)
            *ret_next = &migrations[i];
    }
    return STATUS_OK;
}

static enum status
apply(struct db *db, const char *set, const struct migration *migration)
{
    char now[25];
    time_format_utc(clock_now_ms(), now);
    enum status status = db_script(db, migration->sql);
    if (status == STATUS_OK)
        status = db_run(db, "INSERT INTO migrations (set_name, number, name, applied_at) VALUES ($1, $2, $3, $4)",
                        DB_PARAMS(db_text(set), db_integer(migration->number), db_text(migration->name), db_text(now)));
    if (status != STATUS_OK) {
        char words[MAX_ERROR_BYTES];
        memcpy(words, db->error, sizeof words);
        (void)snprintf(db->error, sizeof db->error, "migration %s/%u %s: %.400s", set, migration->number,
                       migration->name, words);
    }
    return status;
}

static enum status
migrate_one(struct db *db, const char *set, const struct migration *migrations, size_t count, bool *ret_is_done)
{
    const struct migration *next = NULL;
    enum status status = db_begin(db);
    if (status != STATUS_OK)
        return status;
    status = db_script(db, prepare_sql);
    if (status == STATUS_OK)
        status = find_next(db, set, migrations, count, &next);
    if (status == STATUS_OK && next)
        status = apply(db, set, next);
    if (status == STATUS_OK)
        status = db_commit(db);
    if (status != STATUS_OK)
        db_rollback(db);
    db_release_rows(db);
    if (status == STATUS_OK)
        *ret_is_done = !next;
    return status;
}

enum status
db_migrate(struct db *db, const char *set, const struct migration *migrations, size_t count)
{
    char scope[MAX_SCOPE_BYTES];
    memcpy(scope, db->scope, sizeof scope);
    int patience_ms = db->patience_ms;
    // Migrations may be slow and may touch every row.
    db_set_scope(db, "*");
    db->patience_ms = MIGRATION_PATIENCE_MS;
    enum status status = STATUS_OK;
    for (bool is_done = false; !is_done && status == STATUS_OK;)
        status = migrate_one(db, set, migrations, count, &is_done);
    db->patience_ms = patience_ms;
    db_set_scope(db, scope);
    return status;
}
