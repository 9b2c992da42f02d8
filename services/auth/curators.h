// What changes of a curator's schools, told to the others and written down.
#pragma once

#include "store.h"

// From now on the curator answers for these and no others; nothing happens for what stays.
MUST_CHECK enum status curator_bind(struct call *call, const char *account_id, const char *const *codes, size_t count);
