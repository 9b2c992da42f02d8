// Text as it comes from outside: what counts as UTF-8, a date, an address, a number.
#include "vekha/base/text.h"

#include <string.h>

#include "vekha/base/time.h"

enum { MAX_WHOLE_DIGITS = 15, MAX_NUMBER_BYTES = 200, MAX_EMAIL_BYTES = 254 };

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool
is_alphanumeric(char c)
{
    return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z');
}

// Bytes of the well-formed character at the start, 0 when there is none. RFC 3629's table: the second byte's range is
// what keeps out overlong forms, surrogates and everything above U+10FFFF.
static size_t
utf8_character_size(const unsigned char *bytes, size_t size)
{
    unsigned char lead = bytes[0], low = 0x80, high = 0xbf;
    size_t length;
    if (lead < 0x80)
        return lead != 0;
    if (lead >= 0xc2 && lead <= 0xdf) {
        length = 2;
    } else if (lead >= 0xe0 && lead <= 0xef) {
        length = 3;
        low = lead == 0xe0 ? 0xa0 : low;
        high = lead == 0xed ? 0x9f : high;
    } else if (lead >= 0xf0 && lead <= 0xf4) {
        length = 4;
        low = lead == 0xf0 ? 0x90 : low;
        high = lead == 0xf4 ? 0x8f : high;
    } else {
        return 0;
    }
    if (size < length || bytes[1] < low || bytes[1] > high)
        return 0;
    for (size_t i = 2; i < length; i++)
        if ((bytes[i] & 0xc0) != 0x80)
            return 0;
    return length;
}

bool
text_is_utf8(const char *text, size_t size)
{
    const unsigned char *bytes = (const unsigned char *)text;
    for (size_t at = 0; at < size;) {
        size_t length = utf8_character_size(bytes + at, size - at);
        if (length == 0)
            return false;
        at += length;
    }
    return true;
}

size_t
text_count_chars(const char *text)
{
    size_t count = 0;
    for (; *text; text++)
        count += ((unsigned char)*text & 0xc0) != 0x80;
    return count;
}

static size_t
prefix_size(const char *text, const char *prefix)
{
    size_t size = strlen(prefix);
    return strncmp(text, prefix, size) == 0 ? size : 0;
}

// Bytes of the space at the start of the text, 0 when it is none: ASCII, no-break U+00A0, the widths U+2000 to U+200B,
// narrow no-break U+202F, mathematical U+205F, ideographic U+3000, and the invisible U+FEFF.
static size_t
space_size(const char *text)
{
    if (*text == ' ' || (*text >= '\t' && *text <= '\r'))
        return 1;
    if (prefix_size(text, "\xe2\x80") && (unsigned char)text[2] >= 0x80 && (unsigned char)text[2] <= 0x8b)
        return 3;
    static const char *const others[] = {"\xc2\xa0", "\xe2\x80\xaf", "\xe2\x81\x9f", "\xe3\x80\x80", "\xef\xbb\xbf"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (prefix_size(text, others[i]))
            return prefix_size(text, others[i]);
    return 0;
}

bool
text_is_blank(const char *text)
{
    if (!text)
        return true;
    for (size_t size; (size = space_size(text)) > 0;)
        text += size;
    return *text == '\0';
}

bool
text_is_uuid(const char *text)
{
    static const char shape[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    if (!text)
        return false;
    for (size_t i = 0; i < sizeof shape - 1; i++) {
        char c = text[i];
        bool is_hex = is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
        if (shape[i] == 'x' ? !is_hex : c != '-')
            return false;
    }
    return text[sizeof shape - 1] == '\0';
}

bool
text_is_date(const char *text)
{
    enum { DATE_CHARS = 10 };
    static const char midnight[] = "T00:00:00Z";
    char moment[DATE_CHARS + sizeof midnight];
    if (!text || strnlen(text, DATE_CHARS + 1) != DATE_CHARS)
        return false;
    memcpy(moment, text, DATE_CHARS);
    memcpy(moment + DATE_CHARS, midnight, sizeof midnight);
    return text_is_timestamp(moment);
}

bool
text_is_timestamp(const char *text)
{
    int64_t ignored;
    return time_parse(text, &ignored) == STATUS_OK;
}

// Labels of letters, digits and inner hyphens, at least two of them (RFC 1035, RFC 1123).
static bool
is_domain(const char *text)
{
    size_t labels = 0;
    while (true) {
        size_t length = 0;
        while (is_alphanumeric(text[length]) || text[length] == '-')
            length++;
        if (length == 0 || length > 63 || text[0] == '-' || text[length - 1] == '-')
            return false;
        labels++;
        text += length;
        if (*text == '\0')
            return labels >= 2;
        if (*text++ != '.')
            return false;
    }
}

// The dot-atom form of RFC 5321, which is what mail providers give out; quoted local parts are refused.
bool
text_is_email(const char *text)
{
    if (!text || strnlen(text, MAX_EMAIL_BYTES + 1) > MAX_EMAIL_BYTES)
        return false;
    const char *at = strchr(text, '@');
    if (!at || at == text || at - text > 64)
        return false;
    for (const char *c = text; c < at; c++) {
        if (*c == '.' && (c == text || c[1] == '.' || c + 1 == at))
            return false;
        if (!is_alphanumeric(*c) && !strchr(".!#$%&'*+/=?^_`{|}~-", *c))
            return false;
    }
    return is_domain(at + 1);
}

// An optional plus, then 5 to 15 digits (E.164), with spaces, hyphens and brackets for the eye.
bool
text_is_phone(const char *text)
{
    size_t digits = 0;
    int open_brackets = 0;
    if (!text)
        return false;
    if (*text == '+')
        text++;
    for (; *text; text++) {
        if (is_digit(*text))
            digits++;
        else if (*text == '(')
            open_brackets++;
        else if (*text == ')')
            open_brackets--;
        else if (*text != ' ' && *text != '-')
            return false;
        if (open_brackets < 0 || open_brackets > 1)
            return false;
    }
    return open_brackets == 0 && digits >= 5 && digits <= 15;
}

bool
text_in_territory(const char *path, const char *territory)
{
    if (strcmp(territory, "*") == 0)
        return true;
    size_t size = strlen(territory);
    return size > 0 && strncmp(path, territory, size) == 0 && (path[size] == '\0' || path[size] == '.');
}

bool
text_is_code(const char *text)
{
    if (!text || *text == '\0')
        return false;
    for (; *text; text++)
        if (!is_lower(*text) && !is_digit(*text) && *text != '-')
            return false;
    return true;
}

// The spaces people and spreadsheets put between groups of digits.
static size_t
group_space_size(const char *text)
{
    if (*text == ' ')
        return 1;
    if (prefix_size(text, "\xc2\xa0"))
        return 2;
    return prefix_size(text, "\xe2\x80\xaf") || prefix_size(text, "\xe2\x80\x89") ? 3 : 0;
}

// Copies the text without spaces around it and between its digits. False when another space is inside or it is too
// long for a number.
static bool
strip_spaces(const char *text, char out[MAX_NUMBER_BYTES + 1])
{
    size_t size = 0;
    while (*text) {
        size_t space = 0;
        for (size_t next; (next = group_space_size(text + space)) > 0;)
            space += next;
        text += space;
        if (*text == '\0')
            break;
        bool is_inside = space > 0 && size > 0;
        if (size == MAX_NUMBER_BYTES || (is_inside && (!is_digit(out[size - 1]) || !is_digit(*text))))
            return false;
        out[size++] = *text++;
    }
    out[size] = '\0';
    return true;
}

static size_t
count_digits(const char *text)
{
    size_t count = 0;
    while (is_digit(text[count]))
        count++;
    return count;
}

enum status
text_normalise_decimal(struct arena *arena, const char *text, unsigned max_decimals, const char **ret_decimal)
{
    char stripped[MAX_NUMBER_BYTES + 1];
    if (!text || !strip_spaces(text, stripped))
        return STATUS_INVALID;
    const char *whole = stripped;
    bool is_negative = *whole == '-';
    whole += is_negative;
    size_t whole_size = count_digits(whole), fraction_size = 0;
    const char *fraction = whole + whole_size;
    if (whole_size == 0)
        return STATUS_INVALID;
    if (*fraction == ',' || *fraction == '.') {
        fraction++;
        fraction_size = count_digits(fraction);
        if (fraction_size == 0)
            return STATUS_INVALID;
    }
    if (fraction[fraction_size] != '\0')
        return STATUS_INVALID;

    for (; whole_size > 1 && *whole == '0'; whole_size--)
        whole++;
    while (fraction_size > 0 && fraction[fraction_size - 1] == '0')
        fraction_size--;
    if (whole_size > MAX_WHOLE_DIGITS || fraction_size > max_decimals)
        return STATUS_INVALID;
    bool is_zero = whole_size == 1 && *whole == '0' && fraction_size == 0;
    char *decimal = arena_format(arena, "%s%.*s%s%.*s", is_negative && !is_zero ? "-" : "", (int)whole_size, whole,
                                 fraction_size ? "." : "", (int)fraction_size, fraction);
    if (!decimal)
        return STATUS_TOO_LARGE;
    *ret_decimal = decimal;
    return STATUS_OK;
}

const char *
text_plural(uint64_t count, const char *one, const char *few, const char *many)
{
    uint64_t tens = count % 100, ones = count % 10;
    if (tens >= 11 && tens <= 14)
        return many;
    if (ones == 1)
        return one;
    return ones >= 2 && ones <= 4 ? few : many;
}
