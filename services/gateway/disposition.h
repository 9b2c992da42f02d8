// Content-Disposition with a Russian name: an ASCII name for old clients, the right one for the rest (RFC 6266, 8187).
#pragma once

#include "vekha/base/text.h"

void disposition_write(struct buffer *out, const char *file_name);
