// What the cabinet of one organisation reads.
#include "store.h"
#include "store_columns.h"

#define CABINET(condition)                                                                                             \
    "WITH c AS (SELECT " ASSIGNMENT_COLUMNS(                                                                           \
        "$1::timestamptz") ", " ASSIGNMENT_KEYS " FROM assignment a JOIN (" ASSIGNMENT_TABLES                          \
                           ") ON i.round_item_id = a.round_item_id WHERE " condition ")"

enum status
store_find_assignment(struct call *call, const char *assignment_id, struct db_rows *ret_rows)
{
    static const char SQL[] =
        CABINET("a.assignment_id = $2 AND a.organisation_id = $3") " SELECT " CABINET_COLUMNS " FROM c" CABINET_JOINS;
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(call->now), db_text(assignment_id), db_text(call->principal->organisation_id)));
}

// What the cabinet shows: of each item its newest round, whatever is still open, and what waits for a verdict, but
// nothing that was left unanswered of an item that is asked no more. The tabs are disjoint: a rejected answer stays
// among the rejected until it is sent again, with its resolution (S2.40). It begins with the organisation's own rows,
// whatever the planner thinks of the small tables: those hold all regions. Asked for one round, it reads that round
// alone, however many there were before.
#define CURRENT                                                                                                        \
    "mine AS MATERIALIZED (SELECT a.assignment_id, a.round_item_id, a.state, a.rejected_act FROM assignment a"         \
    "   WHERE a.organisation_id = $2 AND ($3::uuid IS NULL OR a.round_item_id IN"                                      \
    "     (SELECT w.round_item_id FROM round_item w WHERE w.round_id = $3::uuid))),"                                   \
    " ranked AS (SELECT n.assignment_id, i.item_id, i.item_text_id, i.checkpoint, r.round_id, r.programme_id, "        \
    "r.opens_at,"                                                                                                      \
    "   CASE WHEN n.state IN ('in_review', 'accepted') THEN n.state"                                                   \
    "        WHEN n.rejected_act IS NOT NULL THEN 'rejected'"                                                          \
    "        WHEN r.state = 'open' AND r.next_opens_at > $1::timestamptz THEN 'in_work' ELSE 'closed' END AS tab,"     \
    "   (r.state = 'open' OR n.state = 'in_review'"                                                                    \
    "     OR rank() OVER (PARTITION BY i.item_id ORDER BY r.opens_at DESC, r.created_at DESC) = 1)"                    \
    "   AS is_current"                                                                                                 \
    "   FROM mine n JOIN round_item i USING (round_item_id) JOIN round r USING (round_id)),"                           \
    " current AS (SELECT k.assignment_id, k.tab, k.opens_at, k.checkpoint, m.position, s.position AS section_position" \
    "   FROM ranked k JOIN item_text t USING (item_text_id) JOIN item m ON m.item_id = k.item_id"                      \
    "   JOIN section s ON s.programme_id = k.programme_id AND s.code = t.section_code"                                 \
    "   WHERE CASE WHEN $3::uuid IS NULL THEN k.is_current AND NOT (m.retired AND k.tab = 'closed')"                   \
    "     ELSE k.round_id = $3::uuid END AND ($4::text IS NULL OR t.section_code = $4::text))"

enum status
store_list_assignments(struct call *call, const struct assignment_filter *filter, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "WITH " CURRENT ", counters AS (SELECT count(*) AS all, count(*) FILTER (WHERE tab = 'in_work') AS in_work,"
        "   count(*) FILTER (WHERE tab = 'rejected') AS rejected,"
        "   count(*) FILTER (WHERE tab = 'in_review') AS in_review,"
        "   count(*) FILTER (WHERE tab = 'accepted') AS accepted FROM current),"
        " numbered AS (SELECT assignment_id, row_number() OVER (ORDER BY section_position, position, opens_at DESC,"
        "   checkpoint, assignment_id) AS number FROM current WHERE $5::text IS NULL OR tab = $5::text),"
        " page AS (SELECT assignment_id, number FROM numbered WHERE number >"
        "   coalesce((SELECT number FROM numbered WHERE assignment_id = $6::uuid), 0) ORDER BY number LIMIT $7),"
        " c AS (SELECT " ASSIGNMENT_COLUMNS("$1::timestamptz") ", " ASSIGNMENT_KEYS ", page.number"
                                                               "   FROM page JOIN assignment a USING (assignment_id)"
                                                               "   JOIN (" ASSIGNMENT_TABLES
                                                               ") ON i.round_item_id = a.round_item_id),"
                                                               " shown AS (SELECT " CABINET_COLUMNS
                                                               " FROM c" CABINET_JOINS ")"
                                                               " SELECT counters.*, shown.* FROM counters LEFT JOIN "
                                                               "shown ON true ORDER BY shown.number";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(call->now), db_text(call->principal->organisation_id), db_text(filter->round_id),
                              db_text(filter->section_code), db_text(filter->tab), db_text(filter->after_assignment_id),
                              db_integer(filter->limit)));
}

enum status
store_list_versions(struct call *call, const char *assignment_id, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "SELECT h.version, h.act, h.value, h.second_value, h.percent, vekha_time(h.at) AS at, h.actor_account_id,"
        " h.resolution, h.comment, d.document_ids, d.document_names, d.document_sizes, d.document_pages"
        " FROM assignment a JOIN history h USING (assignment_id)"
        " LEFT JOIN LATERAL (SELECT array_agg(f.document_id::text ORDER BY f.stored_at, f.document_id) AS document_ids,"
        "     array_agg(f.file_name ORDER BY f.stored_at, f.document_id) AS document_names,"
        "     array_agg(f.size_bytes::text ORDER BY f.stored_at, f.document_id) AS document_sizes,"
        "     array_agg(f.pages::text ORDER BY f.stored_at, f.document_id) AS document_pages"
        "   FROM document f WHERE h.documents IS NOT NULL AND f.document_id = ANY (h.documents)) d ON true"
        " WHERE a.assignment_id = $1 AND a.organisation_id = $2 ORDER BY h.act_number DESC LIMIT 1000";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(assignment_id), db_text(call->principal->organisation_id)));
}
