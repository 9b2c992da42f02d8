// Answers that travel compressed. A slice is compressed when the connection has room for it: one long answer neither
// holds the loop nor lies in memory twice.
#define ZLIB_CONST
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "encoding.h"
#include "exchange.h"

enum {
    LEAST_BYTES = 1024, // below, the frame eats the gain
    SLICE_BYTES = 32 * 1024,
    LEVEL = 2,
    GZIP_WINDOW_BITS = 16 + 13, // 16: with gzip's frame; 8 KiB reach back over many rows of a list
    MEMORY_LEVEL = 6,           // 64 KiB with that window
    MAX_AT_ONCE = 64,           // more go as they are
    BLOCK_BYTES = 16 * 1024,    // of an answer without chunks
};

struct gzip_body {
    struct gateway *gateway;
    struct buffer plain;
    size_t taken; // of plain
    z_stream stream;
    bool is_flushing, has_ended;
};

static void
free_body(void *context)
{
    struct gzip_body *body = context;
    body->gateway->compressing--;
    (void)deflateEnd(&body->stream);
    buffer_done(&body->plain);
    free(body);
}

// One slice, or what was left of it for want of room.
static bool
compress_slice(struct gzip_body *body)
{
    z_stream *stream = &body->stream;
    if (!body->is_flushing) {
        size_t left = body->plain.size - body->taken, slice = left < SLICE_BYTES ? left : SLICE_BYTES;
        stream->next_in = (const unsigned char *)body->plain.data + body->taken;
        stream->avail_in = (unsigned)slice;
        body->taken += slice;
    }
    int result = deflate(stream, body->taken == body->plain.size ? Z_FINISH : Z_SYNC_FLUSH);
    body->is_flushing = stream->avail_out == 0;
    body->has_ended = result == Z_STREAM_END;
    return result == Z_OK || result == Z_STREAM_END || result == Z_BUF_ERROR;
}

static ssize_t
read_body(void *context, uint64_t position, char *out, size_t max)
{
    struct gzip_body *body = context;
    (void)position;
    unsigned room = max < BLOCK_BYTES ? (unsigned)max : BLOCK_BYTES;
    body->stream.next_out = (unsigned char *)out;
    body->stream.avail_out = room;
    // A slice makes bytes; only one that was flushed to its last makes none when it is asked again.
    while (!body->has_ended && body->stream.avail_out == room)
        if (!compress_slice(body))
            return MHD_CONTENT_READER_END_WITH_ERROR;
    if (body->stream.avail_out == room)
        return MHD_CONTENT_READER_END_OF_STREAM;
    return (ssize_t)(room - body->stream.avail_out);
}

// Takes the text. NULL: it is still there.
static struct MHD_Response *
make_response(struct gateway *gateway, struct buffer *text)
{
    struct gzip_body *body = gateway->compressing < MAX_AT_ONCE ? calloc(1, sizeof *body) : NULL;
    if (body == NULL)
        return NULL;
    if (deflateInit2(&body->stream, LEVEL, Z_DEFLATED, GZIP_WINDOW_BITS, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK) {
        free(body);
        return NULL;
    }
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, BLOCK_BYTES, read_body, body, free_body);
    if (response == NULL) {
        (void)deflateEnd(&body->stream);
        free(body);
        return NULL;
    }
    gateway->compressing++;
    body->gateway = gateway;
    body->plain = *text;
    buffer_init(text, text->limit_bytes);
    return response;
}

// The library ends an answer of unknown size with a last chunk, even one to HEAD that has no body; and an old client
// knows no chunks.
static bool
takes_gzip(const struct request_head *head)
{
    return strcmp(head->version, "HTTP/1.1") == 0 && strcmp(head->verb, "HEAD") != 0 &&
           encoding_is_accepted(head_value(head, "Accept-Encoding"), "gzip");
}

bool
answer_is_compressed(const struct exchange *exchange, size_t size)
{
    return exchange->match.method->compress && size >= LEAST_BYTES && takes_gzip(&exchange->head);
}

void
answer_text(struct exchange *exchange, const char *content_type, struct buffer *text)
{
    bool may_compress = exchange->match.method->compress;
    struct MHD_Response *response = NULL;
    if (answer_is_compressed(exchange, text->size))
        response = make_response(exchange->gateway, text);
    if (response == NULL) {
        answer_bytes(exchange, 200, content_type, text->data, text->size);
    } else {
        answer_api(exchange, 200, content_type, response);
        answer_header(exchange, "Content-Encoding", "gzip");
    }
    if (may_compress)
        answer_header(exchange, "Vary", "Accept-Encoding");
}

void
answer_json(struct exchange *exchange, struct buffer *text)
{
    answer_text(exchange, "application/json", text);
}
