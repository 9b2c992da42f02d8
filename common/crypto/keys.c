// CURVE key pairs as files, with Z85 keys made by libzmq itself.
#include "vekha/crypto/keys.h"

#include <sodium.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <zmq.h>

#include "files.h"
#include "vekha/base/text.h"

enum { CURVE_KEY_BYTES = 32 };

// Names become file names: nothing but letters, digits and hyphens.
static enum status
make_path(const char *folder, const char *middle, const char *name, const char *ending, char out[MAX_KEY_PATH_BYTES])
{
    if (!text_is_code(name))
        return STATUS_INVALID;
    int size = snprintf(out, MAX_KEY_PATH_BYTES, "%s%s%s%s", folder, middle, name, ending);
    return size > 0 && size < MAX_KEY_PATH_BYTES ? STATUS_OK : STATUS_INVALID;
}

// The next line of *text is a Z85 key. False otherwise.
static bool
take_key(char **text, char out[CURVE_KEY_CHARS + 1])
{
    uint8_t bytes[CURVE_KEY_BYTES];
    char *line = strsep(text, "\n");
    if (!line)
        return false;
    line[strcspn(line, "\r")] = '\0';
    bool is_key = strlen(line) == CURVE_KEY_CHARS && zmq_z85_decode(bytes, line);
    if (is_key)
        memcpy(out, line, CURVE_KEY_CHARS + 1);
    sodium_memzero(bytes, sizeof bytes);
    return is_key;
}

enum status
keys_load_pair(const char *folder, const char *name, struct curve_key_pair *ret_pair)
{
    char path[MAX_KEY_PATH_BYTES], text[MAX_KEY_FILE_BYTES], derived[CURVE_KEY_CHARS + 1];
    char *rest = text;
    struct curve_key_pair pair;
    enum status status = make_path(folder, "/", name, ".key", path);
    if (status == STATUS_OK)
        status = key_file_read(path, true, text);
    if (status != STATUS_OK)
        return status;
    bool is_pair = take_key(&rest, pair.public_key) && take_key(&rest, pair.secret_key) &&
                   zmq_curve_public(derived, pair.secret_key) == 0 && strcmp(derived, pair.public_key) == 0;
    if (is_pair)
        *ret_pair = pair;
    sodium_memzero(text, sizeof text);
    sodium_memzero(&pair, sizeof pair);
    return is_pair ? STATUS_OK : STATUS_INVALID;
}

enum status
keys_load_public(const char *folder, const char *name, char out[CURVE_KEY_CHARS + 1])
{
    char path[MAX_KEY_PATH_BYTES], text[MAX_KEY_FILE_BYTES];
    char *rest = text;
    enum status status = make_path(folder, "/public/", name, ".pub", path);
    if (status == STATUS_OK)
        status = key_file_read(path, false, text);
    if (status != STATUS_OK)
        return status;
    return take_key(&rest, out) ? STATUS_OK : STATUS_INVALID;
}

static enum status
make_pair(const char *path, struct curve_key_pair *ret_pair)
{
    struct curve_key_pair pair;
    char text[2 * (CURVE_KEY_CHARS + 1) + 1];
    if (zmq_curve_keypair(pair.public_key, pair.secret_key) != 0)
        return STATUS_INTERNAL;
    (void)snprintf(text, sizeof text, "%s\n%s\n", pair.public_key, pair.secret_key);
    enum status status = key_file_create(path, 0600, text);
    if (status == STATUS_OK)
        *ret_pair = pair;
    sodium_memzero(text, sizeof text);
    sodium_memzero(&pair, sizeof pair);
    return status;
}

enum status
keys_make(const char *folder, const char *name)
{
    char path[MAX_KEY_PATH_BYTES], public_folder[MAX_KEY_PATH_BYTES], public_path[MAX_KEY_PATH_BYTES];
    char text[CURVE_KEY_CHARS + 2], known[CURVE_KEY_CHARS + 1];
    struct curve_key_pair pair;
    enum status status = make_path(folder, "/", name, ".key", path);
    if (status == STATUS_OK)
        status = make_path(folder, "/public/", name, ".pub", public_path);
    if (status != STATUS_OK)
        return status;
    (void)snprintf(public_folder, sizeof public_folder, "%s/public", folder);
    status = key_folder_make(folder);
    if (status == STATUS_OK)
        status = key_folder_make(public_folder);
    if (status == STATUS_OK)
        status = keys_load_pair(folder, name, &pair);
    if (status == STATUS_NOT_FOUND)
        status = make_pair(path, &pair);
    if (status != STATUS_OK)
        return status;
    (void)snprintf(text, sizeof text, "%s\n", pair.public_key);
    status = key_file_create(public_path, 0644, text);
    // A public key that is there already must be the one of this pair: others have pinned it.
    if (status == STATUS_CONFLICT && keys_load_public(folder, name, known) == STATUS_OK &&
        strcmp(known, pair.public_key) == 0)
        status = STATUS_OK;
    sodium_memzero(&pair, sizeof pair);
    return status;
}
