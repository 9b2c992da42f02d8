// Just enough of HTTP for our own answers: Content-Length, no chunks.
#include "http_client.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

void
bench_must(bool is_true, const char *what)
{
    if (is_true)
        return;
    fprintf(stderr, "%s: %s\n", what, strerror(errno));
    exit(1);
}

int64_t
bench_now_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

int
bench_connect(int port)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int made = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int yes = 1;
    bench_must(made >= 0, "socket");
    bench_must(connect(made, (struct sockaddr *)&address, sizeof address) == 0, "connect");
    bench_must(setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes) == 0, "TCP_NODELAY");
    return made;
}

void
bench_write(int socket, const void *data, size_t size)
{
    const char *left = data;
    while (size > 0) {
        ssize_t count = send(socket, left, size, MSG_NOSIGNAL);
        bench_must(count > 0, "send");
        left += count;
        size -= (size_t)count;
    }
}

void
http_client_open(struct http_client *client, int port)
{
    *client = (struct http_client){.socket = bench_connect(port)};
}

static void
send_request(struct http_client *client, const struct http_request *request)
{
    char length[64];
    int length_size = snprintf(length, sizeof length, "Content-Length: %zu\r\n\r\n", request->body_size);
    struct iovec parts[3] = {{(void *)(uintptr_t)request->head, strlen(request->head)},
                             {length, (size_t)length_size},
                             {(void *)(uintptr_t)request->body, request->body_size}};
    size_t total = parts[0].iov_len + parts[1].iov_len + parts[2].iov_len;
    ssize_t count = writev(client->socket, parts, 3);
    bench_must(count > 0, "send");
    size_t sent = (size_t)count;
    if (sent == total)
        return;
    size_t head_size = parts[0].iov_len + parts[1].iov_len;
    bench_must(sent >= head_size, "a head was sent in pieces");
    bench_write(client->socket, (const char *)request->body + (sent - head_size), total - sent);
}

static size_t
receive(struct http_client *client, size_t used)
{
    bench_must(used < sizeof client->buffer - 1, "an answer is too large");
    ssize_t count = recv(client->socket, client->buffer + used, sizeof client->buffer - 1 - used, 0);
    bench_must(count > 0, "receive");
    client->buffer[used + (size_t)count] = '\0';
    return used + (size_t)count;
}

void
http_client_ask(struct http_client *client, const struct http_request *request)
{
    send_request(client, request);
    size_t used = 0;
    char *end;
    do
        used = receive(client, used);
    while ((end = strstr(client->buffer, "\r\n\r\n")) == NULL);
    const char *length = strcasestr(client->buffer, "\r\nContent-Length:");
    bench_must(length != NULL && length < end, "an answer without Content-Length");
    client->status = (int)strtol(client->buffer + strlen("HTTP/1.1 "), NULL, 10);
    client->body_size = strtoul(length + strlen("\r\nContent-Length:"), NULL, 10);
    client->body = end + 4;
    while (used < (size_t)(client->body - client->buffer) + client->body_size)
        used = receive(client, used);
}

size_t
bench_read_targets(const char *path, struct target **ret_targets)
{
    FILE *file = fopen(path, "r");
    bench_must(file != NULL, path);
    size_t count = 0, room = 0;
    struct target *targets = NULL, one;
    while (fscanf(file, "%1023s %63s %15s", one.token, one.assignment, one.version) == 3) {
        if (count == room) {
            room = room == 0 ? 1024 : 2 * room;
            targets = realloc(targets, room * sizeof *targets);
            bench_must(targets != NULL, "memory");
        }
        targets[count++] = one;
    }
    fclose(file);
    bench_must(count > 0, "no targets");
    *ret_targets = targets;
    return count;
}

static int
compare_numbers(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

int64_t
bench_percentile(int64_t *numbers, size_t count, double share)
{
    if (count == 0)
        return 0;
    qsort(numbers, count, sizeof *numbers, compare_numbers);
    size_t index = (size_t)((double)count * share);
    return numbers[index < count ? index : count - 1];
}
