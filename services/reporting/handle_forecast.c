// The forecast: whom to call before the date and why, and how good such forecasts were (I4).
#include "answer.h"
#include "rules_forecast.h"
#include "store_forecast.h"

enum { ROWS_OF_A_PAGE = 200 };

static uint32_t
count_at(const struct db_rows *rows, int row, int column)
{
    return (uint32_t)db_integer_at(rows, row, column);
}

static struct forecast_facts
facts_of(const struct db_rows *rows, int row)
{
    return (struct forecast_facts){
        .stands = db_text_at(rows, row, FORECAST_STANDS),
        .asked = count_at(rows, row, FORECAST_ASKED),
        .sent = count_at(rows, row, FORECAST_SENT),
        .returned = count_at(rows, row, FORECAST_RETURNED),
        .days = count_at(rows, row, FORECAST_DAYS),
        .own_cases = count_at(rows, row, FORECAST_OWN_CASES),
        .own_missed = count_at(rows, row, FORECAST_OWN_MISSED),
        .near_cases = count_at(rows, row, FORECAST_NEAR_CASES),
        .near_missed = count_at(rows, row, FORECAST_NEAR_MISSED),
        .all_cases = count_at(rows, row, FORECAST_ALL_CASES),
        .all_missed = count_at(rows, row, FORECAST_ALL_MISSED),
        .review_days = (int32_t)db_integer_at(rows, row, FORECAST_REVIEW_DAYS),
        .seen_days = (int32_t)db_integer_at(rows, row, FORECAST_SEEN_DAYS),
    };
}

static enum status
add_reasons(struct call *call, const struct db_rows *rows, int row, size_t *ret_count,
            Reporting__ForecastReason ***ret_reasons)
{
    struct forecast_reason found[FORECAST_REASONS_MAX];
    struct forecast_facts facts = facts_of(rows, row);
    size_t count = rules_forecast_reasons(call->arena, &facts, call->english, found);
    Reporting__ForecastReason *reasons = arena_take(call->arena, count * sizeof(*reasons));
    *ret_reasons = arena_take(call->arena, count * sizeof(**ret_reasons));
    if (!reasons || !*ret_reasons)
        return STATUS_TOO_LARGE;
    for (size_t i = 0; i < count; i++) {
        if (!found[i].text)
            return STATUS_TOO_LARGE;
        reporting__forecast_reason__init(&reasons[i]);
        reasons[i].code = found[i].code;
        reasons[i].count = found[i].count;
        reasons[i].of = found[i].of;
        reasons[i].days = found[i].days;
        reasons[i].text = found[i].text;
        (*ret_reasons)[i] = &reasons[i];
    }
    *ret_count = count;
    return STATUS_OK;
}

// One row more than asked for was read: there is a next page, and this one ends with the row before it.
static size_t
cut_page(const struct db_rows *rows, size_t count, uint32_t limit, const char **ret_next)
{
    if (count <= limit)
        return count;
    *ret_next = db_text_at(rows, (int)limit - 1, FORECAST_PLACE);
    return limit;
}

enum status
handle_get_forecast(struct call *call, const Reporting__GetForecastRequest *request, Reporting__Forecast *reply)
{
    struct report_round round;
    struct db_rows rows;
    size_t count;
    uint32_t limit = request->limit ? request->limit : ROWS_OF_A_PAGE;
    enum status status = answer_round(call, request->round_id, "", &round);
    if (status == STATUS_OK)
        status = store_list_forecast(call, request, &round, limit + 1, &rows);
    if (status != STATUS_OK)
        return status;
    fill_message(&reply->base, &rows, 0, call->arena);
    status = fill_list(call, &rows, &reporting__forecast_row__descriptor, &count, &reply->rows);
    if (status != STATUS_OK)
        return status;
    if (!*reply->rows[0]->organisation_id)
        count = 0;
    reply->n_rows = cut_page(&rows, count, limit, &reply->next_after);
    for (size_t i = 0; i < reply->n_rows && status == STATUS_OK; i++) {
        Reporting__ForecastRow *row = reply->rows[i];
        row->outlook = rules_forecast_outlook(row->percent);
        row->contact = answer_contact(call, &rows, (int)i, FORECAST_CONTACT);
        status = add_reasons(call, &rows, (int)i, &row->n_reasons, &row->reasons);
    }
    if (status != STATUS_OK)
        return status;
    answer_viewed(call, "forecast");
    return answer_contacts_read(
        call, &(struct contact_reading){"forecast_report_read", request->round_id, request->municipality_id});
}

enum status
handle_list_forecast_items(struct call *call, const Reporting__ListForecastItemsRequest *request,
                           Reporting__ForecastItems *reply)
{
    struct report_round round;
    struct db_rows rows;
    size_t count;
    uint32_t limit = request->limit ? request->limit : ROWS_OF_A_PAGE;
    enum status status = answer_round(call, request->round_id, "", &round);
    if (status == STATUS_OK)
        status = store_list_forecast_items(call, request, &round, limit + 1, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__forecast_item__descriptor, &count, &reply->items);
    if (status != STATUS_OK)
        return status;
    reply->made_at = round.seen_at;
    reply->n_items = cut_page(&rows, count, limit, &reply->next_after);
    for (size_t i = 0; i < reply->n_items && status == STATUS_OK; i++) {
        Reporting__ForecastItem *item = reply->items[i];
        item->outlook = rules_forecast_outlook(item->percent);
        status = add_reasons(call, &rows, (int)i, &item->n_reasons, &item->reasons);
    }
    return status;
}

enum status
handle_get_forecast_quality(struct call *call, const Reporting__GetForecastQualityRequest *request,
                            Reporting__ForecastQuality *reply)
{
    struct report_round round;
    struct db_rows rows;
    enum status status = answer_round(call, request->round_id, "", &round);
    if (status == STATUS_OK)
        status = store_list_forecast_quality(call, request->round_id, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__forecast_quality_row__descriptor, &reply->n_rows, &reply->rows);
    if (status == STATUS_OK)
        status = store_list_forecast_tenths(call, request->round_id, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__forecast_tenth__descriptor, &reply->n_tenths, &reply->tenths);
    return status;
}
