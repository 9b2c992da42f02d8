// The base report: organisation by section, with the totals of the whole (S1.27, S1.31).
#include "store.h"
#include "store_roadmap_totals.h"

#define WHOLE_DAYS(since) "floor(extract(epoch FROM $3::timestamptz - " since ") / 86400)::integer"

// $6 the day, $7 municipality, $8 after_path, $9 limit, $10 organisations. What is summed over an organisation's
// sections keeps its name, so that totals and rows fill messages alike.
static const char roadmaps[] =
    "WITH rows AS MATERIALIZED (SELECT * FROM roadmaps_on($1::uuid, $2::timestamptz, $3::timestamptz, $4, $5::uuid)),"
    " people AS MATERIALIZED (SELECT * FROM participants_on($1::uuid, $2::timestamptz, $6::date, $4, $5::uuid,"
    " $7::uuid)),"
    " sums AS (SELECT count(r.section_code) FILTER (WHERE r.state IN ('chosen', 'activated')) AS chosen,"
    " count(r.section_code) FILTER (WHERE r.state = 'activated') AS activated,"
    " coalesce(sum(r.templates_total), 0) AS templates_total,"
    " coalesce(sum(r.templates_activated), 0) AS templates_activated,"
    " coalesce(sum(r.measures_total), 0) AS measures_total, coalesce(sum(r.measures_started), 0) AS measures_started,"
    " coalesce(sum(r.measures_finished), 0) AS measures_finished, coalesce(sum(r.placed), 0) AS placed,"
    " coalesce(sum(r.accepted), 0) AS accepted, coalesce(sum(r.returned), 0) AS returned,"
    " coalesce(sum(r.waiting), 0) AS waiting, min(r.waiting_since) AS waiting_since,"
    " coalesce(sum(r.overdue), 0) AS overdue"
    " FROM people p LEFT JOIN rows r ON r.organisation_id = p.organisation_id GROUP BY "
    "p.organisation_id)," ROADMAP_TOTALS
    " page AS (SELECT p.* FROM people p WHERE CASE WHEN $10::uuid[] IS NULL THEN p.path > $8 COLLATE \"C\""
    " ELSE p.organisation_id = ANY ($10::uuid[]) END ORDER BY p.path LIMIT $9::integer),"
    " answer AS (SELECT organisations, chosen, activated, not_started, overdue_organisations, NULL AS organisation_id,"
    " NULL AS path, NULL AS short_name, NULL AS municipality_id, NULL AS municipality_name, NULL AS curators,"
    " NULL AS section_code, NULL AS section_number, NULL AS section_title, NULL AS significance,"
    " NULL AS section_position, NULL AS state, NULL AS planned_on, NULL AS moves, NULL AS previous_on,"
    " NULL AS move_reason, templates_total, templates_activated, measures_total, measures_started, measures_finished,"
    " placed, accepted, returned, waiting, waiting_since, overdue, NULL AS due_at, NULL AS last_act_at FROM totals"
    " UNION ALL SELECT NULL, NULL, NULL, NULL, NULL, g.organisation_id, g.path, v.short_name, v.municipality_id,"
    " v.municipality_name, curators_on(g.organisation_id, $2::timestamptz), r.section_code, r.section_number,"
    " r.section_title, r.significance, r.section_position, coalesce(r.state, 'not_chosen'), r.planned_on, r.moves,"
    " r.previous_on, r.reason, r.templates_total, r.templates_activated, r.measures_total, r.measures_started,"
    " r.measures_finished, r.placed, r.accepted, r.returned, r.waiting, r.waiting_since, r.overdue, r.due_at,"
    " r.last_act_at FROM page g CROSS JOIN LATERAL version_on(g.organisation_id, $6::date) v"
    " LEFT JOIN rows r ON r.organisation_id = g.organisation_id)"
    " SELECT organisations, chosen, activated, not_started, overdue_organisations, organisation_id, path, short_name,"
    " municipality_id, municipality_name, curators, section_code, section_number, section_title, significance, state,"
    " to_char(planned_on, 'YYYY-MM-DD') AS planned_on, moves, to_char(previous_on, 'YYYY-MM-DD') AS previous_on,"
    " move_reason, templates_total, templates_activated, measures_total, measures_started, measures_finished, placed,"
    " accepted, returned, waiting, vekha_time(waiting_since) AS waiting_since, " WHOLE_DAYS(
        "waiting_since") " AS"
                         " waiting_days, overdue, vekha_time(due_at) AS due_at, vekha_time(last_act_at) AS last_act_at"
                         " FROM answer ORDER BY path NULLS FIRST, section_position, section_code";

enum status
store_list_roadmaps(struct call *call, const Reporting__GetRoadmapsReportRequest *request,
                    const struct report_round *round, const struct roadmaps_page *page, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows, roadmaps,
                    DB_PARAMS(AS_OF_PARAMS(call, request->round_id, round), db_text(round->as_of),
                              db_text(request->municipality_id), db_string(page->after_path), db_integer(page->limit),
                              db_text(page->organisations)));
}
