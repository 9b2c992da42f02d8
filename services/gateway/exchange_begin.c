// Everything that is decided before a request's body: its shape, its route, its caller, its carrier.
#include "exchange.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "texts.h"
#include "vekha/crypto/token.h"

enum { MAX_JSON_BYTES = 2 * 1024 * 1024 };

static enum MHD_Result
add_header(void *context, enum MHD_ValueKind kind, const char *name, size_t name_size, const char *value,
           size_t value_size)
{
    struct request_head *head = context;
    (void)kind;
    if (head->header_count == HEAD_MAX_HEADERS) {
        head->has_too_many = true;
        return MHD_NO;
    }
    head->headers[head->header_count++] =
        (struct header){.name = name, .value = value, .name_size = name_size, .value_size = value_size};
    return MHD_YES;
}

// The last address a proxy of ours wrote, or the peer's.
static const char *
find_client_address(struct exchange *exchange)
{
    const char *forwarded = head_value(&exchange->head, "X-Forwarded-For");
    if (exchange->gateway->trusts_forwarded_for && forwarded != NULL) {
        const char *comma = strrchr(forwarded, ',');
        const char *last = comma == NULL ? forwarded : comma + 1;
        last += strspn(last, " ");
        unsigned char address[sizeof(struct in6_addr)];
        if (inet_pton(AF_INET, last, address) == 1 || inet_pton(AF_INET6, last, address) == 1)
            return last;
    }
    const union MHD_ConnectionInfo *information =
        MHD_get_connection_info(exchange->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    char text[INET_ADDRSTRLEN] = "";
    if (information != NULL && information->client_addr->sa_family == AF_INET) {
        const struct sockaddr_in *peer = (const struct sockaddr_in *)(const void *)information->client_addr;
        (void)inet_ntop(AF_INET, &peer->sin_addr, text, sizeof text);
    }
    const char *copy = arena_copy(&exchange->arena, text);
    return copy == NULL ? "" : copy;
}

// The trace of a W3C traceparent, or a new one.
static void
choose_trace(struct exchange *exchange)
{
    const char *parent = head_value(&exchange->head, "Traceparent");
    char hex[2 * TRACE_BYTES + 1];
    if (parent != NULL && strlen(parent) >= 55 && memcmp(parent, "00-", 3) == 0 && parent[35] == '-') {
        memcpy(hex, parent + 3, 2 * TRACE_BYTES);
        hex[2 * TRACE_BYTES] = '\0';
        if (text_from_hex(hex, exchange->trace, TRACE_BYTES))
            return;
    }
    random_bytes(exchange->trace, TRACE_BYTES);
}

static bool
is_path(const struct uri *uri, const char *const *words, size_t count)
{
    if (uri->segment_count != count || uri->action != NULL)
        return false;
    for (size_t i = 0; i < count; i++)
        if (strcmp(uri->segments[i].text, words[i]) != 0)
            return false;
    return true;
}

static bool
is_read(const struct exchange *exchange)
{
    return strcmp(exchange->head.verb, "GET") == 0 || strcmp(exchange->head.verb, "HEAD") == 0;
}

static void
answer_wrong_verb(struct exchange *exchange, const char *allow)
{
    answer_problem(exchange, 405, &TEXT_WRONG_VERB);
    answer_header(exchange, "Allow", allow);
}

static void
answer_openapi(struct exchange *exchange)
{
    const char *known = head_value(&exchange->head, "If-None-Match"), *tag = exchange->gateway->openapi_tag;
    if (known != NULL && tag_list_has(known, tag))
        answer_empty(exchange, 304);
    else
        answer_bytes(exchange, 200, "application/json", contract_openapi, strlen(contract_openapi));
    answer_header(exchange, "ETag", tag);
}

// The policy of the cabinet's pages: its own files and its own API, nothing else.
static const char PAGE_POLICY[] =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; frame-src 'self'; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

static void
answer_static_file(struct exchange *exchange, const struct static_file *file)
{
    struct static_choice choice =
        static_files_choose(exchange->gateway->files, file, head_value(&exchange->head, "Accept-Encoding"));
    const char *known = head_value(&exchange->head, "If-None-Match");
    bool is_known = known != NULL && tag_list_has(known, choice.file->tag);
    int fd = is_known ? -1 : fcntl(choice.file->fd, F_DUPFD_CLOEXEC, 0);
    if (!is_known && fd < 0) {
        answer_problem(exchange, 503, &TEXT_BUSY);
        return;
    }
    struct MHD_Response *response = is_known ? MHD_create_response_from_buffer(0, NULL, MHD_RESPMEM_PERSISTENT)
                                             : MHD_create_response_from_fd_at_offset64(choice.file->size, fd, 0);
    if (response == NULL && fd >= 0)
        close(fd);
    answer_response(exchange, is_known ? 304 : 200, response);
    if (choice.encoding != NULL && !is_known)
        answer_header(exchange, "Content-Encoding", choice.encoding);
    answer_header(exchange, "Vary", "Accept-Encoding");
    answer_header(exchange, "Content-Type", file->content_type);
    answer_header(exchange, "Content-Security-Policy", PAGE_POLICY);
    answer_header(exchange, "Cache-Control", file->is_permanent ? "public, max-age=31536000, immutable" : "no-cache");
    answer_header(exchange, "ETag", choice.file->tag);
}

static void
serve_static(struct exchange *exchange)
{
    char path[1024] = "";
    size_t size = 0;
    for (size_t i = 0; i < exchange->uri.segment_count && size < sizeof path; i++) {
        int added =
            snprintf(path + size, sizeof path - size, "%s%s", i == 0 ? "" : "/", exchange->uri.segments[i].text);
        size += added < 0 ? 0 : (size_t)added;
    }
    const struct static_file *file = NULL;
    if (exchange->uri.action == NULL && size < sizeof path)
        file = static_files_find(exchange->gateway->files, path);
    if (file == NULL)
        answer_problem(exchange, 404, &TEXT_NO_PAGE);
    else if (!is_read(exchange))
        answer_wrong_verb(exchange, "GET, HEAD");
    else
        answer_static_file(exchange, file);
}

static const struct carrier *
choose_carrier(const struct contract_method *method)
{
    switch (method->body) {
    case VEKHA__BODY__BODY_UPLOAD:
        return &upload_carrier;
    case VEKHA__BODY__BODY_DOWNLOAD:
        return &download_carrier;
    case VEKHA__BODY__BODY_EVENTS:
        return &events_carrier;
    default:
        return &json_carrier;
    }
}

static bool
refuse_type(struct exchange *exchange, const char *wanted)
{
    struct violations violations = {.arena = &exchange->arena, .english = exchange->english};
    violations_set_detail(&violations, &TEXT_WRONG_CONTENT_TYPE, wanted);
    answer_violations(exchange, 415, &TEXT_WRONG_CONTENT_TYPE, &violations);
    return false;
}

// Type and announced length of the body.
static bool
check_body(struct exchange *exchange)
{
    const struct contract_method *method = exchange->match.method;
    const char *type = head_value(&exchange->head, "Content-Type");
    if (!head_has_body(&exchange->head))
        return true;
    bool is_bytes = method->body == VEKHA__BODY__BODY_UPLOAD || method->body == VEKHA__BODY__BODY_BYTES;
    if (is_bytes && !media_type_is(type, "application/octet-stream"))
        return refuse_type(exchange, "application/octet-stream");
    // Its carrier sees to the size of each piece.
    if (method->body == VEKHA__BODY__BODY_UPLOAD)
        return true;
    bool is_text = method->text_field != NULL && media_type_is(type, "text/csv");
    if (!is_bytes && !is_text && !media_type_is(type, "application/json"))
        return refuse_type(exchange, method->text_field == NULL ? "application/json" : "application/json, text/csv");
    // JSON says in more bytes what the packed request says in at most max_request_bytes.
    size_t limit = is_bytes || is_text ? method->max_request_bytes : 2 * (size_t)method->max_request_bytes;
    exchange->body.limit_bytes = limit < MAX_JSON_BYTES ? limit : MAX_JSON_BYTES;
    if (head_content_length(&exchange->head) > (int64_t)exchange->body.limit_bytes) {
        answer_problem(exchange, 413, &TEXT_BODY_TOO_LARGE);
        return false;
    }
    return true;
}

static void
begin_method(struct exchange *exchange)
{
    static const char *const OPENAPI[] = {"api", "v1", "openapi.json"};
    if (is_path(&exchange->uri, OPENAPI, 3)) {
        if (is_read(exchange))
            answer_openapi(exchange);
        else
            answer_wrong_verb(exchange, "GET, HEAD");
        return;
    }
    router_match(exchange->gateway->router, exchange->head.verb, &exchange->uri, &exchange->match);
    const struct contract_method *method = exchange->match.method;
    if (method == NULL) {
        if (exchange->match.allow[0] != '\0')
            answer_wrong_verb(exchange, exchange->match.allow);
        else
            answer_problem(exchange, 404, &TEXT_NO_PAGE);
        return;
    }
    if (method->body == VEKHA__BODY__BODY_EVENTS && strcmp(exchange->head.verb, "HEAD") == 0) {
        answer_wrong_verb(exchange, "GET");
        return;
    }
    if (!caller_identify(exchange) || !check_body(exchange))
        return;
    exchange->carrier = choose_carrier(method);
    exchange->carrier->begin(exchange);
}

// The library keeps the head as it arrived, overwrites each CR and LF with NUL, and calls everything up to the first
// NUL a value. So between two parts stand two NULs; one is a bare LF, and anything else was hidden behind a NUL.
static bool
is_filled(const char *end, const char *next)
{
    for (; end < next; end++)
        if (*end != '\0' && *end != ' ' && *end != '\t')
            return false;
    return true;
}

static bool
has_clean_lines(const struct exchange *exchange)
{
    const struct request_head *head = &exchange->head;
    const char *end = head->version + strlen(head->version);
    if (!is_filled(exchange->line_end, head->version))
        return false;
    for (size_t i = 0; i < head->header_count; i++) {
        const struct header *header = &head->headers[i];
        // Less than two: a bare LF, or a folded line, which is kept elsewhere.
        if (header->value == NULL || header->name - end < 2 || !is_filled(end, header->name))
            return false;
        end = header->value + header->value_size;
    }
    // After the last one comes the empty line.
    return is_filled(end, end + 2);
}

void
exchange_begin(struct exchange *exchange, const char *verb, const char *version)
{
    struct request_head *head = &exchange->head;
    head->verb = verb;
    head->version = version;
    // Until the body is known to fit: a bounded place for what is thrown away.
    exchange->body.limit_bytes = MAX_JSON_BYTES;
    (void)MHD_get_connection_values_n(exchange->connection, MHD_HEADER_KIND, add_header, head);
    choose_trace(exchange);
    exchange->english = head_wants_english(head);
    exchange->client_address = find_client_address(exchange);
    struct refusal refusal = head_check(head);
    if (refusal.http_code == 0 && !has_clean_lines(exchange))
        refusal = (struct refusal){400, &TEXT_BAD_HEADERS};
    if (refusal.http_code != 0) {
        // Where this request ends is in doubt: nothing more is read from the connection.
        exchange->must_close = true;
        answer_problem(exchange, refusal.http_code, refusal.message);
        if (refusal.http_code == 405)
            answer_header(exchange, "Allow", "GET, HEAD, POST, PUT, PATCH, DELETE");
    } else if (uri_parse(exchange->raw_uri, &exchange->arena, &exchange->uri) != STATUS_OK) {
        exchange->must_close = true;
        answer_problem(exchange, 400, &TEXT_BAD_REQUEST_LINE);
    } else if (strcmp(exchange->uri.segments[0].text, "api") == 0) {
        begin_method(exchange);
    } else {
        serve_static(exchange);
    }
}
