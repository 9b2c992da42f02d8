// What the tables of a road map say, day by day on which they are due: sums of their columns (B22).
#include "store.h"

// $6 the round's zone. Answers that were returned or taken back count as not sent. A cell that is no number, such as
// the name of a lot, adds nothing to its column.
static const char points[] =
    "WITH points AS MATERIALIZED (SELECT i.position, i.section_code, i.code, t.stands,"
    " (t.due_at AT TIME ZONE $6)::date AS due_on, (SELECT h.value FROM history h"
    " WHERE h.assignment_id = t.assignment_id AND h.at < $2::timestamptz AND h.state = 'in_review'"
    " ORDER BY h.at DESC, h.number DESC LIMIT 1) AS value"
    " FROM tasks_on($1::uuid, $2::timestamptz, $3::timestamptz, $4, $5::uuid) t"
    " JOIN items_on($1::uuid, $2::timestamptz) i ON i.item_id = t.item_id"
    " WHERE i.value_kind = 'table' AND i.due_kind = 'recurring' AND t.due_at IS NOT NULL),"
    " columns AS (SELECT p.code, p.due_on, c.number,"
    " trim_scale(sum(CASE WHEN c.cell ~ '^-?[0-9]+([.][0-9]+)?$' THEN c.cell::numeric END)) AS total"
    " FROM points p CROSS JOIN jsonb_array_elements(p.value::jsonb) AS r(line)"
    " CROSS JOIN jsonb_array_elements_text(r.line) WITH ORDINALITY AS c(cell, number)"
    " WHERE p.stands IN ('waiting', 'accepted') AND p.value <> '' GROUP BY p.code, p.due_on, c.number),"
    " summed AS (SELECT code, due_on, array_agg(coalesce(total::text, '') ORDER BY number) AS sums FROM columns"
    " GROUP BY code, due_on)"
    " SELECT p.section_code, p.code AS item_code, to_char(p.due_on, 'YYYY-MM-DD') AS due_on, count(*) AS asked,"
    " count(*) FILTER (WHERE p.stands IN ('waiting', 'accepted')) AS sent,"
    " count(*) FILTER (WHERE p.stands = 'accepted') AS accepted,"
    " coalesce((SELECT s.sums FROM summed s WHERE s.code = p.code AND s.due_on = p.due_on), '{}') AS sums"
    " FROM points p GROUP BY p.position, p.section_code, p.code, p.due_on ORDER BY p.position, p.code, p.due_on";

enum status
store_list_road_tables(struct call *call, const Reporting__GetRoadmapTablesRequest *request,
                       const struct report_round *round, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows, points,
                    DB_PARAMS(AS_OF_PARAMS(call, request->round_id, round), db_text(round->zone)));
}
