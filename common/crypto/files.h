// Small key files, written once and never overwritten. Private to this library.
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "vekha/base/status.h"

enum { MAX_KEY_PATH_BYTES = 1024, MAX_KEY_FILE_BYTES = 512 };

// Makes the folder with mode 0700 if it is not there.
MUST_CHECK enum status key_folder_make(const char *path);
// CONFLICT when the file exists. Durable when it returns OK; nothing is left behind otherwise.
MUST_CHECK enum status key_file_create(const char *path, mode_t mode, const char *text);
// NOT_FOUND without the file. FORBIDDEN when a secret file may be read by everybody.
MUST_CHECK enum status key_file_read(const char *path, bool is_secret, char out[MAX_KEY_FILE_BYTES]);
