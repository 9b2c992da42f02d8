// Settings files: any text is either refused with a reason or means the same when its values are written anew.
#include "fuzz.h"

#include <sys/mman.h>
#include <unistd.h>

#include "vekha/base/config.h"

static const struct config_key KEYS[] = {
    {"service", NULL, "name"},      {"broker", "tcp://127.0.0.1:1", "endpoint"},
    {"workers", "4", "threads"},    {"folder", "", "path, or none"},
    {"limit_bytes", "-1", "bytes"},
};
enum { KEY_COUNT = sizeof KEYS / sizeof KEYS[0], INPUT_MAX = 4096 };

// A file without a name, written anew for each input.
struct memory_file {
    int descriptor;
    char path[32];
};

static void
store(struct memory_file *file, const void *data, size_t size)
{
    if (file->path[0] == '\0') {
        file->descriptor = memfd_create("settings", MFD_CLOEXEC);
        DEMAND(file->descriptor >= 0);
        (void)snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->descriptor);
    }
    DEMAND(ftruncate(file->descriptor, (off_t)size) == 0);
    DEMAND(pwrite(file->descriptor, data, size, 0) == (ssize_t)size);
}

static void
check_again(struct memory_file *file, const struct config *config)
{
    static char text[INPUT_MAX + KEY_COUNT * 32];
    size_t size = 0;
    for (size_t i = 0; i < KEY_COUNT; i++)
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s=%s\r\n", i % 2 ? "\t" : "", KEYS[i].name,
                                 config_text(config, KEYS[i].name));
    DEMAND(size < sizeof text);
    store(file, text, size);
    struct config *again = NULL;
    const char *problem = NULL;
    DEMAND(config_load(file->path, KEYS, KEY_COUNT, &again, &problem) == STATUS_OK);
    for (size_t i = 0; i < KEY_COUNT; i++) {
        DEMAND(strcmp(config_text(config, KEYS[i].name), config_text(again, KEYS[i].name)) == 0);
        DEMAND(config_number(config, KEYS[i].name) == config_number(again, KEYS[i].name));
    }
    config_free(&again);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static struct memory_file file;
    struct config *config = NULL;
    const char *problem = NULL;
    if (size > INPUT_MAX)
        return 0;
    store(&file, data, size);
    enum status status = config_load(file.path, KEYS, KEY_COUNT, &config, &problem);
    if (status != STATUS_OK) {
        DEMAND(status == STATUS_INVALID && config == NULL && problem != NULL && problem[0] != '\0');
        return 0;
    }
    DEMAND(config_text(config, "service")[0] != '\0');
    // A number's key holds a number.
    DEMAND(strspn(config_text(config, "workers"), "+-0123456789\t\v\f ") == strlen(config_text(config, "workers")));
    check_again(&file, config);
    config_free(&config);
    return 0;
}
