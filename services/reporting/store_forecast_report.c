// The forecast of a round as of now, and how good forecasts were.
#include "rules_forecast.h"
#include "store_forecast.h"

// $1 round, $2 the day's end, $3 now, $4 territory, $5 curator. Nobody is told that something is certain.
#define FORECAST                                                                                                       \
    "WITH f AS MATERIALIZED (SELECT t.*, greatest(1, least(99, round(t.chance * 100)))::integer AS percent,"           \
    " lpad((10000 - round(t.chance * 10000))::integer::text, 5, '0') || ':' || t.path AS place, i.code AS item_code,"  \
    " i.question, i.position AS item_position, s.title AS section_title, s.position AS section_position"               \
    " FROM forecast_on($1::uuid, $3::timestamptz, $4, $5::uuid) t"                                                     \
    " JOIN items_on($1::uuid, $2::timestamptz) i ON i.item_id = t.item_id"                                             \
    " JOIN sections_on($1::uuid, $2::timestamptz) s ON s.code = t.section_code)"

// Of a row g with its organisation o, in the order of enum forecast_column.
#define FACTS                                                                                                          \
    "g.stands, g.asked, g.sent, g.returned, g.days, g.own_cases, g.own_missed, g.near_cases, g.near_missed,"           \
    " g.all_cases, g.all_missed, coalesce((SELECT round(v.median_hours / 24.0)::integer FROM forecast_verdict v"       \
    " WHERE v.programme_id = (SELECT programme_of($1::uuid)) AND v.unit IN (parent_of(g.path), '')"                    \
    " ORDER BY v.unit DESC LIMIT 1), -1) AS review_days,"                                                              \
    " CASE WHEN o.last_login_at IS NOT NULL"                                                                           \
    " THEN floor(extract(epoch FROM $3::timestamptz - o.last_login_at) / 86400)::integer"                              \
    " WHEN o.first_login_at IS NULL THEN -1 ELSE -2 END AS seen_days, g.place"

#define SHOWN                                                                                                          \
    " g.organisation_id, g.path, g.percent, g.section_title, g.question, vekha_time(g.due_at) AS due_at, g.days_left"

// $6 municipality, $7 at_least_percent, $8 after, $9 limit, $10 and $11 from where on it is late and doubtful. Of each
// organisation its most doubtful assignment.
static const char organisations[] = FORECAST
    ", worst AS (SELECT DISTINCT ON (f.organisation_id) f.*, count(*) OVER w AS unfinished,"
    " count(*) FILTER (WHERE f.percent >= 50) OVER w AS at_risk FROM f WHERE f.chance IS NOT NULL"
    " WINDOW w AS (PARTITION BY f.organisation_id) ORDER BY f.organisation_id, f.chance DESC, f.due_at,"
    " f.section_position, f.item_position, f.assignment_id),"
    " asked AS MATERIALIZED (SELECT w.* FROM worst w JOIN organisation o USING (organisation_id)"
    " WHERE $6::uuid IS NULL OR o.municipality_id = $6::uuid),"
    " totals AS (SELECT count(*) FILTER (WHERE a.percent >= $10::integer) AS late, count(*) FILTER (WHERE a.percent >="
    " $11::integer AND a.percent < $10::integer) AS doubtful, count(*) FILTER (WHERE a.percent < $11::integer) AS"
    " in_time, (SELECT count(*) FROM f WHERE f.chance IS NULL) AS without, (SELECT coalesce(max(c.cases), 0) FROM"
    " (SELECT sum(r.cases) AS cases FROM forecast_rate r WHERE r.programme_id = (SELECT programme_of($1::uuid))"
    " AND r.unit = '' GROUP BY r.days) c) AS cases, forecast_cases_min() AS cases_needed FROM asked a),"
    " page AS (SELECT * FROM asked WHERE percent >= $7::integer AND place > $8 COLLATE \"C\" ORDER BY place COLLATE"
    " \"C\" LIMIT $9::integer)"
    " SELECT " FACTS ", c.contact_name, c.contact_position, c.contact_phone, c.contact_email," SHOWN
    ", o.short_name, o.municipality_name, g.unfinished, g.at_risk, n.late, n.doubtful, n.in_time, n.without, n.cases,"
    " n.cases_needed, vekha_time($3::timestamptz) AS made_at FROM totals n LEFT JOIN page g ON true"
    " LEFT JOIN organisation o ON o.organisation_id = g.organisation_id LEFT JOIN LATERAL contact_of(o) c ON true"
    " ORDER BY g.place COLLATE \"C\"";

enum status
store_list_forecast(struct call *call, const Reporting__GetForecastRequest *request, const struct report_round *round,
                    uint32_t limit, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows, organisations,
                    DB_PARAMS(AS_OF_PARAMS(call, request->round_id, round), db_text(request->municipality_id),
                              db_integer(request->at_least_percent), db_string(request->after), db_integer(limit),
                              db_integer(FORECAST_LATE_PERCENT), db_integer(FORECAST_DOUBTFUL_PERCENT)));
}

// $6 organisation, $7 at_least_percent, $8 after, $9 limit.
static const char items[] = FORECAST
    ", page AS (SELECT f.*, f.place || ':' || f.assignment_id AS behind FROM f WHERE f.chance IS NOT NULL"
    " AND ($6::uuid IS NULL OR f.organisation_id = $6::uuid) AND f.percent >= $7::integer"
    " AND f.place || ':' || f.assignment_id > $8 COLLATE \"C\""
    " ORDER BY (f.place || ':' || f.assignment_id) COLLATE \"C\" LIMIT $9::integer),"
    " g AS (SELECT p.assignment_id, p.organisation_id, p.path, p.item_code, p.section_title, p.question, p.percent,"
    " p.due_at, p.days_left, p.stands, p.asked, p.sent, p.returned, p.days, p.own_cases, p.own_missed, p.near_cases,"
    " p.near_missed, p.all_cases, p.all_missed, p.behind AS place FROM page p)"
    " SELECT " FACTS "," SHOWN ", g.assignment_id, g.item_code,"
    " CASE g.stands WHEN 'idle' THEN 'not_started' ELSE g.stands END AS state"
    " FROM g LEFT JOIN organisation o ON o.organisation_id = g.organisation_id ORDER BY g.place COLLATE \"C\"";

enum status
store_list_forecast_items(struct call *call, const Reporting__ListForecastItemsRequest *request,
                          const struct report_round *round, uint32_t limit, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows, items,
                    DB_PARAMS(AS_OF_PARAMS(call, request->round_id, round), db_text(request->organisation_id),
                              db_integer(request->at_least_percent), db_string(request->after), db_integer(limit)));
}

enum status
store_list_forecast_quality(struct call *call, const char *round_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT coalesce(q.days, 0) AS days, q.forecasts, q.missed,"
                    " round(q.squares / q.forecasts, 4)::text AS brier,"
                    " round(q.usual_squares / q.forecasts, 4)::text AS usual_brier,"
                    " CASE WHEN q.usual_squares > 0 THEN round(100 - 100 * q.squares / q.usual_squares)::text END"
                    " AS skill_percent FROM (SELECT days, sum(forecasts) AS forecasts, sum(missed) AS missed,"
                    " sum(squares) AS squares, sum(usual_squares) AS usual_squares FROM forecast_quality"
                    " WHERE programme_id = (SELECT programme_of($1::uuid)) GROUP BY ROLLUP (days)) q"
                    " WHERE q.forecasts > 0 ORDER BY 1",
                    DB_PARAMS(db_text(round_id)));
}

enum status
store_list_forecast_tenths(struct call *call, const char *round_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT 10 * tenth AS from_percent, 10 * tenth + 10 AS to_percent, sum(forecasts) AS forecasts,"
                    " round(100 * sum(chances) / sum(forecasts), 1)::text AS expected_percent,"
                    " round(100.0 * sum(missed) / sum(forecasts), 1)::text AS missed_percent FROM forecast_quality"
                    " WHERE programme_id = (SELECT programme_of($1::uuid)) GROUP BY tenth ORDER BY tenth",
                    DB_PARAMS(db_text(round_id)));
}
