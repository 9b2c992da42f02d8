// Keys of the status feed: who may read it over ZeroMQ, of what territory.
#include "store_feed.h"

#define COLUMNS                                                                                                        \
    "k.feed_key_id, k.name, k.territory, o.short_name AS territory_name, k.public_key,"                                \
    " vekha_time(k.issued_at) AS issued_at, vekha_time(k.last_seen_at) AS last_seen_at,"                               \
    " vekha_time(k.revoked_at) AS revoked_at, o.organisation_id"
#define NAMED " LEFT JOIN organisation o ON o.path = k.territory"

enum status
store_list_feed_keys(struct call *call, const char *after_id, struct db_rows *ret_rows)
{
    static const char sql[] =
        "SELECT " COLUMNS " FROM feed_key k" NAMED " WHERE vekha_in_scope(k.territory, $1) AND ($2::uuid IS NULL"
        " OR (k.revoked_at IS NULL, k.feed_key_id) <"
        " (SELECT revoked_at IS NULL, feed_key_id FROM feed_key WHERE feed_key_id = $2::uuid))"
        " ORDER BY k.revoked_at IS NULL DESC, k.feed_key_id DESC LIMIT $3::integer";
    return db_query(call->db, ret_rows, sql,
                    DB_PARAMS(db_text(call_scope(call)), db_text(after_id), db_integer(FEED_KEYS_A_PAGE + 1)));
}

enum status
store_find_feed_territory(struct call *call, const char *territory, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT organisation_id, short_name FROM organisation WHERE path = $1 AND vekha_in_scope(path, $2)"
                    " AND kind IN ('federation', 'region', 'municipality')",
                    DB_PARAMS(db_text(territory), db_text(call_scope(call))));
}

enum status
store_issue_feed_key(struct call *call, const char *feed_key_id, const Reporting__IssueFeedKeyRequest *request,
                     struct db_rows *ret_rows)
{
    static const char sql[] =
        "WITH k AS (INSERT INTO feed_key (feed_key_id, name, territory, public_key, issued_at)"
        " VALUES ($1::uuid, $2, $3, $4, $5::timestamptz) ON CONFLICT (public_key) DO NOTHING RETURNING *)"
        " SELECT " COLUMNS " FROM k" NAMED;
    return db_query(call->db, ret_rows, sql,
                    DB_PARAMS(db_text(feed_key_id), db_text(request->name), db_text(request->territory),
                              db_text(request->public_key), db_text(call->now)));
}

enum status
store_revoke_feed_key(struct call *call, const char *feed_key_id, struct db_rows *ret_rows)
{
    static const char sql[] =
        "WITH known AS (SELECT feed_key_id, revoked_at FROM feed_key WHERE feed_key_id = $1::uuid"
        " AND vekha_in_scope(territory, $2) FOR UPDATE),"
        " k AS (UPDATE feed_key f SET revoked_at = coalesce(f.revoked_at, $3::timestamptz) FROM known"
        " WHERE f.feed_key_id = known.feed_key_id RETURNING f.*, known.revoked_at IS NULL AS is_new)"
        " SELECT " COLUMNS ", k.is_new FROM k" NAMED;
    return db_query(call->db, ret_rows, sql,
                    DB_PARAMS(db_text(feed_key_id), db_text(call_scope(call)), db_text(call->now)));
}

enum status
store_feed_keys_that_hold(struct call *call, int64_t limit, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT feed_key_id, public_key, territory FROM feed_key WHERE revoked_at IS NULL"
                    " ORDER BY feed_key_id LIMIT $1::integer",
                    DB_PARAMS(db_integer(limit)));
}

enum status
store_feed_key_holds(struct call *call, const char *public_key, bool *ret_holds)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, "SELECT FROM feed_key WHERE public_key = $1 AND revoked_at IS NULL",
                                  DB_PARAMS(db_text(public_key)));
    *ret_holds = status == STATUS_OK && rows.count > 0;
    return status;
}

enum status
store_feed_keys_seen(struct call *call, char *const *ids, size_t count)
{
    const char *list = db_text_array(call->arena, ids, count);
    if (!list)
        return STATUS_TOO_LARGE;
    return db_run(call->db,
                  "UPDATE feed_key SET last_seen_at = $2::timestamptz WHERE feed_key_id = ANY ($1::uuid[])"
                  " AND (last_seen_at IS NULL OR last_seen_at < $2::timestamptz - interval '30 seconds')",
                  DB_PARAMS(db_text(list), db_text(call->now)));
}
