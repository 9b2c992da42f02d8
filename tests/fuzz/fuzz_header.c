// Frame 1 of a message, as any key holder could send it: what is read packs and reads again as the same, and what a
// broker changes is changed while everything else stays.
#include "fuzz.h"

#include <stdbool.h>

#include "vekha/bus/header.h"

static uint8_t packed[2][2 * BUS_MAX_HEADER_BYTES];

static size_t
pack(const Bus__Header *header, uint8_t *out)
{
    size_t size = bus__header__get_packed_size(header);
    DEMAND(size <= 2 * (size_t)BUS_MAX_HEADER_BYTES);
    DEMAND(bus__header__pack(header, out) == size);
    return size;
}

static void
demand_same(const Bus__Header *one, const Bus__Header *other)
{
    size_t size = pack(one, packed[0]);
    DEMAND(pack(other, packed[1]) == size && memcmp(packed[0], packed[1], size) == 0);
}

// What a broker does with a request on its way.
static void
check_amending(const Bus__Header *header, const uint8_t *data, size_t size)
{
    static struct bus_header_memory memory;
    static uint8_t key[16];
    Bus__Header changes = BUS__HEADER__INIT;
    zmq_msg_t frame;
    memset(key, (int)size, sizeof key);
    changes.caller = "broker";
    changes.ticket = 1 + size;
    changes.status = size & 1 ? 7 : 0;
    changes.idempotency_key = (ProtobufCBinaryData){size & 2 ? sizeof key : 0, key};
    enum status status = bus_header_amend(data, size, &changes, &frame);
    if (status == STATUS_TOO_LARGE)
        return;
    DEMAND(status == STATUS_OK && zmq_msg_size(&frame) <= BUS_MAX_HEADER_BYTES);
    const Bus__Header *amended = bus_header_unpack(zmq_msg_data(&frame), zmq_msg_size(&frame), &memory);
    // More fields than before may not fit; if they do, ours are the ones that count.
    if (amended != NULL) {
        Bus__Header expected = *header, got = *amended;
        got.base.n_unknown_fields = 0;
        expected.caller = changes.caller;
        expected.ticket = changes.ticket;
        expected.status = changes.status != 0 ? changes.status : header->status;
        if (changes.idempotency_key.len > 0)
            expected.idempotency_key = changes.idempotency_key;
        demand_same(&expected, &got);
    }
    zmq_msg_close(&frame);
}

static size_t
add_tag(uint8_t *out, unsigned field, unsigned wire_type)
{
    unsigned tag = field << 3 | wire_type;
    out[0] = (uint8_t)(tag & 0x7f) | (tag > 0x7f ? 0x80 : 0);
    out[1] = (uint8_t)(tag >> 7);
    return tag > 0x7f ? 2 : 1;
}

// A field with a value of the kind it should have, so that more than chance gets in.
static size_t
add_field(struct fuzz_input *input, uint8_t *out)
{
    enum { FIELDS = 20, VARINT = 0, FIXED64 = 1, DELIMITED = 2 };
    unsigned number = 1 + input_byte(input) % FIELDS;
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field(&bus__header__descriptor, number);
    ProtobufCType type = field == NULL ? PROTOBUF_C_TYPE_BYTES : field->type;
    bool is_delimited = type == PROTOBUF_C_TYPE_BYTES || type == PROTOBUF_C_TYPE_STRING;
    bool is_fixed = type == PROTOBUF_C_TYPE_FIXED64;
    size_t size = add_tag(out, number,
                          is_delimited ? DELIMITED
                          : is_fixed   ? FIXED64
                                       : VARINT),
           length = is_fixed ? 8 : 1;
    if (is_delimited) {
        length = input_byte(input) & 0x7f;
        out[size++] = (uint8_t)length;
    }
    for (; length > 0; length--)
        out[size++] = is_delimited || is_fixed ? input_byte(input) : input_byte(input) & 0x7f;
    return size;
}

static void
check(const uint8_t *data, size_t size)
{
    static struct bus_header_memory memory, second_memory;
    zmq_msg_t frame;
    const Bus__Header *read = bus_header_unpack(data, size, &memory);
    if (read == NULL)
        return;
    DEMAND(size <= BUS_MAX_HEADER_BYTES);
    // Fields of a later version pass through as bytes; protobuf-c reads one numbered 0 but not what it writes of it.
    Bus__Header header = *read;
    header.base.n_unknown_fields = 0;
    enum status status = bus_header_pack(&header, &frame);
    DEMAND(status == STATUS_OK || status == STATUS_TOO_LARGE);
    if (status == STATUS_OK) {
        const Bus__Header *again = bus_header_unpack(zmq_msg_data(&frame), zmq_msg_size(&frame), &second_memory);
        DEMAND(again != NULL || zmq_msg_size(&frame) == 0);
        if (again != NULL)
            demand_same(&header, again);
        zmq_msg_close(&frame);
    }
    check_amending(&header, data, size);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { FIELD_MAX = 2 + 1 + 127 };
    static uint8_t composed[BUS_MAX_HEADER_BYTES];
    struct fuzz_input input = {data, size};
    check(data, size);
    size_t composed_size = 0;
    while (input.left > 0 && composed_size + FIELD_MAX <= sizeof composed)
        composed_size += add_field(&input, composed + composed_size);
    check(composed, composed_size);
    return 0;
}
