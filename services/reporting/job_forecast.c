// Forecasts of the moments that are over: made, and counted when their dates are over.
#include "handlers.h"
#include "store_forecast.h"

// Outcomes of all rounds first: a forecast of the same moment may know of them.
static enum status
work_on_moment(struct call *call, const struct db_rows *next)
{
    static enum status (*const works[])(struct call *, const char *, const char *) = {
        store_count_outcomes, store_count_verdicts, store_make_forecasts, store_finish_moment};
    enum status status = STATUS_OK;
    for (size_t i = 0; i < sizeof works / sizeof works[0]; i++)
        for (int row = 0; row < next->count && status == STATUS_OK; row++)
            status = works[i](call, db_text_at(next, row, NEXT_MOMENT), db_text_at(next, row, NEXT_ROUND_ID));
    return status;
}

enum status
job_forecast(struct call *call, bool *ret_again)
{
    struct db_rows next = {0};
    enum status status = store_look_for_moments(call);
    if (status == STATUS_OK)
        status = store_list_next_moments(call, &next);
    *ret_again = next.count > 0;
    return status == STATUS_OK ? work_on_moment(call, &next) : status;
}
