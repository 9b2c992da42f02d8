// What every fuzz target uses: the entry, a demand that ends the program, a reader of the input.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

// A property of the parser: without it the input is a finding. Not assert(): it must never be compiled out.
#define DEMAND(condition)                                                                                              \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            (void)fprintf(stderr, "%s:%d: not so: %s\n", __FILE__, __LINE__, #condition);                              \
            abort();                                                                                                   \
        }                                                                                                              \
    } while (0)

struct fuzz_input {
    const uint8_t *next;
    size_t left;
};

// 0 at the end.
static inline uint8_t
input_byte(struct fuzz_input *input)
{
    if (input->left == 0)
        return 0;
    input->left--;
    return *input->next++;
}

// Copies what comes before `end` (or all there is) as text into `out`, and steps behind it; at most capacity - 1 bytes.
static inline size_t
input_text(struct fuzz_input *input, char end, char *out, size_t capacity)
{
    size_t size = 0;
    while (input->left > 0) {
        char c = (char)input_byte(input);
        if (c == end)
            break;
        if (size + 1 < capacity)
            out[size++] = c;
    }
    out[size] = '\0';
    return size;
}

// A line that names one of `count` things; other words mean one of them too, so that every input does.
static inline size_t
input_choice(struct fuzz_input *input, const char *(*name_of)(size_t index), size_t count)
{
    char name[64];
    size_t hash = input_text(input, '\n', name, sizeof name);
    for (size_t i = 0; i < count; i++)
        if (strcmp(name_of(i), name) == 0)
            return i;
    for (const char *c = name; *c != '\0'; c++)
        hash = hash * 31 + (unsigned char)*c;
    return hash % count;
}
