// Rows of plans into messages: a section with the items it dates one by one, and what was changed when.
#include "present_plan.h"

#include <string.h>

#include "present.h"

enum status
refuse_unknown_section(struct call *call)
{
    static const struct message UNKNOWN = {"not_found", "Такого раздела у вашей организации в этом периоде нет.",
                                           "Your organisation has no such section in this round."};
    return fail(call, STATUS_NOT_FOUND, &UNKNOWN);
}

static enum status
add_change(struct call *call, const struct db_rows *rows, int row, size_t *count, Submissions__PlanChange ***changes)
{
    if (!*changes)
        *changes = arena_take(call->arena, (size_t)rows->count * sizeof(**changes));
    Submissions__PlanChange *change = arena_take(call->arena, sizeof(*change));
    if (!*changes || !change)
        return STATUS_TOO_LARGE;
    submissions__plan_change__init(change);
    fill_message(&change->base, rows, row, call->arena);
    (*changes)[(*count)++] = change;
    return STATUS_OK;
}

static enum status
add_changes(struct call *call, const struct db_rows *rows, Submissions__PlannedSection *section)
{
    for (int row = 0; row < rows->count; row++) {
        if (strcmp(present_text(rows, row, "section_code"), section->section_code) != 0)
            continue;
        const char *assignment_id = present_text(rows, row, "assignment_id");
        enum status status = STATUS_OK;
        if (!*assignment_id)
            status = add_change(call, rows, row, &section->n_changes, &section->changes);
        for (size_t i = 0; i < section->n_dated; i++)
            if (strcmp(section->dated[i]->assignment_id, assignment_id) == 0)
                status = add_change(call, rows, row, &section->dated[i]->n_changes, &section->dated[i]->changes);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

static enum status
add_dated(struct call *call, const struct db_rows *rows, Submissions__PlannedSection *section)
{
    section->dated = arena_take(call->arena, (size_t)(rows->count + 1) * sizeof(*section->dated));
    if (!section->dated)
        return STATUS_TOO_LARGE;
    for (int row = 0; row < rows->count; row++) {
        if (strcmp(present_text(rows, row, "section_code"), section->section_code) != 0)
            continue;
        Submissions__PlannedItem *item = arena_take(call->arena, sizeof(*item));
        if (!item)
            return STATUS_TOO_LARGE;
        submissions__planned_item__init(item);
        fill_message(&item->base, rows, row, call->arena);
        section->dated[section->n_dated++] = item;
    }
    return STATUS_OK;
}

static enum status
complete(struct call *call, const char *round_id, const char *section_code, Submissions__PlannedSection **sections,
         size_t count)
{
    struct db_rows dated, changes;
    enum status status = store_list_dated(call, round_id, section_code, &dated);
    if (status == STATUS_OK)
        status = store_list_plan_changes(call, round_id, section_code, &changes);
    for (size_t i = 0; status == STATUS_OK && i < count; i++) {
        status = add_dated(call, &dated, sections[i]);
        if (status == STATUS_OK)
            status = add_changes(call, &changes, sections[i]);
    }
    return status;
}

enum status
present_planned_section(struct call *call, const char *round_id, const char *section_code,
                        Submissions__PlannedSection *ret_section)
{
    struct db_rows rows;
    enum status status = store_list_plan(call, round_id, section_code, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return refuse_unknown_section(call);
    fill_message(&ret_section->base, &rows, 0, call->arena);
    return complete(call, round_id, section_code, &ret_section, 1);
}

enum status
present_planned_sections(struct call *call, const char *round_id, const struct db_rows *rows,
                         Submissions__PlannedSection **sections)
{
    return complete(call, round_id, "", sections, (size_t)rows->count);
}
