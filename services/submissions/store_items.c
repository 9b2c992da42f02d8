// The items of a programme file in tables: who an item is stays, what it says gets a new text when the file changes it.
#include "store.h"
#include "store_columns.h"
#include "store_file.h"

enum { ITEM_CELLS = 20 };

// $2: the file's items, each a text[] in a text, in the order of item_cells().
#define FILE_ITEMS                                                                                                     \
    "file AS (SELECT c[1] AS section_code, c[2] AS section_title, c[3] AS code, c[4] AS question,"                     \
    "   c[5] AS second_question, c[6] AS value_kind, c[7] AS unit, c[8]::smallint AS decimals, c[9] AS evidence,"      \
    "   c[10]::boolean AS evidence_required, c[11] AS selector, c[12]::text[] AS codes, c[13] AS attribute,"           \
    "   c[14]::boolean AS demo, c[15]::integer AS number, due_from(c[16]::text[]) AS due, c[17] AS stage,"             \
    "   c[18]::text[] AS column_titles, c[19]::text[] AS column_kinds, c[20]::text[] AS form"                          \
    "   FROM (SELECT w.cells::text[] AS c FROM unnest($2::text[]) AS w (cells)) w)"
#define TEXT_COLUMNS                                                                                                   \
    "section_code, section_title, question, second_question, value_kind, unit, decimals, evidence,"                    \
    " evidence_required, selector, codes, attribute, demo, due, stage, column_titles, column_kinds"
// The row of a file or of item_text as one value, to be compared.
#define WORDS(alias)                                                                                                   \
    "ROW(" alias ".section_code, " alias ".section_title, " alias ".question, " alias ".second_question, " alias       \
    ".value_kind, " alias ".unit, " alias ".decimals, " alias ".evidence, " alias ".evidence_required, " alias         \
    ".selector, " alias ".codes, " alias ".attribute, " alias ".demo, " alias ".due, " alias ".stage, " alias          \
    ".column_titles, " alias ".column_kinds)"

static const char *
column_cells(struct arena *arena, const Submissions__Item *item, bool kinds)
{
    const char **cells = arena_take(arena, (item->n_columns + 1) * sizeof(const char *));
    for (size_t i = 0; cells && i < item->n_columns; i++) {
        const Submissions__Column *column = item->columns[i];
        cells[i] = !kinds ? column->title : *column->kind ? column->kind : "text";
    }
    return cells ? text_list(arena, cells, item->n_columns) : NULL;
}

static const char *
item_cells(struct arena *arena, const Submissions__Section *section, const Submissions__Item *item, size_t number)
{
    const Submissions__Participants *who = item->participants;
    // What is answered by documents alone cannot go without them.
    bool needs_documents = item->evidence_required || rules_kind_named(item->value_kind) == KIND_DOCUMENTS;
    const char *const cells[ITEM_CELLS] = {
        section->code,
        section->title,
        item->code,
        item->question,
        item->second_question,
        item->value_kind,
        item->unit,
        arena_format(arena, "%u", item->decimals),
        item->evidence,
        needs_documents ? "t" : "f",
        who ? who->selector : "",
        who ? text_list(arena, who->codes, who->n_codes) : "{}",
        who ? who->attribute : "",
        item->demo || section->demo ? "t" : "f",
        arena_format(arena, "%zu", number),
        store_due_cells(arena, item->due),
        item->stage,
        column_cells(arena, item, false),
        column_cells(arena, item, true),
        store_form_cells(arena, item->form),
    };
    for (size_t i = 0; i < ITEM_CELLS; i++)
        if (!cells[i])
            return NULL;
    return text_list(arena, cells, ITEM_CELLS);
}

const char *
store_item_rows(struct call *call, const Submissions__LoadProgrammeRequest *file)
{
    size_t count = 0;
    for (size_t i = 0; i < file->n_sections; i++)
        count += file->sections[i]->n_items;
    const char **rows = arena_take(call->arena, (count + 1) * sizeof(const char *));
    size_t number = 0;
    for (size_t i = 0; rows && i < file->n_sections; i++) {
        for (size_t j = 0; j < file->sections[i]->n_items; j++, number++) {
            rows[number] = item_cells(call->arena, file->sections[i], file->sections[i]->items[j], number + 1);
            if (!rows[number])
                return NULL;
        }
    }
    return rows ? text_list(call->arena, rows, count) : NULL;
}

enum status
store_compare_programme(struct call *call, const char *code, const char *items, struct db_param file,
                        struct db_rows *ret_rows)
{
    static const char SQL[] = "WITH " FILE_ITEMS ", known AS (SELECT m.code, m.retired, " STORE_FORM_OF(
        "o") " AS form, t.*"
             "   FROM programme p JOIN item m USING (programme_id) JOIN item_text t USING (item_text_id)"
             "   LEFT JOIN item_form o ON o.item_id = m.item_id WHERE p.code = $1)"
             " SELECT p.programme_id, coalesce(p.version, 0) AS version,"
             " (SELECT count(*) FROM file f LEFT JOIN known k USING (code) WHERE k.item_id IS NULL OR k.retired) AS "
             "added,"
             " (SELECT count(*) FROM file f JOIN known k USING (code)"
             "   WHERE NOT k.retired AND (f.form IS DISTINCT FROM k.form OR " WORDS("f") " IS DISTINCT FROM " WORDS(
                 "k") ")) AS changed,"
                      " (SELECT count(*) FROM known k WHERE NOT k.retired AND NOT EXISTS"
                      "   (SELECT FROM file f WHERE f.code = k.code)) AS retired,"
                      " (v.file IS DISTINCT FROM $3::bytea) AS differs"
                      " FROM (SELECT) AS one LEFT JOIN programme p ON p.code = $1"
                      " LEFT JOIN programme_version v ON v.programme_id = p.programme_id AND v.version = p.version";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_text(code), db_text(items), file));
}

enum status
store_put_items(struct call *call, const char *programme_id, const char *items)
{
    // An item and its text point at each other; the constraints wait for the end of the transaction.
    static const char SQL[] =
        "WITH " FILE_ITEMS ", wanted AS (SELECT coalesce(m.item_id, gen_random_uuid()) AS item_id,"
        "   m.item_text_id AS old_text_id,"
        "   (t.item_text_id IS NULL OR " WORDS("f") " IS DISTINCT FROM " WORDS(
            "t") ") AS is_new, f.*"
                 "   FROM file f LEFT JOIN item m ON m.programme_id = $1 AND m.code = f.code"
                 "   LEFT JOIN item_text t ON t.item_text_id = m.item_text_id),"
                 " texts AS (INSERT INTO item_text (item_id, item_code, " TEXT_COLUMNS ")"
                 "   SELECT w.item_id, w.code, " TEXT_COLUMNS " FROM wanted w WHERE w.is_new ORDER BY w.number"
                 "   RETURNING item_id, item_text_id),"
                 " gone AS (UPDATE item m SET retired = true WHERE m.programme_id = $1"
                 "   AND NOT EXISTS (SELECT FROM file f WHERE f.code = m.code))"
                 " INSERT INTO item (item_id, programme_id, code, position, item_text_id)"
                 " SELECT w.item_id, $1, w.code, w.number, coalesce(x.item_text_id, w.old_text_id)"
                 "   FROM wanted w LEFT JOIN texts x USING (item_id)"
                 " ON CONFLICT (programme_id, code) DO UPDATE SET position = excluded.position,"
                 "   item_text_id = excluded.item_text_id, retired = false";
    return db_run(call->db, SQL, DB_PARAMS(db_text(programme_id), db_text(items)));
}

enum status
store_put_forms(struct call *call, const char *programme_id, const char *items)
{
    static const char SQL[] =
        "WITH " FILE_ITEMS ", named AS (SELECT m.item_id, f.form FROM file f JOIN item m ON m.programme_id = $1"
        "   AND m.code = f.code WHERE f.form <> '{}'),"
        " gone AS (DELETE FROM item_form o USING item m WHERE m.programme_id = $1 AND m.item_id = o.item_id"
        "   AND NOT EXISTS (SELECT FROM named n WHERE n.item_id = o.item_id))"
        " INSERT INTO item_form (item_id, title, owner, organisation_code, basis, address, document_id)"
        " SELECT n.item_id, n.form[1], n.form[2], n.form[3], n.form[4], n.form[5], nullif(n.form[6], '')::uuid"
        "   FROM named n"
        " ON CONFLICT (item_id) DO UPDATE SET title = excluded.title, owner = excluded.owner,"
        "   organisation_code = excluded.organisation_code, basis = excluded.basis, address = excluded.address,"
        "   document_id = excluded.document_id";
    return db_run(call->db, SQL, DB_PARAMS(db_text(programme_id), db_text(items)));
}

enum status
store_list_items(struct call *call, const char *programme_id, struct db_rows *ret_rows)
{
    static const char SQL[] =
        "SELECT t.section_code, t.section_title, m.item_id, m.code, m.position, t.question, t.second_question,"
        " t.value_kind, t.unit, t.evidence, t.evidence_required, t.demo, t.decimals, t.selector, t.codes, t.attribute,"
        " t.stage, t.column_titles, t.column_kinds, " STORE_FORM_CELLS("o", "e") ", " STORE_DUE_COLUMNS(
            "t.due") " FROM item m JOIN item_text t USING (item_text_id) LEFT JOIN item_form o ON o.item_id = m.item_id"
                     " LEFT JOIN form_document e ON e.document_id = o.document_id WHERE m.programme_id = $1 AND NOT "
                     "m.retired ORDER BY m.position";
    return db_query(call->db, ret_rows, SQL, DB_PARAMS(db_text(programme_id)));
}
