// SQL of importing the tree: whole columns travel as arrays, so the number of statements does not grow with the file.
#include <string.h>

#include "store.h"

enum status
store_lock_tree(struct call *call, const char **ret_today)
{
    static const char sql[] = "SELECT pg_advisory_xact_lock(7423160001), local_day($1::timestamptz)::text";
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql, DB_PARAMS(db_text(call->now)));
    if (status == STATUS_OK)
        *ret_today = db_text_at(&rows, 0, 1);
    return status;
}

// A text[] parameter from one text member of an array of structures.
static const char *
column_array(struct arena *arena, const void *rows, size_t row_bytes, size_t member_offset, size_t count)
{
    char **items = arena_take(arena, (count + 1) * sizeof(*items));
    for (size_t i = 0; items && i < count; i++)
        memcpy(&items[i], (const char *)rows + i * row_bytes + member_offset, sizeof(char *));
    return items ? db_text_array(arena, items, count) : NULL;
}
#define COLUMN(arena, rows, count, member)                                                                             \
    column_array(arena, rows, sizeof(*(rows)), (size_t)((const char *)&(rows)->member - (const char *)(rows)), count)

enum status
store_find_versions(struct call *call, const char *const *paths, size_t count, struct known_version **ret_versions,
                    size_t *ret_count)
{
    static const char sql[] =
        "SELECT organisation_id, path, valid_from::text, valid_to::text, kind, short_name, inn, phone, email,"
        " array_to_string(attributes, '|'), zone FROM organisation_version WHERE path = ANY ($1::text[])"
        " ORDER BY path, valid_from";
    const char *list = column_array(call->arena, paths, sizeof(*paths), 0, count);
    if (!list)
        return STATUS_TOO_LARGE;
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql, DB_PARAMS(db_text(list)));
    if (status != STATUS_OK)
        return status;
    struct known_version *versions = arena_take(call->arena, ((size_t)rows.count + 1) * sizeof(*versions));
    if (!versions)
        return STATUS_TOO_LARGE;
    for (int i = 0; i < rows.count; i++)
        versions[i] = (struct known_version){
            db_text_at(&rows, i, 0),
            db_text_at(&rows, i, 1),
            {db_text_at(&rows, i, 2), db_text_at(&rows, i, 3), db_text_at(&rows, i, 4), db_text_at(&rows, i, 5),
             db_text_at(&rows, i, 6), db_text_at(&rows, i, 7), db_text_at(&rows, i, 8), db_text_at(&rows, i, 9),
             db_text_at(&rows, i, 10)},
        };
    *ret_versions = versions;
    *ret_count = (size_t)rows.count;
    return STATUS_OK;
}

enum status
store_find_unknown_zones(struct call *call, const char *const *zones, size_t count, const char **ret_zones)
{
    static const char sql[] =
        "SELECT '|' || coalesce(string_agg(zone, '|'), '') || '|' FROM unnest($1::text[]) AS wanted (zone)"
        " WHERE NOT EXISTS (SELECT FROM organisation_version v WHERE v.zone = wanted.zone)"
        " AND zone NOT IN (SELECT name FROM pg_timezone_names WHERE name LIKE '%/%')";
    const char *list = column_array(call->arena, zones, sizeof(*zones), 0, count);
    if (!list)
        return STATUS_TOO_LARGE;
    struct db_rows rows;
    enum status status = db_query(call->db, &rows, sql, DB_PARAMS(db_text(list)));
    if (status == STATUS_OK)
        *ret_zones = db_text_at(&rows, 0, 0);
    return status;
}

enum status
store_insert_organisations(struct call *call, const struct new_organisation *organisations, size_t count)
{
    static const char sql[] =
        "INSERT INTO organisation (organisation_id, path, parent_id)"
        " SELECT id, path, nullif(parent, '')::uuid FROM unnest($1::uuid[], $2::text[], $3::text[])"
        " AS fresh (id, path, parent)";
    if (count == 0)
        return STATUS_OK;
    const char *ids = COLUMN(call->arena, organisations, count, organisation_id);
    const char *paths = COLUMN(call->arena, organisations, count, path);
    const char *parents = COLUMN(call->arena, organisations, count, parent_id);
    if (!ids || !paths || !parents)
        return STATUS_TOO_LARGE;
    return db_run(call->db, sql, DB_PARAMS(db_text(ids), db_text(paths), db_text(parents)));
}

enum status
store_replace_versions(struct call *call, const struct known_version *versions, size_t count)
{
    static const char delete_sql[] = "DELETE FROM organisation_version WHERE organisation_id = ANY ($1::uuid[])";
    static const char insert_sql[] =
        "INSERT INTO organisation_version (organisation_id, path, valid_from, valid_to, kind, short_name, inn, phone,"
        " email, attributes, zone) SELECT id, path, valid_from, nullif(valid_to, '')::date, kind, short_name,"
        " nullif(inn, ''), nullif(phone, ''), nullif(email, ''), string_to_array(attributes, '|'), nullif(zone, '')"
        " FROM unnest($1::uuid[], $2::text[], $3::date[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],"
        " $9::text[], $10::text[], $11::text[]) AS fresh (id, path, valid_from, valid_to, kind, short_name, inn,"
        " phone, email, attributes, zone)";
    if (count == 0)
        return STATUS_OK;
    struct arena *arena = call->arena;
    const char *columns[] = {
        COLUMN(arena, versions, count, organisation_id),    COLUMN(arena, versions, count, path),
        COLUMN(arena, versions, count, version.valid_from), COLUMN(arena, versions, count, version.valid_to),
        COLUMN(arena, versions, count, version.kind),       COLUMN(arena, versions, count, version.short_name),
        COLUMN(arena, versions, count, version.inn),        COLUMN(arena, versions, count, version.phone),
        COLUMN(arena, versions, count, version.email),      COLUMN(arena, versions, count, version.attributes),
        COLUMN(arena, versions, count, version.zone),
    };
    enum { COLUMNS = sizeof(columns) / sizeof(columns[0]) };
    struct db_param params[COLUMNS];
    for (size_t i = 0; i < COLUMNS; i++) {
        if (!columns[i])
            return STATUS_TOO_LARGE;
        params[i] = db_text(columns[i]);
    }
    enum status status = db_run(call->db, delete_sql, DB_PARAMS(params[0]));
    return status == STATUS_OK ? db_run(call->db, insert_sql, params, COLUMNS) : status;
}

enum status
store_emit_organisations(struct call *call, const struct changed_period *periods, size_t count)
{
    // A unit's own new period, and the same period of what is below a unit whose name or zone is new; in each piece
    // the units above are as they are when it begins.
    static const char sql[] =
        "WITH changed AS (SELECT id, path, valid_from, nullif(valid_to, '')::date AS valid_to, below"
        "  FROM unnest($1::uuid[], $2::text[], $3::date[], $4::text[], $5::boolean[])"
        "  AS period (id, path, valid_from, valid_to, below)),"
        " touched AS (SELECT v.organisation_id, c.valid_from, c.valid_to FROM changed c"
        "  JOIN organisation_version v ON v.organisation_id = c.id"
        "  UNION SELECT v.organisation_id, c.valid_from, c.valid_to FROM changed c"
        "  JOIN organisation_version v ON v.municipality_path = c.path WHERE c.below"
        "  UNION SELECT v.organisation_id, c.valid_from, c.valid_to FROM changed c"
        "  JOIN organisation_version v ON v.region_path = c.path OR c.path = '*' WHERE c.below AND c.path !~ '[.]'),"
        " piece AS (SELECT v.organisation_id, v.path, v.region_path, v.municipality_path,"
        "  greatest(v.valid_from, c.valid_from) AS starts, least(v.valid_to, c.valid_to) AS ends"
        "  FROM touched c JOIN organisation_version v ON v.organisation_id = c.organisation_id"
        "  AND v.valid_from < coalesce(c.valid_to, 'infinity') AND coalesce(v.valid_to, 'infinity') > c.valid_from)"
        " SELECT DISTINCT ON (piece.path, piece.starts) piece.organisation_id, o.parent_id, piece.path, v.kind,"
        " v.short_name, v.inn, v.phone, v.email, m.organisation_id AS municipality_id,"
        " m.short_name AS municipality_name, v.attributes, to_char(piece.starts, 'YYYY-MM-DD') AS valid_from,"
        " to_char(piece.ends, 'YYYY-MM-DD') AS valid_to, coalesce(v.zone, p.zone, r.zone, f.zone) AS zone"
        " FROM piece JOIN organisation o ON o.organisation_id = piece.organisation_id"
        " JOIN organisation_version v ON v.organisation_id = piece.organisation_id AND v.valid_from <= piece.starts"
        "  AND coalesce(v.valid_to, 'infinity') > piece.starts"
        " LEFT JOIN organisation_version p ON p.path = piece.municipality_path"
        "  AND p.valid_from <= piece.starts AND coalesce(p.valid_to, 'infinity') > piece.starts"
        " LEFT JOIN organisation_version m ON m.organisation_id = p.organisation_id"
        "  AND m.valid_from = p.valid_from AND m.kind = 'municipality'"
        " LEFT JOIN organisation_version r ON r.path = piece.region_path"
        "  AND r.valid_from <= piece.starts AND coalesce(r.valid_to, 'infinity') > piece.starts"
        " LEFT JOIN organisation_version f ON f.path = '*'"
        "  AND f.valid_from <= piece.starts AND coalesce(f.valid_to, 'infinity') > piece.starts"
        " ORDER BY piece.path, piece.starts, piece.ends";
    struct arena *arena = call->arena;
    char **below = arena_take(arena, (count + 1) * sizeof(*below));
    for (size_t i = 0; below && i < count; i++)
        below[i] = (char *)(uintptr_t)(periods[i].touches_units_below ? "t" : "f");
    const char *flags = below ? db_text_array(arena, below, count) : NULL;
    const char *ids = COLUMN(arena, periods, count, organisation_id), *paths = COLUMN(arena, periods, count, path);
    const char *starts = COLUMN(arena, periods, count, valid_from), *ends = COLUMN(arena, periods, count, valid_to);
    if (!flags || !ids || !paths || !starts || !ends)
        return STATUS_TOO_LARGE;
    struct db_rows rows;
    enum status status = db_query(
        call->db, &rows, sql, DB_PARAMS(db_text(ids), db_text(paths), db_text(starts), db_text(ends), db_text(flags)));
    for (int i = 0; status == STATUS_OK && i < rows.count; i++) {
        Events__OrganisationChanged event = EVENTS__ORGANISATION_CHANGED__INIT;
        fill_message(&event.base, &rows, i, arena);
        status = emit(call, &event.base);
    }
    return status;
}
