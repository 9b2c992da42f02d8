// A process's settings: `key = value` lines of a file, # comments. Unknown keys are an error, so a typo is found.
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "vekha/base/status.h"

struct config;

// One row of the table of known keys.
struct config_key {
    const char *name;
    const char *fallback; // NULL: mandatory
    const char *help;     // unit and meaning, for --help
};

// `keys` must outlive the config.
// On failure *ret_problem (static or owned by the config, valid until exit) says line and remedy.
MUST_CHECK enum status config_load(const char *path, const struct config_key *keys, size_t key_count,
                                   struct config **ret_config, const char **ret_problem);
void config_free(struct config **config);

// The key must be in the table: anything else is a programmer's error.
const char *config_text(const struct config *config, const char *name);
int64_t config_number(const struct config *config, const char *name); // not a number: fallback's value
