// «Статистика по мерам и направлениям»: section by item, also by municipality, beside another day (S1.28, S1.32).
#include <string.h>

#include "answer.h"
#include "rules_roadmap.h"

// What a second moment adds to a row.
enum { COMPARED_BYTES = 150 };

static const struct message TOO_MANY = {"too_many_rows",
                                        "Разбивка по муниципалитетам слишком велика. Выберите направление или меру.",
                                        "The breakdown by municipality is too large. Choose a section or an item."};

static enum status
tell_percent(struct call *call, Reporting__MeasureFigures *figures)
{
    char *percent = arena_take(call->arena, PERCENT_CHARS);
    if (!percent)
        return STATUS_TOO_LARGE;
    rules_percent(figures->accepted, figures->asked, percent);
    figures->percent = percent;
    return STATUS_OK;
}

static enum status
read_figures(struct call *call, const struct db_rows *rows, Reporting__MeasureFigures ***ret_figures)
{
    size_t count;
    enum status status = fill_list(call, rows, &reporting__measure_figures__descriptor, &count, ret_figures);
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = tell_percent(call, (*ret_figures)[i]);
    return status;
}

static Reporting__MeasureFigures *
sum_up(struct call *call, Reporting__MeasureFigures *const *figures, size_t count)
{
    Reporting__MeasureFigures *sum = arena_take(call->arena, sizeof(*sum));
    if (!sum)
        return NULL;
    reporting__measure_figures__init(sum);
    for (size_t i = 0; i < count; i++) {
        sum->asked += figures[i]->asked;
        sum->not_started += figures[i]->not_started;
        sum->in_work += figures[i]->in_work;
        sum->waiting += figures[i]->waiting;
        sum->accepted += figures[i]->accepted;
        sum->returned += figures[i]->returned;
        sum->overdue += figures[i]->overdue;
    }
    return tell_percent(call, sum) == STATUS_OK ? sum : NULL;
}

// The statistics at one moment.
struct slice {
    Reporting__MeasureRow **rows;
    Reporting__MeasureFigures **figures;
    Reporting__MeasureFigures *totals;
    size_t count;
};

static enum status
read_slice(struct call *call, const Reporting__GetMeasuresReportRequest *request, const struct report_round *round,
           struct slice *ret_slice)
{
    struct db_rows rows;
    enum status status = store_list_measures(call, request, round, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__measure_row__descriptor, &ret_slice->count, &ret_slice->rows);
    if (status == STATUS_OK)
        status = read_figures(call, &rows, &ret_slice->figures);
    if (status != STATUS_OK)
        return status;
    ret_slice->totals = sum_up(call, ret_slice->figures, ret_slice->count);
    return ret_slice->totals ? STATUS_OK : STATUS_TOO_LARGE;
}

static enum status
compare_rows(struct call *call, const struct slice *was, Reporting__MeasuresReport *reply)
{
    enum status status = answer_moved(call, &reply->totals->base, &was->totals->base, &reply->n_moved, &reply->moved);
    for (size_t i = 0; i < reply->n_rows && status == STATUS_OK; i++) {
        Reporting__MeasureRow *row = reply->rows[i];
        for (size_t k = 0; k < was->count; k++)
            if (strcmp(was->rows[k]->item_code, row->item_code) == 0)
                row->was = was->figures[k];
        status = answer_moved(call, &row->figures->base, row->was ? &row->was->base : NULL, &row->n_moved, &row->moved);
    }
    return status;
}

static enum status
answer_rows(struct call *call, const Reporting__GetMeasuresReportRequest *request, const struct report_moments *moments,
            Reporting__MeasuresReport *reply)
{
    struct slice now, was;
    enum status status = read_slice(call, request, &moments->now, &now);
    if (status != STATUS_OK)
        return status;
    reply->totals = now.totals;
    reply->rows = now.rows;
    reply->n_rows = now.count;
    for (size_t i = 0; i < now.count; i++)
        now.rows[i]->figures = now.figures[i];
    if (!moments->compares)
        return STATUS_OK;
    status = read_slice(call, request, &moments->was, &was);
    if (status != STATUS_OK)
        return status;
    reply->totals_were = was.totals;
    return compare_rows(call, &was, reply);
}

static enum status
read_municipal(struct call *call, const Reporting__GetMeasuresReportRequest *request, const struct report_round *round,
               Reporting__MeasureOfMunicipality ***ret_rows, size_t *ret_count)
{
    struct db_rows rows;
    Reporting__MeasureFigures **figures;
    enum status status = store_list_municipal_measures(call, request, round, &rows);
    if (status == STATUS_OK && rows.count > MUNICIPAL_ROWS_MAX)
        return fail(call, STATUS_TOO_LARGE, &TOO_MANY);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__measure_of_municipality__descriptor, ret_count, ret_rows);
    if (status == STATUS_OK)
        status = read_figures(call, &rows, &figures);
    for (size_t i = 0; status == STATUS_OK && i < *ret_count; i++)
        (*ret_rows)[i]->figures = figures[i];
    return status;
}

static bool
is_same(const Reporting__MeasureOfMunicipality *row, const Reporting__MeasureOfMunicipality *other)
{
    return strcmp(row->item_code, other->item_code) == 0 && strcmp(row->municipality_id, other->municipality_id) == 0;
}

// Rows of both moments come in nearly the same order: the search goes on from where the last one ended.
static enum status
compare_municipal(struct call *call, Reporting__MeasureOfMunicipality **was, size_t was_count,
                  Reporting__MeasuresReport *reply)
{
    size_t at = 0;
    enum status status = STATUS_OK;
    for (size_t i = 0; i < reply->n_municipalities && status == STATUS_OK; i++) {
        Reporting__MeasureOfMunicipality *row = reply->municipalities[i];
        for (size_t tried = 0; tried < was_count && !row->was; tried++, at = (at + 1) % was_count)
            if (is_same(row, was[at]))
                row->was = was[at]->figures;
        status = answer_moved(call, &row->figures->base, row->was ? &row->was->base : NULL, &row->n_moved, &row->moved);
    }
    return status;
}

static enum status
answer_municipal(struct call *call, const Reporting__GetMeasuresReportRequest *request,
                 const struct report_moments *moments, Reporting__MeasuresReport *reply)
{
    enum status status = read_municipal(call, request, &moments->now, &reply->municipalities, &reply->n_municipalities);
    if (status != STATUS_OK)
        return status;
    struct page page = page_of(0);
    for (size_t i = 0; i < reply->n_municipalities; i++) {
        const Reporting__MeasureOfMunicipality *row = reply->municipalities[i];
        const char *const texts[] = {row->municipality_id, row->municipality_name, row->section_code, row->item_code};
        page.bytes += moments->compares ? COMPARED_BYTES : 0;
        if (!page_takes(&page, texts, sizeof texts / sizeof texts[0], NULL))
            return fail(call, STATUS_TOO_LARGE, &TOO_MANY);
    }
    if (!moments->compares)
        return STATUS_OK;
    Reporting__MeasureOfMunicipality **was;
    size_t was_count;
    status = read_municipal(call, request, &moments->was, &was, &was_count);
    return status == STATUS_OK ? compare_municipal(call, was, was_count, reply) : status;
}

enum status
handle_get_measures_report(struct call *call, const Reporting__GetMeasuresReportRequest *request,
                           Reporting__MeasuresReport *reply)
{
    struct report_moments moments;
    enum status status = answer_moments(call, request->round_id, request->as_of, request->compare_with, &moments);
    if (status != STATUS_OK)
        return status;
    reply->as_of = moments.now.as_of;
    reply->compare_with = moments.compares ? moments.was.as_of : "";
    reply->reviewer = moments.now.reviewer;
    status = answer_rows(call, request, &moments, reply);
    if (status == STATUS_OK && request->by_municipality)
        status = answer_municipal(call, request, &moments, reply);
    if (status == STATUS_OK)
        answer_viewed(call, "measures");
    return status;
}
