// Organisations with their history, and the person who answers for each.
#include "moment.h"
#include "store.h"

// The version that holds at $-moment, per organisation, into `organisation`; the person's columns stay. Whoever does so
// holds the position of the stream "auth", so that numbers of changes are committed in their order.
#define MAKE_CURRENT                                                                                                   \
    "INSERT INTO organisation (organisation_id, path, valid_from, kind, short_name, inn, phone, email,"                \
    " municipality_id, municipality_name, change_number)"                                                              \
    " SELECT organisation_id, path, valid_from, kind, short_name, inn, phone, email, municipality_id,"                 \
    " municipality_name, nextval('organisation_change') FROM holding"                                                  \
    " ON CONFLICT (organisation_id) DO UPDATE SET path = EXCLUDED.path, valid_from = EXCLUDED.valid_from,"             \
    " kind = EXCLUDED.kind, short_name = EXCLUDED.short_name, inn = EXCLUDED.inn, phone = EXCLUDED.phone,"             \
    " email = EXCLUDED.email, municipality_id = EXCLUDED.municipality_id,"                                             \
    " municipality_name = EXCLUDED.municipality_name, change_number = EXCLUDED.change_number"

enum status
store_organisation(struct call *call, const Events__OrganisationChanged *event)
{
    enum status status = db_run(
        call->db,
        "WITH told AS (INSERT INTO organisation_told (organisation_id, event_number, valid_from, path, short_name,"
        " municipality_id, municipality_name) VALUES ($1::uuid, $12::bigint, coalesce($2::date, '-infinity'), $3, $5,"
        " $9::uuid, $10) ON CONFLICT DO NOTHING)"
        " INSERT INTO organisation_version (organisation_id, valid_from, path, kind, short_name, inn, phone, email,"
        " municipality_id, municipality_name, zone)"
        " VALUES ($1::uuid, coalesce($2::date, '-infinity'), $3, $4, $5, $6, $7, $8, $9::uuid, $10, $11)"
        " ON CONFLICT (organisation_id, valid_from) DO UPDATE SET path = EXCLUDED.path, kind = EXCLUDED.kind,"
        " short_name = EXCLUDED.short_name, inn = EXCLUDED.inn, phone = EXCLUDED.phone, email = EXCLUDED.email,"
        " municipality_id = EXCLUDED.municipality_id, municipality_name = EXCLUDED.municipality_name,"
        " zone = EXCLUDED.zone",
        DB_PARAMS(db_text(event->organisation_id), db_text(event->valid_from), db_string(event->path),
                  db_string(event->kind), db_string(event->short_name), db_text(event->inn), db_text(event->phone),
                  db_text(event->email), db_text(event->municipality_id), db_text(event->municipality_name),
                  db_text(event->zone), db_integer(event_number(call))));
    if (status != STATUS_OK)
        return status;
    return db_run(call->db,
                  "WITH holding AS (SELECT * FROM organisation_version WHERE organisation_id = $1::uuid"
                  " ORDER BY (valid_from > ($2::timestamptz AT TIME ZONE coalesce(zone, 'UTC'))::date),"
                  " CASE WHEN valid_from <= ($2::timestamptz AT TIME ZONE coalesce(zone, 'UTC'))::date"
                  " THEN valid_from END DESC, valid_from LIMIT 1) " MAKE_CURRENT,
                  DB_PARAMS(db_text(event->organisation_id), db_text(call->now)));
}

// $1 now.
#define DUE_VERSIONS                                                                                                   \
    " FROM organisation_version v JOIN organisation o USING (organisation_id) WHERE v.valid_from > o.valid_from"       \
    " AND v.valid_from <= ($1::timestamptz AT TIME ZONE coalesce(v.zone, 'UTC'))::date"

enum status
store_advance_tree(struct call *call, int64_t *ret_count)
{
    struct db_rows rows;
    *ret_count = 0;
    enum status status = db_query(call->db, &rows,
                                  "SELECT number FROM inbox_position WHERE stream = 'auth'"
                                  " AND EXISTS (SELECT" DUE_VERSIONS ") FOR UPDATE",
                                  DB_PARAMS(db_text(call->now)));
    if (status != STATUS_OK || rows.count == 0)
        return status;
    status = db_query(call->db, &rows,
                      "WITH holding AS (SELECT DISTINCT ON (v.organisation_id) v.*" DUE_VERSIONS
                      " ORDER BY v.organisation_id, v.valid_from DESC) " MAKE_CURRENT,
                      DB_PARAMS(db_text(call->now)));
    *ret_count = status == STATUS_OK ? rows.affected : 0;
    return status;
}

enum status
store_account(struct call *call, const Events__AccountIssued *event)
{
    return db_run(call->db,
                  "UPDATE organisation SET contact_account_id = $2::uuid, contact_closed = false,"
                  " contact_name = CASE WHEN contact_account_id = $2::uuid THEN contact_name END,"
                  " contact_position = CASE WHEN contact_account_id = $2::uuid THEN contact_position END,"
                  " contact_phone = CASE WHEN contact_account_id = $2::uuid THEN contact_phone END,"
                  " contact_email = CASE WHEN contact_account_id = $2::uuid THEN contact_email END"
                  " WHERE organisation_id = $1::uuid",
                  DB_PARAMS(db_text(event->organisation_id), db_text(event->account_id)));
}

enum status
store_account_closed(struct call *call, const char *account_id)
{
    return db_run(call->db, "UPDATE organisation SET contact_closed = true WHERE contact_account_id = $1::uuid",
                  DB_PARAMS(db_text(account_id)));
}

enum status
store_respondent_login(struct call *call, const Events__LoggedIn *event)
{
    return db_run(call->db,
                  "UPDATE organisation o SET last_login_at = greatest(last_login_at, $2::timestamptz),"
                  " first_login_at = CASE WHEN n.is_first THEN $2::timestamptz ELSE first_login_at END,"
                  " change_number = CASE WHEN n.is_first THEN nextval('organisation_change') ELSE change_number END"
                  " FROM (SELECT organisation_id, $3::boolean AND (first_login_at IS NULL"
                  " OR first_login_at > $2::timestamptz) AS is_first FROM organisation"
                  " WHERE organisation_id = $1::uuid) n WHERE o.organisation_id = n.organisation_id",
                  DB_PARAMS(db_text(event->organisation_id), db_text(event->at), db_boolean(event->first)));
}

enum status
store_contact(struct call *call, const Events__ProfileSaved *event, const char *full_name)
{
    return db_run(call->db,
                  "UPDATE organisation SET contact_account_id = $2::uuid, contact_closed = false, contact_name = $3,"
                  " contact_position = $4, contact_phone = $5, contact_email = $6 WHERE organisation_id = $1::uuid",
                  DB_PARAMS(db_text(event->organisation_id), db_text(event->account_id), db_text(full_name),
                            db_text(event->position), db_text(event->phone), db_text(event->email)));
}
