// What a save of a draft tells its author, and the others.
#pragma once

#include "store.h"

struct draft_change {
    bool is_first, was_ready, is_ready, is_empty;
};

// A draft is news to others when it appears, becomes ready or stops being so, and when it is gone; its value never is
// (S2.37).
MUST_CHECK enum status tell_of_draft(struct call *call, const char *assignment_id, uint32_t version,
                                     const struct draft_change *change);
// A row of store_save_values() into the reply to it, and the event.
MUST_CHECK enum status present_saved(struct call *call, const struct value_to_save *value, const struct db_rows *rows,
                                     int row, Submissions__SavedValue *reply);
