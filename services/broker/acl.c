// Who may call, serve and publish what.
#include <stdlib.h>
#include <string.h>

#include "acl.h"

enum { DEFAULT_TIMEOUT_MS = 5000 };

static const char GATEWAY[] = "gateway";
// Every service answers it, to every other: what a consumer missed.
static const char FETCH_EVENTS[] = ".FetchEvents";
// What the gateway has kept is its own matter.
static const char CHECK_TAGS[] = ".CheckTags";

static int
compare_name(const void *name, const void *method)
{
    return strcmp(name, ((const struct contract_method *)method)->name);
}

static bool
is_service(const struct acl *acl, const char *name)
{
    for (size_t i = 0; i < acl->count; i++)
        if (strcmp(acl->methods[i].service, name) == 0)
            return true;
    return false;
}

bool
acl_may_use_events(const struct acl *acl, const char *name)
{
    return is_service(acl, name) || strcmp(name, GATEWAY) == 0;
}

static bool
ends_with(const char *text, const char *end)
{
    size_t size = strlen(text);
    size_t end_size = strlen(end);
    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

static bool
may_call(const struct acl *acl, const char *caller, const struct contract_method *method)
{
    if (method->path != NULL && strcmp(caller, GATEWAY) == 0)
        return true;
    if (ends_with(method->name, FETCH_EVENTS))
        return acl_may_use_events(acl, caller);
    if (ends_with(method->name, CHECK_TAGS) && strcmp(caller, GATEWAY) == 0)
        return true;
    for (const char *const *name = method->callers; name != NULL && *name != NULL; name++)
        if (strcmp(*name, caller) == 0)
            return true;
    return false;
}

enum status
acl_route(const struct acl *acl, const char *caller, const char *method, struct route *ret_route)
{
    const struct contract_method *found = bsearch(method, acl->methods, acl->count, sizeof *found, compare_name);
    if (found == NULL || strlen(found->lane) > LANE_NAME_CHARS)
        return STATUS_UNIMPLEMENTED;
    if (!may_call(acl, caller, found))
        return STATUS_FORBIDDEN;
    ret_route->lane = found->lane;
    ret_route->timeout_ms = found->timeout_ms > 0 ? found->timeout_ms : DEFAULT_TIMEOUT_MS;
    return STATUS_OK;
}

// name, or name + separator + anything
static bool
is_under(const char *name, const char *text, size_t size, char separator)
{
    size_t name_size = strlen(name);
    return name_size > 0 && size >= name_size && memcmp(name, text, name_size) == 0 &&
           (size == name_size || text[name_size] == separator);
}

bool
acl_may_serve(const struct acl *acl, const char *name, const char *lane)
{
    if (!is_under(name, lane, strlen(lane), '/'))
        return false;
    for (size_t i = 0; i < acl->count; i++)
        if (strcmp(acl->methods[i].lane, lane) == 0)
            return true;
    return false;
}

bool
acl_may_publish(const char *name, const char *topic, size_t topic_size)
{
    return is_under(name, topic, topic_size, '.');
}
