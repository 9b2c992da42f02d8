// SQL of sessions and refresh tokens.
#include <string.h>

#include "store.h"
#include "vekha/base/time.h"

enum status
store_spend_token(struct call *call, const char *token_hash, const char *next_hash, const char *sealed_next_hex,
                  const char *access_expires_at, struct refreshed_session *ret_session)
{
    static const char sql[] =
        "WITH spent AS (UPDATE refresh_token t SET spent_at = $1::timestamptz, sealed_next = decode($4, 'hex')"
        "  FROM session s JOIN account a ON a.account_id = s.account_id"
        "  WHERE t.token_hash = $2 AND t.spent_at IS NULL AND s.session_id = t.session_id AND s.revoked_at IS NULL"
        "  AND s.expires_at > $1::timestamptz AND s.last_used_at > $6::timestamptz AND a.closed_at IS NULL"
        "  RETURNING s.session_id, s.account_id, a.territory_path, s.expires_at),"
        " used AS (UPDATE session s SET last_used_at = $1::timestamptz,"
        "  access_expires_at = least($5::timestamptz, s.expires_at) FROM spent WHERE s.session_id = spent.session_id),"
        " fresh AS (INSERT INTO refresh_token (token_hash, session_id, issued_at)"
        "  SELECT $3, session_id, $1::timestamptz FROM spent)"
        " SELECT session_id, account_id, territory_path, vekha_time(expires_at) FROM spent";
    char idle_limit[25];
    time_format_utc(call->now_ms - SESSION_IDLE_MS, idle_limit);
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql,
                                  DB_PARAMS(db_text(call->now), db_text(token_hash), db_text(next_hash),
                                            db_text(sealed_next_hex), db_text(access_expires_at), db_text(idle_limit)));
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    *ret_session = (struct refreshed_session){.session_id = db_text_at(&rows, 0, 0),
                                              .account_id = db_text_at(&rows, 0, 1),
                                              .territory_path = db_text_at(&rows, 0, 2),
                                              .expires_at = db_text_at(&rows, 0, 3)};
    return STATUS_OK;
}

enum status
store_find_token(struct call *call, const char *token_hash, struct refreshed_session *ret_session)
{
    static const char sql[] =
        "SELECT s.session_id, s.account_id, a.territory_path, vekha_time(s.expires_at),"
        " s.revoked_at IS NOT NULL OR s.expires_at <= $1::timestamptz OR s.last_used_at <= $3::timestamptz"
        "  OR a.closed_at IS NOT NULL, t.spent_at IS NOT NULL,"
        " round(extract(epoch FROM t.spent_at) * 1000)::bigint, encode(t.sealed_next, 'hex')"
        " FROM refresh_token t JOIN session s ON s.session_id = t.session_id"
        " JOIN account a ON a.account_id = s.account_id WHERE t.token_hash = $2";
    char idle_limit[25];
    time_format_utc(call->now_ms - SESSION_IDLE_MS, idle_limit);
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, sql, DB_PARAMS(db_text(call->now), db_text(token_hash), db_text(idle_limit)));
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    *ret_session = (struct refreshed_session){
        .session_id = db_text_at(&rows, 0, 0),
        .account_id = db_text_at(&rows, 0, 1),
        .territory_path = db_text_at(&rows, 0, 2),
        .expires_at = db_text_at(&rows, 0, 3),
        .is_revoked_or_old = db_boolean_at(&rows, 0, 4),
        .is_spent = db_boolean_at(&rows, 0, 5),
        .spent_ms = db_integer_at(&rows, 0, 6),
        .sealed_next_hex = db_text_at(&rows, 0, 7),
    };
    return STATUS_OK;
}

enum status
store_extend_access(struct call *call, const char *session_id, const char *access_expires_at)
{
    static const char sql[] = "UPDATE session SET last_used_at = $1::timestamptz,"
                              " access_expires_at = least($3::timestamptz, expires_at) WHERE session_id = $2::uuid";
    return db_run(call->db, sql, DB_PARAMS(db_text(call->now), db_text(session_id), db_text(access_expires_at)));
}

enum status
store_add_token(struct call *call, const char *token_hash, const char *access_expires_at,
                const char **ret_session_expires_at)
{
    static const char sql[] = "WITH used AS (UPDATE session SET last_used_at = $1::timestamptz,"
                              "  access_expires_at = least($4::timestamptz, expires_at)"
                              "  WHERE session_id = $3::uuid AND account_id = $2::uuid AND revoked_at IS NULL"
                              "  AND expires_at > $1::timestamptz RETURNING session_id, expires_at),"
                              " fresh AS (INSERT INTO refresh_token (token_hash, session_id, issued_at)"
                              "  SELECT $5, session_id, $1::timestamptz FROM used)"
                              " SELECT vekha_time(expires_at) FROM used";
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, sql,
                 DB_PARAMS(db_text(call->now), db_text(call->principal->account_id),
                           db_text(call->principal->session_id), db_text(access_expires_at), db_text(token_hash)));
    if (status != STATUS_OK)
        return status;
    *ret_session_expires_at = rows.count ? db_text_at(&rows, 0, 0) : "";
    return rows.count ? STATUS_OK : STATUS_UNAUTHENTICATED;
}

enum status
store_list_sessions(struct call *call, Auth__ListSessionsReply *reply)
{
    static const char sql[] =
        "SELECT session_id, vekha_time(started_at) AS started_at, vekha_time(last_used_at) AS last_used_at,"
        " client_address, session_id = $3::uuid AS current, by_provider FROM session"
        " WHERE account_id = $2::uuid AND revoked_at IS NULL AND expires_at > $1::timestamptz"
        " AND last_used_at > $4::timestamptz ORDER BY last_used_at DESC LIMIT 200";
    char idle_limit[25];
    time_format_utc(call->now_ms - SESSION_IDLE_MS, idle_limit);
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql,
                                  DB_PARAMS(db_text(call->now), db_text(call->principal->account_id),
                                            db_text(call->principal->session_id), db_text(idle_limit)));
    if (status != STATUS_OK)
        return status;
    return fill_list(call, &rows, &auth__session_entry__descriptor, &reply->n_sessions, &reply->sessions);
}

static enum status
emit_revoked(struct call *call, const struct db_rows *rows)
{
    for (int i = 0; i < rows->count; i++) {
        Events__SessionRevoked event = EVENTS__SESSION_REVOKED__INIT;
        fill_message(&event.base, rows, i, call->arena);
        enum status status = emit(call, &event.base);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

#define REVOKED_COLUMNS                                                                                                \
    " RETURNING session_id, account_id, round(extract(epoch FROM access_expires_at) * 1000)::bigint AS expires_at_ms"

enum status
store_revoke_sessions(struct call *call, const struct revocation *which, uint32_t *ret_count)
{
    static const char sql[] =
        "UPDATE session SET revoked_at = $1::timestamptz, announced = true WHERE account_id = $2::uuid"
        " AND revoked_at IS NULL AND expires_at > $1::timestamptz"
        " AND ($3::uuid IS NULL OR session_id = $3::uuid)"
        " AND ($4::uuid IS NULL OR session_id <> $4::uuid)" REVOKED_COLUMNS;
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql,
                                  DB_PARAMS(db_text(call->now), db_text(which->account_id),
                                            db_text(which->only_session_id), db_text(which->except_session_id)));
    if (status == STATUS_OK)
        status = emit_revoked(call, &rows);
    if (status == STATUS_OK)
        *ret_count = (uint32_t)rows.count;
    return status;
}

enum status
store_revoke_silently(struct call *call, const char *session_id)
{
    static const char sql[] = "UPDATE session SET revoked_at = $1::timestamptz, announced = false"
                              " WHERE session_id = $2::uuid AND revoked_at IS NULL";
    return db_run(call->db, sql, DB_PARAMS(db_text(call->now), db_text(session_id)));
}

enum status
store_announce_revoked(struct call *call)
{
    static const char sql[] =
        "UPDATE session SET announced = true WHERE session_id IN (SELECT session_id FROM session"
        " WHERE revoked_at IS NOT NULL AND NOT announced FOR UPDATE SKIP LOCKED LIMIT 500)" REVOKED_COLUMNS;
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql, DB_NO_PARAMS);
    return status == STATUS_OK ? emit_revoked(call, &rows) : status;
}

enum status
store_list_revoked(struct call *call, Auth__ListRevokedSessionsReply *reply)
{
    // One statement, so that no session revoked after `head` was numbered is missing from the stream behind it.
    static const char sql[] =
        "SELECT session_id, round(extract(epoch FROM access_expires_at) * 1000)::bigint AS expires_at_ms, head.number"
        " FROM (SELECT coalesce(max(first_number + event_count - 1), 0) AS number FROM stream) head"
        " LEFT JOIN session ON revoked_at IS NOT NULL AND access_expires_at > $1::timestamptz";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql, DB_PARAMS(db_text(call->now)));
    if (status != STATUS_OK)
        return status;
    reply->head = (uint64_t)db_integer_at(&rows, 0, 2);
    if (db_is_null_at(&rows, 0, 0))
        return STATUS_OK;
    return fill_list(call, &rows, &auth__revoked_session__descriptor, &reply->n_sessions, &reply->sessions);
}

enum status
store_sweep(struct call *call)
{
    static const char sql[] =
        "WITH attempts AS (DELETE FROM login_attempt WHERE attempted_at < $1::timestamptz - interval '1 day'),"
        " addresses AS (DELETE FROM known_address"
        "  WHERE last_login_at < $1::timestamptz - $2::bigint * interval '1 day')"
        " DELETE FROM session WHERE access_expires_at < $1::timestamptz - interval '1 hour'"
        " AND (expires_at < $1::timestamptz OR last_used_at < $3::timestamptz OR (revoked_at IS NOT NULL AND "
        "announced))";
    char idle_limit[25];
    time_format_utc(call->now_ms - SESSION_IDLE_MS, idle_limit);
    return db_run(call->db, sql, DB_PARAMS(db_text(call->now), db_integer(KNOWN_ADDRESS_DAYS), db_text(idle_limit)));
}
