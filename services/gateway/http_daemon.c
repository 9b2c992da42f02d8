// Callbacks of libmicrohttpd. Version 0.9.75 knows no limit for slow heads and bodies: ours are timers.
#include "http_daemon.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "exchange.h"
#include "peer.h"
#include "texts.h"
#include "vekha/base/time.h"

enum {
    HEAD_MS = 15000, // from connecting, or the end of the answer before, to the end of the head
    IDLE_S = 30,     // without a byte, either way
    BODY_CHECK_MS = 10000,
    BODY_BYTES_PER_CHECK = 10 * 1024,
    CONNECTION_BYTES = 32 * 1024, // the library clears it for every request
    MAX_DISCARDED_BYTES = 1024 * 1024,
    MAX_AWAITED_BYTES = 256 * 1024, // a refused body up to this is read, so that the connection can be kept
    BACKLOG = 1024,
};

static struct peer *
peer_of(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *information =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    return information == NULL ? NULL : information->socket_context;
}

static void
on_connection(void *context, struct MHD_Connection *connection, void **socket_context,
              enum MHD_ConnectionNotificationCode code)
{
    struct gateway *gateway = context;
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *information =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        atomic_fetch_add(&gateway->metrics->connections, 1);
        *socket_context = information == NULL ? NULL : peer_new(gateway, information->connect_fd, HEAD_MS);
        return;
    }
    atomic_fetch_sub(&gateway->metrics->connections, 1);
    peer_free(*socket_context);
    *socket_context = NULL;
}

static void *
on_uri(void *context, const char *uri, struct MHD_Connection *connection)
{
    struct exchange *exchange = exchange_new(context, uri);
    if (exchange == NULL)
        return NULL;
    exchange->connection = connection;
    exchange->peer = peer_of(connection);
    if (exchange->peer != NULL)
        exchange->peer->exchange = exchange;
    if (exchange->raw_uri != NULL)
        return exchange;
    if (exchange->peer != NULL)
        exchange->peer->exchange = NULL;
    exchange_free(exchange);
    return NULL;
}

static void
on_slow_body(struct timer *timer)
{
    struct exchange *exchange = (struct exchange *)(void *)((char *)timer - offsetof(struct exchange, timer));
    bool is_slow = exchange->body_bytes - exchange->checked_bytes < BODY_BYTES_PER_CHECK;
    exchange->checked_bytes = exchange->body_bytes;
    // While a service works on a piece the client is not to blame.
    if (is_slow && exchange->bus_handle == 0)
        exchange_cut(exchange);
    else
        (void)timer_set(&exchange->gateway->timers, timer, clock_monotonic_ms() + BODY_CHECK_MS);
}

static enum MHD_Result
queue_answer(struct exchange *exchange)
{
    struct MHD_Response *response = exchange->response;
    exchange->response = NULL;
    if (exchange->timer.fire == on_slow_body)
        timer_cancel(&exchange->gateway->timers, &exchange->timer);
    enum MHD_Result result = MHD_queue_response(exchange->connection, exchange->http_code, response);
    MHD_destroy_response(response);
    return result;
}

// Refused before its body: a short body is read and thrown away, a long one costs the connection.
static enum MHD_Result
answer_early(struct exchange *exchange)
{
    bool is_short = !head_has_body(&exchange->head) || (head_content_length(&exchange->head) >= 0 &&
                                                        head_content_length(&exchange->head) <= MAX_AWAITED_BYTES);
    if (!exchange->must_close && is_short)
        return MHD_YES;
    if (!exchange->must_close)
        answer_header(exchange, "Connection", "close");
    exchange->must_close = true;
    return queue_answer(exchange);
}

static enum MHD_Result
begin(struct exchange *exchange, const char *verb, const char *version)
{
    exchange->has_begun = true;
    if (exchange->peer != NULL)
        peer_head_is_there(exchange->peer);
    exchange_begin(exchange, verb, version);
    if (exchange->response != NULL)
        return answer_early(exchange);
    // Without memory there is no answer either.
    if (exchange->carrier == NULL || exchange->is_cut)
        return MHD_NO;
    if (head_has_body(&exchange->head)) {
        exchange->timer.fire = on_slow_body;
        (void)timer_set(&exchange->gateway->timers, &exchange->timer, clock_monotonic_ms() + BODY_CHECK_MS);
    }
    return MHD_YES;
}

static enum MHD_Result
take_piece(struct exchange *exchange, const char *data, size_t *data_size)
{
    size_t size = *data_size;
    // Throwing away what follows a refusal has an end too.
    if (exchange->response != NULL) {
        exchange->body_bytes += size;
        *data_size = 0;
        return exchange->body_bytes > MAX_DISCARDED_BYTES && head_content_length(&exchange->head) < 0 ? MHD_NO
                                                                                                      : MHD_YES;
    }
    // What is left lying is offered again only when more arrives or the connection wakes up: only what waits for an
    // answer of the bus may be left.
    while (size > 0 && exchange->bus_handle == 0 && exchange->response == NULL && !exchange->is_cut) {
        size_t taken = exchange->carrier->take(exchange, data, size);
        exchange->body_bytes += taken;
        data += taken;
        size -= taken;
    }
    *data_size = exchange->bus_handle == 0 ? 0 : size;
    if (exchange->bus_handle != 0)
        exchange_suspend(exchange);
    return MHD_YES;
}

static enum MHD_Result
on_request(void *context, struct MHD_Connection *connection, const char *url, const char *verb, const char *version,
           const char *data, size_t *data_size, void **request)
{
    struct exchange *exchange = *request;
    (void)context;
    (void)connection;
    (void)url;
    if (exchange == NULL || exchange->is_cut)
        return MHD_NO;
    if (!exchange->has_begun)
        return begin(exchange, verb, version);
    if (*data_size > 0)
        return take_piece(exchange, data, data_size);
    if (!exchange->is_finished && exchange->response == NULL) {
        exchange->is_finished = true;
        timer_cancel(&exchange->gateway->timers, &exchange->timer);
        exchange->carrier->finish(exchange);
    }
    if (exchange->response != NULL)
        return queue_answer(exchange);
    if (exchange->bus_handle == 0 && !exchange->check.is_open && !exchange->stream.is_waiting)
        return MHD_NO;
    exchange_suspend(exchange);
    return MHD_YES;
}

static void
on_completed(void *context, struct MHD_Connection *connection, void **request,
             enum MHD_RequestTerminationCode termination)
{
    struct gateway *gateway = context;
    struct exchange *exchange = *request;
    (void)termination;
    (void)connection;
    if (exchange == NULL)
        return;
    if (exchange->carrier != NULL && exchange->carrier->gone != NULL)
        exchange->carrier->gone(exchange);
    if (exchange->http_code != 0)
        metrics_count(gateway->metrics, exchange->match.method, exchange->http_code,
                      clock_monotonic_us() - exchange->started_us);
    // While a kept connection is idle, IDLE_S ends it; this ends the one that sends its next head byte by byte.
    if (exchange->peer != NULL)
        peer_await_head(exchange->peer, HEAD_MS + 1000 * IDLE_S);
    exchange_free(exchange);
    *request = NULL;
}

static void
ignore_log(void *context, const char *format, va_list arguments)
{
    (void)context;
    (void)format;
    (void)arguments;
}

static bool
parse_listen(const char *text, struct sockaddr_in *ret_address)
{
    char host[64];
    const char *colon = strrchr(text, ':');
    uint64_t port;
    if (colon == NULL || (size_t)(colon - text) >= sizeof host || !number_parse(colon + 1, &port) || port > UINT16_MAX)
        return false;
    memcpy(host, text, (size_t)(colon - text));
    host[colon - text] = '\0';
    *ret_address = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    return inet_pton(AF_INET, host, &ret_address->sin_addr) == 1;
}

enum status
http_daemon_open(struct gateway *gateway, const struct http_settings *settings)
{
    struct sockaddr_in address;
    if (!parse_listen(settings->listen, &address))
        return STATUS_INVALID;
    // Without MHD_OPTION_LISTENING_ADDRESS_REUSE: another installation on the port must be noticed, not joined.
    gateway->daemon = MHD_start_daemon(
        MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_ERROR_LOG, 0, NULL, NULL, on_request, gateway,
        MHD_OPTION_EXTERNAL_LOGGER, ignore_log, NULL, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&address,
        MHD_OPTION_LISTEN_BACKLOG_SIZE, (unsigned)BACKLOG, MHD_OPTION_CONNECTION_LIMIT, settings->max_connections,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S,
        MHD_OPTION_STRICT_FOR_CLIENT, 0, MHD_OPTION_URI_LOG_CALLBACK, on_uri, gateway, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, gateway, MHD_OPTION_NOTIFY_CONNECTION, on_connection, gateway, MHD_OPTION_END);
    if (gateway->daemon == NULL)
        return STATUS_BUSY;
    const union MHD_DaemonInfo *information = MHD_get_daemon_info(gateway->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    if (information == NULL)
        return STATUS_INTERNAL;
    gateway->epoll_fd = information->epoll_fd;
    return STATUS_OK;
}

void
http_daemon_quiesce(struct gateway *gateway)
{
    MHD_socket socket = MHD_quiesce_daemon(gateway->daemon);
    if (socket != MHD_INVALID_SOCKET)
        close(socket);
}

void
http_daemon_close(struct gateway *gateway)
{
    // The library aborts when it is stopped with a suspended connection.
    for (struct exchange *exchange = gateway->under_way; exchange != NULL; exchange = exchange->next)
        exchange_cut(exchange);
    if (gateway->daemon == NULL)
        return;
    MHD_stop_daemon(gateway->daemon);
    gateway->daemon = NULL;
}
