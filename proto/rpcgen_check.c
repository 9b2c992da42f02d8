// What a declaration must hold; each failure names file, line, method or field, and the remedy.
#include <ctype.h>
#include <string.h>

#include "rpcgen.h"

enum { MAX_REQUEST_BYTES = 1024 * 1024, MAX_TIMEOUT_MS = 120000 };

bool
field_is_repeated(const struct field_model *field)
{
    return field->proto->label == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__LABEL__LABEL_REPEATED;
}

bool
field_is_string(const struct field_model *field)
{
    return field->proto->type == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_STRING;
}

bool
field_is_wide_integer(const struct field_model *field)
{
    switch (field->proto->type) {
    case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_INT64:
    case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_UINT64:
    case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_SINT64:
    case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_FIXED64:
    case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_SFIXED64:
        return true;
    default:
        return false;
    }
}

bool
field_is_integer(const struct field_model *field)
{
    switch (field->proto->type) {
    case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_INT32:
    case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_UINT32:
    case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_SINT32:
    case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_FIXED32:
    case GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_SFIXED32:
        return true;
    default:
        return field_is_wide_integer(field);
    }
}

static bool
field_has_type(const struct message_model *message, const char *name, Google__Protobuf__FieldDescriptorProto__Type type)
{
    const struct field_model *field = message_find_field(message, name);
    return field != NULL && !field_is_repeated(field) && field->proto->type == type;
}

bool
verb_has_body(const char *verb)
{
    return strcmp(verb, "GET") != 0 && strcmp(verb, "DELETE") != 0;
}

bool
method_has_parameter(const struct method_model *method, const char *name)
{
    for (size_t i = 0; i < method->parameter_count; i++)
        if (strcmp(method->parameters[i], name) == 0)
            return true;
    return false;
}

#define COMPLAIN(method, ...) complain(model, (method)->file, (method)->line, (method)->rpc->name, __VA_ARGS__)

// ---- paths

static bool
is_known_verb(const char *verb, size_t length)
{
    static const char *const VERBS[] = {"GET", "POST", "PUT", "PATCH", "DELETE"};
    for (size_t i = 0; i < sizeof VERBS / sizeof VERBS[0]; i++)
        if (strlen(VERBS[i]) == length && memcmp(VERBS[i], verb, length) == 0)
            return true;
    return false;
}

static void
check_parameter(struct model *model, struct method_model *method, const char *name)
{
    const struct field_model *field = message_find_field(method->request, name);
    if (field == NULL)
        COMPLAIN(method, "path parameter {%s} is no field of %s; add the field or correct the path", name,
                 method->request->proto->name);
    else if (field_is_repeated(field) || (!field_is_string(field) && !field_is_integer(field)))
        COMPLAIN(method, "path parameter {%s} must be a single string or integer", name);
    else if (method_has_parameter(method, name))
        COMPLAIN(method, "path parameter {%s} stands twice", name);
    else if (method->parameter_count == MAX_PATH_PARAMETERS)
        COMPLAIN(method, "more than %d path parameters", MAX_PATH_PARAMETERS);
    else
        method->parameters[method->parameter_count++] = name;
}

// Segments are words or one {parameter}; the last may end in :action.
static bool
parse_segment(struct model *model, struct method_model *method, const char *segment, size_t length, bool is_last)
{
    const char *colon = memchr(segment, ':', length);
    size_t head = colon == NULL ? length : (size_t)(colon - segment);
    if (colon != NULL && (!is_last || head + 1 == length))
        return false;
    for (size_t i = head + 1; i < length; i++)
        if (!isalnum((unsigned char)segment[i]))
            return false;
    if (head > 2 && segment[0] == '{' && segment[head - 1] == '}') {
        check_parameter(model, method, model_format(model, "%.*s", (int)head - 2, segment + 1));
        return true;
    }
    for (size_t i = 0; i < head; i++)
        if (!isalnum((unsigned char)segment[i]) && segment[i] != '-')
            return false;
    return head > 0;
}

static void
parse_http(struct model *model, struct method_model *method)
{
    const char *http = method->option->http;
    const char *space = strchr(http, ' ');
    if (space == NULL || !is_known_verb(http, (size_t)(space - http)) || strncmp(space, " /api/v1/", 9) != 0) {
        COMPLAIN(method, "http: \"%s\" does not parse; write \"POST /api/v1/things/{thing_id}:act\"", http);
        return;
    }
    method->verb = model_format(model, "%.*s", (int)(space - http), http);
    method->path = space + 1;
    const char *at = method->path + 1;
    while (true) {
        size_t length = strcspn(at, "/");
        bool is_last = at[length] == '\0';
        if (!parse_segment(model, method, at, length, is_last)) {
            COMPLAIN(method, "http: segment \"%.*s\" does not parse; words, {field}, and :action at the end only",
                     (int)length, at);
            return;
        }
        if (is_last)
            return;
        at += length + 1;
    }
}

// "{a}" and "{b}" match the same requests.
static bool
paths_collide(const char *a, const char *b)
{
    while (*a != '\0' && *b != '\0') {
        if (*a == '{' && *b == '{') {
            a += strcspn(a, "}");
            b += strcspn(b, "}");
        }
        if (*a != *b)
            return false;
        a++;
        b++;
    }
    return *a == *b;
}

static void
check_routes(struct model *model)
{
    for (size_t i = 0; i < model->method_count; i++) {
        const struct method_model *method = &model->methods[i];
        for (size_t k = 0; method->verb != NULL && k < i; k++) {
            const struct method_model *other = &model->methods[k];
            if (other->verb != NULL && strcmp(method->verb, other->verb) == 0 &&
                paths_collide(method->path, other->path))
                COMPLAIN(method, "%s %s is already the path of %s; choose another", method->verb, method->path,
                         other->name);
        }
    }
}

// ---- bodies

static void
check_query_fields(struct model *model, const struct method_model *method)
{
    for (size_t i = 0; i < method->request->field_count; i++) {
        const struct field_model *field = &method->request->fields[i];
        if (field->message != NULL || field->proto->type == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_BYTES)
            COMPLAIN(method, "field %s cannot travel in a %s, which has no body; use POST, PUT or PATCH",
                     field->proto->name, method->verb);
    }
}

struct needed_field {
    bool in_reply;
    const char *name;
    Google__Protobuf__FieldDescriptorProto__Type type;
};

#define TYPE(name) GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_##name

static void
check_needed(struct model *model, const struct method_model *method, const char *why, const struct needed_field *needed,
             size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct message_model *message = needed[i].in_reply ? method->reply : method->request;
        if (!field_has_type(message, needed[i].name, needed[i].type))
            COMPLAIN(method, "%s needs the field %s in %s, single and of the type the gateway expects (files.proto)",
                     why, needed[i].name, message->proto->name);
    }
}

static void
check_events_reply(struct model *model, const struct method_model *method)
{
    const struct field_model *events = message_find_field(method->reply, "events");
    if (events == NULL || events->message == NULL || !field_is_repeated(events) ||
        !field_has_type(events->message, "number", TYPE(UINT64)))
        COMPLAIN(method, "BODY_EVENTS needs `repeated X events` in %s, X with `uint64 number`",
                 method->reply->proto->name);
}

// The gateway copies texts by name, so every field but the number must be there as a text.
static void
check_shows(struct model *model, const struct method_model *method)
{
    const struct message_model *event =
        model_find_message(model, model_format(model, ".vekha.events.%s", method->option->shows));
    const struct field_model *events = message_find_field(method->reply, "events");
    if (event == NULL || !field_has_type(event, "organisation_path", TYPE(STRING))) {
        COMPLAIN(method, "BODY_EVENTS needs shows: a message of events.proto with `string organisation_path`");
        return;
    }
    for (size_t i = 0; events != NULL && events->message != NULL && i < events->message->field_count; i++) {
        const char *name = events->message->fields[i].proto->name;
        if (strcmp(name, "number") != 0 &&
            (!field_has_type(events->message, name, TYPE(STRING)) || !field_has_type(event, name, TYPE(STRING))))
            COMPLAIN(method, "the field %s must be a string, in %s as in %s", name, events->message->proto->name,
                     method->option->shows);
    }
}

static void
check_body(struct model *model, const struct method_model *method)
{
    static const struct needed_field UPLOAD[] = {{false, "offset", TYPE(UINT64)}, {false, "data", TYPE(BYTES)}};
    static const struct needed_field DOWNLOAD[] = {
        {false, "offset", TYPE(UINT64)},     {false, "length", TYPE(UINT32)},      {true, "data", TYPE(BYTES)},
        {true, "total_bytes", TYPE(UINT64)}, {true, "content_type", TYPE(STRING)}, {true, "file_name", TYPE(STRING)},
        {true, "sha256", TYPE(STRING)}};
    static const struct needed_field BYTES[] = {{false, "data", TYPE(BYTES)}};
    static const struct needed_field EVENTS[] = {{false, "after", TYPE(UINT64)}, {true, "next_after", TYPE(UINT64)}};
    static const struct needed_field SESSION[] = {{true, "access_token", TYPE(STRING)},
                                                  {true, "access_expires_at", TYPE(STRING)},
                                                  {true, "refresh_token", TYPE(STRING)},
                                                  {true, "refresh_expires_at", TYPE(STRING)}};
    const Vekha__Method *option = method->option;
    if (option->body == VEKHA__BODY__BODY_UPLOAD)
        check_needed(model, method, "BODY_UPLOAD", UPLOAD, sizeof UPLOAD / sizeof UPLOAD[0]);
    if (option->body == VEKHA__BODY__BODY_BYTES)
        check_needed(model, method, "BODY_BYTES", BYTES, sizeof BYTES / sizeof BYTES[0]);
    if (option->body == VEKHA__BODY__BODY_DOWNLOAD)
        check_needed(model, method, "BODY_DOWNLOAD", DOWNLOAD, sizeof DOWNLOAD / sizeof DOWNLOAD[0]);
    if (option->body == VEKHA__BODY__BODY_EVENTS) {
        check_needed(model, method, "BODY_EVENTS", EVENTS, sizeof EVENTS / sizeof EVENTS[0]);
        check_events_reply(model, method);
        check_shows(model, method);
    }
    if (option->body != VEKHA__BODY__BODY_EVENTS && option->shows[0] != '\0')
        COMPLAIN(method, "shows is for BODY_EVENTS");
    if (option->session == VEKHA__SESSION__SESSION_START)
        check_needed(model, method, "SESSION_START", SESSION, sizeof SESSION / sizeof SESSION[0]);
    if (option->if_match && !field_has_type(method->request, "expected_version", TYPE(UINT32)))
        COMPLAIN(method, "if_match needs `uint32 expected_version` in %s", method->request->proto->name);
    if (option->text_field[0] != '\0' && !field_has_type(method->request, option->text_field, TYPE(STRING)))
        COMPLAIN(method, "text_field %s is no string of %s", option->text_field, method->request->proto->name);
    if (option->body != VEKHA__BODY__BODY_JSON && method->verb == NULL)
        COMPLAIN(method, "body without http means nothing; add the path or drop the body");
}

static void
check_verb(struct model *model, const struct method_model *method)
{
    const Vekha__Method *option = method->option;
    bool is_get = strcmp(method->verb, "GET") == 0;
    bool is_query = option->kind == VEKHA__KIND__KIND_QUERY;
    // A piece of an upload names its offset: it may be a query, which is repeated freely and leaves no record.
    bool is_repeatable_piece = is_query && option->body == VEKHA__BODY__BODY_UPLOAD;
    if (is_get != is_query && !is_repeatable_piece)
        COMPLAIN(method, "a query is read with GET and a command is not; change the verb or the kind");
    bool is_bytes = option->body == VEKHA__BODY__BODY_UPLOAD || option->body == VEKHA__BODY__BODY_BYTES;
    if (is_bytes && !verb_has_body(method->verb))
        COMPLAIN(method, "BODY_UPLOAD and BODY_BYTES need PATCH, PUT or POST");
    if ((option->body == VEKHA__BODY__BODY_DOWNLOAD || option->body == VEKHA__BODY__BODY_EVENTS) && !is_get)
        COMPLAIN(method, "BODY_DOWNLOAD and BODY_EVENTS are read with GET");
    if (option->if_match && is_query)
        COMPLAIN(method, "if_match is for commands");
    if (option->text_field[0] != '\0' && !verb_has_body(method->verb))
        COMPLAIN(method, "text_field needs PATCH, PUT or POST");
    if (!verb_has_body(method->verb))
        check_query_fields(model, method);
}

// ---- methods

static bool
tells_of_reading(const char *event)
{
    size_t length = strlen(event);
    return length > 4 && strcmp(event + length - 4, "Read") == 0;
}

static void
check_emits(struct model *model, const struct method_model *method)
{
    bool is_query = method->option->kind == VEKHA__KIND__KIND_QUERY;
    for (size_t i = 0; i < method->option->n_emits; i++) {
        const char *full_name = model_format(model, ".vekha.events.%s", method->option->emits[i]);
        if (model_find_message(model, full_name) == NULL)
            COMPLAIN(method, "emits \"%s\", which is no message of events.proto; declare it there",
                     method->option->emits[i]);
        if (is_query && !tells_of_reading(method->option->emits[i]))
            COMPLAIN(method, "a query changes nothing and so emits nothing but a ...Read; make it a command");
    }
}

static void
check_rights(struct model *model, const struct method_model *method)
{
    const Vekha__Method *option = method->option;
    if (option->n_roles == 0 && option->n_callers == 0)
        COMPLAIN(method, "nobody may call it; name roles, or the services in callers");
    if (method->verb != NULL && option->n_roles == 0)
        COMPLAIN(method, "is open over HTTP without roles; name them");
    for (size_t i = 0; i < option->n_roles; i++)
        if (option->roles[i] <= VEKHA__ROLE__ROLE_NONE || option->roles[i] > VEKHA__ROLE__ROLE_ADMINISTRATOR)
            COMPLAIN(method, "roles has the unknown value %d", (int)option->roles[i]);
    for (size_t i = 0; i < option->n_callers; i++)
        if (option->callers[i][0] == '\0')
            COMPLAIN(method, "callers has an empty name");
}

static void
check_together(struct model *model, const struct method_model *method)
{
    if (!method->option->together)
        return;
    if (method->option->kind != VEKHA__KIND__KIND_COMMAND)
        COMPLAIN(method, "together is for commands, which share a commit; a query runs alone");
}

static void
check_compress(struct model *model, const struct method_model *method)
{
    const Vekha__Method *option = method->option;
    if (!option->compress)
        return;
    if (option->kind != VEKHA__KIND__KIND_QUERY || option->body != VEKHA__BODY__BODY_JSON || method->verb == NULL ||
        option->session != VEKHA__SESSION__SESSION_KEEP)
        COMPLAIN(method, "compress is for queries that answer JSON over HTTP and leave the session alone");
    if (field_has_type(method->reply, "version", TYPE(UINT32)))
        COMPLAIN(method, "compress: the version in %s becomes the ETag of other bytes; drop one of the two",
                 method->reply->proto->name);
}

static void
check_tagged(struct model *model, const struct method_model *method)
{
    const Vekha__Method *option = method->option;
    if (!option->tagged)
        return;
    bool anyone = false;
    for (size_t i = 0; i < option->n_roles; i++)
        anyone = anyone || option->roles[i] == VEKHA__ROLE__ROLE_ANYONE;
    if (option->kind != VEKHA__KIND__KIND_QUERY || option->body != VEKHA__BODY__BODY_JSON || method->verb == NULL ||
        strcmp(method->verb, "GET") != 0 || option->session != VEKHA__SESSION__SESSION_KEEP || anyone)
        COMPLAIN(method, "tagged is for queries by GET that answer JSON to somebody who is logged in");
    if (option->n_emits > 0)
        COMPLAIN(method, "tagged: what it emits would be left out when the answer still holds");
    if (field_has_type(method->reply, "version", TYPE(UINT32)))
        COMPLAIN(method, "tagged: the version in %s is an ETag already; drop one of the two",
                 method->reply->proto->name);
}

static void
check_method(struct model *model, struct method_model *method)
{
    if (method->rpc->client_streaming || method->rpc->server_streaming)
        COMPLAIN(method, "`stream` is not carried; use body: BODY_UPLOAD, BODY_DOWNLOAD or BODY_EVENTS");
    if (method->option == NULL) {
        COMPLAIN(method, "has no option (method); declare http, kind and roles");
        return;
    }
    if (method->request == NULL || method->reply == NULL) {
        COMPLAIN(method, "request and reply must be messages of this project");
        return;
    }
    if (method->option->kind == VEKHA__KIND__KIND_NONE)
        COMPLAIN(method, "has no kind; write KIND_QUERY (reads) or KIND_COMMAND (changes)");
    if (method->option->max_request_bytes > MAX_REQUEST_BYTES)
        COMPLAIN(method, "max_request_bytes %u is over 1 MiB; move big data as BODY_UPLOAD",
                 method->option->max_request_bytes);
    if (method->option->timeout_ms > MAX_TIMEOUT_MS)
        COMPLAIN(method, "timeout_ms %u is over %d; make it a job", method->option->timeout_ms, MAX_TIMEOUT_MS);
    if (method->option->http[0] != '\0')
        parse_http(model, method);
    check_rights(model, method);
    check_together(model, method);
    check_compress(model, method);
    check_tagged(model, method);
    if (method->option->csv && !reply_is_table(method))
        COMPLAIN(method, "csv is for a reply of rows without lists in them, and of single values");
    check_emits(model, method);
    check_body(model, method);
    if (method->verb != NULL)
        check_verb(model, method);
}

// ---- messages

static void
check_limits(struct model *model, const struct message_model *message, const struct field_model *field)
{
    const Vekha__Field *limits = field->limits;
    const char *subject = model_format(model, "%s.%s", message->proto->name, field->proto->name);
    if ((limits->max_chars != 0 || limits->min_chars != 0 || limits->format != VEKHA__FORMAT__FORMAT_NONE) &&
        !field_is_string(field))
        complain(model, message->file, field->line, subject, "min_chars, max_chars and format are for strings");
    if (limits->max_chars != 0 && limits->min_chars > limits->max_chars)
        complain(model, message->file, field->line, subject, "min_chars is over max_chars");
    if (limits->max_items != 0 && !field_is_repeated(field))
        complain(model, message->file, field->line, subject, "max_items is for repeated fields");
    if ((limits->min != 0 || limits->max != 0) && !field_is_integer(field))
        complain(model, message->file, field->line, subject, "min and max are for integers");
    if (limits->max != 0 && limits->min > limits->max)
        complain(model, message->file, field->line, subject, "min is over max");
    if (limits->required && !field_is_repeated(field) &&
        field->proto->type == GOOGLE__PROTOBUF__FIELD_DESCRIPTOR_PROTO__TYPE__TYPE_BOOL)
        complain(model, message->file, field->line, subject,
                 "a bool has no absence in proto3, so required would demand true; drop it");
}

static void
check_fields(struct model *model, const struct message_model *message)
{
    for (size_t i = 0; i < message->field_count; i++) {
        const struct field_model *field = &message->fields[i];
        const char *subject = model_format(model, "%s.%s", message->proto->name, field->proto->name);
        if (field->proto->has_proto3_optional && field->proto->proto3_optional)
            complain(model, message->file, field->line, subject,
                     "protoc-c 1.4 knows no proto3 optional; use a oneof with this one member");
        if (field->proto->type_name != NULL && field->message == NULL && field->enumeration == NULL)
            complain(model, message->file, field->line, subject, "its type is no message or top-level enum of ours");
        if (message->proto->options != NULL && message->proto->options->map_entry)
            complain(model, message->file, message->line, message->proto->name,
                     "maps are not carried; use a repeated message with a key");
        if (field->limits != NULL)
            check_limits(model, message, field);
    }
}

// The name of a message that contains itself, or NULL. protobuf-c unpacks without a depth limit.
static const char *
find_recursion(struct message_model *message)
{
    enum { FRESH, UNDER_WAY, SEEN };
    if (message->visit == UNDER_WAY)
        return message->proto->name;
    if (message->visit == SEEN)
        return NULL;
    message->visit = UNDER_WAY;
    const char *found = NULL;
    for (size_t i = 0; i < message->field_count && found == NULL; i++)
        if (message->fields[i].message != NULL)
            found = find_recursion((struct message_model *)(uintptr_t)message->fields[i].message);
    message->visit = SEEN;
    return found;
}

void
model_check(struct model *model)
{
    for (size_t i = 0; i < model->message_count; i++) {
        struct message_model *message = &model->messages[i];
        check_fields(model, message);
        const char *recursive = message->visit == 0 ? find_recursion(message) : NULL;
        if (recursive != NULL)
            complain(model, message->file, message->line, message->proto->name,
                     "%s contains itself; a list of entries with a parent's id carries a tree", recursive);
    }
    for (size_t i = 0; i < model->method_count; i++)
        if (model->methods[i].rpc != NULL)
            check_method(model, &model->methods[i]);
    check_routes(model);
    if (model->method_count == MAX_METHODS)
        complain(model, model->set->file[0], 1, "rpcgen", "more than %d methods", MAX_METHODS);
}
