// The production calendar, its changes, and what follows from them.
#include "store_calendar.h"

#define DAY_COLUMNS "to_char(day, 'YYYY-MM-DD') AS day, kind, note, vekha_time(changed_at) AS changed_at, changed_by"
#define OF_YEAR "day BETWEEN make_date($1::integer, 1, 1) AND make_date($1::integer, 12, 31)"

enum status
store_get_calendar(struct call *call, uint32_t year, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT count(*) FILTER (WHERE is_working AND " OF_YEAR ") AS working_days,"
                    " extract(year FROM min(day))::integer AS first_year,"
                    " extract(year FROM max(day))::integer AS last_year FROM calendar_day",
                    DB_PARAMS(db_integer(year)));
}

enum status
store_list_days(struct call *call, uint32_t year, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT " DAY_COLUMNS " FROM calendar_day WHERE " OF_YEAR " ORDER BY calendar_day.day",
                    DB_PARAMS(db_integer(year)));
}

enum status
store_list_days_off(struct call *call, uint32_t year, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT ARRAY(SELECT to_char(day, 'YYYY-MM-DD') FROM calendar_day WHERE NOT is_working AND " OF_YEAR
                    " ORDER BY calendar_day.day)",
                    DB_PARAMS(db_integer(year)));
}

enum status
store_list_changes(struct call *call, uint32_t year, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT to_char(day, 'YYYY-MM-DD') AS day, previous_kind, kind, note, vekha_time(at) AS at,"
                    " by_name AS by FROM calendar_change c WHERE c." OF_YEAR " ORDER BY c.at DESC, change_id LIMIT 50",
                    DB_PARAMS(db_integer(year)));
}

enum status
store_list_zones(struct call *call, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT z.territory, coalesce(o.short_name, '') AS name, z.zone,"
                    " zone_minutes($1::timestamptz, z.zone) AS minutes_ahead FROM territory_zone z"
                    " LEFT JOIN LATERAL (SELECT short_name FROM organisation_version v WHERE v.path = z.territory"
                    "  ORDER BY valid_from DESC LIMIT 1) o ON true ORDER BY minutes_ahead, z.territory",
                    DB_PARAMS(db_text(call->now)));
}

enum status
store_hold_day(struct call *call, const char *day, const char **ret_kind)
{
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, "SELECT pg_advisory_xact_lock(hashtextextended('calendar', 0))", DB_NO_PARAMS);
    if (status == STATUS_OK)
        status =
            db_query(call->db, &rows, "SELECT kind FROM calendar_day WHERE day = $1::date", DB_PARAMS(db_text(day)));
    *ret_kind = status == STATUS_OK && rows.count > 0 ? db_text_at(&rows, 0, 0) : NULL;
    return status;
}

enum status
store_day(struct call *call, const Deadlines__SaveCalendarDayRequest *request, const char *previous_kind,
          struct db_rows *ret_rows)
{
    enum status status = db_run(
        call->db,
        "WITH noted AS (INSERT INTO calendar_change (day, previous_kind, kind, note, at, account_id, by_name)"
        "  VALUES ($1::date, $2, $3, $4, $5::timestamptz, $6::uuid, $7) RETURNING change_id)"
        " INSERT INTO calendar_unplanned (change_id, at) SELECT change_id, $5::timestamptz FROM noted",
        DB_PARAMS(db_text(request->day), db_text(previous_kind), db_text(request->kind), db_string(request->note),
                  db_text(call->now), db_text(call->principal->account_id), db_string(call->principal->display_name)));
    if (status == STATUS_OK)
        status =
            db_run(call->db,
                   "UPDATE calendar_day c SET working_number = c.working_number + d.is_now::integer"
                   "  - d.is_working::integer FROM (SELECT day, is_working, $2 IN ('working', 'shortened') AS is_now"
                   "  FROM calendar_day WHERE day = $1::date) d"
                   " WHERE d.is_now <> d.is_working AND c.day >= d.day",
                   DB_PARAMS(db_text(request->day), db_text(request->kind)));
    if (status != STATUS_OK)
        return status;
    return db_query(call->db, ret_rows,
                    "UPDATE calendar_day c SET kind = $2, is_working = $2 IN ('working', 'shortened'), note = $3,"
                    " changed_at = $4::timestamptz, changed_by = $5 WHERE c.day = $1::date RETURNING " DAY_COLUMNS,
                    DB_PARAMS(db_text(request->day), db_text(request->kind), db_string(request->note),
                              db_text(call->now), db_string(call->principal->display_name)));
}

enum status
store_take_changes(struct call *call, const char **ret_since)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows,
                                  "WITH taken AS (DELETE FROM calendar_unplanned RETURNING at)"
                                  " SELECT vekha_time(min(at)) FROM taken HAVING count(*) > 0",
                                  DB_NO_PARAMS);
    *ret_since = status == STATUS_OK && rows.count > 0 ? db_text_at(&rows, 0, 0) : NULL;
    return status;
}

enum status
store_plan_steps_again(struct call *call, int64_t hour)
{
    return db_run(call->db,
                  "UPDATE waiting_answer w SET next_at = n.at FROM (SELECT assignment_id,"
                  "  next_step_at(programme_code, sent_at, told, $1::integer) AS at FROM waiting_answer) n"
                  " WHERE n.assignment_id = w.assignment_id AND w.next_at IS DISTINCT FROM n.at",
                  DB_PARAMS(db_integer(hour)));
}
