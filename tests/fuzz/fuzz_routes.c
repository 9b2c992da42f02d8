// Request targets of strangers: split, decoded, routed. What is decoded encodes to the same target again, and a match
// is the method's own path with the values in it.
#include "fuzz.h"

#include "query.h"
#include "router.h"

enum { ARENA_BYTES = 1024 * 1024 };

static struct arena arena;

static char *
add_encoded(char *out, const char *text)
{
    static const char HEX[] = "0123456789ABCDEF";
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        *out++ = '%';
        *out++ = HEX[c >> 4];
        *out++ = HEX[c & 15];
    }
    return out;
}

// Every byte as %XX: reads as the same target.
static void
check_encoding(const struct uri *uri)
{
    char target[3 * URI_MAX_BYTES + URI_MAX_SEGMENTS + 2], *out = target;
    struct uri again;
    for (size_t i = 0; i < uri->segment_count; i++) {
        *out++ = '/';
        out = add_encoded(out, uri->segments[i].text);
    }
    if (uri->action != NULL) {
        *out++ = ':';
        out = add_encoded(out, uri->action);
    }
    *out = '\0';
    if (out - target > URI_MAX_BYTES)
        return;
    DEMAND(uri_parse(target, &arena, &again) == STATUS_OK && again.segment_count == uri->segment_count);
    for (size_t i = 0; i < uri->segment_count; i++)
        DEMAND(strcmp(again.segments[i].text, uri->segments[i].text) == 0);
    DEMAND((again.action == NULL) == (uri->action == NULL));
    DEMAND(uri->action == NULL || strcmp(again.action, uri->action) == 0);
}

// The method's path, its {parameters} filled with the values that were matched, is what was asked for.
static void
check_match(const struct route_match *match, const char *verb, const struct uri *uri)
{
    DEMAND(strcmp(match->method->verb, strcmp(verb, "HEAD") == 0 ? "GET" : verb) == 0);
    const char *at = match->method->path;
    size_t parameter = 0;
    for (size_t i = 0; i < uri->segment_count; i++) {
        DEMAND(*at++ == '/');
        const char *text = uri->segments[i].text;
        if (*at == '{') {
            DEMAND(parameter < match->count && match->values[parameter] == &uri->segments[i] && text[0] != '\0');
            size_t size = strcspn(++at, "}");
            const char *name = match->fields[parameter++]->name;
            DEMAND(strlen(name) == size && memcmp(name, at, size) == 0);
            at += size + 1;
        } else {
            size_t size = strcspn(at, "/:");
            DEMAND(strlen(text) == size && memcmp(text, at, size) == 0);
            at += size;
        }
    }
    DEMAND(parameter == match->count && (*at == ':') == (uri->action != NULL));
    DEMAND(uri->action == NULL || strcmp(at + 1, uri->action) == 0);
}

static void
fill(const struct route_match *match)
{
    struct violations violations = {.arena = &arena};
    ProtobufCMessage *message = arena_take(&arena, match->method->request->sizeof_message);
    DEMAND(message != NULL);
    protobuf_c_message_init(match->method->request, message);
    enum status status = path_fill(match, message, &violations);
    DEMAND(status == STATUS_OK || violations.count > 0);
    DEMAND(status != STATUS_OK || protobuf_c_message_get_packed_size(message) < (size_t)2 * URI_MAX_BYTES);
    // What stands there may not be said a second time.
    if (status == STATUS_OK && match->count > 0)
        DEMAND(path_fill(match, message, &violations) == STATUS_INVALID);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const VERBS[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"};
    static struct router *router;
    if (router == NULL) {
        router = router_new(contract_methods, contract_method_count);
        DEMAND(router != NULL);
        arena_init(&arena, ARENA_BYTES);
    }
    arena_reset(&arena);
    struct uri uri;
    const char *target = arena_copy_bytes(&arena, data, size);
    if (target == NULL || uri_parse(target, &arena, &uri) != STATUS_OK)
        return 0;
    DEMAND(uri.segment_count > 0 && uri.segment_count <= URI_MAX_SEGMENTS);
    check_encoding(&uri);
    for (size_t i = 0; i < sizeof VERBS / sizeof VERBS[0]; i++) {
        struct route_match match;
        router_match(router, VERBS[i], &uri, &match);
        DEMAND(match.method == NULL || match.allow[0] == '\0' || strstr(match.allow, VERBS[i]) != NULL);
        if (match.method == NULL)
            continue;
        check_match(&match, VERBS[i], &uri);
        fill(&match);
    }
    return 0;
}
