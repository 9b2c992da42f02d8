// What is still to be sent, noted for many events at once.
#pragma once

#include "store.h"

// For handlers declared with settle_outstanding.
MUST_CHECK enum status note_outstanding(struct call *call, const char *assignment_id, bool is_outstanding);
// Waits for a verdict from now on.
MUST_CHECK enum status note_sent(struct call *call, const Events__SubmissionSent *event);
MUST_CHECK enum status settle_outstanding(struct call *call, const void *const *items, size_t count);
