// The talk about an answer, pinned to its versions (S1.20, S1.22, S1.39).
#include <stdlib.h>

#include "answer.h"
#include "review_rpc.h"

static const struct message NO_TALK_HERE = {
    "assignment_not_found", "Обсуждения нет: ответ ещё не отправляли на проверку, или он не относится к вам.",
    "There is no talk here: the answer has never been sent for review, or it is not yours."};
static const struct message NOT_SENT_YET = {
    "not_sent_yet", "Обсуждение начинается с первой отправки: сначала отправьте ответ на проверку.",
    "The talk begins when the answer is first sent: send it for review first."};
static const struct message NO_SUCH_VERSION = {"version_not_sent",
                                               "Такую версию ответа не отправляли на проверку: выберите другую.",
                                               "This version was never sent for review: choose another one."};
static const struct message TOO_MANY = {"too_many_remarks", "В обсуждении уже 1000 замечаний. Договоритесь напрямую.",
                                        "The talk already has 1000 remarks. Settle the matter directly."};

// Nobody but the author may learn whether there is anything that was not sent.
static enum status
refuse_unsent(struct call *call, const char *assignment_id)
{
    bool is_foreign = true;
    enum status status = STATUS_OK;
    if (call->principal->role == VEKHA__ROLE__ROLE_RESPONDENT)
        status = store_is_foreign(call, assignment_id, &is_foreign);
    if (status != STATUS_OK)
        return status;
    // Just sent, it may still be on its way here.
    return is_foreign ? fail(call, STATUS_NOT_FOUND, &NO_TALK_HERE) : fail(call, STATUS_NOT_YET, &NOT_SENT_YET);
}

enum status
handle_add_remark(struct call *call, const Review__AddRemarkRequest *request, Review__Remark *reply)
{
    struct db_rows rows;
    enum status status = store_add_remark(call, request, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return refuse_unsent(call, request->assignment_id);
    if (!db_boolean_at(&rows, 0, ADDED_IS_SENT))
        return fail_field(call, "version", &NO_SUCH_VERSION);
    if (!db_boolean_at(&rows, 0, ADDED_HAS_ROOM))
        return fail(call, STATUS_CONFLICT, &TOO_MANY);
    Events__RemarkAdded event = EVENTS__REMARK_ADDED__INIT;
    fill_message(&event.base, &rows, 0, call->arena);
    event.author_account_id = call->principal->account_id;
    event.author_role = role_word(call->principal->role);
    event.text = request->text;
    event.at = call->now;
    fill_message(&reply->base, &rows, 0, call->arena);
    reply->author_role = event.author_role;
    reply->text = event.text;
    reply->at = event.at;
    reply->mine = true;
    return emit(call, &event.base);
}

static enum status
fill_versions(struct call *call, const struct db_rows *rows, Review__ListRemarksReply *reply)
{
    char **versions;
    enum status status = db_text_array_at(rows, 0, LISTED_VERSIONS, call->arena, &versions, &reply->n_versions);
    if (status != STATUS_OK)
        return status;
    reply->versions = arena_take(call->arena, (reply->n_versions + 1) * sizeof(*reply->versions));
    if (!reply->versions)
        return STATUS_BUSY;
    for (size_t i = 0; i < reply->n_versions; i++)
        reply->versions[i] = (uint32_t)strtoul(versions[i], NULL, 10);
    return STATUS_OK;
}

enum status
handle_list_remarks(struct call *call, const Review__ListRemarksRequest *request, Review__ListRemarksReply *reply)
{
    struct db_rows rows;
    enum status status = store_list_remarks(call, request, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &NO_TALK_HERE);
    status = fill_versions(call, &rows, reply);
    if (status != STATUS_OK || db_is_null_at(&rows, 0, LISTED_REMARK_ID))
        return status;
    return fill_list(call, &rows, &review__remark__descriptor, &reply->n_remarks, &reply->remarks);
}
