// Base64 (RFC 4648) both ways.
#include "base64.h"

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static int
digit_value(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    if (c == '+' || c == '-')
        return 62;
    return c == '/' || c == '_' ? 63 : -1;
}

size_t
base64_decoded_max(size_t size)
{
    return size / 4 * 3 + 3;
}

long
base64_decode(const char *text, size_t size, uint8_t *out)
{
    size_t digits = size;
    while (digits > 0 && text[digits - 1] == '=')
        digits--;
    size_t padding = size - digits, rest = digits % 4;
    if (rest == 1 || padding > 2 || (padding > 0 && size % 4 != 0))
        return -1;
    uint32_t bits = 0;
    size_t written = 0;
    for (size_t i = 0; i < digits; i++) {
        int value = digit_value(text[i]);
        if (value < 0)
            return -1;
        bits = bits << 6 | (uint32_t)value;
        if (i % 4 == 3) {
            out[written++] = (uint8_t)(bits >> 16);
            out[written++] = (uint8_t)(bits >> 8);
            out[written++] = (uint8_t)bits;
            bits = 0;
        }
    }
    if (rest == 2)
        out[written++] = (uint8_t)(bits >> 4);
    if (rest == 3) {
        out[written++] = (uint8_t)(bits >> 10);
        out[written++] = (uint8_t)(bits >> 2);
    }
    return (long)written;
}

void
base64_write(struct buffer *out, const uint8_t *data, size_t size)
{
    char piece[4 * 64];
    size_t filled = 0;
    for (size_t i = 0; i < size; i += 3) {
        size_t left = size - i;
        uint32_t bits = (uint32_t)data[i] << 16 | (left > 1 ? (uint32_t)data[i + 1] << 8 : 0) |
                        (left > 2 ? (uint32_t)data[i + 2] : 0);
        piece[filled++] = DIGITS[bits >> 18];
        piece[filled++] = DIGITS[bits >> 12 & 63];
        piece[filled++] = left > 1 ? DIGITS[bits >> 6 & 63] : '=';
        piece[filled++] = left > 2 ? DIGITS[bits & 63] : '=';
        if (filled == sizeof piece) {
            buffer_add(out, piece, filled);
            filled = 0;
        }
    }
    buffer_add(out, piece, filled);
}
