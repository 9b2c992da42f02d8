// The public face: statements, transactions, the scope, and the results that wait for their release.
#include "vekha/db/db.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "vekha/base/time.h"

enum { DEFAULT_STATEMENT_TIMEOUT_MS = 1500, DEFAULT_PAUSE_MS = 2000, EXTRA_PATIENCE_MS = 2000, FIRST_RESULTS = 32 };

static const char commit_sql[] = "COMMIT";
static const char rollback_sql[] = "ROLLBACK";

struct db *
db_new(const struct db_settings *settings)
{
    struct db *db = calloc(1, sizeof *db);
    if (!db)
        return NULL;
    db->statement_timeout_ms =
        settings->statement_timeout_ms > 0 ? settings->statement_timeout_ms : DEFAULT_STATEMENT_TIMEOUT_MS;
    db->longest_pause_ms = settings->longest_pause_ms > 0 ? settings->longest_pause_ms : DEFAULT_PAUSE_MS;
    db->patience_ms = db->statement_timeout_ms + EXTRA_PATIENCE_MS;
    db->cancel = settings->cancel;
    db->dsn = strdup(settings->dsn);
    db->name = strdup(settings->name ? settings->name : "vekha");
    db->results = calloc(FIRST_RESULTS, sizeof(PGresult *));
    db->result_capacity = FIRST_RESULTS;
    if (!db->dsn || !db->name || !db->results)
        db_free(&db);
    return db;
}

void
db_free(struct db **db)
{
    if (!*db)
        return;
    db_release_rows(*db);
    PQfinish((*db)->connection);
    statements_done(&(*db)->statements);
    free((*db)->results);
    free((*db)->dsn);
    free((*db)->name);
    free(*db);
    *db = NULL;
}

enum status
db_ping(struct db *db)
{
    return db_run(db, "SELECT 1", DB_NO_PARAMS);
}

static bool
keep_result(struct db *db, PGresult *result)
{
    if (db->result_count == db->result_capacity) {
        PGresult **results = realloc(db->results, db->result_capacity * 2 * sizeof(PGresult *));
        if (!results)
            return false;
        db->results = results;
        db->result_capacity *= 2;
    }
    db->results[db->result_count++] = result;
    return true;
}

// Fails without memory; then the result is gone.
static enum status
hand_out(struct db *db, PGresult *result, struct db_rows *ret_rows)
{
    if (!keep_result(db, result)) {
        PQclear(result);
        (void)snprintf(db->error, sizeof db->error, "out of memory for results");
        return STATUS_INTERNAL;
    }
    *ret_rows = (struct db_rows){
        .result = result,
        .count = PQntuples(result),
        .columns = PQnfields(result),
        .affected = PQresultStatus(result) == PGRES_COMMAND_OK ? strtoll(PQcmdTuples(result), NULL, 10) : 0,
    };
    return STATUS_OK;
}

enum status
db_query(struct db *db, struct db_rows *ret_rows, const char *sql, const struct db_param *params, size_t param_count)
{
    PGresult *result;
    enum status status = pipeline_run(db, sql, params, param_count, &result);
    return status == STATUS_OK ? hand_out(db, result, ret_rows) : status;
}

enum status
db_run(struct db *db, const char *sql, const struct db_param *params, size_t param_count)
{
    PGresult *result;
    enum status status = pipeline_run(db, sql, params, param_count, &result);
    if (status == STATUS_OK)
        PQclear(result);
    return status;
}

// The simple protocol, which alone takes several statements, does not exist in pipeline mode.
static enum status
run_simple(struct db *db, const char *sql)
{
    enum status status = STATUS_OK;
    int64_t deadline_ms = clock_monotonic_ms() + db->patience_ms;
    if (!PQexitPipelineMode(db->connection) || !PQsendQuery(db->connection, sql))
        return connection_lose(db, PQerrorMessage(db->connection));
    while (true) {
        if (!connection_wait(db, deadline_ms))
            return connection_lose(db, NULL);
        PGresult *result = PQgetResult(db->connection);
        if (!result)
            break;
        ExecStatusType kind = PQresultStatus(result);
        bool is_good = kind == PGRES_COMMAND_OK || kind == PGRES_TUPLES_OK || kind == PGRES_EMPTY_QUERY;
        enum status error = is_good ? STATUS_OK : error_take(db, result, sql);
        status = status == STATUS_OK ? error : status;
        bool ends = kind == PGRES_COPY_IN || kind == PGRES_COPY_OUT || (!is_good && error_ends_connection(result));
        PQclear(result);
        if (ends || PQstatus(db->connection) != CONNECTION_OK)
            return connection_lose(db, NULL);
    }
    db->used_at_ms = clock_monotonic_ms();
    return PQenterPipelineMode(db->connection) ? status : connection_lose(db, PQerrorMessage(db->connection));
}

enum status
db_defer(struct db *db, const char *sql, const struct db_param *params, size_t param_count)
{
    if (db->transaction == TRANSACTION_NONE)
        return db_run(db, sql, params, param_count);
    return pipeline_defer(db, sql, params, param_count, NULL);
}

enum status
db_send(struct db *db, const char *sql, const struct db_param *params, size_t param_count)
{
    return pipeline_send(db, sql, params, param_count);
}

enum status
db_settle(struct db *db)
{
    return pipeline_settle(db);
}

enum status
db_script(struct db *db, const char *sql)
{
    enum status status = pipeline_prepare(db);
    if (status != STATUS_OK)
        return status;
    status = run_simple(db, sql);
    if (db->transaction == TRANSACTION_OPEN) {
        db->writes++;
        if (status != STATUS_OK) {
            db->transaction = TRANSACTION_FAILED;
            db->failure = status;
        }
    }
    return status;
}

void
db_set_scope(struct db *db, const char *organisation_path)
{
    // A path that is too long is nobody's territory: see nothing rather than the wrong thing.
    if (!organisation_path || strlen(organisation_path) >= sizeof db->scope)
        organisation_path = "";
    (void)snprintf(db->scope, sizeof db->scope, "%s", organisation_path);
}

enum status
db_begin(struct db *db)
{
    if (db->transaction != TRANSACTION_NONE) {
        (void)snprintf(db->error, sizeof db->error, "a transaction inside a transaction");
        return STATUS_INTERNAL;
    }
    db->transaction = TRANSACTION_WANTED;
    db->writes = 0;
    return STATUS_OK;
}

static enum status
commit_open(struct db *db)
{
    PGresult *result;
    enum status status = pipeline_end(db, commit_sql, &result);
    if (status == STATUS_LOST)
        return STATUS_UNKNOWN_OUTCOME;
    if (status != STATUS_OK)
        return status;
    // The server answers COMMIT of a failed transaction with the tag ROLLBACK and no error.
    bool is_committed = strcmp(PQcmdStatus(result), commit_sql) == 0;
    PQclear(result);
    if (is_committed)
        return STATUS_OK;
    (void)snprintf(db->error, sizeof db->error, "the transaction was rolled back instead of committed");
    db->is_scope_known = false;
    return STATUS_INTERNAL;
}

enum status
db_commit(struct db *db)
{
    enum status status = STATUS_OK;
    if (db->transaction == TRANSACTION_OPEN)
        status = commit_open(db);
    else if (db->transaction == TRANSACTION_LOST)
        status = STATUS_LOST;
    else if (db->transaction == TRANSACTION_FAILED)
        status = db->failure;
    if (db->transaction == TRANSACTION_FAILED)
        db_rollback(db);
    db->transaction = TRANSACTION_NONE;
    return status;
}

enum status
db_commit_with(struct db *db, struct db_rows *ret_rows, const char *sql, const struct db_param *params,
               size_t param_count)
{
    PGresult *result = NULL;
    *ret_rows = (struct db_rows){0};
    enum status status = pipeline_defer(db, sql, params, param_count, &result);
    if (status == STATUS_OK)
        status = db_commit(db);
    else
        db_rollback(db);
    if (!result)
        result = db->kept;
    db->kept = NULL;
    if (status != STATUS_OK) {
        PQclear(result);
        return status;
    }
    // What is committed stays so, even when there is no memory for the rows.
    if (result && hand_out(db, result, ret_rows) != STATUS_OK)
        *ret_rows = (struct db_rows){0};
    return STATUS_OK;
}

void
db_rollback(struct db *db)
{
    bool is_begun = db->transaction == TRANSACTION_OPEN || db->transaction == TRANSACTION_FAILED;
    db->transaction = TRANSACTION_NONE;
    db->is_scope_known = false;
    PGresult *result;
    if (!is_begun || !db->connection)
        return;
    // Its own failure must not hide the words of the failure that made it necessary.
    char error[MAX_ERROR_BYTES];
    memcpy(error, db->error, sizeof error);
    if (pipeline_end(db, rollback_sql, &result) == STATUS_OK) {
        PQclear(result);
        return;
    }
    memcpy(db->error, error, sizeof error);
    if (db->connection)
        (void)connection_lose(db, NULL);
}

bool
db_is_failed(const struct db *db)
{
    return db->transaction == TRANSACTION_FAILED || db->transaction == TRANSACTION_LOST;
}

bool
db_in_transaction(const struct db *db)
{
    return db->transaction != TRANSACTION_NONE;
}

unsigned
db_writes(const struct db *db)
{
    return db->writes;
}

void
db_release_rows(struct db *db)
{
    for (size_t i = 0; i < db->result_count; i++)
        PQclear(db->results[i]);
    db->result_count = 0;
}

const char *
db_last_error(const struct db *db)
{
    return db->error;
}
