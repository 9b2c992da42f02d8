// Fields by descriptor: names, places, conversion from text.
#include "field_value.h"

#include <errno.h>
#include <float.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "texts.h"

// `json` is the lowerCamelCase of `name`.
static bool
is_json_name(const char *name, const char *json, size_t size)
{
    size_t at = 0;
    bool upper = false;
    for (; *name != '\0'; name++) {
        if (*name == '_') {
            upper = true;
            continue;
        }
        char expected = (char)(upper && *name >= 'a' && *name <= 'z' ? *name - 'a' + 'A' : *name);
        if (at == size || json[at++] != expected)
            return false;
        upper = false;
    }
    return at == size;
}

const ProtobufCFieldDescriptor *
field_find(const ProtobufCMessageDescriptor *descriptor, const char *name, size_t size)
{
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &descriptor->fields[i];
        if (is_json_name(field->name, name, size) ||
            (strlen(field->name) == size && memcmp(field->name, name, size) == 0))
            return field;
    }
    return NULL;
}

size_t
field_json_name(const ProtobufCFieldDescriptor *field, char *out, size_t capacity)
{
    size_t size = 0;
    bool upper = false;
    for (const char *at = field->name; *at != '\0' && size + 1 < capacity; at++) {
        if (*at == '_') {
            upper = true;
            continue;
        }
        out[size++] = (char)(upper && *at >= 'a' && *at <= 'z' ? *at - 'a' + 'A' : *at);
        upper = false;
    }
    out[size] = '\0';
    return size;
}

bool
field_is_repeated(const ProtobufCFieldDescriptor *field)
{
    return field->label == PROTOBUF_C_LABEL_REPEATED;
}

static void *
at_offset(ProtobufCMessage *message, unsigned offset)
{
    return (char *)message + offset;
}

static const void *
at_const_offset(const ProtobufCMessage *message, unsigned offset)
{
    return (const char *)message + offset;
}

bool
field_is_chosen(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) == 0)
        return true;
    return *(const uint32_t *)at_const_offset(message, field->quantifier_offset) == field->id;
}

const void *
field_of(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return at_const_offset(message, field->offset);
}

size_t
field_count(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    return *(const size_t *)at_const_offset(message, field->quantifier_offset);
}

void *
field_place(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    if ((field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0)
        *(uint32_t *)at_offset(message, field->quantifier_offset) = field->id;
    return at_offset(message, field->offset);
}

void *
field_make_list(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, size_t count, struct arena *arena)
{
    if (count > SIZE_MAX / sizeof(ProtobufCBinaryData))
        return NULL;
    void *list = arena_take(arena, count * message_element_size(field));
    if (list == NULL)
        return NULL;
    *(void **)at_offset(message, field->offset) = list;
    *(size_t *)at_offset(message, field->quantifier_offset) = count;
    return list;
}

void *
field_append(ProtobufCMessage *message, const ProtobufCFieldDescriptor *field, struct arena *arena)
{
    size_t count = field_count(message, field), size = message_element_size(field);
    void *old = *(void **)at_offset(message, field->offset);
    char *list = field_make_list(message, field, count + 1, arena);
    if (list == NULL)
        return NULL;
    if (count > 0)
        memcpy(list, old, count * size);
    return list + count * size;
}

const struct message *
field_value_from_integer(const ProtobufCFieldDescriptor *field, int64_t number, void *place)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_ENUM:
        if (number < INT32_MIN || number > INT32_MAX ||
            protobuf_c_enum_descriptor_get_value(field->descriptor, (int)number) == NULL)
            return &TEXT_UNKNOWN_VALUE;
        *(int32_t *)place = (int32_t)number;
        return NULL;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        if (number < INT32_MIN || number > INT32_MAX)
            return &TEXT_NOT_INTEGER;
        *(int32_t *)place = (int32_t)number;
        return NULL;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        if (number < 0 || number > UINT32_MAX)
            return &TEXT_NOT_INTEGER;
        *(uint32_t *)place = (uint32_t)number;
        return NULL;
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
        if (number < 0)
            return &TEXT_NOT_INTEGER;
        *(uint64_t *)place = (uint64_t)number;
        return NULL;
    default:
        *(int64_t *)place = number;
        return NULL;
    }
}

// Digits with an optional minus, nothing else, within 64 bits.
static const struct message *
integer_from_text(const ProtobufCFieldDescriptor *field, const char *text, size_t size, void *place)
{
    bool negative = size > 0 && text[0] == '-';
    uint64_t number = 0;
    size_t at = negative;
    if (at == size)
        return &TEXT_NOT_INTEGER;
    for (; at < size; at++) {
        if (text[at] < '0' || text[at] > '9' || __builtin_mul_overflow(number, 10, &number) ||
            __builtin_add_overflow(number, (uint64_t)(text[at] - '0'), &number))
            return &TEXT_NOT_INTEGER;
    }
    if (!negative && number > INT64_MAX) {
        if (field->type != PROTOBUF_C_TYPE_UINT64 && field->type != PROTOBUF_C_TYPE_FIXED64)
            return &TEXT_NOT_INTEGER;
        *(uint64_t *)place = number;
        return NULL;
    }
    if (negative && number > (uint64_t)INT64_MAX + 1)
        return &TEXT_NOT_INTEGER;
    return field_value_from_integer(field, negative ? (int64_t)(0 - number) : (int64_t)number, place);
}

static const struct message *
enum_from_text(const ProtobufCFieldDescriptor *field, const char *text, size_t size, void *place)
{
    char name[128];
    if (size < sizeof name) {
        memcpy(name, text, size);
        name[size] = '\0';
        const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value_by_name(field->descriptor, name);
        if (value != NULL) {
            *(int32_t *)place = value->value;
            return NULL;
        }
    }
    return integer_from_text(field, text, size, place) == NULL ? NULL : &TEXT_UNKNOWN_VALUE;
}

static const struct message *
real_from_text(const ProtobufCFieldDescriptor *field, const char *text, size_t size, void *place)
{
    char copy[64];
    if (size == 0 || size >= sizeof copy || strspn(text, "+-0123456789.eE") < size)
        return &TEXT_NOT_NUMBER;
    memcpy(copy, text, size);
    copy[size] = '\0';
    char *end;
    errno = 0;
    double number = strtod(copy, &end);
    if (*end != '\0' || errno == ERANGE)
        return &TEXT_NOT_NUMBER;
    if (field->type == PROTOBUF_C_TYPE_DOUBLE)
        *(double *)place = number;
    else if (number > (double)FLT_MAX || number < -(double)FLT_MAX)
        return &TEXT_NOT_NUMBER;
    else
        *(float *)place = (float)number;
    return NULL;
}

static const struct message *
bytes_from_text(const char *text, size_t size, void *place, struct arena *arena)
{
    ProtobufCBinaryData *binary = place;
    uint8_t *data = arena_take(arena, base64_decoded_max(size) + 1);
    if (data == NULL)
        return &TEXT_BODY_TOO_LARGE;
    long decoded = base64_decode(text, size, data);
    if (decoded < 0)
        return &TEXT_NOT_BASE64;
    binary->data = data;
    binary->len = (size_t)decoded;
    return NULL;
}

static const struct message *
boolean_from_text(const char *text, size_t size, void *place)
{
    bool is_true = size == 4 && memcmp(text, "true", 4) == 0;
    if (!is_true && !(size == 5 && memcmp(text, "false", 5) == 0))
        return &TEXT_NOT_BOOLEAN;
    *(protobuf_c_boolean *)place = is_true;
    return NULL;
}

const struct message *
field_value_from_text(const ProtobufCFieldDescriptor *field, const char *text, size_t size, void *place,
                      struct arena *arena)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        *(char **)place = arena_copy_bytes(arena, text, size);
        return *(char **)place == NULL ? &TEXT_BODY_TOO_LARGE : NULL;
    case PROTOBUF_C_TYPE_BYTES:
        return bytes_from_text(text, size, place, arena);
    case PROTOBUF_C_TYPE_BOOL:
        return boolean_from_text(text, size, place);
    case PROTOBUF_C_TYPE_ENUM:
        return enum_from_text(field, text, size, place);
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        return real_from_text(field, text, size, place);
    case PROTOBUF_C_TYPE_MESSAGE:
        return &TEXT_NOT_OBJECT;
    default:
        return integer_from_text(field, text, size, place);
    }
}
