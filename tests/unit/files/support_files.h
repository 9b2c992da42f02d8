// A folder for one test, and PDFs written byte by byte: real ones, with a cross-reference table that is right.
#pragma once

#include <stdbool.h>
#include <stddef.h>

// A fresh folder under the system's temporary one; out holds 64 bytes. The caller removes it.
void make_test_folder(char out[64]);
void remove_test_folder(const char *path);
void write_test_file(const char *path, const void *bytes, size_t size);

struct pdf_plan {
    int pages;
    const char *catalogue; // more entries of the catalogue: "/OpenAction << ... >>"
    const void *content;   // of every page; NULL: nothing drawn
    size_t content_size;
    const char *content_filter; // "/Filter /FlateDecode"
};
// Returns its size.
size_t write_test_pdf(const char *path, const struct pdf_plan *plan);
// Runs /usr/bin/qpdf with the given arguments, NULL-ended. True when it succeeded.
bool run_qpdf(char *const arguments[]);
