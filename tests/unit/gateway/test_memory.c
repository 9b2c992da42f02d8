// Without memory: real HTTP requests to the gateway's own daemon, in this process; only the bus is answered here.
// Whichever piece is missing, the client gets the right answer with all its headers, or 503, or a closed connection; no
// service is asked anything else than what was meant; and the next request is served.
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../../support/failing_memory.h"
#include "../../support/signer.h"
#include "auth.pb-c.h"
#include "exchange.h"
#include "files.pb-c.h"
#include "http_daemon.h"
#include "submissions.pb-c.h"
#include "vekha/base/log.h"
#include "vekha/base/time.h"

// After the headers that have a function named fail.
#include <cmocka.h>

enum { TRIES_MAX = 400, PATIENCE_MS = 20000, ANSWER_BYTES = 1024 * 1024, UPLOAD_BYTES = 70000, ITEMS = 300 };

#define ID "01234567-89ab-cdef-0123-456789abcdef"

static char token[1024];
static struct signer signer;

// ---- in place of the bus (linked by --wrap)

struct asked {
    unsigned count;
    const char *expected; // text that the packed request must hold
    size_t bytes;         // of uploaded data
    uint8_t reply[512 * 1024];
    size_t reply_size;
};
static struct asked asked;

static bool
holds(const void *bytes, size_t size, const char *text)
{
    return memmem(bytes, size, text, strlen(text)) != NULL;
}

uint64_t __wrap_bus_client_call(struct bus_client *client, const struct bus_call *call, bus_reply_function *on_reply,
                                void *context);
uint64_t
__wrap_bus_client_call(struct bus_client *client, const struct bus_call *call, bus_reply_function *on_reply,
                       void *context)
{
    (void)client;
    asked.count++;
    asked.bytes += call->body_size;
    assert_true(holds(call->body, call->body_size, asked.expected));
    on_reply(context, STATUS_OK, asked.reply, asked.reply_size);
    return 0;
}

static void
reply_with(const ProtobufCMessage *message)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    assert_true(size <= sizeof asked.reply);
    asked.reply_size = protobuf_c_message_pack(message, asked.reply);
}

// ---- the gateway

static void
make_token(void)
{
    uint8_t sealed[SIGNED_PRINCIPAL_BYTES];
    Bus__Principal principal = BUS__PRINCIPAL__INIT;
    principal.account_id = ID;
    principal.session_id = ID;
    principal.organisation_path = "74.12";
    principal.role = VEKHA__ROLE__ROLE_RESPONDENT;
    principal.expires_at_ms = INT64_MAX;
    text_to_base64url(sealed, signer_sign(&signer, &principal, sealed), token);
}

static void
open_gateway(struct gateway *gateway)
{
    *gateway = (struct gateway){.public_origin = "",
                                .principals = principals_new(signer.public),
                                .router = router_new(contract_methods, contract_method_count),
                                .metrics = metrics_new(contract_method_count)};
    gateway->sessions.is_loaded = true;
    buffer_init(&gateway->scratch, (size_t)8 * 1024 * 1024);
    assert_int_equal(static_files_load("", &gateway->files), STATUS_OK);
    const struct http_settings settings = {.listen = "127.0.0.1:0", .max_connections = 10};
    assert_int_equal(http_daemon_open(gateway, &settings), STATUS_OK);
}

static void
close_gateway(struct gateway *gateway)
{
    http_daemon_close(gateway);
    while (gateway->idle != NULL) {
        struct exchange *exchange = gateway->idle;
        gateway->idle = exchange->next;
        exchange_dispose(exchange);
    }
    assert_int_equal(gateway->running, 0);
    static_files_free(&gateway->files);
    principals_free(&gateway->principals);
    router_free(&gateway->router);
    metrics_free(&gateway->metrics);
    timers_done(&gateway->timers);
    buffer_done(&gateway->scratch);
}

// ---- a client

static int
dial(const struct gateway *gateway)
{
    const union MHD_DaemonInfo *port = MHD_get_daemon_info(gateway->daemon, MHD_DAEMON_INFO_BIND_PORT);
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port->port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    assert_int_equal(connect(connection, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(fcntl(connection, F_SETFL, O_NONBLOCK), 0);
    return connection;
}

static bool
is_complete(const char *answer, size_t size)
{
    const char *end = strstr(answer, "\r\n\r\n"), *length = strstr(answer, "Content-Length: ");
    if (end == NULL)
        return false;
    const char *chunks = strstr(answer, "Transfer-Encoding: chunked");
    if (chunks != NULL && chunks < end)
        return memcmp(answer + size - 5, "0\r\n\r\n", 5) == 0;
    size_t expected = length == NULL || length > end ? 0 : strtoul(length + 16, NULL, 10);
    return size >= (size_t)(end + 4 - answer) + expected;
}

// The answer's code; 0 when the connection was closed without one. What it says stays in `answer`.
static unsigned
exchange_bytes(struct gateway *gateway, const char *request, size_t size, char *answer)
{
    int connection = dial(gateway);
    size_t sent = 0, got = 0;
    bool is_closed = false;
    int64_t until_ms = clock_monotonic_ms() + PATIENCE_MS;
    answer[0] = '\0';
    while (!is_closed && !is_complete(answer, got)) {
        assert_true(clock_monotonic_ms() < until_ms);
        ssize_t count = sent < size ? send(connection, request + sent, size - sent, MSG_NOSIGNAL) : 0;
        sent += count > 0 ? (size_t)count : 0;
        assert_int_equal(MHD_run(gateway->daemon), MHD_YES);
        count = recv(connection, answer + got, ANSWER_BYTES - 1 - got, 0);
        is_closed = count == 0 || (count < 0 && errno != EAGAIN);
        got += count > 0 ? (size_t)count : 0;
        answer[got] = '\0';
        struct pollfd fds[] = {{.fd = gateway->epoll_fd, .events = POLLIN}, {.fd = connection, .events = POLLIN}};
        if (count < 0 && sent == size)
            poll(fds, 2, 5);
    }
    close(connection);
    if (got == 0)
        return 0;
    // Half an answer is none.
    assert_true(is_complete(answer, got));
    assert_memory_equal(answer, "HTTP/1.1 ", 9);
    return (unsigned)strtoul(answer + 9, NULL, 10);
}

static unsigned
count_of(const char *text, const char *part)
{
    unsigned count = 0;
    for (const char *at = text; (at = strstr(at, part)) != NULL; at++)
        count++;
    return count;
}

// ---- what is tried

struct trial {
    const char *line, *fields, *body;
    size_t body_size; // 0: the text's
    const char *expected;
    unsigned code;
    unsigned questions;        // at most so many, when all goes well exactly so many
    const char *header, *text; // of the right answer
    unsigned cookies;
    bool is_tagged; // browsers may keep the right answer
};

static void
check_answer(const struct trial *trial, unsigned code, const char *answer, bool has_failed)
{
    if (!has_failed)
        assert_int_equal(code, trial->code);
    assert_true(code == trial->code || code == 503 || code == 0);
    assert_true(asked.count <= trial->questions);
    if (code == 0)
        return;
    assert_int_equal(count_of(answer, "X-Content-Type-Options: nosniff"), 1);
    bool may_be_kept = trial->is_tagged && code == trial->code;
    assert_int_equal(count_of(answer, may_be_kept ? "Cache-Control: private, no-cache" : "Cache-Control: no-store"), 1);
    assert_int_equal(count_of(answer, "Content-Security-Policy: "), 1);
    if (code == 503) {
        assert_non_null(strstr(answer, "Retry-After: 1"));
        return;
    }
    assert_int_equal(asked.count, trial->questions);
    assert_non_null(strstr(answer, trial->header));
    assert_non_null(strstr(answer, trial->text));
    assert_int_equal(count_of(answer, "Set-Cookie: "), trial->cookies);
}

static void
try_all(const struct trial *trial)
{
    static char answer[ANSWER_BYTES];
    size_t body_size = trial->body_size > 0 ? trial->body_size : strlen(trial->body);
    char *request = malloc(4096 + body_size);
    assert_non_null(request);
    char head[2048];
    snprintf(head, sizeof head,
             "%s HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer %s\r\n%sContent-Length: %zu\r\n\r\n", trial->line,
             token, trial->fields == NULL ? "" : trial->fields, body_size);
    size_t head_size = strlen(head);
    memcpy(request, head, head_size);
    memcpy(request + head_size, trial->body, body_size);
    bool has_failed = true;
    size_t n = 1;
    asked.expected = trial->expected;
    for (; has_failed; n++) {
        assert_true(n < TRIES_MAX);
        struct gateway gateway;
        // A new one each time: what an earlier request left would hide what can fail.
        open_gateway(&gateway);
        asked.count = 0;
        memory_fail_at(n, n % 3 == 0);
        unsigned code = exchange_bytes(&gateway, request, head_size + body_size, answer);
        has_failed = memory_recover();
        check_answer(trial, code, answer, has_failed);
        asked.count = 0;
        code = exchange_bytes(&gateway, request, head_size + body_size, answer);
        check_answer(trial, code, answer, false);
        close_gateway(&gateway);
    }
    assert_true(n > 5);
    free(request);
}

static void
a_json_command(void **state)
{
    (void)state;
    Submissions__SavedValue saved = SUBMISSIONS__SAVED_VALUE__INIT;
    saved.version = 8;
    saved.value = "12.5";
    reply_with(&saved.base);
    static const struct trial TRIAL = {
        .line = "PUT /api/v1/assignments/" ID "/value",
        .fields = "Content-Type: application/json\r\nIf-Match: \"7\"\r\nIdempotency-Key: " ID "\r\n",
        .body = "{\"value\":\"12,5\",\"secondValue\":null,\"comment\":\"\\u0448\\u043a\\u043e\\u043b\\u0430 5\"}",
        .expected = "школа 5",
        .code = 200,
        .questions = 1,
        .header = "ETag: \"8\"",
        .text = "\"value\":\"12.5\""};
    try_all(&TRIAL);
}

static void
a_query_with_a_long_answer(void **state)
{
    (void)state;
    static Submissions__Assignment items[ITEMS];
    Submissions__Assignment *list[ITEMS];
    for (int i = 0; i < ITEMS; i++) {
        submissions__assignment__init(&items[i]);
        items[i].assignment_id = ID;
        items[i].question = "Сколько учителей прошли подготовку?";
        list[i] = &items[i];
    }
    Submissions__ListAssignmentsReply reply = SUBMISSIONS__LIST_ASSIGNMENTS_REPLY__INIT;
    reply.n_assignments = ITEMS;
    reply.assignments = list;
    reply_with(&reply.base);
    static const struct trial TRIAL = {.line = "GET /api/v1/assignments?tab=in%5fwork",
                                       .is_tagged = true,
                                       .body = "",
                                       .expected = "in_work",
                                       .code = 200,
                                       .questions = 1,
                                       .header = "Content-Type: application/json",
                                       .text = "Сколько учителей"};
    try_all(&TRIAL);
    // Compressed, or without the memory for that as it is.
    static const struct trial COMPRESSED = {.line = "GET /api/v1/assignments?tab=in%5fwork",
                                            .is_tagged = true,
                                            .fields = "Accept-Encoding: gzip\r\n",
                                            .body = "",
                                            .expected = "in_work",
                                            .code = 200,
                                            .questions = 1,
                                            .header = "Vary: Accept-Encoding",
                                            .text = "Content-Type: application/json"};
    try_all(&COMPRESSED);
}

static void
a_login_brings_both_cookies_or_none(void **state)
{
    (void)state;
    // So long that its cookie needs memory of its own.
    static char refresh_token[9000];
    memset(refresh_token, 'r', sizeof refresh_token - 1);
    Auth__SessionReply reply = AUTH__SESSION_REPLY__INIT;
    reply.access_token = "the-access-token";
    reply.refresh_token = refresh_token;
    reply.access_expires_at = reply.refresh_expires_at = "2999-01-01T00:00:00Z";
    reply_with(&reply.base);
    static const struct trial TRIAL = {.line = "POST /api/v1/session",
                                       .fields = "Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n",
                                       .body = "{\"login\":\"school-5\",\"password\":\"secret\"}",
                                       .expected = "school-5",
                                       .code = 200,
                                       .questions = 1,
                                       .header = "__Host-vekha_refresh=rrrr",
                                       .text = "\"accessToken\":\"\"",
                                       .cookies = 2};
    try_all(&TRIAL);
}

static void
a_session_is_renewed_by_cookie(void **state)
{
    (void)state;
    Auth__SessionReply reply = AUTH__SESSION_REPLY__INIT;
    reply.access_token = reply.refresh_token = "next";
    reply.access_expires_at = reply.refresh_expires_at = "2999-01-01T00:00:00Z";
    reply_with(&reply.base);
    static const struct trial TRIAL = {
        .line = "POST /api/v1/session:refresh",
        .fields = "Sec-Fetch-Site: same-origin\r\nCookie: __Host-vekha_refresh=the-one-of-before\r\n",
        .body = "",
        .expected = "the-one-of-before",
        .code = 200,
        .questions = 1,
        .header = "__Host-vekha_access=next",
        .text = "\"refreshToken\":\"\"",
        .cookies = 2};
    try_all(&TRIAL);
}

static void
a_document_in_pieces(void **state)
{
    (void)state;
    static char document[UPLOAD_BYTES];
    Files__Upload upload = FILES__UPLOAD__INIT;
    upload.offset = UPLOAD_BYTES;
    reply_with(&upload.base);
    memset(document, 'd', sizeof document);
    static const struct trial TRIAL = {.line = "PATCH /api/v1/uploads/" ID,
                                       .fields = "Upload-Offset: 0\r\nContent-Type: application/octet-stream\r\n",
                                       .body = document,
                                       .body_size = sizeof document,
                                       .expected = "dddd",
                                       .code = 200,
                                       .questions = 2,
                                       .header = "Content-Type: application/json",
                                       .text = "\"offset\":\"70000\""};
    try_all(&TRIAL);
}

static void
refusals(void **state)
{
    (void)state;
    static const struct trial TRIALS[] = {
        {.line = "POST /api/v1/session",
         .fields = "Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n",
         .body = "{\"login\":5,\"password\":[],\"x\":1}",
         .code = 422,
         .header = "Content-Language: ru",
         .text = "not_string"},
        {.line = "POST /api/v1/session",
         .fields = "Sec-Fetch-Site: same-origin\r\nContent-Type: application/json\r\n",
         .body = "{\"login\":",
         .code = 400,
         .header = "application/problem+json",
         .text = "malformed_json"},
        {.line = "GET /api/v1/assignments?tab=a&tab=b",
         .body = "",
         .code = 400,
         .header = "application/problem+json",
         .text = "field_twice"},
        {.line = "GET /nothing", .body = "", .code = 404, .header = "application/problem+json", .text = "not_found"}};
    asked.reply_size = 0;
    for (size_t i = 0; i < sizeof TRIALS / sizeof TRIALS[0]; i++)
        try_all(&TRIALS[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_json_command),
        cmocka_unit_test(a_query_with_a_long_answer),
        cmocka_unit_test(a_login_brings_both_cookies_or_none),
        cmocka_unit_test(a_session_is_renewed_by_cookie),
        cmocka_unit_test(a_document_in_pieces),
        cmocka_unit_test(refusals),
    };
    log_open("unit", LOG_ERROR);
    signer_make(&signer);
    make_token();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
