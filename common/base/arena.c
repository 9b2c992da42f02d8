// Memory of one request: a chain of blocks that grow, handed out front to back and never freed singly.
#include "vekha/base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vekha/base/crash_point.h"

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define VEKHA_POISON 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define VEKHA_POISON 1
#endif

// Under AddressSanitizer the part of a block that is not handed out must not be touched: this finds pointers that
// outlive their request.
#ifdef VEKHA_POISON
#include <sanitizer/asan_interface.h>
#define POISON(start, size) ASAN_POISON_MEMORY_REGION((start), (size))
#define UNPOISON(start, size) ASAN_UNPOISON_MEMORY_REGION((start), (size))
#else
#define POISON(start, size) ((void)(start), (void)(size))
#define UNPOISON(start, size) ((void)(start), (void)(size))
#endif

enum { FIRST_BLOCK_BYTES = 16 * 1024, MAX_BLOCK_BYTES = 256 * 1024, ALIGNMENT = _Alignof(max_align_t) };

struct arena_block {
    struct arena_block *next;
    size_t size, used; // of data
    _Alignas(max_align_t) unsigned char data[];
};

void
arena_init(struct arena *arena, size_t limit_bytes)
{
    *arena = (struct arena){.limit_bytes = limit_bytes};
}

static void
free_chain(struct arena_block *block)
{
    while (block) {
        struct arena_block *next = block->next;
        UNPOISON(block->data, block->size);
        free(block);
        block = next;
    }
}

void
arena_reset(struct arena *arena)
{
    if (arena->first) {
        free_chain(arena->first->next);
        arena->first->next = NULL;
        arena->first->used = 0;
        POISON(arena->first->data, arena->first->size);
    }
    arena->current = arena->first;
    arena->used_bytes = 0;
    arena->refusals = 0;
    arena->is_starved = false;
}

void
arena_done(struct arena *arena)
{
    free_chain(arena->first);
    *arena = (struct arena){0};
}

static struct arena_block *
new_block(size_t size)
{
    struct arena_block *block = malloc(sizeof *block + size);
    if (block) {
        block->next = NULL;
        block->size = size;
        block->used = 0;
        POISON(block->data, size);
    }
    return block;
}

// Makes a block with room for `bytes` the current one. The first block is always of the common size, so that a single
// big request does not stay in memory for ever.
static struct arena_block *
grow(struct arena *arena, size_t bytes)
{
    if (!arena->current) {
        arena->first = arena->current = new_block(FIRST_BLOCK_BYTES);
        if (!arena->current || bytes <= FIRST_BLOCK_BYTES)
            return arena->current;
    }
    size_t size = arena->current->size * 2 < MAX_BLOCK_BYTES ? arena->current->size * 2 : MAX_BLOCK_BYTES;
    struct arena_block *block = new_block(size < bytes ? bytes : size);
    if (block) {
        arena->current->next = block;
        arena->current = block;
    }
    return block;
}

// Who does not look at the answer is found out by the count.
static void *
refuse(struct arena *arena, bool is_starved)
{
    arena->refusals++;
    arena->is_starved = arena->is_starved || is_starved;
    return NULL;
}

// Room for `bytes`, not zeroed.
static void *
take(struct arena *arena, size_t bytes)
{
    if (bytes > arena->limit_bytes || bytes > SIZE_MAX / 2)
        return refuse(arena, false);
    size_t rounded = bytes ? (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
    if (rounded > arena->limit_bytes - arena->used_bytes)
        return refuse(arena, false);
    if (failure_point("arena:take"))
        return refuse(arena, true);
    struct arena_block *block = arena->current;
    if (!block || rounded > block->size - block->used)
        block = grow(arena, rounded);
    if (!block)
        return refuse(arena, true);
    void *taken = block->data + block->used;
    block->used += rounded;
    arena->used_bytes += rounded;
    UNPOISON(taken, bytes);
    return taken;
}

void *
arena_take(struct arena *arena, size_t bytes)
{
    void *taken = take(arena, bytes);
    if (taken)
        memset(taken, 0, bytes);
    return taken;
}

char *
arena_copy(struct arena *arena, const char *text)
{
    return text ? arena_copy_bytes(arena, text, strlen(text)) : NULL;
}

char *
arena_copy_bytes(struct arena *arena, const void *bytes, size_t size)
{
    char *copy = size < SIZE_MAX ? take(arena, size + 1) : NULL;
    if (!copy)
        return NULL;
    if (size)
        memcpy(copy, bytes, size);
    copy[size] = '\0';
    return copy;
}

char *
arena_format(struct arena *arena, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = arena_format_list(arena, format, arguments);
    va_end(arguments);
    return text;
}

// The format is checked at the callers of arena_format(); lists come from functions that are checked the same way.
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
char *
arena_format_list(struct arena *arena, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    char *text = NULL;
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length >= 0)
        text = take(arena, (size_t)length + 1);
    if (text)
        (void)vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}
