// C and JSON names of protobuf things, by the rules of protoc-c 1.4 and of the proto3 JSON mapping.
#include <ctype.h>
#include <string.h>

#include "rpcgen.h"

char *
name_to_camel(struct model *model, const char *name)
{
    char *camel = model_take(model, strlen(name) + 1);
    size_t size = 0;
    bool next_is_upper = true;
    for (; *name != '\0'; name++) {
        if (*name == '_') {
            next_is_upper = true;
        } else {
            camel[size++] = next_is_upper ? (char)toupper((unsigned char)*name) : *name;
            next_is_upper = false;
        }
    }
    return camel;
}

char *
name_to_snake(struct model *model, const char *name)
{
    char *snake = model_take(model, 2 * strlen(name) + 1);
    size_t size = 0;
    bool was_upper = true;
    for (; *name != '\0'; name++) {
        bool is_upper = isupper((unsigned char)*name) != 0;
        if (is_upper && !was_upper)
            snake[size++] = '_';
        snake[size++] = (char)tolower((unsigned char)*name);
        was_upper = is_upper;
    }
    return snake;
}

// Maps each dotted piece and joins them with two underscores.
static char *
join_pieces(struct model *model, const char *dotted, bool lower)
{
    char *joined = model_format(model, "%s", "");
    while (*dotted != '\0') {
        size_t length = strcspn(dotted, ".");
        if (length > 0) {
            char *piece = model_format(model, "%.*s", (int)length, dotted);
            char *mapped = lower ? name_to_snake(model, piece) : name_to_camel(model, piece);
            joined = model_format(model, "%s%s%s", joined, *joined == '\0' ? "" : "__", mapped);
        }
        dotted += length + (dotted[length] == '.');
    }
    return joined;
}

char *
name_to_c_type(struct model *model, const char *dotted)
{
    return join_pieces(model, dotted, false);
}

char *
name_to_c_lower(struct model *model, const char *dotted)
{
    return join_pieces(model, dotted, true);
}

char *
name_to_json(struct model *model, const char *name)
{
    char *json = model_take(model, strlen(name) + 1);
    size_t size = 0;
    bool next_is_upper = false;
    for (; *name != '\0'; name++) {
        if (*name == '_') {
            next_is_upper = true;
        } else {
            json[size++] = next_is_upper ? (char)toupper((unsigned char)*name) : *name;
            next_is_upper = false;
        }
    }
    return json;
}

static size_t
read_varint(const uint8_t *data, size_t size, uint64_t *ret_value)
{
    uint64_t value = 0;
    for (size_t i = 0; i < size && i < 10; i++) {
        value |= (uint64_t)(data[i] & 0x7f) << (7 * i);
        if ((data[i] & 0x80) == 0) {
            *ret_value = value;
            return i + 1;
        }
    }
    return 0;
}

// (pb_c_file).c_package out of the packed ProtobufCFileOptions: field 6, behind the extension's own length.
const char *
file_c_package(struct model *model, const FileProto *file)
{
    enum { PB_C_FILE = 1019, C_PACKAGE = 6, WIRE_TEXT = 2 };
    if (file->options == NULL)
        return file->package;
    const ProtobufCMessage *options = &file->options->base;
    for (unsigned i = 0; i < options->n_unknown_fields; i++) {
        const ProtobufCMessageUnknownField *field = &options->unknown_fields[i];
        if (field->tag != PB_C_FILE)
            continue;
        uint64_t tag = 0, value = 0;
        size_t at = read_varint(field->data, field->len, &value);
        while (at > 0 && at < field->len) {
            size_t used = read_varint(field->data + at, field->len - at, &tag);
            at += used;
            size_t value_used = read_varint(field->data + at, field->len - at, &value);
            at += value_used;
            if (used == 0 || value_used == 0)
                break;
            if ((tag & 7) != WIRE_TEXT)
                continue;
            if (value > field->len - at)
                break;
            if (tag >> 3 == C_PACKAGE)
                return model_format(model, "%.*s", (int)value, (const char *)field->data + at);
            at += value;
        }
    }
    return file->package;
}
