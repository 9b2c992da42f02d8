// Programmes: loaded from files, listed.
#include "check_programme.h"
#include "present.h"
#include "submissions_rpc.h"
#include "tell_programme.h"

static const struct message UNKNOWN_PROGRAMME = {"not_found", "Такой программы нет: проверьте код.",
                                                 "There is no such programme: check the code."};

static const struct message STALE = {
    "stale", "Пока вы правили, программу изменили: сейчас версия %u. Откройте её и повторите изменения.",
    "The programme was changed meanwhile: it is at version %u now. Open it and make your changes again."};

static enum status
check_surroundings(struct call *call, const Submissions__LoadProgrammeRequest *request)
{
    static const struct message UNKNOWN_ZONE = {"unknown_zone",
                                                "Такого часового пояса нет, пример: Asia/Yekaterinburg.",
                                                "There is no such time zone, for example: Asia/Yekaterinburg."};
    static const struct message UNKNOWN_ORGANISATION = {
        "unknown_organisation", "Организации с кодом %s пока нет: сначала загрузите организации.",
        "There is no organisation with the code %s yet: load the organisations first."};
    static const struct message UNKNOWN_FORM = {
        "unknown_form",
        "Документ формы %s для этой программы не загружен: загрузите его (POST /api/v1/uploads с programmeCode).",
        "The form's document %s is not uploaded for this programme: upload it (POST /api/v1/uploads with "
        "programmeCode)."};
    struct db_rows rows;
    const char *missing;
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
    status = store_find_missing_form(call, request, &missing);
    // So is what was uploaded a moment ago.
    return status == STATUS_OK && *missing ? fail_with(call, STATUS_NOT_YET, &UNKNOWN_FORM, missing) : status;
}

static enum status
apply_programme(struct call *call, const Submissions__LoadProgrammeRequest *request, const char *items,
                struct db_param file, Submissions__LoadProgrammeReply *reply)
{
    struct db_rows rows;
    enum status status = store_put_programme(call, request, &rows);
    if (status != STATUS_OK)
        return status;
    reply->programme_id = present_text(&rows, 0, "programme_id");
    reply->version = (uint32_t)present_number(&rows, 0, "version");
    reply->applied = true;
    status = store_put_version(call, reply->programme_id, reply->version, request, file);
    if (status == STATUS_OK)
        status = store_put_sections(call, reply->programme_id, request);
    if (status == STATUS_OK)
        status = store_put_items(call, reply->programme_id, items);
    if (status == STATUS_OK)
        status = store_put_forms(call, reply->programme_id, items);
    return status == STATUS_OK ? tell_of_programme(call, request, reply->programme_id, reply->version) : status;
}

// What makes a version: the file without how and upon what it was sent.
static bool
pack_file(struct arena *arena, const Submissions__LoadProgrammeRequest *request, struct db_param *ret_file)
{
    Submissions__LoadProgrammeRequest file = *request;
    file.dry_run = false;
    file.expected_version = 0;
    size_t size = submissions__load_programme_request__get_packed_size(&file);
    uint8_t *packed = arena_take(arena, size + 1);
    if (!packed)
        return false;
    submissions__load_programme_request__pack(&file, packed);
    *ret_file = db_bytes(packed, size);
    return true;
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
    const char *items = store_item_rows(call, request);
    struct db_param file;
    struct db_rows rows;
    if (!items || !pack_file(call->arena, request, &file))
        return STATUS_TOO_LARGE;
    status = store_compare_programme(call, request->code, items, file, &rows);
    if (status != STATUS_OK)
        return status;
    reply->programme_id = present_text(&rows, 0, "programme_id");
    reply->version = (uint32_t)present_number(&rows, 0, "version");
    if (request->expected_version && request->expected_version != reply->version)
        return fail_with(call, STATUS_STALE, &STALE, reply->version);
    reply->sections = (uint32_t)request->n_sections;
    for (size_t i = 0; i < request->n_sections; i++)
        reply->items += (uint32_t)request->sections[i]->n_items;
    reply->items_added = (uint32_t)present_number(&rows, 0, "added");
    reply->items_changed = (uint32_t)present_number(&rows, 0, "changed");
    reply->items_retired = (uint32_t)present_number(&rows, 0, "retired");
    if (request->dry_run)
        return STATUS_OK;
    // The same file again is the same version.
    reply->applied = true;
    return present_flag(&rows, 0, "differs") ? apply_programme(call, request, items, file, reply) : STATUS_OK;
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
