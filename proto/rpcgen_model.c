// Links the descriptor set: messages by name, options out of extensions, comments out of the source information.
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "rpcgen.h"

enum { METHOD_EXTENSION = 50001, FIELD_EXTENSION = 50002 };
enum {
    PATH_MESSAGE = 4,
    PATH_ENUM = 5,
    PATH_SERVICE = 6,
    PATH_FIELD = 2,
    PATH_NESTED = 3,
    PATH_VALUE = 2,
    PATH_RPC = 2,
    PATH_SYNTAX = 12
};

#define QUERY_LANE "queries"

bool
file_is_ours(const FileProto *file)
{
    return file->package != NULL && (strcmp(file->package, "vekha") == 0 || strncmp(file->package, "vekha.", 6) == 0);
}

static const Location *
find_location(const FileProto *file, const int32_t *path, size_t path_size)
{
    if (file->source_code_info == NULL)
        return NULL;
    for (size_t i = 0; i < file->source_code_info->n_location; i++) {
        const Location *location = file->source_code_info->location[i];
        if (location->n_path == path_size && memcmp(location->path, path, path_size * sizeof *path) == 0)
            return location;
    }
    return NULL;
}

static int
line_of(const Location *location)
{
    return location != NULL && location->n_span > 0 ? location->span[0] + 1 : 1;
}

// One paragraph; lines joined by spaces.
static const char *
comment_of(struct model *model, const Location *location)
{
    const char *text = location == NULL ? NULL : location->leading_comments;
    if (text == NULL && location != NULL)
        text = location->trailing_comments;
    if (text == NULL)
        return "";
    char *comment = model_take(model, strlen(text) + 1);
    size_t size = 0;
    for (; *text != '\0'; text++) {
        bool is_space = isspace((unsigned char)*text) != 0;
        if (!is_space)
            comment[size++] = *text;
        else if (size > 0 && comment[size - 1] != ' ')
            comment[size++] = ' ';
    }
    while (size > 0 && comment[size - 1] == ' ')
        size--;
    comment[size] = '\0';
    return comment;
}

static const char *
first_sentence(struct model *model, const char *comment)
{
    const char *end = strstr(comment, ". ");
    const char *other = strstr(comment, "; ");
    if (end == NULL || (other != NULL && other < end))
        end = other;
    size_t length = end == NULL ? strlen(comment) : (size_t)(end - comment);
    if (length > 0 && comment[length - 1] == '.')
        length--;
    return model_format(model, "%.*s", (int)length, comment);
}

// An extension's bytes as protobuf-c keeps them: still behind their length.
static const ProtobufCMessageUnknownField *
find_extension(const ProtobufCMessage *options, uint32_t tag)
{
    for (unsigned i = 0; options != NULL && i < options->n_unknown_fields; i++)
        if (options->unknown_fields[i].tag == tag)
            return &options->unknown_fields[i];
    return NULL;
}

static void *
take_for_protobuf(void *model, size_t size)
{
    return model_take(model, size);
}

static void
keep_for_protobuf(void *model, void *memory)
{
    (void)model;
    (void)memory;
}

static ProtobufCMessage *
unpack_extension(struct model *model, const ProtobufCMessage *options, uint32_t tag,
                 const ProtobufCMessageDescriptor *descriptor)
{
    const ProtobufCMessageUnknownField *field = find_extension(options, tag);
    if (field == NULL)
        return NULL;
    size_t skip = 0;
    while (skip < field->len && (field->data[skip] & 0x80) != 0)
        skip++;
    skip++;
    ProtobufCAllocator allocator = {take_for_protobuf, keep_for_protobuf, model};
    ProtobufCMessage *message =
        skip > field->len ? NULL
                          : protobuf_c_message_unpack(descriptor, &allocator, field->len - skip, field->data + skip);
    if (message == NULL) {
        fprintf(stderr, "rpcgen: option %u cannot be read; is options.proto of the same version?\n", tag);
        exit(1);
    }
    return message;
}

static void
add_message(struct model *model, const FileProto *file, const MessageProto *proto, const char *scope, int32_t *path,
            size_t path_size)
{
    struct message_model *message = &model->messages[model->message_count++];
    const Location *location = find_location(file, path, path_size);
    *message = (struct message_model){.file = file, .proto = proto, .line = line_of(location)};
    message->full_name = model_format(model, "%s.%s", scope, proto->name);
    const char *below_package = message->full_name + 1 + strlen(file->package);
    const char *dotted = model_format(model, "%s%s", file_c_package(model, file), below_package);
    message->c_type = name_to_c_type(model, dotted);
    message->c_name = name_to_c_lower(model, dotted);
    message->comment = comment_of(model, location);
    message->fields = model_take(model, (proto->n_field + 1) * sizeof *message->fields);
    message->field_count = proto->n_field;
    for (size_t i = 0; i < proto->n_field; i++) {
        struct field_model *field = &message->fields[i];
        path[path_size] = PATH_FIELD;
        path[path_size + 1] = (int32_t)i;
        location = find_location(file, path, path_size + 2);
        field->proto = proto->field[i];
        field->comment = comment_of(model, location);
        field->line = line_of(location);
        field->json_name = name_to_json(model, field->proto->name);
        if (field->proto->options != NULL)
            field->limits = (const Vekha__Field *)(const void *)unpack_extension(
                model, &field->proto->options->base, FIELD_EXTENSION, &vekha__field__descriptor);
    }
    for (size_t i = 0; i < proto->n_nested_type; i++) {
        path[path_size] = PATH_NESTED;
        path[path_size + 1] = (int32_t)i;
        if (path_size + 4 > 16)
            complain(model, file, message->line, proto->name, "messages nested too deep; declare them at the top");
        else
            add_message(model, file, proto->nested_type[i], message->full_name, path, path_size + 2);
    }
}

static void
add_enum(struct model *model, const FileProto *file, const EnumProto *proto, int32_t index)
{
    struct enum_model *enumeration = &model->enums[model->enum_count++];
    int32_t path[4] = {PATH_ENUM, index, PATH_VALUE, 0};
    enumeration->file = file;
    enumeration->proto = proto;
    enumeration->full_name = model_format(model, ".%s.%s", file->package, proto->name);
    enumeration->comment = comment_of(model, find_location(file, path, 2));
    const char **comments = model_take(model, proto->n_value * sizeof *comments);
    for (size_t i = 0; i < proto->n_value; i++) {
        path[3] = (int32_t)i;
        comments[i] = comment_of(model, find_location(file, path, 4));
    }
    enumeration->value_comments = comments;
}

static size_t
count_messages(MessageProto *const *messages, size_t count)
{
    size_t total = count;
    for (size_t i = 0; i < count; i++)
        total += count_messages(messages[i]->nested_type, messages[i]->n_nested_type);
    return total;
}

static void
load_types(struct model *model)
{
    size_t messages = 0, enums = 0;
    for (size_t i = 0; i < model->set->n_file; i++) {
        messages += count_messages(model->set->file[i]->message_type, model->set->file[i]->n_message_type);
        enums += model->set->file[i]->n_enum_type;
    }
    model->messages = model_take(model, (messages + 1) * sizeof *model->messages);
    model->enums = model_take(model, (enums + 1) * sizeof *model->enums);
    for (size_t i = 0; i < model->set->n_file; i++) {
        const FileProto *file = model->set->file[i];
        if (!file_is_ours(file))
            continue;
        const char *scope = model_format(model, ".%s", file->package);
        for (size_t m = 0; m < file->n_message_type; m++) {
            int32_t path[16] = {PATH_MESSAGE, (int32_t)m};
            add_message(model, file, file->message_type[m], scope, path, 2);
        }
        for (size_t e = 0; e < file->n_enum_type; e++)
            add_enum(model, file, file->enum_type[e], (int32_t)e);
    }
}

static void
link_fields(struct model *model)
{
    for (size_t m = 0; m < model->message_count; m++) {
        for (size_t f = 0; f < model->messages[m].field_count; f++) {
            struct field_model *field = &model->messages[m].fields[f];
            if (field->proto->type_name == NULL)
                continue;
            field->message = model_find_message(model, field->proto->type_name);
            for (size_t e = 0; e < model->enum_count; e++)
                if (strcmp(model->enums[e].full_name, field->proto->type_name) == 0)
                    field->enumeration = &model->enums[e];
        }
    }
}

static struct method_model *
add_built_in(struct model *model, const struct service_model *service, const char *name, const char *summary)
{
    struct method_model *built_in = &model->methods[model->method_count++];
    *built_in = (struct method_model){.file = service->file, .service = service->name, .line = 1};
    built_in->lane = model_format(model, "%s/" QUERY_LANE, service->name);
    built_in->name = model_format(model, "%s.%s", service->name, name);
    built_in->c_name = name_to_snake(model, name);
    built_in->comment = built_in->summary = summary;
    return built_in;
}

static void
add_service(struct model *model, const FileProto *file)
{
    const char *dot = strrchr(file->package, '.');
    struct service_model *service = &model->services[model->service_count++];
    int32_t path[1] = {PATH_SYNTAX};
    service->file = file;
    service->name = dot == NULL ? file->package : dot + 1;
    service->comment = comment_of(model, find_location(file, path, 1));

    struct method_model *built_in =
        add_built_in(model, service, "FetchEvents", "Events of the service's stream after a number");
    built_in->request = model_find_message(model, ".vekha.bus.FetchEventsRequest");
    built_in->reply = model_find_message(model, ".vekha.bus.EventBatch");
}

// A service that has something tagged can be asked whether it still holds.
static void
add_check_of_tags(struct model *model, const struct service_model *service, size_t first_method)
{
    bool has_tagged = false;
    for (size_t i = first_method; i < model->method_count; i++)
        has_tagged = has_tagged || (model->methods[i].option != NULL && model->methods[i].option->tagged);
    if (!has_tagged || model->method_count == MAX_METHODS)
        return;
    struct method_model *built_in = add_built_in(model, service, "CheckTags", "Which tagged answers still hold");
    built_in->request = model_find_message(model, ".vekha.bus.CheckTagsRequest");
    built_in->reply = model_find_message(model, ".vekha.bus.CheckTagsReply");
}

static void
add_method(struct model *model, const FileProto *file, const char *service, int32_t service_index, int32_t index)
{
    if (model->method_count == MAX_METHODS)
        return;
    struct method_model *method = &model->methods[model->method_count++];
    int32_t path[4] = {PATH_SERVICE, service_index, PATH_RPC, index};
    const Location *location = find_location(file, path, 4);
    *method = (struct method_model){.file = file, .service = service, .line = line_of(location)};
    method->rpc = file->service[service_index]->method[index];
    method->name = model_format(model, "%s.%s", service, method->rpc->name);
    method->c_name = name_to_snake(model, method->rpc->name);
    method->comment = comment_of(model, location);
    method->summary = first_sentence(model, method->comment);
    method->request = model_find_message(model, method->rpc->input_type);
    method->reply = model_find_message(model, method->rpc->output_type);
    if (method->rpc->options != NULL)
        method->option = (const Vekha__Method *)(const void *)unpack_extension(
            model, &method->rpc->options->base, METHOD_EXTENSION, &vekha__method__descriptor);
    method->lane = service;
    if (method->option != NULL && method->option->lane[0] != '\0')
        method->lane = model_format(model, "%s/%s", service, method->option->lane);
    else if (method->option != NULL && method->option->kind == VEKHA__KIND__KIND_QUERY)
        method->lane = model_format(model, "%s/" QUERY_LANE, service);
}

static int
compare_methods(const void *a, const void *b)
{
    return strcmp(((const struct method_model *)a)->name, ((const struct method_model *)b)->name);
}

void
model_load(struct model *model)
{
    load_types(model);
    link_fields(model);
    model->methods = model_take(model, MAX_METHODS * sizeof *model->methods);
    model->services = model_take(model, (model->set->n_file + 1) * sizeof *model->services);
    for (size_t i = 0; i < model->set->n_file; i++) {
        const FileProto *file = model->set->file[i];
        if (!file_is_ours(file) || file->n_service == 0)
            continue;
        add_service(model, file);
        const char *service = model->services[model->service_count - 1].name;
        if (file->n_service > 1)
            complain(model, file, 1, file->package, "has %zu services; one file declares one", file->n_service);
        if (strncmp(file->name, service, strlen(service)) != 0 || strcmp(file->name + strlen(service), ".proto") != 0)
            complain(model, file, 1, file->package, "must be declared in %s.proto", service);
        size_t first_method = model->method_count;
        for (size_t m = 0; m < file->service[0]->n_method; m++)
            add_method(model, file, service, 0, (int32_t)m);
        add_check_of_tags(model, &model->services[model->service_count - 1], first_method);
    }
    qsort(model->methods, model->method_count, sizeof *model->methods, compare_methods);
}

const struct message_model *
model_find_message(const struct model *model, const char *full_name)
{
    for (size_t i = 0; i < model->message_count; i++)
        if (strcmp(model->messages[i].full_name, full_name) == 0)
            return &model->messages[i];
    return NULL;
}

const struct field_model *
message_find_field(const struct message_model *message, const char *name)
{
    for (size_t i = 0; i < message->field_count; i++)
        if (strcmp(message->fields[i].proto->name, name) == 0)
            return &message->fields[i];
    return NULL;
}
