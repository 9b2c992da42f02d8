// SQL of slices. How a slice is made stands in migrations/0012_slices.sql.
#include "store_slices.h"

#include "store_roadmap_totals.h"

// In the order of enum slice_column. The programme's version is the last one that the slice knew at its moment.
#define SLICE_COLUMNS                                                                                                  \
    "reviewer_on(s.round_id, s.moment), s.slice_id, s.round_id, coalesce(r.name, '') AS round_name, "                  \
    "coalesce(p.title, '') AS programme_title, s.number,"                                                              \
    " s.year, s.territory, coalesce(o.short_name, '') AS territory_name, coalesce(r.zone, 'UTC') AS zone,"             \
    " vekha_time(s.moment) AS moment, to_char(s.day, 'YYYY-MM-DD') AS as_of, vekha_time(s.taken_at) AS taken_at,"      \
    " s.taken_by, s.account_id IS NULL AS by_schedule, CASE WHEN s.made_at IS NULL THEN 'waiting' ELSE 'made' END"     \
    " AS state, s.rows, s.sha256, s.format, coalesce((SELECT v.version FROM programme_version v"                       \
    " WHERE v.programme_id = s.programme_id AND v.event_number <= s.submissions_number AND v.known_from < s.moment"    \
    " ORDER BY v.known_from DESC LIMIT 1), 0) AS programme_version, s.submissions_number, s.auth_number,"              \
    " CASE WHEN s.verify_asked_at IS NOT NULL THEN 'waiting' WHEN s.verified_at IS NULL THEN ''"                       \
    " WHEN s.verified_sha256 = s.sha256 AND s.kept_sha256 = s.sha256 THEN 'same' ELSE 'differs' END AS verification,"  \
    " vekha_time(s.verified_at) AS verified_at, s.verified_sha256, s.kept_sha256, s.report"
#define NAMED                                                                                                          \
    " LEFT JOIN round r ON r.round_id = s.round_id LEFT JOIN programme p ON p.programme_id = s.programme_id"           \
    " LEFT JOIN organisation o ON o.path = s.territory"
// The last event of a stream that this service has applied.
#define LAST_OF(stream) "coalesce((SELECT number FROM inbox_position WHERE stream = '" stream "'), 0)"

enum status
store_take_slice(struct call *call, const struct new_slice *slice, struct db_rows *ret_rows)
{
    static const char sql[] =
        "WITH asked AS (SELECT round_id, programme_id, extract(year FROM $4::date)::integer AS year FROM round"
        " WHERE round_id = $2::uuid AND (SELECT count(*) FROM slice WHERE territory = $1 AND made_at IS NULL)"
        " < $9::integer),"
        " n AS (INSERT INTO slice_number AS k (territory, programme_id, year, number)"
        " SELECT $1, programme_id, year, 1 FROM asked"
        " ON CONFLICT (territory, programme_id, year) DO UPDATE SET number = k.number + 1 RETURNING number),"
        " s AS (INSERT INTO slice (slice_id, territory, round_id, programme_id, year, number, moment, day, taken_at,"
        " account_id, taken_by, format, report, submissions_number, auth_number)"
        " SELECT gen_random_uuid(), $1, a.round_id, a.programme_id, a.year, n.number, $3::timestamptz, $4::date,"
        " $5::timestamptz, $6::uuid, $7, $8::integer, $10, " LAST_OF("submissions") ", " LAST_OF(
            "auth") " FROM asked a, n"
                    " RETURNING *) SELECT " SLICE_COLUMNS " FROM s" NAMED;
    return db_query(call->db, ret_rows, sql,
                    DB_PARAMS(db_string(call_scope(call)), db_text(slice->round_id), db_text(slice->moment),
                              db_text(slice->day), db_text(call->now), db_text(call->principal->account_id),
                              db_string(call->principal->display_name), db_integer(SLICE_FORMAT),
                              db_integer(SLICES_WAITING_MAX), db_text(slice->report)));
}

enum status
store_get_slice(struct call *call, const char *slice_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT " SLICE_COLUMNS " FROM slice s" NAMED
                    " WHERE s.slice_id = $2::uuid AND vekha_in_scope(s.territory, $1)",
                    DB_PARAMS(db_text(call_scope(call)), db_text(slice_id)));
}

enum status
store_list_slice_differences(struct call *call, const char *slice_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT d.kept, d.made FROM slice_difference d JOIN slice s USING (slice_id)"
                    " WHERE s.slice_id = $2::uuid AND vekha_in_scope(s.territory, $1) ORDER BY d.position",
                    DB_PARAMS(db_text(call_scope(call)), db_text(slice_id)));
}

enum status
store_list_slices(struct call *call, const Reporting__ListSlicesRequest *request, uint32_t limit,
                  struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT " SLICE_COLUMNS " FROM slice s" NAMED " WHERE vekha_in_scope(s.territory, $1)"
                    " AND ($2::uuid IS NULL OR s.round_id = $2::uuid)"
                    " AND ($3::uuid IS NULL OR (s.moment, s.slice_id) < (SELECT b.moment, b.slice_id FROM slice b"
                    " WHERE b.slice_id = $3::uuid AND vekha_in_scope(b.territory, $1)))"
                    " ORDER BY s.moment DESC, s.slice_id DESC LIMIT $4::integer",
                    DB_PARAMS(db_text(call_scope(call)), db_text(request->round_id), db_text(request->after_id),
                              db_integer(limit)));
}

enum status
store_ask_verification(struct call *call, const char *slice_id, int64_t *ret_count)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows,
                                  "UPDATE slice SET verify_asked_at = $3::timestamptz WHERE slice_id = $2::uuid"
                                  " AND vekha_in_scope(territory, $1)",
                                  DB_PARAMS(db_text(call_scope(call)), db_text(slice_id), db_text(call->now)));
    *ret_count = status == STATUS_OK ? rows.affected : 0;
    return status;
}

// $1 the territory, $2 the slice, $3 after_path, $4 limit, $5 organisations.
static const char slice_rows[] =
    "WITH s AS (SELECT * FROM slice WHERE slice_id = $2::uuid AND vekha_in_scope(territory, $1)),"
    " rows AS MATERIALIZED (SELECT r.* FROM s JOIN slice_row r USING (slice_id)),"
    " sums AS (SELECT count(*) FILTER (WHERE state IN ('chosen', 'activated')) AS chosen,"
    " count(*) FILTER (WHERE state = 'activated') AS activated, sum(templates_total) AS templates_total,"
    " sum(templates_activated) AS templates_activated, sum(measures_total) AS measures_total,"
    " sum(measures_started) AS measures_started, sum(measures_finished) AS measures_finished, sum(placed) AS placed,"
    " sum(accepted) AS accepted, sum(returned) AS returned, sum(waiting) AS waiting,"
    " min(waiting_since) AS waiting_since, sum(overdue) AS overdue FROM rows GROUP BY organisation_id)," ROADMAP_TOTALS
    " page AS (SELECT organisation_id FROM rows WHERE CASE WHEN $5::uuid[] IS NULL THEN path > $3 COLLATE \"C\""
    " ELSE organisation_id = ANY ($5::uuid[]) END GROUP BY organisation_id, path ORDER BY path LIMIT $4::integer),"
    " answer AS (SELECT 0 AS position, organisations, chosen, activated, not_started, overdue_organisations,"
    " NULL::uuid AS organisation_id, NULL AS path, NULL AS short_name, NULL::uuid AS municipality_id,"
    " NULL AS municipality_name, NULL AS section_code, NULL AS section_number, NULL AS section_title,"
    " NULL AS significance, NULL AS state, NULL::date AS planned_on, NULL::integer AS moves,"
    " NULL::date AS previous_on, NULL AS move_reason, templates_total, templates_activated, measures_total,"
    " measures_started, measures_finished, placed, accepted, returned, waiting, waiting_since, overdue,"
    " NULL::timestamptz AS due_at, NULL::timestamptz AS last_act_at FROM totals"
    " UNION ALL SELECT position, NULL, NULL, NULL, NULL, NULL, organisation_id, path, short_name, municipality_id,"
    " municipality_name, section_code, section_number, section_title, significance, state, planned_on, moves,"
    " previous_on, move_reason, templates_total, templates_activated, measures_total, measures_started,"
    " measures_finished, placed, accepted, returned, waiting, waiting_since, overdue, due_at, last_act_at"
    " FROM rows WHERE organisation_id IN (SELECT organisation_id FROM page))"
    " SELECT organisations, chosen, activated, not_started, overdue_organisations, organisation_id, path, short_name,"
    " municipality_id, municipality_name, section_code, section_number, section_title, significance, state,"
    " to_char(planned_on, 'YYYY-MM-DD') AS planned_on, moves, to_char(previous_on, 'YYYY-MM-DD') AS previous_on,"
    " move_reason, templates_total, templates_activated, measures_total, measures_started, measures_finished, placed,"
    " accepted, returned, waiting, vekha_time(waiting_since) AS waiting_since,"
    " floor(extract(epoch FROM (SELECT moment FROM s) - waiting_since) / 86400)::integer AS waiting_days, overdue,"
    " vekha_time(due_at) AS due_at, vekha_time(last_act_at) AS last_act_at FROM answer ORDER BY position";

enum status
store_list_slice_rows(struct call *call, const char *slice_id, const struct roadmaps_page *page,
                      struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows, slice_rows,
                    DB_PARAMS(db_text(call_scope(call)), db_text(slice_id), db_string(page->after_path),
                              db_integer(page->limit), db_text(page->organisations)));
}

enum status
store_list_slice_columns(struct call *call, const char *report, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows, "SELECT slice_columns($1)", DB_PARAMS(db_text(report)));
}

enum status
store_list_slice_entries(struct call *call, const Reporting__GetSliceTableRequest *request, uint32_t limit,
                         struct db_rows *ret_rows)
{
    static const char sql[] =
        "SELECT path, key, n.cells, w.cells AS was, c.change FROM"
        " (SELECT e.path, e.key, e.cells FROM slice s JOIN slice_entry e USING (slice_id)"
        "  WHERE s.slice_id = $2::uuid AND vekha_in_scope(s.territory, $1)) n FULL JOIN"
        " (SELECT e.path, e.key, e.cells FROM slice s JOIN slice_entry e USING (slice_id)"
        "  WHERE s.slice_id = $3::uuid AND vekha_in_scope(s.territory, $1)) w USING (path, key)"
        " CROSS JOIN LATERAL (SELECT CASE WHEN $3::uuid IS NULL OR n.cells = w.cells THEN '' WHEN w.cells IS NULL THEN"
        "  'added' WHEN n.cells IS NULL THEN 'gone' ELSE 'moved' END AS change) c"
        " WHERE (path, key) > ($4::text COLLATE \"C\", $5::text COLLATE \"C\") AND (NOT $6::boolean OR c.change <> '')"
        " ORDER BY path, key LIMIT $7::integer";
    return db_query(call->db, ret_rows, sql,
                    DB_PARAMS(db_text(call_scope(call)), db_text(request->slice_id), db_text(request->compare_slice_id),
                              db_string(request->after_path), db_string(request->after_key),
                              db_boolean(request->only_moved), db_integer(limit)));
}

enum status
store_get_slice_piece(struct call *call, const char *slice_id, uint64_t offset, uint32_t length,
                      struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT length(f.body) AS total_bytes, s.sha256, s.number, s.year,"
                    " substring(f.body FROM $3::integer + 1 FOR $4::integer) FROM slice s JOIN slice_file f"
                    " USING (slice_id) WHERE s.slice_id = $2::uuid AND vekha_in_scope(s.territory, $1)",
                    DB_PARAMS(db_text(call_scope(call)), db_text(slice_id),
                              db_integer(offset < INT32_MAX ? (int64_t)offset : INT32_MAX - 1), db_integer(length)));
}

enum status
store_get_slice_schedule(struct call *call, const char *round_id, const char *report, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT r.round_id, r.zone, coalesce(k.kind, 'none') AS kind, to_char(k.from_on, 'YYYY-MM-DD')"
                    " AS from_on, k.every_days, k.day_of_month, k.days::text[] AS days, k.hour,"
                    " vekha_time(k.next_at) AS next_at, coalesce(k.version, 0) AS version, $3 AS report FROM round r"
                    " LEFT JOIN slice_schedule k ON k.round_id = r.round_id AND k.territory = $1 AND k.report = $3"
                    " WHERE r.round_id = $2::uuid AND EXISTS (SELECT FROM participant c"
                    " WHERE c.round_id = r.round_id AND in_territory(c.path, $1))",
                    DB_PARAMS(db_string(call_scope(call)), db_text(round_id), db_text(report)));
}

enum status
store_set_slice_schedule(struct call *call, const Reporting__SetSliceScheduleRequest *request, const char *report,
                         int64_t *ret_count)
{
    static const char sql[] =
        "WITH z AS (SELECT zone FROM round WHERE round_id = $2::uuid),"
        " k AS (SELECT slice_due_after(ROW($1, $2::uuid, $3, coalesce($4::date, ($9::timestamptz AT TIME ZONE z.zone)"
        "::date), $5::integer, $6::integer, $7::date[], $8::integer, NULL, 0, $9::timestamptz, $11)::slice_schedule,"
        " z.zone, $9::timestamptz) AS next_at, coalesce($4::date, ($9::timestamptz AT TIME ZONE z.zone)::date)"
        " AS from_on FROM z)"
        " INSERT INTO slice_schedule AS old (territory, round_id, kind, from_on, every_days, day_of_month, days, hour,"
        " next_at, version, set_at, report) SELECT $1, $2::uuid, $3, k.from_on, $5::integer, $6::integer, $7::date[],"
        " $8::integer, k.next_at, 1, $9::timestamptz, $11 FROM k WHERE $10::integer = 0 OR EXISTS"
        " (SELECT FROM slice_schedule e WHERE e.territory = $1 AND e.round_id = $2::uuid AND e.report = $11)"
        " ON CONFLICT (territory, round_id, report) DO UPDATE SET kind = EXCLUDED.kind, from_on = EXCLUDED.from_on,"
        " every_days = EXCLUDED.every_days, day_of_month = EXCLUDED.day_of_month, days = EXCLUDED.days,"
        " hour = EXCLUDED.hour, next_at = EXCLUDED.next_at, version = old.version + 1, set_at = EXCLUDED.set_at"
        " WHERE old.version = $10::integer";
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows, sql,
        DB_PARAMS(db_string(call_scope(call)), db_text(request->round_id), db_text(request->kind),
                  db_text(request->from_on), db_integer(request->every_days), db_integer(request->day_of_month),
                  db_text(db_text_array(call->arena, (char *const *)(uintptr_t)request->days, request->n_days)),
                  db_integer(request->hour), db_text(call->now), db_integer(request->expected_version),
                  db_text(report)));
    *ret_count = status == STATUS_OK ? rows.affected : 0;
    return status;
}

// A slice that is late is of its own moment, and the one after it follows; a closed round has no more.
enum status
store_take_scheduled_slice(struct call *call, int64_t *ret_count)
{
    static const char sql[] =
        "WITH k AS (SELECT k.*, r.zone, r.programme_id, (k.next_at AT TIME ZONE r.zone)::date AS day,"
        " slice_due_after(k, r.zone, k.next_at) AS after_next, r.closed FROM slice_schedule k JOIN round r"
        " USING (round_id) WHERE k.next_at <= $1::timestamptz ORDER BY k.next_at LIMIT 1 FOR UPDATE OF k SKIP LOCKED),"
        " moved AS (UPDATE slice_schedule o SET next_at = CASE WHEN NOT k.closed THEN k.after_next END FROM k"
        " WHERE o.territory = k.territory AND o.round_id = k.round_id AND o.report = k.report RETURNING o.territory),"
        " due AS (SELECT * FROM k WHERE NOT k.closed AND NOT EXISTS (SELECT FROM slice s WHERE s.account_id IS NULL"
        " AND s.territory = k.territory AND s.round_id = k.round_id AND s.report = k.report"
        " AND s.moment = k.next_at)),"
        " n AS (INSERT INTO slice_number AS c (territory, programme_id, year, number)"
        " SELECT territory, programme_id, extract(year FROM day)::integer, 1 FROM due"
        " ON CONFLICT (territory, programme_id, year) DO UPDATE SET number = c.number + 1 RETURNING number),"
        " taken AS (INSERT INTO slice (slice_id, territory, round_id, programme_id, year, number, moment, day,"
        " taken_at, taken_by, format, report, submissions_number, auth_number)"
        " SELECT gen_random_uuid(), d.territory, d.round_id, d.programme_id, extract(year FROM d.day)::integer,"
        " n.number, d.next_at, d.day, $1::timestamptz, '', $2::integer, d.report, " LAST_OF("submissions") ", " LAST_OF(
            "auth") " FROM due d, n RETURNING slice_id)"
                    " SELECT count(*) FROM moved";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql, DB_PARAMS(db_text(call->now), db_integer(SLICE_FORMAT)));
    *ret_count = status == STATUS_OK ? db_integer_at(&rows, 0, 0) : 0;
    return status;
}

enum status
store_make_slice(struct call *call, int64_t *ret_count)
{
    static const char sql[] =
        "WITH s AS (SELECT * FROM slice WHERE made_at IS NULL ORDER BY taken_at LIMIT 1 FOR UPDATE SKIP LOCKED),"
        " made AS MATERIALIZED (SELECT m FROM s CROSS JOIN LATERAL slice_made(s::slice) m"
        "  WHERE s.report = 'roadmaps'),"
        " entries AS MATERIALIZED (SELECT e FROM s CROSS JOIN LATERAL slice_entries_made(s::slice) e"
        "  WHERE s.report <> 'roadmaps'),"
        " lines AS (SELECT (m).position, slice_line(m) AS line FROM made"
        "  UNION ALL SELECT (e).position, slice_entry_line(e) FROM entries),"
        " body AS MATERIALIZED (SELECT convert_to(slice_names((SELECT report FROM s)) || coalesce(string_agg(line, ''"
        " ORDER BY position), ''), 'UTF8') AS bytes, count(*)::integer AS count FROM lines),"
        " rows AS (INSERT INTO slice_row SELECT (m).* FROM made),"
        " others AS (INSERT INTO slice_entry SELECT (e).* FROM entries),"
        " file AS (INSERT INTO slice_file SELECT s.slice_id, b.bytes FROM s, body b)"
        " UPDATE slice SET made_at = $1::timestamptz, rows = b.count, sha256 = encode(sha256(b.bytes), 'hex')"
        " FROM s, body b WHERE slice.slice_id = s.slice_id";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql, DB_PARAMS(db_text(call->now)));
    *ret_count = status == STATUS_OK ? rows.affected : 0;
    return status;
}

// The file is what was kept: its lines against those made anew.
enum status
store_verify_slice(struct call *call, int64_t *ret_count)
{
    static const char sql[] =
        "WITH s AS (SELECT * FROM slice WHERE made_at IS NOT NULL AND verify_asked_at IS NOT NULL"
        " ORDER BY verify_asked_at LIMIT 1 FOR UPDATE SKIP LOCKED),"
        " made AS MATERIALIZED (SELECT m.* FROM s CROSS JOIN LATERAL slice_lines_made(s::slice) m),"
        " body AS MATERIALIZED (SELECT convert_to(slice_names((SELECT report FROM s)) || coalesce(string_agg(line, '' "
        "ORDER BY place),"
        " ''), 'UTF8') AS bytes FROM made),"
        " kept AS MATERIALIZED (SELECT k.* FROM s CROSS JOIN LATERAL slice_lines_kept(s::slice) k),"
        " whole AS (SELECT convert_to(slice_names((SELECT report FROM s)) || coalesce(string_agg(line, '' ORDER BY "
        "place), ''), 'UTF8')"
        " AS bytes FROM kept),"
        " found AS (SELECT coalesce(k.line, '') AS kept, coalesce(m.line, '') AS made, row_number() OVER (ORDER BY"
        " path, key)::integer AS position"
        " FROM (SELECT path, key, line FROM kept EXCEPT SELECT path, key, line FROM made) k"
        " FULL JOIN (SELECT path, key, line FROM made EXCEPT SELECT path, key, line FROM kept) m"
        " USING (path, key)),"
        " forgotten AS (DELETE FROM slice_difference d USING s WHERE d.slice_id = s.slice_id"
        " AND d.position > (SELECT count(*) FROM found)),"
        " told AS (INSERT INTO slice_difference (slice_id, position, kept, made)"
        " SELECT s.slice_id, f.position, f.kept, f.made FROM s, found f WHERE f.position <= $2::integer"
        " ON CONFLICT (slice_id, position) DO UPDATE SET kept = EXCLUDED.kept, made = EXCLUDED.made)"
        " UPDATE slice SET verified_at = $1::timestamptz, verify_asked_at = NULL,"
        " verified_sha256 = encode(sha256(b.bytes), 'hex'),"
        " kept_sha256 = CASE WHEN encode(sha256(f.body), 'hex') = slice.sha256 THEN encode(sha256(w.bytes), 'hex')"
        " ELSE encode(sha256(f.body), 'hex') END FROM s JOIN slice_file f USING (slice_id), body b, whole w WHERE "
        "slice.slice_id = s.slice_id";
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, sql, DB_PARAMS(db_text(call->now), db_integer(SLICE_DIFFERENCES_MAX)));
    *ret_count = status == STATUS_OK ? rows.affected : 0;
    return status;
}
