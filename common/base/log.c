// One log line: built whole in a buffer on the stack and written by one write(2), so lines of threads never mix.
#include "vekha/base/log.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "vekha/base/text.h"
#include "vekha/base/time.h"

// A line of at most PIPE_BUF bytes stays whole in a pipe that several processes write to.
enum { LINE_BYTES = 4096, RESERVED_BYTES = 4 };

// Process-lifetime: set once by log_open() before threads start.
static const char *const LEVEL_NAMES[] = {
    [LOG_DEBUG] = "debug", [LOG_INFO] = "info", [LOG_WARNING] = "warning", [LOG_ERROR] = "error"};

enum log_level
log_level_named(const char *name)
{
    for (enum log_level level = LOG_DEBUG; level <= LOG_ERROR; level++)
        if (strcmp(name, LEVEL_NAMES[level]) == 0)
            return level;
    return LOG_INFO;
}

static struct {
    const char *process;
    enum log_level least;
} settings = {"", LOG_INFO};

struct line {
    char data[LINE_BYTES];
    size_t size;
};

void
log_open(const char *process, enum log_level least)
{
    settings.process = process;
    settings.least = least;
}

static bool
add(struct line *line, const char *bytes, size_t size)
{
    if (size > LINE_BYTES - RESERVED_BYTES - line->size)
        return false;
    memcpy(line->data + line->size, bytes, size);
    line->size += size;
    return true;
}

// Bytes of the UTF-8 character at the start of text, 0 when it is broken.
static size_t
character_size(const char *text)
{
    if ((unsigned char)*text < 0x80)
        return 1;
    for (size_t size = 1; size <= 4 && text[size - 1] != '\0'; size++)
        if (text_is_utf8(text, size))
            return size;
    return 0;
}

// Not for eyes: C0, DEL, C1 (terminal commands) and the two line separators that JavaScript breaks lines at.
static bool
is_control(const char *character, size_t size)
{
    const unsigned char *c = (const unsigned char *)character;
    return (size == 1 && (c[0] < 0x20 || c[0] == 0x7f)) || (size == 2 && c[0] == 0xc2 && c[1] < 0xa0) ||
           (size == 3 && c[0] == 0xe2 && c[1] == 0x80 && (c[2] == 0xa8 || c[2] == 0xa9));
}

static uint32_t
code_point(const char *character, size_t size)
{
    const unsigned char *c = (const unsigned char *)character;
    if (size == 1)
        return c[0];
    return size == 2 ? (c[0] & 0x1fU) << 6 | (c[1] & 0x3fU)
                     : (c[0] & 0x0fU) << 12 | (c[1] & 0x3fU) << 6 | (c[2] & 0x3fU);
}

// A JSON string. What does not fit is cut at a character; the closing quote always fits.
static void
add_string(struct line *line, const char *text)
{
    if (!add(line, "\"", 1))
        return;
    while (*text) {
        size_t size = character_size(text);
        char escaped[8];
        bool fits;
        if (size == 0) {
            fits = add(line, "\xef\xbf\xbd", 3);
            size = 1;
        } else if (is_control(text, size)) {
            (void)snprintf(escaped, sizeof escaped, "\\u%04x", (unsigned)code_point(text, size));
            fits = add(line, escaped, 6);
        } else if (*text == '"' || *text == '\\') {
            escaped[0] = '\\';
            escaped[1] = *text;
            fits = add(line, escaped, 2);
        } else {
            fits = add(line, text, size);
        }
        if (!fits)
            break;
        text += size;
    }
    line->data[line->size++] = '"';
}

static void
add_pair(struct line *line, const char *key, const char *value)
{
    // A pair is begun only if at least its key and an empty value have room.
    if (line->size + strlen(key) * 6 + 16 > LINE_BYTES - RESERVED_BYTES)
        return;
    (void)add(line, line->size == 1 ? "" : ",", line->size == 1 ? 0 : 1);
    add_string(line, key);
    (void)add(line, ":", 1);
    add_string(line, value ? value : "");
}

void
log_write(enum log_level level, const char *message, ...)
{
    if (level < settings.least)
        return;
    struct timespec now = {0};
    (void)clock_gettime(CLOCK_REALTIME, &now); // a moved business clock would make logs unreadable
    char time_text[25];
    time_format_utc((int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000, time_text);

    struct line line;
    line.data[0] = '{';
    line.size = 1;
    add_pair(&line, "time", time_text);
    add_pair(&line, "level", LEVEL_NAMES[level <= LOG_ERROR ? level : LOG_ERROR]);
    add_pair(&line, "process", settings.process);
    add_pair(&line, "message", message);
    va_list pairs;
    va_start(pairs, message);
    for (const char *key = va_arg(pairs, const char *); key; key = va_arg(pairs, const char *)) {
        const char *value = va_arg(pairs, const char *);
        add_pair(&line, key, value);
    }
    va_end(pairs);
    line.data[line.size++] = '}';
    line.data[line.size++] = '\n';
    ssize_t written = write(STDERR_FILENO, line.data, line.size);
    (void)written; // there is nowhere to say that logging failed
}
