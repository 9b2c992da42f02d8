// What organisations choose and by when they mean to be done. Every statement is bound to the caller's organisation.
#include "store_plan.h"

#include "store_columns.h"

// $1 round, $2 organisation, $3 now. Items that this organisation may be asked for.
#define ASKED                                                                                                          \
    "asked AS (SELECT i.*, t.section_code, o.path FROM round r JOIN programme p USING (programme_id)"                  \
    "   JOIN round_item i USING (round_id) JOIN item_text t USING (item_text_id)"                                      \
    "   JOIN organisations_on(($3::timestamptz AT TIME ZONE r.zone)::date) o ON o.organisation_id = $2"                \
    "     AND vekha_in_scope(o.path, p.organisation_path)"                                                             \
    "  WHERE r.round_id = $1 AND r.state = 'open' AND r.next_opens_at > $3::timestamptz"                               \
    "    AND participates(i.selector, i.codes, i.attribute, o.path, o.kind, o.attributes))"

#define CHANGE_COLUMNS                                                                                                 \
    "round_id, organisation_id, section_code, assignment_id, change_number, organisation_path, act, planned_on,"       \
    " previous_on, reason, at, account_id"
#define NEXT_CHANGE(section)                                                                                           \
    "1 + (SELECT coalesce(max(h.change_number), 0) FROM plan_change h WHERE h.round_id = $1"                           \
    "   AND h.organisation_id = $2 AND h.section_code = " section ")"

enum status
store_list_plan(struct call *call, const char *round_id, const char *section_code, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "WITH " ASKED ", offered AS (SELECT section_code, count(*) AS items FROM asked GROUP BY 1)"
        " SELECT s.code AS section_code, s.title, s.number, s.significance, s.by_choice, s.demo, f.items,"
        "   (s.due).kind AS due_kind, (s.due).wording AS due_text, to_char(p.planned_on, 'YYYY-MM-DD') AS planned_on,"
        "   CASE WHEN s.by_choice AND p.section_code IS NULL THEN 'offered'"
        "        WHEN (s.due).kind = 'by_executor' AND p.planned_on IS NULL THEN 'chosen'"
        "        WHEN s.by_choice OR (s.due).kind = 'by_executor' THEN 'activated' ELSE 'asked' END AS state,"
        "   c.accepted, c.in_review, c.rejected, c.overdue, r.name AS round_name, r.zone,"
        "   to_char(r.closed_until, 'YYYY-MM-DD') AS latest_on,"
        "   to_char($3::timestamptz AT TIME ZONE r.zone, 'YYYY-MM-DD') AS today"
        " FROM round r JOIN round_section s USING (round_id) JOIN offered f ON f.section_code = s.code"
        " LEFT JOIN section_plan p ON p.round_id = r.round_id AND p.organisation_id = $2 AND p.section_code = s.code"
        "   AND NOT p.dropped"
        " CROSS JOIN LATERAL (SELECT count(*) FILTER (WHERE a.state = 'accepted') AS accepted,"
        "     count(*) FILTER (WHERE a.state = 'in_review') AS in_review,"
        "     count(*) FILTER (WHERE a.state = 'rejected') AS rejected,"
        "     coalesce(bool_or(due_moment(a.own_due_at, r.due_at) < $3::timestamptz"
        "       AND a.state NOT IN ('in_review', 'accepted')), false) AS overdue"
        "   FROM asked k JOIN assignment a ON a.organisation_id = $2 AND a.round_item_id = k.round_item_id"
        "   WHERE k.section_code = s.code) c"
        " WHERE r.round_id = $1 AND ($4::text IS NULL OR s.code = $4::text) ORDER BY s.position";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(round_id), db_text(call->principal->organisation_id), db_text(call->now),
                              db_text(section_code)));
}

enum status
store_list_dated(struct call *call, const char *round_id, const char *section_code, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "SELECT a.assignment_id, t.section_code, t.item_code, t.question,"
        " to_char(nullif(a.own_due_at, 'infinity') AT TIME ZONE r.zone, 'YYYY-MM-DD') AS planned_on"
        " FROM round r JOIN round_item i USING (round_id) JOIN item_text t USING (item_text_id) JOIN assignment a"
        "   ON a.round_item_id = i.round_item_id AND a.organisation_id = $2"
        " WHERE r.round_id = $1 AND i.due_kind = 'by_executor' AND i.due_is_own"
        "   AND ($3::text IS NULL OR t.section_code = $3::text) ORDER BY i.round_item_id";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(round_id), db_text(call->principal->organisation_id), db_text(section_code)));
}

enum status
store_list_plan_changes(struct call *call, const char *round_id, const char *section_code, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "SELECT h.section_code, h.assignment_id, h.act, to_char(h.planned_on, 'YYYY-MM-DD') AS planned_on,"
        " to_char(h.previous_on, 'YYYY-MM-DD') AS previous_on, h.reason, vekha_time(h.at) AS at FROM plan_change h"
        " WHERE h.round_id = $1 AND h.organisation_id = $2 AND ($3::text IS NULL OR h.section_code = $3::text)"
        " ORDER BY h.section_code, h.change_number DESC LIMIT 5000";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(round_id), db_text(call->principal->organisation_id), db_text(section_code)));
}

enum status
store_choose_section(struct call *call, const char *round_id, const char *section_code, bool drop, bool *ret_done)
{
    // A choice ends where the activation begins: a section with a date is not dropped.
    static const char SQL[] =
        "WITH " ASKED ", place AS (SELECT DISTINCT k.path FROM asked k WHERE k.section_code = $4 AND k.by_choice),"
        " plan AS (INSERT INTO section_plan AS p (round_id, organisation_id, section_code, organisation_path, dropped)"
        "   SELECT $1, $2, $4, place.path, $5 FROM place"
        "   ON CONFLICT (round_id, organisation_id, section_code) DO UPDATE SET dropped = $5"
        "   WHERE p.dropped <> $5 AND p.planned_on IS NULL RETURNING p.organisation_path)"
        " INSERT INTO plan_change (" CHANGE_COLUMNS ")"
        " SELECT $1, $2, $4, NULL, " NEXT_CHANGE("$4") ", plan.organisation_path,"
                                                       "   CASE WHEN $5 THEN 'dropped' ELSE 'chosen' END, NULL, NULL, "
                                                       "'', $3::timestamptz, $6::uuid FROM plan";
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, SQL,
                 DB_PARAMS(db_text(round_id), db_text(call->principal->organisation_id), db_text(call->now),
                           db_text(section_code), db_boolean(drop), db_text(call->principal->account_id)));
    if (status == STATUS_OK)
        *ret_done = rows.affected > 0;
    return status;
}

enum status
store_plan_section(struct call *call, const struct plan_change *change, struct db_rows *ret_rows)
{
    // What the section asks without a date of its own becomes due then, and is asked from now on.
    static const char SQL[] =
        "WITH " ASKED ", wanted AS (SELECT k.round_item_id, k.item_id, k.due_is_own, k.path,"
        "     CASE WHEN k.due_is_own THEN k.due_at ELSE round_day_ends($5::date, r.zone) END AS due_at"
        "   FROM asked k JOIN round r USING (round_id) WHERE k.section_code = $4),"
        " plan AS (INSERT INTO section_plan AS p (round_id, organisation_id, section_code, organisation_path, "
        "planned_on)"
        "   SELECT DISTINCT $1::uuid, $2::uuid, $4, w.path, $5::date FROM wanted w"
        "   ON CONFLICT (round_id, organisation_id, section_code) DO UPDATE SET planned_on = $5::date, dropped = false"
        "   WHERE p.planned_on IS NOT DISTINCT FROM $6::date RETURNING p.organisation_path),"
        " entry AS (INSERT INTO plan_change (" CHANGE_COLUMNS ")"
        "   SELECT $1, $2, $4, NULL, " NEXT_CHANGE(
            "$4") ", plan.organisation_path,"
                  "     CASE WHEN $6::date IS NULL THEN 'activated' ELSE 'moved' END, $5::date, $6::date, $7, "
                  "$3::timestamptz,"
                  "     $8::uuid FROM plan),"
                  " moved AS (UPDATE assignment a SET own_due_at = w.due_at FROM plan, wanted w"
                  "   WHERE a.organisation_id = $2 AND a.round_item_id = w.round_item_id AND NOT w.due_is_own"
                  "   RETURNING a.assignment_id),"
                  " added AS (INSERT INTO assignment (organisation_id, round_item_id, organisation_path, own_due_at)"
                  "   SELECT $2, w.round_item_id, w.path, w.due_at FROM plan, wanted w ORDER BY w.round_item_id"
                  "   ON CONFLICT DO NOTHING RETURNING " ADDED_COLUMNS "),"
                  " counted AS (UPDATE round r SET assignments = r.assignments + (SELECT count(*) FROM added)"
                  "   WHERE r.round_id = $1 AND EXISTS (SELECT FROM added) RETURNING r.round_id),"
                  " news AS (SELECT " ADDED_LISTS " FROM added d JOIN wanted i USING (round_item_id))"
                  " SELECT r.round_id, $2::uuid AS organisation_id, plan.organisation_path, vekha_time(r.due_at) AS "
                  "due_at, n.*,"
                  "   ARRAY(SELECT m.assignment_id::text FROM moved m) AS moved_ids,"
                  "   vekha_time(round_day_ends($5::date, r.zone)) AS moved_due_at"
                  "   FROM plan JOIN round r ON r.round_id = $1 CROSS JOIN news n";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(change->round_id), db_text(call->principal->organisation_id), db_text(call->now),
                              db_text(change->section_code), db_text(change->planned_on), db_text(change->previous_on),
                              db_string(change->reason), db_text(call->principal->account_id)));
}

enum status
store_ask_section(struct call *call, const char *round_id, const char *section_code, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "WITH " ASKED
        ", added AS (INSERT INTO assignment (organisation_id, round_item_id, organisation_path, own_due_at)"
        "   SELECT $2, k.round_item_id, k.path, k.due_at FROM asked k WHERE k.section_code = $4 ORDER BY "
        "k.round_item_id"
        "   ON CONFLICT DO NOTHING RETURNING " ADDED_COLUMNS "),"
        " news AS (SELECT d.organisation_path, " ADDED_LISTS
        " FROM added d JOIN asked i USING (round_item_id) GROUP BY 1),"
        " counted AS (UPDATE round r SET assignments = r.assignments + (SELECT count(*) FROM added)"
        "   WHERE r.round_id = $1 AND EXISTS (SELECT FROM added) RETURNING r.round_id, r.due_at)"
        " SELECT c.round_id, $2::uuid AS organisation_id, n.*, vekha_time(c.due_at) AS due_at"
        "   FROM counted c CROSS JOIN news n";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(round_id), db_text(call->principal->organisation_id), db_text(call->now),
                              db_text(section_code)));
}

enum status
store_find_dated(struct call *call, const char *assignment_id, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "SELECT r.round_id, t.section_code, i.item_id, a.organisation_path,"
        " (i.due_kind = 'by_executor' AND i.due_is_own) AS is_dated,"
        " to_char(nullif(a.own_due_at, 'infinity') AT TIME ZONE r.zone, 'YYYY-MM-DD') AS planned_on,"
        " to_char(r.closed_until, 'YYYY-MM-DD') AS latest_on,"
        " to_char($3::timestamptz AT TIME ZONE r.zone, 'YYYY-MM-DD') AS today,"
        " (r.state = 'open' AND r.next_opens_at > $3::timestamptz) AS round_open"
        " FROM assignment a JOIN round_item i USING (round_item_id) JOIN item_text t USING (item_text_id)"
        " JOIN round r USING (round_id) WHERE a.assignment_id = $1 AND a.organisation_id = $2 FOR UPDATE OF a";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(assignment_id), db_text(call->principal->organisation_id), db_text(call->now)));
}

enum status
store_plan_assignment(struct call *call, const char *assignment_id, const struct plan_change *change,
                      struct db_rows *ret_rows)
{
    static const char SQL[] =
        "WITH moved AS (UPDATE assignment a SET own_due_at = round_day_ends($5::date, r.zone) FROM round r"
        "   WHERE a.assignment_id = $9 AND a.organisation_id = $2 AND r.round_id = $1"
        "   RETURNING a.organisation_path, a.own_due_at),"
        " entry AS (INSERT INTO plan_change (" CHANGE_COLUMNS ")"
        "   SELECT $1, $2, $4, $9, " NEXT_CHANGE(
            "$4") ", moved.organisation_path,"
                  "     CASE WHEN $6::date IS NULL THEN 'activated' ELSE 'moved' END, $5::date, $6::date, $7, "
                  "$3::timestamptz,"
                  "     $8::uuid FROM moved RETURNING change_number)"
                  " SELECT vekha_time(moved.own_due_at) AS due_at, (SELECT count(*) FROM plan_change h WHERE "
                  "h.assignment_id = $9"
                  "   AND h.round_id = $1 AND h.organisation_id = $2) AS moves FROM moved";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(change->round_id), db_text(call->principal->organisation_id), db_text(call->now),
                              db_text(change->section_code), db_text(change->planned_on), db_text(change->previous_on),
                              db_string(change->reason), db_text(call->principal->account_id), db_text(assignment_id)));
}

enum status
store_find_schedule(struct call *call, const char *round_id, const char *section_code, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "SELECT (s.due).kind AS due_kind, to_char(s.scheduled_on, 'YYYY-MM-DD') AS scheduled_on,"
        " to_char(r.closed_until, 'YYYY-MM-DD') AS latest_on, (r.state = 'open') AS round_open"
        " FROM round r JOIN programme p USING (programme_id) JOIN round_section s USING (round_id)"
        " WHERE r.round_id = $1 AND s.code = $2 AND vekha_in_scope(p.organisation_path, $3::text) FOR UPDATE OF s";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(round_id), db_text(section_code), db_string(call_scope(call))));
}

enum status
store_set_schedule(struct call *call, const struct plan_change *change, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "WITH named AS (UPDATE round_section s SET scheduled_on = $3::date WHERE s.round_id = $1 AND s.code = $2),"
        " entry AS (INSERT INTO schedule_change (round_id, section_code, change_number, due_on, previous_on, reason, "
        "at,"
        "   account_id) SELECT $1, $2, 1 + (SELECT coalesce(max(h.change_number), 0) FROM schedule_change h"
        "     WHERE h.round_id = $1 AND h.section_code = $2), $3::date, $4::date, $5, $6::timestamptz, $7::uuid),"
        " dated AS (UPDATE round_item i SET due_at = round_day_ends($3::date, r.zone) FROM item_text t, round r"
        "   WHERE i.round_id = $1 AND t.item_text_id = i.item_text_id AND t.section_code = $2 AND NOT i.due_is_own"
        "     AND r.round_id = i.round_id RETURNING i.round_item_id, i.due_at),"
        " moved AS (UPDATE assignment a SET own_due_at = d.due_at FROM dated d WHERE a.round_item_id = d.round_item_id"
        "   RETURNING a.assignment_id, a.organisation_id, a.organisation_path, a.own_due_at)"
        " SELECT m.organisation_id, m.organisation_path, vekha_time(m.own_due_at) AS due_at,"
        "   array_agg(m.assignment_id::text) AS assignment_ids FROM moved m GROUP BY 1, 2, 3 ORDER BY 2";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(change->round_id), db_text(change->section_code), db_text(change->planned_on),
                              db_text(change->previous_on), db_string(change->reason), db_text(call->now),
                              db_text(call->principal->account_id)));
}
