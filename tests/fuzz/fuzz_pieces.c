// Where a piece of a document begins and ends, said by headers of strangers: Range, Upload-Offset, lengths. Compared
// with the byte-by-byte meaning, for small documents, and for the largest ones within bounds.
#include "fuzz.h"

#include <strings.h>

#include "byte_range.h"
#include "request_head.h"
#include "rules.h"

enum { INPUT_MAX = 256, SMALL_TOTAL = 8 };

// Whether a byte of a document of `total` bytes is asked for, by the words of RFC 9110 14.1.2. The numbers are small.
static bool
is_asked_for(uint64_t byte, bool has_first, uint64_t first, bool has_last, uint64_t last, uint64_t total)
{
    if (!has_first)
        return byte + last >= total;
    return byte >= first && (!has_last || byte <= last);
}

static void
check_range_of(const char *header, uint64_t total)
{
    struct byte_range range = byte_range_parse(header, total);
    DEMAND(range.kind != RANGE_PART || (range.first <= range.last && range.last < total));
    DEMAND(header != NULL || range.kind == RANGE_WHOLE);
}

// `header` is "bytes=A-B" with small numbers.
static void
check_small_ranges(const char *header)
{
    uint64_t numbers[2] = {0};
    bool has[2] = {false};
    const char *at = header + 6;
    for (int i = 0; i < 2; i++, at++) {
        size_t digits = strspn(at, "0123456789");
        if (digits > 4)
            return;
        has[i] = digits > 0;
        for (; digits > 0; digits--)
            numbers[i] = numbers[i] * 10 + (uint64_t)(*at++ - '0');
        if (*at != (i == 0 ? '-' : '\0'))
            return;
    }
    for (uint64_t total = 0; total < SMALL_TOTAL; total++) {
        struct byte_range range = byte_range_parse(header, total);
        bool is_sense = (has[0] || has[1]) && !(has[0] && has[1] && numbers[0] > numbers[1]);
        DEMAND(is_sense == (range.kind != RANGE_WHOLE));
        bool any = false;
        for (uint64_t byte = 0; is_sense && byte < total; byte++) {
            bool expected = is_asked_for(byte, has[0], numbers[0], has[1], numbers[1], total);
            bool given = range.kind == RANGE_PART && byte >= range.first && byte <= range.last;
            DEMAND(expected == given);
            any = any || expected;
        }
        DEMAND(!is_sense || any == (range.kind == RANGE_PART));
    }
}

static void
check_numbers(const uint8_t *data)
{
    uint64_t numbers[4];
    memcpy(numbers, data, sizeof numbers);
    uint64_t offset = numbers[0], length = numbers[1], arrived = numbers[2], announced = numbers[3];
    if (piece_judge(offset, length, arrived, announced) == PIECE_FITS) {
        DEMAND(offset <= arrived && length <= PIECE_MAX_BYTES);
        DEMAND(offset <= announced && length <= announced - offset);
    }
    uint32_t piece = download_length(offset, (uint32_t)length, announced);
    DEMAND(piece <= DOWNLOAD_PIECE_MAX_BYTES && ((uint32_t)length == 0 || piece <= (uint32_t)length));
    DEMAND(piece == 0 ? offset >= announced : offset < announced && piece <= announced - offset);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint64_t TOTALS[] = {0, 1, 60000, UINT64_MAX - 1, UINT64_MAX};
    char text[INPUT_MAX + 1];
    uint64_t number;
    if (size > INPUT_MAX)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    for (size_t i = 0; i < sizeof TOTALS / sizeof TOTALS[0]; i++) {
        check_range_of(text, TOTALS[i]);
        check_range_of(NULL, TOTALS[i]);
    }
    if (strncasecmp(text, "bytes=", 6) == 0)
        check_small_ranges(text);
    if (number_parse(text, &number)) {
        char digits[24];
        (void)snprintf(digits, sizeof digits, "%llu", (unsigned long long)number);
        const char *significant = text + strspn(text, "0");
        DEMAND(strcmp(digits, *significant == '\0' ? "0" : significant) == 0);
    }
    if (size >= 4 * sizeof(uint64_t))
        check_numbers(data);
    return 0;
}
