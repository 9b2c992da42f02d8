// A road map as its document has it: sections with their due dates, items with their states (S3.5-S3.19).
#include "store.h"

// $6 organisation, of both statements.
#define TASKS                                                                                                          \
    " FROM tasks_on($1::uuid, $2::timestamptz, $3::timestamptz, $4, $5::uuid) t"                                       \
    " WHERE CASE WHEN $6::uuid IS NULL THEN true ELSE t.organisation_id = $6 END"

// In the order of enum road_column. $7 the round's zone. A section's day is the schedule's, else that of the source,
// else that of the first of its assignments that is not accepted. What is told of it again and again (B22) is not its
// result: when such a table is missing the section itself is not late.
static const char sections[] =
    "WITH tasks AS MATERIALIZED (SELECT t.*" TASKS "),"
    " counted AS (SELECT t.section_code, count(*) FILTER (WHERE t.is_overdue AND NOT i.is_repeated) AS overdue,"
    " count(*) FILTER (WHERE t.due_unknown) AS due_unknown,"
    " count(*) FILTER (WHERE t.stands <> 'not_started') AS begun,"
    " coalesce(min(t.due_at) FILTER (WHERE t.stands <> 'accepted'), max(t.due_at)) AS due_at FROM tasks t"
    " JOIN (SELECT item_id, due_kind IS NOT DISTINCT FROM 'recurring' AS is_repeated"
    " FROM items_on($1::uuid, $2::timestamptz)) i ON i.item_id = t.item_id GROUP BY t.section_code),"
    " named AS (SELECT DISTINCT ON (section_code) section_code, due_on, previous_on, reason FROM schedule"
    " WHERE round_id = $1::uuid AND at < $2::timestamptz ORDER BY section_code, at DESC, number DESC)"
    " SELECT s.responsible_titles, s.responsible_codes, coalesce(c.overdue, 0), coalesce(c.due_unknown, 0),"
    " coalesce(c.begun, 0), (SELECT count(DISTINCT t.organisation_id) FROM tasks t),"
    " s.code, s.number, s.title, coalesce(s.due_kind, 'round') AS due_kind, s.due_text, s.due_footnote, s.due_owner,"
    " to_char(s.due_from, 'YYYY-MM-DD') AS due_from, to_char(coalesce(n.due_on, s.due_on,"
    " (c.due_at AT TIME ZONE $7)::date), 'YYYY-MM-DD') AS due_on,"
    " to_char(n.previous_on, 'YYYY-MM-DD') AS due_previous_on, n.reason AS due_reason, s.depends_on, s.series"
    " FROM sections_on($1::uuid, $2::timestamptz) s LEFT JOIN counted c ON c.section_code = s.code"
    " LEFT JOIN named n ON n.section_code = s.code ORDER BY s.position, s.code";

enum status
store_list_road_sections(struct call *call, const Reporting__GetRoadmapRequest *request,
                         const struct report_round *round, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows, sections,
                    DB_PARAMS(AS_OF_PARAMS(call, request->round_id, round), db_text(request->organisation_id),
                              db_text(round->zone)));
}

static const char items[] =
    "SELECT i.section_code, i.code AS item_code, i.question, i.stage, count(*) AS asked,"
    " count(*) FILTER (WHERE t.stands = 'not_started') AS not_started,"
    " count(*) FILTER (WHERE t.stands = 'in_work') AS in_work, count(*) FILTER (WHERE t.stands = 'waiting') AS waiting,"
    " count(*) FILTER (WHERE t.stands = 'accepted') AS accepted,"
    " count(*) FILTER (WHERE t.stands = 'returned') AS returned, count(*) FILTER (WHERE t.is_overdue) AS overdue,"
    " vekha_time(max(t.changed_at)) AS last_act_at, i.form_title, i.form_owner, i.form_basis, i.form_address,"
    " i.form_document_id, i.form_file_name,"
    " (i.form_owner IS NOT NULL AND i.form_owner_code = '') AS form_owner_is_outside,"
    " (i.form_owner IS NOT NULL AND i.form_address = '' AND i.form_document_id IS NULL) AS form_owed"
    " FROM (SELECT t.*" TASKS ") t JOIN items_on($1::uuid, $2::timestamptz) i ON i.item_id = t.item_id"
    " GROUP BY i.section_code, i.position, i.code, i.question, i.stage, i.form_title, i.form_owner, i.form_owner_code,"
    " i.form_basis, i.form_address, i.form_document_id, i.form_file_name ORDER BY i.position, i.code";

enum status
store_list_road_items(struct call *call, const Reporting__GetRoadmapRequest *request, const struct report_round *round,
                      struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows, items,
                    DB_PARAMS(AS_OF_PARAMS(call, request->round_id, round), db_text(request->organisation_id)));
}
