// Who may call, serve and publish what.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "acl.h"

enum { DEFAULT_TIMEOUT_MS = 5000 };

static const char GATEWAY[] = "gateway";
// Every service answers it from its outbox; it is no method of the contract.
static const char FETCH_EVENTS[] = ".FetchEvents";

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

static enum status
route_to_lane(const char *lane, uint32_t timeout_ms, struct route *ret_route)
{
    size_t size = strlen(lane);
    if (size > LANE_NAME_CHARS)
        return STATUS_UNIMPLEMENTED;
    memcpy(ret_route->lane, lane, size + 1);
    ret_route->timeout_ms = timeout_ms > 0 ? timeout_ms : DEFAULT_TIMEOUT_MS;
    return STATUS_OK;
}

static enum status
route_fetch_events(const struct acl *acl, const char *caller, const char *method, struct route *ret_route)
{
    size_t size = strlen(method);
    size_t suffix_size = sizeof FETCH_EVENTS - 1;
    if (size <= suffix_size || size - suffix_size > LANE_NAME_CHARS ||
        strcmp(method + size - suffix_size, FETCH_EVENTS) != 0)
        return STATUS_UNIMPLEMENTED;
    char service[LANE_NAME_CHARS + 1] = {0};
    memcpy(service, method, size - suffix_size);
    if (!is_service(acl, service))
        return STATUS_UNIMPLEMENTED;
    if (!is_service(acl, caller) && strcmp(caller, GATEWAY) != 0)
        return STATUS_FORBIDDEN;
    return route_to_lane(service, 0, ret_route);
}

static bool
may_call(const char *caller, const struct contract_method *method)
{
    if (method->path != NULL && strcmp(caller, GATEWAY) == 0)
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
    if (found == NULL)
        return route_fetch_events(acl, caller, method, ret_route);
    if (!may_call(caller, found))
        return STATUS_FORBIDDEN;
    return route_to_lane(found->lane, found->timeout_ms, ret_route);
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
acl_may_serve(const char *name, const char *lane)
{
    return is_under(name, lane, strlen(lane), '/');
}

bool
acl_may_publish(const char *name, const char *topic, size_t topic_size)
{
    return is_under(name, topic, topic_size, '.');
}
