// Reading the queue and taking entries out of it into one's hands.
#include "answer.h"
#include "review_rpc.h"

static const struct message UNKNOWN_STATE = {"unknown_state",
                                             "Состояние может быть: waiting, opened, accepted, rejected, withdrawn.",
                                             "The state is one of: waiting, opened, accepted, rejected, withdrawn."};

enum status
handle_list_queue(struct call *call, const Review__ListQueueRequest *request, Review__ListQueueReply *reply)
{
    enum queue queue = queue_of_state(request->state);
    if (queue == QUEUE_UNKNOWN)
        return fail_field(call, "state", &UNKNOWN_STATE);
    struct db_rows rows, counts = {0};
    bool is_first_page = !*request->after_sent_at;
    enum status status = store_list_queue(call, request, queue, &rows);
    // Counting costs more than a page of entries, and who leafs on has the numbers already.
    if (status == STATUS_OK && is_first_page)
        status = store_count_queue(call, request, &counts);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &review__queue_entry__descriptor, &reply->n_entries, &reply->entries);
    for (size_t i = 0; i < reply->n_entries && status == STATUS_OK; i++)
        status = fill_entry(call, &rows, (int)i, reply->entries[i]);
    if (status != STATUS_OK)
        return status;
    if (is_first_page)
        fill_message(&reply->base, &counts, 0, call->arena);
    return STATUS_OK;
}

enum status
handle_get_queue_entry(struct call *call, const Review__GetQueueEntryRequest *request, Review__QueueEntry *reply)
{
    return answer_entry(call, request->assignment_id, reply);
}

enum status
handle_open_entry(struct call *call, const Review__OpenEntryRequest *request, Review__QueueEntry *reply)
{
    struct db_rows rows;
    enum status status = store_open(call, request->assignment_id, request->expected_version, &rows);
    if (status != STATUS_OK)
        return status;
    enum outcome outcome = judge_acted_row(&rows, 0, ACTION_OPEN, request->expected_version);
    if ((status = answer_outcome(call, outcome)) != STATUS_OK)
        return status;
    if (outcome == OUTCOME_DONE) {
        Events__ReviewOpened event = EVENTS__REVIEW_OPENED__INIT;
        event.assignment_id = request->assignment_id;
        event.version = request->expected_version;
        event.at = call->now;
        if ((status = emit(call, &event.base)) != STATUS_OK)
            return status;
    }
    return answer_entry(call, request->assignment_id, reply);
}
