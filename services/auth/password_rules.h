// Which new passwords are refused: short ones, common ones, and ones made of words that anybody would guess here.
#pragma once

#include <stddef.h>

#include "vekha/base/arena.h"

enum { PASSWORD_MIN_CHARS = 8, PASSWORD_MAX_CHARS = 256 };

enum password_verdict {
    PASSWORD_GOOD,
    PASSWORD_TOO_SHORT,
    PASSWORD_TOO_LONG,
    PASSWORD_COMMON,
    PASSWORD_GUESSABLE, // made of the login, the organisation's or the person's name, or words of the trade
};

// `context` are texts of this account, any case: login, names. There are no rules about kinds of characters.
// Without memory the answer is PASSWORD_TOO_LONG.
enum password_verdict password_judge(struct arena *arena, const char *password, const char *const *context,
                                     size_t context_count);

// Lower case of Latin and Russian letters, ё as е; other characters as they are. NULL without memory.
char *text_fold(struct arena *arena, const char *text);

// Folded words and passwords that everybody uses; words of three letters and more.
extern const char *const common_passwords[];
extern const size_t common_password_count;
