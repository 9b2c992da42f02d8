// Reads JSON by jansson, then fills the message along its descriptor.
#include "json_read.h"

#include <jansson.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "field_value.h"
#include "texts.h"

enum { PATH_BYTES = 256, MAX_FIELDS = 256 };

struct reader {
    struct violations *violations;
    bool failed;
    bool out_of_memory;
    char path[PATH_BYTES];
};

static void
refuse(struct reader *reader, const struct message *message)
{
    if (message == &TEXT_BODY_TOO_LARGE)
        reader->out_of_memory = true;
    reader->failed = true;
    violations_add(reader->violations, reader->path, message);
}

// Adds ".name" or "[index]" to the path; returns the length to cut it back to.
static size_t
enter(struct reader *reader, const char *name, size_t index)
{
    size_t length = strlen(reader->path);
    if (name == NULL)
        snprintf(reader->path + length, PATH_BYTES - length, "[%zu]", index);
    else
        snprintf(reader->path + length, PATH_BYTES - length, "%s%.100s", length > 0 ? "." : "", name);
    return length;
}

static void
leave(struct reader *reader, size_t length)
{
    reader->path[length] = '\0';
}

// jansson's own depth limit is 2,048 and it takes memory for every value: both are bounded before it starts.
static enum status
scan(const char *text, size_t size, struct violations *violations)
{
    size_t depth = 0, values = 0;
    bool in_string = false;
    for (size_t i = 0; i < size; i++) {
        char c = text[i];
        if (in_string) {
            i += c == '\\';
            in_string = c != '"';
            continue;
        }
        in_string = c == '"';
        depth += c == '{' || c == '[';
        depth -= (c == '}' || c == ']') && depth > 0;
        values += c == '{' || c == '[' || c == ',';
        if (depth > JSON_MAX_DEPTH) {
            violations_set_detail(violations, &TEXT_TOO_DEEP);
            return STATUS_MALFORMED;
        }
    }
    if (values > JSON_MAX_VALUES) {
        violations_set_detail(violations, &TEXT_TOO_MANY_VALUES);
        return STATUS_TOO_LARGE;
    }
    return STATUS_OK;
}

static void read_object(struct reader *reader, json_t *object, ProtobufCMessage *message);

static const struct message *
integer_from_json(const ProtobufCFieldDescriptor *field, const json_t *value, void *place, struct arena *arena)
{
    const struct message *expected = field->type == PROTOBUF_C_TYPE_ENUM ? &TEXT_UNKNOWN_VALUE : &TEXT_NOT_INTEGER;
    if (json_is_string(value))
        return field_value_from_text(field, json_string_value(value), json_string_length(value), place, arena);
    if (json_is_integer(value))
        return field_value_from_integer(field, json_integer_value(value), place);
    // 1.0 and 1e3 are integers too.
    if (!json_is_real(value))
        return expected;
    double number = json_real_value(value);
    if (fabs(number) > 9007199254740992.0 || (double)(int64_t)number != number)
        return expected;
    return field_value_from_integer(field, (int64_t)number, place);
}

static const struct message *
real_from_json(const ProtobufCFieldDescriptor *field, const json_t *value, void *place, struct arena *arena)
{
    if (json_is_string(value))
        return field_value_from_text(field, json_string_value(value), json_string_length(value), place, arena);
    if (!json_is_number(value))
        return &TEXT_NOT_NUMBER;
    double number = json_number_value(value);
    if (field->type == PROTOBUF_C_TYPE_DOUBLE)
        *(double *)place = number;
    else if (fabs(number) > 3.4028234663852886e38)
        return &TEXT_NOT_NUMBER;
    else
        *(float *)place = (float)number;
    return NULL;
}

static const struct message *
boolean_from_json(const json_t *value, void *place)
{
    if (!json_is_boolean(value))
        return &TEXT_NOT_BOOLEAN;
    *(protobuf_c_boolean *)place = json_is_true(value);
    return NULL;
}

static const struct message *
text_from_json(const ProtobufCFieldDescriptor *field, const json_t *value, void *place, struct arena *arena)
{
    if (!json_is_string(value))
        return field->type == PROTOBUF_C_TYPE_BYTES ? &TEXT_NOT_BASE64 : &TEXT_NOT_STRING;
    return field_value_from_text(field, json_string_value(value), json_string_length(value), place, arena);
}

static void
read_message(struct reader *reader, const ProtobufCFieldDescriptor *field, json_t *value, void *place)
{
    if (!json_is_object(value)) {
        refuse(reader, &TEXT_NOT_OBJECT);
        return;
    }
    const ProtobufCMessageDescriptor *descriptor = field->descriptor;
    ProtobufCMessage *message = arena_take(reader->violations->arena, descriptor->sizeof_message);
    if (message == NULL) {
        refuse(reader, &TEXT_BODY_TOO_LARGE);
        return;
    }
    protobuf_c_message_init(descriptor, message);
    *(ProtobufCMessage **)place = message;
    read_object(reader, value, message);
}

static void
read_value(struct reader *reader, const ProtobufCFieldDescriptor *field, json_t *value, void *place)
{
    struct arena *arena = reader->violations->arena;
    const struct message *wrong;
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        read_message(reader, field, value, place);
        return;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
        wrong = text_from_json(field, value, place, arena);
        break;
    case PROTOBUF_C_TYPE_BOOL:
        wrong = boolean_from_json(value, place);
        break;
    case PROTOBUF_C_TYPE_FLOAT:
    case PROTOBUF_C_TYPE_DOUBLE:
        wrong = real_from_json(field, value, place, arena);
        break;
    default:
        wrong = integer_from_json(field, value, place, arena);
    }
    if (wrong != NULL)
        refuse(reader, wrong);
}

static void
read_list(struct reader *reader, const ProtobufCFieldDescriptor *field, json_t *list, ProtobufCMessage *message)
{
    if (!json_is_array(list)) {
        refuse(reader, &TEXT_NOT_LIST);
        return;
    }
    size_t count = json_array_size(list);
    if (count == 0)
        return;
    char *elements = field_make_list(message, field, count, reader->violations->arena);
    if (elements == NULL) {
        refuse(reader, &TEXT_BODY_TOO_LARGE);
        return;
    }
    for (size_t i = 0; i < count && !reader->out_of_memory; i++) {
        json_t *value = json_array_get(list, i);
        size_t length = enter(reader, NULL, i);
        if (json_is_null(value))
            refuse(reader, &TEXT_NULL_IN_LIST);
        else
            read_value(reader, field, value, elements + i * message_element_size(field));
        leave(reader, length);
    }
}

static void
read_field(struct reader *reader, const ProtobufCFieldDescriptor *field, json_t *value, ProtobufCMessage *message)
{
    if (field_is_repeated(field)) {
        read_list(reader, field, value, message);
        return;
    }
    bool is_member = (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) != 0;
    if (is_member && *(const uint32_t *)(const void *)((const char *)message + field->quantifier_offset) != 0)
        refuse(reader, &TEXT_ONE_OF_SEVERAL);
    else
        read_value(reader, field, value, field_place(message, field));
}

static void
read_object(struct reader *reader, json_t *object, ProtobufCMessage *message)
{
    uint64_t seen[MAX_FIELDS / 64] = {0};
    const ProtobufCMessageDescriptor *descriptor = message->descriptor;
    for (void *at = json_object_iter(object); at != NULL && !reader->out_of_memory;
         at = json_object_iter_next(object, at)) {
        const char *key = json_object_iter_key(at);
        json_t *value = json_object_iter_value(at);
        size_t length = enter(reader, key, 0);
        const ProtobufCFieldDescriptor *field = field_find(descriptor, key, strlen(key));
        size_t index = field == NULL ? 0 : (size_t)(field - descriptor->fields);
        if (field == NULL || index >= MAX_FIELDS) {
            refuse(reader, &TEXT_UNKNOWN_FIELD);
        } else if (seen[index / 64] >> (index % 64) & 1) {
            refuse(reader, &TEXT_FIELD_TWICE);
        } else {
            seen[index / 64] |= UINT64_C(1) << (index % 64);
            if (!json_is_null(value))
                read_field(reader, field, value, message);
        }
        leave(reader, length);
    }
}

// Jansson calls a document wrong when it has no memory to read it with: here is noticed which it was. One thread reads.
static bool was_refused;

static void *
take_memory(size_t size)
{
    void *memory = malloc(size);
    was_refused = was_refused || memory == NULL;
    return memory;
}

enum status
json_read(const char *text, size_t size, ProtobufCMessage *message, struct violations *violations)
{
    enum status status = scan(text, size, violations);
    if (status != STATUS_OK)
        return status;
    json_error_t error;
    json_set_alloc_funcs(take_memory, free);
    was_refused = false;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &error);
    if (root == NULL && was_refused)
        return STATUS_BUSY;
    if (root == NULL) {
        violations_set_detail(violations, &TEXT_BROKEN_JSON, error.line, error.column);
        return STATUS_MALFORMED;
    }
    struct reader reader = {.violations = violations};
    if (json_is_object(root)) {
        read_object(&reader, root, message);
    } else {
        violations_set_detail(violations, &TEXT_BODY_NOT_OBJECT);
        reader.failed = true;
    }
    json_decref(root);
    if (violations->arena->is_starved)
        return STATUS_BUSY;
    if (reader.out_of_memory)
        return STATUS_TOO_LARGE;
    return reader.failed ? STATUS_INVALID : STATUS_OK;
}
