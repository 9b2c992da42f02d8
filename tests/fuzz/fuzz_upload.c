// A document on its way through the gateway: the first line is its Upload-Offset, every two bytes after it are how much
// arrives next and how the service answers. The pieces that are asked for put together are what arrived, in order,
// each under a key of its own; whatever happens there is one answer.
#include "fuzz.h"

#include <microhttpd.h>

#include "exchange.h"
#include "files.pb-c.h"
#include "vekha/base/log.h"

enum { BODY_MAX = 400 * 1024, PIECE_MAX = 64 * 1024, PIECES_MAX = 1 + BODY_MAX / PIECE_MAX + 1, INPUT_MAX = 512 };

// What the service got.
struct peer {
    uint64_t first_offset;
    size_t received;
    size_t pieces;
    uint8_t keys[PIECES_MAX][IDEMPOTENCY_KEY_BYTES];
    enum status status; // of the answer under way
    bool is_asked;
    void (*on_reply)(struct exchange *, enum status, const uint8_t *, size_t);
};

static struct peer peer;
static uint8_t content[BODY_MAX];

// In place of the bus (linked by --wrap).
void __wrap_exchange_ask(struct exchange *exchange, const struct question *question,
                         void (*on_reply)(struct exchange *, enum status, const uint8_t *, size_t));
void
__wrap_exchange_ask(struct exchange *exchange, const struct question *question,
                    void (*on_reply)(struct exchange *, enum status, const uint8_t *, size_t))
{
    static struct arena arena;
    if (arena.limit_bytes == 0)
        arena_init(&arena, (size_t)4 * PIECE_MAX);
    arena_reset(&arena);
    ProtobufCAllocator allocator = message_allocator(&arena);
    const Files__AppendUploadRequest *request =
        files__append_upload_request__unpack(&allocator, question->size, question->body);
    DEMAND(request != NULL && !peer.is_asked && strcmp(request->upload_id, "u") == 0);
    DEMAND(request->offset == peer.first_offset + peer.received);
    DEMAND(request->data.len > 0 && request->data.len <= PIECE_MAX && peer.pieces < PIECES_MAX);
    DEMAND(peer.received + request->data.len <= BODY_MAX);
    DEMAND(memcmp(request->data.data, content + peer.received, request->data.len) == 0);
    for (size_t i = 0; i < peer.pieces; i++)
        DEMAND(memcmp(peer.keys[i], question->idempotency_key, IDEMPOTENCY_KEY_BYTES) != 0);
    memcpy(peer.keys[peer.pieces++], question->idempotency_key, IDEMPOTENCY_KEY_BYTES);
    peer.received += request->data.len;
    peer.is_asked = true;
    peer.on_reply = on_reply;
    (void)exchange;
}

static void
reply(struct exchange *exchange)
{
    static uint8_t packed[64];
    Files__Upload upload = FILES__UPLOAD__INIT;
    upload.offset = peer.first_offset + peer.received;
    size_t size = peer.status == STATUS_OK ? files__upload__pack(&upload, packed) : 0;
    peer.is_asked = false;
    peer.on_reply(exchange, peer.status, packed, size);
}

// As the daemon does it: nothing is taken while a question is under way or after an answer.
static void
deliver(struct exchange *exchange, size_t size)
{
    size_t delivered = 0;
    while (delivered < size && exchange->response == NULL) {
        size_t taken =
            exchange->carrier->take(exchange, (const char *)content + exchange->body_bytes, size - delivered);
        DEMAND(taken <= size - delivered && (taken > 0 || peer.is_asked || exchange->response != NULL));
        delivered += taken;
        exchange->body_bytes += taken;
        if (peer.is_asked)
            reply(exchange);
    }
}

static void
upload(struct exchange *exchange, struct fuzz_input *input)
{
    while (input->left > 0 && exchange->response == NULL) {
        uint8_t how = input_byte(input);
        size_t size = (size_t)input_byte(input) << (how & 7) << (how & 8 ? 1 : 0);
        if (size > BODY_MAX - exchange->body_bytes)
            break;
        peer.status = how >= 0xf0 ? (enum status)(how % STATUS_COUNT) : STATUS_OK;
        // Its own faults are 500, and nothing else is.
        if (status_http_code(peer.status) == 500)
            peer.status = STATUS_BUSY;
        deliver(exchange, size);
    }
    peer.status = STATUS_OK;
    exchange->is_finished = true;
    if (exchange->response == NULL)
        exchange->carrier->finish(exchange);
    if (peer.is_asked)
        reply(exchange);
    DEMAND(exchange->response != NULL && !peer.is_asked);
    DEMAND(exchange->http_code != 200 || (peer.received == exchange->body_bytes && peer.received > 0));
    DEMAND(exchange->http_code != 500);
}

static void
open_exchange(struct gateway *gateway, struct exchange *exchange)
{
    // Refusals are written to the log: only its last level stays.
    log_open("fuzz", LOG_ERROR);
    buffer_init(&gateway->scratch, (size_t)1024 * 1024);
    gateway->public_origin = "";
    arena_init(&exchange->arena, EXCHANGE_ARENA_BYTES);
    buffer_init(&exchange->body, (size_t)64 * 1024);
    for (size_t i = 0; i < BODY_MAX; i++)
        content[i] = (uint8_t)((i * 2654435761u) >> 13);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct gateway gateway;
    static struct exchange exchange;
    static const struct uri_segment ID = {"u", 1};
    static const Bus__Principal PRINCIPAL = BUS__PRINCIPAL__INIT;
    struct fuzz_input input = {data, size};
    char offset[64];
    if (size > INPUT_MAX)
        return 0;
    if (exchange.gateway == NULL)
        open_exchange(&gateway, &exchange);
    struct arena arena = exchange.arena;
    struct buffer body = exchange.body, piece = exchange.upload.piece;
    arena_reset(&arena);
    buffer_reset(&body);
    buffer_done(&piece);
    peer = (struct peer){0};
    exchange = (struct exchange){.gateway = &gateway, .arena = arena, .body = body, .carrier = &upload_carrier};
    exchange.match.method = contract_find_method("files.AppendUpload");
    exchange.match.fields[0] =
        protobuf_c_message_descriptor_get_field_by_name(exchange.match.method->request, "upload_id");
    exchange.match.values[0] = &ID;
    exchange.match.count = 1;
    exchange.caller.principal = &PRINCIPAL;
    exchange.head.verb = "PATCH";
    size_t offset_size = input_text(&input, '\n', offset, sizeof offset);
    exchange.head.headers[exchange.head.header_count++] = (struct header){"Upload-Offset", offset, 13, offset_size};
    exchange.carrier->begin(&exchange);
    bool is_number = number_parse(offset, &peer.first_offset);
    DEMAND(is_number == (exchange.response == NULL));
    // Offsets beyond any document: refused by the service, kept out here so that sums have a meaning.
    if (is_number && peer.first_offset < UINT64_MAX - BODY_MAX)
        upload(&exchange, &input);
    if (exchange.response != NULL)
        MHD_destroy_response(exchange.response);
    return 0;
}
