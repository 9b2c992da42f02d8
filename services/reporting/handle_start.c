// «Отчёт о начале»: who has started, who has not, and whom to call (S2.53-S2.55).
#include "answer.h"

enum status
handle_get_start_report(struct call *call, const Reporting__GetStartReportRequest *request,
                        Reporting__StartReport *reply)
{
    if (!rules_is_start_group(request->group))
        return fail_field(call, "group", &UNKNOWN_GROUP);
    struct report_round round;
    enum status status = answer_round(call, request->round_id, request->as_of, &round);
    if (status != STATUS_OK)
        return status;
    struct db_rows counts, rows;
    status = store_count_started(call, request, &round, &counts);
    if (status != STATUS_OK)
        return status;
    fill_message(&reply->base, &counts, 0, call->arena);
    struct page page = page_of(request->limit);
    status = store_list_started(call, request, &round, page.limit, &rows);
    if (status != STATUS_OK)
        return status;
    size_t count;
    status = fill_list(call, &rows, &reporting__start_row__descriptor, &count, &reply->rows);
    if (status != STATUS_OK)
        return status;
    reply->as_of = round.as_of;
    for (; reply->n_rows < count; reply->n_rows++) {
        Reporting__StartRow *row = reply->rows[reply->n_rows];
        row->contact = answer_contact(call, &rows, (int)reply->n_rows, 0);
        const char *const texts[] = {row->short_name, row->municipality_name, row->path, row->inn};
        if (!page_takes(&page, texts, sizeof texts / sizeof texts[0], row->contact))
            break;
    }
    if (reply->n_rows > 0 && (reply->n_rows < count || count == page.limit))
        reply->next_after_path = reply->rows[reply->n_rows - 1]->path;
    answer_viewed(call, "start");
    return answer_contacts_read(
        call, &(struct contact_reading){"start_report_read", request->round_id, request->municipality_id});
}
