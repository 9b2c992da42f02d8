// The request message of a method out of body, query, path and headers; and its way to the bus and back.
#include "exchange.h"

#include <string.h>

#include "field_value.h"
#include "json_read.h"
#include "query.h"
#include "texts.h"

const void *
message_field(const ProtobufCMessage *message, const char *name)
{
    const ProtobufCFieldDescriptor *field = protobuf_c_message_descriptor_get_field_by_name(message->descriptor, name);
    return field == NULL ? NULL : field_of(message, field);
}

// False: refused.
static bool
check_status(struct exchange *exchange, enum status status, unsigned http_code, const struct message *message,
             const struct violations *violations)
{
    if (exchange->arena.is_starved || exchange->body.is_starved || status == STATUS_BUSY) {
        answer_problem(exchange, 503, &TEXT_BUSY);
        return false;
    }
    if (status == STATUS_OK)
        return true;
    if (status == STATUS_TOO_LARGE)
        answer_violations(exchange, 413, &TEXT_BODY_TOO_LARGE, violations);
    else
        answer_violations(exchange, status == STATUS_MALFORMED ? 400 : http_code, message, violations);
    return false;
}

static bool
is_bytes_body(const struct exchange *exchange)
{
    return exchange->match.method->body == VEKHA__BODY__BODY_BYTES;
}

static bool
is_text_body(const struct exchange *exchange)
{
    const char *type = head_value(&exchange->head, "Content-Type");
    return exchange->match.method->text_field != NULL && exchange->body_bytes > 0 && media_type_is(type, "text/csv");
}

static enum status
fill_text(struct exchange *exchange, struct violations *violations)
{
    const char *name = exchange->match.method->text_field;
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(exchange->request->descriptor, name);
    if (!text_is_utf8(exchange->body.data, exchange->body.size)) {
        violations_add(violations, name, &TEXT_NUL_OR_ENCODING);
        return STATUS_INVALID;
    }
    const struct message *wrong = field_value_from_text(field, exchange->body.data, exchange->body.size,
                                                        field_place(exchange->request, field), &exchange->arena);
    return wrong == NULL ? STATUS_OK : STATUS_TOO_LARGE;
}

// The bytes stay where they were collected until the request is packed.
static void
fill_bytes(struct exchange *exchange)
{
    ProtobufCBinaryData *data = (ProtobufCBinaryData *)(uintptr_t)message_field(exchange->request, "data");
    *data = (ProtobufCBinaryData){.data = (uint8_t *)exchange->body.data, .len = exchange->body.size};
}

static bool
fill_body(struct exchange *exchange, struct violations *violations)
{
    if (exchange->body.size == 0)
        return true;
    if (is_bytes_body(exchange)) {
        fill_bytes(exchange);
        return true;
    }
    if (is_text_body(exchange))
        return check_status(exchange, fill_text(exchange, violations), 422, &TEXT_CHECK_FIELDS, violations);
    enum status status = json_read(exchange->body.data, exchange->body.size, exchange->request, violations);
    return check_status(exchange, status, 422, &TEXT_CHECK_FIELDS, violations);
}

static bool
fill_query(struct exchange *exchange, struct violations *violations)
{
    const struct contract_method *method = exchange->match.method;
    enum status status = STATUS_OK;
    // Beside a JSON body a query would say the same things a second time.
    if (!verb_takes_body(method->verb) || is_text_body(exchange) || is_bytes_body(exchange)) {
        status = query_fill(exchange->uri.query, &exchange->match, exchange->request, violations);
    } else if (exchange->uri.query != NULL && exchange->uri.query[0] != '\0') {
        violations_add(violations, "?", &TEXT_UNKNOWN_FIELD);
        status = STATUS_INVALID;
    }
    return check_status(exchange, status, 400, &TEXT_CHECK_QUERY, violations);
}

static bool
fill_version(struct exchange *exchange, struct violations *violations)
{
    if (!exchange->match.method->if_match)
        return true;
    const char *tag = head_value(&exchange->head, "If-Match");
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(exchange->request->descriptor, "expected_version");
    uint32_t *place = field_place(exchange->request, field);
    if (*place != 0) {
        violations_add(violations, "expectedVersion", &TEXT_UNKNOWN_FIELD);
        return check_status(exchange, STATUS_INVALID, 422, &TEXT_CHECK_FIELDS, violations);
    }
    if (tag == NULL) {
        answer_problem(exchange, 428, &TEXT_VERSION_REQUIRED);
        return false;
    }
    if (!version_tag_parse(tag, place)) {
        answer_problem(exchange, 400, &TEXT_BAD_IF_MATCH);
        return false;
    }
    return true;
}

// A browser keeps its refresh token in a cookie that no script can read.
static void
fill_refresh_token(struct exchange *exchange)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(exchange->request->descriptor, "refresh_token");
    if (exchange->match.method->session != VEKHA__SESSION__SESSION_START || field == NULL)
        return;
    size_t size;
    bool twice;
    char **place = field_place(exchange->request, field);
    const char *cookie = head_cookie(&exchange->head, REFRESH_COOKIE, &size, &twice);
    if (cookie == NULL || twice || (*place != NULL && (*place)[0] != '\0'))
        return;
    char *copy = arena_copy_bytes(&exchange->arena, cookie, size);
    if (copy != NULL && text_is_utf8(copy, size))
        *place = copy;
}

bool
request_message_make(struct exchange *exchange)
{
    const ProtobufCMessageDescriptor *descriptor = exchange->match.method->request;
    struct violations violations = {.arena = &exchange->arena, .english = exchange->english};
    exchange->request = arena_take(&exchange->arena, descriptor->sizeof_message);
    if (exchange->request == NULL) {
        answer_problem(exchange, 503, &TEXT_BUSY);
        return false;
    }
    protobuf_c_message_init(descriptor, exchange->request);
    if (!fill_body(exchange, &violations) || !fill_query(exchange, &violations) || !fill_version(exchange, &violations))
        return false;
    fill_refresh_token(exchange);
    enum status status = path_fill(&exchange->match, exchange->request, &violations);
    return check_status(exchange, status, 400, &TEXT_CHECK_FIELDS, &violations);
}

void
request_message_ask(struct exchange *exchange, const uint8_t *idempotency_key,
                    void (*on_reply)(struct exchange *, enum status, const uint8_t *, size_t))
{
    size_t size = protobuf_c_message_get_packed_size(exchange->request);
    if (size > exchange->match.method->max_request_bytes) {
        answer_problem(exchange, 413, &TEXT_BODY_TOO_LARGE);
        return;
    }
    uint8_t *packed = arena_take(&exchange->arena, size + 1);
    if (packed == NULL) {
        answer_problem(exchange, 503, &TEXT_BUSY);
        return;
    }
    protobuf_c_message_pack(exchange->request, packed);
    exchange->packed = packed;
    exchange->packed_size = size;
    struct question question = {.body = packed, .size = size, .idempotency_key = idempotency_key};
    exchange_ask(exchange, &question, on_reply);
}

ProtobufCMessage *
reply_unpack(const struct exchange *exchange, struct arena *arena, const uint8_t *body, size_t size)
{
    ProtobufCAllocator allocator = message_allocator(arena);
    static const uint8_t NOTHING[1];
    return protobuf_c_message_unpack(exchange->match.method->reply, &allocator, size, size == 0 ? NOTHING : body);
}
