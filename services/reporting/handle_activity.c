// What coordinators and curators do themselves: when they came, what they looked at, what waits for them (S1.30).
#include <string.h>

#include "answer.h"

enum { PEOPLE_OF_A_PAGE = 200 };

static const struct message UNKNOWN_ROLE = {
    "unknown_role", "Выберите: координаторы (coordinator) или кураторы (curator).", "Choose coordinator or curator."};
static const struct message ENDS_BEFORE = {"ends_before",
                                           "Период кончается раньше, чем начинается. Поменяйте дни местами.",
                                           "The period ends before it begins. Exchange the days."};

// The first day and the last one, each with its moments.
static enum status
find_period(struct call *call, const Reporting__GetActivityReportRequest *request, struct report_round *ret_first,
            struct report_round *ret_last)
{
    enum status status = answer_round(call, request->round_id, request->to_on, ret_last);
    if (status != STATUS_OK)
        return status;
    const char *from = *request->from_on ? request->from_on : ret_last->opens_on;
    // A round that is still to open has a period of one day.
    if (!*request->from_on && strcmp(from, ret_last->as_of) > 0)
        from = ret_last->as_of;
    if (strcmp(from, ret_last->as_of) > 0)
        return fail_field(call, "fromOn", &ENDS_BEFORE);
    return answer_round(call, request->round_id, from, ret_first);
}

enum status
handle_get_activity_report(struct call *call, const Reporting__GetActivityReportRequest *request,
                           Reporting__ActivityReport *reply)
{
    if (*request->role && strcmp(request->role, "coordinator") != 0 && strcmp(request->role, "curator") != 0)
        return fail_field(call, "role", &UNKNOWN_ROLE);
    struct report_round first = {0}, last = {0};
    enum status status = find_period(call, request, &first, &last);
    if (status != STATUS_OK)
        return status;
    uint32_t limit = request->limit ? request->limit : PEOPLE_OF_A_PAGE;
    struct db_rows rows;
    size_t count = 0;
    status = store_list_activity(call, request, &first, &last, limit + 1, &rows);
    if (status == STATUS_OK)
        status = fill_list(call, &rows, &reporting__activity_row__descriptor, &count, &reply->rows);
    if (status != STATUS_OK)
        return status;
    reply->from_on = first.as_of;
    reply->to_on = last.as_of;
    reply->n_rows = count > limit ? limit : count;
    if (count > limit)
        reply->next_after_account_id = reply->rows[limit - 1]->account_id;
    answer_viewed(call, "activity");
    return answer_contacts_read(call, &(struct contact_reading){"activity_report_read", request->round_id, ""});
}
