// Outcomes of rules.h as answers for people, and entries as messages: what several handlers share.
#pragma once

#include "store.h"

// OK for DONE and ALREADY_MINE, else the failure with its text.
enum status answer_outcome(struct call *call, enum outcome outcome);
// What became of row `row` of store_open, store_decide or store_withdraw.
enum outcome judge_acted_row(const struct db_rows *rows, int row, enum action action, int64_t expected_version);
// The documents of a row that begins with their four columns.
enum status fill_documents(struct call *call, const struct db_rows *rows, int row, size_t *ret_count,
                           Review__ReviewDocument ***ret_documents);
// A row with the columns of an entry into a message, documents included.
enum status fill_entry(struct call *call, const struct db_rows *rows, int row, Review__QueueEntry *entry);
// The entry as it is now; NOT_FOUND when it is not in the caller's territory.
enum status answer_entry(struct call *call, const char *assignment_id, Review__QueueEntry *reply);
