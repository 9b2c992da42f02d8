// The cabinet's files, opened once at start: no path of a request ever reaches the file system.
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "vekha/base/status.h"

enum { STATIC_MAX_FILES = 512, STATIC_MAX_BYTES = 32 * 1024 * 1024 };

struct static_file {
    char *path; // "assets/index-1a2b.js"
    int fd;     // read at offsets only
    size_t size;
    const char *content_type;
    char tag[67];      // "\"sha256\""
    bool is_permanent; // its name changes with its content
};

// The form in which a file travels.
struct static_choice {
    const struct static_file *file;
    const char *encoding; // NULL: as it is
};

struct static_files;

// An empty folder name: no files. NOT_FOUND, TOO_LARGE, BUSY when it cannot be read.
MUST_CHECK enum status static_files_load(const char *folder, struct static_files **ret_files);
void static_files_free(struct static_files **files);
// path: without the leading slash. An address of the cabinet's own gets its index.html. NULL: nothing there.
const struct static_file *static_files_find(const struct static_files *files, const char *path);
// The smallest form beside the file (".br", ".gz") that Accept-Encoding (may be NULL) allows.
struct static_choice static_files_choose(const struct static_files *files, const struct static_file *file,
                                         const char *accept_encoding);
