// «Отчёт по предоставленным данным»: organisations with and without data (S2.56-S2.59).
#include <string.h>

#include "answer.h"

// Why there is nothing, and since when.
static void
explain_row(const struct db_rows *rows, int number, const struct report_round *round, enum report_values values,
            Reporting__ProvidedRow *row)
{
    unsigned items[CELL_STATE_COUNT] = {
        [CELL_DRAFT] = row->drafts,
        [CELL_REJECTED] = row->rejected,
        [CELL_IN_REVIEW] = (unsigned)db_integer_at(rows, number, PROVIDED_IN_REVIEW),
        [CELL_ACCEPTED] = (unsigned)db_integer_at(rows, number, PROVIDED_ACCEPTED),
    };
    unsigned touched = items[CELL_DRAFT] + items[CELL_REJECTED] + items[CELL_IN_REVIEW] + items[CELL_ACCEPTED];
    items[CELL_EMPTY] = row->total > touched ? row->total - touched : 0;
    const struct organisation_facts facts = {
        .has_logged_in = db_boolean_at(rows, number, PROVIDED_HAS_LOGGED_IN),
        .has_begun = db_boolean_at(rows, number, PROVIDED_BEGUN),
        .is_due = values == VALUES_AS_OF ? round->was_due : round->is_due,
    };
    static const int moments[REASON_COUNT] = {
        [REASON_REJECTED] = PROVIDED_REJECTED_AT,
        [REASON_DRAFT_NOT_SENT] = PROVIDED_DRAFT_AT,
        [REASON_IN_REVIEW] = PROVIDED_SENT_AT,
        [REASON_ALREADY_ACCEPTED] = PROVIDED_ACCEPTED_AT,
    };
    enum reason reason = rules_organisation_reason(items, &facts);
    row->reason = rules_reason_name(reason);
    if (reason != REASON_NONE && moments[reason])
        row->reason_at = db_text_at(rows, number, moments[reason]);
}

static enum status
fill_rows(struct call *call, const struct db_rows *rows, struct page *page, const struct report_round *round,
          enum report_values values, Reporting__ProvidedReport *reply)
{
    size_t count;
    enum status status = fill_list(call, rows, &reporting__provided_row__descriptor, &count, &reply->rows);
    if (status != STATUS_OK)
        return status;
    for (; reply->n_rows < count && reply->n_rows < page->limit; reply->n_rows++) {
        Reporting__ProvidedRow *row = reply->rows[reply->n_rows];
        int number = (int)reply->n_rows;
        row->organisation_group = rules_organisation_group(db_text_at(rows, number, PROVIDED_KIND));
        row->contact = answer_contact(call, rows, number, PROVIDED_CONTACT);
        if (row->filled == 0)
            explain_row(rows, number, round, values, row);
        const char *const texts[] = {row->short_name, row->municipality_name, row->path};
        if (!page_takes(page, texts, sizeof texts / sizeof texts[0], row->contact))
            break;
    }
    if (reply->n_rows > 0 && reply->n_rows < count)
        reply->next_after_path = reply->rows[reply->n_rows - 1]->path;
    return STATUS_OK;
}

static void
count_rows(const struct db_rows *rows, Reporting__ProvidedReport *reply)
{
    for (size_t i = 0; i < reply->n_rows; i++) {
        const char *kind = db_text_at(rows, (int)i, PROVIDED_KIND);
        bool has_data = reply->rows[i]->filled > 0;
        *(has_data ? &reply->with_data : &reply->without_data) += 1;
        reply->other_with_data += has_data && rules_is_other(kind);
        reply->superior_with_data += has_data && strcmp(kind, "superior") == 0;
    }
}

// The counters are of the whole report, whatever page of it is asked for.
static enum status
fill_counters(struct call *call, const Reporting__GetProvidedReportRequest *request, enum report_values values,
              const struct report_round *round, const struct db_rows *rows, Reporting__ProvidedReport *reply)
{
    bool is_whole = !*request->group && !*request->after_path && !*reply->next_after_path;
    if (is_whole) {
        count_rows(rows, reply);
        return STATUS_OK;
    }
    struct db_rows counts;
    enum status status = store_count_provided(call, request, values, round, &counts);
    if (status == STATUS_OK)
        fill_message(&reply->base, &counts, 0, call->arena);
    return status;
}

enum status
handle_get_provided_report(struct call *call, const Reporting__GetProvidedReportRequest *request,
                           Reporting__ProvidedReport *reply)
{
    enum report_values values = rules_parse_values(request->values, request->as_of);
    if (values == VALUES_UNKNOWN)
        return fail_field(call, "values", &UNKNOWN_VALUES);
    if (values == VALUES_AS_OF && !*request->as_of)
        return fail_field(call, "asOf", &DAY_MISSING);
    if (!rules_is_provided_group(request->group))
        return fail_field(call, "group", &UNKNOWN_GROUP);
    struct report_round round;
    enum status status = answer_round(call, request->round_id, values == VALUES_AS_OF ? request->as_of : "", &round);
    if (status != STATUS_OK)
        return status;
    reply->values = rules_values_name(values);
    reply->as_of = round.as_of;
    struct db_rows rows;
    struct page page = page_of(request->limit);
    // One row more than the page shows: whether there is another page.
    status = store_list_provided(call, request, values, &round, page.limit + 1, &rows);
    if (status == STATUS_OK)
        status = fill_rows(call, &rows, &page, &round, values, reply);
    if (status == STATUS_OK)
        status = fill_counters(call, request, values, &round, &rows, reply);
    if (status != STATUS_OK)
        return status;
    answer_viewed(call, "provided");
    return answer_contacts_read(
        call, &(struct contact_reading){"provided_report_read", request->round_id, request->municipality_id});
}
