// Rows into messages: a column fills the field of the same name.
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "vekha/service/service.h"

// "in_review" or "3" -> the enumerator's number; names match without their common prefix and case. 0 if none.
static int
enumerator_of(const ProtobufCEnumDescriptor *descriptor, const char *text)
{
    if (*text >= '0' && *text <= '9')
        return (int)strtol(text, NULL, 10);
    size_t length = strlen(text);
    for (unsigned i = 0; i < descriptor->n_values; i++) {
        const char *name = descriptor->values[i].name;
        size_t name_length = strlen(name);
        if (name_length < length || strcasecmp(name + name_length - length, text) != 0)
            continue;
        if (name_length == length || name[name_length - length - 1] == '_')
            return descriptor->values[i].value;
    }
    return 0;
}

static void
fill_scalar(const ProtobufCFieldDescriptor *field, char *target, const struct db_rows *rows, int row, int column,
            struct arena *arena)
{
    int64_t number = 0;
    switch (field->type) {
    case PROTOBUF_C_TYPE_STRING:
        *(const char **)(void *)target = db_text_at(rows, row, column);
        break;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)target = db_boolean_at(rows, row, column);
        break;
    case PROTOBUF_C_TYPE_ENUM:
        *(int *)(void *)target = enumerator_of(field->descriptor, db_text_at(rows, row, column));
        break;
    case PROTOBUF_C_TYPE_INT32:
    case PROTOBUF_C_TYPE_UINT32:
        number = db_integer_at(rows, row, column);
        *(uint32_t *)(void *)target = (uint32_t)number;
        break;
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        number = db_integer_at(rows, row, column);
        *(uint64_t *)(void *)target = (uint64_t)number;
        break;
    case PROTOBUF_C_TYPE_BYTES: {
        ProtobufCBinaryData *bytes = (ProtobufCBinaryData *)(void *)target;
        bytes->data = (uint8_t *)(uintptr_t)db_bytes_at(rows, row, column, arena, &bytes->len);
        if (!bytes->data)
            bytes->len = 0;
        break;
    }
    default:
        break; // no column type for the others
    }
}

// What a column fills, found once per result.
struct target {
    const ProtobufCFieldDescriptor *field;
    int column;
};
enum { TARGETS_MAX = 64 };

static size_t
find_targets(const ProtobufCMessageDescriptor *descriptor, const struct db_rows *rows, struct target *targets)
{
    size_t count = 0;
    for (int column = 0; column < rows->columns && count < TARGETS_MAX; column++) {
        const ProtobufCFieldDescriptor *field =
            protobuf_c_message_descriptor_get_field_by_name(descriptor, db_column_name(rows, column));
        if (field)
            targets[count++] = (struct target){field, column};
    }
    return count;
}

static void
fill_row(ProtobufCMessage *message, const struct target *targets, size_t count, const struct db_rows *rows, int row,
         struct arena *arena)
{
    char *base = (char *)message;
    for (size_t i = 0; i < count; i++) {
        const ProtobufCFieldDescriptor *field = targets[i].field;
        if (db_is_null_at(rows, row, targets[i].column))
            continue;
        if (field->label != PROTOBUF_C_LABEL_REPEATED) {
            fill_scalar(field, base + field->offset, rows, row, targets[i].column, arena);
        } else if (field->type == PROTOBUF_C_TYPE_STRING) {
            char **items;
            size_t item_count;
            if (db_text_array_at(rows, row, targets[i].column, arena, &items, &item_count) != STATUS_OK)
                continue;
            *(size_t *)(void *)(base + field->quantifier_offset) = item_count;
            *(char ***)(void *)(base + field->offset) = items;
        }
    }
}

void
fill_message(ProtobufCMessage *message, const struct db_rows *rows, int row, struct arena *arena)
{
    struct target targets[TARGETS_MAX];
    size_t count = find_targets(message->descriptor, rows, targets);
    fill_row(message, targets, count, rows, row, arena);
}

enum status
fill_list_of(struct arena *arena, const struct db_rows *rows, const ProtobufCMessageDescriptor *descriptor,
             size_t *ret_count, void *ret_items)
{
    struct target targets[TARGETS_MAX];
    size_t target_count = find_targets(descriptor, rows, targets);
    ProtobufCMessage **items = arena_take(arena, (size_t)(rows->count + 1) * sizeof(*items));
    if (!items)
        return STATUS_TOO_LARGE;
    for (int row = 0; row < rows->count; row++) {
        items[row] = arena_take(arena, descriptor->sizeof_message);
        if (!items[row])
            return STATUS_TOO_LARGE;
        protobuf_c_message_init(descriptor, items[row]);
        fill_row(items[row], targets, target_count, rows, row, arena);
    }
    *ret_count = (size_t)rows->count;
    *(ProtobufCMessage ***)ret_items = items;
    return STATUS_OK;
}
