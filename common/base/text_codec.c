// Bytes as text and back: UUIDs, hex digits, URL-safe base64.
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "vekha/base/text.h"
#include "vekha/base/time.h"

// getrandom() gives up to 256 bytes whole once the kernel is seeded; without randomness nothing here may go on.
static void
fill_random(void *out, size_t size)
{
    if (getrandom(out, size, 0) != (ssize_t)size)
        abort();
}

void
text_make_uuid(char out[37])
{
    uint8_t bytes[16];
    fill_random(bytes + 6, sizeof bytes - 6);
    uint64_t now_ms = (uint64_t)clock_now_ms();
    for (int i = 5; i >= 0; i--, now_ms >>= 8)
        bytes[i] = (uint8_t)now_ms;
    bytes[6] = (uint8_t)(0x70 | (bytes[6] & 0x0f)); // version 7
    bytes[8] = (uint8_t)(0x80 | (bytes[8] & 0x3f)); // variant of RFC 9562

    char hex[33];
    text_to_hex(bytes, sizeof bytes, hex);
    static const size_t group_sizes[] = {8, 4, 4, 4, 12};
    const char *from = hex;
    for (size_t i = 0; i < sizeof group_sizes / sizeof *group_sizes; i++) {
        memcpy(out, from, group_sizes[i]);
        from += group_sizes[i];
        out += group_sizes[i];
        *out++ = '-';
    }
    out[-1] = '\0';
}

void
text_to_hex(const void *bytes, size_t size, char *out)
{
    static const char digits[] = "0123456789abcdef";
    const uint8_t *from = bytes;
    for (size_t i = 0; i < size; i++) {
        *out++ = digits[from[i] >> 4];
        *out++ = digits[from[i] & 15];
    }
    *out = '\0';
}

static int
hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

bool
text_from_hex(const char *hex, void *out, size_t size)
{
    uint8_t *to = out;
    if (!hex || strlen(hex) != size * 2)
        return false;
    for (size_t i = 0; i < size; i++) {
        int high = hex_value(hex[2 * i]), low = hex_value(hex[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        to[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

static const char base64url_digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

void
text_to_base64url(const void *bytes, size_t size, char *out)
{
    const uint8_t *from = bytes;
    uint32_t bits = 0;
    unsigned bit_count = 0;
    for (size_t i = 0; i < size; i++) {
        bits = bits << 8 | from[i];
        for (bit_count += 8; bit_count >= 6;) {
            bit_count -= 6;
            *out++ = base64url_digits[bits >> bit_count & 63];
        }
    }
    if (bit_count > 0)
        *out++ = base64url_digits[bits << (6 - bit_count) & 63];
    *out = '\0';
}

static int
base64url_value(char c)
{
    const char *digit = c ? strchr(base64url_digits, c) : NULL;
    return digit ? (int)(digit - base64url_digits) : -1;
}

long
text_from_base64url(const char *text, void *out, size_t capacity)
{
    uint8_t *to = out;
    size_t length = text ? strlen(text) : 0, size = 0;
    uint32_t bits = 0;
    unsigned bit_count = 0;
    if (!text || length % 4 == 1 || length / 4 * 3 + length % 4 * 3 / 4 > capacity)
        return -1;
    for (size_t i = 0; i < length; i++) {
        int value = base64url_value(text[i]);
        if (value < 0)
            return -1;
        bits = bits << 6 | (uint32_t)value;
        bit_count += 6;
        if (bit_count >= 8) {
            bit_count -= 8;
            to[size++] = (uint8_t)(bits >> bit_count);
        }
    }
    // Left-over bits must be zero: each byte string has one text only.
    return (bits & ((1U << bit_count) - 1)) == 0 ? (long)size : -1;
}
