// Signing, hashing and sealing of tokens.
#include "tokens.h"

#include <string.h>

#include "rules.h"
#include "vekha/base/text.h"
#include "vekha/base/time.h"
#include "vekha/crypto/token.h"

enum { TOKEN_BYTES = 32, HASH_BYTES = 32 };

// Set once by tokens_open() before any thread, read only afterwards.
static uint8_t secret_key[SIGN_SECRET_KEY_BYTES];

enum status
tokens_open(const struct config *config)
{
    return sign_load_secret_key(config_text(config, "token_secret"), secret_key);
}

const char *
moment_after(struct call *call, int64_t ms)
{
    char *text = arena_take(call->arena, 25);
    if (text)
        time_format_utc(call->now_ms + ms, text);
    return text;
}

const char *
token_access_end(struct call *call)
{
    return moment_after(call, ACCESS_TOKEN_MS);
}

static enum status
sign_principal(struct call *call, const Bus__Principal *principal, const char **ret_token)
{
    uint8_t signature[SIGNATURE_BYTES];
    Bus__SignedPrincipal signed_principal = BUS__SIGNED_PRINCIPAL__INIT;
    size_t size = bus__principal__get_packed_size(principal);
    uint8_t *packed = arena_take(call->arena, size);
    if (!packed)
        return STATUS_TOO_LARGE;
    bus__principal__pack(principal, packed);
    sign_bytes(secret_key, packed, size, signature);
    signed_principal.principal = (ProtobufCBinaryData){size, packed};
    signed_principal.signature = (ProtobufCBinaryData){sizeof(signature), signature};
    size_t token_size = bus__signed_principal__get_packed_size(&signed_principal);
    uint8_t *token = arena_take(call->arena, token_size);
    char *text = arena_take(call->arena, (token_size * 4 + 2) / 3 + 1);
    if (!token || !text)
        return STATUS_TOO_LARGE;
    bus__signed_principal__pack(&signed_principal, token);
    text_to_base64url(token, token_size, text);
    *ret_token = text;
    return STATUS_OK;
}

enum status
token_issue_access(struct call *call, const char *session_id, const char *session_expires_at, Auth__SessionReply *reply)
{
    const Auth__Account *account = reply->account;
    int64_t expires_at_ms = call->now_ms + ACCESS_TOKEN_MS;
    int64_t session_ends_ms;
    if (*session_expires_at && time_parse(session_expires_at, &session_ends_ms) == STATUS_OK &&
        session_ends_ms < expires_at_ms)
        expires_at_ms = session_ends_ms;
    Bus__Principal principal = BUS__PRINCIPAL__INIT;
    principal.account_id = account->account_id;
    principal.session_id = session_id;
    principal.organisation_id = account->organisation_id;
    principal.organisation_path = account->organisation_path;
    principal.role = account->role;
    principal.issued_at_ms = call->now_ms;
    principal.expires_at_ms = expires_at_ms;
    principal.restricted = account->password_change_required || account->profile_required;
    principal.display_name = account->display_name;
    reply->access_expires_at = moment_after(call, expires_at_ms - call->now_ms);
    if (!reply->access_expires_at)
        return STATUS_TOO_LARGE;
    return sign_principal(call, &principal, &reply->access_token);
}

const char *
token_new_refresh(struct call *call)
{
    char *token = arena_take(call->arena, RANDOM_TOKEN_CHARS + 1);
    if (token)
        random_token(token);
    return token;
}

const char *
token_hash(struct call *call, const char *token)
{
    char *hash = arena_take(call->arena, 2 * HASH_BYTES + 1);
    if (hash)
        sha256_hex(token, strlen(token), hash);
    return hash;
}

// Known only with the token, and for no other use than its hash in the table.
static bool
pad_of(struct call *call, const char *token, uint8_t pad[HASH_BYTES])
{
    const char *text = arena_format(call->arena, "next refresh token after %s", token);
    char hex[2 * HASH_BYTES + 1];
    if (!text)
        return false;
    sha256_hex(text, strlen(text), hex);
    return text_from_hex(hex, pad, HASH_BYTES);
}

const char *
token_seal(struct call *call, const char *token, const char *next)
{
    uint8_t pad[HASH_BYTES], bytes[TOKEN_BYTES];
    char *sealed = arena_take(call->arena, 2 * TOKEN_BYTES + 1);
    if (!sealed || !pad_of(call, token, pad) || text_from_base64url(next, bytes, sizeof(bytes)) != TOKEN_BYTES)
        return NULL;
    for (size_t i = 0; i < TOKEN_BYTES; i++)
        bytes[i] ^= pad[i];
    text_to_hex(bytes, TOKEN_BYTES, sealed);
    return sealed;
}

const char *
token_unseal(struct call *call, const char *token, const char *sealed_hex)
{
    uint8_t pad[HASH_BYTES], bytes[TOKEN_BYTES];
    char *next = arena_take(call->arena, RANDOM_TOKEN_CHARS + 1);
    if (!next || strlen(sealed_hex) != 2 * sizeof(bytes) || !pad_of(call, token, pad) ||
        !text_from_hex(sealed_hex, bytes, sizeof(bytes)))
        return NULL;
    for (size_t i = 0; i < TOKEN_BYTES; i++)
        bytes[i] ^= pad[i];
    text_to_base64url(bytes, TOKEN_BYTES, next);
    return next;
}
