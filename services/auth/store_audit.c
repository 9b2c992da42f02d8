// SQL of the audit: records that wait, the chain, its pages.
#include "store.h"
#include "vekha/base/time.h"

enum status
store_add_audit(struct call *call, const char *act, const struct audit_object *object)
{
    // Of what territory: the organisation's, else the account's, else the actor's.
    static const char sql[] =
        "INSERT INTO audit_pending (at, act, actor_account_id, account_id, organisation_id, territory_path,"
        " client_address, detail) SELECT $1::timestamptz, $2, $3::uuid, $4::uuid, coalesce($5::uuid, "
        "a.organisation_id),"
        " coalesce(o.path, a.territory_path), $6, $7 FROM (VALUES (1)) one"
        " LEFT JOIN account a ON a.account_id = coalesce($4::uuid, $3::uuid)"
        " LEFT JOIN organisation o ON o.organisation_id = $5::uuid";
    return db_defer(call->db, sql,
                    DB_PARAMS(db_text(object->at), db_text(act), db_text(object->actor_account_id),
                              db_text(object->account_id), db_text(object->organisation_id),
                              db_text(object->client_address), db_text(object->detail)));
}

enum status
store_add_audit_of_accounts(struct call *call, const char *act, const char *const *account_ids, size_t count)
{
    static const char sql[] =
        "INSERT INTO audit_pending (at, act, actor_account_id, account_id, organisation_id, territory_path,"
        " client_address) SELECT $1::timestamptz, $2, $3::uuid, a.account_id, a.organisation_id, a.territory_path, $4"
        " FROM account a WHERE a.account_id = ANY ($5::uuid[])";
    const char *list = db_text_array(call->arena, (char *const *)(uintptr_t)account_ids, count);
    if (!list)
        return STATUS_TOO_LARGE;
    return db_defer(call->db, sql,
                    DB_PARAMS(db_text(call->now), db_text(act), db_text(call->principal->account_id),
                              db_text(call->client_address), db_text(list)));
}

enum status
store_add_audit_of_organisations(struct call *call, const char *act, const char *account_id,
                                 const char *const *organisation_ids, size_t count)
{
    static const char sql[] =
        "INSERT INTO audit_pending (at, act, actor_account_id, account_id, organisation_id, territory_path,"
        " client_address) SELECT $1::timestamptz, $2, $3::uuid, $4::uuid, o.organisation_id, o.path, $5"
        " FROM organisation o WHERE o.organisation_id = ANY ($6::uuid[]) ORDER BY o.path";
    const char *list = db_text_array(call->arena, (char *const *)(uintptr_t)organisation_ids, count);
    if (!list)
        return STATUS_TOO_LARGE;
    return db_defer(call->db, sql,
                    DB_PARAMS(db_text(call->now), db_text(act), db_text(call->principal->account_id),
                              db_text(account_id), db_text(call->client_address), db_text(list)));
}

enum status
store_seal_audit(struct call *call, bool *ret_again)
{
    enum { AT_ONCE = 1000 };
    static const char waiting_sql[] = "SELECT EXISTS (SELECT FROM audit_pending)";
    static const char seal_sql[] = "SELECT audit_seal($1::integer)";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, waiting_sql, DB_NO_PARAMS);
    if (status != STATUS_OK || !db_boolean_at(&rows, 0, 0))
        return status;
    status = db_query(call->db, &rows, seal_sql, DB_PARAMS(db_integer(AT_ONCE)));
    if (status == STATUS_OK)
        *ret_again = db_integer_at(&rows, 0, 0) == AT_ONCE;
    return status;
}

enum status
store_list_audit(struct call *call, const Auth__ListAuditRecordsRequest *request, Auth__ListAuditRecordsReply *reply)
{
    enum { USUAL_LIMIT = 100 };
    // The names are those of today; the record keeps ids.
    static const char sql[] =
        "SELECT r.number, vekha_time(r.at) AS at, r.act, r.actor_account_id, actor.login AS actor_login, r.account_id,"
        " object.login AS account_login, r.organisation_id, o.short_name AS organisation_name, r.client_address,"
        " r.detail, encode(r.hash, 'hex') AS hash FROM audit_record r"
        " LEFT JOIN account actor ON actor.account_id = r.actor_account_id"
        " LEFT JOIN account object ON object.account_id = r.account_id"
        " LEFT JOIN LATERAL (SELECT short_name FROM organisation_version v WHERE v.organisation_id = r.organisation_id"
        "  ORDER BY valid_from DESC LIMIT 1) o ON true"
        " WHERE ($1 = '*' OR vekha_in_scope(r.territory_path, $1)) AND ($2::bigint IS NULL OR r.number < $2::bigint)"
        " AND ($3::text IS NULL OR r.act = $3) AND ($4::text IS NULL OR r.actor_account_id = (SELECT account_id"
        "  FROM account WHERE login = folded($4)) OR r.account_id = (SELECT account_id FROM account"
        "  WHERE login = folded($4))) AND ($5::uuid IS NULL OR r.organisation_id = $5::uuid)"
        " AND ($6::timestamptz IS NULL OR r.at >= $6::timestamptz)"
        " AND ($7::timestamptz IS NULL OR r.at < $7::timestamptz) ORDER BY r.number DESC LIMIT $8::bigint";
    struct db_rows rows;
    struct db_param before = {0};
    if (request->before_number)
        before = db_integer((int64_t)request->before_number);
    enum status status =
        db_query(call->db, &rows, sql,
                 DB_PARAMS(db_text(call_scope(call)), before, db_text(request->act), db_text(request->login),
                           db_text(request->organisation_id), db_text(request->from), db_text(request->to),
                           db_integer(request->limit ? request->limit : USUAL_LIMIT)));
    if (status != STATUS_OK)
        return status;
    return fill_list(call, &rows, &auth__audit_record__descriptor, &reply->n_records, &reply->records);
}
