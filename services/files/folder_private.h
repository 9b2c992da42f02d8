// Private to folder*.c: the open folder.
#pragma once

#include <time.h>

#include "folder.h"

struct folder {
    char path[384];
    int root, uploads; // descriptors of the folder and of its tmp/
};

enum { FOLDER_MODE = 0700, WRITABLE = 0600, SEALED = 0400 };

// The descriptor of ab/, or -1; makes it, durably, when asked to.
int folder_open_shard(const struct folder *folder, const char *sha256, bool make);
// errno as a status; BUSY: no room on the disk.
enum status folder_failure(void);
MUST_CHECK enum status folder_write(int file, uint64_t offset, const void *data, size_t size);
int64_t folder_time_ms(const struct timespec *time);
