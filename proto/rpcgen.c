// Reads a FileDescriptorSet on standard input, checks the contract, and writes C tables, thunks and the OpenAPI
// document into a folder: rpcgen OUTDIR < set
#include <stdlib.h>
#include <string.h>

#include "rpcgen.h"

enum { MAX_SET_BYTES = 64 * 1024 * 1024 };

FILE *
output_open(const char *folder, const char *name)
{
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *output = fopen(path, "w");
    if (output == NULL) {
        fprintf(stderr, "rpcgen: cannot write %s; does the folder exist?\n", path);
        exit(1);
    }
    return output;
}

void
output_close(FILE *output, const char *name)
{
    bool failed = ferror(output) != 0;
    if (fclose(output) != 0 || failed) {
        fprintf(stderr, "rpcgen: writing %s failed; is the disk full?\n", name);
        exit(1);
    }
}

static uint8_t *
read_input(struct model *model, size_t *ret_size)
{
    size_t capacity = 1 << 20, size = 0;
    uint8_t *data = model_take(model, capacity);
    while (true) {
        size_t got = fread(data + size, 1, capacity - size, stdin);
        size += got;
        if (got == 0)
            break;
        if (size == capacity && capacity < MAX_SET_BYTES) {
            uint8_t *bigger = model_take(model, 2 * capacity);
            memcpy(bigger, data, size);
            data = bigger;
            capacity *= 2;
        }
    }
    *ret_size = size;
    return data;
}

int
main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("use: rpcgen OUTDIR < descriptor set of protoc --include_imports --include_source_info\n", stderr);
        return 2;
    }
    struct model model = {0};
    size_t size;
    const uint8_t *data = read_input(&model, &size);
    model.set = google__protobuf__file_descriptor_set__unpack(NULL, size, data);
    if (model.set == NULL || model.set->n_file == 0) {
        fputs("rpcgen: standard input is no descriptor set\n", stderr);
        model_done(&model);
        return 1;
    }
    model_load(&model);
    model_check(&model);
    if (model.error_count == 0) {
        for (size_t i = 0; i < model.service_count; i++) {
            write_service_header(&model, &model.services[i], argv[1]);
            write_service_source(&model, &model.services[i], argv[1]);
        }
        write_contract(&model, argv[1]);
        write_openapi(&model, argv[1]);
    }
    bool failed = model.error_count > 0;
    model_done(&model);
    return failed ? 1 : 0;
}
