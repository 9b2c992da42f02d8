// Verifies and remembers access tokens.
#include "principals.h"

#include <stdlib.h>
#include <string.h>

#include "vekha/base/text.h"

enum { SETS = 512, WAYS = 4, SEALED_MAX_BYTES = 1024 };

struct slot {
    size_t size;   // of the token; 0: free
    uint64_t used; // grows; the least one of a set is replaced
    size_t sealed_size;
    char token[ACCESS_TOKEN_MAX_CHARS];
    uint8_t sealed[SEALED_MAX_BYTES];
};

struct principals {
    uint8_t token_key[SIGN_PUBLIC_KEY_BYTES];
    uint64_t clock;
    struct slot *slots[SETS * WAYS];
};

struct principals *
principals_new(const uint8_t token_key[SIGN_PUBLIC_KEY_BYTES])
{
    struct principals *principals = calloc(1, sizeof *principals);
    if (principals != NULL)
        memcpy(principals->token_key, token_key, SIGN_PUBLIC_KEY_BYTES);
    return principals;
}

void
principals_free(struct principals **principals)
{
    for (size_t i = 0; *principals != NULL && i < SETS * WAYS; i++)
        free((*principals)->slots[i]);
    free(*principals);
    *principals = NULL;
}

// Only verified tokens are kept, and the signature at their end is random: its characters choose the set.
static size_t
set_of(const char *token, size_t size)
{
    uint64_t hash = UINT64_C(14695981039346656037);
    for (size_t i = size > 24 ? size - 24 : 0; i < size; i++)
        hash = (hash ^ (unsigned char)token[i]) * UINT64_C(1099511628211);
    return (size_t)(hash >> 32) % SETS;
}

static bool
unpack_sealed(const uint8_t *sealed, size_t size, const uint8_t *key, struct arena *arena,
              const Bus__Principal **ret_principal)
{
    ProtobufCAllocator allocator = message_allocator(arena);
    const Bus__SignedPrincipal *envelope = bus__signed_principal__unpack(&allocator, size, sealed);
    if (envelope == NULL || envelope->signature.len != SIGNATURE_BYTES)
        return false;
    if (key != NULL && !sign_is_valid(key, envelope->principal.data, envelope->principal.len, envelope->signature.data))
        return false;
    *ret_principal = bus__principal__unpack(&allocator, envelope->principal.len, envelope->principal.data);
    return *ret_principal != NULL;
}

static struct slot *
find_slot(struct principals *principals, size_t set, const char *token, size_t size)
{
    for (size_t i = set * WAYS; i < (set + 1) * WAYS; i++) {
        struct slot *slot = principals->slots[i];
        if (slot != NULL && slot->size == size && memcmp(slot->token, token, size) == 0)
            return slot;
    }
    return NULL;
}

static void
remember(struct principals *principals, size_t set, const char *token, size_t size, const uint8_t *sealed,
         size_t sealed_size)
{
    size_t oldest = set * WAYS;
    for (size_t i = set * WAYS; i < (set + 1) * WAYS; i++) {
        if (principals->slots[i] == NULL) {
            oldest = i;
            break;
        }
        if (principals->slots[i]->used < principals->slots[oldest]->used)
            oldest = i;
    }
    if (principals->slots[oldest] == NULL)
        principals->slots[oldest] = calloc(1, sizeof(struct slot));
    struct slot *slot = principals->slots[oldest];
    if (slot == NULL)
        return;
    memcpy(slot->token, token, size);
    memcpy(slot->sealed, sealed, sealed_size);
    slot->size = size;
    slot->sealed_size = sealed_size;
    slot->used = ++principals->clock;
}

// Why nothing came of it.
static enum status
failure(const struct arena *arena)
{
    return arena->is_starved ? STATUS_BUSY : STATUS_UNAUTHENTICATED;
}

enum status
principals_check(struct principals *principals, const char *token, size_t size, int64_t now_ms, struct arena *arena,
                 struct verified_principal *ret_verified)
{
    if (size == 0 || size >= ACCESS_TOKEN_MAX_CHARS)
        return STATUS_UNAUTHENTICATED;
    uint8_t sealed[SEALED_MAX_BYTES];
    size_t set = set_of(token, size), sealed_size;
    struct slot *slot = find_slot(principals, set, token, size);
    if (slot != NULL) {
        slot->used = ++principals->clock;
        sealed_size = slot->sealed_size;
        memcpy(sealed, slot->sealed, sealed_size);
    } else {
        const char *copy = arena_copy_bytes(arena, token, size);
        long decoded = copy == NULL ? -1 : text_from_base64url(copy, sealed, sizeof sealed);
        if (decoded <= 0)
            return failure(arena);
        sealed_size = (size_t)decoded;
    }
    struct verified_principal verified = {.sealed_size = sealed_size};
    verified.sealed = (const uint8_t *)arena_copy_bytes(arena, sealed, sealed_size);
    const uint8_t *key = slot == NULL ? principals->token_key : NULL;
    if (verified.sealed == NULL || !unpack_sealed(sealed, sealed_size, key, arena, &verified.principal))
        return failure(arena);
    if (slot == NULL)
        remember(principals, set, token, size, sealed, sealed_size);
    *ret_verified = verified;
    return verified.principal->expires_at_ms > now_ms ? STATUS_OK : STATUS_UNAUTHENTICATED;
}
