// Coordinators and curators: who they are, when they came, what they looked at (S1.30).
#include "moment.h"
#include "store.h"

const char *
watcher_role(Vekha__Role role)
{
    if (role == VEKHA__ROLE__ROLE_COORDINATOR)
        return "coordinator";
    return role == VEKHA__ROLE__ROLE_CURATOR ? "curator" : NULL;
}

enum status
store_watcher(struct call *call, const Events__AccountIssued *event, const char *role)
{
    return db_run(call->db,
                  "INSERT INTO watcher (account_id, organisation_id, path, role, issued_at)"
                  " VALUES ($1::uuid, $2::uuid, $3, $4, $5::timestamptz) ON CONFLICT (account_id) DO UPDATE"
                  " SET organisation_id = EXCLUDED.organisation_id, path = EXCLUDED.path, role = EXCLUDED.role,"
                  " closed_at = NULL",
                  DB_PARAMS(db_text(event->account_id), db_text(event->organisation_id),
                            db_string(event->organisation_path), db_text(role), db_text(event_moment(call))));
}

enum status
store_watcher_closed(struct call *call, const char *account_id)
{
    return db_run(call->db, "UPDATE watcher SET closed_at = $2::timestamptz WHERE account_id = $1::uuid",
                  DB_PARAMS(db_text(account_id), db_text(event_moment(call))));
}

enum status
store_watcher_name(struct call *call, const char *account_id, const char *full_name)
{
    return db_run(call->db,
                  "INSERT INTO watcher_name (account_id, known_from, name) VALUES ($1::uuid, $2::timestamptz, $3)"
                  " ON CONFLICT (account_id, known_from) DO UPDATE SET name = EXCLUDED.name",
                  DB_PARAMS(db_text(account_id), db_text(event_moment(call)), db_text(full_name)));
}

// Somebody whose account is older than the table of watchers becomes known by coming.
enum status
store_visit(struct call *call, const Events__LoggedIn *event, const char *role)
{
    return db_run(
        call->db,
        "WITH known AS (INSERT INTO watcher (account_id, organisation_id, path, role, issued_at)"
        " SELECT $1::uuid, o.organisation_id, CASE o.kind WHEN 'authority' THEN parent_of(o.path)"
        " ELSE o.path END, $3, $4::timestamptz FROM organisation o WHERE o.organisation_id = $2::uuid"
        " ON CONFLICT DO NOTHING)"
        " INSERT INTO visit (account_id, at) VALUES ($1::uuid, $4::timestamptz) ON CONFLICT DO NOTHING",
        DB_PARAMS(db_text(event->account_id), db_text(event->organisation_id), db_text(role), db_text(event->at)));
}

enum status
store_reminder(struct call *call, const Events__MessageSent *event)
{
    return db_run(call->db,
                  "INSERT INTO reminder (account_id, message_id, at, addressees)"
                  " VALUES ($1::uuid, $2::uuid, $3::timestamptz, $4::integer) ON CONFLICT DO NOTHING",
                  DB_PARAMS(db_text(event->account_id), db_text(event->message_id), db_text(event->at),
                            db_integer(event->addressees)));
}

// Further pages and refreshes are one look, and only look themselves.
enum status
store_view(struct call *call, const char *report)
{
    return db_run(call->db,
                  "INSERT INTO report_view AS v (account_id, report, hour, views, last_at)"
                  " SELECT w.account_id, $2, date_trunc('hour', $3::timestamptz), 1, $3::timestamptz FROM watcher w"
                  " WHERE w.account_id = $1::uuid AND NOT EXISTS (SELECT FROM report_view r"
                  " WHERE r.account_id = $1::uuid AND r.report = $2 AND r.hour > $3::timestamptz - interval '2 hours'"
                  " AND r.last_at > $3::timestamptz - interval '1 minute')"
                  " ON CONFLICT (account_id, hour, report) DO UPDATE"
                  " SET views = v.views + 1, last_at = greatest(v.last_at, EXCLUDED.last_at)",
                  DB_PARAMS(db_text(call->principal->account_id), db_text(report), db_text(call->now)));
}
