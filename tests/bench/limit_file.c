// The limit of an upload: write, fsync, rename, fsync of the folder, by as many threads as there are uploading clients.
// Usage: limit_file FOLDER SECONDS THREADS BYTES; leaves its files in FOLDER. Prints {"files":…, "duration_us":…}.
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "http_client.h"

enum { THREADS_MAX = 64 };

static struct {
    const char *folder;
    char *bytes;
    size_t size;
    int64_t until_us;
} work;

struct writer {
    pthread_t thread;
    int number;
    size_t files;
};

static void
keep_file(int folder, const char *temporary, const char *kept)
{
    int file = openat(folder, temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bench_must(file >= 0, temporary);
    bench_must(write(file, work.bytes, work.size) == (ssize_t)work.size, "write");
    bench_must(fsync(file) == 0, "fsync");
    close(file);
    bench_must(renameat(folder, temporary, folder, kept) == 0, "rename");
    bench_must(fsync(folder) == 0, "fsync of the folder");
}

static void *
run(void *context)
{
    struct writer *writer = context;
    int folder = open(work.folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bench_must(folder >= 0, work.folder);
    while (bench_now_us() < work.until_us) {
        char temporary[64], kept[64];
        snprintf(temporary, sizeof temporary, "tmp-%d", writer->number);
        snprintf(kept, sizeof kept, "%d-%zu", writer->number, writer->files);
        keep_file(folder, temporary, kept);
        writer->files++;
    }
    close(folder);
    return NULL;
}

int
main(int argc, char **argv)
{
    if (argc != 5) {
        fprintf(stderr, "usage: %s FOLDER SECONDS THREADS BYTES\n", argv[0]);
        return 2;
    }
    int threads = (int)strtol(argv[3], NULL, 10);
    bench_must(threads > 0 && threads <= THREADS_MAX, "threads");
    work.folder = argv[1];
    work.size = strtoul(argv[4], NULL, 10);
    work.bytes = malloc(work.size);
    bench_must(work.bytes != NULL, "memory");
    memset(work.bytes, 'x', work.size);
    struct writer writers[THREADS_MAX] = {0};
    int64_t started_us = bench_now_us();
    work.until_us = started_us + strtol(argv[2], NULL, 10) * 1000000;
    for (int i = 0; i < threads; i++) {
        writers[i].number = i;
        bench_must(pthread_create(&writers[i].thread, NULL, run, &writers[i]) == 0, "thread");
    }
    size_t files = 0;
    for (int i = 0; i < threads; i++) {
        pthread_join(writers[i].thread, NULL);
        files += writers[i].files;
    }
    printf("{\"files\": %zu, \"duration_us\": %lld}\n", files, (long long)(bench_now_us() - started_us));
    free(work.bytes);
    return 0;
}
