// Codes of letters with access.
#include "access_code.h"

#include <stdio.h>
#include <string.h>

#include "vekha/crypto/token.h"

enum { KEY_BYTES_MAX = 1024, PATH_CHARS = 4096, MAIL_ID_CHARS = 36 };

// Set once by access_code_open() before any thread, read only afterwards.
static char key_hash[65];

enum status
access_code_open(const struct config *config)
{
    char path[PATH_CHARS], key[KEY_BYTES_MAX];
    int length = snprintf(path, sizeof path, "%s/deadlines.key", config_text(config, "keys_folder"));
    FILE *file = length > 0 && length < PATH_CHARS ? fopen(path, "re") : NULL;
    size_t size = file ? fread(key, 1, sizeof key, file) : 0;
    if (file)
        fclose(file);
    sha256_hex(key, size, key_hash);
    explicit_bzero(key, sizeof key);
    return size > 0 ? STATUS_OK : STATUS_NOT_FOUND;
}

void
access_code_of(const char *mail_id, char out[ACCESS_CODE_CHARS + 1])
{
    // The key on both sides: neither of two hashes can be carried on by somebody who has seen it.
    char text[16 + 64 + MAIL_ID_CHARS + 64 + 1], hash[65];
    int size = snprintf(text, sizeof text, "vekha access 1 %s%.*s%s", key_hash, MAIL_ID_CHARS, mail_id, key_hash);
    sha256_hex(text, size > 0 ? (size_t)size : 0, hash);
    memcpy(out, hash, ACCESS_CODE_CHARS);
    out[ACCESS_CODE_CHARS] = '\0';
    explicit_bzero(text, sizeof text);
    explicit_bzero(hash, sizeof hash);
}
