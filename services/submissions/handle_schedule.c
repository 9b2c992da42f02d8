// Days that the owner of a schedule names later than the document (S3.14, I12).
#include <string.h>

#include "present.h"
#include "present_plan.h"
#include "rules_due.h"
#include "submissions_rpc.h"
#include "vekha/base/text.h"

static enum status
check_schedule(struct call *call, const Submissions__SetScheduleRequest *request, const struct db_rows *rows)
{
    static const struct message NOT_BY_SCHEDULE = {"not_by_schedule", "Срок этого раздела не зависит от графика.",
                                                   "The date of this section does not come from a schedule."};
    static const struct message CLOSED = {"round_closed", "Период сбора ещё не открыт или уже закрыт.",
                                          "The round is not open."};
    static const struct message STALE = {"stale", "Дату уже изменили в другом окне: обновите страницу.",
                                         "The date was changed elsewhere: reload the page."};
    static const struct message NO_REASON = {"required", "Укажите основание: номер и дату графика или письма.",
                                             "Name the basis: number and date of the schedule or letter."};
    if (rows->count == 0)
        return refuse_unknown_section(call);
    if (rules_due_kind_named(present_text(rows, 0, "due_kind")) != DUE_BY_SCHEDULE)
        return fail(call, STATUS_CONFLICT, &NOT_BY_SCHEDULE);
    if (!present_flag(rows, 0, "round_open"))
        return fail(call, STATUS_CONFLICT, &CLOSED);
    if (strcmp(request->previous_on, present_text(rows, 0, "scheduled_on")) != 0)
        return fail(call, STATUS_STALE, &STALE);
    return text_is_blank(request->reason) ? fail_field(call, "reason", &NO_REASON) : STATUS_OK;
}

static enum status
tell_of_dues(struct call *call, const struct db_rows *rows, const char *round_id, uint32_t *assignments)
{
    for (int row = 0; row < rows->count; row++) {
        Events__DueSet event = EVENTS__DUE_SET__INIT;
        fill_message(&event.base, rows, row, call->arena);
        event.round_id = round_id;
        event.at = call->now;
        *assignments += (uint32_t)event.n_assignment_ids;
        enum status status = emit(call, &event.base);
        if (status != STATUS_OK)
            return status;
    }
    return STATUS_OK;
}

enum status
handle_set_schedule(struct call *call, const Submissions__SetScheduleRequest *request,
                    Submissions__ScheduledSection *reply)
{
    struct db_rows rows;
    enum status status = store_find_schedule(call, request->round_id, request->section_code, &rows);
    if (status == STATUS_OK)
        status = check_schedule(call, request, &rows);
    if (status != STATUS_OK)
        return status;
    struct plan_change change = {request->round_id, request->section_code, request->due_on, request->previous_on,
                                 request->reason};
    status = store_set_schedule(call, &change, &rows);
    if (status == STATUS_OK)
        status = tell_of_dues(call, &rows, request->round_id, &reply->assignments);
    if (status != STATUS_OK)
        return status;
    reply->round_id = request->round_id;
    reply->section_code = request->section_code;
    reply->due_on = request->due_on;
    Events__ScheduleSet event = EVENTS__SCHEDULE_SET__INIT;
    event.round_id = request->round_id;
    event.section_code = request->section_code;
    event.due_on = request->due_on;
    event.previous_on = request->previous_on;
    event.reason = request->reason;
    event.at = call->now;
    event.account_id = call->principal->account_id;
    return emit(call, &event.base);
}
