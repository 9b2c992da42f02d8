// The limit of a read over HTTP: libmicrohttpd, driven as the gateway drives it (epoll in the program's own loop, one
// thread), answers every request with the same head and body from memory.
// Usage: limit_http PORT HEAD_FILE BODY_FILE; HEAD_FILE has lines "Name: value". Ends when its input does.
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { BODY_BYTES_MAX = 4 * 1024 * 1024, CONNECTION_BYTES = 32 * 1024, WAIT_MS = 100 };

static void
must(bool is_true, const char *what)
{
    if (is_true)
        return;
    fprintf(stderr, "limit_http: %s: %s\n", what, strerror(errno));
    exit(1);
}

static enum MHD_Result
on_request(void *context, struct MHD_Connection *connection, const char *url, const char *verb, const char *version,
           const char *data, size_t *data_size, void **request)
{
    static int seen;
    (void)url;
    (void)verb;
    (void)version;
    (void)data;
    (void)data_size;
    // The library calls twice: with the head, and when a body has ended.
    if (*request == NULL) {
        *request = &seen;
        return MHD_YES;
    }
    return MHD_queue_response(connection, MHD_HTTP_OK, context);
}

static struct MHD_Response *
make_response(const char *head_path, const char *body_path)
{
    static char body[BODY_BYTES_MAX];
    FILE *file = fopen(body_path, "r");
    must(file != NULL, body_path);
    size_t size = fread(body, 1, sizeof body, file);
    must(size > 0 && size < sizeof body, body_path);
    fclose(file);
    struct MHD_Response *response = MHD_create_response_from_buffer(size, body, MHD_RESPMEM_PERSISTENT);
    must(response != NULL, "response");
    char line[1024];
    file = fopen(head_path, "r");
    must(file != NULL, head_path);
    while (fgets(line, sizeof line, file) != NULL) {
        char *colon = strchr(line, ':');
        must(colon != NULL, "a header without a colon");
        *colon = '\0';
        char *value = colon + 1 + strspn(colon + 1, " ");
        value[strcspn(value, "\r\n")] = '\0';
        must(MHD_add_response_header(response, line, value) == MHD_YES, line);
    }
    fclose(file);
    return response;
}

static void
serve(struct MHD_Daemon *daemon)
{
    const union MHD_DaemonInfo *information = MHD_get_daemon_info(daemon, MHD_DAEMON_INFO_EPOLL_FD);
    must(information != NULL, "epoll");
    struct pollfd items[2] = {{.fd = information->epoll_fd, .events = POLLIN}, {.fd = STDIN_FILENO, .events = POLLIN}};
    while (items[1].revents == 0) {
        MHD_UNSIGNED_LONG_LONG wait_ms = WAIT_MS;
        if (MHD_get_timeout(daemon, &wait_ms) != MHD_YES || wait_ms > WAIT_MS)
            wait_ms = WAIT_MS;
        must(poll(items, 2, (int)wait_ms) >= 0 || errno == EINTR, "poll");
        (void)MHD_run(daemon);
    }
}

int
main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: %s PORT HEAD_FILE BODY_FILE\n", argv[0]);
        return 2;
    }
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)strtol(argv[1], NULL, 10))};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    struct MHD_Response *response = make_response(argv[2], argv[3]);
    struct MHD_Daemon *daemon =
        MHD_start_daemon(MHD_USE_EPOLL, 0, NULL, NULL, on_request, response, MHD_OPTION_SOCK_ADDR, &address,
                         MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)CONNECTION_BYTES, MHD_OPTION_END);
    must(daemon != NULL, "port");
    puts("ready");
    fflush(stdout);
    serve(daemon);
    MHD_stop_daemon(daemon);
    MHD_destroy_response(response);
    return 0;
}
