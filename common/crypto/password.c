// Password hashes: argon2id for what people choose, salted SHA-256 for what we drew at random.
#include "vekha/crypto/password.h"

#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "vekha/base/text.h"
#include "vekha/crypto/token.h"

enum { PASSES = 3, MEMORY_BYTES = 64 * 1024 * 1024, SALT_BYTES = 16, DIGEST_CHARS = 64 };

_Static_assert(PASSWORD_HASH_CHARS >= crypto_pwhash_STRBYTES, "libsodium's size");

static const char code_prefix[] = "sha256$"; // then the salt and the digest in hex, parted by $

enum status
password_hash(const char *password, char out[PASSWORD_HASH_CHARS])
{
    char hash[crypto_pwhash_STRBYTES];
    if (crypto_pwhash_str(hash, password, strlen(password), PASSES, MEMORY_BYTES) != 0)
        return STATUS_BUSY;
    memcpy(out, hash, sizeof hash);
    return STATUS_OK;
}

static enum status
digest_code(const char *salt_hex, const char *code, char out[DIGEST_CHARS + 1])
{
    struct sha256 *state = sha256_new();
    if (!state)
        return STATUS_BUSY;
    sha256_add(state, salt_hex, SALT_BYTES * 2);
    sha256_add(state, code, strlen(code));
    sha256_finish(&state, out);
    return STATUS_OK;
}

enum status
password_hash_random_code(const char *code, char out[PASSWORD_HASH_CHARS])
{
    uint8_t salt[SALT_BYTES];
    char salt_hex[SALT_BYTES * 2 + 1], digest[DIGEST_CHARS + 1];
    random_bytes(salt, sizeof salt);
    text_to_hex(salt, sizeof salt, salt_hex);
    enum status status = digest_code(salt_hex, code, digest);
    if (status == STATUS_OK)
        (void)snprintf(out, PASSWORD_HASH_CHARS, "%s%s$%s", code_prefix, salt_hex, digest);
    return status;
}

static bool
code_matches(const char *hash, const char *code)
{
    char digest[DIGEST_CHARS + 1];
    const char *salt_hex = hash + sizeof code_prefix - 1;
    if (strlen(salt_hex) != SALT_BYTES * 2 + 1 + DIGEST_CHARS || salt_hex[SALT_BYTES * 2] != '$')
        return false;
    return digest_code(salt_hex, code, digest) == STATUS_OK &&
           secret_equal(digest, salt_hex + SALT_BYTES * 2 + 1, DIGEST_CHARS);
}

bool
password_matches(const char *hash, const char *password)
{
    char padded[crypto_pwhash_STRBYTES] = "";
    if (!hash || !password || strlen(hash) >= sizeof padded)
        return false;
    if (strncmp(hash, code_prefix, sizeof code_prefix - 1) == 0)
        return code_matches(hash, password);
    memcpy(padded, hash, strlen(hash));
    return crypto_pwhash_str_verify(padded, password, strlen(password)) == 0;
}

void
password_waste_time(const char *password)
{
    static const unsigned char salt[crypto_pwhash_SALTBYTES] = "no such account";
    unsigned char key[32];
    // Its result is unused, and its failure too: both end in the same refusal.
    int failed = crypto_pwhash(key, sizeof key, password, strlen(password), salt, PASSES, MEMORY_BYTES,
                               crypto_pwhash_ALG_ARGON2ID13);
    (void)failed;
    sodium_memzero(key, sizeof key);
}
