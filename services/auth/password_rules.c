// Judging a new password against lists and the account's own words.
#include "password_rules.h"

#include <stdbool.h>
#include <string.h>

#include "vekha/base/text.h"

// Words of this system and its field: «Школа2026» is the first thing that is tried.
static const char *const TRADE_WORDS[] = {
    "школ",        "лицей",     "гимназ",    "образован",   "учител",      "директор",   "монитор",     "нацпроект",
    "управлен",    "челябинск", "оператор",  "координатор", "куратор",     "администр",  "министерств", "пользовател",
    "исполнитель", "росси",     "ленинград", "веха",        "school",      "shkola",     "licey",       "gimnaz",
    "obrazovan",   "uchitel",   "monitor",   "natproekt",   "chelyabinsk", "operator",   "koordinator", "kurator",
    "director",    "admin",     "vekha",     "rossi",       "russia",      "polzovatel",
};

// Rows of keys and alphabets: a password that is a piece of one, forwards or backwards, is no secret.
static const char *const RUNS[] = {
    "12345678901234567890",
    "qwertyuiopasdfghjklzxcvbnm",
    "abcdefghijklmnopqrstuvwxyz",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "zaq12wsxcde34rfv",
    "йцукенгшщзхъфывапролджэячсмитьбю",
    "йфяцычувскамепинртгоьшлбщдю",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя",
    "1й2ц3у4к5е6н7г8ш9щ0з",
};

static char *
fold_cyrillic(char *out, unsigned char second, bool is_upper_page)
{
    // U+0410..U+042F -> U+0430..U+044F; U+0401 and U+0451 -> U+0435.
    unsigned code = (is_upper_page ? 0x400u : 0x440u) + (second & 0x3fu);
    if (code == 0x401 || code == 0x451)
        code = 0x435;
    else if (code >= 0x410 && code <= 0x42f)
        code += 0x20;
    *out++ = (char)(0xc0 | code >> 6);
    *out++ = (char)(0x80 | (code & 0x3f));
    return out;
}

char *
text_fold(struct arena *arena, const char *text)
{
    char *folded = arena_take(arena, strlen(text) + 1);
    char *out = folded;
    for (const unsigned char *at = (const unsigned char *)text; folded && *at; at++) {
        if (*at >= 'A' && *at <= 'Z') {
            *out++ = (char)(*at + 32);
        } else if ((*at == 0xd0 || *at == 0xd1) && at[1]) {
            out = fold_cyrillic(out, at[1], *at == 0xd0);
            at++;
        } else {
            *out++ = (char)*at;
        }
    }
    return folded;
}

static bool
is_letter(unsigned char byte)
{
    return (byte >= 'a' && byte <= 'z') || byte >= 0x80;
}

static bool
is_listed(const char *text)
{
    for (size_t i = 0; i < common_password_count; i++)
        if (strcmp(common_passwords[i], text) == 0)
            return true;
    return false;
}

// "!dragon1987" is "dragon" with decorations.
static bool
is_decorated_common_word(struct arena *arena, const char *folded)
{
    size_t begin = 0, end = strlen(folded);
    while (begin < end && !is_letter((unsigned char)folded[begin]))
        begin++;
    while (end > begin && !is_letter((unsigned char)folded[end - 1]))
        end--;
    const char *core = arena_copy_bytes(arena, folded + begin, end - begin);
    return core && *core && is_listed(core);
}

static bool
has_few_characters(const char *folded)
{
    enum { FEW = 3 };
    // Pairs of bytes tell characters well enough here: a repetition has few of them however it is cut.
    unsigned char seen[256] = {0};
    size_t distinct = 0;
    for (const unsigned char *at = (const unsigned char *)folded; *at; at++) {
        if ((*at & 0xc0) == 0xc0)
            continue;
        distinct += !seen[*at];
        seen[*at] = 1;
    }
    return distinct <= FEW;
}

static bool
is_numbers_only(const char *folded)
{
    enum { SAFE_DIGITS = 13 };
    size_t digits = strspn(folded, "0123456789 .-/+()");
    return folded[digits] == '\0' && digits < SAFE_DIGITS;
}

static bool
is_piece_of_run(struct arena *arena, const char *folded)
{
    size_t size = strlen(folded);
    char *backwards = arena_take(arena, size + 1);
    for (size_t i = 0; backwards && i < size;) {
        size_t width = (unsigned char)folded[i] < 0x80 ? 1 : (unsigned char)folded[i] < 0xe0 ? 2 : 3;
        if (width > size - i)
            width = size - i;
        memcpy(backwards + size - i - width, folded + i, width);
        i += width;
    }
    for (size_t i = 0; i < sizeof(RUNS) / sizeof(RUNS[0]); i++)
        if (strstr(RUNS[i], folded) || (backwards && strstr(RUNS[i], backwards)))
            return true;
    return false;
}

// Cuts every occurrence of the word out of the text.
static bool
cut_word(char *text, const char *word)
{
    size_t size = strlen(word);
    bool found = false;
    for (char *at = strstr(text, word); at; at = strstr(at, word)) {
        memmove(at, at + size, strlen(at + size) + 1);
        found = true;
    }
    return found;
}

// Latin and Russian letters and digits at the beginning.
static size_t
word_size(const char *folded)
{
    size_t size = 0;
    for (;;) {
        unsigned char byte = (unsigned char)folded[size];
        if ((byte == 0xd0 || byte == 0xd1) && folded[size + 1])
            size += 2;
        else if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9'))
            size++;
        else
            return size;
    }
}

// The words of a text, split at everything else; words under four characters say nothing.
static bool
cut_words_of(struct arena *arena, char *rest, const char *context)
{
    enum { SHORTEST_WORD = 4 };
    char *folded = text_fold(arena, context);
    bool found = folded && text_count_chars(folded) >= SHORTEST_WORD && cut_word(rest, folded);
    while (folded && *folded) {
        folded += strcspn(folded, "abcdefghijklmnopqrstuvwxyz0123456789\xd0\xd1");
        size_t size = word_size(folded);
        char *word = size ? arena_copy_bytes(arena, folded, size) : NULL;
        if (word && text_count_chars(word) >= SHORTEST_WORD && cut_word(rest, word))
            found = true;
        folded += size;
    }
    return found;
}

static bool
is_made_of_context(struct arena *arena, const char *folded, const char *const *context, size_t context_count)
{
    char *rest = arena_copy(arena, folded);
    bool found = false;
    for (size_t i = 0; rest && i < context_count; i++)
        found |= cut_words_of(arena, rest, context[i]);
    for (size_t i = 0; rest && i < sizeof(TRADE_WORDS) / sizeof(TRADE_WORDS[0]); i++)
        found |= cut_word(rest, TRADE_WORDS[i]);
    return found && text_count_chars(rest) < PASSWORD_MIN_CHARS;
}

enum password_verdict
password_judge(struct arena *arena, const char *password, const char *const *context, size_t context_count)
{
    size_t chars = text_count_chars(password);
    if (chars < PASSWORD_MIN_CHARS)
        return PASSWORD_TOO_SHORT;
    if (chars > PASSWORD_MAX_CHARS)
        return PASSWORD_TOO_LONG;
    const char *folded = text_fold(arena, password);
    if (!folded)
        return PASSWORD_TOO_LONG;
    if (is_listed(folded) || is_decorated_common_word(arena, folded) || has_few_characters(folded) ||
        is_numbers_only(folded) || is_piece_of_run(arena, folded))
        return PASSWORD_COMMON;
    return is_made_of_context(arena, folded, context, context_count) ? PASSWORD_GUESSABLE : PASSWORD_GOOD;
}
