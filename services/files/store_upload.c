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

// As the fields of Document and of DocumentStored.
#define DOCUMENT_COLUMNS                                                                                               \
    "document_id, assignment_id, message_id, programme_code, organisation_id, organisation_path, account_id,"          \
    " file_name, size_bytes, sha256, pages, vekha_time(stored_at) AS stored_at, vekha_time(stored_at) AS at"

// $2 organisation, $7 now.
#define OPEN_UPLOADS                                                                                                   \
    "WITH open AS (SELECT coalesce(sum(size_bytes), 0) AS bytes, count(*) AS uploads FROM upload"                      \
    "  WHERE organisation_id = $2::uuid AND document_id IS NULL AND refusal IS NULL"                                   \
    "  AND expires_at > $7::timestamptz)"

enum status
store_create_upload(struct call *call, const struct upload_owner *owner, uint64_t size_bytes, const char *file_name,
                    const struct upload_limits *limits, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        OPEN_UPLOADS
        ", kept AS (SELECT coalesce((SELECT bytes FROM organisation_room WHERE organisation_id = $2::uuid), 0) AS "
        "bytes),"
        " made AS (INSERT INTO upload (assignment_id, organisation_id, organisation_path, account_id, file_name,"
        "  size_bytes, created_at, expires_at, message_id, programme_code)"
        "  SELECT $1::uuid, $2::uuid, $3::text, $4::uuid, $5::text, $6::bigint, $7::timestamptz,"
        "  $7::timestamptz + make_interval(hours => $8::integer), $11::uuid, $12::text FROM kept, open"
        "  WHERE kept.bytes + open.bytes + $6::bigint <= $9::bigint AND open.uploads < $10::bigint"
        "  RETURNING upload_id, assignment_id, message_id, programme_code, file_name, size_bytes, expires_at)"
        " SELECT (kept.bytes + open.bytes)::bigint AS used_bytes, open.uploads AS open_uploads, made.upload_id,"
        " made.assignment_id, made.message_id, made.programme_code, made.file_name, made.size_bytes, "
        " vekha_time(made.expires_at) AS expires_at FROM kept CROSS JOIN open LEFT JOIN made ON true",
        DB_PARAMS(db_text(owner->assignment_id), db_text(call->principal->organisation_id),
                  db_text(call->principal->organisation_path), db_text(call->principal->account_id), db_text(file_name),
                  db_integer((int64_t)size_bytes), db_text(call->now), db_integer(limits->lifetime_hours),
                  db_integer(limits->quota_bytes), db_integer(limits->open_uploads), db_text(owner->message_id),
                  db_text(owner->programme_code)));
}

enum status
store_add_document(struct call *call, const struct new_document *document, int64_t quota_bytes,
                   struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        OPEN_UPLOADS
        ", taken AS (INSERT INTO organisation_room AS r (organisation_id, organisation_path, bytes)"
        "  SELECT $2::uuid, $3::text, CASE WHEN EXISTS (SELECT FROM document WHERE organisation_id = $2::uuid"
        "  AND sha256 = $8::text) THEN 0 ELSE $6::bigint END FROM open WHERE open.bytes + $6::bigint <= $12::bigint"
        "  ON CONFLICT (organisation_id) DO UPDATE SET bytes = r.bytes + excluded.bytes"
        "  WHERE r.bytes + excluded.bytes + (SELECT bytes FROM open) <= $12::bigint RETURNING 1)"
        " INSERT INTO document (document_id, assignment_id, organisation_id, organisation_path, account_id, file_name,"
        " size_bytes, stored_at, sha256, pages, message_id, programme_code)"
        " SELECT gen_random_uuid(), $1::uuid, $2::uuid, $3::text, $4::uuid, $5::text, $6::bigint, $7::timestamptz,"
        " $8::text, $9::integer, $10::uuid, $11::text FROM taken RETURNING " DOCUMENT_COLUMNS,
        DB_PARAMS(db_text(document->owner.assignment_id), db_text(call->principal->organisation_id),
                  db_text(call->principal->organisation_path), db_text(call->principal->account_id),
                  db_text(document->file_name), db_integer((int64_t)document->size_bytes), db_text(call->now),
                  db_text(document->sha256), db_integer(document->pages), db_text(document->owner.message_id),
                  db_text(document->owner.programme_code), db_integer(quota_bytes)));
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
                    "  AND organisation_id = $2::uuid AND document_id IS NULL AND refusal IS NULL RETURNING *),"
                    " taken AS (INSERT INTO organisation_room AS r (organisation_id, organisation_path, bytes)"
                    "  SELECT organisation_id, organisation_path, CASE WHEN EXISTS (SELECT FROM document d"
                    "  WHERE d.organisation_id = c.organisation_id AND d.sha256 = $4::text) THEN 0 ELSE size_bytes END"
                    "  FROM complete c ON CONFLICT (organisation_id) DO UPDATE SET bytes = r.bytes + excluded.bytes)"
                    " INSERT INTO document (document_id, assignment_id, message_id, programme_code, organisation_id,"
                    " organisation_path, account_id, file_name, size_bytes, sha256, pages, stored_at)"
                    " SELECT document_id, assignment_id, message_id, programme_code, organisation_id,"
                    " organisation_path, $3::uuid, file_name, size_bytes, $4::text, $5::integer, $6::timestamptz"
                    " FROM complete RETURNING " DOCUMENT_COLUMNS,
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
