// What organisations still owe a round, as of now.
#include "store.h"

enum status
store_list_missing(struct call *call, const char *round_id, const char *organisation_ids,
                   const struct report_round *round, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "WITH asked AS MATERIALIZED (SELECT o.organisation_id, o.short_name, o.path FROM organisation o"
        "  WHERE o.organisation_id = ANY ($6::uuid[]) AND in_territory(o.path, $4)),"
        " sections AS MATERIALIZED (SELECT * FROM sections_on($1::uuid, $2::timestamptz)),"
        " plans AS MATERIALIZED (SELECT r.organisation_id, r.section_code, r.state"
        "  FROM roadmaps_on($1::uuid, $2::timestamptz, $3::timestamptz, $4, $5::uuid) r"
        "  WHERE r.organisation_id = ANY ($6::uuid[])),"
        " items AS (SELECT t.organisation_id, s.position AS section_position, i.position, s.title, i.question, "
        "t.stands,"
        "   CASE WHEN NOT t.due_unknown THEN (t.due_at AT TIME ZONE r.zone)::date END AS due_on"
        "  FROM tasks_on($1::uuid, $2::timestamptz, $3::timestamptz, $4, $5::uuid) t"
        "  JOIN items_on($1::uuid, $2::timestamptz) i ON i.item_id = t.item_id"
        "  JOIN sections s ON s.code = t.section_code CROSS JOIN round r"
        "  WHERE r.round_id = $1::uuid AND t.organisation_id = ANY ($6::uuid[])"
        "  AND t.stands IN ('not_started', 'in_work', 'returned')"
        "  UNION ALL SELECT p.organisation_id, s.position, 0, s.title, '', 'not_activated', NULL"
        "  FROM plans p JOIN sections s ON s.code = p.section_code WHERE p.state = 'chosen'"
        "  UNION ALL SELECT a.organisation_id, 0, 0, '', '', 'not_chosen', NULL FROM asked a"
        "  JOIN participant c ON c.round_id = $1::uuid AND c.organisation_id = a.organisation_id"
        "  WHERE NOT EXISTS (SELECT FROM plans p WHERE p.organisation_id = a.organisation_id)"
        "  AND EXISTS (SELECT FROM sections s WHERE s.by_choice))"
        " SELECT a.organisation_id, a.short_name, i.title AS section_title, i.question, i.stands AS state,"
        " to_char(i.due_on, 'YYYY-MM-DD') AS due_on FROM asked a LEFT JOIN items i USING (organisation_id)"
        " ORDER BY a.path, a.organisation_id, i.section_position, i.title, i.position, i.due_on, i.question",
        DB_PARAMS(AS_OF_PARAMS(call, round_id, round), db_text(organisation_ids)));
}
