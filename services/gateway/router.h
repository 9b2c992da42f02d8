// From verb and path to a method of the contract: a tree of path segments built once from the generated table.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

#include "uri.h"
#include "vekha/bus/contract.h"

enum { ROUTE_MAX_PARAMETERS = 8 };

struct router;

struct route_match {
    const struct contract_method *method;
    const ProtobufCFieldDescriptor *fields[ROUTE_MAX_PARAMETERS];
    const struct uri_segment *values[ROUTE_MAX_PARAMETERS];
    size_t count;
    char allow[64]; // of a known path: "GET, HEAD, PUT"
};

// NULL without memory, or when a path names a field its request does not have.
struct router *router_new(const struct contract_method *methods, size_t count);
void router_free(struct router **router);
// NULL in match->method: no such path (allow is empty), or a path that does not take this verb (allow is filled).
void router_match(const struct router *router, const char *verb, const struct uri *uri, struct route_match *match);
