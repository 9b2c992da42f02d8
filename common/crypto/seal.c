// Sealing what is stored for one who will come back with the key.
#include <sodium.h>
#include <string.h>

#include "vekha/crypto/token.h"

_Static_assert(SEAL_KEY_BYTES == crypto_secretbox_KEYBYTES, "the key fits libsodium's box");
_Static_assert(SEAL_EXTRA_BYTES == crypto_secretbox_MACBYTES, "so does the tag");

// A key seals one text only, so the nonce may stand still.
static const uint8_t NONCE[crypto_secretbox_NONCEBYTES];

void
seal_derive(const void *secret, uint8_t name[16], uint8_t key[SEAL_KEY_BYTES])
{
    static const uint8_t name_label[] = "vekha idempotency name", key_label[] = "vekha idempotency seal";
    (void)crypto_generichash(name, 16, name_label, sizeof name_label, secret, 16);
    (void)crypto_generichash(key, SEAL_KEY_BYTES, key_label, sizeof key_label, secret, 16);
}

void
seal_bytes(const uint8_t key[SEAL_KEY_BYTES], const void *bytes, size_t size, uint8_t *out)
{
    (void)crypto_secretbox_easy(out, bytes, size, NONCE, key);
}

bool
seal_open(const uint8_t key[SEAL_KEY_BYTES], const void *sealed, size_t size, uint8_t *out)
{
    return size >= SEAL_EXTRA_BYTES && crypto_secretbox_open_easy(out, sealed, size, NONCE, key) == 0;
}
