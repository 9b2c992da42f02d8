// Password hashes: argon2id by libsodium (ASVS 11.4.2; RFC 9106 second choice: 64 MiB, t = 3).
#pragma once

#include <stdbool.h>

#include "vekha/base/status.h"

enum { PASSWORD_HASH_CHARS = 128 };

// About 90 ms and 64 MiB: only in a lane of its own. BUSY without memory.
MUST_CHECK enum status password_hash(const char *password, char out[PASSWORD_HASH_CHARS]);
// For issued one-time codes of at least 80 random bits, which need no slow hash.
MUST_CHECK enum status password_hash_random_code(const char *code, char out[PASSWORD_HASH_CHARS]);
bool password_matches(const char *hash, const char *password);
// As long as a real check takes, for logins that do not exist (no enumeration by time).
void password_waste_time(const char *password);
