// What every organisation says to every question that has a value (S2.60).
#include "answer.h"

enum { VALUES_ROWS_MAX = 1000, VALUE_BYTES = 3 };

static bool
fits(struct page *page, const Reporting__ValuesRow *row)
{
    const char *const texts[] = {row->short_name, row->municipality_name, row->path, row->inn};
    page->bytes += row->n_values * VALUE_BYTES;
    return page_takes(page, row->values, row->n_values, NULL) &&
           page_takes(page, texts, sizeof texts / sizeof texts[0], NULL);
}

static enum status
fill_rows(struct call *call, const struct db_rows *rows, uint32_t limit, Reporting__ValuesReport *reply)
{
    size_t count;
    struct page page = page_of(limit);
    enum status status = fill_list(call, rows, &reporting__values_row__descriptor, &count, &reply->rows);
    if (status != STATUS_OK)
        return status;
    for (; reply->n_rows < count; reply->n_rows++)
        if (!fits(&page, reply->rows[reply->n_rows]))
            break;
    if (reply->n_rows > 0 && (reply->n_rows < count || count == limit))
        reply->next_after_path = reply->rows[reply->n_rows - 1]->path;
    return STATUS_OK;
}

enum status
handle_get_values_report(struct call *call, const Reporting__GetValuesReportRequest *request,
                         Reporting__ValuesReport *reply)
{
    enum report_values values = rules_parse_values(request->values, request->as_of);
    if (values == VALUES_UNKNOWN)
        return fail_field(call, "values", &UNKNOWN_VALUES);
    if (values == VALUES_AS_OF && !*request->as_of)
        return fail_field(call, "as_of", &DAY_MISSING);
    struct report_round round;
    struct db_rows columns, rows;
    uint32_t limit = request->limit ? request->limit : VALUES_ROWS_MAX;
    enum status status = answer_round(call, request->round_id, values == VALUES_AS_OF ? request->as_of : "", &round);
    if (status == STATUS_OK)
        status = store_list_values_columns(call, request->round_id, &columns);
    if (status == STATUS_OK)
        status = fill_list(call, &columns, &reporting__values_column__descriptor, &reply->n_columns, &reply->columns);
    if (status == STATUS_OK)
        status = store_list_values_rows(call, request, values, &round, limit, &rows);
    if (status == STATUS_OK)
        status = fill_rows(call, &rows, limit, reply);
    reply->values = rules_values_name(values);
    reply->as_of = round.as_of;
    if (status == STATUS_OK)
        answer_viewed(call, "values");
    return status;
}
