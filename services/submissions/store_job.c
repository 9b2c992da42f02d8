// Rounds that open, fill and end by themselves. The picked row stays locked until the transaction ends, so replicas
// take turns.
#include "store.h"
#include "store_columns.h"

enum status
store_pick_round(struct call *call, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "SELECT r.round_id, r.programme_id, r.repeats, to_char(r.opens_on, 'YYYY-MM-DD') AS opens_on,"
        "   to_char(coalesce(r.named_due_on, r.due_on), 'YYYY-MM-DD') AS due_on, to_char(r.closed_until, 'YYYY-MM-DD') "
        "AS closed_until,"
        "   to_char($1::timestamptz AT TIME ZONE r.zone, 'YYYY-MM-DD') AS today,"
        "   CASE WHEN r.state = 'planned' THEN 'opens' WHEN r.assigned_up_to IS NOT NULL THEN 'assigns'"
        "        ELSE 'ends' END AS what"
        " FROM round r WHERE (r.state = 'planned' AND r.opens_at <= $1::timestamptz)"
        "   OR (r.state = 'open' AND (r.assigned_up_to IS NOT NULL OR r.next_opens_at <= $1::timestamptz))"
        " ORDER BY r.opens_at, r.round_id LIMIT 1 FOR UPDATE SKIP LOCKED";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_text(call->now)));
}

enum status
store_open_round(struct call *call, const char *round_id, struct db_rows *ret_rows)
{
    // A round asks with the words of the day it opens; items retired meanwhile are not asked.
    static const char SQL[] =
        "WITH gone AS (DELETE FROM round_item i USING item m WHERE i.round_id = $1 AND m.item_id = i.item_id"
        "   AND m.retired),"
        " sections AS (INSERT INTO round_section (round_id, code, title, position, number, by_choice, significance, "
        "due,"
        "   demo) SELECT r.round_id, s.code, s.title, s.position, s.number, s.by_choice, s.significance, s.due, s.demo"
        "   FROM round r JOIN section s USING (programme_id) WHERE r.round_id = $1 AND NOT s.retired"
        "   AND EXISTS (SELECT FROM round_item i JOIN item m USING (item_id) JOIN item_text t"
        "     ON t.item_text_id = m.item_text_id WHERE i.round_id = $1 AND NOT m.retired AND t.section_code = s.code)),"
        " fresh AS (UPDATE round_item i SET item_text_id = t.item_text_id, value_kind = t.value_kind,"
        "   decimals = t.decimals,"
        "   evidence_required = CASE i.evidence_rule WHEN 'required' THEN true WHEN 'waived' THEN false"
        "     ELSE t.evidence_required END,"
        "   selector = CASE WHEN i.own_participants THEN i.selector ELSE t.selector END,"
        "   codes = CASE WHEN i.own_participants THEN i.codes ELSE t.codes END,"
        "   attribute = CASE WHEN i.own_participants THEN i.attribute ELSE t.attribute END,"
        "   by_choice = coalesce((SELECT s.by_choice FROM section s WHERE s.programme_id = m.programme_id"
        "     AND s.code = t.section_code), false)"
        "   FROM item m JOIN item_text t ON t.item_text_id = m.item_text_id"
        "   WHERE i.round_id = $1 AND m.item_id = i.item_id AND NOT m.retired)"
        " UPDATE round SET state = 'open', version = version + 1,"
        "   assigned_up_to = '00000000-0000-0000-0000-000000000000' WHERE round_id = $1"
        " RETURNING round_id, programme_id, name, vekha_time(opens_at) AS opens_at, vekha_time(due_at) AS due_at,"
        "   vekha_time(next_opens_at) AS next_opens_at, zone";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_text(round_id)));
}

enum status
store_assign_slice(struct call *call, const char *round_id, int organisations, struct db_rows *ret_rows)
{
    // Who may choose is told of the round even when nothing is asked without a choice (S1.38).
    static const char SQL[] =
        "WITH slice AS ("
        " SELECT o.*, r.round_id FROM round r JOIN programme p USING (programme_id)"
        "   JOIN organisations_on(($2::timestamptz AT TIME ZONE p.zone)::date) o"
        "     ON vekha_in_scope(o.path, p.organisation_path)"
        "  WHERE r.round_id = $1 AND o.organisation_id > r.assigned_up_to ORDER BY o.organisation_id LIMIT $3),"
        " added AS ("
        " INSERT INTO assignment (organisation_id, round_item_id, organisation_path, own_due_at)"
        " SELECT s.organisation_id, i.round_item_id, s.path, i.due_at"
        "   FROM slice s JOIN round_item i ON i.round_id = $1 AND NOT i.by_choice"
        "  WHERE participates(i.selector, i.codes, i.attribute, s.path, s.kind, s.attributes)"
        "  ORDER BY s.organisation_id, i.round_item_id"
        " ON CONFLICT DO NOTHING RETURNING " ADDED_COLUMNS "),"
        " choosers AS ("
        " INSERT INTO participant (round_id, organisation_id)"
        " SELECT DISTINCT s.round_id, s.organisation_id FROM slice s JOIN round_item i ON i.round_id = $1 AND "
        "i.by_choice"
        "  WHERE participates(i.selector, i.codes, i.attribute, s.path, s.kind, s.attributes)"
        " ON CONFLICT DO NOTHING RETURNING organisation_id),"
        " news AS (SELECT d.organisation_id, d.organisation_path, " ADDED_LISTS
        "   FROM added d JOIN round_item i USING (round_item_id) GROUP BY 1, 2"
        "  UNION ALL SELECT s.organisation_id, s.path, " NO_LISTS
        " FROM choosers c JOIN slice s USING (organisation_id)"
        "   WHERE NOT EXISTS (SELECT FROM added d WHERE d.organisation_id = s.organisation_id)),"
        " moved AS (UPDATE round r SET organisations = r.organisations + (SELECT count(*) FROM news),"
        "   assignments = r.assignments + (SELECT count(*) FROM added),"
        "   assigned_up_to = (SELECT s.organisation_id FROM slice s ORDER BY s.organisation_id DESC LIMIT 1)"
        "   WHERE r.round_id = $1 RETURNING r.round_id, r.due_at)"
        " SELECT m.round_id, n.*, vekha_time(m.due_at) AS due_at FROM moved m JOIN news n ON true"
        " ORDER BY n.organisation_path";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(round_id), db_text(call->now), db_integer(organisations)));
}

enum status
store_is_assigned(struct call *call, const char *round_id, bool *ret_done)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, "SELECT FROM round WHERE round_id = $1 AND assigned_up_to IS NULL",
                                  DB_PARAMS(db_text(round_id)));
    *ret_done = status == STATUS_OK && rows.count > 0;
    return status;
}

enum status
store_refresh_plans(struct call *call)
{
    return db_run(call->db, "ANALYZE assignment, round_item, round, item_text", DB_NO_PARAMS);
}

enum status
store_end_round(struct call *call, const char *round_id, struct db_rows *ret_rows)
{
    static const char SQL[] = "UPDATE round SET state = 'closed', version = version + 1 WHERE round_id = $1"
                              " RETURNING round_id, vekha_time(due_at) AS due_at,"
                              "   vekha_time(next_opens_at) AS next_opens_at, true AS closed";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_text(round_id)));
}

enum status
store_follow_round(struct call *call, const char *round_id, const struct round_days *days, const char *named_on,
                   const char *name)
{
    static const char SQL[] =
        "WITH next AS ("
        " INSERT INTO round (programme_id, name, opens_on, due_on, closed_until, zone, opens_at, due_at,"
        "   next_opens_at, repeats, follows, created_at, created_by, named_due_on)"
        " SELECT r.programme_id, $5, $2::date, $3::date, $4::date, p.zone, round_begins($2::date, p.zone),"
        "   round_day_ends($3::date, p.zone), round_begins($4::date + 1, p.zone), true, r.round_id, $6::timestamptz,"
        "   r.created_by, $7::date FROM round r JOIN programme p USING (programme_id) WHERE r.round_id = $1"
        " ON CONFLICT (follows) DO NOTHING RETURNING round_id)"
        " INSERT INTO round_item (round_id, item_id, item_text_id, value_kind, decimals, evidence_rule,"
        "   evidence_required, selector, codes, attribute, own_participants)"
        " SELECT next.round_id, i.item_id, i.item_text_id, i.value_kind, i.decimals, i.evidence_rule,"
        "   i.evidence_required, i.selector, i.codes, i.attribute, i.own_participants"
        "   FROM next, round_item i WHERE i.round_id = $1 AND i.checkpoint = 1 ORDER BY i.round_item_id";
    return db_run(call->db, SQL,
                  DB_PARAMS(db_text(round_id), db_text(days->opens_on), db_text(days->due_on),
                            db_text(days->closed_until), db_text(name), db_text(call->now), db_text(named_on)));
}
