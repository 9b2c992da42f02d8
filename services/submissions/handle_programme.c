// Programmes: loaded from files, shown with their sections and items.
#include <string.h>

#include "check_programme.h"
#include "present.h"
#include "submissions_rpc.h"

static const struct message UNKNOWN_PROGRAMME = {"not_found", "Такой программы нет: проверьте код.",
                                                 "There is no such programme: check the code."};

static enum status
check_surroundings(struct call *call, const Submissions__LoadProgrammeRequest *request)
{
    static const struct message UNKNOWN_ZONE = {"unknown_zone",
                                                "Такого часового пояса нет, пример: Asia/Yekaterinburg.",
                                                "There is no such time zone, for example: Asia/Yekaterinburg."};
    static const struct message UNKNOWN_ORGANISATION = {
        "unknown_organisation", "Организации с кодом %s пока нет: сначала загрузите организации.",
        "There is no organisation with the code %s yet: load the organisations first."};
    struct db_rows rows;
    enum status status = store_check_programme(call, request, &rows);
    if (status != STATUS_OK)
        return status;
    if (!present_flag(&rows, 0, "zone_known"))
        return fail_field(call, "zone", &UNKNOWN_ZONE);
    if (!present_flag(&rows, 0, "in_territory"))
        return fail(call, STATUS_NOT_FOUND, &UNKNOWN_PROGRAMME);
    // Organisations loaded a moment ago are on their way here.
    if (!present_flag(&rows, 0, "organisation_known"))
        return fail_with(call, STATUS_NOT_YET, &UNKNOWN_ORGANISATION, request->organisation_code);
    return STATUS_OK;
}

static enum status
tell_of_programme(struct call *call, const Submissions__LoadProgrammeRequest *request, const char *programme_id,
                  uint32_t version)
{
    struct db_rows rows;
    enum status status = store_list_items(call, programme_id, &rows);
    if (status != STATUS_OK)
        return status;
    Events__ProgrammeLoaded event = EVENTS__PROGRAMME_LOADED__INIT;
    event.programme_id = programme_id;
    event.code = request->code;
    event.title = request->title;
    event.zone = request->zone;
    event.version = version;
    status = fill_list(call, &rows, &events__item_description__descriptor, &event.n_items, &event.items);
    return status == STATUS_OK ? emit(call, &event.base) : status;
}

static enum status
apply_programme(struct call *call, const Submissions__LoadProgrammeRequest *request, const struct item_arrays *items,
                Submissions__LoadProgrammeReply *reply)
{
    struct db_rows rows;
    enum status status = store_put_programme(call, request, &rows);
    if (status != STATUS_OK)
        return status;
    reply->programme_id = present_text(&rows, 0, "programme_id");
    reply->version = (uint32_t)present_number(&rows, 0, "version");
    reply->applied = true;
    status = store_put_sections(call, reply->programme_id, request);
    if (status == STATUS_OK)
        status = store_put_items(call, reply->programme_id, items);
    return status == STATUS_OK ? tell_of_programme(call, request, reply->programme_id, reply->version) : status;
}

enum status
handle_load_programme(struct call *call, const Submissions__LoadProgrammeRequest *request,
                      Submissions__LoadProgrammeReply *reply)
{
    enum status status = check_programme(call, request);
    if (status == STATUS_OK)
        status = check_surroundings(call, request);
    if (status != STATUS_OK)
        return status;
    const struct item_arrays *items = store_item_arrays(call, request);
    struct db_rows rows;
    status = items ? store_compare_programme(call, request, items, &rows) : STATUS_TOO_LARGE;
    if (status != STATUS_OK)
        return status;
    reply->programme_id = present_text(&rows, 0, "programme_id");
    reply->version = (uint32_t)present_number(&rows, 0, "version");
    reply->sections = (uint32_t)request->n_sections;
    for (size_t i = 0; i < request->n_sections; i++)
        reply->items += (uint32_t)request->sections[i]->n_items;
    reply->items_added = (uint32_t)present_number(&rows, 0, "added");
    reply->items_changed = (uint32_t)present_number(&rows, 0, "changed");
    reply->items_retired = (uint32_t)present_number(&rows, 0, "retired");
    bool differs =
        reply->items_added || reply->items_changed || reply->items_retired || present_flag(&rows, 0, "other");
    if (request->dry_run)
        return STATUS_OK;
    // The same file again is the same version.
    reply->applied = true;
    return differs ? apply_programme(call, request, items, reply) : STATUS_OK;
}

enum status
handle_list_programmes(struct call *call, const Submissions__ListProgrammesRequest *request,
                       Submissions__ListProgrammesReply *reply)
{
    (void)request;
    struct db_rows rows;
    enum status status = store_list_programmes(call, &rows);
    if (status != STATUS_OK)
        return status;
    return fill_list(call, &rows, &submissions__programme_entry__descriptor, &reply->n_programmes, &reply->programmes);
}

// Items come in the file's order, so those of a section stand together.
static enum status
fill_items(struct call *call, const struct db_rows *rows, Submissions__Section *section)
{
    section->items = arena_take(call->arena, (size_t)(rows->count + 1) * sizeof(*section->items));
    if (!section->items)
        return STATUS_TOO_LARGE;
    for (int row = 0; row < rows->count; row++) {
        if (strcmp(present_text(rows, row, "section_code"), section->code) != 0)
            continue;
        Submissions__Item *item = arena_take(call->arena, sizeof(*item));
        if (!item)
            return STATUS_TOO_LARGE;
        submissions__item__init(item);
        fill_message(&item->base, rows, row, call->arena);
        if (*present_text(rows, row, "selector")) {
            item->participants = arena_take(call->arena, sizeof(*item->participants));
            if (!item->participants)
                return STATUS_TOO_LARGE;
            submissions__participants__init(item->participants);
            fill_message(&item->participants->base, rows, row, call->arena);
        }
        section->items[section->n_items++] = item;
    }
    return STATUS_OK;
}

enum status
handle_get_programme(struct call *call, const Submissions__GetProgrammeRequest *request, Submissions__Programme *reply)
{
    struct db_rows programme, sections, items;
    enum status status = store_find_programme(call, request->code, &programme);
    if (status != STATUS_OK)
        return status;
    if (programme.count == 0)
        return fail(call, STATUS_NOT_FOUND, &UNKNOWN_PROGRAMME);
    fill_message(&reply->base, &programme, 0, call->arena);
    status = store_list_sections(call, reply->programme_id, &sections);
    if (status == STATUS_OK)
        status = store_list_items(call, reply->programme_id, &items);
    if (status == STATUS_OK)
        status = fill_list(call, &sections, &submissions__section__descriptor, &reply->n_sections, &reply->sections);
    for (size_t i = 0; status == STATUS_OK && i < reply->n_sections; i++)
        status = fill_items(call, &items, reply->sections[i]);
    return status;
}
