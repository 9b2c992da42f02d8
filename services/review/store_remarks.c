// The talk about an answer: remarks are added and read, never changed.
#include "store.h"
#include "store_rights.h"

enum { REMARKS_PAGE = 50, REMARKS_MAX = 1000 };

enum status
store_add_remark(struct call *call, const Review__AddRemarkRequest *request, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "WITH talk AS (SELECT e.assignment_id, e.organisation_id, e.organisation_path, e.reviewer,"
        "  e.round_id, e.question,"
        "  CASE WHEN $5::integer = 0 THEN e.version ELSE $5 END AS version,"
        "  $5 = 0 OR $5 = ANY (e.sent_versions) AS is_sent,"
        "  (SELECT count(*) FROM remark r WHERE r.assignment_id = e.assignment_id) < $8::integer AS has_room"
        "  FROM entry e WHERE e.assignment_id = $1::uuid AND vekha_in_scope(e.organisation_path, $2::text)"
        "  AND " MAY_READ(
            "$3", "$4",
            "$9") "),"
                  " added AS (INSERT INTO remark (assignment_id, version, organisation_path, author_account_id,"
                  "  author_role, text, at) SELECT assignment_id, version, organisation_path, $4::uuid, $3, $6,"
                  "  $7::timestamptz FROM talk WHERE is_sent AND has_room RETURNING remark_id)"
                  " SELECT t.is_sent, t.has_room, a.remark_id, t.assignment_id, t.version, t.organisation_id,"
                  " t.organisation_path, t.reviewer, t.round_id, t.question FROM talk t LEFT JOIN added a ON true",
        DB_PARAMS(db_text(request->assignment_id), db_text(call_scope(call)), db_text(role_word(call->principal->role)),
                  db_text(call->principal->account_id), db_integer(request->version), db_text(request->text),
                  db_text(call->now), db_integer(REMARKS_MAX), db_text(call->principal->organisation_id)));
}

enum status
store_list_remarks(struct call *call, const Review__ListRemarksRequest *request, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT e.sent_versions, r.remark_id, e.assignment_id, r.version, r.author_role, r.text,"
                    " vekha_time(r.at) AS at, r.author_account_id = $4::uuid AS mine FROM entry e"
                    " LEFT JOIN LATERAL (SELECT * FROM remark r WHERE r.assignment_id = e.assignment_id"
                    "  AND ($6::integer = 0 OR r.version = $6) AND ($7::timestamptz IS NULL OR (r.at, r.remark_id) >"
                    "  ($7, coalesce($8::uuid, '00000000-0000-0000-0000-000000000000')))"
                    "  ORDER BY r.at, r.remark_id LIMIT $9::integer) r ON true"
                    " WHERE e.assignment_id = $1::uuid AND vekha_in_scope(e.organisation_path, $2::text)"
                    " AND " MAY_READ("$3", "$4", "$5") " ORDER BY r.at, r.remark_id",
                    DB_PARAMS(db_text(request->assignment_id), db_text(call_scope(call)),
                              db_text(role_word(call->principal->role)), db_text(call->principal->account_id),
                              db_text(call->principal->organisation_id), db_integer(request->version),
                              db_text(request->after_at), db_text(request->after_remark_id),
                              db_integer(request->limit ? request->limit : REMARKS_PAGE)));
}
