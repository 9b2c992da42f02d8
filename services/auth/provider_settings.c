// Reads and checks the settings oidc_*.
#include "provider_settings.h"

#include <stdio.h>
#include <string.h>

#include "fetch.h"

static bool
read_secret(const char *path, char out[CLIENT_SECRET_BYTES])
{
    FILE *file = *path ? fopen(path, "re") : NULL;
    bool is_read = !*path || (file && fgets(out, CLIENT_SECRET_BYTES, file));
    if (file)
        (void)fclose(file);
    out[strcspn(out, "\r\n")] = '\0';
    return is_read && (!*path || *out);
}

static bool
has_scope(const char *scopes, const char *wanted)
{
    size_t length = strlen(wanted);
    for (const char *at = scopes; (at = strstr(at, wanted)) != NULL; at += length)
        if ((at == scopes || at[-1] == ' ') && (at[length] == '\0' || at[length] == ' '))
            return true;
    return false;
}

// Addresses are put together with a path.
static bool
is_own_address(const char *address, bool may_be_loopback)
{
    size_t size = strlen(address);
    return fetch_address_is_safe(address, may_be_loopback) && address[size - 1] != '/' && !strpbrk(address, "?#");
}

bool
provider_settings_read(const struct config *config, struct provider_settings *ret_settings, const char **ret_problem)
{
    struct provider_settings *settings = ret_settings;
    *settings = (struct provider_settings){
        .issuer = config_text(config, "oidc_issuer"),
        .client_id = config_text(config, "oidc_client_id"),
        .name_russian = config_text(config, "oidc_name_ru"),
        .name_english = config_text(config, "oidc_name_en"),
        .scopes = config_text(config, "oidc_scopes"),
        .own_address = config_text(config, "oidc_own_address"),
        .ca_file = config_text(config, "oidc_ca_file"),
    };
    // Without TLS only between programs of one machine: for tests.
    settings->may_be_loopback = strncmp(settings->issuer, "http://", 7) == 0;
    const char *problem = NULL;
    if (!*settings->issuer)
        return true;
    if (!fetch_address_is_safe(settings->issuer, true) || strpbrk(settings->issuer, "?#"))
        problem = "oidc_issuer is no https address";
    else if (!*settings->client_id)
        problem = "oidc_client_id is missing";
    else if (!*settings->name_russian || !*settings->name_english)
        problem = "oidc_name_ru or oidc_name_en is missing: what the button says";
    else if (!has_scope(settings->scopes, "openid"))
        problem = "oidc_scopes lacks openid";
    else if (!is_own_address(settings->own_address, settings->may_be_loopback))
        problem = "oidc_own_address is no https address of this system without a slash at its end";
    else if (!read_secret(config_text(config, "oidc_client_secret_file"), settings->client_secret))
        problem = "oidc_client_secret_file cannot be read";
    *ret_problem = problem;
    return problem == NULL;
}
