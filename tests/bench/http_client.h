// A blocking HTTP/1.1 client on one kept connection to 127.0.0.1, for generators of load. What fails ends the program.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HTTP_CLIENT_BUFFER_BYTES = 64 * 1024 };

struct http_client {
    int socket;
    int status; // of the last answer
    char *body; // of the last answer, ends with a zero
    size_t body_size;
    char buffer[HTTP_CLIENT_BUFFER_BYTES];
};

// head: request line and headers, each ending in \r\n, without Content-Length and the empty line.
struct http_request {
    const char *head;
    const void *body;
    size_t body_size;
};

// One line of a file of targets: "token assignment version".
struct target {
    char token[1024], assignment[64], version[16];
};

void bench_must(bool is_true, const char *what);
int64_t bench_now_us(void);
int bench_connect(int port);
void bench_write(int socket, const void *data, size_t size);
void http_client_open(struct http_client *client, int port);
void http_client_ask(struct http_client *client, const struct http_request *request);
// ret_targets: freed by the caller.
size_t bench_read_targets(const char *path, struct target **ret_targets);
// The given share (0.99) of sorted numbers.
int64_t bench_percentile(int64_t *numbers, size_t count, double share);
