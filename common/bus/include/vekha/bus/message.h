// protobuf-c messages in an arena, and what their descriptors do not say.
#pragma once

#include <protobuf-c/protobuf-c.h>

#include "vekha/base/arena.h"

// For unpacking: everything lives in the arena, nothing is freed one by one (never call free_unpacked).
ProtobufCAllocator message_allocator(struct arena *arena);
// Bytes of one element of a repeated field in memory.
size_t message_element_size(const ProtobufCFieldDescriptor *field);
