// What is still to be sent, noted for many events at once.
#pragma once

#include "store.h"

// For handlers declared with settle_outstanding.
MUST_CHECK enum status note_outstanding(struct call *call, const char *assignment_id, bool is_outstanding);
MUST_CHECK enum status settle_outstanding(struct call *call, const void *const *items, size_t count);
