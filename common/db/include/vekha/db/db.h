// A PostgreSQL connection with its prepared statements, used by one thread. SQL is a string constant and
// parameters go by $n; a statement is prepared at its first use and found by the constant's address.
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vekha/base/arena.h"
#include "vekha/base/status.h"

struct db;

struct db_settings {
    const char *dsn;          // libpq connection string without timeouts: they are added here
    const char *name;         // application_name
    int statement_timeout_ms; // 0: 1500
    // Between two statements of a transaction; 0: 2000, since a frozen process must not keep its locks for longer.
    int longest_pause_ms;
    // NULL, or: once it is true, the statement that runs is cancelled and the connection lost. Not for work whose
    // commit tells of something that has happened elsewhere.
    const atomic_bool *cancel;
};

// Lazy: connects at the first statement. Never NULL unless memory is out.
struct db *db_new(const struct db_settings *settings);
void db_free(struct db **db);
// For /readyz: connects if need be and asks SELECT 1.
MUST_CHECK enum status db_ping(struct db *db);

struct db_param {
    enum { DB_NULL, DB_TEXT, DB_INTEGER, DB_BYTES } kind;
    const char *text;
    int64_t integer;
    size_t size;
};
static inline struct db_param
db_text(const char *text) // NULL and "" both become SQL NULL: proto3 knows no difference
{
    return (struct db_param){text && *text ? DB_TEXT : DB_NULL, text, 0, 0};
}
static inline struct db_param
db_string(const char *text) // "" stays ""
{
    return (struct db_param){text ? DB_TEXT : DB_NULL, text, 0, 0};
}
static inline struct db_param
db_integer(int64_t value)
{
    return (struct db_param){DB_INTEGER, NULL, value, 0};
}
static inline struct db_param
db_boolean(bool value)
{
    return (struct db_param){DB_TEXT, value ? "t" : "f", 0, 0};
}
static inline struct db_param
db_bytes(const void *bytes, size_t size)
{
    return (struct db_param){DB_BYTES, bytes, 0, size};
}

// A result; valid until db_release_rows(), which the service runtime calls after the reply is packed. So values
// may be put into replies without copying.
struct db_rows {
    void *result;
    int count;
    int columns;
    int64_t affected; // rows of INSERT, UPDATE, DELETE without RETURNING
};

// Runs one statement. LOST when the connection broke (inside a transaction: the whole of it is gone); other
// failures by SQLSTATE: 23505 and 23P01 CONFLICT, 23503 NOT_FOUND, 22xxx INVALID, 40001, 40P01 and 55P03 BUSY,
// 57014 TIMEOUT, 53xxx BUSY, 42501 FORBIDDEN, else INTERNAL; db_last_error() has the words for the log. Up to 32
// parameters. After a failure inside a transaction every statement repeats that failure until db_rollback().
MUST_CHECK enum status db_query(struct db *db, struct db_rows *ret_rows, const char *sql, const struct db_param *params,
                                size_t param_count);
#define DB_PARAMS(...)                                                                                                 \
    (const struct db_param[]){__VA_ARGS__}, (sizeof((const struct db_param[]){__VA_ARGS__}) / sizeof(struct db_param))
#define DB_NO_PARAMS NULL, 0

// db_query for statements of which only success matters.
MUST_CHECK enum status db_run(struct db *db, const char *sql, const struct db_param *params, size_t param_count);
// For the last writes of a transaction: sent, but not waited for, so that they share the round trip of the next
// statement or of db_commit(), which then fails with their failure. Parameters are copied.
MUST_CHECK enum status db_defer(struct db *db, const char *sql, const struct db_param *params, size_t param_count);
// Outside a transaction: the statement is with the server when this returns, so it is carried out even if this process
// dies now; nobody waits for it until db_settle(), which has its failure.
MUST_CHECK enum status db_send(struct db *db, const char *sql, const struct db_param *params, size_t param_count);
MUST_CHECK enum status db_settle(struct db *db);
// Several statements without parameters (migrations).
MUST_CHECK enum status db_script(struct db *db, const char *sql);

// Rows the transaction may see and write: PostgreSQL's row-level security reads it as
// current_setting('vekha.scope'). Sent together with the next statement, so it costs no round trip.
// "74.12" is a territory, "*" everything (jobs, event handlers), "" nothing.
void db_set_scope(struct db *db, const char *organisation_path);

MUST_CHECK enum status db_begin(struct db *db);
// UNKNOWN_OUTCOME when the connection broke while committing: look for the idempotency record.
MUST_CHECK enum status db_commit(struct db *db);
// With a last statement in the same round trip. The transaction is over, whatever is returned; OK without rows when
// there was no memory for them.
MUST_CHECK enum status db_commit_with(struct db *db, struct db_rows *ret_rows, const char *sql,
                                      const struct db_param *params, size_t param_count);
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);
// A statement failed: the transaction accepts nothing but db_rollback().
bool db_is_failed(const struct db *db);
// Statements that changed rows since db_begin(). One that writes in its WITH part counts when it changed or returned a
// row, so let its last part read from what the others wrote; writes inside SQL functions are not seen.
unsigned db_writes(const struct db *db);
void db_release_rows(struct db *db);
const char *db_last_error(const struct db *db);

// "" for NULL. Never NULL.
const char *db_text_at(const struct db_rows *rows, int row, int column);
int64_t db_integer_at(const struct db_rows *rows, int row, int column);
bool db_boolean_at(const struct db_rows *rows, int row, int column);
bool db_is_null_at(const struct db_rows *rows, int row, int column);
// A bytea column, decoded into the arena. NULL over the arena's limit.
const void *db_bytes_at(const struct db_rows *rows, int row, int column, struct arena *arena, size_t *ret_size);
const char *db_column_name(const struct db_rows *rows, int column);
// An array of text columns: {a,"b c"} -> strings in the arena.
MUST_CHECK enum status db_text_array_at(const struct db_rows *rows, int row, int column, struct arena *arena,
                                        char ***ret_items, size_t *ret_count);
// Strings -> a text[] literal for a parameter; NULL over the arena's limit.
const char *db_text_array(struct arena *arena, char *const *items, size_t count);
// Rows of `columns` texts each, one behind the other, -> a text[] parameter per column for unnest(); what is "" or NULL
// becomes NULL. BUSY over the arena's limit.
MUST_CHECK enum status db_text_columns(struct arena *arena, const char *const *rows, size_t row_count, size_t columns,
                                       struct db_param *ret_params);

// Migrations: numbered, applied in order, once, under an advisory lock, each in a transaction.
struct migration {
    unsigned number;
    const char *name;
    const char *sql;
};
// `set` keeps the numbers of several lists apart: "runtime", "auth".
MUST_CHECK enum status db_migrate(struct db *db, const char *set, const struct migration *migrations, size_t count);
