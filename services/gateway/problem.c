// Refusals as application/problem+json (RFC 9457), in the language the client asked for.
#include "exchange.h"

#include <stdio.h>
#include <string.h>

#include "json_write.h"
#include "texts.h"
#include "vekha/base/log.h"

enum { PROBLEM_BYTES = 256 * 1024 }; // a service names up to 100 violations

struct problem {
    unsigned http_code;
    const char *code, *detail;
    Bus__Violation *const *violations;
    size_t violation_count;
    uint32_t retry_after_s;
};

static void
add_member(struct buffer *out, const char *name, const char *text)
{
    buffer_add_format(out, ",\"%s\":", name);
    json_write_string(out, text, strlen(text));
}

static void
add_violations(struct buffer *out, const struct problem *problem)
{
    buffer_add_text(out, ",\"violations\":[");
    for (size_t i = 0; i < problem->violation_count; i++) {
        if (i > 0)
            buffer_add_char(out, ',');
        json_write(out, &problem->violations[i]->base);
    }
    buffer_add_char(out, ']');
}

// Denied access and failures are worth a line (ASVS 16.3); everything else is in the metrics.
static void
log_problem(const struct exchange *exchange, const struct problem *problem, const char *trace)
{
    bool is_denied = problem->http_code == 401 || problem->http_code == 403;
    if (!is_denied && problem->http_code < 500)
        return;
    char http_code[12];
    snprintf(http_code, sizeof http_code, "%u", problem->http_code);
    log_write(problem->http_code == 500 ? LOG_ERROR : LOG_INFO, is_denied ? "access denied" : "request failed",
              "method", exchange->match.method == NULL ? "" : exchange->match.method->name, "http", http_code, "code",
              problem->code, "account",
              exchange->caller.principal == NULL ? "" : exchange->caller.principal->account_id, "address",
              exchange->client_address == NULL ? "" : exchange->client_address, "trace", trace, NULL);
}

static void
write_document(const struct exchange *exchange, const struct problem *problem, const char *trace, struct buffer *out)
{
    buffer_add_format(out, "{\"type\":\"urn:vekha:problem:%s\",\"status\":%u", problem->code, problem->http_code);
    add_member(out, "title", text_of_http_code(problem->http_code, exchange->english));
    add_member(out, "code", problem->code);
    add_member(out, "detail", problem->detail);
    buffer_add_format(out, ",\"instance\":\"urn:uuid:%.8s-%.4s-%.4s-%.4s-%.12s\"", trace, trace + 8, trace + 12,
                      trace + 16, trace + 20);
    if (problem->violation_count > 0)
        add_violations(out, problem);
    if (problem->retry_after_s > 0)
        buffer_add_format(out, ",\"retryAfter\":%u", problem->retry_after_s);
    buffer_add_char(out, '}');
}

// Whatever was concluded without memory says nothing about the request: it may be tried again.
static bool
is_starved(const struct exchange *exchange)
{
    return exchange->arena.is_starved || exchange->body.is_starved || exchange->upload.piece.is_starved ||
           exchange->gateway->scratch.is_starved;
}

static void
write_problem(struct exchange *exchange, const struct problem *problem)
{
    const struct problem busy = {.http_code = 503,
                                 .code = TEXT_BUSY.code,
                                 .detail = exchange->english ? TEXT_BUSY.english : TEXT_BUSY.russian,
                                 .retry_after_s = 1};
    if (is_starved(exchange))
        problem = &busy;
    exchange->gateway->scratch.is_starved = false; // of this exchange
    struct buffer out;
    char trace[2 * TRACE_BYTES + 1];
    text_to_hex(exchange->trace, TRACE_BYTES, trace);
    buffer_init(&out, PROBLEM_BYTES);
    write_document(exchange, problem, trace, &out);
    // A document cut short is none.
    if (out.overflowed)
        answer_response(exchange, problem->http_code, NULL);
    else
        answer_bytes(exchange, problem->http_code, "application/problem+json", out.data, out.size);
    buffer_done(&out);
    answer_header(exchange, "Content-Language", exchange->english ? "en" : "ru");
    if (problem->http_code == 401)
        answer_header(exchange, "WWW-Authenticate", "Bearer");
    if (problem->retry_after_s > 0) {
        char seconds[16];
        snprintf(seconds, sizeof seconds, "%u", problem->retry_after_s);
        answer_header(exchange, "Retry-After", seconds);
    }
    log_problem(exchange, problem, trace);
}

static const char *
choose_text(const struct exchange *exchange, const struct message *message)
{
    return exchange->english ? message->english : message->russian;
}

void
answer_problem(struct exchange *exchange, unsigned http_code, const struct message *message)
{
    struct problem problem = {.http_code = http_code, .code = message->code, .detail = choose_text(exchange, message)};
    if (http_code == 503 || http_code == 429)
        problem.retry_after_s = 1;
    write_problem(exchange, &problem);
}

void
answer_violations(struct exchange *exchange, unsigned http_code, const struct message *message,
                  const struct violations *violations)
{
    struct problem problem = {.http_code = http_code,
                              .code = violations->code != NULL ? violations->code : message->code,
                              .detail =
                                  violations->detail != NULL ? violations->detail : choose_text(exchange, message),
                              .violations = violations->items,
                              .violation_count = violations->count};
    write_problem(exchange, &problem);
}

static const struct message *
words_of(enum status status)
{
    switch (status) {
    case STATUS_BUSY:
    case STATUS_LOST:
        return &TEXT_BUSY;
    case STATUS_TIMEOUT:
        return &TEXT_TIMEOUT;
    case STATUS_UNKNOWN_OUTCOME:
        return &TEXT_UNKNOWN_OUTCOME;
    case STATUS_UNAUTHENTICATED:
        return &TEXT_LOG_IN;
    case STATUS_FORBIDDEN:
        return &TEXT_NOT_YOUR_ROLE;
    case STATUS_NOT_FOUND:
    case STATUS_UNIMPLEMENTED:
        return &TEXT_NO_PAGE;
    case STATUS_TOO_LARGE:
        return &TEXT_BODY_TOO_LARGE;
    default:
        return &TEXT_INTERNAL;
    }
}

void
answer_failure(struct exchange *exchange, enum status status, const uint8_t *body, size_t size)
{
    unsigned http_code = (unsigned)status_http_code(status);
    ProtobufCAllocator allocator = message_allocator(&exchange->arena);
    const Bus__Problem *told = size == 0 ? NULL : bus__problem__unpack(&allocator, size, body);
    if (told == NULL || told->code[0] == '\0') {
        answer_problem(exchange, http_code, words_of(status));
        return;
    }
    struct problem problem = {.http_code = http_code,
                              .code = told->code,
                              .detail = told->detail,
                              .violations = told->violations,
                              .violation_count = told->n_violations,
                              .retry_after_s = told->retry_after_s};
    if (problem.retry_after_s == 0 && (http_code == 503 || http_code == 429))
        problem.retry_after_s = 1;
    write_problem(exchange, &problem);
}
