// Programmes and rounds: as they are now, and as each loading and each move of a date left them.
#include "moment.h"
#include "store.h"

static const char *
text_column(struct call *call, const Events__ProgrammeLoaded *event, size_t offset)
{
    char **texts = arena_take(call->arena, (event->n_items + 1) * sizeof(char *));
    if (!texts)
        return NULL;
    for (size_t i = 0; i < event->n_items; i++)
        texts[i] = *(char *const *)(const void *)((const char *)event->items[i] + offset);
    return db_text_array(call->arena, texts, event->n_items);
}

static const char *
position_column(struct call *call, const Events__ProgrammeLoaded *event)
{
    char **texts = arena_take(call->arena, (event->n_items + 1) * sizeof(char *));
    if (!texts)
        return NULL;
    for (size_t i = 0; i < event->n_items; i++)
        if (!(texts[i] = arena_format(call->arena, "%u", event->items[i]->position)))
            return NULL;
    return db_text_array(call->arena, texts, event->n_items);
}

#define COLUMN(field) db_text(text_column(call, event, offsetof(Events__ItemDescription, field)))

// A field of the items' forms; empty for items without one.
static const char *
form_column(struct call *call, const Events__ProgrammeLoaded *event, size_t offset)
{
    char **texts = arena_take(call->arena, (event->n_items + 1) * sizeof(char *));
    if (!texts)
        return NULL;
    for (size_t i = 0; i < event->n_items; i++) {
        const char *form = (const char *)event->items[i]->form;
        texts[i] = form ? *(char *const *)(const void *)(form + offset) : (char *)"";
    }
    return db_text_array(call->arena, texts, event->n_items);
}

#define FORM_COLUMN(field) db_text(form_column(call, event, offsetof(Events__Form, field)))

// Of an item's own due date only its kind is kept here: what is due when comes with each assignment.
static const char *
due_kind_column(struct call *call, const Events__ProgrammeLoaded *event)
{
    char **texts = arena_take(call->arena, (event->n_items + 1) * sizeof(char *));
    if (!texts)
        return NULL;
    for (size_t i = 0; i < event->n_items; i++)
        texts[i] = event->items[i]->due ? (char *)event->items[i]->due->kind : (char *)"";
    return db_text_array(call->arena, texts, event->n_items);
}

static enum status
store_items(struct call *call, const Events__ProgrammeLoaded *event)
{
    return db_run(
        call->db,
        "WITH loaded AS (INSERT INTO programme (programme_id, code, title, zone, event_number)"
        " VALUES ($1::uuid, $2, $3, $4, $14::bigint)"
        " ON CONFLICT (programme_id) DO UPDATE SET code = EXCLUDED.code, title = EXCLUDED.title,"
        " zone = EXCLUDED.zone, event_number = EXCLUDED.event_number)"
        " INSERT INTO item (programme_id, item_id, code, section_code, section_title, question, second_question,"
        " value_kind, unit, position, event_number)"
        " SELECT $1::uuid, i.*, $14::bigint FROM unnest($5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],"
        " $10::text[], $11::text[], $12::text[], $13::integer[]) i"
        " ON CONFLICT (item_id) DO UPDATE SET code = EXCLUDED.code, section_code = EXCLUDED.section_code,"
        " section_title = EXCLUDED.section_title, question = EXCLUDED.question,"
        " second_question = EXCLUDED.second_question, value_kind = EXCLUDED.value_kind, unit = EXCLUDED.unit,"
        " position = EXCLUDED.position, event_number = EXCLUDED.event_number",
        DB_PARAMS(db_text(event->programme_id), db_string(event->code), db_string(event->title), db_string(event->zone),
                  COLUMN(item_id), COLUMN(code), COLUMN(section_code), COLUMN(section_title), COLUMN(question),
                  COLUMN(second_question), COLUMN(value_kind), COLUMN(unit), db_text(position_column(call, event)),
                  db_integer(event_number(call))));
}

// Of sections that the event only names by their items what is known is the title.
static enum status
store_versions(struct call *call, const Events__ProgrammeLoaded *event, const char *at)
{
    enum status status = db_run(
        call->db,
        "WITH loaded AS (INSERT INTO programme_version (programme_id, known_from, reviewer, version, event_number)"
        " VALUES ($1::uuid, $2::timestamptz, coalesce($3, 'operator'), $5::integer, $6::bigint)"
        " ON CONFLICT DO NOTHING)"
        " INSERT INTO section_version (programme_id, code, known_from, title, position, event_number)"
        " SELECT programme_id, section_code, $2::timestamptz, min(section_title), min(position), $6::bigint FROM item"
        " WHERE item_id = ANY ($4::uuid[]) GROUP BY programme_id, section_code ON CONFLICT DO NOTHING",
        DB_PARAMS(db_text(event->programme_id), db_text(at), db_text(event->reviewer), COLUMN(item_id),
                  db_integer(event->version), db_integer(event_number(call))));
    if (status != STATUS_OK)
        return status;
    return db_run(call->db,
                  "INSERT INTO item_version (item_id, known_from, programme_id, code, section_code, question,"
                  " value_kind, position, due_kind, stage, form_title, form_owner, form_owner_code, form_basis,"
                  " form_address, form_document_id, form_file_name, event_number)"
                  " SELECT i.item_id, $1::timestamptz, i.programme_id, i.code, i.section_code, i.question,"
                  " i.value_kind, i.position, nullif(l.due_kind, ''), nullif(l.stage, ''), l.form_title,"
                  " nullif(l.form_owner, ''), l.form_owner_code, l.form_basis, l.form_address,"
                  " nullif(l.form_document_id, '')::uuid, l.form_file_name, $12::bigint"
                  " FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],"
                  " $9::text[], $10::text[], $11::text[]) l(item_id, due_kind, stage, form_title, form_owner,"
                  " form_owner_code, form_basis, form_address, form_document_id, form_file_name) JOIN item i"
                  " USING (item_id) ON CONFLICT DO NOTHING",
                  DB_PARAMS(db_text(at), COLUMN(item_id), db_text(due_kind_column(call, event)), COLUMN(stage),
                            FORM_COLUMN(title), FORM_COLUMN(owner), FORM_COLUMN(organisation_code), FORM_COLUMN(basis),
                            FORM_COLUMN(address), FORM_COLUMN(document_id), FORM_COLUMN(file_name),
                            db_integer(event_number(call))));
}

static enum status
store_section(struct call *call, const char *programme_id, const char *at, const Events__SectionDescription *section)
{
    static const Events__Due nothing = EVENTS__DUE__INIT;
    const Events__Due *due = section->due ? section->due : &nothing;
    char **titles = arena_take(call->arena, (section->n_responsible + 1) * sizeof(char *));
    char **codes = arena_take(call->arena, (section->n_responsible + 1) * sizeof(char *));
    if (!titles || !codes)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < section->n_responsible; i++) {
        titles[i] = (char *)section->responsible[i]->title;
        codes[i] = (char *)section->responsible[i]->organisation_code;
    }
    return db_run(
        call->db,
        "INSERT INTO section_version (programme_id, code, known_from, title, number, position, by_choice, significance,"
        " due_kind, due_on, due_from, due_owner, due_text, due_footnote, responsible_titles, responsible_codes,"
        " depends_on, series, event_number)"
        " VALUES ($1::uuid, $2, $3::timestamptz, $4, $5, $6::integer, $7::boolean, $8, $9, $10::date, $11::date, $12,"
        " $13, $14, $15::text[], $16::text[], $17::text[], $18, $19::bigint) ON CONFLICT DO NOTHING",
        DB_PARAMS(db_text(programme_id), db_string(section->code), db_text(at), db_string(section->title),
                  db_text(section->number), db_integer(section->position), db_boolean(section->by_choice),
                  db_text(section->significance), db_text(due->kind), db_text(due->on), db_text(due->from),
                  db_text(due->owner), db_text(due->text), db_text(due->footnote),
                  db_text(db_text_array(call->arena, titles, section->n_responsible)),
                  db_text(db_text_array(call->arena, codes, section->n_responsible)),
                  db_text(db_text_array(call->arena, (char *const *)section->depends_on, section->n_depends_on)),
                  db_text(section->series), db_integer(event_number(call))));
}

enum status
store_programme(struct call *call, const Events__ProgrammeLoaded *event)
{
    const char *at = event_moment(call);
    enum status status = store_items(call, event);
    for (size_t i = 0; i < event->n_sections && status == STATUS_OK; i++)
        status = store_section(call, event->programme_id, at, event->sections[i]);
    return status == STATUS_OK ? store_versions(call, event, at) : status;
}

enum status
store_round(struct call *call, const Events__RoundOpened *event)
{
    return db_run(
        call->db,
        "WITH due AS (INSERT INTO round_due (round_id, known_from, due_at, event_number)"
        " VALUES ($1::uuid, $8::timestamptz, $5::timestamptz, $9::bigint) ON CONFLICT DO NOTHING)"
        " INSERT INTO round (round_id, programme_id, name, opens_at, due_at, next_opens_at, zone, event_number)"
        " VALUES ($1::uuid, $2::uuid, $3, $4::timestamptz, $5::timestamptz, $6::timestamptz, $7, $9::bigint)"
        " ON CONFLICT (round_id) DO UPDATE SET name = EXCLUDED.name, opens_at = EXCLUDED.opens_at,"
        " due_at = EXCLUDED.due_at, next_opens_at = EXCLUDED.next_opens_at, zone = EXCLUDED.zone,"
        " event_number = EXCLUDED.event_number",
        DB_PARAMS(db_text(event->round_id), db_text(event->programme_id), db_string(event->name),
                  db_text(event->opens_at), db_text(event->due_at), db_text(event->next_opens_at),
                  db_string(event->zone), db_text(event_moment(call)), db_integer(event_number(call))));
}

enum status
store_round_change(struct call *call, const Events__RoundChanged *event)
{
    return db_run(call->db,
                  "WITH due AS (INSERT INTO round_due (round_id, known_from, due_at, event_number)"
                  " SELECT $1::uuid, $5::timestamptz, $2::timestamptz, $6::bigint WHERE $2::timestamptz IS NOT NULL"
                  " ON CONFLICT DO NOTHING)"
                  " UPDATE round SET due_at = coalesce($2::timestamptz, due_at),"
                  " next_opens_at = coalesce($3::timestamptz, next_opens_at), closed = $4::boolean,"
                  " event_number = $6::bigint WHERE round_id = $1::uuid",
                  DB_PARAMS(db_text(event->round_id), db_text(event->due_at), db_text(event->next_opens_at),
                            db_boolean(event->closed), db_text(event_moment(call)), db_integer(event_number(call))));
}
