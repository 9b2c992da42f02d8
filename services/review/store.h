// Every statement of review. Rows stay valid until the reply is packed.
#pragma once

#include "events.pb-c.h"
#include "review.pb-c.h"
#include "rules.h"
#include "vekha/service/service.h"

// First columns of store_list_queue and store_get_entry; the rest are named like the fields of QueueEntry.
enum { ENTRY_DOCUMENT_IDS, ENTRY_DOCUMENT_NAMES, ENTRY_DOCUMENT_SIZES, ENTRY_DOCUMENT_PAGES };

MUST_CHECK enum status store_list_queue(struct call *call, const Review__ListQueueRequest *request, enum queue queue,
                                        struct db_rows *ret_rows);
// One row: waiting, opened; of the same filters, whatever the page and the state.
MUST_CHECK enum status store_count_queue(struct call *call, const Review__ListQueueRequest *request,
                                         struct db_rows *ret_rows);
MUST_CHECK enum status store_get_entry(struct call *call, const char *assignment_id, struct db_rows *ret_rows);

// What store_open, store_decide and store_withdraw answer: a row per assignment asked for.
enum { ACTED_ASSIGNMENT_ID, ACTED_VERSION, ACTED_SITUATION, ACTED_CHANGED };
MUST_CHECK enum status store_open(struct call *call, const char *assignment_id, uint32_t version,
                                  struct db_rows *ret_rows);
struct decision {
    struct call *call; // the operator's
    const char *assignment_id;
    uint32_t version;
    const char *resolution; // of a rejection
};
// Verdicts on many entries at once, with their history, at call's moment; no entry is named twice.
MUST_CHECK enum status store_decide(struct call *call, const struct decision *decisions, size_t count,
                                    enum action action, struct db_rows *ret_rows);
// No row: not mine, or not here yet.
MUST_CHECK enum status store_withdraw(struct call *call, const char *assignment_id, uint32_t version,
                                      struct db_rows *ret_rows);
// Whether it is here and another organisation's, past row security.
MUST_CHECK enum status store_is_foreign(struct call *call, const char *assignment_id, bool *ret_is_foreign);
// No row: not mine. One row without version: no verdict yet. The documents' columns come first.
enum { VERDICT_VERSION = ENTRY_DOCUMENT_PAGES + 1 };
MUST_CHECK enum status store_list_verdicts(struct call *call, const char *assignment_id, struct db_rows *ret_rows);

MUST_CHECK enum status store_list_resolutions(struct call *call, struct db_rows *ret_rows);
// One row; none when the operator keeps as many as one may.
MUST_CHECK enum status store_keep_resolution(struct call *call, const char *text, struct db_rows *ret_rows);
MUST_CHECK enum status store_delete_resolution(struct call *call, const char *resolution_id);

// A row for each version that was sent, the documents' columns first.
MUST_CHECK enum status store_list_sent(struct call *call, const Review__ListSentRequest *request,
                                       struct db_rows *ret_rows);
// No row: it is not here, or the caller may not read it. Without a remark_id nothing was added, and the first two say
// why; the rest are named like the fields of RemarkAdded.
enum { ADDED_IS_SENT, ADDED_HAS_ROOM };
MUST_CHECK enum status store_add_remark(struct call *call, const Review__AddRemarkRequest *request,
                                        struct db_rows *ret_rows);
// No row: the caller may not read it. One row without remark_id: nothing was said yet.
enum { LISTED_VERSIONS, LISTED_REMARK_ID };
MUST_CHECK enum status store_list_remarks(struct call *call, const Review__ListRemarksRequest *request,
                                          struct db_rows *ret_rows);

// Each answer is named once. Rows are locked in the order of ids, as by store_decide.
MUST_CHECK enum status store_submissions(struct call *call, const Events__SubmissionSent *const *events, size_t count);
MUST_CHECK enum status store_organisation(struct call *call, const Events__OrganisationChanged *event);
MUST_CHECK enum status store_dues(struct call *call, const Events__DueSet *event);

MUST_CHECK enum status store_round_due(struct call *call, const char *round_id, const char *due_at);
