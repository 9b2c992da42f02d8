// Signatures, random secrets and digests by libsodium.
#include "vekha/crypto/token.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "vekha/base/text.h"

_Static_assert(SIGNATURE_BYTES == crypto_sign_BYTES, "libsodium's size");
_Static_assert(SIGN_PUBLIC_KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "libsodium's size");
_Static_assert(SIGN_SECRET_KEY_BYTES == crypto_sign_SECRETKEYBYTES, "libsodium's size");

enum status
crypto_open(void)
{
    return sodium_init() >= 0 ? STATUS_OK : STATUS_INTERNAL;
}

// A file with one line of hex digits.
static enum status
load_hex(const char *path, bool is_secret, uint8_t *out, size_t size)
{
    char text[MAX_KEY_FILE_BYTES];
    enum status status = key_file_read(path, is_secret, text);
    if (status != STATUS_OK)
        return status;
    text[strcspn(text, "\r\n")] = '\0';
    if (!text_from_hex(text, out, size))
        status = STATUS_INVALID;
    sodium_memzero(text, sizeof text);
    return status;
}

static enum status
store_hex(const char *path, mode_t mode, const uint8_t *bytes, size_t size)
{
    char text[SIGN_SECRET_KEY_BYTES * 2 + 2];
    text_to_hex(bytes, size, text);
    text[size * 2] = '\n';
    text[size * 2 + 1] = '\0';
    enum status status = key_file_create(path, mode, text);
    sodium_memzero(text, sizeof text);
    return status;
}

enum status
sign_load_public_key(const char *path, uint8_t out[SIGN_PUBLIC_KEY_BYTES])
{
    return load_hex(path, false, out, SIGN_PUBLIC_KEY_BYTES);
}

enum status
sign_load_secret_key(const char *path, uint8_t out[SIGN_SECRET_KEY_BYTES])
{
    return load_hex(path, true, out, SIGN_SECRET_KEY_BYTES);
}

enum status
sign_make_key_files(const char *secret_path, const char *public_path)
{
    uint8_t public_key[SIGN_PUBLIC_KEY_BYTES], known_public_key[SIGN_PUBLIC_KEY_BYTES];
    uint8_t secret_key[SIGN_SECRET_KEY_BYTES];
    enum status status = sign_load_secret_key(secret_path, secret_key);
    if (status == STATUS_NOT_FOUND) {
        (void)crypto_sign_keypair(public_key, secret_key);
        status = store_hex(secret_path, 0600, secret_key, sizeof secret_key);
    }
    if (status == STATUS_OK) {
        (void)crypto_sign_ed25519_sk_to_pk(public_key, secret_key);
        status = store_hex(public_path, 0644, public_key, sizeof public_key);
    }
    // A public key that is there already must be the one that belongs to the secret one.
    if (status == STATUS_CONFLICT && sign_load_public_key(public_path, known_public_key) == STATUS_OK &&
        memcmp(public_key, known_public_key, sizeof public_key) == 0)
        status = STATUS_OK;
    sodium_memzero(secret_key, sizeof secret_key);
    return status;
}

void
sign_bytes(const uint8_t secret_key[SIGN_SECRET_KEY_BYTES], const void *bytes, size_t size,
           uint8_t out[SIGNATURE_BYTES])
{
    (void)crypto_sign_detached(out, NULL, bytes, size, secret_key);
}

bool
sign_is_valid(const uint8_t public_key[SIGN_PUBLIC_KEY_BYTES], const void *bytes, size_t size,
              const uint8_t signature[SIGNATURE_BYTES])
{
    return crypto_sign_verify_detached(signature, bytes, size, public_key) == 0;
}

void
random_token(char out[RANDOM_TOKEN_CHARS + 1])
{
    uint8_t bytes[32];
    randombytes_buf(bytes, sizeof bytes);
    text_to_base64url(bytes, sizeof bytes, out);
    sodium_memzero(bytes, sizeof bytes);
}

void
random_bytes(void *out, size_t size)
{
    randombytes_buf(out, size);
}

void
random_readable(char *out, size_t chars)
{
    static const char alphabet[] = "23456789abcdefghijkmnpqrstuvwxyz";
    _Static_assert(sizeof alphabet == 32 + 1, "five bits a character");
    for (size_t i = 0; i < chars; i++)
        out[i] = alphabet[randombytes_random() & 31];
    out[chars] = '\0';
}

void
sha256_hex(const void *bytes, size_t size, char out[65])
{
    uint8_t digest[crypto_hash_sha256_BYTES];
    (void)crypto_hash_sha256(digest, bytes, size);
    text_to_hex(digest, sizeof digest, out);
}

struct sha256 {
    crypto_hash_sha256_state state;
};

struct sha256 *
sha256_new(void)
{
    struct sha256 *state = malloc(sizeof *state);
    if (state)
        (void)crypto_hash_sha256_init(&state->state);
    return state;
}

void
sha256_add(struct sha256 *state, const void *bytes, size_t size)
{
    (void)crypto_hash_sha256_update(&state->state, bytes, size);
}

void
sha256_finish(struct sha256 **state, char out[65])
{
    uint8_t digest[crypto_hash_sha256_BYTES];
    if (!*state)
        return;
    (void)crypto_hash_sha256_final(&(*state)->state, digest);
    text_to_hex(digest, sizeof digest, out);
    free(*state);
    *state = NULL;
}

bool
secret_equal(const void *a, const void *b, size_t size)
{
    return sodium_memcmp(a, b, size) == 0;
}
