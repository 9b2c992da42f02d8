// What a document is called, by whoever uploads it: always a safe name, and a Content-Disposition that gives exactly
// this name back.
#include "fuzz.h"

#include "disposition.h"
#include "rules.h"
#include "vekha/base/text.h"

enum { INPUT_MAX = 2048, DISPOSITION_BYTES = 64 * 1024, DISPOSITION_CHARS = 150 };

static int
hex_value(char c)
{
    return c <= '9' ? c - '0' : c - 'A' + 10;
}

// Reads the ext-value of RFC 8187 as a browser does.
static void
decode(const char *encoded, char *out)
{
    for (; *encoded != '\0'; encoded++) {
        if (*encoded != '%') {
            *out++ = *encoded;
            continue;
        }
        DEMAND(strspn(encoded + 1, "0123456789ABCDEF") >= 2);
        *out++ = (char)(hex_value(encoded[1]) << 4 | hex_value(encoded[2]));
        encoded += 2;
    }
    *out = '\0';
}

// `is_clean`: the name has nothing that a header or a disk would not take.
static void
check_disposition(const char *name, bool is_clean)
{
    static struct buffer out;
    static char decoded[DISPOSITION_BYTES];
    static const char START[] = "attachment; filename=\"", MIDDLE[] = "\"; filename*=UTF-8''";
    if (out.limit_bytes == 0)
        buffer_init(&out, DISPOSITION_BYTES);
    buffer_reset(&out);
    disposition_write(&out, "attachment", name);
    DEMAND(out.data != NULL && !out.overflowed);
    for (const char *c = out.data; *c != '\0'; c++)
        DEMAND(*c >= ' ' && *c <= '~');
    DEMAND(strncmp(out.data, START, strlen(START)) == 0);
    const char *ascii = out.data + strlen(START), *middle = strstr(ascii, MIDDLE);
    DEMAND(middle != NULL && memchr(ascii, '"', (size_t)(middle - ascii)) == NULL);
    DEMAND(memchr(ascii, '\\', (size_t)(middle - ascii)) == NULL);
    decode(middle + strlen(MIDDLE), decoded);
    DEMAND(text_is_utf8(decoded, strlen(decoded)) && strpbrk(decoded, "\"\\/\r\n") == NULL);
    if (is_clean && text_count_chars(name) <= DISPOSITION_CHARS && strpbrk(name, "%;") == NULL)
        DEMAND(strcmp(decoded, name) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char given[INPUT_MAX + 1], kept[FILE_NAME_BYTES], again[FILE_NAME_BYTES];
    if (size > INPUT_MAX)
        return 0;
    memcpy(given, data, size);
    given[size] = '\0';
    check_disposition(given, false);
    file_name_clean(given, kept);
    size_t length = strlen(kept);
    DEMAND(length > 4 && strcmp(kept + length - 4, ".pdf") == 0 && strpbrk(kept, "/\\\r\n\t\"<>:|?*") == NULL);
    if (!text_is_utf8(given, strlen(given)))
        return 0;
    DEMAND(text_is_utf8(kept, length) && text_count_chars(kept) <= FILE_NAME_MAX_CHARS);
    // A clean name is left as it is.
    file_name_clean(kept, again);
    DEMAND(strcmp(kept, again) == 0);
    check_disposition(kept, true);
    return 0;
}
