// Signature by libcjose, claims here.
#include "id_token.h"

#include <cjose/jwk.h>
#include <cjose/jws.h>
#include <jansson.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "vekha/base/text.h"

enum {
    SUBJECT_MAX = 255,
    NAME_MAX_CHARS = 100,
    HEADER_MAX_CHARS = 4096,
    RSA_2048_CHARS = 342, // of a modulus in base64url
    NUMBER_MAX_BYTES = 2048,
};

static const char *
text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text ? text : "";
}

static bool
is_absent_or(const json_t *object, const char *name, const char *wanted)
{
    const json_t *value = json_object_get(object, name);
    return value == NULL || (json_is_string(value) && strcmp(json_string_value(value), wanted) == 0);
}

static json_t *
read_object(const void *text, size_t size)
{
    json_t *object = json_loadb(text, size, JSON_REJECT_DUPLICATES, NULL);
    if (object && !json_is_object(object)) {
        json_decref(object);
        return NULL;
    }
    return object;
}

static json_t *
read_header(struct arena *arena, const char *token)
{
    size_t chars = strcspn(token, ".");
    char *encoded = chars <= HEADER_MAX_CHARS ? arena_copy_bytes(arena, token, chars) : NULL;
    char *text = encoded ? arena_take(arena, chars + 1) : NULL;
    long size = text ? text_from_base64url(encoded, text, chars) : -1;
    return size < 0 ? NULL : read_object(text, (size_t)size);
}

// "none" and everything keyed with what both sides know are no signatures of the provider's.
static enum id_token_verdict
judge_header(const json_t *header)
{
    const char *algorithm = text_of(header, "alg");
    const json_t *type = json_object_get(header, "typ");
    if (strcmp(algorithm, "RS256") != 0 && strcmp(algorithm, "ES256") != 0)
        return ID_TOKEN_WRONG_ALGORITHM;
    if (type && (!json_is_string(type) || strcasecmp(json_string_value(type), "JWT") != 0))
        return ID_TOKEN_MALFORMED;
    // What must be understood and is not.
    return json_object_get(header, "crit") ? ID_TOKEN_MALFORMED : ID_TOKEN_GOOD;
}

// libcjose asserts that what it decodes is base64url: anything else that a provider sends would end the process.
static bool
numbers_are_sound(const json_t *key)
{
    static const char *const NUMBERS[] = {"n", "e", "x", "y", "d", "p", "q", "dp", "dq", "qi", "k"};
    uint8_t number[NUMBER_MAX_BYTES];
    for (size_t i = 0; i < sizeof NUMBERS / sizeof NUMBERS[0]; i++)
        if (json_object_get(key, NUMBERS[i]) &&
            text_from_base64url(text_of(key, NUMBERS[i]), number, sizeof number) < 1)
            return false;
    return true;
}

static bool
parts_are_sound(struct arena *arena, const char *token)
{
    for (const char *at = token;; at++) {
        size_t chars = strcspn(at, ".");
        char *part = arena_copy_bytes(arena, at, chars);
        char *bytes = arena_take(arena, chars + 1);
        if (!part || !bytes || text_from_base64url(part, bytes, chars) < 0)
            return false;
        at += chars;
        if (*at == '\0')
            return true;
    }
}

static bool
key_suits(const json_t *key, const json_t *header)
{
    const char *algorithm = text_of(header, "alg");
    const json_t *name = json_object_get(header, "kid");
    if (!json_is_object(key) || !is_absent_or(key, "use", "sig") || !is_absent_or(key, "alg", algorithm) ||
        !numbers_are_sound(key))
        return false;
    if (name && (!json_is_string(name) || strcmp(text_of(key, "kid"), json_string_value(name)) != 0))
        return false;
    if (algorithm[0] == 'R')
        return strcmp(text_of(key, "kty"), "RSA") == 0 && strlen(text_of(key, "n")) >= RSA_2048_CHARS;
    return strcmp(text_of(key, "kty"), "EC") == 0 && strcmp(text_of(key, "crv"), "P-256") == 0;
}

static bool
is_signed_with(cjose_jws_t *jws, const json_t *key)
{
    char *text = json_dumps(key, JSON_COMPACT);
    cjose_jwk_t *jwk = text ? cjose_jwk_import(text, strlen(text), NULL) : NULL;
    bool is_signed = jwk && cjose_jws_verify(jws, jwk, NULL);
    if (jwk)
        cjose_jwk_release(jwk);
    free(text);
    return is_signed;
}

static enum id_token_verdict
judge_signature(cjose_jws_t *jws, const json_t *header, const char *keys)
{
    json_t *set = read_object(keys, strlen(keys));
    const json_t *list = json_object_get(set, "keys");
    enum id_token_verdict verdict = ID_TOKEN_UNKNOWN_KEY;
    for (size_t i = 0; verdict != ID_TOKEN_GOOD && i < json_array_size(list); i++) {
        const json_t *key = json_array_get(list, i);
        if (key_suits(key, header))
            verdict = is_signed_with(jws, key) ? ID_TOKEN_GOOD : ID_TOKEN_WRONG_SIGNATURE;
    }
    json_decref(set);
    return verdict;
}

static bool
is_for(const json_t *claims, const char *client_id)
{
    const json_t *audience = json_object_get(claims, "aud");
    bool is_named = json_is_string(audience) && strcmp(json_string_value(audience), client_id) == 0;
    for (size_t i = 0; i < json_array_size(audience); i++) {
        const char *one = json_string_value(json_array_get(audience, i));
        is_named = is_named || (one && strcmp(one, client_id) == 0);
    }
    bool needs_party = json_array_size(audience) > 1 || json_object_get(claims, "azp");
    return is_named && (!needs_party || strcmp(text_of(claims, "azp"), client_id) == 0);
}

// False when it is no number.
static bool
moment_of(const json_t *claims, const char *name, int64_t *ret_s)
{
    const json_t *value = json_object_get(claims, name);
    if (json_is_integer(value))
        *ret_s = (int64_t)json_integer_value(value);
    else if (json_is_real(value) && json_real_value(value) > 0 && json_real_value(value) < 1e15)
        *ret_s = (int64_t)json_real_value(value);
    else
        return false;
    // Far from where an addition would overflow.
    return *ret_s > 0 && *ret_s < INT64_C(1) << 50;
}

static bool
is_in_time(const json_t *claims, int64_t now_s)
{
    int64_t expires_s, issued_s, begins_s;
    if (!moment_of(claims, "exp", &expires_s) || !moment_of(claims, "iat", &issued_s))
        return false;
    if (json_object_get(claims, "nbf") && (!moment_of(claims, "nbf", &begins_s) || begins_s > now_s + ID_TOKEN_SKEW_S))
        return false;
    return expires_s > now_s - ID_TOKEN_SKEW_S && issued_s < now_s + ID_TOKEN_SKEW_S &&
           issued_s > now_s - ID_TOKEN_MAX_AGE_S - ID_TOKEN_SKEW_S;
}

static enum id_token_verdict
judge_claims(const json_t *claims, const struct id_token_wish *wish)
{
    const char *subject = text_of(claims, "sub");
    int64_t came_s;
    if (strcmp(text_of(claims, "iss"), wish->issuer) != 0)
        return ID_TOKEN_WRONG_ISSUER;
    if (!is_for(claims, wish->client_id))
        return ID_TOKEN_WRONG_AUDIENCE;
    if (!is_in_time(claims, wish->now_s))
        return ID_TOKEN_OUT_OF_TIME;
    if (strcmp(text_of(claims, "nonce"), wish->nonce) != 0)
        return ID_TOKEN_WRONG_NONCE;
    if (!*subject || strlen(subject) > SUBJECT_MAX)
        return ID_TOKEN_WRONG_SUBJECT;
    if (wish->max_age_s > 0 &&
        (!moment_of(claims, "auth_time", &came_s) || came_s < wish->now_s - wish->max_age_s - ID_TOKEN_SKEW_S))
        return ID_TOKEN_OLD_ENTRY;
    return ID_TOKEN_GOOD;
}

static bool
tell_person(struct arena *arena, const json_t *claims, struct id_token_person *ret_person)
{
    static const char *const NAMES[] = {"preferred_username", "email", "name"};
    const char *shown = "";
    for (size_t i = 0; !*shown && i < sizeof NAMES / sizeof NAMES[0]; i++)
        if (text_count_chars(text_of(claims, NAMES[i])) <= NAME_MAX_CHARS)
            shown = text_of(claims, NAMES[i]);
    ret_person->subject = arena_copy(arena, text_of(claims, "sub"));
    ret_person->shown_name = arena_copy(arena, shown);
    return ret_person->subject && ret_person->shown_name;
}

static enum id_token_verdict
judge_signed(struct arena *arena, cjose_jws_t *jws, const struct id_token_wish *wish,
             struct id_token_person *ret_person)
{
    uint8_t *text;
    size_t size;
    json_t *claims = cjose_jws_get_plaintext(jws, &text, &size, NULL) ? read_object(text, size) : NULL;
    if (!claims)
        return ID_TOKEN_MALFORMED;
    enum id_token_verdict verdict = judge_claims(claims, wish);
    if (verdict == ID_TOKEN_GOOD && !tell_person(arena, claims, ret_person))
        verdict = ID_TOKEN_MALFORMED;
    json_decref(claims);
    return verdict;
}

enum id_token_verdict
id_token_judge(struct arena *arena, const char *token, const char *keys, const struct id_token_wish *wish,
               struct id_token_person *ret_person)
{
    size_t size = strlen(token);
    json_t *header = size <= ID_TOKEN_MAX_CHARS ? read_header(arena, token) : NULL;
    if (!header)
        return ID_TOKEN_MALFORMED;
    enum id_token_verdict verdict = judge_header(header);
    bool is_sound = verdict == ID_TOKEN_GOOD && parts_are_sound(arena, token);
    cjose_jws_t *jws = is_sound ? cjose_jws_import(token, size, NULL) : NULL;
    if (verdict == ID_TOKEN_GOOD)
        verdict = jws ? judge_signature(jws, header, keys) : ID_TOKEN_MALFORMED;
    if (verdict == ID_TOKEN_GOOD)
        verdict = judge_signed(arena, jws, wish, ret_person);
    if (jws)
        cjose_jws_release(jws);
    json_decref(header);
    return verdict;
}

const char *
id_token_verdict_name(enum id_token_verdict verdict)
{
    static const char *const NAMES[] = {
        [ID_TOKEN_GOOD] = "good",
        [ID_TOKEN_MALFORMED] = "malformed",
        [ID_TOKEN_WRONG_ALGORITHM] = "wrong algorithm",
        [ID_TOKEN_UNKNOWN_KEY] = "unknown key",
        [ID_TOKEN_WRONG_SIGNATURE] = "wrong signature",
        [ID_TOKEN_WRONG_ISSUER] = "wrong issuer",
        [ID_TOKEN_WRONG_AUDIENCE] = "wrong audience",
        [ID_TOKEN_OUT_OF_TIME] = "out of time",
        [ID_TOKEN_WRONG_NONCE] = "wrong nonce",
        [ID_TOKEN_WRONG_SUBJECT] = "wrong subject",
        [ID_TOKEN_OLD_ENTRY] = "the person came in there too long ago",
    };
    return NAMES[verdict];
}
