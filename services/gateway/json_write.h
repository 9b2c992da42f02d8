// protobuf-c message -> JSON text (the proto3 JSON mapping): lowerCamelCase names, 64-bit integers as strings,
// enumerators by name, default values written too. Absent: messages not set, members of a oneof not chosen.
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "vekha/base/text.h"

void json_write(struct buffer *out, const ProtobufCMessage *message);
// A string with its quotes. Bytes that are no UTF-8 become U+FFFD.
void json_write_string(struct buffer *out, const char *text, size_t size);
