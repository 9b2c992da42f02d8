// What several reports share: the round asked for, contacts, and the size of a page.
#pragma once

#include "reporting_rpc.h"
#include "store.h"

enum { REPORT_ROWS_MAX = 2500 };

// The round of the request, or the failure to answer with.
MUST_CHECK enum status answer_round(struct call *call, const char *round_id, const char *as_of,
                                    struct report_round *ret_round);
// name, position, phone, email from `column` on; NULL without memory or when nothing is known.
Reporting__Contact *answer_contact(struct call *call, const struct db_rows *rows, int row, int column);

// Tells the audit that the caller was shown contacts.
MUST_CHECK enum status answer_contacts_read(struct call *call, const struct contact_reading *reading);

// Rows that fit into one reply; the rest comes with the next page.
struct page {
    size_t bytes;
    uint32_t limit;
};
struct page page_of(uint32_t asked_limit);
// False when a row with these texts would make the reply too large.
bool page_takes(struct page *page, const char *const *texts, size_t text_count, const Reporting__Contact *contact);
// The same of a row without lists, by what it takes when packed.
bool page_takes_row(struct page *page, const ProtobufCMessage *row);

// The moment of a report and of the one to compare it with (S1.25, S1.26).
struct report_moments {
    struct report_round now, was;
    bool compares;
};
MUST_CHECK enum status answer_moments(struct call *call, const char *round_id, const char *as_of,
                                      const char *compare_with, struct report_moments *ret_moments);
// Names of the fields, texts and numbers, that differ; NULL stands for a message without any.
MUST_CHECK enum status answer_moved(struct call *call, const ProtobufCMessage *now, const ProtobufCMessage *was,
                                    size_t *ret_count, const char ***ret_names);
// A report was shown: who watches is seen to watch (S1.30). A look that cannot be written down is not refused for that.
void answer_viewed(struct call *call, const char *report);

extern const struct message NO_SUCH_ROUND, NO_SUCH_ORGANISATION, UNKNOWN_VALUES, UNKNOWN_GROUP, DAY_MISSING;
