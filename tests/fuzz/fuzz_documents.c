// What a file is called, where its piece goes, what the checking process answers: any bytes, always a safe result.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "rules.h"
#include "vekha/base/text.h"

enum { INPUT_MAX = 4096 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_name(const char *given)
{
    char kept[FILE_NAME_BYTES], again[FILE_NAME_BYTES];
    file_name_clean(given, kept);
    size_t length = strlen(kept);
    if (length <= 4 || strcmp(kept + length - 4, ".pdf") != 0 || strpbrk(kept, "/\\\r\n\t\"<>:|?*"))
        abort();
    if (!text_is_utf8(given, strlen(given)))
        return;
    if (!text_is_utf8(kept, length) || text_count_chars(kept) > FILE_NAME_MAX_CHARS)
        abort();
    // A clean name is left as it is.
    file_name_clean(kept, again);
    if (strcmp(kept, again) != 0)
        abort();
}

static void
check_piece(const uint8_t *data)
{
    uint64_t numbers[4];
    memcpy(numbers, data, sizeof numbers);
    enum piece piece = piece_judge(numbers[0], numbers[1], numbers[2], numbers[3]);
    if (piece == PIECE_FITS && (numbers[0] > numbers[2] || numbers[0] + numbers[1] > numbers[3]))
        abort();
    uint32_t length = download_length(numbers[0], (uint32_t)numbers[1], numbers[3]);
    if (length > 0 && numbers[0] + length > numbers[3])
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char text[INPUT_MAX + 1];
    enum pdf_verdict verdict;
    uint32_t pages;
    if (size > INPUT_MAX)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';
    check_name(text);
    if (pdf_answer_parse(text, &verdict, &pages) && (verdict == PDF_SOUND) != (pages > 0))
        abort();
    if (size >= 4 * sizeof(uint64_t))
        check_piece(data);
    return 0;
}
