// Content-Disposition with a Russian name: an ASCII name for old clients, the right one for the rest (RFC 6266, 8187).
#pragma once

#include "vekha/base/text.h"

// kind: "attachment" or "inline".
void disposition_write(struct buffer *out, const char *kind, const char *file_name);
