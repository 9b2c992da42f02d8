// What reports can be asked for: rounds, and the dates of «Выбранные значения» (S2.58).
#include "answer.h"

enum status
handle_list_report_rounds(struct call *call, const Reporting__ListReportRoundsRequest *request,
                          Reporting__ListReportRoundsReply *reply)
{
    (void)request;
    struct db_rows rows;
    enum status status = store_list_rounds(call, &rows);
    if (status != STATUS_OK)
        return status;
    return fill_list(call, &rows, &reporting__report_round__descriptor, &reply->n_rounds, &reply->rounds);
}

static enum status
add_date(struct call *call, Reporting__ListReportDatesReply *reply, enum report_values values, const char *as_of,
         const char *label)
{
    Reporting__ReportDate *date = arena_take(call->arena, sizeof(*date));
    if (!date || !as_of || !label)
        return STATUS_TOO_LARGE;
    reporting__report_date__init(date);
    date->values = rules_values_name(values);
    date->as_of = as_of;
    date->label = label;
    reply->dates[reply->n_dates++] = date;
    return STATUS_OK;
}

enum status
handle_list_report_dates(struct call *call, const Reporting__ListReportDatesRequest *request,
                         Reporting__ListReportDatesReply *reply)
{
    static const struct message new_values = {"new", "Новые значения", "New values"};
    static const struct message accepted_values = {"accepted", "Последние принятые значения", "Last accepted values"};
    static const struct message before = {"as_of", "До", "Before"};
    const char *today, *first_day;
    enum status status = store_get_first_day(call, request->round_id, &today, &first_day);
    if (status != STATUS_OK)
        return status;
    struct report_month *months = arena_take(call->arena, REPORT_DATES_MAX * sizeof(*months));
    reply->dates = arena_take(call->arena, (REPORT_DATES_MAX + 2) * sizeof(*reply->dates));
    if (!months || !reply->dates)
        return STATUS_TOO_LARGE;
    status = add_date(call, reply, VALUES_NEW, "", say(call, &new_values));
    if (status == STATUS_OK)
        status = add_date(call, reply, VALUES_ACCEPTED, "", say(call, &accepted_values));
    size_t count = rules_report_months(today, first_day, months);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = add_date(
            call, reply, VALUES_AS_OF, arena_format(call->arena, "%04d-%02d-01", months[i].year, months[i].month),
            arena_format(call->arena, "%s 01.%02d.%04d", say(call, &before), months[i].month, months[i].year));
    return status;
}
