// The OpenAPI 3.1 document: paths, parameters, answers; texts are the comments of the .proto files.
#include <stdlib.h>
#include <string.h>

#include "rpcgen.h"

static const char PROBLEM_TYPE[] = "application/problem+json";

static void
write_parameter(struct model *model, struct json *json, const struct field_model *field, const char *place)
{
    json_open(json, NULL, '{');
    json_text(json, "name", field->json_name);
    json_text(json, "in", place);
    bool in_path = strcmp(place, "path") == 0;
    json_bool(json, "required", in_path || (field->limits != NULL && field->limits->required));
    write_field_schema(model, json, "schema", field);
    json_close(json, '}');
}

static void
write_header(struct json *json, const char *name, bool required, const char *type, const char *description)
{
    json_open(json, NULL, '{');
    json_text(json, "name", name);
    json_text(json, "in", "header");
    json_bool(json, "required", required);
    json_text(json, "description", description);
    json_open(json, "schema", '{');
    json_text(json, "type", type);
    json_close(json, '}');
    json_close(json, '}');
}

static void
write_headers(struct json *json, const struct method_model *method)
{
    const Vekha__Method *option = method->option;
    if (option->if_match)
        write_header(json, "If-Match", true, "string",
                     "The version read before, as its ETag: \"7\"; * is not accepted");
    if (option->body == VEKHA__BODY__BODY_UPLOAD)
        write_header(json, "Upload-Offset", true, "integer", "Where these bytes begin in the whole file");
    else if (option->kind == VEKHA__KIND__KIND_COMMAND)
        write_header(json, "Idempotency-Key", false, "string",
                     "A UUID, or 16 to 64 characters: a repeated request with the same key has one effect");
    if (option->body == VEKHA__BODY__BODY_DOWNLOAD)
        write_header(json, "Range", false, "string", "One range of bytes");
    if (option->tagged)
        write_header(json, "If-None-Match", false, "string",
                     "The ETag of an answer read before: 304 when it still holds");
    if (option->body == VEKHA__BODY__BODY_EVENTS)
        write_header(json, "Last-Event-ID", false, "string", "Continue after this event");
}

// Beside a body that is text or bytes the other fields travel in the query; beside JSON none do.
static bool
is_query_field(const struct method_model *method, const struct field_model *field)
{
    bool is_bytes = method->option->body == VEKHA__BODY__BODY_BYTES;
    const char *text_field = is_bytes ? "data" : method->option->text_field, *name = field->proto->name;
    if (method_has_parameter(method, name))
        return false;
    if (verb_has_body(method->verb))
        return text_field[0] != '\0' && strcmp(name, text_field) != 0 && field->message == NULL;
    return method->option->body != VEKHA__BODY__BODY_DOWNLOAD ||
           (strcmp(name, "offset") != 0 && strcmp(name, "length") != 0);
}

static void
write_parameters(struct model *model, struct json *json, const struct method_model *method)
{
    json_open(json, "parameters", '[');
    for (size_t i = 0; i < method->parameter_count; i++)
        write_parameter(model, json, message_find_field(method->request, method->parameters[i]), "path");
    for (size_t i = 0; i < method->request->field_count; i++)
        if (is_query_field(method, &method->request->fields[i]))
            write_parameter(model, json, &method->request->fields[i], "query");
    write_headers(json, method);
    json_close(json, ']');
}

static void
write_content(struct json *json, const char *type, const char *reference)
{
    json_open(json, type, '{');
    json_open(json, "schema", '{');
    if (reference != NULL)
        json_text(json, "$ref", reference);
    else
        json_text(json, "type", "string");
    json_close(json, '}');
    json_close(json, '}');
}

static void
write_request_body(struct model *model, struct json *json, const struct method_model *method)
{
    const char *name = body_schema_name(model, method);
    bool is_bytes = method->option->body == VEKHA__BODY__BODY_UPLOAD || method->option->body == VEKHA__BODY__BODY_BYTES;
    if (name == NULL && !is_bytes)
        return;
    json_open(json, "requestBody", '{');
    json_bool(json, "required", true);
    json_open(json, "content", '{');
    if (is_bytes)
        write_content(json, "application/octet-stream", NULL);
    else
        write_content(json, "application/json", model_format(model, "#/components/schemas/%s", name));
    if (method->option->text_field[0] != '\0')
        write_content(json, "text/csv", NULL);
    json_close(json, '}');
    json_close(json, '}');
}

static void
write_reply_headers(struct json *json, const struct method_model *method)
{
    bool has_version = message_find_field(method->reply, "version") != NULL;
    bool is_download = method->option->body == VEKHA__BODY__BODY_DOWNLOAD;
    bool is_tagged = method->option->tagged;
    if (!has_version && !is_download && !is_tagged)
        return;
    json_open(json, "headers", '{');
    json_open(json, "ETag", '{');
    json_text(json, "description",
              is_download ? "SHA-256 of the content"
              : is_tagged ? "Of this answer, for If-None-Match"
                          : "The version, for If-Match");
    json_open(json, "schema", '{');
    json_text(json, "type", "string");
    json_close(json, '}');
    json_close(json, '}');
    json_close(json, '}');
}

static void
write_success(struct model *model, struct json *json, const struct method_model *method)
{
    bool is_empty = method->reply->field_count == 0;
    json_open(json, is_empty ? "204" : "200", '{');
    json_text(json, "description", is_empty ? "Done" : method->summary[0] != '\0' ? method->summary : "Done");
    write_reply_headers(json, method);
    if (!is_empty) {
        json_open(json, "content", '{');
        const struct message_model *reply = reply_schema(method);
        bool is_stream = method->option->body == VEKHA__BODY__BODY_EVENTS;
        if (reply == NULL)
            write_content(json, "*/*", NULL);
        else
            write_content(json, is_stream ? "text/event-stream" : "application/json",
                          model_format(model, "#/components/schemas/%s", reply->schema_name));
        if (method->option->csv)
            write_content(json, "text/csv", NULL);
        json_close(json, '}');
    }
    json_close(json, '}');
    if (method->option->tagged) {
        json_open(json, "304", '{');
        json_text(json, "description", "What was read before still holds");
        json_close(json, '}');
    }
    if (method->option->body == VEKHA__BODY__BODY_DOWNLOAD) {
        json_open(json, "206", '{');
        json_text(json, "description", "The range asked for");
        json_open(json, "content", '{');
        write_content(json, "*/*", NULL);
        json_close(json, '}');
        json_close(json, '}');
    }
}

static void
write_responses(struct model *model, struct json *json, const struct method_model *method)
{
    static const char *const FAILURES[] = {"4XX", "5XX"};
    json_open(json, "responses", '{');
    write_success(model, json, method);
    for (size_t i = 0; i < 2; i++) {
        json_open(json, FAILURES[i], '{');
        json_text(json, "$ref", "#/components/responses/Problem");
        json_close(json, '}');
    }
    json_close(json, '}');
}

static void
write_security(const struct model *model, struct json *json, const struct method_model *method)
{
    bool anyone = false;
    json_open(json, "x-roles", '[');
    for (size_t i = 0; i < method->option->n_roles; i++) {
        anyone = anyone || method->option->roles[i] == VEKHA__ROLE__ROLE_ANYONE;
        for (size_t e = 0; e < model->enum_count; e++)
            for (size_t v = 0;
                 strcmp(model->enums[e].full_name, ".vekha.Role") == 0 && v < model->enums[e].proto->n_value; v++)
                if (model->enums[e].proto->value[v]->number == (int)method->option->roles[i])
                    json_text(json, NULL, model->enums[e].proto->value[v]->name);
    }
    json_close(json, ']');
    json_open(json, "security", '[');
    static const char *const SCHEMES[] = {"cookie", "bearer"};
    for (size_t i = 0; !anyone && i < 2; i++) {
        json_open(json, NULL, '{');
        json_open(json, SCHEMES[i], '[');
        json_close(json, ']');
        json_close(json, '}');
    }
    json_close(json, ']');
}

static void
write_operation(struct model *model, struct json *json, const struct method_model *method)
{
    char *verb = name_to_snake(model, method->verb);
    for (char *at = verb; *at != '\0'; at++)
        *at = (char)(*at >= 'A' && *at <= 'Z' ? *at - 'A' + 'a' : *at);
    json_open(json, verb, '{');
    json_text(json, "operationId", model_format(model, "%s%s", method->service, method->rpc->name));
    json_text(json, "summary", method->summary[0] != '\0' ? method->summary : method->rpc->name);
    if (strlen(method->comment) > strlen(method->summary) + 1)
        json_text(json, "description", method->comment);
    json_open(json, "tags", '[');
    json_text(json, NULL, method->service);
    json_close(json, ']');
    write_security(model, json, method);
    write_parameters(model, json, method);
    write_request_body(model, json, method);
    write_responses(model, json, method);
    json_close(json, '}');
}

// "/a/{thing_id}" -> "/a/{thingId}": parameters bear the names of JSON.
static char *
json_path(struct model *model, const char *path)
{
    char *result = model_format(model, "%s", "");
    while (*path != '\0') {
        size_t length = strcspn(path, "{}");
        bool inside = path[length] == '}';
        const char *piece = model_format(model, "%.*s", (int)length, path);
        result = model_format(model, "%s%s%.1s", result, inside ? name_to_json(model, piece) : piece, path + length);
        path += length + (path[length] != '\0');
    }
    return result;
}

static void
write_paths(struct model *model, struct json *json)
{
    bool *done = model_take(model, (model->method_count + 1) * sizeof *done);
    json_open(json, "paths", '{');
    for (size_t i = 0; i < model->method_count; i++) {
        if (model->methods[i].verb == NULL || done[i])
            continue;
        json_open(json, json_path(model, model->methods[i].path), '{');
        for (size_t k = i; k < model->method_count; k++) {
            if (model->methods[k].verb == NULL || strcmp(model->methods[i].path, model->methods[k].path) != 0)
                continue;
            done[k] = true;
            write_operation(model, json, &model->methods[k]);
        }
        json_close(json, '}');
    }
    json_close(json, '}');
}

static void
write_scheme(struct json *json, const char *name, const char *type, const char *key, const char *value)
{
    json_open(json, name, '{');
    json_text(json, "type", type);
    json_text(json, key, value);
    if (strcmp(type, "apiKey") == 0)
        json_text(json, "name", "__Host-vekha_access");
    json_close(json, '}');
}

static void
write_property(struct json *json, const char *name, const char *type, const char *description)
{
    json_open(json, name, '{');
    json_text(json, "type", type);
    json_text(json, "description", description);
    json_close(json, '}');
}

static void
write_problem_schemas(struct json *json)
{
    json_open(json, "Violation", '{');
    json_text(json, "type", "object");
    json_open(json, "properties", '{');
    write_property(json, "field", "string", "Path of the field as in the JSON: items[2].version");
    write_property(json, "code", "string", "For programs");
    write_property(json, "message", "string", "For people, in the language asked for");
    json_close(json, '}');
    json_close(json, '}');
    json_open(json, "Problem", '{');
    json_text(json, "description", "Why a request was not carried out (RFC 9457).");
    json_text(json, "type", "object");
    json_open(json, "properties", '{');
    write_property(json, "type", "string", "about:blank, or a reference that names the code");
    write_property(json, "title", "string", "The kind of problem, for people");
    write_property(json, "status", "integer", "The HTTP status");
    write_property(json, "detail", "string", "This problem and what to do, for people");
    write_property(json, "code", "string", "This problem, for programs");
    write_property(json, "instance", "string", "Number of the request, for support");
    write_property(json, "retryAfter", "integer", "Seconds after which to try again");
    json_open(json, "violations", '{');
    json_text(json, "type", "array");
    json_open(json, "items", '{');
    json_text(json, "$ref", "#/components/schemas/Violation");
    json_close(json, '}');
    json_close(json, '}');
    json_close(json, '}');
    json_open(json, "required", '[');
    static const char *const REQUIRED[] = {"type", "title", "status", "detail", "code", "instance"};
    for (size_t i = 0; i < sizeof REQUIRED / sizeof REQUIRED[0]; i++)
        json_text(json, NULL, REQUIRED[i]);
    json_close(json, ']');
    json_close(json, '}');
}

static void
write_components(struct model *model, struct json *json)
{
    json_open(json, "components", '{');
    json_open(json, "securitySchemes", '{');
    write_scheme(json, "cookie", "apiKey", "in", "cookie");
    write_scheme(json, "bearer", "http", "scheme", "bearer");
    json_close(json, '}');
    json_open(json, "responses", '{');
    json_open(json, "Problem", '{');
    json_text(json, "description", "The request was not carried out");
    json_open(json, "content", '{');
    write_content(json, PROBLEM_TYPE, "#/components/schemas/Problem");
    json_close(json, '}');
    json_close(json, '}');
    json_close(json, '}');
    json_open(json, "schemas", '{');
    write_problem_schemas(json);
    write_schemas(model, json);
    json_close(json, '}');
    json_close(json, '}');
}

static void
write_information(const struct model *model, struct json *json)
{
    json_text(json, "openapi", "3.1.0");
    json_open(json, "info", '{');
    json_text(json, "title", "Vekha");
    json_text(json, "version", "1");
    json_text(json, "description",
              "Monitoring of national projects, of schools with low results, and of the digital environment. "
              "64-bit integers travel as strings; fields are in lowerCamelCase; times are RFC 3339 in UTC.");
    json_close(json, '}');
    json_open(json, "servers", '[');
    json_open(json, NULL, '{');
    json_text(json, "url", "/");
    json_close(json, '}');
    json_close(json, ']');
    json_open(json, "tags", '[');
    for (size_t i = 0; i < model->service_count; i++) {
        json_open(json, NULL, '{');
        json_text(json, "name", model->services[i].name);
        json_text(json, "description", model->services[i].comment);
        json_close(json, '}');
    }
    json_close(json, ']');
}

void
write_openapi(struct model *model, const char *folder)
{
    char *text = NULL;
    size_t size = 0;
    struct json json = {.output = open_memstream(&text, &size)};
    if (json.output == NULL) {
        fputs("rpcgen: out of memory\n", stderr);
        exit(1);
    }
    name_schemas(model);
    json_open(&json, NULL, '{');
    write_information(model, &json);
    write_paths(model, &json);
    write_components(model, &json);
    json_close(&json, '}');
    output_close(json.output, "openapi.json");

    FILE *output = output_open(folder, "openapi.json");
    fwrite(text, 1, size, output);
    fputc('\n', output);
    output_close(output, "openapi.json");

    output = output_open(folder, "contract_openapi.c");
    fputs("// Generated by rpcgen from proto/; change the .proto instead.\n#include "
          "\"vekha/bus/contract.h\"\n\nconst char contract_openapi[] =\n",
          output);
    for (size_t at = 0; at < size; at += 96) {
        write_c_text(output, text + at, size - at < 96 ? size - at : 96);
        fputc('\n', output);
    }
    fputs(";\n", output);
    output_close(output, "contract_openapi.c");
    free(text);
}
