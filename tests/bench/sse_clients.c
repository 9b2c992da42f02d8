// Many readers of the event stream (server-sent events) in one epoll loop: how long after its moment an event arrives.
// Usage: sse_clients PORT LAST_EVENT_ID TOKENS; a line of TOKENS is a stream. Prints "ready" when all streams have
// begun. Then, as often as its input says how many deliveries there must be, it waits for the last of them, at most
// 20 s, prints {"streams":…, "ended":…, "deliveries":…, "p50_ms":…, "p99_ms":…, "max_ms":…} and counts anew.
// An event's moment is its "at": when the service began the command that made it, in milliseconds of the wall clock.
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "http_client.h"

enum { STREAMS_MAX = 4096, LINE_BYTES = 2048, BINS = 600000, BINS_PER_MS = 10, READ_BYTES = 64 * 1024, EVENTS = 256 };

enum where { IN_HEAD, IN_SIZE, IN_DATA, AFTER_DATA };

struct stream {
    int socket;
    enum where where;
    size_t chunk_left; // of IN_DATA
    size_t used;
    char line[LINE_BYTES]; // of the head, a chunk's size or the stream itself; a chunk may end within one
    size_t size_used;
    char size_line[32];
    bool has_begun;
};

static struct {
    struct stream *streams[STREAMS_MAX];
    size_t count, begun, ended, deliveries;
    uint32_t bins[BINS];
    int64_t max_us;
    int epoll;
} bench;

static int64_t
wall_us(void)
{
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000;
}

// "2026-11-22T05:44:40.497Z"; -1: not a moment.
static int64_t
parse_moment_us(const char *text)
{
    struct tm moment = {0};
    int milliseconds;
    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &moment.tm_year, &moment.tm_mon, &moment.tm_mday, &moment.tm_hour,
               &moment.tm_min, &moment.tm_sec, &milliseconds) != 7)
        return -1;
    moment.tm_year -= 1900;
    moment.tm_mon -= 1;
    return (int64_t)timegm(&moment) * 1000000 + (int64_t)milliseconds * 1000;
}

static void
take_line(struct stream *stream, const char *line, int64_t arrived_us)
{
    if (strncmp(line, "retry:", 6) == 0 && !stream->has_begun) {
        stream->has_begun = true;
        bench.begun++;
    }
    const char *at = strncmp(line, "data:", 5) == 0 ? strstr(line, "\"at\":\"") : NULL;
    int64_t moment_us = at ? parse_moment_us(at + strlen("\"at\":\"")) : -1;
    if (moment_us < 0)
        return;
    int64_t late_us = arrived_us > moment_us ? arrived_us - moment_us : 0;
    int64_t bin = late_us * BINS_PER_MS / 1000;
    bench.bins[bin < BINS ? bin : BINS - 1]++;
    bench.max_us = late_us > bench.max_us ? late_us : bench.max_us;
    bench.deliveries++;
}

static void
take_text(struct stream *stream, char byte, int64_t arrived_us)
{
    if (byte != '\n') {
        bench_must(stream->used < LINE_BYTES - 1, "a line is too long");
        stream->line[stream->used++] = byte;
        return;
    }
    stream->line[stream->used] = '\0';
    stream->used = 0;
    take_line(stream, stream->line, arrived_us);
}

static void
take_head_byte(struct stream *stream, char byte)
{
    if (byte == '\r')
        return;
    if (byte != '\n') {
        if (stream->used < LINE_BYTES - 1)
            stream->line[stream->used++] = byte;
        return;
    }
    stream->line[stream->used] = '\0';
    if (strncmp(stream->line, "HTTP/1.1 ", 9) == 0 && strncmp(stream->line + 9, "200", 3) != 0) {
        fprintf(stderr, "sse_clients: %s\n", stream->line);
        exit(1);
    }
    if (stream->used == 0)
        stream->where = IN_SIZE;
    stream->used = 0;
}

static void
take_size_byte(struct stream *stream, char byte)
{
    if (byte != '\n') {
        bench_must(stream->size_used < sizeof stream->size_line - 1, "a chunk's size is too long");
        stream->size_line[stream->size_used++] = byte;
        return;
    }
    stream->size_line[stream->size_used] = '\0';
    stream->size_used = 0;
    stream->chunk_left = strtoul(stream->size_line, NULL, 16);
    stream->where = stream->chunk_left > 0 ? IN_DATA : AFTER_DATA;
}

static void
take_bytes(struct stream *stream, const char *bytes, size_t size, int64_t arrived_us)
{
    for (size_t i = 0; i < size; i++) {
        switch (stream->where) {
        case IN_HEAD:
            take_head_byte(stream, bytes[i]);
            break;
        case IN_SIZE:
            take_size_byte(stream, bytes[i]);
            break;
        case IN_DATA:
            take_text(stream, bytes[i], arrived_us);
            if (--stream->chunk_left == 0)
                stream->where = AFTER_DATA;
            break;
        case AFTER_DATA:
            if (bytes[i] == '\n')
                stream->where = IN_SIZE;
            break;
        }
    }
}

static void
read_stream(struct stream *stream)
{
    static char buffer[READ_BYTES];
    ssize_t count = recv(stream->socket, buffer, sizeof buffer, MSG_DONTWAIT);
    if (count < 0 && (errno == EAGAIN || errno == EINTR))
        return;
    if (count > 0) {
        take_bytes(stream, buffer, (size_t)count, wall_us());
        return;
    }
    bench.ended++;
    epoll_ctl(bench.epoll, EPOLL_CTL_DEL, stream->socket, NULL);
}

static void
turn(int timeout_ms)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(bench.epoll, events, EVENTS, timeout_ms);
    for (int i = 0; i < count; i++)
        if (events[i].data.ptr != NULL)
            read_stream(events[i].data.ptr);
}

static void
open_stream(int port, const char *after, const char *token)
{
    char request[2048];
    int size = snprintf(request, sizeof request,
                        "GET /api/v1/events HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n"
                        "Accept: text/event-stream\r\nLast-Event-ID: %s\r\n\r\n",
                        token, after);
    struct stream *stream = calloc(1, sizeof *stream);
    bench_must(stream != NULL && bench.count < STREAMS_MAX, "too many streams");
    stream->socket = bench_connect(port);
    bench_write(stream->socket, request, (size_t)size);
    bench.streams[bench.count++] = stream;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = stream};
    bench_must(epoll_ctl(bench.epoll, EPOLL_CTL_ADD, stream->socket, &event) == 0, "epoll");
}

static void
open_all(int port, const char *after, const char *path)
{
    enum { START_MS = 30000 };
    char token[1024];
    FILE *file = fopen(path, "r");
    bench_must(file != NULL, path);
    while (fscanf(file, "%1023s", token) == 1) {
        open_stream(port, after, token);
        turn(0);
    }
    fclose(file);
    int64_t until_us = bench_now_us() + (int64_t)START_MS * 1000;
    while (bench.begun < bench.count && bench_now_us() < until_us)
        turn(100);
    fprintf(stderr, "%zu of %zu streams have begun\n", bench.begun, bench.count);
    bench_must(bench.begun == bench.count, "streams");
}

static double
percentile_ms(double share)
{
    size_t wanted = (size_t)((double)bench.deliveries * share), seen = 0;
    for (size_t bin = 0; bin < BINS; bin++) {
        seen += bench.bins[bin];
        if (seen > wanted)
            return (double)bin / BINS_PER_MS;
    }
    return (double)BINS / BINS_PER_MS;
}

// Reads streams until the input has a whole line. False when the input has ended.
static bool
read_number(size_t *ret_number)
{
    char line[32];
    size_t used = 0;
    while (used == 0 || line[used - 1] != '\n') {
        turn(100);
        ssize_t count = read(STDIN_FILENO, line + used, sizeof line - 1 - used);
        if (count == 0)
            return false;
        bench_must(count > 0 || errno == EAGAIN, "input");
        used += count > 0 ? (size_t)count : 0;
    }
    line[used] = '\0';
    *ret_number = strtoul(line, NULL, 10);
    return true;
}

static void
wait_for(size_t deliveries)
{
    enum { LAST_MS = 20000 };
    int64_t until_us = bench_now_us() + (int64_t)LAST_MS * 1000;
    while (bench.deliveries < deliveries && bench_now_us() < until_us)
        turn(100);
}

static void
report_and_reset(void)
{
    printf("{\"streams\": %zu, \"ended\": %zu, \"deliveries\": %zu, \"p50_ms\": %.1f, \"p99_ms\": %.1f, "
           "\"max_ms\": %.1f}\n",
           bench.count, bench.ended, bench.deliveries, percentile_ms(0.5), percentile_ms(0.99),
           (double)bench.max_us / 1000);
    fflush(stdout);
    memset(bench.bins, 0, sizeof bench.bins);
    bench.deliveries = 0;
    bench.max_us = 0;
}

int
main(int argc, char **argv)
{
    if (argc != 4) {
        fprintf(stderr, "usage: %s PORT LAST_EVENT_ID TOKENS\n", argv[0]);
        return 2;
    }
    bench.epoll = epoll_create1(EPOLL_CLOEXEC);
    bench_must(bench.epoll >= 0, "epoll");
    open_all((int)strtol(argv[1], NULL, 10), argv[2], argv[3]);
    struct epoll_event input = {.events = EPOLLIN};
    bench_must(epoll_ctl(bench.epoll, EPOLL_CTL_ADD, STDIN_FILENO, &input) == 0, "input must be a pipe");
    bench_must(fcntl(STDIN_FILENO, F_SETFL, O_NONBLOCK) == 0, "input");
    puts("ready");
    fflush(stdout);
    size_t awaited;
    while (read_number(&awaited)) {
        wait_for(awaited);
        report_and_reset();
    }
    for (size_t i = 0; i < bench.count; i++)
        free(bench.streams[i]);
    return 0;
}
