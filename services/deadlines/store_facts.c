// What auth and submissions say of organisations, accounts and items.
#include <string.h>

#include "store.h"

enum status
store_organisation(struct call *call, const Events__OrganisationChanged *event)
{
    return db_run(call->db,
                  "WITH zone AS (INSERT INTO territory_zone (territory, zone) SELECT $3, $10 WHERE $10 <> ''"
                  " ON CONFLICT (territory) DO UPDATE SET zone = EXCLUDED.zone)"
                  " INSERT INTO organisation_version (organisation_id, valid_from, path, short_name, email,"
                  " municipality_id, kind, phone, valid_to)"
                  " VALUES ($1::uuid, coalesce($2::date, '-infinity'), $3, $4, $5, $6::uuid, $7, $8, $9::date)"
                  " ON CONFLICT (organisation_id, valid_from) DO UPDATE SET path = EXCLUDED.path,"
                  " short_name = EXCLUDED.short_name, email = EXCLUDED.email,"
                  " municipality_id = EXCLUDED.municipality_id, kind = EXCLUDED.kind, phone = EXCLUDED.phone,"
                  " valid_to = EXCLUDED.valid_to",
                  DB_PARAMS(db_text(event->organisation_id), db_text(event->valid_from), db_string(event->path),
                            db_string(event->short_name), db_text(event->email), db_text(event->municipality_id),
                            db_text(event->kind), db_text(event->phone), db_text(event->valid_to),
                            db_text(event->zone)));
}

enum status
store_account(struct call *call, const Events__AccountIssued *event)
{
    const ProtobufCEnumValue *role = protobuf_c_enum_descriptor_get_value(&vekha__role__descriptor, (int)event->role);
    return db_run(call->db,
                  "INSERT INTO account (account_id, organisation_id, path, role, login)"
                  " VALUES ($1::uuid, $2::uuid, $3, $4, $5)"
                  " ON CONFLICT (account_id) DO UPDATE SET organisation_id = EXCLUDED.organisation_id,"
                  " path = EXCLUDED.path, role = EXCLUDED.role, login = coalesce(EXCLUDED.login, account.login),"
                  " closed = false",
                  DB_PARAMS(db_text(event->account_id), db_text(event->organisation_id),
                            db_string(event->organisation_path), db_string(role ? role->name : ""),
                            db_text(event->login)));
}

enum status
store_account_closed(struct call *call, const char *account_id)
{
    return db_run(call->db, "UPDATE account SET closed = true WHERE account_id = $1::uuid",
                  DB_PARAMS(db_text(account_id)));
}

enum status
store_profile(struct call *call, const Events__ProfileSaved *event)
{
    return db_run(call->db,
                  "UPDATE account SET email = $2, person_name = concat_ws(' ', $3::text, $4::text, $5::text),"
                  " person_position = $6, phone = $7 WHERE account_id = $1::uuid",
                  DB_PARAMS(db_text(event->account_id), db_text(event->email), db_text(event->family_name),
                            db_text(event->given_name), db_text(event->middle_name), db_text(event->position),
                            db_text(event->phone)));
}

// The section of an item; NULL: the programme names none.
static const Events__SectionDescription *
section_of(const Events__ProgrammeLoaded *event, const Events__ItemDescription *item)
{
    for (size_t i = 0; i < event->n_sections; i++)
        if (strcmp(event->sections[i]->code, item->section_code) == 0)
            return event->sections[i];
    return NULL;
}

enum status
store_items(struct call *call, const Events__ProgrammeLoaded *event)
{
    enum { COLUMNS = 5 };
    const char *(*rows)[COLUMNS] = arena_take(call->arena, (event->n_items + 1) * sizeof(*rows));
    if (!rows)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < event->n_items; i++) {
        const Events__ItemDescription *item = event->items[i];
        const Events__SectionDescription *section = section_of(event, item);
        rows[i][0] = item->item_id;
        rows[i][1] = item->question;
        rows[i][2] = item->section_title;
        rows[i][3] = arena_format(call->arena, "%u", section ? section->position : 0);
        rows[i][4] = arena_format(call->arena, "%u", item->position);
    }
    struct db_param params[COLUMNS];
    enum status status = db_text_columns(call->arena, rows[0], event->n_items, COLUMNS, params);
    if (status != STATUS_OK)
        return status;
    return db_run(call->db,
                  "INSERT INTO item (item_id, question, section_title, section_position, position)"
                  " SELECT w.item_id, coalesce(w.question, ''), w.section_title, w.section_position, w.position"
                  " FROM unnest($1::uuid[], $2::text[], $3::text[], $4::integer[], $5::integer[])"
                  "  AS w (item_id, question, section_title, section_position, position)"
                  " ON CONFLICT (item_id) DO UPDATE SET question = EXCLUDED.question,"
                  " section_title = EXCLUDED.section_title, section_position = EXCLUDED.section_position,"
                  " position = EXCLUDED.position",
                  params, COLUMNS);
}

enum status
store_outstanding(struct call *call, const struct outstanding *const *items, size_t count)
{
    enum { COLUMNS = 9 };
    const char *(*rows)[COLUMNS] = arena_take(call->arena, count * sizeof(*rows));
    if (!rows)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < count; i++) {
        const Events__SubmissionSent *sent = items[i]->sent;
        rows[i][0] = items[i]->assignment_id;
        rows[i][1] = items[i]->is_outstanding ? "t" : "f";
        rows[i][2] = sent ? arena_format(call->arena, "%u", sent->version) : NULL;
        rows[i][3] = sent ? sent->round_id : NULL;
        rows[i][4] = sent ? sent->organisation_id : NULL;
        rows[i][5] = sent ? sent->organisation_path : NULL;
        rows[i][6] = sent ? sent->programme_code : NULL;
        rows[i][7] = sent ? sent->reviewer : NULL;
        rows[i][8] = sent ? sent->at : NULL;
    }
    struct db_param params[COLUMNS + 1];
    enum status status = db_text_columns(call->arena, rows[0], count, COLUMNS, params);
    if (status != STATUS_OK)
        return status;
    params[COLUMNS] = db_integer(config_number(call->config, "reminder_hour"));
    return db_run(call->db,
                  "WITH w AS MATERIALIZED (SELECT * FROM unnest($1::uuid[], $2::boolean[], $3::integer[], $4::uuid[],"
                  "  $5::uuid[], $6::text[], $7::text[], $8::text[], $9::timestamptz[]) AS w (assignment_id,"
                  "  outstanding, version, round_id, organisation_id, path, programme_code, reviewer, sent_at)),"
                  " marked AS (UPDATE assignment a SET outstanding = w.outstanding FROM w"
                  "  WHERE a.assignment_id = w.assignment_id AND a.outstanding <> w.outstanding),"
                  " judged AS (DELETE FROM waiting_answer a USING w WHERE a.assignment_id = w.assignment_id"
                  "  AND w.sent_at IS NULL)"
                  " INSERT INTO waiting_answer (assignment_id, version, round_id, organisation_id, path,"
                  " programme_code, reviewer, sent_at, next_at) SELECT assignment_id, version, round_id,"
                  " organisation_id, path, programme_code, reviewer, sent_at,"
                  " next_step_at(programme_code, sent_at, '{}', $10::integer) FROM w WHERE sent_at IS NOT NULL"
                  " ON CONFLICT (assignment_id) DO UPDATE SET version = EXCLUDED.version, sent_at = EXCLUDED.sent_at,"
                  " reviewer = EXCLUDED.reviewer, told = '{}', next_at = EXCLUDED.next_at",
                  params, COLUMNS + 1);
}
