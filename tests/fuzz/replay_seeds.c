// Runs a fuzz target over the files of a folder, whole and cut short at every byte.
#include <dirent.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MAX_SEED_BYTES = 64 * 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// A copy of exactly this size, so that a sanitizer sees a step beyond its end.
static void
run(const uint8_t *data, size_t size)
{
    uint8_t *copy = malloc(size + 1);
    if (copy == NULL)
        exit(1);
    uint8_t *exact = realloc(copy, size == 0 ? 1 : size);
    if (exact == NULL)
        exit(1);
    memcpy(exact, data, size);
    LLVMFuzzerTestOneInput(exact, size);
    free(exact);
}

static size_t
run_file(const char *path)
{
    static uint8_t data[MAX_SEED_BYTES];
    FILE *file = fopen(path, "rb");
    if (file == NULL)
        return 0;
    size_t size = fread(data, 1, sizeof data, file);
    fclose(file);
    for (size_t length = 0; length <= size; length++)
        run(data, length);
    return 1;
}

int
main(int argc, char **argv)
{
    DIR *folder = argc == 2 ? opendir(argv[1]) : NULL;
    size_t count = 0;
    if (folder == NULL) {
        fprintf(stderr, "use: %s FOLDER_OF_SEEDS\n", argv[0]);
        return 2;
    }
    for (const struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        char path[4096];
        snprintf(path, sizeof path, "%s/%s", argv[1], entry->d_name);
        if (entry->d_name[0] != '.')
            count += run_file(path);
    }
    closedir(folder);
    printf("%zu seeds\n", count);
    return count == 0;
}
