// Answers with the headers that every one of them carries.
#include "exchange.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "vekha/base/time.h"

static const char API_POLICY[] = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox";

static void
format_trace(const struct exchange *exchange, char out[37])
{
    char hex[2 * TRACE_BYTES + 1];
    text_to_hex(exchange->trace, TRACE_BYTES, hex);
    snprintf(out, 37, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8, hex + 12, hex + 16, hex + 20);
}

// A moved clock is everybody's: pages count days by this header, and the library would write the machine's.
static void
add_moved_date(struct exchange *exchange)
{
    time_t now_s = (time_t)(clock_now_ms() / 1000);
    struct tm parts;
    char date[40];
    if (gmtime_r(&now_s, &parts) != NULL && strftime(date, sizeof date, "%a, %d %b %Y %H:%M:%S GMT", &parts) > 0)
        answer_header(exchange, "Date", date);
}

void
answer_header(struct exchange *exchange, const char *name, const char *value)
{
    if (exchange->response == NULL || MHD_add_response_header(exchange->response, name, value) == MHD_YES)
        return;
    // A login without its cookie, a page without its policy: better no answer.
    MHD_destroy_response(exchange->response);
    exchange->response = NULL;
    exchange->must_close = true;
    exchange->is_cut = true;
}

void
answer_response(struct exchange *exchange, unsigned http_code, struct MHD_Response *response)
{
    if (exchange->response != NULL)
        MHD_destroy_response(exchange->response);
    exchange->response = response;
    exchange->http_code = http_code;
    if (response == NULL) {
        // Nothing can be said: the connection ends, and no part of the request is acted on any more.
        exchange->must_close = true;
        exchange->is_cut = true;
        return;
    }
    char trace[37];
    format_trace(exchange, trace);
    answer_header(exchange, "X-Request-Id", trace);
    answer_header(exchange, "X-Content-Type-Options", "nosniff");
    answer_header(exchange, "Referrer-Policy", "no-referrer");
    answer_header(exchange, "Cross-Origin-Resource-Policy", "same-origin");
    if (exchange->gateway->is_clock_moved)
        add_moved_date(exchange);
    if (exchange->gateway->is_https)
        answer_header(exchange, "Strict-Transport-Security", "max-age=63072000; includeSubDomains");
    if (exchange->must_close || exchange->gateway->is_stopping)
        answer_header(exchange, "Connection", "close");
}

// What a browser may keep, to ask each time whether it still holds.
static bool
is_tagged(const struct exchange *exchange, unsigned http_code)
{
    const struct contract_method *method = exchange->match.method;
    return method != NULL && method->tagged && (http_code == 200 || http_code == 304);
}

void
answer_api(struct exchange *exchange, unsigned http_code, const char *content_type, struct MHD_Response *response)
{
    answer_response(exchange, http_code, response);
    if (content_type != NULL)
        answer_header(exchange, "Content-Type", content_type);
    answer_header(exchange, "Cache-Control", is_tagged(exchange, http_code) ? "private, no-cache" : "no-store");
    answer_header(exchange, "Content-Security-Policy", API_POLICY);
}

void
answer_bytes(struct exchange *exchange, unsigned http_code, const char *content_type, const void *data, size_t size)
{
    // The library takes a pointer to non-const but copies.
    answer_api(exchange, http_code, content_type,
               MHD_create_response_from_buffer(size, (void *)(uintptr_t)data, MHD_RESPMEM_MUST_COPY));
}

void
answer_empty(struct exchange *exchange, unsigned http_code)
{
    answer_bytes(exchange, http_code, NULL, "", 0);
}
