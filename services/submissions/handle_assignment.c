// What an organisation reads of its own assignments.
#include <string.h>

#include "present.h"
#include "refuse.h"
#include "submissions_rpc.h"

enum { PAGE_DEFAULT = 200 };

enum status
handle_list_assignments(struct call *call, const Submissions__ListAssignmentsRequest *request,
                        Submissions__ListAssignmentsReply *reply)
{
    static const struct message UNKNOWN_TAB = {"unknown_tab", "Вкладки: all, in_work, rejected, in_review, accepted.",
                                               "The tabs are all, in_work, rejected, in_review, accepted."};
    static const char *const TABS[] = {"", "all", "in_work", "rejected", "in_review", "accepted"};
    enum { TAB_COUNT = sizeof(TABS) / sizeof(TABS[0]), TABS_OF_ALL = 2 };
    size_t tab = 0;
    while (tab < TAB_COUNT && strcmp(TABS[tab], request->tab) != 0)
        tab++;
    if (tab == TAB_COUNT)
        return fail_field(call, "tab", &UNKNOWN_TAB);
    struct assignment_filter filter = {
        .tab = tab < TABS_OF_ALL ? "" : TABS[tab],
        .round_id = request->round_id,
        .section_code = request->section_code,
        .after_assignment_id = request->after_assignment_id,
        .limit = request->limit ? request->limit : PAGE_DEFAULT,
    };
    struct db_rows rows;
    enum status status = store_list_assignments(call, &filter, &rows);
    if (status != STATUS_OK)
        return status;
    reply->counters = arena_take(call->arena, sizeof(*reply->counters));
    if (!reply->counters)
        return STATUS_TOO_LARGE;
    submissions__tab_counters__init(reply->counters);
    fill_message(&reply->counters->base, &rows, 0, call->arena);
    return present_assignments(call, &rows, &reply->n_assignments, &reply->assignments);
}

enum status
tag_list_assignments(struct tagged_call *calls, size_t count, bool with_period)
{
    enum { VERSION, BEGINS, ENDS };
    struct call *call = calls[0].call;
    struct cabinet_asked asked[TOGETHER_MAX];
    struct db_rows rows;
    for (size_t i = 0; i < count; i++) {
        const Submissions__ListAssignmentsRequest *request = (const void *)calls[i].request;
        asked[i] = (struct cabinet_asked){calls[i].call->principal->organisation_id, request->round_id, calls[i].scope};
    }
    enum status status = store_tag_cabinets(call, asked, count, with_period, &rows);
    for (int row = 0; status == STATUS_OK && row < rows.count; row++) {
        calls[row].version = db_text_at(&rows, row, VERSION);
        if (with_period) {
            calls[row].from_ms = db_integer_at(&rows, row, BEGINS);
            calls[row].before_ms = db_integer_at(&rows, row, ENDS);
        }
    }
    return status;
}

enum status
handle_get_assignment(struct call *call, const Submissions__GetAssignmentRequest *request,
                      Submissions__Assignment *reply)
{
    struct db_rows rows;
    enum status status = store_find_assignment(call, request->assignment_id, &rows);
    if (status != STATUS_OK)
        return status;
    return rows.count == 0 ? refuse_unknown(call) : present_assignment(call, &rows, 0, reply);
}

enum status
handle_list_versions(struct call *call, const Submissions__ListVersionsRequest *request,
                     Submissions__ListVersionsReply *reply)
{
    struct db_rows rows;
    enum status status = store_list_versions(call, request->assignment_id, &rows);
    if (status != STATUS_OK)
        return status;
    if (rows.count == 0) {
        // An assignment that nobody has touched has no versions; one that is not ours does not exist.
        struct db_rows found;
        status = store_find_assignment(call, request->assignment_id, &found);
        return status == STATUS_OK && found.count == 0 ? refuse_unknown(call) : status;
    }
    status = fill_list(call, &rows, &submissions__version__descriptor, &reply->n_versions, &reply->versions);
    for (int row = 0; status == STATUS_OK && row < rows.count; row++)
        status =
            present_documents(call, &rows, row, &reply->versions[row]->n_documents, &reply->versions[row]->documents);
    return status;
}
