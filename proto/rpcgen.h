// rpcgen's picture of proto/: what the descriptor set says, linked together and with C names.
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "google/protobuf/descriptor.pb-c.h"
#include "options.pb-c.h"

typedef Google__Protobuf__FileDescriptorProto FileProto;
typedef Google__Protobuf__DescriptorProto MessageProto;
typedef Google__Protobuf__FieldDescriptorProto FieldProto;
typedef Google__Protobuf__EnumDescriptorProto EnumProto;
typedef Google__Protobuf__MethodDescriptorProto RpcProto;
typedef Google__Protobuf__SourceCodeInfo__Location Location;

enum { MAX_PATH_PARAMETERS = 8, MAX_METHODS = 2000, DEFAULT_TIMEOUT_MS = 5000, DEFAULT_REQUEST_BYTES = 65536 };

struct enum_model {
    const FileProto *file;
    const EnumProto *proto;
    const char *full_name; // ".vekha.Role"
    const char *comment;
    const char *const *value_comments;
};

struct message_model;

struct field_model {
    const FieldProto *proto;
    const Vekha__Field *limits; // NULL without the option
    const struct message_model *message;
    const struct enum_model *enumeration;
    const char *json_name;
    const char *comment;
    int line;
};

struct message_model {
    const FileProto *file;
    const MessageProto *proto;
    const char *full_name; // ".vekha.submissions.SaveValueRequest"
    const char *c_type;    // "Submissions__SaveValueRequest"
    const char *c_name;    // "submissions__save_value_request"
    const char *comment;
    struct field_model *fields;
    size_t field_count;
    int line;
    int visit;                 // of the recursion check
    bool in_request, in_reply; // reachable from a method over HTTP
    const char *schema_name;   // in the OpenAPI document
};

struct method_model {
    const FileProto *file;
    const RpcProto *rpc;         // NULL for the built-in FetchEvents and CheckTags
    const Vekha__Method *option; // NULL without the option
    const char *service;         // "submissions"
    const char *name;            // "submissions.SaveValue"
    const char *c_name;          // "save_value"
    const char *lane;
    const char *comment, *summary;
    const char *verb, *path; // NULL: not over HTTP
    const char *parameters[MAX_PATH_PARAMETERS];
    size_t parameter_count;
    const struct message_model *request, *reply;
    int line;
};

struct service_model {
    const FileProto *file;
    const char *name;    // "submissions"
    const char *comment; // the file's head comment
};

struct allocation;

struct model {
    Google__Protobuf__FileDescriptorSet *set;
    struct message_model *messages;
    size_t message_count;
    struct enum_model *enums;
    size_t enum_count;
    struct method_model *methods; // sorted by name
    size_t method_count;
    struct service_model *services;
    size_t service_count;
    unsigned error_count;
    struct allocation *allocations;
};

// rpcgen_memory.c: everything lives until the model is done. Exit 1 without memory.
void *model_take(struct model *model, size_t size);
char *model_format(struct model *model, const char *format, ...) __attribute__((format(printf, 2, 3)));
void model_done(struct model *model);
// Prints "submissions.proto:34: SaveValue: text" and counts it: the build fails after all have been shown.
void complain(struct model *model, const FileProto *file, int line, const char *subject, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

// rpcgen_model.c
void model_load(struct model *model);
const struct message_model *model_find_message(const struct model *model, const char *full_name);
const struct field_model *message_find_field(const struct message_model *message, const char *name);
bool file_is_ours(const FileProto *file);
bool field_is_repeated(const struct field_model *field);
bool field_is_string(const struct field_model *field);
bool field_is_integer(const struct field_model *field);
bool field_is_wide_integer(const struct field_model *field); // 64 bits: a string in JSON
bool verb_has_body(const char *verb);
bool method_has_parameter(const struct method_model *method, const char *name);

// rpcgen_names.c: as protoc-c 1.4 makes them.
char *name_to_camel(struct model *model, const char *name);
char *name_to_snake(struct model *model, const char *name);
char *name_to_c_type(struct model *model, const char *dotted);
char *name_to_c_lower(struct model *model, const char *dotted);
char *name_to_json(struct model *model, const char *name);
const char *file_c_package(struct model *model, const FileProto *file);

// rpcgen_check.c
void model_check(struct model *model);

// rpcgen_code.c, rpcgen_openapi.c, rpcgen_schema.c
FILE *output_open(const char *folder, const char *name);
void output_close(FILE *output, const char *name);
void write_service_header(struct model *model, const struct service_model *service, const char *folder);
void write_service_source(struct model *model, const struct service_model *service, const char *folder);
void write_contract(struct model *model, const char *folder);
void write_c_text(FILE *output, const char *text, size_t size);
void write_openapi(struct model *model, const char *folder);

// rpcgen_json.c: an indented JSON document; commas by itself.
struct json {
    FILE *output;
    int depth;
    bool filled[32];
};
void json_open(struct json *json, const char *key, char bracket);
void json_close(struct json *json, char bracket);
void json_text(struct json *json, const char *key, const char *text);
void json_number(struct json *json, const char *key, int64_t number);
void json_bool(struct json *json, const char *key, bool value);

// rpcgen_schema.c
void name_schemas(struct model *model);
const struct message_model *reply_schema(const struct method_model *method);
bool reply_is_table(const struct method_model *method); // could be given as CSV
void write_schemas(struct model *model, struct json *json);
void write_field_schema(struct model *model, struct json *json, const char *key, const struct field_model *field);
char *body_schema_name(struct model *model, const struct method_model *method);
