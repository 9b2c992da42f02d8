// Lists of strings as protobuf-c holds them, into text[] parameters.
#pragma once

#include "vekha/db/db.h"

// NULL over the arena's limit. db_text_array() only reads what it is given.
static inline const char *
text_list(struct arena *arena, const char *const *items, size_t count)
{
    return db_text_array(arena, (char *const *)(uintptr_t)items, count);
}
