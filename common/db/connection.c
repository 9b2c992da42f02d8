// One connection: made when needed, every wait on it bounded.
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "internal.h"
#include "vekha/base/time.h"

enum {
    // A connection unused for so long is looked at before use: the server may have closed it.
    SUSPECT_AFTER_MS = 200,
    LOOK_FOR_CANCEL_MS = 200,
};

static void
ignore_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

// The DSN's own `options`, which ours must not replace.
static void
copy_dsn_options(const char *dsn, char *out, size_t size)
{
    PQconninfoOption *parsed = PQconninfoParse(dsn, NULL);
    for (PQconninfoOption *option = parsed; option && option->keyword; option++)
        if (strcmp(option->keyword, "options") == 0 && option->val)
            (void)snprintf(out, size, "%s ", option->val);
    PQconninfoFree(parsed);
}

static PGconn *
open_connection(const struct db *db)
{
    char dsn_options[400] = "", options[1000];
    copy_dsn_options(db->dsn, dsn_options, sizeof dsn_options);
    int written =
        snprintf(options, sizeof options,
                 "%s-c statement_timeout=%d -c lock_timeout=%d -c idle_in_transaction_session_timeout=%d "
                 "-c search_path=public -c timezone=UTC -c datestyle=ISO -c bytea_output=hex",
                 dsn_options, db->statement_timeout_ms, db->statement_timeout_ms * 2 / 3, db->longest_pause_ms);
    if (written < 0 || (size_t)written >= sizeof options)
        return NULL;
    // What stands after dbname wins over the DSN, what stands before it gives way.
    const char *const keywords[] = {
        "target_session_attrs",
        "dbname",
        "connect_timeout",
        "tcp_user_timeout",
        "keepalives_idle",
        "keepalives_interval",
        "keepalives_count",
        "application_name",
        "client_encoding",
        "options",
        NULL,
    };
    const char *const values[] = {
        "read-write", db->dsn, "3", "4000", "10", "3", "3", db->name, "UTF8", options, NULL,
    };
    return PQconnectdbParams(keywords, values, 1);
}

static void
set_error(struct db *db, const char *what, const char *words)
{
    (void)snprintf(db->error, sizeof db->error, "%s: %.400s", what, words);
    // libpq's messages are of several lines: a log line is one.
    for (char *c = db->error; *c; c++)
        if (*c == '\n')
            *c = c[1] ? ' ' : '\0';
}

static void
close_connection(struct db *db)
{
    PQfinish(db->connection);
    db->connection = NULL;
    db->is_scope_known = false;
}

// An idle connection has nothing to read, unless the server said good-bye (or a parameter changed).
static bool
is_still_open(struct db *db)
{
    if (clock_monotonic_ms() - db->used_at_ms < SUSPECT_AFTER_MS)
        return true;
    struct pollfd socket = {.fd = PQsocket(db->connection), .events = POLLIN};
    for (int i = 0; i < 4 && poll(&socket, 1, 0) > 0; i++) {
        if (!PQconsumeInput(db->connection))
            return false;
        (void)PQisBusy(db->connection); // parses what was read
    }
    return PQstatus(db->connection) == CONNECTION_OK;
}

enum status
connection_ensure(struct db *db)
{
    bool is_open = db->transaction == TRANSACTION_OPEN;
    if (db->connection && !is_open && !is_still_open(db))
        close_connection(db);
    if (db->connection)
        return STATUS_OK;
    db->connection = open_connection(db);
    if (!db->connection)
        return connection_lose(db, "out of memory, or options too long");
    if (PQstatus(db->connection) != CONNECTION_OK || PQsetnonblocking(db->connection, 1) != 0 ||
        !PQenterPipelineMode(db->connection))
        return connection_lose(db, PQerrorMessage(db->connection));
    (void)PQsetNoticeReceiver(db->connection, ignore_notice, NULL);
    db->connection_id++;
    db->used_at_ms = clock_monotonic_ms();
    return STATUS_OK;
}

enum status
connection_lose(struct db *db, const char *words)
{
    if (words)
        set_error(db, "connection lost", words);
    close_connection(db);
    db->deferred = (struct exchange){0};
    db->is_sent = false;
    if (db->transaction != TRANSACTION_NONE)
        db->transaction = TRANSACTION_LOST;
    return STATUS_LOST;
}

static bool
is_cancelled(struct db *db)
{
    if (!db->cancel || !atomic_load(db->cancel))
        return false;
    char words[256] = "";
    PGcancel *cancel = PQgetCancel(db->connection);
    // Refused, it goes on until its limit and finds nobody to answer to.
    (void)PQcancel(cancel, words, sizeof words);
    PQfreeCancel(cancel);
    set_error(db, "cancelled", words);
    return true;
}

bool
connection_wait(struct db *db, int64_t deadline_ms)
{
    while (PQisBusy(db->connection)) {
        int unsent = PQflush(db->connection);
        int64_t rest_ms = deadline_ms - clock_monotonic_ms();
        if (unsent < 0) {
            set_error(db, "connection lost", PQerrorMessage(db->connection));
            return false;
        }
        if (rest_ms <= 0) {
            set_error(db, "connection lost", "the server did not answer in time");
            return false;
        }
        if (is_cancelled(db))
            return false;
        if (db->cancel && rest_ms > LOOK_FOR_CANCEL_MS)
            rest_ms = LOOK_FOR_CANCEL_MS;
        struct pollfd socket = {.fd = PQsocket(db->connection), .events = (short)(unsent ? POLLIN | POLLOUT : POLLIN)};
        int ready = poll(&socket, 1, (int)rest_ms);
        if ((ready < 0 && errno != EINTR) || (ready > 0 && !PQconsumeInput(db->connection))) {
            set_error(db, "connection lost", PQerrorMessage(db->connection));
            return false;
        }
    }
    return true;
}
