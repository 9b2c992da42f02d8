// The last answers of tagged methods, to be given again once their owner has said that they still hold. Bounded in
// number and bytes; the one that was not asked for the longest gives way.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vekha/bus/contract.h"

enum { KEPT_KEY_MAX_CHARS = 1000, KEPT_BODY_MAX_BYTES = 512 * 1024, ENTITY_TAG_BYTES = 40 };

struct kept_answer {
    struct kept_answer *next_of_bucket, *newer, *older;
    unsigned references; // the table's own, and one of each exchange that uses it
    bool is_in_table;
    uint64_t hash;
    const struct contract_method *method;
    const char *key;        // who asks and for what
    const char *tag;        // the owner's
    const uint8_t *request; // packed, to ask the owner with
    size_t request_size;
    const char *body; // JSON
    size_t body_size;
    char entity_tag[ENTITY_TAG_BYTES]; // for browsers
    char memory[];
};

struct kept_answers;

// NULL without memory.
struct kept_answers *kept_answers_new(size_t max_bytes);
void kept_answers_free(struct kept_answers **answers);
// NULL: none. To be given back with kept_answer_release().
struct kept_answer *kept_answers_find(struct kept_answers *answers, const char *key);
// A copy of it, in place of what was kept under its key; nothing without memory or when it is too large.
void kept_answers_put(struct kept_answers *answers, const struct kept_answer *answer);
// It does not hold any more.
void kept_answers_drop(struct kept_answers *answers, struct kept_answer *answer);
void kept_answer_release(struct kept_answer *answer);
size_t kept_answers_bytes(const struct kept_answers *answers);
