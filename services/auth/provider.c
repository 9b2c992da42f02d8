// The code flow: where people are sent, and how a code becomes a person.
#include "provider.h"

#include <jansson.h>
#include <string.h>

#include "id_token.h"
#include "provider_metadata.h"
#include "vekha/base/log.h"
#include "vekha/base/text.h"
#include "vekha/base/time.h"
#include "vekha/crypto/token.h"

enum {
    TOKEN_TIMEOUT_MS = 5000,
    SHA256_BYTES = 32,
    HINT_MAX_CHARS = 4096,
    LINKING_MAX_AGE_S = 600, // on a shared computer somebody else may still be logged in there
};

// Read once by provider_open() before any thread.
static struct provider_settings settings = {.issuer = ""};

enum status
provider_open(const struct config *config)
{
    const char *problem = NULL;
    if (provider_settings_read(config, &settings, &problem))
        return STATUS_OK;
    log_write(LOG_ERROR, "the provider of accounts is not configured rightly", "problem", problem, NULL);
    return STATUS_INVALID;
}

void
provider_close(void)
{
    provider_metadata_forget();
    explicit_bzero(settings.client_secret, sizeof(settings.client_secret));
}

bool
provider_is_there(void)
{
    return *settings.issuer != '\0';
}

const char *
provider_name(bool english)
{
    if (!provider_is_there())
        return "";
    return english ? settings.name_english : settings.name_russian;
}

const char *
provider_issuer(void)
{
    return settings.issuer;
}

// Percent-encoded for a query or a form. NULL without memory.
static const char *
encode(struct arena *arena, const char *text)
{
    static const char DIGITS[] = "0123456789ABCDEF";
    size_t size = strlen(text);
    char *out = arena_take(arena, 3 * size + 1);
    char *to = out;
    for (size_t i = 0; out && i < size; i++) {
        unsigned char byte = (unsigned char)text[i];
        bool is_plain = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
                        strchr("-._~", byte) != NULL;
        if (is_plain && byte != '\0') {
            *to++ = (char)byte;
            continue;
        }
        *to++ = '%';
        *to++ = DIGITS[byte >> 4];
        *to++ = DIGITS[byte & 15];
    }
    return out;
}

// 64 hex digits that only who has the secret can know: nothing of an errand need be kept.
static const char *
derive(struct arena *arena, const char *what, const char *secret)
{
    const char *text = arena_format(arena, "%s:%s", what, secret);
    char *digest = arena_take(arena, 2 * SHA256_BYTES + 1);
    if (!text || !digest)
        return NULL;
    sha256_hex(text, strlen(text), digest);
    return digest;
}

// S256 of RFC 7636.
static const char *
challenge_of(struct arena *arena, const char *verifier)
{
    char hex[2 * SHA256_BYTES + 1];
    uint8_t digest[SHA256_BYTES];
    char *challenge = arena_take(arena, (SHA256_BYTES * 4 + 2) / 3 + 1);
    sha256_hex(verifier, strlen(verifier), hex);
    if (!challenge || !text_from_hex(hex, digest, sizeof(digest)))
        return NULL;
    text_to_base64url(digest, sizeof(digest), challenge);
    return challenge;
}

static const char *
joint_of(const char *address)
{
    return strchr(address, '?') ? "&" : "?";
}

static const char *
redirect_address(struct arena *arena)
{
    const char *address = arena_format(arena, "%s/login/external", settings.own_address);
    return address ? encode(arena, address) : NULL;
}

static const char *
authorization_address(struct call *call, const struct provider_metadata *metadata,
                      const struct provider_secrets *secrets, bool for_linking)
{
    struct arena *arena = call->arena;
    const char *verifier = derive(arena, "verifier", secrets->browser_secret);
    const char *nonce = derive(arena, "nonce", secrets->browser_secret);
    const char *challenge = verifier ? challenge_of(arena, verifier) : NULL;
    const char *client = encode(arena, settings.client_id);
    const char *redirect = redirect_address(arena);
    const char *scopes = encode(arena, settings.scopes);
    const char *age = for_linking ? arena_format(arena, "&max_age=%d", LINKING_MAX_AGE_S) : "";
    if (!nonce || !challenge || !client || !redirect || !scopes || !age)
        return NULL;
    return arena_format(arena,
                        "%s%sresponse_type=code&client_id=%s&redirect_uri=%s&scope=%s&state=%s&nonce=%s"
                        "&code_challenge=%s&code_challenge_method=S256&ui_locales=%s%s",
                        metadata->authorization, joint_of(metadata->authorization), client, redirect, scopes,
                        secrets->state, nonce, challenge, call->english ? "en" : "ru", age);
}

enum provider_result
provider_begin(struct call *call, const struct provider_secrets *secrets, bool for_linking, const char **ret_address)
{
    const struct provider_metadata *metadata;
    if (provider_seems_down())
        return PROVIDER_UNREACHABLE;
    enum provider_result result = provider_metadata_get(call->arena, &settings, &metadata);
    if (result != PROVIDER_OK)
        return result;
    *ret_address = authorization_address(call, metadata, secrets, for_linking);
    return *ret_address ? PROVIDER_OK : PROVIDER_STARVED;
}

static const char *
token_form(struct arena *arena, const struct provider_metadata *metadata, const char *code, const char *browser_secret)
{
    const char *verifier = derive(arena, "verifier", browser_secret);
    const char *safe_code = encode(arena, code);
    const char *redirect = redirect_address(arena);
    const char *client = encode(arena, settings.client_id);
    const char *secret = encode(arena, settings.client_secret);
    if (!verifier || !safe_code || !redirect || !client || !secret)
        return NULL;
    const char *who = "";
    if (!*secret)
        who = arena_format(arena, "&client_id=%s", client);
    else if (metadata->takes_secret_in_form)
        who = arena_format(arena, "&client_id=%s&client_secret=%s", client, secret);
    return who ? arena_format(arena, "grant_type=authorization_code&code=%s&redirect_uri=%s&code_verifier=%s%s",
                              safe_code, redirect, verifier, who)
               : NULL;
}

// "" when the answer has none.
static const char *
text_in(struct arena *arena, const struct fetch_answer *answer, const char *name)
{
    json_t *document = json_loadb(answer->body, answer->size, JSON_REJECT_DUPLICATES, NULL);
    const char *text = json_string_value(json_object_get(document, name));
    const char *copy = arena_copy(arena, text ? text : "");
    json_decref(document);
    return copy;
}

static enum provider_result
exchange(struct arena *arena, const struct provider_metadata *metadata, const char *form, const char **ret_token)
{
    bool is_basic = *settings.client_secret && !metadata->takes_secret_in_form;
    struct fetch_question question = {.address = metadata->token,
                                      .form = form,
                                      .user = is_basic ? encode(arena, settings.client_id) : NULL,
                                      .password = is_basic ? encode(arena, settings.client_secret) : NULL,
                                      .ca_file = settings.ca_file,
                                      .may_be_loopback = settings.may_be_loopback,
                                      .timeout_ms = TOKEN_TIMEOUT_MS};
    struct fetch_answer answer;
    const char *problem;
    if (is_basic && (!question.user || !question.password))
        return PROVIDER_STARVED;
    if (!fetch(arena, &question, &answer, &problem))
        return provider_note_unreachable(problem);
    if (answer.code >= 500)
        return provider_note_unreachable("it has failed over a code");
    *ret_token = text_in(arena, &answer, answer.code == 200 ? "id_token" : "error");
    if (!*ret_token)
        return PROVIDER_STARVED;
    if (answer.code == 200 && **ret_token)
        return PROVIDER_OK;
    if (strcmp(*ret_token, "invalid_grant") == 0)
        return PROVIDER_REFUSED;
    // invalid_client: the configuration is wrong here or there.
    log_write(LOG_ERROR, "the provider of accounts gives no token", "error", *ret_token, NULL);
    return PROVIDER_WRONG;
}

static enum provider_result
judge(struct call *call, const char *token, const char *browser_secret, bool for_linking,
      struct id_token_person *ret_person)
{
    struct id_token_wish wish = {.issuer = settings.issuer,
                                 .client_id = settings.client_id,
                                 .nonce = derive(call->arena, "nonce", browser_secret),
                                 .now_s = clock_unmoved_ms() / 1000,
                                 .max_age_s = for_linking ? LINKING_MAX_AGE_S : 0};
    enum id_token_verdict verdict = ID_TOKEN_UNKNOWN_KEY;
    if (!wish.nonce)
        return PROVIDER_STARVED;
    for (int try = 0; verdict == ID_TOKEN_UNKNOWN_KEY && try < 2; try++) {
        const char *keys;
        enum provider_result result = provider_keys_get(call->arena, &settings, try > 0, &keys);
        if (result != PROVIDER_OK)
            return result;
        verdict = id_token_judge(call->arena, token, keys, &wish, ret_person);
    }
    if (verdict == ID_TOKEN_GOOD)
        return PROVIDER_OK;
    log_write(LOG_ERROR, "an ID token is not accepted", "reason", id_token_verdict_name(verdict), NULL);
    return PROVIDER_WRONG;
}

// RP-initiated logout.
static const char *
logout_address(struct arena *arena, const struct provider_metadata *metadata, const char *token)
{
    if (!*metadata->end_session)
        return "";
    const char *back = arena_format(arena, "%s/", settings.own_address);
    const char *safe_back = back ? encode(arena, back) : NULL;
    const char *client = encode(arena, settings.client_id);
    // A token too long for an address is left out: the provider then asks the person.
    const char *hint = strlen(token) <= HINT_MAX_CHARS ? arena_format(arena, "&id_token_hint=%s", token) : "";
    if (!safe_back || !client || !hint)
        return NULL;
    return arena_format(arena, "%s%sclient_id=%s&post_logout_redirect_uri=%s%s", metadata->end_session,
                        joint_of(metadata->end_session), client, safe_back, hint);
}

enum provider_result
provider_finish(struct call *call, const char *code, const struct provider_secrets *secrets, bool for_linking,
                struct provider_person *ret_person)
{
    const struct provider_metadata *metadata;
    struct id_token_person person = {"", ""};
    const char *token = "";
    if (provider_seems_down())
        return PROVIDER_UNREACHABLE;
    enum provider_result result = provider_metadata_get(call->arena, &settings, &metadata);
    if (result != PROVIDER_OK)
        return result;
    const char *form = token_form(call->arena, metadata, code, secrets->browser_secret);
    if (!form)
        return PROVIDER_STARVED;
    result = exchange(call->arena, metadata, form, &token);
    if (result == PROVIDER_OK)
        result = judge(call, token, secrets->browser_secret, for_linking, &person);
    if (result != PROVIDER_OK)
        return result;
    ret_person->subject = person.subject;
    ret_person->shown_name = person.shown_name;
    ret_person->logout_address = logout_address(call->arena, metadata, token);
    return ret_person->logout_address ? PROVIDER_OK : PROVIDER_STARVED;
}
