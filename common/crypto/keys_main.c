// vekha-keys FOLDER: makes the keys an installation needs and does not have yet. Running it again changes nothing.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "files.h"
#include "vekha/crypto/keys.h"
#include "vekha/crypto/token.h"

static const char *const names[] = {"broker", "gateway",   "auth",      "submissions", "review",
                                    "files",  "reporting", "deadlines", "operator"};

static bool
exists(const char *folder, const char *file)
{
    char path[MAX_KEY_PATH_BYTES];
    (void)snprintf(path, sizeof path, "%s/%s", folder, file);
    return access(path, F_OK) == 0;
}

static int
complain(const char *folder, const char *file, enum status status)
{
    static const char *const explanations[] = {
        [0] = "it cannot be read or written",
        [1] = "secret keys must not be readable or writable by others: chmod 600",
        [2] = "it is damaged: remove it to have a new one made",
        [3] = "public and secret key do not belong together: remove the wrong one",
    };
    int which = status == STATUS_FORBIDDEN ? 1 : status == STATUS_INVALID ? 2 : status == STATUS_CONFLICT ? 3 : 0;
    (void)fprintf(stderr, "vekha-keys: %s/%s: %s\n", folder, file, explanations[which]);
    return 1;
}

static int
make_pairs(const char *folder)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char secret_file[64], public_file[64];
        (void)snprintf(secret_file, sizeof secret_file, "%s.key", names[i]);
        (void)snprintf(public_file, sizeof public_file, "public/%s.pub", names[i]);
        bool is_complete = exists(folder, secret_file) && exists(folder, public_file);
        enum status status = keys_make(folder, names[i]);
        if (status != STATUS_OK)
            return complain(folder, secret_file, status);
        if (!is_complete)
            (void)printf("made %s/%s and %s/%s\n", folder, secret_file, folder, public_file);
    }
    return 0;
}

static int
make_token_key(const char *folder)
{
    static const char secret_file[] = "token.secret", public_file[] = "public/token.pub";
    char secret_path[MAX_KEY_PATH_BYTES], public_path[MAX_KEY_PATH_BYTES];
    (void)snprintf(secret_path, sizeof secret_path, "%s/%s", folder, secret_file);
    (void)snprintf(public_path, sizeof public_path, "%s/%s", folder, public_file);
    bool is_complete = exists(folder, secret_file) && exists(folder, public_file);
    enum status status = sign_make_key_files(secret_path, public_path);
    if (status != STATUS_OK)
        return complain(folder, secret_file, status);
    if (!is_complete)
        (void)printf("made %s and %s\n", secret_path, public_path);
    return 0;
}

int
main(int argc, char **argv)
{
    if (argc != 2 || *argv[1] == '-' || strlen(argv[1]) > MAX_KEY_PATH_BYTES - 64) {
        (void)fprintf(stderr, "usage: vekha-keys FOLDER\nMakes the CURVE and token keys that are missing there.\n");
        return 2;
    }
    if (crypto_open() != STATUS_OK) {
        (void)fprintf(stderr, "vekha-keys: the system gives no random numbers\n");
        return 1;
    }
    int result = make_pairs(argv[1]);
    return result == 0 ? make_token_key(argv[1]) : result;
}
