// Programme files in tables: who an item is stays, what it says gets a new text when the file changes it.
#include "store.h"
#include "store_lists.h"

#define VISIBLE " (vekha_in_scope($1::text, p.organisation_path) OR vekha_in_scope(p.organisation_path, $1::text))"

enum { ITEM_COLUMNS = 15 };

struct item_arrays {
    const char *columns[ITEM_COLUMNS];
};

// One row per item; number orders them, section_title is the words above it.
#define FILE_ITEMS(first)                                                                                              \
    "file AS (SELECT f.section_code, f.section_title, f.code, f.question, f.second_question, f.value_kind, f.unit,"    \
    "   f.decimals::smallint AS decimals, f.evidence, f.evidence_required::boolean AS evidence_required, f.selector,"  \
    "   f.codes::text[] AS codes, f.attribute, f.demo::boolean AS demo, f.number::integer AS number"                   \
    " FROM unnest(" first ") AS f(section_code, section_title, code, question, second_question, value_kind, unit,"     \
    "   decimals, evidence, evidence_required, selector, codes, attribute, demo, number))"
#define TEXT_COLUMNS(alias)                                                                                            \
    alias ".section_code, " alias ".section_title, " alias ".question, " alias ".second_question, " alias              \
          ".value_kind, " alias ".unit, " alias ".decimals, " alias ".evidence, " alias ".evidence_required, " alias   \
          ".selector, " alias ".codes, " alias ".attribute, " alias ".demo"

static enum status
item_row(struct arena *arena, const Submissions__Section *section, const Submissions__Item *item, size_t number,
         const char *ret_row[ITEM_COLUMNS])
{
    const Submissions__Participants *who = item->participants;
    const char *codes = who ? text_list(arena, who->codes, who->n_codes) : "{}";
    const char *decimals = arena_format(arena, "%u", item->decimals);
    const char *position = arena_format(arena, "%zu", number);
    if (!codes || !decimals || !position)
        return STATUS_TOO_LARGE;
    const char *const row[ITEM_COLUMNS] = {section->code,
                                           section->title,
                                           item->code,
                                           item->question,
                                           item->second_question,
                                           item->value_kind,
                                           item->unit,
                                           decimals,
                                           item->evidence,
                                           item->evidence_required ? "t" : "f",
                                           who ? who->selector : "",
                                           codes,
                                           who ? who->attribute : "",
                                           item->demo || section->demo ? "t" : "f",
                                           position};
    for (size_t column = 0; column < ITEM_COLUMNS; column++)
        ret_row[column] = row[column];
    return STATUS_OK;
}

const struct item_arrays *
store_item_arrays(struct call *call, const Submissions__LoadProgrammeRequest *file)
{
    size_t count = 0;
    for (size_t i = 0; i < file->n_sections; i++)
        count += file->sections[i]->n_items;
    const char **cells = arena_take(call->arena, (count + 1) * ITEM_COLUMNS * sizeof(const char *));
    struct item_arrays *arrays = arena_take(call->arena, sizeof(*arrays));
    if (!cells || !arrays)
        return NULL;
    size_t number = 0;
    for (size_t i = 0; i < file->n_sections; i++) {
        for (size_t j = 0; j < file->sections[i]->n_items; j++, number++) {
            const char *row[ITEM_COLUMNS];
            if (item_row(call->arena, file->sections[i], file->sections[i]->items[j], number + 1, row) != STATUS_OK)
                return NULL;
            for (size_t column = 0; column < ITEM_COLUMNS; column++)
                cells[column * count + number] = row[column];
        }
    }
    for (size_t column = 0; column < ITEM_COLUMNS; column++) {
        arrays->columns[column] = text_list(call->arena, cells + column * count, count);
        if (!arrays->columns[column])
            return NULL;
    }
    return arrays;
}

static void
put_items(struct db_param *params, const struct item_arrays *items)
{
    for (size_t column = 0; column < ITEM_COLUMNS; column++)
        params[column] = db_text(items->columns[column]);
}

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
store_compare_programme(struct call *call, const Submissions__LoadProgrammeRequest *file,
                        const struct item_arrays *items, struct db_rows *ret_rows)
{
    static const char SQL[] = "WITH " FILE_ITEMS(
        "$8::text[], $9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[],"
        "$15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::text[], $21::text[],"
        "$22::text[]") ", known AS (SELECT m.code, m.position, m.retired, t.* FROM programme p JOIN item m USING "
                       "(programme_id)"
                       "   JOIN item_text t USING (item_text_id) WHERE p.code = $1),"
                       " sections AS (SELECT ARRAY(SELECT s.code || ' ' || s.title FROM section s JOIN programme p"
                       "   USING (programme_id) WHERE p.code = $1 AND NOT s.retired ORDER BY s.position) AS titles)"
                       " SELECT coalesce((SELECT p.version FROM programme p WHERE p.code = $1), 0) AS version,"
                       " (SELECT p.programme_id FROM programme p WHERE p.code = $1) AS programme_id,"
                       " (SELECT count(*) FROM file f LEFT JOIN known k USING (code) WHERE k.item_id IS NULL OR "
                       "k.retired) AS added,"
                       " (SELECT count(*) FROM file f JOIN known k USING (code) WHERE NOT k.retired"
                       "   AND (" TEXT_COLUMNS("f") ") IS DISTINCT FROM (" TEXT_COLUMNS(
                           "k") ")) AS changed,"
                                " (SELECT count(*) FROM known k WHERE NOT k.retired AND NOT EXISTS (SELECT FROM file f "
                                "WHERE f.code = k.code))"
                                "   AS retired,"
                                " (NOT EXISTS (SELECT FROM programme p WHERE p.code = $1 AND (p.title, p.short_title, "
                                "p.zone,"
                                "     p.organisation_path, p.help_contact) = ($2, $3, $4, $5, $6))"
                                "   OR (SELECT titles FROM sections) <> $7::text[]"
                                "   OR EXISTS (SELECT FROM file f JOIN known k USING (code) WHERE f.number <> "
                                "k.position)) AS other";
    const char **titles = arena_take(call->arena, (file->n_sections + 1) * sizeof(const char *));
    if (!titles)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < file->n_sections; i++) {
        titles[i] = arena_format(call->arena, "%s %s", file->sections[i]->code, file->sections[i]->title);
        if (!titles[i])
            return STATUS_TOO_LARGE;
    }
    struct db_param params[7 + ITEM_COLUMNS] = {
        db_text(file->code),
        db_string(file->title),
        db_string(file->short_title),
        db_string(file->zone),
        db_string(file->organisation_code),
        db_string(file->help_contact),
        db_text(text_list(call->arena, titles, file->n_sections)),
    };
    put_items(params + 7, items);
    return db_query(call->db, ret_rows, SQL, params, 7 + ITEM_COLUMNS);
}

enum status
store_put_programme(struct call *call, const Submissions__LoadProgrammeRequest *file, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "INSERT INTO programme AS p (code, title, short_title, zone, organisation_path, help_contact, version,"
        "   loaded_at, loaded_by) VALUES ($1, $2, $3, $4, $5, $6, 1, $7::timestamptz, $8::uuid)"
        " ON CONFLICT (code) DO UPDATE SET title = excluded.title, short_title = excluded.short_title,"
        "   zone = excluded.zone, organisation_path = excluded.organisation_path,"
        "   help_contact = excluded.help_contact, version = p.version + 1, loaded_at = excluded.loaded_at,"
        "   loaded_by = excluded.loaded_by"
        " RETURNING p.programme_id, p.version";
    return db_query(call->db, ret_rows, SQL,
                    DB_PARAMS(db_text(file->code), db_string(file->title), db_string(file->short_title),
                              db_string(file->zone), db_string(file->organisation_code), db_string(file->help_contact),
                              db_text(call->now), db_text(call->principal->account_id)));
}

enum status
store_put_sections(struct call *call, const char *programme_id, const Submissions__LoadProgrammeRequest *file)
{
    static const char SQL[] =
        "WITH file AS (SELECT * FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY"
        "   AS f(code, title, demo, number)),"
        " gone AS (UPDATE section s SET retired = true WHERE s.programme_id = $1"
        "   AND NOT EXISTS (SELECT FROM file f WHERE f.code = s.code))"
        " INSERT INTO section (programme_id, code, title, demo, position)"
        " SELECT $1, f.code, f.title, f.demo::boolean, f.number::integer FROM file f"
        " ON CONFLICT (programme_id, code) DO UPDATE SET title = excluded.title, demo = excluded.demo,"
        "   position = excluded.position, retired = false";
    const char **codes = arena_take(call->arena, file->n_sections * sizeof(const char *));
    const char **titles = arena_take(call->arena, file->n_sections * sizeof(const char *));
    const char **demos = arena_take(call->arena, file->n_sections * sizeof(const char *));
    if (!codes || !titles || !demos)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < file->n_sections; i++) {
        codes[i] = file->sections[i]->code;
        titles[i] = file->sections[i]->title;
        demos[i] = (file->sections[i]->demo ? "t" : "f");
    }
    return db_run(call->db, SQL,
                  DB_PARAMS(db_text(programme_id), db_text(text_list(call->arena, codes, file->n_sections)),
                            db_text(text_list(call->arena, titles, file->n_sections)),
                            db_text(text_list(call->arena, demos, file->n_sections))));
}

enum status
store_put_items(struct call *call, const char *programme_id, const struct item_arrays *items)
{
    // An item and its text point at each other; the constraints wait for the end of the transaction.
    static const char SQL[] = "WITH " FILE_ITEMS(
        "$2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],"
        "$9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::text[],"
        "$16::text[]") ", wanted AS (SELECT coalesce(m.item_id, gen_random_uuid()) AS item_id, m.item_text_id AS "
                       "old_text_id,"
                       "   (t.item_text_id IS NULL OR (" TEXT_COLUMNS("f") ") IS DISTINCT FROM (" TEXT_COLUMNS(
                           "t") ")) AS is_new,"
                                "   f.* FROM file f LEFT JOIN item m ON m.programme_id = $1 AND m.code = f.code"
                                "   LEFT JOIN item_text t ON t.item_text_id = m.item_text_id),"
                                " texts AS (INSERT INTO item_text (item_id, item_code, section_code, section_title, "
                                "question, second_question,"
                                "   value_kind, unit, decimals, evidence, evidence_required, selector, codes, "
                                "attribute, demo)"
                                "   SELECT w.item_id, w.code, " TEXT_COLUMNS(
                                    "w") " FROM wanted w WHERE w.is_new ORDER BY w.number"
                                         "   RETURNING item_id, item_text_id),"
                                         " gone AS (UPDATE item m SET retired = true WHERE m.programme_id = $1"
                                         "   AND NOT EXISTS (SELECT FROM file f WHERE f.code = m.code))"
                                         " INSERT INTO item (item_id, programme_id, code, position, item_text_id)"
                                         " SELECT w.item_id, $1, w.code, w.number, coalesce(x.item_text_id, "
                                         "w.old_text_id)"
                                         "   FROM wanted w LEFT JOIN texts x USING (item_id)"
                                         " ON CONFLICT (programme_id, code) DO UPDATE SET position = excluded.position,"
                                         "   item_text_id = excluded.item_text_id, retired = false";
    struct db_param params[1 + ITEM_COLUMNS] = {db_text(programme_id)};
    put_items(params + 1, items);
    return db_run(call->db, SQL, params, 1 + ITEM_COLUMNS);
}

enum status
store_list_programmes(struct call *call, struct db_rows *ret_rows)
{
    static const char SQL[] = "SELECT p.programme_id, p.code, p.title, p.version, p.zone, p.help_contact"
                              " FROM programme p WHERE" VISIBLE " ORDER BY p.code LIMIT 1000";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_string(call_scope(call))));
}

enum status
store_find_programme(struct call *call, const char *code, struct db_rows *ret_rows)
{
    static const char SQL[] = "SELECT p.programme_id, p.code, p.title, p.short_title, p.zone, p.help_contact, p.version"
                              " FROM programme p WHERE p.code = $2 AND" VISIBLE;
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_string(call_scope(call)), db_text(code)));
}

enum status
store_list_sections(struct call *call, const char *programme_id, struct db_rows *ret_rows)
{
    static const char SQL[] = "SELECT code, title, demo FROM section WHERE programme_id = $1 AND NOT retired"
                              " ORDER BY position";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_text(programme_id)));
}

enum status
store_list_items(struct call *call, const char *programme_id, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "SELECT t.section_code, t.section_title, m.item_id, m.code, m.position, t.question, t.second_question,"
        " t.value_kind, t.unit, t.evidence, t.evidence_required, t.demo, t.decimals, t.selector, t.codes, t.attribute"
        " FROM item m JOIN item_text t USING (item_text_id) WHERE m.programme_id = $1 AND NOT m.retired"
        " ORDER BY m.position";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_text(programme_id)));
}
