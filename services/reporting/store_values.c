// One organisation's items with their values, or with what is known of them instead.
#include "store.h"

enum status
store_get_organisation(struct call *call, const char *organisation_id, const struct report_round *round,
                       struct db_rows *ret_rows)
{
    enum status status =
        db_query(call->db, ret_rows,
                 "SELECT v.short_name, coalesce(o.first_login_at < $3::timestamptz, false),"
                 " p.contact_name, p.contact_position, p.contact_phone, p.contact_email"
                 " FROM organisation o CROSS JOIN LATERAL contact_of(o) p CROSS JOIN LATERAL"
                 " (SELECT v.short_name FROM organisation_version v WHERE v.organisation_id = o.organisation_id"
                 " ORDER BY v.valid_from > $4::date, CASE WHEN v.valid_from <= $4::date THEN v.valid_from END DESC,"
                 " v.valid_from LIMIT 1) v"
                 " WHERE o.organisation_id = $1::uuid AND in_territory(o.path, $2)",
                 DB_PARAMS(db_text(organisation_id), db_text(call_scope(call)), db_text(round->as_of_end),
                           db_text(round->as_of)));
    if (status == STATUS_OK && ret_rows->count == 0)
        return STATUS_NOT_FOUND;
    return status;
}

#define ITEM_COLUMNS " c.assignment_id, i.code AS item_code, i.question, i.second_question, i.unit, i.value_kind"
#define ITEMS " FROM cell c JOIN item i ON i.item_id = c.item_id"
#define OF_ORGANISATION                                                                                                \
    " WHERE c.round_id = $1::uuid AND c.organisation_id = $2::uuid AND in_territory(c.path, $3)"                       \
    " ORDER BY i.position, i.code"

// $4 the state whose items have data.
static const char values_now[] =
    "SELECT i.section_code, i.section_title, c.state, c.state = $4 AS has_data,"
    " vekha_time(c.draft_at), vekha_time(c.sent_at), vekha_time(c.accepted_at), vekha_time(c.rejected_at),"
    " CASE WHEN c.state = $4 THEN c.value END AS value, CASE WHEN c.state = $4 THEN c.second_value END AS second_value,"
    " CASE WHEN c.state = $4 THEN c.percent END AS percent, CASE WHEN c.state = $4 THEN"
    " vekha_time(CASE $4 WHEN 'in_review' THEN c.sent_at ELSE c.accepted_at END) END AS at," ITEM_COLUMNS ITEMS
        OF_ORGANISATION;

// $4 the moment: the last value accepted before it, and the state at it.
static const char values_as_of[] =
    "SELECT i.section_code, i.section_title, coalesce(s.state, 'empty'), a.at IS NOT NULL AS has_data,"
    " vekha_time(s.at), vekha_time(s.at), vekha_time(s.at), vekha_time(s.at),"
    " a.value, a.second_value, a.percent, vekha_time(a.at) AS at," ITEM_COLUMNS ITEMS
    " LEFT JOIN LATERAL (SELECT h.state, h.at FROM history h WHERE h.round_id = c.round_id"
    " AND h.organisation_id = c.organisation_id AND h.assignment_id = c.assignment_id AND h.at < $4::timestamptz"
    " ORDER BY h.at DESC, h.number DESC LIMIT 1) s ON true"
    " LEFT JOIN LATERAL (SELECT h.value, h.second_value, h.percent, h.at FROM history h"
    " WHERE h.organisation_id = c.organisation_id AND h.item_id = c.item_id AND h.state = 'accepted'"
    " AND h.at < $4::timestamptz ORDER BY h.at DESC, h.number DESC LIMIT 1) a ON true" OF_ORGANISATION;

enum status
store_list_values(struct call *call, const Reporting__GetProvidedValuesRequest *request, enum report_values values,
                  const struct report_round *round, struct db_rows *ret_rows)
{
    bool is_as_of = values == VALUES_AS_OF;
    const char *fourth = is_as_of ? round->as_of_begin : rules_state_name(rules_wanted_state(values));
    return db_query(call->db, ret_rows, is_as_of ? values_as_of : values_now,
                    DB_PARAMS(db_text(request->round_id), db_text(request->organisation_id), db_text(call_scope(call)),
                              db_text(fourth)));
}

// $2 the territory, $3 the state or the moment, $4 municipality, $5 behind which path, $6 how many.
#define ITEMS_WITH_VALUES                                                                                              \
    " FROM item i WHERE i.programme_id = (SELECT programme_id FROM round WHERE round_id = $1::uuid)"                   \
    " AND i.value_kind IN ('number', 'yes_no', 'percent')"                                                             \
    " AND EXISTS (SELECT FROM cell c WHERE c.round_id = $1::uuid AND c.item_id = i.item_id)"
#define ROWS_OF_VALUES(value)                                                                                          \
    "WITH asked AS MATERIALIZED (SELECT i.item_id, i.value_kind, i.position, i.code" ITEMS_WITH_VALUES ")"             \
    " SELECT o.organisation_id, k.path, o.short_name, o.inn, o.municipality_name, v.texts AS values"                   \
    " FROM (SELECT k.organisation_id, k.path FROM counter k WHERE k.round_id = $1::uuid AND in_walk(k.path, $2, $5)"   \
    " AND CASE WHEN $4::uuid IS NULL THEN true ELSE k.organisation_id IN"                                              \
    " (SELECT m.organisation_id FROM organisation m WHERE m.municipality_id = $4::uuid) END"                           \
    " ORDER BY k.path LIMIT $6::integer) k JOIN organisation o USING (organisation_id) CROSS JOIN LATERAL"             \
    " (SELECT array_agg(coalesce(CASE i.value_kind WHEN 'percent' THEN x.percent ELSE x.value END, '')"                \
    " ORDER BY i.position, i.code) AS texts FROM asked i LEFT JOIN LATERAL (" value ") x ON true) v ORDER BY k.path"

static const char rows_now[] = ROWS_OF_VALUES(
    "SELECT c.value, c.percent FROM cell c WHERE c.round_id = $1::uuid AND c.organisation_id = o.organisation_id"
    " AND c.item_id = i.item_id AND c.state = $3");
static const char rows_as_of[] = ROWS_OF_VALUES(
    "SELECT h.value, h.percent FROM history h WHERE h.organisation_id = o.organisation_id AND h.item_id = i.item_id"
    " AND h.state = 'accepted' AND h.at < $3::timestamptz ORDER BY h.at DESC, h.number DESC LIMIT 1");

enum status
store_list_values_columns(struct call *call, const char *round_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT i.code AS item_code, i.section_title, i.question, i.unit, i.value_kind" ITEMS_WITH_VALUES
                    " ORDER BY i.position, i.code",
                    DB_PARAMS(db_text(round_id)));
}

enum status
store_list_values_rows(struct call *call, const Reporting__GetValuesReportRequest *request, enum report_values values,
                       const struct report_round *round, uint32_t limit, struct db_rows *ret_rows)
{
    bool is_as_of = values == VALUES_AS_OF;
    const char *third = is_as_of ? round->as_of_begin : rules_state_name(rules_wanted_state(values));
    return db_query(call->db, ret_rows, is_as_of ? rows_as_of : rows_now,
                    DB_PARAMS(db_text(request->round_id), db_text(call_scope(call)), db_text(third),
                              db_text(request->municipality_id), db_string(request->after_path), db_integer(limit)));
}
