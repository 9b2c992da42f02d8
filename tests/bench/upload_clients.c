// Uploads PDFs through the API, each with a content of its own, on kept connections.
// Usage: upload_clients once|pieces PORT SECONDS THREADS TARGETS PDF; once: one request; pieces: begin, one piece,
// complete. "0123456789abcdef" in PDF is replaced by a number.
// Prints {"uploads":…, "duration_us":…, "p50_us":…, "p99_us":…}.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "http_client.h"

enum { THREADS_MAX = 64, UPLOADS_MAX = 100000, MARK_BYTES = 16, ID_BYTES = 37 };
static const char MARK[MARK_BYTES + 1] = "0123456789abcdef";

static struct {
    int port;
    bool at_once;
    int64_t until_us;
    struct target *targets;
    size_t target_count;
    char *pdf;
    size_t pdf_size, mark_at;
    atomic_size_t next;
    int64_t times_us[UPLOADS_MAX];
    atomic_size_t done;
} work;

static void
ask(struct http_client *client, const char *head, const void *body, size_t size)
{
    http_client_ask(client, &(struct http_request){head, body, size});
    if (client->status != 200) {
        fprintf(stderr, "%.60s: %d %s\n", head, client->status, client->body);
        exit(1);
    }
}

static void
copy_id(const char *body, char out[ID_BYTES])
{
    const char *found = strstr(body, "\"uploadId\":\"");
    bench_must(found != NULL, "an answer without uploadId");
    snprintf(out, ID_BYTES, "%s", found + strlen("\"uploadId\":\""));
}

static void
upload_at_once(struct http_client *client, const struct target *target, const char *pdf)
{
    char head[2048];
    snprintf(head, sizeof head,
             "POST /api/v1/documents?fileName=order.pdf&assignmentId=%s HTTP/1.1\r\nHost: bench\r\n"
             "Authorization: Bearer %s\r\nContent-Type: application/octet-stream\r\n",
             target->assignment, target->token);
    ask(client, head, pdf, work.pdf_size);
}

static void
upload_in_pieces(struct http_client *client, const struct target *target, const char *pdf)
{
    char head[2048], body[256], id[ID_BYTES];
    snprintf(head, sizeof head,
             "POST /api/v1/uploads HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n"
             "Content-Type: application/json\r\n",
             target->token);
    int size = snprintf(body, sizeof body, "{\"assignmentId\":\"%s\",\"fileName\":\"order.pdf\",\"sizeBytes\":\"%zu\"}",
                        target->assignment, work.pdf_size);
    ask(client, head, body, (size_t)size);
    copy_id(client->body, id);
    snprintf(head, sizeof head,
             "PATCH /api/v1/uploads/%s HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n"
             "Content-Type: application/octet-stream\r\nUpload-Offset: 0\r\n",
             id, target->token);
    ask(client, head, pdf, work.pdf_size);
    snprintf(head, sizeof head,
             "POST /api/v1/uploads/%s:complete HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n"
             "Content-Type: application/json\r\n",
             id, target->token);
    ask(client, head, "{}", 2);
}

static void *
run(void *context)
{
    (void)context;
    struct http_client *client = malloc(sizeof *client);
    char *pdf = malloc(work.pdf_size);
    bench_must(client != NULL && pdf != NULL, "memory");
    memcpy(pdf, work.pdf, work.pdf_size);
    http_client_open(client, work.port);
    int64_t started_us;
    while ((started_us = bench_now_us()) < work.until_us) {
        char mark[MARK_BYTES + 1];
        size_t number = atomic_fetch_add(&work.next, 1);
        snprintf(mark, sizeof mark, "%016llx", (unsigned long long)(started_us * 64 + (int64_t)(number % 64)));
        memcpy(pdf + work.mark_at, mark, MARK_BYTES);
        (work.at_once ? upload_at_once : upload_in_pieces)(client, &work.targets[number % work.target_count], pdf);
        size_t index = atomic_fetch_add(&work.done, 1);
        bench_must(index < UPLOADS_MAX, "too many uploads");
        work.times_us[index] = bench_now_us() - started_us;
    }
    free(pdf);
    free(client);
    return NULL;
}

static void
read_pdf(const char *path)
{
    enum { PDF_MAX = 64 * 1024 };
    FILE *file = fopen(path, "r");
    bench_must(file != NULL, path);
    work.pdf = malloc(PDF_MAX);
    bench_must(work.pdf != NULL, "memory");
    work.pdf_size = fread(work.pdf, 1, PDF_MAX, file);
    fclose(file);
    const char *mark = memmem(work.pdf, work.pdf_size, MARK, MARK_BYTES);
    bench_must(mark != NULL, "the PDF has no mark");
    work.mark_at = (size_t)(mark - work.pdf);
}

int
main(int argc, char **argv)
{
    if (argc != 7) {
        fprintf(stderr, "usage: %s once|pieces PORT SECONDS THREADS TARGETS PDF\n", argv[0]);
        return 2;
    }
    work.at_once = strcmp(argv[1], "once") == 0;
    argv++;
    int threads = (int)strtol(argv[3], NULL, 10);
    bench_must(threads > 0 && threads <= THREADS_MAX, "threads");
    work.port = (int)strtol(argv[1], NULL, 10);
    work.target_count = bench_read_targets(argv[4], &work.targets);
    read_pdf(argv[5]);
    pthread_t runners[THREADS_MAX];
    int64_t started_us = bench_now_us();
    work.until_us = started_us + strtol(argv[2], NULL, 10) * 1000000;
    for (int i = 0; i < threads; i++)
        bench_must(pthread_create(&runners[i], NULL, run, NULL) == 0, "thread");
    for (int i = 0; i < threads; i++)
        pthread_join(runners[i], NULL);
    int64_t duration_us = bench_now_us() - started_us;
    size_t done = work.done;
    printf("{\"uploads\": %zu, \"duration_us\": %lld, \"p50_us\": %lld, \"p99_us\": %lld}\n", done,
           (long long)duration_us, (long long)bench_percentile(work.times_us, done, 0.5),
           (long long)bench_percentile(work.times_us, done, 0.99));
    free(work.targets);
    free(work.pdf);
    return 0;
}
