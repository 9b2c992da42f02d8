// Sends answers for review at a fixed rate, whatever the system does (open loop), each target once.
// Usage: paced_submits PORT RATE COUNT TARGETS. Prints {"answered":…, "refused":…, "duration_us":…, "p50_us":…,
// "p99_us":…}; times count from the moment a request was due.
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "http_client.h"

enum { THREADS = 32 };

static struct {
    int port;
    int64_t rate, started_us;
    size_t count;
    struct target *targets;
    int64_t *times_us;
    atomic_size_t next, refused;
} work;

static void
wait_until(int64_t moment_us)
{
    int64_t left_us = moment_us - bench_now_us();
    if (left_us <= 0)
        return;
    struct timespec pause = {left_us / 1000000, left_us % 1000000 * 1000};
    nanosleep(&pause, NULL);
}

static void *
run(void *context)
{
    (void)context;
    struct http_client *client = malloc(sizeof *client);
    bench_must(client != NULL, "memory");
    http_client_open(client, work.port);
    size_t number;
    while ((number = atomic_fetch_add(&work.next, 1)) < work.count) {
        const struct target *target = &work.targets[number];
        char head[2048];
        snprintf(head, sizeof head,
                 "POST /api/v1/assignments/%s:submit HTTP/1.1\r\nHost: bench\r\nAuthorization: Bearer %s\r\n"
                 "Content-Type: application/json\r\nIf-Match: \"%s\"\r\n",
                 target->assignment, target->token, target->version);
        int64_t due_us = work.started_us + (int64_t)number * 1000000 / work.rate;
        wait_until(due_us);
        http_client_ask(client, &(struct http_request){head, "{}", 2});
        if (client->status != 200 && atomic_fetch_add(&work.refused, 1) < 3)
            fprintf(stderr, "%d %s\n", client->status, client->body);
        work.times_us[number] = bench_now_us() - due_us;
    }
    free(client);
    return NULL;
}

int
main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: %s PORT RATE COUNT TARGETS\n", argv[0]);
        return 2;
    }
    work.port = (int)strtol(argv[1], NULL, 10);
    work.rate = strtol(argv[2], NULL, 10);
    work.count = strtoul(argv[3], NULL, 10);
    bench_must(bench_read_targets(argv[4], &work.targets) >= work.count, "too few targets");
    work.times_us = calloc(work.count, sizeof *work.times_us);
    bench_must(work.times_us != NULL && work.rate > 0, "numbers");
    pthread_t runners[THREADS];
    work.started_us = bench_now_us();
    for (int i = 0; i < THREADS; i++)
        bench_must(pthread_create(&runners[i], NULL, run, NULL) == 0, "thread");
    for (int i = 0; i < THREADS; i++)
        pthread_join(runners[i], NULL);
    int64_t duration_us = bench_now_us() - work.started_us;
    printf("{\"answered\": %zu, \"refused\": %zu, \"duration_us\": %lld, \"p50_us\": %lld, \"p99_us\": %lld}\n",
           work.count, (size_t)work.refused, (long long)duration_us,
           (long long)bench_percentile(work.times_us, work.count, 0.5),
           (long long)bench_percentile(work.times_us, work.count, 0.99));
    free(work.times_us);
    free(work.targets);
    return 0;
}
