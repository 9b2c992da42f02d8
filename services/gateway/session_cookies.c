// Cookies of a session: both tokens out of reach of scripts and of other sites.
#include "exchange.h"

#include <string.h>

#include "vekha/base/time.h"

static const char ATTRIBUTES[] = "; Path=/; Secure; HttpOnly; SameSite=Strict";

static char *
make_cookie(struct exchange *exchange, const char *name, const char *token, const char *expires_at)
{
    int64_t expires_ms;
    if (token == NULL || token[0] == '\0' || time_parse(expires_at, &expires_ms) != STATUS_OK)
        return NULL;
    int64_t seconds = (expires_ms - clock_now_ms()) / 1000;
    return arena_format(&exchange->arena, "%s=%s; Max-Age=%lld%s", name, token, (long long)(seconds < 0 ? 0 : seconds),
                        ATTRIBUTES);
}

// Browsers send these with every request that scripts make, and scripts cannot leave them out.
static bool
is_browser(const struct exchange *exchange)
{
    return head_value(&exchange->head, "Sec-Fetch-Site") != NULL || head_value(&exchange->head, "Origin") != NULL;
}

struct session_cookies
session_cookies_make(struct exchange *exchange, ProtobufCMessage *reply)
{
    struct session_cookies cookies = {0};
    Vekha__Session session = exchange->match.method->session;
    if (session == VEKHA__SESSION__SESSION_END) {
        cookies.access = arena_format(&exchange->arena, "%s=; Max-Age=0%s", ACCESS_COOKIE, ATTRIBUTES);
        cookies.refresh = arena_format(&exchange->arena, "%s=; Max-Age=0%s", REFRESH_COOKIE, ATTRIBUTES);
        cookies.clears_site_data = true;
    }
    if (session != VEKHA__SESSION__SESSION_START)
        return cookies;
    const char **access = (const char **)(uintptr_t)message_field(reply, "access_token");
    const char **refresh = (const char **)(uintptr_t)message_field(reply, "refresh_token");
    const char *const *access_end = message_field(reply, "access_expires_at");
    const char *const *refresh_end = message_field(reply, "refresh_expires_at");
    cookies.access = make_cookie(exchange, ACCESS_COOKIE, *access, *access_end);
    cookies.refresh = make_cookie(exchange, REFRESH_COOKIE, *refresh, *refresh_end);
    if (is_browser(exchange))
        *access = *refresh = "";
    return cookies;
}

void
session_cookies_add(struct exchange *exchange, const struct session_cookies *cookies)
{
    if (cookies->access != NULL)
        answer_header(exchange, "Set-Cookie", cookies->access);
    if (cookies->refresh != NULL)
        answer_header(exchange, "Set-Cookie", cookies->refresh);
    if (cookies->clears_site_data)
        answer_header(exchange, "Clear-Site-Data", "\"cache\", \"cookies\", \"storage\"");
}
