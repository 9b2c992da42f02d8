// Packed messages from anybody who may send over the bus; the first line names the message. What is accepted is
// unpacked within the arena, checked against its limits without harm, and stays acceptable when it is packed again.
#include "fuzz.h"

#include "../../common/service/runtime.h"

enum { ARENA_BYTES = 8 * 1024 * 1024, DEPTH_MAX = 8, OTHERS_COUNT = 3 };

static const ProtobufCMessageDescriptor *
message_at(size_t index)
{
    static const ProtobufCMessageDescriptor *const OTHERS[] = {
        &bus__event_batch__descriptor, &bus__signed_principal__descriptor, &bus__principal__descriptor};
    if (index < OTHERS_COUNT)
        return OTHERS[index];
    index -= OTHERS_COUNT;
    if (index < contract_event_count)
        return contract_events[index];
    index -= contract_event_count;
    return index % 2 ? contract_methods[index / 2].reply : contract_methods[index / 2].request;
}

static const char *
name_at(size_t index)
{
    return message_at(index)->name;
}

static void check_message(const ProtobufCMessage *message, unsigned depth);

static void
check_value(const ProtobufCFieldDescriptor *field, const void *place, unsigned depth)
{
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        const char *text = *(const char *const *)place;
        DEMAND(text != NULL && text_is_utf8(text, strlen(text)));
    }
    if (field->type == PROTOBUF_C_TYPE_MESSAGE && *(const void *const *)place != NULL)
        check_message(*(const ProtobufCMessage *const *)place, depth + 1);
}

// Texts are whole, nothing lies deeper than allowed, nothing was kept that nobody declared.
static void
check_message(const ProtobufCMessage *message, unsigned depth)
{
    DEMAND(depth <= DEPTH_MAX && message->n_unknown_fields == 0);
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        const char *place = (const char *)message + field->offset;
        const size_t *quantifier = (const size_t *)(const void *)((const char *)message + field->quantifier_offset);
        if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
            if (*(const uint32_t *)(const void *)quantifier == field->id)
                check_value(field, place, depth);
        } else if (field->label != PROTOBUF_C_LABEL_REPEATED) {
            check_value(field, place, depth);
        } else {
            const char *items = *(const char *const *)(const void *)place;
            for (size_t j = 0; j < *quantifier; j++)
                check_value(field, items + j * message_element_size(field), depth);
        }
    }
}

static ProtobufCMessage *
unpack(const ProtobufCMessageDescriptor *descriptor, struct arena *arena, const uint8_t *data, size_t size)
{
    ProtobufCAllocator allocator = message_allocator(arena);
    return protobuf_c_message_unpack(descriptor, &allocator, size, data);
}

static void
check_limits(const ProtobufCMessage *message, struct arena *arena)
{
    struct call call = {.arena = arena};
    bool holds = limits_hold(&call, message);
    DEMAND(holds == (call.problem == NULL || call.problem->n_violations == 0));
    for (size_t i = 0; call.problem != NULL && i < call.problem->n_violations; i++) {
        const Bus__Violation *violation = call.problem->violations[i];
        DEMAND(violation->field[0] != '\0' && violation->code[0] != '\0' && violation->message[0] != '\0');
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct arena arena;
    struct fuzz_input input = {data, size};
    if (arena.limit_bytes == 0)
        arena_init(&arena, ARENA_BYTES);
    const ProtobufCMessageDescriptor *descriptor =
        message_at(input_choice(&input, name_at, OTHERS_COUNT + contract_event_count + 2 * contract_method_count));
    data = input.next;
    size = input.left;
    if (!wire_is_acceptable(descriptor, data, size))
        return 0;
    arena_reset(&arena);
    const ProtobufCMessage *message = unpack(descriptor, &arena, data, size);
    if (message == NULL)
        return 0;
    check_message(message, 1);
    check_limits(message, &arena);
    size_t packed_size = protobuf_c_message_get_packed_size(message);
    uint8_t *packed = arena_take(&arena, packed_size + 1), *again = arena_take(&arena, packed_size + 1);
    if (packed == NULL || again == NULL)
        return 0;
    DEMAND(protobuf_c_message_pack(message, packed) == packed_size);
    DEMAND(wire_is_acceptable(descriptor, packed, packed_size));
    const ProtobufCMessage *second = unpack(descriptor, &arena, packed, packed_size);
    DEMAND(second != NULL && protobuf_c_message_get_packed_size(second) == packed_size);
    protobuf_c_message_pack(second, again);
    DEMAND(memcmp(packed, again, packed_size) == 0);
    return 0;
}
