// What the files of this library share; nobody else includes it.
#pragma once

#include <libpq-fe.h>

#include "vekha/db/db.h"

// Each statement may need preparing before it runs: BEGIN, the scope, those that were deferred, the statement.
enum { MAX_PARAMS = 32, MAX_SCOPE_BYTES = 4096, MAX_ERROR_BYTES = 600, MAX_STEPS = 16, MAX_DEFERRED_STEPS = 8 };

// One SQL constant and what is known of it.
struct statement {
    const char *sql;        // the constant: its address is the key
    char *text;             // a copy: proves that the constant was one
    char name[16];          // on the server
    unsigned connection_id; // the connection it is prepared on; 0: none
    bool may_write;
};

// Open hash by address; statements never move and live as long as the table.
struct statement_table {
    struct statement **slots;
    size_t capacity, count;
};
void statements_done(struct statement_table *table);
// The statement of this constant, made at its first use. NULL without memory.
struct statement *statements_find(struct statement_table *table, const char *sql);

struct step {
    struct statement *statement;
    bool prepares;
    bool is_kept; // its result is wanted, too, although another step follows
};

// What was sent since the server was last in step with us.
struct exchange {
    struct step steps[MAX_STEPS];
    size_t count;
    size_t answered;
    enum status status;
    PGresult *result; // of the last step
    PGresult *kept;   // of the step that is kept
};

enum transaction {
    TRANSACTION_NONE,
    TRANSACTION_WANTED, // db_begin() was called; BEGIN goes out with the first statement
    TRANSACTION_OPEN,
    TRANSACTION_FAILED, // a statement failed: only rolling back helps
    TRANSACTION_LOST,   // the connection broke meanwhile
};

struct db {
    char *dsn;
    char *name;
    int statement_timeout_ms;  // the server's
    int longest_pause_ms;      // the server's too
    int patience_ms;           // ours, longer: a server that does not answer at all
    const atomic_bool *cancel; // may be NULL
    PGconn *connection;        // NULL: not connected; always in pipeline mode otherwise
    unsigned connection_id;    // of the current or last connection; grows
    int64_t used_at_ms;        // monotonic
    struct statement_table statements;
    enum transaction transaction;
    enum status failure; // of a failed transaction: the first
    unsigned writes;
    struct exchange deferred;         // sent without waiting; answered with the next statement
    bool is_sent;                     // it is a db_send() that is to be settled
    PGresult *kept;                   // of the statement that went with COMMIT
    char scope[MAX_SCOPE_BYTES];      // wanted
    char sent_scope[MAX_SCOPE_BYTES]; // the server's, if it is known
    bool is_scope_known;
    PGresult **results; // until db_release_rows()
    size_t result_count, result_capacity;
    char error[MAX_ERROR_BYTES];
};

// connection.c
// LOST when it cannot be had.
enum status connection_ensure(struct db *db);
// Throws the connection away; an open transaction becomes a lost one. Returns LOST. `words` may be NULL.
enum status connection_lose(struct db *db, const char *words);
// Waits until libpq has a result. False when the connection broke or db->patience_ms ran out; db->error says which.
bool connection_wait(struct db *db, int64_t deadline_ms);

// pipeline.c
// Sends what is pending (BEGIN, the scope) and the statement in one round trip. *ret_result is the caller's.
enum status pipeline_run(struct db *db, const char *sql, const struct db_param *params, size_t param_count,
                         PGresult **ret_result);
// Sends what is pending and the statement without waiting: their failure is the next exchange's. With `ret_result` its
// result is wanted: either now, or it stays NULL and db->kept has it after the next exchange.
enum status pipeline_defer(struct db *db, const char *sql, const struct db_param *params, size_t param_count,
                           PGresult **ret_result);
// One statement outside a transaction, sent whole and not waited for; then what became of it.
enum status pipeline_send(struct db *db, const char *sql, const struct db_param *params, size_t param_count);
enum status pipeline_settle(struct db *db);
// Only what is pending, if anything.
enum status pipeline_prepare(struct db *db);
// COMMIT or ROLLBACK of an open or failed transaction.
enum status pipeline_end(struct db *db, const char *sql, PGresult **ret_result);

// errors.c
// Status of a failed result; its words for the log go to db->error.
enum status error_take(struct db *db, const PGresult *result, const char *sql);
// The server is closing this connection, or has forgotten or outgrown what was prepared on it.
bool error_ends_connection(const PGresult *result);
