// SQL of reading the tree of organisations.
#include "store.h"

#define ORGANISATION_COLUMNS                                                                                           \
    "SELECT o.organisation_id, o.path, o.path AS code, o.parent_id, o.kind, o.short_name, o.inn, o.phone, o.email,"    \
    " o.attributes, o.zone, o.municipality_name, to_char(o.valid_from, 'YYYY-MM-DD') AS valid_from,"                   \
    " to_char(o.valid_to, 'YYYY-MM-DD') AS valid_to"

// $1: now, $2: scope, $3: day, $4: kind, $5: below, $6: text. The day is worked out once, not for every row.
#define DAY "WITH today AS MATERIALIZED (SELECT coalesce($3::date, local_day($1::timestamptz)) AS day) "
#define LISTED                                                                                                         \
    " vekha_in_scope(o.path, $2) AND ($4::text IS NULL OR o.kind = $4)"                                                \
    " AND ($5::text IS NULL OR vekha_in_scope(o.path, $5))"                                                            \
    " AND ($6::text IS NULL OR strpos(folded(o.short_name), folded($6)) > 0 OR starts_with(o.inn, $6))"

enum status
store_list_organisations(struct call *call, const Auth__ListOrganisationsRequest *request,
                         Auth__ListOrganisationsReply *reply)
{
    enum { USUAL_LIMIT = 100 };
    static const char page_sql[] =
        DAY ORGANISATION_COLUMNS " FROM today, organisation_on(today.day) o WHERE" LISTED
                                 " AND ($7::text IS NULL OR o.path > $7) ORDER BY o.path LIMIT $8::bigint";
    static const char total_sql[] =
        DAY "SELECT count(*) FROM today, organisation_version o WHERE" LISTED
            " AND o.valid_from <= today.day AND (o.valid_to IS NULL OR o.valid_to > today.day)";
    struct db_param scope = db_text(call_scope(call)), now = db_text(call->now), day = db_text(request->as_of);
    struct db_param kind = db_text(request->kind), below = db_text(request->below_path), text = db_text(request->query);
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, page_sql,
                                  DB_PARAMS(now, scope, day, kind, below, text, db_text(request->after_path),
                                            db_integer(request->limit ? request->limit : USUAL_LIMIT)));
    if (status == STATUS_OK)
        status =
            fill_list(call, &rows, &auth__organisation__descriptor, &reply->n_organisations, &reply->organisations);
    if (status == STATUS_OK)
        status = db_query(call->db, &rows, total_sql, DB_PARAMS(now, scope, day, kind, below, text));
    if (status == STATUS_OK)
        reply->total = (uint32_t)db_integer_at(&rows, 0, 0);
    return status;
}

enum status
store_get_organisation(struct call *call, const char *organisation_id, Auth__Organisation *reply)
{
    // Today, or when it was last there, or when it will be first.
    static const char sql[] =
        "WITH today AS MATERIALIZED (SELECT local_day($1::timestamptz) AS day), best AS MATERIALIZED (SELECT"
        "  CASE WHEN v.valid_from <= today.day AND (v.valid_to IS NULL OR v.valid_to > today.day) THEN today.day"
        "  WHEN v.valid_to <= today.day THEN v.valid_to - 1 ELSE v.valid_from END AS day"
        "  FROM organisation_version v, today WHERE v.organisation_id = $3::uuid AND vekha_in_scope(v.path, $2)"
        "  AND ($4::uuid IS NULL OR EXISTS (SELECT FROM curator_school b WHERE b.account_id = $4"
        "   AND b.organisation_id = v.organisation_id))"
        "  ORDER BY v.valid_from <= today.day DESC,"
        "  CASE WHEN v.valid_from <= today.day THEN v.valid_from END DESC, v.valid_from LIMIT 1) " ORGANISATION_COLUMNS
        " FROM best, organisation_on(best.day) o WHERE o.organisation_id = $3::uuid";
    struct db_rows rows;
    bool is_curator = call->principal->role == VEKHA__ROLE__ROLE_CURATOR;
    enum status status = db_query(call->db, &rows, sql,
                                  DB_PARAMS(db_text(call->now), db_text(call_scope(call)), db_text(organisation_id),
                                            db_text(is_curator ? call->principal->account_id : NULL)));
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    fill_message(&reply->base, &rows, 0, call->arena);
    return STATUS_OK;
}

enum status
store_list_organisation_versions(struct call *call, const char *organisation_id,
                                 Auth__ListOrganisationVersionsReply *reply)
{
    // Each period with what the units above gave it on its first day.
    static const char sql[] =
        ORGANISATION_COLUMNS " FROM (SELECT valid_from FROM organisation_version WHERE organisation_id = $1::uuid"
                             "  AND vekha_in_scope(path, $2) ORDER BY valid_from DESC LIMIT 200) period,"
                             " LATERAL organisation_on(period.valid_from) o WHERE o.organisation_id = $1::uuid"
                             " ORDER BY o.valid_from DESC";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql, DB_PARAMS(db_text(organisation_id), db_text(call_scope(call))));
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return STATUS_NOT_FOUND;
    return fill_list(call, &rows, &auth__organisation__descriptor, &reply->n_versions, &reply->versions);
}
