// A letter as text of RFC 5322 with MIME: nothing from outside can add a header to it.
#pragma once

#include <stdint.h>

#include "vekha/base/arena.h"

struct letter {
    const char *id; // uuid
    const char *from_address, *from_name;
    const char *to_address;
    const char *subject;
    const char *body;
    const char *html; // the same for readers that show it; NULL or "": there is none
    int64_t written_ms;
};
// NULL without memory or when an address is none.
const char *mime_letter(struct arena *arena, const struct letter *letter);

// RFC 2047: encoded words of at most 75 characters, no character of UTF-8 cut in two; control characters become
// spaces. Plain short ASCII stays. NULL without memory.
const char *mime_header_text(struct arena *arena, const char *text);
// RFC 2045 base64 in lines of 76.
const char *mime_base64(struct arena *arena, const char *text);
// RFC 5322: "Fri, 25 Sep 2020 04:00:00 +0000".
const char *mime_date(struct arena *arena, int64_t ms);
