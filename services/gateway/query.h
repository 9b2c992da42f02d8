// Query parameters and path values -> fields of a request message.
#pragma once

#include "router.h"
#include "violations.h"

// INVALID with violations: unknown names, a single field twice, wrong values, fields that travel elsewhere
// (path, If-Match, Range). MALFORMED: bad escapes.
MUST_CHECK enum status query_fill(const char *raw_query, const struct route_match *match, ProtobufCMessage *message,
                                  struct violations *violations);
// INVALID when a body has set a field of the path; afterwards the path's values stand in the message.
MUST_CHECK enum status path_fill(const struct route_match *match, ProtobufCMessage *message,
                                 struct violations *violations);
