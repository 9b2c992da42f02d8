// What timers that came have to say, and to whom: words, until the letter of a day takes them along.
#include "store_digests.h"

enum status
store_take_timers(struct call *call, int64_t *ret_taken)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "WITH due AS (SELECT * FROM timer WHERE state = 'waiting' AND fires_at <= $1::timestamptz"
        "  ORDER BY fires_at, path LIMIT $2::integer FOR UPDATE),"
        " marked AS (UPDATE timer t SET fired_at = $1::timestamptz, state = 'fired' FROM due d"
        "  WHERE t.round_id = d.round_id AND t.organisation_id = d.organisation_id AND t.due_on = d.due_on"
        "  AND t.recipient = d.recipient AND t.day_offset = d.day_offset AND t.in_working_days = d.in_working_days"
        "  RETURNING t.*),"
        " people AS MATERIALIZED (SELECT account_id, organisation_id, path, role, level_of(role, path, NULL) AS level"
        "  FROM account WHERE NOT closed AND role IN ('ROLE_RESPONDENT', 'ROLE_COORDINATOR')),"
        " told AS (SELECT coalesce(p.account_id, m.organisation_id) AS recipient_id, m.* FROM marked m"
        "   LEFT JOIN people p ON p.organisation_id = m.organisation_id AND p.role = 'ROLE_RESPONDENT'"
        "   WHERE m.recipient = 'respondent'"
        "  UNION ALL SELECT p.account_id, m.* FROM marked m JOIN people p ON p.role = 'ROLE_COORDINATOR'"
        "   AND p.level = m.recipient AND vekha_in_scope(m.path, p.path)),"
        " words AS (INSERT INTO reminder_word AS w (recipient_id, level, round_id, organisation_id, path, due_on,"
        "   moments) SELECT recipient_id, recipient, round_id, organisation_id, path, due_on, array_agg(fires_at)"
        "   FROM told GROUP BY recipient_id, recipient, round_id, organisation_id, path, due_on"
        "  ON CONFLICT (recipient_id, round_id, organisation_id, due_on) DO UPDATE SET"
        "   moments = w.moments || EXCLUDED.moments, look_at = '-infinity')"
        " SELECT count(*) FROM due",
        DB_PARAMS(db_text(call->now), db_integer(TIMERS_AT_ONCE)));
    *ret_taken = status == STATUS_OK ? db_integer_at(&rows, 0, 0) : 0;
    return status;
}

// Words that may be said now, $1, and whose recipient has had no letter today; $2 the hour of reminders.
#define OPEN                                                                                                           \
    "WITH open AS MATERIALIZED (SELECT w.recipient_id, w.round_id, w.organisation_id, w.due_on,"                       \
    "  due_day($1::timestamptz, r.zone) AS today FROM reminder_word w JOIN round r USING (round_id)"                   \
    "  JOIN reminder_rule u ON u.programme_id = rule_of(r.programme_id) WHERE w.look_at <= $1::timestamptz"            \
    "  AND NOT is_quiet($1::timestamptz, r.zone, u.quiet_from, u.quiet_until)"                                         \
    "  AND extract(hour FROM $1::timestamptz AT TIME ZONE r.zone) >= $2::integer"                                      \
    "  AND NOT EXISTS (SELECT FROM reminded d WHERE d.recipient_id = w.recipient_id"                                   \
    "   AND d.day >= due_day($1::timestamptz, r.zone))),"

enum status
store_take_digests(struct call *call, int64_t hour, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        OPEN
        " chosen AS (SELECT DISTINCT recipient_id FROM open ORDER BY recipient_id LIMIT $3::integer),"
        " gone AS (DELETE FROM reminder_word w USING open o JOIN chosen c USING (recipient_id)"
        "  WHERE w.recipient_id = o.recipient_id AND w.round_id = o.round_id AND w.organisation_id = o.organisation_id"
        "  AND w.due_on = o.due_on RETURNING w.*, o.today),"
        " told AS (SELECT g.*, r.name, r.zone, zone_minutes(r.due_at, r.zone) AS minutes, n.items,"
        "   o.short_name, o.email, o.municipality_id, (SELECT max(m) FROM unnest(g.moments) m) AS at,"
        "   coalesce((SELECT string_agg(to_char(d, 'DD.MM.YYYY'), ', ' ORDER BY d) FROM (SELECT DISTINCT"
        "    due_day(m, r.zone) AS d FROM unnest(g.moments) m) m WHERE d < g.today), '') AS late"
        "  FROM gone g JOIN round r USING (round_id)"
        "  CROSS JOIN LATERAL (SELECT count(*) AS items FROM assignment a WHERE a.round_id = g.round_id"
        "   AND a.organisation_id = g.organisation_id AND a.outstanding AND NOT r.closed"
        "   AND due_day(coalesce(a.due_at, r.due_at), r.zone) = g.due_on) n"
        "  LEFT JOIN LATERAL organisation_on(g.organisation_id, g.today) o ON true),"
        // The region's coordinators read of municipalities, not of each school.
        " lines AS (SELECT t.recipient_id, t.level, t.round_id, t.name, t.zone, t.minutes, t.due_on, t.today,"
        "   CASE WHEN t.level = 'region' THEN coalesce(t.municipality_id, t.organisation_id) ELSE t.organisation_id"
        "    END AS organisation_id, min(t.path) AS path, min(t.short_name) AS short_name, min(t.email) AS email,"
        "   count(*) FILTER (WHERE t.items > 0) AS organisations, sum(t.items) AS items,"
        "   max(t.at) AS at, (array_agg(t.late ORDER BY length(t.late) DESC))[1] AS late"
        "  FROM told t GROUP BY t.recipient_id, t.level, t.round_id, t.name, t.zone, t.minutes, t.due_on, t.today, 9),"
        " noted AS (INSERT INTO reminded AS r (recipient_id, day) SELECT recipient_id, max(today) FROM lines"
        "  WHERE items > 0 GROUP BY recipient_id ON CONFLICT (recipient_id) DO UPDATE SET day = EXCLUDED.day)"
        " SELECT l.recipient_id, a.account_id IS NOT NULL, l.level, to_char(l.today, 'YYYY-MM-DD'), l.round_id,"
        "  l.name, l.zone, l.minutes, to_char(l.due_on, 'YYYY-MM-DD'), l.due_on - l.today, l.organisation_id, "
        "coalesce(a.path, l.path),"
        "  coalesce(CASE WHEN l.level = 'region' THEN m.short_name END, l.short_name, ''), l.organisations, CASE WHEN "
        "a.closed THEN 0 ELSE l.items END,"
        "  vekha_time(l.at), l.late,"
        "  coalesce(a.email, CASE WHEN l.level = 'respondent' THEN l.email ELSE h.email END, ''),"
        "  a.account_id IS NULL OR wants_mail(a.account_id, CASE WHEN l.level <> 'respondent' THEN 'overdue_below'"
        "   WHEN l.due_on > l.today THEN 'due_soon' WHEN l.due_on = l.today THEN 'due_today' ELSE 'overdue' END)"
        " FROM lines l LEFT JOIN account a ON a.account_id = l.recipient_id"
        " LEFT JOIN LATERAL organisation_on(l.organisation_id, l.today) m ON true"
        " LEFT JOIN LATERAL organisation_on(a.organisation_id, l.today) h ON true"
        " ORDER BY l.recipient_id, l.due_on, l.name, l.round_id, l.path",
        DB_PARAMS(db_text(call->now), db_integer(hour), db_integer(DIGESTS_AT_ONCE)));
}

enum status
store_put_off_words(struct call *call)
{
    // Whatever the zone, hours there begin with a quarter of an hour here.
    return db_run(call->db,
                  "UPDATE reminder_word SET look_at ="
                  " date_bin('15 minutes', $1::timestamptz, '2000-01-01 00:00+00') + interval '15 minutes'"
                  " WHERE look_at <= $1::timestamptz",
                  DB_PARAMS(db_text(call->now)));
}
