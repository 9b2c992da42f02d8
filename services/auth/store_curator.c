// SQL of curators and the schools they answer for.
#include "store.h"

#define CURATOR                                                                                                        \
    "SELECT role, territory_path, closed_at IS NOT NULL FROM account"                                                  \
    " WHERE account_id = $1::uuid AND vekha_in_scope(territory_path, $2)"

enum status
store_find_curator(struct call *call, const char *account_id, bool locked, struct curator *ret_curator)
{
    static const char find_sql[] = CURATOR;
    static const char lock_sql[] = CURATOR " FOR UPDATE";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, locked ? lock_sql : find_sql,
                                  DB_PARAMS(db_text(account_id), db_text(call_scope(call))));
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    *ret_curator = (struct curator){db_text_at(&rows, 0, 0), db_text_at(&rows, 0, 1), db_boolean_at(&rows, 0, 2)};
    return STATUS_OK;
}

enum status
store_look_up_schools(struct call *call, const char *const *codes, size_t count, const char *territory_path,
                      struct school_wish **ret_wishes)
{
    static const char sql[] =
        "WITH today AS MATERIALIZED (SELECT local_day($1::timestamptz) AS day)"
        " SELECT o.path, o.kind, coalesce(vekha_in_scope(o.path, $4), false)"
        " FROM unnest($3::text[]) WITH ORDINALITY AS wanted (code, position)"
        " LEFT JOIN (SELECT v.path, v.kind FROM today, organisation_version v WHERE v.valid_from <= today.day"
        "  AND (v.valid_to IS NULL OR v.valid_to > today.day) AND vekha_in_scope(v.path, $2)) o ON o.path = wanted.code"
        " ORDER BY wanted.position";
    const char *list = db_text_array(call->arena, (char *const *)(uintptr_t)codes, count);
    struct school_wish *wishes = arena_take(call->arena, (count + 1) * sizeof(*wishes));
    if (!list || !wishes)
        return STATUS_TOO_LARGE;
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, sql,
                 DB_PARAMS(db_text(call->now), db_text(call_scope(call)), db_text(list), db_text(territory_path)));
    for (int i = 0; status == STATUS_OK && i < rows.count; i++)
        wishes[i] = (struct school_wish){db_text_at(&rows, i, 0), db_text_at(&rows, i, 1), db_boolean_at(&rows, i, 2)};
    *ret_wishes = wishes;
    return status;
}

enum status
store_bind_schools(struct call *call, const char *account_id, const char *const *codes, size_t count,
                   struct db_rows *ret_rows)
{
    static const char sql[] =
        "WITH gone AS (DELETE FROM curator_school WHERE account_id = $2::uuid"
        "  AND organisation_path <> ALL ($3::text[]) RETURNING organisation_id, organisation_path),"
        " fresh AS (INSERT INTO curator_school (account_id, organisation_id, organisation_path, bound_at)"
        "  SELECT $2::uuid, organisation_id, path, $1::timestamptz FROM organisation WHERE path = ANY ($3::text[])"
        "  ON CONFLICT (account_id, organisation_id) DO NOTHING RETURNING organisation_id, organisation_path)"
        " SELECT organisation_id, organisation_path, false AS bound FROM gone"
        " UNION ALL SELECT organisation_id, organisation_path, true FROM fresh ORDER BY bound, organisation_path";
    const char *list = db_text_array(call->arena, (char *const *)(uintptr_t)codes, count);
    if (!list)
        return STATUS_TOO_LARGE;
    return db_query(call->db, ret_rows, sql, DB_PARAMS(db_text(call->now), db_text(account_id), db_text(list)));
}

enum status
store_list_schools(struct call *call, const char *account_id, Auth__CuratorSchools *reply)
{
    // Names are those of today, or the last there were.
    static const char sql[] =
        "SELECT c.organisation_id, c.organisation_path AS code, o.short_name, m.short_name AS municipality_name,"
        " vekha_time(c.bound_at) AS bound_at FROM curator_school c"
        " LEFT JOIN LATERAL (SELECT short_name, municipality_path FROM organisation_version v"
        "  WHERE v.organisation_id = c.organisation_id"
        "  ORDER BY valid_from <= ($1::timestamptz)::date DESC, valid_from DESC LIMIT 1) o ON true"
        " LEFT JOIN LATERAL (SELECT short_name FROM organisation_version v WHERE v.path = o.municipality_path"
        "  AND v.kind = 'municipality' ORDER BY valid_from <= ($1::timestamptz)::date DESC, valid_from DESC LIMIT 1) m"
        "  ON true"
        " WHERE c.account_id = $2::uuid AND vekha_in_scope(c.organisation_path, $3) ORDER BY c.organisation_path";
    struct db_rows rows;
    enum status status =
        db_query(call->db, &rows, sql, DB_PARAMS(db_text(call->now), db_text(account_id), db_text(call_scope(call))));
    if (status != STATUS_OK)
        return status;
    return fill_list(call, &rows, &auth__curator_school__descriptor, &reply->n_schools, &reply->schools);
}
