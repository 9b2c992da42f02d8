// Names, pieces and the outer look of a PDF.
#include "rules.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char extension[] = ".pdf";

// ---- names

// The next character of valid UTF-8; advances *text.
static uint32_t
next_char(const unsigned char **text)
{
    const unsigned char *bytes = *text;
    if (bytes[0] < 0x80) {
        *text += 1;
        return bytes[0];
    }
    size_t length = bytes[0] >= 0xf0 ? 4 : bytes[0] >= 0xe0 ? 3 : 2;
    uint32_t c = bytes[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((bytes[i] & 0xc0) != 0x80) {
            *text += i;
            return 0xfffd;
        }
        c = c << 6 | (bytes[i] & 0x3fu);
    }
    *text += length;
    return c;
}

// Characters that show nothing, or make a name look like another one.
static bool
is_invisible(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x0000, 0x001f}, {0x007f, 0x009f}, {0x00ad, 0x00ad},   {0x061c, 0x061c}, {0x180e, 0x180e},
        {0x200b, 0x200f}, {0x2028, 0x202e}, {0x2060, 0x206f},   {0xfe00, 0xfe0f}, {0xfeff, 0xfeff},
        {0xfff0, 0xfffd}, {0xd800, 0xdfff}, {0xe0000, 0xe0fff},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

static bool
is_space(uint32_t c)
{
    return c == ' ' || c == 0x00a0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x202f || c == 0x205f ||
           c == 0x3000;
}

// Characters Windows does not allow in names.
static bool
is_forbidden(uint32_t c)
{
    return c < 0x80 && c != 0 && strchr("<>:\"|?*", (int)c) != NULL;
}

static const char *
last_component(const char *name)
{
    const char *start = name;
    for (const char *c = name; *c; c++)
        if (*c == '/' || *c == '\\')
            start = c + 1;
    return start;
}

// Visible characters of `name` into out, at most max_chars; runs of spaces become one.
static size_t
copy_visible(const char *name, char *out, size_t max_chars)
{
    size_t used = 0;
    size_t chars = 0;
    bool after_space = true;
    const unsigned char *text = (const unsigned char *)name;
    while (*text && chars < max_chars) {
        const unsigned char *start = text;
        uint32_t c = next_char(&text);
        if (is_invisible(c) || (is_space(c) && after_space))
            continue;
        after_space = is_space(c);
        if (after_space || is_forbidden(c)) {
            out[used++] = after_space ? ' ' : '_';
        } else {
            memcpy(out + used, start, (size_t)(text - start));
            used += (size_t)(text - start);
        }
        chars++;
    }
    out[used] = '\0';
    return used;
}

static size_t
trim_end(char *name, size_t used)
{
    while (used > 0 && (name[used - 1] == ' ' || name[used - 1] == '.'))
        used--;
    name[used] = '\0';
    return used;
}

// Names of devices on Windows, which no extension makes harmless.
static bool
is_device(const char *base, size_t size)
{
    static const char *const devices[] = {"CON", "PRN", "AUX", "NUL"};
    // What counts there is the part before the first point.
    const char *point = memchr(base, '.', size);
    size_t length = point ? (size_t)(point - base) : size;
    for (size_t i = 0; i < sizeof devices / sizeof devices[0]; i++)
        if (length == 3 && strncasecmp(base, devices[i], 3) == 0)
            return true;
    return length == 4 && (strncasecmp(base, "COM", 3) == 0 || strncasecmp(base, "LPT", 3) == 0) && base[3] >= '0' &&
           base[3] <= '9';
}

void
file_name_clean(const char *name, char out[FILE_NAME_BYTES])
{
    const size_t extension_chars = sizeof extension - 1;
    char visible[FILE_NAME_BYTES];
    const char *component = last_component(name);
    // Cut off first: the extension goes back on whatever the length.
    size_t used = trim_end(visible, copy_visible(component, visible, FILE_NAME_MAX_CHARS));
    if (used >= extension_chars && strcasecmp(visible + used - extension_chars, extension) == 0)
        trim_end(visible, used - extension_chars);
    const char *start = visible;
    while (*start == '.' || *start == ' ')
        start++;
    char *target = out;
    if (!*start)
        start = "document";
    if (is_device(start, strlen(start)))
        *target++ = '_';
    size_t room = FILE_NAME_MAX_CHARS - extension_chars - (size_t)(target - out);
    target += trim_end(target, copy_visible(start, target, room));
    memcpy(target, extension, sizeof extension);
}

// ---- pieces

enum piece
piece_judge(uint64_t offset, uint64_t length, uint64_t arrived, uint64_t announced)
{
    if (length > PIECE_MAX_BYTES)
        return PIECE_TOO_LARGE;
    if (offset > arrived)
        return PIECE_GAP;
    if (offset > announced || length > announced - offset)
        return PIECE_TOO_LONG;
    return PIECE_FITS;
}

uint32_t
download_length(uint64_t offset, uint32_t asked, uint64_t total)
{
    if (offset >= total)
        return 0;
    uint64_t left = total - offset;
    uint32_t length = asked == 0 || asked > DOWNLOAD_PIECE_MAX_BYTES ? DOWNLOAD_PIECE_MAX_BYTES : asked;
    return left < length ? (uint32_t)left : length;
}

// ---- content

bool
pdf_has_header(const void *head, size_t size)
{
    return size >= PDF_HEAD_BYTES && memcmp(head, "%PDF-", PDF_HEAD_BYTES) == 0;
}

bool
pdf_has_end(const void *tail, size_t size)
{
    return memmem(tail, size, "%%EOF", 5) != NULL;
}

bool
sha256_is_hex(const char *text)
{
    return strspn(text, "0123456789abcdefABCDEF") == SHA256_CHARS && text[SHA256_CHARS] == '\0';
}

bool
pdf_answer_parse(const char *line, enum pdf_verdict *ret_verdict, uint32_t *ret_pages)
{
    static const struct {
        const char *word;
        enum pdf_verdict verdict;
    } words[] = {
        {"damaged", PDF_DAMAGED}, {"encrypted", PDF_ENCRYPTED}, {"empty", PDF_EMPTY}, {"javascript", PDF_ACTIVE}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (strcmp(line, words[i].word) == 0) {
            *ret_verdict = words[i].verdict;
            *ret_pages = 0;
            return true;
        }
    if (strncmp(line, "ok ", 3) != 0 || line[3] < '1' || line[3] > '9')
        return false;
    char *end;
    errno = 0;
    unsigned long pages = strtoul(line + 3, &end, 10);
    if (errno != 0 || *end || pages > INT32_MAX)
        return false;
    *ret_verdict = PDF_SOUND;
    *ret_pages = (uint32_t)pages;
    return true;
}
