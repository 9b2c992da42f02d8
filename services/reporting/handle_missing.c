// What organisations still owe a round: whoever reminds them names it.
#include <string.h>

#include "answer.h"

// Rows come organisation by organisation; one that owes nothing has a single row without a state.
static enum status
group_by_organisation(struct call *call, const struct db_rows *rows, Reporting__MissingItem **items,
                      Reporting__Missing *reply)
{
    size_t count = (size_t)rows->count;
    reply->organisations = arena_take(call->arena, (count + 1) * sizeof(*reply->organisations));
    if (!reply->organisations)
        return STATUS_TOO_LARGE;
    Reporting__MissingOf *of = NULL;
    for (size_t i = 0; i < count; i++) {
        const char *organisation_id = db_text_at(rows, (int)i, MISSING_ORGANISATION_ID);
        if (!of || strcmp(of->organisation_id, organisation_id) != 0) {
            of = arena_take(call->arena, sizeof(*of));
            if (!of)
                return STATUS_TOO_LARGE;
            reporting__missing_of__init(of);
            of->organisation_id = organisation_id;
            of->short_name = db_text_at(rows, (int)i, MISSING_SHORT_NAME);
            of->items = &items[i];
            reply->organisations[reply->n_organisations++] = of;
        }
        if (*items[i]->state)
            of->n_items++;
    }
    return STATUS_OK;
}

enum status
handle_get_missing(struct call *call, const Reporting__GetMissingRequest *request, Reporting__Missing *reply)
{
    struct report_round round;
    struct db_rows rows;
    Reporting__MissingItem **items;
    size_t count;
    const char *ids =
        db_text_array(call->arena, (char *const *)(uintptr_t)request->organisation_ids, request->n_organisation_ids);
    if (!ids)
        return STATUS_TOO_LARGE;
    enum status status = answer_round(call, request->round_id, "", &round);
    if (status == STATUS_OK)
        status = store_list_missing(call, request->round_id, ids, &round, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__missing_item__descriptor, &count, &items);
    return status == STATUS_OK ? group_by_organisation(call, &rows, items, reply) : status;
}
