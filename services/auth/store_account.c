// SQL of accounts and profiles.
#include <string.h>

#include "store.h"

// db_text_array() changes nothing, but does not say so.
static const char *
constant_array(struct arena *arena, const char *const *items, size_t count)
{
    return db_text_array(arena, (char *const *)(uintptr_t)items, count);
}

// What an account is called and what it still has to do. $1: now.
#define ACCOUNT_COLUMNS(password_due, by_provider)                                                                     \
    "SELECT a.account_id, a.login, a.role, a.organisation_id, a.territory_path AS organisation_path,"                  \
    " o.short_name AS organisation_name, " password_due " AS password_change_required,"                                \
    " p.account_id IS NULL AS profile_required, CASE WHEN p.account_id IS NULL THEN o.short_name"                      \
    " ELSE concat_ws(' ', p.family_name, p.given_name, p.middle_name) END AS display_name,"                            \
    " a.closed_at IS NOT NULL AS closed, vekha_time(a.last_login_at) AS last_login_at, " by_provider                   \
    " AS by_provider FROM account a LEFT JOIN profile p ON p.account_id = a.account_id"                                \
    " LEFT JOIN LATERAL (SELECT short_name FROM organisation_version v WHERE v.organisation_id = a.organisation_id"    \
    "  ORDER BY valid_from <= ($1::timestamptz)::date DESC, valid_from DESC LIMIT 1) o ON true"
#define LISTED_ACCOUNT                                                                                                 \
    ACCOUNT_COLUMNS("a.one_time", "vekha_time(l.linked_at) AS linked_since,"                                           \
                                  " coalesce(nullif(l.shown_name, ''), l.subject) AS linked_name, false")              \
    " LEFT JOIN provider_link l ON l.account_id = a.account_id"
// $3: the session. Who came in by the provider has used no password here, and need not change one.
#define ACCOUNT_OF_SESSION                                                                                             \
    ACCOUNT_COLUMNS("a.one_time AND NOT s.by_provider", "s.by_provider")                                               \
    " JOIN session s ON s.account_id = a.account_id AND s.session_id = $3::uuid"

enum status
store_read_account(struct call *call, const char *account_id, const char *session_id, Auth__Account *account)
{
    static const char sql[] = ACCOUNT_OF_SESSION " WHERE a.account_id = $2::uuid";
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, sql, DB_PARAMS(db_text(call->now), db_text(account_id), db_text(session_id)));
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    fill_message(&account->base, &rows, 0, call->arena);
    return STATUS_OK;
}

enum status
store_read_own_account(struct call *call, Auth__Account *account)
{
    static const char sql[] =
        ACCOUNT_OF_SESSION " WHERE a.account_id = $2::uuid AND a.closed_at IS NULL AND s.revoked_at IS NULL"
                           " AND s.expires_at > $1::timestamptz";
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows, sql,
        DB_PARAMS(db_text(call->now), db_text(call->principal->account_id), db_text(call->principal->session_id)));
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return STATUS_UNAUTHENTICATED;
    fill_message(&account->base, &rows, 0, call->arena);
    return STATUS_OK;
}

enum status
store_find_unserved(struct call *call, const struct account_wish *wish, struct account_slot **ret_slots,
                    size_t *ret_count, uint32_t *ret_total)
{
    static const char sql[] =
        "WITH today AS MATERIALIZED (SELECT local_day($1::timestamptz) AS day), wished AS MATERIALIZED ("
        "  SELECT o.organisation_id, o.path, o.kind, o.short_name, has.ever, $8::bigint - has.open AS missing"
        "  FROM today, organisation_version o CROSS JOIN LATERAL (SELECT count(*) AS ever,"
        "   count(*) FILTER (WHERE a.closed_at IS NULL) AS open FROM account a"
        "   WHERE a.organisation_id = o.organisation_id AND a.role = $6) has"
        "  WHERE o.valid_from <= today.day AND (o.valid_to IS NULL OR o.valid_to > today.day)"
        "  AND vekha_in_scope(o.path, $2) AND o.kind = ANY ($3::text[])"
        "  AND ($4::text IS NULL OR vekha_in_scope(o.path, $4)) AND ($5::text[] = '{}' OR o.path = ANY ($5::text[]))"
        "  AND has.open < $8::bigint)"
        " SELECT w.organisation_id, w.path, w.kind, w.short_name, w.ever + number - 1, (SELECT sum(missing) FROM "
        "wished)"
        " FROM wished w, generate_series(1, w.missing) AS number ORDER BY w.path, number LIMIT $7::bigint";
    const char *kinds = constant_array(call->arena, wish->kinds, wish->kind_count);
    const char *codes = constant_array(call->arena, wish->codes, wish->code_count);
    if (!kinds || !codes)
        return STATUS_TOO_LARGE;
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql,
                                  DB_PARAMS(db_text(call->now), db_text(call_scope(call)), db_text(kinds),
                                            db_text(wish->below_path), db_text(codes), db_text(wish->role_name),
                                            db_integer(wish->limit), db_integer(wish->per_organisation)));
    if (status != STATUS_OK)
        return status;
    struct account_slot *slots = arena_take(call->arena, ((size_t)rows.count + 1) * sizeof(*slots));
    if (!slots)
        return STATUS_TOO_LARGE;
    for (int i = 0; i < rows.count; i++)
        slots[i] = (struct account_slot){db_text_at(&rows, i, 0), db_text_at(&rows, i, 1), db_text_at(&rows, i, 2),
                                         db_text_at(&rows, i, 3), (unsigned)db_integer_at(&rows, i, 4)};
    *ret_total = rows.count ? (uint32_t)db_integer_at(&rows, 0, 5) : 0;
    *ret_slots = slots;
    *ret_count = (size_t)rows.count;
    return STATUS_OK;
}

enum status
store_find_unknown_codes(struct call *call, const char *const *codes, size_t count, const char **ret_codes)
{
    static const char sql[] =
        "WITH today AS MATERIALIZED (SELECT local_day($1::timestamptz) AS day)"
        " SELECT coalesce(string_agg(code, ', ' ORDER BY code), '') FROM unnest($3::text[]) AS wanted (code)"
        " WHERE NOT EXISTS (SELECT FROM today, organisation_version o WHERE o.path = wanted.code"
        " AND o.valid_from <= today.day AND (o.valid_to IS NULL OR o.valid_to > today.day)"
        " AND vekha_in_scope(o.path, $2))";
    const char *list = constant_array(call->arena, codes, count);
    if (!list)
        return STATUS_TOO_LARGE;
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, sql, DB_PARAMS(db_text(call->now), db_text(call_scope(call)), db_text(list)));
    if (status == STATUS_OK)
        *ret_codes = db_text_at(&rows, 0, 0);
    return status;
}

enum status
store_insert_accounts(struct call *call, const char *role_name, const struct new_account *accounts, size_t count,
                      const char *expires_at)
{
    static const char sql[] =
        "INSERT INTO account (account_id, login, role, organisation_id, territory_path, password_hash, one_time,"
        " password_expires_at, created_at) SELECT id, login, $6, organisation, territory, hash, true,"
        " $7::timestamptz, $8::timestamptz FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[])"
        " AS fresh (id, login, organisation, territory, hash)";
    enum { COLUMNS = 5 };
    char **items[COLUMNS];
    const char *arrays[COLUMNS];
    for (size_t column = 0; column < COLUMNS; column++)
        if (!(items[column] = arena_take(call->arena, (count + 1) * sizeof(char *))))
            return STATUS_TOO_LARGE;
    for (size_t i = 0; i < count; i++) {
        const char *values[COLUMNS] = {accounts[i].account_id, accounts[i].login, accounts[i].organisation_id,
                                       accounts[i].territory_path, accounts[i].password_hash};
        for (size_t column = 0; column < COLUMNS; column++)
            items[column][i] = (char *)(uintptr_t)values[column];
    }
    for (size_t column = 0; column < COLUMNS; column++)
        if (!(arrays[column] = db_text_array(call->arena, items[column], count)))
            return STATUS_TOO_LARGE;
    return db_run(call->db, sql,
                  DB_PARAMS(db_text(arrays[0]), db_text(arrays[1]), db_text(arrays[2]), db_text(arrays[3]),
                            db_text(arrays[4]), db_text(role_name), db_text(expires_at), db_text(call->now)));
}

// $2: scope, $3: organisation, $4: role, $5: text, $6: state, $7: account.
#define LISTED                                                                                                         \
    " WHERE vekha_in_scope(a.territory_path, $2) AND ($3::uuid IS NULL OR a.organisation_id = $3::uuid)"               \
    " AND ($4::text IS NULL OR a.role = $4) AND ($5::text IS NULL OR starts_with(a.login, folded($5))"                 \
    "  OR strpos(folded(o.short_name), folded($5)) > 0)"                                                               \
    " AND ($6::text IS NULL OR CASE $6 WHEN 'closed' THEN a.closed_at IS NOT NULL"                                     \
    "  WHEN 'open' THEN a.closed_at IS NULL WHEN 'linked' THEN l.account_id IS NOT NULL"                               \
    "  ELSE a.closed_at IS NULL AND a.last_login_at IS NULL END)"                                                      \
    " AND ($7::uuid IS NULL OR a.account_id = $7::uuid)"

enum status
store_list_accounts(struct call *call, const Auth__ListAccountsRequest *request, const char *role_name,
                    Auth__ListAccountsReply *reply)
{
    static const char page_sql[] =
        LISTED_ACCOUNT LISTED " AND ($8::text IS NULL OR a.login > $8) ORDER BY a.login LIMIT $9::bigint";
    static const char total_sql[] = "SELECT count(*) FROM (" LISTED_ACCOUNT LISTED ") AS listed";
    struct db_param now = db_text(call->now), scope = db_text(call_scope(call)), role = db_text(role_name);
    struct db_param organisation = db_text(request->organisation_id), text = db_text(request->query);
    struct db_param state = db_text(request->state), account = db_text(request->account_id);
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, page_sql,
                 DB_PARAMS(now, scope, organisation, role, text, state, account, db_text(request->after_login),
                           db_integer(request->limit ? request->limit : 100)));
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &auth__account__descriptor, &reply->n_accounts, &reply->accounts);
    if (status == STATUS_OK)
        status = db_query(call->db, &rows, total_sql, DB_PARAMS(now, scope, organisation, role, text, state, account));
    if (status == STATUS_OK)
        reply->total = (uint32_t)db_integer_at(&rows, 0, 0);
    return status;
}

enum status
store_take_mailed_access(struct call *call, const char *account_id, const char *password_hash, const char *expires_at,
                         bool *ret_done)
{
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows,
                 "UPDATE account SET password_hash = $2, password_expires_at = $3::timestamptz"
                 " WHERE account_id = $1::uuid AND one_time AND closed_at IS NULL RETURNING account_id",
                 DB_PARAMS(db_text(account_id), db_text(password_hash), db_text(expires_at)));
    *ret_done = status == STATUS_OK && rows.count > 0;
    return status;
}

enum status
store_reset_password(struct call *call, const char *account_id, const char *password_hash, const char *expires_at,
                     Auth__IssuedAccount *reply)
{
    static const char sql[] =
        "UPDATE account a SET password_hash = $4, one_time = true, password_expires_at = $5::timestamptz"
        " WHERE a.account_id = $3::uuid AND a.closed_at IS NULL AND vekha_in_scope(a.territory_path, $2)"
        " RETURNING a.account_id, a.login, a.organisation_id, vekha_time(a.password_expires_at) AS expires_at,"
        " (SELECT v.short_name FROM organisation_version v WHERE v.organisation_id = a.organisation_id"
        "  ORDER BY v.valid_from <= ($1::timestamptz)::date DESC, v.valid_from DESC LIMIT 1) AS organisation_name";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql,
                                  DB_PARAMS(db_text(call->now), db_text(call_scope(call)), db_text(account_id),
                                            db_text(password_hash), db_text(expires_at)));
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    fill_message(&reply->base, &rows, 0, call->arena);
    return STATUS_OK;
}

enum status
store_set_closed(struct call *call, const char *account_id, bool closed, bool *ret_changed,
                 Events__AccountIssued *event)
{
    static const char sql[] =
        "WITH found AS (SELECT account_id, closed_at FROM account WHERE account_id = $3::uuid"
        "  AND vekha_in_scope(territory_path, $2) FOR UPDATE)"
        " UPDATE account a SET closed_at = CASE WHEN $4::boolean THEN coalesce(a.closed_at, $1::timestamptz) END"
        " FROM found WHERE a.account_id = found.account_id"
        " RETURNING a.account_id, a.organisation_id, a.territory_path AS organisation_path, a.role, a.login,"
        " (found.closed_at IS NOT NULL) <> $4::boolean";
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, sql,
                 DB_PARAMS(db_text(call->now), db_text(call_scope(call)), db_text(account_id), db_boolean(closed)));
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    fill_message(&event->base, &rows, 0, call->arena);
    *ret_changed = db_boolean_at(&rows, 0, 5);
    return STATUS_OK;
}

enum status
store_lock_issuing(struct call *call)
{
    static const char sql[] = "SELECT pg_advisory_xact_lock(7423160002)";
    struct db_rows rows;
    return db_query(call->db, &rows, sql, DB_NO_PARAMS);
}

enum status
store_has_accounts(struct call *call, bool *ret_has)
{
    static const char sql[] = "SELECT EXISTS (SELECT FROM account)";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql, DB_NO_PARAMS);
    if (status == STATUS_OK)
        *ret_has = db_boolean_at(&rows, 0, 0);
    return status;
}

enum status
store_read_profile(struct call *call, Auth__Profile *profile)
{
    static const char sql[] = "SELECT family_name, given_name, middle_name, position, phone, email FROM profile"
                              " WHERE account_id = $1::uuid";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql, DB_PARAMS(db_text(call->principal->account_id)));
    if (status == STATUS_OK && rows.count > 0)
        fill_message(&profile->base, &rows, 0, call->arena);
    return status;
}

enum status
store_save_profile(struct call *call, const Auth__SaveProfileRequest *request)
{
    static const char sql[] =
        "INSERT INTO profile (account_id, territory_path, family_name, given_name, middle_name, position, phone, email,"
        " saved_at) SELECT account_id, territory_path, $3, $4, $5, $6, $7, $8, $1::timestamptz FROM account"
        " WHERE account_id = $2::uuid AND closed_at IS NULL"
        " ON CONFLICT (account_id) DO UPDATE SET family_name = excluded.family_name,"
        " given_name = excluded.given_name, middle_name = excluded.middle_name, position = excluded.position,"
        " phone = excluded.phone, email = excluded.email, saved_at = excluded.saved_at";
    return db_run(call->db, sql,
                  DB_PARAMS(db_text(call->now), db_text(call->principal->account_id), db_text(request->family_name),
                            db_text(request->given_name), db_text(request->middle_name), db_text(request->position),
                            db_text(request->phone), db_text(request->email)));
}
