// Query strings of strangers; the first line names the method. What they fill into its request can be written as a
// query again and fills the same.
#include "fuzz.h"

#include "base64.h"
#include "field_value.h"
#include "query.h"

enum { ARENA_BYTES = 4 * 1024 * 1024, QUERY_BYTES = 256 * 1024 };

static struct arena arena;
static struct buffer query;

static const char *
name_at(size_t index)
{
    return contract_methods[index].name;
}

static void
add_encoded(const char *text)
{
    for (; *text != '\0'; text++)
        buffer_add_format(&query, "%%%02x", (unsigned char)*text);
}

static void
add_value(const ProtobufCFieldDescriptor *field, const void *place)
{
    const ProtobufCBinaryData *bytes = place;
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        add_encoded(*(const char *const *)place);
        break;
    case PROTOBUF_C_TYPE_BYTES: {
        struct buffer text;
        buffer_init(&text, QUERY_BYTES);
        base64_write(&text, bytes->data, bytes->len);
        add_encoded(text.data == NULL ? "" : text.data);
        buffer_done(&text);
        break;
    }
    case PROTOBUF_C_TYPE_BOOL:
        buffer_add_text(&query, *(const protobuf_c_boolean *)place ? "true" : "false");
        break;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        buffer_add_format(&query, "%llu", *(const unsigned long long *)place);
        break;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_SFIXED64:
        buffer_add_format(&query, "%lld", *(const long long *)place);
        break;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        buffer_add_format(&query, "%u", *(const unsigned *)place);
        break;
    case PROTOBUF_C_TYPE_DOUBLE:
        buffer_add_format(&query, "%.17g", *(const double *)place);
        break;
    case PROTOBUF_C_TYPE_FLOAT:
        buffer_add_format(&query, "%.9g", (double)*(const float *)place);
        break;
    default:
        buffer_add_format(&query, "%d", *(const int *)place);
    }
}

static void
add_parameter(const ProtobufCFieldDescriptor *field, const void *place)
{
    char name[128];
    (void)field_json_name(field, name, sizeof name);
    buffer_add_format(&query, "%s%s=", query.size > 0 ? "&" : "", name);
    add_value(field, place);
}

static size_t
count_parameters(const char *raw)
{
    size_t count = 0;
    for (; *raw != '\0'; raw += strcspn(raw, "&"), raw += *raw == '&')
        count += *raw != '&';
    return count;
}

// Fields that the query may not set have no value here. Returns how many values there are.
static size_t
write_query(const ProtobufCMessage *message, const ProtobufCMessage *untouched)
{
    size_t count = 0;
    buffer_reset(&query);
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        const char *place = field_of(message, field);
        if (field_is_repeated(field)) {
            const char *items = *(const char *const *)(const void *)place;
            for (size_t j = 0; j < field_count(message, field); j++, count++)
                add_parameter(field, items + j * message_element_size(field));
        } else if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0
                       ? field_is_chosen(message, field)
                       : memcmp(place, field_of(untouched, field), message_element_size(field)) != 0) {
            add_parameter(field, place);
            count++;
        }
    }
    return count;
}

static ProtobufCMessage *
new_message(const ProtobufCMessageDescriptor *descriptor)
{
    ProtobufCMessage *message = arena_take(&arena, descriptor->sizeof_message);
    DEMAND(message != NULL);
    protobuf_c_message_init(descriptor, message);
    return message;
}

static void
check_same(const ProtobufCMessage *one, const ProtobufCMessage *other)
{
    size_t size = protobuf_c_message_get_packed_size(one);
    uint8_t *packed = arena_take(&arena, 2 * size + 1);
    DEMAND(packed != NULL && protobuf_c_message_get_packed_size(other) == size);
    protobuf_c_message_pack(one, packed);
    protobuf_c_message_pack(other, packed + size);
    DEMAND(memcmp(packed, packed + size, size) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct fuzz_input input = {data, size};
    if (arena.limit_bytes == 0) {
        arena_init(&arena, ARENA_BYTES);
        buffer_init(&query, QUERY_BYTES);
    }
    arena_reset(&arena);
    const struct route_match match = {.method =
                                          &contract_methods[input_choice(&input, name_at, contract_method_count)]};
    const char *raw = arena_copy_bytes(&arena, input.next, input.left);
    if (raw == NULL || input.left > URI_MAX_BYTES)
        return 0;
    struct violations violations = {.arena = &arena};
    ProtobufCMessage *message = new_message(match.method->request), *again = new_message(match.method->request);
    const ProtobufCMessage *untouched = new_message(match.method->request);
    enum status status = query_fill(raw, &match, message, &violations);
    DEMAND(status == STATUS_OK || status == STATUS_MALFORMED || status == STATUS_INVALID);
    DEMAND(status != STATUS_INVALID || violations.count > 0);
    if (status != STATUS_OK)
        return 0;
    // Nothing is there that was not said.
    DEMAND(write_query(message, untouched) <= count_parameters(raw));
    DEMAND(!query.overflowed);
    DEMAND(query_fill(query.data, &match, again, &violations) == STATUS_OK);
    check_same(message, again);
    return 0;
}
