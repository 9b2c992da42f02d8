// The start report, the report of provided data, rounds and dates.
#include "store.h"

enum status
store_get_round(struct call *call, const char *round_id, const char *as_of, struct report_round *ret_round)
{
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows,
                 "SELECT r.zone, vekha_time(r.due_at), to_char(r.today, 'YYYY-MM-DD'), to_char(d.day, 'YYYY-MM-DD'),"
                 " vekha_time(day_starts_at(d.day, r.zone)), vekha_time(day_starts_at(d.day + 1, r.zone)),"
                 " r.due_at < $3::timestamptz, r.due_at < day_starts_at(d.day, r.zone),"
                 " vekha_time(least(day_starts_at(d.day + 1, r.zone), $3::timestamptz)),"
                 " to_char(r.opens_at AT TIME ZONE r.zone, 'YYYY-MM-DD'),"
                 " reviewer_on(r.round_id, day_starts_at(d.day + 1, r.zone))"
                 " FROM (SELECT *, ($3::timestamptz AT TIME ZONE zone)::date AS today FROM round) r"
                 " CROSS JOIN LATERAL (SELECT coalesce($4::date, r.today) AS day) d"
                 " WHERE r.round_id = $1::uuid AND EXISTS"
                 " (SELECT FROM participant c WHERE c.round_id = r.round_id AND in_territory(c.path, $2))",
                 DB_PARAMS(db_text(round_id), db_text(call_scope(call)), db_text(call->now), db_text(as_of)));
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    *ret_round = (struct report_round){
        .zone = db_text_at(&rows, 0, 0),
        .due_at = db_text_at(&rows, 0, 1),
        .today = db_text_at(&rows, 0, 2),
        .as_of = db_text_at(&rows, 0, 3),
        .as_of_begin = db_text_at(&rows, 0, 4),
        .as_of_end = db_text_at(&rows, 0, 5),
        .is_due = db_boolean_at(&rows, 0, 6),
        .was_due = db_boolean_at(&rows, 0, 7),
        .seen_at = db_text_at(&rows, 0, 8),
        .opens_on = db_text_at(&rows, 0, 9),
        .reviewer = db_text_at(&rows, 0, 10),
    };
    return STATUS_OK;
}

enum status
store_list_rounds(struct call *call, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "SELECT r.round_id, r.name, coalesce(p.title, '') AS programme_title,"
        " coalesce(p.code, '') AS programme_code, vekha_time(r.opens_at) AS opens_at,"
        " vekha_time(r.due_at) AS due_at, r.zone,"
        " EXISTS (SELECT FROM section_version s WHERE s.programme_id = r.programme_id"
        " AND (s.by_choice OR s.due_kind = 'by_executor')) AS has_plans,"
        " EXISTS (SELECT FROM section_version s WHERE s.programme_id = r.programme_id"
        " AND s.due_kind NOT IN ('', 'round', 'by_executor')) AS has_roadmap"
        " FROM round r LEFT JOIN programme p USING (programme_id)"
        " WHERE EXISTS (SELECT FROM participant c WHERE c.round_id = r.round_id AND in_territory(c.path, $1))"
        " ORDER BY r.opens_at DESC NULLS LAST, r.round_id LIMIT 500",
        DB_PARAMS(db_text(call_scope(call))));
}

enum status
store_get_first_day(struct call *call, const char *round_id, const char **ret_today, const char **ret_first_day)
{
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows,
                 "WITH chosen AS (SELECT coalesce((SELECT r.zone FROM round r"
                 " WHERE ($1::uuid IS NULL OR r.round_id = $1) AND EXISTS"
                 " (SELECT FROM counter c WHERE c.round_id = r.round_id AND in_territory(c.path, $2))"
                 " ORDER BY r.opens_at DESC NULLS LAST LIMIT 1), 'UTC') AS zone),"
                 " first AS (SELECT min(h.at) AS at FROM organisation o CROSS JOIN LATERAL"
                 " (SELECT a.at FROM history a WHERE a.organisation_id = o.organisation_id AND a.state = 'accepted'"
                 " ORDER BY a.at LIMIT 1) h WHERE in_territory(o.path, $2))"
                 " SELECT to_char($3::timestamptz AT TIME ZONE zone, 'YYYY-MM-DD'),"
                 " to_char(first.at AT TIME ZONE zone, 'YYYY-MM-DD') FROM chosen CROSS JOIN first",
                 DB_PARAMS(db_text(round_id), db_text(call_scope(call)), db_text(call->now)));
    if (status != STATUS_OK)
        return status;
    *ret_today = db_text_at(&rows, 0, 0);
    *ret_first_day = db_text_at(&rows, 0, 1);
    return STATUS_OK;
}

// $5 municipality.
#define START_ROWS                                                                                                     \
    " FROM start_on($1::uuid, $2::date, $3::timestamptz, $4) s"                                                        \
    " WHERE CASE WHEN $5::uuid IS NULL THEN true ELSE s.municipality_id = $5 END"

enum status
store_count_started(struct call *call, const Reporting__GetStartReportRequest *request,
                    const struct report_round *round, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT count(*) FILTER (WHERE s.\"group\" = 'not_started') AS not_started,"
                    " count(*) FILTER (WHERE s.\"group\" = 'started') AS started,"
                    " count(*) FILTER (WHERE s.\"group\" = 'other') AS other" START_ROWS,
                    DB_PARAMS(db_text(request->round_id), db_text(round->as_of), db_text(round->as_of_end),
                              db_text(call_scope(call)), db_text(request->municipality_id)));
}

enum status
store_list_started(struct call *call, const Reporting__GetStartReportRequest *request, const struct report_round *round,
                   uint32_t limit, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT s.contact_name, s.contact_position, s.contact_phone, s.contact_email, s.organisation_id,"
                    " s.path, s.short_name, s.inn, s.municipality_name, s.\"group\","
                    " vekha_time(s.first_login_at) AS first_login_at" START_ROWS
                    " AND ($6::text IS NULL OR s.\"group\" = $6) AND s.path COLLATE \"C\" > $7"
                    " ORDER BY s.path LIMIT $8::integer",
                    DB_PARAMS(db_text(request->round_id), db_text(round->as_of), db_text(round->as_of_end),
                              db_text(call_scope(call)), db_text(request->municipality_id), db_text(request->group),
                              db_string(request->after_path), db_integer(limit)));
}

enum status
store_count_provided(struct call *call, const Reporting__GetProvidedReportRequest *request, enum report_values values,
                     const struct report_round *round, struct db_rows *ret_rows)
{
    if (values == VALUES_AS_OF)
        return db_query(call->db, ret_rows,
                        "SELECT * FROM provided_totals_as_of($1::uuid, $2::date, $3, $4::timestamptz, $5::uuid)",
                        DB_PARAMS(db_text(request->round_id), db_text(round->as_of), db_text(call_scope(call)),
                                  db_text(round->as_of_begin), db_text(request->municipality_id)));
    const char *wanted = rules_state_name(rules_wanted_state(values));
    if (!*request->municipality_id)
        return db_query(call->db, ret_rows, "SELECT * FROM provided_totals($1::uuid, $2, $3)",
                        DB_PARAMS(db_text(request->round_id), db_text(wanted), db_text(call_scope(call))));
    return db_query(
        call->db, ret_rows,
        "SELECT count(*) FILTER (WHERE p.filled > 0) AS with_data,"
        " count(*) FILTER (WHERE p.filled = 0) AS without_data,"
        " count(*) FILTER (WHERE p.filled > 0 AND p.kind NOT IN ('school', 'authority')) AS other_with_data,"
        " count(*) FILTER (WHERE p.filled > 0 AND p.kind = 'superior') AS superior_with_data"
        " FROM provided_now($1::uuid, $2, $3) p WHERE p.municipality_id = $4::uuid",
        DB_PARAMS(db_text(request->round_id), db_text(wanted), db_text(call_scope(call)),
                  db_text(request->municipality_id)));
}

// In the order of enum provided_column. $5 the moment before which a login counts.
#define PROVIDED_COLUMNS                                                                                               \
    "p.kind, coalesce(p.first_login_at < $5::timestamptz, false), p.begun, p.in_review, p.accepted,"                   \
    " CASE WHEN p.filled = 0 AND p.drafts > 0 THEN vekha_time(p.draft_at) END,"                                        \
    " CASE WHEN p.filled = 0 AND p.in_review > 0 THEN vekha_time(p.sent_at) END,"                                      \
    " CASE WHEN p.filled = 0 AND p.accepted > 0 THEN vekha_time(p.accepted_at) END,"                                   \
    " CASE WHEN p.filled = 0 AND p.rejected > 0 THEN vekha_time(p.rejected_at) END,"                                   \
    " p.contact_name, p.contact_position, p.contact_phone, p.contact_email,"                                           \
    " p.organisation_id, p.path, p.short_name, p.municipality_name, p.filled, p.total, p.drafts, p.rejected"

enum status
store_list_provided(struct call *call, const Reporting__GetProvidedReportRequest *request, enum report_values values,
                    const struct report_round *round, uint32_t limit, struct db_rows *ret_rows)
{
    if (values == VALUES_AS_OF)
        return db_query(call->db, ret_rows,
                        "SELECT " PROVIDED_COLUMNS " FROM provided_page_as_of($1::uuid, $2::date, $3, $5::timestamptz,"
                        " $4::uuid, $6, $7, $8::integer) p ORDER BY p.path",
                        DB_PARAMS(db_text(request->round_id), db_text(round->as_of), db_text(call_scope(call)),
                                  db_text(request->municipality_id), db_text(round->as_of_begin),
                                  db_text(request->group), db_string(request->after_path), db_integer(limit)));
    return db_query(call->db, ret_rows,
                    "SELECT " PROVIDED_COLUMNS " FROM provided_walk($1::uuid, $2, $3, $4::uuid, $7) p"
                    " WHERE CASE $6::text WHEN 'with_data' THEN p.filled > 0 WHEN 'without_data' THEN p.filled = 0"
                    " ELSE true END ORDER BY p.path LIMIT $8::integer",
                    DB_PARAMS(db_text(request->round_id), db_text(rules_state_name(rules_wanted_state(values))),
                              db_text(call_scope(call)), db_text(request->municipality_id), db_text(call->now),
                              db_text(request->group), db_string(request->after_path), db_integer(limit)));
}
