// Numbers as people type them into answers, two lines: the value and the second value. What is kept has one form,
// means what was typed, and its percent is the exact one.
#include "fuzz.h"

#include "rules.h"
#include "vekha/base/text.h"

enum { ARENA_BYTES = 64 * 1024, TEXT_BYTES = 512, SCALE = 1000000 };

__extension__ typedef unsigned __int128 wide;

static struct arena arena;

// Digits without spaces, leading and trailing zeros, read the slow way: in millionths. False: too many digits.
static bool
millionths(const char *text, wide *ret_number)
{
    wide number = 0, unit = SCALE;
    bool is_fraction = false;
    size_t digits = 0;
    for (; *text != '\0'; text++) {
        if (*text == '.' || *text == ',') {
            is_fraction = true;
        } else if (*text >= '0' && *text <= '9') {
            unsigned digit = (unsigned)(*text - '0');
            if (is_fraction && (unit /= 10) == 0 && digit > 0)
                return false;
            digits += !is_fraction && (number > 0 || digit > 0);
            if (digits > 20)
                return false;
            number = is_fraction ? number + digit * unit : number * 10 + (wide)digit * SCALE;
        }
    }
    *ret_number = number;
    return true;
}

static void
check_decimal(const char *text)
{
    const char *decimal, *again;
    wide typed, kept;
    if (text_normalise_decimal(&arena, text, DECIMALS_MAX, &decimal) != STATUS_OK)
        return;
    DEMAND(strspn(decimal, "-0123456789.") == strlen(decimal) && decimal[0] != '\0');
    DEMAND(text_normalise_decimal(&arena, decimal, DECIMALS_MAX, &again) == STATUS_OK && strcmp(decimal, again) == 0);
    DEMAND(millionths(text, &typed) && millionths(decimal, &kept) && typed == kept);
    DEMAND(rules_answers_none(decimal) == (kept == 0));
}

// |percent - 100 * part / whole| is at most half of a hundredth.
static void
check_percent(const struct answer *answer)
{
    wide part, whole, percent;
    DEMAND(millionths(answer->value, &part) && millionths(answer->second_value, &whole));
    DEMAND(answer->is_undefined == (whole == 0) && (answer->percent[0] == '\0') == (whole == 0));
    if (whole == 0 || !millionths(answer->percent, &percent))
        return;
    wide hundredths = percent / (SCALE / 100);
    DEMAND(hundredths * (SCALE / 100) == percent);
    wide exact = part * 20000, rounded = hundredths * 2 * whole;
    DEMAND(exact < rounded + whole && rounded <= exact + whole);
}

static void
check_answer(const char *value, const char *second, bool confirmed)
{
    struct answer answer, again;
    enum answer_problem problem = rules_read_answer(&arena, value, second, confirmed, &answer);
    if (problem == ANSWER_PART_OVER_WHOLE) {
        DEMAND(!confirmed && rules_read_answer(&arena, value, second, true, &answer) == ANSWER_GOOD);
        return;
    }
    if (problem != ANSWER_GOOD)
        return;
    DEMAND(answer.decimals <= DECIMALS_MAX && answer.kind < KIND_COUNT);
    DEMAND(answer.answers_none == rules_answers_none(answer.value));
    if (answer.kind == KIND_PERCENT)
        check_percent(&answer);
    // What is stored reads as itself.
    DEMAND(rules_read_answer(&arena, answer.value, answer.second_value, confirmed, &again) == ANSWER_GOOD);
    DEMAND(again.kind == answer.kind && strcmp(again.value, answer.value) == 0);
    DEMAND(strcmp(again.second_value, answer.second_value) == 0 && strcmp(again.percent, answer.percent) == 0);
    DEMAND(again.decimals == answer.decimals && again.answers_none == answer.answers_none);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    char value[TEXT_BYTES], second[TEXT_BYTES];
    if (arena.limit_bytes == 0)
        arena_init(&arena, ARENA_BYTES);
    arena_reset(&arena);
    input_text(&input, '\n', value, sizeof value);
    input_text(&input, '\n', second, sizeof second);
    check_decimal(value);
    check_decimal(second);
    check_answer(value, second, false);
    check_answer(value, second, true);
    check_answer(value, "", false);
    return 0;
}
