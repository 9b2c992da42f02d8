// What the configuration says of the provider; shared by provider.c and provider_settings.c only.
#pragma once

#include <stdbool.h>

#include "vekha/base/config.h"

enum { CLIENT_SECRET_BYTES = 512 };

struct provider_settings {
    const char *issuer; // "" without a provider
    const char *client_id, *name_russian, *name_english, *scopes, *own_address, *ca_file;
    char client_secret[CLIENT_SECRET_BYTES]; // "" for a client without
    bool may_be_loopback;
};

// False: *ret_problem says which key is wrong.
bool provider_settings_read(const struct config *config, struct provider_settings *ret_settings,
                            const char **ret_problem);
