// Timers: made from due dates and the programme's rules, planned anew when either changes.
#include <string.h>

#include "store.h"

// Reminders of `waiting_for` (organisation_id, path, due_at, asked_at) in round `r`; a due_at of NULL is the round's.
// $2 hour.
#define PLANNED                                                                                                        \
    " planned AS MATERIALIZED (SELECT r.round_id, w.organisation_id, w.path, s.recipient, s.day_offset, "              \
    "s.in_working_days,"                                                                                               \
    " w.day AS due_on, s.at FROM opened r CROSS JOIN LATERAL (SELECT f.organisation_id, f.path,"                       \
    "   due_day(coalesce(f.due_at, r.due_at), r.zone) AS day, due_day(min(f.asked_at), r.zone) AS asked_on"            \
    "   FROM waiting_for f WHERE f.round_id = r.round_id AND (f.due_at IS NULL OR f.due_at < 'infinity')"              \
    "   GROUP BY f.organisation_id, f.path, day) w"                                                                    \
    " CROSS JOIN LATERAL reminders_of(r.programme_id, w.day, w.asked_on, r.zone, $2::integer) s WHERE NOT r.closed)"
#define INSERT_TIMERS                                                                                                  \
    " INSERT INTO timer (round_id, organisation_id, path, recipient, day_offset, in_working_days, due_on, fires_at)"
// $3 since: what would have come before is left out.
#define ADD_TIMERS INSERT_TIMERS " SELECT * FROM planned WHERE at > $3::timestamptz ON CONFLICT DO NOTHING"
#define PLAN_PARAMS(plan) db_integer((plan)->hour), db_text((plan)->since)

enum status
store_round(struct call *call, const Events__RoundOpened *event)
{
    return db_run(call->db,
                  "INSERT INTO round (round_id, name, due_at, zone, programme_id)"
                  " VALUES ($1::uuid, $2, $3::timestamptz, $4, $5::uuid)"
                  " ON CONFLICT (round_id) DO UPDATE SET name = EXCLUDED.name, programme_id = EXCLUDED.programme_id",
                  DB_PARAMS(db_text(event->round_id), db_string(event->name), db_text(event->due_at),
                            db_string(event->zone), db_text(event->programme_id)));
}

enum status
store_round_change(struct call *call, const Events__RoundChanged *event, const struct timer_plan *plan)
{
    // Timers of dates that are not the round's stay, unless the round is closed.
    return db_run(
        call->db,
        "WITH before AS (SELECT due_at FROM round WHERE round_id = $1::uuid),"
        " opened AS (UPDATE round SET due_at = coalesce($4::timestamptz, due_at), closed = $5::boolean"
        " WHERE round_id = $1::uuid RETURNING *),"
        " gone AS (DELETE FROM timer t USING opened r, before b WHERE t.round_id = r.round_id AND t.state = 'waiting'"
        " AND (r.closed OR (t.due_on = due_day(b.due_at, r.zone) AND t.due_on <> due_day(r.due_at, r.zone)"
        "  AND NOT EXISTS (SELECT FROM assignment a WHERE a.round_id = t.round_id"
        "   AND a.organisation_id = t.organisation_id AND due_day(a.due_at, r.zone) = t.due_on)))),"
        " waiting_for AS (SELECT * FROM assignment WHERE round_id = $1::uuid)," PLANNED ADD_TIMERS,
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
    // Who is asked so late that reminders would have come before hears of it a minute later, when all that is asked at
    // the same time is known, whether the day is near or past (S3.20).
    return db_run(call->db,
                  "WITH opened AS (SELECT * FROM round WHERE round_id = $1::uuid),"
                  " waiting_for AS (SELECT a.*, $1::uuid AS round_id, $4::uuid AS organisation_id, $5::text AS path,"
                  "   $3::timestamptz AS asked_at FROM unnest($6::uuid[], $7::uuid[], $8::timestamptz[])"
                  "   a (assignment_id, item_id, due_at)),"
                  " added AS (INSERT INTO assignment (assignment_id, round_id, organisation_id, path, item_id, due_at,"
                  "   asked_at) SELECT assignment_id, round_id, organisation_id, path, item_id, due_at, asked_at"
                  "   FROM waiting_for ON CONFLICT DO NOTHING)," PLANNED INSERT_TIMERS
                  " SELECT round_id, organisation_id, path, recipient, day_offset, in_working_days, due_on,"
                  "   CASE WHEN at > $3::timestamptz THEN at ELSE $3::timestamptz + interval '1 minute' END"
                  " FROM (SELECT p.*, row_number() OVER (PARTITION BY due_on, recipient,"
                  "   at > $3::timestamptz ORDER BY at DESC, day_offset DESC) AS place FROM planned p) p"
                  " WHERE at > $3::timestamptz OR (place = 1 AND recipient = 'respondent' AND day_offset <= 0)"
                  " ON CONFLICT DO NOTHING",
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
    return db_run(
        call->db,
        "WITH opened AS (SELECT * FROM round WHERE round_id = $1::uuid),"
        " moved AS (UPDATE assignment SET due_at = coalesce($6::timestamptz, 'infinity'),"
        "   asked_at = $3::timestamptz WHERE assignment_id = ANY ($7::uuid[])),"
        " waiting_for AS (SELECT $1::uuid AS round_id, $4::uuid AS organisation_id, $5::text AS path,"
        "   coalesce($6::timestamptz, 'infinity') AS due_at, $3::timestamptz AS asked_at)," PLANNED ADD_TIMERS,
        DB_PARAMS(db_text(event->round_id), PLAN_PARAMS(plan), db_text(event->organisation_id),
                  db_string(event->organisation_path), db_text(event->due_at), db_text(ids)));
}

// All of the rounds of $1, or of every programme; what has its moment already is left to come.
#define ALL_OF_PROGRAMME                                                                                               \
    "WITH opened AS (SELECT * FROM round WHERE $1::uuid IS NULL OR programme_id = $1::uuid),"                          \
    " waiting_for AS (SELECT a.* FROM assignment a JOIN opened USING (round_id))," PLANNED
#define SAME_TIMER                                                                                                     \
    "t.round_id = p.round_id AND t.organisation_id = p.organisation_id AND t.due_on = p.due_on"                        \
    " AND t.recipient = p.recipient AND t.day_offset = p.day_offset AND t.in_working_days = p.in_working_days"

enum status
store_plan_again(struct call *call, const char *programme_id, const struct timer_plan *plan)
{
    const struct db_param params[] = {db_text(programme_id), PLAN_PARAMS(plan)};
    enum { COUNT = sizeof params / sizeof params[0] };
    enum status status =
        db_run(call->db,
               ALL_OF_PROGRAMME " UPDATE timer t SET fires_at = greatest(p.at, $3::timestamptz) FROM planned p"
                                " WHERE " SAME_TIMER " AND t.state = 'waiting' AND t.fires_at > $3::timestamptz"
                                " AND t.fires_at <> p.at",
               params, COUNT);
    if (status == STATUS_OK)
        status = db_run(call->db, ALL_OF_PROGRAMME ADD_TIMERS, params, COUNT);
    if (status != STATUS_OK)
        return status;
    return db_run(call->db,
                  "DELETE FROM timer t USING round r WHERE r.round_id = t.round_id AND r.programme_id = $1::uuid"
                  " AND t.state = 'waiting' AND t.fires_at > $2::timestamptz"
                  " AND NOT EXISTS (SELECT FROM reminder_step s WHERE s.programme_id = rule_of(r.programme_id)"
                  "  AND s.recipient = t.recipient AND s.day_offset = t.day_offset"
                  "  AND s.in_working_days = t.in_working_days)",
                  DB_PARAMS(db_text(programme_id), db_text(plan->since)));
}

static enum status
get_rule(struct call *call, const char *programme_id, const char **ret_rule)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows,
                                  "SELECT r.on_day_off || coalesce((SELECT string_agg(s::text, ' ' ORDER BY s) FROM"
                                  "  reminder_step s WHERE s.programme_id = r.programme_id), '')"
                                  " FROM reminder_rule r WHERE r.programme_id = rule_of($1::uuid)",
                                  DB_PARAMS(db_text(programme_id)));
    if (status == STATUS_OK)
        *ret_rule = arena_format(call->arena, "%s", db_text_at(&rows, 0, 0));
    return status == STATUS_OK && !*ret_rule ? STATUS_TOO_LARGE : status;
}

static enum status
put_rule(struct call *call, const Events__ProgrammeLoaded *event)
{
    enum { COLUMNS = 3 };
    const Events__Reminders *reminders = event->reminders;
    if (!reminders)
        return db_run(call->db, "DELETE FROM reminder_rule WHERE programme_id = $1::uuid",
                      DB_PARAMS(db_text(event->programme_id)));
    const char *(*rows)[COLUMNS] = arena_take(call->arena, (reminders->n_steps + 1) * sizeof(*rows));
    if (!rows)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < reminders->n_steps; i++) {
        rows[i][0] = reminders->steps[i]->to;
        rows[i][1] = arena_format(call->arena, "%d", reminders->steps[i]->day_offset);
        rows[i][2] = reminders->steps[i]->in_working_days ? "t" : "f";
    }
    struct db_param columns[COLUMNS];
    enum status status = db_text_columns(call->arena, rows[0], reminders->n_steps, COLUMNS, columns);
    if (status == STATUS_OK)
        status = db_run(call->db,
                        "INSERT INTO reminder_rule (programme_id, quiet_from, quiet_until, on_day_off)"
                        " VALUES ($1::uuid, $2::integer, $3::integer, $4) ON CONFLICT (programme_id) DO UPDATE SET"
                        " quiet_from = EXCLUDED.quiet_from, quiet_until = EXCLUDED.quiet_until,"
                        " on_day_off = EXCLUDED.on_day_off",
                        DB_PARAMS(db_text(event->programme_id), db_integer(reminders->quiet_from),
                                  db_integer(reminders->quiet_until), db_text(reminders->on_day_off)));
    if (status == STATUS_OK)
        status = db_run(call->db, "DELETE FROM reminder_step WHERE programme_id = $1::uuid",
                        DB_PARAMS(db_text(event->programme_id)));
    if (status != STATUS_OK)
        return status;
    return db_run(call->db,
                  "INSERT INTO reminder_step (programme_id, recipient, day_offset, in_working_days)"
                  " SELECT $1::uuid, s.* FROM unnest($2::text[], $3::integer[], $4::boolean[]) s",
                  DB_PARAMS(db_text(event->programme_id), columns[0], columns[1], columns[2]));
}

enum status
store_reminders(struct call *call, const Events__ProgrammeLoaded *event, bool *ret_changed)
{
    const char *before = NULL, *after = NULL;
    enum status status = get_rule(call, event->programme_id, &before);
    if (status == STATUS_OK)
        status = put_rule(call, event);
    if (status == STATUS_OK)
        status = get_rule(call, event->programme_id, &after);
    *ret_changed = status == STATUS_OK && strcmp(before, after) != 0;
    return status;
}
