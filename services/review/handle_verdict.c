// Accepting, rejecting, withdrawing, and the history of verdicts.
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

// Array literals of one request's ids and versions, as store_decide takes them.
static enum status
make_arrays(struct arena *arena, Review__AcceptManyItem *const *items, size_t count, const char **ret_ids,
            const char **ret_versions)
{
    char **ids = arena_take(arena, count * sizeof *ids);
    char **versions = arena_take(arena, count * sizeof *versions);
    if (!ids || !versions)
        return STATUS_BUSY;
    for (size_t i = 0; i < count; i++) {
        ids[i] = arena_copy(arena, items[i]->assignment_id);
        versions[i] = arena_format(arena, "%u", items[i]->version);
        if (!ids[i] || !versions[i])
            return STATUS_BUSY;
    }
    *ret_ids = db_text_array(arena, ids, count);
    *ret_versions = db_text_array(arena, versions, count);
    return *ret_ids && *ret_versions ? STATUS_OK : STATUS_BUSY;
}

// resolution: NULL to accept.
static enum status
decide_one(struct call *call, const char *assignment_id, uint32_t version, const char *resolution,
           Review__Verdict *reply)
{
    Review__AcceptManyItem item = REVIEW__ACCEPT_MANY_ITEM__INIT;
    item.assignment_id = assignment_id;
    item.version = version;
    const char *ids, *versions;
    struct db_rows rows;
    enum status status = make_arrays(call->arena, &(Review__AcceptManyItem *){&item}, 1, &ids, &versions);
    if (status == STATUS_OK)
        status = store_decide(call, ids, versions, resolution, &rows);
    if (status != STATUS_OK)
        return status;
    enum outcome outcome = judge_acted_row(&rows, 0, resolution ? ACTION_REJECT : ACTION_ACCEPT, version);
    if ((status = answer_outcome(call, outcome)) != STATUS_OK)
        return status;
    reply->assignment_id = db_text_at(&rows, 0, ACTED_ASSIGNMENT_ID);
    reply->version = version;
    reply->accepted = !resolution;
    reply->resolution = resolution ? resolution : "";
    reply->at = call->now;
    reply->operator_account_id = call->principal->account_id;
    return emit_verdict(call, reply->assignment_id, version, resolution);
}

enum status
handle_accept(struct call *call, const Review__AcceptRequest *request, Review__Verdict *reply)
{
    return decide_one(call, request->assignment_id, request->expected_version, NULL, reply);
}

enum status
handle_reject(struct call *call, const Review__RejectRequest *request, Review__Verdict *reply)
{
    if (text_is_blank(request->resolution))
        return fail_field(call, "resolution", &RESOLUTION_EMPTY);
    return decide_one(call, request->assignment_id, request->expected_version, request->resolution, reply);
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
    const char *ids, *versions;
    struct db_rows rows;
    enum status status = check_named_once(call, request);
    if (status == STATUS_OK)
        status = make_arrays(call->arena, request->items, request->n_items, &ids, &versions);
    if (status == STATUS_OK)
        status = store_decide(call, ids, versions, NULL, &rows);
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
    if (db_is_null_at(&rows, 0, 1))
        return STATUS_OK;
    return fill_list(call, &rows, &review__verdict__descriptor, &reply->n_verdicts, &reply->verdicts);
}
