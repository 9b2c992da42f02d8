// SQLSTATE -> status, in one place, and the words for the log.
#include <stdio.h>
#include <string.h>

#include "internal.h"

static const struct {
    const char *prefix; // of the SQLSTATE; the first match counts
    enum status status;
} meanings[] = {
    {"23505", STATUS_CONFLICT},  // unique_violation
    {"23P01", STATUS_CONFLICT},  // exclusion_violation
    {"23503", STATUS_NOT_FOUND}, // foreign_key_violation
    {"22", STATUS_INVALID},      // data exceptions
    {"40001", STATUS_BUSY},      // serialization_failure
    {"40P01", STATUS_BUSY},      // deadlock_detected
    {"55P03", STATUS_BUSY},      // lock_not_available: lock_timeout
    {"57014", STATUS_TIMEOUT},   // query_canceled: statement_timeout
    {"53", STATUS_BUSY},         // insufficient resources, disk full among them
    {"42501", STATUS_FORBIDDEN}, // insufficient_privilege, row-level security
};

static const char *
field(const PGresult *result, int code)
{
    const char *text = result ? PQresultErrorField(result, code) : NULL;
    return text ? text : "";
}

// Only the primary message: DETAIL quotes values, and those may be personal data.
enum status
error_take(struct db *db, const PGresult *result, const char *sql)
{
    const char *sqlstate = field(result, PG_DIAG_SQLSTATE);
    const char *words = field(result, PG_DIAG_MESSAGE_PRIMARY);
    const char *constraint = field(result, PG_DIAG_CONSTRAINT_NAME);
    if (*words == '\0')
        words = result ? PQresultErrorMessage(result) : "no result";
    (void)snprintf(db->error, sizeof db->error, "%s: %.300s%s%s%s; in: %.120s", *sqlstate ? sqlstate : "libpq", words,
                   *constraint ? " (" : "", constraint, *constraint ? ")" : "",
                   sql ? sql : "the connection's settings");
    for (size_t i = 0; i < sizeof meanings / sizeof *meanings; i++)
        if (strncmp(sqlstate, meanings[i].prefix, strlen(meanings[i].prefix)) == 0)
            return meanings[i].status;
    return STATUS_INTERNAL;
}

bool
error_ends_connection(const PGresult *result)
{
    const char *sqlstate = field(result, PG_DIAG_SQLSTATE);
    const char *severity = field(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (strcmp(severity, "FATAL") == 0 || strcmp(severity, "PANIC") == 0)
        return true;
    // libpq's own trouble, out of memory above all: what the server has done of our requests is unknown.
    if (*sqlstate == '\0')
        return true;
    // 25006: a primary that became a standby. 26000: somebody deallocated our statements. 42P05: the
    // server has one of which we do not know.
    if (strcmp(sqlstate, "25006") == 0 || strcmp(sqlstate, "26000") == 0 || strcmp(sqlstate, "42P05") == 0)
        return true;
    // A migration changed the columns of a prepared statement's result: prepare everything anew.
    return strcmp(sqlstate, "0A000") == 0 &&
           strcmp(field(result, PG_DIAG_SOURCE_FUNCTION), "RevalidateCachedQuery") == 0;
}
