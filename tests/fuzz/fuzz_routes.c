// Request targets of strangers: split, decoded, routed, their query filled into the method's request.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "query.h"
#include "router.h"

enum { ARENA_BYTES = 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
route(const struct router *router, struct arena *arena, const char *verb, const char *target)
{
    struct uri uri;
    struct route_match match;
    if (uri_parse(target, arena, &uri) != STATUS_OK)
        return;
    router_match(router, verb, &uri, &match);
    if (match.method == NULL)
        return;
    struct violations violations = {.arena = arena};
    ProtobufCMessage *message = arena_take(arena, match.method->request->sizeof_message);
    if (message == NULL)
        return;
    protobuf_c_message_init(match.method->request, message);
    enum status query = query_fill(uri.query, &match, message, &violations);
    enum status path = path_fill(&match, message, &violations);
    if (query == STATUS_OK && path == STATUS_OK && protobuf_c_message_get_packed_size(message) > 64 * 1024)
        abort();
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const VERBS[] = {"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD"};
    static struct router *router;
    if (router == NULL)
        router = router_new(contract_methods, contract_method_count);
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    char *target = arena_copy_bytes(&arena, data, size);
    for (size_t i = 0; router != NULL && target != NULL && i < sizeof VERBS / sizeof VERBS[0]; i++)
        route(router, &arena, VERBS[i], target);
    arena_done(&arena);
    return 0;
}
