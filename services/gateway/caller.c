// Who asks: the access token from header or cookie, its session, the method's roles, other sites.
#include "exchange.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "texts.h"
#include "vekha/base/time.h"

static const char *
find_token(struct exchange *exchange, size_t *ret_size)
{
    const char *authorization = head_value(&exchange->head, "Authorization");
    if (authorization != NULL && strncasecmp(authorization, "Bearer ", 7) == 0) {
        authorization += 7 + strspn(authorization + 7, " ");
        *ret_size = strcspn(authorization, " ");
        return authorization;
    }
    bool twice;
    const char *cookie = head_cookie(&exchange->head, ACCESS_COOKIE, ret_size, &twice);
    exchange->is_by_cookie = cookie != NULL;
    return twice ? NULL : cookie;
}

// "https://host:port" of the Origin header is our own.
static bool
is_own_origin(const struct exchange *exchange, const char *origin)
{
    const char *public_origin = exchange->gateway->public_origin;
    if (public_origin[0] != '\0')
        return strcasecmp(origin, public_origin) == 0;
    const char *host = head_value(&exchange->head, "Host"), *slashes = strstr(origin, "://");
    return host != NULL && slashes != NULL && strcasecmp(slashes + 3, host) == 0;
}

// A change that the browser of a logged-in person may have been talked into by another site (ASVS 3.5.1).
static bool
is_from_other_site(const struct exchange *exchange, bool has_cookie)
{
    const char *site = head_value(&exchange->head, "Sec-Fetch-Site");
    const char *origin = head_value(&exchange->head, "Origin");
    if (exchange->match.method->kind != VEKHA__KIND__KIND_COMMAND)
        return false;
    if (site != NULL)
        return strcmp(site, "same-origin") != 0 && strcmp(site, "none") != 0;
    if (origin != NULL)
        return !is_own_origin(exchange, origin);
    return has_cookie;
}

static bool
refuse(struct exchange *exchange, unsigned http_code, const struct message *message)
{
    answer_problem(exchange, http_code, message);
    return false;
}

static bool
is_open_to_anyone(const struct contract_method *method)
{
    return (method->roles & 1u << VEKHA__ROLE__ROLE_ANYONE) != 0;
}

static bool
check_rights(struct exchange *exchange)
{
    const struct contract_method *method = exchange->match.method;
    const Bus__Principal *principal = exchange->caller.principal;
    if ((method->roles & 1u << principal->role) == 0)
        return refuse(exchange, 403, &TEXT_NOT_YOUR_ROLE);
    if (principal->restricted && !method->before_ready)
        return refuse(exchange, 403, &TEXT_FINISH_ENTRY);
    return true;
}

bool
caller_identify(struct exchange *exchange)
{
    const struct sessions *sessions = &exchange->gateway->sessions;
    bool anyone = is_open_to_anyone(exchange->match.method), twice;
    size_t size = 0, refresh_size;
    const char *token = find_token(exchange, &size);
    bool has_refresh = head_cookie(&exchange->head, REFRESH_COOKIE, &refresh_size, &twice) != NULL;
    if (is_from_other_site(exchange, exchange->is_by_cookie || (anyone && has_refresh)))
        return refuse(exchange, 403, &TEXT_OTHER_SITE);
    // Logging in and refreshing do not depend on who one was before.
    if (anyone)
        return true;
    if (token == NULL || size == 0)
        return refuse(exchange, 401, &TEXT_LOG_IN);
    if (!sessions->is_loaded)
        return refuse(exchange, 503, &TEXT_STARTING);
    struct verified_principal verified;
    enum status status =
        principals_check(exchange->gateway->principals, token, size, clock_now_ms(), &exchange->arena, &verified);
    if (status == STATUS_BUSY)
        return refuse(exchange, 503, &TEXT_BUSY);
    if (status != STATUS_OK || revoked_set_has(&sessions->revoked, verified.principal->session_id))
        return refuse(exchange, 401, &TEXT_LOG_IN_AGAIN);
    exchange->caller = verified;
    return check_rights(exchange);
}

bool
caller_idempotency_key(struct exchange *exchange, uint8_t out[IDEMPOTENCY_KEY_BYTES])
{
    const char *key = head_value(&exchange->head, "Idempotency-Key");
    const Bus__Principal *principal = exchange->caller.principal;
    // Without an account a key would be shared by strangers.
    if (key == NULL || principal == NULL) {
        random_bytes(out, IDEMPOTENCY_KEY_BYTES);
        return true;
    }
    size_t size = strlen(key);
    if (size < 16 || size > 64) {
        answer_problem(exchange, 400, &TEXT_BAD_IDEMPOTENCY_KEY);
        return false;
    }
    char text[256], digest[65];
    int length = snprintf(text, sizeof text, "key %.64s %.64s", principal->account_id, key);
    sha256_hex(text, (size_t)length, digest);
    digest[2 * IDEMPOTENCY_KEY_BYTES] = '\0';
    return text_from_hex(digest, out, IDEMPOTENCY_KEY_BYTES);
}
