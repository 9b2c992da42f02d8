// JSON text -> protobuf-c message by its descriptor (the proto3 JSON mapping), with violations that name each field.
#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stddef.h>

#include "vekha/base/status.h"
#include "violations.h"

enum { JSON_MAX_DEPTH = 16, JSON_MAX_VALUES = 100000 };

// `message` is initialised by its descriptor; everything taken from violations->arena.
// MALFORMED: not JSON (violations->detail). INVALID: a field is wrong. TOO_LARGE: more than the arena may hold.
// BUSY: the system has no memory.
MUST_CHECK enum status json_read(const char *text, size_t size, ProtobufCMessage *message,
                                 struct violations *violations);
