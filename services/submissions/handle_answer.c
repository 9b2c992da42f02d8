// The author's acts on one assignment: save, take a document off, send.
#include "draft.h"
#include "present.h"
#include "refuse.h"
#include "submissions_rpc.h"

// Those whose answer can be read; the others are refused. Returns their number.
static size_t
read_answers(struct save_value_call *calls, size_t count, struct value_to_save *ret_values, size_t *ret_origins)
{
    size_t read = 0;
    for (size_t i = 0; i < count; i++) {
        const Submissions__SaveValueRequest *request = calls[i].request;
        struct value_to_save *value = &ret_values[read];
        *value = (struct value_to_save){.request = request,
                                        .organisation_id = calls[i].call->principal->organisation_id,
                                        .account_id = calls[i].call->principal->account_id};
        enum answer_problem problem = rules_read_answer(calls[i].call->arena, request->value, request->second_value,
                                                        request->confirm_part_over_whole, &value->answer);
        if (problem == ANSWER_GOOD)
            ret_origins[read++] = i;
        else
            calls[i].status = refuse_answer(calls[i].call, problem);
    }
    return read;
}

enum status
handle_save_value(struct save_value_call *calls, size_t count)
{
    struct value_to_save values[TOGETHER_MAX];
    size_t origins[TOGETHER_MAX];
    bool is_saved[TOGETHER_MAX] = {false};
    size_t read = read_answers(calls, count, values, origins);
    struct db_rows rows = {0};
    // One moment for all of them, the one that their rows carry.
    for (size_t i = 0; i < count; i++)
        calls[i].call->now = calls[0].call->now;
    enum status status = read > 0 ? store_save_values(calls[0].call, values, read, &rows) : STATUS_OK;
    if (status != STATUS_OK)
        return status;
    for (int row = 0; row < rows.count; row++) {
        size_t place = (size_t)present_number(&rows, row, "place") - 1;
        struct save_value_call *saved = &calls[origins[place]];
        is_saved[place] = true;
        saved->status = present_saved(saved->call, &values[place], &rows, row, saved->reply);
        if (saved->status != STATUS_OK)
            return saved->status;
    }
    for (size_t i = 0; i < read; i++) {
        struct save_value_call *refused = &calls[origins[i]];
        if (is_saved[i])
            continue;
        refused->status = refuse_save(refused->call, refused->request, &values[i].answer);
        if (db_is_failed(refused->call->db))
            return refused->status;
    }
    return STATUS_OK;
}

enum status
handle_detach_document(struct call *call, const Submissions__DetachDocumentRequest *request,
                       Submissions__Assignment *reply)
{
    static const struct message NO_DOCUMENT = {"document_not_found",
                                               "Этого документа в черновике нет: обновите показатель.",
                                               "The draft has no such document: reload the assignment."};
    struct db_rows rows;
    enum status status =
        store_find_situation(call, request->assignment_id, call->principal->organisation_id, true, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return refuse_unknown(call);
    struct situation now = situation_of(&rows, 0);
    enum refusal refusal = rules_refuse_detach(&now);
    if (refusal != REFUSAL_NONE)
        return refuse_with(call, refusal, &rows);
    if (now.evidence.documents == 0)
        return fail(call, STATUS_NOT_FOUND, &NO_DOCUMENT);
    struct evidence after = now.evidence;
    after.documents--;
    bool done = false;
    status =
        store_set_attached(call, request->assignment_id, request->document_id, false, rules_draft_state(&after), &done);
    if (status != STATUS_OK)
        return status;
    if (!done)
        return fail(call, STATUS_NOT_FOUND, &NO_DOCUMENT);
    status = store_find_assignment(call, request->assignment_id, &rows);
    if (status != STATUS_OK)
        return status;
    status = present_assignment(call, &rows, 0, reply);
    if (status != STATUS_OK)
        return status;
    struct draft_change change = {
        .is_first = now.state == STATE_REJECTED,
        .was_ready = now.state == STATE_READY,
        .is_ready = rules_state_named(reply->state) == STATE_READY,
        .is_empty = rules_state_named(reply->state) == STATE_EMPTY,
    };
    return tell_of_draft(call, reply->assignment_id, reply->version, &change);
}

static enum status
refer_to_documents(struct call *call, const Submissions__Assignment *assignment, Events__SubmissionSent *event)
{
    event->documents = arena_take(call->arena, (assignment->n_documents + 1) * sizeof(*event->documents));
    if (!event->documents)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < assignment->n_documents; i++) {
        Events__DocumentReference *reference = arena_take(call->arena, sizeof(*reference));
        if (!reference)
            return STATUS_TOO_LARGE;
        events__document_reference__init(reference);
        reference->document_id = assignment->documents[i]->document_id;
        reference->file_name = assignment->documents[i]->file_name;
        reference->size_bytes = assignment->documents[i]->size_bytes;
        reference->pages = assignment->documents[i]->pages;
        event->documents[event->n_documents++] = reference;
    }
    return STATUS_OK;
}

static enum status
tell_of_sending(struct call *call, const struct db_rows *rows, int row, const Submissions__Assignment *assignment)
{
    Events__SubmissionSent event = EVENTS__SUBMISSION_SENT__INIT;
    event.assignment_id = assignment->assignment_id;
    event.version = assignment->version;
    event.round_id = assignment->round_id;
    event.item_id = present_text(rows, row, "item_id");
    event.organisation_id = present_text(rows, row, "organisation_id");
    event.organisation_path = present_text(rows, row, "organisation_path");
    event.value_kind = assignment->value_kind;
    event.value = assignment->value;
    event.second_value = assignment->second_value;
    event.percent = assignment->percent;
    event.at = call->now;
    event.author_account_id = call->principal->account_id;
    event.comment = assignment->comment;
    event.previous_value = assignment->accepted_value;
    event.programme_code = present_text(rows, row, "programme_code");
    event.section_title = assignment->section_title;
    event.question = assignment->question;
    event.second_question = assignment->second_question;
    event.unit = assignment->unit;
    event.due_at = assignment->due_at;
    event.due_is_own = *assignment->due_kind != '\0';
    event.reviewer = present_text(rows, row, "reviewer");
    event.section_code = assignment->section_code;
    event.stage = assignment->stage;
    enum status status = refer_to_documents(call, assignment, &event);
    return status == STATUS_OK ? emit(call, &event.base) : status;
}

enum status
handle_submit(struct submit_call *calls, size_t count)
{
    struct sending sendings[TOGETHER_MAX];
    bool is_sent[TOGETHER_MAX] = {false};
    struct db_rows rows;
    // One moment for all of them, the one that their rows carry.
    for (size_t i = 0; i < count; i++) {
        calls[i].call->now = calls[0].call->now;
        sendings[i] = (struct sending){calls[i].request, calls[i].call->principal->organisation_id,
                                       calls[i].call->principal->account_id};
    }
    enum status status = store_send(calls[0].call, sendings, count, &rows);
    if (status != STATUS_OK)
        return status;
    for (int row = 0; row < rows.count; row++) {
        size_t place = (size_t)present_number(&rows, row, "place") - 1;
        struct submit_call *sent = &calls[place];
        is_sent[place] = true;
        sent->status = present_assignment(sent->call, &rows, row, sent->reply);
        if (sent->status == STATUS_OK)
            sent->status = tell_of_sending(sent->call, &rows, row, sent->reply);
        if (sent->status != STATUS_OK)
            return sent->status;
    }
    for (size_t i = 0; i < count; i++) {
        if (is_sent[i])
            continue;
        calls[i].status = refuse_send(calls[i].call, calls[i].request);
        if (db_is_failed(calls[i].call->db))
            return calls[i].status;
    }
    return STATUS_OK;
}
