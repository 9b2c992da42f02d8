// ID tokens: signed here as a provider would, and bent in every way that must not be believed.
#include <cjose/cjose.h>
#include <jansson.h>
#include <setjmp.h> // cmocka.h needs it
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "id_token.h"
#include "vekha/base/text.h"

enum { ARENA_BYTES = 256 * 1024, NOW_S = 1800000000 };

static const struct id_token_wish WISH = {"https://provider.example", "vekha", "a nonce", NOW_S, 0};

struct keys {
    struct arena arena;
    cjose_jwk_t *rsa, *weak, *curve;
};

static int
open_keys(void **state)
{
    struct keys *keys = calloc(1, sizeof(*keys));
    assert_non_null(keys);
    arena_init(&keys->arena, ARENA_BYTES);
    keys->rsa = cjose_jwk_create_RSA_random(2048, (const uint8_t *)"\x01\x00\x01", 3, NULL);
    keys->weak = cjose_jwk_create_RSA_random(1024, (const uint8_t *)"\x01\x00\x01", 3, NULL);
    keys->curve = cjose_jwk_create_EC_random(CJOSE_JWK_EC_P_256, NULL);
    assert_true(keys->rsa && keys->weak && keys->curve);
    *state = keys;
    return 0;
}

static int
close_keys(void **state)
{
    struct keys *keys = *state;
    cjose_jwk_release(keys->rsa);
    cjose_jwk_release(keys->weak);
    cjose_jwk_release(keys->curve);
    arena_done(&keys->arena);
    free(keys);
    return 0;
}

// A set of one key that also says what `more` (a JSON object) says.
static const char *
set_of(struct keys *keys, cjose_jwk_t *key, const char *more)
{
    char *text = cjose_jwk_to_json(key, false, NULL);
    json_t *one = json_loads(text, 0, NULL);
    json_t *extra = json_loads(more, 0, NULL);
    assert_true(text && one && extra && json_object_update(one, extra) == 0);
    char *dumped = json_dumps(one, 0);
    const char *set = arena_format(&keys->arena, "{\"keys\":[{\"kty\":\"oct\"},%s]}", dumped);
    free(dumped);
    free(text);
    json_decref(one);
    json_decref(extra);
    assert_non_null(set);
    return set;
}

static const char *
sign_with(struct keys *keys, cjose_jwk_t *key, const char *header_text, const char *claims)
{
    json_t *header = json_loads(header_text, 0, NULL);
    assert_non_null(header);
    cjose_jws_t *jws =
        cjose_jws_sign(key, (cjose_header_t *)(void *)header, (const uint8_t *)claims, strlen(claims), NULL);
    const char *token;
    assert_true(jws && cjose_jws_export(jws, &token, NULL));
    const char *copy = arena_copy(&keys->arena, token);
    cjose_jws_release(jws);
    json_decref(header);
    assert_non_null(copy);
    return copy;
}

static const char *
claims_with(struct keys *keys, const char *change)
{
    json_t *claims =
        json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:s}", "iss", WISH.issuer, "aud", WISH.client_id, "sub", "person",
                  "nonce", WISH.nonce, "exp", NOW_S + 300, "iat", NOW_S, "preferred_username", "ivanova");
    json_t *changes = json_loads(change, 0, NULL);
    assert_true(claims && changes && json_object_update(claims, changes) == 0);
    char *text = json_dumps(claims, 0);
    const char *copy = arena_copy(&keys->arena, text);
    free(text);
    json_decref(claims);
    json_decref(changes);
    assert_non_null(copy);
    return copy;
}

static enum id_token_verdict
judge(struct keys *keys, const char *token, const char *set)
{
    struct id_token_person person;
    return id_token_judge(&keys->arena, token, set, &WISH, &person);
}

static void
both_kinds_of_signature_are_believed(void **state)
{
    struct keys *keys = *state;
    struct id_token_person person;
    const char *claims = claims_with(keys, "{}");
    const char *token = sign_with(keys, keys->rsa, "{\"alg\":\"RS256\",\"kid\":\"k\",\"typ\":\"JWT\"}", claims);
    const char *set = set_of(keys, keys->rsa, "{\"kid\":\"k\",\"use\":\"sig\",\"alg\":\"RS256\"}");
    assert_int_equal(id_token_judge(&keys->arena, token, set, &WISH, &person), ID_TOKEN_GOOD);
    assert_string_equal(person.subject, "person");
    assert_string_equal(person.shown_name, "ivanova");
    token = sign_with(keys, keys->curve, "{\"alg\":\"ES256\"}", claims);
    assert_int_equal(judge(keys, token, set_of(keys, keys->curve, "{}")), ID_TOKEN_GOOD);
}

static void
only_the_providers_keys_count(void **state)
{
    struct keys *keys = *state;
    const char *claims = claims_with(keys, "{}");
    const char *token = sign_with(keys, keys->rsa, "{\"alg\":\"RS256\",\"kid\":\"k\"}", claims);
    const struct {
        cjose_jwk_t *key;
        const char *more;
    } unsuited[] = {
        {keys->rsa, "{\"kid\":\"other\"}"},
        {keys->rsa, "{\"kid\":\"k\",\"use\":\"enc\"}"},
        {keys->rsa, "{\"kid\":\"k\",\"alg\":\"RS512\"}"},
        {keys->curve, "{\"kid\":\"k\"}"},
    };
    for (size_t i = 0; i < sizeof unsuited / sizeof unsuited[0]; i++)
        assert_int_equal(judge(keys, token, set_of(keys, unsuited[i].key, unsuited[i].more)), ID_TOKEN_UNKNOWN_KEY);
    cjose_jwk_t *other = cjose_jwk_create_RSA_random(2048, (const uint8_t *)"\x01\x00\x01", 3, NULL);
    assert_int_equal(judge(keys, token, set_of(keys, other, "{\"kid\":\"k\"}")), ID_TOKEN_WRONG_SIGNATURE);
    cjose_jwk_release(other);
    // A key that is too short is none.
    token = sign_with(keys, keys->weak, "{\"alg\":\"RS256\"}", claims);
    assert_int_equal(judge(keys, token, set_of(keys, keys->weak, "{}")), ID_TOKEN_UNKNOWN_KEY);
    assert_int_equal(judge(keys, token, "{}"), ID_TOKEN_UNKNOWN_KEY);
    assert_int_equal(judge(keys, token, "no JSON"), ID_TOKEN_UNKNOWN_KEY);
}

static void
other_algorithms_are_no_signatures(void **state)
{
    struct keys *keys = *state;
    const char *claims = claims_with(keys, "{}");
    const char *set = set_of(keys, keys->rsa, "{}");
    const char *token = sign_with(keys, keys->rsa, "{\"alg\":\"PS256\"}", claims);
    assert_int_equal(judge(keys, token, set), ID_TOKEN_WRONG_ALGORITHM);
    // {"alg":"none"}. and the claims, without a signature.
    char encoded[2048];
    text_to_base64url(claims, strlen(claims), encoded);
    token = arena_format(&keys->arena, "eyJhbGciOiJub25lIn0.%s.", encoded);
    assert_int_equal(judge(keys, token, set), ID_TOKEN_WRONG_ALGORITHM);
    token = sign_with(keys, keys->rsa, "{\"alg\":\"RS256\",\"crit\":[\"b64\"]}", claims);
    assert_int_equal(judge(keys, token, set), ID_TOKEN_MALFORMED);
    token = sign_with(keys, keys->rsa, "{\"alg\":\"RS256\",\"typ\":\"at+jwt\"}", claims);
    assert_int_equal(judge(keys, token, set), ID_TOKEN_MALFORMED);
}

static void
what_is_no_token_is_refused(void **state)
{
    struct keys *keys = *state;
    const char *set = set_of(keys, keys->rsa, "{}");
    const char *good = sign_with(keys, keys->rsa, "{\"alg\":\"RS256\"}", claims_with(keys, "{}"));
    assert_int_equal(judge(keys, good, set), ID_TOKEN_GOOD);
    for (size_t size = 0; size < strlen(good); size += 7)
        assert_int_not_equal(judge(keys, arena_copy_bytes(&keys->arena, good, size), set), ID_TOKEN_GOOD);
    const char *const wrong[] = {
        "", ".", "..", "...", "e30.e30.", "eyJhbGciOiJSUzI1NiJ9", "eyJhbGciOiJSUzI1NiJ9..", "W10.W10.W10"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        assert_int_not_equal(judge(keys, wrong[i], set), ID_TOKEN_GOOD);
    const char *no_object = sign_with(keys, keys->rsa, "{\"alg\":\"RS256\"}", "[]");
    assert_int_equal(judge(keys, no_object, set), ID_TOKEN_MALFORMED);
    const char *twice = sign_with(keys, keys->rsa, "{\"alg\":\"RS256\"}", "{\"sub\":\"a\",\"sub\":\"b\"}");
    assert_int_equal(judge(keys, twice, set), ID_TOKEN_MALFORMED);
}

struct claims_case {
    const char *change;
    enum id_token_verdict verdict;
};

static const struct claims_case CLAIMS[] = {
    {"{\"aud\":[\"vekha\"]}", ID_TOKEN_GOOD},
    {"{\"aud\":[\"other\",\"vekha\"],\"azp\":\"vekha\"}", ID_TOKEN_GOOD},
    {"{\"exp\":1799999990,\"iat\":1799999800}", ID_TOKEN_GOOD}, // within the clocks' difference
    {"{\"iat\":1800000000.5}", ID_TOKEN_GOOD},
    {"{\"nbf\":1800000010}", ID_TOKEN_GOOD},
    {"{\"iss\":\"https://provider.example/\"}", ID_TOKEN_WRONG_ISSUER},
    {"{\"iss\":null}", ID_TOKEN_WRONG_ISSUER},
    {"{\"aud\":\"other\"}", ID_TOKEN_WRONG_AUDIENCE},
    {"{\"aud\":[]}", ID_TOKEN_WRONG_AUDIENCE},
    {"{\"aud\":{\"vekha\":1}}", ID_TOKEN_WRONG_AUDIENCE},
    {"{\"aud\":[\"other\",\"vekha\"]}", ID_TOKEN_WRONG_AUDIENCE},
    {"{\"azp\":\"other\"}", ID_TOKEN_WRONG_AUDIENCE},
    {"{\"exp\":1799999900}", ID_TOKEN_OUT_OF_TIME},
    {"{\"exp\":\"1900000000\"}", ID_TOKEN_OUT_OF_TIME},
    {"{\"exp\":null}", ID_TOKEN_OUT_OF_TIME},
    {"{\"exp\":9223372036854775807}", ID_TOKEN_OUT_OF_TIME},
    {"{\"exp\":1e300}", ID_TOKEN_OUT_OF_TIME},
    {"{\"exp\":-1}", ID_TOKEN_OUT_OF_TIME},
    {"{\"iat\":1800000100}", ID_TOKEN_OUT_OF_TIME},
    {"{\"iat\":1799999000}", ID_TOKEN_OUT_OF_TIME},
    {"{\"nbf\":1800000100}", ID_TOKEN_OUT_OF_TIME},
    {"{\"nbf\":\"soon\"}", ID_TOKEN_OUT_OF_TIME},
    {"{\"nonce\":\"another\"}", ID_TOKEN_WRONG_NONCE},
    {"{\"nonce\":null}", ID_TOKEN_WRONG_NONCE},
    {"{\"sub\":\"\"}", ID_TOKEN_WRONG_SUBJECT},
    {"{\"sub\":17}", ID_TOKEN_WRONG_SUBJECT},
};

static void
claims_are_for_us_now_and_for_this_errand(void **state)
{
    struct keys *keys = *state;
    const char *set = set_of(keys, keys->curve, "{}");
    for (size_t i = 0; i < sizeof CLAIMS / sizeof CLAIMS[0]; i++) {
        const char *token = sign_with(keys, keys->curve, "{\"alg\":\"ES256\"}", claims_with(keys, CLAIMS[i].change));
        enum id_token_verdict verdict = judge(keys, token, set);
        if (verdict != CLAIMS[i].verdict)
            fail_msg("%s: %s, not %s", CLAIMS[i].change, id_token_verdict_name(verdict),
                     id_token_verdict_name(CLAIMS[i].verdict));
    }
}

static void
who_links_has_come_in_there_lately(void **state)
{
    struct keys *keys = *state;
    const char *set = set_of(keys, keys->curve, "{}");
    struct id_token_wish wish = WISH;
    wish.max_age_s = 600;
    const struct claims_case cases[] = {
        {"{\"auth_time\":1799999500}", ID_TOKEN_GOOD},
        {"{\"auth_time\":1799999000}", ID_TOKEN_OLD_ENTRY},
        {"{}", ID_TOKEN_OLD_ENTRY},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct id_token_person person;
        const char *token = sign_with(keys, keys->curve, "{\"alg\":\"ES256\"}", claims_with(keys, cases[i].change));
        assert_int_equal(id_token_judge(&keys->arena, token, set, &wish, &person), cases[i].verdict);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_kinds_of_signature_are_believed),
        cmocka_unit_test(only_the_providers_keys_count),
        cmocka_unit_test(other_algorithms_are_no_signatures),
        cmocka_unit_test(what_is_no_token_is_refused),
        cmocka_unit_test(claims_are_for_us_now_and_for_this_errand),
        cmocka_unit_test(who_links_has_come_in_there_lately),
    };
    return cmocka_run_group_tests(tests, open_keys, close_keys);
}
