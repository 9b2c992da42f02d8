// ProgrammeLoaded, from what the tables now say.
#include "tell_programme.h"

#include "present.h"

static enum status
describe_responsible(struct call *call, const struct db_rows *rows, int row, Events__SectionDescription *section)
{
    char **titles, **codes;
    size_t count = 0, code_count = 0;
    enum status status = present_list(call, rows, row, "responsible_titles", &titles, &count);
    if (status == STATUS_OK)
        status = present_list(call, rows, row, "responsible_codes", &codes, &code_count);
    if (status != STATUS_OK || count != code_count)
        return status == STATUS_OK ? STATUS_INTERNAL : status;
    section->responsible = arena_take(call->arena, (count + 1) * sizeof(*section->responsible));
    for (size_t i = 0; section->responsible && i < count; i++) {
        Events__ResponsibleParty *party = arena_take(call->arena, sizeof(*party));
        if (!party)
            return STATUS_TOO_LARGE;
        events__responsible_party__init(party);
        party->title = titles[i];
        party->organisation_code = codes[i];
        section->responsible[section->n_responsible++] = party;
    }
    return section->responsible ? STATUS_OK : STATUS_TOO_LARGE;
}

static enum status
describe_sections(struct call *call, const char *programme_id, Events__ProgrammeLoaded *event)
{
    struct db_rows rows;
    enum status status = store_list_sections(call, programme_id, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &events__section_description__descriptor, &event->n_sections, &event->sections);
    for (int row = 0; status == STATUS_OK && row < rows.count; row++) {
        status = describe_responsible(call, &rows, row, event->sections[row]);
        if (status == STATUS_OK)
            status = present_due(call, &rows, row, &events__due__descriptor, &event->sections[row]->due);
    }
    return status;
}

static enum status
describe_items(struct call *call, const char *programme_id, Events__ProgrammeLoaded *event)
{
    struct db_rows rows;
    enum status status = store_list_items(call, programme_id, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &events__item_description__descriptor, &event->n_items, &event->items);
    for (int row = 0; status == STATUS_OK && row < rows.count; row++)
        status = present_due(call, &rows, row, &events__due__descriptor, &event->items[row]->due);
    return status;
}

enum status
tell_of_programme(struct call *call, const Submissions__LoadProgrammeRequest *file, const char *programme_id,
                  uint32_t version)
{
    Events__ProgrammeLoaded event = EVENTS__PROGRAMME_LOADED__INIT;
    event.programme_id = programme_id;
    event.code = file->code;
    event.title = file->title;
    event.zone = file->zone;
    event.version = version;
    event.reviewer = *file->reviewer ? file->reviewer : "operator";
    enum status status = describe_sections(call, programme_id, &event);
    if (status == STATUS_OK)
        status = describe_items(call, programme_id, &event);
    return status == STATUS_OK ? emit(call, &event.base) : status;
}
