// Access tokens: a packed Principal signed by auth with Ed25519, and random secrets for everything else.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vekha/base/status.h"

enum { SIGNATURE_BYTES = 64, SIGN_PUBLIC_KEY_BYTES = 32, SIGN_SECRET_KEY_BYTES = 64, RANDOM_TOKEN_CHARS = 43 };

// Must be called once before anything else here.
MUST_CHECK enum status crypto_open(void);

// Keys as hex in a file, mode 0600 for the secret one.
MUST_CHECK enum status sign_load_public_key(const char *path, uint8_t out[SIGN_PUBLIC_KEY_BYTES]);
MUST_CHECK enum status sign_load_secret_key(const char *path, uint8_t out[SIGN_SECRET_KEY_BYTES]);
MUST_CHECK enum status sign_make_key_files(const char *secret_path, const char *public_path);
void sign_bytes(const uint8_t secret_key[SIGN_SECRET_KEY_BYTES], const void *bytes, size_t size,
                uint8_t out[SIGNATURE_BYTES]);
bool sign_is_valid(const uint8_t public_key[SIGN_PUBLIC_KEY_BYTES], const void *bytes, size_t size,
                   const uint8_t signature[SIGNATURE_BYTES]);

// 256 random bits, URL-safe; out holds RANDOM_TOKEN_CHARS + 1.
void random_token(char out[RANDOM_TOKEN_CHARS + 1]);
void random_bytes(void *out, size_t size);
// Easy to read and type, without 0/O/1/l; `chars` characters of 5 bits each; out holds chars + 1.
void random_readable(char *out, size_t chars);

// SHA-256 as 64 hex digits; out holds 65 bytes.
void sha256_hex(const void *bytes, size_t size, char out[65]);
struct sha256;
struct sha256 *sha256_new(void);
void sha256_add(struct sha256 *state, const void *bytes, size_t size);
void sha256_finish(struct sha256 **state, char out[65]); // frees it
// Two values from one secret of 16 bytes: a name that betrays nothing of it, and a key to seal with.
enum { SEAL_KEY_BYTES = 32, SEAL_EXTRA_BYTES = 16 };
void seal_derive(const void *secret, uint8_t name[16], uint8_t key[SEAL_KEY_BYTES]);
// XSalsa20-Poly1305; a key seals one text only. `out` holds size + SEAL_EXTRA_BYTES.
void seal_bytes(const uint8_t key[SEAL_KEY_BYTES], const void *bytes, size_t size, uint8_t *out);
// False when it was sealed with another key or changed. `out` holds size - SEAL_EXTRA_BYTES.
bool seal_open(const uint8_t key[SEAL_KEY_BYTES], const void *sealed, size_t size, uint8_t *out);
// In constant time.
bool secret_equal(const void *a, const void *b, size_t size);
