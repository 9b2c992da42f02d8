// Writes JSON straight into a buffer.
#include "json_write.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base64.h"
#include "field_value.h"

enum { MAX_NAME_BYTES = 128 };

static void
write_escape(struct buffer *out, unsigned char c)
{
    static const char HEX[] = "0123456789abcdef";
    char escape[] = "\\u0000";
    switch (c) {
    case '"':
        buffer_add(out, "\\\"", 2);
        return;
    case '\\':
        buffer_add(out, "\\\\", 2);
        return;
    case '\n':
        buffer_add(out, "\\n", 2);
        return;
    case '\r':
        buffer_add(out, "\\r", 2);
        return;
    case '\t':
        buffer_add(out, "\\t", 2);
        return;
    default:
        escape[4] = HEX[c >> 4];
        escape[5] = HEX[c & 15];
        buffer_add(out, escape, 6);
    }
}

static void
write_valid(struct buffer *out, const char *text, size_t size)
{
    size_t start = 0;
    for (size_t i = 0; i < size; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c >= 0x20 && c != '"' && c != '\\' && c != 0x7f)
            continue;
        buffer_add(out, text + start, i - start);
        write_escape(out, c);
        start = i + 1;
    }
    buffer_add(out, text + start, size - start);
}

// Length of the well-formed character at `text`, 0 if there is none.
static size_t
character_size(const char *text, size_t size)
{
    for (size_t length = 1; length <= 4 && length <= size; length++)
        if (text_is_utf8(text, length))
            return length;
    return 0;
}

void
json_write_string(struct buffer *out, const char *text, size_t size)
{
    buffer_add_char(out, '"');
    if (text_is_utf8(text, size)) {
        write_valid(out, text, size);
    } else {
        for (size_t at = 0; at < size;) {
            size_t length = character_size(text + at, size - at);
            if (length == 0)
                buffer_add(out, "\xEF\xBF\xBD", 3);
            else
                write_valid(out, text + at, length);
            at += length == 0 ? 1 : length;
        }
    }
    buffer_add_char(out, '"');
}

static void
write_unsigned(struct buffer *out, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    buffer_add(out, digits + at, sizeof digits - at);
}

static void
write_signed(struct buffer *out, int64_t number)
{
    if (number < 0)
        buffer_add_char(out, '-');
    write_unsigned(out, number < 0 ? 0 - (uint64_t)number : (uint64_t)number);
}

// The fewest digits that read back as the same number.
static void
write_real(struct buffer *out, double number, bool is_float)
{
    if (isnan(number)) {
        buffer_add_text(out, "\"NaN\"");
        return;
    }
    if (isinf(number)) {
        buffer_add_text(out, number > 0 ? "\"Infinity\"" : "\"-Infinity\"");
        return;
    }
    char text[40];
    for (int digits = is_float ? 6 : 15; digits <= 17; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, number);
        double again = strtod(text, NULL);
        if (is_float ? (float)again == (float)number : again == number)
            break;
    }
    buffer_add_text(out, text);
}

static void
write_enum(struct buffer *out, const ProtobufCFieldDescriptor *field, int number)
{
    const ProtobufCEnumValue *value = protobuf_c_enum_descriptor_get_value(field->descriptor, number);
    if (value == NULL)
        write_signed(out, number);
    else
        json_write_string(out, value->name, strlen(value->name));
}

static void
write_wide(struct buffer *out, const ProtobufCFieldDescriptor *field, const void *place)
{
    buffer_add_char(out, '"');
    if (field->type == PROTOBUF_C_TYPE_UINT64 || field->type == PROTOBUF_C_TYPE_FIXED64)
        write_unsigned(out, *(const uint64_t *)place);
    else
        write_signed(out, *(const int64_t *)place);
    buffer_add_char(out, '"');
}

static void
write_text(struct buffer *out, const char *text)
{
    if (text == NULL)
        buffer_add(out, "\"\"", 2);
    else
        json_write_string(out, text, strlen(text));
}

static void
write_bytes(struct buffer *out, const ProtobufCBinaryData *bytes)
{
    buffer_add_char(out, '"');
    base64_write(out, bytes->data, bytes->len);
    buffer_add_char(out, '"');
}

static void
write_value(struct buffer *out, const ProtobufCFieldDescriptor *field, const void *place)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        json_write(out, *(const ProtobufCMessage *const *)place);
        return;
    case PROTOBUF_C_TYPE_STRING:
        write_text(out, *(const char *const *)place);
        return;
    case PROTOBUF_C_TYPE_BYTES:
        write_bytes(out, place);
        return;
    case PROTOBUF_C_TYPE_BOOL:
        buffer_add_text(out, *(const protobuf_c_boolean *)place ? "true" : "false");
        return;
    case PROTOBUF_C_TYPE_ENUM:
        write_enum(out, field, *(const int *)place);
        return;
    case PROTOBUF_C_TYPE_FLOAT:
        write_real(out, (double)*(const float *)place, true);
        return;
    case PROTOBUF_C_TYPE_DOUBLE:
        write_real(out, *(const double *)place, false);
        return;
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_FIXED32:
        write_unsigned(out, *(const uint32_t *)place);
        return;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_SINT32:
    case PROTOBUF_C_TYPE_SFIXED32:
        write_signed(out, *(const int32_t *)place);
        return;
    default:
        write_wide(out, field, place);
    }
}

static void
write_list(struct buffer *out, const ProtobufCFieldDescriptor *field, const ProtobufCMessage *message)
{
    const char *elements = *(const char *const *)field_of(message, field);
    size_t count = field_count(message, field), size = message_element_size(field);
    buffer_add_char(out, '[');
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        write_value(out, field, elements + i * size);
    }
    buffer_add_char(out, ']');
}

static bool
is_absent(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    if (!field_is_chosen(message, field))
        return true;
    return field->type == PROTOBUF_C_TYPE_MESSAGE && !field_is_repeated(field) &&
           *(const ProtobufCMessage *const *)field_of(message, field) == NULL;
}

void
json_write(struct buffer *out, const ProtobufCMessage *message)
{
    char name[MAX_NAME_BYTES];
    bool is_first = true;
    buffer_add_char(out, '{');
    for (unsigned i = 0; i < message->descriptor->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &message->descriptor->fields[i];
        if (is_absent(message, field))
            continue;
        if (!is_first)
            buffer_add_char(out, ',');
        buffer_add_char(out, '"');
        buffer_add(out, name, field_json_name(field, name, sizeof name));
        buffer_add(out, "\":", 2);
        is_first = false;
        if (field_is_repeated(field))
            write_list(out, field, message);
        else
            write_value(out, field, field_of(message, field));
    }
    buffer_add_char(out, '}');
}
