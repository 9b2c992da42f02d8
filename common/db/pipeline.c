// One round trip: whatever is pending and a statement, sent together; answers taken until the server is in step again.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "vekha/base/time.h"

static const char begin_sql[] = "BEGIN";
static const char scope_sql[] = "SELECT set_config('vekha.scope', $1, false)";

struct wire_params {
    const char *values[MAX_PARAMS];
    int lengths[MAX_PARAMS];
    int formats[MAX_PARAMS];
    char numbers[MAX_PARAMS][24];
};

static void
fill_params(struct wire_params *wire, const struct db_param *params, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct db_param *param = &params[i];
        wire->values[i] = NULL;
        wire->lengths[i] = 0;
        wire->formats[i] = param->kind == DB_BYTES;
        if (param->kind == DB_INTEGER) {
            (void)snprintf(wire->numbers[i], sizeof wire->numbers[i], "%lld", (long long)param->integer);
            wire->values[i] = wire->numbers[i];
        } else if (param->kind == DB_BYTES) {
            wire->values[i] = param->text ? param->text : ""; // no bytes are still a value, not NULL
            wire->lengths[i] = (int)param->size;
        } else if (param->kind == DB_TEXT) {
            wire->values[i] = param->text;
        }
    }
}

static void
add_step(struct exchange *exchange, struct statement *statement, bool prepares)
{
    exchange->steps[exchange->count++] = (struct step){statement, prepares, false};
}

// Puts one statement into the pipeline, preparing it before its first run on this connection.
static bool
send_statement(struct db *db, struct exchange *exchange, const char *sql, const struct db_param *params, size_t count)
{
    struct statement *statement = statements_find(&db->statements, sql);
    struct wire_params wire;
    if (!statement)
        return false;
    if (statement->connection_id != db->connection_id) {
        if (!PQsendPrepare(db->connection, statement->name, sql, 0, NULL))
            return false;
        add_step(exchange, statement, true);
    }
    fill_params(&wire, params, count);
    if (!PQsendQueryPrepared(db->connection, statement->name, (int)count, wire.values, wire.lengths, wire.formats, 0))
        return false;
    add_step(exchange, statement, false);
    return true;
}

static bool
is_scope_pending(const struct db *db)
{
    return !db->is_scope_known || strcmp(db->scope, db->sent_scope) != 0;
}

// BEGIN and the scope, if they are wanted. That they succeed is assumed until follow() knows better.
static bool
send_pending(struct db *db, struct exchange *exchange)
{
    if (db->transaction == TRANSACTION_WANTED) {
        if (!send_statement(db, exchange, begin_sql, DB_NO_PARAMS))
            return false;
        db->transaction = TRANSACTION_OPEN;
    }
    if (is_scope_pending(db)) {
        if (!send_statement(db, exchange, scope_sql, DB_PARAMS(db_string(db->scope))))
            return false;
        memcpy(db->sent_scope, db->scope, sizeof db->scope);
        db->is_scope_known = true;
    }
    return true;
}

static bool
send_all(struct db *db, struct exchange *exchange, const char *sql, const struct db_param *params, size_t count,
         bool with_pending)
{
    if (with_pending && !send_pending(db, exchange))
        return false;
    if (sql && !send_statement(db, exchange, sql, params, count))
        return false;
    return PQpipelineSync(db->connection) == 1;
}

// True when the exchange is over (in step again, or the connection is gone). Takes the result.
static bool
take_result(struct db *db, struct exchange *exchange, PGresult *result)
{
    struct step *step = exchange->answered < exchange->count ? &exchange->steps[exchange->answered] : NULL;
    ExecStatusType kind = PQresultStatus(result);
    bool is_over = kind == PGRES_PIPELINE_SYNC;
    if (kind == PGRES_COMMAND_OK || kind == PGRES_TUPLES_OK) {
        if (step && step->prepares) {
            step->statement->connection_id = db->connection_id;
        } else if (step && step == &exchange->steps[exchange->count - 1]) {
            exchange->result = result;
            return false;
        } else if (step && step->is_kept) {
            exchange->kept = result;
            return false;
        }
    } else if (kind != PGRES_PIPELINE_SYNC && kind != PGRES_PIPELINE_ABORTED) {
        enum status status = error_take(db, result, step ? step->statement->sql : NULL);
        if (exchange->status == STATUS_OK)
            exchange->status = status;
        if (error_ends_connection(result) || PQstatus(db->connection) != CONNECTION_OK || kind == PGRES_COPY_IN ||
            kind == PGRES_COPY_OUT) {
            exchange->status = connection_lose(db, NULL);
            is_over = true;
        }
    }
    PQclear(result);
    return is_over;
}

static void
receive_all(struct db *db, struct exchange *exchange)
{
    int64_t deadline_ms = clock_monotonic_ms() + db->patience_ms;
    for (bool is_over = false; !is_over;) {
        if (!connection_wait(db, deadline_ms)) {
            exchange->status = connection_lose(db, NULL);
            return;
        }
        PGresult *result = PQgetResult(db->connection);
        if (result) {
            is_over = take_result(db, exchange, result);
        } else if (exchange->answered++ > exchange->count) {
            // One NULL ends each step: more of them means that libpq and we disagree about where we are.
            exchange->status = connection_lose(db, "the pipeline is out of step");
            return;
        }
    }
    if (db->connection) {
        // libpq is idle again only after it was asked once more; the transaction's state needs that.
        PQclear(PQgetResult(db->connection));
        db->used_at_ms = deadline_ms - db->patience_ms;
    }
}

// What the exchange did to the transaction and the scope, as far as this side must know it.
static void
follow(struct db *db, const struct exchange *exchange)
{
    if (exchange->status == STATUS_OK)
        return;
    // set_config is undone with the transaction, also the implicit one around a pipeline.
    db->is_scope_known = false;
    if (db->transaction == TRANSACTION_OPEN) {
        db->transaction = TRANSACTION_FAILED;
        db->failure = exchange->status;
    }
}

static void
count_write(struct db *db, const struct exchange *exchange)
{
    bool changed = PQntuples(exchange->result) > 0 || strtoll(PQcmdTuples(exchange->result), NULL, 10) > 0;
    if (changed && exchange->steps[exchange->count - 1].statement->may_write)
        db->writes++;
}

// Sends and receives; the transaction's state has been looked at before.
static enum status
exchange_all(struct db *db, const char *sql, const struct db_param *params, size_t param_count, bool with_pending,
             PGresult **ret_result)
{
    struct exchange exchange = db->deferred;
    db->deferred = (struct exchange){0};
    if (!send_all(db, &exchange, sql, params, param_count, with_pending))
        return connection_lose(db, PQerrorMessage(db->connection));
    receive_all(db, &exchange);
    follow(db, &exchange);
    if (exchange.status == STATUS_OK && !exchange.result)
        exchange.status = connection_lose(db, "a statement without an answer");
    if (exchange.status != STATUS_OK) {
        PQclear(exchange.result);
        PQclear(exchange.kept);
        return exchange.status;
    }
    db->kept = exchange.kept;
    if (db->transaction == TRANSACTION_OPEN)
        count_write(db, &exchange);
    *ret_result = exchange.result;
    return STATUS_OK;
}

// Why nothing can be sent: the transaction has failed, or there is no connection, or what was sent alone has failed.
static enum status
look_before_sending(struct db *db)
{
    enum status settled = pipeline_settle(db);
    if (settled != STATUS_OK)
        return settled;
    if (db->transaction == TRANSACTION_LOST)
        return STATUS_LOST;
    return db->transaction == TRANSACTION_FAILED ? db->failure : connection_ensure(db);
}

enum status
pipeline_run(struct db *db, const char *sql, const struct db_param *params, size_t param_count, PGresult **ret_result)
{
    enum status status = look_before_sending(db);
    if (status != STATUS_OK)
        return status;
    if (param_count > MAX_PARAMS) {
        (void)snprintf(db->error, sizeof db->error, "%zu parameters are too many; in: %.120s", param_count, sql);
        return STATUS_INTERNAL;
    }
    return exchange_all(db, sql, params, param_count, true, ret_result);
}

static bool
is_prepared(struct db *db, const char *sql)
{
    const struct statement *statement = statements_find(&db->statements, sql);
    return statement && statement->connection_id == db->connection_id;
}

enum status
pipeline_defer(struct db *db, const char *sql, const struct db_param *params, size_t param_count, PGresult **ret_result)
{
    enum status status = look_before_sending(db);
    if (status != STATUS_OK)
        return status;
    // A first run on this connection is waited for: only then the statement is known to be prepared.
    if (!is_prepared(db, begin_sql) || !is_prepared(db, scope_sql) || !is_prepared(db, sql) ||
        db->deferred.count >= MAX_DEFERRED_STEPS || param_count > MAX_PARAMS) {
        PGresult *result = NULL;
        status = pipeline_run(db, sql, params, param_count, &result);
        if (status == STATUS_OK && ret_result)
            *ret_result = result;
        else if (status == STATUS_OK)
            PQclear(result);
        return status;
    }
    if (!send_pending(db, &db->deferred) || !send_statement(db, &db->deferred, sql, params, param_count))
        return connection_lose(db, PQerrorMessage(db->connection));
    db->deferred.steps[db->deferred.count - 1].is_kept = ret_result != NULL;
    return STATUS_OK;
}

enum status
pipeline_send(struct db *db, const char *sql, const struct db_param *params, size_t param_count)
{
    enum status status = look_before_sending(db);
    if (status != STATUS_OK)
        return status;
    if (db->transaction != TRANSACTION_NONE || param_count > MAX_PARAMS) {
        (void)snprintf(db->error, sizeof db->error, "a statement cannot be sent alone now: %.120s", sql);
        return STATUS_INTERNAL;
    }
    if (is_scope_pending(db) || !is_prepared(db, sql)) {
        PGresult *result = NULL;
        status = pipeline_run(db, sql, params, param_count, &result);
        if (status == STATUS_OK)
            PQclear(result);
        return status;
    }
    if (!send_all(db, &db->deferred, sql, params, param_count, false))
        return connection_lose(db, PQerrorMessage(db->connection));
    db->is_sent = true;
    return STATUS_OK;
}

enum status
pipeline_settle(struct db *db)
{
    if (!db->is_sent)
        return STATUS_OK;
    struct exchange exchange = db->deferred;
    db->deferred = (struct exchange){0};
    db->is_sent = false;
    receive_all(db, &exchange);
    follow(db, &exchange);
    PQclear(exchange.result);
    PQclear(exchange.kept);
    return exchange.status;
}

enum status
pipeline_prepare(struct db *db)
{
    enum status status = look_before_sending(db);
    if (status != STATUS_OK || (db->transaction != TRANSACTION_WANTED && !is_scope_pending(db)))
        return status;
    PGresult *result = NULL;
    status = exchange_all(db, NULL, DB_NO_PARAMS, true, &result);
    if (status == STATUS_OK)
        PQclear(result);
    return status;
}

enum status
pipeline_end(struct db *db, const char *sql, PGresult **ret_result)
{
    return exchange_all(db, sql, DB_NO_PARAMS, false, ret_result);
}
