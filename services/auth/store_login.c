// SQL of logging in: the candidate with its failures, attempts, new sessions, passwords.
#include "store.h"
#include "vekha/base/time.h"

// Failures of a key since its last success, newest first; more than forty change nothing. $4: begin of the window.
#define FAILURES(condition)                                                                                            \
    "SELECT count(*) AS count, coalesce(round(extract(epoch FROM max(attempted_at)) * 1000), 0)::bigint AS last_ms"    \
    " FROM (SELECT attempted_at FROM login_attempt t WHERE t.failed AND t.attempted_at > $4::timestamptz"              \
    " AND " condition " ORDER BY attempted_at DESC LIMIT 40) newest"
#define SINCE_SUCCESS(condition)                                                                                       \
    " AND t.attempt_id > coalesce((SELECT max(attempt_id) FROM login_attempt g WHERE NOT g.failed AND " condition      \
    "), 0)"

// Whoever mistyped and then got in is no stranger to the network: a whole town may share one address.
#define NOT_MADE_GOOD                                                                                                  \
    " AND NOT EXISTS (SELECT FROM login_attempt g WHERE NOT g.failed AND g.login_key = t.login_key"                    \
    " AND g.address_range = t.address_range AND g.attempt_id > t.attempt_id)"

static struct failures
failures_at(const struct db_rows *rows, int column)
{
    return (struct failures){(unsigned)db_integer_at(rows, 0, column), db_integer_at(rows, 0, column + 1)};
}

enum status
store_find_candidate(struct call *call, const char *login, const char *login_key, const char *address_range,
                     struct login_candidate *ret_candidate)
{
    static const char sql[] =
        "SELECT a.account_id, a.territory_path, a.password_hash, a.closed_at IS NOT NULL,"
        " coalesce(a.password_expires_at <= $5::timestamptz, false), a.last_login_at IS NULL, coalesce(a.one_time, "
        "false),"
        " EXISTS (SELECT FROM known_address k WHERE k.account_id = a.account_id AND k.address_range = $3"
        "  AND k.last_login_at > $5::timestamptz - $6::bigint * interval '1 day'),"
        " account.count, account.last_ms, address.count, address.last_ms, pair.count, pair.last_ms"
        " FROM (VALUES (1)) one LEFT JOIN account a ON a.login = $1"
        " CROSS JOIN LATERAL (" FAILURES("t.login_key = $2" SINCE_SUCCESS(
            "g.login_key = $2")) ") account"
                                 " CROSS JOIN LATERAL (" FAILURES(
                                     "t.address_range = $3") ") address"
                                                             " CROSS JOIN LATERAL (" FAILURES(
                                                                 "t.login_key = $2 AND t.address_range = "
                                                                 "$3" SINCE_SUCCESS("g.login_key = $2 AND "
                                                                                    "g.address_range = $3")) ") pair";
    char window_start[25];
    time_format_utc(call->now_ms - THROTTLE_WINDOW_MS, window_start);
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql,
                                  DB_PARAMS(db_string(login), db_text(login_key), db_text(address_range),
                                            db_text(window_start), db_text(call->now), db_integer(KNOWN_ADDRESS_DAYS)));
    if (status != STATUS_OK)
        return status;
    *ret_candidate = (struct login_candidate){
        .exists = !db_is_null_at(&rows, 0, 0),
        .account_id = db_text_at(&rows, 0, 0),
        .territory_path = db_text_at(&rows, 0, 1),
        .password_hash = db_text_at(&rows, 0, 2),
        .is_closed = db_boolean_at(&rows, 0, 3),
        .is_expired = db_boolean_at(&rows, 0, 4),
        .is_first = db_boolean_at(&rows, 0, 5),
        .failures = {failures_at(&rows, 8), failures_at(&rows, 10), failures_at(&rows, 12),
                     .is_one_time = db_boolean_at(&rows, 0, 6), .is_known_address = db_boolean_at(&rows, 0, 7)},
    };
    return STATUS_OK;
}

enum status
store_note_attempt(struct call *call, const char *login_key, const char *address_range, bool failed)
{
    static const char sql[] = "INSERT INTO login_attempt (login_key, address_range, attempted_at, failed)"
                              " VALUES ($1, $2, $3::timestamptz, $4::boolean)";
    return db_run(call->db, sql,
                  DB_PARAMS(db_text(login_key), db_text(address_range), db_text(call->now), db_boolean(failed)));
}

enum status
store_start_session(struct call *call, const struct new_session *session)
{
    static const char sql[] =
        "WITH seen AS (INSERT INTO known_address (account_id, address_range, last_login_at)"
        "  VALUES ($2::uuid, $7, $1::timestamptz)"
        "  ON CONFLICT (account_id, address_range) DO UPDATE SET last_login_at = excluded.last_login_at),"
        " used AS (UPDATE account SET last_login_at = $1::timestamptz WHERE account_id = $2::uuid),"
        " started AS (INSERT INTO session (session_id, account_id, started_at, last_used_at, expires_at,"
        "  access_expires_at, client_address, by_provider, provider_logout_address)"
        "  VALUES ($3::uuid, $2::uuid, $1::timestamptz, $1::timestamptz, $5::timestamptz, $6::timestamptz, $8,"
        "  $9::boolean, $10))"
        " INSERT INTO refresh_token (token_hash, session_id, issued_at) VALUES ($4, $3::uuid, $1::timestamptz)";
    return db_run(call->db, sql,
                  DB_PARAMS(db_text(call->now), db_text(session->account_id), db_text(session->session_id),
                            db_text(session->token_hash), db_text(session->expires_at),
                            db_text(session->access_expires_at), db_text(session->address_range),
                            db_text(call->client_address), db_boolean(session->provider_logout_address != NULL),
                            db_text(session->provider_logout_address)));
}

enum status
store_read_own_password(struct call *call, const char *attempt_key, struct own_password *ret_password)
{
    static const char sql[] =
        "SELECT a.password_hash, a.login, o.short_name, concat_ws(' ', p.family_name, p.given_name, p.middle_name),"
        " a.one_time, failed.count, failed.last_ms"
        " FROM account a JOIN session s ON s.account_id = a.account_id AND s.session_id = $3::uuid"
        "  AND s.revoked_at IS NULL AND s.expires_at > $1::timestamptz"
        " LEFT JOIN profile p ON p.account_id = a.account_id"
        " LEFT JOIN LATERAL (SELECT short_name FROM organisation_version v"
        "  WHERE v.organisation_id = a.organisation_id ORDER BY valid_from DESC LIMIT 1) o ON true"
        " CROSS JOIN LATERAL (" FAILURES("t.login_key = $5" SINCE_SUCCESS(
            "g.login_key = $5")) ") failed"
                                 " WHERE a.account_id = $2::uuid AND a.closed_at IS NULL";
    char window_start[25];
    time_format_utc(call->now_ms - THROTTLE_WINDOW_MS, window_start);
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, sql,
                 DB_PARAMS(db_text(call->now), db_text(call->principal->account_id),
                           db_text(call->principal->session_id), db_text(window_start), db_text(attempt_key)));
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return STATUS_UNAUTHENTICATED;
    *ret_password = (struct own_password){db_text_at(&rows, 0, 0), db_text_at(&rows, 0, 1),    db_text_at(&rows, 0, 2),
                                          db_text_at(&rows, 0, 3), db_boolean_at(&rows, 0, 4), failures_at(&rows, 5)};
    return STATUS_OK;
}

enum status
store_change_password(struct call *call, const char *password_hash, const char *token_hash,
                      const char *access_expires_at, const char **ret_session_expires_at)
{
    static const char sql[] =
        "WITH changed AS (UPDATE account SET password_hash = $4, one_time = false, password_expires_at = NULL"
        "  WHERE account_id = $2::uuid),"
        " gone AS (DELETE FROM refresh_token WHERE session_id = $3::uuid),"
        " fresh AS (INSERT INTO refresh_token (token_hash, session_id, issued_at)"
        "  VALUES ($5, $3::uuid, $1::timestamptz))"
        " UPDATE session SET last_used_at = $1::timestamptz, access_expires_at = least($6::timestamptz, expires_at)"
        " WHERE session_id = $3::uuid RETURNING vekha_time(expires_at)";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql,
                                  DB_PARAMS(db_text(call->now), db_text(call->principal->account_id),
                                            db_text(call->principal->session_id), db_text(password_hash),
                                            db_text(token_hash), db_text(access_expires_at)));
    if (status == STATUS_OK)
        *ret_session_expires_at = rows.count ? db_text_at(&rows, 0, 0) : "";
    return status;
}
