// Programmes and their sections in tables; every version of the file is kept word for word.
#include "store.h"
#include "store_file.h"

#define VISIBLE " (vekha_in_scope($1::text, p.organisation_path) OR vekha_in_scope(p.organisation_path, $1::text))"

enum status
store_check_programme(struct call *call, const Submissions__LoadProgrammeRequest *file, struct db_rows *ret_rows)
{
    static const char SQL[] = "SELECT EXISTS (SELECT FROM organisation o WHERE o.path = $2) AS organisation_known,"
                              " EXISTS (SELECT FROM pg_timezone_names z WHERE z.name = $3) AS zone_known,"
                              " vekha_in_scope($2::text, $1::text)"
                              "   AND NOT EXISTS (SELECT FROM programme p WHERE p.code = $4"
                              "     AND NOT vekha_in_scope(p.organisation_path, $1::text)) AS in_territory";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_string(call_scope(call)), db_text(file->organisation_code), db_text(file->zone),
                              db_text(file->code)));
}

enum status
store_put_programme(struct call *call, const Submissions__LoadProgrammeRequest *file, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "INSERT INTO programme AS p (code, title, short_title, zone, organisation_path, help_contact, version,"
        "   loaded_at, loaded_by, reviewer, has_document, on_day_off)"
        " VALUES ($1, $2, $3, $4, $5, $6, 1, $7::timestamptz, $8::uuid, $9, $10, coalesce($11, 'keep'))"
        " ON CONFLICT (code) DO UPDATE SET title = excluded.title, short_title = excluded.short_title,"
        "   zone = excluded.zone, organisation_path = excluded.organisation_path,"
        "   help_contact = excluded.help_contact, version = p.version + 1, loaded_at = excluded.loaded_at,"
        "   loaded_by = excluded.loaded_by, reviewer = excluded.reviewer,"
        "   has_document = excluded.has_document, on_day_off = excluded.on_day_off"
        " RETURNING p.programme_id, p.version";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(file->code), db_string(file->title), db_string(file->short_title),
                              db_string(file->zone), db_string(file->organisation_code), db_string(file->help_contact),
                              db_text(call->now), db_text(call->principal->account_id),
                              db_string(*file->reviewer ? file->reviewer : "operator"),
                              db_boolean(file->document != NULL), db_text(file->on_day_off)));
}

enum status
store_put_version(struct call *call, const char *programme_id, uint32_t version,
                  const Submissions__LoadProgrammeRequest *request, struct db_param file)
{
    return db_run(call->db,
                  "INSERT INTO programme_version (programme_id, version, basis, loaded_at, loaded_by, file, year)"
                  " VALUES ($1, $2, $3, $4::timestamptz, $5::uuid, $6::bytea, $7)",
                  DB_PARAMS(db_text(programme_id), db_integer(version), db_string(request->basis), db_text(call->now),
                            db_text(call->principal->account_id), file, db_integer(request->year)));
}

enum status
store_list_versions_of(struct call *call, const char *code, struct db_rows *ret_rows)
{
    static const char SQL[] = "SELECT v.version, v.basis, vekha_time(v.loaded_at) AS loaded_at, v.year, v.loaded_by"
                              " FROM programme p JOIN programme_version v USING (programme_id)"
                              " WHERE p.code = $2 AND" VISIBLE " ORDER BY v.version DESC LIMIT 1000";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_string(call_scope(call)), db_text(code)));
}

enum status
store_find_version(struct call *call, const char *code, uint32_t version, struct db_rows *ret_rows)
{
    static const char SQL[] = "SELECT v.version, v.basis, vekha_time(v.loaded_at) AS loaded_at, v.file AS packed"
                              " FROM programme p JOIN programme_version v USING (programme_id)"
                              " WHERE p.code = $2 AND v.version = coalesce(nullif($3, 0), p.version) AND" VISIBLE;
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_string(call_scope(call)), db_text(code), db_integer(version)));
}

const char *
store_due_cells(struct arena *arena, const Submissions__Due *due)
{
    enum { DUE_CELLS = 12 };
    if (!due)
        return "{}";
    const char *const cells[DUE_CELLS] = {
        due->kind,
        due->on,
        due->from,
        due->owner,
        due->text,
        due->footnote,
        arena_format(arena, "%u", due->month),
        arena_format(arena, "%u", due->day),
        arena_format(arena, "%d", due->year_offset),
        arena_format(arena, "%u", due->quarter),
        due->every,
        due->until,
    };
    for (size_t i = 0; i < DUE_CELLS; i++)
        if (!cells[i])
            return NULL;
    return text_list(arena, cells, DUE_CELLS);
}

enum { SECTION_CELLS = 11 };

static const char *
section_cells(struct arena *arena, const Submissions__Section *section)
{
    const char **titles = arena_take(arena, (section->n_responsible + 1) * sizeof(const char *));
    const char **codes = arena_take(arena, (section->n_responsible + 1) * sizeof(const char *));
    if (!titles || !codes)
        return NULL;
    for (size_t i = 0; i < section->n_responsible; i++) {
        titles[i] = section->responsible[i]->title;
        codes[i] = section->responsible[i]->organisation_code;
    }
    const char *const cells[SECTION_CELLS] = {
        section->code,
        section->title,
        section->demo ? "t" : "f",
        section->number,
        section->by_choice ? "t" : "f",
        section->significance,
        store_due_cells(arena, section->due),
        text_list(arena, titles, section->n_responsible),
        text_list(arena, codes, section->n_responsible),
        text_list(arena, (const char *const *)section->depends_on, section->n_depends_on),
        section->series,
    };
    for (size_t i = 0; i < SECTION_CELLS; i++)
        if (!cells[i])
            return NULL;
    return text_list(arena, cells, SECTION_CELLS);
}

enum status
store_put_sections(struct call *call, const char *programme_id, const Submissions__LoadProgrammeRequest *file)
{
    static const char SQL[] =
        "WITH file AS (SELECT c[1] AS code, c[2] AS title, c[3]::boolean AS demo, c[4] AS number,"
        "   c[5]::boolean AS by_choice, c[6] AS significance, due_from(c[7]::text[]) AS due,"
        "   c[8]::text[] AS titles, c[9]::text[] AS codes, c[10]::text[] AS depends_on, c[11] AS series, w.position"
        "   FROM (SELECT cells::text[] AS c, position FROM unnest($2::text[])"
        "     WITH ORDINALITY AS w (cells, position)) w),"
        " gone AS (UPDATE section s SET retired = true WHERE s.programme_id = $1"
        "   AND NOT EXISTS (SELECT FROM file f WHERE f.code = s.code))"
        " INSERT INTO section (programme_id, code, title, demo, position, number, by_choice, significance, due,"
        "   responsible_titles, responsible_codes, depends_on, series)"
        " SELECT $1, f.code, f.title, f.demo, f.position::integer, f.number, f.by_choice, f.significance, f.due,"
        "   f.titles, f.codes, f.depends_on, f.series FROM file f"
        " ON CONFLICT (programme_id, code) DO UPDATE SET title = excluded.title, demo = excluded.demo,"
        "   position = excluded.position, number = excluded.number, by_choice = excluded.by_choice,"
        "   significance = excluded.significance, due = excluded.due,"
        "   responsible_titles = excluded.responsible_titles, responsible_codes = excluded.responsible_codes,"
        "   depends_on = excluded.depends_on, series = excluded.series, retired = false";
    const char **rows = arena_take(call->arena, (file->n_sections + 1) * sizeof(const char *));
    for (size_t i = 0; rows && i < file->n_sections; i++) {
        rows[i] = section_cells(call->arena, file->sections[i]);
        if (!rows[i])
            return STATUS_TOO_LARGE;
    }
    const char *sections = rows ? text_list(call->arena, rows, file->n_sections) : NULL;
    return sections ? db_run(call->db, SQL, DB_PARAMS(db_text(programme_id), db_text(sections))) : STATUS_TOO_LARGE;
}

enum status
store_list_programmes(struct call *call, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "SELECT p.programme_id, p.code, p.title, p.short_title, p.version, p.zone,"
        " p.help_contact, p.has_document FROM programme p WHERE" VISIBLE " ORDER BY p.code LIMIT 1000";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_string(call_scope(call))));
}

enum status
store_find_programme(struct call *call, const char *code, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "SELECT p.programme_id, p.code, p.title, p.short_title, p.zone, p.help_contact, p.version,"
        " p.reviewer"
        " FROM programme p WHERE p.code = $2 AND" VISIBLE;
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_string(call_scope(call)), db_text(code)));
}

enum status
store_list_sections(struct call *call, const char *programme_id, struct db_rows *ret_rows)
{
    static const char SQL[] = "SELECT code, title, demo, number, by_choice, significance, depends_on, series, position,"
                              " responsible_titles, responsible_codes, " STORE_DUE_COLUMNS(
                                  "due") " FROM section"
                                         " WHERE programme_id = $1 AND NOT retired ORDER BY position";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_text(programme_id)));
}
