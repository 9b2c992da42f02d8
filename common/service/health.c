// /healthz, /readyz and /metrics by libmicrohttpd on a loopback port of its own; one thread, few connections.
#include "vekha/service/health.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

enum { METRICS_BYTES = 1024 * 1024, CONNECTIONS_MAX = 16, IDLE_S = 5 };

struct health {
    struct MHD_Daemon *daemon;
    struct health_source source;
    const char *process;
};

static enum MHD_Result
respond(struct MHD_Connection *connection, unsigned code, const char *text, size_t size)
{
    struct MHD_Response *response =
        MHD_create_response_from_buffer(size, (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    MHD_add_response_header(response, "Content-Type", "text/plain; version=0.0.4; charset=utf-8");
    enum MHD_Result result = MHD_queue_response(connection, code, response);
    MHD_destroy_response(response);
    return result;
}

static enum MHD_Result
respond_metrics(struct MHD_Connection *connection, const struct health *health)
{
    struct buffer out;
    buffer_init(&out, METRICS_BYTES);
    buffer_add_format(&out, "# TYPE vekha_up gauge\nvekha_up{process=\"%s\"} 1\n", health->process);
    health->source.write_metrics(health->source.context, &out);
    enum MHD_Result result = respond(connection, MHD_HTTP_OK, out.data, out.size);
    buffer_done(&out);
    return result;
}

static enum MHD_Result
handle(void *context, struct MHD_Connection *connection, const char *url, const char *method, const char *version,
       const char *upload_data, size_t *upload_data_size, void **request)
{
    const struct health *health = context;
    (void)version;
    (void)upload_data;
    (void)upload_data_size;
    (void)request;
    if (strcmp(method, "GET") != 0)
        return respond(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET only\n", 9);
    if (strcmp(url, "/healthz") == 0)
        return respond(connection, MHD_HTTP_OK, "ok\n", 3);
    if (strcmp(url, "/readyz") == 0) {
        bool ready = health->source.is_ready(health->source.context);
        return ready ? respond(connection, MHD_HTTP_OK, "ready\n", 6)
                     : respond(connection, MHD_HTTP_SERVICE_UNAVAILABLE, "not ready\n", 10);
    }
    if (strcmp(url, "/metrics") == 0)
        return respond_metrics(connection, health);
    return respond(connection, MHD_HTTP_NOT_FOUND, "/healthz /readyz /metrics\n", 26);
}

enum status
health_start(uint16_t port, const char *process, const struct health_source *source, struct health **ret_health)
{
    struct health *health = calloc(1, sizeof(*health));
    if (!health)
        return STATUS_BUSY;
    health->source = *source;
    health->process = process;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // Without MHD_OPTION_LISTENING_ADDRESS_REUSE: it would let two processes share the port (SO_REUSEPORT).
    health->daemon =
        MHD_start_daemon(MHD_USE_POLL_INTERNAL_THREAD, port, NULL, NULL, handle, health, MHD_OPTION_SOCK_ADDR,
                         (struct sockaddr *)&address, MHD_OPTION_CONNECTION_LIMIT, (unsigned)CONNECTIONS_MAX,
                         MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_S, MHD_OPTION_END);
    if (!health->daemon) {
        free(health);
        return STATUS_BUSY;
    }
    *ret_health = health;
    return STATUS_OK;
}

void
health_stop(struct health **health)
{
    if (!*health)
        return;
    MHD_stop_daemon((*health)->daemon);
    free(*health);
    *health = NULL;
}
