// Who calls: verifies auth's Ed25519 signature once per token and remembers the answer. One cache per thread.
#include <stdlib.h>
#include <string.h>

#include "runtime.h"

enum { SLOTS = 512, TOKEN_BYTES_MAX = 1024 };

struct slot {
    size_t size; // of the token; 0: free
    uint8_t token[TOKEN_BYTES_MAX];
    struct arena memory;
    const Bus__Principal *principal;
};

struct principal_cache {
    uint8_t token_key[SIGN_PUBLIC_KEY_BYTES];
    struct slot *slots[SLOTS];
};

struct principal_cache *
principal_cache_new(const uint8_t token_key[SIGN_PUBLIC_KEY_BYTES])
{
    struct principal_cache *cache = calloc(1, sizeof(*cache));
    if (cache)
        memcpy(cache->token_key, token_key, SIGN_PUBLIC_KEY_BYTES);
    return cache;
}

void
principal_cache_free(struct principal_cache **cache)
{
    if (!*cache)
        return;
    for (size_t i = 0; i < SLOTS; i++) {
        if ((*cache)->slots[i])
            arena_done(&(*cache)->slots[i]->memory);
        free((*cache)->slots[i]);
    }
    free(*cache);
    *cache = NULL;
}

static size_t
slot_index(const uint8_t *token, size_t size)
{
    // The signature is random enough; it stands at the end.
    uint64_t hash = 0;
    memcpy(&hash, token + (size > sizeof(hash) ? size - sizeof(hash) : 0), size < sizeof(hash) ? size : sizeof(hash));
    return (size_t)(hash % SLOTS);
}

static enum status
verify_into(struct slot *slot, const uint8_t key[SIGN_PUBLIC_KEY_BYTES], const uint8_t *token, size_t size)
{
    ProtobufCAllocator allocator = message_allocator(&slot->memory);
    if (!wire_is_acceptable(&bus__signed_principal__descriptor, token, size))
        return STATUS_UNAUTHENTICATED;
    const Bus__SignedPrincipal *sealed = bus__signed_principal__unpack(&allocator, size, token);
    if (!sealed || sealed->signature.len != SIGNATURE_BYTES)
        return slot->memory.is_starved ? STATUS_BUSY : STATUS_UNAUTHENTICATED;
    if (!sign_is_valid(key, sealed->principal.data, sealed->principal.len, sealed->signature.data))
        return STATUS_UNAUTHENTICATED;
    if (!wire_is_acceptable(&bus__principal__descriptor, sealed->principal.data, sealed->principal.len))
        return STATUS_UNAUTHENTICATED;
    slot->principal = bus__principal__unpack(&allocator, sealed->principal.len, sealed->principal.data);
    if (!slot->principal)
        return slot->memory.is_starved ? STATUS_BUSY : STATUS_UNAUTHENTICATED;
    memcpy(slot->token, token, size);
    slot->size = size;
    return STATUS_OK;
}

static struct slot *
slot_take(struct principal_cache *cache, size_t index)
{
    struct slot *slot = cache->slots[index];
    if (!slot) {
        slot = calloc(1, sizeof(*slot));
        if (!slot)
            return NULL;
        arena_init(&slot->memory, 16 * 1024);
        cache->slots[index] = slot;
    }
    arena_reset(&slot->memory);
    slot->size = 0;
    return slot;
}

// A slot may be taken by another token while the calls of a batch are still under way: they get a copy.
static const Bus__Principal *
copy_principal(const Bus__Principal *principal, struct arena *arena)
{
    Bus__Principal *copy = arena_take(arena, sizeof(*copy));
    if (!copy)
        return NULL;
    *copy = *principal;
    const char **texts[] = {&copy->account_id, &copy->session_id, &copy->organisation_id, &copy->organisation_path,
                            &copy->display_name};
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        *texts[i] = arena_copy(arena, *texts[i]);
        if (!*texts[i])
            return NULL;
    }
    return copy;
}

enum status
principal_cache_check(struct principal_cache *cache, const uint8_t *signed_principal, size_t size, int64_t now_ms,
                      struct arena *arena, const Bus__Principal **ret_principal)
{
    if (size == 0 || size > TOKEN_BYTES_MAX)
        return STATUS_UNAUTHENTICATED;
    size_t index = slot_index(signed_principal, size);
    struct slot *slot = cache->slots[index];
    if (!slot || slot->size != size || memcmp(slot->token, signed_principal, size) != 0) {
        slot = slot_take(cache, index);
        enum status status = slot ? verify_into(slot, cache->token_key, signed_principal, size) : STATUS_BUSY;
        if (status != STATUS_OK)
            return status;
    }
    if (slot->principal->expires_at_ms <= now_ms)
        return STATUS_UNAUTHENTICATED;
    const Bus__Principal *copy = copy_principal(slot->principal, arena);
    if (!copy)
        return STATUS_BUSY;
    *ret_principal = copy;
    return STATUS_OK;
}
