// Opening, deciding, withdrawing. Each is one statement that locks the entry, looks where it stands and changes it only
// in the situations that rules.c allows: two operators can never both win.
#include "store.h"

// $1 is the moment of the call, $2 the caller's account, $3 the minutes after which an opening holds nobody off.
#define SITUATION                                                                                                      \
    "CASE WHEN e.state <> 'opened' THEN e.state WHEN e.opened_by = $2::uuid THEN 'opened_by_me'"                       \
    " WHEN e.opened_at <= $1::timestamptz - make_interval(mins => $3::integer) THEN 'opened_long_ago'"                 \
    " ELSE 'opened_by_other' END AS situation"

#define ACTOR_PARAMS(call)                                                                                             \
    db_text((call)->now), db_text((call)->principal->account_id),                                                      \
        db_integer(config_number((call)->config, "takeover_minutes"))

enum status
store_open(struct call *call, const char *assignment_id, uint32_t version, struct db_rows *ret_rows)
{
    char allowed[SITUATIONS_CHARS];
    action_list_situations(ACTION_OPEN, allowed);
    // closed_at is not set here, yet must be named: while we waited for a newer version to arrive, the statement still
    // holds the row of the older, decided one, and checks that one's constraints before it looks at the newer.
    return db_query(call->db, ret_rows,
                    "WITH held AS (SELECT e.assignment_id, e.version, " SITUATION " FROM entry e"
                    "  WHERE e.assignment_id = $4::uuid AND vekha_in_scope(e.organisation_path, $5::text) FOR UPDATE),"
                    " changed AS (UPDATE entry e SET state = 'opened', opened_at = $1::timestamptz,"
                    "  opened_by = $2::uuid, closed_at = NULL FROM held h WHERE e.assignment_id = h.assignment_id"
                    "  AND h.version = $6::integer AND h.situation = ANY ($7::text[]) RETURNING e.assignment_id)"
                    " SELECT h.assignment_id, h.version, h.situation, c.assignment_id IS NOT NULL AS changed"
                    " FROM held h LEFT JOIN changed c USING (assignment_id)",
                    DB_PARAMS(ACTOR_PARAMS(call), db_text(assignment_id), db_text(call_scope(call)),
                              db_integer(version), db_text(allowed)));
}

enum status
store_decide(struct call *call, const char *ids, const char *versions, const char *resolution, struct db_rows *ret_rows)
{
    char allowed[SITUATIONS_CHARS];
    action_list_situations(resolution ? ACTION_REJECT : ACTION_ACCEPT, allowed);
    // Locked in the order of ids, so that two bulk verdicts cannot wait for each other.
    return db_query(call->db, ret_rows,
                    "WITH asked AS (SELECT * FROM unnest($4::uuid[], $5::integer[]) WITH ORDINALITY"
                    "  AS a (assignment_id, version, position)),"
                    " held AS (SELECT e.assignment_id, e.version, " SITUATION " FROM entry e"
                    "  WHERE e.assignment_id = ANY ($4::uuid[]) AND vekha_in_scope(e.organisation_path, $6::text)"
                    "  ORDER BY e.assignment_id FOR UPDATE),"
                    " changed AS (UPDATE entry e SET state = $7::text, closed_at = $1::timestamptz"
                    "  FROM asked a JOIN held h USING (assignment_id) WHERE e.assignment_id = h.assignment_id"
                    "  AND h.version = a.version AND h.situation = ANY ($8::text[])"
                    "  RETURNING e.assignment_id, e.version, e.organisation_path),"
                    " history AS (INSERT INTO verdict (assignment_id, version, accepted, resolution, given_at,"
                    "  operator_account_id, organisation_path)"
                    "  SELECT assignment_id, version, $9::text IS NULL, $9::text, $1::timestamptz, $2::uuid,"
                    "  organisation_path FROM changed)"
                    " SELECT a.assignment_id, h.version, h.situation, c.assignment_id IS NOT NULL AS changed"
                    " FROM asked a LEFT JOIN held h USING (assignment_id) LEFT JOIN changed c USING (assignment_id)"
                    " ORDER BY a.position",
                    DB_PARAMS(ACTOR_PARAMS(call), db_text(ids), db_text(versions), db_text(call_scope(call)),
                              db_text(resolution ? "rejected" : "accepted"), db_text(allowed), db_text(resolution)));
}

enum status
store_withdraw(struct call *call, const char *assignment_id, uint32_t version, struct db_rows *ret_rows)
{
    char allowed[SITUATIONS_CHARS];
    action_list_situations(ACTION_WITHDRAW, allowed);
    return db_query(call->db, ret_rows,
                    "WITH held AS (SELECT e.assignment_id, e.version, " SITUATION " FROM entry e"
                    "  WHERE e.assignment_id = $4::uuid AND e.organisation_id = $5::uuid FOR UPDATE),"
                    " changed AS (UPDATE entry e SET state = 'withdrawn', closed_at = $1::timestamptz FROM held h"
                    "  WHERE e.assignment_id = h.assignment_id AND h.version = $6::integer"
                    "  AND h.situation = ANY ($7::text[]) RETURNING e.assignment_id)"
                    " SELECT h.assignment_id, h.version, h.situation, c.assignment_id IS NOT NULL AS changed"
                    " FROM held h LEFT JOIN changed c USING (assignment_id)",
                    DB_PARAMS(ACTOR_PARAMS(call), db_text(assignment_id), db_text(call->principal->organisation_id),
                              db_integer(version), db_text(allowed)));
}

enum status
store_is_foreign(struct call *call, const char *assignment_id, bool *ret_is_foreign)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, "SELECT entry_is_foreign($1::uuid, $2::uuid)",
                                  DB_PARAMS(db_text(assignment_id), db_text(call->principal->organisation_id)));
    if (status == STATUS_OK)
        *ret_is_foreign = db_boolean_at(&rows, 0, 0);
    return status;
}

enum status
store_list_verdicts(struct call *call, const char *assignment_id, struct db_rows *ret_rows)
{
    // Which operator decided is the operators' and coordinators' business: an author reads only what was decided.
    return db_query(call->db, ret_rows,
                    "SELECT e.assignment_id, v.version, v.accepted, v.resolution, vekha_time(v.given_at) AS at,"
                    " CASE WHEN $4::integer IN ($5::integer, $6::integer) THEN v.operator_account_id END"
                    " AS operator_account_id"
                    " FROM entry e LEFT JOIN verdict v USING (assignment_id)"
                    " WHERE e.assignment_id = $1::uuid AND vekha_in_scope(e.organisation_path, $2::text)"
                    " AND (e.organisation_id = $3::uuid OR $4::integer IN ($5::integer, $6::integer))"
                    " ORDER BY v.verdict_id DESC LIMIT 1000",
                    DB_PARAMS(db_text(assignment_id), db_text(call_scope(call)),
                              db_text(call->principal->organisation_id), db_integer(call->principal->role),
                              db_integer(VEKHA__ROLE__ROLE_OPERATOR), db_integer(VEKHA__ROLE__ROLE_COORDINATOR)));
}
