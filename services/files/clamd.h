// Asks a ClamAV daemon about a file's bytes over its local socket (INSTREAM).
#pragma once

#include "vekha/base/status.h"

enum virus_verdict { VIRUS_NONE, VIRUS_FOUND };

enum { CLAMD_TIMEOUT_MS = 10000 };

// file: read from its beginning without moving its position. BUSY when the daemon is away, slow or unsure: that is
// never "clean".
MUST_CHECK enum status clamd_ask(const char *socket_path, int file, enum virus_verdict *ret_verdict);
