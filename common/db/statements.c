// Prepared statements, found by the address of their SQL constant.
#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "internal.h"

enum { FIRST_CAPACITY = 64 }; // a power of two

void
statements_done(struct statement_table *table)
{
    for (size_t i = 0; i < table->capacity; i++) {
        if (table->slots[i])
            free(table->slots[i]->text);
        free(table->slots[i]);
    }
    free(table->slots);
    *table = (struct statement_table){0};
}

static size_t
slot_of(const struct statement_table *table, const char *sql)
{
    size_t mask = table->capacity - 1;
    size_t slot = (size_t)(((uintptr_t)sql * UINT64_C(0x9e3779b97f4a7c15)) >> 32) & mask;
    while (table->slots[slot] && table->slots[slot]->sql != sql)
        slot = (slot + 1) & mask;
    return slot;
}

static bool
grow(struct statement_table *table)
{
    struct statement_table bigger = {.capacity = table->capacity ? table->capacity * 2 : FIRST_CAPACITY,
                                     .count = table->count};
    bigger.slots = calloc(bigger.capacity, sizeof *bigger.slots);
    if (!bigger.slots)
        return false;
    for (size_t i = 0; i < table->capacity; i++)
        if (table->slots[i])
            bigger.slots[slot_of(&bigger, table->slots[i]->sql)] = table->slots[i];
    free(table->slots);
    *table = bigger;
    return true;
}

static bool
is_word_at(const char *text, const char *start, const char *word)
{
    size_t size = strlen(word);
    bool begins = start == text || (!isalnum((unsigned char)start[-1]) && start[-1] != '_');
    return begins && strncasecmp(start, word, size) == 0 && !isalnum((unsigned char)start[size]) && start[size] != '_';
}

// The word before `start` is FOR or KEY: a row lock of a SELECT, not a change.
static bool
is_row_lock(const char *text, const char *start)
{
    while (start > text && isspace((unsigned char)start[-1]))
        start--;
    return start - text >= 3 && (is_word_at(text, start - 3, "for") || is_word_at(text, start - 3, "key"));
}

// True if the statement has a part that changes rows: its command tag alone does not tell, since the last part of
// WITH ... may be a SELECT.
static bool
may_write(const char *sql)
{
    static const char *const words[] = {"insert", "update", "delete", "merge", "truncate"};
    for (const char *at = sql; *at; at++)
        for (size_t i = 0; i < sizeof words / sizeof *words; i++)
            if (is_word_at(sql, at, words[i]) && !is_row_lock(sql, at))
                return true;
    return false;
}

struct statement *
statements_find(struct statement_table *table, const char *sql)
{
    if ((table->count + 1) * 2 > table->capacity && !grow(table))
        return NULL;
    size_t slot = slot_of(table, sql);
    if (table->slots[slot]) {
        assert(strcmp(table->slots[slot]->text, sql) == 0); // otherwise SQL was built at run time
        return table->slots[slot];
    }
    struct statement *statement = calloc(1, sizeof *statement);
    char *text = strdup(sql);
    if (!statement || !text) {
        free(statement);
        free(text);
        return NULL;
    }
    statement->sql = sql;
    statement->text = text;
    statement->may_write = may_write(sql);
    (void)snprintf(statement->name, sizeof statement->name, "s%u", (unsigned)++table->count);
    return table->slots[slot] = statement;
}
