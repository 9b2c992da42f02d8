// A school's plan: what it chose, by when each part will be done, and why a date moved (S1.8-S1.13).
#include <string.h>

#include "assign.h"
#include "present.h"
#include "present_plan.h"
#include "refuse.h"
#include "rules_due.h"
#include "submissions_rpc.h"

static enum status
refuse_plan(struct call *call, enum plan_problem problem, const struct db_rows *rows)
{
    static const struct message IN_THE_PAST = {"in_the_past", "Этот день уже прошёл: укажите сегодняшний или позже.",
                                               "This day has passed: give today or later."};
    static const struct message AFTER_THE_ROUND = {"after_the_round",
                                                   "Период сбора закрывается %s: укажите более ранний день.",
                                                   "The round closes on %s: give an earlier day."};
    static const struct message STALE = {"stale", "Дату уже изменили в другом окне: обновите страницу.",
                                         "The date was changed elsewhere: reload the page."};
    static const struct message UNCHANGED = {"unchanged", "Эта дата уже стоит: укажите другую.",
                                             "This is the date already: give another one."};
    static const struct message NO_REASON = {"required", "Напишите, почему переносите дату: не короче трёх знаков.",
                                             "Say why the date moves: three characters at least."};
    char latest_on[DATE_BYTES];
    switch (problem) {
    case PLAN_IN_THE_PAST:
        return fail_field(call, "plannedOn", &IN_THE_PAST);
    case PLAN_AFTER_THE_ROUND:
        rules_russian_date(present_text(rows, 0, "latest_on"), latest_on);
        return fail_with(call, STATUS_INVALID, &AFTER_THE_ROUND, latest_on);
    case PLAN_STALE:
        return fail(call, STATUS_STALE, &STALE);
    case PLAN_UNCHANGED:
        return fail_field(call, "plannedOn", &UNCHANGED);
    case PLAN_NO_REASON:
        return fail_field(call, "reason", &NO_REASON);
    case PLAN_GOOD:
        break;
    }
    return STATUS_OK;
}

enum status
handle_get_plan(struct call *call, const Submissions__GetPlanRequest *request, Submissions__Plan *reply)
{
    struct db_rows rows;
    enum status status = store_list_plan(call, request->round_id, "", &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return refuse_unknown_section(call);
    fill_message(&reply->base, &rows, 0, call->arena);
    reply->round_id = request->round_id;
    status = fill_list(call, &rows, &submissions__planned_section__descriptor, &reply->n_sections, &reply->sections);
    for (size_t i = 0; status == STATUS_OK && i < reply->n_sections; i++) {
        bool is_activated = strcmp(reply->sections[i]->state, "activated") == 0;
        reply->activated += is_activated;
        reply->chosen += is_activated || strcmp(reply->sections[i]->state, "chosen") == 0;
    }
    return status == STATUS_OK ? present_planned_sections(call, request->round_id, &rows, reply->sections) : status;
}

static enum status
tell_of_section(struct call *call, const char *round_id, const char *organisation_path,
                const Submissions__PlannedSection *section, const struct plan_change *change)
{
    Events__SectionPlanned event = EVENTS__SECTION_PLANNED__INIT;
    event.round_id = round_id;
    event.section_code = section->section_code;
    event.organisation_id = call->principal->organisation_id;
    event.organisation_path = organisation_path;
    event.state = strcmp(section->state, "offered") == 0 ? "dropped" : section->state;
    event.planned_on = section->planned_on;
    event.previous_on = change->previous_on;
    event.reason = change->reason;
    for (size_t i = 0; i < section->n_changes; i++)
        event.moves += strcmp(section->changes[i]->act, "moved") == 0;
    event.at = call->now;
    event.account_id = call->principal->account_id;
    return emit(call, &event.base);
}

static const struct plan_change NO_DATE = {.previous_on = "", .reason = ""};

enum status
handle_choose_section(struct call *call, const Submissions__ChooseSectionRequest *request,
                      Submissions__PlannedSection *reply)
{
    static const struct message NOT_BY_CHOICE = {"not_by_choice", "Этот раздел заполняют все: выбирать его не нужно.",
                                                 "Everybody fills in this section: there is nothing to choose."};
    bool done = false;
    enum status status = store_choose_section(call, request->round_id, request->section_code, false, &done);
    if (status == STATUS_OK)
        status = present_planned_section(call, request->round_id, request->section_code, reply);
    if (status != STATUS_OK)
        return status;
    if (!reply->by_choice)
        return fail(call, STATUS_CONFLICT, &NOT_BY_CHOICE);
    // Chosen twice is chosen.
    if (!done)
        return STATUS_OK;
    if (strcmp(reply->state, "activated") == 0) {
        struct db_rows rows;
        status = store_ask_section(call, request->round_id, request->section_code, &rows);
        if (status == STATUS_OK)
            status = assign_tell(call, &rows);
        if (status != STATUS_OK)
            return status;
    }
    return tell_of_section(call, request->round_id, call->principal->organisation_path, reply, &NO_DATE);
}

enum status
handle_drop_section(struct call *call, const Submissions__DropSectionRequest *request,
                    Submissions__PlannedSection *reply)
{
    static const struct message ACTIVATED = {"activated", "Раздел уже активирован, отказаться от него нельзя.",
                                             "The section is activated and cannot be dropped."};
    enum status status = present_planned_section(call, request->round_id, request->section_code, reply);
    if (status != STATUS_OK)
        return status;
    if (strcmp(reply->state, "offered") == 0)
        return STATUS_OK;
    bool done = false;
    if (strcmp(reply->state, "chosen") == 0 && reply->by_choice)
        status = store_choose_section(call, request->round_id, request->section_code, true, &done);
    if (status != STATUS_OK)
        return status;
    if (!done)
        return fail(call, STATUS_CONFLICT, &ACTIVATED);
    submissions__planned_section__init(reply);
    status = present_planned_section(call, request->round_id, request->section_code, reply);
    return status == STATUS_OK
               ? tell_of_section(call, request->round_id, call->principal->organisation_path, reply, &NO_DATE)
               : status;
}

static enum status
tell_of_due(struct call *call, const struct db_rows *rows, const char *round_id)
{
    Events__DueSet event = EVENTS__DUE_SET__INIT;
    enum status status =
        present_list(call, rows, 0, "moved_ids", (char ***)&event.assignment_ids, &event.n_assignment_ids);
    if (status != STATUS_OK || event.n_assignment_ids == 0)
        return status;
    event.round_id = round_id;
    event.organisation_id = call->principal->organisation_id;
    event.organisation_path = present_text(rows, 0, "organisation_path");
    event.due_at = present_text(rows, 0, "moved_due_at");
    event.at = call->now;
    return emit(call, &event.base);
}

static enum status
check_section(struct call *call, const Submissions__PlanSectionRequest *request, const struct db_rows *rows)
{
    static const struct message NO_DATE_NEEDED = {"no_date_needed", "Срок этого раздела задан программой.",
                                                  "The programme sets the date of this section."};
    static const struct message CHOOSE_FIRST = {"not_chosen", "Сначала выберите этот раздел.",
                                                "Choose this section first."};
    if (rows->count == 0)
        return refuse_unknown_section(call);
    if (rules_due_kind_named(present_text(rows, 0, "due_kind")) != DUE_BY_EXECUTOR)
        return fail(call, STATUS_CONFLICT, &NO_DATE_NEEDED);
    if (strcmp(present_text(rows, 0, "state"), "offered") == 0)
        return fail(call, STATUS_CONFLICT, &CHOOSE_FIRST);
    enum plan_problem problem =
        rules_check_plan(request->planned_on, request->previous_on, present_text(rows, 0, "planned_on"),
                         request->reason, present_text(rows, 0, "today"), present_text(rows, 0, "latest_on"));
    return refuse_plan(call, problem, rows);
}

enum status
handle_plan_section(struct call *call, const Submissions__PlanSectionRequest *request,
                    Submissions__PlannedSection *reply)
{
    struct db_rows rows;
    enum status status = store_list_plan(call, request->round_id, request->section_code, &rows);
    if (status == STATUS_OK)
        status = check_section(call, request, &rows);
    if (status != STATUS_OK)
        return status;
    struct plan_change change = {request->round_id, request->section_code, request->planned_on, request->previous_on,
                                 request->reason};
    status = store_plan_section(call, &change, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return refuse_plan(call, PLAN_STALE, &rows);
    if (*present_text(&rows, 0, "assignment_ids") != 0)
        status = assign_tell(call, &rows);
    if (status == STATUS_OK)
        status = tell_of_due(call, &rows, request->round_id);
    if (status == STATUS_OK)
        status = present_planned_section(call, request->round_id, request->section_code, reply);
    return status == STATUS_OK
               ? tell_of_section(call, request->round_id, present_text(&rows, 0, "organisation_path"), reply, &change)
               : status;
}

static enum status
tell_of_assignment(struct call *call, const char *assignment_id, const struct db_rows *found,
                   const struct plan_change *change, const struct db_rows *set)
{
    Events__AssignmentPlanned event = EVENTS__ASSIGNMENT_PLANNED__INIT;
    event.assignment_id = assignment_id;
    event.round_id = change->round_id;
    event.item_id = present_text(found, 0, "item_id");
    event.organisation_id = call->principal->organisation_id;
    event.organisation_path = present_text(found, 0, "organisation_path");
    event.planned_on = change->planned_on;
    event.previous_on = change->previous_on;
    event.reason = change->reason;
    event.moves = (uint32_t)present_number(set, 0, "moves");
    event.at = call->now;
    event.account_id = call->principal->account_id;
    enum status status = emit(call, &event.base);
    if (status != STATUS_OK)
        return status;
    Events__DueSet due = EVENTS__DUE_SET__INIT;
    const char *ids[] = {assignment_id};
    due.round_id = change->round_id;
    due.organisation_id = event.organisation_id;
    due.organisation_path = event.organisation_path;
    due.assignment_ids = ids;
    due.n_assignment_ids = 1;
    due.due_at = present_text(set, 0, "due_at");
    due.at = call->now;
    return emit(call, &due.base);
}

enum status
handle_plan_assignment(struct call *call, const Submissions__PlanAssignmentRequest *request,
                       Submissions__PlannedSection *reply)
{
    static const struct message NOT_DATED = {"no_date_needed", "У этого показателя нет собственной даты.",
                                             "This item has no date of its own."};
    struct db_rows found, set;
    enum status status = store_find_dated(call, request->assignment_id, &found);
    if (status != STATUS_OK)
        return status;
    if (found.count == 0)
        return refuse_unknown(call);
    if (!present_flag(&found, 0, "is_dated") || !present_flag(&found, 0, "round_open"))
        return fail(call, STATUS_CONFLICT, &NOT_DATED);
    status = refuse_plan(call,
                         rules_check_plan(request->planned_on, request->previous_on,
                                          present_text(&found, 0, "planned_on"), request->reason,
                                          present_text(&found, 0, "today"), present_text(&found, 0, "latest_on")),
                         &found);
    if (status != STATUS_OK)
        return status;
    struct plan_change change = {present_text(&found, 0, "round_id"), present_text(&found, 0, "section_code"),
                                 request->planned_on, request->previous_on, request->reason};
    status = store_plan_assignment(call, request->assignment_id, &change, &set);
    if (status == STATUS_OK)
        status = tell_of_assignment(call, request->assignment_id, &found, &change, &set);
    return status == STATUS_OK ? present_planned_section(call, change.round_id, change.section_code, reply) : status;
}
