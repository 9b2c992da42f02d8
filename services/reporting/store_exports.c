// SQL of reports as files.
#include "store_exports.h"

#define LIFETIME "interval '7 days'"
// A job that has given no sign of life for so long is dead; a page of a report takes seconds at most.
#define SILENCE "interval '30 seconds'"

#define EXPORT_COLUMNS                                                                                                 \
    "export_id, report, format, round_id, file_name, state, failure, rows, size_bytes, sha256,"                        \
    " vekha_time(created_at) AS created_at, vekha_time(finished_at) AS finished_at,"                                   \
    " vekha_time(created_at + " LIFETIME ") AS expires_at"
// $1 the caller, $2 the territory it has now, $3 the moment.
#define OWN " account_id = $1::uuid AND scope = $2 AND created_at > $3::timestamptz - " LIFETIME
#define OWN_PARAMS(call) db_text((call)->principal->account_id), db_string(call_scope(call)), db_text((call)->now)

enum status
store_insert_export(struct call *call, const struct new_export *export, struct db_rows *ret_rows)
{
    static const char sql[] =
        "INSERT INTO export (export_id, account_id, request, principal, scope, is_english, report, format, round_id,"
        " file_name, created_at)"
        " SELECT gen_random_uuid(), $1::uuid, $4, $5, $2, $6, $7, $8, $9::uuid, $10, $3::timestamptz"
        " WHERE (SELECT count(*) FROM export WHERE" OWN ") < $11::integer RETURNING " EXPORT_COLUMNS;
    const Reporting__CreateExportRequest *request = export->request;
    return db_query(call->db, ret_rows, sql,
                    DB_PARAMS(OWN_PARAMS(call), db_bytes(export->packed_request, export->packed_request_size),
                              db_bytes(export->packed_principal, export->packed_principal_size),
                              db_boolean(call->english), db_text(request->report), db_text(request->format),
                              db_text(request->round_id), db_text(export->file_name), db_integer(EXPORTS_MAX)));
}

enum status
store_list_exports(struct call *call, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT " EXPORT_COLUMNS " FROM export WHERE" OWN " ORDER BY created_at DESC, export_id",
                    DB_PARAMS(OWN_PARAMS(call)));
}

enum status
store_get_export(struct call *call, const char *export_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows, "SELECT " EXPORT_COLUMNS " FROM export WHERE" OWN " AND export_id = $4::uuid",
                    DB_PARAMS(OWN_PARAMS(call), db_text(export_id)));
}

enum status
store_delete_export(struct call *call, const char *export_id, int64_t *ret_count)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, "DELETE FROM export WHERE" OWN " AND export_id = $4::uuid",
                                  DB_PARAMS(OWN_PARAMS(call), db_text(export_id)));
    *ret_count = status == STATUS_OK ? rows.affected : 0;
    return status;
}

enum status
store_get_export_piece(struct call *call, const char *export_id, uint64_t position, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "SELECT e.size_bytes AS total_bytes, e.file_name, e.sha256, p.bytes AS piece, e.format FROM export e"
        " LEFT JOIN export_piece p ON p.export_id = e.export_id AND p.position = $5::integer"
        " WHERE" OWN " AND e.export_id = $4::uuid AND e.state = 'done'",
        DB_PARAMS(OWN_PARAMS(call), db_text(export_id), db_integer((int64_t)position)));
}

enum status
store_take_export(struct call *call, struct db_rows *ret_rows)
{
    static const char sql[] =
        "UPDATE export SET state = 'running', alive_at = $1::timestamptz, attempts = attempts + 1"
        " WHERE export_id = (SELECT export_id FROM export WHERE state = 'waiting'"
        "  OR (state = 'running' AND alive_at <= $1::timestamptz - " SILENCE ")"
        "  ORDER BY created_at LIMIT 1 FOR UPDATE SKIP LOCKED)"
        " RETURNING export_id, request, principal, is_english, report, format, round_id, file_name,"
        " vekha_time(created_at) AS created_at, (extract(epoch FROM created_at) * 1000)::bigint AS created_at_ms,"
        " attempts, (SELECT zone FROM round WHERE round.round_id = export.round_id) AS zone, token, is_gathered,"
        " rows, (SELECT name FROM round WHERE round.round_id = export.round_id) AS round_name,"
        " (SELECT to_char(created_at AT TIME ZONE zone, 'DD.MM.YYYY HH24:MI') FROM round"
        "  WHERE round.round_id = export.round_id) AS made";
    return db_query(call->db, ret_rows, sql, DB_PARAMS(db_text(call->now)));
}

// $2 is the attempt: who was taken for dead and woke again finds that another one makes the file now.
#define MINE " WHERE export_id = $1::uuid AND state = 'running' AND attempts = $2::integer"

enum status
store_export_alive(struct call *call, const char *export_id, int64_t attempt, const char *at)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, "UPDATE export SET alive_at = $3::timestamptz" MINE,
                                  DB_PARAMS(db_text(export_id), db_integer(attempt), db_text(at)));
    return status == STATUS_OK && rows.affected == 0 ? STATUS_NOT_FOUND : status;
}

enum status
store_add_export_part(struct call *call, const char *export_id, int64_t attempt, const struct export_part *part)
{
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows,
                 "WITH mine AS (UPDATE export SET alive_at = $3::timestamptz, rows = $4::integer, token = $5,"
                 " is_gathered = $5 = '', parts = parts + 1" MINE " RETURNING export_id, parts - 1 AS position)"
                 " INSERT INTO export_part (export_id, position, body) SELECT export_id, position, $6 FROM mine",
                 DB_PARAMS(db_text(export_id), db_integer(attempt), db_text(part->at), db_integer(part->row_count),
                           db_string(part->token), db_bytes(part->body, part->size)));
    return status == STATUS_OK && rows.affected == 0 ? STATUS_NOT_FOUND : status;
}

enum status
store_count_export_parts(struct call *call, const char *export_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows, "SELECT count(*) FROM export_part WHERE export_id = $1::uuid",
                    DB_PARAMS(db_text(export_id)));
}

enum status
store_get_export_part(struct call *call, const char *export_id, int64_t position, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT body FROM export_part WHERE export_id = $1::uuid AND position = $2::integer",
                    DB_PARAMS(db_text(export_id), db_integer(position)));
}

enum status
store_insert_export_piece(struct call *call, const char *export_id, int64_t position, const void *bytes, size_t size)
{
    return db_run(call->db, "INSERT INTO export_piece (export_id, position, bytes) VALUES ($1::uuid, $2::integer, $3)",
                  DB_PARAMS(db_text(export_id), db_integer(position), db_bytes(bytes, size)));
}

enum status
store_end_export(struct call *call, const char *export_id, int64_t attempt, const struct export_end *end)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "WITH ended AS (UPDATE export SET state = $3, size_bytes = $4::bigint, sha256 = $5,"
        " finished_at = $6::timestamptz, failure = $7" MINE " RETURNING export_id),"
        " dropped AS (DELETE FROM export_part p USING ended e WHERE p.export_id = e.export_id)"
        " SELECT export_id FROM ended",
        DB_PARAMS(db_text(export_id), db_integer(attempt), db_text(end->state), db_integer((int64_t)end->size_bytes),
                  db_string(end->sha256), db_text(end->at), db_string(end->failure ? end->failure : "")));
    return status == STATUS_OK && rows.count == 0 ? STATUS_NOT_FOUND : status;
}

enum status
store_forget_exports(struct call *call)
{
    return db_run(call->db, "DELETE FROM export WHERE created_at <= $1::timestamptz - " LIFETIME,
                  DB_PARAMS(db_text(call->now)));
}

enum status
store_local_moments(struct call *call, const char *zone, const char *moments, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT to_char(m.at AT TIME ZONE $2, 'YYYY-MM-DD HH24:MI')"
                    " FROM unnest($1::timestamptz[]) WITH ORDINALITY m(at, place) ORDER BY m.place",
                    DB_PARAMS(db_text(moments), db_text(zone)));
}
