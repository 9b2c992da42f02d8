// Text as it comes from outside: UTF-8, identifiers, decimals, and a buffer that is born with a maximum.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vekha/base/arena.h"
#include "vekha/base/status.h"

// True for well-formed UTF-8 (RFC 3629) without NUL.
bool text_is_utf8(const char *text, size_t size);
// Characters (code points) of valid UTF-8.
size_t text_count_chars(const char *text);
bool text_is_blank(const char *text);
bool text_is_uuid(const char *text);
// 2020-09-25, a day that exists.
bool text_is_date(const char *text);
// RFC 3339 with zone.
bool text_is_timestamp(const char *text);
bool text_is_email(const char *text);
bool text_is_phone(const char *text);
bool text_is_code(const char *text);
// The one rule of territory, as vekha_in_scope() in SQL: a path is inside itself and everything above it; "*" is
// everywhere, "" nowhere.
bool text_in_territory(const char *path, const char *territory);

// Comma or point, spaces and no-break spaces between digits ignored (F14): "1 234,50" -> "1234.5", "007" -> "7".
// INVALID if it is no decimal, has more than max_decimals digits after the point or more than 15 before it.
MUST_CHECK enum status text_normalise_decimal(struct arena *arena, const char *text, unsigned max_decimals,
                                              const char **ret_decimal);

// Russian forms: 1 показатель, 2 показателя, 5 показателей.
const char *text_plural(uint64_t count, const char *one, const char *few, const char *many);

// RFC 9562 version 7 from the clock and random bytes; out holds 37 bytes.
void text_make_uuid(char out[37]);
// out holds 2 * size + 1 bytes.
void text_to_hex(const void *bytes, size_t size, char *out);
// False on an odd length or a digit that is none.
bool text_from_hex(const char *hex, void *out, size_t size);
// URL-safe, without padding (RFC 4648 §5). Encoded length is (size * 4 + 2) / 3; out holds one more.
void text_to_base64url(const void *bytes, size_t size, char *out);
// Returns the decoded size, or -1.
long text_from_base64url(const char *text, void *out, size_t capacity);

// A growing buffer; appends after it is full are ignored and remembered in `overflowed`.
struct buffer {
    char *data; // NUL-terminated once anything was appended
    size_t size, capacity, limit_bytes;
    bool overflowed;
    bool is_starved; // it was the system that had no more memory, not the limit
};
void buffer_init(struct buffer *buffer, size_t limit_bytes);
void buffer_reset(struct buffer *buffer);
void buffer_done(struct buffer *buffer);
void buffer_add(struct buffer *buffer, const void *bytes, size_t size);
void buffer_add_text(struct buffer *buffer, const char *text);
void buffer_add_char(struct buffer *buffer, char c);
void buffer_add_format(struct buffer *buffer, const char *format, ...) __attribute__((format(printf, 2, 3)));
