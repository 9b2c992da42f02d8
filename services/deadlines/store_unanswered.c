// Answers that wait for a verdict: steps that came, words for accounts, one digest an account and day.
#include "store_unanswered.h"

enum status
store_answering(struct call *call, const Events__ProgrammeLoaded *event, int64_t hour)
{
    enum { COLUMNS = 2 };
    size_t count = event->answering ? event->answering->n_steps : 0;
    const char *(*rows)[COLUMNS] = arena_take(call->arena, (count + 1) * sizeof(*rows));
    if (!rows)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < count; i++) {
        rows[i][0] = event->answering->steps[i]->to;
        rows[i][1] = arena_format(call->arena, "%u", event->answering->steps[i]->after_working_days);
    }
    struct db_param columns[COLUMNS];
    enum status status = db_text_columns(call->arena, rows[0], count, COLUMNS, columns);
    if (status == STATUS_OK)
        status = db_run(
            call->db,
            "WITH gone AS (DELETE FROM answering_step WHERE programme_code = $1 AND recipient <> ALL ($5::text[]))"
            " INSERT INTO answering_step (programme_code, recipient, working_days, zone, quiet_from,"
            " quiet_until) SELECT $1, s.recipient, s.working_days, $2, $3::integer, $4::integer"
            " FROM unnest($5::text[], $6::integer[]) s (recipient, working_days)"
            " ON CONFLICT (programme_code, recipient) DO UPDATE SET working_days = EXCLUDED.working_days,"
            " zone = EXCLUDED.zone, quiet_from = EXCLUDED.quiet_from, quiet_until = EXCLUDED.quiet_until",
            DB_PARAMS(db_text(event->code), db_text(event->zone),
                      db_integer(event->answering ? event->answering->quiet_from : 0),
                      db_integer(event->answering ? event->answering->quiet_until : 0), columns[0], columns[1]));
    if (status != STATUS_OK)
        return status;
    return db_run(call->db,
                  "UPDATE waiting_answer w SET next_at = next_step_at(w.programme_code, w.sent_at, w.told, $2::integer)"
                  " WHERE w.programme_code = $1 AND w.next_at IS DISTINCT FROM"
                  " next_step_at(w.programme_code, w.sent_at, w.told, $2::integer)",
                  DB_PARAMS(db_text(event->code), db_integer(hour)));
}

enum status
store_take_steps(struct call *call, int64_t hour, int64_t *ret_taken)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "WITH due AS (SELECT * FROM waiting_answer WHERE next_at <= $1::timestamptz ORDER BY next_at"
        "  LIMIT $2::integer FOR UPDATE),"
        " come AS (SELECT d.*, s.recipient, c.at FROM due d JOIN answering_step s USING (programme_code)"
        "  CROSS JOIN LATERAL (SELECT step_at(d.sent_at, s.zone, s.working_days, $3::integer) AS at) c"
        "  WHERE s.recipient <> ALL (d.told) AND c.at <= $1::timestamptz),"
        " people AS MATERIALIZED (SELECT account_id, role, path, level_of(role, path, NULL) AS level FROM account"
        "  WHERE NOT closed AND role <> 'ROLE_RESPONDENT'),"
        " words AS (INSERT INTO unanswered_word (account_id, assignment_id, version, programme_code, recipient, path, "
        "at)"
        "  SELECT p.account_id, c.assignment_id, c.version, c.programme_code, c.recipient, c.path, c.at"
        "  FROM come c JOIN people p ON CASE WHEN c.recipient <> 'reviewer' THEN"
        "    p.level = c.recipient AND vekha_in_scope(c.path, p.path)"
        "   WHEN c.reviewer = 'curator' THEN EXISTS (SELECT FROM curator_school s WHERE s.account_id = p.account_id"
        "    AND s.organisation_id = c.organisation_id)"
        "   ELSE p.level = 'operator' AND vekha_in_scope(c.path, p.path) END ON CONFLICT DO NOTHING),"
        " steps AS (SELECT d.assignment_id, d.told || array_agg(c.recipient) FILTER (WHERE c.recipient IS NOT NULL) AS "
        "told"
        "  FROM due d LEFT JOIN come c USING (assignment_id) GROUP BY d.assignment_id, d.told),"
        " moved AS (UPDATE waiting_answer w SET told = s.told,"
        "  next_at = next_step_at(w.programme_code, w.sent_at, s.told, $3::integer)"
        "  FROM steps s WHERE w.assignment_id = s.assignment_id)"
        " SELECT count(*) FROM due",
        DB_PARAMS(db_text(call->now), db_integer(UNANSWERED_AT_ONCE), db_integer(hour)));
    *ret_taken = status == STATUS_OK ? db_integer_at(&rows, 0, 0) : 0;
    return status;
}

enum status
store_drop_answered(struct call *call, bool *ret_left)
{
    struct db_rows rows;
    enum status status =
        db_run(call->db,
               "DELETE FROM unanswered_word w WHERE NOT EXISTS (SELECT FROM waiting_answer a"
               "  WHERE a.assignment_id = w.assignment_id AND a.version = w.version)"
               " OR NOT EXISTS (SELECT FROM account p WHERE p.account_id = w.account_id AND NOT p.closed)"
               " OR NOT EXISTS (SELECT FROM answering_step s WHERE s.programme_code = w.programme_code"
               "  AND s.recipient = w.recipient)",
               DB_NO_PARAMS);
    if (status == STATUS_OK)
        status = db_query(call->db, &rows, "SELECT EXISTS (SELECT FROM unanswered_word)", DB_NO_PARAMS);
    *ret_left = status == STATUS_OK && db_boolean_at(&rows, 0, 0);
    return status;
}

enum status
store_take_digest(struct call *call, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "WITH open AS MATERIALIZED (SELECT w.*, s.working_days FROM unanswered_word w"
        "  JOIN answering_step s USING (programme_code, recipient)"
        "  WHERE NOT is_quiet($1::timestamptz, s.zone, s.quiet_from, s.quiet_until)),"
        " chosen AS (SELECT a.account_id, a.path, a.email, a.organisation_id, a.role, t.day"
        "  FROM (SELECT DISTINCT account_id FROM open) o JOIN account a USING (account_id)"
        "  CROSS JOIN LATERAL (SELECT due_day($1::timestamptz, zone_of(a.path)) AS day) t"
        "  WHERE NOT EXISTS (SELECT FROM notification n WHERE n.account_id = a.account_id"
        "   AND n.cause = 'unanswered:' || a.account_id || ':' || t.day) LIMIT 1),"
        " gone AS (DELETE FROM unanswered_word w USING chosen c, open o WHERE w.account_id = c.account_id"
        "  AND o.account_id = w.account_id AND o.assignment_id = w.assignment_id AND o.version = w.version"
        "  AND o.recipient = w.recipient RETURNING w.assignment_id, w.recipient, w.at, o.working_days),"
        " told AS (SELECT a.organisation_id, a.round_id, a.reviewer, g.recipient, g.at, g.working_days, a.sent_at, "
        "a.path,"
        "  due_day(a.sent_at, zone_of(a.path)) AS sent_on FROM gone g JOIN waiting_answer a USING (assignment_id))"
        " SELECT ARRAY[c.account_id], CASE WHEN wants_mail(c.account_id, $2)"
        "  THEN array_remove(ARRAY[coalesce(c.email, h.email)], NULL) ELSE '{}' END, c.account_id, c.path,"
        "  to_char(c.day, 'YYYY-MM-DD'), min(t.recipient), vekha_time(max(max(t.at)) OVER ()),"
        "  min(min(t.working_days)) OVER (), (array_agg(t.round_id ORDER BY t.sent_at))[1], t.organisation_id,"
        "  coalesce(o.short_name, ''), t.reviewer, coalesce(k.names, ''), count(*), to_char(min(t.sent_on), "
        "'YYYY-MM-DD')"
        " FROM told t CROSS JOIN chosen c LEFT JOIN LATERAL organisation_on(t.organisation_id, c.day) o ON true"
        " LEFT JOIN LATERAL (SELECT v.email FROM organisation_on(c.organisation_id, c.day) v"
        "  WHERE c.role <> 'ROLE_CURATOR') h ON true"
        " LEFT JOIN LATERAL (SELECT string_agg(p.person_name, ', ' ORDER BY p.person_name) AS names"
        "  FROM curator_school s JOIN account p USING (account_id) WHERE s.organisation_id = t.organisation_id"
        "  AND t.reviewer = 'curator' AND NOT p.closed) k ON true"
        " GROUP BY c.account_id, c.path, c.email, c.day, h.email, t.organisation_id, o.short_name, t.reviewer, k.names"
        " ORDER BY min(t.sent_at), o.short_name",
        DB_PARAMS(db_text(call->now), db_text(rules_kind_name(NOTICE_UNANSWERED))));
}
