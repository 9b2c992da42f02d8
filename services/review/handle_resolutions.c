// Reasons that an operator keeps for the next rejection.
#include "review_rpc.h"
#include "store.h"
#include "vekha/base/text.h"

static const struct message NOTHING_TO_KEEP = {"resolution_empty", "Напишите текст резолюции.",
                                               "Write the text of the resolution."};
static const struct message TOO_MANY_KEPT = {"too_many_resolutions",
                                             "Сохранено уже 100 резолюций. Удалите те, которыми не пользуетесь.",
                                             "100 resolutions are kept already. Delete those you do not use."};
static const struct message NO_SUCH_RESOLUTION = {"not_found", "Такой резолюции в вашем списке нет. Обновите список.",
                                                  "There is no such resolution in your list. Refresh it."};

enum status
handle_list_resolutions(struct call *call, const Review__ListResolutionsRequest *request,
                        Review__ListResolutionsReply *reply)
{
    (void)request;
    struct db_rows rows;
    enum status status = store_list_resolutions(call, &rows);
    if (status != STATUS_OK)
        return status;
    return fill_list(call, &rows, &review__kept_resolution__descriptor, &reply->n_resolutions, &reply->resolutions);
}

enum status
handle_save_resolution(struct call *call, const Review__SaveResolutionRequest *request, Review__KeptResolution *reply)
{
    if (text_is_blank(request->text))
        return fail_field(call, "text", &NOTHING_TO_KEEP);
    struct db_rows rows;
    enum status status = store_keep_resolution(call, request->text, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_CONFLICT, &TOO_MANY_KEPT);
    fill_message(&reply->base, &rows, 0, call->arena);
    return STATUS_OK;
}

enum status
handle_delete_resolution(struct call *call, const Review__DeleteResolutionRequest *request,
                         Review__DeleteResolutionReply *reply)
{
    (void)reply;
    enum status status = store_delete_resolution(call, request->resolution_id);
    return status == STATUS_NOT_FOUND ? fail(call, status, &NO_SUCH_RESOLUTION) : status;
}
