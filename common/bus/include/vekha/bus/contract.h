// What rpcgen makes of proto/: one row per method, one per message with limits. Read-only tables, no handlers.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "options.pb-c.h"

enum {
    ROLE_BITS = 16,
    CONTRACT_TAG_FIELD = 536870911, // behind the reply of a tagged method: the greatest number a field may have
    CONTRACT_TAGS_MAX = 32,         // that one CheckTags may ask for
};

// Limits of one field (options.proto, message Field).
struct contract_field {
    const ProtobufCMessageDescriptor *message;
    unsigned field_number;
    bool required;
    uint32_t min_chars, max_chars; // max_chars 0: 1000
    uint32_t max_items;            // 0: 1000
    int64_t min, max;              // max 0: none
    Vekha__Format format;
};

struct contract_method {
    const char *name;    // "submissions.SaveValue"
    const char *service; // "submissions"
    const char *lane;    // "submissions", "auth/hash": the broker's queue
    const char *verb;    // "PUT"; NULL: not over HTTP
    const char *path;    // "/api/v1/assignments/{assignment_id}/value"
    Vekha__Kind kind;
    uint32_t roles; // bit 1 << Vekha__Role
    uint32_t timeout_ms;
    uint32_t max_request_bytes;
    Vekha__Body body;
    Vekha__Session session;
    bool before_ready;
    bool if_match;
    bool compress;
    bool tagged;
    bool csv;
    const char *text_field;     // or NULL
    const char *shows;          // BODY_EVENTS: the event whose fields its answer's events have; else NULL
    const char *const *callers; // NULL-ended; services that may call it
    const ProtobufCMessageDescriptor *request;
    const ProtobufCMessageDescriptor *reply;
    const char *const *emits; // NULL-ended
    const char *summary;      // first sentence of the comment
};

extern const struct contract_method contract_methods[]; // sorted by name
extern const size_t contract_method_count;
extern const struct contract_field contract_fields[]; // grouped by message
extern const size_t contract_field_count;
extern const ProtobufCMessageDescriptor *const contract_events[]; // messages of events.proto
extern const size_t contract_event_count;
extern const char contract_openapi[]; // OpenAPI 3.1 document, JSON

const struct contract_method *contract_find_method(const char *name);
const struct contract_field *contract_find_field(const ProtobufCMessageDescriptor *message, unsigned field_number);
const ProtobufCMessageDescriptor *contract_find_event(const char *type);
