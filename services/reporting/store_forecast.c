// Forecasts are made and what came of them is counted, moment by moment.
#include "store_forecast.h"

// An answer sent in the last second is told of within it.
#define GRACE "interval '1 minute'"
// Dues that are set or moved are found within it.
#define LOOK_AGAIN "interval '1 hour'"

enum status
store_look_for_moments(struct call *call)
{
    return db_run(call->db,
                  "WITH found AS (INSERT INTO forecast_round (round_id, done_to, next_at, looked_at)"
                  " SELECT r.round_id, b.done_to, forecast_next(r.round_id, b.done_to), $1::timestamptz FROM round r"
                  " CROSS JOIN LATERAL (SELECT coalesce(min(p.assigned_at), '-infinity') AS done_to FROM participant p"
                  " WHERE p.round_id = r.round_id) b"
                  " WHERE NOT EXISTS (SELECT FROM forecast_round f WHERE f.round_id = r.round_id))"
                  " UPDATE forecast_round SET next_at = forecast_next(round_id, done_to), looked_at = $1::timestamptz"
                  " WHERE looked_at NOT BETWEEN $1::timestamptz - " LOOK_AGAIN " AND $1::timestamptz",
                  DB_PARAMS(db_text(call->now)));
}

enum status
store_list_next_moments(struct call *call, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT next_at::text, round_id FROM forecast_round WHERE next_at = (SELECT min(next_at)"
                    " FROM forecast_round WHERE next_at <= $1::timestamptz - " GRACE ") ORDER BY round_id",
                    DB_PARAMS(db_text(call->now)));
}

enum status
store_count_outcomes(struct call *call, const char *moment, const char *round_id)
{
    return db_run(
        call->db,
        "WITH over AS (SELECT t.assignment_id,"
        " (t.stands IN ('idle', 'not_started', 'in_work', 'returned'))::integer AS missed"
        " FROM forecast_tasks($2::uuid, $1::timestamptz, '*', NULL) t WHERE t.due_at = $1::timestamptz),"
        " cases AS MATERIALIZED (SELECT programme_of($2::uuid) AS programme_id, o.missed, m.* FROM over o"
        " JOIN forecast_made m ON m.round_id = $2::uuid AND m.due_at = $1::timestamptz"
        " AND m.assignment_id = o.assignment_id),"
        " counted AS (INSERT INTO forecast_rate AS k (programme_id, unit, days, stands, cases, missed)"
        " SELECT c.programme_id, u.unit, c.days, c.stands, count(*), sum(c.missed) FROM cases c"
        " CROSS JOIN LATERAL (SELECT c.path AS unit UNION SELECT parent_of(c.path) UNION SELECT '') u"
        " GROUP BY c.programme_id, u.unit, c.days, c.stands"
        " ON CONFLICT (programme_id, unit, days, stands) DO UPDATE SET cases = k.cases + EXCLUDED.cases,"
        " missed = k.missed + EXCLUDED.missed),"
        " judged AS (INSERT INTO forecast_quality AS q (programme_id, days, tenth, forecasts, missed, chances, squares,"
        " usual_squares) SELECT c.programme_id, c.days, least(floor(c.chance * 10), 9)::integer, count(*),"
        " sum(c.missed), sum(c.chance), sum((c.chance - c.missed) * (c.chance - c.missed)),"
        " sum((c.usual - c.missed) * (c.usual - c.missed)) FROM cases c WHERE c.chance IS NOT NULL GROUP BY 1, 2, 3"
        " ON CONFLICT (programme_id, days, tenth) DO UPDATE SET forecasts = q.forecasts + EXCLUDED.forecasts,"
        " missed = q.missed + EXCLUDED.missed, chances = q.chances + EXCLUDED.chances,"
        " squares = q.squares + EXCLUDED.squares, usual_squares = q.usual_squares + EXCLUDED.usual_squares)"
        " DELETE FROM forecast_made m WHERE m.round_id = $2::uuid AND m.due_at <= $1::timestamptz",
        DB_PARAMS(db_text(moment), db_text(round_id)));
}

enum status
store_make_forecasts(struct call *call, const char *moment, const char *round_id)
{
    return db_run(call->db,
                  "INSERT INTO forecast_made (round_id, due_at, assignment_id, days, path, stands, chance, usual)"
                  " SELECT $2::uuid, t.due_at, t.assignment_id, t.days, t.path, t.stands, t.chance, t.usual"
                  " FROM forecast_on($2::uuid, $1::timestamptz, '*', NULL) t"
                  " WHERE t.due_at = $1::timestamptz + t.days * interval '24 hours' ON CONFLICT DO NOTHING",
                  DB_PARAMS(db_text(moment), db_text(round_id)));
}

enum status
store_count_verdicts(struct call *call, const char *moment, const char *round_id)
{
    return db_run(
        call->db,
        "WITH verdicts AS (SELECT a.programme_id, v.path, extract(epoch FROM v.at - s.at)::double precision AS seconds"
        " FROM round a JOIN round r USING (programme_id) JOIN history v ON v.round_id = r.round_id"
        " AND v.at >= $1::timestamptz - interval '60 days' AND v.at < $1::timestamptz"
        " AND v.state IN ('accepted', 'rejected') CROSS JOIN LATERAL (SELECT h.at FROM history h"
        " WHERE h.assignment_id = v.assignment_id AND h.at <= v.at AND h.number < v.number AND h.state = 'in_review'"
        " ORDER BY h.at DESC LIMIT 1) s WHERE a.round_id = $2::uuid)"
        " INSERT INTO forecast_verdict (programme_id, unit, verdicts, median_hours)"
        " SELECT v.programme_id, u.unit, count(*), round((percentile_cont(0.5) WITHIN GROUP (ORDER BY v.seconds))"
        " / 3600)::integer FROM verdicts v CROSS JOIN LATERAL (SELECT parent_of(v.path) AS unit UNION SELECT '') u"
        " GROUP BY v.programme_id, u.unit ON CONFLICT (programme_id, unit) DO UPDATE SET verdicts = EXCLUDED.verdicts,"
        " median_hours = EXCLUDED.median_hours",
        DB_PARAMS(db_text(moment), db_text(round_id)));
}

enum status
store_finish_moment(struct call *call, const char *moment, const char *round_id)
{
    return db_run(call->db,
                  "UPDATE forecast_round SET done_to = $1::timestamptz, looked_at = $3::timestamptz,"
                  " next_at = forecast_next(round_id, $1::timestamptz) WHERE round_id = $2::uuid",
                  DB_PARAMS(db_text(moment), db_text(round_id), db_text(call->now)));
}
