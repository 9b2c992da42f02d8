// Who would be asked, before anybody is (I23).
#include "present.h"
#include "submissions_rpc.h"

enum status
handle_forecast_round(struct call *call, const Submissions__ForecastRoundRequest *request,
                      Submissions__RoundForecast *reply)
{
    static const struct message UNKNOWN = {"not_found", "Такой программы нет: проверьте код.",
                                           "There is no such programme: check the code."};
    struct db_rows rows;
    enum status status = store_forecast_round(call, request->code, request->opens_on, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0)
        return fail(call, STATUS_NOT_FOUND, &UNKNOWN);
    reply->opens_on = present_text(&rows, 0, "opens_on");
    reply->organisations = (uint32_t)present_number(&rows, 0, "all_organisations");
    reply->most_of_one = (uint32_t)present_number(&rows, 0, "most_of_one");
    status = fill_list(call, &rows, &submissions__item_forecast__descriptor, &reply->n_items, &reply->items);
    for (size_t i = 0; status == STATUS_OK && i < reply->n_items; i++) {
        reply->assignments_at_most += reply->items[i]->organisations;
        reply->assignments += reply->items[i]->by_choice ? 0 : reply->items[i]->organisations;
    }
    return status;
}
