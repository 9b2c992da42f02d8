// Base64 as the proto3 JSON mapping wants it: written standard with padding, read in either alphabet.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "vekha/base/text.h"

size_t base64_decoded_max(size_t size);
// Standard or URL-safe, padding optional but right. Returns the decoded size, or -1.
long base64_decode(const char *text, size_t size, uint8_t *out);
void base64_write(struct buffer *out, const uint8_t *data, size_t size);
