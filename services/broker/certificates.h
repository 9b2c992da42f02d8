// Whose key is whose: the public folder as a table, read again when it changes. One per thread, no locks.
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "vekha/base/status.h"
#include "vekha/crypto/keys.h"

enum { CERTIFICATES_MAX = 256, CERTIFICATE_NAME_CHARS = 31, CERTIFICATE_LOOK_MS = 1000 };

struct certificate {
    char key[CURVE_KEY_CHARS + 1];
    uint16_t number; // of the name: stays the same when the folder is read again
};

struct certificates {
    char folder[480]; // <keys_folder>/public
    const char *keys_folder;
    struct timespec changed; // of the folder, when it was read
    int64_t next_look_ms;
    uint16_t count;
    struct certificate table[CERTIFICATES_MAX]; // sorted by key
    uint16_t name_count;
    char names[CERTIFICATES_MAX][CERTIFICATE_NAME_CHARS + 1];
};

#define NOBODY UINT16_MAX

// NOT_FOUND when the folder cannot be read.
MUST_CHECK enum status certificates_load(struct certificates *certificates, const char *keys_folder);
// Reads the folder again if it has changed; looks at most once per second.
void certificates_refresh(struct certificates *certificates, int64_t now_ms);
// Number of the name a key belongs to, or NOBODY. key: Z85, as in a message's User-Id.
uint16_t certificates_find(const struct certificates *certificates, const char *key);
const char *certificates_name(const struct certificates *certificates, uint16_t number);
