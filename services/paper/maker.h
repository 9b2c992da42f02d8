// What makes a document of its parts: one per format.
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct about {
    const char *title, *author, *language, *made_at; // RFC 3339 UTC
    bool is_landscape;
};

struct column {
    char *title;
    unsigned chars;
    bool is_right;
};

enum text_style { TEXT_PLAIN, TEXT_RIGHT, TEXT_QUIET };

struct maker {
    // False: the document cannot be made.
    bool (*heading)(struct maker *maker, int level, const char *text);
    bool (*text)(struct maker *maker, enum text_style style, const char *text);
    bool (*item)(struct maker *maker, const char *text);
    bool (*begin_table)(struct maker *maker, const char *title, const struct column *columns, size_t count);
    bool (*row)(struct maker *maker, char *const *cells, size_t count, bool is_sum);
    bool (*end_table)(struct maker *maker);
    // Ends and frees it; `is_whole`: nothing was cut off.
    bool (*close)(struct maker *maker, bool is_whole);
};

// NULL: it cannot be made.
struct maker *pdf_new(const char *path, const struct about *about);
struct maker *odt_new(const char *path, const struct about *about);

// Reads lines (vekha/paper/paper.h) from standard input; true when the document is whole.
bool lines_make(const char *format, const char *path);
