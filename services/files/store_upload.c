// Uploads: rows that say whose the bytes in tmp/ are and what they shall become.
#include "store.h"

// $2 caller's organisation, $3 caller, $4 whether a respondent: what belongs to an assignment is its organisation's
// respondents', what belongs to a message or to a programme is its author's.
#define IS_MINE                                                                                                        \
    "organisation_id = $2::uuid AND CASE WHEN assignment_id IS NOT NULL THEN $4::boolean ELSE account_id = $3::uuid "  \
    "END"
#define MY_PARAMS                                                                                                      \
    db_text(call->principal->organisation_id), db_text(call->principal->account_id),                                   \
        db_boolean(call->principal->role == VEKHA__ROLE__ROLE_RESPONDENT)

enum status
store_create_upload(struct call *call, const Files__CreateUploadRequest *request, const char *file_name,
                    const struct upload_limits *limits, struct db_rows *ret_rows)
{
    // The same content counts once, however many documents have it.
    return db_query(
        call->db, ret_rows,
        "WITH kept AS (SELECT coalesce(sum(d.size_bytes), 0) AS bytes FROM (SELECT DISTINCT sha256, size_bytes"
        "  FROM document WHERE organisation_id = $2::uuid) d),"
        " open AS (SELECT coalesce(sum(size_bytes), 0) AS bytes, count(*) AS uploads FROM upload"
        "  WHERE organisation_id = $2::uuid AND document_id IS NULL AND refusal IS NULL"
        "  AND expires_at > $7::timestamptz),"
        " made AS (INSERT INTO upload (assignment_id, organisation_id, organisation_path, account_id, file_name,"
        "  size_bytes, created_at, expires_at, message_id, programme_code)"
        "  SELECT $1::uuid, $2::uuid, $3::text, $4::uuid, $5::text, $6::bigint, $7::timestamptz,"
        "  $7::timestamptz + make_interval(hours => $8::integer), $11::uuid, $12::text FROM kept, open"
        "  WHERE kept.bytes + open.bytes + $6::bigint <= $9::bigint AND open.uploads < $10::bigint"
        "  RETURNING upload_id, assignment_id, message_id, programme_code, file_name, size_bytes, expires_at)"
        " SELECT (kept.bytes + open.bytes)::bigint AS used_bytes, open.uploads AS open_uploads, made.upload_id,"
        " made.assignment_id, made.message_id, made.programme_code, made.file_name, made.size_bytes, "
        " vekha_time(made.expires_at) AS expires_at FROM kept CROSS JOIN open LEFT JOIN made ON true",
        DB_PARAMS(db_text(request->assignment_id), db_text(call->principal->organisation_id),
                  db_text(call->principal->organisation_path), db_text(call->principal->account_id), db_text(file_name),
                  db_integer((int64_t)request->size_bytes), db_text(call->now), db_integer(limits->lifetime_hours),
                  db_integer(limits->quota_bytes), db_integer(limits->open_uploads), db_text(request->message_id),
                  db_text(request->programme_code)));
}

enum status
store_get_upload(struct call *call, const char *upload_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT size_bytes, document_id, refusal, upload_id, assignment_id, message_id,"
                    " programme_code, file_name, vekha_time(expires_at) AS expires_at FROM upload WHERE upload_id = "
                    "$1::uuid AND " IS_MINE " AND (expires_at > $5::timestamptz OR document_id IS NOT NULL)",
                    DB_PARAMS(db_text(upload_id), MY_PARAMS, db_text(call->now)));
}

enum status
store_cancel_upload(struct call *call, const char *upload_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "DELETE FROM upload WHERE upload_id = $1::uuid AND " IS_MINE
                    " AND document_id IS NULL RETURNING upload_id",
                    DB_PARAMS(db_text(upload_id), MY_PARAMS));
}

enum status
store_complete_upload(struct call *call, const char *upload_id, const char *sha256, uint32_t pages,
                      struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "WITH complete AS (UPDATE upload SET document_id = gen_random_uuid() WHERE upload_id = $1::uuid"
                    "  AND organisation_id = $2::uuid AND document_id IS NULL AND refusal IS NULL RETURNING *)"
                    " INSERT INTO document (document_id, assignment_id, message_id, programme_code, organisation_id,"
                    " organisation_path, account_id, file_name, size_bytes, sha256, pages, stored_at)"
                    " SELECT document_id, assignment_id, message_id, programme_code, organisation_id,"
                    " organisation_path, $3::uuid, file_name, size_bytes, $4::text, $5::integer, $6::timestamptz"
                    " FROM complete RETURNING document_id, assignment_id, message_id, programme_code, organisation_id,"
                    " organisation_path, account_id, file_name, size_bytes, sha256, pages, vekha_time(stored_at) AS "
                    "stored_at, vekha_time(stored_at) AS at",
                    DB_PARAMS(db_text(upload_id), db_text(call->principal->organisation_id),
                              db_text(call->principal->account_id), db_text(sha256), db_integer(pages),
                              db_text(call->now)));
}

enum status
store_refuse_upload(struct call *call, const char *upload_id, const char *refusal)
{
    return db_run(call->db,
                  "UPDATE upload SET refusal = $3::text WHERE upload_id = $1::uuid AND organisation_id = $2::uuid"
                  " AND document_id IS NULL",
                  DB_PARAMS(db_text(upload_id), db_text(call->principal->organisation_id), db_text(refusal)));
}

enum status
store_look_up_uploads(struct call *call, const char *ids, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT upload_id IS NOT NULL AS is_known,"
                    " document_id IS NOT NULL OR refusal IS NOT NULL AS is_decided"
                    " FROM unnest($1::uuid[]) WITH ORDINALITY AS wanted (id, position)"
                    " LEFT JOIN upload ON upload_id = wanted.id ORDER BY wanted.position",
                    DB_PARAMS(db_text(ids)));
}

enum status
store_forget_expired_uploads(struct call *call)
{
    // Decided ones stay as long, so that a repeated completion hears the same again.
    return db_run(call->db, "DELETE FROM upload WHERE expires_at <= $1::timestamptz", DB_PARAMS(db_text(call->now)));
}
