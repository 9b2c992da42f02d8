// Who may call, serve and publish what. Decisions over the contract's table; no I/O.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lanes.h"
#include "vekha/base/status.h"
#include "vekha/bus/contract.h"

struct acl {
    const struct contract_method *methods; // sorted by name
    size_t count;
};

// What the broker does with a permitted call.
struct route {
    const char *lane; // in the contract
    uint32_t timeout_ms;
};

// OK and *ret_route; UNIMPLEMENTED: no such method; FORBIDDEN.
MUST_CHECK enum status acl_route(const struct acl *acl, const char *caller, const char *method,
                                 struct route *ret_route);
// "auth" serves "auth" and "auth/hash", as far as the contract has them.
bool acl_may_serve(const struct acl *acl, const char *name, const char *lane);
// Services and the gateway; a key for operators does not hear what happens to people.
bool acl_may_use_events(const struct acl *acl, const char *name);
// "reporting" publishes "reporting" and "reporting.74.12", nothing else.
bool acl_may_publish(const char *name, const char *topic, size_t topic_size);
