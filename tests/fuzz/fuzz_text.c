// Identifiers, dates, moments and UTF-8 as strangers write them: each check agrees with a second way to tell.
#include "fuzz.h"

#include "vekha/base/text.h"
#include "vekha/base/time.h"

enum { INPUT_MAX = 256 };

// By the number a character means instead of by tables of bytes.
static bool
is_utf8_by_numbers(const uint8_t *bytes, size_t size)
{
    static const uint32_t LEAST[] = {0, 1, 0x80, 0x800, 0x10000};
    for (size_t at = 0; at < size;) {
        uint8_t lead = bytes[at];
        size_t length = lead < 0x80 ? 1 : lead >> 5 == 6 ? 2 : lead >> 4 == 14 ? 3 : lead >> 3 == 30 ? 4 : 0;
        if (length == 0 || length > size - at)
            return false;
        uint32_t number = length == 1 ? lead : lead & (0x7fU >> length);
        for (size_t i = 1; i < length; i++) {
            if (bytes[at + i] >> 6 != 2)
                return false;
            number = number << 6 | (bytes[at + i] & 0x3f);
        }
        if (number < LEAST[length] || number > 0x10ffff || (number >= 0xd800 && number < 0xe000))
            return false;
        at += length;
    }
    return true;
}

static void
check_moment(const char *text)
{
    int64_t moment, again;
    char written[25];
    bool is_moment = time_parse(text, &moment) == STATUS_OK;
    DEMAND(is_moment == text_is_timestamp(text));
    if (is_moment) {
        time_format_utc(moment, written);
        DEMAND(strlen(written) == 24 && time_parse(written, &again) == STATUS_OK && again == moment);
    }
    if (text_is_date(text)) {
        char midnight[32];
        (void)snprintf(midnight, sizeof midnight, "%sT00:00:00.000Z", text);
        DEMAND(time_parse(midnight, &moment) == STATUS_OK);
        time_format_utc(moment, written);
        DEMAND(strcmp(written, midnight) == 0);
    }
}

static void
check_shapes(const char *text)
{
    uint8_t bytes[INPUT_MAX];
    char hex[2 * INPUT_MAX + 1];
    size_t size = strlen(text);
    DEMAND(!text_is_uuid(text) || (size == 36 && strspn(text, "0123456789abcdefABCDEF-") == 36));
    DEMAND(!text_is_email(text) || (size <= 254 && strchr(text, '@') == strrchr(text, '@')));
    DEMAND(!text_is_email(text) || strpbrk(text, " \t\r\n<>,;:\"\\") == NULL);
    DEMAND(!text_is_phone(text) || strspn(text, "+0123456789()- ") == size);
    DEMAND(!text_is_code(text) || strspn(text, "abcdefghijklmnopqrstuvwxyz0123456789-") == size);
    DEMAND(!text_is_blank(text) || (!text_is_code(text) && !text_is_phone(text)));
    if (text_from_hex(text, bytes, size / 2)) {
        text_to_hex(bytes, size / 2, hex);
        for (size_t i = 0; i < size; i++)
            DEMAND(hex[i] == (text[i] >= 'A' && text[i] <= 'F' ? text[i] - 'A' + 'a' : text[i]));
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[INPUT_MAX + 1];
    if (size > INPUT_MAX)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    bool is_utf8 = text_is_utf8((const char *)data, size);
    DEMAND(is_utf8 == is_utf8_by_numbers(data, size));
    if (is_utf8)
        DEMAND(strlen(text) == size && text_count_chars(text) <= size);
    check_moment(text);
    check_shapes(text);
    return 0;
}
