// /healthz, /readyz and /metrics on a loopback port of its own: one thread, few connections, an answer for each and an
// end. An HTTP library would bring its TLS library into every process, with a megabyte that nobody uses.
#include "vekha/service/health.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "vekha/base/time.h"

enum {
    METRICS_BYTES = 1024 * 1024,
    CONNECTIONS_MAX = 16,
    REQUEST_BYTES = 2048,
    HEAD_BYTES = 256,
    PATIENCE_MS = 5000,
    PAUSE_MS = 100
};
enum { LISTENER, STOPPER, OWN_FDS };

// Reads a request, writes the answer, and waits for the peer to close: who closes first loses what is unread.
struct visitor {
    int fd; // -1: free
    int64_t until_ms;
    size_t received, sent;
    struct buffer answer; // empty until the request is read
    char request[REQUEST_BYTES + 1];
};

struct health {
    struct health_source source;
    const char *process;
    int listen_fd, stop_fd;
    int64_t accept_again_ms; // without descriptors there is nothing to do but wait
    pthread_t thread;
    struct visitor visitors[CONNECTIONS_MAX];
};

static void
answer(struct visitor *visitor, const char *code, const char *text, size_t size)
{
    buffer_init(&visitor->answer, METRICS_BYTES + HEAD_BYTES);
    buffer_add_format(&visitor->answer,
                      "HTTP/1.1 %s\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n"
                      "Content-Length: %zu\r\nConnection: close\r\n\r\n",
                      code, size);
    buffer_add(&visitor->answer, text, size);
}

static void
answer_text(struct visitor *visitor, const char *code, const char *text)
{
    answer(visitor, code, text, strlen(text));
}

static void
answer_metrics(const struct health *health, struct visitor *visitor)
{
    struct buffer out;
    buffer_init(&out, METRICS_BYTES);
    buffer_add_format(&out, "# TYPE vekha_up gauge\nvekha_up{process=\"%s\"} 1\n", health->process);
    health->source.write_metrics(health->source.context, &out);
    answer(visitor, "200 OK", out.data, out.size);
    buffer_done(&out);
}

// The request line is "GET /path HTTP/1.1"; nothing behind it matters here.
static void
answer_request(const struct health *health, struct visitor *visitor)
{
    char *rest = visitor->request;
    const char *method = strsep(&rest, " \r\n");
    const char *path = rest ? strsep(&rest, " ?\r\n") : "";
    if (strcmp(method, "GET") != 0)
        answer_text(visitor, "405 Method Not Allowed", "GET only\n");
    else if (strcmp(path, "/healthz") == 0)
        answer_text(visitor, "200 OK", "ok\n");
    else if (strcmp(path, "/metrics") == 0)
        answer_metrics(health, visitor);
    else if (strcmp(path, "/readyz") != 0)
        answer_text(visitor, "404 Not Found", "/healthz /readyz /metrics\n");
    else if (health->source.is_ready(health->source.context))
        answer_text(visitor, "200 OK", "ready\n");
    else
        answer_text(visitor, "503 Service Unavailable", "not ready\n");
}

static void
leave(struct visitor *visitor)
{
    close(visitor->fd);
    visitor->fd = -1;
    buffer_done(&visitor->answer);
}

static bool
has_come_in_vain(ssize_t result)
{
    return result < 0 && (errno == EAGAIN || errno == EINTR);
}

static void
receive(const struct health *health, struct visitor *visitor)
{
    bool is_answered = visitor->answer.size > 0;
    // What comes behind the answer is thrown away.
    size_t start = is_answered ? 0 : visitor->received;
    ssize_t got = recv(visitor->fd, visitor->request + start, REQUEST_BYTES - start, 0);
    if (has_come_in_vain(got))
        return;
    if (got <= 0) {
        leave(visitor);
        return;
    }
    if (is_answered)
        return;
    visitor->received += (size_t)got;
    visitor->request[visitor->received] = '\0';
    if (strstr(visitor->request, "\r\n\r\n"))
        answer_request(health, visitor);
    else if (visitor->received == REQUEST_BYTES)
        answer_text(visitor, "431 Request Header Fields Too Large", "too large\n");
    else
        return;
    if (visitor->answer.overflowed)
        leave(visitor);
}

static void
transmit(struct visitor *visitor)
{
    size_t left = visitor->answer.size - visitor->sent;
    ssize_t sent = send(visitor->fd, visitor->answer.data + visitor->sent, left, MSG_NOSIGNAL);
    if (has_come_in_vain(sent))
        return;
    if (sent < 0) {
        leave(visitor);
        return;
    }
    visitor->sent += (size_t)sent;
    if (visitor->sent == visitor->answer.size)
        shutdown(visitor->fd, SHUT_WR);
}

static void
welcome(struct health *health, struct visitor *visitor, int64_t now_ms)
{
    visitor->fd = accept4(health->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (visitor->fd < 0 && errno != EAGAIN)
        health->accept_again_ms = now_ms + PAUSE_MS;
    visitor->until_ms = now_ms + PATIENCE_MS;
    visitor->received = 0;
    visitor->sent = 0;
    visitor->answer = (struct buffer){0};
}

static bool
is_sending(const struct visitor *visitor)
{
    return visitor->sent < visitor->answer.size;
}

// Milliseconds until the first visitor's time is over. fds[OWN_FDS + i] is that of visitors[i].
static int
prepare_wait(struct health *health, struct pollfd fds[OWN_FDS + CONNECTIONS_MAX], int64_t now_ms)
{
    bool has_room = false, is_pausing = now_ms < health->accept_again_ms;
    int64_t wait_ms = is_pausing ? PAUSE_MS : -1;
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        const struct visitor *visitor = &health->visitors[i];
        fds[OWN_FDS + i] = (struct pollfd){.fd = visitor->fd, .events = is_sending(visitor) ? POLLOUT : POLLIN};
        has_room = has_room || visitor->fd < 0;
        int64_t left_ms = visitor->until_ms > now_ms ? visitor->until_ms - now_ms : 0;
        if (visitor->fd >= 0 && (wait_ms < 0 || left_ms < wait_ms))
            wait_ms = left_ms;
    }
    fds[LISTENER] = (struct pollfd){.fd = has_room && !is_pausing ? health->listen_fd : -1, .events = POLLIN};
    fds[STOPPER] = (struct pollfd){.fd = health->stop_fd, .events = POLLIN};
    return (int)wait_ms;
}

static void
serve(struct health *health, const struct pollfd fds[OWN_FDS + CONNECTIONS_MAX], int64_t now_ms)
{
    bool has_guest = fds[LISTENER].revents != 0;
    for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
        struct visitor *visitor = &health->visitors[i];
        if (visitor->fd < 0) {
            if (has_guest)
                welcome(health, visitor, now_ms);
            has_guest = false;
        } else if (now_ms >= visitor->until_ms) {
            leave(visitor);
        } else if (fds[OWN_FDS + i].revents != 0) {
            if (is_sending(visitor))
                transmit(visitor);
            else
                receive(health, visitor);
        }
    }
}

static void *
health_run(void *argument)
{
    struct health *health = argument;
    struct pollfd fds[OWN_FDS + CONNECTIONS_MAX];
    do {
        int wait_ms = prepare_wait(health, fds, clock_monotonic_ms());
        if (poll(fds, OWN_FDS + CONNECTIONS_MAX, wait_ms) >= 0)
            serve(health, fds, clock_monotonic_ms());
        else
            fds[STOPPER].revents = 0;
    } while (fds[STOPPER].revents == 0);
    return NULL;
}

static int
listen_on(uint16_t port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int on = 1;
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // Not SO_REUSEPORT: it would let two processes share the port.
    if (fd >= 0 && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0 &&
        bind(fd, (const struct sockaddr *)&address, sizeof address) == 0 && listen(fd, CONNECTIONS_MAX) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static void
dispose(struct health *health)
{
    for (size_t i = 0; i < CONNECTIONS_MAX; i++)
        if (health->visitors[i].fd >= 0)
            leave(&health->visitors[i]);
    if (health->listen_fd >= 0)
        close(health->listen_fd);
    if (health->stop_fd >= 0)
        close(health->stop_fd);
    free(health);
}

enum status
health_start(uint16_t port, const char *process, const struct health_source *source, struct health **ret_health)
{
    struct health *health = calloc(1, sizeof(*health));
    if (!health)
        return STATUS_BUSY;
    health->source = *source;
    health->process = process;
    for (size_t i = 0; i < CONNECTIONS_MAX; i++)
        health->visitors[i].fd = -1;
    health->listen_fd = listen_on(port);
    health->stop_fd = eventfd(0, EFD_CLOEXEC);
    if (health->listen_fd < 0 || health->stop_fd < 0 ||
        pthread_create(&health->thread, NULL, health_run, health) != 0) {
        dispose(health);
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
    uint64_t one = 1;
    if (write((*health)->stop_fd, &one, sizeof one) == (ssize_t)sizeof one)
        pthread_join((*health)->thread, NULL);
    dispose(*health);
    *health = NULL;
}
