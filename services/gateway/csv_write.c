// Writes CSV straight into a buffer.
#include "csv_write.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "field_value.h"

enum { MAX_NAME_BYTES = 128 };

static bool
is_single_value(const ProtobufCFieldDescriptor *field)
{
    if (field_is_repeated(field))
        return false;
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BOOL:
    case PROTOBUF_C_TYPE_UINT32:
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_INT64:
        return true;
    default:
        return false;
    }
}

static bool
has_single_values(const ProtobufCMessageDescriptor *descriptor, const ProtobufCFieldDescriptor *besides)
{
    for (unsigned i = 0; i < descriptor->n_fields; i++)
        if (&descriptor->fields[i] != besides && !is_single_value(&descriptor->fields[i]))
            return false;
    return true;
}

const ProtobufCFieldDescriptor *
csv_rows_of(const ProtobufCMessageDescriptor *reply)
{
    const ProtobufCFieldDescriptor *rows = protobuf_c_message_descriptor_get_field_by_name(reply, "rows");
    if (rows == NULL || !field_is_repeated(rows) || rows->type != PROTOBUF_C_TYPE_MESSAGE ||
        !has_single_values(rows->descriptor, NULL) || !has_single_values(reply, rows))
        return NULL;
    return rows;
}

static void
write_number(struct buffer *out, const ProtobufCFieldDescriptor *field, const void *place)
{
    char digits[24];
    if (field->type == PROTOBUF_C_TYPE_UINT32)
        snprintf(digits, sizeof digits, "%" PRIu32, *(const uint32_t *)place);
    else if (field->type == PROTOBUF_C_TYPE_INT32)
        snprintf(digits, sizeof digits, "%" PRId32, *(const int32_t *)place);
    else if (field->type == PROTOBUF_C_TYPE_UINT64)
        snprintf(digits, sizeof digits, "%" PRIu64, *(const uint64_t *)place);
    else
        snprintf(digits, sizeof digits, "%" PRId64, *(const int64_t *)place);
    buffer_add_text(out, digits);
}

void
csv_write_value(struct buffer *out, const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const void *place = field_of(message, field);
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        const char *text = *(const char *const *)place;
        buffer_add_text(out, text == NULL ? "" : text);
    } else if (field->type == PROTOBUF_C_TYPE_BOOL) {
        buffer_add_text(out, *(const protobuf_c_boolean *)place ? "true" : "false");
    } else {
        write_number(out, field, place);
    }
}

static void
write_cell(struct buffer *out, const ProtobufCMessage *row, const ProtobufCFieldDescriptor *field)
{
    const char *text = field->type == PROTOBUF_C_TYPE_STRING ? *(const char *const *)field_of(row, field) : NULL;
    if (text == NULL || strpbrk(text, "\",\r\n") == NULL) {
        csv_write_value(out, row, field);
        return;
    }
    buffer_add_char(out, '"');
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            buffer_add_char(out, '"');
        buffer_add_char(out, *c);
    }
    buffer_add_char(out, '"');
}

void
csv_write(struct buffer *out, const ProtobufCMessage *reply, const ProtobufCFieldDescriptor *rows)
{
    const ProtobufCMessageDescriptor *descriptor = rows->descriptor;
    const ProtobufCMessage *const *messages = *(const ProtobufCMessage *const *const *)field_of(reply, rows);
    char name[MAX_NAME_BYTES];
    for (unsigned i = 0; i < descriptor->n_fields; i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        buffer_add(out, name, field_json_name(&descriptor->fields[i], name, sizeof name));
    }
    buffer_add_text(out, "\r\n");
    for (size_t row = 0; row < field_count(reply, rows); row++) {
        for (unsigned i = 0; i < descriptor->n_fields; i++) {
            if (i > 0)
                buffer_add_char(out, ',');
            write_cell(out, messages[row], &descriptor->fields[i]);
        }
        buffer_add_text(out, "\r\n");
    }
}
