// Notifications, and the letters that say the same.
#include "store.h"

enum { NOTIFICATIONS_PAGE = 50 };

// $1 now, $2 kind; `about` has the columns of an assignment and `question`.
#define TOLD(about, people)                                                                                            \
    "SELECT a.round_id, a.organisation_id, a.path, coalesce(r.name, ''), coalesce(r.zone, ''),"                        \
    " zone_minutes(r.due_at, r.zone), to_char(due_day(r.due_at, r.zone), 'YYYY-MM-DD'), coalesce(o.short_name, ''),"   \
    " coalesce(a.question, ''), p.accounts, p.addresses,"                                                              \
    " to_char(due_day($1::timestamptz, coalesce(r.zone, 'UTC')), 'YYYY-MM-DD')"                                        \
    " FROM (" about ") a LEFT JOIN round r ON r.round_id = a.round_id"                                                 \
    " LEFT JOIN LATERAL organisation_on(a.organisation_id, due_day($1::timestamptz, coalesce(r.zone, 'UTC'))) o"       \
    " ON true CROSS JOIN LATERAL " people " p"
#define RESPONDENTS "respondents_of(a.organisation_id, o.email, $2)"
#define CURATORS "curators_of(a.organisation_id, $2)"
#define ABOUT "SELECT $3::uuid AS round_id, $4::uuid AS organisation_id, $5::text AS path, $6::text AS question"

enum status
store_get_rejected(struct call *call, const char *assignment_id, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    TOLD("SELECT a.round_id, a.organisation_id, a.path, i.question FROM assignment a"
                         " LEFT JOIN item i USING (item_id) WHERE a.assignment_id = $3::uuid",
                         RESPONDENTS),
                    DB_PARAMS(db_text(call->now), db_text(rules_kind_name(NOTICE_REJECTED)), db_text(assignment_id)));
}

enum status
store_get_told(struct call *call, const struct told_about *about, enum notice_kind kind, enum audience audience,
               struct db_rows *ret_rows)
{
    static const char respondents[] = TOLD(ABOUT, RESPONDENTS);
    static const char curators[] = TOLD(ABOUT, CURATORS);
    return db_query(call->db, ret_rows, audience == AUDIENCE_CURATORS ? curators : respondents,
                    DB_PARAMS(db_text(call->now), db_text(rules_kind_name(kind)), db_text(about->round_id),
                              db_text(about->organisation_id), db_string(about->path), db_text(about->question)));
}

enum status
store_notice(struct call *call, const struct notice *notice, struct db_rows *ret_rows)
{
    return db_query(
        call->db, ret_rows,
        "WITH told AS (INSERT INTO notification (account_id, path, cause, kind, title, text, round_id,"
        " organisation_id, items, at)"
        " SELECT a.id, $2, $3, $4, $5, $6, $7::uuid, $8::uuid, $9::integer, $10::timestamptz"
        " FROM unnest($1::uuid[]) a(id) ON CONFLICT (account_id, cause) DO NOTHING"
        " RETURNING notification_id, account_id),"
        " written AS (INSERT INTO mail (path, cause, address, subject, body, written_at, next_at)"
        " SELECT $2, $3, m.address, $5, $6, $10::timestamptz, $12::timestamptz FROM unnest($11::text[]) m(address)"
        " ON CONFLICT (address, cause) DO NOTHING)"
        " SELECT notification_id, account_id FROM told",
        DB_PARAMS(db_text(notice->accounts), db_string(notice->path), db_text(notice->cause),
                  db_text(rules_kind_name(notice->kind)), db_text(notice->title), db_text(notice->text),
                  db_text(notice->round_id), db_text(notice->organisation_id), db_integer(notice->items),
                  db_text(notice->at), db_text(notice->addresses), db_text(call->now)));
}

enum status
store_list_notifications(struct call *call, const Deadlines__ListNotificationsRequest *request,
                         struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT notification_id, kind, title, text, round_id, organisation_id, vekha_time(at) AS at,"
                    " read_at IS NOT NULL AS read, items, message_id FROM notification WHERE account_id = $1::uuid"
                    " AND (NOT $2::boolean OR read_at IS NULL) AND ($3::timestamptz IS NULL OR (at, notification_id) <"
                    " ($3, coalesce($4::uuid, '00000000-0000-0000-0000-000000000000')))"
                    " ORDER BY at DESC, notification_id DESC LIMIT $5::integer",
                    DB_PARAMS(db_text(call->principal->account_id), db_boolean(request->unread_only),
                              db_text(request->before_at), db_text(request->before_notification_id),
                              db_integer(request->limit ? request->limit : NOTIFICATIONS_PAGE)));
}

enum status
store_count_unread(struct call *call, uint32_t *ret_unread)
{
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, "SELECT count(*) FROM notification WHERE account_id = $1::uuid AND read_at IS NULL",
                 DB_PARAMS(db_text(call->principal->account_id)));
    if (status == STATUS_OK)
        *ret_unread = (uint32_t)db_integer_at(&rows, 0, 0);
    return status;
}

enum status
store_mark_read(struct call *call, const char *notification_id)
{
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows,
                 "UPDATE notification SET read_at = coalesce(read_at, $3::timestamptz)"
                 " WHERE notification_id = $1::uuid AND account_id = $2::uuid",
                 DB_PARAMS(db_text(notification_id), db_text(call->principal->account_id), db_text(call->now)));
    if (status == STATUS_OK && rows.affected == 0)
        return STATUS_NOT_FOUND;
    return status;
}

enum status
store_mark_all_read(struct call *call, const char *up_to_notification_id)
{
    return db_run(call->db,
                  "UPDATE notification n SET read_at = $3::timestamptz FROM notification last"
                  " WHERE last.notification_id = $1::uuid AND last.account_id = $2::uuid AND n.account_id = $2::uuid"
                  " AND n.read_at IS NULL AND (n.at, n.notification_id) <= (last.at, last.notification_id)",
                  DB_PARAMS(db_text(up_to_notification_id), db_text(call->principal->account_id), db_text(call->now)));
}

enum status
store_list_mail_choices(struct call *call, const char *kinds, struct db_rows *ret_rows)
{
    return db_query(call->db, ret_rows,
                    "SELECT k.kind, wants_mail($1::uuid, k.kind) AS by_mail"
                    " FROM unnest($2::text[]) WITH ORDINALITY k (kind, position) ORDER BY k.position",
                    DB_PARAMS(db_text(call->principal->account_id), db_text(kinds)));
}

enum status
store_mail_choices(struct call *call, const char *wanted, const char *refused)
{
    return db_run(call->db,
                  "INSERT INTO mail_refusal AS r (account_id, path, kinds) VALUES ($1::uuid, $2, $4::text[])"
                  " ON CONFLICT (account_id) DO UPDATE SET path = excluded.path, kinds = ARRAY("
                  "SELECT unnest(r.kinds) UNION SELECT unnest($4::text[]) EXCEPT SELECT unnest($3::text[]))",
                  DB_PARAMS(db_text(call->principal->account_id), db_string(call->principal->organisation_path),
                            db_text(wanted), db_text(refused)));
}
