// Accepting, rejecting, withdrawing, and the history of verdicts.
#include <strings.h>

#include "answer.h"
#include "review_rpc.h"
#include "vekha/base/text.h"

static const struct message RESOLUTION_EMPTY = {"resolution_empty",
                                                "Напишите, что исправить: исполнитель увидит этот текст.",
                                                "Say what has to be corrected: the respondent will read this text."};
static const struct message NAMED_TWICE = {"named_twice", "Показатель назван дважды. Оставьте одну строку.",
                                           "The item is named twice. Keep one of the two."};
static const struct message NO_VERDICTS_HERE = {
    "assignment_not_found", "Этот показатель ещё не отправляли на проверку, или он не относится к вашей организации.",
    "This item has never been sent for review, or it does not belong to your organisation."};

static enum status
emit_verdict(struct call *call, const char *assignment_id, uint32_t version, const char *resolution)
{
    Events__VerdictGiven event = EVENTS__VERDICT_GIVEN__INIT;
    event.assignment_id = assignment_id;
    event.version = version;
    event.accepted = !resolution;
    event.resolution = resolution ? resolution : "";
    event.at = call->now;
    event.operator_account_id = call->principal->account_id;
    return emit(call, &event.base);
}

static enum status
present_verdict(const struct decision *decision, const struct db_rows *rows, int row, enum action action,
                Review__Verdict *reply)
{
    struct call *call = decision->call;
    enum status status = answer_outcome(call, judge_acted_row(rows, row, action, decision->version));
    if (status != STATUS_OK)
        return status;
    reply->assignment_id = db_text_at(rows, row, ACTED_ASSIGNMENT_ID);
    reply->version = decision->version;
    reply->accepted = action == ACTION_ACCEPT;
    reply->resolution = action == ACTION_REJECT ? decision->resolution : "";
    reply->at = call->now;
    reply->operator_account_id = call->principal->account_id;
    return emit_verdict(call, reply->assignment_id, decision->version,
                        action == ACTION_REJECT ? decision->resolution : NULL);
}

// One verdict of several operators' that are given together.
struct given {
    struct decision decision;
    Review__Verdict *reply;
    enum status status;
    bool is_done;
};

// Those not done yet, each entry once: a second verdict on it must find the first.
static size_t
take_decisions(struct given *given, size_t count, struct decision *ret_decisions, struct given **ret_taken)
{
    size_t taken = 0;
    for (size_t i = 0; i < count; i++) {
        bool is_named = false;
        for (size_t k = 0; k < taken && !is_named; k++)
            is_named = strcasecmp(ret_decisions[k].assignment_id, given[i].decision.assignment_id) == 0;
        if (is_named || given[i].is_done)
            continue;
        ret_decisions[taken] = given[i].decision;
        ret_taken[taken++] = &given[i];
    }
    return taken;
}

static enum status
decide_together(struct given *given, size_t count, enum action action)
{
    struct decision decisions[TOGETHER_MAX];
    struct given *taken[TOGETHER_MAX];
    // One moment for all of them, the one that their rows carry.
    for (size_t i = 0; i < count; i++)
        given[i].decision.call->now = given[0].decision.call->now;
    for (;;) {
        size_t taken_count = take_decisions(given, count, decisions, taken);
        if (taken_count == 0)
            return STATUS_OK;
        struct db_rows rows;
        enum status status = store_decide(decisions[0].call, decisions, taken_count, action, &rows);
        if (status != STATUS_OK)
            return status;
        for (size_t i = 0; i < taken_count; i++) {
            taken[i]->status = present_verdict(&taken[i]->decision, &rows, (int)i, action, taken[i]->reply);
            taken[i]->is_done = true;
            // Given, but not told: that must not stay.
            if (taken[i]->status != STATUS_OK && db_boolean_at(&rows, (int)i, ACTED_CHANGED))
                return taken[i]->status;
        }
    }
}

enum status
handle_accept(struct accept_call *calls, size_t count)
{
    struct given given[TOGETHER_MAX];
    for (size_t i = 0; i < count; i++)
        given[i] = (struct given){
            .decision = {calls[i].call, calls[i].request->assignment_id, calls[i].request->expected_version, NULL},
            .reply = calls[i].reply,
        };
    enum status status = decide_together(given, count, ACTION_ACCEPT);
    for (size_t i = 0; i < count; i++)
        calls[i].status = given[i].status;
    return status;
}

enum status
handle_reject(struct reject_call *calls, size_t count)
{
    struct given given[TOGETHER_MAX];
    for (size_t i = 0; i < count; i++) {
        const Review__RejectRequest *request = calls[i].request;
        given[i] = (struct given){
            .decision = {calls[i].call, request->assignment_id, request->expected_version, request->resolution},
            .reply = calls[i].reply,
        };
        if (!text_is_blank(request->resolution))
            continue;
        given[i].status = fail_field(calls[i].call, "resolution", &RESOLUTION_EMPTY);
        given[i].is_done = true;
    }
    enum status status = decide_together(given, count, ACTION_REJECT);
    for (size_t i = 0; i < count; i++)
        calls[i].status = given[i].status;
    return status;
}

static enum status
check_named_once(struct call *call, const Review__AcceptManyRequest *request)
{
    const char **ids = arena_take(call->arena, request->n_items * sizeof *ids);
    if (!ids)
        return STATUS_BUSY;
    for (size_t i = 0; i < request->n_items; i++)
        ids[i] = request->items[i]->assignment_id;
    size_t repeated = find_repeated_id(ids, request->n_items);
    if (repeated == request->n_items)
        return STATUS_OK;
    const char *field = arena_format(call->arena, "items[%zu].assignment_id", repeated);
    return field ? fail_field(call, field, &NAMED_TWICE) : STATUS_BUSY;
}

enum status
handle_accept_many(struct call *call, const Review__AcceptManyRequest *request, Review__AcceptManyReply *reply)
{
    struct db_rows rows;
    enum status status = check_named_once(call, request);
    struct decision *decisions = arena_take(call->arena, (request->n_items + 1) * sizeof *decisions);
    if (status == STATUS_OK && !decisions)
        status = STATUS_BUSY;
    for (size_t i = 0; status == STATUS_OK && i < request->n_items; i++)
        decisions[i] = (struct decision){call, request->items[i]->assignment_id, request->items[i]->version, NULL};
    if (status == STATUS_OK)
        status = store_decide(call, decisions, request->n_items, ACTION_ACCEPT, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &review__accept_many_result__descriptor, &reply->n_results, &reply->results);
    for (size_t i = 0; i < reply->n_results && status == STATUS_OK; i++) {
        const Review__AcceptManyItem *item = request->items[i];
        enum outcome outcome = judge_acted_row(&rows, (int)i, ACTION_ACCEPT, item->version);
        reply->results[i]->accepted = outcome == OUTCOME_DONE;
        reply->results[i]->refused_because = outcome_word(outcome);
        if (outcome != OUTCOME_DONE)
            continue;
        reply->accepted++;
        status = emit_verdict(call, reply->results[i]->assignment_id, item->version, NULL);
    }
    return status;
}

enum status
handle_withdraw(struct call *call, const Review__WithdrawRequest *request, Review__WithdrawReply *reply)
{
    struct db_rows rows;
    enum status status = store_withdraw(call, request->assignment_id, request->expected_version, &rows);
    if (status != STATUS_OK)
        return status;
    enum outcome outcome = judge_acted_row(&rows, 0, ACTION_WITHDRAW, request->expected_version);
    if (outcome == OUTCOME_NOT_FOUND) {
        bool is_foreign;
        if ((status = store_is_foreign(call, request->assignment_id, &is_foreign)) != STATUS_OK)
            return status;
        // Mine may have arrived between the two statements: then the repetition finds it.
        if (!is_foreign)
            outcome = OUTCOME_NOT_YET;
    }
    if ((status = answer_outcome(call, outcome)) != STATUS_OK)
        return status;
    Events__ReviewWithdrawn event = EVENTS__REVIEW_WITHDRAWN__INIT;
    event.assignment_id = request->assignment_id;
    event.version = request->expected_version;
    event.at = call->now;
    event.account_id = call->principal->account_id;
    reply->assignment_id = request->assignment_id;
    return emit(call, &event.base);
}

enum status
handle_list_verdicts(struct call *call, const Review__ListVerdictsRequest *request, Review__ListVerdictsReply *reply)
{
    struct db_rows rows;
    enum status status = store_list_verdicts(call, request->assignment_id, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &NO_VERDICTS_HERE);
    status = fill_documents(call, &rows, 0, &reply->n_documents, &reply->documents);
    if (status != STATUS_OK || db_is_null_at(&rows, 0, VERDICT_VERSION))
        return status;
    return fill_list(call, &rows, &review__verdict__descriptor, &reply->n_verdicts, &reply->verdicts);
}

enum status
handle_list_sent(struct call *call, const Review__ListSentRequest *request, Review__ListSentReply *reply)
{
    struct db_rows rows;
    enum status status = store_list_sent(call, request, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0 && request->version == 0 && request->before_version == 0)
        return fail(call, STATUS_NOT_FOUND, &NO_VERDICTS_HERE);
    status = fill_list(call, &rows, &review__sent_version__descriptor, &reply->n_versions, &reply->versions);
    for (size_t i = 0; i < reply->n_versions && status == STATUS_OK; i++)
        status = fill_documents(call, &rows, (int)i, &reply->versions[i]->n_documents, &reply->versions[i]->documents);
    return status;
}
