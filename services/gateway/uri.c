// Splits and decodes request targets.
#include "uri.h"

#include <string.h>

#include "vekha/base/text.h"

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

char *
uri_decode(const char *raw, size_t raw_size, bool plus_is_space, struct arena *arena, size_t *ret_size)
{
    char *text = arena_copy_bytes(arena, raw, raw_size);
    if (text == NULL)
        return NULL;
    size_t size = 0;
    for (size_t i = 0; i < raw_size; i++) {
        unsigned char c = (unsigned char)raw[i];
        if (c == '%') {
            int high = i + 2 < raw_size ? hex_value(raw[i + 1]) : -1;
            int low = i + 2 < raw_size ? hex_value(raw[i + 2]) : -1;
            if (high < 0 || low < 0)
                return NULL;
            c = (unsigned char)(high << 4 | low);
            i += 2;
        } else if (c == '+' && plus_is_space) {
            c = ' ';
        }
        if ((c < 0x20 && c != '\t' && c != '\r' && c != '\n') || c == 0x7f)
            return NULL;
        text[size++] = (char)c;
    }
    text[size] = '\0';
    *ret_size = size;
    return text_is_utf8(text, size) ? text : NULL;
}

static bool
is_clean(const char *raw, size_t size)
{
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)raw[i];
        if (c <= 0x20 || c >= 0x7f || c == '#' || c == '\\')
            return false;
    }
    return true;
}

static bool
is_dot_segment(const struct uri_segment *segment)
{
    return strcmp(segment->text, ".") == 0 || strcmp(segment->text, "..") == 0;
}

static enum status
add_segment(struct uri *uri, const char *raw, size_t size, struct arena *arena)
{
    if (uri->segment_count == URI_MAX_SEGMENTS)
        return STATUS_MALFORMED;
    struct uri_segment *segment = &uri->segments[uri->segment_count++];
    segment->text = uri_decode(raw, size, false, arena, &segment->size);
    if (segment->text == NULL || is_dot_segment(segment))
        return STATUS_MALFORMED;
    // A slash, line break or tab inside a segment never belongs to a name or an identifier.
    return segment->text[strcspn(segment->text, "/\\\t\r\n")] == '\0' ? STATUS_OK : STATUS_MALFORMED;
}

enum status
uri_parse(const char *raw, struct arena *arena, struct uri *ret_uri)
{
    struct uri uri = {0};
    size_t size = strlen(raw);
    if (raw[0] != '/' || size > URI_MAX_BYTES || !is_clean(raw, size))
        return STATUS_MALFORMED;
    const char *question = memchr(raw, '?', size);
    const char *end = question == NULL ? raw + size : question;
    uri.query = question == NULL ? NULL : question + 1;
    for (const char *at = raw + 1; at <= end;) {
        const char *slash = memchr(at, '/', (size_t)(end - at));
        const char *stop = slash == NULL ? end : slash;
        const char *colon = slash == NULL ? memchr(at, ':', (size_t)(stop - at)) : NULL;
        enum status status = add_segment(&uri, at, (size_t)((colon == NULL ? stop : colon) - at), arena);
        if (status != STATUS_OK)
            return status;
        size_t action_size;
        if (colon != NULL)
            uri.action = uri_decode(colon + 1, (size_t)(stop - colon - 1), false, arena, &action_size);
        if (colon != NULL && uri.action == NULL)
            return STATUS_MALFORMED;
        at = stop + 1;
    }
    *ret_uri = uri;
    return STATUS_OK;
}
