// Accept-Encoding (RFC 9110, 12.5.3): whether an answer may travel compressed.
#pragma once

#include <stdbool.h>

// The client takes `encoding`, by name or as "*", and does not like it less than the bytes as they are. `accept` is the
// header's value; NULL without one: then nothing but the bytes themselves is sure to be understood.
bool encoding_is_accepted(const char *accept, const char *encoding);
