// ID tokens and key sets of a provider: a line of keys, a line of a header, the rest is claims; the first byte chooses
// whether they are packed as a token or taken as one, and whether the signature is called right. Nobody comes in whose
// token was not signed, or is not for us.
#include "fuzz.h"

#include <cjose/jws.h>

#include "id_token.h"
#include "vekha/base/text.h"

enum { INPUT_MAX = 3000, ARENA_BYTES = 256 * 1024, NOW_S = 1600000000 };

static const char KEYS[] = "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\","
                           "\"x\":\"f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU\","
                           "\"y\":\"x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0\"}]}";

static bool calls_it_right, was_verified;

// In place of the library's (linked by --wrap): no input would ever be signed rightly.
bool __wrap_cjose_jws_verify(cjose_jws_t *jws, const cjose_jwk_t *jwk, cjose_err *error);
bool
__wrap_cjose_jws_verify(cjose_jws_t *jws, const cjose_jwk_t *jwk, cjose_err *error)
{
    (void)error;
    DEMAND(jws != NULL && jwk != NULL);
    was_verified = was_verified || calls_it_right;
    return calls_it_right;
}

static char *
add_part(char *token, const char *text, size_t size, char end)
{
    text_to_base64url(text, size, token);
    token += strlen(token);
    *token = end;
    return token + 1;
}

static void
make_token(struct fuzz_input *input, bool is_packed, char *token)
{
    static char header[INPUT_MAX + 1];
    if (!is_packed) {
        input_text(input, '\0', token, INPUT_MAX);
        return;
    }
    size_t size = input_text(input, '\n', header, sizeof header);
    char *end = add_part(token, header, size, '.');
    end = add_part(end, (const char *)input->next, input->left, '.');
    memcpy(end, "c2ln", 5);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const struct id_token_wish WISH = {"https://provider.example", "vekha", "a nonce", NOW_S, 0};
    static struct arena arena;
    static char keys[INPUT_MAX + 1], token[2 * INPUT_MAX + 32];
    struct fuzz_input input = {data, size};
    if (size > INPUT_MAX)
        return 0;
    if (arena.limit_bytes == 0)
        arena_init(&arena, ARENA_BYTES);
    arena_reset(&arena);
    uint8_t how = input_byte(&input);
    calls_it_right = (how & 1) != 0;
    was_verified = false;
    if (input_text(&input, '\n', keys, sizeof keys) == 0)
        memcpy(keys, KEYS, sizeof KEYS);
    const char *claims = memchr(input.next, '\n', input.left);
    make_token(&input, (how & 2) != 0, token);
    struct id_token_person person = {0};
    enum id_token_verdict verdict = id_token_judge(&arena, token, keys, &WISH, &person);
    DEMAND(id_token_verdict_name(verdict) != NULL);
    if (verdict == ID_TOKEN_GOOD) {
        DEMAND(was_verified && person.subject[0] != '\0' && person.shown_name != NULL);
        // As it stands, unless some of it was written with escapes.
        if (claims != NULL && (how & 2) != 0 &&
            memchr(claims, '\\', size - (size_t)((const uint8_t *)claims - data)) == NULL)
            DEMAND(strstr(token, "c2ln") != NULL && memmem(data, size, "a nonce", 7) != NULL &&
                   memmem(data, size, "https://provider.example", 24) != NULL);
    }
    return 0;
}
