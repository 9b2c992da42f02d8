// Parses "bytes=0-99", "bytes=100-", "bytes=-20".
#include "byte_range.h"

#include <stdbool.h>
#include <stddef.h>
#include <strings.h>

static const char *
read_number(const char *text, uint64_t *ret_number, bool *ret_found)
{
    *ret_found = false;
    *ret_number = 0;
    for (; *text >= '0' && *text <= '9'; text++) {
        *ret_found = true;
        if (__builtin_mul_overflow(*ret_number, 10, ret_number) ||
            __builtin_add_overflow(*ret_number, (uint64_t)(*text - '0'), ret_number))
            *ret_number = UINT64_MAX;
    }
    return text;
}

struct byte_range
byte_range_parse(const char *header, uint64_t total)
{
    const struct byte_range whole = {.kind = RANGE_WHOLE}, outside = {.kind = RANGE_OUTSIDE};
    if (header == NULL || strncasecmp(header, "bytes=", 6) != 0)
        return whole;
    bool has_first, has_last;
    uint64_t first, last;
    const char *at = read_number(header + 6, &first, &has_first);
    if (*at != '-')
        return whole;
    at = read_number(at + 1, &last, &has_last);
    if (*at != '\0' || (!has_first && !has_last) || (has_first && has_last && first > last))
        return whole;
    if (!has_first) {
        if (last == 0 || total == 0)
            return outside;
        return (struct byte_range){RANGE_PART, last >= total ? 0 : total - last, total - 1};
    }
    if (first >= total)
        return outside;
    return (struct byte_range){RANGE_PART, first, !has_last || last >= total ? total - 1 : last};
}
