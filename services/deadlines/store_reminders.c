// Reminders in the database: the message, and which round and organisation it was about.
#include "store_reminders.h"

enum { REMINDERS_PAGE = 1000 };

enum status
store_hold_reminders(struct call *call, const char *round_id, const char *organisation_id)
{
    struct db_rows rows;
    return db_query(call->db, &rows, "SELECT pg_advisory_xact_lock(hashtextextended('reminder ' || $1 || $2, 0))",
                    DB_PARAMS(db_text(round_id), db_text(organisation_id)));
}

enum status
store_get_reminded(struct call *call, const char *round_id, const char *organisation_id, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "SELECT r.name, r.zone, zone_minutes($3::timestamptz, r.zone), r.closed,"
        " to_char($3::timestamptz AT TIME ZONE r.zone, 'YYYY-MM-DD'),"
        " to_char($3::timestamptz AT TIME ZONE r.zone, 'HH24:MI'), o.short_name,"
        " EXISTS (SELECT FROM account a WHERE a.organisation_id = $2::uuid AND a.role = 'ROLE_RESPONDENT'"
        "  AND NOT a.closed),"
        " EXISTS (SELECT FROM reminder m WHERE m.round_id = r.round_id AND m.organisation_id = $2::uuid"
        "  AND due_day(m.at, r.zone) = due_day($3::timestamptz, r.zone))"
        " FROM round r CROSS JOIN LATERAL organisation_on($2::uuid, due_day($3::timestamptz, r.zone)) o"
        " WHERE r.round_id = $1::uuid AND vekha_in_scope(o.path, $4)",
        DB_PARAMS(db_text(round_id), db_text(organisation_id), db_text(call->now), db_text(call_scope(call))));
}

enum status
store_reminder(struct call *call, const Deadlines__RemindRequest *request, const struct reminder_words *words,
               const char **ret_message_id)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "WITH about AS (SELECT o.organisation_id, o.path, o.short_name, ($6::timestamptz AT TIME ZONE "
        "zone_of($4))::date"
        "   AS day FROM organisation_on($8::uuid, ($6::timestamptz)::date) o),"
        " sent AS (INSERT INTO message (kind, state, author_account_id, author_organisation_id, author_path,"
        "   author_name, author_organisation, zone, changed_at, sent_at, dated_on, subject, text, levels,"
        "   organisation_ids, organisation_names, link_titles, link_addresses)"
        "  SELECT $1, 'sent', $2::uuid, $3::uuid, $4, $5, coalesce((SELECT short_name FROM organisation_on($3::uuid,"
        "   a.day)), ''), zone_of($4), $6::timestamptz, $6::timestamptz, a.day, $9, $10, ARRAY['authority', 'school'],"
        "   ARRAY[a.organisation_id], ARRAY[a.short_name], ARRAY[$11::text], ARRAY[$12::text] FROM about a"
        "  RETURNING message_id)"
        " INSERT INTO reminder (message_id, round_id, organisation_id, path, account_id, items, at)"
        " SELECT s.message_id, $7::uuid, a.organisation_id, a.path, $2::uuid, $13::integer, $6::timestamptz"
        " FROM sent s CROSS JOIN about a RETURNING message_id",
        DB_PARAMS(db_text("announcement"), db_text(call->principal->account_id),
                  db_text(call->principal->organisation_id), db_text(call_scope(call)),
                  db_string(call->principal->display_name), db_text(call->now), db_text(request->round_id),
                  db_text(request->organisation_id), db_text(words->subject), db_text(words->text),
                  db_text(words->link_title), db_text(words->link_address), db_integer((int64_t)request->n_items)));
    *ret_message_id = status == STATUS_OK && rows.count > 0 ? db_text_at(&rows, 0, 0) : "";
    return status == STATUS_OK && rows.count == 0 ? STATUS_INTERNAL : status;
}

enum status
store_list_reminders(struct call *call, const Deadlines__ListRemindersRequest *request, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "SELECT r.organisation_id, r.message_id, vekha_time(r.at) AS at, vekha_time(a.read_at) AS read_at,"
        " due_day(r.at, o.zone) = due_day($5::timestamptz, o.zone) AS today, m.author_name, r.path"
        " FROM (SELECT DISTINCT ON (path) * FROM reminder WHERE round_id = $1::uuid"
        "  AND vekha_in_scope(path, $2) AND path > $3 COLLATE \"C\" ORDER BY path, at DESC LIMIT $4::integer) r"
        " JOIN round o USING (round_id) JOIN message m USING (message_id)"
        " CROSS JOIN LATERAL (SELECT min(read_at) AS read_at FROM message_addressee t"
        "  WHERE t.message_id = r.message_id) a ORDER BY r.path",
        DB_PARAMS(db_text(request->round_id), db_text(call_scope(call)), db_string(request->after_path),
                  db_integer(request->limit ? request->limit : REMINDERS_PAGE), db_text(call->now)));
}
