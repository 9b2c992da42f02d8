// Reads "a=1&b=2" and path values into a message.
#include "query.h"

#include <string.h>

#include "field_value.h"
#include "texts.h"

enum { MAX_PARAMETERS = 64, MAX_FIELDS = 256, NAME_BYTES = 128 };

struct query_reader {
    const struct route_match *match;
    ProtobufCMessage *message;
    struct violations *violations;
    uint64_t seen[MAX_FIELDS / 64];
    bool failed;
};

static bool
is_path_field(const struct route_match *match, const ProtobufCFieldDescriptor *field)
{
    for (size_t i = 0; i < match->count; i++)
        if (match->fields[i] == field)
            return true;
    return false;
}

// Fields that a query may not set, because headers or the body do.
static bool
is_set_elsewhere(const struct contract_method *method, const ProtobufCFieldDescriptor *field)
{
    if (method->if_match && strcmp(field->name, "expected_version") == 0)
        return true;
    if (method->body == VEKHA__BODY__BODY_BYTES && strcmp(field->name, "data") == 0)
        return true;
    if (method->text_field != NULL && strcmp(field->name, method->text_field) == 0)
        return true;
    return method->body == VEKHA__BODY__BODY_DOWNLOAD &&
           (strcmp(field->name, "offset") == 0 || strcmp(field->name, "length") == 0);
}

static const struct message *
set_parameter(struct query_reader *reader, const ProtobufCFieldDescriptor *field, const char *value, size_t size)
{
    if (field == NULL || is_path_field(reader->match, field) || is_set_elsewhere(reader->match->method, field))
        return &TEXT_UNKNOWN_FIELD;
    size_t index = (size_t)(field - reader->message->descriptor->fields);
    if (index >= MAX_FIELDS)
        return &TEXT_UNKNOWN_FIELD;
    bool was_seen = reader->seen[index / 64] >> (index % 64) & 1;
    reader->seen[index / 64] |= UINT64_C(1) << (index % 64);
    if (was_seen && !field_is_repeated(field))
        return &TEXT_FIELD_TWICE;
    struct arena *arena = reader->violations->arena;
    void *place =
        field_is_repeated(field) ? field_append(reader->message, field, arena) : field_place(reader->message, field);
    if (place == NULL)
        return &TEXT_BODY_TOO_LARGE;
    return field_value_from_text(field, value, size, place, arena);
}

static enum status
read_parameter(struct query_reader *reader, const char *raw, size_t raw_size)
{
    struct arena *arena = reader->violations->arena;
    const char *equals = memchr(raw, '=', raw_size);
    size_t raw_name_size = equals == NULL ? raw_size : (size_t)(equals - raw);
    const char *raw_value = equals == NULL ? raw + raw_size : equals + 1;
    size_t name_size, value_size;
    const char *name = uri_decode(raw, raw_name_size, true, arena, &name_size);
    const char *value = uri_decode(raw_value, (size_t)(raw + raw_size - raw_value), true, arena, &value_size);
    if (name == NULL || value == NULL)
        return STATUS_MALFORMED;
    const ProtobufCFieldDescriptor *field = field_find(reader->message->descriptor, name, name_size);
    const struct message *wrong = set_parameter(reader, field, value, value_size);
    if (wrong != NULL) {
        violations_add(reader->violations, name, wrong);
        reader->failed = true;
    }
    return STATUS_OK;
}

enum status
query_fill(const char *raw_query, const struct route_match *match, ProtobufCMessage *message,
           struct violations *violations)
{
    struct query_reader reader = {.match = match, .message = message, .violations = violations};
    size_t parameters = 0;
    for (const char *at = raw_query; at != NULL && *at != '\0';) {
        size_t size = strcspn(at, "&");
        if (size > 0 && (++parameters > MAX_PARAMETERS || read_parameter(&reader, at, size) != STATUS_OK))
            return STATUS_MALFORMED;
        at += size + (at[size] == '&');
    }
    return reader.failed ? STATUS_INVALID : STATUS_OK;
}

static bool
is_set(const ProtobufCMessage *message, const ProtobufCFieldDescriptor *field)
{
    const void *place = field_of(message, field);
    if (field->type == PROTOBUF_C_TYPE_STRING) {
        const char *text = *(const char *const *)place;
        return text != NULL && text[0] != '\0';
    }
    static const char ZERO[8] = {0};
    return memcmp(place, ZERO, message_element_size(field)) != 0;
}

enum status
path_fill(const struct route_match *match, ProtobufCMessage *message, struct violations *violations)
{
    bool failed = false;
    for (size_t i = 0; i < match->count; i++) {
        const ProtobufCFieldDescriptor *field = match->fields[i];
        char name[NAME_BYTES];
        field_json_name(field, name, sizeof name);
        const struct message *wrong = NULL;
        if (is_set(message, field))
            wrong = &TEXT_IN_PATH_AND_BODY;
        else
            wrong = field_value_from_text(field, match->values[i]->text, match->values[i]->size,
                                          field_place(message, field), violations->arena);
        if (wrong != NULL)
            violations_add(violations, name, wrong);
        failed = failed || wrong != NULL;
    }
    return failed ? STATUS_INVALID : STATUS_OK;
}
