// What the text of an answer means: its kind, its decimals, its percent. Integer arithmetic only.
#include <stdint.h>
#include <string.h>

#include "rules.h"
#include "vekha/base/text.h"

static const char *const KIND_NAMES[] = {[KIND_NUMBER] = "number",
                                         [KIND_YES_NO] = "yes_no",
                                         [KIND_PERCENT] = "percent",
                                         [KIND_DOCUMENTS] = "documents",
                                         [KIND_TABLE] = "table"};
_Static_assert(sizeof(KIND_NAMES) / sizeof(KIND_NAMES[0]) == KIND_COUNT, "a name per kind");

const char *
rules_kind_name(enum kind kind)
{
    return kind < KIND_COUNT ? KIND_NAMES[kind] : "";
}

enum kind
rules_kind_named(const char *name)
{
    enum kind kind = KIND_NUMBER;
    while (kind < KIND_COUNT && strcmp(KIND_NAMES[kind], name) != 0)
        kind++;
    return kind;
}

// Up to 15 digits before the point and 6 after it, times 20,000: below 2^84.
__extension__ typedef unsigned __int128 wide;

static unsigned
decimals_of(const char *decimal)
{
    const char *point = strchr(decimal, '.');
    return point ? (unsigned)strlen(point + 1) : 0;
}

// In millionths.
static wide
scaled(const char *decimal)
{
    wide number = 0;
    unsigned after_point = 0;
    bool seen_point = false;
    for (const char *c = decimal; *c; c++) {
        if (*c == '.') {
            seen_point = true;
            continue;
        }
        number = number * 10 + (unsigned)(*c - '0');
        after_point += seen_point;
    }
    for (; after_point < DECIMALS_MAX; after_point++)
        number *= 10;
    return number;
}

static enum answer_problem
read_decimal(struct arena *arena, const char *text, const char **ret_decimal)
{
    const char *decimal;
    if (text_normalise_decimal(arena, text, DECIMALS_MAX, &decimal) != STATUS_OK)
        return ANSWER_NOT_A_NUMBER;
    if (*decimal == '-')
        return ANSWER_NEGATIVE;
    *ret_decimal = decimal;
    return ANSWER_GOOD;
}

// (1) / (2) x 100, half up to two decimals (F5).
static const char *
percent_of(struct arena *arena, wide part, wide whole)
{
    wide hundredths = (part * 20000 + whole) / (2 * whole);
    // 10^25 at most: two halves that printf knows.
    const wide half = 1000000000000000;
    unsigned long long high = (unsigned long long)(hundredths / 100 / half);
    unsigned long long low = (unsigned long long)(hundredths / 100 % half);
    unsigned after_point = (unsigned)(hundredths % 100);
    if (high > 0)
        return arena_format(arena, "%llu%015llu.%02u", high, low, after_point);
    return arena_format(arena, "%llu.%02u", low, after_point);
}

static enum answer_problem
read_percent(struct arena *arena, const char *whole_text, bool confirmed, struct answer *answer)
{
    enum answer_problem problem = read_decimal(arena, whole_text, &answer->second_value);
    if (problem == ANSWER_NEGATIVE)
        return ANSWER_WHOLE_NEGATIVE;
    if (problem != ANSWER_GOOD)
        return ANSWER_WHOLE_NOT_A_NUMBER;
    unsigned decimals = decimals_of(answer->second_value);
    if (decimals > answer->decimals)
        answer->decimals = decimals;
    wide part = scaled(answer->value);
    wide whole = scaled(answer->second_value);
    if (whole == 0 && part > 0)
        return ANSWER_PART_OF_NOTHING;
    answer->is_undefined = whole == 0;
    if (part > whole && !confirmed)
        return ANSWER_PART_OVER_WHOLE;
    answer->percent = whole == 0 ? "" : percent_of(arena, part, whole);
    return answer->percent ? ANSWER_GOOD : ANSWER_NOT_A_NUMBER;
}

enum answer_problem
rules_read_answer(struct arena *arena, const char *value, const char *second_value, bool confirm_part_over_whole,
                  struct answer *ret_answer)
{
    struct answer answer = {.kind = KIND_NUMBER, .value = value, .second_value = "", .percent = ""};
    if (text_is_blank(value))
        return ANSWER_EMPTY;
    bool is_yes = strcmp(value, "yes") == 0;
    bool is_pair = !text_is_blank(second_value);
    if (!is_pair && (is_yes || strcmp(value, "no") == 0)) {
        answer.kind = KIND_YES_NO;
        answer.answers_none = !is_yes;
        *ret_answer = answer;
        return ANSWER_GOOD;
    }
    enum answer_problem problem = read_decimal(arena, value, &answer.value);
    if (problem != ANSWER_GOOD)
        return problem;
    answer.decimals = decimals_of(answer.value);
    answer.answers_none = rules_answers_none(answer.value);
    if (is_pair) {
        answer.kind = KIND_PERCENT;
        problem = read_percent(arena, second_value, confirm_part_over_whole, &answer);
        if (problem != ANSWER_GOOD)
            return problem;
    }
    *ret_answer = answer;
    return ANSWER_GOOD;
}
