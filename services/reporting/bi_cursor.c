// The text of a cursor: upTo_change_key, or upTo_key_key_key of a walk.
#include "bi_cursor.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "vekha/base/text.h"

enum { DIGITS_MAX = 18 };

static bool
is_number(const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length; i++)
        if (!isdigit((unsigned char)text[i]))
            return false;
    return length > 0 && length <= DIGITS_MAX;
}

static bool
take_number(char **rest, int64_t *ret_number)
{
    const char *number = *rest ? strsep(rest, "_") : NULL;
    if (!number || !is_number(number))
        return false;
    *ret_number = strtoll(number, NULL, 10);
    return true;
}

bool
bi_cursor_parse(struct arena *arena, const char *text, struct bi_cursor *ret_cursor)
{
    char *rest = arena_copy(arena, text);
    struct bi_cursor cursor = {0};
    unsigned keys = 0;
    for (const char *c = text; *c; c++)
        keys += *c == '_';
    bool is_walk = keys == BI_KEYS_MAX;
    if (!take_number(&rest, &cursor.up_to) || (!is_walk && !take_number(&rest, &cursor.change)))
        return false;
    while (rest && cursor.key_count < BI_KEYS_MAX) {
        const char *key = strsep(&rest, "_");
        if (!is_number(key) && !text_is_uuid(key))
            return false;
        cursor.keys[cursor.key_count++] = key;
    }
    if (rest || cursor.key_count != (is_walk ? BI_KEYS_MAX : 1))
        return false;
    *ret_cursor = cursor;
    return true;
}

const char *
bi_cursor_format(struct arena *arena, const struct bi_cursor *cursor)
{
    if (!bi_is_walk(cursor))
        return arena_format(arena, "%lld_%lld_%s", (long long)cursor->up_to, (long long)cursor->change,
                            cursor->keys[0]);
    return arena_format(arena, "%lld_%s_%s_%s", (long long)cursor->up_to, cursor->keys[0], cursor->keys[1],
                        cursor->keys[2]);
}
