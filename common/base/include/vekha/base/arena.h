// Memory that lives as long as one request: taken piece by piece, given back all at once.
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct arena_block;

// Embedded by its owner; not for two threads at once.
struct arena {
    struct arena_block *first, *current;
    size_t used_bytes;  // since the last reset
    size_t limit_bytes; // arena_take answers NULL beyond
    // Since the last reset: pieces not given, and whether it was the system that had no more, not the limit.
    unsigned refusals;
    bool is_starved;
};

void arena_init(struct arena *arena, size_t limit_bytes);
// Everything taken becomes invalid; the first block is kept for the next request.
void arena_reset(struct arena *arena);
void arena_done(struct arena *arena);

// Zeroed, aligned for any type; NULL over the limit or without memory.
void *arena_take(struct arena *arena, size_t bytes);
// NULL in, NULL out.
char *arena_copy(struct arena *arena, const char *text);
char *arena_copy_bytes(struct arena *arena, const void *bytes, size_t size); // adds a NUL
char *arena_format(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));
char *arena_format_list(struct arena *arena, const char *format, va_list arguments);
