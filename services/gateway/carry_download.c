// BODY_DOWNLOAD: pieces from the service as fast as the client takes them; one is on its way while one is sent.
#include "exchange.h"

#include <stdio.h>
#include <string.h>

#include "byte_range.h"
#include "disposition.h"
#include "texts.h"

enum { PIECE_BYTES = 128 * 1024, PIECE_LIMIT_BYTES = 1024 * 1024, SCRATCH_BYTES = 2 * 1024 * 1024 };

static void
begin(struct exchange *exchange)
{
    buffer_init(&exchange->download.current, PIECE_LIMIT_BYTES);
    buffer_init(&exchange->download.next, PIECE_LIMIT_BYTES);
}

static size_t
take(struct exchange *exchange, const char *data, size_t size)
{
    (void)exchange;
    (void)data;
    return size;
}

static void
ask_piece(struct exchange *exchange, uint64_t offset, uint32_t length,
          void (*on_reply)(struct exchange *, enum status, const uint8_t *, size_t))
{
    uint8_t packed[1024];
    *(uint64_t *)(uintptr_t)message_field(exchange->request, "offset") = offset;
    *(uint32_t *)(uintptr_t)message_field(exchange->request, "length") = length;
    size_t size = protobuf_c_message_get_packed_size(exchange->request);
    if (size > sizeof packed) {
        exchange->download.has_failed = true;
        return;
    }
    protobuf_c_message_pack(exchange->request, packed);
    struct question question = {.body = packed, .size = size};
    exchange_ask(exchange, &question, on_reply);
}

// Into the buffer; false when the reply is unreadable or its bytes are not what was asked for.
static bool
keep_piece(struct exchange *exchange, const uint8_t *body, size_t size, struct buffer *into)
{
    struct arena arena;
    arena_init(&arena, SCRATCH_BYTES);
    const ProtobufCMessage *reply = reply_unpack(exchange, &arena, body, size);
    buffer_reset(into);
    if (reply != NULL) {
        const ProtobufCBinaryData *data = message_field(reply, "data");
        uint64_t wanted = exchange->download.end - exchange->download.fetch_at;
        buffer_add(into, data->data, data->len < wanted ? data->len : (size_t)wanted);
    }
    arena_done(&arena);
    exchange->download.fetch_at += into->size;
    return into->size > 0 && !into->overflowed;
}

static void
on_next_piece(struct exchange *exchange, enum status status, const uint8_t *body, size_t size)
{
    if (status != STATUS_OK || !keep_piece(exchange, body, size, &exchange->download.next))
        exchange->download.has_failed = true;
}

static void
fetch_next(struct exchange *exchange)
{
    struct download *download = &exchange->download;
    if (download->fetch_at < download->end && download->next.size == 0 && exchange->bus_handle == 0) {
        uint64_t left = download->end - download->fetch_at;
        ask_piece(exchange, download->fetch_at, left < PIECE_BYTES ? (uint32_t)left : PIECE_BYTES, on_next_piece);
    }
}

static ssize_t
read_content(void *context, uint64_t position, char *out, size_t max)
{
    struct exchange *exchange = context;
    struct download *download = &exchange->download;
    (void)position;
    if (download->sent == download->current.size) {
        struct buffer emptied = download->current;
        buffer_reset(&emptied);
        download->current = download->next;
        download->next = emptied;
        download->sent = 0;
        if (!download->has_failed)
            fetch_next(exchange);
    }
    size_t left = download->current.size - download->sent;
    if (left == 0 && download->has_failed)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (left == 0) {
        if (exchange->bus_handle != 0)
            exchange_suspend(exchange);
        else if (download->next.size == 0)
            return MHD_CONTENT_READER_END_OF_STREAM;
        return 0;
    }
    size_t size = left < max ? left : max;
    memcpy(out, download->current.data + download->sent, size);
    download->sent += size;
    return (ssize_t)size;
}

// A PDF may stand in a page of ours when the caller asks for that; anything else, and for anybody else, is a file. The
// browser's viewer does not run in a sandbox, and a PDF has no way to our origin's cookies or pages.
static bool
is_for_a_page(const struct exchange *exchange, const char *type)
{
    const protobuf_c_boolean *wanted = message_field(exchange->request, "inline");
    return wanted != NULL && *wanted && strcmp(type, "application/pdf") == 0;
}

static void
add_headers(struct exchange *exchange, const ProtobufCMessage *reply, const char *tag)
{
    const char *type = *(const char *const *)message_field(reply, "content_type");
    bool is_shown = is_for_a_page(exchange, type);
    struct buffer disposition;
    buffer_init(&disposition, 4096);
    disposition_write(&disposition, is_shown ? "inline" : "attachment",
                      *(const char *const *)message_field(reply, "file_name"));
    answer_header(exchange, "Content-Disposition", disposition.data);
    buffer_done(&disposition);
    answer_header(exchange, "Content-Type", type[0] == '\0' ? "application/octet-stream" : type);
    answer_header(exchange, "ETag", tag);
    answer_header(exchange, "Accept-Ranges", "bytes");
    answer_header(exchange, "Cache-Control", "private, no-cache");
    answer_header(exchange, "Content-Security-Policy",
                  is_shown
                      ? "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'self'; "
                        "base-uri 'none'; form-action 'none'"
                      : "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox");
}

static void
answer_outside(struct exchange *exchange, uint64_t total)
{
    char range[64];
    snprintf(range, sizeof range, "bytes */%llu", (unsigned long long)total);
    answer_problem(exchange, 416, &TEXT_BAD_RANGE);
    answer_header(exchange, "Content-Range", range);
}

static void
answer_content(struct exchange *exchange, const ProtobufCMessage *reply, const struct byte_range *range, uint64_t total,
               const char *tag)
{
    bool is_part = range->kind == RANGE_PART;
    struct download *download = &exchange->download;
    uint64_t first = is_part ? range->first : 0;
    download->end = is_part ? range->last + 1 : total;
    download->fetch_at = first;
    struct MHD_Response *response =
        MHD_create_response_from_callback(download->end - first, PIECE_BYTES, read_content, exchange, NULL);
    answer_response(exchange, is_part ? 206 : 200, response);
    add_headers(exchange, reply, tag);
    if (is_part) {
        char text[96];
        snprintf(text, sizeof text, "bytes %llu-%llu/%llu", (unsigned long long)first, (unsigned long long)range->last,
                 (unsigned long long)total);
        answer_header(exchange, "Content-Range", text);
    }
}

// What the content is, before its first byte: a first piece with its size, name and hash.
static void
on_first_piece(struct exchange *exchange, enum status status, const uint8_t *body, size_t size)
{
    if (status != STATUS_OK) {
        answer_failure(exchange, status, body, size);
        return;
    }
    const ProtobufCMessage *reply = reply_unpack(exchange, &exchange->arena, body, size);
    if (reply == NULL) {
        answer_problem(exchange, 500, &TEXT_INTERNAL);
        return;
    }
    uint64_t total = *(const uint64_t *)message_field(reply, "total_bytes");
    char tag[72];
    snprintf(tag, sizeof tag, "\"%.64s\"", *(const char *const *)message_field(reply, "sha256"));
    const char *known = head_value(&exchange->head, "If-None-Match"),
               *if_range = head_value(&exchange->head, "If-Range");
    if (known != NULL && tag_list_has(known, tag)) {
        // The browser puts these headers in the place of those it has kept.
        answer_response(exchange, 304, MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT));
        add_headers(exchange, reply, tag);
        return;
    }
    bool range_counts = if_range == NULL || strcmp(if_range, tag) == 0;
    struct byte_range range = byte_range_parse(range_counts ? head_value(&exchange->head, "Range") : NULL, total);
    if (range.kind == RANGE_OUTSIDE)
        answer_outside(exchange, total);
    else
        answer_content(exchange, reply, &range, total, tag);
    // Bytes that came along are the first ones sent.
    const ProtobufCBinaryData *data = message_field(reply, "data");
    if (range.kind == RANGE_WHOLE && data->len > 0 && data->len <= exchange->download.end)
        if (!keep_piece(exchange, body, size, &exchange->download.current))
            exchange->download.has_failed = true;
}

static void
finish(struct exchange *exchange)
{
    if (!request_message_make(exchange))
        return;
    bool is_whole = head_value(&exchange->head, "Range") == NULL && strcmp(exchange->head.verb, "HEAD") != 0;
    ask_piece(exchange, 0, is_whole ? PIECE_BYTES : 1, on_first_piece);
    if (exchange->download.has_failed)
        answer_problem(exchange, 413, &TEXT_BODY_TOO_LARGE);
}

const struct carrier download_carrier = {.begin = begin, .take = take, .finish = finish};
