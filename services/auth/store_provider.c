// SQL of the provider: errands, links, where sessions end outside.
#include "store.h"
#include "vekha/base/time.h"

// So many are on the way from one network at once: a town behind one address, but not a flood.
enum { ERRANDS_OF_A_NETWORK = 500 };

enum status
store_begin_errand(struct call *call, const struct provider_errand *errand)
{
    static const char sql[] =
        "INSERT INTO provider_errand (state_hash, secret_hash, account_id, address_range, expires_at)"
        " SELECT $2, $3, $4::uuid, $5, $6::timestamptz WHERE (SELECT count(*) FROM (SELECT FROM provider_errand"
        "  WHERE address_range = $5 AND expires_at > $1::timestamptz LIMIT $7::bigint) on_the_way) < $7::bigint"
        " RETURNING 1";
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, sql,
                 DB_PARAMS(db_text(call->now), db_text(errand->state_hash), db_text(errand->secret_hash),
                           db_text(errand->account_id), db_text(errand->address_range), db_text(errand->expires_at),
                           db_integer(ERRANDS_OF_A_NETWORK)));
    return status == STATUS_OK && rows.count == 0 ? STATUS_TOO_MANY : status;
}

enum status
store_end_errand(struct call *call, const char *state_hash, const char *secret_hash, const char *account_id)
{
    static const char sql[] = "DELETE FROM provider_errand WHERE state_hash = $2 AND secret_hash = $3"
                              " AND account_id IS NOT DISTINCT FROM $4::uuid AND expires_at > $1::timestamptz"
                              " RETURNING 1";
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, sql,
                 DB_PARAMS(db_text(call->now), db_text(state_hash), db_text(secret_hash), db_text(account_id)));
    return status == STATUS_OK && rows.count == 0 ? STATUS_NOT_FOUND : status;
}

enum status
store_find_linked(struct call *call, const char *issuer, const char *subject, struct provider_account *ret_account)
{
    static const char sql[] =
        "SELECT a.account_id, a.territory_path, a.closed_at IS NOT NULL, a.last_login_at IS NULL"
        " FROM provider_link l JOIN account a ON a.account_id = l.account_id WHERE l.issuer = $1 AND l.subject = $2";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql, DB_PARAMS(db_text(issuer), db_text(subject)));
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    *ret_account = (struct provider_account){db_text_at(&rows, 0, 0), db_text_at(&rows, 0, 1),
                                             db_boolean_at(&rows, 0, 2), db_boolean_at(&rows, 0, 3)};
    return STATUS_OK;
}

enum status
store_link(struct call *call, const struct provider_link *link, enum link_outcome *ret_outcome)
{
    static const char sql[] =
        "WITH who AS (SELECT a.account_id FROM account a JOIN session s ON s.account_id = a.account_id"
        "  AND s.session_id = $3::uuid AND s.revoked_at IS NULL AND s.expires_at > $1::timestamptz"
        "  WHERE a.account_id = $2::uuid AND a.closed_at IS NULL),"
        " made AS (INSERT INTO provider_link (account_id, issuer, subject, shown_name, linked_at)"
        "  SELECT account_id, $4, $5, coalesce($6::text, ''), $1::timestamptz FROM who ON CONFLICT DO NOTHING "
        "RETURNING account_id)"
        " SELECT EXISTS (SELECT FROM made), EXISTS (SELECT FROM provider_link WHERE issuer = $4 AND subject = $5"
        "  AND account_id = who.account_id), EXISTS (SELECT FROM provider_link WHERE account_id = who.account_id)"
        " FROM who";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql,
                                  DB_PARAMS(db_text(call->now), db_text(call->principal->account_id),
                                            db_text(call->principal->session_id), db_text(link->issuer),
                                            db_text(link->subject), db_text(link->shown_name)));
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return STATUS_UNAUTHENTICATED;
    if (db_boolean_at(&rows, 0, 0))
        *ret_outcome = LINK_DONE;
    else if (db_boolean_at(&rows, 0, 1))
        *ret_outcome = LINK_IS_THERE;
    else
        *ret_outcome = db_boolean_at(&rows, 0, 2) ? LINK_BEFORE : LINK_OF_ANOTHER;
    return STATUS_OK;
}

enum status
store_unlink(struct call *call, const char *account_id, bool *ret_was)
{
    static const char sql[] = "DELETE FROM provider_link WHERE account_id = $1::uuid RETURNING 1";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql, DB_PARAMS(db_text(account_id)));
    if (status == STATUS_OK)
        *ret_was = rows.count > 0;
    return status;
}

enum status
store_find_linkable(struct call *call, const char *account_id)
{
    static const char sql[] =
        "SELECT 1 FROM account WHERE account_id = $1::uuid AND vekha_in_scope(territory_path, $2) FOR UPDATE";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql, DB_PARAMS(db_text(account_id), db_text(call_scope(call))));
    return status == STATUS_OK && rows.count == 0 ? STATUS_NOT_FOUND : status;
}

enum status
store_assign_link(struct call *call, const char *account_id, const struct provider_link *link)
{
    static const char sql[] =
        "INSERT INTO provider_link (account_id, issuer, subject, shown_name, linked_at)"
        " SELECT $2::uuid, $3, $4, coalesce($5::text, ''), $1::timestamptz WHERE NOT EXISTS (SELECT FROM provider_link"
        "  WHERE issuer = $3 AND subject = $4 AND account_id <> $2::uuid)"
        " ON CONFLICT (account_id) DO UPDATE SET issuer = excluded.issuer, subject = excluded.subject,"
        "  shown_name = excluded.shown_name, linked_at = excluded.linked_at RETURNING 1";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql,
                                  DB_PARAMS(db_text(call->now), db_text(account_id), db_text(link->issuer),
                                            db_text(link->subject), db_text(link->shown_name)));
    return status == STATUS_OK && rows.count == 0 ? STATUS_CONFLICT : status;
}

enum status
store_read_link(struct call *call, const char *issuer, Auth__ProviderLink *link)
{
    static const char sql[] = "SELECT true AS linked, vekha_time(linked_at) AS linked_at, shown_name"
                              " FROM provider_link WHERE account_id = $1::uuid AND issuer = $2";
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, sql, DB_PARAMS(db_text(call->principal->account_id), db_text(issuer)));
    if (status == STATUS_OK && rows.count > 0)
        fill_message(&link->base, &rows, 0, call->arena);
    return status;
}

enum status
store_take_provider_logout(struct call *call, const char **ret_address)
{
    static const char sql[] =
        "WITH own AS (SELECT session_id, provider_logout_address FROM session WHERE session_id = $1::uuid"
        "  AND account_id = $2::uuid AND provider_logout_address IS NOT NULL FOR UPDATE)"
        " UPDATE session s SET provider_logout_address = NULL FROM own WHERE s.session_id = own.session_id"
        " RETURNING own.provider_logout_address";
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows, sql, DB_PARAMS(db_text(call->principal->session_id), db_text(call->principal->account_id)));
    if (status == STATUS_OK && rows.count > 0)
        *ret_address = db_text_at(&rows, 0, 0);
    return status;
}
