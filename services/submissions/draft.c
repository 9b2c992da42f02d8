// What a save of a draft tells its author, and the others.
#include "draft.h"

#include "present.h"

enum status
tell_of_draft(struct call *call, const char *assignment_id, uint32_t version, const struct draft_change *change)
{
    if (!change->is_first && !change->is_empty && change->is_ready == change->was_ready)
        return STATUS_OK;
    Events__DraftSaved event = EVENTS__DRAFT_SAVED__INIT;
    event.assignment_id = assignment_id;
    event.version = version;
    event.ready = change->is_ready;
    event.first = change->is_first;
    event.empty = change->is_empty;
    event.at = call->now;
    return emit(call, &event.base);
}

enum status
present_saved(struct call *call, const struct value_to_save *value, const struct db_rows *rows, int row,
              Submissions__SavedValue *reply)
{
    fill_message(&reply->base, rows, row, call->arena);
    reply->assignment_id = value->request->assignment_id;
    reply->value = value->answer.value;
    reply->second_value = value->answer.second_value;
    reply->percent = value->answer.percent;
    reply->comment = value->request->comment;
    reply->saved_at = call->now;
    struct evidence evidence = {
        .has_value = true,
        .answers_none = value->answer.answers_none,
        .is_required = present_flag(rows, row, "evidence_required"),
        .documents = (unsigned)present_number(rows, row, "document_count"),
    };
    reply->not_ready_because = rules_missing(&evidence);
    struct draft_change change = {
        .is_first = present_flag(rows, row, "draft_is_new"),
        .was_ready = present_flag(rows, row, "was_ready"),
        .is_ready = !*reply->not_ready_because,
    };
    return tell_of_draft(call, reply->assignment_id, reply->version, &change);
}
