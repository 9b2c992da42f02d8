// «Статистика»: the same data counted by municipality, section and day (F8).
#include "answer.h"

enum status
handle_get_statistics(struct call *call, const Reporting__GetStatisticsRequest *request, Reporting__Statistics *reply)
{
    struct report_round round;
    enum status status = answer_round(call, request->round_id, "", &round);
    if (status != STATUS_OK)
        return status;
    reply->due_at = round.due_at;
    reply->all = arena_take(call->arena, sizeof(*reply->all));
    if (!reply->all)
        return STATUS_TOO_LARGE;
    reporting__state_counters__init(reply->all);
    struct db_rows rows;
    status = store_count_all(call, request, &round, &rows);
    if (status != STATUS_OK)
        return status;
    fill_message(&reply->all->base, &rows, 0, call->arena);
    status = store_count_municipalities(call, request, &round, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__state_counters__descriptor, &reply->n_municipalities,
                           &reply->municipalities);
    if (status == STATUS_OK)
        status = store_count_sections(call, request, &round, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__state_counters__descriptor, &reply->n_sections, &reply->sections);
    if (status == STATUS_OK)
        status = store_count_days(call, request, &round, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__day_counters__descriptor, &reply->n_days, &reply->days);
    if (status == STATUS_OK)
        answer_viewed(call, "statistics");
    return status;
}
