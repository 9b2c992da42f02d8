// Whose an upload may be, and how much room there is for it.
#pragma once

#include "store.h"

struct upload_limits limits_of_uploads(const struct call *call);
// Exactly one owner is named, and it is one that the caller's role uploads for.
MUST_CHECK enum status check_owner(struct call *call, const struct upload_owner *owner);
// field: what the caller is told to change.
MUST_CHECK enum status check_size(struct call *call, const char *field, uint64_t size_bytes);
// The words for a document that the limits forbid. open_uploads: how many the organisation has; 0 when they play no
// part.
MUST_CHECK enum status answer_limit(struct call *call, int64_t open_uploads, const struct upload_limits *limits);
MUST_CHECK enum status answer_storage_full(struct call *call);
