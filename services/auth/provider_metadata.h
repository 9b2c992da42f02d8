// What the provider says of itself (discovery document and keys), kept for a while.
#pragma once

#include "fetch.h"
#include "provider.h"
#include "provider_settings.h"
#include "vekha/base/arena.h"

struct provider_metadata {
    char authorization[FETCH_ADDRESS_MAX], token[FETCH_ADDRESS_MAX], keys[FETCH_ADDRESS_MAX];
    char end_session[FETCH_ADDRESS_MAX]; // "" without
    bool takes_secret_in_form;           // client_secret_post and not client_secret_basic
};

// Both answer from memory while it is fresh. They live as long as the arena.
enum provider_result provider_metadata_get(struct arena *arena, const struct provider_settings *settings,
                                           const struct provider_metadata **ret_metadata);
// anew: the keys kept are not the ones that are needed.
enum provider_result provider_keys_get(struct arena *arena, const struct provider_settings *settings, bool anew,
                                       const char **ret_keys);
void provider_metadata_forget(void);
// Says in the log what went wrong and does not ask again at once; PROVIDER_UNREACHABLE.
enum provider_result provider_note_unreachable(const char *problem);
// The provider has not answered a moment ago.
bool provider_seems_down(void);
