// ProgrammeLoaded, from what the tables now say.
#include "tell_programme.h"

#include "present.h"

static enum status
describe_sections(struct call *call, const char *programme_id, Events__ProgrammeLoaded *event)
{
    struct db_rows rows;
    enum status status = store_list_sections(call, programme_id, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &events__section_description__descriptor, &event->n_sections, &event->sections);
    for (int row = 0; status == STATUS_OK && row < rows.count; row++) {
        status = present_pairs(call, &rows, row, "responsible_titles", "responsible_codes",
                               &events__responsible_party__descriptor, &event->sections[row]->n_responsible,
                               &event->sections[row]->responsible);
        if (status == STATUS_OK)
            status = present_due(call, &rows, row, &events__due__descriptor, &event->sections[row]->due);
    }
    return status;
}

static enum status
describe_answering(struct call *call, const Submissions__Answering *file, Events__ProgrammeLoaded *event)
{
    Events__Answering *answering = arena_take(call->arena, sizeof(*answering));
    Events__AnsweringStep *steps = arena_take(call->arena, (file->n_steps + 1) * sizeof(*steps));
    Events__AnsweringStep **list = arena_take(call->arena, (file->n_steps + 1) * sizeof(*list));
    if (!answering || !steps || !list)
        return STATUS_TOO_LARGE;
    *answering = (Events__Answering)EVENTS__ANSWERING__INIT;
    for (size_t i = 0; i < file->n_steps; i++) {
        steps[i] = (Events__AnsweringStep)EVENTS__ANSWERING_STEP__INIT;
        steps[i].to = file->steps[i]->to;
        steps[i].after_working_days = file->steps[i]->after_working_days;
        list[i] = &steps[i];
    }
    answering->n_steps = file->n_steps;
    answering->steps = list;
    answering->quiet_from = file->quiet_from;
    answering->quiet_until = file->quiet_until;
    event->answering = answering;
    return STATUS_OK;
}

static enum status
describe_reminders(struct call *call, const Submissions__Reminders *file, Events__ProgrammeLoaded *event)
{
    Events__Reminders *reminders = arena_take(call->arena, sizeof(*reminders));
    Events__ReminderStep *steps = arena_take(call->arena, (file->n_steps + 1) * sizeof(*steps));
    Events__ReminderStep **list = arena_take(call->arena, (file->n_steps + 1) * sizeof(*list));
    if (!reminders || !steps || !list)
        return STATUS_TOO_LARGE;
    *reminders = (Events__Reminders)EVENTS__REMINDERS__INIT;
    for (size_t i = 0; i < file->n_steps; i++) {
        steps[i] = (Events__ReminderStep)EVENTS__REMINDER_STEP__INIT;
        steps[i].to = file->steps[i]->to;
        steps[i].day_offset = (int32_t)file->steps[i]->days_after - (int32_t)file->steps[i]->days_before;
        steps[i].in_working_days = file->steps[i]->in_working_days;
        list[i] = &steps[i];
    }
    reminders->n_steps = file->n_steps;
    reminders->steps = list;
    reminders->quiet_from = file->quiet_from;
    reminders->quiet_until = file->quiet_until;
    reminders->on_day_off = *file->on_day_off ? file->on_day_off : "keep";
    event->reminders = reminders;
    return STATUS_OK;
}

static enum status
describe_items(struct call *call, const char *programme_id, Events__ProgrammeLoaded *event)
{
    struct db_rows rows;
    enum status status = store_list_items(call, programme_id, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &events__item_description__descriptor, &event->n_items, &event->items);
    for (int row = 0; status == STATUS_OK && row < rows.count; row++) {
        status = present_due(call, &rows, row, &events__due__descriptor, &event->items[row]->due);
        if (status == STATUS_OK)
            status = present_form(call, &rows, row, &events__form__descriptor, &event->items[row]->form);
    }
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
    if (status == STATUS_OK && file->answering)
        status = describe_answering(call, file->answering, &event);
    if (status == STATUS_OK && file->reminders)
        status = describe_reminders(call, file->reminders, &event);
    return status == STATUS_OK ? emit(call, &event.base) : status;
}
