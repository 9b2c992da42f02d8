// Who has read a message, passed it on, and who is still to read it.
#include "store_messages.h"

#include "store_role.h"

enum { ADDRESSEES_PAGE = 200 };
#define READING_WINDOW "interval '10 minutes'"

enum status
store_read_message(struct call *call, const Deadlines__ReadMessageRequest *request, bool *ret_done)
{
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows,
        "WITH mine AS (UPDATE message_addressee SET read_at = coalesce(read_at, $3::timestamptz),"
        "  acknowledged_at = CASE WHEN $4::boolean THEN coalesce(acknowledged_at, $3::timestamptz)"
        "  ELSE acknowledged_at END WHERE message_id = $1::uuid AND account_id = $2::uuid RETURNING message_id),"
        " notices AS (UPDATE notification n SET read_at = $3::timestamptz FROM mine"
        "  WHERE n.account_id = $2::uuid AND n.message_id = mine.message_id AND n.read_at IS NULL)"
        " SELECT message_id FROM mine",
        DB_PARAMS(db_text(request->message_id), db_text(call->principal->account_id), db_text(call->now),
                  db_boolean(request->acknowledge)));
    *ret_done = status == STATUS_OK && rows.count > 0;
    return status;
}

// Below the caller and not addressed yet. $1 message, $2 caller, $3 role, $4 now, $5 territory, $6 levels. Who
// coordinates beside me has it from above.
#define PASSING                                                                                                        \
    "message m CROSS JOIN LATERAL audience_of($2::uuid, $3, $5, '{}', $6::text[],"                                     \
    " ($4::timestamptz AT TIME ZONE m.zone)::date) f WHERE m.message_id = $1::uuid AND m.state = 'sent'"               \
    " AND NOT (f.level IN ('federation', 'region', 'municipality') AND f.path = $5)"                                   \
    " AND EXISTS (SELECT FROM message_addressee a WHERE a.message_id = m.message_id AND a.account_id = $2::uuid)"      \
    " AND f.account_id <> m.author_account_id"                                                                         \
    " AND NOT EXISTS (SELECT FROM message_addressee a WHERE a.message_id = m.message_id"                               \
    "  AND a.account_id = f.account_id)"
#define PASSING_PARAMS(message_id, levels)                                                                             \
    db_text(message_id), db_text(call->principal->account_id), db_text(role_name(call)), db_text(call->now),           \
        db_text(call_scope(call)), db_text(levels)

enum status
store_list_passing_audience(struct call *call, const char *message_id, const char *levels, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT f.level, count(*) AS accounts, count(DISTINCT f.organisation_id) AS organisations"
                    " FROM " PASSING " GROUP BY f.level ORDER BY level_order(f.level)",
                    DB_PARAMS(PASSING_PARAMS(message_id, levels)));
}

enum status
store_pass_message_on(struct call *call, const Deadlines__PassMessageOnRequest *request, const char *levels,
                      int64_t *ret_addressed)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows,
                                  "INSERT INTO message_pass (message_id, account_id, path, person_name, words, at)"
                                  " VALUES ($1::uuid, $2::uuid, $3, $4, $5, $6::timestamptz) RETURNING pass_id",
                                  DB_PARAMS(db_text(request->message_id), db_text(call->principal->account_id),
                                            db_text(call_scope(call)), db_string(call->principal->display_name),
                                            db_string(request->words), db_text(call->now)));
    if (status != STATUS_OK)
        return status;
    const char *pass_id = db_text_at(&rows, 0, 0);
    status = db_query(
        call->db, &rows,
        "WITH added AS (INSERT INTO message_addressee (message_id, account_id, organisation_id, municipality_id, path,"
        " level, pass_id, addressed_at) SELECT m.message_id, f.account_id, f.organisation_id, f.municipality_id, "
        "f.path,"
        " f.level, $7::uuid, $4::timestamptz FROM " PASSING " ON CONFLICT DO NOTHING RETURNING account_id),"
        " words AS (INSERT INTO message_word (message_id, about, account_id, at)"
        "  SELECT $1::uuid, 'passed', account_id, $4::timestamptz FROM added ON CONFLICT DO NOTHING),"
        " mine AS (UPDATE message_addressee SET read_at = coalesce(read_at, $4::timestamptz),"
        "  passed_on_at = coalesce(passed_on_at, $4::timestamptz)"
        "  WHERE message_id = $1::uuid AND account_id = $2::uuid)"
        " SELECT count(*) FROM added",
        DB_PARAMS(PASSING_PARAMS(request->message_id, levels), db_text(pass_id)));
    *ret_addressed = status == STATUS_OK ? db_integer_at(&rows, 0, 0) : 0;
    return status;
}

// Addressees `r` of $1 that caller $2 may know of: all of the territory, or those reached by the caller's own passing
// on. $3: the caller is a curator, who oversees nobody else's.
#define KNOWN                                                                                                          \
    "message_addressee r JOIN message m USING (message_id) WHERE r.message_id = $1::uuid AND (NOT $3::boolean"         \
    " OR m.author_account_id = $2::uuid OR r.pass_id IN (SELECT p.pass_id FROM message_pass p"                         \
    "  WHERE p.message_id = $1::uuid AND p.account_id = $2::uuid))"
#define KNOWN_PARAMS(message_id)                                                                                       \
    db_text(message_id), db_text(call->principal->account_id),                                                         \
        db_boolean(call->principal->role == VEKHA__ROLE__ROLE_CURATOR)

enum status
store_list_receipt_levels(struct call *call, const char *message_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT r.level, count(*) AS addressed, count(r.read_at) AS read,"
                    " count(r.acknowledged_at) AS acknowledged, count(r.passed_on_at) AS passed_on"
                    " FROM " KNOWN " GROUP BY r.level ORDER BY level_order(r.level)",
                    DB_PARAMS(KNOWN_PARAMS(message_id)));
}

enum status
store_list_receipt_branches(struct call *call, const char *message_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT b.municipality_id, coalesce(o.short_name, '') AS municipality_name, b.addressed, b.read,"
                    " b.acknowledged, vekha_time(b.coordinator_read_at) AS coordinator_read_at,"
                    " vekha_time(b.coordinator_passed_on_at) AS coordinator_passed_on_at, b.reached_by_passing_on FROM"
                    " (SELECT r.municipality_id, count(*) AS addressed, count(r.read_at) AS read,"
                    "  count(r.acknowledged_at) AS acknowledged, count(r.pass_id) AS reached_by_passing_on,"
                    "  min(r.read_at) FILTER (WHERE r.level = 'municipality') AS coordinator_read_at,"
                    "  min(r.passed_on_at) FILTER (WHERE r.level = 'municipality') AS coordinator_passed_on_at"
                    "  FROM " KNOWN " GROUP BY r.municipality_id) b"
                    " LEFT JOIN LATERAL organisation_on(b.municipality_id, ($4::timestamptz)::date) o ON true"
                    " ORDER BY o.path NULLS FIRST",
                    DB_PARAMS(KNOWN_PARAMS(message_id), db_text(call->now)));
}

#define WANTED                                                                                                         \
    KNOWN " AND (NOT $4::boolean OR r.read_at IS NULL) AND ($5::text IS NULL OR r.level = $5)"                         \
          " AND ($6::uuid IS NULL OR r.municipality_id = $6)"
#define WANTED_PARAMS(request)                                                                                         \
    KNOWN_PARAMS((request)->message_id), db_boolean((request)->unread_only), db_text((request)->level),                \
        db_text((request)->municipality_id)

enum status
store_list_addressees(struct call *call, const Deadlines__ListAddresseesRequest *request, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "SELECT w.account_id, w.level, w.organisation_id, coalesce(o.short_name, '') AS organisation_name,"
        " coalesce(u.short_name, '') AS municipality_name, a.person_name, a.person_position AS position,"
        " coalesce(a.phone, o.phone) AS phone, coalesce(a.email, o.email) AS email, vekha_time(w.read_at) AS read_at,"
        " vekha_time(w.acknowledged_at) AS acknowledged_at, vekha_time(w.passed_on_at) AS passed_on_at,"
        " p.person_name AS passed_by_name FROM (SELECT r.* FROM " WANTED ") w"
        " LEFT JOIN account a USING (account_id) LEFT JOIN message_pass p ON p.pass_id = w.pass_id"
        " LEFT JOIN LATERAL organisation_on(w.organisation_id, ($7::timestamptz)::date) o ON true"
        " LEFT JOIN LATERAL organisation_on(w.municipality_id, ($7::timestamptz)::date) u ON true"
        " WHERE $8::uuid IS NULL OR (level_order(w.level), w.path, w.account_id) >"
        " (SELECT level_order(l.level), l.path, l.account_id FROM message_addressee l"
        "  WHERE l.message_id = $1::uuid AND l.account_id = $8::uuid)"
        " ORDER BY level_order(w.level), w.path, w.account_id LIMIT $9::integer",
        DB_PARAMS(WANTED_PARAMS(request), db_text(call->now), db_text(request->after_account_id),
                  db_integer(request->limit ? request->limit : ADDRESSEES_PAGE)));
}

enum status
store_count_addressees(struct call *call, const Deadlines__ListAddresseesRequest *request, uint32_t *ret_total)
{
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, "SELECT count(*) FROM " WANTED, DB_PARAMS(WANTED_PARAMS(request)));
    *ret_total = status == STATUS_OK ? (uint32_t)db_integer_at(&rows, 0, 0) : 0;
    return status;
}

enum status
store_note_contacts_read(struct call *call, const char *message_id, const char **ret_subject)
{
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows,
                 "INSERT INTO message_contact_reading AS known (session_id, message_id, read_at)"
                 " SELECT $1::uuid, $2::uuid, $3::timestamptz WHERE NOT EXISTS (SELECT FROM message_contact_reading r"
                 "  WHERE r.session_id = $1::uuid AND r.message_id = $2::uuid"
                 "  AND r.read_at > $3::timestamptz - " READING_WINDOW ")"
                 " ON CONFLICT (session_id, message_id) DO UPDATE SET read_at = excluded.read_at"
                 " WHERE known.read_at <= excluded.read_at - " READING_WINDOW
                 " RETURNING (SELECT subject FROM message m WHERE m.message_id = $2::uuid)",
                 DB_PARAMS(db_text(call->principal->session_id), db_text(message_id), db_text(call->now)));
    *ret_subject = status == STATUS_OK && rows.count ? db_text_at(&rows, 0, 0) : NULL;
    return status;
}
