// A programme as it is asked now, and its versions word for word.
#include <string.h>

#include "present.h"
#include "submissions_rpc.h"
#include "vekha/bus/message.h"

static const struct message UNKNOWN_PROGRAMME = {"not_found", "Такой программы нет: проверьте код.",
                                                 "There is no such programme: check the code."};
static const struct message UNKNOWN_VERSION = {"not_found", "Такой версии программы нет: обновите список.",
                                               "The programme has no such version: refresh the list."};

static enum status
fill_item(struct call *call, const struct db_rows *rows, int row, Submissions__Item **ret_item)
{
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
    *ret_item = item;
    enum status status = present_due(call, rows, row, &submissions__due__descriptor, &item->due);
    if (status == STATUS_OK)
        status = present_form(call, rows, row, &submissions__form__descriptor, &item->form);
    if (status != STATUS_OK)
        return status;
    return present_pairs(call, rows, row, "column_titles", "column_kinds", &submissions__column__descriptor,
                         &item->n_columns, &item->columns);
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
        enum status status = fill_item(call, rows, row, &section->items[section->n_items++]);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status
unpack_file(struct call *call, const struct db_rows *rows, Submissions__LoadProgrammeRequest **ret_file)
{
    size_t size = 0;
    const void *packed = NULL;
    for (int column = 0; column < rows->columns; column++)
        if (strcmp(db_column_name(rows, column), "packed") == 0)
            packed = db_bytes_at(rows, 0, column, call->arena, &size);
    if (!packed)
        return STATUS_TOO_LARGE;
    ProtobufCAllocator allocator = message_allocator(call->arena);
    *ret_file = submissions__load_programme_request__unpack(&allocator, size, packed);
    return *ret_file ? STATUS_OK : STATUS_INTERNAL;
}

// What no page needs by itself stands in the file only.
static enum status
fill_from_file(struct call *call, Submissions__Programme *programme)
{
    struct db_rows rows;
    Submissions__LoadProgrammeRequest *file;
    enum status status = store_find_version(call, programme->code, 0, &rows);
    if (status != STATUS_OK || rows.count == 0)
        return status;
    status = unpack_file(call, &rows, &file);
    if (status != STATUS_OK)
        return status;
    programme->document = file->document;
    programme->n_words = file->n_words;
    programme->words = file->words;
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
    for (size_t i = 0; status == STATUS_OK && i < reply->n_sections; i++) {
        status = fill_items(call, &items, reply->sections[i]);
        if (status == STATUS_OK)
            status = present_pairs(call, &sections, (int)i, "responsible_titles", "responsible_codes",
                                   &submissions__responsible__descriptor, &reply->sections[i]->n_responsible,
                                   &reply->sections[i]->responsible);
        if (status == STATUS_OK)
            status = present_due(call, &sections, (int)i, &submissions__due__descriptor, &reply->sections[i]->due);
    }
    return status == STATUS_OK ? fill_from_file(call, reply) : status;
}

enum status
handle_list_programme_versions(struct call *call, const Submissions__ListProgrammeVersionsRequest *request,
                               Submissions__ListProgrammeVersionsReply *reply)
{
    struct db_rows rows;
    enum status status = store_list_versions_of(call, request->code, &rows);
    return status == STATUS_OK ? fill_list(call, &rows, &submissions__programme_version_entry__descriptor,
                                           &reply->n_versions, &reply->versions)
                               : status;
}

enum status
handle_get_programme_version(struct call *call, const Submissions__GetProgrammeVersionRequest *request,
                             Submissions__ProgrammeVersion *reply)
{
    struct db_rows rows;
    enum status status = store_find_version(call, request->code, request->number, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &UNKNOWN_VERSION);
    fill_message(&reply->base, &rows, 0, call->arena);
    return unpack_file(call, &rows, &reply->file);
}
