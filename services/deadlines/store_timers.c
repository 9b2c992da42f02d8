// Timers: made from due dates, taken when their moment has come.
#include "store.h"

// Timers of `waiting_for` (organisation_id, path, due_at) in round `r`; a due_at of NULL is the round's. Coordinators
// get the day after only. $2 offsets, $3 hour, $4 since.
#define ADD_TIMERS                                                                                                     \
    " INSERT INTO timer (round_id, organisation_id, path, day_offset, due_on, fires_at)"                               \
    " SELECT r.round_id, w.organisation_id, w.path, d.day_offset, w.day,"                                              \
    " fires_at(w.day, r.zone, d.day_offset, $3::integer) FROM opened r CROSS JOIN LATERAL"                             \
    " (SELECT DISTINCT f.organisation_id, f.path, due_day(coalesce(f.due_at, r.due_at), r.zone) AS day"                \
    "   FROM waiting_for f WHERE f.due_at IS NULL OR f.due_at < 'infinity') w"                                         \
    " CROSS JOIN unnest($2::integer[]) d(day_offset)"                                                                  \
    " WHERE NOT r.closed AND (w.organisation_id IS NOT NULL OR d.day_offset > 0)"                                      \
    " AND fires_at(w.day, r.zone, d.day_offset, $3::integer) > $4::timestamptz"                                        \
    " ON CONFLICT DO NOTHING"
#define PLAN_PARAMS(plan) db_text((plan)->offsets), db_integer((plan)->hour), db_text((plan)->since)

enum status
store_round(struct call *call, const Events__RoundOpened *event, const struct timer_plan *plan)
{
    return db_run(call->db,
                  "WITH opened AS (INSERT INTO round (round_id, name, due_at, zone)"
                  " VALUES ($1::uuid, $5, $6::timestamptz, $7)"
                  " ON CONFLICT (round_id) DO UPDATE SET name = EXCLUDED.name RETURNING *),"
                  " waiting_for AS (SELECT NULL::uuid AS organisation_id, '' AS path,"
                  "   NULL::timestamptz AS due_at)" ADD_TIMERS,
                  DB_PARAMS(db_text(event->round_id), PLAN_PARAMS(plan), db_string(event->name), db_text(event->due_at),
                            db_string(event->zone)));
}

enum status
store_round_change(struct call *call, const Events__RoundChanged *event, const struct timer_plan *plan)
{
    // Timers of dates that are not the round's stay, unless the round is closed.
    return db_run(
        call->db,
        "WITH before AS (SELECT due_at FROM round WHERE round_id = $1::uuid),"
        " opened AS (UPDATE round SET due_at = coalesce($5::timestamptz, due_at), closed = $6::boolean"
        " WHERE round_id = $1::uuid RETURNING *),"
        " gone AS (DELETE FROM timer t USING opened r, before b WHERE t.round_id = r.round_id AND t.state = 'waiting'"
        " AND (r.closed OR (t.due_on = due_day(b.due_at, r.zone) AND t.due_on <> due_day(r.due_at, r.zone)))),"
        " waiting_for AS (SELECT DISTINCT organisation_id, path, due_at FROM assignment WHERE round_id = $1::uuid"
        " UNION ALL SELECT NULL, '', NULL)" ADD_TIMERS,
        DB_PARAMS(db_text(event->round_id), PLAN_PARAMS(plan), db_text(event->due_at), db_boolean(event->closed)));
}

enum status
store_assignments(struct call *call, const Events__OrganisationAssigned *event, const struct timer_plan *plan)
{
    enum { COLUMNS = 3 };
    const char *(*rows)[COLUMNS] = arena_take(call->arena, (event->n_assignments + 1) * sizeof(*rows));
    if (!rows)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < event->n_assignments; i++) {
        const Events__AssignmentReference *assignment = event->assignments[i];
        rows[i][0] = assignment->assignment_id;
        rows[i][1] = assignment->item_id;
        rows[i][2] = assignment->due_unknown ? "infinity" : assignment->due_at;
    }
    struct db_param columns[COLUMNS];
    enum status status = db_text_columns(call->arena, rows[0], event->n_assignments, COLUMNS, columns);
    if (status != STATUS_OK)
        return status;
    return db_run(call->db,
                  "WITH opened AS (SELECT * FROM round WHERE round_id = $1::uuid),"
                  " asked AS (SELECT * FROM unnest($7::uuid[], $8::uuid[], $9::timestamptz[])"
                  "   a(assignment_id, item_id, due_at)),"
                  " added AS (INSERT INTO assignment (assignment_id, round_id, organisation_id, path, item_id, due_at)"
                  " SELECT a.assignment_id, $1::uuid, $5::uuid, $6, a.item_id, a.due_at FROM asked a"
                  " ON CONFLICT DO NOTHING),"
                  " waiting_for AS (SELECT $5::uuid AS organisation_id, $6::text AS path, a.due_at"
                  "   FROM asked a)" ADD_TIMERS,
                  DB_PARAMS(db_text(event->round_id), PLAN_PARAMS(plan), db_text(event->organisation_id),
                            db_string(event->organisation_path), columns[0], columns[1], columns[2]));
}

enum status
store_due(struct call *call, const Events__DueSet *event, const struct timer_plan *plan)
{
    // Timers of the day that no longer counts find nothing outstanding and stay silent.
    const char *ids =
        db_text_array(call->arena, (char *const *)(uintptr_t)event->assignment_ids, event->n_assignment_ids);
    if (!ids)
        return STATUS_TOO_LARGE;
    return db_run(call->db,
                  "WITH opened AS (SELECT * FROM round WHERE round_id = $1::uuid),"
                  " moved AS (UPDATE assignment SET due_at = coalesce($7::timestamptz, 'infinity')"
                  "   WHERE assignment_id = ANY ($8::uuid[])),"
                  " waiting_for AS (SELECT $5::uuid AS organisation_id, $6::text AS path,"
                  "   coalesce($7::timestamptz, 'infinity') AS due_at)" ADD_TIMERS,
                  DB_PARAMS(db_text(event->round_id), PLAN_PARAMS(plan), db_text(event->organisation_id),
                            db_string(event->organisation_path), db_text(event->due_at), db_text(ids)));
}

#define ROUND_COLUMNS                                                                                                  \
    " t.path, t.day_offset, to_char(t.due_on, 'YYYY-MM-DD'), vekha_time(t.fires_at), r.name, r.zone,"                  \
    " zone_minutes(r.due_at, r.zone)"

enum status
store_take_timers(struct call *call, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "WITH due AS (SELECT * FROM timer WHERE state = 'waiting' AND fires_at <= $1::timestamptz"
        " AND organisation_id IS NOT NULL ORDER BY fires_at, path LIMIT $2::integer FOR UPDATE SKIP LOCKED),"
        " marked AS (UPDATE timer t SET fired_at = $1::timestamptz, state = CASE WHEN EXISTS"
        " (SELECT FROM timer l WHERE l.round_id = t.round_id AND l.organisation_id = t.organisation_id"
        " AND l.due_on = t.due_on AND l.day_offset > t.day_offset AND l.fires_at <= $1::timestamptz)"
        " THEN 'superseded' ELSE 'fired' END"
        " FROM due d WHERE t.round_id = d.round_id AND t.organisation_id = d.organisation_id"
        " AND t.day_offset = d.day_offset AND t.due_on = d.due_on RETURNING t.*)"
        " SELECT t.round_id, t.organisation_id," ROUND_COLUMNS ", coalesce(o.short_name, ''), n.items, p.accounts,"
        " p.addresses, t.state FROM marked t JOIN round r ON r.round_id = t.round_id"
        " LEFT JOIN LATERAL organisation_on(t.organisation_id, t.due_on) o ON true"
        " CROSS JOIN LATERAL (SELECT count(*) AS items FROM assignment a WHERE a.round_id = t.round_id"
        " AND a.organisation_id = t.organisation_id AND a.outstanding"
        " AND due_day(coalesce(a.due_at, r.due_at), r.zone) = t.due_on) n"
        " CROSS JOIN LATERAL respondents_of(t.organisation_id, o.email,"
        " CASE WHEN t.day_offset < 0 THEN $3 WHEN t.day_offset = 0 THEN $4 ELSE $5 END) p ORDER BY t.fires_at, t.path",
        DB_PARAMS(db_text(call->now), db_integer(TIMERS_AT_ONCE), db_text(rules_kind_name(NOTICE_DUE_SOON)),
                  db_text(rules_kind_name(NOTICE_DUE_TODAY)), db_text(rules_kind_name(NOTICE_OVERDUE))));
}

enum status
store_take_coordinators_timer(struct call *call, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "WITH due AS (SELECT * FROM timer WHERE state = 'waiting' AND fires_at <= $1::timestamptz"
                    " AND organisation_id IS NULL ORDER BY fires_at LIMIT 1 FOR UPDATE SKIP LOCKED),"
                    " marked AS (UPDATE timer t SET fired_at = $1::timestamptz, state = 'fired' FROM due d"
                    " WHERE t.round_id = d.round_id AND t.organisation_id IS NULL AND t.day_offset = d.day_offset"
                    " AND t.due_on = d.due_on RETURNING t.*)"
                    " SELECT t.round_id, t.organisation_id," ROUND_COLUMNS
                    " FROM marked t JOIN round r ON r.round_id = t.round_id",
                    DB_PARAMS(db_text(call->now)));
}

enum status
store_list_below(struct call *call, const char *round_id, const char *due_day, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "WITH behind AS (SELECT a.organisation_id, count(*) AS items FROM assignment a JOIN round r USING (round_id)"
        " WHERE a.round_id = $1::uuid AND a.outstanding"
        " AND due_day(coalesce(a.due_at, r.due_at), r.zone) <= $2::date GROUP BY a.organisation_id),"
        " coordinators AS (SELECT m.organisation_id AS municipality_id, m.path, array_agg(c.account_id) AS accounts,"
        " coalesce(array_remove(array_agg(DISTINCT coalesce(c.email, o.email))"
        " FILTER (WHERE wants_mail(c.account_id, $3)), NULL), '{}') AS addresses"
        " FROM (SELECT DISTINCT organisation_id, path FROM organisation_version) m"
        " JOIN account c ON c.path = m.path AND c.role = 'ROLE_COORDINATOR' AND NOT c.closed"
        " LEFT JOIN LATERAL organisation_on(c.organisation_id, $2::date) o ON true"
        " GROUP BY m.organisation_id, m.path)"
        " SELECT k.municipality_id, k.path, v.short_name, b.items, k.accounts, k.addresses"
        " FROM behind b CROSS JOIN LATERAL organisation_on(b.organisation_id, $2::date) v"
        " JOIN coordinators k ON k.municipality_id = v.municipality_id"
        " ORDER BY k.municipality_id, v.path",
        DB_PARAMS(db_text(round_id), db_text(due_day), db_text(rules_kind_name(NOTICE_OVERDUE_BELOW))));
}
