// Reads packed protobuf without unpacking it, to refuse what protobuf-c 1.4.1 would not survive or not notice:
// depth, floods of elements, bad UTF-8, NUL inside text, fields nobody declared (reliability.md C.2).
#include "runtime.h"

enum { DEPTH_MAX = 8, ELEMENTS_MAX = 50000 };

struct reader {
    const uint8_t *next, *end;
};

static bool
read_varint(struct reader *reader, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && reader->next < reader->end; shift += 7) {
        uint8_t byte = *reader->next++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80)) {
            *ret_value = value;
            return true;
        }
    }
    return false;
}

static bool
skip_fixed(struct reader *reader, size_t size)
{
    if ((size_t)(reader->end - reader->next) < size)
        return false;
    reader->next += size;
    return true;
}

static bool message_is_acceptable(const ProtobufCMessageDescriptor *descriptor, struct reader reader, unsigned depth,
                                  unsigned *elements);

static bool
delimited_is_acceptable(const ProtobufCFieldDescriptor *field, struct reader *reader, unsigned depth,
                        unsigned *elements)
{
    uint64_t size;
    if (!read_varint(reader, &size) || size > (uint64_t)(reader->end - reader->next))
        return false;
    struct reader inner = {reader->next, reader->next + size};
    reader->next += size;
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        return text_is_utf8((const char *)inner.next, size);
    case PROTOBUF_C_TYPE_MESSAGE:
        return message_is_acceptable(field->descriptor, inner, depth + 1, elements);
    case PROTOBUF_C_TYPE_BYTES:
        return true;
    default: // a packed list of numbers: at most one element a byte
        *elements += (unsigned)size;
        return field->label == PROTOBUF_C_LABEL_REPEATED && *elements <= ELEMENTS_MAX;
    }
}

static bool
message_is_acceptable(const ProtobufCMessageDescriptor *descriptor, struct reader reader, unsigned depth,
                      unsigned *elements)
{
    enum { VARINT = 0, FIXED64 = 1, DELIMITED = 2, FIXED32 = 5 };
    if (depth > DEPTH_MAX)
        return false;
    while (reader.next < reader.end) {
        uint64_t tag;
        uint64_t ignored;
        if (!read_varint(&reader, &tag) || ++*elements > ELEMENTS_MAX || tag >> 3 > UINT32_MAX)
            return false;
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field(descriptor, (unsigned)(tag >> 3));
        if (!field)
            return false;
        bool accepted = false;
        switch (tag & 7) {
        case VARINT:
            accepted = read_varint(&reader, &ignored);
            break;
        case FIXED64:
            accepted = skip_fixed(&reader, 8);
            break;
        case FIXED32:
            accepted = skip_fixed(&reader, 4);
            break;
        case DELIMITED:
            accepted = delimited_is_acceptable(field, &reader, depth, elements);
            break;
        default:
            break;
        }
        if (!accepted)
            return false;
    }
    return true;
}

bool
wire_is_acceptable(const ProtobufCMessageDescriptor *descriptor, const uint8_t *bytes, size_t size)
{
    unsigned elements = 0;
    // An empty field is NULL, to which nothing may be added.
    return size == 0 || message_is_acceptable(descriptor, (struct reader){bytes, bytes + size}, 1, &elements);
}
