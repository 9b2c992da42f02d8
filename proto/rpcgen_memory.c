// Memory of the generator (freed at the end, all at once) and its complaints.
#include <stdlib.h>
#include <string.h>

#include "rpcgen.h"

struct allocation {
    struct allocation *next;
    max_align_t data[];
};

void *
model_take(struct model *model, size_t size)
{
    struct allocation *allocation = calloc(1, sizeof *allocation + size);
    if (allocation == NULL) {
        fputs("rpcgen: out of memory\n", stderr);
        exit(1);
    }
    allocation->next = model->allocations;
    model->allocations = allocation;
    return allocation->data;
}

char *
model_format(struct model *model, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    char *text = model_take(model, (size_t)(length < 0 ? 0 : length) + 1);
    if (length > 0)
        vsnprintf(text, (size_t)length + 1, format, again);
    va_end(again);
    return text;
}

void
model_done(struct model *model)
{
    while (model->allocations != NULL) {
        struct allocation *next = model->allocations->next;
        free(model->allocations);
        model->allocations = next;
    }
    if (model->set != NULL)
        google__protobuf__file_descriptor_set__free_unpacked(model->set, NULL);
    model->set = NULL;
}

void
complain(struct model *model, const FileProto *file, int line, const char *subject, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fprintf(stderr, "%s:%d: error: %s: ", file->name, line, subject);
    vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
    model->error_count++;
}
