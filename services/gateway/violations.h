// What is wrong with a request, collected while it is read: becomes the violations of a problem document.
#pragma once

#include "envelope.pb-c.h"
#include "vekha/base/arena.h"
#include "vekha/service/service.h"

enum { MAX_VIOLATIONS = 20 };

struct violations {
    struct arena *arena;
    bool english;
    Bus__Violation *items[MAX_VIOLATIONS];
    size_t count;
    // Of a request that cannot be read at all.
    const char *code;
    const char *detail;
};

// Beyond MAX_VIOLATIONS they are dropped: the first ones suffice. `field` is copied.
void violations_add(struct violations *violations, const char *field, const struct message *message);
// One text for the whole; its %d or %s are filled in.
void violations_set_detail(struct violations *violations, const struct message *message, ...);
