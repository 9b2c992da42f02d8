// BODY_UPLOAD: the body goes to the service in pieces as it arrives; the connection waits while one is stored.
#include "exchange.h"

#include <stdio.h>
#include <string.h>

#include "json_write.h"
#include "texts.h"

enum { PIECE_BYTES = 64 * 1024, MAX_OVERHEAD_BYTES = 512 };

static void
begin(struct exchange *exchange)
{
    const char *offset = head_value(&exchange->head, "Upload-Offset");
    if (offset == NULL || !number_parse(offset, &exchange->upload.offset)) {
        answer_problem(exchange, 400, &TEXT_BAD_UPLOAD_OFFSET);
        return;
    }
    buffer_init(&exchange->upload.piece, PIECE_BYTES);
    (void)request_message_make(exchange);
}

// The same bytes at the same place of the same upload are the same command, however often they are sent.
// False without memory.
static bool
make_key(const struct exchange *exchange, uint8_t out[IDEMPOTENCY_KEY_BYTES])
{
    char place[64], digest[65];
    struct sha256 *hash = sha256_new();
    if (hash == NULL)
        return false;
    const char *account = exchange->caller.principal->account_id;
    snprintf(place, sizeof place, " %llu ", (unsigned long long)exchange->upload.offset);
    sha256_add(hash, account, strlen(account));
    for (size_t i = 0; i < exchange->match.count; i++)
        sha256_add(hash, exchange->match.values[i]->text, exchange->match.values[i]->size + 1);
    sha256_add(hash, place, strlen(place));
    sha256_add(hash, exchange->upload.piece.data, exchange->upload.piece.size);
    sha256_finish(&hash, digest);
    digest[2 * IDEMPOTENCY_KEY_BYTES] = '\0';
    return text_from_hex(digest, out, IDEMPOTENCY_KEY_BYTES);
}

static void
answer_last_reply(struct exchange *exchange)
{
    const struct buffer *kept = &exchange->body;
    ProtobufCMessage *reply = reply_unpack(exchange, &exchange->arena, (const uint8_t *)kept->data, kept->size);
    struct buffer *out = &exchange->gateway->scratch;
    buffer_reset(out);
    if (reply != NULL && !kept->overflowed)
        json_write(out, reply);
    if (out->size == 0 || out->overflowed)
        answer_problem(exchange, 500, &TEXT_INTERNAL);
    else
        answer_bytes(exchange, 200, "application/json", out->data, out->size);
}

static void
on_reply(struct exchange *exchange, enum status status, const uint8_t *body, size_t size)
{
    struct upload *upload = &exchange->upload;
    if (status != STATUS_OK) {
        answer_failure(exchange, status, body, size);
        return;
    }
    upload->offset += upload->piece.size;
    buffer_reset(&upload->piece);
    buffer_reset(&exchange->body);
    buffer_add(&exchange->body, body, size);
    upload->has_reply = true;
    if (exchange->is_finished)
        answer_last_reply(exchange);
}

static void
send_piece(struct exchange *exchange)
{
    uint8_t key[IDEMPOTENCY_KEY_BYTES];
    uint64_t *offset = (uint64_t *)(uintptr_t)message_field(exchange->request, "offset");
    ProtobufCBinaryData *data = (ProtobufCBinaryData *)(uintptr_t)message_field(exchange->request, "data");
    *offset = exchange->upload.offset;
    data->data = (uint8_t *)exchange->upload.piece.data;
    data->len = exchange->upload.piece.size;
    size_t size = protobuf_c_message_get_packed_size(exchange->request);
    struct buffer *packed = &exchange->gateway->scratch;
    buffer_reset(packed);
    // Packed into the shared scratch: the bus copies it before anybody else writes there.
    static const uint8_t FILLING[PIECE_BYTES + MAX_OVERHEAD_BYTES];
    if (size > sizeof FILLING) {
        answer_problem(exchange, 500, &TEXT_INTERNAL);
        return;
    }
    buffer_add(packed, FILLING, size);
    if (packed->overflowed || !make_key(exchange, key)) {
        answer_problem(exchange, 503, &TEXT_BUSY);
        return;
    }
    protobuf_c_message_pack(exchange->request, (uint8_t *)packed->data);
    struct question question = {.body = packed->data, .size = size, .idempotency_key = key};
    exchange_ask(exchange, &question, on_reply);
}

static size_t
take(struct exchange *exchange, const char *data, size_t size)
{
    struct buffer *piece = &exchange->upload.piece;
    size_t room = PIECE_BYTES - piece->size;
    size_t taken = size < room ? size : room;
    buffer_add(piece, data, taken);
    if (piece->overflowed)
        answer_problem(exchange, 503, &TEXT_BUSY);
    else if (piece->size == PIECE_BYTES)
        send_piece(exchange);
    return taken;
}

static void
finish(struct exchange *exchange)
{
    if (exchange->upload.piece.size > 0)
        send_piece(exchange);
    else if (exchange->upload.has_reply)
        answer_last_reply(exchange);
    else
        answer_problem(exchange, 400, &TEXT_EMPTY_UPLOAD);
}

const struct carrier upload_carrier = {.begin = begin, .take = take, .finish = finish};
