// Reading that is not content with less than there is.
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

// As much of `size` bytes from `offset` on as the file has; -1 on an error.
ssize_t read_fully(int file, void *out, size_t size, uint64_t offset);
