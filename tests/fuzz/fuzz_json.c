// JSON of strangers: the first byte chooses the message, the rest is the document. What is accepted must be writable
// and readable again, to the same bytes.
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "json_read.h"
#include "json_write.h"
#include "vekha/bus/contract.h"

enum { ARENA_BYTES = 4 * 1024 * 1024, OUTPUT_BYTES = 8 * 1024 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int json_read_fuzz(const uint8_t *data, size_t size);

static enum status
read_into(struct buffer *out, const ProtobufCMessageDescriptor *descriptor, const char *json, size_t size)
{
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    struct violations violations = {.arena = &arena};
    ProtobufCMessage *message = arena_take(&arena, descriptor->sizeof_message);
    if (message == NULL)
        abort();
    protobuf_c_message_init(descriptor, message);
    enum status status = json_read(json, size, message, &violations);
    if (status == STATUS_OK)
        json_write(out, message);
    arena_done(&arena);
    return status;
}

int
json_read_fuzz(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    const ProtobufCMessageDescriptor *descriptor = contract_methods[data[0] % contract_method_count].request;
    struct buffer once, twice;
    buffer_init(&once, OUTPUT_BYTES);
    buffer_init(&twice, OUTPUT_BYTES);
    if (read_into(&once, descriptor, (const char *)data + 1, size - 1) == STATUS_OK && !once.overflowed) {
        enum status again = read_into(&twice, descriptor, once.data, once.size);
        if (again == STATUS_OK && strcmp(once.data, twice.data) != 0)
            abort();
        // Defaults written out may exceed the limit on values; nothing else may fail.
        if (again != STATUS_OK && again != STATUS_TOO_LARGE)
            abort();
    }
    buffer_done(&once);
    buffer_done(&twice);
    return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    return json_read_fuzz(data, size);
}
