// The statistics by measures and directions: section by item, also by municipality (S1.28, S1.32).
#include "store.h"

// Of tasks t.
#define FIGURES                                                                                                        \
    "count(*) AS asked, count(*) FILTER (WHERE t.stands = 'not_started') AS not_started,"                              \
    " count(*) FILTER (WHERE t.stands = 'in_work') AS in_work, count(*) FILTER (WHERE t.stands = 'waiting') AS"        \
    " waiting, count(*) FILTER (WHERE t.stands = 'accepted') AS accepted, count(*) FILTER (WHERE t.stands ="           \
    " 'returned') AS returned, count(*) FILTER (WHERE t.is_overdue) AS overdue"
// $6 the day, $7 municipality.
#define TASKS                                                                                                          \
    " FROM tasks_on($1::uuid, $2::timestamptz, $3::timestamptz, $4, $5::uuid) t JOIN"                                  \
    " participants_on($1::uuid, $2::timestamptz, $6::date, $4, $5::uuid, $7::uuid) p"                                  \
    " ON p.organisation_id = t.organisation_id"
#define ITEMS                                                                                                          \
    " items_on($1::uuid, $2::timestamptz) i JOIN sections_on($1::uuid, $2::timestamptz) s ON s.code = i.section_code"

// An item of a section that nobody has chosen is a figure too.
static const char measures[] =
    "WITH counted AS (SELECT t.item_id, " FIGURES TASKS " GROUP BY t.item_id)"
    " SELECT s.code AS section_code, s.number AS section_number, s.title AS section_title, i.code AS item_code,"
    " i.question, i.stage, i.due_kind IS NOT DISTINCT FROM 'by_executor' AS is_template, c.asked, c.not_started,"
    " c.in_work, c.waiting, c.accepted, c.returned, c.overdue FROM" ITEMS
    " LEFT JOIN counted c ON c.item_id = i.item_id WHERE s.by_choice OR c.item_id IS NOT NULL"
    " ORDER BY s.position, s.code, i.position, i.code";

enum status
store_list_measures(struct call *call, const Reporting__GetMeasuresReportRequest *request,
                    const struct report_round *round, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows, measures,
                    DB_PARAMS(AS_OF_PARAMS(call, request->round_id, round), db_text(round->as_of),
                              db_text(request->municipality_id)));
}

// $8 section, $9 item.
static const char municipal_measures[] =
    "WITH counted AS (SELECT v.municipality_id, min(v.municipality_name) AS municipality_name, t.item_id, " FIGURES
        TASKS " CROSS JOIN LATERAL (SELECT m.municipality_id, m.municipality_name"
    " FROM version_on(p.organisation_id, $6::date) m) v GROUP BY v.municipality_id, t.item_id)"
    " SELECT c.municipality_id, c.municipality_name, s.code AS section_code, i.code AS item_code, c.asked,"
    " c.not_started, c.in_work, c.waiting, c.accepted, c.returned, c.overdue FROM" ITEMS
    " JOIN counted c ON c.item_id = i.item_id WHERE ($8::text IS NULL OR s.code = $8)"
    " AND ($9::text IS NULL OR i.code = $9)"
    " ORDER BY c.municipality_name NULLS LAST, c.municipality_id, s.position, s.code, i.position, i.code"
    " LIMIT $10::integer";

enum status
store_list_municipal_measures(struct call *call, const Reporting__GetMeasuresReportRequest *request,
                              const struct report_round *round, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows, municipal_measures,
                    DB_PARAMS(AS_OF_PARAMS(call, request->round_id, round), db_text(round->as_of),
                              db_text(request->municipality_id), db_text(request->section_code),
                              db_text(request->item_code), db_integer(MUNICIPAL_ROWS_MAX + 1)));
}
