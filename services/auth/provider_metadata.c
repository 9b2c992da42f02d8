// Discovery (OpenID Connect Discovery 4) and the key set, each asked for at most once while it is fresh.
#include "provider_metadata.h"

#include <jansson.h>
#include <pthread.h>
#include <string.h>

#include "vekha/base/log.h"
#include "vekha/base/text.h"
#include "vekha/base/time.h"

enum { DISCOVERY_FRESH_MS = 3600 * 1000, KEYS_FRESH_MS = 600 * 1000, TIMEOUT_MS = 3000, DOWN_MS = 2000 };

// One per process. The lock is held while one thread asks, so that the others need not.
static struct {
    pthread_mutex_t lock;
    struct provider_metadata metadata;
    struct buffer keys;
    int64_t metadata_until_ms, keys_until_ms, down_until_ms;
} known = {.lock = PTHREAD_MUTEX_INITIALIZER, .keys = {.limit_bytes = FETCH_MAX_BYTES}};

enum provider_result
provider_note_unreachable(const char *problem)
{
    log_write(LOG_WARNING, "the provider of accounts does not answer", "problem", problem, NULL);
    __atomic_store_n(&known.down_until_ms, clock_monotonic_ms() + DOWN_MS, __ATOMIC_RELAXED);
    return PROVIDER_UNREACHABLE;
}

bool
provider_seems_down(void)
{
    return clock_monotonic_ms() < __atomic_load_n(&known.down_until_ms, __ATOMIC_RELAXED);
}

static enum provider_result
ask(struct arena *arena, const struct provider_settings *settings, const char *address, json_t **ret_document,
    struct fetch_answer *ret_answer)
{
    const struct fetch_question question = {.address = address,
                                            .ca_file = settings->ca_file,
                                            .may_be_loopback = settings->may_be_loopback,
                                            .timeout_ms = TIMEOUT_MS};
    const char *problem;
    if (!fetch(arena, &question, ret_answer, &problem))
        return provider_note_unreachable(problem);
    *ret_document =
        ret_answer->code == 200 ? json_loadb(ret_answer->body, ret_answer->size, JSON_REJECT_DUPLICATES, NULL) : NULL;
    if (*ret_document)
        return PROVIDER_OK;
    return provider_note_unreachable(ret_answer->code == 200 ? "its document is no JSON" : "it refuses its document");
}

// "" when it is not there, or no address that anybody may be sent to.
static void
take_address(const json_t *document, const char *name, bool may_be_loopback, char out[FETCH_ADDRESS_MAX])
{
    const char *address = json_string_value(json_object_get(document, name));
    size_t size = address && fetch_address_is_safe(address, may_be_loopback) ? strlen(address) : 0;
    if (size > 0)
        memcpy(out, address, size);
    out[size] = '\0';
}

static bool
lists(const json_t *list, const char *wanted)
{
    for (size_t i = 0; i < json_array_size(list); i++) {
        const char *one = json_string_value(json_array_get(list, i));
        if (one && strcmp(one, wanted) == 0)
            return true;
    }
    return false;
}

static bool
take_metadata(const json_t *document, const struct provider_settings *settings, struct provider_metadata *out)
{
    const char *issuer = json_string_value(json_object_get(document, "issuer"));
    const json_t *methods = json_object_get(document, "token_endpoint_auth_methods_supported");
    bool may_be_loopback = settings->may_be_loopback;
    take_address(document, "authorization_endpoint", may_be_loopback, out->authorization);
    take_address(document, "token_endpoint", may_be_loopback, out->token);
    take_address(document, "jwks_uri", may_be_loopback, out->keys);
    take_address(document, "end_session_endpoint", may_be_loopback, out->end_session);
    out->takes_secret_in_form = lists(methods, "client_secret_post") && !lists(methods, "client_secret_basic");
    return issuer && strcmp(issuer, settings->issuer) == 0 && *out->authorization && *out->token && *out->keys;
}

static enum provider_result
discover(struct arena *arena, const struct provider_settings *settings)
{
    size_t size = strlen(settings->issuer);
    bool has_slash = settings->issuer[size - 1] == '/';
    const char *address =
        arena_format(arena, "%s%s.well-known/openid-configuration", settings->issuer, has_slash ? "" : "/");
    struct fetch_answer answer;
    json_t *document;
    if (!address)
        return PROVIDER_STARVED;
    enum provider_result result = ask(arena, settings, address, &document, &answer);
    if (result != PROVIDER_OK)
        return result;
    known.metadata_until_ms = 0;
    if (take_metadata(document, settings, &known.metadata))
        known.metadata_until_ms = clock_monotonic_ms() + DISCOVERY_FRESH_MS;
    else
        result = provider_note_unreachable("its discovery document is of another issuer, or lacks an address");
    json_decref(document);
    return result;
}

enum provider_result
provider_metadata_get(struct arena *arena, const struct provider_settings *settings,
                      const struct provider_metadata **ret_metadata)
{
    enum provider_result result = PROVIDER_OK;
    struct provider_metadata *copy = arena_take(arena, sizeof(*copy));
    if (!copy)
        return PROVIDER_STARVED;
    pthread_mutex_lock(&known.lock);
    if (clock_monotonic_ms() >= known.metadata_until_ms)
        result = discover(arena, settings);
    *copy = known.metadata;
    pthread_mutex_unlock(&known.lock);
    *ret_metadata = copy;
    return result;
}

static enum provider_result
ask_keys(struct arena *arena, const struct provider_settings *settings, const char *address)
{
    struct fetch_answer answer;
    json_t *document;
    enum provider_result result = ask(arena, settings, address, &document, &answer);
    if (result != PROVIDER_OK)
        return result;
    json_decref(document);
    buffer_reset(&known.keys);
    buffer_add(&known.keys, answer.body, answer.size);
    known.keys_until_ms = known.keys.is_starved ? 0 : clock_monotonic_ms() + KEYS_FRESH_MS;
    return known.keys.is_starved ? PROVIDER_STARVED : PROVIDER_OK;
}

enum provider_result
provider_keys_get(struct arena *arena, const struct provider_settings *settings, bool anew, const char **ret_keys)
{
    const struct provider_metadata *metadata;
    enum provider_result result = provider_metadata_get(arena, settings, &metadata);
    if (result != PROVIDER_OK)
        return result;
    pthread_mutex_lock(&known.lock);
    if (anew || clock_monotonic_ms() >= known.keys_until_ms)
        result = ask_keys(arena, settings, metadata->keys);
    *ret_keys = result == PROVIDER_OK ? arena_copy(arena, known.keys.data) : NULL;
    pthread_mutex_unlock(&known.lock);
    return result == PROVIDER_OK && !*ret_keys ? PROVIDER_STARVED : result;
}

void
provider_metadata_forget(void)
{
    buffer_done(&known.keys);
}
