// The arena as protobuf-c's allocator, and the sizes of elements.
#include "vekha/bus/message.h"

static void *
take(void *arena, size_t size)
{
    return arena_take(arena, size);
}

static void
keep(void *arena, void *memory)
{
    (void)arena;
    (void)memory;
}

ProtobufCAllocator
message_allocator(struct arena *arena)
{
    return (ProtobufCAllocator){take, keep, arena};
}

size_t
message_element_size(const ProtobufCFieldDescriptor *field)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(void *);
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    default:
        return 4;
    }
}
