// The gateway's JSON mapping as a filter, for the oracle test: a line "message<TAB>JSON" in, and out either
// "ok<TAB>JSON" or "refused<TAB>status<TAB>field:code ...".
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "json_read.h"
#include "json_write.h"
#include "vekha/bus/contract.h"

enum { ARENA_BYTES = 16 * 1024 * 1024, OUTPUT_BYTES = 16 * 1024 * 1024, MAX_DEPTH = 16 };

static const ProtobufCMessageDescriptor *
find_below(const ProtobufCMessageDescriptor *descriptor, const char *name, int depth)
{
    if (strcmp(descriptor->name, name) == 0)
        return descriptor;
    for (unsigned i = 0; i < descriptor->n_fields && depth < MAX_DEPTH; i++) {
        if (descriptor->fields[i].type != PROTOBUF_C_TYPE_MESSAGE)
            continue;
        const ProtobufCMessageDescriptor *found = find_below(descriptor->fields[i].descriptor, name, depth + 1);
        if (found != NULL)
            return found;
    }
    return NULL;
}

static const ProtobufCMessageDescriptor *
find_message(const char *name)
{
    const ProtobufCMessageDescriptor *found = NULL;
    for (size_t i = 0; i < contract_method_count && found == NULL; i++) {
        found = find_below(contract_methods[i].request, name, 0);
        found = found != NULL ? found : find_below(contract_methods[i].reply, name, 0);
    }
    for (size_t i = 0; i < contract_event_count && found == NULL; i++)
        found = find_below(contract_events[i], name, 0);
    return found;
}

static void
answer(const ProtobufCMessage *message, enum status status, const struct violations *violations)
{
    if (status != STATUS_OK) {
        printf("refused\t%s\t", status_code(status));
        for (size_t i = 0; i < violations->count; i++)
            printf("%s:%s ", violations->items[i]->field, violations->items[i]->code);
        if (violations->code != NULL)
            printf("%s", violations->code);
        putchar('\n');
        return;
    }
    struct buffer out;
    buffer_init(&out, OUTPUT_BYTES);
    json_write(&out, message);
    printf("ok\t%s\n", out.data);
    buffer_done(&out);
}

static void
round_trip(const ProtobufCMessageDescriptor *descriptor, const char *json)
{
    struct arena arena;
    arena_init(&arena, ARENA_BYTES);
    struct violations violations = {.arena = &arena, .english = true};
    ProtobufCMessage *message = arena_take(&arena, descriptor->sizeof_message);
    if (message == NULL)
        exit(1);
    protobuf_c_message_init(descriptor, message);
    answer(message, json_read(json, strlen(json), message, &violations), &violations);
    arena_done(&arena);
}

int
main(void)
{
    char *line = NULL;
    size_t capacity = 0;
    ssize_t size;
    while ((size = getline(&line, &capacity, stdin)) > 0) {
        line[strcspn(line, "\n")] = '\0';
        char *tab = strchr(line, '\t');
        if (tab == NULL)
            return 2;
        *tab = '\0';
        const ProtobufCMessageDescriptor *descriptor = find_message(line);
        if (descriptor == NULL)
            puts("unknown");
        else
            round_trip(descriptor, tab + 1);
        fflush(stdout);
    }
    free(line);
    return 0;
}
