// JSON of strangers: the first line names the message, the rest is the document. What is accepted is writable and
// readable again to the same bytes, survives packing, and is never refused by the service that gets it.
#include "fuzz.h"

#include "../../common/service/runtime.h"
#include "json_read.h"
#include "json_write.h"

enum { ARENA_BYTES = 16 * 1024 * 1024, OUTPUT_BYTES = 8 * 1024 * 1024, WIRE_ELEMENTS_MAX = 50000 };

static struct arena arena;

static const ProtobufCMessageDescriptor *
message_at(size_t index)
{
    const struct contract_method *method = &contract_methods[index / 2];
    return index % 2 ? method->reply : method->request;
}

static const char *
name_at(size_t index)
{
    return message_at(index)->name;
}

static ProtobufCMessage *
read_message(const ProtobufCMessageDescriptor *descriptor, const char *json, size_t size, enum status *ret_status)
{
    struct violations violations = {.arena = &arena};
    ProtobufCMessage *message = arena_take(&arena, descriptor->sizeof_message);
    DEMAND(message != NULL);
    protobuf_c_message_init(descriptor, message);
    *ret_status = json_read(json, size, message, &violations);
    DEMAND(*ret_status == STATUS_OK || *ret_status == STATUS_INVALID || *ret_status == STATUS_MALFORMED ||
           *ret_status == STATUS_TOO_LARGE);
    DEMAND(*ret_status != STATUS_INVALID || violations.count > 0 || violations.detail != NULL);
    DEMAND(*ret_status != STATUS_OK || violations.count == 0);
    return message;
}

// The gateway packs it, the service looks at the bytes, unpacks them, and must see what the gateway saw.
static void
check_packing(const ProtobufCMessage *message, size_t json_size, const struct buffer *written)
{
    static struct buffer again;
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *packed = arena_take(&arena, size + 1);
    if (packed == NULL)
        return;
    if (again.limit_bytes == 0)
        buffer_init(&again, OUTPUT_BYTES);
    DEMAND(protobuf_c_message_pack(message, packed) == size);
    // A value takes at least two bytes of JSON.
    bool accepted = wire_is_acceptable(message->descriptor, packed, size);
    DEMAND(accepted || json_size > WIRE_ELEMENTS_MAX);
    ProtobufCAllocator allocator = message_allocator(&arena);
    const ProtobufCMessage *unpacked = protobuf_c_message_unpack(message->descriptor, &allocator, size, packed);
    if (!accepted || unpacked == NULL)
        return;
    buffer_reset(&again);
    json_write(&again, unpacked);
    DEMAND(again.size == written->size && memcmp(again.data, written->data, again.size) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct buffer once, twice;
    struct fuzz_input input = {data, size};
    if (arena.limit_bytes == 0) {
        arena_init(&arena, ARENA_BYTES);
        buffer_init(&once, OUTPUT_BYTES);
        buffer_init(&twice, OUTPUT_BYTES);
    }
    arena_reset(&arena);
    const ProtobufCMessageDescriptor *descriptor = message_at(input_choice(&input, name_at, 2 * contract_method_count));
    enum status status;
    const ProtobufCMessage *message = read_message(descriptor, (const char *)input.next, input.left, &status);
    if (status != STATUS_OK)
        return 0;
    buffer_reset(&once);
    json_write(&once, message);
    if (once.overflowed)
        return 0;
    check_packing(message, size, &once);
    const ProtobufCMessage *second = read_message(descriptor, once.data, once.size, &status);
    // Defaults written out may exceed the limit on values; nothing else may fail.
    DEMAND(status == STATUS_OK || status == STATUS_TOO_LARGE);
    if (status == STATUS_OK) {
        buffer_reset(&twice);
        json_write(&twice, second);
        DEMAND(twice.size == once.size && memcmp(once.data, twice.data, once.size) == 0);
    }
    return 0;
}
