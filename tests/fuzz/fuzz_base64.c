// Both readers of base64, of JSON's bytes and of tokens: each gives back what its writer wrote, and they agree.
#include "fuzz.h"

#include "base64.h"

enum { INPUT_MAX = 1024 };

// Any bytes, written and read.
static void
check_writing(const uint8_t *data, size_t size)
{
    static struct buffer out;
    char url[INPUT_MAX * 4 / 3 + 4];
    uint8_t decoded[INPUT_MAX + 3];
    if (out.limit_bytes == 0)
        buffer_init(&out, (size_t)4 * INPUT_MAX);
    buffer_reset(&out);
    base64_write(&out, data, size);
    DEMAND(out.size == (size + 2) / 3 * 4 && !out.overflowed);
    DEMAND(base64_decode(size == 0 ? "" : out.data, out.size, decoded) == (long)size);
    DEMAND(memcmp(decoded, data, size) == 0);
    text_to_base64url(data, size, url);
    DEMAND(strlen(url) == (size * 4 + 2) / 3);
    DEMAND(text_from_base64url(url, decoded, sizeof decoded) == (long)size && memcmp(decoded, data, size) == 0);
    DEMAND(base64_decode(url, strlen(url), decoded) == (long)size && memcmp(decoded, data, size) == 0);
}

// Any text, read.
static void
check_reading(const char *text, size_t size)
{
    uint8_t one[INPUT_MAX + 3], other[INPUT_MAX + 3];
    char again[INPUT_MAX * 4 / 3 + 4];
    long length = base64_decode(text, size, one);
    DEMAND(length >= -1 && length <= (long)base64_decoded_max(size));
    long url_length = text_from_base64url(text, other, sizeof other);
    if (url_length < 0 || strlen(text) != size)
        return;
    // One text only for each byte string, and the more lenient reader agrees.
    text_to_base64url(other, (size_t)url_length, again);
    DEMAND(strcmp(again, text) == 0);
    DEMAND(length == url_length && memcmp(one, other, (size_t)length) == 0);
    DEMAND(url_length == 0 || text_from_base64url(text, other, (size_t)url_length - 1) == -1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[INPUT_MAX + 1];
    if (size > INPUT_MAX)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    check_writing(data, size);
    check_reading(text, size);
    return 0;
}
