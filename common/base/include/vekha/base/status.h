// The one result type of every layer, its wire number, HTTP code and problem code.
#pragma once

#define MUST_CHECK __attribute__((warn_unused_result))

// X(name, HTTP code, problem code). Numbers travel on the bus: append only.
#define VEKHA_STATUS_LIST(X)                                                                                           \
    X(OK, 200, "ok")                                                                                                   \
    X(INVALID, 422, "invalid")     /* a field is wrong: violations name it */                                          \
    X(MALFORMED, 400, "malformed") /* not even readable */                                                             \
    X(UNAUTHENTICATED, 401, "unauthenticated")                                                                         \
    X(FORBIDDEN, 403, "forbidden")                                                                                     \
    X(NOT_FOUND, 404, "not_found")                                                                                     \
    X(CONFLICT, 409, "conflict") /* the state does not allow it */                                                     \
    X(STALE, 412, "stale")       /* somebody changed it meanwhile (If-Match) */                                        \
    X(VERSION_REQUIRED, 428, "version_required")                                                                       \
    X(KEY_REUSED, 422, "idempotency_key_reused")                                                                       \
    X(TOO_LARGE, 413, "too_large")                                                                                     \
    X(TOO_MANY, 429, "too_many_requests")                                                                              \
    X(BUSY, 503, "busy") /* a queue is full, or a part is down: come again */                                          \
    X(TIMEOUT, 504, "timeout")                                                                                         \
    X(UNKNOWN_OUTCOME, 503, "unknown_outcome") /* the worker died: repeat with the same key */                         \
    X(NOT_YET, 409, "not_yet")                 /* waits for an event that is on its way */                             \
    X(UNIMPLEMENTED, 404, "unknown_method")                                                                            \
    X(LOST, 503, "connection_lost") /* the database connection broke; never leaves the service */                      \
    X(INTERNAL, 500, "internal")

enum status {
#define VEKHA_STATUS_ENUMERATOR(name, http, code) STATUS_##name,
    VEKHA_STATUS_LIST(VEKHA_STATUS_ENUMERATOR)
#undef VEKHA_STATUS_ENUMERATOR
        STATUS_COUNT
};

int status_http_code(enum status status);
const char *status_code(enum status status);
