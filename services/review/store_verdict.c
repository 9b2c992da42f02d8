// Opening, deciding, withdrawing. Each is one statement that locks the entry, looks where it stands and changes it only
// in the situations that rules.c allows: two operators can never both win.
#include <string.h>

#include "store.h"
#include "store_rights.h"

// $1 is the moment of the call, $3 the minutes after which an opening holds nobody off; a: who asks.
#define SITUATION                                                                                                      \
    "CASE WHEN e.state <> 'opened' THEN e.state WHEN e.opened_by = a.caller THEN 'opened_by_me'"                       \
    " WHEN e.opened_at <= $1::timestamptz - make_interval(mins => $3::integer) THEN 'opened_long_ago'"                 \
    " ELSE 'opened_by_other' END AS situation"

#define CALLER "(SELECT $2::uuid AS caller) a"
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
    return db_query(
        call->db, ret_rows,
        "WITH held AS (SELECT e.assignment_id, e.version, " SITUATION " FROM entry e, " CALLER
        "  WHERE e.assignment_id = $4::uuid AND vekha_in_scope(e.organisation_path, $5::text)"
        "  AND " MAY_JUDGE(
            "$8", "$2") " FOR UPDATE OF e),"
                        " changed AS (UPDATE entry e SET state = 'opened', opened_at = $1::timestamptz,"
                        "  opened_by = $2::uuid, closed_at = NULL FROM held h WHERE e.assignment_id = h.assignment_id"
                        "  AND h.version = $6::integer AND h.situation = ANY ($7::text[]) RETURNING e.assignment_id)"
                        " SELECT h.assignment_id, h.version, h.situation, c.assignment_id IS NOT NULL AS changed"
                        " FROM held h LEFT JOIN changed c USING (assignment_id)",
        DB_PARAMS(ACTOR_PARAMS(call), db_text(assignment_id), db_text(call_scope(call)), db_integer(version),
                  db_text(allowed), db_text(role_word(call->principal->role))));
}

enum { DECISION_COLUMNS = 6 };

enum status
store_decide(struct call *call, const struct decision *decisions, size_t count, enum action action,
             struct db_rows *ret_rows)
{
    // Locked in the order of ids, so that two bulk verdicts cannot wait for each other.
    static const char SQL[] =
        "WITH asked AS (SELECT * FROM unnest($4::uuid[], $5::integer[], $6::uuid[], $7::text[], $8::text[], $9::text[])"
        "  WITH ORDINALITY AS a (assignment_id, version, caller, scope, resolution, role, position)),"
        " held AS (SELECT e.assignment_id, e.version, " SITUATION " FROM entry e JOIN asked a USING (assignment_id)"
        "  WHERE vekha_in_scope(e.organisation_path, a.scope) AND " MAY_JUDGE(
            "a.role",
            "a.caller") "  ORDER BY e.assignment_id FOR UPDATE OF e),"
                        " changed AS (UPDATE entry e SET state = $2::text, closed_at = $1::timestamptz"
                        "  FROM asked a JOIN held h USING (assignment_id) WHERE e.assignment_id = h.assignment_id"
                        "  AND h.version = a.version AND h.situation = ANY ($10::text[])"
                        "  RETURNING e.assignment_id, e.version, e.organisation_path, a.caller, a.resolution),"
                        " history AS (INSERT INTO verdict (assignment_id, version, accepted, resolution, given_at,"
                        "  operator_account_id, organisation_path)"
                        "  SELECT assignment_id, version, $2::text = 'accepted', resolution, $1::timestamptz, caller,"
                        "  organisation_path FROM changed)"
                        " SELECT a.assignment_id, h.version, h.situation, c.assignment_id IS NOT NULL AS changed"
                        " FROM asked a LEFT JOIN held h USING (assignment_id) LEFT JOIN changed c USING (assignment_id)"
                        " ORDER BY a.position";
    const char *(*rows)[DECISION_COLUMNS] = arena_take(call->arena, (count + 1) * sizeof *rows);
    if (!rows)
        return STATUS_BUSY;
    for (size_t i = 0; i < count; i++) {
        const char *row[DECISION_COLUMNS] = {
            decisions[i].assignment_id,
            arena_format(call->arena, "%u", decisions[i].version),
            decisions[i].call->principal->account_id,
            call_scope(decisions[i].call),
            action == ACTION_REJECT ? decisions[i].resolution : NULL,
            role_word(decisions[i].call->principal->role),
        };
        if (!row[1])
            return STATUS_BUSY;
        memcpy(rows[i], row, sizeof row);
    }
    struct db_param columns[DECISION_COLUMNS];
    enum status status = db_text_columns(call->arena, rows[0], count, DECISION_COLUMNS, columns);
    if (status != STATUS_OK)
        return status;
    char allowed[SITUATIONS_CHARS];
    action_list_situations(action, allowed);
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(call->now), db_text(action == ACTION_REJECT ? "rejected" : "accepted"),
                              db_integer(config_number(call->config, "takeover_minutes")), columns[0], columns[1],
                              columns[2], columns[3], columns[4], columns[5], db_text(allowed)));
}

enum status
store_withdraw(struct call *call, const char *assignment_id, uint32_t version, struct db_rows *ret_rows)
{
    char allowed[SITUATIONS_CHARS];
    action_list_situations(ACTION_WITHDRAW, allowed);
    return db_query(call->db, ret_rows,
                    "WITH held AS (SELECT e.assignment_id, e.version, " SITUATION " FROM entry e, " CALLER
                    "  WHERE e.assignment_id = $4::uuid AND e.organisation_id = $5::uuid FOR UPDATE OF e),"
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

// What was withdrawn is its author's alone again.
#define SENT(column) "CASE WHEN e.state = 'withdrawn' THEN '{}' ELSE e." #column " END,"
#define SENT_DOCUMENTS SENT(document_ids) SENT(document_names) SENT(document_sizes) SENT(document_pages)

enum status
store_list_verdicts(struct call *call, const char *assignment_id, struct db_rows *ret_rows)
{
    // Which account decided is the business of those who judge and oversee: an author reads only what was decided.
    return db_query(call->db, ret_rows,
                    "SELECT " SENT_DOCUMENTS " v.version, e.assignment_id, v.accepted, v.resolution,"
                    " vekha_time(v.given_at) AS at,"
                    " CASE WHEN $4::text <> 'respondent' THEN v.operator_account_id END AS operator_account_id"
                    " FROM entry e LEFT JOIN verdict v USING (assignment_id)"
                    " WHERE e.assignment_id = $1::uuid AND vekha_in_scope(e.organisation_path, $2::text)"
                    " AND " MAY_READ("$4", "$5", "$3") " ORDER BY v.verdict_id DESC LIMIT 1000",
                    DB_PARAMS(db_text(assignment_id), db_text(call_scope(call)),
                              db_text(call->principal->organisation_id), db_text(role_word(call->principal->role)),
                              db_text(call->principal->account_id)));
}
