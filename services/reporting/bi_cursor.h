// Where a reading of a BI table goes on: behind a row, in the order of changes or in the order of the whole table.
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "vekha/base/arena.h"

enum { BI_KEYS_MAX = 3 };

struct bi_cursor {
    // What was known when the reading began: it ends there, however fast changes come meanwhile.
    int64_t up_to;
    // The row's change; nothing in a walk through the whole table.
    int64_t change;
    // What tells the rows of one change, or of the table, apart: UUIDs or a number; BI_KEYS_MAX of them in a walk,
    // else 1.
    const char *keys[BI_KEYS_MAX];
    unsigned key_count;
};

static inline bool
bi_is_walk(const struct bi_cursor *cursor)
{
    return cursor->key_count > 1;
}

// False: nothing that bi_cursor_format() has written.
bool bi_cursor_parse(struct arena *arena, const char *text, struct bi_cursor *ret_cursor);
// NULL over the arena's limit.
const char *bi_cursor_format(struct arena *arena, const struct bi_cursor *cursor);
