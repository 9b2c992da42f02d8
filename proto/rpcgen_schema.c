// JSON Schemas of messages, with the limits that services check, for the OpenAPI document.
#include <string.h>

#include "rpcgen.h"

enum { DEFAULT_MAX_CHARS = 1000, DEFAULT_MAX_ITEMS = 1000 };

static void
mark_reachable(struct message_model *message, bool by_request)
{
    bool *mark = by_request ? &message->in_request : &message->in_reply;
    if (*mark)
        return;
    *mark = true;
    for (size_t i = 0; i < message->field_count; i++)
        if (message->fields[i].message != NULL)
            mark_reachable((struct message_model *)(uintptr_t)message->fields[i].message, by_request);
}

// The bare name, or with its service in front when two services use it.
static const char *
choose_name(struct model *model, const struct message_model *message)
{
    for (size_t i = 0; i < model->message_count; i++) {
        const struct message_model *other = &model->messages[i];
        if (other != message && (other->in_request || other->in_reply) &&
            strcmp(other->proto->name, message->proto->name) == 0) {
            const char *dot = strrchr(message->file->package, '.');
            return model_format(model, "%s%s", name_to_camel(model, dot == NULL ? "" : dot + 1), message->proto->name);
        }
    }
    return message->proto->name;
}

// What the answer's schema describes: nothing for bytes, one event for a stream of events.
const struct message_model *
reply_schema(const struct method_model *method)
{
    if (method->option->body == VEKHA__BODY__BODY_DOWNLOAD)
        return NULL;
    if (method->option->body == VEKHA__BODY__BODY_EVENTS)
        return message_find_field(method->reply, "events")->message;
    return method->reply;
}

static bool
has_single_values(const struct message_model *message, const struct field_model *besides)
{
    for (size_t i = 0; i < message->field_count; i++) {
        const struct field_model *field = &message->fields[i];
        bool is_bool = field->proto->type == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_BOOL;
        bool is_single = !field_is_repeated(field) && (is_bool || field_is_string(field) || field_is_integer(field));
        if (field != besides && !is_single)
            return false;
    }
    return true;
}

// As the gateway sees it (csv_write.c).
bool
reply_is_table(const struct method_model *method)
{
    const struct field_model *rows = message_find_field(method->reply, "rows");
    return method->option->body == VEKHA__BODY__BODY_JSON && !method->option->tagged && rows != NULL &&
           field_is_repeated(rows) && rows->message != NULL && has_single_values(rows->message, NULL) &&
           has_single_values(method->reply, rows);
}

void
name_schemas(struct model *model)
{
    for (size_t i = 0; i < model->method_count; i++) {
        if (model->methods[i].verb == NULL)
            continue;
        mark_reachable((struct message_model *)(uintptr_t)model->methods[i].request, true);
        const struct message_model *reply = reply_schema(&model->methods[i]);
        if (reply != NULL)
            mark_reachable((struct message_model *)(uintptr_t)reply, false);
    }
    for (size_t i = 0; i < model->message_count; i++)
        if (model->messages[i].in_request || model->messages[i].in_reply)
            model->messages[i].schema_name = choose_name(model, &model->messages[i]);
}

static bool
ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static void
write_string_schema(struct json *json, const struct field_model *field)
{
    const Vekha__Field *limits = field->limits;
    const char *name = field->proto->name;
    json_text(json, "type", "string");
    Vekha__Format format = limits == NULL ? VEKHA__FORMAT__FORMAT_NONE : limits->format;
    bool is_time = format == VEKHA__FORMAT__FORMAT_TIMESTAMP || ends_with(name, "_at");
    if (format == VEKHA__FORMAT__FORMAT_UUID)
        json_text(json, "format", "uuid");
    else if (is_time)
        json_text(json, "format", "date-time");
    else if (format == VEKHA__FORMAT__FORMAT_DATE || ends_with(name, "_on"))
        json_text(json, "format", "date");
    else if (format == VEKHA__FORMAT__FORMAT_EMAIL)
        json_text(json, "format", "email");
    else if (format == VEKHA__FORMAT__FORMAT_CODE)
        json_text(json, "pattern", "^[a-z0-9-]*$");
    else if (format == VEKHA__FORMAT__FORMAT_PHONE)
        json_text(json, "pattern", "^[0-9+() -]*$");
    if (limits != NULL && limits->min_chars != 0)
        json_number(json, "minLength", limits->min_chars);
    else if (limits != NULL && limits->required && !field_is_repeated(field))
        json_number(json, "minLength", 1);
    if (limits != NULL)
        json_number(json, "maxLength", limits->max_chars == 0 ? DEFAULT_MAX_CHARS : limits->max_chars);
}

static void
write_integer_schema(struct json *json, const struct field_model *field)
{
    const Vekha__Field *limits = field->limits;
    bool is_unsigned = field->proto->type == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_UINT32 ||
                       field->proto->type == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_UINT64;
    if (field_is_wide_integer(field)) {
        // The proto3 JSON mapping writes 64 bits as a string, for JavaScript's sake.
        json_text(json, "type", "string");
        json_text(json, "format", is_unsigned ? "uint64" : "int64");
        json_text(json, "pattern", is_unsigned ? "^[0-9]{1,20}$" : "^-?[0-9]{1,19}$");
        return;
    }
    json_text(json, "type", "integer");
    json_text(json, "format", is_unsigned ? "uint32" : "int32");
    if (limits != NULL && limits->min != 0)
        json_number(json, "minimum", limits->min);
    else if (is_unsigned)
        json_number(json, "minimum", 0);
    if (limits != NULL && limits->max != 0)
        json_number(json, "maximum", limits->max);
}

static void
write_single_schema(struct model *model, struct json *json, const struct field_model *field)
{
    if (field->message != NULL) {
        json_text(json, "$ref", model_format(model, "#/components/schemas/%s", field->message->schema_name));
    } else if (field->enumeration != NULL) {
        json_text(json, "$ref", model_format(model, "#/components/schemas/%s", field->enumeration->proto->name));
    } else if (field_is_string(field)) {
        write_string_schema(json, field);
    } else if (field_is_integer(field)) {
        write_integer_schema(json, field);
    } else if (field->proto->type == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_BOOL) {
        json_text(json, "type", "boolean");
    } else if (field->proto->type == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_BYTES) {
        json_text(json, "type", "string");
        json_text(json, "contentEncoding", "base64");
    } else {
        json_text(json, "type", "number");
    }
}

void
write_field_schema(struct model *model, struct json *json, const char *key, const struct field_model *field)
{
    json_open(json, key, '{');
    if (field->comment[0] != '\0')
        json_text(json, "description", field->comment);
    if (field_is_repeated(field)) {
        json_text(json, "type", "array");
        if (field->limits != NULL && field->limits->required)
            json_number(json, "minItems", 1);
        if (field->limits != NULL)
            json_number(json, "maxItems", field->limits->max_items == 0 ? DEFAULT_MAX_ITEMS : field->limits->max_items);
        json_open(json, "items", '{');
        write_single_schema(model, json, field);
        json_close(json, '}');
    } else {
        write_single_schema(model, json, field);
    }
    json_close(json, '}');
}

// A reply carries every field (absent: messages and members of a oneof); a request must carry the required ones.
static bool
is_required(const struct message_model *message, const struct field_model *field)
{
    if (message->in_request)
        return field->limits != NULL && field->limits->required;
    return (field->message == NULL || field_is_repeated(field)) && !field->proto->has_oneof_index;
}

static bool
is_left_out(const struct method_model *method, const struct field_model *field)
{
    return method != NULL && (method_has_parameter(method, field->proto->name) ||
                              (method->option->if_match && strcmp(field->proto->name, "expected_version") == 0));
}

// With a method: the body of its request, without what travels in path and headers.
static void
write_message_schema(struct model *model, struct json *json, const struct message_model *message,
                     const struct method_model *method, const char *name)
{
    json_open(json, name, '{');
    if (message->comment[0] != '\0')
        json_text(json, "description", message->comment);
    json_text(json, "type", "object");
    size_t required = 0;
    json_open(json, "properties", '{');
    for (size_t i = 0; i < message->field_count; i++) {
        const struct field_model *field = &message->fields[i];
        if (is_left_out(method, field))
            continue;
        write_field_schema(model, json, field->json_name, field);
        required += is_required(message, field);
    }
    json_close(json, '}');
    if (required > 0) {
        json_open(json, "required", '[');
        for (size_t i = 0; i < message->field_count; i++)
            if (!is_left_out(method, &message->fields[i]) && is_required(message, &message->fields[i]))
                json_text(json, NULL, message->fields[i].json_name);
        json_close(json, ']');
    }
    if (message->in_request)
        json_bool(json, "additionalProperties", false);
    json_close(json, '}');
}

char *
body_schema_name(struct model *model, const struct method_model *method)
{
    if (method->verb == NULL || !verb_has_body(method->verb) || method->option->body != VEKHA__BODY__BODY_JSON)
        return NULL;
    for (size_t i = 0; i < method->request->field_count; i++)
        if (!is_left_out(method, &method->request->fields[i]))
            return model_format(model, "%s%sBody", name_to_camel(model, method->service), method->rpc->name);
    return NULL;
}

static bool
is_used_as_part(const struct model *model, const struct message_model *message)
{
    for (size_t i = 0; i < model->method_count; i++)
        if (model->methods[i].verb != NULL && message->field_count > 0 && reply_schema(&model->methods[i]) == message)
            return true;
    for (size_t i = 0; i < model->message_count; i++) {
        const struct message_model *other = &model->messages[i];
        for (size_t f = 0; (other->in_request || other->in_reply) && f < other->field_count; f++)
            if (other->fields[f].message == message)
                return true;
    }
    return false;
}

static bool
enum_is_used(const struct model *model, const struct enum_model *enumeration)
{
    for (size_t i = 0; i < model->message_count; i++)
        for (size_t f = 0; f < model->messages[i].field_count; f++)
            if (model->messages[i].fields[f].enumeration == enumeration &&
                (model->messages[i].in_request || model->messages[i].in_reply))
                return true;
    return false;
}

static void
write_enum_schema(struct model *model, struct json *json, const struct enum_model *enumeration)
{
    char *description = model_format(model, "%s", enumeration->comment);
    for (size_t i = 0; i < enumeration->proto->n_value; i++)
        if (enumeration->value_comments[i][0] != '\0')
            description = model_format(model, "%s\n- `%s`: %s", description, enumeration->proto->value[i]->name,
                                       enumeration->value_comments[i]);
    json_open(json, enumeration->proto->name, '{');
    json_text(json, "description", description);
    json_text(json, "type", "string");
    json_open(json, "enum", '[');
    for (size_t i = 0; i < enumeration->proto->n_value; i++)
        json_text(json, NULL, enumeration->proto->value[i]->name);
    json_close(json, ']');
    json_close(json, '}');
}

void
write_schemas(struct model *model, struct json *json)
{
    for (size_t i = 0; i < model->method_count; i++) {
        const struct method_model *method = &model->methods[i];
        const char *name = body_schema_name(model, method);
        if (name != NULL)
            write_message_schema(model, json, method->request, method, name);
    }
    for (size_t i = 0; i < model->message_count; i++)
        if (model->messages[i].schema_name != NULL && is_used_as_part(model, &model->messages[i]))
            write_message_schema(model, json, &model->messages[i], NULL, model->messages[i].schema_name);
    for (size_t i = 0; i < model->enum_count; i++)
        if (enum_is_used(model, &model->enums[i]))
            write_enum_schema(model, json, &model->enums[i]);
}
