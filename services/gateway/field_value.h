// One field of a protobuf-c message by its descriptor: finding it, its place, its value from text.
#pragma once

#include "vekha/bus/message.h"

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>

#include "vekha/base/arena.h"
#include "vekha/service/service.h"

// By lowerCamelCase or original name; NULL when there is none. `name` need not end in NUL.
const ProtobufCFieldDescriptor *field_find(const ProtobufCMessageDescriptor *descriptor, const char *name, size_t size);
// Writes the lowerCamelCase name; returns its length. `out` holds at least strlen(field->name) + 1.
size_t field_json_name(const ProtobufCFieldDescriptor *field, char *out, size_t capacity);

bool field_is_repeated(const ProtobufCFieldDescriptor *field);
// False: a member of a oneof that is not the one set.
bool field_is_chosen(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);
const void *field_of(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);
size_t field_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);

// Where a single value is to be written; chooses the member of its oneof.
void *field_place(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field);
// A new list of `count` zeroed elements; NULL without memory.
void *field_make_list(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, size_t count,
                      struct arena *arena);
// The list with one more element at its end: where that element is to be written; NULL without memory.
void *field_append(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, struct arena *arena);

// A value as it stands in a path or query: NULL, or the text that says what is expected. Valid UTF-8 expected.
const struct message *field_value_from_text(const ProtobufCFieldDescriptor *field, const char *text, size_t size,
                                            void *place, struct arena *arena);
// From a number without fraction; for all integer types and enumerations.
const struct message *field_value_from_integer(const ProtobufCFieldDescriptor *field, int64_t number, void *place);
