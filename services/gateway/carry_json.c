// BODY_JSON: the body is collected, becomes the request, and the reply becomes the answer.
#include "exchange.h"

#include <stdio.h>

#include "json_write.h"
#include "texts.h"

static void
begin(struct exchange *exchange)
{
    (void)exchange;
}

static size_t
take(struct exchange *exchange, const char *data, size_t size)
{
    buffer_add(&exchange->body, data, size);
    if (exchange->body.overflowed)
        answer_problem(exchange, 413, &TEXT_BODY_TOO_LARGE);
    return size;
}

static void
add_version_tag(struct exchange *exchange, const ProtobufCMessage *reply)
{
    const ProtobufCFieldDescriptor *field =
        protobuf_c_message_descriptor_get_field_by_name(reply->descriptor, "version");
    if (field == NULL || field->type != PROTOBUF_C_TYPE_UINT32 || field->label == PROTOBUF_C_LABEL_REPEATED)
        return;
    char tag[16];
    snprintf(tag, sizeof tag, "\"%u\"", *(const uint32_t *)message_field(reply, "version"));
    answer_header(exchange, "ETag", tag);
}

static void
on_reply(struct exchange *exchange, enum status status, const uint8_t *body, size_t size)
{
    if (status != STATUS_OK) {
        answer_failure(exchange, status, body, size);
        return;
    }
    ProtobufCMessage *reply = reply_unpack(exchange, &exchange->arena, body, size);
    if (reply == NULL) {
        answer_problem(exchange, 500, &TEXT_INTERNAL);
        return;
    }
    struct session_cookies cookies = session_cookies_make(exchange, reply);
    if (exchange->arena.is_starved) {
        answer_problem(exchange, 503, &TEXT_BUSY);
        return;
    }
    if (reply->descriptor->n_fields == 0) {
        answer_empty(exchange, 204);
    } else if (!answer_csv(exchange, reply)) {
        struct buffer *out = &exchange->gateway->scratch;
        buffer_reset(out);
        json_write(out, reply);
        if (out->overflowed) {
            answer_problem(exchange, 500, &TEXT_INTERNAL);
            return;
        }
        if (exchange->match.method->tagged)
            tagged_answer(exchange, reply, out);
        else
            answer_json(exchange, out);
        add_version_tag(exchange, reply);
    }
    session_cookies_add(exchange, &cookies);
}

static void
ask(struct exchange *exchange)
{
    uint8_t key[IDEMPOTENCY_KEY_BYTES];
    if (caller_idempotency_key(exchange, key) && request_message_make(exchange))
        request_message_ask(exchange, key, on_reply);
}

static void
finish(struct exchange *exchange)
{
    if (!exchange->match.method->tagged || !tagged_begin(exchange, ask))
        ask(exchange);
}

const struct carrier json_carrier = {.begin = begin, .take = take, .finish = finish};
