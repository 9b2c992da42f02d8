// Headers: packing and unpacking in memory of fixed size.
#include <string.h>

#include "vekha/bus/header.h"

enum { ALIGNMENT = 16 };

struct bump {
    uint8_t *memory;
    size_t used, capacity;
};

static void *
bump_take(void *context, size_t size)
{
    struct bump *bump = context;
    if (size > bump->capacity - bump->used)
        return NULL;
    void *taken = bump->memory + bump->used;
    size_t rounded = (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    bump->used = rounded > bump->capacity - bump->used ? bump->capacity : bump->used + rounded;
    return taken;
}

static void
bump_give_back(void *context, void *pointer)
{
    (void)context;
    (void)pointer;
}

const Bus__Header *
bus_header_unpack(const void *bytes, size_t size, struct bus_header_memory *memory)
{
    if (size == 0 || size > BUS_MAX_HEADER_BYTES)
        return NULL;
    struct bump bump = {memory->bytes, 0, sizeof memory->bytes};
    ProtobufCAllocator allocator = {bump_take, bump_give_back, &bump};
    return bus__header__unpack(&allocator, size, bytes);
}

enum status
bus_header_pack(const Bus__Header *header, zmq_msg_t *ret_frame)
{
    return bus_header_amend(NULL, 0, header, ret_frame);
}

enum status
bus_header_amend(const void *bytes, size_t size, const Bus__Header *changes, zmq_msg_t *ret_frame)
{
    size_t added = bus__header__get_packed_size(changes);
    if (size > BUS_MAX_HEADER_BYTES || added > BUS_MAX_HEADER_BYTES - size)
        return STATUS_TOO_LARGE;
    if (zmq_msg_init_size(ret_frame, size + added) != 0)
        return STATUS_BUSY;
    uint8_t *data = zmq_msg_data(ret_frame);
    if (size > 0)
        memcpy(data, bytes, size);
    bus__header__pack(changes, data + size);
    return STATUS_OK;
}
