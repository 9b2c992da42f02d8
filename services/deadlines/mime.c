// A letter as text of RFC 5322 with MIME.
#include "mime.h"

#include <stdbool.h>
#include <string.h>
#include <time.h>

#include "vekha/base/text.h"

enum { LINE_BYTES = 57, WORD_BYTES = 45, PLAIN_CHARS = 60 };

// out holds (size + 2) / 3 * 4 characters.
static size_t
encode(const unsigned char *bytes, size_t size, char *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    char *next = out;
    for (size_t i = 0; i < size; i += 3) {
        unsigned left = (unsigned)(size - i);
        unsigned triple = (unsigned)bytes[i] << 16 | (left > 1 ? (unsigned)bytes[i + 1] << 8 : 0) |
                          (left > 2 ? (unsigned)bytes[i + 2] : 0);
        *next++ = digits[triple >> 18];
        *next++ = digits[triple >> 12 & 63];
        *next++ = left > 1 ? digits[triple >> 6 & 63] : '=';
        *next++ = left > 2 ? digits[triple & 63] : '=';
    }
    return (size_t)(next - out);
}

const char *
mime_base64(struct arena *arena, const char *text)
{
    size_t size = strlen(text);
    char *out = arena_take(arena, (size + 2) / 3 * 4 + (size / LINE_BYTES + 1) * 2 + 1);
    if (!out)
        return NULL;
    char *next = out;
    for (size_t i = 0; i < size; i += LINE_BYTES) {
        next += encode((const unsigned char *)text + i, size - i < LINE_BYTES ? size - i : LINE_BYTES, next);
        *next++ = '\r';
        *next++ = '\n';
    }
    *next = '\0';
    return out;
}

static bool
is_plain(const char *text)
{
    size_t size = strlen(text);
    for (const char *c = text; *c; c++)
        if (*c < ' ' || *c > '~')
            return false;
    return size <= PLAIN_CHARS && !strstr(text, "=?");
}

static char *
without_control_characters(struct arena *arena, const char *text)
{
    char *clean = arena_copy(arena, text);
    for (char *c = clean; c && *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            *c = ' ';
    return clean;
}

// Bytes of the longest beginning that fits and cuts no character.
static size_t
word_size(const char *text)
{
    size_t size = strnlen(text, WORD_BYTES + 1);
    if (size <= WORD_BYTES)
        return size;
    size = WORD_BYTES;
    while (size > 0 && ((unsigned char)text[size] & 0xC0) == 0x80)
        size--;
    return size > 0 ? size : WORD_BYTES;
}

const char *
mime_header_text(struct arena *arena, const char *text)
{
    static const char begin[] = "=?UTF-8?B?", end[] = "?=", fold[] = "\r\n ";
    char *clean = without_control_characters(arena, text);
    if (!clean || is_plain(clean))
        return clean;
    size_t words = strlen(clean) / (WORD_BYTES - 3) + 1;
    char *out = arena_take(arena, words * (sizeof begin + sizeof end + sizeof fold + (WORD_BYTES + 2) / 3 * 4) + 1);
    if (!out)
        return NULL;
    char *next = out;
    for (const char *rest = clean; *rest;) {
        size_t size = word_size(rest);
        if (next != out)
            next = mempcpy(next, fold, sizeof fold - 1);
        next = mempcpy(next, begin, sizeof begin - 1);
        next += encode((const unsigned char *)rest, size, next);
        next = mempcpy(next, end, sizeof end - 1);
        rest += size;
    }
    *next = '\0';
    return out;
}

const char *
mime_date(struct arena *arena, int64_t ms)
{
    time_t seconds = (time_t)(ms / 1000);
    struct tm parts;
    char text[40];
    if (!gmtime_r(&seconds, &parts) || strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S +0000", &parts) == 0)
        return NULL;
    return arena_copy(arena, text);
}

static const char *
plain_content(struct arena *arena, const char *text)
{
    const char *coded = mime_base64(arena, text);
    return coded ? arena_format(arena,
                                "Content-Type: text/plain; charset=UTF-8\r\n"
                                "Content-Transfer-Encoding: base64\r\n"
                                "\r\n%s",
                                coded)
                 : NULL;
}

// Both ways of saying it, the richer one last. A line of base64 never begins with two hyphens.
static const char *
content_of(struct arena *arena, const struct letter *letter)
{
    const char *plain = plain_content(arena, letter->body);
    if (!plain || !letter->html || !*letter->html)
        return plain;
    const char *html = mime_base64(arena, letter->html);
    return html ? arena_format(arena,
                               "Content-Type: multipart/alternative; boundary=\"-%s\"\r\n"
                               "\r\n---%s\r\n%s"
                               "---%s\r\n"
                               "Content-Type: text/html; charset=UTF-8\r\n"
                               "Content-Transfer-Encoding: base64\r\n"
                               "\r\n%s---%s--\r\n",
                               letter->id, letter->id, plain, letter->id, html, letter->id)
                : NULL;
}

const char *
mime_letter(struct arena *arena, const struct letter *letter)
{
    if (!text_is_email(letter->from_address) || !text_is_email(letter->to_address) || !text_is_uuid(letter->id))
        return NULL;
    const char *subject = mime_header_text(arena, letter->subject), *name = mime_header_text(arena, letter->from_name),
               *content = content_of(arena, letter), *date = mime_date(arena, letter->written_ms);
    if (!subject || !name || !content || !date)
        return NULL;
    bool is_quoted = *name && name[0] != '=';
    // A plain name goes into quotes, so it may not hold any.
    if (is_quoted && strpbrk(name, "\"\\"))
        return NULL;
    const char *quote = is_quoted ? "\"" : "";
    return arena_format(arena,
                        "Date: %s\r\n"
                        "From: %s%s%s%s<%s>\r\n"
                        "To: <%s>\r\n"
                        "Message-ID: <%s%s>\r\n"
                        "Subject: %s\r\n"
                        "Auto-Submitted: auto-generated\r\n"
                        "MIME-Version: 1.0\r\n"
                        "%s",
                        date, quote, name, quote, *name ? " " : "", letter->from_address, letter->to_address,
                        letter->id, strchr(letter->from_address, '@'), subject, content);
}
