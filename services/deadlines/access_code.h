// The code in the link of a letter with access: nobody stores it, whoever has the service's key can make it again.
#pragma once

#include "vekha/base/config.h"
#include "vekha/base/status.h"

enum { ACCESS_CODE_CHARS = 32 };

// Reads the service's key; before any thread.
MUST_CHECK enum status access_code_open(const struct config *config);
// 128 bits as hex; out holds ACCESS_CODE_CHARS + 1.
void access_code_of(const char *mail_id, char out[ACCESS_CODE_CHARS + 1]);
