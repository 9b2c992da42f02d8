// Counters of a round: all, by municipality, by section, by day.
#include "store.h"

// $1 round, $2 territory, $3 municipality, $4 whether the due moment is over.
#define COUNTERS                                                                                                       \
    " coalesce(sum(c.total), 0) AS total, coalesce(sum(c.empty), 0) AS empty, coalesce(sum(c.draft), 0) AS draft,"     \
    " coalesce(sum(c.in_review), 0) AS in_review, coalesce(sum(c.accepted), 0) AS accepted,"                           \
    " coalesce(sum(c.rejected), 0) AS rejected,"                                                                       \
    " CASE WHEN $4::boolean THEN coalesce(sum(c.empty + c.draft + c.rejected), 0) ELSE 0 END AS overdue"               \
    " FROM counter c JOIN organisation o ON o.organisation_id = c.organisation_id"                                     \
    " WHERE c.round_id = $1::uuid AND in_territory(c.path, $2)"                                                        \
    " AND CASE WHEN $3::uuid IS NULL THEN true ELSE o.municipality_id = $3 END"
#define COUNTER_PARAMS(call, request, round)                                                                           \
    db_text((request)->round_id), db_text(call_scope(call)), db_text((request)->municipality_id),                      \
        db_boolean((round)->is_due)

enum status
store_count_all(struct call *call, const Reporting__GetStatisticsRequest *request, const struct report_round *round,
                struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows, "SELECT" COUNTERS, DB_PARAMS(COUNTER_PARAMS(call, request, round)));
}

enum status
store_count_municipalities(struct call *call, const Reporting__GetStatisticsRequest *request,
                           const struct report_round *round, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT o.municipality_id AS id, coalesce(o.municipality_name, '') AS name," COUNTERS
                    " GROUP BY o.municipality_id, o.municipality_name"
                    " ORDER BY o.municipality_name NULLS LAST, o.municipality_id LIMIT 2000",
                    DB_PARAMS(COUNTER_PARAMS(call, request, round)));
}

enum status
store_count_sections(struct call *call, const Reporting__GetStatisticsRequest *request,
                     const struct report_round *round, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "WITH counted AS (SELECT c.item_id, c.state, count(*) AS cells FROM cell c"
        " WHERE c.round_id = $1::uuid AND in_territory(c.path, $2) AND CASE WHEN $3::uuid IS NULL THEN true ELSE"
        " c.organisation_id IN (SELECT o.organisation_id FROM organisation o WHERE o.municipality_id = $3) END"
        " GROUP BY c.item_id, c.state)"
        " SELECT i.section_code AS id, min(i.section_title) AS name, sum(c.cells) AS total,"
        " coalesce(sum(c.cells) FILTER (WHERE c.state = 'empty'), 0) AS empty,"
        " coalesce(sum(c.cells) FILTER (WHERE c.state = 'draft'), 0) AS draft,"
        " coalesce(sum(c.cells) FILTER (WHERE c.state = 'in_review'), 0) AS in_review,"
        " coalesce(sum(c.cells) FILTER (WHERE c.state = 'accepted'), 0) AS accepted,"
        " coalesce(sum(c.cells) FILTER (WHERE c.state = 'rejected'), 0) AS rejected,"
        " CASE WHEN $4::boolean THEN coalesce(sum(c.cells) FILTER (WHERE c.state IN ('empty', 'draft', 'rejected')), 0)"
        " ELSE 0 END AS overdue"
        " FROM counted c JOIN item i ON i.item_id = c.item_id"
        " GROUP BY i.section_code ORDER BY min(i.position)",
        DB_PARAMS(COUNTER_PARAMS(call, request, round)));
}

enum status
store_count_days(struct call *call, const Reporting__GetStatisticsRequest *request, const struct report_round *round,
                 struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "SELECT to_char(d.day, 'YYYY-MM-DD') AS day, d.sent, d.accepted, d.rejected FROM"
        " (SELECT (h.at AT TIME ZONE $4)::date AS day, count(*) FILTER (WHERE h.state = 'in_review') AS sent,"
        " count(*) FILTER (WHERE h.state = 'accepted') AS accepted,"
        " count(*) FILTER (WHERE h.state = 'rejected') AS rejected"
        " FROM history h WHERE h.round_id = $1::uuid AND h.state IN ('in_review', 'accepted', 'rejected')"
        " AND in_territory(h.path, $2) AND CASE WHEN $3::uuid IS NULL THEN true ELSE"
        " h.organisation_id IN (SELECT o.organisation_id FROM organisation o WHERE o.municipality_id = $3) END"
        " GROUP BY 1) d ORDER BY d.day LIMIT 1000",
        DB_PARAMS(db_text(request->round_id), db_text(call_scope(call)), db_text(request->municipality_id),
                  db_text(round->zone)));
}
