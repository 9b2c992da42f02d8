// CURVE key pairs and the folder of public certificates: who may open a connection at all.
#pragma once

#include "vekha/base/status.h"

enum { CURVE_KEY_CHARS = 40 };

struct curve_key_pair {
    char public_key[CURVE_KEY_CHARS + 1]; // Z85
    char secret_key[CURVE_KEY_CHARS + 1];
};

// <folder>/<name>.key (0600): two lines, public and secret. <folder>/public/<name>.pub: one line.
MUST_CHECK enum status keys_make(const char *folder, const char *name);
MUST_CHECK enum status keys_load_pair(const char *folder, const char *name, struct curve_key_pair *ret_pair);
MUST_CHECK enum status keys_load_public(const char *folder, const char *name, char out[CURVE_KEY_CHARS + 1]);
