// A growing buffer that is born with a maximum; the one place where its memory is managed.
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "vekha/base/text.h"

enum { FIRST_CAPACITY_BYTES = 256 };

void
buffer_init(struct buffer *buffer, size_t limit_bytes)
{
    *buffer = (struct buffer){.limit_bytes = limit_bytes};
}

void
buffer_reset(struct buffer *buffer)
{
    buffer->size = 0;
    buffer->overflowed = false;
    buffer->is_starved = false;
    if (buffer->data)
        buffer->data[0] = '\0';
}

void
buffer_done(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){0};
}

// Room for `more` bytes and the NUL, or the buffer is marked overflowed.
static bool
reserve(struct buffer *buffer, size_t more)
{
    if (buffer->overflowed || more > buffer->limit_bytes - buffer->size) {
        buffer->overflowed = true;
        return false;
    }
    size_t needed = buffer->size + more + 1;
    if (needed <= buffer->capacity)
        return true;
    size_t capacity = buffer->capacity ? buffer->capacity : FIRST_CAPACITY_BYTES;
    while (capacity < needed)
        capacity = capacity > buffer->limit_bytes / 2 ? buffer->limit_bytes + 1 : capacity * 2;
    char *data = realloc(buffer->data, capacity);
    if (!data) {
        buffer->overflowed = true;
        buffer->is_starved = true;
        return false;
    }
    buffer->data = data;
    buffer->capacity = capacity;
    return true;
}

void
buffer_add(struct buffer *buffer, const void *bytes, size_t size)
{
    if (!reserve(buffer, size))
        return;
    if (size)
        memcpy(buffer->data + buffer->size, bytes, size);
    buffer->size += size;
    buffer->data[buffer->size] = '\0';
}

void
buffer_add_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

void
buffer_add_char(struct buffer *buffer, char c)
{
    buffer_add(buffer, &c, 1);
}

void
buffer_add_format(struct buffer *buffer, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    size_t room = buffer->capacity - buffer->size;
    char *end = buffer->data ? buffer->data + buffer->size : NULL;
    int length = vsnprintf(end, end ? room : 0, format, arguments);
    if (length < 0) {
        buffer->overflowed = true;
    } else if (reserve(buffer, (size_t)length)) {
        if ((size_t)length >= room)
            (void)vsnprintf(buffer->data + buffer->size, (size_t)length + 1, format, again);
        buffer->size += (size_t)length;
    }
    if (buffer->data)
        buffer->data[buffer->size] = '\0';
    va_end(again);
    va_end(arguments);
}
