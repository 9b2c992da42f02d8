// The request target: split, percent-decoded and refused when it is not clean.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "vekha/base/arena.h"
#include "vekha/base/status.h"

enum { URI_MAX_SEGMENTS = 16, URI_MAX_BYTES = 4096 };

struct uri_segment {
    const char *text; // decoded, NUL-terminated
    size_t size;
};

struct uri {
    struct uri_segment segments[URI_MAX_SEGMENTS];
    size_t segment_count;
    const char *action; // what follows ':' in the last segment, NULL without
    const char *query;  // raw, after '?'; NULL without
};

// MALFORMED: not origin-form, control or non-ASCII bytes, bad escapes, %00, bad UTF-8, dot segments, too long.
MUST_CHECK enum status uri_parse(const char *raw, struct arena *arena, struct uri *ret_uri);

// Decodes %XX (and '+' as a space when asked); the result is UTF-8 without control characters other than tab, CR, LF.
// NULL when it is not. `size` becomes the decoded size.
char *uri_decode(const char *raw, size_t raw_size, bool plus_is_space, struct arena *arena, size_t *ret_size);
