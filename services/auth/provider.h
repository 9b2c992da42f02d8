// The provider of accounts outside (OpenID Connect, code flow with PKCE): where to send people, and what it says of
// those that come back. Asks over the network: only for the lane that may wait.
#pragma once

#include <stdbool.h>

#include "vekha/service/service.h"

// Reads the settings oidc_*; INVALID when they do not fit together. Once, before any thread.
MUST_CHECK enum status provider_open(const struct config *config);
void provider_close(void);

bool provider_is_there(void);
// What people call it; "" when there is none.
const char *provider_name(bool english);
const char *provider_issuer(void);

// What goes to the provider and what stays with the browser. Nonce and code verifier are made of the secret.
struct provider_secrets {
    const char *state, *browser_secret;
};

enum provider_result {
    PROVIDER_OK,
    PROVIDER_UNREACHABLE,
    PROVIDER_REFUSED, // the code is spent, too old, or of somebody else's errand
    PROVIDER_WRONG,   // what it answers cannot be trusted or understood
    PROVIDER_STARVED, // no memory
};

// Where the browser goes. for_linking: the person must have come in there a short time ago.
enum provider_result provider_begin(struct call *call, const struct provider_secrets *secrets, bool for_linking,
                                    const char **ret_address);

struct provider_person {
    const char *subject, *shown_name;
    const char *logout_address; // "" when the provider has none
};
enum provider_result provider_finish(struct call *call, const char *code, const struct provider_secrets *secrets,
                                     bool for_linking, struct provider_person *ret_person);
