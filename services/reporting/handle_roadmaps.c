// «Базовый отчет по дорожным картам»: organisation by section, as of a day, beside another day (S1.25-S1.27, S1.31).
#include <string.h>

#include "roadmaps.h"

enum { ORGANISATIONS_OF_A_PAGE = 200, FIGURES_BYTES = 220 };

// The report at one moment: first the totals, then rows with their figures.
struct slice {
    Reporting__RoadmapTotals *totals;
    Reporting__RoadmapRow **rows;
    Reporting__RoadmapFigures **figures;
    size_t count;
};

static enum status
read_slice(struct call *call, const struct roadmaps_source *source, const void *asked, const struct roadmaps_page *page,
           struct slice *ret_slice)
{
    struct db_rows rows;
    enum status status = source->list(call, asked, page, &rows);
    if (status != STATUS_OK)
        return status;
    ret_slice->totals = arena_take(call->arena, sizeof(*ret_slice->totals));
    if (!ret_slice->totals)
        return STATUS_TOO_LARGE;
    reporting__roadmap_totals__init(ret_slice->totals);
    fill_message(&ret_slice->totals->base, &rows, 0, call->arena);
    size_t count;
    status = fill_list(call, &rows, &reporting__roadmap_row__descriptor, &count, &ret_slice->rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__roadmap_figures__descriptor, &count, &ret_slice->figures);
    if (status != STATUS_OK)
        return status;
    ret_slice->rows++;
    ret_slice->figures++;
    ret_slice->count = count - 1;
    for (size_t i = 0; i < ret_slice->count; i++)
        ret_slice->rows[i]->figures = ret_slice->figures[i];
    return STATUS_OK;
}

static bool
is_of(const Reporting__RoadmapRow *row, const Reporting__RoadmapRow *other)
{
    return strcmp(row->path, other->path) == 0;
}

static bool
takes_row(struct page *page, const Reporting__RoadmapRow *row, bool compares)
{
    const char *const texts[] = {row->organisation_id,     row->path,         row->short_name,     row->municipality_id,
                                 row->municipality_name,   row->section_code, row->section_number, row->section_title,
                                 row->figures->move_reason};
    size_t figures = FIGURES_BYTES;
    for (size_t i = 0; i < row->n_curators; i++)
        figures += strlen(row->curators[i]);
    // What it was may be as long, and every name of a figure may be told as moved.
    page->bytes += compares ? 4 * figures + strlen(row->figures->move_reason) : figures;
    return page_takes(page, texts, sizeof texts / sizeof texts[0], NULL);
}

// Keeps as many organisations as a page takes, each whole.
static void
cut_page(struct slice *slice, uint32_t limit, bool compares, Reporting__RoadmapsReport *reply)
{
    struct page page = page_of(limit);
    size_t begin = 0;
    uint32_t organisations = 0;
    for (size_t i = 0; i < slice->count; i++) {
        if (i == 0 || !is_of(slice->rows[i], slice->rows[i - 1])) {
            begin = i;
            organisations++;
        }
        if (organisations > limit || !takes_row(&page, slice->rows[i], compares)) {
            slice->count = begin;
            if (begin > 0)
                reply->next_after_path = slice->rows[begin - 1]->path;
            return;
        }
    }
}

// The organisations of a page, for the other moment.
static const char *
organisations_of(struct call *call, const struct slice *slice)
{
    char **ids = arena_take(call->arena, (slice->count + 1) * sizeof(*ids));
    size_t count = 0;
    for (size_t i = 0; ids && i < slice->count; i++)
        if (i == 0 || !is_of(slice->rows[i], slice->rows[i - 1]))
            ids[count++] = (char *)(uintptr_t)slice->rows[i]->organisation_id;
    return ids ? db_text_array(call->arena, ids, count) : NULL;
}

static enum status
add_row(struct call *call, Reporting__RoadmapsReport *reply, Reporting__RoadmapRow *row)
{
    reply->rows[reply->n_rows++] = row;
    return answer_moved(call, row->figures ? &row->figures->base : NULL, row->was ? &row->was->base : NULL,
                        &row->n_moved, &row->moved);
}

// Rows of one organisation at both moments: those of now with what they were, then those that are no more.
static enum status
join_organisation(struct call *call, const struct slice *now, size_t now_end, size_t *now_at, const struct slice *was,
                  size_t *was_at, Reporting__RoadmapsReport *reply)
{
    const Reporting__RoadmapRow *first = now->rows[*now_at];
    size_t was_begin = *was_at;
    while (*was_at < was->count && is_of(was->rows[*was_at], first))
        ++*was_at;
    enum status status = STATUS_OK;
    for (; *now_at < now_end && status == STATUS_OK; ++*now_at) {
        Reporting__RoadmapRow *row = now->rows[*now_at];
        for (size_t i = was_begin; i < *was_at; i++)
            if (was->rows[i]->figures && strcmp(was->rows[i]->section_code, row->section_code) == 0) {
                row->was = was->figures[i];
                was->rows[i]->figures = NULL;
            }
        status = add_row(call, reply, row);
    }
    for (size_t i = was_begin; i < *was_at && status == STATUS_OK; i++) {
        Reporting__RoadmapRow *gone = was->rows[i];
        // That nothing was chosen is not a row that could be missed.
        if (!gone->figures || !*gone->section_code)
            continue;
        gone->figures = NULL;
        gone->was = was->figures[i];
        status = add_row(call, reply, gone);
    }
    return status;
}

static enum status
compare(struct call *call, const struct roadmaps_source *source, const struct slice *now,
        Reporting__RoadmapsReport *reply)
{
    struct slice was;
    struct roadmaps_page page = {"", organisations_of(call, now), REPORT_ROWS_MAX};
    if (!page.organisations)
        return STATUS_TOO_LARGE;
    enum status status = read_slice(call, source, source->was, &page, &was);
    if (status != STATUS_OK)
        return status;
    reply->totals_were = was.totals;
    status = answer_moved(call, &now->totals->base, &was.totals->base, &reply->n_moved, &reply->moved);
    reply->rows = arena_take(call->arena, (now->count + was.count + 1) * sizeof(*reply->rows));
    if (!reply->rows)
        return STATUS_TOO_LARGE;
    size_t now_at = 0, was_at = 0;
    while (status == STATUS_OK && now_at < now->count) {
        size_t now_end = now_at + 1;
        while (now_end < now->count && is_of(now->rows[now_end], now->rows[now_at]))
            now_end++;
        status = join_organisation(call, now, now_end, &now_at, &was, &was_at, reply);
    }
    return status;
}

// Waiting days grow by themselves: that alone is no move.
static bool
has_moved(const Reporting__RoadmapRow *row)
{
    for (size_t i = 0; i < row->n_moved; i++)
        if (strcmp(row->moved[i], "waiting_days") != 0)
            return true;
    return false;
}

static void
keep_moved(Reporting__RoadmapsReport *reply)
{
    size_t kept = 0;
    for (size_t i = 0; i < reply->n_rows; i++)
        if (has_moved(reply->rows[i]))
            reply->rows[kept++] = reply->rows[i];
    reply->n_rows = kept;
}

enum status
answer_roadmaps(struct call *call, const struct roadmaps_source *source, Reporting__RoadmapsReport *reply)
{
    uint32_t limit = source->limit ? source->limit : ORGANISATIONS_OF_A_PAGE;
    // One organisation more than the page shows: whether there is another page.
    struct roadmaps_page page = {source->after_path, NULL, limit + 1};
    struct slice now;
    enum status status = read_slice(call, source, source->now, &page, &now);
    if (status != STATUS_OK)
        return status;
    reply->totals = now.totals;
    cut_page(&now, limit, source->was != NULL, reply);
    if (source->was) {
        status = compare(call, source, &now, reply);
    } else {
        reply->rows = now.rows;
        reply->n_rows = now.count;
    }
    if (status == STATUS_OK && source->only_moved)
        keep_moved(reply);
    return status;
}

struct asked {
    const Reporting__GetRoadmapsReportRequest *request;
    const struct report_round *round;
};

static enum status
list_as_of(struct call *call, const void *asked, const struct roadmaps_page *page, struct db_rows *ret_rows)
{
    const struct asked *of = asked;
    return store_list_roadmaps(call, of->request, of->round, page, ret_rows);
}

enum status
handle_get_roadmaps_report(struct call *call, const Reporting__GetRoadmapsReportRequest *request,
                           Reporting__RoadmapsReport *reply)
{
    struct report_moments moments;
    enum status status = answer_moments(call, request->round_id, request->as_of, request->compare_with, &moments);
    if (status != STATUS_OK)
        return status;
    const struct asked now = {request, &moments.now}, was = {request, &moments.was};
    const struct roadmaps_source source = {
        .list = list_as_of,
        .now = &now,
        .was = moments.compares ? &was : NULL,
        .after_path = request->after_path,
        .limit = request->limit,
    };
    status = answer_roadmaps(call, &source, reply);
    if (status != STATUS_OK)
        return status;
    reply->as_of = moments.now.as_of;
    reply->reviewer = moments.now.reviewer;
    if (moments.compares)
        reply->compare_with = moments.was.as_of;
    answer_viewed(call, "roadmaps");
    return answer_contacts_read(
        call, &(struct contact_reading){"roadmaps_report_read", request->round_id, request->municipality_id});
}
